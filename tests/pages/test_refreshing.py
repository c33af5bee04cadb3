"""What a refresh writes, and when it writes nothing."""

import hashlib
import json

import pytest

ZH, EN, RECORD = "docs/zh/lesson.md", "docs/en/lesson.md", "docs/records/lesson.json"
LANGUAGES = pytest.mark.parametrize("path", [ZH, EN])


def test_a_new_page_gets_its_record_figure_outputs_and_numbers(fresh_site):
    result = fresh_site.run("--refresh")
    result.assert_outcomes(passed=31)
    result.stdout.fnmatch_lines_random([f"tf2docs: wrote {path}" for path in (RECORD, ZH, EN)])
    for path in (ZH, EN):
        assert "numbers: [1, 2, 3, 4]\nmean 2.5\n" in fresh_site.read(path)
    assert [block["status"] for block in json.loads(fresh_site.read(RECORD))["blocks"]] == ["ran"] * 5


def test_a_second_refresh_changes_nothing(site):
    before = site.files()
    site.run("--refresh").stdout.fnmatch_lines(["tf2docs: lesson: nothing changed"])
    assert site.files() == before


@LANGUAGES
def test_what_was_edited_by_hand_is_put_right(site, path):
    before = site.files()
    site.change(path, "mean 2.5", "mean 9.9")
    site.change(path, "2.50<", "9.90<")
    result = site.run("--refresh")
    result.stdout.fnmatch_lines([f"tf2docs: wrote {path}"])
    result.stdout.no_fnmatch_line(f"tf2docs: wrote {RECORD}")
    assert site.files() == before


def test_both_languages_get_the_numbers_of_other_data(site):
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    site.run("--refresh").assert_outcomes(passed=31)
    for path in (ZH, EN):
        assert "numbers: [1, 2, 3, 6]\nmean 3.0\n" in site.read(path)
        assert "3.00<!--= sum(numbers)/len(numbers) .2f -->" in site.read(path)
    site.run("--full").assert_outcomes(passed=31)


def test_what_moved_within_its_tolerance_stays(site):
    before = site.files()
    site.change("lessons/sums.py", "total = start", "total = start + 1e-6")
    result = site.run("--refresh")
    result.stdout.fnmatch_lines([f"tf2docs: wrote {RECORD}"])  # what the page quotes is another now
    assert {path: site.files()[path] for path in (ZH, EN)} == {path: before[path] for path in (ZH, EN)}


@pytest.mark.parametrize(
    ("old", "new"),
    [("numbers.add(5)", "numbers.append(5)"), ("numbers = [", "numbers = undefined [")],
    ids=["a block that stops raising", "a block that fails"],
)
@pytest.mark.parametrize("paths", [(EN,), (ZH, EN)], ids=["in one language", "in both"])
def test_nothing_is_written_where_code_failed(site, old, new, paths):
    for path in paths:
        site.change(path, old, new)
    site.change(EN, "mean 2.5", "mean 9.9")
    before = site.files()
    result = site.run("--refresh")
    result.stdout.fnmatch_lines(["tf2docs: lesson: something failed, nothing was written"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert site.files() == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#sums)", "#nowhere)"),
        ("- one thing", "- one thing in 1.5 seconds"),
        ("description: Add", "words: Add"),
        ("`np.mean(x)`", "`np.means(x)`"),
        ("for np.mean", "for np.means"),
        ("lessons.sums.running_sums\n```", "lessons.sums.no_sums\n```"),
        ("### A picture { #plot }", "### A picture"),
        ("![Sums that grow]", "![]"),
        ("![Sums that grow](../assets/figures/lesson/sums-figure.svg)", "![Sums](../assets/figures/lesson/other.svg)"),
    ],
)
def test_what_ran_is_written_although_the_prose_has_a_problem(site, old, new):
    site.change(EN, "mean 2.5", "mean 9.9")
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    site.change(EN, old, new)
    result = site.run("--refresh")
    assert result.ret == pytest.ExitCode.TESTS_FAILED, "the problem is still one"
    result.stdout.fnmatch_lines_random([f"tf2docs: wrote {path}" for path in (RECORD, EN, ZH)])
    assert all("mean 3.0\n" in site.read(path) for path in (ZH, EN))
    assert new in site.read(EN)


def test_a_page_without_a_twin_is_written(site):
    (site.root / ZH).unlink()
    site.change(EN, "mean 2.5", "mean 9.9")
    site.run("--refresh").stdout.fnmatch_lines([f"tf2docs: wrote {EN}"])
    assert "mean 2.5\n" in site.read(EN)


