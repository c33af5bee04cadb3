"""Write small stand-ins for data sets, to try code with."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tf2docs.datasets.archive import write_archive
from tf2docs.datasets.csv_table import Table, write_table
from tf2docs.datasets.made_up import (
    made_up_cars,
    made_up_months,
    made_up_pairs,
    made_up_passengers,
    made_up_photos,
    made_up_plays,
    made_up_poems,
    made_up_recordings,
    made_up_reviews,
    made_up_temperatures,
)
from tf2docs.datasets.opening import write_whole
from tf2docs.datasets.shipped import load_digits
from tf2docs.datasets.table import find_set
from tf2docs.datasets.text import write_lines

__all__ = ["STAND_INS", "save_stand_in"]

_REVIEWS = "reviews that nobody wrote, put together from a few words"


def save_stand_in(folder: Path, name: str = "mnist") -> Path:
    """Write a small stand-in for a data set.

    Code that loads the set can then be tried in seconds and offline: let `TF2DOCS_DATA` name the
    folder. The file says what it really is, and the loader repeats that in a warning. MNIST's are
    the digits of [`load_digits`][tf2docs.datasets.load_digits]; the rows of the tables are drawn
    from a seed, with the real columns, categories and gaps; for photographs there are coloured
    rectangles, for spoken digits tones, and texts are put together from a few words.

    Args:
        folder: Where to write the file. Made if it isn't there.
        name: The name of a set, such as `mnist`, `photos` or `reviews_zh`.

    Returns:
        The path of the file, or of the first if there are several.

    Raises:
        ValueError: There is no stand-in of that name.
        FileExistsError: The folder already holds such a file, which might be the real one.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_stand_in(Path(folder)).name, save_stand_in(Path(folder), "titanic").name
        ('mnist.npz', 'titanic.csv')
    """
    if name not in STAND_INS:
        raise ValueError(f"there is no stand-in for {name!r}, only for {', '.join(STAND_INS)}.")
    paths = [Path(folder) / file.path for file in find_set(name).packings[0]]
    for path in paths:
        if path.exists():
            raise FileExistsError(
                f"{path} is there already and might be real: name another folder or remove it."
            )
    for path, contents in zip(paths, STAND_INS[name](), strict=True):
        write_whole(path, contents)
    return paths[0]


def _digits() -> list[BinaryIO]:
    (x_train, y_train), (x_test, y_test) = load_digits()
    stand_in = "scikit-learn's 1,797 digits, 8x8 enlarged to 28x28"
    packed = io.BytesIO()
    np.savez_compressed(
        packed, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, stand_in=stand_in
    )
    return [packed]


def _photos() -> list[BinaryIO]:
    photos = made_up_photos()
    return [write_archive(photos, f"{len(photos)} drawings of one shape a class, from a seed")]


def _passengers() -> list[BinaryIO]:
    return _table(made_up_passengers(), "passengers that never lived, drawn from a seed")


def _cars() -> list[BinaryIO]:
    return _table(made_up_cars(), "cars that were never built, drawn from a seed")


def _months() -> list[BinaryIO]:
    return _table(made_up_months(), "months of flights that never were, drawn from a seed")


def _hours() -> list[BinaryIO]:
    return _table(made_up_temperatures(), "hours of weather that never was, computed")


def _english_reviews() -> list[BinaryIO]:
    reviews = made_up_reviews("en")
    stand_in = f"{len(reviews['label'])} {_REVIEWS}"
    parts = (reviews["review"][reviews["label"] == label] for label in (1, 0))
    return [write_lines("\n".join([*part, ""]), stand_in) for part in parts]


def _chinese_reviews() -> list[BinaryIO]:
    return _table(made_up_reviews("zh"), _REVIEWS)


def _pairs() -> list[BinaryIO]:
    pairs = made_up_pairs()
    text = "".join(f"{english}\t{chinese}\tnobody's\n" for english, chinese in pairs)
    return [write_lines(text, f"{len(pairs)} pairs of sentences, put together from a few words")]


def _plays() -> list[BinaryIO]:
    return [write_lines(made_up_plays(), "speeches that nobody wrote, put together from a seed")]


def _poems() -> list[BinaryIO]:
    poems = made_up_poems()
    text = json.dumps(poems, ensure_ascii=False)
    return [write_lines(text, f"{len(poems)} poems that nobody wrote, drawn from a seed")]


def _recordings() -> list[BinaryIO]:
    sounds = made_up_recordings()
    return [write_archive(sounds, f"{len(sounds)} tones, one pitch for each digit, in noise")]


def _table(rows: Table, what: str) -> list[BinaryIO]:
    return [write_table(rows, f"{len(next(iter(rows.values())))} {what}")]


STAND_INS: dict[str, Callable[[], list[BinaryIO]]] = {
    "mnist": _digits,
    "photos": _photos,
    "titanic": _passengers,
    "fuel": _cars,
    "flights": _months,
    "temperatures": _hours,
    "reviews_en": _english_reviews,
    "reviews_zh": _chinese_reviews,
    "pairs": _pairs,
    "shakespeare": _plays,
    "poems": _poems,
    "spoken_digits": _recordings,
}
"""What makes the files of the stand-in for each data set that has one."""
