"""What is wrong with a page among the others: its twins, the navigation, where it leads, what it imports and skips."""

from collections.abc import Iterator
from pathlib import Path

from tf2docs.pages.errors import Problem
from tf2docs.pages.linting.ledger import read_ledger, stale_sections
from tf2docs.pages.linting.lesson_rules import excess_skips, untaught_imports
from tf2docs.pages.linting.places import problems_of_place
from tf2docs.pages.linting.twins import differences
from tf2docs.pages.reading.navigation import dead_links
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Site
from tf2docs.pages.running.session import Options


def problems_among_others(site: Site, page: Page, options: Options) -> Iterator[Problem]:
    """Find what the rest of the site has against a page. What is about to be written anew doesn't count."""
    yield from problems_of_place(site, page)
    for path in filter(Path.is_file, site.twins(page.path)):
        twin = site.read(path)
        yield from differences(page, twin, claims=not options.refresh)
        if not (options.declare_equal or options.refresh):
            yield from _stale_sections(site, page, twin)
    yield from dead_links(page)
    yield from untaught_imports(site, page)
    yield from excess_skips(site, page)


def _stale_sections(site: Site, page: Page, twin: Page) -> Iterator[Problem]:
    path = site.ledger(site.name_of(page.path))
    return stale_sections(site.language_of(page.path), page, twin, read_ledger(path, site.label(path)))
