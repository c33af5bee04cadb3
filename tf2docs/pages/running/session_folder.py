"""The folder of a test session: made for its first page, and gone when it ends, whatever ends it.

The processes of the session hold a shared lock on a file in it for as long as they live. So a
folder whose lock can be had alone is one that they left behind, killed as they may have been, and
whoever finds it may remove it.
"""

import contextlib
import os
import shutil
import signal
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

try:
    import fcntl
except ImportError:  # Windows, where what a killed session leaves stays
    fcntl = None  # type: ignore[assignment]

_PREFIX = "tf2docs-"
_OWNER = "owner"
_ENDING = ("SIGTERM", "SIGHUP")


@dataclass
class _Held:
    """What this process holds for one of its folders: the lock, and what signals did before."""

    lock: int | None = None
    handlers: dict[int, Any] = field(default_factory=dict)


_held: dict[Path, _Held] = {}


def name() -> Path:
    """A name for a session's folder, which nobody has made yet."""
    return Path(tempfile.gettempdir()) / f"{_PREFIX}{uuid.uuid4().hex}"


def hold(folder: Path, *, shared: bool = False) -> None:
    """Make a session's folder, unless another of its processes has.

    Keep it from those who clear up.

    Folders whose holders were killed are removed.

    Args:
        folder: The folder.
        shared: Whether another process sees to its removal; else this one does, also where a signal
            asks it to end.
    """
    # its workers may have ended
    for left in set(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*")) - {folder}:
        remove_if_forsaken(left)
    folder.mkdir(mode=0o700, exist_ok=True)
    _held[folder] = _Held(
        _lock(folder) if fcntl else None, {} if shared else _handle_signals(folder)
    )


def remove(folder: Path) -> None:
    """Remove a session's folder, with all that is in it."""
    held = _held.pop(folder, _Held())
    for number, handler in held.handlers.items():
        signal.signal(number, handler)
    shutil.rmtree(folder, ignore_errors=True)
    if held.lock is not None:
        os.close(held.lock)


def leave(folder: Path) -> None:
    """Let go of a session's folder that another process sees to.

    Who is the last one of a dead session removes it.
    """
    if (held := _held.pop(folder, None)) is None:
        return
    if held.lock is not None:
        os.close(held.lock)
    remove_if_forsaken(folder)


def remove_if_forsaken(folder: Path) -> None:
    """Remove a folder if a session of this user's made it, and is dead."""
    # no session's, or removed by another in the meantime
    with contextlib.suppress(FileNotFoundError):
        if is_forsaken(folder):
            shutil.rmtree(folder, ignore_errors=True)


def is_forsaken(folder: Path) -> bool:
    """Whether a folder is a session's that is dead, as far as this system tells.

    Raises:
        FileNotFoundError: it has no owner.
    """
    if fcntl is None or not folder.name.startswith(_PREFIX):
        return False
    try:
        lock = os.open(folder / _OWNER, os.O_RDONLY | os.O_NOFOLLOW)
    except PermissionError:  # another user's
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def remove_once_forsaken(folder: Path, *, patience: float = 2.0) -> None:
    """Remove a session's folder whose owner is about to die, or what is left of it."""
    deadline = time.monotonic() + patience
    while folder.name.startswith(_PREFIX) and folder.exists() and time.monotonic() < deadline:
        remove_if_forsaken(folder)
        with contextlib.suppress(OSError):  # not empty
            folder.rmdir()
        time.sleep(0.05)


def _lock(folder: Path) -> int:
    """Share the lock on the owners' file.

    The first makes it, and locks it before it has its name.
    """
    fresh, owners = folder / f"{_OWNER}.{os.getpid()}", folder / _OWNER
    lock = os.open(fresh, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)
    try:
        os.link(fresh, owners)
    except FileExistsError:
        os.close(lock)
        lock = os.open(owners, os.O_RDWR)
        fcntl.flock(lock, fcntl.LOCK_SH)
    fresh.unlink()
    return lock


def _handle_signals(folder: Path) -> dict[int, Any]:
    """Remove the folder where this process is asked to end, and then end as asked.

    Returns what was done before.
    """

    def end(number: int, frame: FrameType | None) -> None:
        remove(folder)
        os.kill(os.getpid(), number)

    # the others aren't told of signals
    if threading.current_thread() is not threading.main_thread():
        return {}
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    # not by nohup
    heard = [number for number in numbers if signal.getsignal(number) not in (None, signal.SIG_IGN)]
    return {number: signal.signal(number, end) for number in heard}
