"""Find the fenced blocks of a page, with their options.

Sybil's lexer finds them; this module reads what stands behind the opening back-ticks. One form of
options is accepted, in braces after the language, since it is the one that Sybil, SuperFences and
plain Markdown viewers all understand:

    ```python {data-raises="AttributeError"}
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sybil import Document
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.options import read_info

_lexer = RawFencedCodeBlockLexer(re.compile(r"(?P<info>[^\n]*)$\n", re.MULTILINE))


@dataclass(frozen=True)
class Fence:
    """A fenced block: what it is, what it holds, and where.

    Attributes:
        language: The word behind the opening fence, such as `python`; may be empty.
        options: The options in braces. Flags have an empty value (`.gpu`), the id is under `#`.
        text: What stands between the fences, without the fence's own indentation.
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


def find_fences(text: str, page: str) -> list[Fence]:
    """Find the fences of a page in order; one inside a longer fence is that one's text.

    Args:
        text: The page.
        page: What the page is called in an error.

    Raises:
        PageError: a fence is never closed, or has options that are unknown or not in braces.
    """
    fences, problems, end = [], [], 0
    regions = sorted(_lexer(Document(text + "\n", page)), key=lambda region: (region.start, -region.end))
    for region in regions:
        if region.start < end:
            continue
        end = region.end
        line = text.count("\n", 0, region.start) + 1
        body = (region.start + region.lexemes["source"].offset, text.rfind("\n", 0, region.end) + 1)
        if not _is_closed(text[body[1] : region.end]):
            problems.append(Problem(page, line, "this fence is never closed; add ``` on a line of its own"))
            continue
        language, options, mistakes = read_info(region.lexemes["info"])
        indent = re.match(r"[^`~]*", text[region.start :])[0]
        if indent.strip(" \t>"):
            mistakes.append("a fence begins on a line of its own, indented, below the list item")
        problems += [Problem(page, line, mistake) for mistake in mistakes]
        problems += [Problem(page, line + offset, mistake) for offset, mistake in _stray_lines(text, body, indent)]
        source = str(region.lexemes["source"])
        fences.append(Fence(language, options, source, line, region.start, region.end, body, indent))
    if problems:
        raise PageError(problems)
    return fences


def _stray_lines(text: str, body: tuple[int, int], indent: str) -> Iterator[tuple[int, str]]:
    """Lines that would be read otherwise than they look, by their distance from the opening fence."""
    opening = text[: body[0]].rstrip("\n").rpartition("\n")[2]
    short = re.match(r"[ \t>]*```(?!`)", opening) is not None
    for offset, line in enumerate(text[slice(*body)].splitlines(), start=1):
        if line[: len(indent)].strip(" \t>"):
            yield offset, "this line is indented less than its fence; indent it alike"
        if short and re.match(r"[ \t>]*```\w", line):
            yield offset, "a fence begins here, but the one above isn't closed; close it, or open it with ````"


def _is_closed(last_line: str) -> bool:
    return re.fullmatch(r"[ \t>]*(`{3,}|~{3,})[ \t]*", last_line) is not None
