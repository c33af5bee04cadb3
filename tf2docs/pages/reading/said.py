"""What the prose of a page says when it is read aloud, and the numbers in it."""

import re

from tf2docs.pages.lines import blank
from tf2docs.pages.reading.number_words import numbers_in
from tf2docs.pages.reading.page import Page, once_per_page

_FACT = re.compile(r"\d[\d,.]{0,40}<!-- fact -->")  # compared by itself
_LIST_NUMBER = re.compile(r"^[ \t>]*\d+[.)](?= )", re.MULTILINE)
_NOT_SAID = re.compile(
    r"https?://[^\s()（），。]+|\b\d+\.\d+\.\d+|\{[^{}\n]*\}|^\[[^\]]*\]:.*$", re.MULTILINE
)


@once_per_page
def said_words(page: Page) -> str:
    """The prose as it is read.

    No code, no formulas, no comments, no addresses, no numbers of lists.
    """
    targets = [(link.target_start, link.end) for link in page.links]
    formulas = [(formula.start, formula.end) for formula in page.formulas]
    rest = [
        found.span()
        for pattern in (_NOT_SAID, _LIST_NUMBER, page.conventions.version, _FACT)
        for found in pattern.finditer(page.prose)
    ]
    return blank(page.prose, [*targets, *formulas, *rest, *page.code, *page.comments])


@once_per_page
def numbers_by_line(page: Page) -> list[tuple[int, float]]:
    """The numbers of a page's prose, in digits or words, each behind its line."""
    return [(page.line_of(each.start), each.value) for each in numbers_in(said_words(page))]
