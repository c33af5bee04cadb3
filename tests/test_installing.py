"""What is missing is installed, and a TensorFlow that fits is kept.

A restart is asked for where one is needed.
"""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tf2docs import _hardware, installing
from tf2docs.installing import OLDEST_TENSORFLOW, install_missing, missing_requirements

ROOT = Path(__file__).parents[1]
REQUIRES = [
    'mkdocs>=1.6; extra == "docs"',
    'keras==3.15.*; extra == "tutorials"',
    'numpy>=2.1,<2.5; extra == "tutorials"',
    'tf2docs[tutorials]; extra == "cpu"',
    'tensorflow-cpu==2.21.*; extra == "cpu"',
    'tf2docs[tutorials]; extra == "cuda"',
    'tensorflow[and-cuda]==2.21.*; extra == "cuda"',
    'vega_datasets>=0.9,<1; extra == "series"',
]
WHOLE = {"tf2docs": "0.1.0", "keras": "3.15.1", "numpy": "2.4.6", "tensorflow-cpu": "2.21.0"}


class Machine:
    """A stand-in for what is installed, and for pip."""

    def __init__(self, packages: dict[str, str]) -> None:
        self.packages, self.asked, self.fails = packages, [], False

    def version(self, name: str) -> str:
        if name not in self.packages:
            raise metadata.PackageNotFoundError(name)
        return self.packages[name]

    def run(self, command, **_):
        self.asked.append(command)
        if not self.fails:
            self.packages["keras"] = "3.15.1"
            self.packages["numpy"] = self.packages["numpy"].replace("2.0.2", "2.1.3")
        error = "ERROR: no route to host" if self.fails else ""
        return subprocess.CompletedProcess(command, int(self.fails), "", error)


@pytest.fixture
def machine(monkeypatch):
    def machine(packages):
        made = Machine(dict(packages))
        monkeypatch.setattr(metadata, "version", made.version)
        monkeypatch.setattr(_hardware, "version", made.version)
        monkeypatch.setattr(metadata, "requires", lambda name: made.version(name) and REQUIRES)
        monkeypatch.setattr(installing, "_versions", lambda: dict(made.packages))
        monkeypatch.setattr(subprocess, "run", made.run)
        monkeypatch.setattr(_hardware, "nvidia_gpus", tuple)
        return made

    return machine


def without(*names, **others):
    return {name: version for name, version in (WHOLE | others).items() if name not in names}


def test_where_all_is_there_pip_is_not_asked(machine, capsys):
    made = machine(WHOLE)
    install_missing()
    assert made.asked == [] and capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("packages", "missing"),
    [
        (WHOLE, []),
        (without("keras"), ["keras==3.15.*"]),
        (without(keras="3.10.0"), ["keras==3.15.*"]),
        (without("tensorflow-cpu"), ["tensorflow-cpu==2.21.*"]),
        # as Colab and Kaggle have it: another version, with a GPU
        (without("tensorflow-cpu", tensorflow="2.19.0"), []),
        (without("tensorflow-cpu", tensorflow="2.20.0rc1"), []),
        (without("tensorflow-cpu", tensorflow="2.22.0"), []),
        # too old: replaced by the same package, never by a second one
        (without("tensorflow-cpu", tensorflow="2.15.0"), ["tensorflow==2.21.*"]),
        (without(**{"tensorflow-cpu": "2.18.0"}), ["tensorflow-cpu==2.21.*"]),
        # on the path of a clone, not installed
        (without("tf2docs", "keras"), []),
    ],
)
def test_what_is_missing(machine, packages, missing):
    machine(packages)
    assert missing_requirements() == missing


def test_what_only_one_lesson_needs_is_installed_for_that_one(machine):
    machine(WHOLE)
    assert missing_requirements("series") == ["vega_datasets<1,>=0.9"]
    machine(WHOLE | {"vega_datasets": "0.9.0"})
    assert missing_requirements("series") == []


