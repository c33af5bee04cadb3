"""Everything on a page that is checked, from top to bottom."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.symbols import symbols_in_prose


@dataclass(frozen=True)
class Part:
    """Something on a page that is checked.

    Attributes:
        kind: `page`, `python`, `output`, `source`, `symbol`, `number` or `figure`.
        thing: What the page has there.
        line: Its line.
        start: Where it begins in the page's text.
        end: Where it ends.
        block: The index of the block that it is or rests on, if any.
    """

    kind: str
    thing: Any
    line: int
    start: int
    end: int
    block: int | None = None


def find_parts(site: Site, page: Page) -> Iterator[Part]:
    """Find what is checked on a page, the page as a whole first."""
    yield Part("page", page, 1, 0, 0)
    for block in page.blocks:
        yield _part("python", block, block.fence, block.index)
        if block.output:
            yield _part("output", block, block.output, block.index)
    for fence in page.sources:
        yield _part("source", fence, fence)
    for symbol in symbols_in_prose(page, site.symbols):
        yield _part("symbol", symbol, symbol)
    for number in page.numbers:
        # the page's grammar says what is wrong with the others
        if number.expression and number.after:
            yield _part("number", number, number, number.after - 1)
    for link in page.links:
        if link.picture and "assets/figures/" in link.target:
            yield _part("figure", link, link)


def _part(kind: str, thing: Any, place: Any, block: int | None = None) -> Part:
    return Part(kind, thing, place.line, place.start, place.end, block)
