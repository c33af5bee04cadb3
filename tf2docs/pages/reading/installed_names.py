"""Which names, and which arguments, the sources of an installed package have.

They are read, never imported.

A page is held to what is installed even where nothing of it runs; importing TensorFlow would take
seconds and is left to the pages' own processes.
"""

import ast
import builtins
import functools
import importlib.util
import keyword
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WORD = re.compile(r"[A-Za-z_]\w*", re.ASCII)
ALWAYS = frozenset([*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names])
"""Names that every Python has."""

_DEFINED = re.compile(
    r"^(?P<indent>(?: {4})?)(?P<kind>(?<! )class|def) (?P<name>\w+)(?:\((?P<inside>.*?)\))?"
    r"(?: -> [^\n]*)?:\n",
    re.M | re.S,
)
_EXPORTED = re.compile(r"^from (\S+) import (\w+)(?: as (\w+))?", re.M)
# folders that hold a package's sources or its exports, where it isn't all of the package
_SOURCES = {"keras": "src", "tensorflow": "_api/v2"}


def folder_of(package: str) -> Path | None:
    """The folder of an installed package."""
    return _folder_of(package, tuple(sys.path))


@functools.lru_cache(maxsize=64)  # every page asks for the same few
def _folder_of(package: str, places: tuple[str, ...]) -> Path | None:
    try:
        found = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    folders = list(found.submodule_search_locations or ()) if found else []
    return Path(folders[0]) if folders else None


@dataclass
class Sources:
    """The definitions in the sources of a package, and its text.

    Attributes:
        text: All of it.
        written: What stands between the brackets of each function, method and class, by its name.
        bases: The bases of each class.
        looked_up: Which identifiers were looked for, and whether they are there.
    """

    text: str
    written: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    bases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    looked_up: dict[str, bool] = field(default_factory=dict)

    def has(self, word: str) -> bool:
        """Whether an identifier stands anywhere in the sources."""
        if word not in self.looked_up:
            self.looked_up[word] = word in self.written or _stands_in(word, self.text)
        return self.looked_up[word]

    def arguments(self, name: str) -> frozenset[str]:
        """The arguments of all that has a name, taken together, and of a class's bases.

        `**` where any is taken.
        """
        names, seen = [name], set()
        found: set[str] = set()
        while names:
            each = names.pop()
            seen.add(each)
            for inside in self.written.get(each, ()):
                found |= set(_arguments(inside))
            names += self.bases.get(each, set()) - seen
        return frozenset(found)


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, not only as a part of others.

    A pattern would take ten times as long.
    """
    place = text.find(word)
    while place >= 0:
        around = f"{text[place - 1 : place]}{text[place + len(word) : place + len(word) + 1]}"
        if not re.search(r"[\w-]", around):
            return True
        place = text.find(word, place + 1)
    return False


@functools.lru_cache(maxsize=16)
def sources_of(package: str) -> Sources:
    """The sources of a package, of TensorFlow's what it exports; empty where it isn't installed.

    Examples:
        >>> here = sources_of("tf2docs")
        >>> here.has("find_definition"), here.has("find" + "_definitions")
        (True, False)
        >>> sorted(sources_of("tf2docs").arguments("set_seed"))
        ['seed']
    """
    texts = list(_texts(package))
    found = Sources("\n".join(texts))
    for text in texts:
        _read_definitions(text, found)
    return found


def _read_definitions(text: str, found: Sources) -> None:
    owner = ""
    for each in _DEFINED.finditer(text):
        name, inside = each["name"], each["inside"] or ""
        if not each["indent"]:
            owner = name if each["kind"] == "class" else ""
        if each["kind"] == "class":
            found.bases[name] |= {base.rpartition(".")[2] for base in re.findall(r"[\w.]+", inside)}
            continue
        found.written[name].add(inside)
        if owner and name in ("__init__", "__new__"):
            found.written[owner].add(inside)
        elif owner and name in ("call", "__call__"):
            found.written[owner].add(f"call, {inside}")


@functools.lru_cache(maxsize=4096)
def _arguments(inside: str) -> tuple[str, ...]:
    """The arguments between a definition's brackets, `**` for any."""
    try:
        (function,) = ast.parse(f"def f({inside}): pass").body
    except SyntaxError:
        return ("**",)
    assert isinstance(function, ast.FunctionDef)
    arguments = function.args
    named = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return (
        *(name for name in named if name not in ("self", "cls")),
        *(["**"] if arguments.kwarg else []),
    )


def _texts(package: str) -> Iterator[str]:
    folder = folder_of(package)
    if folder is None:
        return
    for path in [folder / "__init__.py", *(folder / _SOURCES.get(package, "")).rglob("*.py")]:
        if "compat" not in path.parts and not path.name.endswith("_test.py") and path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")


@functools.lru_cache(maxsize=4096)
def words_behind(symbol: str) -> frozenset[str]:
    """The identifiers in the file that defines what `tf.…` exports.

    Such as the methods of `tf.GradientTape`.
    """
    parts = symbol.split(".")[1:]
    folder = folder_of("tensorflow")
    if folder is None:
        return frozenset()
    for count in range(len(parts), 0, -1):
        *modules, name = parts[:count]
        inside = ("_api", "v2", *modules) if modules else ()
        path = folder.joinpath(*inside, "__init__.py")
        if path.is_file():
            for module, _, shown in _exports(path):
                if shown == name:
                    return _words_in(folder.parent.joinpath(*module.split(".")).with_suffix(".py"))
    return frozenset()


@functools.lru_cache(maxsize=256)
def _exports(path: Path) -> list[tuple[str, str, str]]:
    found = _EXPORTED.findall(path.read_text(encoding="utf-8"))
    return [(module, name, shown or name) for module, name, shown in found]


@functools.lru_cache(maxsize=512)
def _words_in(path: Path) -> frozenset[str]:
    return frozenset(WORD.findall(path.read_text("utf-8"))) if path.is_file() else frozenset()
