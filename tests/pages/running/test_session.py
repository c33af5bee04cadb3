"""One run a page, the same verdicts however pytest is called, and an honest summary."""

import functools
import importlib.metadata
import json
import platform
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tf2docs.pages.reading.sealing import CHECKSUM, sealed
from tf2docs.pages.running import session_folder
from tf2docs.pages.testing import items
from tf2docs.pages.testing.installed_versions import installed_versions

ZH, EN = "docs/zh/lesson.md", "docs/en/lesson.md"


STAYS = """\
import subprocess, time
subprocess.Popen(["sleep", "60"], start_new_session=True)
open({started!r}, "w").close()
time.sleep(60)"""


def verdicts(result):
    """What became of each item, by node id, from `pytest -v` with or without workers."""
    found = {}
    for line in result.stdout.lines:
        words = line.replace("NOT RUN", "NOT-RUN").split()
        outcome = next(
            (word for word in words if word in ("PASSED", "FAILED", "SKIPPED", "NOT-RUN")), None
        )
        node = next((word for word in words if word.startswith("docs/") and "::" in word), None)
        if outcome and node and " - " not in line:
            found[node] = outcome
    return found


def damage(site):
    """Something passes, something fails, something isn't run."""
    site.change(EN, "mean 2.5", "mean 9.9")
    for path in (ZH, EN):
        site.change(path, "numbers.add(5)", "numbers.append(5)")


@pytest.mark.parametrize("options", [("-n", "2"), ("-n", "2", "--dist", "each")], ids=" ".join)
def test_workers_give_the_same_verdicts(site, options):
    damage(site)
    alone = verdicts(site.run("-v"))
    assert set(alone.values()) == {"PASSED", "FAILED", "NOT-RUN"}
    shared = site.pytester.runpytest_subprocess("-p", "no:cacheprovider", "-v", *options, "docs")
    assert verdicts(shared) == alone
    shared.stdout.fnmatch_lines(["tf2docs: blocks of pages: 3 ran, 1 failed, 1 not run (*"])


@pytest.mark.parametrize(
    "item", ["line-10-python", "line-19-output", "line-60-python", "line-68-python"]
)
def test_an_item_alone_gives_the_same_verdict(site, item):
    damage(site)
    verdict = verdicts(site.run("-v"))[f"{EN}::{item}"]
    alone = site.pytester.runpytest_inprocess("-p", "no:cacheprovider", "-v", f"{EN}::{item}")
    # it stands in for the block that failed, of which nobody else would tell
    if verdict == "NOT-RUN":
        verdict = "FAILED"
        alone.stdout.fnmatch_lines([f"{EN}:68: rests on {EN}:60, which failed: *"])
    assert verdicts(alone) == {f"{EN}::{item}": verdict}


