"""Read an array from a gzip file in the IDX format, in which MNIST and its relatives were published."""

import gzip
import os
import struct
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.filling import fill
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.table import Array

__all__ = ["read_idx"]

_BYTES = 0x08  # the code of unsigned bytes


def read_idx(file: BinaryIO, expected: Array) -> NDArray[np.uint8]:
    """Read one array of a known shape from an open `.gz` file.

    The format is two noughts, a code of the type, the count of dimensions, each dimension in four bytes, most
    significant first, and the values.

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
        with gzip.GzipFile(fileobj=file) as stream:
            _check_header(stream, expected)
            return fill(stream, expected.shape)
    except WrongDatasetError:
        raise
    except Exception as error:
        raise WrongDatasetError(f"a damaged gzip file ({reason(error)})") from error


def _check_header(stream: BinaryIO, expected: Array) -> None:
    dimensions = len(expected.shape)
    header = stream.read(4 + 4 * dimensions)
    if header[:4] != bytes([0, 0, _BYTES, dimensions]) or len(header) < 4 + 4 * dimensions:
        raise WrongDatasetError(f"it begins with {header[:4].hex(' ')}, expected 00 00 08 {dimensions:02}")
    shape = struct.unpack(f">{dimensions}I", header[4:])
    if shape != expected.shape:
        raise WrongDatasetError(f"{expected.name} has the shape {shape}, expected {expected.shape}")
