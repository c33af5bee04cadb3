"""Environments with another TensorFlow.

What pip is asked for, and what becomes of one that wasn't finished.
"""

import sys

import pytest
from packaging.requirements import Requirement

from tf2docs.pages.trying import environments
from tf2docs.pages.trying.environments import InstallError, prepare, to_install

PYPROJECT = """
[project]
name = "sample"

[project.optional-dependencies]
docs = ["mkdocs>=1.6,<2"]
tutorials = ["keras==3.15.*", "NumPy>=2.1,<2.5", "pooch>=1.8"]
cpu = ["sample[tutorials]", "tensorflow-cpu==2.21.*; sys_platform == 'linux'"]
check = ["sample[docs]", "pytest>=9", "tensorflow==2.21.*; sys_platform != 'linux'"]
"""
VERSIONS = '{"python": "3.11.7", "tensorflow": "2.20.0"}'


class Commands:
    """Stands for venv and pip.

    Makes the folder, keeps what was called, fails where it is told to.
    """

    def __init__(self):
        self.calls: list[list[str]] = []
        self.failures: list[BaseException | None] = []

    def __call__(self, command: list[str]) -> str:
        self.calls.append(command)
        if "venv" in command:
            (environments.Path(command[-1])).mkdir(parents=True)
        elif self.failures and (failure := self.failures.pop(0)):
            raise failure
        return VERSIONS

    @property
    def installed(self) -> list[list[str]]:
        """What each call of pip was asked to install, editable aside."""
        return [call[6:] for call in self.calls if "pip" in call and "--editable" not in call]


@pytest.fixture
def commands(monkeypatch):
    commands = Commands()
    monkeypatch.setattr(environments, "_call", commands)
    return commands


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    return tmp_path


def make(root, *asked: str, python: str = "python3", **options):
    requirements = [Requirement(one) for one in asked or ("tensorflow==2.20",)]
    return prepare(root, requirements, python=python, folder=root / "kept" / "here", **options)


def asked_of_pip(*asked: str, loosely: bool = False) -> list[str]:
    project = environments.tomllib.loads(PYPROJECT)["project"]
    return to_install(project, [Requirement(one) for one in asked], loosely=loosely)


@pytest.fixture(params=["linux x86_64", "linux aarch64", "darwin x86_64"])
def machine(request, monkeypatch):
    system, processor = request.param.split()
    monkeypatch.setattr(environments.sys, "platform", system)
    monkeypatch.setattr(environments.platform, "machine", lambda: processor)
    return request.param


def test_tensorflow_is_the_one_asked_for_and_keras_what_it_brings():
    assert asked_of_pip("tf-nightly") == [
        "tf-nightly",
        "NumPy<2.5,>=2.1",
        "pooch>=1.8",
        "pytest>=9",
        "mkdocs<2,>=1.6",
    ]


def test_what_is_asked_for_takes_the_place_of_what_the_project_needs():
    assert asked_of_pip("tf-nightly", "numpy==1.26", "keras<3.6")[:4] == [
        "tf-nightly",
        "numpy==1.26",
        "keras<3.6",
        "pooch>=1.8",
    ]


def test_loosely_only_what_pages_import_has_any_version():
    assert asked_of_pip("tf-nightly", loosely=True)[1:] == [
        "NumPy",
        "pooch",
        "pytest>=9",
        "mkdocs<2,>=1.6",
    ]


@pytest.mark.parametrize("asked", ["tensorflow==2.20", "TensorFlow>=2.19,<2.20", "tensorflow"])
def test_where_there_is_a_smaller_tensorflow_it_is_taken(asked, machine):
    smaller = asked.lower().replace("tensorflow", "tensorflow-cpu")
    expected = smaller if machine == "linux x86_64" else asked
    assert Requirement(asked_of_pip(asked)[0]) == Requirement(expected)