def test_a_page_that_changed_while_it_ran_is_left_alone(site):
    page = site.root / EN
    for path in (ZH, EN):
        site.change(path, "print(hidden)", f"print(hidden)\nopen({str(page)!r}, 'a').write('more')")
    before = site.files()
    site.run("--refresh").stdout.fnmatch_lines([f"tf2docs: lesson: nothing was written: {EN} changed while it ran*"])
    assert site.files() == before | {EN: before[EN] + b"more"}


def test_a_record_that_is_none_is_written_anew(site):
    before = site.files()
    (site.root / RECORD).write_text("{")
    site.run("--refresh").assert_outcomes(passed=31)
    assert json.loads(site.read(RECORD)).keys() == json.loads(before[RECORD]).keys()


def test_a_missing_figure_is_drawn_again(site):
    figure = site.root / "docs/assets/figures/lesson/sums-figure.svg"
    before = figure.read_bytes()
    figure.unlink()
    site.run("--refresh").assert_outcomes(passed=31)
    assert figure.read_bytes() == before


FILE = "docs/assets/files/lesson/sums.txt"


def test_a_file_that_a_block_leaves_is_kept_with_its_digest(site):
    assert site.read(FILE) == "1 3 6 10"
    (kept,) = [block["file"] for block in json.loads(site.read(RECORD))["blocks"] if "file" in block]
    assert kept == {"name": "sums.txt", "sha256": hashlib.sha256(b"1 3 6 10").hexdigest(), "size": 8}


@pytest.mark.parametrize("content", [None, "9 9 9 99"], ids=["missing", "edited"])
def test_a_kept_file_is_written_again(site, content):
    before = site.files()
    (site.root / FILE).unlink() if content is None else (site.root / FILE).write_text(content)
    site.run("--refresh").assert_outcomes(passed=31)
    assert site.files().keys() == before.keys()
    assert site.read(FILE) == "1 3 6 10"


def test_a_file_of_other_bytes_and_the_same_length_stays(site):
    for path in (ZH, EN):
        site.change(path, '" ".join(map(str, running_sums(numbers)))', "os.urandom(16).hex()")
    site.run("--refresh").stdout.fnmatch_lines([f"tf2docs: wrote {FILE}"])
    before = site.files()
    site.run("--full").assert_outcomes(passed=31)
    site.run("--refresh").stdout.fnmatch_lines(["tf2docs: lesson: nothing changed"])
    assert site.files() == before


@LANGUAGES
def test_line_ends_stay_what_they_are(site, path):
    text = site.read(path).replace("mean 2.5", "mean 9.9").replace("\n", "\r\n")
    (site.root / path).write_bytes(text.encode())
    site.run("--refresh").assert_outcomes(passed=31)
    assert (site.root / path).read_bytes() == text.replace("mean 9.9", "mean 2.5").encode()


def test_back_ticks_in_an_output_make_its_fence_longer(site):
    for path in (ZH, EN):
        site.change(path, 'print("mean"', 'print("```", "mean"')
    site.run("--refresh").assert_outcomes(passed=31)
    assert "````output\nnumbers: [1, 2, 3, 4]\n``` mean 2.5\n````\n" in site.read(EN)
    site.run().assert_outcomes(passed=31)


def test_an_indented_output_stays_indented(site):
    for path in (ZH, EN):
        block = '\n```python\nhidden = "nobody claims this"\nprint(hidden)\n```\n'
        indented = "\n    ".join(f"{block}\n```output\n```".split("\n"))
        site.change(path, block, f'\n!!! note "a"\n{indented}\n')
    site.run("--refresh").assert_outcomes(passed=33)
    assert "\n    ```output\n    nobody claims this\n    ```\n" in site.read(EN)


def test_a_cut_output_keeps_its_cuts(site):
    for path in (ZH, EN):
        site.change(path, "total / 3:.3f", "total / 2:.3f")
    site.run("--refresh").assert_outcomes(passed=31)
    assert "sum 0.500\n...\n```" in site.read(EN)


def test_refresh_and_workers_do_not_go_together(site):
    result = site.run("--refresh", "-n", "2")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--refresh and --declare-equal write files and can't be shared out: leave out -n*"])


def test_a_dry_run_shows_and_writes_nothing(site):
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    before = site.files()
    result = site.run("--refresh", "--dry-run")
    result.stdout.fnmatch_lines([f"tf2docs: would write {EN}", "-mean 2.5", "+mean 3.0"])
    assert site.files() == before
