"""The pytest item of each part of a page: what it rests on, its verdict, and its report."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.example import SybilFailure
from sybil.integration.pytest import SybilFile, SybilItem

from tf2docs.pages.checking.checks import Checks
from tf2docs.pages.errors import PageError, Problem, SetupError
from tf2docs.pages.linting.catalogue import find_excuses, problems_of_settings
from tf2docs.pages.linting.page_rules import find_problems
from tf2docs.pages.linting.unused_files import find_unused
from tf2docs.pages.linting.whole_site import problems_among_others
from tf2docs.pages.reading.page import Block, Page
from tf2docs.pages.reading.records import Record, read_record
from tf2docs.pages.reading.site import Site
from tf2docs.pages.running.dependencies import is_unchanged
from tf2docs.pages.running.runner import Run
from tf2docs.pages.running.session import Mode, Session
from tf2docs.pages.testing.installed_versions import installed_versions
from tf2docs.pages.testing.parts import Part
from tf2docs.pages.testing.stash import passed_before, remembers, session_of
from tf2docs.pages.testing.tally import BLOCK, EXCUSES, LEFT_OUT, PAGE, PROVENANCE, TOLD, Said

PAGE_READ, JUDGE = "tf2docs page", "tf2docs judge"
"""Where a document of Sybil holds the page, and what judges a part of it."""

_REPORT_LINES = 40
_SLOW = 20  # times the seconds of a page's record, which no other machine explains
_NOTICED = 5.0  # seconds of a page that nobody waits for are no news
_ONLY_COMPARED = {  # with the record, for want of a run
    "recorded": "passed here before and hasn't changed",
    "left out": "no time was left to run it; what it claims is what was recorded",
}


class SiteFile(pytest.File):
    """The file that describes a site."""

    def __init__(self, *, pages: Site, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.pages = pages

    def collect(self) -> Iterator["SiteItem"]:
        """One item for what belongs to no page."""
        yield SiteItem.from_parent(self, name="site")


class SiteItem(pytest.Item):
    """A site as a whole as a test."""

    parent: SiteFile

    def reportinfo(self) -> tuple[Path, None, str]:
        """The site's settings stand for it."""
        return self.path, None, "site"

    def runtest(self) -> None:
        """Find what belongs to no page, and what is wrong beside the pages."""
        site = self.parent.pages
        if problems := [*find_unused(site), *problems_of_settings(site)]:
            raise PageError(problems)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A list of problems, not a traceback."""
        if isinstance(excinfo.value, PageError):
            return _short(str(excinfo.value))
        return super().repr_failure(excinfo, style)


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
        document.namespace[JUDGE] = self.judge
        self.documents.append(document)
        self.parts = len(document.regions)
        for example in document.examples():
            yield PageItem.from_parent(self, sybil=sybil, example=example)

    def repr_failure(  # type: ignore[override]  # as that of every collector
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> Any:
        """A page that can't be read is a list of problems, not a traceback."""
        if isinstance(excinfo.value, PageError):
            return Said(_short(str(excinfo.value)), self.site.label(self.path), 0)
        return super().repr_failure(excinfo)

    @property
    def page(self) -> Page:
        """The page as it was when it was collected."""
        page: Page = self.documents[0].namespace[PAGE_READ]
        return page

    @property
    def session_runs(self) -> Session:
        """The runs of this session."""
        return session_of(self.config)

    @cached_property
    def key(self) -> str:
        """A key of what the page's verdicts rest on; nothing where nobody remembers it."""
        return self.session_runs.key(self.site, self.page) if remembers(self.config) else ""

    @cached_property
    def unchanged(self) -> bool:
        """Whether the page needn't run, since it passed before and nothing changed."""
        changed = self.session_runs.options.changed
        return changed and is_unchanged(passed_before(self.config, self.page.label), self.key)

    @cached_property
    def run(self) -> tuple[str, Run] | None:
        """A key of the page's run, and the run, which the first item that asks starts.

        None if it isn't run.
        """
        return None if self.unchanged else self.session_runs.run(self.site, self.page)

    @property
    def known(self) -> tuple[str, str]:
        """The page's key and that of its run, once there is one."""
        run = self.__dict__.get("run")
        return (self.key, run[0]) if run else ("", "")

    @cached_property
    def record(self) -> Record | None:
        """What a full run measured; nothing where that is about to be written anew."""
        path = self.site.record(self.site.name_of(self.path))
        return None if self._refreshing else read_record(path, self.site.label(path))

    @cached_property
    def provenance(self) -> str:
        """With which versions the page was recorded, where others are installed."""
        here, recorded = installed_versions(self.site.versions), {}
        # a record that can't be read is said where it is needed
        with contextlib.suppress(PageError):
            recorded = self.record.versions if self.record else {}
        other = [
            name
            for name in self.site.versions
            if name in recorded and recorded[name] != here.get(name)
        ]
        return ", ".join(
            f"{name} {recorded[name]} (here {here.get(name, 'none')})" for name in other
        )

    @cached_property
    def slow(self) -> str:
        """How much longer the page took than when it was recorded, if that is very much."""
        recorded = self.record.seconds if self.record else 0.0
        took = self.run[1].seconds if self.run else 0.0
        if not recorded or took < _NOTICED or took < _SLOW * recorded:
            return ""
        return f"{self.page.label} took {took:.0f} s, and {recorded:g} s when it was recorded"

    @cached_property
    def near(self) -> str:
        """What came out so near its tolerance's limit that another machine may be beyond it."""
        lines = ", ".join(map(str, self._checks.near_limits()))
        says = "used most of their tolerance; another machine may need more than all of it"
        return f"{self.page.label}: lines {lines} {says}" if lines else ""

    def judge(self, part: Part) -> str | None:
        """What is wrong with a part of the page, or None."""
        if part.kind == "page":
            self.session_runs.judged[self.site.name_of(self.path)] = self.site
            ledger = not self.session_runs.options.mode.writes
            among_others = problems_among_others(
                self.site, self.page, claims=not self._refreshing, ledger=ledger
            )
            problems = sorted({*find_problems(self.page), *among_others, *self._leftovers()})
            return "\n".join(map(str, problems)) or None
        checks = self._checks_without_run if part.kind == "source" else self._checks
        judges: dict[str, Callable[[Any], str | None]] = {
            "python": checks.block,
            "output": checks.output,
            "source": checks.source,
            "number": checks.number,
            "figure": checks.picture,
            "symbol": checks.symbol,
        }
        return judges[part.kind](part.thing)

    def failure(self, block: Block) -> str:
        """Why a block failed."""
        return self._checks.block(block) or "it isn't said why"

    @cached_property
    def _checks(self) -> Checks:
        return replace(self._checks_without_run, run=self.run and self.run[1])

    @cached_property
    def _checks_without_run(self) -> Checks:
        session = self.session_runs
        return Checks(
            self.site,
            self.page,
            self.record,
            None,
            session.is_full(self.site),
            self._refreshing,
        )

    @property
    def _refreshing(self) -> bool:
        return self.session_runs.options.mode is Mode.REFRESH

    def _leftovers(self) -> Iterator[Problem]:
        """What the page's record has and the page hasn't."""
        session = self.session_runs
        full = session.is_full(self.site)  # only then does the run say what the data were
        runs = full and session.options.mode.runs and self.page.blocks
        checks = self._checks if runs else self._checks_without_run
        return (Problem(self.page.label, 1, message) for message in checks.leftovers())


