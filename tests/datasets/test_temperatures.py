"""Temperatures come with a package: in the order of time, and said if it isn't installed."""

import numpy as np
import pytest

from tf2docs.datasets import load_temperatures
from tf2docs.datasets.__main__ import main


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
