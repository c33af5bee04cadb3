"""The table of a trial, and the record in which trials are kept."""

import json
from dataclasses import replace

import pytest

from tf2docs.pages.trying.trials import Finding, Trial, merged, read_trials, table, write_trials

RAISES = Finding("tutorials/beginner", 2, 47, "python", "ValueError: no data")
DRAWS = Finding("guide/plots", 11, 9, "figure", "1 line → 2 lines")
GOOD = Trial(
    tensorflow="2.20",
    date="2026-11-21",
    asked=["tensorflow==2.20"],
    versions={"python": "3.11.7", "tensorflow": "2.20.0"},
    pages=2,
    blocks={"ran": 19, "failed": 0, "not run": 0, "skipped": 0},
    failed=[],
    moved=[],
)
BAD = replace(
    GOOD,
    blocks={"ran": 2, "failed": 1, "not run": 16, "skipped": 1},
    failed=[RAISES],
    moved=[DRAWS],
)


def of(version: str) -> Trial:
    return replace(GOOD, tensorflow=version)


def test_a_good_trial_takes_two_lines():
    assert table(GOOD).splitlines() == [
        "tensorflow==2.20: python 3.11.7, tensorflow 2.20.0",
        "pages: 2; blocks: 19 ran, 0 failed, 0 not run; moved: 0",
    ]


def test_what_failed_and_what_moved_stand_in_columns():
    assert table(BAD).splitlines()[1:] == [
        "pages: 2; blocks: 2 ran, 1 failed, 16 not run, 1 skipped; moved: 1",
        "fails  python  tutorials/beginner:47  ValueError: no data",
        "moved  figure  guide/plots:9          1 line → 2 lines",
    ]


@pytest.mark.parametrize(
    ("trial", "good"), [(GOOD, True), (replace(BAD, failed=[]), False), (BAD, False)]
)
def test_a_trial_is_good_if_nothing_failed_and_nothing_moved(trial, good):
    assert trial.good is good


def test_the_newest_version_comes_first_whatever_its_number_of_digits():
    trials: list[Trial] = []
    for version in ("2.9", "nightly", "2.21", "2.20"):
        trials = merged(trials, of(version))
    assert [trial.tensorflow for trial in trials] == ["nightly", "2.21", "2.20", "2.9"]


def test_a_trial_takes_the_place_of_the_one_of_its_version():
    assert merged([of("2.21"), GOOD], BAD) == [of("2.21"), BAD]


def test_a_trial_that_gave_the_same_keeps_its_date():
    assert merged([GOOD], replace(GOOD, date="2027-01-01")) == [GOOD]
    assert merged([GOOD], replace(BAD, date="2027-01-01"))[0].date == "2027-01-01"


def test_trials_are_read_as_they_were_written(tmp_path):
    path = tmp_path / "versions.json"
    assert read_trials(path) == []
    write_trials(path, [of("2.21"), BAD])
    assert read_trials(path) == [of("2.21"), BAD]
    assert [each.name for each in tmp_path.iterdir()] == ["versions.json"]


def test_the_arrow_stands_in_the_file_as_it_is(tmp_path):
    write_trials(tmp_path / "versions.json", [BAD])
    assert "1 line → 2 lines" in (tmp_path / "versions.json").read_text(encoding="utf-8")


def test_a_record_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "versions.json"
    write_trials(path, [GOOD])
    before = path.read_bytes()

    def interrupt(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_trials(path, [BAD])
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["versions.json"]


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "{}x",
        "[1]",
        '{"a": 1}',
        json.dumps({"trials": [{"tensorflow": "2.20"}]}),
        json.dumps({"trials": [GOOD.__dict__ | {"tensorflow": "new"}]}),
        json.dumps({"trials": [GOOD.__dict__ | {"failed": [{"page": "a"}]}]}),
    ],
)
def test_a_file_that_is_no_record_is_told_by_name_and_what_to_do(tmp_path, text):
    path = tmp_path / "versions.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"versions\.json isn't a record of trials .*; remove it"):
        read_trials(path)
