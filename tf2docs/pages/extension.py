"""A Markdown extension that reads a page before its fences are shown.

It checks the options of every fence, takes away the comments that bind numbers to what computes them, tells
the fences in `tf2docs.pages.rendering` which page they are on, and joins the lines of Chinese text.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from pymdownx.superfences import SuperFencesException

from tf2docs.pages.errors import Problem
from tf2docs.pages.formulas import Formulas
from tf2docs.pages.glossary import TermLinks
from tf2docs.pages.linking import SymbolLinks
from tf2docs.pages.options import read_info

FENCE = re.compile(r"[ \t>]*(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
# Inline code is found first, so that a comment shown in it stays.
BINDING = re.compile(r"(?P<code>(?P<tick>`+)[^`\n].*?(?P=tick))|<!--(?:=(?:(?!-->)[\s\S])*| fact )-->")
# A browser shows a line's end as a space, which is wrong beside ideographs and punctuation as wide as they.
WIDE = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
ANY = f"{WIDE}\u2014\u2026\u201c\u201d"  # English uses these dashes, dots and quotation marks too
MARKS = "\u3001-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff20"  # bring their own space, also before Latin letters
BEGINS = r"[ \n>|]|[-*+] |#+ |\d+[.)] "  # a blank line, a list item, a heading, a table: Markdown needs the line's end
CHINESE_BREAK = re.compile(f"(?<=[{WIDE}])\n *(?=[{ANY}])|(?<=[{ANY}])\n *(?=[{WIDE}])|(?<=[{MARKS}])\n *(?!{BEGINS})")


class FenceError(SuperFencesException):
    """A fence can't be shown. SuperFences lets only its own exceptions through."""


class PageExtension(Extension):
    """Check and clean a page before its fences are shown, and join its Chinese lines after."""

    def __init__(self, **options: Any) -> None:
        self.config = {
            "language": ["en", "The page's language, in which labels are written"],
            "path": ["page", "The page's file, as errors name it"],
            "docs": ["docs", "The folder that holds the records"],
            "first_line": [
                1,
                "The number of the text's first line in that file: front matter comes before it",
            ],
            "below_title": [[], "Lines of Markdown to show below the title"],
            "terms": [[], "The glossary's terms, to be explained where they come up"],
            "directory_urls": [True, "Whether a page is a folder of the site, or a file"],
            "seconds": [[], "How long each block took in the last full run"],
        }
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Markdown's name)
        """Come just before SuperFences (priority 25), and before code is put back into the HTML (30)."""
        options = self.getConfigs()
        page = options["path"].removeprefix(f"docs/{options['language']}/")
        md.treeprocessors.register(Formulas(md), "tf2docs-formulas", 16)
        md.treeprocessors.register(TermLinks(md, options.pop("terms"), page), "tf2docs-terms", 14)
        md.preprocessors.register(PagePreprocessor(md, **options), "tf2docs", 26)
        md.postprocessors.register(ChineseLines(md), "tf2docs", 31)
        md.treeprocessors.register(SymbolLinks(md, self.getConfig("language")), "tf2docs", 15)  # behind inline code


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
        directory_urls: bool,
        seconds: list[float | None],
    ) -> None:
        super().__init__(md)
        self.language = language
        self.path = path
        self.docs = docs
        self.first_line = first_line
        self.below_title = below_title
        self.directory_urls = directory_urls
        self.seconds = iter(seconds)
        self.lines: list[str] = []

    def run(self, lines: list[str]) -> list[str]:
        """Check every fence, and drop the bindings of numbers outside of fences."""
        self.lines = lines
        shown = []
        for in_fence, run in groupby(zip(self.fenced(), lines, strict=True), key=lambda pair: pair[0]):
            text = "\n".join(line for _, line in run)
            shown += (text if in_fence else BINDING.sub(lambda found: found["code"] or "", text)).split("\n")
        title = next((index for index, line in enumerate(shown) if line.startswith("# ")), -1)
        return shown[: title + 1] + self.below_title + shown[title + 1 :]

    def fenced(self) -> Iterator[bool]:
        """Whether each line belongs to a fence. A fence inside a longer one is that one's text."""
        opened, ticks = 0, ""
        for index, line in enumerate(self.lines):
            if not ticks and (fence := FENCE.match(line)):
                self.check_info(index, fence["info"])
                opened, ticks = index, fence["ticks"]
                yield True
            else:
                yield bool(ticks)
                ticks = "" if line.strip(" \t>") == ticks else ticks
        if ticks:
            raise self.error(opened, f"this fence is never closed; add {ticks} on a line of its own")

    def check_info(self, index: int, info: str) -> None:
        """Raise where what stands behind the back-ticks can't be read, or has an option that isn't in the table."""
        _, _, mistakes = read_info(info)
        if mistakes:
            raise self.error(index, mistakes[0])

    def error(self, index: int, message: str) -> FenceError:
        """An error that begins with the page's file and line."""
        return FenceError(str(Problem(self.path, self.first_line + index, message)))

    def index_of(self, text: str) -> int:
        """Where lines that hold only `text` begin, since a formatter isn't told where its fence stands."""
        wanted, lines = ([line.strip(" \t>") for line in each] for each in (text.split("\n"), self.lines))
        return next((index for index in range(len(lines)) if lines[index : index + len(wanted)] == wanted), 0)


class ChineseLines(Postprocessor):
    """Joins lines that were broken between two Chinese characters: a browser would show a space there."""

    def run(self, text: str) -> str:
        """Join them in the page's HTML, in which code is still a placeholder."""
        return CHINESE_BREAK.sub("", text)
