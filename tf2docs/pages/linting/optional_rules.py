"""Rules for optional sections: who passes them over misses nothing that comes later."""

from collections.abc import Iterator

from tf2docs.pages.reading.names_of_code import names_of_code
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.sections import Stretch, stretches
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]


def names_of_optional_sections(site: Site, page: Page) -> Found:
    """Find the names that only an optional section defines, and a later one of the main path uses.

    An exercise may need such a section, where the exercises have a link to it.
    """
    sections = stretches(page)
    if not any(section.optional for section in sections):
        return
    main: set[str] = set()  # the names that everybody has
    optional: dict[str, Stretch] = {}  # the others, each with the last section that defines it
    for block in page.blocks:
        section = next(each for each in sections if block.fence.line in each)
        names = names_of_code(block.fence.text)
        if section.optional:
            optional |= dict.fromkeys(names.defined, section)
            continue
        for name, line in sorted(names.used.items()):
            maker = optional.get(name)
            if maker and name not in main and not _says_so(page, section, maker):
                yield block.fence.line + line, _stuck(name, maker)
        main |= names.defined


def _says_so(page: Page, section: Stretch, needed: Stretch) -> bool:
    """Whether exercises lead to the optional section that they need."""
    exercises = [each for each in stretches(page) if each.exercise]
    return section.exercise and any(
        link.target == f"#{needed.anchor}" and link.line in each
        for link in page.links
        for each in exercises
    )


def _stuck(name: str, maker: Stretch) -> str:
    return (
        f"`{name}` is defined in the optional section #{maker.anchor} on line {maker.line} alone, "
        "and who passes it over is stuck here; define it on the main path, or make this section "
        "optional, too (an exercise may have a link to that section instead)"
    )
