"""Run one page's code.

This module's code lives in processes of its own, a page's and the one that watches over it.
"""

import contextlib
import importlib
import os
import platform
import shutil
import sys
import traceback
import warnings
from dataclasses import asdict
from socket import socket
from typing import Any

from tf2docs.pages.running import preloading, session_folder, windows_tree
from tf2docs.pages.running.capturing import Capture, is_too_much
from tf2docs.pages.running.folder_guard import refuse_writing
from tf2docs.pages.running.jobs import Job, Outcome, broken_file
from tf2docs.pages.running.messages import Sender
from tf2docs.pages.running.network_guard import Attempts, network_refused
from tf2docs.pages.running.plain_process import Copy, hide, look_like_a_program
from tf2docs.pages.running.stepping import Steps, has_gpu
from tf2docs.pages.running.tracing import Trace

if sys.platform == "linux":
    from tf2docs.pages.running import walls, watchdog

_HARNESS = "tf2docs.pages"


def run_job(job: Job, channel: socket, token: bytes) -> None:
    """Run a page's blocks in one namespace, and answer.

    The answers, in this order:

    - `{"setup": why}`, and nothing else, if no page can be run.
    - `{"block": its index, "outcome": what became of it}` for each block.
    - `{"ending": {"device": …, "versions": …, "inputs": what the page asked for}}`.
    - `{"symbols": {name: whether it exists}, "inputs": what that took}`, if there are any; on Linux
      from a process that ran no line of the page.

    Where the code of this module breaks, or what the page left behind breaks it, `{"broken": why}`
    is the last answer.

    Args:
        job: The page.
        channel: Where to answer.
        token: What the answers are known by.
    """
    preloading.hear_signals()
    answers = Sender(channel, token)
    if preloading.failure:
        answers.send({"setup": preloading.failure})
        return
    _move_in(job)
    if sys.platform == "linux":
        _run_watched(job, channel, answers)
        return
    # whatever the page starts can be ended together with it
    if hasattr(os, "setsid"):
        os.setsid()
    else:
        windows_tree.end_together()
    _run_page(job, answers, Attempts(job.folder / "attempts"))
    if job.symbols:
        _look_up(job, answers)


def _run_watched(job: Job, channel: socket, answers: Sender) -> None:
    walled = job.walled and preloading.walled

    def page() -> None:
        look_like_a_program(job.tangled.name)
        _run_page(
            job, answers, Attempts(job.folder / "attempts", walls.refused if walled else lambda: 0)
        )

    def look_up() -> None:
        Capture(job.folder)  # what modules say when they are imported
        _look_up(job, answers)

    def goes_too_far() -> bool:
        with contextlib.suppress(FileNotFoundError):  # it isn't in a session's folder
            if session_folder.is_forsaken(job.folder.parent):
                raise watchdog.ForsakenError
        return is_too_much(job.folder)

    try:
        functions = (page, look_up) if job.symbols else (page,)
        status = watchdog.run_watched(
            functions,
            channel,
            goes_too_far,
            walled=walled,
            read_only=job.read_only,
            own=str(job.folder.parent),
        )
    except watchdog.ForsakenError:
        shutil.rmtree(job.folder, ignore_errors=True)
        session_folder.remove_once_forsaken(job.folder.parent)
        os._exit(0)
    if status:
        watchdog.leave_like(status)


def _run_page(job: Job, answers: Sender, network: Attempts) -> None:
    hide(_HARNESS)
    copy, trace = Copy(), Trace(job.folder.parent)
    refuse_writing(job.read_only, str(job.folder.parent))
    try:
        with network_refused(network.note):
            _run_steps(job, answers, Steps(job, copy, network), trace)
    except BaseException as error:
        copy.leave(error)
        _say_broken(job, answers, traceback.format_exc())


def _run_steps(job: Job, answers: Sender, steps: Steps, trace: Trace) -> None:
    failed = None
    for index, step in enumerate(job.steps):
        outcome = Outcome("not run", f"block {failed} failed")
        if failed is None:
            with answers.held():
                outcome = steps.run(step)
        answers.send({"block": index, "outcome": outcome.as_message()})
        failed = index + 1 if outcome.status == "failed" else failed
    device = "GPU" if has_gpu(job.gpu) else "CPU"
    ending = {
        "device": device,
        "versions": _versions(job.versions),
        "inputs": asdict(trace.inputs()),
    }
    left_over = steps.left_over()
    answers.send({"broken": left_over} if left_over and not failed else {"ending": ending})


def _say_broken(job: Job, answers: Sender, why: str) -> None:
    """Say why the page can't go on; in a file, where the page has closed the channel."""
    try:
        answers.send({"broken": why})
    except OSError:
        broken_file(job).write_text(why, encoding="utf-8")


def _look_up(job: Job, answers: Sender) -> None:
    trace = Trace(job.folder.parent)
    with network_refused():
        symbols = {name: exists(name) for name in job.symbols}
    answers.send({"symbols": symbols, "inputs": asdict(trace.inputs())})


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
    """Take the page's environment and folders in place of those of whoever started this process."""
    home = job.folder / "home"
    home.mkdir()
    for name, file in job.working_files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, home / name)
    os.environ.clear()
    os.environ.update(job.environment, HOME=str(home), USERPROFILE=str(home))
    if config := sys.modules.get("keras.src.backend.config"):  # which asked when it was imported
        vars(config)["_KERAS_DIR"] = os.environ.get("KERAS_HOME", str(home / ".keras"))
    if job.device == "cpu" and job.gpu:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.chdir(home)
    # on real data a stand-in is a mistake, on small data what everything is
    warnings.filterwarnings("error" if job.real_data else "ignore", message=".*stand-in")


def _versions(modules: tuple[str, ...]) -> dict[str, Any]:
    loaded = {name: str(sys.modules[name].__version__) for name in modules if name in sys.modules}
    return {"python": platform.python_version(), **loaded}
