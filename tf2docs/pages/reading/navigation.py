"""Read the navigation: the `nav` of the `mkdocs.yml` beside the pages' folder, if there is one.

A page is called there by its path within the folder of its language.
"""

import functools
from collections.abc import Iterator
from pathlib import Path

import yaml

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.reading.page import YAMLLoader, read_text
from tf2docs.pages.reading.site import Site


def read_navigation(site: Site) -> dict[str, int] | None:
    """The pages that the navigation names, each with its line; None where there is no navigation.

    Raises:
        PageError: `mkdocs.yml` isn't YAML, or isn't UTF-8.
    """
    path = site.docs.parent / "mkdocs.yml"
    return _pages_in(read_text(path, path.name)) if path.is_file() else None


@functools.lru_cache(maxsize=8)  # every page asks for it
def _pages_in(configuration: str) -> dict[str, int] | None:
    """The leaves of `nav` that are Markdown.

    Only composed, so that no tag, such as `!!python/name`, does anything.
    """
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
