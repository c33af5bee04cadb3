"""What pytest learns from tf2docs: the options, the summary, and the refresh at the end.

pytest loads this in every project of an environment, so it imports nothing that such a project may lack.
"""

import shutil
import tempfile
from pathlib import Path

import pytest

FOLDER = pytest.StashKey[Path]()
"""The folder that all processes of a test session share."""

WRITTEN = pytest.StashKey[list[str]]()
"""What a refresh wrote, or why it wrote nothing."""

_COUNTED = ("ran", "failed", "not run", "skipped")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the page tests."""
    group = parser.getgroup("tf2docs", "tf2docs: pages as tests")
    group.addoption("--full", action="store_true", help="run pages on the real data and compare their numbers")
    group.addoption(
        "--refresh",
        action="store_true",
        help="--full, and write anew what changed: records, figures, outputs, bound numbers",
    )
    group.addoption(
        "--time-limit", type=float, default=600.0, metavar="SECONDS", help="how long one block may take (default: 600)"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the session's folder, or take the one that the controller of this worker made."""
    worker = getattr(config, "workerinput", None)
    config.stash[WRITTEN] = []
    config.stash[FOLDER] = Path(worker["tf2docs_folder"] if worker else tempfile.mkdtemp(prefix="tf2docs-"))
    if config.getoption("refresh") and config.getoption("numprocesses", None):
        raise pytest.UsageError("--refresh writes files and can't be shared out: leave out -n")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's folder."""
    if FOLDER in config.stash and not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # no type: a class of pytest-xdist, which may not be installed
    """Tell a worker of pytest-xdist the session's folder."""
    node.workerinput["tf2docs_folder"] = str(node.config.stash[FOLDER])


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Keep what wasn't run, because a block above failed, apart from what was skipped."""
    if report.skipped and isinstance(report.longrepr, tuple) and "not run: " in report.longrepr[2]:
        return "not run", "n", "NOT RUN"
    return None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Refresh the pages that ran without a failure."""
    if session.config.getoption("refresh") and not hasattr(session.config, "workerinput"):
        from tf2docs.pages.collecting import refresh_pages  # needs what only the page tests install

        session.config.stash[WRITTEN] = refresh_pages(session.config)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """Say what was really run, on what data, and what was written."""
    blocks = _blocks(terminalreporter.stats)
    if blocks:
        statuses = [status for status, _ in blocks.values()]
        counts = [f"{statuses.count(status)} {status}" for status in _COUNTED if status == "ran" or status in statuses]
        real = config.getoption("full") or config.getoption("refresh")
        data = "real data, numbers compared" if real else "small data, numbers masked"
        seconds = sum(seconds for _, seconds in blocks.values())
        terminalreporter.write_line(f"tf2docs: blocks of pages: {', '.join(counts)} ({data}; {seconds:.1f} s)")
    for line in config.stash[WRITTEN]:
        terminalreporter.write_line(f"tf2docs: {line}")


def _blocks(stats: dict[str, list]) -> dict[tuple[str, int], tuple[str, float]]:
    """Status and seconds of every block that was asked for; both languages share one."""
    blocks = {}
    for report in (report for reports in stats.values() for report in reports):
        for name, value in getattr(report, "user_properties", ()):
            if name == "block":
                run, index, status, seconds = value
                blocks[run, index] = (status, seconds)
    return blocks
