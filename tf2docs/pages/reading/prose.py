"""Read prose as Markdown shows it.

Its headings, inline code, formulas, links, and the anchors that it gives.

A page is cut into pieces first, a paragraph, a heading, a list item or a row of a table each:
nothing inline goes on from one into the next. Every piece is read from left to right a few times,
so that time grows with a page's length.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from tf2docs.pages.lines import blank, line_at, line_starts
from tf2docs.pages.reading.conventions import markdown_slug
from tf2docs.pages.reading.links import MASK, Found, find_links
from tf2docs.pages.reading.structure import Line, Structure, expanded, offset_of

_TICKS = re.compile(r"`+")
_ESCAPE = re.compile(r"\\[\\`*_{}\[\]()>#+\-.!$~]")
_ALONE = re.compile(r"\$\$((?:\\.|[^\\])+?)\$\$ *", re.DOTALL)
# or an escape, to be passed over
_FORMULA = re.compile(rf"\\.|\$(?!\s)((?:\\.|[^\\${MASK}])+?)(?<!\s)\$", re.DOTALL)
_COMMENT = re.compile(r"^ {0,3}<!--", re.MULTILINE)
_DEFINITION = re.compile(
    r"^ *\[(?P<name>[^\[\]^][^\[\]]*)\]: *(?:\n *)?(?P<target>\S+) *(?:\n *)?"
    r"(?:(?P<quote>[\"']).*(?P=quote) *|\(.*\) *)?$",
    re.MULTILINE,
)
_TAG = re.compile(r"""<[A-Za-z][A-Za-z0-9-]*(?=[\s/>])((?:"[^"]*+"|'[^']*+'|[^"'<>])*+)>""")
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'])([A-Za-z][\w:.-]*)\s*=\s*("[^"]*+"|'[^']*+'|[^\s"'<>=`]+)"""
)
_BRACES = re.compile(r"\{:?[^{}\n]*\}")
_ID = re.compile(r"(?<![\w\"'])#([^\s{}#\"']+)")
_ENGLISH_ID = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_FOOTNOTE = re.compile(r"^[ >]*\[\^([^\]]*)\]:", re.MULTILINE)
_DOCSTRINGS = re.compile(r"^::: (\S+)", re.MULTILINE)
OPTIONAL = ".optional"  # behind the id of a heading: the lesson can be read without that section


@dataclass(frozen=True)
class Heading:
    """A heading.

    Its level, its words, its anchor, its line, and all that stands in the braces behind it.
    """

    level: int
    text: str
    anchor: str
    line: int
    attributes: str = ""

    @property
    def optional(self) -> bool:
        """Whether the heading itself says that its section may be passed over."""
        return OPTIONAL in self.attributes.split()


@dataclass(frozen=True)
class Formula:
    """A formula.

    Its LaTeX, its line, where it stands, dollar signs included, and whether in a paragraph of its
    own.
    """

    latex: str
    line: int
    start: int
    end: int
    alone: bool = False


@dataclass(frozen=True)
class Link:
    """A link or, with `picture`, an image.

    Attributes:
        text: Its text, or the image's alternative text.
        target: Where it leads.
        picture: Whether it is an image.
        line: Its line.
        start: Where it begins in the text.
        end: Where it ends.
        kind: `link`, `html` for a tag of HTML, or `missing` for a reference to what is defined
            nowhere.
    """

    text: str
    target: str
    picture: bool
    line: int
    start: int
    end: int
    kind: str = "link"

    @property
    def target_start(self) -> int:
        """Where the text ends, and what says where the link leads begins."""
        return self.start if self.kind == "html" else self.start + 1 + self.picture + len(self.text)


class Prose:
    """A text without fences, read as Markdown.

    Every place in it is a place in the text as it was given.
    """

    def __init__(self, text: str, slug: Callable[[str], str] = markdown_slug) -> None:
        self.text = text
        self._slug = slug

    @cached_property
    def code(self) -> list[tuple[int, int]]:
        """Where the pieces of inline code begin and end, back-ticks included."""
        return [
            (start + begin, start + end)
            for start, piece in self._pieces
            if not _ALONE.fullmatch(piece)
            for begin, end in find_code(piece)
        ]

    @cached_property
    def formulas(self) -> list[Formula]:
        """The formulas, in order."""
        masked = blank(self._inline, self.code, MASK)
        return [
            each
            for start, piece in self._pieces
            for each in self._formulas_in(masked, start, start + len(piece))
        ]

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings that begin with `#` and a space, in order."""
        marked = (
            self._heading(start, words)
            for start, words, line in self._lines
            if line.kind == "heading"
        )
        return [heading for heading in marked if heading]

    @cached_property
    def unclear_headings(self) -> list[tuple[int, str]]:
        """The line and the words of what Markdown takes for a heading too.

        `#words`, and words with a line below.
        """
        found, above = [], ""
        for start, words, line in self._lines:
            if line.kind == "heading" and not self._heading(start, words):
                found.append((self.line_of(start), words.strip()))
            bare = words.strip(" \t")
            if (
                above
                and not above.startswith("|")
                and not line.fresh
                and bare
                and set(bare) in ({"="}, {"-"})
            ):
                found.append((self.line_of(start) - 1, above))
            above = bare if line.kind == "text" else ""
        return found

    @cached_property
    def links(self) -> list[Link]:
        """Links and pictures, in order, with what leads somewhere in tags of HTML."""
        found = [*self._links_in_markdown(), *self._links_in_html()]
        return sorted(found, key=lambda link: (link.start, -link.end))

    @cached_property
    def anchors(self) -> set[str]:
        """The names that a link can lead to.

        Those of headings without an id are as Markdown makes them.
        """
        names = {heading.anchor for heading in self.headings if heading.anchor} | set(
            self._made_anchors()
        )
        for found in _BRACES.finditer(self._masked):
            if self._gives_attributes(found):
                names |= set(_ID.findall(found[0]))
        for _, attributes in self._tags:
            names |= {value for name, value in attributes if name in ("id", "name")}
        names |= {f"fn:{name}" for name in _FOOTNOTE.findall(self._uncommented)}
        return names | set(_DOCSTRINGS.findall(self._words))

    @cached_property
    def comments(self) -> list[tuple[int, int]]:
        """Where the comments begin and end that aren't in inline code.

        Bindings of numbers are comments, too.
        """
        shown = blank(self.text, self.code, MASK)
        return self._block_comments + [
            (start + begin, start + end)
            for start, piece in self._pieces
            for begin, end in enclosed(shown[start : start + len(piece)], "<!--", "-->")
        ]

    def line_of(self, place: int) -> int:
        """The line, counted from 1, of a place in the text."""
        return line_at(self._starts, place)

    def _rest_of_line(self, place: int) -> str:
        end = self.text.find("\n", place)
        return self.text[place:] if end < 0 else self.text[place:end]

    @cached_property
    def _starts(self) -> list[int]:
        return line_starts(self.text)

    @cached_property
    def _block_comments(self) -> list[tuple[int, int]]:
        """Comments that begin a line: Markdown takes them out before it reads anything else."""
        spans: list[tuple[int, int]] = []
        for found in _COMMENT.finditer(self.text):
            if spans and found.start() < spans[-1][1]:
                continue
            end = self.text.find("-->", found.end())
            if end < 0:
                break
            spans.append((found.end() - 4, end + 3))
        return spans

    @cached_property
    def _uncommented(self) -> str:
        """The text without block comments.

        Where words follow on a line, they stay behind a mark.
        """
        alone: list[tuple[int, int]] = []
        marked: list[tuple[int, int]] = []
        for start, end in self._block_comments:
            begin = max(start, self.text.rfind("\n", 0, end) + 1)
            followed = self._rest_of_line(end).strip(" \t")
            (marked if followed else alone).append((begin, end))
            alone.append((start, begin))
        return blank(blank(self.text, alone), marked, MASK)

    @cached_property
    def _lines(self) -> list[tuple[int, str, Line]]:
        """Where the words of each line begin, these words, and what the line is."""
        lines, structure, place = [], Structure(), 0
        for written in self._uncommented.split("\n"):
            line = structure.read(expanded(written))
            column = (
                offset_of(written, line.column)
                if "\t" in written
                else min(line.column, len(written))
            )
            lines.append((place + column, written[column:], line))
            place += len(written) + 1
        return lines

    @cached_property
    def _words(self) -> str:
        """The text without comments, indented code, and the marks of lists and quotes."""
        read = zip(self._uncommented.split("\n"), self._lines, strict=True)
        return "\n".join(
            " " * len(written) if line.kind == "code" else " " * (len(written) - len(words)) + words
            for written, (_, words, line) in read
        )

    @cached_property
    def _pieces(self) -> list[tuple[int, str]]:
        """The pieces of prose, and where they begin."""
        spans: list[list[int]] = []
        for start, words, line in self._lines:
            if line.kind in ("blank", "code"):
                continue
            if line.fresh or not spans:
                spans.append([start, start + len(words)])
            else:
                spans[-1][1] = start + len(words)
        return [(start, self._inline[start:end]) for start, end in spans]

    def _formulas_in(self, masked: str, start: int, end: int) -> Iterator[Formula]:
        alone = _ALONE.fullmatch(masked, start, end)
        if alone:
            yield Formula(alone[1], self.line_of(start), start, end, alone=True)
            return
        for found in _FORMULA.finditer(masked, start, end):
            if found[1]:
                yield Formula(found[1], self.line_of(found.start()), *found.span())

    @cached_property
    def _masked(self) -> str:
        """The words with code, formulas, comments and escaped characters masked."""
        hidden = (
            self.code + [(formula.start, formula.end) for formula in self.formulas] + self.comments
        )
        text = blank(self._inline, hidden, MASK)
        return blank(text, [found.span() for found in _ESCAPE.finditer(text)], MASK)

    @cached_property
    def _definitions(self) -> dict[str, tuple[str, tuple[int, int]]]:
        """The targets that the text defines, `[name]: target`.

        Each with the place of its definition.
        """
        return {
            " ".join(found["name"].lower().split()): (
                found["target"].lstrip("<").rstrip(">"),
                found.span(),
            )
            for found in _DEFINITION.finditer(self._words)
        }

    @cached_property
    def _inline(self) -> str:
        """The words without the definitions of targets, which are shown nowhere."""
        return blank(self._words, [span for _, span in self._definitions.values()])

    def _links_in_markdown(self) -> Iterator[Link]:
        references = {name: target for name, (target, _) in self._definitions.items()}
        references |= {f"^{name}": f"#fn:{name}" for name in _FOOTNOTE.findall(self._uncommented)}
        for start, piece in self._pieces:
            for found in find_links(self._masked[start : start + len(piece)], references):
                yield self._link(start, found)

    def _link(self, start: int, found: Found) -> Link:
        text = self.text[start + found.text[0] : start + found.text[1]]
        target = found.target
        if found.missing and MASK in target:
            target = text.strip("`")
        # as written, escapes undone
        if MASK in target and self.text.startswith("(", start + found.text[1] + 1):
            written = (
                self.text[start + found.text[1] + 2 : start + found.end - 1]
                .strip()
                .removeprefix("<")
            )
            target = _ESCAPE.sub(lambda escape: escape[0][1], written[: len(target)])
        kind = "missing" if found.missing else "link"
        where = (self.line_of(start + found.start), start + found.start, start + found.end)
        return Link(text, unescape(target), found.picture, *where, kind)

    def _links_in_html(self) -> Iterator[Link]:
        for found, attributes in self._tags:
            values = dict(attributes)
            for name in ("href", "src"):
                if name in values:
                    text, picture = values.get("alt", ""), found[0].lower().startswith("<img")
                    where = (self.line_of(found.start()), *found.span())
                    yield Link(text, unescape(values[name]), picture, *where, "html")

    @cached_property
    def _tags(self) -> list[tuple[re.Match[str], list[tuple[str, str]]]]:
        """The tags of HTML with their attributes."""
        return [
            (
                found,
                [
                    (name.lower(), value.strip("\"'"))
                    for name, value in _ATTRIBUTE.findall(found[1])
                ],
            )
            for found in _TAG.finditer(self._masked)
        ]

    def _heading(self, start: int, words: str) -> Heading | None:
        marks = len(words) - len(words.lstrip("#"))
        if marks > 6 or words[marks : marks + 1] not in (" ", "\t", ""):
            return None
        text, attributes, anchor = words[marks:].strip(" \t"), "", ""
        if text.endswith("}") and "{" in text:
            shown, _, inside = text[:-1].rpartition("{")
            ids = [name for name in _ID.findall(inside) if _ENGLISH_ID.fullmatch(name)]
            if ids:
                text, attributes, anchor = shown.rstrip(" \t"), inside, ids[-1]
        bare = text.rstrip("#")
        text = bare.rstrip(" \t") if bare[-1:] in (" ", "\t", "") else text
        return Heading(marks, text, anchor, self.line_of(start), attributes)

    def _made_anchors(self) -> Iterator[str]:
        """What Markdown calls headings that have no id: their words, joined by hyphens."""
        taken = {heading.anchor for heading in self.headings}
        for heading in self.headings:
            if not heading.anchor:
                words = re.sub(r"\[([^\[\]]*)\]\([^()]*\)|<[^<>]*>|[`*]", r"\1", heading.text)
                name = slug = self._slug(words)
                number = 0
                while not name or name in taken:
                    number += 1
                    name = f"{slug}_{number}"
                taken.add(name)
                yield name

    def _gives_attributes(self, braces: re.Match[str]) -> bool:
        """Whether braces stand where Markdown takes them for attributes and doesn't show them."""
        text, start = self._masked, braces.start()
        before = text[text.rfind("\n", 0, start) + 1 : start].lstrip(" ")
        if before:
            return before[-1] in f")]*_~>{MASK}" or before[0] in "#|"
        return not self._rest_of_line(braces.end()).strip(" ")


def find_code(piece: str) -> Iterator[tuple[int, int]]:
    r"""Find inline code: as many back-ticks behind it as before, or fewer where as many never come.

    Examples:
        >>> list(find_code("a `b` ``c`d``")), list(find_code(r"\`a` `"))
        ([(2, 5), (6, 13)], [(3, 6)])
    """
    runs = [found.span() for found in _TICKS.finditer(piece)]
    places: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(runs):
        places.setdefault(end - start, []).append(number)
    longest = _longest_behind(runs)
    number = 0
    while number < len(runs):
        start, end = runs[number]
        start += _is_escaped(piece, start)
        closing = _next(places.get(end - start, []), number) if end > start else None
        if (
            closing is None
            and longest[number]
            and runs[longest[number]][1] - runs[longest[number]][0] < end - start
        ):
            closing = longest[number]
        if closing is None:
            number += 1
            continue
        yield start, runs[closing][1]
        number = closing + 1


def _longest_behind(runs: list[tuple[int, int]]) -> list[int]:
    """For each run of back-ticks the first of the longest runs behind it, or 0 for none."""
    found, best = [0] * len(runs), 0
    for number in range(len(runs) - 1, -1, -1):
        found[number] = best
        start, end = runs[number]
        if not best or end - start >= runs[best][1] - runs[best][0]:
            best = number
    return found


def _next(numbers: list[int], number: int) -> int | None:
    """The first of some ascending numbers that is greater than one."""
    place = bisect_right(numbers, number)
    return numbers[place] if place < len(numbers) else None


def _is_escaped(text: str, place: int) -> bool:
    """Whether an odd number of backslashes stands before a place."""
    backslashes = 0
    while place > backslashes and text[place - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def enclosed(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """Where something begins and ends in a text; what is never closed isn't there."""
    start = text.find(opening)
    while start >= 0:
        end = text.find(closing, start + len(opening))
        if end < 0:
            return
        yield start, end + len(closing)
        start = text.find(opening, end)
