"""Run pages, each in a process of its own.

The processes are forked from a server that has imported the heavy modules and done nothing else, so
that a page starts at once and yet finds a fresh TensorFlow. Where forking isn't to be had they are spawned.
"""

import contextlib
import multiprocessing
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from tf2docs.pages import preloading
from tf2docs.pages.capturing import show_as_terminal
from tf2docs.pages.child import run_job
from tf2docs.pages.errors import SetupError
from tf2docs.pages.jobs import Inputs, Job, Outcome

_ENVIRONMENT = {  # set before the heavy modules are imported
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


@dataclass
class Run:
    """What running a page gave.

    Attributes:
        outcomes: One for each block, in order.
        device: `CPU` or `GPU`.
        versions: Versions of Python and the libraries, by name.
        data: Checksums of the data, by name.
        symbols: Whether each symbol that was asked for exists.
        inputs: What the page asked for beside its own code, if it came to its end.
        state: A key of these as they were right after the run; None where they can't be known.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    device: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)
    symbols: dict[str, bool] = field(default_factory=dict)
    inputs: Inputs | None = None
    state: str | None = None

    @property
    def seconds(self) -> float:
        """How long the blocks took together."""
        return sum(outcome.seconds for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        """Whether no block failed and none was left out behind a failed one."""
        return all(outcome.status in ("ran", "skipped") and not outcome.mistakes for outcome in self.outcomes)


class Runner:
    """Runs jobs one after the other in fresh processes."""

    def __init__(self, preload: tuple[str, ...] = (), *, time_limit: float = 600.0, fresh: bool = False) -> None:
        """Prepare to run. Where there is forking, the import of modules begins now, and nobody waits for it.

        Args:
            preload: Modules to import once, for all processes.
            time_limit: Seconds that one block may take.
            fresh: Whether to spawn even where forking is to be had: what differs from process to process, such as the
                order of a set of texts, then shows.
        """
        for name, value in _ENVIRONMENT.items():
            os.environ.setdefault(name, value)
        self.time_limit = time_limit
        self._preload = ", ".join(preload)
        self._failure = ""  # why no page can be run
        forks = sys.platform == "linux" and not fresh
        self._context = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self._context.set_forkserver_preload(["tf2docs.pages.preloading", "tf2docs.pages.child"])
            os.environ[preloading.MODULES] = " ".join(preload)
            forkserver.ensure_running()
            del os.environ[preloading.MODULES]

    def run(self, job: Job, progress: Callable[[int], None] = lambda count: None) -> Run:
        """Run a page; blocks that take too long are ended, the ones behind them left out.

        Args:
            job: The page.
            progress: Told how many blocks are done, whenever one is.

        Raises:
            SetupError: a module that all pages share can't be imported.
        """
        if self._failure:
            raise SetupError(self._failure)
        results, sender = self._context.Pipe(duplex=False)
        process = self._context.Process(target=run_job, args=(job, sender), name=job.name)
        self._start(process)
        sender.close()
        try:
            return self._gather(job, results, process, progress)
        finally:
            _end(process)
            results.close()

    def _start(self, process: BaseProcess) -> None:
        try:
            with _no_main_module():
                process.start()
        except (EOFError, ConnectionError):  # the server is gone
            self._failure = f"the process that imports {self._preload} for those of the pages died"
            raise SetupError(self._failure) from None

    def _gather(self, job: Job, results: Connection, process: BaseProcess, progress: Callable[[int], None]) -> Run:
        run = Run()
        while len(run.outcomes) <= len(job.steps):
            if not results.poll(self.time_limit):
                return _broken_off(run, job, f"ended after {self.time_limit:g} s, the time limit of a block")
            try:
                message = results.recv()
            except EOFError:
                process.join()
                return _broken_off(run, job, f"the process died ({_describe_exit(process.exitcode)})")
            if isinstance(message, Outcome):
                run.outcomes.append(message)
                progress(len(run.outcomes))
            elif isinstance(message, str):
                self._failure = message
                raise SetupError(message)
            else:
                run.device, run.versions, run.symbols = message.device, message.versions, message.symbols
                run.inputs = message.inputs
                break
        return run


@contextlib.contextmanager
def _no_main_module() -> Iterator[None]:
    """Keep a new process from importing this one's main module, all of pytest, before it begins with its page."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _broken_off(run: Run, job: Job, reason: str) -> Run:
    failed = len(run.outcomes) + 1
    missing = len(job.steps) - len(run.outcomes)
    if missing:
        printed, errors = _last_words(job.folder / "printed"), _last_words(job.folder / "errors")
        run.outcomes.append(Outcome("failed", reason, printed=printed, errors=errors))
        run.outcomes += [Outcome("not run", f"block {failed} failed") for _ in range(missing - 1)]
    elif run.outcomes:
        run.outcomes[-1].status, run.outcomes[-1].reason = "failed", reason
    return run


def _last_words(path: Path) -> str:
    """The end of what a block wrote that couldn't say it itself."""
    return show_as_terminal(path.read_bytes()[-2000:].decode("utf-8", "replace")) if path.exists() else ""


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _end(process: BaseProcess) -> None:
    """End a page's process and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
