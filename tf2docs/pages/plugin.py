"""What pytest learns from tf2docs: the options, the summary, and the refresh at the end.

pytest loads this in every project of an environment, so it imports nothing that such a project may lack.
"""

import argparse
import contextlib
import functools
import importlib.metadata
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tf2docs.pages import scratch, sharding

FOLDER = pytest.StashKey[Path]()
"""The folder that all processes of a test session share."""

PROGRESS = pytest.StashKey[Callable]()
"""Told the page, how many of its blocks are done, and how many it has."""

TALLY = pytest.StashKey["Tally"]()
PASSED = pytest.StashKey[dict[str, str]]()
_PASSED = "tf2docs/passed"
_MOST_SECONDS = 1_000_000
_COUNTED = ("ran", "failed", "not run", "skipped")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the page tests."""
    group = parser.getgroup("tf2docs", "tf2docs: pages as tests")
    add = group.addoption
    add("--full", action="store_true", help="run pages on the real data and compare their numbers")
    add("--refresh", action="store_true", help="--full, and write records, figures, outputs and numbers that moved")
    add("--dry-run", action="store_true", help="with --refresh: show what would be written, write nothing")
    add("--changed", action="store_true", help="run only pages that changed since they last passed here")
    add("--declare-equal", action="store_true", help="run nothing; say that the languages agree as they are")
    add("--device", choices=("cpu", "gpu"), default="", help="insist on a device (default: what is there)")
    add("--shard", default="", metavar="I/N", help="run the I-th of N shares, by recorded seconds")
    add("--time-limit", type=seconds, default=600.0, metavar="SECONDS", help="what one block may take (default: 600)")
    add("--times", type=int, nargs="?", const=10, default=0, metavar="N", help="list pages and the N slowest blocks")


def seconds(text: str) -> float:
    """A time limit from the command line."""
    number = float(text)
    if not 0 < number <= _MOST_SECONDS:  # `nan` isn't either
        raise argparse.ArgumentTypeError(f"{text} came; give seconds above 0 and up to {_MOST_SECONDS:,}")
    return number


def pytest_configure(config: pytest.Config) -> None:
    """Make the session's folder, or take the one that the controller of this worker made."""
    worker = getattr(config, "workerinput", None)
    config.stash[FOLDER] = Path(worker["tf2docs_folder"]) if worker else scratch.make()
    config.stash[PROGRESS] = functools.partial(_show_progress, config)
    config.stash[TALLY] = Tally()
    config.pluginmanager.register(config.stash[TALLY], "tf2docs-tally")
    if config.getoption("numprocesses", None) and (config.getoption("refresh") or config.getoption("declare_equal")):
        raise pytest.UsageError("--refresh and --declare-equal write files and can't be shared out: leave out -n")
    if config.getoption("shard"):
        try:
            sharding.parse_shard(config.getoption("shard"))
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None
    if config.getoption("dry_run") and not config.getoption("refresh"):
        raise pytest.UsageError("--dry-run goes with --refresh")
    if config.getoption("changed") and (config.getoption("refresh") or not hasattr(config, "cache")):
        raise pytest.UsageError("--changed needs pytest's cache, and doesn't go with --refresh")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's folder."""
    if FOLDER in config.stash and not hasattr(config, "workerinput"):
        scratch.remove(config.stash[FOLDER])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only the pages as a whole where languages are declared equal, or this machine's share."""
    if config.getoption("declare_equal"):
        items[:] = [item for item in items if item.name == "line-1-page"]
    if config.getoption("shard"):
        items[:] = sharding.choose(items, sharding.parse_shard(config.getoption("shard")))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # a class of pytest-xdist, which may not be installed
    """Tell a worker of pytest-xdist the session's folder."""
    node.workerinput["tf2docs_folder"] = str(node.config.stash[FOLDER])


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Keep apart from what was skipped what wasn't run, since a block above failed, and what was only compared."""
    reason = report.longrepr[2] if report.skipped and isinstance(report.longrepr, tuple) else ""
    if "not run: " in reason:
        return "not run", "n", "NOT RUN"
    if "recorded: " in reason:
        return "recorded", "r", "RECORDED"
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Refresh the pages that ran without a failure, and remember which passed."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    if config.getoption("refresh") or config.getoption("declare_equal"):
        from tf2docs.pages import finishing, items  # they need what only the page tests install

        write = finishing.refresh_pages if config.getoption("refresh") else finishing.declare_pages_equal
        config.stash[TALLY].written = write(items.session_of(config))
    elif config.stash[TALLY].passed and hasattr(config, "cache"):
        full = config.getoption("full")
        passed = {label: f"{full} {key}" for label, key in config.stash[TALLY].whole_pages().items()}
        config.cache.set(_PASSED, passed_before(config) | passed)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was really run, on what data, and what was written."""
    full = config.getoption("full") or config.getoption("refresh")
    for line in config.stash[TALLY].summary(full, config.getoption("times")):
        terminalreporter.write_line(f"tf2docs: {line}")


class Tally:
    """What became of the pages and their blocks, gathered from the reports of all processes."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[str, int], tuple[str, float, str]] = {}  # (run, index): status, seconds, place
        self.passed: dict[str, int] = {}  # page: how many of its parts passed
        self.pages: dict[str, tuple[int, str]] = {}  # page: how many parts it has, and its key
        self.provenance: dict[str, str] = {}  # page: the versions it was recorded with, if others are installed
        self.recorded = 0
        self.written: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a report; both languages share a block."""
        if report.when != "call":
            return
        properties = dict(report.user_properties)
        if "block" in properties:
            run, index, *rest = properties["block"]
            self.blocks[run, index] = tuple(rest)
        if "page" in properties:
            label, parts, key = properties["page"]
            self.pages[label] = (parts, key)
            self.provenance[label] = properties["provenance"]
            self.passed[label] = self.passed.get(label, 0) + report.passed
            self.recorded += report.skipped and "recorded: " in str(report.longrepr)

    def whole_pages(self) -> dict[str, str]:
        """The keys of the pages of which every part passed."""
        return {label: key for label, (parts, key) in self.pages.items() if self.passed[label] == parts}

    def summary(self, full: bool, slowest: int) -> list[str]:
        """What to say at the end, a line each."""
        lines = []
        if self.blocks:
            statuses = [status for status, *_ in self.blocks.values()]
            counts = [f"{statuses.count(name)} {name}" for name in _COUNTED if name == "ran" or name in statuses]
            data = "real data, numbers compared" if full else "small data, numbers masked"
            seconds = sum(seconds for _, seconds, _ in self.blocks.values())
            lines.append(f"blocks of pages: {', '.join(counts)} ({data}; {seconds:.1f} s)")
        if self.recorded:
            lines.append(f"{self.recorded} parts of pages recorded: unchanged since they passed here, not run")
        lines += [f"{label} was recorded with {other}" for label, other in self.provenance.items() if other]
        return [*lines, *self._times(slowest), *self.written]

    def _times(self, slowest: int) -> list[str]:
        pages: dict[str, float] = {}
        for _, seconds, place in self.blocks.values() if slowest else ():
            pages[place.rpartition(":")[0]] = pages.get(place.rpartition(":")[0], 0.0) + seconds
        blocks = {place: seconds for _, seconds, place in self.blocks.values()}
        ordered = sorted(blocks.items(), key=lambda item: -item[1])[:slowest]
        return [f"{seconds:8.2f} s  {place}" for place, seconds in (*sorted(pages.items()), *ordered)]


def options_of(config: pytest.Config) -> Any:
    """The options of the command line, as the session takes them."""
    from tf2docs.pages.session import Options

    given = {
        name: config.getoption(name)
        for name in ("refresh", "dry_run", "changed", "declare_equal", "device", "time_limit")
    }
    return Options(full=config.getoption("full") or given["refresh"], **given)


def passed_before(config: pytest.Config) -> dict[str, str]:
    """The keys of the pages that passed here, by page; read from pytest's cache once a session."""
    if PASSED not in config.stash:
        config.stash[PASSED] = config.cache.get(_PASSED, {}) if hasattr(config, "cache") else {}
    return config.stash[PASSED]


@functools.cache
def installed_versions(modules: tuple[str, ...]) -> dict[str, str]:
    """Versions of Python and of what is installed of some modules, which aren't imported."""
    found = {name: next(_versions_of(name), None) for name in modules}
    return {"python": platform.python_version(), **{name: version for name, version in found.items() if version}}


def _versions_of(module: str) -> Iterator[str]:
    """The version of the distribution that brings a module, looked for in the quick places first."""
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        yield importlib.metadata.version(module)
    for distribution in importlib.metadata.distributions():
        if module in (distribution.read_text("top_level.txt") or "").split():
            yield distribution.version
    yield from map(importlib.metadata.version, importlib.metadata.packages_distributions().get(module, ()))


def _show_progress(config: pytest.Config, page: Any, done: int, blocks: int) -> None:
    """One line that tells, on a terminal and while real data make it long, how far a page is."""
    if sys.__stderr__.isatty() and (config.getoption("full") or config.getoption("refresh")):
        end = "\r" if done < blocks else "\r\x1b[K"
        print(f"tf2docs: {page.label}: block {done} of {blocks}", end=end, file=sys.__stderr__, flush=True)
