"""Pages that misbehave in every way we could think of.

None passes falsely, none hangs, none leaves a process.
"""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tf2docs.pages.running.jobs import Job, Step
from tf2docs.pages.running.runner import Runner

LIMIT = 2.0
PAGES = Path(__file__).with_name("misbehaving.md").read_text(encoding="utf-8").split("\n## ")[1:]
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="pages are watched over on Linux"
)


@dataclass(frozen=True)
class Case:
    """A page of `misbehaving.md`, and what is said of it: `block 1`, `prints`, …"""

    name: str
    blocks: tuple[str, ...]
    said: dict[str, str]

    @classmethod
    def read(cls, text):
        prose, *fences = text.split("```python\n")
        said = dict(re.findall(r"^- (.+?)(?:: (.*))?$", prose, re.MULTILINE))
        return cls(
            prose.partition("\n")[0], tuple(fence.partition("```")[0] for fence in fences), said
        )

    @property
    def verdicts(self):
        """What must become of the blocks.

        `ran`, `not run`, or how the reason begins for which one fails: `this | that` where
        either may be seen first.
        """
        failing = next(
            (number for number in range(len(self.blocks)) if f"block {number + 1}" in self.said),
            None,
        )
        if failing is None:
            return ["ran"] * len(self.blocks)
        behind = len(self.blocks) - failing - 1
        return ["ran"] * failing + [self.said[f"block {failing + 1}"]] + ["not run"] * behind

    def options(self):
        raises, expression = self.said.get("raises"), self.said.get("expressions")
        return {"raises": raises, "expressions": (expression,) if expression else ()}


CASES = [Case.read(text) for text in PAGES]


@pytest.fixture(scope="module")
def runner():
    return Runner()


@pytest.mark.parametrize("walled", [True, False], ids=["walls", "no walls"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_no_page_passes_falsely_or_hangs_or_leaves_a_process(
    runner, processes_of, tmp_path, case, walled
):
    if "walls only" in case.said and not walled:
        pytest.skip("only walls keep a page from that")
    waits = any(verdict.startswith("ended") for verdict in case.verdicts)
    runner.time_limit = LIMIT if waits else 10 * LIMIT  # a busy machine is no failure
    start = time.monotonic()
    ran = runner.run(job(tmp_path, case, walled))
    assert time.monotonic() - start < runner.time_limit + 12
    told = [
        outcome.reason if outcome.status == "failed" else outcome.status for outcome in ran.outcomes
    ]
    assert len(told) == len(case.blocks)
    if "any verdict" in case.said:
        # one block fails, at most
        assert told.count("ran") + told.count("not run") >= len(told) - 1
    else:
        meets = [
            says.startswith(tuple(verdict.split(" | ")))
            for says, verdict in zip(told, case.verdicts, strict=True)
        ]
        assert all(meets), told
    if "prints" in case.said:
        assert ran.outcomes[-1].printed == f"{case.said['prints']}\n"
    assert all(
        len(outcome.reason + outcome.printed + outcome.errors) < 20_000 for outcome in ran.outcomes
    )
    assert list(processes_of(tmp_path)) == []


def job(folder, case, walled):
    steps, lines = [], []
    for code in case.blocks:
        lines += [""] * 3
        steps.append(Step(code, len(lines), **case.options()))
        lines += code.split("\n")
    tangled = folder / "page.py"
    tangled.write_text("\n".join(lines), encoding="utf-8")
    return Job("page", tuple(steps), tangled, folder, walled=walled)


def test_processes_of_a_folder_are_found(processes_of, tmp_path):
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as process:
        found = list(processes_of(tmp_path))
        process.kill()
    assert found == [str(process.pid)]
