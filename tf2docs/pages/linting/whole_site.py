"""Everything that is wrong with a site though nothing is run.

The strict build asks for it, and so does pytest.
"""

from collections.abc import Iterator
from pathlib import Path

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.linting.catalogue import problems_of_checks, problems_of_settings
from tf2docs.pages.linting.dead_links import absent_from_navigation, dead_links
from tf2docs.pages.linting.formula_rules import unreadable_formulas
from tf2docs.pages.linting.ledger import read_ledger, stale_sections
from tf2docs.pages.linting.lesson_rules import excess_skips, untaught_imports
from tf2docs.pages.linting.tag_rules import problems_of_tags
from tf2docs.pages.linting.term_rules import unclear_mentions, unclear_terms
from tf2docs.pages.linting.twins import differences
from tf2docs.pages.linting.unused_files import find_unused
from tf2docs.pages.reading.glossary import NAME, read_terms
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Site


def problems_of_site(site: Site) -> Iterator[Problem]:
    """Find what fails the strict build.

    What is wrong with each page, and files that are missing or left behind.
    """
    try:
        yield from find_unused(site)
        yield from problems_of_settings(site)
        for page in (site.read(path) for language in site.folders for path in site.paths(language)):
            yield from problems_of_page(site, page)
            yield from dead_links(page, made=True)
    except PageError as error:  # a page can't be read
        yield from error.problems


def problems_of_page(site: Site, page: Page) -> Iterator[Problem]:
    """Find what is wrong with a page's place among others, tags, formulas and terms.

    And all that has a code.
    """
    for path in site.twins(page.path):
        if not path.is_file():
            yield Problem(
                page.label, 1, f"has no twin; write {site.label(path)}, or remove this page"
            )
    yield from absent_from_navigation(site, page)
    yield from problems_of_tags(site, page)
    yield from unreadable_formulas(page)
    yield from problems_of_checks(site, page)
    if site.name_of(page.path) == NAME:
        yield from unclear_terms(page)
    elif (path := site.page(site.language_of(page.path), NAME)).is_file():
        yield from unclear_mentions(page, read_terms(site.read(path)))


def problems_among_others(
    site: Site, page: Page, *, claims: bool, ledger: bool
) -> Iterator[Problem]:
    """Find what is wrong with a page beside the rest of the site, its twins above all.

    Args:
        site: The page's site.
        page: The page.
        claims: Whether outputs, numbers and figures must be its twin's, too; not where they are
            about to be written.
        ledger: Whether both texts must be declared equal.
    """
    yield from problems_of_page(site, page)
    for path in filter(Path.is_file, site.twins(page.path)):
        twin = site.read(path)
        yield from differences(page, twin, claims=claims)
        if ledger:
            yield from _stale_sections(site, page, twin)
    yield from dead_links(page)
    yield from untaught_imports(site, page)
    yield from excess_skips(site, page)


def _stale_sections(site: Site, page: Page, twin: Page) -> Iterator[Problem]:
    path = site.ledger(site.name_of(page.path))
    return stale_sections(
        site.language_of(page.path), page, twin, read_ledger(path, site.label(path))
    )
