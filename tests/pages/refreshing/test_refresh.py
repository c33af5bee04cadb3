"""What a refresh writes, and when it writes nothing."""

import errno
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tf2docs.pages import atomic_files
from tf2docs.pages.reading.sealing import is_sealed
from tf2docs.pages.refreshing import session_end

ZH, EN, RECORD = "docs/zh/lesson.md", "docs/en/lesson.md", "docs/records/lesson.json"
LANGUAGES = pytest.mark.parametrize("path", [ZH, EN])


def test_a_new_page_gets_its_record_figure_outputs_and_numbers(fresh_site):
    result = fresh_site.run("--refresh")
    result.assert_outcomes(passed=31)
    result.stdout.fnmatch_lines_random([f"tf2docs: wrote {path}" for path in (RECORD, ZH, EN)])
    for path in (ZH, EN):
        assert "numbers: [1, 2, 3, 4]\nmean 2.5\n" in fresh_site.read(path)
    assert [block["status"] for block in json.loads(fresh_site.read(RECORD))["blocks"]] == [
        "ran"
    ] * 5


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
    assert {path: site.files()[path] for path in (ZH, EN)} == {
        path: before[path] for path in (ZH, EN)
    }


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
        (
            "![Sums that grow](../assets/figures/lesson/sums-figure.svg)",
            "![Sums](../assets/figures/lesson/other.svg)",
        ),
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


def test_a_page_that_changed_while_it_ran_is_left_alone(site, while_it_runs):
    page = site.root / EN
    while_it_runs(site, lambda: page.write_bytes(page.read_bytes() + b"more"))
    before = site.files()
    site.run("--refresh").stdout.fnmatch_lines(
        [f"tf2docs: lesson: nothing was written: {EN} changed while it ran*"]
    )
    assert site.files() == before | {EN: before[EN] + b"more"}


def test_a_record_that_is_none_is_written_anew(site):
    before = site.files()
    (site.root / RECORD).write_text("{")
    site.run("--refresh").assert_outcomes(passed=31)
    assert json.loads(site.read(RECORD)).keys() == json.loads(before[RECORD]).keys()


def test_a_record_that_was_edited_by_hand_is_written_anew(site):
    path = site.root / "docs/records/lesson.json"
    written = path.read_text("utf-8")
    path.write_text(json.dumps(json.loads(written) | {"date": "2020-01-01"}), "utf-8")
    assert not is_sealed(path.read_text("utf-8"))
    site.run("--refresh")
    assert is_sealed(path.read_text("utf-8"))
    assert "2020-01-01" not in path.read_text("utf-8")


def test_a_missing_figure_is_drawn_again(site):
    figure = site.root / "docs/assets/figures/lesson/sums-figure.svg"
    before = figure.read_bytes()
    figure.unlink()
    site.run("--refresh").assert_outcomes(passed=31)
    assert figure.read_bytes() == before


FILE = "docs/assets/files/lesson/sums.txt"


def test_a_file_that_a_block_leaves_is_kept_with_its_digest(site):
    assert site.read(FILE) == "1 3 6 10"
    (kept,) = [
        block["file"] for block in json.loads(site.read(RECORD))["blocks"] if "file" in block
    ]
    assert kept == {
        "name": "sums.txt",
        "sha256": hashlib.sha256(b"1 3 6 10").hexdigest(),
        "size": 8,
    }


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
    result.stderr.fnmatch_lines(
        ["*--refresh and --declare-equal write files and can't be shared out: leave out -n*"]
    )


def test_a_dry_run_shows_and_writes_nothing(site):
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    before = site.files()
    result = site.run("--refresh", "--dry-run")
    result.stdout.fnmatch_lines([f"tf2docs: would write {EN}", "-mean 2.5", "+mean 3.0"])
    assert site.files() == before


def prints(site, code):
    """Let the last block, which has an output now, run other code, in both languages."""
    for path in (ZH, EN):
        site.change(path, "print(hidden)\n```\n", f"{code}\n```\n\n```output\n```\n")


def refused(site, *says, options=("--refresh",)):
    """A refresh that writes nothing, says so, and fails for it."""
    before = site.files()
    result = site.run(*options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert site.files() == before
    said = result.stdout.str()
    assert "Traceback" not in said and "INTERNALERROR" not in said
    assert all(part in said for part in ("nothing was written", *says)), said
    return said


@pytest.mark.parametrize("call", range(1, 6))
@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_full_disk_at_any_moment_leaves_everything_as_it_was(site, monkeypatch, name, call):
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    calls, real = [], {"fsync": os.fsync, "replace": Path.replace}[name]

    def full(*arguments):
        calls.append(arguments)
        if len(calls) == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    monkeypatch.setattr(
        *((atomic_files.os, "fsync", full) if name == "fsync" else (Path, "replace", full))
    )
    refused(site, "tf2docs: nothing was written: [Errno 28] No space left on device")
    assert not list(site.root.rglob(".tf2docs-*"))


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
@pytest.mark.parametrize("options", ["size=4k", "ro"])
def test_a_disk_that_is_full_or_read_only(site, options):
    records = site.root / "docs" / "records"
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    shutil.rmtree(records)
    records.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", records], capture_output=True
    ).returncode:
        pytest.skip("can't mount here")
    try:
        if options != "ro":
            (records / "filler").write_bytes(b"x" * 4096)
        refused(site, "No space left on device" if options != "ro" else "Read-only file system")
    finally:
        subprocess.run(["umount", records], check=True)


