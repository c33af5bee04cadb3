"""One run a page, the same verdicts however pytest is called, and an honest summary."""

import json

import pytest

ZH, EN = "docs/zh/lesson.md", "docs/en/lesson.md"


def verdicts(result):
    """What became of each item, by node id, from `pytest -v` with or without workers."""
    found = {}
    for line in result.stdout.lines:
        words = line.replace("NOT RUN", "NOT-RUN").split()
        outcome = next((word for word in words if word in ("PASSED", "FAILED", "SKIPPED", "NOT-RUN")), None)
        node = next((word for word in words if word.startswith("docs/") and "::" in word), None)
        if outcome and node and " - " not in line:
            found[node] = outcome
    return found


def damage(site):
    """Something passes, something fails, something isn't run."""
    site.change(EN, "mean 2.5", "mean 9.9")
    for path in (ZH, EN):
        site.change(path, "numbers.add(5)", "numbers.append(5)")


@pytest.mark.parametrize(
    "options",
    [("-n", "2"), ("-n", "2", "--dist", "each"), ("-n", "2", "--dist", "loadfile"), ("-n", "2", "--dist", "worksteal")],
    ids=" ".join,
)
def test_workers_give_the_same_verdicts(site, options):
    damage(site)
    alone = verdicts(site.run("-v"))
    assert set(alone.values()) == {"PASSED", "FAILED", "NOT-RUN"}
    shared = site.pytester.runpytest_subprocess("-p", "no:cacheprovider", "-v", *options, "docs")
    assert verdicts(shared) == alone
    shared.stdout.fnmatch_lines(["tf2docs: blocks of pages: 3 ran, 1 failed, 1 not run (*"])


@pytest.mark.parametrize("item", ["line-10-python", "line-19-output", "line-60-python", "line-68-python"])
def test_an_item_alone_gives_the_same_verdict(site, item):
    damage(site)
    everything = verdicts(site.run("-v"))
    alone = site.pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v", f"{EN}::{item}")
    assert verdicts(alone) == {f"{EN}::{item}": everything[f"{EN}::{item}"]}


def test_one_language_alone_runs_its_page(site):
    result = site.pytester.runpytest_inprocess("-p", "no:cacheprovider", "docs/en")
    result.assert_outcomes(passed=13)
    result.stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (small data, numbers masked; *"])


def test_both_languages_share_one_run(site):
    site.change("docs/conftest.py", 'write_text("1 1 2 2")', 'write_text("1 1 2 2")\n    print("made data")')
    assert site.run("-s").stdout.str().count("made data") == 1


def test_pages_whose_code_differs_run_both(site):
    site.change(EN, "print(hidden)", "print(hidden.upper())")
    site.run().stdout.fnmatch_lines(["tf2docs: blocks of pages: 10 ran (*"])


def test_a_failed_block_leaves_the_later_ones_not_run(site):
    for path in (ZH, EN):
        site.change(path, "from lessons.sums import running_sums", "from lessons.sums import no_sums")
    found = verdicts(site.run("-v"))
    assert found[f"{EN}::line-35-python"] == "FAILED"
    assert [found[f"{EN}::line-{part}"] for part in ("42-output", "49-python", "60-python", "64-output")] == [
        "NOT-RUN"
    ] * 4


def test_a_failure_is_a_few_lines_with_the_pages_own_line(site):
    for path in (ZH, EN):
        site.change(path, "numbers.add(5)", "def f():\n    return 1 / 0\nf()")
    report = site.run().stdout.str()
    failure = report.partition(f"{EN}:60: ZeroDivisionError: division by zero")[2].partition("____")[0]
    assert f"    {EN}:63: f()\n    {EN}:62: return 1 / 0" in failure
    assert failure.count("\n") < 6


def test_a_long_failure_is_cut(site):
    for path in (ZH, EN):
        site.change(path, "print(hidden)", "print(*range(1000), sep='\\n')")
    site.run("--refresh")
    site.change("docs/conftest.py", "1 1 2 2", "1 1 2 2")
    for path in (ZH, EN):
        site.change(path, "range(1000)", "range(1, 2000, 2)")
    report = site.run("--full").stdout.str()
    assert all(part.count("\n") <= 45 for part in report.split("____"))


def test_a_block_past_the_time_limit_is_ended_and_the_run_goes_on(site):
    for path in (ZH, EN):
        site.change(path, "print(hidden)", "import time; time.sleep(60)")
    result = site.run("--time-limit", "1")
    result.stdout.fnmatch_lines([f"{EN}:68: ended after 1 seconds, the time limit of a block"])
    result.assert_outcomes(passed=24, failed=2)


def test_the_summary_counts_what_was_skipped_and_why(site):
    for path in (ZH, EN):
        site.change(path, "```python\nhidden", '```python {.norun data-reason="opens a window"}\nhidden')
    site.run("--refresh").assert_outcomes(passed=24, skipped=2)
    result = site.run("-rs")
    result.stdout.fnmatch_lines(["tf2docs: blocks of pages: 4 ran, 1 skipped (*", "*skipped: opens a window"])


def test_the_full_run_says_so(site):
    site.run("--full").stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (real data, numbers compared; *"])


def test_every_broken_page_is_reported_in_one_go(site):
    site.change(ZH, "```python\nhidden", "```py\nhidden")
    site.change(EN, "{#sums-figure data-rtol", "{#sums-figure data-tolerance")
    site.change(EN, "```python\nhidden", "```py\nhidden")
    result = site.run()
    result.stdout.fnmatch_lines([f"{EN}:49: a python fence has no option*", f"{EN}:68: a fence called 'py'*"])
    result.stdout.fnmatch_lines([f"{ZH}:68: a fence called 'py'*"])


def test_a_record_holds_where_it_came_from(site):
    record = json.loads(site.read("docs/records/lesson.json"))
    assert record["device"] == "CPU"
    assert set(record["versions"]) == {"python", "numpy"}
    assert record["date"].count("-") == 2
