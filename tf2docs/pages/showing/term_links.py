"""Explain a term where it first comes up on a page.

A link to the glossary, with the explanation as its title.
"""

import re
from collections.abc import Iterable, Iterator
from posixpath import dirname, relpath
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from tf2docs.pages.reading.glossary import NAME, Term, mentions, with_several_senses

_EXPLAINED = {"p", "li", "td", "dd", "em", "strong"}
_LEFT_ALONE = {"a", "autoref", "abbr", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary"}


class TermLinks(Treeprocessor):
    """Links the first mention of each term on a page.

    Explains what the page itself links to the glossary.
    """

    def __init__(self, md: Markdown, terms: Iterable[Term], page: str) -> None:
        """Take the terms to explain, and the path of the page without its language."""
        super().__init__(md)
        terms = list(terms)
        self.glossary = relpath(f"{NAME}.md", dirname(page) or ".")
        self.by_address = {f"{self.glossary}#{term.anchor}": term for term in terms}
        several = with_several_senses(terms)
        explained = [term for term in terms if not term.plain and len(term.name) > 1]
        self.terms = {
            term.name.lower(): term for term in explained if term.name.lower() not in several
        }
        self.pattern = mentions(self.terms)

    def run(self, root: Element) -> None:
        """Link the terms in the page's paragraphs, lists and tables."""
        for link in root.iter("a"):
            if term := self.by_address.get(link.get("href", "")):
                link.attrib |= {"class": "tf2-term", "title": term.explanation}
                self.terms.pop(term.name.lower(), None)
        for parent in list(_explained(root)):
            self._link_text(parent)

    def _link_text(self, parent: Element) -> None:
        children = list(parent)  # not the links that come into it here
        parent.text = self._link_piece(parent, 0, parent.text)
        for child in children:
            child.tail = self._link_piece(parent, list(parent).index(child) + 1, child.tail)

    def _link_piece(self, parent: Element, place: int, text: str | None) -> str | None:
        """Cut the text before the first mention and put the link behind it.

        Go on with the rest.
        """
        mention = self._first_mention(text or "")
        if not (text and mention):
            return text
        term = self.terms.pop(mention["term"].lower())
        address = f"{self.glossary}#{term.anchor}"
        link = Element("a", {"class": "tf2-term", "href": address, "title": term.explanation})
        link.text = mention[0]
        parent.insert(place, link)
        link.tail = self._link_piece(parent, place + 1, text[mention.end() :])
        return text[: mention.start()]

    def _first_mention(self, text: str) -> re.Match[str] | None:
        """The first mention of a term that this page hasn't explained yet."""
        found = self.pattern.finditer(text)
        return next((each for each in found if each["term"].lower() in self.terms), None)


def _explained(element: Element) -> Iterator[Element]:
    """The elements whose text a reader reads, but not what stands in code, links and headings."""
    for child in element:
        if child.tag in _LEFT_ALONE:
            continue
        if child.tag in _EXPLAINED:
            yield child
        yield from _explained(child)
