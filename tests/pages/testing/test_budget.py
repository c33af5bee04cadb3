"""A budget runs the newest pages first, then others by turns, and tells which had no time left."""

import datetime
import json
from itertools import pairwise

import pytest

from tf2docs.pages.reading.sealing import CHECKSUM, sealed
from tf2docs.pages.running.session import Options, Session
from tf2docs.pages.testing.budget import Turn, order, parse_budget

NAMES = ("fourth", "lesson", "second", "third")


@pytest.fixture
def dated(pages):
    """Four pages that take no time by their records, of which the fourth was recorded last."""

    def dated(**seconds):
        for day, name in enumerate(("lesson", "second", "third", "fourth"), 1):
            path = pages.root / "docs" / "records" / f"{name}.json"
            record = json.loads(path.read_text())
            record |= {"date": f"2026-01-{day:02}", "seconds": seconds.get(name, 0.0)}
            for block in record["blocks"]:
                block["seconds"] = record["seconds"] / len(record["blocks"])
            record.pop(CHECKSUM)
            path.write_text(sealed(record))
        return pages

    return dated


def ran(found):
    """The pages of which blocks were run, by their names in order."""
    blocks = [node for node, verdict in found.items() if "python" in node and verdict == "PASSED"]
    return list(dict.fromkeys(node.partition(".md")[0].rpartition("/")[2] for node in blocks))


def test_the_newest_comes_first_and_all_of_one_language_before_the_next(dated, verdicts):
    found = verdicts(dated().run("-v", "--full", "--budget", "1h"))
    files = list(dict.fromkeys(node.partition("::")[0] for node in found))
    assert ran(found)[0] == "fourth"
    assert files[4:8] == [file.replace("/en/", "/zh/") for file in files[:4]]
    assert files[8:] == ["docs/conftest.py"]
    assert set(found.values()) == {"PASSED"}


def test_what_doesn_t_fit_is_left_out_and_named(dated, verdicts):
    result = dated(lesson=4000.0, third=3700.0).run("-v", "--full", "--budget", "1h")
    found = verdicts(result)
    assert sorted(ran(found)) == ["fourth", "second"]
    assert found["docs/en/lesson.md::line-10-python"].startswith("LEFT OUT")
    result.stdout.fnmatch_lines(
        [
            "tf2docs: blocks of pages: 10 ran (real data, numbers compared; *",
            "tf2docs: left out, --budget 1h being spent: lesson, third",
            "*73 passed, 48 left out*",
        ]
    )
    assert result.ret == pytest.ExitCode.OK


def test_what_is_left_out_is_still_compared_with_its_record(dated):
    pages = dated(lesson=4000.0)
    pages.change("docs/en/lesson.md", "mean 2.5", "mean 9.9")
    result = pages.run("--full", "--budget", "1h")
    result.stdout.fnmatch_lines(["FAILED docs/en/lesson.md::line-*-output*", "*23 left out*"])


def test_on_small_data_the_seconds_of_the_record_say_nothing(dated):
    dated(lesson=4000.0).run("--budget", "1h").assert_outcomes(passed=121)


def test_without_a_budget_everything_is_run(dated):
    dated(lesson=4e6).run("--full").assert_outcomes(passed=121)


def test_workers_share_the_budget(dated):
    pages = dated(lesson=4000.0)
    options = ("-p", "no:cacheprovider", "-n", "2", "--full", "--budget", "1h", "docs")
    result = pages.pytester.runpytest_subprocess(*options)
    result.stdout.fnmatch_lines(
        [
            "tf2docs: blocks of pages: 15 ran (*",
            "tf2docs: left out, --budget 1h being spent: lesson",
        ]
    )


def test_when_the_time_is_over_no_page_is_begun(site, tmp_path):
    from tf2docs.pages import Site

    page_site = Site(docs=site.root / "docs")
    page = page_site.read(site.root / "docs" / "en" / "lesson.md")
    assert Session(tmp_path, Options(until=1.0)).run(page_site, page) is None


@pytest.mark.parametrize(
    ("text", "seconds"), [("20m", 1200), ("90s", 90), ("1h30m", 5400), ("1h0m1s", 3601)]
)
def test_a_time_is_read(text, seconds):
    assert parse_budget(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["20", "m", "0m", "-5m", "20 m", "20M", "5m1h", "1.5h", "20min", "1e3s", "nan", "２m", "9" * 9],
)
def test_what_is_no_time_is_a_usage_error_that_says_what_came(site, text):
    with pytest.raises(ValueError, match="such as 20m, 90s or 1h30m, not"):
        parse_budget(text)
    result = site.run(f"--budget={text}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --budget takes hours, * not {text!r}"])


@pytest.mark.parametrize("option", ["--refresh", "--declare-equal"])
def test_what_writes_takes_no_budget(site, option):
    result = site.run(option, "--budget=1m")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --budget doesn't go with {option}: name the pages *"])


def fitting(names, turns, budget, speed):
    """The pages that are begun, where each takes as much longer as the machine is slower."""
    spent = 0.0
    for name in names:
        if spent + turns[name].seconds <= budget:
            spent += turns[name].seconds / speed
            yield name


@pytest.mark.parametrize("speed", [1.0, 0.5], ids=["as recorded", "half as fast"])
@pytest.mark.parametrize("lengths", [[60] * 12, [300, 10, 10, 200, 5, 120, 40, 40, 90, 1]])
def test_every_page_has_its_turn_within_days(lengths, speed):
    turns = {f"page{place}": Turn("2026-01-01", length) for place, length in enumerate(lengths)}
    turns["new"] = Turn("2026-02-01", 60)
    budget = 60 + 2 * max(lengths)
    rounds = 2 + 2 * sum(lengths) // (budget - 60)
    days = [datetime.date(2026, 3, 1) + datetime.timedelta(day) for day in range(2 * rounds)]
    orders = [order(turns, budget, day) for day in days]
    assert {names[0] for names in orders} == {"new"}
    seen = {name for names in orders for name in fitting(names, turns, budget, speed)}
    assert seen == set(turns)
    assert any(one != next for one, next in pairwise(orders))


def test_of_pages_recorded_on_one_day_others_come_first_every_day():
    turns = {name: Turn("2026-01-01", 60) for name in NAMES}
    days = [datetime.date(2026, 3, day) for day in range(1, 9)]
    assert {order(turns, 120, day)[0] for day in days} == set(NAMES)


def test_a_page_without_a_record_is_as_new_as_can_be():
    turns = {"old": Turn("2026-01-01", 60), "new": Turn("2026-02-01", 60), "never": Turn()}
    assert order(turns, 60, datetime.date(2026, 3, 1))[2] == "old"


def test_pages_that_took_no_time_are_in_order():
    assert order({"b": Turn("2026-01-01"), "a": Turn("2026-01-01")}, 60, datetime.date.today()) == [
        "a",
        "b",
    ]
    assert order({}, 60, datetime.date.today()) == []
