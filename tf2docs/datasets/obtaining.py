"""Obtain a data set for a loader, and warn its caller of what is to be known."""

import warnings
from typing import Any

from numpy.typing import NDArray

from tf2docs.datasets.errors import StandInWarning
from tf2docs.datasets.searching import Found, find
from tf2docs.datasets.table import Dataset

__all__ = ["obtain"]


def obtain(dataset: Dataset) -> dict[str, NDArray[Any]]:
    """What a data set's files hold, for a loader to call.

    Remarks, and that it is a stand-in, become warnings of the line that called the loader.

    Raises:
        DatasetNotFoundError: It is in none of the places and can't be downloaded.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.
    """
    found = find(dataset)
    for remark in found.remarks:
        _warn(remark, UserWarning)
    if found.contents.stand_in is not None:
        _warn(_stand_in(found, dataset), StandInWarning)
    return found.contents.arrays


def _stand_in(found: Found, dataset: Dataset) -> str:
    path = found.path(dataset.packings[0][0])
    return f"{path} is a stand-in, not {dataset.title}: {found.contents.stand_in}"


def _warn(remark: str, category: type[Warning]) -> None:
    try:
        warnings.warn(remark, category, stacklevel=4)  # the line that called the loader
    except Warning:
        raise  # the reader turned warnings into errors
    except Exception:  # standard error was closed or lost: that is no reason to go without the data
        return
