"""Explain a term where it first comes up on a page: a link to the glossary, with the explanation as its title.

The glossary is an ordinary page. A heading of level 3 is a term, the text below it the explanation. What else people
call it, and type into the search, stands in `data-also="one word, another"` behind the heading's id.

A term with several senses has a heading for each, which says the sense behind a colon: `### kernel: of an op`. Which
one a page means, nobody can tell but its author, so nothing is explained unless the page links to one of them; that
link is then shown as other terms are.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import dirname, relpath
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from tf2docs.pages.errors import Problem
from tf2docs.pages.page import Page

NAME = "glossary"  # the page, in the folder of every language
PLAIN = ".plain"  # on a heading: too common a word to be explained wherever it comes up
_HEADING = re.compile(
    r"^### +(?P<name>.+?)(?: ?[（(].*[）)])? *\{ *#(?P<anchor>[\w-]+)(?P<rest>[^}]*)\} *$", re.MULTILINE
)
_SENSE = re.compile(r"(?P<name>.*?)(?:(?:: |：)(?P<sense>.+))?")
_ALSO = re.compile(r'data-also="([^"]*)"')
_EXPLAINED = {"p", "li", "td", "dd", "em", "strong"}
_LEFT_ALONE = {"a", "autoref", "abbr", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary"}


@dataclass(frozen=True)
class Term:
    """A term, where the glossary explains it, the explanation in plain text, and other words for it."""

    name: str
    anchor: str
    explanation: str
    plain: bool = False
    also: tuple[str, ...] = ()
    sense: str = ""


def read_terms(page: Page) -> list[Term]:
    """The terms of the glossary, in the order of the page."""
    return [term for term, _ in _terms_with_lines(page)]


def unclear_terms(page: Page) -> Iterator[Problem]:
    """Find the terms of the glossary that stand twice, or aren't explained."""
    first: dict[str, tuple[Term, int]] = {}
    for term, line in _terms_with_lines(page):
        earlier, where = first.setdefault(term.name.lower(), (term, line))
        if where != line and not (term.sense and earlier.sense):
            mend = "keep one of the two, or say the sense of each behind a colon"
            yield Problem(page.label, line, f"the term {term.name!r} stands in line {where} already; {mend}")
        if not term.explanation:
            yield Problem(page.label, line, f"the term {term.name!r} isn't explained; write a sentence below it")


def unclear_mentions(page: Page, terms: Iterable[Term]) -> Iterator[Problem]:
    """Find a term with several senses where the page doesn't say which of them it means."""
    targets = {link.target.partition("#")[2] for link in page.links if f"{NAME}.md#" in link.target}
    for name, senses in with_several_senses(terms).items():
        mention = mentions([name]).search(page.words)
        if mention and targets.isdisjoint(sense.anchor for sense in senses):
            choices = ", ".join(f"#{each.anchor} ({each.sense})" for each in senses)
            what = f"{mention[0]!r} has several senses; link the one that is meant to {NAME}.md: {choices}"
            yield Problem(page.label, page.line_of(mention.start()), what)


def with_several_senses(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """The terms that the glossary explains more than once, by their names in small letters.

    Examples:
        >>> op, layer = Term("kernel", "a", "…", sense="of an op"), Term("Kernel", "b", "…", sense="of a layer")
        >>> [term.sense for term in with_several_senses([op, layer, Term("loss", "c", "…")])["kernel"]]
        ['of an op', 'of a layer']
    """
    named: dict[str, list[Term]] = {}
    for term in terms:
        named.setdefault(term.name.lower(), []).append(term)
    return {name: senses for name, senses in named.items() if len(senses) > 1}


def _terms_with_lines(page: Page) -> Iterator[tuple[Term, int]]:
    found = list(_HEADING.finditer(page.text))
    ends = [each.start() for each in found[1:]] + [len(page.text)]
    for heading, end in zip(found, ends, strict=True):
        text = re.split(r"^#", page.text[heading.end() : end], maxsplit=1, flags=re.MULTILINE)[0]
        explanation = " ".join(text.replace("`", "").split())
        also = _ALSO.search(heading["rest"])
        words = tuple(word.strip() for word in also[1].split(",")) if also else ()
        plain = PLAIN in heading["rest"].split()
        name, sense = _SENSE.fullmatch(heading["name"]).group("name", "sense")
        term = Term(name, heading["anchor"], explanation, plain, words, sense or "")
        yield term, page.line_of(heading.start())


class TermLinks(Treeprocessor):
    """Links the first mention of each term on a page, and explains what the page itself links to the glossary."""

    def __init__(self, md: Markdown, terms: Iterable[Term], page: str) -> None:
        """Take the terms to explain, and the path of the page without its language."""
        super().__init__(md)
        terms = list(terms)
        self.glossary = relpath(f"{NAME}.md", dirname(page) or ".")
        self.by_address = {f"{self.glossary}#{term.anchor}": term for term in terms}
        several = with_several_senses(terms)
        explained = [term for term in terms if not term.plain and len(term.name) > 1]
        self.terms = {term.name.lower(): term for term in explained if term.name.lower() not in several}

    def run(self, root: Element) -> None:
        """Link the terms in the page's paragraphs, lists and tables."""
        for link in root.iter("a"):
            if term := self.by_address.get(link.get("href", "")):
                link.attrib |= {"class": "tf2-term", "title": term.explanation}
                self.terms.pop(term.name.lower(), None)
        self.pattern = mentions(self.terms)
        for parent in list(_explained(root)):
            self._link_text(parent)

    def _link_text(self, parent: Element) -> None:
        children = list(parent)  # not the links that come into it here
        parent.text = self._link_piece(parent, 0, parent.text)
        for child in children:
            child.tail = self._link_piece(parent, list(parent).index(child) + 1, child.tail)

    def _link_piece(self, parent: Element, place: int, text: str | None) -> str | None:
        """Cut the text before the first mention, put the link behind it, and go on with the rest."""
        mention = self.pattern.search(text or "") if self.terms else None
        if not mention:
            return text
        term = self.terms.pop(mention["term"].lower())
        self.pattern = mentions(self.terms)
        address = f"{self.glossary}#{term.anchor}"
        link = Element("a", {"class": "tf2-term", "href": address, "title": term.explanation})
        link.text = mention[0]
        parent.insert(place, link)
        link.tail = self._link_piece(parent, place + 1, text[mention.end() :])
        return text[: mention.start()]


def mentions(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the mention of any term; English ones are whole words and may have a plural's ending.

    Examples:
        >>> pattern = mentions(["loss", "loss function", "梯度"])
        >>> [found["term"] for found in pattern.finditer("Loss functions 的梯度下降")]
        ['Loss function', '梯度']
        >>> mentions(["loss"]).search("glossy losslessly")
    """
    either = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![A-Za-z0-9_.-])(?P<term>{either or '(?!)'})(?:e?s)?(?![A-Za-z0-9_-])", re.IGNORECASE)


def _explained(element: Element) -> Iterator[Element]:
    """The elements whose text a reader reads, but not what stands in code, links and headings."""
    for child in element:
        if child.tag in _LEFT_ALONE:
            continue
        if child.tag in _EXPLAINED:
            yield child
        yield from _explained(child)
