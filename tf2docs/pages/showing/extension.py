"""A Markdown extension that reads a page before its fences are shown.

It checks the options of every fence, takes away the comments that bind numbers to what computes
them, tells the fences in `tf2docs.pages.showing.code_fences` which page they are on, and joins the
lines of Chinese text.
"""

import re
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.superfences import SuperFencesException

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.reading.chinese import CHINESE_BREAK
from tf2docs.pages.reading.fences import Fence, find_fences
from tf2docs.pages.reading.page import Page
from tf2docs.pages.showing.formulas import Formulas
from tf2docs.pages.showing.optional_sections import OptionalSections
from tf2docs.pages.showing.symbol_links import SymbolLinks
from tf2docs.pages.showing.table_code import TableCode
from tf2docs.pages.showing.term_links import TermLinks

BINDING = re.compile(r"<!--(?:=| fact -->)")


class FenceError(SuperFencesException):  # type: ignore[misc]  # it brings no types
    """A fence can't be shown. SuperFences lets only its own exceptions through."""


class PageExtension(Extension):
    """Check and clean a page before its fences are shown, and join its Chinese lines after."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "language": ["en", "The page's language, in which labels are written"],
            "path": ["", "The page's file; empty where a tool has no hooks to say it"],
            "docs": ["docs", "The folder that holds the records"],
            "first_line": [
                1,
                "The number of the text's first line in that file: front matter comes before it",
            ],
            "below_title": [[], "Lines of Markdown to show below the title"],
            "at_end": [[], "Lines of Markdown to show at the end"],
            "terms": [[], "The glossary's terms, to be explained where they come up"],
            "directory_urls": [True, "Whether a page is a folder of the site, or a file"],
            "seconds": [[], "How long each block took in the last full run"],
            "package": [{}, "What the site hands out: its name `project`, and the address `site`"],
            "wheel": ["", "Where its wheel is, seen from the page"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Markdown's name)
        """Come just before SuperFences (priority 25).

        And before code is put back into the HTML (30).
        """
        options = self.getConfigs()
        page = options["path"].removeprefix(f"docs/{options['language']}/")
        md.treeprocessors.register(Formulas(md), "tf2docs-formulas", 16)
        md.treeprocessors.register(TermLinks(md, options.pop("terms"), page), "tf2docs-terms", 14)
        md.preprocessors.register(PagePreprocessor(md, **options), "tf2docs", 26)
        md.treeprocessors.register(ShownFences(md), "tf2docs-fences", 0)
        # behind the table of contents (5)
        optional = OptionalSections(md, options["language"])
        md.treeprocessors.register(optional, "tf2docs-optional", 1)
        md.postprocessors.register(ChineseLines(md), "tf2docs", 31)
        md.treeprocessors.register(TableCode(md), "tf2docs-tables", 13)
        # behind inline code
        md.treeprocessors.register(SymbolLinks(md, self.getConfig("language")), "tf2docs", 15)


def makeExtension(**options: Any) -> PageExtension:  # noqa: N802  (Markdown looks for this name)
    """The extension, as Markdown asks a module for it."""
    return PageExtension(**options)


class PagePreprocessor(Preprocessor):
    """Reads a page before its fences are shown, and tells them where they are."""

    def __init__(
        self,
        md: Markdown,
        *,
        language: str,
        path: str,
        docs: str,
        first_line: int,
        below_title: list[str],
        at_end: list[str],
        directory_urls: bool,
        seconds: list[float | None],
        package: dict[str, str],
        wheel: str,
    ) -> None:
        super().__init__(md)
        self.language = language
        self.path = path
        self.label = path or "page"
        self.docs = docs
        self.first_line = first_line
        self.below_title = below_title
        self.at_end = at_end
        self.directory_urls = directory_urls
        self.seconds = iter(seconds)
        self.package = package
        self.wheel = wheel
        self.lines: list[str] = []
        self.fences: list[Fence] = []

    def run(self, lines: list[str]) -> list[str]:
        """Read the page as the tests do, and drop the bindings of numbers."""
        self.lines, text = lines, "\n".join(lines)
        self.fences = self._fences(text)
        page = Page(Path(self.label), self.label, text, self.fences)
        shown = self._without_bindings(page).split("\n")
        title = next((index for index, line in enumerate(shown) if line.startswith("# ")), -1)
        return shown[: title + 1] + self.below_title + shown[title + 1 :] + self.at_end

    def _fences(self, text: str) -> list[Fence]:
        try:
            return find_fences(text, self.label)
        except PageError as error:
            first = error.problems[0]
            raise self.error(first.line - 1, first.message) from None

    def _without_bindings(self, page: Page) -> str:
        pieces, done = [], 0
        for start, end in sorted(page.comments):
            if BINDING.match(page.text, start):
                pieces.append(page.text[done:start])
                done = end
        return "".join([*pieces, page.text[done:]])

    def error(self, index: int, message: str) -> FenceError:
        """An error that begins with the page's file and line."""
        return FenceError(str(Problem(self.label, self.first_line + index, message)))

    def index_of(self, text: str) -> int:
        """Where lines that hold only `text` begin.

        A formatter isn't told where its fence stands.
        """
        wanted, lines = (
            [line.strip(" \t>") for line in each] for each in (text.split("\n"), self.lines)
        )
        return next(
            (index for index in range(len(lines)) if lines[index : index + len(wanted)] == wanted),
            0,
        )


def preprocessor_of(md: Markdown) -> PagePreprocessor:
    """What reads the page of a fence that is shown."""
    return cast(PagePreprocessor, md.preprocessors["tf2docs"])


class ShownFences(Treeprocessor):
    """Makes sure that SuperFences has shown each fence that the tests have read, and no other."""

    def run(self, root: Element) -> None:
        """Raise for a fence that became something else, such as indented code."""
        if "fenced_code_block" not in self.md.preprocessors:
            return
        page = preprocessor_of(self.md)
        if not page.path:  # a tool without hooks, such as Zensical, shows fences its own way
            return
        superfences: Any = self.md.preprocessors["fenced_code_block"]
        shown = iter(_bare(whole) for whole, _ in superfences.extension.stash.stash.values())
        for fence in page.fences:
            if next(shown, None) != _bare(f"```\n{fence.text}```"):
                message = (
                    "this fence isn't shown as one; write it on its own, with empty lines above "
                    "and below"
                )
                raise page.error(fence.line - 1, message)


def _bare(whole: str) -> list[str]:
    """The lines of a fence's text without what stands before them, those of its fences left out."""
    return [bare for line in whole.split("\n")[1:-1] if (bare := line.strip(" >"))]


class ChineseLines(Postprocessor):
    """Joins lines that were broken between two Chinese characters.

    A browser would show a space there.
    """

    def run(self, text: str) -> str:
        """Join them in the page's HTML, in which code is still a placeholder."""
        return CHINESE_BREAK.sub("", text)
