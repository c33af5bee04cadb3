"""The runs of one test session: every page is run once, whoever asks, in whichever process."""

import contextlib
import hashlib
import math
import pickle
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from filelock import FileLock

from tf2docs.pages.atomic_files import read_bytes
from tf2docs.pages.errors import SetupError
from tf2docs.pages.reading.code_keys import block_keys
from tf2docs.pages.reading.installed_names import folder_of
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.records import readable_record
from tf2docs.pages.reading.shape_comments import shape_comments
from tf2docs.pages.reading.site import Data, Site
from tf2docs.pages.reading.symbols import symbols_in_comments, symbols_in_prose
from tf2docs.pages.running.dependencies import page_key, state_of
from tf2docs.pages.running.environment_variables import at_home
from tf2docs.pages.running.jobs import Job, Step
from tf2docs.pages.running.runner import Run, Runner
from tf2docs.pages.running.tangling import tangle
from tf2docs.pages.running.tidying import tidy


class Mode(Enum):
    """What a test session is for, by the option that asks for it.

    `CHECK` runs pages on small data. `FULL` runs them on the real data and compares numbers.
    `REFRESH` does so, too, and writes anew when the session ends what no longer holds. `DECLARE`
    runs nothing, and declares the languages equal as they are.
    """

    CHECK = ""
    FULL = "full"
    REFRESH = "refresh"
    DECLARE = "declare_equal"

    @property
    def has_real_data(self) -> bool:
        """Whether pages are run on the real data."""
        return self in (Mode.FULL, Mode.REFRESH)

    @property
    def runs(self) -> bool:
        """Whether pages are run at all."""
        return self is not Mode.DECLARE

    @property
    def writes(self) -> bool:
        """Whether something is written when the session ends."""
        return self in (Mode.REFRESH, Mode.DECLARE)


@dataclass(frozen=True)
class Options:
    """What a test session was asked for.

    Attributes:
        mode: What the session is for.
        dry_run: Whether a session that writes only shows what it would write.
        changed: Whether to leave out pages that passed here before and haven't changed since.
        device: `cpu` or `gpu` to insist on one; empty for what is there.
        time_limit: Seconds that one block may take.
        until: When no page is begun any more, in seconds since 1970, for all processes alike.
    """

    mode: Mode = Mode.CHECK
    dry_run: bool = False
    changed: bool = False
    device: str = ""
    time_limit: float = 600.0
    until: float = math.inf


