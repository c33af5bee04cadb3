"""Run a page's blocks, one at a time, in this process, and tell what became of each."""

import os
import random
import sys
import traceback
import types
from pathlib import Path
from time import perf_counter
from typing import Any

from tf2docs.pages.running.capturing import Capture, Caught, show_as_terminal
from tf2docs.pages.running.figures import take_figures
from tf2docs.pages.running.jobs import Frame, Job, Outcome, Step
from tf2docs.pages.running.network_guard import Attempts, NetworkRefusedError
from tf2docs.pages.running.plain_process import Builtins, Copy, Threads
from tf2docs.pages.running.tracing import library_folders

_MOST_WORDS = 4000  # characters of an error's message
_MOST_FRAMES = 100
_LARGEST_FILE = 1 << 26
_OWN = str(Path(__file__).parents[3])  # where this package lies, if not among the libraries

_execute, _compile, _value = exec, compile, eval  # a page may replace what the built-in names mean


class Steps:
    """A page's blocks in one namespace, which lives as long as this."""

    def __init__(self, job: Job, copy: Copy, network: Attempts) -> None:
        self._job = job
        self._copy = copy
        self._network = network
        self._namespace = _new_module(job)
        self._capture = Capture(job.folder)
        self._builtins = Builtins()
        self._threads = Threads()
        random.seed(0)

    def run(self, step: Step) -> Outcome:
        """Run a block; in a copy of the process that the block makes, this ends the process."""
        if reason := self._reason_to_skip(step):
            return Outcome("skipped", reason)
        if self._job.device == "gpu" and not has_gpu(self._job.gpu):
            why = "" if self._job.gpu else "\nSite(gpu=…) doesn't say how to find one"
            return Outcome("failed", f"a GPU was asked for, and there is none{why}")
        outcome = Outcome("ran")
        self._capture.begin(joined=step.joins_errors)
        start = perf_counter()
        raised = self._run_code(step, outcome)
        outcome.seconds = perf_counter() - start
        caught = self._capture.take()
        outcome.printed, outcome.errors = caught.printed, caught.errors
        self._judge(step, outcome, raised, caught)
        outcome.printed = self._without_places(outcome.printed)
        if step.keeps and outcome.status == "ran":
            self._take_file(step.keeps, outcome)
        for expression in step.expressions if outcome.status == "ran" else ():
            self._evaluate(expression, outcome)
        return outcome

    def left_over(self) -> str:
        """What went wrong behind the last block."""
        raised = self._threads.take()
        return self._network.take() or (f"{_name(raised)} (in a thread)" if raised else "")

    def _reason_to_skip(self, step: Step) -> str | None:
        if step.skip_reason is None and step.needs_gpu and not has_gpu(self._job.gpu):
            return "needs a GPU"
        return step.skip_reason

    def _run_code(self, step: Step, outcome: Outcome) -> BaseException | None:
        """Run a block's code and take its figures; returns what it raised."""
        raised = None
        try:
            code = _compile(
                "\n" * step.line + step.code, str(self._job.tangled), "exec", dont_inherit=True
            )
            self._builtins.give()
            try:
                _execute(code, self._namespace)
            finally:
                self._builtins.take()
            outcome.figures = take_figures()
        except BaseException as error:
            raised = error
        self._copy.leave(raised)
        return raised

    def _judge(
        self, step: Step, outcome: Outcome, raised: BaseException | None, caught: Caught
    ) -> None:
        """Say whether what was raised and written is what the page promises."""
        meant = raised is not None and _is_meant(raised, step.raises)
        tried = self._network.take()
        if tried and (raised is None or (meant and not isinstance(raised, NetworkRefusedError))):
            raised, meant = NetworkRefusedError(tried), False
        in_thread = self._threads.take()
        if raised is not None and not meant:
            self._fail(outcome, _name(raised), raised)
        elif caught.excess:
            self._fail(outcome, caught.excess)
        elif step.raises and not meant:
            self._fail(
                outcome, f"the page says that this raises {step.raises}, but nothing was raised"
            )
        # where errors join the output, it belongs to what is compared
        elif in_thread is not None and not step.joins_errors:
            self._fail(
                outcome, f"{_name(in_thread)} (in a thread, where nobody caught it)", in_thread
            )
        elif raised is not None:
            said = _short(self._without_places(_says(raised)))
            outcome.printed += show_as_terminal(f"{said}\n")

    def _fail(self, outcome: Outcome, reason: str, raised: BaseException | None = None) -> None:
        outcome.status, outcome.reason = "failed", reason
        outcome.trace = self._trace(raised) if raised is not None else []

    def _take_file(self, name: str, outcome: Outcome) -> None:
        """Take the file that the block was to leave; without one it failed."""
        home = (self._job.folder / "home").resolve()
        file = home / name
        if not file.exists():
            problem = "there is none in its working folder"
        elif not file.resolve().is_relative_to(home):
            problem = "that is a link that leads out of its working folder"
        elif not file.is_file():
            problem = "that is no file"
        elif not 0 < (size := file.stat().st_size) <= _LARGEST_FILE:
            problem = (
                "it is empty"
                if not size
                else f"it has {size:,} bytes; a site keeps {_LARGEST_FILE:,} at most"
            )
        else:
            outcome.file = file.read_bytes()
            return
        self._fail(outcome, f"the page says that this leaves the file {name}, but {problem}")

    def _without_places(self, text: str) -> str:
        """A text without this machine's folders, which tell a reader nothing.

        `.../keras/utils/__init__.py`.
        """
        for place in sorted((*library_folders(), _OWN), key=len, reverse=True):
            text = text.replace(f"{place}{os.sep}", ".../")
        return text.replace(str(self._job.tangled), f".../{self._job.tangled.name}")

    def _evaluate(self, expression: str, outcome: Outcome) -> None:
        raised = None
        try:
            code = _compile(expression.strip(), "<number>", "eval", dont_inherit=True)
            self._builtins.give()
            try:
                value = _value(code, self._namespace)
            finally:
                self._builtins.take()
            outcome.values[expression] = _plain(value)
        except BaseException as error:
            raised = error
            outcome.mistakes[expression] = _name(error)
        self._copy.leave(raised)

    def _trace(self, error: BaseException) -> list[Frame]:
        """The way from the page's line to the error, without this module's frames."""
        if isinstance(error, SyntaxError) and error.filename == str(self._job.tangled):
            return [self._frame(error.filename, error.lineno or 0, (error.text or "").strip())]
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename != __file__
        ]
        if len(frames) > _MOST_FRAMES:
            frames = [*frames[: _MOST_FRAMES // 2], *frames[-_MOST_FRAMES // 2 :]]
        return [
            self._frame(frame.filename, frame.lineno or 0, frame.line or "") for frame in frames
        ]

    def _frame(self, file: str, line: int, code: str) -> Frame:
        if file != str(self._job.tangled):
            return Frame(line, _short(code), file=file)
        block = max(index for index, step in enumerate(self._job.steps) if step.line < line)
        return Frame(line - self._job.steps[block].line, _short(code), block=block)


def has_gpu(question: str) -> bool:
    """Whether the page's library sees a GPU; without that library there is none.

    Args:
        question: What to ask it, as `Site` says: Python that begins with the module's name.

    Examples:
        >>> has_gpu("sys.byteorder"), has_gpu("sys.flags.quiet"), has_gpu("nothing.is_there()")
        (True, False, False)
    """
    module = question.partition(".")[0]
    return module in sys.modules and bool(_value(question, {module: sys.modules[module]}))


def _new_module(job: Job) -> dict[str, Any]:
    """A real module for the page's names: pickle, dataclasses and Keras look classes up by it."""
    module = types.ModuleType("__main__")
    module.__file__ = str(job.tangled)
    sys.modules["__main__"] = module
    return module.__dict__


def _is_meant(error: BaseException, name: str | None) -> bool:
    return name in {kind.__name__ for kind in type(error).__mro__ if kind is not object}


def _name(error: BaseException) -> str:
    return _short("".join(traceback.format_exception_only(error)).strip())


def _says(error: BaseException) -> str:
    """An error as Python prints it, without the module of its class."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return f"{type(error).__name__}: <exception str() failed>"


def _short(text: str) -> str:
    return text if len(text) <= _MOST_WORDS else f"{text[:_MOST_WORDS]}…"


def _plain(value: Any) -> bool | int | float | str:
    """A number or a text as Python's own type, whichever library's it was."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if hasattr(value, "item"):
        value = value.item()
    size = (
        value.bit_length()
        if isinstance(value, int)
        else len(value)
        if isinstance(value, str)
        else 0
    )
    if size > _MOST_WORDS:
        raise ValueError("it is too long to stand in a sentence")
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"it is a {type(value).__name__}; bind a number")
