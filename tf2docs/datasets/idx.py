"""Read an array from a gzip file in the IDX format.

MNIST and its relatives were published in it.
"""

import io
import os
import struct
import zlib
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.filling import fill
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.table import Array

__all__ = ["read_idx"]

_GZIP = 16 + zlib.MAX_WBITS  # what zlib calls the format of gzip files
_PIECE = 1 << 16
_MOST_MEMBERS = 10_000  # tools that pack in parallel make some hundreds
_BYTES = 0x08  # the code of unsigned bytes


def read_idx(file: BinaryIO, expected: Array) -> NDArray[np.uint8]:
    """Read one array of a known shape from an open `.gz` file.

    The format is two noughts, a code of the type, the count of dimensions, each dimension in four
    bytes, most significant first, and the values.

    Args:
        file: The file, at any position.
        expected: The array that must be in it.

    Raises:
        WrongDatasetError: The file holds something else, or can't be read.
    """
    file.seek(0)
    if file.read(2) != b"\x1f\x8b":
        raise WrongDatasetError(f"{file.seek(0, os.SEEK_END):,} bytes that are not a gzip file")
    file.seek(0)
    try:
        stream = io.BufferedReader(_Unpacked(file))
        _check_header(stream, expected)
        return fill(stream, expected.shape)
    except WrongDatasetError:
        raise
    except Exception as error:
        raise WrongDatasetError(f"a damaged gzip file ({reason(error)})") from error


class _Unpacked(io.RawIOBase):
    """What a gzip file holds. Python's own reader takes minutes for a file of empty members."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._member = zlib.decompressobj(_GZIP)
        self._members = 1

    def readable(self) -> bool:
        return True

    def readinto(self, space: Any) -> int:
        while packed := self._packed():
            if piece := self._member.decompress(packed, len(space)):
                space[: len(piece)] = piece
                return len(piece)
        if not self._member.eof:
            raise EOFError("it ends in the middle")
        return 0

    def _packed(self) -> bytes:
        """What is to be unpacked next; nothing at the file's end."""
        if not self._member.eof:
            return self._member.unconsumed_tail or self._file.read(_PIECE)
        following = self._member.unused_data or self._file.read(_PIECE)
        if following:
            self._member = zlib.decompressobj(_GZIP)
            self._members += 1
        if self._members > _MOST_MEMBERS:
            raise ValueError(f"more than {_MOST_MEMBERS:,} members")
        return following


def _check_header(stream: BinaryIO, expected: Array) -> None:
    dimensions = len(expected.shape)
    header = stream.read(4 + 4 * dimensions)
    if header[:4] != bytes([0, 0, _BYTES, dimensions]) or len(header) < 4 + 4 * dimensions:
        raise WrongDatasetError(
            f"it begins with {header[:4].hex(' ')}, expected 00 00 08 {dimensions:02}"
        )
    shape = struct.unpack(f">{dimensions}I", header[4:])
    if shape != expected.shape:
        raise WrongDatasetError(f"{expected.name} has the shape {shape}, expected {expected.shape}")