def test_an_extra_that_is_none_is_named_beside_those_that_there_are(machine):
    machine(WHOLE)
    with pytest.raises(ValueError, match=r"no extra 'serie'; it has .*series"):
        missing_requirements("serie")


def test_a_tensorflow_that_is_kept_decides_on_the_others(machine):
    made = machine(without("tensorflow-cpu", tensorflow="2.19.0", numpy="2.0.2"))
    install_missing(index="https://mirror.example/simple")
    (command,) = made.asked
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert command[-2:] == ["numpy<2.5,>=2.1", "tensorflow==2.19.0"]
    assert command[command.index("--index-url") + 1] == "https://mirror.example/simple"


def test_a_loaded_package_that_was_replaced_asks_for_a_restart(machine, capsys):
    import numpy  # noqa: F401

    machine(without("tensorflow-cpu", tensorflow="2.19.0", numpy="2.0.2"))
    install_missing()
    said = capsys.readouterr().out
    assert "Restart the kernel" in said and "numpy is 2.1.3 now and was loaded as 2.0.2" in said


def test_what_was_not_loaded_needs_no_restart(machine, capsys, monkeypatch):
    machine(without("keras"))
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    install_missing()
    said = capsys.readouterr().out
    assert "Installed keras 3.15.1" in said and "Restart" not in said


def test_an_error_has_pips_words_and_the_ways_out(machine):
    machine(without("keras")).fails = True
    with pytest.raises(RuntimeError, match=r"(?s)keras==3.15.*no route to host.*mirror"):
        install_missing()


def test_the_oldest_tensorflow_is_one_on_which_every_page_ran():
    record = ROOT / "docs" / "records" / "versions.json"
    versions = json.loads(record.read_text(encoding="utf-8"))["trials"]
    passed = [each["tensorflow"] for each in versions if not each["blocks"]["failed"]]
    assert (
        min(passed, key=lambda text: [int(part) for part in text.split(".")]) == OLDEST_TENSORFLOW
    )


def test_the_module_needs_nothing_but_python_and_pip():
    code = (
        "import sys, tf2docs.installing; print(*(sys.modules.keys() & {'numpy', 'keras', "
        "'packaging'}))"
    )
    path = f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-c", path + code], capture_output=True, text=True
    )
    assert done.stdout.strip() == "" and done.returncode == 0, done.stderr


GPU = ("NVIDIA H100, 550.54",)


@pytest.mark.parametrize(
    ("package", "gpus", "platform", "hidden", "said"),
    [
        (
            "tensorflow-cpu",
            GPU,
            "linux",
            None,
            r"NVIDIA H100\), but tensorflow-cpu .*tf2docs\[cuda\]",
        ),
        ("tensorflow", GPU, "win32", None, "WSL2"),
        ("tensorflow-cpu", (), "linux", None, "^$"),
        ("tensorflow", GPU, "linux", None, "^$"),
        ("tensorflow-cpu", GPU, "linux", "-1", "^$"),
        ("tensorflow-cpu", GPU, "linux", "", "^$"),
    ],
)
def test_a_gpu_that_is_not_used_is_told(
    machine, monkeypatch, package, gpus, platform, hidden, said
):
    machine({package: "2.21.0"})
    monkeypatch.setattr(_hardware, "nvidia_gpus", lambda: gpus)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if hidden is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert re.search(said, _hardware.unused_gpu())


@pytest.mark.parametrize("behaviour", ["echo 'NVIDIA H100, 550.54'", "echo broken >&2; exit 9"])
def test_the_drivers_own_program_is_asked(monkeypatch, tmp_path, behaviour):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{behaviour}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    _hardware.nvidia_gpus.cache_clear()
    assert _hardware.nvidia_gpus() == (GPU if "H100" in behaviour else ())
    _hardware.nvidia_gpus.cache_clear()
