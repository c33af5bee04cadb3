"""Numbers in the prose that are bound to the code that computes them."""

import math
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

# So many marks and no more: a search through a longer run would begin anew at each of its commas.
NUMBER = r"(?<![\w.])[-+−]?\d(?:[\d,.]{0,40}\d)?(?:e[-+]?\d+)?(?:[ \u202f]?%)?"
BOUND = re.compile(rf"(?P<shown>{NUMBER})?<!--=(?P<code>(?:(?!<!--).)*?)-->", re.DOTALL | re.ASCII)
_TOLERANCE = re.compile(r"(?P<name>rtol|atol)=(?P<value>.*)")
_WRITTEN = re.compile(NUMBER, re.ASCII)


@dataclass(frozen=True)
class BoundNumber:
    """A number in the prose that the page's code computes: `98.1%<!--= test_accuracy .1% -->`.

    Attributes:
        shown: The number as the page shows it.
        expression: What computes it, in the page's namespace.
        format: How it is written, as `format` takes it.
        rtol: How far two runs may differ, relative.
        atol: How far they may differ, absolute; the larger of the two counts.
        after: The number of blocks that have run when the expression is evaluated.
        line: The line it stands on.
        start: Where `shown` begins in the page's text.
        end: Where the comment that binds it ends.
    """

    shown: str
    expression: str
    format: str
    rtol: float
    atol: float
    after: int
    line: int
    start: int
    end: int

    def written(self, value: float | str) -> str:
        """The value as the page should show it, with the space before `%` that the page has.

        Raises:
            ValueError: it can't be written so, or no reader would take what is written for a number
                again, as `inf`.
        """
        text = format(value, self.format)
        if not _WRITTEN.fullmatch(text):
            raise ValueError(
                f"{text!r} isn't a number that a page can show; bind one that is, in a format "
                "such as .1%"
            )
        space = re.search(r"[ \u202f](?=%)", self.shown)
        return text.replace("%", f"{space[0]}%") if space else text

    def agrees(self, was: float | str, now: float | str) -> bool:
        """Whether two runs give the same number: as written, or within its tolerance."""
        if isinstance(was, str) or isinstance(now, str):
            return self.written(was) == self.written(now)
        within = max(self.atol, self.rtol * abs(was))
        return self.written(was) == self.written(now) or abs(now - was) <= within


def find_numbers(words: str, blocks: Sequence[int]) -> list[BoundNumber]:
    """Find the bound numbers of a page.

    Args:
        words: The page without what isn't prose, every place as it was.
        blocks: Where its blocks begin.
    """
    return [_read(found, words, blocks) for found in BOUND.finditer(words)]


def _read(found: re.Match[str], words: str, blocks: Sequence[int]) -> BoundNumber:
    """One without an expression isn't complete."""
    code = found["code"].split()
    tolerances = {"rtol": "0", "atol": "0"}
    while code and (tolerance := _TOLERANCE.fullmatch(code[-1])):
        tolerances[tolerance["name"]] = tolerance["value"]
        code.pop()
    complete = (
        len(code) >= 2
        and found["shown"] is not None
        and is_format(code[-1])
        and all(map(is_number, tolerances.values()))
    )
    expression, form = (" ".join(code[:-1]), code[-1]) if complete else ("", "")
    rtol, atol = map(float, tolerances.values() if complete else (0, 0))
    line, after = (
        words.count("\n", 0, found.start("code")) + 1,
        sum(start < found.start() for start in blocks),
    )
    return BoundNumber(
        found["shown"] or "",
        expression,
        form,
        rtol,
        atol,
        after,
        line,
        *found.span(),
    )


def is_format(text: str) -> bool:
    """Whether `format` takes a text for a decimal, a whole number or a word."""
    for example in (1.0, 1, ""):
        with suppress(ValueError):
            format(example, text)
            return True
    return False


def is_number(text: str) -> bool:
    """Whether a text is a number that can be a tolerance."""
    try:
        return 0 <= float(text) < math.inf
    except ValueError:
        return False
