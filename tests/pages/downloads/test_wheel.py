"""The package of the site can be installed far from its repository."""

import os
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import tf2docs
from tf2docs.pages.downloads.wheel import build_wheel, wheel_name

PACKAGE = Path(tf2docs.__file__).parent


def install(wheel, target):
    """Let pip put a wheel into a folder, and nothing else."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", target, wheel], check=True, capture_output=True, timeout=120)


def test_pip_installs_the_wheel_and_python_imports_it(tmp_path):
    wheel = build_wheel(PACKAGE, tmp_path / "new" / "folder")
    assert wheel.name == wheel_name("tf2docs") == f"tf2docs-{version('tf2docs')}-py3-none-any.whl"
    target = tmp_path / "installed"
    install(wheel, target)
    code = (
        "import tf2docs.pages.reading.page, importlib.metadata as m; print(tf2docs.__file__, "
        "m.requires('tf2docs'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=target,
        env={"PYTHONPATH": str(target)},
        capture_output=True,
    )
    assert str(target).encode() in run.stdout and b"mkdocs" in run.stdout, run.stderr


FOREIGN_CONFTEST = """
import os, sys, pytest

KEY = pytest.StashKey()
before = dict(os.environ)

def pytest_addoption(parser):
    names = "device full refresh changed shard times dry-run time-limit declare-equal"
    for name in names.split():
        parser.addoption(f"--{name}", action="store", default="ours")

def pytest_configure(config):
    config.stash[KEY] = "mine"
    config.addinivalue_line("markers", "page: ours")
    config.addinivalue_line("markers", "block: ours")
"""
FOREIGN_TEST = """
import os, sys, pytest

@pytest.mark.page
@pytest.mark.block
def test_ours(record_property, request, pytestconfig):
    record_property("page", "a, b and c")
    record_property("block", 3)
    assert pytestconfig.getoption("--device") == "ours" and pytestconfig.getoption("--times") == "9"
    assert not [name for name in sys.modules if name.startswith("tf2docs")]
    assert not {"KERAS_BACKEND", "MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL"} & os.environ.keys()

def test_skipped():
    pytest.skip("not run: this is our own reason")

def test_line_1_page():
    pass
"""


@pytest.fixture
def foreign(tmp_path):
    """A project that has options, marks and properties called like ours; runs pytest in it."""
    (tmp_path / "conftest.py").write_text(FOREIGN_CONFTEST)
    (tmp_path / "test_foreign.py").write_text(FOREIGN_TEST)
    (tmp_path / "temporary").mkdir()

    def run(*options, **environment):
        names = ("PATH", "HOME")
        given = (
            {name: os.environ[name] for name in names}
            | {"TMPDIR": str(tmp_path / "temporary")}
            | environment
        )
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "--strict-markers",
            *options,
        ]
        done = subprocess.run(
            command, cwd=tmp_path, env=given, capture_output=True, text=True, timeout=60
        )
        return done, list((tmp_path / "temporary").glob("tf2docs*"))

    return run


def test_a_project_of_somebody_who_has_the_wheel_is_left_alone(tmp_path_factory, foreign):
    wheel = build_wheel(PACKAGE, tmp_path_factory.mktemp("wheel"))
    target = tmp_path_factory.mktemp("installed")
    install(wheel, target)
    done, left = foreign("--times", "9", "--junitxml=report.xml", PYTHONPATH=str(target))
    assert "2 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    assert left == []


def test_a_session_without_pages_is_left_alone_by_the_plugin(foreign, tmp_path):
    (tmp_path / "conftest.py").write_text("")
    code = FOREIGN_TEST.partition("    assert pytestconfig")
    environment_alone = code[2].partition("startswith")[2].partition("\n")[2]
    (tmp_path / "test_foreign.py").write_text(code[0] + environment_alone)
    done, left = foreign("-p", "tf2docs.pages.testing.plugin", "-o", "markers=page\nblock")
    assert "2 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    assert left == []


def test_the_wheel_adds_nothing_to_pytest_and_has_its_licence(tmp_path):
    wheel = zipfile.ZipFile(build_wheel(PACKAGE, tmp_path))
    assert not [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    (name,) = (name for name in wheel.namelist() if name.endswith("licenses/LICENSE"))
    assert wheel.read(name).decode() == (PACKAGE.parent / "LICENSE").read_text(encoding="utf-8")
    record = next(name for name in wheel.namelist() if name.endswith("RECORD"))
    assert name in wheel.read(record).decode()


def test_a_licence_that_is_missing_is_no_wheel(tmp_path, monkeypatch):
    egg_info = tmp_path / "tf2docs.egg-info"
    egg_info.mkdir()
    metadata = "Metadata-Version: 2.4\nName: tf2docs\nVersion: 7.0\nLicense-File: NO-LICENCE\n"
    (egg_info / "PKG-INFO").write_text(metadata)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(FileNotFoundError, match="NO-LICENCE"):
        build_wheel(PACKAGE, tmp_path)


def test_what_an_editable_install_leaves_beside_the_package_will_do(tmp_path, monkeypatch):
    egg_info = tmp_path / "tf2docs.egg-info"
    egg_info.mkdir()
    (egg_info / "PKG-INFO").write_text("Metadata-Version: 2.4\nName: tf2docs\nVersion: 7.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    wheel = zipfile.ZipFile(build_wheel(PACKAGE, tmp_path))
    assert b"Version: 7.0" in wheel.read("tf2docs-7.0.dist-info/METADATA")


def test_the_same_package_gives_the_same_wheel(tmp_path):
    assert (
        build_wheel(PACKAGE, tmp_path / "one").read_bytes()
        == build_wheel(PACKAGE, tmp_path / "two").read_bytes()
    )


def test_a_wheel_holds_python_alone(tmp_path):
    names = zipfile.ZipFile(build_wheel(PACKAGE, tmp_path)).namelist()
    assert "tf2docs/models.py" in names and not [name for name in names if "__pycache__" in name]
