"""The package says of itself what pyproject.toml says.

It is ready to be published by whoever decides to.
"""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import tf2docs
from tf2docs.pages.downloads.wheel import build_wheel

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RELEASE = ROOT / ".github" / "workflows" / "release.yml"


def test_what_is_installed_is_what_pyproject_says():
    """The wheel of the site is packed from the metadata of what is installed."""
    mend = "pip install -e . writes the metadata anew"
    found = metadata.metadata("tf2docs")
    assert found["Version"] == PROJECT["version"], mend
    assert found.get_all("Classifier") == PROJECT["classifiers"], mend
    assert set(found.get_all("Provides-Extra")) == set(PROJECT["optional-dependencies"]), mend
    named = {Requirement(line).name for line in metadata.requires("tf2docs")}
    extras = PROJECT["optional-dependencies"].values()
    assert named == {Requirement(line).name for extra in extras for line in extra}, mend


def test_the_pythons_that_pages_name_are_those_that_pip_allows():
    minors = [name.rpartition(".")[2] for name in PROJECT["classifiers"] if ":: 3." in name]
    assert PROJECT["requires-python"] == f">=3.{minors[0]},<3.{int(minors[-1]) + 1}"
    for language, words in (("zh", "Python 3.{} 到 3.{}"), ("en", "Python 3.{} to 3.{}")):
        from tf2docs.pages.showing.words import WORDS

        assert words.format(minors[0], minors[-1]) in WORDS[language]["setup_first"]


def test_the_wheel_says_that_it_has_types(tmp_path):
    names = zipfile.ZipFile(build_wheel(Path(tf2docs.__file__).parent, tmp_path)).namelist()
    assert "tf2docs/py.typed" in names


@pytest.mark.parametrize(
    ("settings", "urls"),
    [
        ({}, None),
        ({"REPOSITORY": "", "SITE": ""}, None),
        ({"SITE": "https://example.org/docs/"}, {"Documentation"}),
        ({"REPOSITORY": "https://example.org/a/b"}, {"Source", "Issues", "Changelog"}),
    ],
)
def test_addresses_come_from_settings_or_are_left_out(tmp_path, settings, urls):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    command = [sys.executable, ROOT / ".ci" / "addresses"]
    subprocess.run(command, cwd=tmp_path, env=settings, check=True)
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (set(project["urls"]) if "urls" in project else None) == urls


def test_publishing_is_off_until_somebody_turns_it_on_and_may_do_nothing_else():
    workflow = yaml.safe_load(RELEASE.read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    assert jobs["build"]["if"] == "vars.PUBLISH_PACKAGE == 'true'"
    assert jobs["publish"]["needs"] == "build"
    assert workflow["permissions"] == {}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    used = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
    assert used and all(len(name.partition("@")[2]) == 40 for name in used)
