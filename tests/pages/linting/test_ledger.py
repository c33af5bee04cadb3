"""What was declared equal stays so until a text changes."""

import json

import pytest

from tf2docs.pages.linting.ledger import show_changes
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.running.session import Session

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


@pytest.mark.parametrize("options", [(), ("--full",)])
def test_declaring_equal_runs_nothing_on_real_data_either(site, options, monkeypatch):
    asked = []
    monkeypatch.setattr(Session, "run", lambda *given: asked.append(given))
    site.change("docs/conftest.py", "        small_data=small_data,\n", "")
    site.change(EN, "one thing", "a thing")
    said = site.run("--declare-equal", *options).stdout
    said.fnmatch_lines([f"tf2docs: declared equal: {ZH}, {EN}"])
    assert asked == []


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


def test_what_is_declared_equal_is_shown_first(site):
    site.change(EN, "one thing", "a thing")
    site.change(ZH, "第一项", "某项")
    site.run("--declare-equal").stdout.fnmatch_lines(
        [
            f"tf2docs: {ZH}:26: #sums",
            "-- 第一项",
            "+- 某项",
            f"tf2docs: {EN}:26: #sums",
            "-- one thing",
            "+- a thing",
            f"tf2docs: declared equal: {ZH}, {EN}",
        ],
        consecutive=True,
    )


def test_what_only_one_language_says_is_marked(site):
    site.change(EN, "one thing", "six things, see [it](#old)")
    site.change(ZH, "第一项", "五项，用 `sum`")
    pages = {each: read_page(site.root / path, path) for each, path in (("zh", ZH), ("en", EN))}
    shown = show_changes(pages, json.loads(site.read(LEDGER)))
    assert shown[2:] == ["!! only in zh: 5, `sum`", "!! only in en: #old, 6"]


def test_a_section_that_changed_says_what_became_what(site):
    site.change(EN, "one thing", "eight things, see **[it](#old)**")
    said = "#sums changed since it was declared equal; it said nothing, and says #old, 8"
    site.change(EN, "eight things, see **[it](#old)**", "eight things, see [it](#old)")
    site.run("-k", "page and not python").stdout.fnmatch_lines([f"{EN}:26: {said}; read it*"])


def test_a_comment_of_what_is_quoted_is_declared_too(site):
    site.change("lessons/sums.py", "the sum so far", "all sums so far")
    changed = f"{EN}:26: #sums changed since it was declared equal*"
    site.run("-k", "page and not python").stdout.fnmatch_lines(
        [changed, "*lessons.sums.running_sums*"]
    )


def test_a_command_changed_in_both_languages_is_told(site):
    for path, item in ((ZH, "- 第一项\n"), (EN, "- one thing\n")):
        site.change(path, item, f"```bash\nls\n```\n\n{item}")
    site.run("--declare-equal").stdout.fnmatch_lines([f"tf2docs: declared equal: {ZH}, {EN}"])
    for path in (ZH, EN):
        site.change(path, "```bash\nls\n", "```bash\npwd\n")
    changed = f"{EN}:26: #sums changed since it was declared equal (and so did its twin)*"
    site.run("-k", "page and not python").stdout.fnmatch_lines([changed, "-ls", "+pwd"])


def test_a_dry_run_shows_and_declares_nothing(site):
    before = site.read(LEDGER)
    site.change(EN, "one thing", "a thing")
    result = site.run("--declare-equal", "--dry-run")
    result.stdout.fnmatch_lines([f"tf2docs: would be declared equal: {ZH}, {EN}"])
    assert site.read(LEDGER) == before
