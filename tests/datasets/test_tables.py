"""Tables of mixed columns: read as published or refused, fetched, and stood in for."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from tf2docs.datasets import (
    DatasetNotFoundError,
    StandInWarning,
    WrongDatasetError,
    load_flights,
    load_fuel,
    load_titanic,
    save_stand_in,
)
from tf2docs.datasets.__main__ import main
from tf2docs.datasets.csv_table import read_table
from tf2docs.datasets.made_up import made_up_cars, made_up_months, made_up_passengers
from tf2docs.datasets.table import FLIGHTS, FUEL, SETS, TITANIC, Column, File, Source

COLUMNS = (
    Column("name", "text"),
    Column("age", "number"),
    Column("rooms", "whole"),
    Column("alone", "truth"),
)
PUBLISHED = 'name,age,rooms,alone\n"Ann, 李",1.5,2,True\n,,-3,False\n'.encode()


@pytest.fixture(autouse=True)
def titanic(monkeypatch, server):
    """What load_titanic takes for the real table: two rows, at /table."""
    file = File("titanic.csv", (), ("sha256", hashlib.sha256(PUBLISHED).hexdigest()), COLUMNS)
    source = Source(f"{server.base}/table/", (file,), "here")
    tiny = replace(TITANIC, packings=((file,),), sources=(source,))
    monkeypatch.setattr("tf2docs.datasets.loading.TITANIC", tiny)
    monkeypatch.setitem(SETS, "titanic", tiny)
    return tiny


@pytest.fixture
def named(home, monkeypatch):
    """A folder that the user named, with this as the table in it."""
    monkeypatch.setenv("TF2DOCS_DATA", str(home))

    def save(data: bytes):
        (home / "titanic.csv").write_bytes(data)
        return home / "titanic.csv"

    return save


def check(table):
    assert list(table) == ["name", "age", "rooms", "alone"]
    assert table["name"].dtype == object and table["name"].tolist() == ["Ann, 李", ""]
    assert table["age"].dtype == np.float32
    assert table["age"][0] == 1.5 and np.isnan(table["age"][1])
    assert table["rooms"].dtype == np.int64 and table["rooms"].tolist() == [2, -3]
    assert table["alone"].dtype == bool and table["alone"].tolist() == [True, False]


def test_a_table_in_the_named_folder_is_read_by_the_kinds_of_its_columns(named):
    named(PUBLISHED)
    check(load_titanic())


def test_a_table_is_downloaded_once_and_then_found_in_the_cache(server, left):
    server.offer("/table", {"titanic.csv": PUBLISHED})
    check(load_titanic())
    check(load_titanic())
    assert server.asked == ["/table/titanic.csv"] and left() == ["titanic.csv"]


def test_a_download_of_a_table_goes_on_where_it_was_cut(server):
    cut = server.cut(PUBLISHED, 30)
    server.answers["/table/titanic.csv"] = server.in_turn(cut, server.whole(PUBLISHED))
    check(load_titanic())
    assert server.ranges == [None, "bytes=30-"]


def test_a_table_that_was_changed_on_the_way_is_not_taken(server, left):
    server.offer("/table", {"titanic.csv": PUBLISHED.replace(b"1.5", b"1.6")})
    with pytest.raises(DatasetNotFoundError, match="no checksums of the columns") as caught:
        load_titanic()
    assert 'save_stand_in(folder, "titanic")' in str(caught.value)
    assert "load_digits" not in str(caught.value)
    assert left() == []


@pytest.mark.parametrize(
    "changed",
    [
        PUBLISHED.replace(b"\n", b"\r\n"),  # as an editor on Windows saves it
        PUBLISHED[:-1],
        PUBLISHED + b"\n",
        b"\xef\xbb\xbf" + PUBLISHED,
        b"",
    ],
)
def test_a_table_with_any_byte_changed_is_refused(changed, named):
    path = named(changed)
    with pytest.raises(WrongDatasetError, match="SHA-256 is") as caught:
        load_titanic()
    assert str(path) in str(caught.value)


def test_a_missing_table_is_told_with_its_place_and_checksum(named, home):
    with pytest.raises(DatasetNotFoundError, match="Put the file there") as caught:
        load_titanic()
    assert str(home / "titanic.csv") in str(caught.value) and "SHA-256" in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (b"", "its columns are none, not name, age, rooms, alone"),
        (b"name,age,rooms\n", "its columns are name, age, rooms, not name, age, rooms, alone"),
        (b"age,name,rooms,alone\n", "its columns are age, name, rooms, alone"),
        (b"name,age,rooms,alone\n", "a header and no rows"),
        (b"name,age,rooms,alone\na,1,2\n", "rows of different lengths"),
        (b"name,age,rooms,alone\na,old,2,True\n", "the column age holds what is no number"),
        (b"name,age,rooms,alone\na,1,,True\n", "the column rooms holds what is no whole"),
        (b"name,age,rooms,alone\na,1,2,yes\n", "the column alone holds what is no truth"),
        (b"name,age,rooms,alone\n\xff,1,2,True\n", "no table of UTF-8 text"),
        (b'name,age,rooms,alone\n"a,1,2,True\n', "no table of UTF-8 text"),
    ],
)
def test_a_stand_in_of_another_form_is_refused_by_name(rows, message, named):
    named(b"# stand-in: made up\n" + rows)
    with pytest.raises(WrongDatasetError, match=message):
        load_titanic()


def test_a_stand_in_is_used_with_a_warning_that_says_what_it_is(named):
    path = named(b"# stand-in: made up\n" + PUBLISHED)
    with pytest.warns(StandInWarning, match=r"not the table of the Titanic: made up") as seen:
        check(load_titanic())
    assert str(path) in str(seen[0].message) and seen[0].filename == __file__


def test_a_stand_in_in_a_cache_or_at_a_mirror_is_never_used(own_cache, server):
    own_cache.mkdir(parents=True)
    (own_cache / "titanic.csv").write_bytes(b"# stand-in: made up\n" + PUBLISHED)
    server.offer("/table", {"titanic.csv": b"# stand-in: made up\n" + PUBLISHED})
    with pytest.raises(DatasetNotFoundError, match=r"a stand-in .*only taken from the folder"):
        load_titanic()


def test_the_command_fetches_a_table_and_says_where_it_is(server, home, capsys):
    server.offer("/table", {"titanic.csv": PUBLISHED})
    assert main(["titanic", "--folder", str(home / "usb")]) == 0
    assert "titanic.csv is whole" in capsys.readouterr().out
    assert (home / "usb" / "titanic.csv").read_bytes() == PUBLISHED


# The stand-in for the real table


@pytest.fixture
def made_up(home, monkeypatch):
    monkeypatch.undo()
    path = save_stand_in(home, "titanic")
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="passengers that never lived"):
        table = load_titanic()
    assert path.name == "titanic.csv"
    return table


@pytest.mark.parametrize(
    ("dataset", "drawn"),
    [(TITANIC, made_up_passengers()), (FUEL, made_up_cars()), (FLIGHTS, made_up_months())],
)
def test_made_up_rows_come_back_as_they_were_drawn(dataset, drawn, tmp_path):
    path = save_stand_in(tmp_path, dataset.name)
    [file] = dataset.packings[0]
    with path.open("rb") as opened:
        table = read_table(opened, file.columns)
    assert path.name == file.path and list(table) == list(drawn)
    for name, column in drawn.items():
        read = table[name]
        same = (
            np.isclose(read, column, equal_nan=True) if column.dtype.kind == "f" else read == column
        )
        assert same.all(), name


def test_made_up_passengers_have_the_columns_and_categories_of_the_real_ones(made_up):
    assert list(made_up) == [column.name for column in TITANIC.packings[0][0].columns]
    categories = {
        "pclass": {1, 2, 3},
        "sex": {"male", "female"},
        "embarked": {"S", "C", "Q", ""},
        "class": {"First", "Second", "Third"},
        "who": {"man", "woman", "child"},
        "deck": {*"ABCDEFG", ""},
        "alive": {"yes", "no"},
    }
    for name, values in categories.items():
        assert set(made_up[name]) == values, name
    assert 0.1 < np.isnan(made_up["age"]).mean() < 0.3
    assert ((made_up["alive"] == "yes") == made_up["survived"]).all()
    assert ((made_up["sibsp"] + made_up["parch"] == 0) == made_up["alone"]).all()


def test_more_women_than_men_survive_in_the_made_up_table():
    table = made_up_passengers(2000)
    women, men = (table["survived"][table["sex"] == sex].mean() for sex in ("female", "male"))
    assert women > men + 0.3


@pytest.mark.parametrize("name", ["iris", "", "Titanic"])
def test_a_stand_in_for_another_set_is_refused(name, home):
    with pytest.raises(
        ValueError, match=f"no stand-in for '{name}', only for mnist, .*titanic, fuel"
    ):
        save_stand_in(home, name)


def test_a_stand_in_never_replaces_a_table(named):
    path = named(PUBLISHED)
    with pytest.raises(FileExistsError, match="might be real"):
        save_stand_in(path.parent, "titanic")
    assert path.read_bytes() == PUBLISHED


# Tables that are split


def stood_in(name, home, monkeypatch, load):
    monkeypatch.undo()
    save_stand_in(home, name)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="never"):
        return load()


def test_cars_are_split_in_the_same_way_and_each_origin_has_its_share(home, monkeypatch):
    train, test = stood_in("fuel", home, monkeypatch, load_fuel)
    names = [*train["name"], *test["name"]]
    assert len(names) == len(set(names)) == 120 and len(test["name"]) == 24
    assert sorted(names) == sorted(made_up_cars()["name"])
    for origin in ("usa", "japan", "europe"):
        shares = [(part["origin"] == origin).mean() for part in (train, test)]
        assert abs(shares[0] - shares[1]) < 0.04, origin
    with pytest.warns(StandInWarning):
        again, _ = load_fuel()
    assert (again["name"] == train["name"]).all()


def test_cars_are_not_split_in_the_order_of_their_years(home, monkeypatch):
    train, _ = stood_in("fuel", home, monkeypatch, load_fuel)
    cars = made_up_cars()
    assert list(train["name"]) != [name for name in cars["name"] if name in set(train["name"])]


def test_missing_power_stays_missing(home, monkeypatch):
    parts = stood_in("fuel", home, monkeypatch, load_fuel)
    missing = sum(np.isnan(part["horsepower"]).sum() for part in parts)
    assert missing == np.isnan(made_up_cars()["horsepower"]).sum() > 0


def test_flights_are_tested_on_the_last_two_years(home, monkeypatch):
    train, test = stood_in("flights", home, monkeypatch, load_flights)
    assert train["year"].max() < test["year"].min() and len(test["year"]) == 24
    assert (np.diff(train["year"]) >= 0).all()
    assert train["month"][:2].tolist() == ["January", "February"]
