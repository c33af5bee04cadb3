"""Show a reader who is watching how far a download is."""

import sys
import time

__all__ = ["Progress", "watched"]

_BETWEEN = 0.1  # seconds from one line to the next


def watched() -> bool:
    """Whether somebody sees standard error come: a terminal or a notebook, but no pipe and no log."""
    stream = sys.stderr
    return stream is not None and (stream.isatty() or type(stream).__module__.startswith("ipykernel"))


class Progress:
    """One line that is written over and over, such as `mnist.npz  4.2 of 11.5 MB  37 %  2.1 MB/s`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._began = self._shown = time.monotonic()
        self._first: int | None = None
        self._on = watched()

    def show(self, size: int, total: int | None) -> None:
        """Say that `size` bytes of `total` have come."""
        now = time.monotonic()
        self._first = size if self._first is None else self._first  # what came in an earlier run says no speed
        if not self._on or now - self._shown < _BETWEEN:
            return
        self._shown = now
        share = f" of {total / 1e6:.1f} MB  {size / total:4.0%}" if total else " MB"
        speed = (size - self._first) / (now - self._began) / 1e6
        self._write(f"{self._name}  {size / 1e6:.1f}{share}  {speed:.1f} MB/s")

    def close(self) -> None:
        """Take the line away."""
        if self._on and self._shown > self._began:
            self._write("")

    def _write(self, line: str) -> None:
        print(f"\r{line:<60}", end="" if line else "\r", file=sys.stderr, flush=True)
