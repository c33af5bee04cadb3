"""Show the package's own source on a page.

A fence whose language is `source` holds the dotted name of something in a package:

    ```source
    tf2docs.models.dense_classifier
    ```

On the site it becomes that definition, highlighted; in the tests it must exist.
"""

import ast
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tf2docs.pages.lines import split_lines


@dataclass(frozen=True)
class Definition:
    """Where a name is defined and how: its module's file, the first line there, and its text."""

    path: Path
    line: int
    text: str


def find_definition(name: str) -> Definition:
    """Find the function, class, method or constant that a dotted name stands for.

    The module's file is read, never imported, so that a page renders without TensorFlow. A name
    that a package only takes over from one of its modules is looked up there.

    Args:
        name: Module and definition, such as `tf2docs.models.dense_classifier`.

    Raises:
        LookupError: there is no such module, or the module doesn't define that name.

    Examples:
        >>> find_definition("tf2docs.pages.reading.definitions.Definition").text.splitlines()[0]
        '@dataclass(frozen=True)'
    """
    path, parts = _find_module(name)
    if not parts:
        raise LookupError(f"{name!r} is a whole module; name a function or a class in it")
    text = path.read_text(encoding="utf-8")
    node: Any = _tree(text)
    if path.name == "__init__.py" and (origin := _origin(node, parts[0])):
        return find_definition(".".join([origin, *parts[1:]]))
    for part in parts:
        found = next(
            (child for child in getattr(node, "body", []) if part in _defined_names(child)), None
        )
        if found is None:
            raise LookupError(
                f"{path.name} doesn't define {'.'.join(parts)!r}, which {name!r} asks for"
            )
        node = found
    first = min(
        [node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))]
    )
    return Definition(path, first, "\n".join(split_lines(text)[first - 1 : node.end_lineno]) + "\n")


@lru_cache(maxsize=64)  # pages quote many definitions of few modules
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


def shorten_docstrings(code: str) -> str:
    """Leave only the first line of each docstring.

    A page shows the code, and its reference the rest.
    """
    lines = split_lines(code)
    for node in sorted(
        ast.walk(ast.parse(code)), key=lambda node: getattr(node, "lineno", 0), reverse=True
    ):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        first, last = node.body[0].lineno, node.body[0].end_lineno
        if ast.get_docstring(node) and last != first:
            lines[first - 1 : last] = [f'{lines[first - 1].rstrip()}"""']
    return "\n".join(lines) + "\n"


def _find_module(name: str) -> tuple[Path, list[str]]:
    """The file of the longest module that `name` begins with, and the names left over."""
    pieces = name.split(".")
    package = importlib.util.find_spec(pieces[0]) if pieces[0].isidentifier() else None
    if package is None or not package.submodule_search_locations:
        raise LookupError(f"there is no package {pieces[0]!r}, which {name!r} asks for")
    path = Path(package.submodule_search_locations[0])
    for count, piece in enumerate(pieces[1:], start=1):
        if (path / f"{piece}.py").is_file():
            return path / f"{piece}.py", pieces[count + 1 :]
        if not (path / piece / "__init__.py").is_file():
            return path / "__init__.py", pieces[count:]
        path = path / piece
    return path / "__init__.py", []


def _origin(module: ast.Module, name: str) -> str | None:
    """Where the face of a package imports a name from, if it does: the dotted name there."""
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                if name == (alias.asname or alias.name):
                    return f"{node.module}.{alias.name}"
    return None


def _defined_names(node: ast.stmt) -> set[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return {target.id for target in targets if isinstance(target, ast.Name)}
