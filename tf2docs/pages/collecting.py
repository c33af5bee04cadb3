"""Make a pytest item of everything on a page that can fail: Sybil finds it, a check judges it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sybil import Document, Example, Region, Sybil
from sybil.example import SybilFailure
from sybil.integration.pytest import SybilFile, SybilItem

from tf2docs.pages.checking import Checks
from tf2docs.pages.dependencies import page_key
from tf2docs.pages.errors import PageError, Problem, SetupError
from tf2docs.pages.grammar import find_problems
from tf2docs.pages.ledger import read_ledger, stale_sections
from tf2docs.pages.page import Page
from tf2docs.pages.plugin import FOLDER, PROGRESS, installed_versions, options_of, passed_before
from tf2docs.pages.records import Record, read_record
from tf2docs.pages.running import Run
from tf2docs.pages.session import Session
from tf2docs.pages.site import Site
from tf2docs.pages.symbols import symbols_in_prose
from tf2docs.pages.teaching import excess_skips, untaught_imports
from tf2docs.pages.twins import differences

SESSION = pytest.StashKey[Session]()
_REPORT_LINES = 40


@dataclass(frozen=True)
class Part:
    """Something on a page that is checked.

    Attributes:
        kind: `page`, `python`, `output`, `source`, `symbol`, `number` or `figure`.
        thing: What the page has there.
        line: Its line.
        block: The index of the block that it is or rests on, if any.
    """

    kind: str
    thing: Any
    line: int
    block: int | None = None


def pages_as_tests(site: Site) -> Callable:
    """Make the hook that lets pytest collect a site's pages.

    Args:
        site: The site. Call this in its `docs/conftest.py`.

    Returns:
        What `pytest_collect_file` there should be.
    """
    sybil = _Pages(parsers=[_parser(site)], patterns=["*.md"], path=str(site.docs))

    def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PageFile | None:
        inside = file_path.is_relative_to(site.docs) and site.language_of(file_path) in site.languages
        if inside and sybil.should_parse(file_path):
            return PageFile.from_parent(parent, path=file_path, sybils=[sybil], site=site)
        return None

    return pytest_collect_file


class _Pages(Sybil):
    """Names the items by line and kind: `line-42-python`."""

    def identify(self, example: Example) -> str:
        kind, line = example.parsed.kind, example.parsed.line
        column = example.start - example.document.text.rfind("\n", 0, example.start)
        return f"line-{line}-{kind}" + (f"-{column}" if kind in ("number", "figure", "symbol") else "")


def session_of(config: pytest.Config) -> Session:
    """The runs of this test session, prepared as its options ask."""
    if SESSION not in config.stash:
        config.stash[SESSION] = Session(config.stash[FOLDER], options_of(config), config.stash[PROGRESS])
    return config.stash[SESSION]


def _parser(site: Site) -> Callable[[Document], Iterator[Region]]:
    def parse(document: Document) -> Iterator[Region]:
        document.page = page = site.read(Path(document.path))
        for start, end, part in _parts(site, page):
            yield Region(start, end, part, _evaluate)

    return parse


def _parts(site: Site, page: Page) -> Iterator[tuple[int, int, Part]]:
    """Everything on a page that is checked, with where it begins and ends."""
    yield 0, 0, Part("page", page, 1)
    for block in page.blocks:
        yield block.fence.start, block.fence.end, Part("python", block, block.fence.line, block.index)
        if block.output:
            yield block.output.start, block.output.end, Part("output", block, block.output.line, block.index)
    for fence in page.sources:
        yield fence.start, fence.end, Part("source", fence, fence.line)
    for symbol in symbols_in_prose(page, site.symbols):
        yield symbol.start, symbol.end, Part("symbol", symbol, symbol.line)
    for number in page.numbers:
        if number.expression and number.after:  # the page's grammar says what is wrong with the others
            yield number.start, number.end, Part("number", number, number.line, number.after - 1)
    for link in page.links:
        if link.picture and "assets/figures/" in link.target:
            yield link.start, link.end, Part("figure", link, link.line)


def _evaluate(example: Example) -> str | None:
    """Judge a part; Sybil makes a failure of what is returned."""
    return example.document.judge(example.parsed)


class PageFile(SybilFile):
    """A page: its items share one run."""

    def __init__(self, *, site: Site, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.site = site
        self.setup_failed = False

    def collect(self) -> Iterator["PageItem"]:
        """An item for each part of the page, from top to bottom."""
        (sybil,) = self.sybils
        document = sybil.parse(self.path)
        document.judge = self.judge
        self.documents.append(document)
        self.parts = len(document.regions)
        for example in document.examples():
            yield PageItem.from_parent(self, sybil=sybil, example=example)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> Any:
        """A page that can't be read is a list of problems, not a traceback."""
        if isinstance(excinfo.value, PageError):
            return _short(str(excinfo.value))
        return super().repr_failure(excinfo)

    @property
    def page(self) -> Page:
        """The page as it was when it was collected."""
        return self.documents[0].page

    @property
    def session_runs(self) -> Session:
        """The runs of this session."""
        return session_of(self.config)

    @cached_property
    def key(self) -> str:
        """A key of all that the page's verdicts rest on, if they don't rest on the day."""
        return page_key(self.page, self.site.docs.parent, installed_versions(self.site.versions))

    @cached_property
    def run(self) -> tuple[str, Run] | None:
        """A key of the page's run, and the run, which the first item that asks starts; None if it needn't run."""
        options = self.session_runs.options
        if options.changed and passed_before(self.config).get(self.page.label) == f"{options.full} {self.key}":
            return None
        return self.session_runs.run(self.site, self.page)

    @cached_property
    def record(self) -> Record | None:
        """What a full run measured; nothing where that is about to be written anew."""
        path = self.site.record(self.site.name_of(self.path))
        return None if self.session_runs.options.refresh else read_record(path, self.site.label(path))

    @cached_property
    def provenance(self) -> str:
        """With which versions the page was recorded, where others are installed."""
        here, recorded = installed_versions(self.site.versions), {}
        with contextlib.suppress(PageError):  # a record that can't be read is said where it is needed
            recorded = self.record.versions if self.record else {}
        other = [name for name in self.site.versions if name in recorded and recorded[name] != here.get(name)]
        return ", ".join(f"{name} {recorded[name]} (here {here.get(name, 'none')})" for name in other)

    def judge(self, part: Part) -> str | None:
        """What is wrong with a part of the page, or None."""
        if part.kind == "page":
            problems = sorted({*find_problems(self.page), *self._site_problems()})
            return "\n".join(map(str, problems)) or None
        checks = self._checks_without_run if part.kind == "source" else self._checks
        judges = {
            "python": checks.block,
            "output": checks.output,
            "source": checks.source,
            "number": checks.number,
            "figure": checks.picture,
            "symbol": checks.symbol,
        }
        return judges[part.kind](part.thing)

    @cached_property
    def _checks(self) -> Checks:
        return replace(self._checks_without_run, run=self.run and self.run[1])

    @cached_property
    def _checks_without_run(self) -> Checks:
        options = self.session_runs.options
        return Checks(self.site, self.page, self.record, None, options.full, options.refresh)

    def _site_problems(self) -> Iterator[Problem]:
        """What is wrong with the page among the others: its twins, its record, what it imports and skips."""
        for path in self.site.twins(self.path):
            if path.is_file():
                twin = self.site.read(path)
                yield from differences(self.page, twin, claims=not self.session_runs.options.refresh)
                yield from self._stale_sections(twin)
            else:
                yield Problem(self.page.label, 1, f"has no twin; write {self.site.label(path)}")
        runs = self.page.blocks and self.session_runs.options.full  # only then does the run say what the data were
        checks = self._checks if runs else self._checks_without_run
        yield from (Problem(self.page.label, 1, message) for message in checks.leftovers())
        yield from untaught_imports(self.site, self.page)
        yield from excess_skips(self.site, self.page)

    def _stale_sections(self, twin: Page) -> Iterator[Problem]:
        """The sections that changed since the languages were declared equal, unless that is about to be done."""
        options, name = self.session_runs.options, self.site.name_of(self.path)
        self.session_runs.judged[name] = self.site
        if not (options.declare_equal or options.refresh):
            path = self.site.ledger(name)
            ledger = read_ledger(path, self.site.label(path))
            yield from stale_sections(self.site.language_of(self.path), self.page, twin, ledger)