@pytest.mark.parametrize(
    "asked", ["tensorflow[and-cuda]==2.20", "tensorflow-cpu==2.20", "tf-nightly"]
)
def test_who_names_a_tensorflow_gets_that_one(asked, monkeypatch):
    monkeypatch.setattr(environments.sys, "platform", "linux")
    monkeypatch.setattr(environments.platform, "machine", lambda: "x86_64")
    assert asked_of_pip(asked)[0] == asked


def test_an_environment_is_made_once(root, commands):
    first = make(root)
    assert first.versions == {"python": "3.11.7", "tensorflow": "2.20.0"}
    count = len(commands.calls)
    assert commands.calls[count - 2][-3:] == ["--no-deps", "--editable", str(root)]
    assert make(root) == first
    assert len(commands.calls) == count
    assert (root / "kept" / "here" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("other", ["requirement", "python", "project"])
def test_another_requirement_python_or_project_has_another_environment(root, commands, other):
    first = make(root)
    if other == "project":
        (root / "pyproject.toml").write_text(PYPROJECT.replace("pytest>=9", "pytest>=10"))
    second = make(
        root,
        *(["tensorflow==2.19"] if other == "requirement" else []),
        python=f"python{other == 'python'}",
    )
    assert second.python != first.python


def test_a_fresh_environment_holds_nothing_of_the_old_one(root, commands):
    first = make(root)
    old = environments.Path(first.python).parents[1] / "old"
    old.touch()
    assert make(root, fresh=True) == first
    assert not old.exists()


@pytest.mark.parametrize("failure", [InstallError("no space left"), KeyboardInterrupt()])
@pytest.mark.parametrize("which", [0, 1, 2])
def test_an_environment_whose_making_broke_off_is_made_anew(root, commands, failure, which):
    commands.failures = [None] * which + [failure]
    with pytest.raises(type(failure)):
        make(root)
    count = len(commands.calls)
    make(root)
    assert ["venv" in call for call in commands.calls[count:]] == [True, False, False, False]


def test_versions_that_cannot_go_together_are_loosened(root, commands):
    commands.failures = [InstallError("ERROR: ResolutionImpossible: for help visit")]
    make(root)
    assert [("NumPy" in call, "NumPy<2.5,>=2.1" in call) for call in commands.installed] == [
        (False, True),
        (True, False),
    ]


def test_another_failure_of_pip_is_not_tried_again(root, commands):
    commands.failures = [InstallError("ERROR: No matching distribution found for tensorflow==2.99")]
    with pytest.raises(InstallError, match=r"No matching distribution found for tensorflow==2\.99"):
        make(root)
    assert len(commands.installed) == 1


def test_a_folder_that_was_there_is_not_hidden_from_git(root, commands):
    (root / "kept" / "here").mkdir(parents=True)
    make(root)
    assert not (root / "kept" / "here" / ".gitignore").exists()


def test_what_pip_says_is_cut_to_what_matters():
    said = "\n".join(
        [
            "WARNING: a newer pip",
            "Looking in links: /opt",
            "",
            *(f"line {n}" for n in range(20)),
            "x" * 999,
        ]
    )
    with pytest.raises(InstallError) as error:
        environments._call(
            [sys.executable, "-c", f"import sys; print({said!r}, file=sys.stderr); sys.exit(1)"]
        )
    lines = str(error.value).splitlines()
    assert lines[:2] == ["line 13", "line 14"]
    assert lines[-1] == "x" * 300 + " …"


def test_an_interpreter_that_cannot_be_run_is_named():
    with pytest.raises(InstallError, match=r"^/no/python can't be run: No such file or directory$"):
        environments._call(["/no/python", "-m", "venv"])


def test_the_versions_are_those_that_the_modules_themselves_print(tmp_path, monkeypatch):
    for name in ("tensorflow", "keras", "numpy"):
        (tmp_path / f"{name}.py").write_text("__version__ = '2.23.0-dev1'")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    versions = environments.json.loads(
        environments._call([sys.executable, "-c", environments._REPORT_VERSIONS])
    )
    assert versions == {
        "python": environments.platform.python_version(),
        "tensorflow": "2.23.0-dev1",
        "keras": "2.23.0-dev1",
        "numpy": "2.23.0-dev1",
    }
