"""Show a reader who is watching how far a download is. What shows it may break.

The download goes on.
"""

import contextlib
import sys
import time
from typing import Self

__all__ = ["Progress", "tell", "watched"]

_BETWEEN = 0.1  # seconds from one line to the next


def watched() -> bool:
    """Whether somebody sees standard error come.

    A terminal or a notebook, but no pipe and no log.
    """
    stream = sys.stderr
    with contextlib.suppress(Exception):  # a stream that was closed, or isn't one
        return stream.isatty() or type(stream).__module__.startswith("ipykernel")
    return False


def tell(line: str) -> None:
    """Write a line for whoever is watching."""
    if watched():
        _write(f"{line}\n")


class Progress:
    """One line that is written over and over.

    Such as `mnist.npz  4.2 of 11.5 MB  37 %  2.1 MB/s`.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = self._shown = time.monotonic()
        self._first: int | None = None
        self._on = watched()

    def show(self, size: int, total: int | None) -> None:
        """Say that `size` bytes of `total` have come."""
        now = time.monotonic()
        # what came in an earlier run says no speed
        self._first = size if self._first is None else self._first
        if not self._on or now - self._shown < _BETWEEN:
            return
        self._shown = now
        share = f" of {total / 1e6:.1f} MB  {size / total:4.0%}" if total else " MB"
        speed = max(0, size - self._first) / (now - self._began) / 1e6
        self._on = _write(f"\r{self._name}  {size / 1e6:.1f}{share}  {speed:.1f} MB/s".ljust(61))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Take the line away."""
        if self._on and self._shown > self._began:
            _write("\r".ljust(61) + "\r")


def _write(text: str) -> bool:
    """Write to standard error, and tell whether that was possible."""
    # closed, lost midway, of an encoding that lacks a character, ...
    with contextlib.suppress(Exception):
        sys.stderr.write(text)
        sys.stderr.flush()
        return True
    return False
