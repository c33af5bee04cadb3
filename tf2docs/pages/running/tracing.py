"""Note what a page rests on beside its own code: what its process imports, opens and lists.

For that process alone.

Python says what it does through audit hooks, but for looking whether a file is there: the functions
of `os` that do are wrapped. What other programs do that a page starts, nobody says: such a page
rests on what can't be known.
"""

import contextlib
import functools
import os
import site
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tf2docs.pages.running.jobs import Inputs

_LISTS = {"os.listdir", "os.scandir"}
_STARTS = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.spawn",
    "subprocess.Popen",
}
_LOOKS = ("stat", "lstat", "access")  # functions of os; those of os.path and pathlib call them
_OF_THE_MACHINE = ("/proc", "/sys", "/dev")


class Trace:
    """What this process has asked for since this was made.

    Args:
        own: A folder whose content belongs to the test session, and doesn't count.
    """

    def __init__(self, own: Path) -> None:
        self._skipped = (*library_folders(), *_OF_THE_MACHINE, str(own))
        self._asked: set[str] = set()
        self._opened: set[str] = set()
        self._looked_for: set[str] = set()
        self._started: set[str] = set()
        self._before = set(sys.modules)
        self._ended = False
        sys.addaudithook(self._audit)
        for name in _LOOKS:
            _replace_in_os(name, _Looking(getattr(os, name), self._look))

    def inputs(self) -> Inputs:
        """What came, sorted; nothing more is noted from here on."""
        self._ended = True
        loaded = {
            name: getattr(module, "__file__", None) for name, module in sys.modules.copy().items()
        }
        local = {name: file for name, file in loaded.items() if file and self._counts(file)}
        namespaces = {name for name, module in sys.modules.copy().items() if _is_namespace(module)}
        failed = {name for name in self._asked if name not in loaded}
        roots = {name.partition(".")[0] for name in loaded}
        if any(name.startswith("multiprocessing.popen_") for name in loaded.keys() - self._before):
            self._started.add("multiprocessing")  # a spawn by it is no event
        return Inputs(
            modules=tuple(
                sorted({*local, *namespaces, *failed, *roots} - {"__main__", "__mp_main__"})
            ),
            sources=tuple(sorted(set(map(_absolute, local.values())))),
            files=tuple(sorted(filter(self._counts, self._opened))),
            looked_for=tuple(
                sorted(filter(self._counts, self._looked_for - self._opened - set(local.values())))
            ),
            unknown=", ".join(sorted(self._started)),
        )

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._ended:
            return
        if event == "open" and _reads(*arguments[1:]):
            self._note(arguments[0])
        elif event in _LISTS:
            self._note("." if arguments[0] is None else arguments[0])
        elif event == "ctypes.dlopen" and os.sep in str(arguments[0]):
            self._note(arguments[0])
        elif event == "import":
            self._asked.add(str(arguments[0]))
        elif event in _STARTS:
            self._started.add(event)

    def _note(self, path: Any) -> None:
        if not isinstance(path, int) and not _asked_by_an_import():
            with contextlib.suppress(OSError, TypeError, ValueError):
                self._opened.add(_absolute(os.fsdecode(path)))

    def _look(self, path: Any) -> None:
        if not self._ended and not isinstance(path, int):
            with contextlib.suppress(OSError, TypeError, ValueError):
                self._looked_for.add(_absolute(os.fsdecode(path)))

    def _counts(self, path: str) -> bool:
        """Whether a file is no library's, no part of the machine and not the session's own."""
        path = _absolute(path)
        return not path.endswith(".pyc") and not any(
            is_below(path, folder) for folder in self._skipped
        )


class _Looking:
    """A function of `os` that looks at a path, and tells which.

    No function of Python's, which would become a method where a class holds it.
    """

    def __init__(self, looks: Callable[..., Any], tell: Callable[[Any], None]) -> None:
        self._looks, self._tell = looks, tell

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if options.get("dir_fd") is None:
            self._tell(arguments[0] if arguments else options.get("path"))
        return self._looks(*arguments, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._looks, name)

    def __repr__(self) -> str:
        return repr(self._looks)


def _replace_in_os(name: str, wrapped: _Looking) -> None:
    """Put a function in the place of one of `os`, which says of some what they can do."""
    replaced = getattr(os, name)
    for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
        if replaced in able:
            able.add(wrapped)
    setattr(os, name, wrapped)


def library_folders() -> tuple[str, ...]:
    """The folders of what is installed; versions stand for what is in them."""
    return _library_folders(tuple(sys.path))


@functools.lru_cache(maxsize=8)  # asked for each folder of what a page rests on
def _library_folders(paths: tuple[str, ...]) -> tuple[str, ...]:
    kinds = ("stdlib", "platstdlib", "purelib", "platlib")
    folders = {sysconfig.get_path(kind) for kind in kinds} | {
        *site.getsitepackages(),
        site.getusersitepackages(),
    }
    folders |= {path for path in paths if Path(path).name in ("site-packages", "dist-packages")}
    return tuple(
        sorted({each for folder in folders for each in (folder, os.path.realpath(folder))})
    )


def _absolute(path: str) -> str:
    """A path from the root; links stay, for where they lead may change."""
    return os.path.abspath(path)  # noqa: PTH100 (`resolve` follows links)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder's, or of something in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _is_namespace(module: Any) -> bool:
    return (
        getattr(module, "__file__", None) is None and getattr(module, "__path__", None) is not None
    )


def _reads(mode: Any, flags: Any) -> bool:
    if isinstance(mode, str):
        return "r" in mode or "+" in mode
    return not isinstance(flags, int) or flags & os.O_ACCMODE != os.O_WRONLY


def _asked_by_an_import() -> bool:
    frame = sys._getframe(3)  # below `_note` and `_audit`
    return "importlib" in frame.f_code.co_filename
