"""Read the terms of the glossary.

The glossary is an ordinary page. A heading of level 3 is a term, the text below it the explanation.
What else people call it, and type into the search, stands in `data-also="one word, another"` behind
the heading's id.

A term with several senses has a heading for each, which says the sense behind a colon:
`### kernel: of an op`. Which one a page means, nobody can tell but its author, so nothing is
explained unless the page links to one of them; that link is then shown as other terms are.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from tf2docs.pages.reading.page import Page, once_per_page

NAME = "glossary"  # the page, in the folder of every language
PLAIN = ".plain"  # on a heading: too common a word to be explained wherever it comes up
_SENSE = re.compile(r"(?P<name>.*?)(?:(?:: |：)(?P<sense>.+))?")
_ALSO = re.compile(r'data-also="([^"]*)"')


@dataclass(frozen=True)
class Term:
    """A term, where the glossary explains it, and how.

    The explanation is plain text; other words for the term come with it.
    """

    name: str
    anchor: str
    explanation: str
    plain: bool = False
    also: tuple[str, ...] = ()
    sense: str = ""


@once_per_page
def read_terms(page: Page) -> list[Term]:
    """The terms of the glossary, in the order of the page."""
    return [term for term, _ in terms_with_lines(page)]


def terms_with_lines(page: Page) -> Iterator[tuple[Term, int]]:
    """The terms of the glossary, each with the line of its heading."""
    lines = page.text.split("\n")
    for heading, below in zip_longest(page.headings, page.headings[1:]):
        if heading.level != 3 or not heading.anchor:
            continue
        text = " ".join(lines[heading.line : below.line - 1 if below else None])
        explanation = " ".join(text.replace("`", "").split())
        also = _ALSO.search(heading.attributes)
        words = tuple(word.strip() for word in also[1].split(",")) if also else ()
        plain = PLAIN in heading.attributes.split()
        found = _SENSE.fullmatch(_without_brackets(heading.text))
        name, sense = found.group("name", "sense") if found else (heading.text, "")
        yield Term(name, heading.anchor, explanation, plain, words, sense or ""), heading.line


def with_several_senses(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """The terms that the glossary explains more than once, by their names in small letters.

    Examples:
        >>> op = Term("kernel", "a", "…", sense="of an op")
        >>> layer = Term("Kernel", "b", "…", sense="of a layer")
        >>> several = with_several_senses([op, layer, Term("loss", "c", "…")])
        >>> [term.sense for term in several["kernel"]]
        ['of an op', 'of a layer']
    """
    named: dict[str, list[Term]] = {}
    for term in terms:
        named.setdefault(term.name.lower(), []).append(term)
    return {name: senses for name, senses in named.items() if len(senses) > 1}


def mentions(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the mention of any term.

    English ones are whole words and may have a plural's ending.

    Examples:
        >>> pattern = mentions(["loss", "loss function", "梯度"])
        >>> [found["term"] for found in pattern.finditer("Loss functions 的梯度下降")]
        ['Loss function', '梯度']
        >>> mentions(["loss"]).search("glossy losslessly")
    """
    return _mentions(tuple(sorted(names, key=len, reverse=True)))


@functools.cache  # a site asks for the same names on page after page
def _mentions(longest_first: tuple[str, ...]) -> re.Pattern[str]:
    either = "|".join(map(re.escape, longest_first))
    return re.compile(
        rf"(?<![A-Za-z0-9_.-])(?P<term>{either or '(?!)'})(?:e?s)?(?![A-Za-z0-9_-])", re.IGNORECASE
    )


def _without_brackets(heading: str) -> str:
    """A term's name without the other language's, which stands in brackets at its end."""
    return (
        re.split("[（(]", heading, maxsplit=1)[0].rstrip(" ")
        if heading.endswith((")", "）"))
        else heading
    )
