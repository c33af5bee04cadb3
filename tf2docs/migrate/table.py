"""The table of what became of old code: one row a change, in a TOML file for each group.

The site's table, its filter and the command `python -m tf2docs.migrate` all read it here.
"""

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tf2docs.migrate.patterns import canonical

__all__ = ["GROUPS", "Group", "Part", "Row", "load_groups", "load_rows", "rows_by_rank"]

GROUPS: tuple[str, ...] = (
    "installing",
    "importing",
    "data",
    "building",
    "optimizing",
    "metrics",
    "training",
    "saving",
    "preprocessing",
    "tensorflow-1",
    "devices",
    "numpy",
    "neighbours",
    "upgrade",
)
"""The groups in the order of the table.

Files and pages of the site are named after them.
"""

_CODE = re.compile(r"`[^`]+`")
_FOLDER = Path(__file__).parent / "rows"
_LANGUAGES = ("zh", "en")
_MARKS = re.compile(r"~~|\*\*|\]\(|</?\w+>")  # of Markdown and HTML, which the table would show
_TODAY = re.compile(r"(?:raises|elsewhere) \w+|warns|silent|fixed|elsewhere")
_NEEDED = {"id", "old", "today", "new"}
_LISTS = {"finds", "names", "packages", "said", "says", "works"}
_KNOWN = _NEEDED | _LISTS | {"effect", "fixes", "more", "moves", "since", "there"}


@dataclass(frozen=True)
class Row:
    """What became of one thing in old code.

    Attributes:
        id: The row's name, and the anchor of its proof on the page of its group.
        group: The group's name.
        old: The old code by language, Markdown of words and `code`.
        today: What it does today: `raises NameOfError`, `warns`, `silent` (no error, and it
            does something else), `fixed` (works again), or `elsewhere` (can't be run here), which
            may name its exception too.
        new: What to write instead by language, as `old`.
        effect: By language, what else happens, or why it can't be run here; may be empty.
        since: The version that changed it, where the old one was run too; may be empty.
        finds: Patterns of old code, as `tf2docs.migrate.patterns` reads them.
        names: More names by which a message or a question means this row.
        says: Pieces of the messages that it gives; `…` stands for anything.
        said: The same of other versions, as people quoted them; they weren't run here.
        works: Names that a pattern of this row finds, though they work: `tf.keras` has more than
            `keras`, and some calls still have the argument, `keras.layers.Embedding(output_dim=)`.
        fixes: Patterns of old code that can be rewritten safely, each with what takes its place.
        moves: Old modules, each with the one where what it held is found today, by the same names.
        packages: Packages that the row is about, where an exception came from their code.
        there: Names that are there today; who lacks one has an installation that is too old.
        is_rest: Whether its names are a list of all that is left, and rows of their own come first.
    """

    id: str
    group: str
    old: Mapping[str, str]
    today: str
    new: Mapping[str, str]
    effect: Mapping[str, str]
    since: str
    finds: tuple[str, ...]
    names: tuple[str, ...]
    says: tuple[str, ...]
    said: tuple[str, ...]
    works: frozenset[str]
    fixes: Mapping[str, str]
    moves: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[str, ...] = ()
    there: frozenset[str] = frozenset()
    is_rest: bool = False

    @property
    def raises(self) -> str:
        """The exception that old code raises today, or nothing."""
        kind, _, name = self.today.partition(" ")
        return name if kind in ("raises", "elsewhere") else ""


