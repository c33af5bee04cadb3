"""Keep what was downloaded, so that nobody ever reads half of it."""

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tf2docs.datasets.progress import watched

if TYPE_CHECKING:
    import filelock

__all__ = ["CannotKeepError", "Partial", "locked", "write_whole"]

_LOCK_LIMIT = 600.0  # seconds to wait for another process that is downloading the same


class CannotKeepError(Exception):
    """A place can't be written: it is full, read-only, or its file system has no locks."""


class Partial:
    """The bytes of a file that have come so far, and where from, so that a download can go on where it was cut.

    On the disk the bytes are in `NAME.part`, beside a note of the address and of the validator that the server gave
    with them. Only [`keep`][tf2docs.datasets.keeping.Partial.keep] gives them the name under which files are looked
    for, and it is called when they are verified. Without a path the bytes are held in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._bytes = path and path.with_name(f"{path.name}.part")
        self._note = path and path.with_name(f"{path.name}.part.json")
        self._origin: tuple[str, str | None] = ("", None)
        with _keeping():
            self.file = self._open()

    @property
    def size(self) -> int:
        """How many bytes have come."""
        return self.file.seek(0, os.SEEK_END)

    def validator(self, address: str) -> str | None:
        """What the server said that these bytes are of; none where they came from another address or none came."""
        return self._origin[1] if self._origin[0] == address and self.size else None

    def begin(self, address: str, validator: str | None) -> None:
        """Throw away what has come, and note where the next bytes will come from."""
        self._origin = (address, validator)
        with _keeping():
            self.file.seek(0)
            self.file.truncate()
            if self._note:
                self._note.write_text(json.dumps(self._origin), encoding="utf-8")

    def write(self, piece: bytes) -> None:
        """Add the next bytes.

        Raises:
            CannotKeepError: They can't be written, as on a full disk.
        """
        with _keeping():
            self.file.write(piece)
            self.file.flush()  # what a full disk refuses is to be known here, and not where the file is read

    def keep(self) -> None:
        """Give the bytes the name under which they are looked for. Until then nobody takes them for the file."""
        if self._path:
            with _keeping():
                self.file.flush()
                os.fsync(self.file.fileno())  # a power cut must not leave the name without the bytes
                self.file.close()
                self._bytes.replace(self._path)
                self._note.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the bytes for a later download to go on from if that is possible; otherwise remove them."""
        resumable = self._origin[1] and not self.file.closed and self.size
        with contextlib.suppress(OSError):
            self.file.close()
        if not resumable:
            self.discard()

    def discard(self) -> None:
        """Remove the bytes."""
        self._origin = ("", None)
        with contextlib.suppress(OSError):
            self.file.close()
        for path in filter(None, (self._bytes, self._note)):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if self._path:
            with contextlib.suppress(OSError):  # it isn't empty
                self._path.parent.rmdir()

    def _open(self) -> BinaryIO:
        if self._path is None:
            return BytesIO()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError, ValueError, TypeError):  # no note, or half of one: begin anew
            address, validator = json.loads(self._note.read_text(encoding="utf-8"))
            self._origin = (str(address), validator and str(validator))
        return self._bytes.open("r+b" if self._bytes.exists() else "w+b")


@contextlib.contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Let only one process at a time download a data set into a folder; the others wait, and find it there.

    The system frees the lock of a process that is killed.

    Raises:
        CannotKeepError: The folder can't be written or locked, or another process holds it for very long.
    """
    import filelock

    with _keeping():
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / f"{name}.lock")
        try:
            _acquire(lock, name)
        except filelock.Timeout:
            raise CannotKeepError(f"another process has been downloading to it for {_LOCK_LIMIT:g} seconds") from None
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: "filelock.BaseFileLock", name: str) -> None:
    import filelock

    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        if watched():
            print(f"waiting for another process, which is downloading {name}", file=sys.stderr)
        lock.acquire(timeout=_LOCK_LIMIT)


def write_whole(path: Path, source: BinaryIO) -> None:
    """Write a file under a temporary name and rename it, so that nobody ever reads half of it.

    Raises:
        OSError: It can't be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    source.seek(0)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        temporary = Path(file.name)
        try:
            while piece := source.read(1 << 20):
                file.write(piece)
            file.close()  # Windows renames only closed files
            temporary.replace(path)
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _keeping() -> Iterator[None]:
    """Tell what goes wrong with the place apart from what goes wrong with the network: both are OSErrors."""
    try:
        yield
    except (OSError, NotImplementedError) as error:  # the latter where a file system has no locks
        raise CannotKeepError(getattr(error, "strerror", None) or str(error)) from error
