"""The rooms of `tf2docs.pages`.

Which may import which, so that one can be read without those that rest on it.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tf2docs.pages

HOUSE = Path(tf2docs.pages.__path__[0])
# modules that every room may import
GROUND = {"errors", "lines", "comparing", "atomic_files", "secrecy"}
ALLOWED = {  # each room, and those below it
    "reading": set(),
    "running": {"reading"},
    "linting": {"reading"},
    "checking": {"reading", "running"},
    "refreshing": {"reading", "running", "linting", "checking"},
    "downloads": {"reading"},
    # builds the site where there is neither pytest nor TensorFlow
    "showing": {"reading", "linting", "downloads"},
    "testing": {"reading", "running", "linting", "checking", "refreshing"},
    "trying": {"reading"},
}
ROOMS = {path.name for path in HOUSE.iterdir() if (path / "__init__.py").is_file()}


def imported(code):
    """The rooms and the modules of the ground that a module imports, wherever it does."""
    for node in ast.walk(ast.parse(code)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import hides which room it is"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name.split(".")[2] for name in names if name.startswith("tf2docs.pages."))


def modules(folder):
    return [
        path for path in sorted(folder.glob("*.py")) if path.stem not in ("__init__", "__main__")
    ]


def test_every_module_stands_in_a_room_of_the_table_or_on_the_ground():
    assert set(ALLOWED) == ROOMS
    assert {path.stem for path in modules(HOUSE)} == GROUND


@pytest.mark.parametrize("room", ALLOWED)
def test_a_room_imports_only_those_below_it(room):
    for path in modules(HOUSE / room):
        beyond = set(imported(path.read_text("utf-8"))) - ALLOWED[room] - GROUND - {room}
        assert not beyond, (
            f"{path.relative_to(HOUSE)} imports {', '.join(sorted(beyond))}; see ALLOWED"
        )


def test_the_ground_imports_no_room():
    assert {each for path in modules(HOUSE) for each in imported(path.read_text("utf-8"))} <= GROUND


def test_no_room_is_below_itself():
    below = {room: set(rooms) for room, rooms in ALLOWED.items()}
    while free := [room for room, rooms in below.items() if not rooms & below.keys()]:
        for room in free:
            del below[room]
    assert below == {}


def test_no_module_has_the_name_of_another():
    names = [path.stem for path in HOUSE.rglob("*.py") if path.stem not in ("__init__", "__main__")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_site_is_shown_without_pytest_and_what_runs_pages():
    names = [f"tf2docs.pages.showing.{path.stem}" for path in modules(HOUSE / "showing")]
    unwanted = {
        "pytest",
        "filelock",
        "tensorflow",
        "keras",
        "tf2docs.pages.running",
        "tf2docs.pages.testing",
    }
    code = f"import sys, {', '.join(names)}; print({unwanted} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
