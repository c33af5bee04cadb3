"""Read a page: its front matter, its sections, and everything on it that can be checked."""

import functools
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

from tf2docs.pages.bindings import BoundNumber, find_numbers
from tf2docs.pages.comparing import Closeness, masked, within
from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.fences import Fence, find_fences

YAMLLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # several times faster, where it was built
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*(?:\{[^{}\n]*#([A-Za-z][\w-]*)[^{}\n]*\})?[ \t]*$", re.M | re.A)
_TARGET = r"\((?:<(?P<angle>[^<>\n]+)>|(?P<plain>[^()\s]+))[^()]*\)"
PICTURE = re.compile(rf"!\[(?P<text>[^\[\]]*)\]{_TARGET}")
_LINK = re.compile(rf"(?<!!)\[(?P<text>(?:[^\[\]]|!?\[[^\[\]]*\](?:\([^()]*\))?)*)\]{_TARGET}")
CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.DOTALL)
_LATEX = r"(?:\\.|[^\\$\n]|\n(?![ \t]*\n))+?"
FORMULA = re.compile(rf"(?<![\\$])(?:\$\$(?P<alone>{_LATEX})\$\$|\$(?P<inline>(?!\s){_LATEX}(?<!\s))\$)")


@dataclass(frozen=True)
class Heading:
    """A heading: its level, its words, its anchor, and its line."""

    level: int
    text: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Block:
    """A `python` fence, with the `output` fence below it if there is one.

    Attributes:
        index: Which block of the page it is, counted from 0.
        fence: The code.
        output: What the page says that the code printed.
    """

    index: int
    fence: Fence
    output: Fence | None = None

    @property
    def raises(self) -> str | None:
        """The exception that the block must end with."""
        return self.fence.options.get("data-raises")

    @property
    def skip_reason(self) -> str | None:
        """Why the block is never run."""
        return self.fence.options.get("data-reason", "") if ".norun" in self.fence.options else None

    @property
    def needs_gpu(self) -> bool:
        """Whether the block runs on a GPU alone."""
        return ".gpu" in self.fence.options

    @property
    def keeps(self) -> str | None:
        """The file that the block must leave in its working folder, and the site keeps."""
        return self.fence.options.get("data-keeps")

    @property
    def varies(self) -> bool:
        """Whether the block's numbers differ from machine to machine."""
        return ".varies" in self.fence.options

    @property
    def id(self) -> str | None:
        """The block's own name, which its figure is called by."""
        return self.fence.options.get("#")

    def closeness(self) -> Closeness:
        """How numbers of two runs on the same data are compared; what the output's fence says comes first."""
        if self.varies:
            return masked
        options = self.fence.options | (self.output.options if self.output else {})
        return within(**{key: float(options[f"data-{key}"]) for key in ("rtol", "atol") if f"data-{key}" in options})


@dataclass(frozen=True)
class Link:
    """A link or, with `picture`, an image: its text or alternative text, its target, and where it stands."""

    text: str
    target: str
    picture: bool
    line: int
    start: int
    end: int


@dataclass(frozen=True)
class Formula:
    """A formula: its LaTeX, its line, and where it stands, dollar signs included."""

    latex: str
    line: int
    start: int
    end: int


@dataclass
class Page:
    """A page in one language.

    Attributes:
        path: Its file.
        label: What reports call it.
        text: Its text, line ends as line feeds.
        fences: Every fence, in order.
    """

    path: Path
    label: str
    text: str
    fences: list[Fence]
    meta: dict = field(default_factory=dict)

    @cached_property
    def prose(self) -> str:
        """The text with front matter and fences blanked out, so that places stay what they are."""
        front = _FRONT_MATTER.match(self.text)
        spans = [front.span()] if front else []
        return blank(self.text, spans + [(fence.start, fence.end) for fence in self.fences])

    @cached_property
    def words(self) -> str:
        """The prose with inline code and formulas blanked out too."""
        return blank(self._without_code, [(formula.start, formula.end) for formula in self.formulas])

    @cached_property
    def formulas(self) -> list[Formula]:
        """The formulas, in order."""
        return [
            Formula(found["alone"] or found["inline"], self.line_of(found.start()), *found.span())
            for found in FORMULA.finditer(self._without_code)
        ]

    @cached_property
    def _without_code(self) -> str:
        return blank(self.prose, [span.span() for span in CODE_SPAN.finditer(self.prose)])

    @cached_property
    def blocks(self) -> list[Block]:
        """The `python` fences, each with its output."""
        blocks: list[Block] = []
        for position, fence in enumerate(self.fences):
            if fence.language == "python":
                below = self.fences[position + 1] if position + 1 < len(self.fences) else None
                output = below if below is not None and self._belongs(below, fence) else None
                blocks.append(Block(len(blocks), fence, output))
        return blocks

    @cached_property
    def sources(self) -> list[Fence]:
        """The fences that quote the package."""
        return [fence for fence in self.fences if fence.language == "source"]

    @cached_property
    def headings(self) -> list[Heading]:
        """The headings, in order."""
        return [
            Heading(len(found[1]), found[2], found[3] or "", self.line_of(found.start()))
            for found in _HEADING.finditer(self.prose)
        ]

    @cached_property
    def numbers(self) -> list[BoundNumber]:
        """The numbers in the prose that are bound to code."""
        return find_numbers(self.words, [block.fence.start for block in self.blocks])

    @cached_property
    def links(self) -> list[Link]:
        """Links and pictures, in order."""
        found = [(place, False) for place in _LINK.finditer(self.words)]
        found += [(place, True) for place in PICTURE.finditer(self.words)]
        return [self._read_link(*pair) for pair in sorted(found, key=lambda pair: pair[0].start())]

    def line_of(self, place: int) -> int:
        """The line, counted from 1, of a place in the text."""
        return self.text.count("\n", 0, place) + 1

    def _belongs(self, output: Fence, code: Fence) -> bool:
        return output.language == "output" and not self.text[code.end : output.start].strip(" \t\n>")

    def _read_link(self, found: re.Match, picture: bool) -> Link:
        text = self.text[found.start("text") : found.end("text")]  # with its inline code
        return Link(text, found["angle"] or found["plain"], picture, self.line_of(found.start()), *found.span())


def read_page(path: Path, label: str) -> Page:
    """Read a page from its file.

    Args:
        path: The file.
        label: What reports call the page.

    Raises:
        PageError: the front matter isn't YAML, or a fence can't be read. What can be said of a page
            that can be read is left to `find_problems`.
    """
    return _parse(path, label, path.read_text(encoding="utf-8"))


@functools.cache  # a page is asked for by itself, its twin, its run and those that require it
def _parse(path: Path, label: str, text: str) -> Page:
    if text.startswith("\ufeff"):
        raise PageError([Problem(label, 1, "the file begins with a byte order mark; save it as UTF-8 without one")])
    page = Page(path, label, text, find_fences(text, label))
    page.meta = _read_front_matter(text, label)
    return page


def _read_front_matter(text: str, label: str) -> dict:
    found = _FRONT_MATTER.match(text)
    try:
        meta = yaml.load(found[1], YAMLLoader) if found else {}
    except (yaml.YAMLError, ValueError) as error:  # a ValueError for a date that doesn't exist
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise PageError([Problem(label, line, f"the front matter isn't YAML: {reason}")]) from None
    if not isinstance(meta, dict):
        raise PageError([Problem(label, 2, f"the front matter must be `key: value` lines, not {meta!r}")])
    return meta


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with spaces in place of some spans; lines stay lines."""
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