@dataclass
class Session:
    """Runs pages on demand and remembers what came.

    A page and its twin hold the same code, so they share a run. Workers of pytest-xdist share their
    runs through `folder`, behind a lock for each page.

    Attributes:
        folder: A folder of the session, the same for all its processes.
        options: What the session was asked for.
        circumstances: What all verdicts of the session rest on.
        progress: Told the page, how many of its blocks are done, and how many it has.
        judged: The sites of the pages that were looked at as a whole, by the page's name.
        spoiled: Names of pages on which something failed, which therefore must not be rewritten.
    """

    folder: Path
    options: Options = field(default_factory=Options)
    circumstances: tuple[Any, ...] = ()
    progress: Callable[[Page, int, int], None] = lambda page, done, blocks: None
    judged: dict[str, Site] = field(default_factory=dict)
    spoiled: set[str] = field(default_factory=set)
    _runs: dict[str, tuple[Site, Page, Run]] = field(default_factory=dict)
    _runners: dict[tuple[Any, ...], Runner] = field(
        default_factory=dict
    )  # by preloads and environment

    def run(self, site: Site, page: Page) -> tuple[str, Run] | None:
        """Run a page, or take the run there is of the same code.

        Returns:
            A key of the run, and the run; None where no time is left for it.

        Raises:
            SetupError: the data can't be had, or a module that all pages share can't be imported.
        """
        pages = [page, *_readable_twins(site, page)]
        steps, symbols = _steps(pages), _symbols(site, pages)
        key = f"{site.name_of(page.path)}-{_digest_of_run(site, page, steps, symbols)}".replace(
            "/", "-"
        )
        if key not in self._runs:
            run = self._run_once(site, page, key, steps, symbols)
            if run is None:
                return None
            self._runs[key] = (site, page, run)
        return key, self._runs[key][2]

    def prepare(self, site: Site) -> None:
        """Begin to import what a site's pages share, unless it may be that none is run."""
        if self.options.mode.runs and not self.options.changed:
            self._runner(site)

    def is_full(self, site: Site) -> bool:
        """Whether numbers count: they do on real data, and where a site has no small ones."""
        return self.options.mode.has_real_data or site.small_data is None

    def describe_data(self, site: Site) -> str:
        """What a site's pages are run on, and what that means."""
        if not self.is_full(site):
            return "small data, numbers masked"
        return (
            "real data, numbers compared"
            if self.options.mode.has_real_data
            else "no small data, numbers compared"
        )

    def runs(self) -> list[tuple[Site, Page, Run]]:
        """Every run of this process."""
        return list(self._runs.values())

    def run_again(self, site: Site, page: Page) -> Run:
        """Run a page once more, in a process that shares nothing with the first one's.

        Raises:
            SetupError: it can't be run.
        """
        pages = [page, *_readable_twins(site, page)]
        steps, symbols = _steps(pages), _symbols(site, pages)
        job = self._job(site, page, self.new_folder(), steps, symbols, self._data(site))
        job = replace(job, walled=False)  # behind walls, processes always have the same numbers
        return self._run_job(self._new_runner(site, fresh=True), page, job)

    def finished(self, key: str) -> Run | None:
        """The run of that key, whichever process ran it."""
        kept = self.folder / f"{key}.run"
        return pickle.loads(kept.read_bytes()) if kept.is_file() else None

    def key(self, site: Site, page: Page) -> str:
        """A key of all that a page's verdicts rest on, as far as that can be said before it is run.

        Raises:
            SetupError: the data can't be had.
        """
        return page_key(site, page, self.circumstances, self._data(site), self._data_folder(site))

    def new_folder(self) -> Path:
        """A folder for this session alone."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def _run_once(
        self, site: Site, page: Page, key: str, steps: tuple[Step, ...], symbols: tuple[str, ...]
    ) -> Run | None:
        kept = self.folder / f"{key}.run"
        with FileLock(self.folder / f"{key}.lock"):
            if kept.exists():
                ran: Run = pickle.loads(kept.read_bytes())
                return ran
            if page.blocks and not self._has_time(site, page):
                return None
            data = self._data(site)
            job = self._job(site, page, self.folder / key, steps, symbols, data)
            run = self._run_job(self._runner(site), page, job)
            run.data, run.state = data.checksums, state_of(run.inputs)
            kept.write_bytes(pickle.dumps(run))
            return run

    def _has_time(self, site: Site, page: Page) -> bool:
        """Whether a page would be through in time, by the seconds that its record has."""
        record = readable_record(site.record(site.name_of(page.path)))
        seconds = record.seconds if record and self.is_full(site) else 0.0
        return time.time() + seconds <= self.options.until

    def _run_job(self, runner: Runner, page: Page, job: Job) -> Run:
        last = time.monotonic()

        def progress(done: int) -> None:
            nonlocal last
            last = time.monotonic()
            self.progress(page, done, len(job.steps))

        run = runner.run(job, progress)
        for outcome in run.outcomes:
            # its process was ended and couldn't say
            if outcome.status == "failed" and not outcome.seconds:
                outcome.seconds = time.monotonic() - last
        run.outcomes = [tidy(outcome, job.tangled, job.steps) for outcome in run.outcomes]
        return run

    def _runner(self, site: Site) -> Runner:
        wanted = (site.preload, tuple(sorted(site.environment.items())))
        if wanted not in self._runners:
            self._runners[wanted] = self._new_runner(site)
        return self._runners[wanted]

    def _new_runner(self, site: Site, *, fresh: bool = False) -> Runner:
        return Runner(
            site.preload,
            time_limit=self.options.time_limit,
            fresh=fresh,
            environment=site.environment,
        )

    def _job(
        self,
        site: Site,
        page: Page,
        folder: Path,
        steps: tuple[Step, ...],
        symbols: tuple[str, ...],
        data: Data,
    ) -> Job:
        folder.mkdir(exist_ok=True)  # it is there if the page couldn't be run before
        tangled = folder / f"{page.path.stem.replace('-', '_')}.py"
        tangled.write_text(tangle(page.blocks), encoding="utf-8")
        return Job(
            name=site.name_of(page.path),
            steps=steps,
            tangled=tangled,
            folder=folder,
            environment=at_home(site.environment, str(folder / "home")) | data.environment,
            real_data=self.is_full(site) and site.small_data is not None,
            versions=site.versions,
            device=self.options.device,
            symbols=symbols,
            gpu=site.gpu,
            working_files=site.files_beside(page.path),
            read_only=_not_its_own(site),
        )

    def _data(self, site: Site) -> Data:
        """What the pages are run on, made once a session, or the same error every time."""
        folder = self._data_folder(site)
        kept = folder.with_suffix(".made")
        with FileLock(folder.with_suffix(".lock")):
            if not kept.exists():
                small = None if self.is_full(site) else site.small_data
                make = small or site.real_data
                kept.write_bytes(pickle.dumps(_make(make, folder)))
            made: Data | str = pickle.loads(kept.read_bytes())
        if isinstance(made, str):
            raise SetupError(made)
        return made

    def _data_folder(self, site: Site) -> Path:
        return self.folder / f"data-{_digest(str(site.docs))}"


def _not_its_own(site: Site) -> tuple[str, ...]:
    """The folders that no page may write into: home, what the site teaches, and its docs."""
    packages = (folder_of(name) for name in site.packages)
    folders = [Path.home(), site.docs, *filter(None, packages)]
    return tuple(str(folder) for folder in folders if folder.is_dir())


def _make(make: Callable[[Path], Data], folder: Path) -> Data | str:
    """Data, or why there are none."""
    folder.mkdir()
    try:
        return make(folder)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _readable_twins(site: Site, page: Page) -> list[Page]:
    """The twins whose code is the same; one that can't be read is its own tests' concern."""
    twins = []
    for path in site.twins(page.path):
        with contextlib.suppress(Exception):
            twins.append(site.read(path))
    return [twin for twin in twins if block_keys(twin.blocks) == block_keys(page.blocks)]


def _steps(pages: list[Page]) -> tuple[Step, ...]:
    """The blocks of the first page, each with the expressions to evaluate behind it.

    Those that the page and its twins bind, and the shapes that its comments state.
    """
    expressions: dict[int, set[str]] = {}
    for number in (number for page in pages for number in page.numbers if number.expression):
        expressions.setdefault(number.after - 1, set()).add(number.expression)
    for block in pages[0].blocks:
        shapes = {comment.expression for comment in shape_comments(block.fence.text)}
        expressions.setdefault(block.index, set()).update(shapes)
    return tuple(
        Step(
            code=block.fence.text,
            line=block.fence.line,
            raises=block.raises,
            skip_reason=block.skip_reason,
            needs_gpu=block.needs_gpu,
            joins_errors=".stderr" in block.fence.options,
            keeps=block.keeps,
            expressions=tuple(sorted(expressions.get(block.index, ()))),
        )
        for block in pages[0].blocks
    )


def _symbols(site: Site, pages: list[Page]) -> tuple[str, ...]:
    """The names that the pages mention, as Python would import them."""
    names = {symbol.name for page in pages for symbol in symbols_in_prose(page, site.symbols)}
    codes = [block.fence.text for page in pages for block in page.blocks]
    names |= {name for code in codes for name in symbols_in_comments(code, site.symbols)}
    return tuple(sorted(map(site.full_name, names)))


def _digest_of_run(
    site: Site, page: Page, steps: tuple[Step, ...], symbols: tuple[str, ...]
) -> str:
    """Tells runs apart by what is run.

    Comments and lines differ between the languages and don't count.
    """
    meaning = (
        str(site.docs),
        block_keys(page.blocks),
        [step.expressions for step in steps],
        symbols,
        [(name, read_bytes(file)) for name, file in sorted(site.files_beside(page.path).items())],
    )
    return _digest(repr(meaning))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]
