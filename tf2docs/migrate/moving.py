"""Modules that are gone, while what they held is found in another one, by the same names."""

import ast
import functools
import tomllib
from pathlib import Path

from tf2docs.migrate.patterns import canonical
from tf2docs.migrate.table import load_rows

__all__ = ["moved_import", "moved_name", "names_today"]

_NAMES = Path(__file__).with_name("names_there.toml")


def moved_name(path: str) -> str:
    """The name that a dotted one has today, if its module moved; empty where it hasn't.

    Args:
        path: The name as the table writes it.

    Examples:
        >>> moved_name("keras.layers.core.Dense"), moved_name("keras.layers.core.Gone")
        ('keras.layers.Dense', '')
    """
    module, _, name = path.rpartition(".")
    new = _moves().get(module, "")
    return f"{new}.{name}" if name in names_today().get(new, ()) else ""


def moved_import(node: ast.ImportFrom) -> tuple[str, str]:
    """What an import must say today: the text that changes, and what takes its place.

    Args:
        node: `from … import …`, whose module moved, or which imports one module that did.

    Returns:
        Both empty where nothing moved, or not all of it to one place.

    Examples:
        >>> moved_import(ast.parse("from tensorflow.keras.layers.core import Dense").body[0])
        ('tensorflow.keras.layers.core', 'tensorflow.keras.layers')
        >>> moved_import(ast.parse("from keras.utils import np_utils").body[0])
        ('keras.utils import np_utils', 'keras import utils as np_utils')
    """
    module = node.module or ""
    paths = [canonical(f"{module}.{alias.name}") for alias in node.names]
    homes = {moved_name(path).rpartition(".")[0] for path in paths}
    if len(homes) == 1 and (home := homes.pop()):
        return module, _as_spelled(home, module)
    alias = node.names[0]
    if len(node.names) > 1 or not (home := _moves().get(paths[0], "")) or "." not in home:
        return "", ""
    package, _, name = home.rpartition(".")
    old = f"{module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
    return old, f"{_as_spelled(package, module)} import {name} as {alias.asname or alias.name}"


@functools.cache
def names_today() -> dict[str, frozenset[str]]:
    """The public names of the modules in which moved things are found."""
    content = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    return {module: frozenset(names.split()) for module, names in content.items()}


@functools.cache
def _moves() -> dict[str, str]:
    return {old: new for row in load_rows() for old, new in row.moves.items()}


def _as_spelled(module: str, like: str) -> str:
    """A module of Keras, reached through TensorFlow where the file did so."""
    return f"tensorflow.{module}" if like.startswith("tensorflow.") else module
