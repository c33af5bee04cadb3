"""List the data sets, say where each is and whether it is whole, and fetch those that are named."""

import argparse
import contextlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from tf2docs.datasets.errors import DatasetNotFoundError, WrongDatasetError
from tf2docs.datasets.explaining import Tried, passed_over
from tf2docs.datasets.places import keras_cache, named_folder, own_cache
from tf2docs.datasets.searching import Found, find, look, put
from tf2docs.datasets.table import SETS, Dataset, find_set

__all__ = ["main"]

_MODULES = {"scikit-learn": "sklearn"}  # where the package has another name


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Names of data sets to fetch, and `--folder`; by default those of the command
            line.

    Returns:
        The exit status: 0 if all is well; 1 if a set that was named can't be had, or a file that
        was found is broken.

    Examples:
        >>> main(["iris"])
        iris: comes with scikit-learn, there is nothing to fetch
        0
    """
    parser = argparse.ArgumentParser(prog="python -m tf2docs.datasets", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"data sets to fetch: {', '.join(SETS)}"
    )
    parser.add_argument(
        "--folder",
        type=_folder,
        help="a folder to fetch them into, for a machine without a network",
    )
    given = parser.parse_args(arguments)
    try:
        datasets = [find_set(name) for name in given.names]
    except ValueError as error:
        parser.error(str(error))
    if not datasets:
        return max([_show(dataset, given.folder) for dataset in SETS.values()])
    return max([_fetch(dataset, given.folder) for dataset in datasets])


def _show(dataset: Dataset, folder: Path | None) -> int:
    where, status = _state(dataset, folder)
    _say(f"{dataset.name:14} {dataset.what}; {dataset.shapes}\n{'':14} {where}", sys.stdout)
    return status


def _state(dataset: Dataset, folder: Path | None) -> tuple[str, int]:
    named = folder or named_folder()
    caches = [] if dataset.package else [keras_cache(), own_cache()]
    tried: Tried = []
    found = look(dataset, [named] if named else caches, tried, stand_ins=not folder)
    broken = [f"BROKEN {remark}" for remark in passed_over(tried, dataset)]
    lines = [*broken, _whole(found) if found else _missing(dataset)]
    return f"\n{'':15}".join(lines), 1 if broken else 0


def _missing(dataset: Dataset) -> str:
    if dataset.sources:
        return f"missing; `python -m tf2docs.datasets {dataset.name}` fetches it"
    return _built_in(dataset)


def _built_in(dataset: Dataset) -> str:
    if not dataset.package:
        return dataset.origin
    module = _MODULES.get(dataset.package, dataset.package)
    missing = "" if importlib.util.find_spec(module) else ", which isn't installed"
    return f"comes with {dataset.package}{missing}"


def _whole(found: Found) -> str:
    place = found.path(found.packing[0])
    place = place if len(found.packing) == 1 else place.parent
    stand_in = found.contents.stand_in
    return f"{place} {f'holds a stand-in: {stand_in}' if stand_in else 'is whole'}"


def _fetch(dataset: Dataset, folder: Path | None) -> int:
    if not dataset.sources:
        _say(f"{dataset.name}: {_built_in(dataset)}, there is nothing to fetch", sys.stdout)
        return 0
    try:
        found = put(dataset, folder) if folder else find(dataset)
    except (DatasetNotFoundError, WrongDatasetError, OSError, ValueError) as error:
        _say(f"{dataset.name}: {error}", sys.stderr)
        return 1
    for remark in found.remarks:
        _say(f"{dataset.name}: {remark}", sys.stderr)
    if found.folder:
        _say(f"{dataset.name}: {_whole(found)}", sys.stdout)
    return 0 if found.folder and not found.contents.stand_in else 1


def _folder(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"{text!r} names no folder")
    return Path(text)


def _say(text: str, stream: TextIO | None) -> None:
    """Write a line. Characters that the terminal doesn't know are written as their numbers."""
    if stream is None:
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    # nobody listens (any more): the work goes on
    with contextlib.suppress(OSError, ValueError, AttributeError):
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)


def _end(status: int) -> NoReturn:
    """Leave at once where nobody listens any more: Python would complain about that at its end."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        os._exit(status)
    sys.exit(status)


if __name__ == "__main__":
    try:
        _end(main())
    except KeyboardInterrupt:
        _say("interrupted; the same command goes on from here", sys.stderr)
        _end(130)
