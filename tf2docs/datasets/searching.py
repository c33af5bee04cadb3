"""Find a data set: in the folder that the reader named, in the caches, at the mirrors.

Whole, or not at all.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tf2docs.datasets import explaining
from tf2docs.datasets.addresses import Address
from tf2docs.datasets.archive import write_archive
from tf2docs.datasets.deadlines import SilentError
from tf2docs.datasets.errors import DatasetNotFoundError, WrongDatasetError
from tf2docs.datasets.explaining import Tried
from tf2docs.datasets.fetching import fetch
from tf2docs.datasets.keeping import CannotKeepError, Partial, locked
from tf2docs.datasets.mirrors import MIRRORS, Offer, misread, offers
from tf2docs.datasets.opening import open_regular, write_whole
from tf2docs.datasets.places import keras_cache, named_folder, own_cache
from tf2docs.datasets.table import Dataset, File
from tf2docs.datasets.verifying import Contents, read_folder, read_verified

__all__ = ["Found", "copy", "find", "look", "put"]


@dataclass(frozen=True)
class Found:
    """A data set, the folder of its files, and remarks for the reader.

    There is no folder where they couldn't be kept.
    """

    contents: Contents
    folder: Path | None
    packing: tuple[File, ...] = ()
    remarks: list[str] = field(default_factory=list)

    def path(self, file: File) -> Path:
        """Where a file of it is, or would be if it could be kept."""
        return (self.folder or Path()) / file.path


def find(dataset: Dataset) -> Found:
    """Find a data set or download it.

    Raises:
        DatasetNotFoundError: It is in none of the places and can't be downloaded.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.
    """
    if folder := named_folder():
        return _in_named_folder(dataset, folder)
    tried: Tried = []
    found = look(dataset, [keras_cache(), own_cache()], tried) or _obtain(
        dataset, own_cache(), tried
    )
    return _with_remarks(found, dataset, tried)


def look(
    dataset: Dataset, folders: list[Path], tried: Tried, *, stand_ins: bool = False
) -> Found | None:
    """Look into folders for any packing of a data set.

    What was tried in vain is added to `tried`.
    """
    for folder in folders:
        for packing in dataset.packings:
            try:
                return Found(read_folder(folder, packing, stand_ins=stand_ins), folder, packing)
            except Exception as error:
                # whatever it is, the next place is looked at, and the message says it
                place = getattr(error, "path", None) or getattr(error, "filename", None) or folder
                tried.append((Path(place), error.with_traceback(None)))
    return None


def put(dataset: Dataset, folder: Path) -> Found:
    """Have a data set's files in a folder, for another machine or as a mirror.

    Copied from a cache, or downloaded.

    Raises:
        DatasetNotFoundError: It is in none of the places and can't be downloaded.
        OSError: The folder can't be written.
    """
    if found := look(dataset, [folder], []):
        return found
    tried: Tried = []
    named = named_folder()
    found = look(dataset, [named] if named else [keras_cache(), own_cache()], tried)
    if found is None and named:
        raise DatasetNotFoundError(explaining.not_in_named_folder(dataset, named, tried))
    if found is None:
        return _with_remarks(_obtain(dataset, folder, tried), dataset, tried)
    return copy(found, dataset, folder)


def copy(found: Found, dataset: Dataset, folder: Path) -> Found:
    """Copy the files of a data set that was found. An unpacked folder becomes a zip file again.

    Raises:
        OSError: The folder can't be written.
    """
    packing = found.packing
    if packing[0].is_folder:
        packing = dataset.packings[0]
        named = zip(*found.contents.arrays.values(), strict=True)
        write_whole(folder / packing[0].path, write_archive(dict(named)))
    else:
        for file in packing:
            with open_regular(found.path(file)) as source:
                write_whole(folder / file.path, source)
    return Found(read_folder(folder, packing), folder, packing)


def _with_remarks(found: Found, dataset: Dataset, tried: Tried) -> Found:
    return replace(found, remarks=explaining.passed_over(tried, dataset) + found.remarks)


def _in_named_folder(dataset: Dataset, folder: Path) -> Found:
    tried: Tried = []
    if found := look(dataset, [folder], tried, stand_ins=True):
        return found
    for _, error in tried:
        if isinstance(error, WrongDatasetError):
            wrong = WrongDatasetError(explaining.wrong_in_named_folder(dataset, error))
            wrong.path = error.path
            raise wrong from error
    first = tried[0][1]
    raise DatasetNotFoundError(explaining.not_in_named_folder(dataset, folder, tried)) from first


def _obtain(dataset: Dataset, folder: Path, tried: Tried) -> Found:
    """Download a data set into a folder, one process at a time.

    Into memory where the folder can't be written.
    """
    known = len(tried)
    try:
        with locked(folder, dataset.name):
            there = look(dataset, [folder], [])  # it may have come while we waited for the lock
            return there or _download(dataset, folder, tried)
    except CannotKeepError as error:
        del tried[known:]
        found = _download(dataset, None, tried)
        remark = f"The download of {dataset.title} couldn't be kept in {folder}: {error}"
        return Found(found.contents, None, found.packing, [remark])


def _download(dataset: Dataset, folder: Path | None, tried: Tried) -> Found:
    tried.extend((MIRRORS, error) for error in misread())
    silent: set[tuple[str, str]] = set()
    for offer in offers(dataset):
        address = offer[0][1]
        if address.origin in silent:
            tried.append((address, SilentError("not asked, since this host didn't answer above")))
            continue
        contents = _take(offer, folder, tried)
        if contents:
            return Found(contents, folder, tuple(file for file, _ in offer))
        if isinstance(tried[-1][1], SilentError):
            silent.add(address.origin)
    raise DatasetNotFoundError(explaining.nowhere(dataset, tried)) from tried[-1][1]


def _take(offer: Offer, folder: Path | None, tried: Tried) -> Contents | None:
    """Fetch each file of an offer. The first that doesn't come whole ends it."""
    arrays: dict[str, NDArray[Any]] = {}
    for file, address in offer:
        try:
            arrays |= _take_file(file, address, folder).arrays
        except CannotKeepError:
            raise
        except Exception as error:
            # whatever it is, the next mirror is asked, and the message says it
            # a traceback holds on to all that came
            tried.append((address, error.with_traceback(None)))
            return None
    return Contents(arrays)


def _take_file(file: File, address: Address, folder: Path | None) -> Contents:
    path = folder and folder / file.path
    if path and (contents := _already(path, file)):
        return contents
    partial = Partial(path)
    try:
        return _fetch_whole(file, address, partial)
    except (WrongDatasetError, CannotKeepError):
        partial.discard()
        raise
    finally:
        partial.close()


def _already(path: Path, file: File) -> Contents | None:
    """The file, if it came whole in an earlier run that was cut off before its other files came."""
    try:
        with open_regular(path) as opened:
            return read_verified(opened, file)
    except (OSError, WrongDatasetError):
        return None


def _fetch_whole(file: File, address: Address, partial: Partial) -> Contents:
    resumed = fetch(address, partial, file.limit)
    try:
        contents = read_verified(partial.file, file)
    except WrongDatasetError:
        if not resumed:
            raise
        partial.begin(address, None)
        fetch(address, partial, file.limit)
        contents = read_verified(partial.file, file)
    partial.keep()
    return contents
