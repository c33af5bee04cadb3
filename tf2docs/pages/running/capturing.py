"""Catch what code prints, whichever way it prints it, and no more than anybody reads.

Python's `print`, a C++ library and a child process all write to file descriptors 1 and 2 in the
end, so these are what is caught.
"""

import contextlib
import ctypes
import os
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

MOST_BYTES = 4_000_000
"""What one block may write to standard output, and again to standard error."""

LONGEST_LINE = 20_000
"""How many characters one line may have."""

_END = 2000  # what is kept of too much
_ERASE = "\x00"  # stands for "erase the rest of the line"; a terminal shows no such character
_ERASING = ("\x1b[K", "\x1b[0K")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")


@dataclass(frozen=True)
class Caught:
    """What one block wrote, as a terminal shows it.

    Attributes:
        printed: To standard output.
        errors: To standard error.
        excess: In what way it was too much, in which case only the end of it is here.
    """

    printed: str
    errors: str
    excess: str = ""


class Capture:
    """Sends file descriptors 1 and 2 of this process to files, and hands out what came.

    For a process that runs a page and nothing else: what was printed since the last `take` is what
    the block in between printed. The files, `printed` and `errors`, outlive a process that dies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths = output_files(folder)
        for path in self._paths:
            path.write_bytes(b"")
        self.begin()

    def begin(self, *, joined: bool = False) -> None:
        """Give the next block streams and descriptors that nobody has closed or replaced.

        Args:
            joined: Whether standard error joins standard output, in the order they are written.
        """
        # those of the page may close what they wrote to
        self._streams: tuple[TextIO, ...] = ()
        vars(sys).update(stdout=None, stderr=None)
        printed, errors = self._paths
        _lead(1, printed)
        _lead(2, printed if joined else errors)
        self._streams = sys.stdout, sys.stderr = _writer(1), _writer(2)

    def take(self) -> Caught:
        """What was written since the last call.

        Raises:
            OSError: the files are gone.
        """
        kept: list[Any] = [vars(sys).get(name) for name in ("stdout", "stderr")]
        for stream in (*kept, *self._streams):
            with contextlib.suppress(Exception):  # the page may have closed or replaced them
                stream.flush()
        # C's own buffers, where the platform lets us
        with contextlib.suppress(OSError, AttributeError, TypeError):
            ctypes.CDLL(None).fflush(None)
        caught = read_output(self._folder)
        for path in self._paths:  # so that the files hold what the next block writes, and no more
            os.truncate(path, 0)
        return caught


def output_files(folder: Path) -> tuple[Path, Path]:
    """Where what a block writes to standard output and standard error is caught."""
    return folder / "printed", folder / "errors"


def is_too_much(folder: Path) -> bool:
    """Whether a block has written more than it may."""
    with contextlib.suppress(OSError):
        return any(path.stat().st_size > MOST_BYTES for path in output_files(folder))
    return False


def read_output(folder: Path) -> Caught:
    """What a block has written so far; the end of it, where it is too much."""
    whole = [_read_end(path, MOST_BYTES) for path in output_files(folder)]
    printed, errors = (show_as_terminal(text.decode("utf-8", "replace")) for text in whole)
    excess = _excess(folder, printed, errors)
    return Caught(_end(printed), _end(errors), excess) if excess else Caught(printed, errors)


def last_words(path: Path) -> str:
    """The end of a file of a page that can't speak for itself any more.

    Whatever it made of the file.
    """
    with contextlib.suppress(OSError):
        return show_as_terminal(_read_end(path, _END).decode("utf-8", "replace"))
    return ""


def _excess(folder: Path, printed: str, errors: str) -> str:
    if is_too_much(folder):
        return f"wrote more than {MOST_BYTES:,} bytes; print what a reader reads"
    longest = max(map(len, [*printed.splitlines(), *errors.splitlines()]), default=0)
    if longest > LONGEST_LINE:
        return f"wrote a line of {longest:,} characters; a line may have {LONGEST_LINE:,}"
    return ""


def _end(text: str) -> str:
    return text if len(text) <= _END else f"…{text[-_END:]}"


def _read_end(path: Path, most: int) -> bytes:
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path.name} is no file any more")
        size = min(most, file.seek(0, os.SEEK_END))
        file.seek(-size, os.SEEK_END)
        # which takes as much memory as it is asked for; the page may have left little
        return file.read(size)


def _open_at_once(path: str, flags: int) -> int:
    """Open what a page may have replaced by a pipe that nobody writes to, or by a link."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))


def show_as_terminal(text: str) -> str:
    r"""The text that a terminal would show: colours gone, carriage returns and backspaces done.

    Examples:
        >>> show_as_terminal("step 1/2\rstep 2/2\n")
        'step 2/2\n'
    """
    plain = _ESCAPE.sub(
        lambda found: _ERASE if found[0] in _ERASING else "", text.replace(_ERASE, "")
    )
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


def _lead(descriptor: int, path: Path) -> None:
    """Let a descriptor lead to the end of a file, wherever that is when something is written."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    if file == descriptor:  # it was closed
        os.set_inheritable(file, True)
        return
    os.dup2(file, descriptor)
    os.close(file)


def _writer(descriptor: int) -> TextIO:
    return open(
        descriptor, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
    )
