"""Lead every name in inline code that belongs to a documented library to its page there."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

_OFFICIAL = {
    "zh": "https://tensorflow.google.cn/api_docs/python/",  # the copy that can be reached in China
    "en": "https://www.tensorflow.org/api_docs/python/",
}
_SYMBOL = re.compile(r"(?:tf|keras|tf2docs)(?:\.[A-Za-z_]\w*)+", re.ASCII)
_LEFT_ALONE = {"a", "autoref", "del", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}


class SymbolLinks(Treeprocessor):
    """Makes a link of inline code such as `keras.Input((28, 28))`.

    Headings and links stay as they are.
    """

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, root: Element) -> None:
        """Wrap the code elements of a page."""
        for parent, place, code in list(_inline_code(root)):
            symbol = _SYMBOL.match(code.text or "")
            if symbol:
                parent[place] = self._link(symbol[0], code)

    def _link(self, symbol: str, code: Element) -> Element:
        if symbol.startswith("tf2docs."):
            link = Element("autoref", {"identifier": symbol, "optional": "optional"})
        else:
            link = Element("a", {"href": official_page(symbol, self.language)})
        link.append(code)
        link.tail, code.tail = code.tail, None
        return link


def official_page(symbol: str, language: str) -> str:
    """The address at which TensorFlow documents a symbol.

    Examples:
        >>> official_page("tf.nn.softmax", "en")
        'https://www.tensorflow.org/api_docs/python/tf/nn/softmax'
        >>> official_page("keras.Model.fit", "zh")
        'https://tensorflow.google.cn/api_docs/python/tf/keras/Model#fit'
    """
    parts = symbol.split(".")
    parts = ["tf", *parts] if parts[0] == "keras" else parts
    if len(parts) > 2 and parts[-2][0].isupper():  # a method is described on the page of its class
        return _OFFICIAL[language] + "/".join(parts[:-1]) + f"#{parts[-1]}"
    return _OFFICIAL[language] + "/".join(parts)


def _inline_code(root: Element) -> Iterator[tuple[Element, int, Element]]:
    """Every code element with its parent and its place there, outside of what is left alone."""
    for place, child in enumerate(root):
        if child.tag == "code":
            yield root, place, child
        elif child.tag not in _LEFT_ALONE:
            yield from _inline_code(child)
