"""Whether readers get everywhere: every page stands in the navigation, and every link leads to something.

The navigation is the `nav` of the `mkdocs.yml` beside the pages' folder, if there is one; a page is called there by its
path within the folder of its language.
"""

import functools
import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from posixpath import dirname, normpath
from urllib.parse import unquote

import yaml

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.page import Link, Page, YAMLLoader
from tf2docs.pages.site import Site

_ELSEWHERE = re.compile(r"[A-Za-z][\w+.-]*:|/")
_ANCHOR = re.compile(r"""\{[^{}\n]*#([A-Za-z][\w.-]*)|\bid=["']([^"']+)|^::: (\S+)""", re.MULTILINE)


def absent_from_navigation(site: Site, page: Page) -> Iterator[Problem]:
    """Say so of a page that the navigation doesn't name, where there is one."""
    entries = read_navigation(site)
    name = f"{site.name_of(page.path)}.md"
    if entries is not None and not entries.keys() & {name, f"{site.language_of(page.path)}/{name}"}:
        yield Problem(page.label, 1, f"isn't in the navigation; name {name} under `nav` in mkdocs.yml")


def empty_entries(site: Site) -> Iterator[Problem]:
    """Find what the navigation names and no language has."""
    folders = [site.docs, *(site.docs / language for language in site.languages)]
    for name, line in (read_navigation(site) or {}).items():
        if not any((folder / name).is_file() for folder in folders):
            yield Problem(
                "mkdocs.yml", line, f"the navigation names {name}, which isn't there; write it, or take it out"
            )


def dead_links(page: Page, *, made: bool = False) -> Iterator[Problem]:
    """Find the links and pictures of a page that lead to no file of the site, or to no place in a page.

    Args:
        page: The page.
        made: Whether to look for the files that blocks make, too; where blocks are run, these have checks of their own.
    """
    for link in page.links:
        path, _, anchor = unquote(link.target).partition("#")
        by_a_block = _is_made(page, link, path)
        if _ELSEWHERE.match(path) or (by_a_block and not made):
            continue
        file, label = page.path.parent / path if path else page.path, normpath(f"{dirname(page.label)}/{path}")
        mend = ""
        if not file.is_file():
            make = f"run pytest --refresh {page.label}" if by_a_block else f"put one at {label}, or name another"
            mend = f"there is no such file; {make}"
        elif anchor and file.suffix == ".md" and not _has_anchor(file.read_text(encoding="utf-8"), anchor):
            near = get_close_matches(anchor, _anchors(file.read_text(encoding="utf-8")), n=1)
            end = f"end a heading of {label if path else page.label} with {{ #{anchor} }}, or name another"
            mend = f"nothing there is called so; {f'is it #{near[0]}?' if near else end}"
        if mend:
            yield Problem(page.label, link.line, f"the link to {link.target} leads nowhere: {mend}")


def _is_made(page: Page, link: Link, path: str) -> bool:
    """Whether a block of the page draws or keeps what a link leads to."""
    kept = "assets/files/" in path and Path(path).name in {block.keeps for block in page.blocks}
    return kept or (link.picture and "assets/figures/" in path)


def read_navigation(site: Site) -> dict[str, int] | None:
    """The pages that the navigation names, each with its line; None where there is no navigation.

    Raises:
        PageError: `mkdocs.yml` isn't YAML.
    """
    path = site.docs.parent / "mkdocs.yml"
    return _pages_in(path.read_text(encoding="utf-8")) if path.is_file() else None


@functools.lru_cache(maxsize=8)  # every page asks for it
def _pages_in(configuration: str) -> dict[str, int] | None:
    """The leaves of `nav` that are Markdown. Only composed, so that no tag, such as `!!python/name`, does anything."""
    try:
        root = yaml.compose(configuration, YAMLLoader)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise PageError([Problem("mkdocs.yml", line, "this isn't YAML")]) from None
    settings = root.value if isinstance(root, yaml.MappingNode) else []
    trees = [value for key, value in settings if key.value == "nav"]
    leaves = [leaf for tree in trees for leaf in _leaves(tree) if Path(leaf.value).suffix == ".md"]
    return {leaf.value: leaf.start_mark.line + 1 for leaf in leaves} if trees else None


def _leaves(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    else:
        for child in node.value:
            yield from _leaves(child[1] if isinstance(node, yaml.MappingNode) else child)


@functools.lru_cache(maxsize=512)
def _anchors(text: str) -> tuple[str, ...]:
    """The ids that a page gives, and the names of what it takes from docstrings, which begin the ids made there."""
    return tuple(name for found in _ANCHOR.findall(text) for name in found if name)


def _has_anchor(text: str, anchor: str) -> bool:
    return any(anchor == name or anchor.startswith(f"{name}.") for name in _anchors(text))
