"""What running a page measured, kept in a file that both languages share.

A page's claims are compared with its record, also when nothing is run; a record is compared with a
run by `pytest --full`. Nobody edits one by hand: `pytest --refresh` writes it.
"""

import datetime
import functools
import hashlib
import json
import math
import reprlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.reading.sealing import CHECKSUM, sealed


@dataclass(frozen=True)
class Figure:
    """A figure that a block drew: its file's name, the digest of the file, and what it shows."""

    name: str
    sha256: str
    shows: list[str]


@dataclass(frozen=True)
class KeptFile:
    """A file that a block left for the site: its name, its digest, its size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class RecordedBlock:
    """What is recorded of a block.

    Key, status, seconds, printed lines, figures, values of the expressions bound to it, and its
    file.
    """

    key: str
    status: str
    seconds: float
    printed: list[str]
    figures: list[Figure] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    file: KeptFile | None = None

    @property
    def text(self) -> str:
        """What the block printed."""
        return "".join(f"{line}\n" for line in self.printed)


@dataclass(frozen=True)
class Record:
    """What one full run of a page measured.

    Attributes:
        date: The day of the run, `YYYY-MM-DD`.
        device: `CPU` or `GPU`.
        seconds: How long all blocks took.
        versions: Versions of Python and the libraries.
        data: Checksums of the data, by name.
        blocks: One for each block, in order.
        sources: Keys of the definitions that the page quotes, by name.
        errors: The lines that its blocks wrote to standard error, each once; None in a record that
            is too old to tell.
    """

    date: str
    device: str
    seconds: float
    versions: dict[str, str]
    data: dict[str, str]
    blocks: list[RecordedBlock]
    sources: dict[str, str] = field(default_factory=dict)
    errors: list[str] | None = None


def read_record(path: Path, label: str) -> Record | None:
    """Read a record; None where there is none.

    Raises:
        PageError: the file isn't a record.
    """
    if not path.exists():
        return None
    try:
        return _parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        message = f"this isn't a record ({error}); write it anew with pytest --refresh"
        raise PageError([Problem(label, line, message)]) from None


@functools.lru_cache(maxsize=256)  # both languages and several checks ask for it
def _parse(text: str) -> Record:
    data = json.loads(text)
    data.pop(CHECKSUM, None)  # the check of records looks at it
    record = Record(blocks=list(map(_read_block, data.pop("blocks"))), **data)
    _check(record)
    return record


def readable_record(path: Path) -> Record | None:
    """Read a record; None where there is none that can be read.

    The page's own tests say so.
    """
    try:
        return read_record(path, path.name)
    except PageError:
        return None


def dump_record(record: Record) -> str:
    """The record as its file's text."""
    data = asdict(record)
    for block in data["blocks"]:
        if block["file"] is None:  # as for nearly every block
            del block["file"]
    if data["errors"] is None:
        del data["errors"]
    return sealed(data)


def digest(content: str | bytes) -> str:
    """The digest of a figure's or another file."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def _check(record: Record) -> None:
    """Hold what a record says to what a refresh could have written; JSON has types of its own."""
    datetime.date.fromisoformat(record.date)
    _expect(record.device in ("CPU", "GPU"), "device", record.device)
    for name in ("versions", "data", "sources"):
        table = getattr(record, name)
        _expect(isinstance(table, dict) and _are_texts(table.values()), name, table)
    _expect(
        record.errors is None or (isinstance(record.errors, list) and _are_texts(record.errors)),
        "errors",
        record.errors,
    )
    for block in record.blocks:
        _expect(_are_texts([block.key]), "key", block.key)
        _expect(block.status in ("ran", "skipped"), "status", block.status)
        _expect(
            isinstance(block.printed, list) and _are_texts(block.printed), "printed", block.printed
        )
        _expect(
            isinstance(block.values, dict) and all(map(_is_value, block.values.values())),
            "values",
            block.values,
        )
        for figure in block.figures:
            _expect(_are_texts([figure.name, figure.sha256, *figure.shows]), "figures", figure)
    for seconds in (record.seconds, *(block.seconds for block in record.blocks)):
        _expect(_is_value(seconds) and float(seconds) >= 0, "seconds", seconds)


def _expect(holds: bool, name: str, value: Any) -> None:
    if not holds:
        raise TypeError(f"{name} can't be {reprlib.repr(value)}")


def _are_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_value(value: Any) -> bool:
    return isinstance(value, bool | int | str) or (
        isinstance(value, float) and math.isfinite(value)
    )


def _read_block(data: dict[str, Any]) -> RecordedBlock:
    figures = [Figure(**figure) for figure in data["figures"]]
    file = KeptFile(**data["file"]) if "file" in data else None
    return RecordedBlock(**data | {"figures": figures, "file": file})
