"""Import a site's heavy modules once, in the process from which those of the pages are forked.

Importing this module does it, and finds out what the kernel allows. What goes wrong is kept for
every page to say: an exception would end the process.
"""

import atexit
import contextlib
import gc
import importlib
import os
import shutil
import signal
import sys
from collections.abc import Iterable
from typing import Any

MODULES = "TF2DOCS_PRELOAD"
"""The environment variable that names them."""

SOCKETS = "TF2DOCS_SOCKETS"
"""The one that names the folder of the server's socket, which whoever started it made."""

_disturbing: dict[signal.Signals, Any] = {}  # what signals did before the server outlived them


def import_all(names: Iterable[str]) -> str:
    """Import modules; returns what went wrong, in a line, or nothing.

    One that isn't installed is no mistake here: a page that needs it says so itself.

    Examples:
        >>> import_all(["json", "no_such_module"])
        ''
    """
    # an import makes many objects and hardly any garbage; looking for it takes a quarter of the
    # time
    gc.disable()
    try:
        for name in names:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    except BaseException as error:
        says = f"{type(error).__name__}: {error}".splitlines()[0]
        return f"{name}, which is imported before any page is run, fails: {says}"
    finally:
        gc.enable()
        gc.freeze()  # a page's process that looked through them would copy them
    return ""


def _prepare_for_pages() -> bool:
    """Keep what pages leave below this process; whether they may have walls."""
    if sys.platform != "linux" or MODULES not in os.environ:  # this isn't the process that forks
        return False
    from tf2docs.pages.running import walls, watchdog

    if sockets := os.environ.pop(SOCKETS, ""):
        _end_last(sockets)
    watchdog.adopt_orphans()
    return walls.can_stand()


def _end_last(sockets: str) -> None:
    """Let this server outlive the process that started it, whatever ends that, and clear up.

    A signal often goes to the whole group. The server ends by itself once nobody is left.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        _disturbing[number] = signal.signal(number, signal.SIG_IGN)
    atexit.register(_remove, sockets, os.getpid())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # not a page's process
        shutil.rmtree(folder, ignore_errors=True)


def hear_signals() -> None:
    """Let signals do in a page's process what they did before there was a server."""
    for number, handler in _disturbing.items():
        signal.signal(number, handler)


walled = _prepare_for_pages()
"""Whether pages can be put behind walls.

Found out while this process is small and has one thread.
"""

failure = import_all(os.environ.pop(MODULES, "").split())
"""What went wrong in this process."""
