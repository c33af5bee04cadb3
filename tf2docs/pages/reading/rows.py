"""Cut prose into the rows of its tables and the items of its lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from tf2docs.pages.reading.page import Page, once_per_page

ITEM = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+")
OLD = re.compile(r"旧|从前|then\b|old\b|before\b", re.IGNORECASE)
"""How the head of a column begins that holds what is gone."""
_RULE = re.compile(r"[\s|:-]+")
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Row:
    """A row of a table: its line, its cells, where each begins in the page's text, and its end."""

    line: int
    cells: tuple[str, ...]
    starts: tuple[int, ...]
    end: int


@once_per_page
def tables(page: Page) -> list[list[Row]]:
    """The tables of a page, each its head and its rows; the line below the head isn't one."""
    found, lines, place = [], [], 0
    for number, text in enumerate(page.prose.split("\n"), 1):
        lines.append((number, place, text))
        place += len(text) + 1
    for is_table, group in groupby(lines, key=lambda line: line[2].lstrip(" \t").startswith("|")):
        if is_table:
            found.append([_row(*line) for line in group if not _RULE.fullmatch(line[2])])
    return found


def _row(number: int, place: int, text: str) -> Row:
    bars = [found.start() for found in _CELL.finditer(text)]
    ends = bars if text.rstrip().endswith("|") else [*bars, len(text)]
    pieces = [(start + 1, text[start + 1 : end]) for start, end in pairwise(ends)]
    cells = tuple(cell.strip() for _, cell in pieces)
    starts = tuple(place + start for start, _ in pieces)
    return Row(number, cells, starts, place + len(text))


def items(page: Page) -> Iterator[tuple[int, int]]:
    """The first line of each item of a list, and the line behind its last.

    The next item, or an empty line.
    """
    lines = page.prose.split("\n")
    starts = [number for number, text in enumerate(lines, 1) if ITEM.match(text)]
    for start, following in pairwise([*starts, len(lines) + 1]):
        end = start + 1
        while end < following and lines[end - 1].strip():
            end += 1
        yield start, end
