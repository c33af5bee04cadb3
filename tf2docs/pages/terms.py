"""Read the terms of the glossary.

The glossary is an ordinary page. A heading of level 3 is a term, the text below it the explanation. What else people
call it, and type into the search, stands in `data-also="one word, another"` behind the heading's id.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from tf2docs.pages.errors import Problem
from tf2docs.pages.page import Page

NAME = "glossary"  # the page, in the folder of every language
PLAIN = ".plain"  # on a heading: too common a word to be explained wherever it comes up
_ALSO = re.compile(r'data-also="([^"]*)"')


@dataclass(frozen=True)
class Term:
    """A term, where the glossary explains it, the explanation in plain text, and other words for it."""

    name: str
    anchor: str
    explanation: str
    plain: bool = False
    also: tuple[str, ...] = ()


def read_terms(page: Page) -> list[Term]:
    """The terms of the glossary, in the order of the page."""
    return [term for term, _ in _terms_with_lines(page)]


def unclear_terms(page: Page) -> Iterator[Problem]:
    """Find the terms of the glossary that stand twice, or aren't explained."""
    lines: dict[str, int] = {}
    for term, line in _terms_with_lines(page):
        if term.name.lower() in lines:
            mend = f"the term {term.name!r} stands in line {lines[term.name.lower()]} already; keep one of the two"
            yield Problem(page.label, line, mend)
        if not term.explanation:
            yield Problem(page.label, line, f"the term {term.name!r} isn't explained; write a sentence below it")
        lines.setdefault(term.name.lower(), line)


def _terms_with_lines(page: Page) -> Iterator[tuple[Term, int]]:
    lines = page.text.split("\n")
    for heading, below in zip_longest(page.headings, page.headings[1:]):
        if heading.level != 3 or not heading.anchor:
            continue
        text = " ".join(lines[heading.line : below.line - 1 if below else None])
        explanation = " ".join(text.replace("`", "").split())
        also = _ALSO.search(heading.attributes)
        words = tuple(word.strip() for word in also[1].split(",")) if also else ()
        plain = PLAIN in heading.attributes.split()
        yield Term(_without_brackets(heading.text), heading.anchor, explanation, plain, words), heading.line


def _without_brackets(heading: str) -> str:
    """A term's name without the other language's, which stands in brackets at its end."""
    return re.split("[（(]", heading, maxsplit=1)[0].rstrip(" ") if heading.endswith((")", "）")) else heading
