"""Run pages, each in a process of its own.

The processes are forked from a server that has imported the heavy modules and done nothing else, so
that a page starts at once and yet finds a fresh TensorFlow. Where forking isn't to be had they are
spawned.
"""

import contextlib
import multiprocessing
import multiprocessing.util
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from typing import Any

from tf2docs.pages.errors import SetupError
from tf2docs.pages.reading.records import Record
from tf2docs.pages.running import environment_variables, preloading
from tf2docs.pages.running.capturing import MOST_BYTES, is_too_much, last_words, output_files
from tf2docs.pages.running.child import run_job
from tf2docs.pages.running.jobs import Inputs, Job, Outcome, broken_file
from tf2docs.pages.running.messages import Receiver

if sys.platform == "linux":
    from tf2docs.pages.running import watchdog

_PRELOAD_LIMIT = 600.0  # seconds that importing the modules of all pages may take
_END_LIMIT = 5.0  # seconds until a process that was to end counts as stuck
_TOKEN_BYTES = 16

# by modules and environment: each imports its modules once and serves all runners that want them
_servers: dict[tuple[Any, ...], forkserver.ForkServer] = {}


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

    def is_like(self, record: Record) -> bool:
        """Whether a record was made on such a device, with such versions but for their patches."""
        minor = {name: version.split(".")[:2] for name, version in self.versions.items()}
        recorded = {name: version.split(".")[:2] for name, version in record.versions.items()}
        return self.device == record.device and minor == recorded

    @property
    def complete(self) -> bool:
        """Whether no block failed and none was left out behind a failed one."""
        return all(
            outcome.status in ("ran", "skipped") and not outcome.mistakes
            for outcome in self.outcomes
        )


