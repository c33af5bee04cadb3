"""Watch over a page's process: end it and all that it started, when it is through or goes too far.

For Linux. The watch is a process between pytest and the page's, in which no line of the page is
run.
"""

import contextlib
import ctypes
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from socket import MSG_DONTWAIT, socket
from typing import NoReturn

from tf2docs.pages.running import walls

ENOUGH = b"."
"""What the process that waits for the page says when it needs no more of it."""

_DEATH_SIGNAL, _ADOPTS = 1, 36  # of prctl
_leave = os._exit  # a page may replace what the module holds
_GLANCE = 0.05  # seconds between two looks at what nobody tells us


class ForsakenError(Exception):
    """Nobody waits for the page any more: the process that did is dead."""


def adopt_orphans() -> None:
    """Let processes whose parents end become children of this one, so that none gets away."""
    _control(_ADOPTS, 1)


def run_watched(
    functions: Iterable[Callable[[], None]],
    channel: socket,
    excess: Callable[[], bool],
    *,
    walled: bool,
    read_only: tuple[str, ...] = (),
    own: str = "",
) -> int | None:
    """Run functions one after the other, each in a fresh copy of this process.

    Nothing of the copy is left afterwards.

    Args:
        functions: The functions. Behind one whose process doesn't end with 0 the others are left
            out.
        channel: Where `ENOUGH` comes in or, when whoever waits has died, the end.
        excess: Looked at now and then, whether the page goes too far.
        walled: Whether to put the processes behind walls.
        read_only: Folders that they then can't write into.
        own: A folder that they can, though it may be below one of those.

    Returns:
        What `waitpid` says of the last process, or None if it was ended from here.

    Raises:
        ForsakenError: nobody waits for the page any more.
    """
    os.setsid()
    adopt_orphans()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    built = walls.build() if walled else None
    status: int | None = 0
    try:
        for place, function in enumerate(functions):
            if place:
                end_descendants(os.getpid(), spared=built.first if built else None)
            child = os.fork()
            if not child:
                _run_alone(function, built, read_only, own)
            status = _watch(child, channel, excess)
            if status != 0:
                break
        return status
    finally:
        if built is not None:
            with contextlib.suppress(ProcessLookupError):
                # with which the kernel ends all that is behind the walls
                os.kill(built.first, signal.SIGKILL)
        end_descendants(os.getpid())


def end_descendants(ancestor: int, *, spared: int | None = None, patience: float = 10.0) -> None:
    """End every process that came of another, also one that went away into a session of its own.

    Args:
        ancestor: The other process.
        spared: One that may stay.
        patience: Seconds to try, against processes that multiply.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if ancestor == os.getpid() and not _has_children():
            return
        left = [process for process in _descendants(ancestor) if process != spared]
        if not left and (spared or ancestor != os.getpid()):
            return
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.002)


def leave_like(status: int) -> None:
    """End this process as another one ended, given what `waitpid` said of it."""
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # its picture was taken where it died
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def _run_alone(
    function: Callable[[], None], built: walls.Walls | None, read_only: tuple[str, ...], own: str
) -> NoReturn:
    """Run a function, and nothing behind it.

    Neither what our callers have left to do, nor what a page left behind.
    """
    code = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.setsid()  # so that a page which ends its own group ends no more
        if built is not None:
            os.close(built.held)
            walls.move_in(read_only, own)
        _control(_DEATH_SIGNAL, signal.SIGKILL)
        function()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        _leave(code)


def _watch(child: int, channel: socket, excess: Callable[[], bool]) -> int | None:
    while True:
        for process, status in _ended():
            if process == child:
                return status
        if _has_enough(channel) or excess():
            return None
        signal.sigtimedwait({signal.SIGCHLD}, _GLANCE)


def _ended() -> Iterator[tuple[int, int]]:
    """Children that have ended, with what `waitpid` says of them."""
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            yield ended


def _has_children() -> bool:
    """Whether this process has children, when those that have ended are taken note of."""
    list(_ended())
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _has_enough(channel: socket) -> bool:
    try:
        said = channel.recv(1, MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        said = b""
    if not said:
        raise ForsakenError
    return True


def _descendants(ancestor: int) -> Iterator[int]:
    children: dict[int, list[int]] = {}
    for process, parent in _living():
        children.setdefault(parent, []).append(process)
    found = [ancestor]
    for process in found:
        found += children.get(process, ())
    yield from found[1:]


def _living() -> Iterator[tuple[int, int]]:
    """Every process that is more than a zombie, with its parent."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may just have ended
            state, parent, *_ = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            if state not in b"ZX":
                yield int(folder.name), int(parent)


def _control(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
