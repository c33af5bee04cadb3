"""Find the links in a piece of prose, such as a paragraph, as Python-Markdown finds them.

Brackets and parentheses are paired once, from left to right, so that time grows with the length of
the piece, however many of them are never closed. What hides brackets, such as inline code, is
masked by then.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MASK = "\x02"  # in the place of what is no prose: Markdown lets it through nowhere
_OPENING = re.compile(r"\[")
_NAME_BEHIND = re.compile(r"\s?\[([^\]]*)\]")
_ANGLE = re.compile(r"""\(\s*<([^<>]*)>\s*(?:(?:'[^']*'|"[^"]*")\s*)?\)""")
_END_OF_TITLE = {quote: re.compile(rf"{quote} *\)") for quote in "'\""}


@dataclass(frozen=True)
class Found:
    """A link or, with `picture`, an image, by places in its piece.

    Attributes:
        start: Where it begins.
        text: Where its text begins and ends.
        end: Where it ends.
        target: Where it leads; for one that is `missing`, the name by which no target is known.
        picture: Whether it shows what it leads to.
        missing: Whether it is a `[text][name]` of a name that is defined nowhere.
    """

    start: int
    text: tuple[int, int]
    end: int
    target: str
    picture: bool = False
    missing: bool = False


def find_links(piece: str, references: Mapping[str, str]) -> Iterator[Found]:
    """Find the links of a piece, in order.

    Args:
        piece: The text, what is no prose masked.
        references: The targets that the page defines, by their names in small letters; those of
            footnotes begin with `^`.
    """
    pairs = _Pairs(piece)
    target = (0, 0)  # where that of the link found last begins and ends
    for opening in _OPENING.finditer(piece):
        place = opening.start()
        closing = pairs.closing.get(place)
        if closing is None or target[0] <= place < target[1]:
            continue
        if found := _read(piece, place, closing, references, pairs):
            yield found
            if not found.missing and found.end > target[1]:
                target = (found.text[1], found.end)


def _read(
    piece: str, place: int, closing: int, references: Mapping[str, str], pairs: "_Pairs"
) -> Found | None:
    """What begins with the bracket at a place: a footnote, a reference, a link, or nothing."""
    picture = piece[place - 1 : place] == "!"
    start, text = (place - 1 if picture else place), (place + 1, closing)
    words = piece[slice(*text)]
    note = words.startswith("^") and not picture
    if note and words in references:
        return Found(start, text, closing + 1, references[words])
    named = _NAME_BEHIND.match(piece, closing + 1)
    name = (named[1] or words) if named else ""
    if _name(name) in references and named:
        return Found(start, text, named.end(), references[_name(name)], picture)
    if target := _read_target(piece, closing + 1, pairs):
        return Found(start, text, target[1], target[0], picture)
    if _name(words) in references:
        return Found(start, text, closing + 1, references[_name(words)], picture)
    if note and " " not in words:
        return Found(start, text, closing + 1, words, missing=True)
    if (
        named
        and name.strip()
        and named[0].startswith("[")
        and piece[named.end() : named.end() + 1] not in ("(", "[", ":")
    ):
        return Found(start, text, named.end(), name, picture, missing=True)
    return None


def _name(text: str) -> str:
    return " ".join(text.lower().split())


def _read_target(piece: str, place: int, pairs: "_Pairs") -> tuple[str, int] | None:
    """The target in the parentheses that open at a place, and where they end.

    A title isn't part of it.
    """
    if not piece.startswith("(", place):
        return None
    if found := _ANGLE.match(piece, place):
        return found[1].strip(), found.end()
    closing, title = pairs.closing.get(place), pairs.title_behind(place)
    if title and (closing is None or title[0] < closing):
        end = title[1] if closing is None else min(title[1], closing + 1)
        return piece[place + 1 : title[0]].strip(), max(end, title[0])
    return None if closing is None else (piece[place + 1 : closing].strip(), closing + 1)


class _Pairs:
    """Which bracket or parenthesis closes which, and where titles may end."""

    def __init__(self, piece: str) -> None:
        self.closing: dict[int, int] = {}
        for opens, closes in ("[]", "()"):
            stack: list[int] = []
            for found in re.finditer(rf"[{re.escape(opens + closes)}]", piece):
                if found[0] == opens:
                    stack.append(found.start())
                elif stack:
                    self.closing[stack.pop()] = found.start()
        self._quotes = [found.start() for found in re.finditer("['\"]", piece)]
        self._piece = piece
        self._ends = {
            quote: [each.span() for each in end.finditer(piece)]
            for quote, end in _END_OF_TITLE.items()
        }

    def title_behind(self, place: int) -> tuple[int, int] | None:
        """Where the first quotation mark behind a place is.

        And the end of the title that it may begin.
        """
        number = bisect_right(self._quotes, place)
        if number == len(self._quotes):
            return None
        start = self._quotes[number]
        ends = self._ends[self._piece[start]]
        later = bisect_right(ends, (start, len(self._piece)))
        return (start, ends[later][1]) if later < len(ends) else None
