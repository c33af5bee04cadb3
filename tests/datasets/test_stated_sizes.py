"""What the docstrings of the loaders say of sizes, held to the real files.

They lie in the folder that `TF2DOCS_DATA` names when pytest starts; what isn't there is skipped.
"""

import inspect
import os
import re
import warnings
import zipfile
from ast import literal_eval
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tf2docs import datasets
from tf2docs.datasets import DatasetNotFoundError, StandInWarning

REAL = os.environ.get("TF2DOCS_DATA")  # the fixture `home` hides it from each test
WORDS = {"five": 5, "six": 6}
SHAPE = re.compile(r"`(\(\d[\d, ]*\))`")


@pytest.fixture(autouse=True)
def real(home, monkeypatch):
    if not REAL:
        pytest.skip("TF2DOCS_DATA names no folder with the real data")
    monkeypatch.setenv("TF2DOCS_DATA", REAL)


@cache
def load(name: str, **options):
    """The parts that a loader returns, or a skipped test where the real file isn't there."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", StandInWarning)
        try:
            return getattr(datasets, name)(**options)
        except (DatasetNotFoundError, StandInWarning, ModuleNotFoundError) as error:
            pytest.skip(f"the real data aren't there: {str(error).splitlines()[0]}")


def docstring(name: str) -> str:
    """A loader's docstring in one line."""
    return " ".join(inspect.getdoc(getattr(datasets, name)).split())


def stated_shapes(name: str) -> list[tuple[int, ...]]:
    returns = docstring(name).split("Returns: ")[1].split(" Raises: ")[0]
    return [literal_eval(shape) for shape in SHAPE.findall(returns)]


def stated_number(name: str, words: str) -> int:
    """The number that stands for # in these words of a docstring."""
    before, after = map(re.escape, words.split("#"))
    found = re.findall(f"{before}([\\d,]*\\d|\\w+){after}", docstring(name))
    assert len(found) == 1, f"{name} says {words!r} {len(found)} times, expected once"
    return WORDS.get(found[0]) or int(found[0].replace(",", ""))


def columns(part) -> list[np.ndarray]:
    return list(part.values() if isinstance(part, dict) else part)


def shapes(*parts) -> list[tuple[int, ...]]:
    """Shapes as docstrings state them: a column in each part, then the next kind of column."""
    pairs = zip(*(map(np.shape, columns(part)) for part in parts), strict=True)
    return [shape for pair in dict.fromkeys(pairs) for shape in pair]


def whole(name: str, column: int | str = 0, **options) -> np.ndarray:
    """A column of all parts."""
    return np.concatenate([part[column] for part in load(name, **options)])


@pytest.mark.parametrize(
    "name",
    [
        "load_pairs",
        "load_poems",
        "load_spoken_digits",
        "load_fuel",
        "load_flights",
        "load_temperatures",
    ],
)
def test_shapes_are_those_of_the_docstring(name):
    assert shapes(*load(name)) == stated_shapes(name)


def test_shapes_of_reviews_are_those_of_the_docstring():
    of_both = [shapes(*load("load_reviews", language=language)) for language in ("en", "zh")]
    assert [*of_both[0], *of_both[1]] == stated_shapes("load_reviews")


def test_shapes_of_the_titanic_are_those_of_the_docstring():
    assert shapes(load("load_titanic")) == stated_shapes("load_titanic")


def test_shapes_of_photos_are_those_of_the_docstring():
    """Counted in the archive, since loading all of them takes long."""
    archives = sorted(Path(REAL).glob("CIFAR-10-images-*.zip"))
    if not archives:
        pytest.skip("the archive of the photographs isn't there")
    with zipfile.ZipFile(archives[0]) as archive:
        names = [name for name in archive.namelist() if name.endswith(".jpg")]
        train, test = (sum(f"/{part}/" in name for name in names) for part in ("train", "test"))
        with archive.open(names[0]) as photo:
            pixels = np.asarray(Image.open(photo)).shape
    of_images = [(train, *pixels), (test, *pixels)]
    assert [*of_images, (train,), (test,)] == stated_shapes("load_photos")
    assert train + test == stated_number("load_photos", "Load CIFAR-10: # small photographs")


COUNTS: dict[tuple[str, str], Callable[[], int]] = {
    ("load_reviews", "these are # sentences of"): lambda: len(whole("load_reviews")),
    ("load_reviews", "these are # reviews of"): lambda: len(whole("load_reviews", language="zh")),
    ("load_reviews", "deliveries, # of them good"): lambda: whole(
        "load_reviews", 1, language="zh"
    ).sum(),
    ("load_pairs", "Load # sentences"): lambda: len(whole_pairs()),
    ("load_pairs", "there are # in English"): lambda: len({pair[0] for pair in whole_pairs()}),
    ("load_pairs", "and # in Chinese, and"): lambda: len({pair[1] for pair in whole_pairs()}),
    ("load_pairs", "# pairs repeat another"): lambda: len(whole_pairs()) - len(set(whole_pairs())),
    ("load_shakespeare", "of the text, # characters"): lambda: len(load("load_shakespeare")[0]),
    ("load_shakespeare", "and the rest, #, cut"): lambda: len(load("load_shakespeare")[1]),
    ("load_shakespeare", "again. # different characters"): lambda: len(
        set("".join(load("load_shakespeare")))
    ),
    ("load_poems", "Tang Poems, # texts"): lambda: len(whole("load_poems", "text")),
    ("load_poems", "stay as they are. # poems stand"): lambda: (
        len(whole("load_poems", "text")) - len(set(whole("load_poems", "text")))
    ),
    ("load_spoken_digits", "Load # recordings"): lambda: len(whole("load_spoken_digits", 1)),
    ("load_spoken_digits", "A recording has # samples"): lambda: load("load_spoken_digits")[0][
        0
    ].shape[1],
    ("load_fuel", "MPG: # cars"): lambda: len(whole("load_fuel", "mpg")),
    ("load_fuel", "cars of # to"): lambda: 1900 + whole("load_fuel", "model_year").min(),
    ("load_fuel", "to #, and how far"): lambda: 1900 + whole("load_fuel", "model_year").max(),
    ("load_fuel", "power of # cars"): lambda: np.isnan(whole("load_fuel", "horsepower")).sum(),
    ("load_fuel", "are kept, # of them"): lambda: np.isnan(
        load("load_fuel")[0]["horsepower"]
    ).sum(),
    ("load_flights", "each month of # to"): lambda: whole("load_flights", "year").min(),
    ("load_flights", "to #, a classic"): lambda: whole("load_flights", "year").max(),
    ("load_titanic", "a table of # passengers"): lambda: len(load("load_titanic")["age"]),
    ("load_titanic", "(# ages)"): lambda: np.isnan(load("load_titanic")["age"]).sum(),
    ("load_titanic", "(# harbours"): lambda: (load("load_titanic")["embarked"] == "").sum(),
    ("load_titanic", "harbours, # decks"): lambda: (load("load_titanic")["deck"] == "").sum(),
}


def whole_pairs() -> list[tuple[str, str]]:
    return [pair for part in load("load_pairs") for pair in zip(*part, strict=True)]


@pytest.mark.parametrize(("name", "words"), COUNTS)
def test_numbers_are_those_of_the_docstring(name, words):
    assert COUNTS[name, words]() == stated_number(name, words)
