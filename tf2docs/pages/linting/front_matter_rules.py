"""Rules for the front matter.

Known keys, values that twins share, an order of lessons, honest minutes.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from tf2docs.pages.lines import split_lines
from tf2docs.pages.reading.navigation import read_navigation
from tf2docs.pages.reading.number_words import numbers_in
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.reading_time import reading_time
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

OWN_KEYS = ("title", "description", "tags", "minutes", "requires", "source")
THEIR_KEYS = ("hide", "icon", "search", "status", "subtitle", "template")  # MkDocs and Material
SPOKEN_KEYS = ("title", "description", "subtitle", "tags")  # in the words of a language

_LEAST, _MOST = 0.5, 1.5  # of what is counted: who knows a part of it reads faster


def unknown_keys(site: Site, page: Page) -> Found:
    """Find the keys of the front matter that nobody reads."""
    for key in page.meta:
        if key not in OWN_KEYS + THEIR_KEYS:
            near = get_close_matches(str(key), OWN_KEYS + THEIR_KEYS, n=1)
            mend = f"is it {near[0]!r}?" if near else f"keys are {', '.join(OWN_KEYS + THEIR_KEYS)}"
            yield line_of_key(page, key), f"nobody reads {key!r} in the front matter; {mend}"


def unreadable_values(site: Site, page: Page) -> Found:
    """Find minutes that are no whole number, and `requires` that names no pages.

    The site couldn't show them.
    """
    minutes = page.meta.get("minutes", 1)
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes < 1:
        line = line_of_key(page, "minutes")
        yield line, f"`minutes` must be a whole number such as 15, not {minutes!r}"
    required = page.meta.get("requires") or []
    if not isinstance(required, list):
        line = line_of_key(page, "requires")
        yield line, f"`requires` must be a list such as [start/line], not {required!r}"
        return
    language = site.language_of(page.path)
    for name in required:
        if not site.page(language, str(name)).is_file():
            names = [site.name_of(path) for path in site.paths(language)]
            near = get_close_matches(str(name), names, n=1)
            mend = f"is it {near[0]}?" if near else "name one as in `nav`, without .md"
            yield (
                line_of_key(page, "requires"),
                f"`requires` names {name!r}, which is no page; {mend}",
            )


def values_beside_twin(site: Site, page: Page) -> Found:
    """Find values of the front matter that aren't the twin's though they aren't words."""
    for path in site.twins(page.path):
        twin = site.read(path) if path.is_file() else page
        for key in page.meta.keys() & twin.meta.keys() - set(SPOKEN_KEYS):
            here, there = page.meta[key], twin.meta[key]
            if here != there:
                yield (
                    line_of_key(page, key),
                    f"`{key}` is {here!r}, in {twin.label} {there!r}; give both the same",
                )


def numbers_beside_twin(site: Site, page: Page) -> Found:
    """Find the title or description whose numbers, in digits or words, aren't the twin's."""
    for path in site.twins(page.path):
        twin = site.read(path) if path.is_file() else page
        for key in page.meta.keys() & twin.meta.keys() & set(SPOKEN_KEYS):
            here, there = (_numbers(each.meta[key]) for each in (page, twin))
            if here != there:
                yield (
                    line_of_key(page, key),
                    f"the numbers of `{key}` are {here or 'none'}, in {twin.label} "
                    f"{there or 'none'}; make them equal",
                )


def _numbers(said: Any) -> list[float]:
    """The numbers of a text, each once; one and two are words of grammar."""
    return sorted({each.value for each in numbers_in(str(said)) if each.value > 2})


def order_of_lessons(site: Site, page: Page) -> Found:
    """Find required pages that stand behind this one in the navigation, or require it in turn."""
    name, order = site.name_of(page.path), list(read_navigation(site) or {})
    for first in _required(page):
        if {f"{name}.md", f"{first}.md"} <= set(order) and order.index(f"{first}.md") > order.index(
            f"{name}.md"
        ):
            yield (
                line_of_key(page, "requires"),
                f"`requires` names {first}, which stands behind this page in the navigation; move "
                "one of them",
            )
    if name in _all_required(site, page):
        line = line_of_key(page, "requires")
        yield line, "this page requires itself by way of others; break the circle"


def dishonest_minutes(site: Site, page: Page) -> Found:
    """Find minutes that are under half or far over what words and code take to read.

    Optional sections and exercises don't count.
    """
    minutes = page.meta.get("minutes")
    raising = sum(block.raises is not None for block in page.blocks)
    looked_up = 3 * raising > len(page.blocks)  # a list of errors is no lesson to read through
    if isinstance(minutes, int) and page.blocks and not looked_up:
        counted = reading_time(page).main
        if not _LEAST * counted <= minutes <= _MOST * counted:
            yield (
                line_of_key(page, "minutes"),
                f"`minutes` is {minutes}, and words and code without exercises and optional "
                f"sections take about {counted:.0f}; write what they take",
            )


def line_of_key(page: Page, key: Any) -> int:
    """Where a key of the front matter stands."""
    lines = enumerate(split_lines(page.text), 1)
    return next((line for line, text in lines if text.startswith(f"{key}:")), 1)


def _required(page: Page) -> list[str]:
    required = page.meta.get("requires") or []
    return [str(name) for name in required] if isinstance(required, list) else []


def _all_required(site: Site, page: Page) -> set[str]:
    """What a page requires, and what that requires in turn."""
    found, open_names = set(), _required(page)
    while open_names:
        name = open_names.pop()
        path = site.page(site.language_of(page.path), name)
        if name not in found and path.is_file():
            found.add(name)
            open_names += _required(site.read(path))
    return found
