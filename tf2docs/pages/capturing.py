"""Catch what code prints, whichever way it prints it.

Python's `print`, a C++ library and a child process all write to file descriptors 1 and 2 in the end,
so these are what is caught.
"""

import contextlib
import ctypes
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

_ERASE = "\x00"  # stands for "erase the rest of the line", which no text holds
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


class Capture:
    """Sends file descriptors 1 and 2 of this process to files, for good, and hands out what came.

    For a process that runs a page and nothing else: what was printed since the last `take` is what
    the block in between printed. The files, `printed` and `errors`, outlive a process that dies.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = folder / "printed", folder / "errors"
        for descriptor, path in enumerate(self._paths, start=1):
            with path.open("wb") as file:
                os.dup2(file.fileno(), descriptor)
        self._open_streams()

    def take(self) -> tuple[str, str]:
        """What was written to standard output and standard error since the last call, as a terminal shows it."""
        for stream in (sys.stdout, sys.stderr, *self._streams):
            with contextlib.suppress(ValueError, AttributeError):  # the page may have closed or replaced them
                stream.flush()
        with contextlib.suppress(OSError, AttributeError):  # C's own buffers, where the platform lets us
            ctypes.CDLL(None).fflush(None)
        printed, errors = (show_as_terminal(path.read_bytes().decode("utf-8", "replace")) for path in self._paths)
        for descriptor in (1, 2):  # so that the files hold what the next block writes, and no more
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
        self._open_streams()
        return printed, errors

    @contextlib.contextmanager
    def errors_joined(self) -> Iterator[None]:
        """Let standard error join standard output, in the order they are written."""
        apart = os.dup(2)
        os.dup2(1, 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(apart, 2)
            os.close(apart)

    def _open_streams(self) -> None:
        """Give the next block streams that nobody has closed or replaced."""
        self._streams = sys.stdout, sys.stderr = _writer(1), _writer(2)


def show_as_terminal(text: str) -> str:
    r"""The text that a terminal would show: colours gone, carriage returns and backspaces done.

    Examples:
        >>> show_as_terminal("step 1/2\rstep 2/2\n")
        'step 2/2\n'
    """
    plain = _ESCAPE.sub(lambda found: _ERASE if found[0] in ("\x1b[K", "\x1b[0K") else "", text)
    lines = [_apply_controls(line) for line in plain.replace("\r\n", "\n").split("\n")]
    shown = "\n".join(lines).strip("\n")
    return f"{shown}\n" if shown.strip() else ""


def _apply_controls(line: str) -> str:
    if not any(control in line for control in ("\r", "\b", _ERASE)):
        return line.rstrip()
    cells: list[str] = []
    place = 0
    for character in line:
        if character == "\r":
            place = 0
        elif character == "\b":
            place = max(0, place - 1)
        elif character == _ERASE:
            del cells[place:]
        else:
            cells[place : place + 1] = [character]
            place += 1
    return "".join(cells).rstrip()


def _writer(descriptor: int) -> TextIO:
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
