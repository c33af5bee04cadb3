"""Let pytest collect a site's pages.

Sybil finds what is on them, an item for each part judges it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region, Sybil

from tf2docs.pages.reading.site import Site
from tf2docs.pages.testing.items import JUDGE, PAGE_READ, PageFile, SiteFile
from tf2docs.pages.testing.parts import Part, find_parts
from tf2docs.pages.testing.stash import HOW_TO_LOAD, is_loaded


def pages_as_tests(site: Site) -> Callable[[Path, pytest.Collector], pytest.Collector | None]:
    """Make the hook that lets pytest collect a site's pages.

    Args:
        site: The site. Call this in its `docs/conftest.py`.

    Returns:
        The hook. Name it `pytest_collect_file` there.
    """
    sybil = _Pages(parsers=[_parser(site)], patterns=["*.md"], path=str(site.docs))
    sybil.site = site

    def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        if file_path == site.docs / "conftest.py":
            return SiteFile.from_parent(parent, path=file_path, pages=site)
        if site.holds(file_path) and sybil.should_parse(file_path):
            if not is_loaded(parent.config):
                raise pytest.Collector.CollectError(HOW_TO_LOAD)
            return PageFile.from_parent(parent, path=file_path, sybils=[sybil], site=site)
        return None

    return pytest_collect_file


class _Pages(Sybil):
    """Names the items by line and kind: `line-42-python`."""

    site: Site

    def parse(self, path: Path) -> Document:
        """Read a page; one that can't be read is told with file and line, which Sybil doesn't."""
        self.site.read(path)
        return super().parse(path)

    def identify(self, example: Example) -> str:
        kind, line = example.parsed.kind, example.parsed.line
        column = example.start - example.document.text.rfind("\n", 0, example.start)
        return f"line-{line}-{kind}" + (
            f"-{column}" if kind in ("number", "figure", "symbol") else ""
        )


def _parser(site: Site) -> Callable[[Document], Iterator[Region]]:
    def parse(document: Document) -> Iterator[Region]:
        document.namespace[PAGE_READ] = page = site.read(Path(document.path))
        for part in find_parts(site, page):
            yield Region(part.start, part.end, part, _evaluate)

    return parse


def _evaluate(example: Example) -> str | None:
    """Judge a part; Sybil makes a failure of what is returned."""
    judge: Callable[[Part], str | None] = example.namespace[JUDGE]
    return judge(example.parsed)
