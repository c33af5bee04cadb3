"""Keep a page's process from writing into folders that aren't its own: home, package, docs."""

import errno
import os
import sys
from typing import Any

from tf2docs.pages.running.tracing import is_below

_FIRST, _SECOND = (
    {"os.mkdir", "os.rmdir", "os.remove", "os.truncate", "os.chmod"},
    {"os.link", "os.symlink"},
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def refuse_writing(folders: tuple[str, ...], own: str) -> None:
    """Refuse, from here on, what Python would write below some folders.

    What C++ does by itself, or another program, an audit hook doesn't see: walls hold that back
    (`tf2docs.pages.running.walls`).

    Args:
        folders: The folders.
        own: A folder that may be below one of them, and in which everything is allowed.
    """
    real = tuple(map(os.path.realpath, folders))
    allowed = os.path.realpath(own)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        for path in _written(event, arguments):
            place = _place(path)
            if not is_below(place, allowed) and any(is_below(place, each) for each in real):
                raise OSError(errno.EROFS, "a page writes into its working folder alone", place)

    sys.addaudithook(audit)


def _written(event: str, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """The paths that something is about to be written to."""
    if event == "open":
        path, mode, flags = arguments
        writes = set("wax+") & set(mode) if isinstance(mode, str) else flags & _WRITES
        return (path,) if writes and not isinstance(path, int) else ()
    if event == "os.rename":
        return arguments[:2]
    if event in _SECOND:
        return arguments[1:2]
    return arguments[:1] if event in _FIRST else ()


def _place(path: Any) -> str:
    """Where a path leads; nowhere, where that can't be known."""
    try:
        return os.path.realpath(os.fsdecode(path))
    except (TypeError, ValueError, OSError):
        return ""
