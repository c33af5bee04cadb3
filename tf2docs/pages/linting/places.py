"""Whether each page is in its place, and readers get on from there: what needs nothing to be run.

The build of the site looks for it, so that a strict one fails, and so does pytest.
"""

from collections.abc import Iterator

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.linting.unused_files import find_strays
from tf2docs.pages.reading.glossary import NAME, read_terms, unclear_mentions, unclear_terms
from tf2docs.pages.reading.mathml import unreadable_formulas
from tf2docs.pages.reading.navigation import absent_from_navigation, dead_links
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.tags import problems_of_tags


def problems_of_site(site: Site) -> Iterator[Problem]:
    """Find what is wrong with the places of all pages, files that are missing, and files that were left behind."""
    try:
        yield from find_strays(site)
        for page in (site.read(path) for language in site.languages for path in site.paths(language)):
            yield from problems_of_place(site, page)
            yield from dead_links(page, made=True)
    except PageError as error:  # a page can't be read
        yield from error.problems


def problems_of_place(site: Site, page: Page) -> Iterator[Problem]:
    """Find what is wrong with a page among the others, its tags, its formulas and the terms that it explains."""
    for path in site.twins(page.path):
        if not path.is_file():
            yield Problem(page.label, 1, f"has no twin; write {site.label(path)}, or remove this page")
    yield from absent_from_navigation(site, page)
    yield from problems_of_tags(site, page)
    yield from unreadable_formulas(page)
    if site.name_of(page.path) == NAME:
        yield from unclear_terms(page)
    elif (path := site.page(site.language_of(page.path), NAME)).is_file():
        yield from unclear_mentions(page, read_terms(site.read(path)))