class Runner:
    """Runs jobs one after the other in fresh processes."""

    def __init__(
        self,
        preload: tuple[str, ...] = (),
        *,
        time_limit: float = 600.0,
        fresh: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare to run.

        Where there is forking, the import of modules begins now, and nobody waits for it.

        Args:
            preload: Modules to import once, for all processes, or where they are spawned, in each.
            time_limit: Seconds that one block may take.
            fresh: Whether to spawn even where forking is to be had: what differs from process to
                process, such as the order of a set of texts, then shows.
            environment: The site's environment variables, which modules find when they are
                imported.
        """
        self.time_limit = time_limit
        self._preload = preload
        self._site = environment_variables.at_home(environment or {}, os.devnull)  # no page's home
        self._failure = ""  # why no page can be run
        self._forks: forkserver.ForkServer | None = None
        self._server: int | None = None  # its process, from which those of the pages are forked
        forks = sys.platform == "linux" and not fresh
        self._context: Any = multiprocessing.get_context("forkserver" if forks else "spawn")
        if forks:
            self._forks = _fork_server(self._preload, self._site)
            sockets = {preloading.SOCKETS: multiprocessing.util.get_temp_dir()}
            with environment_variables.in_place(self._environment() | sockets):
                self._forks.ensure_running()
            self._server = vars(self._forks)["_forkserver_pid"]

    def run(self, job: Job, progress: Callable[[int], None] = lambda count: None) -> Run:
        """Run a page; blocks that take too long are ended, the ones behind them left out.

        Args:
            job: The page. Its environment is added to what pages see of this process's.
            progress: Told how many blocks are done, whenever one is.

        Raises:
            SetupError: a module that all pages share can't be imported.
        """
        if self._failure:
            raise SetupError(self._failure)
        job = replace(
            job,
            environment=environment_variables.for_pages(os.environ) | self._site | job.environment,
        )
        ours, pages = socket.socketpair()
        token = secrets.token_bytes(_TOKEN_BYTES)
        process = self._context.Process(target=run_job, args=(job, pages, token), name=job.name)
        with ours:
            with pages:
                self._start(process)
            try:
                return self._gather(job, Receiver(ours, token, process.sentinel), process, progress)
            finally:
                self._end(process, ours)

    def _start(self, process: BaseProcess) -> None:
        if self._server and not _is_alive(self._server):
            self._give_up("died")  # another would be started, without the modules
        limit = threading.Timer(_PRELOAD_LIMIT, self._end_server)
        limit.daemon = True
        limit.start()
        try:
            with (
                _no_main_module(),
                _forked_from(self._forks),
                environment_variables.in_place(self._environment()),
            ):
                process.start()
        except (EOFError, ConnectionError):  # the server is gone
            self._give_up(
                f"was ended after {_PRELOAD_LIMIT:g} s" if limit.finished.is_set() else "died"
            )
        finally:
            limit.cancel()

    def _environment(self) -> dict[str, str]:
        """What a new process finds; it imports the modules before it does anything else."""
        modules = {preloading.MODULES: " ".join(self._preload)}
        return environment_variables.for_pages(os.environ) | self._site | modules

    def _give_up(self, end: str) -> None:
        self._failure = (
            f"the process that imports {', '.join(self._preload)} for those of the pages {end}"
        )
        raise SetupError(self._failure) from None

    def _end_server(self) -> None:
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._server, signal.SIGKILL)

    def _gather(
        self, job: Job, answers: Receiver, process: BaseProcess, progress: Callable[[int], None]
    ) -> Run:
        run = Run()
        try:
            for index in range(len(job.steps)):
                answer = self._next(answers, "outcome")
                with _understood():
                    run.outcomes.append(_outcome_of(index, answer))
                progress(len(run.outcomes))
            ending = self._next(answers, "ending")["ending"]
            with _understood():
                run.device, run.versions = ending["device"], ending["versions"]
                run.inputs = Inputs.from_message(ending["inputs"])
            if job.symbols:
                looked_up = self._next(answers, "symbols")
                with _understood():
                    run.symbols = looked_up["symbols"]
                    run.inputs |= Inputs.from_message(looked_up["inputs"])
        except _BrokenOffError as error:
            return _broken_off(run, job, str(error))
        except EOFError:
            return _broken_off(run, job, self._describe_death(job, process))
        return run

    def _next(self, answers: Receiver, expected: str) -> dict[str, Any]:
        """The next answer, if it is of the kind that is expected."""
        try:
            answer = answers.receive(time.monotonic() + self.time_limit)
        except TimeoutError:
            raise _BrokenOffError(
                f"ended after {self.time_limit:g} s, the time limit of a block"
            ) from None
        except ValueError as error:
            raise _BrokenOffError(
                f"{error} from the page's process; does it write to what isn't its own?"
            ) from None
        if "setup" in answer:
            self._failure = answer["setup"]
            raise SetupError(self._failure)
        if "broken" in answer:
            raise _BrokenOffError(_describe_break(answer["broken"]))
        if expected not in answer:  # the page's process has ended before it was through
            raise EOFError
        return answer

    def _describe_death(self, job: Job, process: BaseProcess) -> str:
        process.join(_END_LIMIT)  # it may still be writing why
        if is_too_much(job.folder):
            return (
                f"ended, since it wrote more than {MOST_BYTES:,} bytes; print what a reader reads"
            )
        if why := last_words(broken_file(job)):
            return _describe_break(why)
        return f"the process died ({_describe_exit(process.exitcode)})"

    def _end(self, process: BaseProcess, channel: socket.socket) -> None:
        """End a page's process and whatever it started."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                channel.send(watchdog.ENOUGH)
            process.join(_END_LIMIT)
            if process.exitcode in (None, -signal.SIGKILL):  # stuck, or ended by the page itself
                watchdog.end_descendants(self._server or _started(process))
        else:
            _end_group(process)
        process.kill()
        process.join(_END_LIMIT)


def _fork_server(modules: tuple[str, ...], environment: Mapping[str, str]) -> forkserver.ForkServer:
    """The server that imports these modules in this environment, or is about to.

    That of `multiprocessing` is one a process: whoever comes second would get what the first one
    wanted, and not be told.
    """
    wanted = (modules, tuple(sorted(environment.items())))
    if wanted not in _servers:
        _servers[wanted] = forkserver.ForkServer()
        _servers[wanted].set_forkserver_preload(
            ["tf2docs.pages.running.preloading", "tf2docs.pages.running.child"]
        )
    return _servers[wanted]


@contextlib.contextmanager
def _forked_from(server: forkserver.ForkServer | None) -> Iterator[None]:
    """Let a new process come from a server of ours, where there is one."""
    names = vars(forkserver)
    connect = names["connect_to_new_process"]
    if server is not None:
        names["connect_to_new_process"] = server.connect_to_new_process
    try:
        yield
    finally:
        names["connect_to_new_process"] = connect


class _BrokenOffError(Exception):
    """A page's process doesn't answer as it should, and the message says how."""


@contextlib.contextmanager
def _understood() -> Iterator[None]:
    """Read an answer. What a page has made of it is no error of ours."""
    try:
        yield
    except (TypeError, KeyError, ValueError) as error:
        raise _BrokenOffError(
            f"an answer came that can't be understood ({type(error).__name__}: {error})"
        ) from None


def _outcome_of(index: int, answer: dict[str, Any]) -> Outcome:
    if answer["block"] != index:
        raise _BrokenOffError(f"answered for block {answer['block'] + 1} in place of {index + 1}")
    return Outcome.from_message(answer["outcome"])


def _is_alive(child: int) -> bool:
    """Whether a child process hasn't ended; if it has, whoever waits for it still finds it."""
    with contextlib.suppress(ChildProcessError):
        return not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return False


def _started(process: BaseProcess) -> int:
    """The number of a process that has been started."""
    assert process.pid is not None
    return process.pid


def _end_group(process: BaseProcess) -> None:
    """End a process and what it started, as far as the system knows about that."""
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False
        )
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(_started(process), signal.SIGKILL)


@contextlib.contextmanager
def _no_main_module() -> Iterator[None]:
    """Keep a new process from importing this one's main module.

    That is all of pytest, and it would come before the page.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _broken_off(run: Run, job: Job, reason: str) -> Run:
    """The run of a page that can't go on.

    The block that it was at failed, or the last, where all were through.
    """
    if not job.steps:
        raise SetupError(f"what the page names can't be looked up: {reason}")
    failed = next(
        (number for number, outcome in enumerate(run.outcomes, 1) if outcome.status == "failed"),
        None,
    )
    if failed is None and len(run.outcomes) == len(job.steps):
        failed = len(run.outcomes)
        run.outcomes[-1].status, run.outcomes[-1].reason = "failed", reason
    elif failed is None:
        failed = len(run.outcomes) + 1
        printed, errors = map(last_words, output_files(job.folder))
        run.outcomes.append(Outcome("failed", reason, printed=printed, errors=errors))
    missing = len(job.steps) - len(run.outcomes)
    run.outcomes += [Outcome("not run", f"block {failed} failed") for _ in range(missing)]
    return run


def _describe_break(why: str) -> str:
    return "\n".join(
        ["the block left a state in which no other can be run:", *why.splitlines()[-12:]]
    )


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"
