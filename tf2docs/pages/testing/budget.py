"""Run pages for so long and no longer, and other pages first every day.

First come the pages whose record is newest, since somebody worked on them last, and those of which
nothing is recorded. The others take turns: a day begins where the day before was half through, by
the seconds in their records, so that a machine half as fast leaves none out for ever.
"""

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tf2docs.pages.reading.records import readable_record

_UNITS = {"h": 3600, "m": 60, "s": 1}
_FORM = re.compile("".join(rf"(?:([0-9]{{1,6}}){unit})?" for unit in _UNITS))
_NEVER = datetime.date.max.isoformat()  # newer than any record: nothing says that the page holds
_STRIDE = 0.5  # of what a day runs, how much further the next day begins


@dataclass(frozen=True)
class Turn:
    """What decides when a page's turn comes: the day and the seconds of its record."""

    day: str = _NEVER
    seconds: float = 0.0


def parse_budget(text: str) -> float:
    """Read a time such as `20m`, `90s` or `1h30m`, in seconds.

    Raises:
        ValueError: it is nothing of the kind, or no time at all.

    Examples:
        >>> parse_budget("1h30m")
        5400.0
    """
    found = _FORM.fullmatch(text)
    numbers = [int(number or 0) for number in found.groups()] if found else []
    seconds = sum(number * unit for number, unit in zip(numbers, _UNITS.values(), strict=False))
    if not seconds:
        raise ValueError(
            "--budget takes hours, minutes or seconds above 0, such as 20m, 90s or 1h30m, "
            f"not {text!r}"
        )
    return float(seconds)


def order(turns: dict[str, Turn], budget: float, day: datetime.date) -> list[str]:
    """The names of pages in the order in which their turns come.

    Args:
        turns: What is recorded of each page, by name.
        budget: Seconds that a run may take.
        day: Today.

    Examples:
        >>> pages = {name: Turn("2026-01-01", 60) for name in ("a", "b", "c")}
        >>> pages |= {"new": Turn("2026-01-05", 60)}
        >>> for day in (5, 6, 7):
        ...     order(pages, 180, datetime.date(2026, 1, day))
        ['new', 'b', 'c', 'a']
        ['new', 'c', 'a', 'b']
        ['new', 'a', 'b', 'c']
    """
    newest = max((turn.day for turn in turns.values() if turn.day != _NEVER), default=_NEVER)
    first = sorted(name for name, turn in turns.items() if turn.day >= newest)
    others = sorted(turns.keys() - set(first))
    left = max(0.0, budget - sum(turns[name].seconds for name in first))
    return [
        *_rotate(first, turns, budget * _STRIDE * day.toordinal()),
        *_rotate(others, turns, left * _STRIDE * day.toordinal()),
    ]


def _rotate(names: list[str], turns: dict[str, Turn], seconds: float) -> list[str]:
    """Begin with the page that is reached after so many seconds, round and round."""
    left = seconds % (sum(turns[name].seconds for name in names) or 1.0)
    for place, name in enumerate(names):
        left -= turns[name].seconds
        if left < 0:
            return names[place:] + names[:place]
    return names


def in_turn(items: list[pytest.Item], budget: float, day: datetime.date) -> list[pytest.Item]:
    """The tests of pages by their turns, all in one language before the next; then the others."""
    names: dict[Path, str] = {}
    turns: dict[str, Turn] = {}
    rounds: dict[Path, int] = {}
    for item in items:
        site = getattr(item.parent, "site", None)
        if site and item.path not in names:
            names[item.path] = name = site.name_of(item.path)
            rounds[item.path] = list(names.values()).count(name)
            record = readable_record(site.record(name))
            turns[name] = Turn(record.date, record.seconds) if record else Turn()
    places = {name: place for place, name in enumerate(order(turns, budget, day))}
    keys = {path: (rounds[path], places[name]) for path, name in names.items()}
    last = (len(items), 0)
    return sorted(items, key=lambda item: keys.get(item.path, last))
