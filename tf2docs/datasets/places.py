"""Where data sets are looked for. Every place has the same layout.

A file's path in the table, below one folder.
"""

import os
from pathlib import Path

__all__ = ["check_place", "keras_cache", "named_folder", "own_cache"]


def named_folder() -> Path | None:
    """The folder that `TF2DOCS_DATA` names, in full; none where the variable is unset or empty."""
    named = os.environ.get("TF2DOCS_DATA")
    return _in_full(named) if named else None


def keras_cache() -> Path:
    """The folder that Keras's own loaders keep data sets in, so that nobody downloads twice."""
    return _in_full(os.environ.get("KERAS_HOME") or "~/.keras") / "datasets"


def own_cache() -> Path:
    """The folder for data sets that this package downloaded.

    It is where the platform wants caches to be.
    """
    import pooch

    try:
        return _in_full(pooch.os_cache("tf2docs"))
    except RuntimeError:  # the system knows no home
        return Path("~/.cache/tf2docs")


def check_place(folder: Path) -> None:
    """Look whether a folder could be told in full.

    Raises:
        FileNotFoundError: It is below a home folder that the system doesn't know, or below one that
            was removed.
    """
    if not folder.is_absolute():
        raise FileNotFoundError(
            f"the system doesn't know where {folder} is: name the folder in full"
        )


def _in_full(folder: str | os.PathLike[str]) -> Path:
    """The folder's whole path, or the folder as it is where that can't be told."""
    expanded = os.path.expanduser(folder)  # noqa: PTH111 - pathlib's raises where there is no such home
    if expanded.startswith("~"):
        return Path(expanded)
    try:
        return Path(expanded).absolute()
    except OSError:  # the working folder was removed
        return Path(expanded)
