"""What became of the pages and their blocks, gathered from the reports of all processes."""

import re
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

PAGE, BLOCK, PROVENANCE, LEFT_OUT, EXCUSES, TOLD = (
    f"tf2docs/{name}" for name in ("page", "block", "provenance", "left-out", "excuses", "told")
)
"""The properties by which the items of pages tell of themselves.

JUnit reports show them, too.
"""

_COUNTED = ("ran", "failed", "not run", "skipped")


@dataclass(frozen=True)
class _Ran:
    """What became of a block.

    Its status, its seconds, its place, and what it was run on and compared with.
    """

    status: str
    seconds: float
    place: str
    data: str


@dataclass
class _Parts:
    """What became of the parts of a page.

    How many it has, which of them passed, its key and its run's.
    """

    count: int
    known: tuple[str, str] | None = None
    passed: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    @property
    def all_passed(self) -> bool:
        return len(self.passed) == self.count and not self.others


class Tally:
    """A plugin that counts, and that shortens what pytest's summary says of a failure."""

    def __init__(self, budget: str = "") -> None:
        self.written: list[str] = []
        self._budget = budget
        self._left_out: set[str] = set()  # names of pages
        # by run and index: both languages share a block
        self._blocks: dict[tuple[str, int], _Ran] = {}
        self._pages: dict[str, _Parts] = {}
        # page: the versions it was recorded with, if others are installed
        self._provenance: dict[str, str] = {}
        self._recorded = 0
        self._excuses: dict[str, list[str]] = {}
        self._told: dict[str, list[str]] = {}  # run: what is no failure, such as that it was slow

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a report."""
        properties: dict[str, Any] = dict(report.user_properties)
        if PAGE not in properties:
            return
        label, parts, key, run = properties[PAGE]
        page = self._pages.setdefault(label, _Parts(parts))
        page.known = (key, run) if run else page.known
        if report.failed or (report.when == "call" and not report.passed):
            page.others.add(report.nodeid)
        elif report.when == "call":
            page.passed.add(report.nodeid)
        if LEFT_OUT in properties:
            self._left_out.add(properties[LEFT_OUT])
        if report.when == "call":
            self._provenance[label] = properties[PROVENANCE]
            self._excuses[label] = properties.get(EXCUSES) or self._excuses.get(label, [])
            self._recorded += report.skipped and "recorded: " in str(report.longrepr)
            if TOLD in properties:
                run, told = properties[TOLD]
                self._told[run] = told
            if BLOCK in properties:
                run, index, *rest = properties[BLOCK]
                self._blocks[run, index] = _Ran(*rest)
        if report.failed and isinstance(report.longrepr, str):
            said = Said(report.longrepr, label, (report.location[1] or 0) + 1)
            report.longrepr = said  # type: ignore[assignment]  # pytest takes whatever has a str()

    def whole_pages(self) -> dict[str, tuple[str, str]]:
        """The keys of the pages of which every part passed, and of their runs."""
        return {
            label: page.known
            for label, page in self._pages.items()
            if page.all_passed and page.known
        }

    def summary(self, slowest: int) -> list[str]:
        """What to say at the end, a line each."""
        lines = [
            self._counts(data) for data in sorted({block.data for block in self._blocks.values()})
        ]
        if self._recorded:
            lines.append(
                f"{self._recorded} parts of pages recorded: unchanged since they passed here, "
                "not run"
            )
        if self._left_out:
            names = ", ".join(sorted(self._left_out))
            lines.append(f"left out, --budget {self._budget} being spent: {names}")
        lines += [
            f"{label} was recorded with {other}"
            for label, other in self._provenance.items()
            if other
        ]
        lines += [said for run in sorted(self._told) for said in self._told[run]]
        lines += [excuse for label in sorted(self._excuses) for excuse in self._excuses[label]]
        return [*lines, *self._times(slowest), *self.written]

    def _counts(self, data: str) -> str:
        blocks = [block for block in self._blocks.values() if block.data == data]
        statuses = [block.status for block in blocks]
        counts = [
            f"{statuses.count(name)} {name}"
            for name in _COUNTED
            if name == "ran" or name in statuses
        ]
        return (
            f"blocks of pages: {', '.join(counts)} ({data}; "
            f"{sum(block.seconds for block in blocks):.1f} s)"
        )

    def _times(self, slowest: int) -> list[str]:
        pages: dict[str, float] = {}
        for block in self._blocks.values() if slowest else ():
            page = block.place.rpartition(":")[0]
            pages[page] = pages.get(page, 0.0) + block.seconds
        ordered = sorted(self._blocks.values(), key=lambda block: -block.seconds)[:slowest]
        blocks = [(block.place, block.seconds) for block in ordered]
        return [
            f"{seconds:8.2f} s  {place}" for place, seconds in (*sorted(pages.items()), *blocks)
        ]


class Said:
    """A report as it is.

    The line of pytest's summary leaves out the place, which the item's name tells already.
    """

    def __init__(self, text: str, label: str, line: int) -> None:
        self.text = text
        first = text.partition("\n")[0].removeprefix(f"{label}:{line}: ")
        message = re.sub(rf"^{re.escape(label)}:(\d+): ", r"line \1: ", first)
        # what pytest looks for
        self.reprcrash = SimpleNamespace(path=label, lineno=line, message=message)

    def __str__(self) -> str:
        return self.text

    def toterminal(self, tw: Any) -> None:
        """Write the report."""
        tw.line(self.text)
