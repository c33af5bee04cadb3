"""Fill an array from an unpacking stream, without ever unpacking more than fits."""

import math
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.errors import WrongDatasetError

__all__ = ["fill"]

_PIECE = 1 << 20  # bytes at a time, so that unpacking needs no second copy of the array


def fill(stream: BinaryIO, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Read an array of bytes to the stream's end.

    Args:
        stream: Gives the values in C order, and nothing after them.
        shape: The array's shape. It decides how much is read, whatever the stream would give.

    Returns:
        The array, `uint8` of that shape.

    Raises:
        WrongDatasetError: The stream gives fewer or more bytes.
    """
    values = np.empty(math.prod(shape), np.uint8)
    space, done = values.data, 0
    while done < len(space) and (piece := stream.read(min(_PIECE, len(space) - done))):
        space[done : done + len(piece)] = piece
        done += len(piece)
    if done < len(space):
        raise WrongDatasetError(f"{done:,} values, expected {len(space):,}")
    if stream.read(1):  # reading to the end also lets the stream check its own checksum
        raise WrongDatasetError(f"more than the {len(space):,} values expected")
    return values.reshape(shape)
