"""Read a file of the table and know that its arrays are the published ones."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from numpy.typing import NDArray

from tf2docs.datasets.archive import read_archive, read_unpacked
from tf2docs.datasets.csv_table import read_note, read_table
from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.idx import read_idx
from tf2docs.datasets.npz import read_npz
from tf2docs.datasets.opening import open_regular
from tf2docs.datasets.places import check_place
from tf2docs.datasets.table import File
from tf2docs.datasets.text import read_lines

__all__ = ["Contents", "read_file", "read_folder", "read_verified"]


@dataclass(frozen=True)
class Contents:
    """Arrays by their names, such as `x_train`, a table's columns, lines of texts, or files.

    And what they stand in for, unless they are the published ones.
    """

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    stand_in: str | None = None


def read_file(file: BinaryIO, expected: File) -> Contents:
    """Read an open file, which holds the published arrays or says itself that it is a stand-in.

    The arrays' own bytes are checked where their checksums are known, or those of the files in a
    zip file, so that any file which holds them will do; otherwise the file's bytes.

    Raises:
        WrongDatasetError: It is neither.
        OSError: It can't be read.
    """
    _check_kind(file, expected)
    if expected.members:
        return Contents(*read_archive(file, expected.members))
    if not expected.arrays:
        return _read_text(file, expected)
    by_arrays = all(array.sha256 for array in expected.arrays)
    if not by_arrays:
        _check_bytes(file, expected)
    if expected.name.endswith(".npz"):
        contents = Contents(*read_npz(file, expected.arrays))
    else:
        contents = Contents({array.name: read_idx(file, array) for array in expected.arrays})
    if by_arrays and contents.stand_in is None:
        _check_arrays(contents, expected)
    return contents


def read_verified(file: BinaryIO, expected: File) -> Contents:
    """Read an open file that must hold the published arrays.

    Raises:
        WrongDatasetError: It doesn't.
        OSError: It can't be read.
    """
    contents = read_file(file, expected)
    if contents.stand_in is not None:
        raise WrongDatasetError(
            f"a stand-in ({contents.stand_in}), which is only taken from the folder that "
            "TF2DOCS_DATA names"
        )
    return contents


def read_folder(folder: Path, packing: tuple[File, ...], *, stand_ins: bool = False) -> Contents:
    """Read and verify a whole data set from a folder.

    Raises:
        WrongDatasetError: One of its files isn't what the table says; the error names its path.
        OSError: One of its files is missing or can't be read.
    """
    check_place(folder)
    read = read_file if stand_ins else read_verified
    arrays: dict[str, NDArray[Any]] = {}
    note = None
    for expected in packing:
        path = folder / expected.path
        try:
            contents = _read_place(path, expected, read)
        except WrongDatasetError as error:
            error.path = path
            raise
        except OSError as error:
            error.filename = error.filename or str(path)
            raise
        arrays |= contents.arrays
        note = note or contents.stand_in
    return Contents(arrays, note)


def _read_place(path: Path, expected: File, read: Callable[[BinaryIO, File], Contents]) -> Contents:
    if expected.members and expected.is_folder:
        return Contents(read_unpacked(path, expected.members))
    with open_regular(path) as file:
        return read(file, expected)


def _read_text(file: BinaryIO, expected: File) -> Contents:
    note = read_note(file)
    if note is None:
        _check_bytes(file, expected)
    if expected.lines:
        return Contents({expected.lines: read_lines(file)}, note)
    return Contents(read_table(file, expected.columns), note)


def _check_kind(file: BinaryIO, expected: File) -> None:
    size = file.seek(0, os.SEEK_END)
    if size > expected.limit:
        raise WrongDatasetError(
            f"{size:,} bytes, and {expected.name} can't have more than {expected.limit:,}"
        )
    file.seek(0)
    if file.read(200).lstrip().startswith(b"<"):
        raise WrongDatasetError(
            f"{size:,} bytes of a web page, such as blocked sites and login screens send"
        )


def _check_bytes(file: Any, expected: File) -> None:
    assert expected.checksum is not None  # else nothing would be checked
    algorithm, digits = expected.checksum
    file.seek(0)
    found = hashlib.file_digest(
        file, lambda: hashlib.new(algorithm, usedforsecurity=False)
    ).hexdigest()
    if found != digits:
        raise WrongDatasetError(
            f"the {expected.algorithm} is {found}, the publisher's file has {digits}, and no other "
            "file can be verified, such as one that Excel saved anew: there are no checksums of "
            f"the {_parts(expected)}"
        )


def _parts(file: File) -> str:
    return "arrays" if file.arrays else "columns" if file.columns else "lines"


def _check_arrays(contents: Contents, expected: File) -> None:
    for array in expected.arrays:
        found = hashlib.sha256(contents.arrays[array.name].data).hexdigest()
        if found != array.sha256:
            raise WrongDatasetError(
                f"{array.name} has the SHA-256 {found}, the published one has {array.sha256}"
            )
