"""Find the fenced blocks of a page, with their options: one reader for the site and for the tests.

What it accepts, SuperFences shows alike on the site, and so does a plain Markdown viewer; what any
of them would read otherwise is refused. One form of options is accepted, in braces after the
language, which all of them understand:

    ```python {data-raises="AttributeError"}
"""

import re
from dataclasses import dataclass, field

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.reading.conventions import OURS, Conventions
from tf2docs.pages.reading.fence_options import read_info
from tf2docs.pages.reading.structure import Structure, expanded, offset_of

_TICKS = re.compile(r"`{3,}|~{3,}")
_RUN = re.compile(r"`+")
_IN_CODE = (
    "the site would take this fence for indented code and show its back-ticks; leave an empty "
    "line above, and indent it by four spaces for each list or box that it stands in"
)


@dataclass(frozen=True)
class Fence:
    """A fenced block: what it is, what it holds, and where.

    Attributes:
        language: The word behind the opening fence, such as `python`; may be empty.
        options: The options in braces. Flags have an empty value (`.gpu`), the id is under `#`.
        text: What stands between the fences, without the fence's own indentation, tabs as the
            spaces that they show.
        line: The line of the opening fence, counted from 1.
        start: Where the fence begins in the page's text, its indentation included.
        end: Where it ends, behind the closing fence.
        body: Where the text between the fences begins and ends.
        indent: What stands before the fence on its line.
    """

    language: str
    options: dict[str, str]
    text: str
    line: int
    start: int
    end: int
    body: tuple[int, int]
    indent: str


def find_fences(text: str, page: str, conventions: Conventions = OURS) -> list[Fence]:
    """Find the fences of a page in order; one inside a longer fence is that one's text.

    Args:
        text: The page.
        page: What the page is called in an error.
        conventions: Which other languages and options the site's fences may have.

    Raises:
        PageError: a fence is never closed, would be read in two ways, or has options that are
            unknown or not in braces.
    """
    reader = _Reader(conventions)
    place = 0
    for line in text.split("\n"):
        reader.read(line, place)
        place += len(line) + 1
    if reader.opened:
        reader.complain(
            reader.opened.line, "this fence is never closed; add ``` on a line of its own"
        )
    if reader.problems:
        raise PageError(Problem(page, line, message) for line, message in reader.problems)
    return reader.fences


@dataclass
class _Opened:
    """A fence whose end hasn't come yet. `indent` has no tabs, `written` has them as they are."""

    line: int
    start: int
    body: int
    indent: str
    written: str
    ticks: str
    language: str
    options: dict[str, str]
    lines: list[str] = field(default_factory=list)


class _Reader:
    """Reads a page line by line."""

    def __init__(self, conventions: Conventions) -> None:
        self._conventions = conventions
        self.fences: list[Fence] = []
        self.problems: list[tuple[int, str]] = []
        self.opened: _Opened | None = None
        self._structure = Structure()
        self._line = 0

    def complain(self, line: int, message: str) -> None:
        self.problems.append((line, message))

    def read(self, line: str, place: int) -> None:
        """Read the line that begins at a place in the page."""
        self._line += 1
        shown = expanded(line)
        if self.opened:
            self._read_inside(self.opened, line, shown, place)
            return
        found = _TICKS.search(shown)
        if found and _opens(shown, found):
            self._open(line, shown, found, place)
        else:
            self._structure.read(shown)

    def _open(self, line: str, shown: str, found: re.Match[str], place: int) -> None:
        indent, info = shown[: found.start()], shown[found.end() :]
        language, options, mistakes = read_info(info, self._conventions)
        if "`" in info and found[0][0] == "`":
            mistakes = [
                "a back-tick behind the back-ticks that open a fence; write it without, or "
                "open it with ~~~"
            ]
        if indent.strip(" >"):
            mistakes.append("a fence begins on a line of its own, indented, below the list item")
            indent = " " * len(indent)
        elif self._stands_in_code(shown):
            mistakes.append(_IN_CODE)
        for mistake in mistakes:
            self.complain(self._line, mistake)
        written = line[: offset_of(line, len(indent))]
        self.opened = _Opened(
            self._line, place, place + len(line) + 1, indent, written, found[0], language, options
        )

    def _stands_in_code(self, line: str) -> bool:
        below_code = self._structure.in_code
        self._structure.read(line)
        return below_code or self._structure.in_code or self._structure.unsure

    def _read_inside(self, fence: _Opened, line: str, shown: str, place: int) -> None:
        """A line of the fence's text, or its end."""
        inside = shown.startswith(fence.indent)
        text = shown[len(fence.indent) :] if inside else shown.lstrip(" >")
        quoted = ">" in fence.indent
        if (not shown.strip(" ") and not quoted) or shown.rstrip(" ") == fence.indent.rstrip(" "):
            fence.lines.append("")
        elif text.rstrip(" ") == fence.ticks and inside:
            self._close(fence, line, place)
        elif _looks_like_the_end(text, fence.ticks):
            same = f"write {fence.ticks} alone, indented like the line that opens the fence"
            self.complain(
                self._line, f"some readers take this for the fence's end, and others don't; {same}"
            )
            self._close(fence, line, place)
        else:
            if not inside:
                how = (
                    "quoted like its fence; begin it with > too"
                    if quoted
                    else "indented less than its fence; indent it alike"
                )
                self.complain(
                    self._line, f"this line isn't {how}" if quoted else f"this line is {how}"
                )
            if re.match(
                rf"{re.escape(fence.ticks)}{re.escape(fence.ticks[0])}*\w", text.lstrip(" ")
            ):
                longer = fence.ticks + fence.ticks[0]
                mend = f"close it, or open it with {longer}"
                self.complain(
                    self._line, f"a fence begins here, but the one above isn't closed; {mend}"
                )
            fence.lines.append(text)

    def _close(self, fence: _Opened, line: str, place: int) -> None:
        text = "".join(f"{each}\n" for each in fence.lines)
        end, body = place + len(line), (fence.body, place)
        self.fences.append(
            Fence(
                fence.language,
                fence.options,
                text,
                fence.line,
                fence.start,
                end,
                body,
                fence.written,
            )
        )
        self.opened = None


def _opens(line: str, ticks: re.Match[str]) -> bool:
    """Whether ticks begin a fence.

    No words stand before them, and no more ticks of inline code behind.
    """
    before, behind = line[: ticks.start()], line[ticks.end() :]
    number = re.fullmatch(r"[ >]*\d+[.)] +", before)
    if not number and re.search(r"[\w`~]", before):
        return False
    if ticks[0][0] == "~":
        return not behind.startswith("`") and "~~~" not in behind
    closed = any(run[0] == ticks[0] for run in _RUN.finditer(behind))
    return not closed or (not before.strip(" >") and behind.rstrip(" ").endswith("}"))


def _looks_like_the_end(text: str, ticks: str) -> bool:
    """Whether a line holds ticks alone, as many as those that opened the fence or more."""
    bare = text.strip(" ")
    return (
        len(text) - len(text.lstrip(" ")) < 4
        and len(bare) >= len(ticks)
        and set(bare) == {ticks[0]}
    )
