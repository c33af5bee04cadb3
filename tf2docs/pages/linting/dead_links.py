"""Whether readers get everywhere.

Every page stands in the navigation, and every link leads to something.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote

from tf2docs.pages.errors import Problem
from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.navigation import read_navigation
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.reading.prose import Link
from tf2docs.pages.reading.site import Site

_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]*:|/")


def absent_from_navigation(site: Site, page: Page) -> Iterator[Problem]:
    """Say so of a page that the navigation doesn't name, where there is one."""
    entries = read_navigation(site)
    name = f"{site.name_of(page.path)}.md"
    if entries is not None and not entries.keys() & {name, f"{site.language_of(page.path)}/{name}"}:
        yield Problem(
            page.label, 1, f"isn't in the navigation; name {name} under `nav` in mkdocs.yml"
        )


def empty_entries(site: Site) -> Iterator[Problem]:
    """Find what the navigation names and no language has."""
    folders = [site.docs, *(site.docs / language for language in site.folders)]
    for name, line in (read_navigation(site) or {}).items():
        if not any((folder / name).is_file() for folder in folders):
            yield Problem(
                "mkdocs.yml",
                line,
                f"the navigation names {name}, which isn't there; write it, or take it out",
            )


def dead_links(page: Page, *, made: bool = False) -> Iterator[Problem]:
    """Find the links and pictures of a page that lead nowhere.

    Neither to a file of the site, nor to a place in a page.

    Args:
        page: The page.
        made: Whether to look for the files that blocks make, too; where blocks are run, these have
            checks of their own.
    """
    for link in page.links:
        if mend := _why_dead(page, link, made):
            yield Problem(page.label, link.line, f"the link to {link.target} leads nowhere: {mend}")


def _why_dead(page: Page, link: Link, made: bool) -> str:
    """Why a link leads nowhere, and what to do; empty where it leads somewhere."""
    path, _, anchor = unquote(link.target).partition("#")
    if link.kind == "missing":
        what = "its text" if link.target.startswith("^") else "an address"
        mend = f"nothing is called so; write [{link.target}]: and {what} on a line of its own"
        return "" if _names_a_symbol(link.target) else mend
    by_a_block = _is_made(page, link, path)
    if _ELSEWHERE.match(path) or (by_a_block and not made):
        return ""
    if not link.target:
        return "it is empty; name a page, or an anchor such as #train"
    if link.kind == "html" and path:
        return (
            "HTML's addresses aren't turned into the site's; write Markdown, [text](page.md) or "
            "![text](picture.svg)"
        )
    file, label = (
        page.path.parent / path if path else page.path,
        normpath(f"{dirname(page.label)}/{path}"),
    )
    if not file.is_file():
        make = (
            f"run pytest --refresh {page.label}"
            if by_a_block
            else f"put one at {label}, or name another"
        )
        return f"there is no such file; {make}"
    if not anchor or file.suffix != ".md":
        return ""
    other = page if file == page.path else read_page(file, label, page.conventions)
    anchors = other.anchors
    if any(anchor == name or anchor.startswith(f"{name}.") for name in anchors):
        return ""
    near = get_close_matches(anchor, anchors, n=1)
    end = f"end a heading of {label if path else page.label} with {{ #{anchor} }}, or name another"
    return f"nothing there is called so; {f'is it #{near[0]}?' if near else end}"


def _names_a_symbol(name: str) -> bool:
    """Whether a reference leads to a docstring, by the name of what it belongs to.

    `[words][package.function]`.
    """
    try:
        find_definition(name)
    except LookupError:
        return False
    return True


def _is_made(page: Page, link: Link, path: str) -> bool:
    """Whether a block of the page draws or keeps what a link leads to."""
    kept = "assets/files/" in path and Path(path).name in {block.keeps for block in page.blocks}
    return kept or (link.picture and "assets/figures/" in path)
