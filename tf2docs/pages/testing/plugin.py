"""What pytest learns from tf2docs: the options, the summary, and the refresh at the end.

A project that has pages names this plugin, `addopts = ["-p", "tf2docs.pages.testing.plugin"]`. It
is no entry point: who has tf2docs installed and no pages is left alone.
"""

import argparse
import datetime
import math
import os
import time
from collections.abc import Callable
from typing import Any

import pytest

from tf2docs.pages.refreshing import session_end
from tf2docs.pages.running.session import Mode
from tf2docs.pages.testing import budget, sharding
from tf2docs.pages.testing.stash import (
    FOLDER,
    UNTIL,
    leave_folder,
    mode_of,
    name_folder,
    remember_passed,
    remove_folder,
    session_of,
)
from tf2docs.pages.testing.tally import PAGE, Tally

TALLY = pytest.StashKey[Tally]()
_MOST_SECONDS = 1_000_000
_SLOWEST = 10  # blocks that --times lists where it isn't told how many
_BROKEN_OFF = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the page tests."""
    group = parser.getgroup("tf2docs", "tf2docs: pages as tests")
    add = group.addoption
    add("--full", action="store_true", help="run pages on the real data and compare their numbers")
    add(
        "--refresh",
        action="store_true",
        help="--full, and write records, figures, outputs and numbers that moved",
    )
    add(
        "--dry-run",
        action="store_true",
        help="with --refresh or --declare-equal: show what would be written, write nothing",
    )
    add(
        "--changed",
        action="store_true",
        help="run only pages that changed since they last passed here",
    )
    add(
        "--declare-equal",
        action="store_true",
        help="run nothing; say that the languages agree as they are",
    )
    add(
        "--device",
        choices=("cpu", "gpu"),
        default="",
        help="insist on a device (default: what is there)",
    )
    add("--shard", default="", metavar="I/N", help="run the I-th of N shares, by recorded seconds")
    add(
        "--budget",
        default="",
        metavar="TIME",
        help="begin pages for so long, such as 20m: those recorded last, then the others by turns",
    )
    add(
        "--time-limit",
        type=seconds,
        default=600.0,
        metavar="SECONDS",
        help="what one block may take (default: 600)",
    )
    times = f"list pages and the N slowest blocks (default: {_SLOWEST})"
    add("--times", nargs="?", const=str(_SLOWEST), default="0", metavar="N", help=times)


def seconds(text: str) -> float:
    """A time limit from the command line."""
    number = float(text)
    if not 0 < number <= _MOST_SECONDS:  # `nan` isn't either
        raise argparse.ArgumentTypeError(
            f"{text} came; give seconds above 0 and up to {_MOST_SECONDS:,}"
        )
    return number


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(args: list[str]) -> None:
    """Keep `--times docs` from taking what is to be tested for its number."""
    for place, (option, following) in enumerate(zip(args, [*args[1:], ""], strict=True)):
        if option == "--times" and not following.lstrip("-").isdigit():
            args[place] = f"--times={_SLOWEST}"


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that don't go together, and begin to count."""
    _check_options(config.getoption)
    if config.getoption("changed") and not hasattr(config, "cache"):
        raise pytest.UsageError("--changed needs pytest's cache; leave out -p no:cacheprovider")
    name_folder(config)
    config.stash[UNTIL] = _until(config)
    config.stash[TALLY] = Tally(config.getoption("budget"))
    config.pluginmanager.register(config.stash[TALLY], "tf2docs-tally")


def _until(config: pytest.Config) -> float:
    """When the budget is spent; a worker takes the time of its controller, which began earlier."""
    if not config.getoption("budget"):
        return math.inf
    worker = getattr(config, "workerinput", {})
    return worker.get("tf2docs_until") or time.time() + budget.parse_budget(
        config.getoption("budget")
    )


def _check_options(given: Callable[..., Any]) -> None:
    writes = [option for option in ("--refresh", "--declare-equal") if given(option)]
    if len(writes) > 1:
        raise pytest.UsageError(
            "--refresh and --declare-equal are two steps: read what was written before you declare"
        )
    if writes and (given("numprocesses", None) or given("dist", "no") != "no"):
        raise pytest.UsageError(
            "--refresh and --declare-equal write files and can't be shared out: leave out -n"
        )
    if given("--dry-run") and not writes:
        raise pytest.UsageError("--dry-run goes with --refresh or --declare-equal")
    if given("--changed") and writes:
        raise pytest.UsageError(f"--changed doesn't go with {writes[0]}")
    if not given("--times").isdigit():
        raise pytest.UsageError(
            f"--times takes a number of blocks, such as --times=5, not {given('--times')!r}"
        )
    if given("--budget") and writes:
        raise pytest.UsageError(f"--budget doesn't go with {writes[0]}: name the pages to write")
    for option, parse in (("--shard", sharding.parse_shard), ("--budget", budget.parse_budget)):
        try:
            given(option) and parse(given(option))
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's folder."""
    remove_folder(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only the pages as a whole where languages are declared equal.

    Or leave this machine's share, and order what is left by turns where there is a budget.
    """
    chosen = list(items)
    if mode_of(config) is Mode.DECLARE:
        chosen = [item for item in chosen if hasattr(item, "part") and item.part.kind == "page"]
    if config.getoption("shard"):
        chosen = sharding.choose(chosen, sharding.parse_shard(config.getoption("shard")))
    if config.getoption("budget"):
        allowed = budget.parse_budget(config.getoption("budget"))
        begun = datetime.date.fromtimestamp(config.stash[UNTIL] - allowed)
        chosen = budget.in_turn(chosen, allowed, begun)
    kept = set(chosen)
    if left_out := [item for item in items if item not in kept]:
        config.hook.pytest_deselected(items=left_out)
    items[:] = chosen


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # a class of pytest-xdist, which may not be installed
    """Tell a worker of pytest-xdist the session's folder, and who sees to it."""
    node.workerinput["tf2docs_folder"] = str(node.config.stash[FOLDER])
    node.workerinput["tf2docs_controller"] = os.getpid()
    node.workerinput["tf2docs_until"] = node.config.stash[UNTIL]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share out whole pages, where nobody asked for another way."""
    if config.getoption("dist") != "load":
        return None
    from tf2docs.pages.testing.scheduling import LoadPages

    return LoadPages(config, log)


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Keep apart what was skipped, what wasn't run, and what was only compared.

    A block isn't run where one above it failed.
    """
    if PAGE not in dict(getattr(report, "user_properties", ())) or not isinstance(
        report.longrepr, tuple
    ):
        return None
    if "not run: " in report.longrepr[2]:
        return "not run", "n", "NOT RUN"
    if "recorded: " in report.longrepr[2]:
        return "recorded", "r", "RECORDED"
    if "left out: " in report.longrepr[2]:
        return "left out", "l", "LEFT OUT"
    return None


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Refresh the pages that ran without a failure, and remember which passed."""
    config = session.config
    if hasattr(config, "workerinput"):
        leave_folder(config)
        return
    tally, mode = config.stash[TALLY], mode_of(config)
    if not mode.writes:
        remember_passed(config, tally.whole_pages())
    elif exitstatus in _BROKEN_OFF:
        tally.written = ["broken off, nothing was written"]
    else:
        finish = (
            session_end.refresh_pages if mode is Mode.REFRESH else session_end.declare_pages_equal
        )
        tally.written, done = finish(session_of(config))
        if not done and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was really run, on what data, and what was written."""
    for line in config.stash[TALLY].summary(int(config.getoption("times"))):
        terminalreporter.write_line(f"tf2docs: {line}")