class PageItem(SybilItem):
    """One part of a page as a test, named by its line and kind."""

    parent: PageFile

    def __init__(self, parent: PageFile, sybil: Sybil, example: Example) -> None:
        super().__init__(parent, sybil, example)
        self.part: Part = example.parsed

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the part stands; pytest counts lines from 0."""
        return self.path, self.part.line - 1, f"{self.path.name}:{self.part.line} {self.part.kind}"

    def runtest(self) -> None:
        """Judge the part, unless the code that it rests on wasn't run.

        What no page can do without is said once.
        """
        if self.parent.page.blocks:
            self.parent.session_runs.prepare(self.parent.site)
        try:
            self._judge()
        except SetupError:
            if self.parent.setup_failed:
                raise pytest.skip.Exception(
                    "not run: nothing can be, as said above", _use_item_location=True
                ) from None
            self.parent.setup_failed = True
            raise
        finally:
            self.user_properties.append(
                (PAGE, [self.parent.page.label, self.parent.parts, *self.parent.known])
            )
            self.user_properties.append((PROVENANCE, self.parent.provenance))
            if self.part.kind == "page":
                self.user_properties.append((EXCUSES, list(self._excuses())))

    def _excuses(self) -> Iterator[str]:
        """What the writer of the page says against checks, a line each."""
        for excuse in find_excuses(self.parent.page):
            where = f"{self.parent.page.label}:{excuse.line}"
            yield f"{where} goes against the check {excuse.code}: {excuse.reason}"

    def _judge(self) -> None:
        status, reason = self._status()
        if status == "not run":
            self._blame_what_failed()
        if status in ("not run", "skipped"):
            raise pytest.skip.Exception(f"{status}: {reason}", _use_item_location=True)
        try:
            self.example.evaluate()
        except BaseException:
            self.parent.session_runs.spoiled.add(self.parent.site.name_of(self.path))
            raise
        if status in _ONLY_COMPARED:
            raise pytest.skip.Exception(
                f"{status}: {_ONLY_COMPARED[status]}", _use_item_location=True
            )

    def _blame_what_failed(self) -> None:
        """Fail for the block that failed where its own item was deselected.

        Nobody else would.
        """
        assert self.parent.run is not None
        failed = [outcome.status for outcome in self.parent.run[1].outcomes].index("failed")
        block = self.parent.page.blocks[failed]
        selected = (
            item.part
            for item in self.session.items
            if isinstance(item, PageItem) and item.parent is self.parent
        )
        if not any(part.kind == "python" and part.block == failed for part in selected):
            self.parent.session_runs.spoiled.add(self.parent.site.name_of(self.path))
            label = self.parent.page.label
            message = (
                f"rests on {label}:{block.fence.line}, which failed: {self.parent.failure(block)}"
            )
            raise PageError([Problem(label, self.part.line, message)])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A few lines, with the page's own line number."""
        if isinstance(excinfo.value, SybilFailure):
            result = excinfo.value.result
            here = (
                "" if self.part.kind == "page" else f"{self.parent.page.label}:{self.part.line}: "
            )
            return _short(f"{here}{result}")
        if isinstance(excinfo.value, PageError | SetupError):
            return _short(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def _status(self) -> tuple[str, str]:
        """What became of the block that this part is or rests on."""
        if self.part.block is None and self.part.kind != "symbol":
            return "", ""
        if self.parent.run is None:
            if self.parent.unchanged:
                return "recorded", ""
            name = self.parent.site.name_of(self.path)
            self.user_properties.append((LEFT_OUT, name))
            return "left out", ""
        key, run = self.parent.run
        if self.part.block is None:
            return "", ""
        outcome = run.outcomes[self.part.block]
        if self.part.kind == "python":
            where = f"{self.parent.page.label}:{self.part.line}"
            data = self.parent.session_runs.describe_data(self.parent.site)
            self.user_properties.append(
                (BLOCK, [key, self.part.block, outcome.status, outcome.seconds, where, data])
            )
            told = [said for said in (self.parent.slow, self.parent.near) if said]
            self.user_properties.append((TOLD, [key, told]))
        elif outcome.status == "failed":
            return "not run", f"block {self.part.block + 1} failed"
        return outcome.status, outcome.reason


def _short(text: str) -> str:
    lines = text.splitlines()
    if len(lines) > _REPORT_LINES:
        lines = [*lines[: _REPORT_LINES - 1], f"… and {len(lines) - _REPORT_LINES + 1} lines more"]
    return "\n".join(lines)
