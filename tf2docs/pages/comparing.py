"""Compare what a page shows with what its code printed.

Texts are compared token by token: words, numbers, marks and line ends. White space within a line
doesn't count, nor do line ends within brackets, since NumPy pads and wraps an array by its widest
number. `...` stands for anything within its line; alone on a line, for any lines.

How numbers are compared is up to a `Closeness`: [`exact`][tf2docs.pages.comparing.exact] between a
page and its record, [`within`][tf2docs.pages.comparing.within] a tolerance between a record and a
new run, [`masked`][tf2docs.pages.comparing.masked] where the run had other data.
"""

import difflib
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tf2docs.pages.lines import split_lines

DEFAULT_RTOL = 1e-4
_EXPLAINED = 20  # lines of either text in a report

_TOKEN = re.compile(
    r"""(?P<gap>\.\.\.)
    |(?P<version>(?<![\w.])\d+(?:\.\d+){2,}(?![\w.]))
    |(?P<number>(?<![\w.])[-+]?(?:\d+\.\d+|\d+\.(?!\.)|\.\d+|\d+)(?:[eE][-+]?\d+)?(?!\w|\.\d))
    |(?P<word>\w+)
    |(?P<newline>\n)
    |(?P<mark>(?u:\S))""",  # a form feed, say, is white space, not a mark, and no line's end either
    re.VERBOSE | re.ASCII,
)

_LINE_ENDS = re.compile(r"[ \t]*(?:\n|\Z)")
_GAPS = ("gap", "lines")

Closeness = Callable[["Token", "Token"], bool]
"""Whether a number or version that is shown agrees with the one that came."""

_ROUNDING = 1e-15


@dataclass(frozen=True)
class Token:
    """A piece of output.

    Its kind, its text, where it begins, and how many brackets are open there.
    """

    kind: str
    text: str
    start: int
    depth: int


def exact(shown: Token, came: Token) -> bool:
    """Whole numbers agree; decimals agree when rounded to the digits shown."""
    return _agree(shown, came, atol=0.5 * _unit(shown.text) * (1 + 1e-9))


def within(rtol: float = DEFAULT_RTOL, atol: float = 0.0) -> Closeness:
    """Make a closeness for two runs.

    Whole numbers must agree; decimals may differ by one in the last digit shown, or by a tolerance
    if that is more. What rounding leaves of a zero, such as the mean of a symmetric curve, is zero:
    it differs between machines.

    Args:
        rtol: Relative tolerance, as a fraction of the number shown.
        atol: Absolute tolerance.
    """

    def close(shown: Token, came: Token) -> bool:
        if shown.kind == "version":  # a patch release is no other version
            return shown.text.split(".")[:2] == came.text.split(".")[:2]
        last_digit = _unit(shown.text) * (1 + 1e-9)
        return _agree(shown, came, max(atol, rtol * abs(float(shown.text)), last_digit, _ROUNDING))

    return close


def masked(shown: Token, came: Token) -> bool:
    """Any number agrees with any other: only words, marks and their order count."""
    return True


def agrees(shown: str, came: str, close: Closeness, *, gaps: bool = True) -> bool:
    r"""Whether an output that a page shows agrees with the text that came.

    Args:
        shown: What should have come.
        came: What came.
        close: How numbers are compared.
        gaps: Whether three dots in `shown` stand for anything; they do on a page, not in a record.

    Examples:
        >>> agrees("loss 0.13", "loss 0.13177", exact)
        True
        >>> agrees("epoch 1: ...\n...\nlast 0.04", "epoch 1: 0.1\nepoch 2: 0.8\nlast 0.0422", exact)
        True
        >>> agrees("loss 0.13", "loss 0.15", exact)
        False
        >>> agrees("loss 0.13", "loss 2.15", masked), agrees("loss 0.13", "lost 0.13", masked)
        (True, False)
    """
    return _align(_tokens(shown, gaps=gaps), _tokens(came), close) is not None


def explain(shown: str, came: str, close: Closeness) -> str:
    """Show line by line where two texts part: `-` is what the page shows, `+` what came."""
    ours, theirs = split_lines(shown.rstrip()), split_lines(came.rstrip())
    if any(line.strip() == "..." for line in ours):
        return "\n".join(_explain_cut(ours, theirs, close))
    head = sum(
        1
        for _ in itertools.takewhile(
            lambda pair: agrees(*pair, close), zip(ours, theirs, strict=False)
        )
    )
    ours, theirs = ours[head:], theirs[head:]
    pairs = zip(reversed(ours), reversed(theirs), strict=False)
    tail = sum(1 for _ in itertools.takewhile(lambda pair: agrees(*pair, close), pairs))
    ours, theirs = ours[: len(ours) - tail][:_EXPLAINED], theirs[: len(theirs) - tail][:_EXPLAINED]
    alike = [next((line for line in ours if agrees(line, other, close)), other) for other in theirs]
    lines = list(difflib.unified_diff(ours, alike, lineterm="", n=0))[2:]
    return "\n".join(line for line in lines if not line.startswith("@@"))


def _explain_cut(ours: list[str], theirs: list[str], close: Closeness) -> Iterator[str]:
    """The lines shown that didn't come, and those that came in their stead.

    The rest may be behind a cut.
    """
    ours = [line for line in ours if line.strip() != "..."]
    missing = [line for line in ours if not any(agrees(line, other, close) for other in theirs)]
    extra = [line for line in theirs if not any(agrees(other, line, close) for other in ours)]
    instead = [line for line in extra if any(agrees(other, line, masked) for other in missing)]
    yield from (f"-{line}" for line in missing[:_EXPLAINED])
    yield from (f"+{line}" for line in (instead or extra)[:_EXPLAINED])


