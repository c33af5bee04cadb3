"""What a line is: what stands between two line feeds.

Editors, Python and Markdown count lines so. `str.splitlines` cuts in eight other places as well,
such as a form feed or U+2028: a text that holds one would come back as another text, and the lines
behind it under other numbers.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

_WITHIN_LINES = re.compile(r"[^\n]+")


def split_lines(text: str) -> list[str]:
    r"""The lines of a text; a line feed at its end begins no further one.

    Examples:
        >>> split_lines("one\ntwo\x0c2\n"), split_lines("")
        (['one', 'two\x0c2'], [])
    """
    return text.removesuffix("\n").split("\n") if text else []


def line_starts(text: str) -> list[int]:
    r"""Where each line of a text begins.

    Examples:
        >>> line_starts("a\nbc\n")
        [0, 2, 5]
    """
    return [0, *(found.end() for found in re.finditer("\n", text))]


def line_at(starts: list[int], place: int) -> int:
    """The line, counted from 1, of a place in the text whose lines begin at `starts`."""
    return bisect_right(starts, place)


def outside(
    spans: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Those of some spans that don't begin in any of the others.

    Each begin in order, and the others don't overlap.
    """
    around = list(others)
    number = 0
    for start, end in spans:
        while number < len(around) and around[number][1] <= start:
            number += 1
        if number == len(around) or start < around[number][0]:
            yield start, end


def blank(text: str, spans: Iterable[tuple[int, int]], filler: str = " ") -> str:
    """The text with spaces, or another filler, in place of some spans; lines stay lines."""
    pieces, done = [], 0
    for start, end in sorted(spans):
        if end > done:
            start = max(start, done)
            hidden = _WITHIN_LINES.sub(lambda found: filler * len(found[0]), text[start:end])
            pieces += [text[done:start], hidden]
            done = end
    return "".join([*pieces, text[done:]])
