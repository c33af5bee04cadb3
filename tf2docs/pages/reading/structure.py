r"""Find what each line of a page belongs to: lists, boxes and quotes, or indented code.

Markdown reads what stands in a list or a box four columns in, and takes four columns too many for
code:

    - an item          a list
        words          … goes on, four columns in
            code       … and holds code, four more in

A line is read at a time, and never twice, so that time grows with the length of a page.
"""

import re
from dataclasses import dataclass

_TAB = 4
_ITEM = re.compile(r"(?:[*+-]|\d+\.) +")
_BOX = re.compile(
    r'!!! ?[\w-]+(?: +[\w-]+)*(?: +".*")? *'
    r'|\?\?\?\+? ?(?:[\w-]+(?: +[\w-]+)*)?(?: *".*")? *'
    r'|===[+!]* +".*" *'
)
_FOOTNOTE = re.compile(r"\[\^[^\]]*\]:")
_DEFINITION = re.compile(r": {1,3}(?=\S)")
_HEADING = re.compile(r"#{1,6}")
_TAG = re.compile(  # of the elements that are blocks
    r"</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption"
    r"|figure|footer|form|h[1-6]"
    r"|header|hr|iframe|li|main|nav|noscript|ol|p|pre|script|section|style|summary|table|tbody"
    r"|td|tfoot|th|thead|tr|ul"
    r"|video)\b|<!--",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """What a line is.

    Attributes:
        kind: `blank`, `code`, `heading`, `rule` or `text`.
        column: Where its words begin, behind the marks of lists and quotes; tabs count up to four.
        fresh: Whether it begins something, and doesn't go on with the line above.
    """

    kind: str
    column: int
    fresh: bool


class Structure:
    """Reads lines from the top of a page on, and remembers what is open."""

    def __init__(self) -> None:
        # "list", "box", "note", "quote" and "unsure", from the outside in
        self._open: list[str] = []
        self._kind = "blank"
        self._starts = True  # whether the next line begins a block
        self._table = self._code = False
        self._cut = False  # whether the last line ended a list, box or quote without an empty line

    @property
    def in_code(self) -> bool:
        """Whether there is indented code among the last lines, no empty one between."""
        return self._code

    @property
    def unsure(self) -> bool:
        """Whether the last line stands in what Markdown may take for indented code.

        Such as a box begun behind `- `.
        """
        return "unsure" in self._open

    def read(self, line: str) -> Line:
        """What the next line is. It has no line feed, and no tabs."""
        column, kept = self._enter(line)
        if not line[column:].strip(" >"):
            self._kind, self._starts, self._table, self._code = "blank", True, False, False
            return Line("blank", len(line), True)
        closed = self._open[kept:]
        lazy = closed and "box" not in closed and not self._starts and self._kind == "text"
        if lazy and not _begins(line[column:]):
            # a line that isn't indented goes on all the same
            return self._words(line, column, fresh=self._table)
        del self._open[kept:]
        self._cut = bool(closed) and self._kind != "blank"
        fresh = self._starts or bool(closed) or self._kind != "text"
        in_list = "list" in closed or self._open[-1:] == ["list"]
        return self._read_words(line, column, fresh, in_list)

    def _enter(self, line: str) -> tuple[int, int]:
        """How far a line stands in what is open: the column behind that, and how many it is in."""
        column = 0
        for depth, container in enumerate(self._open):
            indent = _indent(line, column)
            quoted = line[column + indent :].startswith(">")
            if container in ("quote", "unsure") and indent < _TAB and quoted:
                column = _behind_quote(line, column + indent)
            elif container != "quote" and indent >= _TAB:
                column += _TAB
            else:
                return column, depth
        return column, len(self._open)

    def _read_words(self, line: str, column: int, fresh: bool, in_list: bool) -> Line:
        """What a line is behind all that was open before; it may open more."""
        starts, opened = self._starts, False  # `opened`: a list, on this line
        while (indent := _indent(line, column)) < _TAB:
            words = line[column + indent :]
            item = None if _is_rule(words) else _ITEM.match(words)
            if words.startswith(">"):
                self._open.append("unsure" if opened else "quote")
                column = _behind_quote(line, column + indent)
                opened = False
            elif item and (starts or in_list):
                self._open.append("list")
                column += indent + item.end()
                opened = True
            else:
                return self._end_of_marks(line, column, indent, fresh, opened)
            starts = fresh = True
        if starts and "unsure" not in self._open and not self._cut:
            self._kind, self._starts, self._code = "code", True, True
            return Line("code", column, fresh)
        return self._words(line, column, fresh=self._table)

    def _end_of_marks(
        self, line: str, column: int, indent: int, fresh: bool, in_item: bool
    ) -> Line:
        words = line[column + indent :]
        if indent == 0 and not self._table and _HEADING.match(words):
            self._kind, self._starts = "heading", True
            return Line("heading", column, fresh=True)
        if _is_rule(words):
            fresh, self._kind, self._starts = fresh or self._kind != "text", "rule", True
            return Line("rule", column + indent, fresh)
        if indent == 0 and _BOX.fullmatch(words):
            unsure = in_item or (self._open[-1:] == ["list"] and not self._starts)
            self._open.append("unsure" if unsure else "box")
            self._kind, self._starts = "title", True
            return Line("text", column, fresh=True)
        if found := _FOOTNOTE.match(words) or _DEFINITION.match(words):
            self._open.append("unsure" if self._open or self._cut else "note")
            indent, fresh = indent + found.end(), True
        elif set(words) <= set(" :|-") and "|" in words and not fresh:
            self._table = True  # the line below its head
        return self._words(
            line, column + indent, fresh=fresh or self._table or bool(_TAG.match(words))
        )

    def _words(self, line: str, column: int, *, fresh: bool) -> Line:
        self._kind, self._starts = "text", False
        return Line("text", column + _indent(line, column), fresh)


def expanded(line: str) -> str:
    """A line with spaces in the place of its tabs, as Markdown begins."""
    return line.expandtabs(_TAB) if "\t" in line else line


def offset_of(line: str, column: int) -> int:
    """Where a column of an expanded line is in the line as it was written."""
    width = 0
    for place, character in enumerate(line):
        if width >= column:
            return place
        width += _TAB - width % _TAB if character == "\t" else 1
    return len(line)


def _indent(line: str, column: int) -> int:
    end = column
    while end < len(line) and line[end] == " ":
        end += 1
    return end - column


def _behind_quote(line: str, place: int) -> int:
    return place + 2 if line[place + 1 : place + 2] == " " else place + 1


def _is_rule(words: str) -> bool:
    marks = words.replace(" ", "")
    return len(marks) >= 3 and marks[0] in "-_*" and set(marks) == {marks[0]}


def _begins(words: str) -> bool:
    """Whether words begin something that no paragraph goes on with."""
    bare = words.lstrip(" ")
    return bool(
        bare.startswith(">")
        or _is_rule(bare)
        or any(each.match(bare) for each in (_ITEM, _HEADING, _FOOTNOTE, _DEFINITION, _TAG))
        or _BOX.fullmatch(bare)
    )
