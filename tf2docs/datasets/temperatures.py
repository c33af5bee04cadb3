"""Load temperatures, which come with a package."""

import importlib.util
from pathlib import Path

import numpy as np

from tf2docs.datasets.csv_table import Table, read_table, rows_of
from tf2docs.datasets.obtaining import obtain
from tf2docs.datasets.places import named_folder
from tf2docs.datasets.table import TEMPERATURES

__all__ = ["load_temperatures"]

_FILE = TEMPERATURES.packings[0][0]
_TESTS = 61 * 24  # hours of November and December


def load_temperatures() -> tuple[Table, Table]:
    """Load how warm it usually is in Seattle in each hour of a year, a series with a daily rhythm.

    The times are of 2010, but the values are climate normals: for each hour an average over many
    years, so that two days in a row are almost alike, as they never are in real weather.

    It comes with the package `vega_datasets`, which the extra `series` installs, so that there is
    nothing to download. If the folder that `TF2DOCS_DATA` names holds the package's file,
    `seattle-temps.csv`, or a stand-in for it, that is used. A series is tested on what comes later:
    November and December are the test part.

    Returns:
        `train, test`: columns by name, each of shape `(7295,)` and `(1464,)`, in the order of time.
            `time` is `datetime64[h]`; one hour is missing, 3 o'clock on 14 March;
            `temperature` is `float32`, in degrees Fahrenheit.

    Raises:
        ModuleNotFoundError: `vega_datasets` isn't installed.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.

    Warns:
        StandInWarning: The hours are those of a stand-in, made up and fewer.

    References:
        NOAA, in the public domain; vega_datasets, `seattle-temps`.
    """
    read = obtain(TEMPERATURES) if _is_named() else _shipped()
    table: Table = {
        "time": np.array([_iso(time) for time in read["date"]], "datetime64[h]"),
        "temperature": read["temp"],
    }
    return rows_of(table, slice(None, -_TESTS)), rows_of(table, slice(-_TESTS, None))


def _is_named() -> bool:
    """Whether the folder that the reader named has such a file, whatever it holds."""
    folder = named_folder()
    return folder is not None and (folder / _FILE.path).exists()


def _shipped() -> Table:
    with _published().open("rb") as file:
        return read_table(file, _FILE.columns)


def _iso(time: str) -> str:
    """`2010/01/31 23:00` as NumPy reads it."""
    return time.replace("/", "-").replace(" ", "T")


def _published() -> Path:
    """The file in the package, which isn't imported: that would also import pandas."""
    package = importlib.util.find_spec("vega_datasets")
    if package is None or not package.origin:
        raise ModuleNotFoundError(
            "load_temperatures needs the package vega_datasets, which isn't installed. Install it "
            'with `pip install vega_datasets`, or with `pip install "tf2docs[series]"`.',
            name="vega_datasets",
        )
    return Path(package.origin).parent / "_data" / _FILE.path
