"""Say what was tried, what came and which ways out there are."""

import stat
from pathlib import Path
from typing import TypeAlias

from tf2docs.datasets.addresses import Address
from tf2docs.datasets.errors import WrongDatasetError
from tf2docs.datasets.hiding import reason
from tf2docs.datasets.mirrors import MIRRORS, public_offers
from tf2docs.datasets.places import check_place, own_cache
from tf2docs.datasets.table import Dataset, File

__all__ = [
    "Tried",
    "not_in_named_folder",
    "nowhere",
    "passed_over",
    "wrong_in_named_folder",
]

Tried: TypeAlias = list[tuple[Path | Address | str, Exception]]
"""Places and addresses that were tried, each with what came."""


def passed_over(tried: Tried, dataset: Dataset) -> list[str]:
    """Remarks on what lay where the data set was looked for, and wasn't it.

    Also on mirrors that are none.
    """
    return [
        f"{place} was passed over, it can't be used as {dataset.title}: {reason(error)}"
        if isinstance(place, Path)
        else f"{place} was passed over: {reason(error)}"
        for place, error in tried
        if place == MIRRORS
        or (isinstance(place, Path) and not isinstance(error, FileNotFoundError))
    ]


def not_in_named_folder(dataset: Dataset, folder: Path, tried: Tried) -> str:
    """The message where the folder that the reader named lacks a data set."""
    wrong = _wrong_folder(folder)
    looked_at = f"  {folder}\n    {wrong}" if wrong else _looked_at(tried)
    return f"""TF2DOCS_DATA is set, so the folder that it names and nowhere else was searched for {dataset.title}:
{looked_at}
Ways out:
  1. Put {_any_packing(dataset)} there:
{_files(dataset, folder)}{_published(dataset)}
  2. Let TF2DOCS_DATA name the folder that holds {_them(dataset)}.
  3. {_otherwise(dataset)}"""  # noqa: E501


def _otherwise(dataset: Dataset) -> str:
    """What there is where no folder is named."""
    if dataset.package:
        return f"Unset TF2DOCS_DATA, to use the file in the package {dataset.package}."
    return "Unset TF2DOCS_DATA, to search the caches and download."


def _wrong_folder(folder: Path) -> str | None:
    try:
        check_place(folder)
        return None if stat.S_ISDIR(folder.stat().st_mode) else "this is no folder"
    except (OSError, ValueError) as error:
        missing = isinstance(error, FileNotFoundError) and error.filename
        return "there is no such folder" if missing else reason(error)


def wrong_in_named_folder(dataset: Dataset, error: WrongDatasetError) -> str:
    """The message where the folder that the reader named holds something else."""
    otherwise = "unset TF2DOCS_DATA to search the caches and download it"
    if dataset.package:
        otherwise = f"remove it, to use the file in the package {dataset.package}"
    return (
        f"{error.path}, in the folder that TF2DOCS_DATA names, isn't {dataset.title}: "
        f"{reason(error)}.\n"
        f"Replace it by another copy, or {otherwise}."
    )


def nowhere(dataset: Dataset, tried: Tried) -> str:
    """The message where a data set is on no place of this machine and couldn't be downloaded."""
    return f"""There is no copy of {dataset.title} on this machine, and none could be downloaded. Looked at:
{_looked_at(tried)}
Ways out:
  1. Get {_any_packing(dataset)} with a browser, on another network or from a friend, and copy {_them(dataset)} to
{_files(dataset, own_cache())}
  2. Keep {_them(dataset)} in any folder, laid out like that one, and name the folder before you load again:
       import os; os.environ["TF2DOCS_DATA"] = "/path/to/folder"
     On a machine with a network, `python -m tf2docs.datasets {dataset.name} --folder FOLDER` fills such a folder.
  3. If you know a mirror nearer to you, laid out like that folder, name it; it is asked first:
       import os; os.environ["TF2DOCS_MIRROR"] = "https://HOST/PATH"
  4. If you reach the internet through a proxy, name the proxy:
       import os; os.environ["HTTPS_PROXY"] = "http://HOST:PORT"
  5. Go on without it: {_instead(dataset)}"""  # noqa: E501


def _instead(dataset: Dataset) -> str:
    """What code can be tried on that needs no download."""
    if not dataset.packings[0][0].arrays:
        return f"""`save_stand_in(folder, "{dataset.name}")` of this module writes a small stand-in of the same form
     for TF2DOCS_DATA to name. What it holds is made up, so your results mean nothing."""  # noqa: E501
    return f"""load_digits() of this module needs no file. Its digits are fewer and simpler, so your
     accuracies will not be {dataset.title}'s."""


def _looked_at(tried: Tried) -> str:
    return "\n".join(f"  {place}\n    {reason(error)}" for place, error in tried)


def _any_packing(dataset: Dataset) -> str:
    return " or ".join(map(_packing, dataset.packings))


def _packing(files: tuple[File, ...]) -> str:
    if files[0].is_folder:
        return "the unpacked folder"
    return "the file" if len(files) == 1 else f"the {len(files)} files"


def _them(dataset: Dataset) -> str:
    return "it" if len(dataset.packings[0]) == 1 else "them"


def _files(dataset: Dataset, folder: Path) -> str:
    """Each file's path in a folder, and how to recognize it."""
    packings = [
        "\n".join(f"       {folder / file.path}{_checksum(file)}" for file in p)
        for p in dataset.packings
    ]
    return "\n     or\n".join(packings)


def _published(dataset: Dataset) -> str:
    """Where the files can be had, for a browser on another machine."""
    offered = [f"\n       {address}" for offer in public_offers(dataset) for _, address in offer]
    return f"\n     published at{''.join(offered)}" if offered else ""


def _checksum(file: File) -> str:
    if not file.checksum:
        return ""
    return f"\n         {file.algorithm} {file.checksum[1]}" + (
        " (Keras's file; any other with the same arrays will do)"
        if any(array.sha256 for array in file.arrays)
        else ""
    )
