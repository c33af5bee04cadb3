"""What the workflows name is there: no host has to fail first."""

import os
import re
from pathlib import Path

import pytest
import yaml

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


@pytest.mark.parametrize("module", WEEKLY["jobs"]["mutants"]["strategy"]["matrix"]["module"])
def test_a_module_that_is_mutated_has_tests_of_its_own(module):
    assert (ROOT / "tf2docs" / f"{module}.py").is_file()
    assert (ROOT / "tests" / f"test_{module}.py").is_file()
