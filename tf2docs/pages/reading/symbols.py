"""Names of the library that a page mentions.

Those in inline code, and those in the comments of its code.
"""

import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tf2docs.pages.lines import outside
from tf2docs.pages.reading.page import Page


@dataclass(frozen=True)
class Symbol:
    """A dotted name in inline code, such as `keras.Input`, and whether it is struck out.

    ~~`tf.estimator`~~.

    Attributes:
        name: The dotted name, without what may follow it in the code.
        gone: Whether the page says that it doesn't exist any more.
        line: Its line.
        start: Where it begins in the page's text.
        end: Where it ends.
    """

    name: str
    gone: bool
    line: int
    start: int
    end: int


def symbols_in_prose(page: Page, roots: Iterable[str]) -> list[Symbol]:
    """The inline code that begins with one of the roots, such as `tf`, and a dot."""
    pattern, prose, symbols = _dotted(roots), page.prose, []
    pictures = [(link.start, link.end) for link in page.links if link.picture]
    for start, end in outside(page.code, pictures):
        found = pattern.match(prose[start:end].strip("` "))
        if found:
            struck = prose[start - 2 : start] == prose[end : end + 2] == "~~"
            symbols.append(Symbol(found[0], struck, page.line_of(start), start, end))
    return symbols


def symbols_in_comments(code: str, roots: Iterable[str]) -> list[str]:
    """The same in the comments of a piece of code, each once, in order."""
    found = (name for _, comment in find_comments(code) for name in _dotted(roots).findall(comment))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)  # a page and its twin, and several checks, ask for the same code's
def find_comments(code: str) -> list[tuple[int, str]]:
    """The comments of a piece of code, each with its line; none where it isn't Python.

    Examples:
        >>> find_comments("x = 1  # one")
        [(1, '# one')]
    """
    if "#" not in code:
        return []
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def _dotted(roots: Iterable[str]) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w.])(?:{'|'.join(map(re.escape, roots)) or '(?!)'})(?:\.[A-Za-z_]\w*)+", re.ASCII
    )
