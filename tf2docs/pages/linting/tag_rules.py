"""Rules for tags: each leads from a lesson to others, and is the same in both languages."""

from collections.abc import Iterator
from pathlib import Path

from tf2docs.pages.errors import Problem
from tf2docs.pages.lines import split_lines
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.tags import NAME, anchors, tagged, tags_of

FEWEST = 2  # pages with a tag: one alone leads nowhere


def problems_of_tags(site: Site, page: Page) -> Iterator[Problem]:
    """Find the tags of a page that lead nowhere or aren't its twin's.

    On the page `tags`, find those of too few pages.
    """
    language, line = site.language_of(page.path), _line(page)
    if site.name_of(page.path) == NAME:
        yield from _idle_sections(site, page)
    if not isinstance(page.meta.get("tags", []), list):
        yield Problem(page.label, line, "`tags` must be a list; write tags: [one, another]")
    ours = _ids(site, page)
    unknown = (
        [tag for tag, anchor in ours if not anchor] if site.page(language, NAME).is_file() else []
    )
    for tag in unknown:
        message = (
            f"the tag {tag!r} is no heading of docs/{language}/{NAME}.md; write `## {tag} {{ "
            "#an-english-word }`"
        )
        yield Problem(page.label, line, f"{message} there, or choose one of its headings")
    for path in filter(Path.is_file, site.twins(page.path)):
        twin = site.read(path)
        theirs = _ids(site, twin)
        if [anchor for _, anchor in ours] != [anchor for _, anchor in theirs]:
            here, there = (
                ", ".join(f"{tag} (#{anchor})" for tag, anchor in each) or "none"
                for each in (ours, theirs)
            )
            message = (
                f"the tags are {here}, in {twin.label} {there}; give both the same, in the same "
                "order"
            )
            yield Problem(page.label, line, message)


def _idle_sections(site: Site, page: Page) -> Iterator[Problem]:
    shown = {
        name for fence in page.fences if fence.language == "lessons" for name in fence.text.split()
    }
    for heading in (heading for heading in page.headings if heading.level == 2):
        found = len(tagged(site, site.language_of(page.path), heading.text))
        if found < FEWEST:
            mend = "give it to another, or remove the section and the tag"
            yield Problem(
                page.label, heading.line, f"the tag {heading.text!r} is on {found} pages; {mend}"
            )
        elif f"#{heading.anchor}" not in shown:
            mend = f"write a `lessons` fence below that holds #{heading.anchor}"
            yield Problem(
                page.label,
                heading.line,
                f"the pages with the tag {heading.text!r} aren't shown; {mend}",
            )


def _ids(site: Site, page: Page) -> list[tuple[str, str]]:
    known = anchors(site.docs / site.language_of(page.path))
    return [(tag, known.get(tag.lower(), "")) for tag in tags_of(page)]


def _line(page: Page) -> int:
    """Where the tags stand in the front matter."""
    return next(
        (line for line, text in enumerate(split_lines(page.text), 1) if text.startswith("tags:")), 1
    )
