"""Read the many small files of a zip file or an unpacked folder, and know that all are there.

Hosts make the zip of a repository anew, so its bytes aren't always the same; the files in it are.
"""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.opening import open_regular
from tf2docs.datasets.table import Members

__all__ = ["Files", "read_archive", "read_unpacked", "write_archive"]

Files: TypeAlias = dict[str, NDArray[Any]]
"""Two arrays of shape `(files,)`: `names`, from where all paths part, and the bytes, `files`."""

_NOTE = b"stand-in: "  # what the comment of a zip file that is a stand-in begins with


def read_archive(file: BinaryIO, members: Members) -> tuple[Files, str | None]:
    """Read the files of one kind from an open zip file, wherever in it they are.

    Args:
        file: The zip file, at any position.
        members: Which files must be in it.

    Returns:
        The files in the order of their names, and what the zip file says of itself if it is a
            stand-in.

    Raises:
        WrongDatasetError: The zip file holds something else, or can't be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            note = _note(archive)
            names = sorted(name for name in archive.namelist() if _is_member(name, members))
            _check_count(len(names), members, note)
            files = _collect(((name, _unpack(archive, name, members)) for name in names), members)
    except WrongDatasetError:
        raise
    except Exception as error:  # wrong lengths and damaged bytes can raise nearly anything
        raise WrongDatasetError(f"a damaged zip file ({reason(error)})") from error
    if note is None:
        _check_bytes(files, members)
    return files, note


def read_unpacked(folder: Path, members: Members) -> Files:
    """Read the files of one kind from a folder, such as an unpacked zip file.

    Raises:
        WrongDatasetError: It holds others, fewer or more.
        OSError: There is no such folder, or a file can't be read.
    """
    folder.stat()  # else a folder that is missing would be told as an empty one
    paths = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if _is_member(path.name, members)
    )
    _check_count(len(paths), members, None)
    files = _collect(((path, _read(folder / path, members)) for path in paths), members)
    _check_bytes(files, members)
    return files


def write_archive(files: dict[str, bytes], stand_in: str = "") -> BinaryIO:
    """Write a zip file that [`read_archive`][tf2docs.datasets.archive.read_archive] reads.

    Args:
        files: The files by their names.
        stand_in: What the files really are if they are a stand-in.

    Returns:
        The bytes of the zip file.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # without the time, which would differ
        archive.comment = _NOTE + stand_in.encode() if stand_in else b""
    return packed


def _note(archive: zipfile.ZipFile) -> str | None:
    comment = archive.comment
    return comment[len(_NOTE) :].decode() if comment.startswith(_NOTE) else None


def _is_member(path: str, members: Members) -> bool:
    return path.endswith(members.ending) and not path.rpartition("/")[2].startswith(".")


def _unpack(archive: zipfile.ZipFile, name: str, members: Members) -> bytes:
    with archive.open(name) as file:
        return file.read(members.size)


def _read(path: Path, members: Members) -> bytes:
    with open_regular(path) as file:
        return file.read(members.size)


def _collect(named: Iterable[tuple[str, bytes]], members: Members) -> Files:
    """Gather files until they are more than there can be, so that no memory is flooded."""
    names, files, size = [], [], 0
    for name, data in named:
        names.append(name)
        files.append(data)
        size += len(data)
        if size > members.size:
            raise WrongDatasetError(
                f"its {members.ending} files have more than the {members.size:,} bytes expected"
            )
    # names are in order, so what the first and the last share all do
    shared = len(os.path.commonpath([name.rpartition("/")[0] for name in (names[0], names[-1])]))
    short = [name[shared:].lstrip("/") for name in names]
    return {"names": np.array(short, object), "files": np.array([*files, None], object)[:-1]}


def _check_count(count: int, members: Members, note: str | None) -> None:
    if count != members.count and not (note is not None and 0 < count < members.count):
        raise WrongDatasetError(f"{count:,} {members.ending} files, expected {members.count:,}")


def _check_bytes(files: Files, members: Members) -> None:
    digest = hashlib.sha256()
    for data in files["files"]:
        digest.update(data)
    if digest.hexdigest() != members.sha256:
        raise WrongDatasetError(
            f"its {members.ending} files, joined in the order of their names, have the SHA-256 "
            f"{digest.hexdigest()}, the published ones have {members.sha256}"
        )
