"""The command that tries all pages with another TensorFlow, on the sample site and without pip."""

import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tf2docs.pages.trying import command
from tf2docs.pages.trying.command import main
from tf2docs.pages.trying.environments import Environment, InstallError

RECORD = "docs/records/versions.json"
VERSIONS = {"python": "3.11.7", "tensorflow": "2.20.0", "keras": "3.15.1", "numpy": "2.4.6"}


@pytest.fixture
def project(site, monkeypatch):
    """The sample site as a project, and this environment in place of one that pip would make."""
    (site.root / "pyproject.toml").write_text("[project]\nname = 'sample'\n")
    monkeypatch.setattr(command, "prepare", lambda *_, **__: Environment(sys.executable, VERSIONS))
    return site


def tried(*options: str) -> int:
    return main(["tensorflow==2.20", *options])


def test_pages_that_hold_are_recorded_and_the_command_succeeds(project, capsys):
    assert tried("--record", RECORD) == 0
    assert capsys.readouterr().out.splitlines() == [
        "tensorflow==2.20: python 3.11.7, tensorflow 2.20.0, keras 3.15.1, numpy 2.4.6",
        "pages: 1; blocks: 5 ran, 0 failed, 0 not run; moved: 0",
    ]
    (trial,) = json.loads(project.read(RECORD))["trials"]
    assert (trial["tensorflow"], trial["asked"], trial["versions"]) == (
        "2.20",
        ["tensorflow==2.20"],
        VERSIONS,
    )


def test_what_moved_and_what_fails_is_said_and_recorded(project, capsys):
    project.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    project.change("lessons/sums.py", "yield total", "yield total.nothing")
    assert tried("--record", RECORD) == 1
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[1].startswith("pages: 1; blocks: 1 ran, 1 failed, 3 not run; moved: ")
    changed_here = ("fails page", "fails source")  # the page's record is of other data and code
    assert [line for line in lines[2:] if not line.startswith(changed_here)] == [
        "fails python lesson:35 AttributeError: 'int' object has no attribute 'nothing'",
        "moved output lesson:19 numbers: [1, 2, 3, 4] → numbers: [1, 2, 3, 6]",
        "moved number lesson:24 the page says 2.50, this run 3.00",
    ]
    (trial,) = json.loads(project.read(RECORD))["trials"]
    found = [
        one for one in trial["failed"] + trial["moved"] if one["kind"] not in ("page", "source")
    ]
    assert [one["block"] for one in found] == [2, 1, 1]


def test_a_record_that_cannot_be_written_is_told_behind_the_table(project, capsys):
    (project.root / RECORD).symlink_to("versions.json")
    assert tried("--record", RECORD) == 2
    said = capsys.readouterr()
    assert said.out.startswith("tensorflow==2.20: ")
    assert "Nothing was recorded: " in said.err


def test_small_data_moves_no_number(project, capsys):
    project.change("docs/conftest.py", "1 2 3 4", "1 2 3 6")
    assert tried("--small") == 0
    assert "5 ran" in capsys.readouterr().out


def test_pages_that_pytest_cannot_run_are_no_result(project, capsys):
    project.change("docs/conftest.py", "from pathlib", "from no_such_module")
    assert tried("--record", RECORD) == 2
    assert "No module named 'no_such_module'" in capsys.readouterr().err
    assert not Path(RECORD).exists()


def test_an_installation_that_fails_is_no_result(project, monkeypatch, capsys):
    def fail(*_, **__):
        raise InstallError("ERROR: No matching distribution found for tensorflow-cpu==2.99")

    monkeypatch.setattr(command, "prepare", fail)
    assert tried("--record", RECORD) == 2
    assert "No matching distribution found for tensorflow-cpu==2.99" in capsys.readouterr().err
    assert not Path(RECORD).exists()


@pytest.mark.parametrize("where", ["prepare", "_run"])
def test_ctrl_c_records_nothing(project, monkeypatch, capsys, where):
    tried("--record", RECORD)
    before = project.files()
    monkeypatch.setattr(command, where, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    assert tried("--record", RECORD) == 130
    assert capsys.readouterr().err.endswith("Interrupted; nothing was recorded\n")
    assert project.files() == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a group of processes")
def test_ctrl_c_leaves_pytest_the_time_to_clean_up(tmp_path):
    child = (
        "import time\ntry:\n  open('up', 'w'); time.sleep(60)\n"
        "finally: time.sleep(0.5); open('clean', 'w')"
    )
    code = (
        "import sys; from tf2docs.pages.trying import command; command._run([sys.executable, "
        f"'-c', {child!r}], '.')"
    )
    command = [sys.executable, "-c", code]
    # which a job in the background ignores
    hear = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        command, cwd=tmp_path, start_new_session=True, stderr=subprocess.DEVNULL, preexec_fn=hear
    )
    while not (tmp_path / "up").exists() and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    assert process.wait(timeout=20) != 0
    assert (tmp_path / "clean").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the following arguments are required: requirements"),
        (["numpy"], "no TensorFlow among the requirements; name one, such as tensorflow==2.20"),
        (
            ["tensorflow=2.20"],
            "'tensorflow=2.20' isn't a requirement; write it as for pip: tensorflow==2.20",
        ),
        (["tensorflow", "--python", "no-such-python"], "there is no interpreter 'no-such-python'"),
        (["tensorflow", "--small", "--record", RECORD], "a record is made on the real data"),
        (
            ["tensorflow", "--record", "no/such.json"],
            "there is no folder no to write the record in",
        ),
    ],
)
def test_arguments_that_cannot_be_used_are_told(project, capsys, arguments, says):
    with pytest.raises(SystemExit, match=r"^2$"):
        main(arguments)
    assert says in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("missing", ["pyproject.toml", "docs/conftest.py"])
def test_it_is_run_in_the_project(project, capsys, missing):
    Path(missing).unlink()
    with pytest.raises(SystemExit, match=r"^2$"):
        tried()
    assert "isn't the project's folder" in capsys.readouterr().err


def test_a_record_that_cannot_be_read_is_told_before_anything_is_made(project, monkeypatch, capsys):
    Path(RECORD).write_text("[")
    monkeypatch.setattr(command, "prepare", lambda *_, **__: pytest.fail("it was made"))
    assert tried("--record", RECORD) == 2
    assert f"{RECORD} isn't a record of trials" in capsys.readouterr().err
    assert Path(RECORD).read_text() == "["


def test_the_command_does_not_import_tensorflow():
    code = "import sys, tf2docs.pages.trying.command; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
