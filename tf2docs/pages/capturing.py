"""Catch what code prints, whichever way it prints it.

Python's `print`, a C++ library and a child process all write to file descriptors 1 and 2 in the end,
so these are what is caught.
"""

import contextlib
import ctypes
import os
import re
import sys
import tempfile
from typing import TextIO

_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Capture:
    """Sends file descriptors 1 and 2 of this process to files, for good, and hands out what came.

    For a process that runs a page and nothing else: what was printed since the last `take` is what
    the block in between printed.
    """

    def __init__(self) -> None:
        self._files = [_redirect(1), _redirect(2)]
        sys.stdout, sys.stderr = _writer(1), _writer(2)

    def take(self) -> tuple[str, str]:
        """What was written to standard output and standard error since the last call, as a terminal shows it."""
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError, AttributeError):  # C's own buffers, where the platform lets us
            ctypes.CDLL(None).fflush(None)
        printed, errors = (show_as_terminal(file.read().decode("utf-8", "replace")) for file in self._files)
        return printed, errors


def show_as_terminal(text: str) -> str:
    r"""The text that a terminal would show: colours gone, carriage returns and backspaces done.

    Examples:
        >>> show_as_terminal("step 1/2\rstep 2/2\n")
        'step 2/2\n'
    """
    lines = [_apply_controls(line) for line in _ESCAPE.sub("", text).replace("\r\n", "\n").split("\n")]
    shown = "\n".join(lines).strip("\n")
    return f"{shown}\n" if shown.strip() else ""


def _apply_controls(line: str) -> str:
    if "\r" not in line and "\b" not in line:
        return line.rstrip()
    cells: list[str] = []
    place = 0
    for character in line:
        if character == "\r":
            place = 0
        elif character == "\b":
            place = max(0, place - 1)
        else:
            cells[place : place + 1] = [character]
            place += 1
    return "".join(cells).rstrip()


def _redirect(descriptor: int):
    """Send a descriptor to a new file; returns a reader of that file with a place of its own."""
    with tempfile.NamedTemporaryFile(delete=False) as file:
        os.dup2(file.fileno(), descriptor)
    reader = open(file.name, "rb")  # noqa: SIM115, PTH123 - open as long as the process is
    os.unlink(file.name)  # noqa: PTH108
    return reader


def _writer(descriptor: int) -> TextIO:
    return open(descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
