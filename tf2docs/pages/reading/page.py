"""Read a page: its front matter, its sections, and everything on it that can be checked."""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml

from tf2docs.pages.comparing import Closeness, masked, within
from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.lines import blank
from tf2docs.pages.reading.bound_numbers import BoundNumber, find_numbers
from tf2docs.pages.reading.conventions import OURS, Conventions
from tf2docs.pages.reading.fences import Fence, find_fences
from tf2docs.pages.reading.prose import Formula, Heading, Link, Prose

_Made = TypeVar("_Made")
if TYPE_CHECKING:
    YAMLLoader = yaml.SafeLoader
else:  # several times faster, where it was built
    YAMLLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FRONT_MATTER = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_CONFLICT = re.compile(r"^(?:(?:<{7}|>{7}|\|{7}) .*|={7})$", re.MULTILINE)


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

    def closeness(self, share: float = 1.0) -> Closeness:
        """How numbers of two runs on the same data are compared.

        What the output's fence says comes first.

        Args:
            share: How much of the tolerance they may use.
        """
        if self.varies:
            return masked
        options = self.fence.options | (self.output.options if self.output else {})
        return within(
            **{
                key: share * float(options[f"data-{key}"])
                for key in ("rtol", "atol")
                if f"data-{key}" in options
            }
        )


@dataclass
class Page:
    """A page in one language.

    Attributes:
        path: Its file.
        label: What reports call it.
        text: Its text, line ends as line feeds.
        fences: Every fence, in order.
        meta: The front matter.
        conventions: What the page was read by.
    """

    path: Path
    label: str
    text: str
    fences: list[Fence]
    meta: dict[str, Any] = field(default_factory=dict)
    conventions: Conventions = OURS

    @cached_property
    def prose(self) -> str:
        """The text with front matter and fences blanked out, so that places stay what they are."""
        front = _FRONT_MATTER.match(self.text)
        spans = [front.span()] if front else []
        return blank(self.text, spans + [(fence.start, fence.end) for fence in self.fences])

    @cached_property
    def read(self) -> Prose:
        """The prose as Markdown shows it."""
        return Prose(self.prose, self.conventions.slug)

    @cached_property
    def words(self) -> str:
        """The prose with inline code and formulas blanked out too."""
        return blank(
            self.prose, self.code + [(formula.start, formula.end) for formula in self.formulas]
        )

    @property
    def code(self) -> list[tuple[int, int]]:
        """Where inline code begins and ends, back-ticks included."""
        return self.read.code

    @property
    def comments(self) -> list[tuple[int, int]]:
        """Where comments begin and end, bindings of numbers included."""
        return self.read.comments

    @property
    def formulas(self) -> list[Formula]:
        """The formulas, in order."""
        return self.read.formulas

    @property
    def headings(self) -> list[Heading]:
        """The headings, in order."""
        return self.read.headings

    @property
    def unclear_headings(self) -> list[tuple[int, str]]:
        """The lines and words of what looks like no heading and is shown as one."""
        return self.read.unclear_headings

    @property
    def links(self) -> list[Link]:
        """Links and pictures, in order."""
        return self.read.links

    @cached_property
    def anchors(self) -> set[str]:
        """The names that a link into the page can lead to.

        One from docstrings begins all those that are made there.
        """
        return self.read.anchors | {
            fence.options["#"] for fence in self.fences if "#" in fence.options
        }

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
    def numbers(self) -> list[BoundNumber]:
        """The numbers in the prose that are bound to code."""
        return find_numbers(self.words, [block.fence.start for block in self.blocks])

    def line_of(self, place: int) -> int:
        """The line, counted from 1, of a place in the text."""
        return self.read.line_of(place)

    def _belongs(self, output: Fence, code: Fence) -> bool:
        return output.language == "output" and not self.text[code.end : output.start].strip(
            " \t\n>"
        )


def once_per_page(function: Callable[[Page], _Made]) -> Callable[[Page], _Made]:
    """Remember with each page what a function of it alone gives; twins ask for the same again."""
    name = f"once {function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def remembered(page: Page) -> _Made:
        if name not in page.__dict__:
            page.__dict__[name] = function(page)
        made: _Made = page.__dict__[name]
        return made

    return remembered


def read_page(path: Path, label: str, conventions: Conventions = OURS) -> Page:
    """Read a page from its file.

    Args:
        path: The file.
        label: What reports call the page.
        conventions: What its site agrees on.

    Raises:
        PageError: the file isn't UTF-8, the front matter isn't YAML, a fence can't be read, or a
            merge left its marks. What can be said of a page that can be read is left to
            `find_problems`.
    """
    return _parse(path, label, read_text(path, label), conventions)


def read_text(path: Path, label: str) -> str:
    """The text of a file, line ends as line feeds.

    Args:
        path: The file.
        label: What reports call it.

    Raises:
        PageError: it isn't UTF-8, or holds a byte order mark.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"the byte 0x{data[error.start]:02x} here isn't UTF-8 ({error.reason}); save the file "
            "as UTF-8"
        )
        raise PageError([Problem(label, line, message)]) from None
    if "\ufeff" in text:
        line = text.count("\n", 0, text.index("\ufeff")) + 1
        where = "the file begins with" if text.startswith("\ufeff") else "here is"
        message = f"{where} a byte order mark; save it as UTF-8 without one"
        raise PageError([Problem(label, line, message)])
    return text.replace("\r\n", "\n").replace("\r", "\n")


@functools.cache  # a page is asked for by itself, its twin, its run and those that require it
def _parse(path: Path, label: str, text: str, conventions: Conventions) -> Page:
    problems, fences = [], []
    try:
        fences = find_fences(text, label, conventions)
    except PageError as error:
        problems += error.problems
    page = Page(path, label, text, fences, conventions=conventions)
    problems += _conflicts(page)
    if problems:
        raise PageError(problems)
    page.meta = _read_front_matter(text, label)
    return page


def _conflicts(page: Page) -> Iterator[Problem]:
    """Find the marks of a merge that nobody has finished.

    What a block printed is held by the page's record.
    """
    outputs = [(fence.start, fence.end) for fence in page.fences if fence.language == "output"]
    text = blank(page.text, outputs)
    for found in _CONFLICT.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        message = (
            f"{found[0][:7]} is what an unfinished merge leaves; keep one of the two texts, and "
            "remove the marks"
        )
        yield Problem(page.label, line, message)


def _read_front_matter(text: str, label: str) -> dict[str, Any]:
    found = _FRONT_MATTER.match(text)
    try:
        meta = yaml.load(found[1], YAMLLoader) if found else {}
    except (yaml.YAMLError, ValueError) as error:  # a ValueError for a date that doesn't exist
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 2
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise PageError([Problem(label, line, f"the front matter isn't YAML: {reason}")]) from None
    if not isinstance(meta, dict):
        raise PageError(
            [Problem(label, 2, f"the front matter must be `key: value` lines, not {meta!r}")]
        )
    return meta
