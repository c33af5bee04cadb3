"""Read the arrays of an .npz file that may be anything: damaged, exchanged, or made to do harm.

NumPy's own reader trusts a file's sizes and can't stop in time. This one opens only members whose
names it knows, reads an array's header before its values, and takes no byte more than the array
has. Names in the archive are never paths, and nothing is ever unpickled.
"""

import os
import struct
import zipfile
from collections.abc import Sequence
from typing import BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.filling import fill
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.table import Array

__all__ = ["read_npz"]

_NOTE = "stand_in"  # the member that says what a stand-in really is
_LONGEST_NOTE = 1000  # characters
_LARGEST_DIRECTORY = 1 << 16  # bytes of the archive's list of members; four arrays need 300
# what a zip file ends with, and what precedes that in large ones
_END, _LARGE_END = b"PK\5\6", b"PK\6\7"


def read_npz(
    file: BinaryIO, arrays: Sequence[Array]
) -> tuple[dict[str, NDArray[np.uint8]], str | None]:
    """Read arrays of known shapes from an open .npz file.

    Args:
        file: The file, at any position.
        arrays: What must be in it. In a stand-in each array may have fewer examples.

    Returns:
        The arrays by name, and what the file says about itself if it is a stand-in.

    Raises:
        WrongDatasetError: The file holds something else, or can't be read.
    """
    try:
        _check_directory(file)
        with zipfile.ZipFile(file) as archive:
            note = _read_note(archive)
            _check_names(archive, arrays)
            values = {array.name: _read(archive, array, note is not None) for array in arrays}
    except WrongDatasetError:
        raise
    except Exception as error:
        # what evaluates a header and unpacks members can raise nearly anything
        raise WrongDatasetError(f"a damaged .npz file ({reason(error)})") from error
    for part in ("train", "test"):
        images, labels = (len(values[f"{kind}_{part}"]) for kind in "xy")
        if images != labels:
            raise WrongDatasetError(f"{labels:,} labels of {images:,} images in the {part} part")
    return values, note


def _check_directory(file: BinaryIO) -> None:
    """Look at the archive's end before `zipfile` does.

    That would read a list of any length into memory.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 22 - 0xFFFF))
    tail = file.read()
    found = tail.rfind(_END)
    if found < 0 or len(tail) - found < 22:
        raise WrongDatasetError(
            f"{size:,} bytes that are not a whole .npz file (a zip file of arrays)"
        )
    (directory,) = struct.unpack_from("<L", tail, found + 12)
    if _LARGE_END in tail or directory > _LARGEST_DIRECTORY:
        raise WrongDatasetError("a zip file with more members than any .npz file of four arrays")


def _check_names(archive: zipfile.ZipFile, arrays: Sequence[Array]) -> None:
    names = [name.removesuffix(".npy") for name in archive.namelist()]
    if missing := [array.name for array in arrays if array.name not in names]:
        held = ", ".join(names[:8]) or "nothing"
        raise WrongDatasetError(f"no array {', '.join(missing)} in it, only {held}")


def _read_note(archive: zipfile.ZipFile) -> str | None:
    if f"{_NOTE}.npy" not in archive.namelist():
        return None
    with _open(archive, _NOTE) as member:
        shape, _, dtype = _header(member)
        if shape or dtype.kind != "U" or dtype.itemsize > 4 * _LONGEST_NOTE:
            raise WrongDatasetError(f"{_NOTE} is {dtype} of shape {shape}, expected a line of text")
        return str(np.frombuffer(member.read(dtype.itemsize), dtype)[0]) if dtype.itemsize else ""


def _read(archive: zipfile.ZipFile, expected: Array, stand_in: bool) -> NDArray[np.uint8]:
    with _open(archive, expected.name) as member:
        shape, fortran, dtype = _header(member)
        fitting = _fits(shape, expected.shape) if stand_in else shape == expected.shape
        if dtype != np.uint8 or not fitting:
            raise WrongDatasetError(
                f"{expected.name} is {dtype} of shape {shape}, expected uint8 of {expected.shape}"
                + (" or fewer examples" if stand_in else "")
            )
        values = fill(member, shape)
    return np.ascontiguousarray(values.reshape(shape[::-1]).transpose()) if fortran else values


def _open(archive: zipfile.ZipFile, name: str) -> BinaryIO:
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise WrongDatasetError(
            f"{name} is compressed in a way (method {info.compress_type}) that NumPy never uses"
        )
    return cast(BinaryIO, archive.open(info))


def _header(member: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(member)
    if version != (1, 0):  # later versions announce headers of up to 4 GiB
        raise WrongDatasetError(f"an array of format {version}, expected (1, 0)")
    return np.lib.format.read_array_header_1_0(member)


def _fits(shape: tuple[int, ...], whole: tuple[int, ...]) -> bool:
    return len(shape) == len(whole) and shape[1:] == whole[1:] and 0 < shape[0] <= whole[0]
