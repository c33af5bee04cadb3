"""Rules for the words in cells of tables: one word has one translation in its table."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tf2docs.pages.linting.style_rules import CHINESE, names_of_terms
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.rows import tables
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]
_Cells = list[tuple[int, str, str]]  # the line, the cell, and the twin's

_WORD = re.compile(r"[^\W\d_]")


def words_of_cells(site: Site, page: Page) -> Found:
    """Find the cells that are translated as another cell of their table is, and not as they are."""
    for cells in _tables_beside_twin(site, page):
        here, there = defaultdict(set), defaultdict(set)
        for _, cell, other in cells:
            here[cell].add(other)
            there[other].add(cell)
        for line, cell, other in cells:
            if len(here[cell]) > 1 and len(there[other]) > 1 and _WORD.search(cell):
                yield (
                    line,
                    f"the cell {cell!r} stands for {_listed(here[cell])} in this table, and "
                    f"{other!r} for {_listed(there[other])}; write what the twin's row has",
                )


def terms_of_cells(site: Site, page: Page) -> Found:
    """Find the cells that name a term of the glossary where the twin's cell names another."""
    english, chinese = names_of_terms(site) if tables(page) else ({}, {})
    for cells in _tables_beside_twin(site, page):
        for line, cell, other in cells:
            term, word = (cell, other) if cell in english else (other, cell)
            named = chinese.get(word.lower())
            if named and term in english and term not in named:
                yield (
                    line,
                    f"the cell {cell!r} stands where the twin has {other!r}, which is another "
                    "term of the glossary; make both say the same",
                )


def _listed(words: set[str]) -> str:
    return " and ".join(map(repr, sorted(words)))


def _tables_beside_twin(site: Site, page: Page) -> Iterator[_Cells]:
    """The cells of each table, beside those of a twin of which one is Chinese."""
    for twin in (site.read(path) for path in site.twins(page.path) if path.is_file()):
        if CHINESE in map(site.language_of, (page.path, twin.path)):
            for table, other in zip(tables(page), tables(twin), strict=False):
                yield [
                    (row.line, cell, its)
                    for row, the_other in zip(table, other, strict=False)
                    for cell, its in zip(row.cells, the_other.cells, strict=False)
                    if cell and its
                ]
