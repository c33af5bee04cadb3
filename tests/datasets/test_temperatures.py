"""Temperatures come with a package: in the order of time, and said if it isn't installed."""

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

from tf2docs.datasets import (
    DatasetNotFoundError,
    StandInWarning,
    WrongDatasetError,
    load_temperatures,
    save_stand_in,
)
from tf2docs.datasets.__main__ import main
from tf2docs.datasets.made_up import made_up_temperatures
from tf2docs.datasets.table import SETS

PUBLISHED = b"date,temp\n2010/10/31 23:00,40.5\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """What stands for `vega_datasets`, which fails if it is imported: 62 days, hour by hour."""
    data = tmp_path / "vega_datasets" / "_data" / "seattle-temps.csv"
    data.parent.mkdir(parents=True)
    (tmp_path / "vega_datasets" / "__init__.py").write_text("raise AssertionError('imported')")
    hours = np.datetime64("2010-10-31T00", "h") + np.arange(62 * 24)
    rows = [
        f"{str(hour).replace('-', '/').replace('T', ' ')}:00,{40 + n % 24}.5"
        for n, hour in enumerate(hours)
    ]
    data.write_text("\n".join(["date,temp", *rows]))
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_last_two_months_are_for_testing(package):
    train, test = load_temperatures()
    assert list(train) == list(test) == ["time", "temperature"]
    assert len(train["time"]) == 24 and len(test["time"]) == 61 * 24
    assert test["time"][0] == np.datetime64("2010-11-01T00")
    assert test["time"][-1] == np.datetime64("2010-12-31T23")
    assert train["temperature"].dtype == np.float32
    assert train["temperature"].tolist() == [40.5 + n for n in range(24)]


def test_a_package_that_is_missing_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install vega_datasets.*tf2docs\[series\]"):
        load_temperatures()


def test_the_command_says_which_package_a_set_comes_with(package, monkeypatch, capsys):
    assert main(["temperatures"]) == 0
    assert "comes with vega_datasets, there is nothing to fetch" in capsys.readouterr().out
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["temperatures"]) == 0
    assert "comes with vega_datasets, which isn't installed" in capsys.readouterr().out


def test_a_named_folder_without_the_file_leaves_it_to_the_package(package, home, monkeypatch):
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    assert len(load_temperatures()[0]["time"]) == 24


def test_a_stand_in_in_the_named_folder_comes_before_the_package(
    package, home, monkeypatch, capsys
):
    path = save_stand_in(home, "temperatures")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="not the temperatures of Seattle.*never was") as seen:
        train, test = load_temperatures()
    assert str(path) in str(seen[0].message) and seen[0].filename == __file__
    time = np.concatenate([train["time"], test["time"]])
    assert str(time[0]) == "2010-07-01T00" and str(time[-1]) == "2010-12-31T23"
    assert (np.diff(time) > np.timedelta64(1, "h")).sum() == 1  # as in the real series
    assert len(test["time"]) == 61 * 24 and test["temperature"].dtype == np.float32
    main([])
    assert f"{path} holds a stand-in: 4415 hours" in capsys.readouterr().out


def test_days_that_were_made_up_have_the_rhythm_of_real_ones():
    temperatures = made_up_temperatures("2010-07-15")["temp"].reshape(-1, 24)
    assert (temperatures[:, 12] > temperatures[:, 0] + 8).all()
    assert temperatures[10].mean() > temperatures[-1].mean() + 20


@pytest.mark.parametrize("changed", [PUBLISHED.replace(b"\n", b"\r\n"), b"", b"<html>"])
def test_another_file_of_that_name_in_the_named_folder_is_refused(
    changed, package, home, monkeypatch, capsys
):
    (home / "seattle-temps.csv").write_bytes(changed)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(WrongDatasetError, match="remove it, to use the file in the package") as no:
        load_temperatures()
    assert str(home / "seattle-temps.csv") in str(no.value)
    assert main([]) == 1
    assert "BROKEN" in capsys.readouterr().out


def test_a_folder_of_that_name_is_said_with_the_package_as_a_way_out(package, home, monkeypatch):
    (home / "seattle-temps.csv").mkdir()
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.raises(DatasetNotFoundError, match="to use the file in the package") as no:
        load_temperatures()
    assert "download" not in str(no.value)


def test_the_file_in_the_package_is_the_one_in_the_table(home, monkeypatch):
    package = importlib.util.find_spec("vega_datasets")
    if package is None:
        pytest.skip("vega_datasets isn't installed")
    shutil.copy(Path(package.origin).parent / "_data" / "seattle-temps.csv", home)
    shipped = load_temperatures()
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    for part, same in zip(shipped, load_temperatures(), strict=True):
        assert all((part[name] == same[name]).all() for name in part)
    assert SETS["temperatures"].shapes == "7,295 + 1,464 hours"
    assert [len(part["time"]) for part in shipped] == [7295, 1464]
