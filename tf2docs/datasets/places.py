"""Where data sets are looked for. Every place has the same layout: a file's path in the table, below one folder."""

import os
from pathlib import Path

__all__ = ["keras_cache", "named_folder", "own_cache"]


def named_folder() -> Path | None:
    """The folder that `TF2DOCS_DATA` names, in full; none where the variable is unset or empty."""
    named = os.environ.get("TF2DOCS_DATA")
    return Path(named).expanduser().absolute() if named else None


def keras_cache() -> Path:
    """The folder that Keras's own loaders keep data sets in, so that nobody downloads twice."""
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras")
    return home.expanduser() / "datasets"


def own_cache() -> Path:
    """The folder for data sets that this package downloaded, where the platform wants caches to be."""
    import pooch

    return Path(pooch.os_cache("tf2docs"))
