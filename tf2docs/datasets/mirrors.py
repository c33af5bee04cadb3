"""Which addresses a data set's files are asked from, and in which order."""

import os
import re
from collections.abc import Iterator
from typing import TypeAlias

from tf2docs.datasets.addresses import Address, read_address
from tf2docs.datasets.table import Dataset, File

__all__ = ["MIRRORS", "Offer", "misread", "offers", "public_offers"]

MIRRORS: str = "TF2DOCS_MIRROR"
"""The environment variable that names mirrors."""

_HARMLESS = re.compile(r"(\w+://)?[^:@?#]*")  # without a place for a login or a token

Offer: TypeAlias = tuple[tuple[File, Address], ...]
"""All files of one packing, each with the address to ask for it."""


def offers(dataset: Dataset) -> Iterator[Offer]:
    """Yield what to ask for.

    The mirrors that the reader names in `TF2DOCS_MIRROR` first, then the public ones.

    A reader's mirror has the layout of the caches, so that a folder filled by
    `python -m tf2docs.datasets` can be served as it is.
    """
    for base in filter(None, map(_read, _named())):
        for files in dataset.packings:
            if not any(file.is_folder for file in files):
                yield tuple((file, base.below(file.path)) for file in files)
    yield from public_offers(dataset)


def public_offers(dataset: Dataset) -> Iterator[Offer]:
    """Yield what everybody can be asked for: the publisher's files first, then copies of them."""
    for source in dataset.sources:
        base = read_address(source.address, is_public=True)
        yield tuple((file, base.below(file.named or file.name)) for file in source.files)


def misread() -> list[ValueError]:
    """What `TF2DOCS_MIRROR` holds that is no address, as errors.

    They don't repeat what may be part of a login.
    """
    entries = _named()
    harmless = all(_HARMLESS.fullmatch(entry) for entry in entries)
    shown = [
        repr(entry) if harmless else f"entry {number}"
        for number, entry in enumerate(entries, start=1)
    ]
    return [
        ValueError(
            f"{name}, expected addresses that begin with http:// or https://, separated by spaces "
            "(a folder on this machine is named by TF2DOCS_DATA instead)"
        )
        for name, entry in zip(shown, entries, strict=True)
        if _read(entry) is None
    ]


def _named() -> list[str]:
    return os.environ.get(MIRRORS, "").split()


def _read(entry: str) -> Address | None:
    try:
        return read_address(entry)
    except ValueError:
        return None
