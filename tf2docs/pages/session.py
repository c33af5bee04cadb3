"""The runs of one test session: every page is run once, whoever asks, in whichever process."""

import contextlib
import hashlib
import pickle
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from tf2docs.pages.child import Job, Step
from tf2docs.pages.keys import block_keys
from tf2docs.pages.page import Page
from tf2docs.pages.running import Run, Runner
from tf2docs.pages.site import Site
from tf2docs.pages.tangling import tangle


@dataclass
class Session:
    """Runs pages on demand and remembers what came.

    A page and its twin hold the same code, so they share a run. Workers of pytest-xdist share their
    runs through `folder`, behind a lock for each page.

    Attributes:
        folder: A folder of the session, the same for all its processes.
        full: Whether to run on the real data.
        refresh: Whether to rewrite, when the session ends, what no longer holds.
        time_limit: Seconds that one block may take.
        spoiled: Names of pages on which something failed, which therefore must not be rewritten.
    """

    folder: Path
    full: bool = False
    refresh: bool = False
    time_limit: float = 600.0
    spoiled: set[str] = field(default_factory=set)
    _runs: dict[str, tuple[Site, Page, Run]] = field(default_factory=dict)
    _runners: dict[tuple[str, ...], Runner] = field(default_factory=dict)

    def run(self, site: Site, page: Page) -> tuple[str, Run]:
        """Run a page, or take the run there is of the same code.

        Returns:
            A key of the run, and the run.
        """
        steps = _steps(page, _readable_twins(site, page))
        key = f"{site.name_of(page.path)}-{_digest(page, steps)}".replace("/", "-")
        if key not in self._runs:
            self._runs[key] = (site, page, self._run_once(site, page, key, steps))
        return key, self._runs[key][2]

    def runs(self) -> list[tuple[Site, Page, Run]]:
        """Every run of this process."""
        return list(self._runs.values())

    def _run_once(self, site: Site, page: Page, key: str, steps: tuple[Step, ...]) -> Run:
        kept = self.folder / f"{key}.run"
        with FileLock(self.folder / f"{key}.lock"):
            if kept.exists():
                return pickle.loads(kept.read_bytes())
            run = self._runner_for(site).run(self._job(site, page, key, steps))
            kept.write_bytes(pickle.dumps(run))
            return run

    def _runner_for(self, site: Site) -> Runner:
        if site.preload not in self._runners:
            self._runners[site.preload] = Runner(site.preload, time_limit=self.time_limit)
        return self._runners[site.preload]

    def _job(self, site: Site, page: Page, key: str, steps: tuple[Step, ...]) -> Job:
        folder = self.folder / key
        folder.mkdir()
        tangled = folder / f"{page.path.stem.replace('-', '_')}.py"
        tangled.write_text(tangle(page.blocks), encoding="utf-8")
        return Job(site.name_of(page.path), steps, tangled, folder, self._data(site), self.full, site.versions)

    def _data(self, site: Site) -> dict[str, str]:
        """The environment in which pages find their data, made once a session."""
        folder = self.folder / "data"
        kept = folder / "environment"
        with FileLock(self.folder / "data.lock"):
            if not kept.exists():
                folder.mkdir(exist_ok=True)
                make = site.real_data if self.full else site.small_data
                kept.write_bytes(pickle.dumps(make(folder)))
            return pickle.loads(kept.read_bytes())


def _readable_twins(site: Site, page: Page) -> list[Page]:
    """The twins whose code is the same; one that can't be read is its own tests' concern."""
    twins = []
    for path in site.twins(page.path):
        with contextlib.suppress(Exception):
            twins.append(site.read(path))
    return [twin for twin in twins if block_keys(twin.blocks) == block_keys(page.blocks)]


def _steps(page: Page, twins: list[Page]) -> tuple[Step, ...]:
    expressions: dict[int, set[str]] = {}
    for number in (number for each in (page, *twins) for number in each.numbers if number.expression):
        expressions.setdefault(number.after - 1, set()).add(number.expression)
    return tuple(
        Step(
            block.fence.text,
            block.fence.line,
            block.raises,
            block.skip_reason,
            block.needs_gpu,
            tuple(sorted(expressions.get(block.index, ()))),
        )
        for block in page.blocks
    )


def _digest(page: Page, steps: tuple[Step, ...]) -> str:
    """Tells runs apart by what is run; comments and lines differ between the languages and don't count."""
    meaning = (block_keys(page.blocks), [step.expressions for step in steps])
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:12]
