"""Run one page's code. This module's code lives in a process of its own, one for each page."""

import contextlib
import importlib
import os
import platform
import random
import sys
import sysconfig
import time
import traceback
import types
import warnings
from multiprocessing.connection import Connection
from typing import Any

from tf2docs.pages import preloading
from tf2docs.pages.capturing import Capture, show_as_terminal
from tf2docs.pages.drawing import take_figures
from tf2docs.pages.isolation import NetworkRefusedError, attempts, network_refused
from tf2docs.pages.jobs import Ending, Frame, Job, Outcome, Step
from tf2docs.pages.tracing import Trace


def run_job(job: Job, results: Connection) -> None:
    """Run a page's blocks in one namespace and send an `Outcome` for each, then an `Ending`; or why it can't be run."""
    if preloading.failure:
        results.send(preloading.failure)
        return
    if hasattr(os, "setsid"):
        os.setsid()  # whatever the page starts can be ended together with it
    _move_in(job)
    capture = Capture(job.folder)
    trace = Trace(job.folder.parent)
    namespace = _new_module(job)
    with network_refused():
        _run_steps(job, namespace, capture, results)
    symbols = {name: exists(name) for name in job.symbols}
    results.send(Ending("GPU" if _has_gpu() else "CPU", _versions(job.versions), symbols, trace.inputs()))


def _run_steps(job: Job, namespace: dict[str, Any], capture: Capture, results: Connection) -> None:
    failed = None
    for number, step in enumerate(job.steps, start=1):
        if failed is not None:
            results.send(Outcome("not run", f"block {failed} failed"))
            continue
        outcome = _run_step(step, job, namespace, capture)
        results.send(outcome)
        failed = number if outcome.status == "failed" else None


def exists(name: str) -> bool:
    """Whether a dotted name leads from a module to something it holds.

    Examples:
        >>> exists("os.path.join"), exists("os.path.joint"), exists("xml.dom.minidom.parse")
        (True, False, True)
    """
    root, *parts = name.split(".")
    try:
        found = importlib.import_module(root)
        for count, part in enumerate(parts, start=2):
            if not hasattr(found, part):  # a module that nobody has imported yet
                importlib.import_module(".".join(name.split(".")[:count]))
            found = getattr(found, part)
    except Exception:
        return False
    return True


def _move_in(job: Job) -> None:
    home = job.folder / "home"
    home.mkdir()
    os.environ.update(job.environment, HOME=str(home))
    if job.device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.chdir(home)
    random.seed(0)
    if job.real_data:
        warnings.filterwarnings("error", message=".*stand-in")


def _new_module(job: Job) -> dict[str, Any]:
    """A real module for the page's names: pickle, dataclasses and Keras look classes up by it."""
    module = types.ModuleType("__main__")
    module.__file__ = str(job.tangled)
    sys.modules["__main__"] = module
    return module.__dict__


def _run_step(step: Step, job: Job, namespace: dict[str, Any], capture: Capture) -> Outcome:
    if step.skip_reason is not None:
        return Outcome("skipped", step.skip_reason)
    if step.needs_gpu and not _has_gpu():
        return Outcome("skipped", "needs a GPU")
    if job.device == "gpu" and not _has_gpu():
        return Outcome("failed", "a GPU was asked for, and there is none")
    outcome, raised = Outcome("ran"), None
    start = time.perf_counter()
    with capture.errors_joined() if step.joins_errors else contextlib.nullcontext():
        try:
            exec(compile("\n" * step.line + step.code, str(job.tangled), "exec", dont_inherit=True), namespace)
            outcome.figures = take_figures()
            _refuse_hidden_attempts()
        except BaseException as error:
            raised = error
    outcome.seconds = time.perf_counter() - start
    outcome.printed, outcome.errors = capture.take()
    if raised is not None and _is_meant(raised, step.raises):
        outcome.printed += show_as_terminal(f"{type(raised).__name__}: {raised}\n")
    elif raised is not None:
        outcome.status, outcome.reason = "failed", _name(raised)
        outcome.trace = _trace(raised, job)
    elif step.raises:
        outcome.status = "failed"
        outcome.reason = f"the page says that this raises {step.raises}, but nothing was raised"
    outcome.printed = _without_places(outcome.printed, job)
    if step.keeps and outcome.status == "ran":
        _take_file(step.keeps, job, outcome)
    for expression in step.expressions if outcome.status == "ran" else ():
        _evaluate(expression, namespace, outcome)
    return outcome


def _take_file(name: str, job: Job, outcome: Outcome) -> None:
    """Take the file that the block was to leave; without one it failed."""
    file = job.folder / "home" / name
    outcome.file = file.read_bytes() if file.is_file() else None
    if not outcome.file:
        outcome.status = "failed"
        outcome.reason = (
            f"the page says that this leaves the file {name}, but "
            f"{'it is empty' if file.is_file() else 'there is none in its working folder'}"
        )


def _without_places(text: str, job: Job) -> str:
    """A text without this machine's folders, which tell a reader nothing: `.../keras/utils/__init__.py`."""
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        text = text.replace(f"{place}{os.sep}", ".../")
    return text.replace(str(job.tangled), f".../{job.tangled.name}")


def _refuse_hidden_attempts() -> None:
    """Fail a block that tried to reach the network, also where it took the refusal for granted."""
    if attempts:
        hosts = ", ".join(sorted(set(attempts)))
        attempts.clear()
        raise NetworkRefusedError(f"tried to reach {hosts}, and went on when it was refused")


def _is_meant(error: BaseException, name: str | None) -> bool:
    return name in {kind.__name__ for kind in type(error).__mro__ if kind is not object}


def _name(error: BaseException) -> str:
    return "".join(traceback.format_exception_only(error)).strip()


def _trace(error: BaseException, job: Job) -> list[Frame]:
    """The way from the page's line to the error, without this module's frames."""
    if isinstance(error, SyntaxError) and error.filename == str(job.tangled):
        return [_frame(job, error.filename, error.lineno or 0, (error.text or "").strip())]
    frames = traceback.extract_tb(error.__traceback__)[1:]
    return [_frame(job, frame.filename, frame.lineno or 0, frame.line or "") for frame in frames]


def _frame(job: Job, file: str, line: int, code: str) -> Frame:
    if file != str(job.tangled):
        return Frame(line, code, file=file)
    block = max(index for index, step in enumerate(job.steps) if step.line < line)
    return Frame(line - job.steps[block].line, code, block=block)


def _evaluate(expression: str, namespace: dict[str, Any], outcome: Outcome) -> None:
    try:
        outcome.values[expression] = _plain(eval(expression, namespace))
    except BaseException as error:
        outcome.mistakes[expression] = _name(error)


def _plain(value: Any) -> bool | int | float | str:
    """A number or a text as Python's own type, whichever library's it was."""
    if hasattr(value, "numpy"):
        value = value.numpy()
    if hasattr(value, "item"):
        value = value.item()
    for kind in (bool, int, float, str):
        if isinstance(value, kind):
            return kind(value)
    raise TypeError(f"it is a {type(value).__name__}; bind a number")


def _has_gpu() -> bool:
    """Whether the page's library sees a GPU, asked of the library that is there."""
    tensorflow = sys.modules.get("tensorflow")
    return bool(tensorflow and tensorflow.config.list_physical_devices("GPU"))


def _versions(modules: tuple[str, ...]) -> dict[str, str]:
    loaded = {name: sys.modules[name].__version__ for name in modules if name in sys.modules}
    return {"python": platform.python_version(), **loaded}
