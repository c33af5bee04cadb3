"""Write a day as the language of a page writes it."""

from datetime import date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def written_date(day: str, language: str) -> str:
    """A day as readers of a language write it, whatever the machine's locale.

    Args:
        day: The day, as records have it: `YYYY-MM-DD`.
        language: `zh` or `en`.

    Examples:
        >>> written_date("2026-03-01", "zh"), written_date("2026-03-01", "en")
        ('2026 年 3 月 1 日', '1 March 2026')
    """
    found = date.fromisoformat(day)
    if language == "zh":
        return f"{found.year} 年 {found.month} 月 {found.day} 日"
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
