"""Which addresses a data set's files are asked from, and in which order."""

import os
from collections.abc import Iterator
from typing import TypeAlias

from tf2docs.datasets.table import Dataset, File

__all__ = ["Offer", "offers"]

Offer: TypeAlias = tuple[tuple[File, str], ...]
"""All files of one packing, each with the address to ask for it."""


def offers(dataset: Dataset) -> Iterator[Offer]:
    """Yield what to ask for: the mirrors that the reader names in `TF2DOCS_MIRROR` first, then the public ones.

    A reader's mirror has the layout of the caches, so that a folder filled by `python -m tf2docs.datasets` can be
    served as it is.

    Raises:
        ValueError: `TF2DOCS_MIRROR` holds something else than addresses.
    """
    for base in _own_mirrors():
        for files in dataset.packings:
            yield tuple((file, f"{base}/{file.path}") for file in files)
    for source in dataset.sources:
        yield tuple((file, source.address + file.name) for file in source.files)


def _own_mirrors() -> list[str]:
    bases = os.environ.get("TF2DOCS_MIRROR", "").split()
    for base in bases:
        if not base.lower().startswith(("http://", "https://")):
            raise ValueError(
                f"TF2DOCS_MIRROR holds {base!r}, expected addresses that begin with http:// or https://, separated "
                "by spaces. A folder on this machine is named by TF2DOCS_DATA instead."
            )
    return [base.rstrip("/") for base in bases]