def test_one_language_alone_runs_its_page(site):
    result = site.pytester.runpytest_inprocess("-p", "no:cacheprovider", "docs/en")
    result.assert_outcomes(passed=15)
    result.stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (small data, numbers masked; *"])


def test_both_languages_share_one_run(site):
    site.change(
        "docs/conftest.py", 'write_text("1 1 2 2")', 'write_text("1 1 2 2")\n    print("made data")'
    )
    assert site.run("-s").stdout.str().count("made data") == 1


def test_a_page_that_has_become_slow_is_told(site, monkeypatch):
    monkeypatch.setattr(items, "_NOTICED", 0)
    path = site.root / "docs/records/lesson.json"
    record = json.loads(path.read_text("utf-8"))
    path.write_text(sealed(record | {"seconds": 0.0001}), "utf-8")
    result = site.run("-k", "python")
    result.stdout.fnmatch_lines(["tf2docs: docs/*/lesson.md took * s, and 0.0001 s when it was *"])
    assert result.stdout.str().count("when it was recorded") == 1


@pytest.mark.parametrize(("value", "told"), [("1.009", 1), ("1.003", 0)])
def test_what_nearly_is_beyond_its_tolerance_is_told(site, value, told):
    path = site.root / "docs/records/lesson.json"
    record = json.loads(path.read_text("utf-8"))
    printed = record["blocks"][1]["printed"]
    printed[1] = printed[1].replace("1.000", value)
    path.write_text(sealed({**record, CHECKSUM: None}), "utf-8")
    result = site.run("--full", "-k", "python and line-35")
    assert result.stdout.str().count("lesson.md: lines 35 used most of their tolerance") == told
    result.assert_outcomes(passed=2, deselected=29)


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_another_program_cannot_write_into_docs(site):
    """Nor C: it is the kernel that refuses."""
    from tf2docs.pages.running import walls

    if not walls.can_stand():
        pytest.skip("this kernel gives no namespaces")
    touch = "import lessons, subprocess; subprocess.run(['touch', "
    touch += "Path(lessons.__file__).parents[1] / 'docs' / 'touched'], check=True)"
    for path in (ZH, EN):
        site.change(path, "print(hidden)", touch)
    result = site.run("-k", "python")
    says = ["*:68: subprocess.CalledProcessError: *", "*Read-only file system*"]
    result.stdout.fnmatch_lines(says)
    assert not (site.root / "docs" / "touched").exists()


def test_pages_whose_code_differs_run_both(site):
    site.change(EN, "print(hidden)", "print(hidden.upper())")
    site.run().stdout.fnmatch_lines(["tf2docs: blocks of pages: 10 ran (*"])


def test_a_failed_block_leaves_the_later_ones_not_run(site):
    for path in (ZH, EN):
        site.change(
            path, "from lessons.sums import running_sums", "from lessons.sums import no_sums"
        )
    found = verdicts(site.run("-v"))
    assert found[f"{EN}::line-35-python"] == "FAILED"
    assert [
        found[f"{EN}::line-{part}"] for part in ("42-output", "49-python", "60-python", "64-output")
    ] == ["NOT-RUN"] * 4


def test_a_failure_is_a_few_lines_with_the_pages_own_line(site):
    for path in (ZH, EN):
        site.change(path, "numbers.add(5)", "def f():\n    return 1 / 0\nf()")
    report = site.run().stdout.str()
    failure = report.partition(f"{EN}:60: ZeroDivisionError: division by zero")[2].partition(
        "____"
    )[0]
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
    result.stdout.fnmatch_lines([f"{EN}:68: ended after 1 s, the time limit of a block"])
    result.assert_outcomes(passed=29, failed=2)


def test_the_summary_counts_what_was_skipped_and_why(site):
    for path in (ZH, EN):
        site.change(
            path, "```python\nhidden", '```python {.norun data-reason="opens a window"}\nhidden'
        )
    site.run("--refresh").assert_outcomes(passed=29, skipped=2)
    result = site.run("-rs")
    result.stdout.fnmatch_lines(
        ["tf2docs: blocks of pages: 4 ran, 1 skipped (*", "*skipped: opens a window"]
    )


def test_the_full_run_says_so(site):
    site.run("--full").stdout.fnmatch_lines(
        ["tf2docs: blocks of pages: 5 ran (real data, numbers compared; *"]
    )


def test_every_broken_page_is_reported_in_one_go(site):
    site.change(ZH, "```python\nhidden", "```py\nhidden")
    site.change(EN, "{#sums-figure data-rtol", "{#sums-figure data-tolerance")
    site.change(EN, "```python\nhidden", "```py\nhidden")
    result = site.run()
    result.stdout.fnmatch_lines(
        [f"{EN}:49: a python fence has no option*", f"{EN}:68: a fence called 'py'*"]
    )
    result.stdout.fnmatch_lines([f"{ZH}:68: a fence called 'py'*"])


def test_a_record_holds_where_it_came_from(site):
    record = json.loads(site.read("docs/records/lesson.json"))
    assert record["device"] == "CPU"
    assert set(record["versions"]) == {"python", "numpy"}
    assert record["date"].count("-") == 2


def test_versions_are_found_whatever_the_distribution_is_called():
    found = installed_versions(("numpy", "yaml", "no_such_module"))  # NumPy, PyYAML
    assert found == {name: importlib.metadata.version(name) for name in ("numpy",)} | {
        "python": platform.python_version(),
        "yaml": importlib.metadata.version("pyyaml"),
    }


def changed(site, *options):
    return site.pytester.runpytest_inprocess("--changed", *options, "docs")


def test_what_passed_and_has_not_changed_is_recorded_not_run(site):
    site.pytester.runpytest_inprocess("docs").assert_outcomes(passed=31)
    result = changed(site)
    result.stdout.fnmatch_lines(
        ["tf2docs: 24 parts of pages recorded: unchanged since they passed here, not run"]
    )
    # pages, sources and figures rest on no run
    result.stdout.fnmatch_lines(["*7 passed, 24 recorded*"])


def test_caches_of_a_sessions_own_change_nothing(site, monkeypatch):
    code = "from tf2docs.pages.running.own_caches import use_own_caches\nuse_own_caches()\n"
    (site.root / "conftest.py").write_text(code)
    monkeypatch.delenv("TF2DOCS_CACHES_BEFORE", raising=False)
    run = site.pytester.runpytest_subprocess
    run("docs").assert_outcomes(passed=31)
    run("--changed", "docs").stdout.fnmatch_lines(["*7 passed, 24 recorded*"])


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (EN, "print(hidden)", "print(hidden)  # a comment changes nothing, a word does\nhidden"),
        ("lessons/sums.py", "start=0", "start=0.0"),
        ("docs/conftest.py", '"1 1 2 2"', '"1 1 2 3"'),
        (EN, "len(numbers) d", "len( numbers) d"),
    ],
    ids=["its code", "what it imports", "its data", "its numbers"],
)
def test_what_changed_is_run(site, path, old, new):
    site.pytester.runpytest_inprocess("docs")
    site.change(path, old, new)
    changed(site).stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (*"])


def test_what_failed_is_run_again(site):
    site.change(EN, "mean 2.5", "mean 9.9")
    site.pytester.runpytest_inprocess("docs")
    changed(site).stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (*"])


def test_a_part_that_passed_does_not_stand_for_its_page(site):
    site.pytester.runpytest_inprocess("-k", "python", "docs")
    changed(site).stdout.fnmatch_lines(["tf2docs: blocks of pages: 5 ran (*"])


def test_claims_are_compared_with_the_record_although_nothing_runs(site):
    site.pytester.runpytest_inprocess("docs")
    site.change(EN, "mean 2.5", "mean 9.9")
    site.change(ZH, "mean 2.5", "mean 9.9")
    result = changed(site)
    result.stdout.fnmatch_lines([f"FAILED {EN}::line-19-output*", f"FAILED {ZH}::line-19-output*"])
    result.stdout.no_fnmatch_line("tf2docs: blocks of pages*")


def test_junit_counts_what_was_not_run_as_skipped(site):
    site.pytester.runpytest_inprocess("docs")
    changed(site, "--junitxml=report.xml")
    assert 'tests="31"' in site.read("report.xml")
    assert 'skipped="24"' in site.read("report.xml")


def test_a_gpu_that_is_not_there_is_an_error_not_a_skip(site):
    result = site.run("--device", "gpu")
    result.stdout.fnmatch_lines([f"{EN}:10: a GPU was asked for, and there is none"])
    assert result.parseoutcomes()["failed"] == 2


def test_times_can_be_listed(site):
    for path in (ZH, EN):
        site.change(path, "print(hidden)", "import time; time.sleep(1); print(hidden)")
    lines = [line for line in site.run("--times", "1").stdout.lines if " s  docs/" in line]
    assert [line.split()[-1] for line in lines] == ["docs/zh/lesson.md", "docs/zh/lesson.md:68"]


def test_what_goes_to_standard_error_can_belong_to_an_output(site):
    for path in (ZH, EN):
        site.change(path, "```python\nhidden", "```python {.stderr}\nimport sys\nhidden")
        site.change(
            path,
            "print(hidden)",
            "print(hidden)\nprint('and this', file=sys.stderr)\nprint('last')",
        )
    site.run("--refresh").assert_outcomes(passed=31)
    assert json.loads(site.read("docs/records/lesson.json"))["blocks"][4]["printed"][1:] == [
        "and this",
        "last",
    ]


def test_data_that_cannot_be_had_are_one_error_that_says_why(site):
    site.change(
        "docs/conftest.py",
        '(folder / "numbers.txt").write_text("1 2 3 4")',
        'raise OSError("no way out")',
    )
    result = site.run("--full")
    result.stdout.fnmatch_lines(["OSError: no way out"])
    result.stdout.no_fnmatch_line("*Traceback*")
    # once a page; quotations need no data
    result.stdout.fnmatch_lines(["*2 failed, 3 passed, 26 not run*"])


@pytest.mark.parametrize("options", [(), ("--full",)], ids=["small", "full"])
def test_a_record_made_with_other_versions_is_said_and_passes_while_its_numbers_hold(site, options):
    record = json.loads(site.read("docs/records/lesson.json"))
    record["versions"]["numpy"] = "1.0"
    record.pop(CHECKSUM)
    (site.root / "docs/records/lesson.json").write_text(sealed(record))
    result = site.run(*options)
    result.assert_outcomes(passed=31)
    result.stdout.fnmatch_lines([f"tf2docs: {EN} was recorded with numpy 1.0 (here *)"])


@pytest.fixture
def short_folder():
    """A folder whose path is short.

    That of a socket, which processes make in their TMPDIR, has 107 bytes at most.
    """
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as folder:
        yield Path(folder)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="pages are watched over on Linux")
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("SIGINT", ["--refresh"]),
        ("SIGTERM", ["--refresh"]),
        ("SIGHUP", ["--refresh"]),
        ("SIGKILL", ["--refresh"]),
        ("SIGKILL", ["-n", "1"]),
    ],
)
def test_a_signal_leaves_no_process_no_folder_and_no_half_written_file(
    site, processes_of, short_folder, monkeypatch, name, options
):
    started = short_folder / "started"  # a page may write there
    for path in (ZH, EN):
        site.change(path, "print(hidden)", STAYS.format(started=str(started)))
    before = site.files()
    monkeypatch.setenv("TMPDIR", str(short_folder))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "docs"]
    # which a job may ignore
    hear = functools.partial(signal.signal, signal.Signals[name], signal.SIG_DFL)
    process = subprocess.Popen(
        command,
        cwd=site.root,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=None if name == "SIGKILL" else hear,
    )
    try:
        wait_for(started.exists, seconds=60)
        (folder,) = short_folder.glob("tf2docs-*")
        assert processes_of(folder)
        process.send_signal(signal.Signals[name])
        assert process.wait(20) == (
            pytest.ExitCode.INTERRUPTED if name == "SIGINT" else -signal.Signals[name]
        )
    finally:
        process.kill()
    wait_for(lambda: not processes_of(folder))
    # nor the folder of the server's socket
    wait_for(lambda: set(short_folder.iterdir()) == {started})
    assert site.files() == before