class PageItem(SybilItem):
    """One part of a page as a test, named by its line and kind."""

    def __init__(self, parent: PageFile, sybil: Sybil, example: Example) -> None:
        super().__init__(parent, sybil, example)
        self.part: Part = example.parsed

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the part stands; pytest counts lines from 0."""
        return self.path, self.part.line - 1, f"{self.path.name}:{self.part.line} {self.part.kind}"

    def runtest(self) -> None:
        """Judge the part, unless the code that it rests on wasn't run. What no page can do without is said once."""
        if self.parent.page.blocks:
            self.parent.session_runs.prepare(self.parent.site)
        self.user_properties.append(("page", [self.parent.page.label, self.parent.parts, self.parent.key]))
        self.user_properties.append(("provenance", self.parent.provenance))
        try:
            self._judge()
        except SetupError:
            if self.parent.setup_failed:
                raise pytest.skip.Exception("not run: nothing can be, as said above", _use_item_location=True) from None
            self.parent.setup_failed = True
            raise

    def _judge(self) -> None:
        status, reason = self._status()
        if status in ("not run", "skipped"):
            raise pytest.skip.Exception(f"{status}: {reason}", _use_item_location=True)
        try:
            self.example.evaluate()
        except BaseException:
            self.parent.session_runs.spoiled.add(self.parent.site.name_of(self.path))
            raise
        if status == "recorded":
            raise pytest.skip.Exception("recorded: passed here before and hasn't changed", _use_item_location=True)

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> Any:
        """A few lines, with the page's own line number."""
        if isinstance(excinfo.value, SybilFailure):
            result = excinfo.value.result
            here = "" if self.part.kind == "page" else f"{self.parent.page.label}:{self.part.line}: "
            return _short(f"{here}{result}")
        if isinstance(excinfo.value, PageError | SetupError):
            return _short(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def _status(self) -> tuple[str, str]:
        """What became of the block that this part is or rests on."""
        if self.part.block is None and self.part.kind != "symbol":
            return "", ""
        if self.parent.run is None:
            return "recorded", ""
        key, run = self.parent.run
        if self.part.block is None:
            return "", ""
        outcome = run.outcomes[self.part.block]
        if self.part.kind == "python":
            where = f"{self.parent.page.label}:{self.part.line}"
            self.user_properties.append(("block", [key, self.part.block, outcome.status, outcome.seconds, where]))
        elif outcome.status == "failed":
            return "not run", f"block {self.part.block + 1} failed"
        return outcome.status, outcome.reason


def _short(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > _REPORT_LINES:
        lines = [*lines[: _REPORT_LINES - 1], f"… and {len(lines) - _REPORT_LINES + 1} lines more"]
    return "\n".join(lines)