@pytest.mark.parametrize(
    "folder", ["docs/records", "docs/assets/figures", "docs/assets/files", "docs/assets"]
)
def test_a_file_where_a_folder_should_be(fresh_site, folder):
    shutil.rmtree(fresh_site.root / folder, ignore_errors=True)
    (fresh_site.root / folder).parent.mkdir(exist_ok=True)
    (fresh_site.root / folder).write_text("a file")
    refused(fresh_site)


def test_a_record_that_is_a_folder(site):
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    (site.root / RECORD).unlink()
    (site.root / RECORD).mkdir()
    refused(site)


def test_of_two_pages_both_are_written_or_none(site, monkeypatch):
    for language in ("zh", "en"):
        text = site.read(f"docs/{language}/lesson.md").replace("figures/lesson/", "figures/other/")
        (site.root / f"docs/{language}/other.md").write_text(
            text.replace("sums.txt", "other.txt"), encoding="utf-8"
        )
    real = Path.replace

    def fails_for_the_second(self, target):
        if target.name == "other.md":
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails_for_the_second)
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    refused(site, "Operation not permitted")
    assert not (site.root / "docs/records/other.json").exists()


def test_modes_and_links_stay(site):
    elsewhere = site.root / "elsewhere.json"
    shutil.move(site.root / RECORD, elsewhere)
    (site.root / RECORD).symlink_to(elsewhere)
    (site.root / EN).chmod(0o664)
    (site.root / ZH).chmod(0o600)
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    assert site.run("--refresh").ret == 0
    assert (site.root / RECORD).is_symlink() and "1, 2, 3, 6" in elsewhere.read_text()
    assert [stat.S_IMODE((site.root / path).stat().st_mode) for path in (EN, ZH)] == [0o664, 0o600]


def test_half_a_character_is_escaped(site):
    for path in (ZH, EN):
        site.change(path, "numbers.add(5)", "raise AttributeError('half \\ud800')")
    assert site.run("--refresh").ret == 0
    assert "AttributeError: half \\ud800\n" in site.read(EN)
    site.run("--full").assert_outcomes(passed=31)


ENDS = {
    "VT": "\\x0b",
    "FF": "\\x0c",
    "FS": "\\x1c",
    "GS": "\\x1d",
    "RS": "\\x1e",
    "NEL": "\\x85",
    "LS": "\\u2028",
} | {
    "PS": "\\u2029",
    "CR": "\\r",
    "NUL": "\\0",
    "BEL": "\\a",
    "a no-break space": "\\xa0",
    "a byte order mark": "\\ufeff",
    "three back-ticks": "\\n```\\n",
    "a fence": "\\n```python\\n1\\n```\\n",
    "tildes": "\\n~~~~\\n",
    "many back-ticks": "\\n``````````\\n",
    "front matter": "\\n---\\na: b\\n---\\n",
    "a comment": "<!-- 1<!--= x d -->",
    "dots": "\\n...\\n",
    "dots in a line": " ... ",
    "a tab": "\\t",
    "spaces": "   \\n   ",
    "an emoji": "\U0001f600",
}


@pytest.mark.parametrize("between", ENDS.values(), ids=ENDS)
def test_whatever_is_printed_is_written_so_that_a_full_run_passes_or_is_refused(site, between):
    prints(site, f"print('a{between}b')")
    result = site.run("--refresh")
    if result.ret == 0:
        site.run("--full").assert_outcomes(passed=33)
        site.run("--refresh").stdout.fnmatch_lines(["tf2docs: lesson: nothing changed"])
    else:
        result.stdout.fnmatch_lines(["tf2docs: lesson: nothing was written: *"])


@pytest.mark.parametrize(
    "value", ["float('inf')", "-float('inf')", "float('nan')", "'words'", "[1]", "1e400"]
)
def test_what_is_no_number_is_not_written_as_one(site, value):
    for path in (ZH, EN):
        site.change(path, "= len(numbers) d", f"= {value.replace(' ', '')} s")
    refused(site)


