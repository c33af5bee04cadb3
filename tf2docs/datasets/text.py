"""Read a text file, line by line."""

import io
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.csv_table import NOTE, read_note
from tf2docs.datasets.errors import WrongDatasetError

__all__ = ["read_lines", "write_lines"]


def read_lines(file: BinaryIO) -> NDArray[Any]:
    r"""Read an open text file, or a stand-in, whose first line is a note.

    A byte order mark, which some editors put before UTF-8, is no part of the text.

    Args:
        file: The file, at any position, UTF-8.

    Returns:
        What stands between the ends of lines, `object` of shape `(lines,)`: joined by `"\n"` it is
            the text again.

    Raises:
        WrongDatasetError: The file holds no such text.
    """
    noted = read_note(file) is not None
    file.seek(0)
    try:
        lines = file.read().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise WrongDatasetError(f"no UTF-8 text ({error})") from error
    return np.array(lines[noted:], object)


def write_lines(text: str, stand_in: str) -> BinaryIO:
    """Write a text that [`read_lines`][tf2docs.datasets.text.read_lines] reads as a stand-in."""
    return io.BytesIO(f"{NOTE}{stand_in}\n{text}".encode())
