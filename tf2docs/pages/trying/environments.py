"""Environments of their own for the project with another TensorFlow, made by venv and pip.

An environment is used again by who asks for the same once more. One whose making broke off is made
anew.
"""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_EXTRAS = ("tutorials", "check", "docs")  # what a run of the pages imports, TensorFlow aside
_READY = "ready.json"  # written last, into an environment that is complete
_SHOWN = 8  # lines of what pip said
_REPORT_VERSIONS = """
import json, platform, keras, numpy, tensorflow
modules = {module.__name__: module.__version__ for module in (tensorflow, keras, numpy)}
print(json.dumps({"python": platform.python_version(), **modules}))
"""


class InstallError(Exception):
    """An environment couldn't be made; the message says what pip or venv said."""


@dataclass(frozen=True)
class Environment:
    """A Python with the project in it.

    Attributes:
        python: Its interpreter.
        versions: The versions of `python`, `tensorflow`, `keras` and `numpy` there.
    """

    python: str
    versions: dict[str, str]


def asks_for_tensorflow(requirement: Requirement) -> bool:
    """Whether a requirement is TensorFlow, by one of the names that it is published under."""
    return canonicalize_name(requirement.name) in (
        "tensorflow",
        "tensorflow-cpu",
        "tf-nightly",
        "tf-nightly-cpu",
    )


def to_install(
    project: dict[str, Any], asked: Sequence[Requirement], *, loosely: bool = False
) -> list[str]:
    """What pip is asked to install.

    What was asked for, and what the project needs beside TensorFlow.

    TensorFlow brings its own Keras. All else keeps the project's versions, so that a difference is
    TensorFlow's.

    Args:
        project: The table `project` of `pyproject.toml`.
        asked: TensorFlow, and whatever else the pages are to be tried with.
        loosely: Whether the libraries that pages import may have any version.
    """
    left_out = {
        canonicalize_name(name) for name in (project["name"], "keras", *(one.name for one in asked))
    }
    needed = [_smaller(one) for one in asked]
    for extra in _EXTRAS:
        for one in map(Requirement, project["optional-dependencies"][extra]):
            if canonicalize_name(one.name) not in left_out and not asks_for_tensorflow(one):
                needed.append(one.name if loosely and extra == "tutorials" else str(one))
    return needed


def prepare(
    root: Path, asked: Sequence[Requirement], *, python: str, folder: Path, fresh: bool = False
) -> Environment:
    """Make an environment with the project and what was asked for, or take the one there is.

    Args:
        root: The project's folder.
        asked: TensorFlow, and whatever else the pages are to be tried with.
        python: The interpreter to make it with.
        folder: Where environments are kept.
        fresh: Whether to make it anew even if there is one.

    Raises:
        InstallError: pip or venv failed.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = repr((str(root), python, to_install(project, asked)))
    place = folder / f"{_name(asked)}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}"
    _make_folder(folder)
    with FileLock(folder / f"{place.name}.lock"):
        ready = place / _READY
        if fresh or not ready.is_file():
            shutil.rmtree(place, ignore_errors=True)
            environment = _make(root, project, asked, python, place)
            ready.write_text(json.dumps(asdict(environment)), encoding="utf-8")
        return Environment(**json.loads(ready.read_text(encoding="utf-8")))


def _make(
    root: Path, project: dict[str, Any], asked: Sequence[Requirement], python: str, place: Path
) -> Environment:
    print(f"Making {place}, which takes a few minutes", file=sys.stderr, flush=True)
    _call([python, "-m", "venv", str(place)])
    inside = str(place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python"))
    pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        _call([*pip, *to_install(project, asked)])
    except InstallError as error:
        if "ResolutionImpossible" not in str(error):
            raise
        _call([*pip, *to_install(project, asked, loosely=True)])
    _call([*pip, "--no-deps", "--editable", str(root)])
    return Environment(inside, json.loads(_call([inside, "-c", _REPORT_VERSIONS]).splitlines()[-1]))


def _call(command: list[str]) -> str:
    """What a command printed."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise InstallError(f"{command[0]} can't be run: {error.strerror}") from None
    if done.returncode:
        raise InstallError("\n".join(list(_errors(done.stderr or done.stdout))[-_SHOWN:]))
    return done.stdout


def _errors(said: str) -> Iterator[str]:
    """What matters of what pip said: neither warnings nor the list of all versions there are."""
    for line in said.splitlines():
        if line.strip() and not line.startswith(("WARNING", "Looking in", "[notice]")):
            yield f"{line[:300]} …" if len(line) > 300 else line


def _smaller(requirement: Requirement) -> str:
    """The requirement, or TensorFlow for processors alone where that is to be had.

    It is half the size.
    """
    here = (sys.platform, platform.machine())
    plain = (
        canonicalize_name(requirement.name) == "tensorflow"
        and not requirement.extras
        and not requirement.url
    )
    if plain and here == ("linux", "x86_64"):
        return str(requirement).replace(requirement.name, "tensorflow-cpu", 1)
    return str(requirement)


def _name(asked: Sequence[Requirement]) -> str:
    """What was asked for, as the name of a folder."""
    text = "-".join(f"{one.name}{one.specifier}" for one in asked)
    return "".join(
        character if character.isalnum() or character in ".-" else "-" for character in text
    )[:60]


def _make_folder(folder: Path) -> None:
    """Make the folder of all environments, which hides itself from git."""
    if not folder.exists():
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
