"""What a test session carries in pytest's `config`.

Its folder, its options, its runs, what passed before.
"""

import functools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tf2docs.pages.reading.page import Page
from tf2docs.pages.running import session_folder
from tf2docs.pages.running.dependencies import circumstances, remembered
from tf2docs.pages.running.own_caches import as_before
from tf2docs.pages.running.session import Mode, Options, Session
from tf2docs.pages.running.tracing import library_folders

FOLDER = pytest.StashKey[Path]()
"""The folder that all processes of a test session share.

Named from the start, and made for the first page.
"""

HOW_TO_LOAD = (
    "pages are tested with the help of a plugin that isn't loaded; call pytest with -p "
    "tf2docs.pages.testing.plugin, "
    'or write addopts = ["-p", "tf2docs.pages.testing.plugin"] under '
    "[tool.pytest.ini_options] in pyproject.toml"
)

UNTIL = pytest.StashKey[float]()
"""When no page is begun any more, in seconds since 1970."""

_SESSION = pytest.StashKey[Session]()
_PASSED = pytest.StashKey[dict[str, Any]]()
_ENVIRONMENT = pytest.StashKey[Mapping[str, str]]()
_CACHED = "tf2docs/passed"


def name_folder(config: pytest.Config) -> None:
    """Give the session's folder its name.

    A worker takes the one that its controller chose.
    """
    worker = _worker(config)
    config.stash[FOLDER] = Path(worker["tf2docs_folder"]) if worker else session_folder.name()
    with as_before():  # caches of a session's own lie elsewhere every time
        config.stash[_ENVIRONMENT] = dict(os.environ)


def _worker(config: pytest.Config) -> dict[str, Any] | None:
    """What the controller of `pytest -n` told this process; None in the controller."""
    return getattr(config, "workerinput", None)


def is_loaded(config: pytest.Config) -> bool:
    """Whether the plugin is there that the pages need."""
    return FOLDER in config.stash


def remove_folder(config: pytest.Config) -> None:
    """Remove the session's folder, if there were pages to make it for.

    Workers leave that to their controller.
    """
    if FOLDER in config.stash and not hasattr(config, "workerinput"):
        session_folder.remove(config.stash[FOLDER])


def leave_folder(config: pytest.Config) -> None:
    """Let go of the session's folder in a worker whose controller is dead; the last one removes it.

    A controller that lives still reads what is in it, and needn't hold it: no page is run there.
    """
    worker = _worker(config)
    if worker and os.getppid() != worker["tf2docs_controller"]:
        session_folder.leave(config.stash[FOLDER])


def session_of(config: pytest.Config) -> Session:
    """The runs of this test session, prepared as its options ask."""
    if _SESSION not in config.stash:
        folder = config.stash[FOLDER]
        session_folder.hold(folder, shared=_worker(config) is not None)
        progress = functools.partial(_show_progress, config)
        options = options_of(config)
        rests_on = circumstances(options, config.stash[_ENVIRONMENT], _settings(config))
        config.stash[_SESSION] = Session(folder, options, rests_on, progress)
    return config.stash[_SESSION]


def options_of(config: pytest.Config) -> Options:
    """The options of the command line, as the session takes them."""
    names = ("dry_run", "changed", "device", "time_limit")
    given = {name: config.getoption(name) for name in names}
    return Options(mode_of(config), until=config.stash[UNTIL], **given)


def mode_of(config: pytest.Config) -> Mode:
    """What the command line asks for; to write comes before only to compare."""
    asked = (mode for mode in reversed(Mode) if mode.value and config.getoption(mode.value))
    return next(asked, Mode.CHECK)


def remembers(config: pytest.Config) -> bool:
    """Whether there is a cache to remember in which pages passed."""
    return hasattr(config, "cache")


def passed_before(config: pytest.Config, label: str) -> Any:
    """What is known of a page that passed here; the cache is read once a session."""
    if _PASSED not in config.stash:
        found = config.cache.get(_CACHED, {}) if remembers(config) else {}
        config.stash[_PASSED] = found if isinstance(found, dict) else {}
    return config.stash[_PASSED].get(_name(config, label))


def remember_passed(config: pytest.Config, passed: dict[str, tuple[str, str]]) -> None:
    """Remember which pages passed, for `--changed`.

    Args:
        config: The session's.
        passed: The key of each page, and that of its run.
    """
    if not passed or not remembers(config):
        return
    passed_before(config, "")
    for label, (key, name) in passed.items():
        run = session_of(config).finished(name)
        known = remembered(key, run.inputs, run.state) if run else None
        config.stash[_PASSED][_name(config, label)] = known
    config.cache.set(_CACHED, config.stash[_PASSED])


def _name(config: pytest.Config, label: str) -> str:
    """What a page is remembered by: it may have passed on small data and not on the real ones."""
    return f"{label} --full" if config.getoption("full") else label


def _settings(config: pytest.Config) -> list[Path]:
    """The files of pytest's settings, and of the local plugins: every conftest.py among them."""
    files = (getattr(plugin, "__file__", None) for plugin in config.pluginmanager.get_plugins())
    local = {Path(file) for file in files if file and not file.startswith(library_folders())}
    return [*local, *([config.inipath] if config.inipath else [])]


def _show_progress(config: pytest.Config, page: Page, done: int, blocks: int) -> None:
    """One line that tells, on a terminal and while real data make it long, how far a page is."""
    is_shown = sys.__stderr__ is not None and sys.__stderr__.isatty()
    if is_shown and (config.getoption("full") or config.getoption("refresh")):
        end = "\r" if done < blocks else "\r\x1b[K"
        print(
            f"tf2docs: {page.label}: block {done} of {blocks}",
            end=end,
            file=sys.__stderr__,
            flush=True,
        )
