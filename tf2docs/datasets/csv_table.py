"""Read a table of named columns from a CSV file that may be anything."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.table import Column

__all__ = ["NOTE", "Table", "read_note", "read_table", "rows_of", "write_table"]

NOTE: str = "# stand-in: "
"""What the first line of a table or a text begins with if it is a stand-in."""

Table: TypeAlias = dict[str, NDArray[Any]]
"""Columns by name, each of shape `(rows,)`."""

_LONGEST_NOTE = 1000  # bytes
_TRUTHS = {"True": True, "False": False}
_READ: dict[str, tuple[Callable[[str], Any], Any]] = {  # how a value is read, and the column's type
    "number": (lambda value: float(value or "nan"), np.float32),
    "whole": (int, np.int64),
    "truth": (_TRUTHS.__getitem__, np.bool_),
    "text": (str, object),  # Keras takes arrays of Python's strings, and none of NumPy's
}


def read_note(file: BinaryIO) -> str | None:
    """What a table says of itself in its first line if it is a stand-in."""
    file.seek(0)
    line = file.readline(_LONGEST_NOTE).decode("utf-8", "replace")
    return line.removeprefix(NOTE).strip() if line.startswith(NOTE) else None


def read_table(file: BinaryIO, columns: Sequence[Column]) -> Table:
    """Read the columns of an open CSV file, or of a stand-in, whose first line is a note.

    Args:
        file: The file, at any position, UTF-8.
        columns: What its header must name, in this order.

    Returns:
        Columns by name, each of shape `(rows,)`: `float32` with NaN where a number is missing,
            `int64`, `bool`, or `object` that holds strings, empty where one is missing.

    Raises:
        WrongDatasetError: The file holds something else, or can't be read.
    """
    noted = read_note(file) is not None
    file.seek(0)
    try:
        text = io.StringIO(file.read().decode("utf-8"), newline="")
        header, *rows = list(csv.reader(text, strict=True))[noted:] or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise WrongDatasetError(f"no table of UTF-8 text ({error})") from error
    if header != [column.name for column in columns]:
        expected = ", ".join(column.name for column in columns)
        raise WrongDatasetError(f"its columns are {', '.join(header) or 'none'}, not {expected}")
    if not rows:
        raise WrongDatasetError("a header and no rows")
    if any(len(row) != len(columns) for row in rows):
        raise WrongDatasetError(f"rows of different lengths, expected {len(columns)} values each")
    return {
        column.name: _read(column, values)
        for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    }


def rows_of(table: Table, chosen: NDArray[np.int64] | slice) -> Table:
    """Some of a table's rows, in that order."""
    return {name: column[chosen] for name, column in table.items()}


def write_table(table: Table, stand_in: str) -> BinaryIO:
    """Write a table that [`read_table`][tf2docs.datasets.csv_table.read_table] reads as a stand-in.

    Args:
        table: Columns by name, all of the same length.
        stand_in: What the table really is.

    Returns:
        The bytes of the CSV file.
    """
    text = io.StringIO(newline="")
    text.write(f"{NOTE}{stand_in}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    for row in zip(*table.values(), strict=True):
        writer.writerow("" if value != value else value for value in row)  # NaN isn't itself
    return io.BytesIO(text.getvalue().encode())


def _read(column: Column, values: Sequence[str]) -> NDArray[Any]:
    read, dtype = _READ[column.kind]
    try:
        return np.array([read(value) for value in values], dtype)
    except (ValueError, KeyError) as error:
        raise WrongDatasetError(
            f"the column {column.name} holds what is no {column.kind} ({error})"
        ) from error
