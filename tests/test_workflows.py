"""What the workflows name is there: no host has to fail first."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

from tf2docs.pages.testing.sharding import share

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WEEKLY = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_scripts_that_a_workflow_names_can_be_run(workflow):
    for name in re.findall(r"\.ci/\w+", workflow.read_text(encoding="utf-8")):
        assert os.access(ROOT / name, os.X_OK), name


def test_every_script_has_a_workflow():
    named = {
        name
        for workflow in WORKFLOWS
        for name in re.findall(r"\.ci/(\w+)", workflow.read_text(encoding="utf-8"))
    }
    assert named == {script.name for script in (ROOT / ".ci").iterdir()}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_what_fails_in_a_pipeline_fails(workflow):
    """A shell that isn't named has no pipefail, and `| tee` ends well whatever it was told."""
    settings = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    steps = [step for job in settings["jobs"].values() for step in job["steps"]]
    pipes = [step for step in steps if re.search(r"(?<!\|)\|(?!\|)", step.get("run", ""))]
    shell = settings.get("defaults", {}).get("run", {}).get("shell")
    assert all(step.get("shell", shell) == "bash" for step in pipes), pipes


def test_the_modules_that_lessons_quote_are_mutated():
    """Those of one file with tests of its own; a folder takes longer than a job may."""
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md")]
    quoted = {name for text in pages for name in re.findall(r"^ *tf2docs\.(\w+)\.\w+$", text, re.M)}
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    files = {path.stem for path in (ROOT / "tf2docs").glob("*.py")}
    matrix = WEEKLY["jobs"]["mutants"]["strategy"]["matrix"]["module"]
    assert matrix == sorted(quoted & tested & files)


def test_the_shards_are_all_there_and_end_in_time():
    """On a machine half as fast as those that recorded, with ten minutes to install and to load."""
    full = WEEKLY["jobs"]["full"]
    shards = full["strategy"]["matrix"]["shard"]
    assert shards == [f"{number}/{len(shards)}" for number in range(1, len(shards) + 1)]
    records = [json.loads(path.read_text()) for path in (ROOT / "docs/records").rglob("*.json")]
    weights = {str(place): each.get("seconds", 0) for place, each in enumerate(records)}
    heaviest = max(sum(map(weights.get, names)) for names in share(weights, len(shards)))
    assert 2 * heaviest / 60 + 10 <= full["timeout-minutes"]
