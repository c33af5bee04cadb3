"""Keep what was downloaded, so that nobody ever reads half of it."""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from tf2docs.datasets.addresses import Address
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.opening import clear, create, open_regular, reopen
from tf2docs.datasets.places import check_place
from tf2docs.datasets.progress import tell

if TYPE_CHECKING:
    import filelock

__all__ = ["CannotKeepError", "Partial", "locked"]

# seconds to wait for another process that downloads the same and gets no further
_LOCK_LIMIT = 60.0
_BETWEEN = 1.0  # seconds from one look at how far it is to the next
_LONGEST_NOTE = 4096  # bytes


class CannotKeepError(Exception):
    """A place can't be written: it is full, read-only, or its file system has no locks."""


class Partial:
    """The bytes of a file that have come so far, and where from.

    A download can go on where it was cut.

    On the disk the bytes are in `NAME.part`, beside a note of the address and of the validator that
    the server gave with them. Only [`keep`][tf2docs.datasets.keeping.Partial.keep] gives them the
    name under which files are looked for, and it is called when they are verified. What else bears
    these names is put out of the way. Without a path the bytes are held in memory.
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

    def validator(self, address: Address) -> str | None:
        """What the server said that these bytes are of.

        None where they came from another address or none came.
        """
        return self._origin[1] if self._origin[0] == str(address) and self.size else None

    def begin(self, address: Address, validator: str | None) -> None:
        """Throw away what has come, and note where the next bytes will come from."""
        self._origin = (str(address), validator)
        with _keeping():
            self.file.seek(0)
            self.file.truncate()
            self._write_note()

    def write(self, piece: bytes) -> None:
        """Add the next bytes.

        Raises:
            CannotKeepError: They can't be written, as on a full disk.
        """
        with _keeping():
            self.file.seek(0, os.SEEK_END)
            self.file.write(piece)
            # what a full disk refuses is to be known here, and not where the file is read
            self.file.flush()

    def keep(self) -> None:
        """Give the bytes the name under which they are looked for.

        Until then nobody takes them for the file.
        """
        if self._path and self._bytes and self._note:
            with _keeping():
                self.file.flush()
                # a power cut must not leave the name without the bytes
                os.fsync(self.file.fileno())
                self.file.close()
                self._bytes.replace(self._path)
                self._note.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the bytes for a later download to go on from if that is possible.

        Otherwise remove them.
        """
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
        if not (self._path and self._bytes and self._note):
            return BytesIO()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # no note, or no good one
        with contextlib.suppress(OSError, ValueError, TypeError, RecursionError):
            with open_regular(self._note) as note:
                address, validator = json.loads(note.read(_LONGEST_NOTE).decode())
            self._origin = (str(address), validator and str(validator))
            return reopen(self._bytes)
        self._origin = ("", None)
        clear(self._bytes)
        return create(self._bytes)

    def _write_note(self) -> None:
        if self._note is None:
            return
        # without a note a later download begins anew, that is all
        with contextlib.suppress(OSError):
            clear(self._note)
            with create(self._note) as note:
                note.write(json.dumps(self._origin).encode())


@contextlib.contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Let only one process at a time download a data set into a folder.

    The others wait, and find it there.

    The system frees the lock of a process that is killed. Of one that hangs nothing is expected for
    long.

    Raises:
        CannotKeepError: The folder can't be written or locked, or another process holds it and gets
            no further.
    """
    import filelock

    path = folder / f"{name}.lock"
    with _keeping():
        check_place(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path) and (path.is_symlink() or not path.is_file()):
            clear(path)
        # a lock that is only a file would outlive a process that is killed
        lock = filelock.FileLock(path, fallback_to_soft=False)
        _acquire(lock, folder, name)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: "filelock.BaseFileLock", folder: Path, name: str) -> None:
    """Wait for the lock as long as whoever holds it gets on."""
    import filelock

    with contextlib.suppress(filelock.Timeout):
        lock.acquire(timeout=0)
        return
    tell(f"waiting for another process, which is downloading {name}")
    seen, until = _progress(folder), time.monotonic() + _LOCK_LIMIT
    while time.monotonic() < until:
        with contextlib.suppress(filelock.Timeout):
            lock.acquire(timeout=min(_BETWEEN, _LOCK_LIMIT))
            return
        if seen != (seen := _progress(folder)):
            until = time.monotonic() + _LOCK_LIMIT
    raise CannotKeepError(
        f"another process has been downloading to it and got no further for {_LOCK_LIMIT:g} "
        f"seconds; end it if it hangs (it holds {lock.lock_file})"
    )


def _progress(folder: Path) -> list[tuple[str, int]]:
    """What changes while another process downloads into a folder."""
    with contextlib.suppress(OSError):
        parts = (*folder.glob("*.part"), *folder.glob("*/*.part"))
        return sorted((path.name, path.stat().st_size) for path in parts)
    return []


@contextlib.contextmanager
def _keeping() -> Iterator[None]:
    """Tell what goes wrong with the place apart from what goes wrong with the network.

    Both are OSErrors.
    """
    try:
        yield
    except (
        OSError,
        ValueError,
        RuntimeError,
    ) as error:  # the latter also where a file system has no locks
        raise CannotKeepError(reason(error)) from error
