"""The package of the site can be installed far from its repository."""

import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import tf2docs
from tf2docs.pages.packaging import build_wheel, wheel_name

PACKAGE = Path(tf2docs.__file__).parent


def test_pip_installs_the_wheel_and_python_imports_it(tmp_path):
    wheel = build_wheel(PACKAGE, tmp_path / "new" / "folder")
    assert wheel.name == wheel_name("tf2docs") == f"tf2docs-{version('tf2docs')}-py3-none-any.whl"
    target = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", target, wheel]
    subprocess.run(pip, check=True, capture_output=True, timeout=120)
    code = "import tf2docs.pages.page, importlib.metadata as m; print(tf2docs.__file__, m.requires('tf2docs'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=target, env={"PYTHONPATH": str(target)}, capture_output=True)
    assert str(target).encode() in run.stdout and b"mkdocs" in run.stdout, run.stderr


def test_what_an_editable_install_leaves_beside_the_package_will_do(tmp_path, monkeypatch):
    egg_info = tmp_path / "tf2docs.egg-info"
    egg_info.mkdir()
    (egg_info / "PKG-INFO").write_text("Metadata-Version: 2.4\nName: tf2docs\nVersion: 7.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    wheel = zipfile.ZipFile(build_wheel(PACKAGE, tmp_path))
    assert b"Version: 7.0" in wheel.read("tf2docs-7.0.dist-info/METADATA")


def test_the_same_package_gives_the_same_wheel(tmp_path):
    assert build_wheel(PACKAGE, tmp_path / "one").read_bytes() == build_wheel(PACKAGE, tmp_path / "two").read_bytes()


def test_a_wheel_holds_python_alone(tmp_path):
    names = zipfile.ZipFile(build_wheel(PACKAGE, tmp_path)).namelist()
    assert "tf2docs/models.py" in names and not [name for name in names if "__pycache__" in name]