def test_addresses_become_dots(site):
    prints(site, "class A: pass\nprint(A(), print)\nprint(f'{id(A)%1}')")
    assert site.run("--refresh").ret == 0
    assert "<__main__.A object at ...> <built-in function print>\n0\n" in site.read(EN)
    assert "0x" not in site.read(RECORD)
    site.run("--full").assert_outcomes(passed=33)
    site.run().assert_outcomes(passed=33)
    site.run("--refresh").stdout.fnmatch_lines(["tf2docs: lesson: nothing changed"])


RANDOM = "import os; x = int.from_bytes(os.urandom(7), 'big') / 2**56"


@pytest.mark.parametrize(
    "code",
    [
        f"{RANDOM}; print(x)",
        "print({'apple', 'pear', 'plum', 'fig', 'kiwi', 'lemon', 'lime', 'melon', 'peach', "
        "'date'})",
        "import time; print(time.time_ns())",
        "import os; print(os.getpid())",
        "import os; print(os.urandom(9).hex())",
        "print(id(object()))",
        "print(Path.cwd())",
    ],
)
@pytest.mark.parametrize("options", [("--refresh",), ("--refresh", "--dry-run")], ids=len)
def test_what_differs_from_run_to_run_is_refused_with_its_line(site, code, options):
    prints(site, code)
    said = refused(
        site, "comes out otherwise when the page is run again; seed what is random", options=options
    )
    assert (
        "docs/en/lesson.md:73: comes out otherwise" in said
        or "docs/zh/lesson.md:73: comes out otherwise" in said
    )


def test_a_number_in_the_prose_that_differs_is_refused(site):
    for path in (ZH, EN):
        site.change(path, "print(hidden)\n```\n", f"{RANDOM}\n```\n\n1.0<!--= x .3f -->\n")
    refused(site, "comes out otherwise")


def test_a_block_that_fails_when_the_page_is_run_again_is_refused(site, tmp_path):
    once = f"x = open({str(tmp_path / 'once')!r}, 'x').write('once')"
    for path in (ZH, EN):
        site.change(path, "print(hidden)\n```\n", f"{once}\n```\n\n4<!--= x d -->\n")
    refused(site, "FileExistsError")


@pytest.mark.parametrize(
    ("code", "option", "output"),
    [
        (f"{RANDOM}; print('x', x)", "{.varies}", ""),
        ("import random; print('x', 1 + 1e-7 * (os.getpid() % 100))", "", ""),
        (f"{RANDOM}; print('x', 100 + x)", '{data-rtol="0.1"}', ""),
        (f"{RANDOM}; print('x', x)", "", "x ...\n"),
    ],
    ids=["varies", "the usual tolerance", "a tolerance", "dots"],
)
def test_what_may_differ_is_written(site, code, option, output):
    for path in (ZH, EN):
        old = '```python\nhidden = "nobody claims this"\nprint(hidden)\n```\n'
        site.change(path, old, f"```python {option}\n{code}\n```\n\n```output\n{output}```\n")
    assert site.run("--refresh").ret == 0
    site.run("--full").assert_outcomes(passed=33)


def test_a_page_that_gives_the_same_is_not_run_again(site, monkeypatch):
    monkeypatch.setattr(
        session_end, "problems_of_repeating", lambda *_: pytest.fail("it was run again")
    )
    site.change(EN, "mean 2.5", "mean 9.9")
    # the record changes, what came doesn't
    site.change("lessons/sums.py", "total = start", "total = start + 0")
    assert site.run("--refresh").ret == 0


@pytest.mark.parametrize("options", [("--refresh",), ("--refresh", "--dry-run")], ids=len)
@pytest.mark.parametrize(
    "code", ["print(secret)", "print(secret.upper().lower())", "print([secret])"]
)
def test_a_secret_is_not_written_and_not_shown(site, monkeypatch, code, options):
    monkeypatch.setenv("MY_API_KEY", "hunter2hunter2")
    prints(site, f"secret = 'hunter2' * 2\n{code}")
    said = refused(site, "the environment variable MY_API_KEY", options=options)
    assert "hunter2hunter2" not in said.partition("tf2docs: blocks of pages")[2]


def test_a_secret_in_a_file_that_a_block_keeps_is_not_written(site, monkeypatch):
    monkeypatch.setenv("MY_API_KEY", "hunter2hunter2")
    for path in (ZH, EN):
        site.change(path, '" ".join(map(str, running_sums(numbers)))', "'hunter2' * 2")
    refused(site, "MY_API_KEY")


def test_declaring_on_a_bad_day_declares_nothing(site, monkeypatch):
    site.change(EN, "- one thing", "- a thing")
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left"))
    )
    before = site.files()
    result = site.run("--declare-equal")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["tf2docs: nothing was declared equal: *No space left*"])
    assert site.files() == before
