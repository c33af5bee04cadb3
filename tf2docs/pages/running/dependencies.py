"""What a page's verdicts rest on, so that a page of which nothing changed needn't be run again.

Two halves: what can be said before a run, in one key; and what the run itself asked for, noted
while it ran, which is looked up again. What can't be known, such as what other programs read that a
page starts, means that it is run.
"""

import contextlib
import datetime
import functools
import hashlib
import importlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from tf2docs.pages.atomic_files import read_bytes
from tf2docs.pages.comparing import hides_parts_of_lines
from tf2docs.pages.reading.code_keys import block_keys, normal_form
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Data, Site
from tf2docs.pages.reading.symbols import symbols_in_comments, symbols_in_prose
from tf2docs.pages.running.jobs import Inputs
from tf2docs.pages.running.tracing import is_below, library_folders

_HARNESS = Path(__file__).parents[1]
_LARGE = 2**26  # bytes from which a file's size and time stand for its content
# environment variables that differ from shell to shell and mean nothing to a page
_OF_THE_TERMINAL = {
    *(
        "COLUMNS",
        "DBUS_SESSION_BUS_ADDRESS",
        "GPG_TTY",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "LINES",
        "OLDPWD",
        "PS1",
    ),
    *(
        "PWD",
        "SHLVL",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "SSH_TTY",
        "STY",
        "TERM",
        "TERM_SESSION_ID",
        "TMUX",
        "TMUX_PANE",
    ),
    *("WINDOWID", "XDG_SESSION_ID", "_"),
}


def page_key(
    site: Site, page: Page, circumstances: tuple[Any, ...], data: Data, folder: Path
) -> str:
    """A key of what a run of a page and its verdicts rest on.

    As far as that can be said before it runs.

    Args:
        site: The page's site.
        page: The page.
        circumstances: What the whole session rests on.
        data: The data that pages are run on.
        folder: The folder that holds them.
    """
    outputs = [
        (dict(block.output.options), hides_parts_of_lines(block.output.text))
        if block.output
        else None
        for block in page.blocks
    ]
    numbers = sorted(
        (number.after, number.expression, number.format, number.rtol, number.atol)
        for number in page.numbers
    )
    comments = [symbols_in_comments(block.fence.text, site.symbols) for block in page.blocks]
    symbols = sorted(
        {(symbol.name, symbol.gone) for symbol in symbols_in_prose(page, site.symbols)}
    )
    code = (block_keys(page.blocks), [block.fence.options for block in page.blocks], outputs)
    record = _digest(read_bytes(site.record(site.name_of(page.path))) or b"")
    beside = sorted((name, _state(file)) for name, file in site.files_beside(page.path).items())
    made = (_data_state(folder), _without(folder, data.environment), data.checksums, beside)
    return _digest(
        repr((code, numbers, comments, symbols, record, made, _settings(site), circumstances))
    )


def circumstances(
    options: Any, environment: Mapping[str, str], settings: list[Path]
) -> tuple[Any, ...]:
    """What every verdict of a session rests on.

    The day, the machine, what is installed, what pytest was told.

    Args:
        options: What the session was asked for.
        environment: The environment variables, before anything changed them.
        settings: The files of pytest's own settings and of the local plugins.
    """
    machine = (
        platform.node(),
        platform.machine(),
        os.cpu_count(),
        sorted(map(str, Path("/dev").glob("nvidia[0-9]*"))),
    )
    asked = (options.mode.has_real_data, options.device, options.time_limit)
    files = [(str(path), _digest(read_bytes(path) or b"")) for path in sorted(settings)]
    variables = sorted((name, value) for name, value in environment.items() if _matters(name))
    here = (datetime.date.today().isoformat(), sys.version, machine)
    return (
        *here,
        asked,
        files,
        _digest(repr(variables)),
        _harness(_HARNESS),
        installed(tuple(sys.path)),
    )


def state_of(inputs: Inputs | None) -> str | None:
    """A key of what a run asked for, as it is now; None where that can't be known."""
    if inputs is None or inputs.unknown:
        return None
    importlib.invalidate_caches()
    folders = {Path(source).parent for source in inputs.sources} - set(map(Path, sys.path))
    beside = sorted(path for folder in folders for path in _beside(folder))
    found = (
        [(name, _where(name)) for name in inputs.modules],
        [(source, _meaning(Path(source))) for source in inputs.sources],
        [(str(path), _state(path)) for path in (*beside, *map(Path, inputs.files))],
        [(path, _look(Path(path))) for path in inputs.looked_for],
    )
    return _digest(repr(found))


