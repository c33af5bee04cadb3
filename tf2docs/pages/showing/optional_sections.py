"""Show which sections of a lesson may be passed over: beside the heading, and in the contents."""

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from tf2docs.pages.reading.prose import OPTIONAL
from tf2docs.pages.showing.words import WORDS

_CLASS = OPTIONAL.removeprefix(".")


class OptionalSections(Treeprocessor):
    """Says at a heading with the class `optional` what it means.

    In an attribute, which the style sheet shows: so it belongs to no text that is searched or
    copied, and screen readers say it all the same.
    """

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.word = WORDS.get(language, WORDS["en"])["optional"]

    def run(self, root: Element) -> None:
        """Mark the headings, and their lines in the table of contents."""
        marked = {each.get("id") for each in root.iter() if self._mark(each)}
        for line in _lines(getattr(self.md, "toc_tokens", [])):
            if line["id"] in marked:
                line["name"] += f' <span class="tf2-optional">{self.word}</span>'

    def _mark(self, element: Element) -> bool:
        optional = element.tag in ("h2", "h3", "h4") and element.get("class") == _CLASS
        if optional:
            element.set("data-optional", self.word)
        return optional


def _lines(tokens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for token in tokens for each in (token, *_lines(token["children"]))]
