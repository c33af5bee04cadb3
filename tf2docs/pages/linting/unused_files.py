"""What belongs to no page of a site: files that were left behind, and entries of the navigation."""

from collections.abc import Iterator
from pathlib import Path

from tf2docs.pages.errors import Problem
from tf2docs.pages.linting.dead_links import empty_entries
from tf2docs.pages.reading.fence_options import RECORD_FENCES
from tf2docs.pages.reading.site import Site


def find_unused(site: Site) -> list[Problem]:
    """Find what was made for pages that are gone.

    Also the pages that the navigation names in vain.
    """
    return [
        *_empty_languages(site),
        *empty_entries(site),
        *(Problem(site.label(path), 1, "belongs to no page; remove it") for path in _left(site)),
    ]


def _empty_languages(site: Site) -> Iterator[Problem]:
    """Say so of a language without pages, whose tests would be none."""
    for language in site.folders:
        if not site.paths(language):
            folder = site.label(site.docs / language)
            mend = (
                f"take {language!r} out of languages" if language else "name another folder as docs"
            )
            message = f"there is no page in {folder}; write one, or {mend}"
            yield Problem(site.label(site.docs / "conftest.py"), 1, message)


def _left(site: Site) -> Iterator[Path]:
    named = {site.name_of(path) for language in site.folders for path in site.paths(language)}
    kept = (
        {site.record(name) for name in named}
        | {site.ledger(name) for name in named}
        | set(_shown_records(site))
    )
    for folder in ("records", "ledger"):
        yield from sorted(set((site.docs / folder).rglob("*.json")) - kept)
    for made in (site.docs / "assets" / "figures", site.docs / "assets" / "files"):
        for path in sorted(made.rglob("*.*")):
            if path.parent.relative_to(made).as_posix() not in named:
                yield path


def _shown_records(site: Site) -> Iterator[Path]:
    """Records that no run of a page wrote: a fence, such as `versions`, names what it shows."""
    fences = (fence for path in site.paths(site.folders[0]) for fence in site.read(path).fences)
    yield from (
        site.docs / fence.text.strip() for fence in fences if fence.language in RECORD_FENCES
    )