@dataclass(frozen=True)
class Part:
    """Some rows of a group that is too long to be looked through.

    Attributes:
        title: Its title by language; empty where a group has no parts.
        rows: Its rows, in order.
    """

    title: Mapping[str, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Group:
    """Rows that belong together.

    Attributes:
        name: The group's name, and that of its page.
        title: Its title by language.
        rows: Its rows, in the order of their proofs.
        parts: The same rows as the table shows them.
    """

    name: str
    title: Mapping[str, str]
    rows: tuple[Row, ...]
    parts: tuple[Part, ...]


@functools.cache
def load_groups() -> tuple[Group, ...]:
    """All groups of the table, in order.

    Raises:
        ValueError: A row can't be read; the message names its file and says what is wrong.

    Examples:
        >>> [group.title["en"] for group in load_groups()][0]
        'Installing and versions'
    """
    groups = tuple(map(_read, GROUPS))
    ids = [row.id for group in groups for row in group.rows]
    if twice := {each for each in ids if ids.count(each) > 1}:
        raise ValueError(f"two rows are called {', '.join(sorted(twice))}; give each its own id")
    return groups


def load_rows() -> tuple[Row, ...]:
    """All rows of the table, in order.

    Raises:
        ValueError: A row can't be read; the message names its file and says what is wrong.

    Examples:
        >>> {row.id: row for row in load_rows()}["lr-argument"].today
        'raises ValueError'
    """
    return tuple(row for group in load_groups() for row in group.rows)


def rows_by_rank() -> tuple[Row, ...]:
    """All rows, those whose names are all that is left behind the others.

    Raises:
        ValueError: A row can't be read.
    """
    return tuple(sorted(load_rows(), key=lambda row: row.is_rest))


def _read(name: str) -> Group:
    path = _FOLDER / f"{name}.toml"
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = []
    for number, given in enumerate(content.get("rows", ()), start=1):
        if found := "; ".join(_mistakes(given)):
            raise ValueError(f"{path.name}, row {given.get('id', number)}: {found}")
        rows.append(_row(name, given))
    whole = dict.fromkeys(_LANGUAGES, "") | {"rows": [row.id for row in rows]}
    listed = content.get("parts", [whole])
    if found := "; ".join(_strays(listed, [row.id for row in rows])):
        raise ValueError(f"{path.name}, parts: {found}")
    by_id = {row.id: row for row in rows}
    parts = (Part(_titles(part), tuple(by_id[row] for row in part["rows"])) for part in listed)
    return Group(name, _titles(content), tuple(rows), tuple(parts))


def _titles(content: Mapping[str, Any]) -> Mapping[str, str]:
    return {language: content[language] for language in _LANGUAGES}


def _strays(parts: list[Mapping[str, Any]], rows: list[str]) -> Iterator[str]:
    """What is wrong with parts that don't hold each row once."""
    listed = [row for part in parts for row in part["rows"]]
    if missing := [row for row in rows if row not in listed]:
        yield f"{', '.join(missing)} stands in none, expected each row in one"
    if unknown := [row for row in listed if row not in rows]:
        yield f"no row is called {', '.join(unknown)}"
    if twice := sorted({row for row in listed if listed.count(row) > 1}):
        yield f"{', '.join(twice)} is listed twice"


def _mistakes(given: Mapping[str, Any]) -> Iterator[str]:
    if missing := _NEEDED - given.keys():
        yield f"has no {', '.join(sorted(missing))}"
    if unknown := given.keys() - _KNOWN:
        known = ", ".join(sorted(_KNOWN))
        yield f"has {', '.join(sorted(unknown))}, expected some of {known}"
    if not _TODAY.fullmatch(today := str(given.get("today", "warns"))):
        kinds = "`raises NameOfError`, `warns`, `silent`, `fixed` or `elsewhere`"
        yield f"today is {today!r}, expected {kinds}"
    for key in sorted(_LISTS & given.keys()):
        if not isinstance(given[key], list):
            yield f"{key} is {given[key]!r}, expected a list"
    for key in ("old", "new", "effect"):
        if mark := _MARKS.search(_CODE.sub("", str(given.get(key, "")))):
            yield f"{key} has {mark[0]}, expected words and `code` alone"
        if isinstance(given.get(key), dict) and set(given[key]) != set(_LANGUAGES):
            yield f"{key} has {', '.join(given[key])}, expected a text for each of zh and en"


def _row(group: str, given: Mapping[str, Any]) -> Row:
    more = _more(given["more"]) if "more" in given else {}
    found = more.get("finds", {}).get("names", ())
    working = more.get("works", {}).get("names", ())
    return Row(
        id=given["id"],
        group=group,
        old=_by_language(given["old"]),
        today=given["today"],
        new=_by_language(given["new"]),
        effect=_by_language(given.get("effect", "")),
        since=given.get("since", ""),
        finds=(*given.get("finds", ()), *found),
        names=tuple(given.get("names", ())),
        says=tuple(given.get("says", ())),
        said=tuple(given.get("said", ())),
        works=frozenset([*given.get("works", ()), *working]),
        fixes=given.get("fixes", {}) | more.get("fixes", {}),
        moves=given.get("moves", {}),
        packages=tuple(given.get("packages", ())),
        there=_there(given["there"]) if "there" in given else frozenset(),
        is_rest="more" in given,
    )


def _more(name: str) -> dict[str, Any]:
    """The patterns of a row that has too many of them to stand beside it."""
    return tomllib.loads((_FOLDER.parent / name).read_text(encoding="utf-8"))


def _there(name: str) -> frozenset[str]:
    """All names of a file that has those of each module in one text."""
    modules = _more(name).items()
    paths = (f"{module}.{each}" for module, names in modules for each in names.split())
    return frozenset(map(canonical, paths))


def _by_language(text: str | Mapping[str, str]) -> Mapping[str, str]:
    return dict.fromkeys(_LANGUAGES, text) if isinstance(text, str) else text
