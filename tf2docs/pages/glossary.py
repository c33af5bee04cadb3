"""Explain a term where it first comes up on a page: a link to the glossary, with the explanation as its title."""

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname, relpath
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from tf2docs.pages.terms import NAME, Term

_EXPLAINED = {"p", "li", "td", "dd", "em", "strong"}
_LEFT_ALONE = {"a", "autoref", "abbr", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary"}


class TermLinks(Treeprocessor):
    """Links the first mention of each term on a page."""

    def __init__(self, md: Markdown, terms: Iterable[Term], page: str) -> None:
        """Take the terms to explain, and the path of the page without its language."""
        super().__init__(md)
        self.terms = {term.name.lower(): term for term in terms if not term.plain and len(term.name) > 1}
        self.glossary = relpath(f"{NAME}.md", dirname(page) or ".")
        self.pattern = mentions(self.terms)

    def run(self, root: Element) -> None:
        """Link the terms in the page's paragraphs, lists and tables."""
        for parent in list(_explained(root)):
            self._link_text(parent)

    def _link_text(self, parent: Element) -> None:
        parent.text = self._link_piece(parent, 0, parent.text)
        for child in [each for each in parent if each.get("class") != "tf2-term"]:
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
