"""What was declared equal stays so until a text changes."""

import json

ZH, EN, LEDGER = "docs/zh/lesson.md", "docs/en/lesson.md", "docs/ledger/lesson.json"


def test_a_change_is_declared_equal_by_one_command(site):
    site.change(EN, "one thing", "a thing")
    site.run("--declare-equal").stdout.fnmatch_lines([f"tf2docs: declared equal: {ZH}, {EN}"])
    site.run().assert_outcomes(passed=31)
    assert "- a thing" in json.loads(site.read(LEDGER))["sums"]["en"]


def test_declaring_equal_runs_nothing(site):
    site.change(EN, "one thing", "a thing")
    result = site.run("--declare-equal")
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("tf2docs: blocks of pages*")


def test_nothing_new_is_said_to_be_nothing(site):
    before = site.read(LEDGER)
    site.run("--declare-equal").stdout.fnmatch_lines(["tf2docs: nothing new to declare equal"])
    assert site.read(LEDGER) == before


def test_pages_that_differ_are_not_declared_equal(site):
    before = site.read(LEDGER)
    site.change(EN, "- another thing\n", "")
    site.run("--declare-equal").stdout.fnmatch_lines(["tf2docs: nothing new to declare equal"])
    assert site.read(LEDGER) == before


def test_a_refresh_leaves_the_languages_equal(site):
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    site.run("--refresh").assert_outcomes(passed=31)
    site.run().assert_outcomes(passed=31)


def test_layout_and_code_do_not_count(site):
    site.change(EN, "- one thing\n", "-   one thing\n\n")
    for path in (ZH, EN):
        site.change(path, "total / 3:.3f", "total / 3.0:.3f")
    site.run("--refresh").assert_outcomes(passed=31)
    site.run().assert_outcomes(passed=31)