def hides_parts_of_lines(shown: str) -> bool:
    r"""Whether three dots stand within a line, for something that differs from run to run.

    Examples:
        >>> hides_parts_of_lines("<object at ...>"), hides_parts_of_lines("1\n...\n9")
        (True, False)
    """
    return any(token.kind == "gap" for token in _tokens(shown, gaps=True))


def fill(shown: str, came: str) -> str | None:
    r"""Put the numbers that came into a text with gaps, which keeps its cuts.

    Returns:
        The text that a page should show, or None where more than numbers changed.

    Examples:
        >>> fill("epoch 1: 0.13\n...\nepoch 3: 0.04", "epoch 1: 0.25\nepoch 2: 0.20\nepoch 3: 0.19")
        'epoch 1: 0.25\n...\nepoch 3: 0.19'
    """
    pairs = _align(_tokens(shown, gaps=True), _tokens(came), masked)
    if pairs is None:
        return None
    for old, new in reversed(pairs):
        if old.kind in ("number", "version"):
            shown = shown[: old.start] + new.text + shown[old.start + len(old.text) :]
    return shown


def _tokens(text: str, *, gaps: bool = False) -> list[Token]:
    """Cut a text; without `gaps`, three dots are three dots."""
    offset = len(text) - len(text.lstrip())
    return list(_cut(text.strip(), offset, gaps))


def _cut(text: str, offset: int, gaps: bool) -> Iterator[Token]:
    depth, newline, last = 0, True, ""
    brackets = (gaps and "..." in text) or _balanced(text)
    for found in _TOKEN.finditer(text):
        kind, value = str(found.lastgroup), found[0]
        if kind == "newline":
            if depth == 0 and not newline:
                yield Token("newline", value, found.start() + offset, 0)
            newline = True
            continue
        if kind == "gap":
            alone = newline and _LINE_ENDS.match(text, found.end()) is not None
            kind = ("lines" if alone else "gap") if gaps else "mark"
        if kind == "mark" and brackets:
            depth = max(0, depth + (value in "([{") - (value in ")]}"))
        newline = kind == "lines"  # a gap of whole lines takes the line end behind it along
        if kind not in _GAPS or kind != last:  # one gap right behind another says nothing more
            yield Token(kind, value, found.start() + offset, depth)
        last = kind


def _balanced(text: str) -> bool:
    """Whether as many brackets open as close; a lone one is no bracket but a face, say."""
    return sum(text.count(bracket) for bracket in "([{") == sum(
        text.count(bracket) for bracket in ")]}"
    )


def _align(
    shown: list[Token], came: list[Token], close: Closeness
) -> list[tuple[Token, Token]] | None:
    """Pair the tokens of both texts, or None where they don't agree.

    Walks through what came once and keeps every place in `shown` where it may stand by now, so that
    gaps need no search back. Each place holds the pairs that led there, newest first.
    """
    places = _pass_gaps({0: None}, shown, whole_line=True)
    for token in came:
        following: dict[int, tuple[Any, ...] | None] = {}
        for place, pairs in places.items():
            if place < len(shown) and _takes(shown[place], token, close):
                gap = shown[place].kind in _GAPS
                following.setdefault(
                    place if gap else place + 1, pairs if gap else ((shown[place], token), pairs)
                )
            if token.kind == "newline" and place and shown[place - 1].depth > 0:
                following.setdefault(place, pairs)
        places = _pass_gaps(following, shown, whole_line=token.kind == "newline" or token.depth > 0)
    ends = [
        place
        for place in places
        if all(token.kind in ("newline", *_GAPS) for token in shown[place:])
    ]
    return _unlink(places[max(ends)]) if ends else None


def _pass_gaps(
    places: dict[int, tuple[Any, ...] | None], shown: list[Token], *, whole_line: bool
) -> dict[int, tuple[Any, ...] | None]:
    """Add the places behind each gap, which may stand for nothing.

    One for lines ends where a line does.
    """
    reached = dict(places)
    for place, pairs in places.items():
        while place < len(shown) and (
            shown[place].kind == "gap" or (shown[place].kind == "lines" and whole_line)
        ):
            place += 1
            reached.setdefault(place, pairs)
    return reached


def _takes(shown: Token, came: Token, close: Closeness) -> bool:
    if shown.kind == "lines":
        return True
    if shown.kind == "gap":
        return came.kind != "newline"
    if shown.kind != came.kind:
        return False
    return close(shown, came) if shown.kind in ("number", "version") else shown.text == came.text


def _unlink(pairs: tuple[Any, ...] | None) -> list[tuple[Token, Token]]:
    found = []
    while pairs:
        pair, pairs = pairs
        found.append(pair)
    return found[::-1]


def _agree(shown: Token, came: Token, atol: float) -> bool:
    if shown.kind == "version":
        return shown.text == came.text
    if not re.search(r"[.eE]", shown.text):
        return int(shown.text) == int(came.text) if re.fullmatch(r"[-+]?\d+", came.text) else False
    return abs(float(shown.text) - float(came.text)) <= atol


def _unit(number: str) -> float:
    """How much one in the last digit shown is worth: 0.01 for `0.98`.

    Nothing for NumPy's `1.`, which is cut.
    """
    mantissa, _, exponent = number.lower().partition("e")
    if mantissa.endswith("."):
        return 0.0
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
