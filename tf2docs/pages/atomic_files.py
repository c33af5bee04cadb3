"""Write files, all of them or none.

What is to be written is put beside its place first, to the last byte and onto the disk; only then
does one file after the other take its place. Where one can't, those before it get their old content
back. Links stay links, and a file keeps its mode and, where that is allowed, its owner. Only what
ends the machine or this process at once, between two files, is beyond that.
"""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tf2docs.pages.secrecy import refuse_secrets

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PREFIX = ".tf2docs-"  # of what stands beside the files meanwhile


@dataclass
class _Change:
    """A file that is to change.

    Its place, behind all links, what stands beside it, and what it was.
    """

    path: Path
    new: Path
    old: Path | None = None  # a second name of what it was, once that is about to be replaced

    @property
    def made(self) -> bool:
        """Whether the new content has taken its place."""
        return not self.new.exists()


def encode(path: Path, content: str | bytes) -> bytes:
    """What a file would hold. Text has the line ends that the file has now.

    Raises:
        UnicodeEncodeError: the text has half a character, a lone surrogate, which no file can hold.
    """
    data = content.encode() if isinstance(content, str) else content
    if isinstance(content, str) and b"\r\n" in (read_bytes(path) or b""):
        data = data.replace(b"\n", b"\r\n")
    return data


def read_bytes(path: Path) -> bytes | None:
    """What a file holds; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write files, all of them or none; one that holds that already is left alone.

    Args:
        contents: Text or bytes, by file. Folders that aren't there are made.

    Raises:
        OSError: they can't be written, for want of room or of permission, say. Every file is what
            it was.
        ValueError: a text has half a character, or a secret of this process. Every file is what it
            was.
    """
    data = {path: encode(path, content) for path, content in contents.items()}
    data = {path: content for path, content in data.items() if read_bytes(path) != content}
    for path, content in data.items():
        refuse_secrets(content, str(path))
    folders: list[Path] = []
    changes: list[_Change] = []
    try:
        for path, content in _behind_links(data).items():
            _make_folder(path.parent, folders)
            changes.append(_put_beside(path, content))
        for change in changes:
            _replace(change)
    except BaseException:
        _undo(changes, folders)
        raise
    for change in changes:
        _forget(change.old)
    _sync_folders({change.path.parent for change in changes})


@contextlib.contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """Wait until no other process writes below a folder, and keep others waiting.

    It leaves no file.
    """
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems have no locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _behind_links(data: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """The files behind links, which are written in their stead."""
    found: dict[Path, bytes] = {}
    for path, content in data.items():
        real = Path(os.path.realpath(path))
        if real.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        if real.exists() and not real.is_file():
            raise OSError(errno.EINVAL, "something that is no file is in the way", str(path))
        if found.setdefault(real, content) != content:
            raise OSError(
                errno.EINVAL, "two links lead to this file, and it can't hold both", str(path)
            )
    return found


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, and note which weren't there."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        made.append(each)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "this is no folder", str(folder))


def _put_beside(path: Path, content: bytes) -> _Change:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_PREFIX)
    change = _Change(path, Path(name))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _take_after(change.new, path)
    except BaseException:
        _forget(change.new)
        raise
    return change


def _take_after(new: Path, path: Path) -> None:
    """Give a new file the mode and the owner of the one that it replaces.

    Without one it gets what any new file gets.
    """
    if not path.exists():
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)
        return
    was = path.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # only root may give files away
            os.chown(new, was.st_uid, was.st_gid)
    new.chmod(stat.S_IMODE(was.st_mode))


def _replace(change: _Change) -> None:
    if change.path.exists():
        change.old = change.new.with_name(f"{change.new.name}-old")
        _name_again(change.path, change.old)
    change.new.replace(change.path)


def _name_again(path: Path, name: Path) -> None:
    """Keep a file under a second name; where the file system has no such thing, a copy."""
    try:
        os.link(path, name)
    except OSError:
        name.write_bytes(path.read_bytes())
        _take_after(name, path)


def _undo(changes: list[_Change], folders: list[Path]) -> None:
    for change in reversed(changes):
        if change.made and change.old:
            change.old.replace(change.path)
        elif change.made:
            _forget(change.path)
        _forget(change.new)
        _forget(change.old)
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _forget(path: Path | None) -> None:
    if path is not None:
        with contextlib.suppress(OSError):
            path.unlink()


def _sync_folders(folders: set[Path]) -> None:
    """See to it that the new names outlive a loss of power, where folders can be synced."""
    for folder in folders if fcntl else ():
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
