"""Make a process that was forked for a page look like `python page.py`."""

import builtins
import contextlib
import multiprocessing
import os
import sys
import threading
import traceback
from multiprocessing import forkserver, process, resource_tracker

_BUILTINS = vars(builtins)
_main = process.current_process()  # of the server that forks: a main process, as a program is
_process_id, _leave = os.getpid, os._exit  # a page may replace what the modules hold


class Copy:
    """Tells the process that runs the page from copies of it.

    `os.fork` makes them, and they would run the rest too.
    """

    def __init__(self) -> None:
        self._original = _process_id()

    def leave(self, raised: BaseException | None) -> None:
        """End the process if it is a copy, as Python ends a program; the original goes on.

        Args:
            raised: What its code ended with.
        """
        if _process_id() == self._original:
            return
        with contextlib.suppress(BaseException):
            code = _exit_code(raised)
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            _leave(code)
        _leave(1)


class Builtins:
    """Python's built-in names: the page's while its code runs, ours while ours does."""

    def __init__(self) -> None:
        self._ours = _BUILTINS.copy()
        self._pages = _BUILTINS.copy()

    def give(self) -> None:
        """Let the page have its own, whatever it has made of them."""
        _BUILTINS.update(self._pages)
        for removed in self._ours.keys() - self._pages.keys():
            del _BUILTINS[removed]

    def take(self) -> None:
        """Have ours again. Until then a name such as `len` may mean anything."""
        self._pages = _BUILTINS.copy()
        _BUILTINS.update(self._ours)


class Threads:
    """Exceptions that ended a thread of the page.

    Python prints them, and goes on as if nothing had happened.
    """

    def __init__(self) -> None:
        self._raised: list[BaseException] = []
        self._print = threading.excepthook
        threading.excepthook = self._keep

    def take(self) -> BaseException | None:
        """The first since the last call."""
        raised, self._raised = self._raised, []
        return raised[0] if raised else None

    def _keep(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            self._raised.append(arguments.exc_value)
        self._print(arguments)


def look_like_a_program(file: str) -> None:
    """Let this process look like a Python that runs a file.

    It loses what leads back to the one that it came from.
    """
    sys.argv = [file]
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    multiprocessing.set_start_method(None, force=True)
    _main.name = "MainProcess"  # multiprocessing calls it as it calls the page
    vars(process).update(_current_process=_main, _parent_process=None)
    for holder, name in (
        (forkserver._forkserver, "_forkserver_alive_fd"),
        (resource_tracker._resource_tracker, "_fd"),
    ):
        descriptor = getattr(holder, name)
        if descriptor is not None:
            os.close(descriptor)
        setattr(holder, name, None)


def hide(package: str) -> None:
    """Let the page import a package anew.

    What it does to that doesn't touch the modules that are at work here.
    """
    for name in [name for name in sys.modules if name == package or name.startswith(f"{package}.")]:
        del sys.modules[name]
    parent, _, name = package.rpartition(".")
    delattr(sys.modules[parent], name)


def _exit_code(raised: BaseException | None) -> int:
    if raised is None:
        return 0
    if isinstance(raised, SystemExit) and isinstance(raised.code, int | None):
        return (raised.code or 0) & 0xFF
    traceback.print_exception(raised)
    return 1
