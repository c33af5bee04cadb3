"""What trying the pages with another TensorFlow gave.

As a table to read, and in a record that the site shows.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tf2docs.pages.atomic_files import write_files
from tf2docs.pages.reading.sealing import sealed

STATUSES = ("ran", "failed", "not run", "skipped")
"""What can become of a block."""


@dataclass(frozen=True, order=True)
class Finding:
    """Something that isn't as it is with the project's TensorFlow.

    Attributes:
        page: The page's name, such as `start/beginner`.
        block: The number of the block that it is or rests on, from 1; 0 where it rests on none.
        line: Its line in the default language.
        kind: `python`, `output`, `number` or `figure`, or what else of a page can fail.
        says: What is wrong, in a line.
    """

    page: str
    block: int
    line: int
    kind: str
    says: str


@dataclass(frozen=True)
class Trial:
    """What running all pages with some TensorFlow gave.

    Attributes:
        tensorflow: Its minor version, such as `2.20`, or `nightly`.
        date: The day, `YYYY-MM-DD`.
        asked: The requirements asked for.
        versions: What was installed, by name: `python`, `tensorflow`, `keras`, `numpy`.
        pages: How many pages were run.
        blocks: How many blocks `ran`, `failed`, were `not run`, were `skipped`.
        failed: Blocks that fail, and whatever else isn't a claim and is wrong.
        moved: Outputs, numbers and figures that moved.
    """

    tensorflow: str
    date: str
    asked: list[str]
    versions: dict[str, str]
    pages: int
    blocks: dict[str, int]
    failed: list[Finding]
    moved: list[Finding]

    @property
    def good(self) -> bool:
        """Whether nothing failed or moved."""
        return not self.failed and not self.moved


def table(trial: Trial) -> str:
    """A trial as a short table."""
    versions = ", ".join(f"{name} {version}" for name, version in trial.versions.items())
    blocks = ", ".join(
        f"{count} {status}"
        for status, count in trial.blocks.items()
        if count or status != "skipped"
    )
    found = [
        *(("fails", finding) for finding in trial.failed),
        *(("moved", finding) for finding in trial.moved),
    ]
    rows = [(what, one.kind, f"{one.page}:{one.line}", one.says) for what, one in found]
    return "\n".join(
        [
            f"{' '.join(trial.asked)}: {versions}",
            f"pages: {trial.pages}; blocks: {blocks}; moved: {len(trial.moved)}",
            *_columns(rows),
        ]
    )


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for *cells, last in rows:
        yield "  ".join(
            [*(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)), last]
        )


def read_trials(path: Path) -> list[Trial]:
    """Read a record of trials; none where there is no file.

    Raises:
        ValueError: the file isn't such a record.
    """
    if not path.exists():
        return []
    try:
        return [_trial(one) for one in json.loads(path.read_text(encoding="utf-8"))["trials"]]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(
            f"{path} isn't a record of trials ({error}); remove it, and try each version again"
        ) from None


def _trial(data: dict[str, Any]) -> Trial:
    lists = {name: [Finding(**finding) for finding in data[name]] for name in ("failed", "moved")}
    trial = Trial(**data | lists)
    _age(trial)  # it can be sorted
    return trial


def merged(trials: Iterable[Trial], new: Trial) -> list[Trial]:
    """The trials with a new one among them, the newest version first.

    It takes the place of the one of the same minor version, unless nothing but its date is new.
    """
    by_version = {trial.tensorflow: trial for trial in trials}
    old = by_version.get(new.tensorflow)
    if old is None or replace(old, date=new.date) != new:
        by_version[new.tensorflow] = new
    return sorted(by_version.values(), key=_age, reverse=True)


def _age(trial: Trial) -> tuple[int, ...]:
    return (
        (10**6,) if trial.tensorflow == "nightly" else tuple(map(int, trial.tensorflow.split(".")))
    )


def write_trials(path: Path, trials: Iterable[Trial]) -> None:
    """Write a record of trials, whole or not at all.

    Raises:
        OSError: it can't be written; what there was is still there.
        ValueError: it would show a secret of this process.
    """
    write_files({path: sealed({"trials": [asdict(trial) for trial in trials]})})
