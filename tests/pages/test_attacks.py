"""No page passes that should fail.

However pytest is called, and whatever somebody did to the files behind it.

Every case has the verdict that it must have: which items fail, and that the session's exit code
says so.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

ZH, EN, RECORD = "docs/zh/lesson.md", "docs/en/lesson.md", "docs/records/lesson.json"
FAILS = pytest.ExitCode.TESTS_FAILED
FILE, FIGURE = "docs/assets/files/lesson/sums.txt", "docs/assets/figures/lesson/sums-figure.svg"


def broken(site):
    """The second block fails; an output, a figure and more rest on it."""
    for path in (ZH, EN):
        site.change(
            path, "from lessons.sums import running_sums", "from lessons.sums import no_sums"
        )


def wrong(site):
    """One output is wrong."""
    site.change(EN, "mean 2.5", "mean 9.9")


def pytest_on(site, *arguments):
    return site.pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)


ARGUMENTS = [
    ("docs",),
    ("-k", "output", "docs"),
    ("-k", "figure or output", "docs"),
    ("-k", "not python", "docs"),
    ("--deselect", f"{EN}::line-35-python", "--deselect", f"{ZH}::line-35-python", "docs"),
    (f"{EN}::line-42-output",),
    (f"{EN}::line-49-python",),
    (f"{EN}::line-64-output",),
    (f"{EN}::line-68-python", f"{EN}::line-35-python"),
    ("-x", "docs"),
    ("--maxfail", "2", "docs"),
    ("--tb", "no", "-q", "-q", "docs"),
    ("--no-summary", "docs"),
    ("-p", "no:terminal", "docs"),
    ("-p", "no:junitxml", "docs"),
    ("--full", "docs"),
    ("--runxfail", "docs"),
    (EN, EN),
    ("--keep-duplicates", EN, EN),
    ("docs/en",),
    ("docs/zh",),
]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=" ".join)
def test_a_block_that_fails_is_never_passed_over(site, arguments):
    broken(site)
    assert pytest_on(site, *arguments).ret == FAILS


@pytest.mark.parametrize(
    "options",
    [
        ("-n", "2"),
        ("-n", "2", "--dist", "loadfile"),
        ("-n", "2", "-x"),
        ("-n", "2", "--maxfail", "1"),
        ("-n", "2", "-k", "output"),
        ("-n", "2", "--deselect", f"{EN}::line-35-python", "--deselect", f"{ZH}::line-35-python"),
        ("-n", "0"),
    ],
    ids=" ".join,
)
def test_nor_by_workers(site, options):
    broken(site)
    result = site.pytester.runpytest_subprocess("-p", "no:cacheprovider", *options, "docs")
    assert result.ret in (FAILS, pytest.ExitCode.INTERRUPTED)


def test_what_rests_on_a_failed_block_that_was_left_out_says_why(site):
    broken(site)
    result = pytest_on(site, f"{EN}::line-64-output")
    says = f"{EN}:64: rests on {EN}:35, which failed: ImportError: cannot import name 'no_sums'*"
    result.stdout.fnmatch_lines([says])
    pytest_on(site, f"{EN}::line-64-output", f"{EN}::line-35-python").stdout.fnmatch_lines(
        ["*1 failed, 1 not run*"]
    )


def test_half_a_character_in_a_failure_reaches_the_controller(site):
    for path in (ZH, EN):
        site.change(path, "print(hidden)", "raise ValueError('half \\ud800 a character')")
    result = site.pytester.runpytest_subprocess("-p", "no:cacheprovider", "-n", "2", "docs")
    assert result.ret == FAILS
    result.stdout.fnmatch_lines([f"{EN}:68: ValueError: half \\ud800 a character"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_worker_that_dies_takes_no_page_with_it(site):
    (site.root / "test_dies.py").write_text("import os\n\ndef test_dies():\n    os._exit(3)\n")
    wrong(site)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-n",
        "2",
        "test_dies.py",
        "docs",
    ]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, timeout=120)
    assert done.returncode == FAILS
    failed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")}
    assert {f"{EN}::line-19-output", "test_dies.py::test_dies"} <= failed


def test_the_last_failures_and_those_first(site):
    wrong(site)
    for options in ((), ("--lf",), ("--ff",), ("--sw",), ("--nf",)):
        assert site.pytester.runpytest_inprocess(*options, "docs").ret in (
            FAILS,
            pytest.ExitCode.INTERRUPTED,
        )


def test_collecting_alone_runs_and_writes_nothing(site):
    wrong(site)
    before = site.files()
    for options in (("--co",), ("--co", "--refresh"), ("--co", "--declare-equal")):
        result = site.run(*options)
        result.stdout.no_fnmatch_line("tf2docs: blocks of pages*")
        assert site.files() == before


@pytest.mark.parametrize("name", ["line-11-python", "line-10-output", "line-999-python"])
def test_an_item_that_is_not_there_is_an_error(site, name):
    assert pytest_on(site, f"{EN}::{name}").ret == pytest.ExitCode.USAGE_ERROR


def edit(path, change):
    def apply(site):
        record = json.loads(site.read(path))
        found = change(record)
        text = json.dumps(record if found is None else found, ensure_ascii=False)
        (site.root / path).write_text(text, encoding="utf-8")

    return apply


def block(number, **values):
    return edit(RECORD, lambda record: record["blocks"][number].update(values))


def text(content):
    return lambda site: (site.root / RECORD).write_text(content, encoding="utf-8")


def no_blocks(site):
    for path in (ZH, EN):
        site.change(path, site.read(path).partition("```python")[2], "\n```")
        site.change(path, "```python\n```", "")


RECORDS = {
    "a block that was skipped": block(4, status="skipped"),
    "a status that there isn't": block(4, status="passed"),
    "a status that is no word": block(4, status=True),
    "a block more": edit(RECORD, lambda record: record["blocks"].append(record["blocks"][4])),
    "a block more in the middle": edit(
        RECORD, lambda record: record["blocks"].insert(2, record["blocks"][4])
    ),
    "a block less": edit(RECORD, lambda record: record["blocks"].pop(1) and None),
    "the last block less": edit(RECORD, lambda record: record["blocks"].pop() and None),
    "no blocks": edit(RECORD, lambda record: record.update(blocks=[])),
    "two blocks turned round": edit(RECORD, lambda record: record["blocks"].reverse()),
    "printed as one text": block(0, printed="numbers: [1, 2, 3, 4]"),
    "printed numbers": block(0, printed=[1, 2]),
    "printed nothing": block(0, printed=[]),
    "printed null": block(0, printed=None),
    "another key": block(0, key="0" * 16),
    "a key that is no text": block(0, key=7),
    "values in a list": block(0, values=[1]),
    "a value in a list": block(0, values={"len(numbers)": [4], "sum(numbers)/len(numbers)": 2.5}),
    "a value that is a text": block(
        0, values={"len(numbers)": "four", "sum(numbers)/len(numbers)": 2.5}
    ),
    "a value that isn't a number": text(None or ""),
    "no values": block(0, values={}),
    "negative seconds": block(0, seconds=-1.0),
    "seconds in words": block(0, seconds="long"),
    "a date that there isn't": edit(RECORD, lambda record: record.update(date="2026-02-31")),
    "another device": edit(RECORD, lambda record: record.update(device="TPU")),
    "versions in a list": edit(RECORD, lambda record: record.update(versions=["numpy"])),
    "a source less": edit(RECORD, lambda record: record.update(sources={})),
    "another source": edit(
        RECORD, lambda record: record["sources"].update({"lessons.sums.running_sums": "0" * 16})
    ),
    "a figure less": block(2, figures=[]),
    "a figure that isn't one": block(2, figures=["sums-figure"]),
    "another digest of a figure": edit(
        RECORD, lambda record: record["blocks"][2]["figures"][0].update(sha256="0")
    ),
    "another name of a figure": edit(
        RECORD, lambda record: record["blocks"][2]["figures"][0].update(name="x")
    ),
    "another digest of a file": edit(
        RECORD, lambda record: record["blocks"][2]["file"].update(sha256="0")
    ),
    "a field more": edit(RECORD, lambda record: record.update(more=1)),
    "a list": edit(RECORD, lambda record: [record]),
    "nothing": text(""),
    "half of it": lambda site: text(site.read(RECORD)[:500])(site),
    "brackets without end": text("[" * 100_000),
    "a very long output": block(0, printed=["x" * 100] * 100_000),
    "a very long line": block(0, printed=["x " * 100_000]),
    "not a number": lambda site: text(site.read(RECORD).replace("2.5", "NaN"))(site),
    "infinity": lambda site: text(site.read(RECORD).replace("2.5", "Infinity"))(site),
    "a byte order mark": lambda site: text("\ufeff" + site.read(RECORD))(site),
    "bytes": lambda site: (site.root / RECORD).write_bytes(b"\xff\xfe\x00"),
    "a conflict": lambda site: text(f"<<<<<<< HEAD\n{site.read(RECORD)}")(site),
    "a folder": lambda site: [(site.root / RECORD).unlink(), (site.root / RECORD).mkdir()],
    "a link to nothing": lambda site: [
        (site.root / RECORD).unlink(),
        (site.root / RECORD).symlink_to("no.json"),
    ],
}


@pytest.mark.parametrize("change", RECORDS.values(), ids=RECORDS)
def test_a_record_edited_by_hand_fails(site, change):
    change(site)
    result = site.run()
    assert result.ret == FAILS
    output = result.stdout.str()
    assert "INTERNALERROR" not in output and "Traceback" not in output and "_pytest" not in output


FILES = {
    "an edited figure": lambda site: site.change(FIGURE, "</svg>", "</svg >"),
    "an empty figure": lambda site: (site.root / FIGURE).write_text(""),
    "a figure in the place of another": lambda site: shutil.copy(
        site.root / EN, site.root / FIGURE
    ),
    "an edited file": lambda site: (site.root / FILE).write_text("9 9 9 99"),
    "a file gone": lambda site: (site.root / FILE).unlink(),
    "a figure gone": lambda site: (site.root / FIGURE).unlink(),
    "a page without its blocks": no_blocks,
    "a page with nothing": lambda site: (site.root / EN).write_text(""),
    "a page more": lambda site: shutil.copy(site.root / EN, site.root / "docs/en/more.md"),
    "a page less": lambda site: (site.root / ZH).unlink(),
    "records as a file": lambda site: [
        shutil.rmtree(site.root / "docs/records"),
        text_file(site, "docs/records"),
    ],
    "a ledger in a list": lambda site: (site.root / "docs/ledger/lesson.json").write_text("[]"),
    "a ledger of numbers": lambda site: (site.root / "docs/ledger/lesson.json").write_text(
        '{"sums": 1}'
    ),
    "a ledger that is a folder": lambda site: [
        (site.root / "docs/ledger/lesson.json").unlink(),
        (site.root / "docs/ledger/lesson.json").mkdir(),
    ],
}


def text_file(site, path):
    (site.root / path).write_text("a file")


@pytest.mark.parametrize("change", FILES.values(), ids=FILES)
def test_a_file_that_was_tampered_with_fails(site, change):
    change(site)
    result = site.run()
    assert result.ret == FAILS
    assert "INTERNALERROR" not in result.stdout.str()


def test_a_page_that_is_removed_while_it_runs_is_not_written_again(site, while_it_runs):
    while_it_runs(site, (site.root / EN).unlink)
    assert site.run("--refresh").ret == FAILS
    assert not (site.root / EN).exists()


def test_two_sessions_at_once_give_the_verdicts_of_one(site):
    wrong(site)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "docs"]
    started = [
        subprocess.Popen(command, cwd=site.root, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in started:
        assert "FAILED docs/en/lesson.md::line-19-output" in process.communicate(timeout=60)[0]
        assert process.returncode == FAILS


def test_two_refreshes_at_once_leave_a_whole_site(site):
    wrong(site)
    site.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--refresh", "docs"]
    started = [
        subprocess.Popen(command, cwd=site.root, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=90)[0] for process in started]
    assert 0 in [process.returncode for process in started], said
    site.run("--full").assert_outcomes(passed=31)
    assert not [path for path in site.root.rglob(".tf2docs-*")]


def test_a_site_without_small_data_compares_numbers_in_every_run(site):
    site.change("docs/conftest.py", "        small_data=small_data,\n", "")
    site.run().stdout.fnmatch_lines(
        ["tf2docs: blocks of pages: 5 ran (no small data, numbers compared; *"]
    )
    site.change("lessons/sums.py", "yield total", "yield total + 10")
    result = site.run()
    assert result.ret == FAILS
    result.stdout.fnmatch_lines([f"FAILED {EN}::line-42-output*"])


def test_two_sites_in_a_session_have_their_own_data(site):
    shutil.copytree(site.root / "docs", site.root / "other" / "docs")
    conftest = site.root / "other" / "docs" / "conftest.py"
    conftest.write_text(conftest.read_text().replace('"1 2 3 4"', '"1 2 3 9"'))
    shutil.copy(site.root / "mkdocs.yml", site.root / "other")
    result = pytest_on(site, "--full", "docs", "other/docs")
    failed = {
        line.split()[1].partition("::")[0]
        for line in result.stdout.lines
        if line.startswith("FAILED ")
    }
    assert failed == {f"other/{EN}", f"other/{ZH}"}


def test_the_plugin_that_is_missing_is_named(site):
    (site.root / "pytest.ini").write_text("[pytest]\n")
    result = site.run()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(['*addopts = ["-p", "tf2docs.pages.testing.plugin"]*'])


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--refresh", "--declare-equal"), "two steps"),
        (("--refresh", "--changed"), "--changed"),
        (("--changed",), "needs pytest's cache"),
        (("--refresh", "--tx", "2*popen", "--dist", "load"), "can't be shared out"),
        (("--dry-run",), "goes with --refresh"),
        (("--times=docs",), "takes a number of blocks, such as --times=5, not 'docs'"),
        (("--times=-1",), "takes a number of blocks"),
    ],
    ids=str,
)
def test_options_that_do_not_go_together_are_a_usage_error(site, options, says):
    before = site.files()
    result = site.run(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert says in result.stderr.str()
    assert site.files() == before


@pytest.mark.parametrize(
    ("options", "count"),
    [(("--times",), 5), (("--times", "2"), 2), (("--times=3",), 3), (("-v", "--times"), 5)],
    ids=str,
)
def test_times_take_no_path(site, options, count):
    result = site.run(*options)
    result.assert_outcomes(passed=31)
    lines = [
        line for line in result.stdout.lines if " s  docs/" in line and line.split()[-1].count(":")
    ]
    assert len(lines) == count


def test_a_block_that_was_ended_counts_its_seconds(site):
    for path in (ZH, EN):
        site.change(path, "print(hidden)", "import time; time.sleep(60)")
    lines = site.run("--time-limit", "3", "--times=9").stdout.lines
    (ended,) = [
        line for line in lines if line.startswith("tf2docs:") and line.endswith("/lesson.md:68")
    ]
    assert float(ended.split()[1]) >= 2.9


def test_the_summary_says_what_is_wrong_in_80_columns(site, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("CI", raising=False)  # where pytest cuts nothing
    monkeypatch.delenv("BUILD_NUMBER", raising=False)
    wrong(site)
    site.change(ZH, "- 第一项", "- 第一项 1.5")
    lines = site.run().stdout.lines
    assert (
        "FAILED docs/en/lesson.md::line-19-output - the page shows (-) what isn't in i..." in lines
    )
    site.change(ZH, "mean 2.5", "mean 9.9")
    lines = site.run().stdout.lines
    assert (
        "FAILED docs/zh/lesson.md::line-1-page - line 26: #sums changed since it was d..." in lines
    )


@pytest.mark.parametrize("path", [ZH, EN])
def test_an_error_names_the_line_of_the_page_not_of_a_file_of_ours(site, path):
    for each in (ZH, EN):
        site.change(each, "numbers.add(5)", "numbers = [5")
    site.change(EN, "## The old way", "One more line.\n\n## The old way")
    output = site.run().stdout.str()
    line = {ZH: 61, EN: 63}[path]
    assert f"SyntaxError: '[' was never closed\n    {path}:{line}" in output.replace(
        "      ", "    "
    )
    assert "tf2docs-" not in output


def test_a_site_that_names_no_languages_is_told(site):
    site.change(
        "docs/conftest.py",
        "docs=Path(__file__).parent,",
        'docs=Path(__file__).parent, languages=("",),',
    )
    result = site.run()
    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "each must be the name of a folder in docs" in result.stdout.str() + result.stderr.str()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_record_that_may_not_be_read_fails(site):
    (site.root / RECORD).chmod(0)
    assert site.run().ret == FAILS