def is_unchanged(known: Any, key: str) -> bool:
    """Whether nothing changed of what a page rested on when it passed.

    Args:
        known: What was remembered of it then, see `remembered`; anything else means that it
            changed.
        key: Its key now.
    """
    try:
        inputs = Inputs.from_message({**known, "unknown": ""})
        return (
            known["key"] == key
            and known["state"] is not None
            and known["state"] == state_of(inputs)
        )
    except (TypeError, KeyError):
        return False


def remembered(key: str, inputs: Inputs | None, state: str | None) -> dict[str, Any] | None:
    """What to remember of a page that passed; nothing where it has to be run in any case."""
    if inputs is None or state is None:
        return None
    return {
        "key": key,
        "state": state,
        "modules": inputs.modules,
        "sources": inputs.sources,
        "files": inputs.files,
        "looked_for": inputs.looked_for,
    }


@functools.lru_cache(maxsize=8)
def installed(paths: tuple[str, ...]) -> str:
    """A key of everything that is installed: names, versions, and when they were."""
    found = [
        info
        for path in paths
        for kind in ("dist", "egg")
        for info in Path(path).glob(f"*.{kind}-info")
    ]
    return _digest(repr([(str(info), _stamp(info / "RECORD")) for info in sorted(found)]))


def _settings(site: Site) -> list[tuple[str, str]]:
    values = {field.name: getattr(site, field.name) for field in fields(site)}
    return [
        (name, getattr(value, "__qualname__", None) or _plain(value))
        for name, value in values.items()
    ]


def _plain(value: Any) -> str:
    return repr(sorted(value)) if isinstance(value, set | frozenset) else repr(value)


def _without(folder: Path, environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Environment variables whatever the folder of the data is called this time."""
    return sorted(
        (name, value.replace(str(folder), "<data>")) for name, value in environment.items()
    )


def _data_state(folder: Path) -> list[tuple[str, str]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), _digest(path.read_bytes())) for path in paths]


def _matters(variable: str) -> bool:
    return variable not in _OF_THE_TERMINAL and not variable.startswith(("PYTEST_", "VSCODE_"))


@functools.lru_cache(maxsize=8)
def _harness(folder: Path) -> str:
    files = sorted(folder.rglob("*.py"))
    return _digest(
        repr([(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files])
    )


def _where(name: str) -> str:
    """Where a module would be imported from, without importing it or the package that it is in."""
    path, origin = None, None
    parts = name.split(".")
    for count in range(1, len(parts) + 1):
        spec = _spec(".".join(parts[:count]), path)
        if spec is None:
            return ""
        path, origin = spec.submodule_search_locations, spec.origin
    return origin or repr(list(path or ()))


def _spec(name: str, path: Any) -> Any:
    # what is in a package is found on its path; finders of others know where packages are
    for finder in sys.meta_path if path is None else (PathFinder,):
        with contextlib.suppress(Exception):  # finders of others
            if spec := finder.find_spec(name, path):
                return spec
    return None


def _beside(folder: Path) -> Iterator[Path]:
    """What lies in a package beside its code, such as tables that it reads."""
    if folder.is_dir() and not any(is_below(str(folder), library) for library in library_folders()):
        yield from (
            path
            for path in folder.iterdir()
            if path.is_file() and path.suffix not in (".py", ".pyc")
        )


def _meaning(source: Path) -> str:
    code = read_bytes(source)
    return "missing" if code is None else _digest(normal_form(code.decode("utf-8", "replace")))


def _state(path: Path) -> str:
    if path.is_dir():
        return repr(sorted(each.name for each in path.iterdir() if each.name != "__pycache__"))
    if not path.is_file():
        return "missing"
    return _stamp(path) if path.stat().st_size > _LARGE else _digest(path.read_bytes())


def _look(path: Path) -> str:
    """What is seen of a path without opening it."""
    if path.is_file():
        return f"a file of {path.stat().st_size}"
    return "a folder" if path.is_dir() else "missing"


def _stamp(path: Path) -> str:
    with contextlib.suppress(OSError):
        return f"{path.stat().st_size} {path.stat().st_mtime_ns}"
    return "missing"


def _digest(content: str | bytes) -> str:
    data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()[:16]