def test_what_a_killed_session_left_is_removed_by_the_next(pytester, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    code = (
        "import os; from tf2docs.pages.running import session_folder; "
        "folder = session_folder.name(); session_folder.hold(folder); "
        "print(folder, flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    left = Path(killed.stdout.strip())
    own, other = session_folder.name(), tmp_path / "tf2docs-other"
    session_folder.hold(own)
    other.mkdir()
    assert killed.returncode == -signal.SIGKILL
    assert left.name.startswith("tf2docs-")
    assert not left.exists()
    assert own.exists()  # its owner lives
    assert other.exists()  # nobody knows whose it is
    session_folder.remove(own)
    assert not own.exists()


@pytest.mark.parametrize("limit", ["nan", "inf", "0", "-1", "1e9"])
def test_a_time_limit_that_limits_nothing_is_refused(pytester, limit):
    result = pytester.runpytest("-p", "tf2docs.pages.testing.plugin", "--time-limit", limit)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"*--time-limit: {limit} came; give seconds above 0 and up to 1,000,000"]
    )


def wait_for(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_last_failures_fail_again(site):
    damage(site)
    everything = verdicts(site.pytester.runpytest_inprocess("-v", "docs"))
    again = verdicts(site.pytester.runpytest_inprocess("-v", "--lf", "docs"))
    assert again == {name: outcome for name, outcome in everything.items() if outcome == "FAILED"}


def test_a_debugger_changes_no_verdict(site):
    damage(site)
    everything = verdicts(site.run("-v"))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "--pdb", "docs"]
    done = subprocess.run(
        command, cwd=site.root, input="c\n" * 20, capture_output=True, text=True, timeout=60
    )
    failed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")}
    assert failed == {name for name, outcome in everything.items() if outcome == "FAILED"}
