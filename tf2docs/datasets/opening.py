"""Read and write files, and nothing that only bears a file's name.

Pipes hang, devices never end, links lead away.
"""

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO, cast

__all__ = ["clear", "create", "open_regular", "reopen", "write_whole"]

_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read it, at once or not at all. It may be a link to a file.

    Raises:
        OSError: It can't be read, or is no file.
    """
    return _checked(os.open(path, os.O_RDONLY | _FLAGS), path, "rb")


def reopen(path: Path) -> BinaryIO:
    """Open a file of our own to go on writing it.

    No link, and no second name of a file that is somebody else's.

    Raises:
        OSError: It can't be written, or is no such file.
    """
    file = _checked(os.open(path, os.O_RDWR | _NO_LINK | _FLAGS), path, "r+b")
    if path.is_symlink() or os.fstat(file.fileno()).st_nlink != 1:
        file.close()
        raise OSError(errno.ELOOP, "a link to another file", str(path))
    return file


def create(path: Path) -> BinaryIO:
    """Make a new file to write and read. What has the name already is left alone, links too.

    Raises:
        OSError: The name is taken, or can't be written.
    """
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _FLAGS, 0o666), "w+b")


def clear(path: Path) -> None:
    """Free a name: remove a file or link, rename a folder.

    Others may have filled the folder.

    Raises:
        OSError: That isn't possible.
    """
    if path.is_dir() and not path.is_symlink():
        with contextlib.suppress(OSError):
            return path.rmdir()
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}"))
    else:
        path.unlink(missing_ok=True)


def write_whole(path: Path, source: BinaryIO) -> None:
    """Write a file under a temporary name and rename it, so that nobody ever reads half of it.

    Raises:
        OSError: It can't be written; nothing is left behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    source.seek(0)
    with create(temporary) as file:
        try:
            while piece := source.read(1 << 20):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            file.close()  # Windows renames only closed files
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                file.close()
            temporary.unlink(missing_ok=True)
            raise


def _checked(descriptor: int, path: Path, mode: str) -> BinaryIO:
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return cast(BinaryIO, os.fdopen(descriptor, mode))
    os.close(descriptor)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "a pipe or a device and no file", str(path))
