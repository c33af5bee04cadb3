"""What the harness promises of the real site stays promised; nothing is run, all of it is read.

A setting of `docs/conftest.py`, a tolerance or a gap could be made so wide that nothing can fail
any more, and every page would pass. What is pinned here says so.
"""

import ast
import inspect
import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import tf2docs.pages
from tf2docs.pages.checking.checks import Checks
from tf2docs.pages.comparing import (
    DEFAULT_RTOL,
    agrees,
    exact,
    hides_parts_of_lines,
    within,
)
from tf2docs.pages.linting.catalogue import CODES
from tf2docs.pages.reading.records import RecordedBlock, readable_record
from tf2docs.pages.running.session import Options
from tf2docs.pages.testing.parts import find_parts

ROOT = Path(__file__).parents[2]
DAMAGES = ROOT / "tests/pages/test_damage.py"
DIGITS = re.compile(r"(?<![\w.])[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?(?!\w|\.\d)", re.ASCII)

FEWEST_PARTS = {"page": 156, "python": 2840, "output": 2560, "source": 66, "symbol": 1350}
FEWEST_PARTS |= {"number": 140, "figure": 218}
FEWEST_TESTS, FEWEST_DOCTESTS, FEWEST_DAMAGES = 1400, 110, 148
FEWEST_DRIFTS = 89
MOST_VARYING, MOST_WITH_GAPS, MOST_CUT = 90, 78, 28
"""Blocks and outputs of one language whose numbers, or some of them, are never compared.

And outputs that leave out whole lines.
"""


@pytest.fixture(scope="module")
def site():
    """The site that `docs/conftest.py` describes."""
    described = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tf2docs.pages, "pages_as_tests", described.append)
        runpy.run_path(str(ROOT / "docs/conftest.py"))
    return described[0]


@pytest.fixture(scope="module")
def pages(site):
    return [site.read(path) for path in site.paths("en")]


@pytest.fixture(scope="module")
def outputs(site, pages):
    """Each block that has an output and was recorded as it stands, with its record and a place."""
    found = []
    for page in pages:
        record = readable_record(site.record(site.name_of(page.path)))
        checks = Checks(site, page, record, None)
        for block in page.blocks:
            recorded = checks._recorded(block)
            if block.output and isinstance(recorded, RecordedBlock):
                found.append((f"{page.label}:{block.output.line}", block, recorded))
    return found


def mutations(text):
    """A text with the first digit of one number after the other turned into one far away."""
    for found in DIGITS.finditer(text):
        place = re.search(r"[1-9]|\d", found[0]).start() + found.start()
        digit = (int(text[place]) + 5) % 10
        yield found[0], f"{text[:place]}{digit}{text[place + 1 :]}"


def test_the_settings_of_the_site_are_these(site):
    assert site.languages == ("zh", "en")
    assert dict(site.symbols) == {"tf": "tensorflow", "keras": "keras", "tf2docs": "tf2docs"}
    assert site.versions == ("tensorflow", "keras", "numpy")
    assert site.packages == ("tf2docs",)
    assert len(site.plumbing) <= 41
    assert site.most_skips == 0
    assert site.ignore == ()
    assert site.small_data is not None
    assert set(site.preload) >= {"tensorflow", "keras"}


def test_plumbing_is_loading_writing_drawing_and_seeding(site):
    homes = {name.rpartition(".")[0] for name in site.plumbing}
    assert homes <= {
        f"tf2docs.{each}"
        for each in (
            "browser",
            "datasets",
            "diagrams",
            "installing",
            "migrate.old_models",
            "pages",
            "plotting",
            "runtime",
        )
    }


def test_the_time_limit_and_the_tolerances_are_these(pytestconfig):
    assert "tf2docs.pages.testing.plugin" in pytestconfig.getini("addopts")
    assert pytestconfig.getini("testpaths") == ["docs", "tests", "tf2docs"]
    assert Options().time_limit == 600
    assert DEFAULT_RTOL == 1e-4
    assert inspect.signature(within).parameters["atol"].default == 0


def test_a_number_that_is_wrong_on_a_page_is_red(outputs):
    """No `...` and no rounding hides a number that a page shows from its record."""
    blind = [
        f"{place}: {number}"
        for place, block, recorded in outputs
        for number, mutated in mutations(block.output.text)
        if agrees(mutated, recorded.text, exact)
    ]
    assert blind == []


def test_a_number_that_a_run_gives_otherwise_is_red(outputs):
    """No tolerance is so wide that a page passes whatever its code computes."""
    blind = [
        f"{place}: {number} may be anything for {block.output.options or block.fence.options}"
        for place, block, recorded in outputs
        if not block.varies and not hides_parts_of_lines(block.output.text)
        for number, mutated in mutations(recorded.text)
        if abs(float(number)) > 1e-15  # what rounding leaves of a zero is zero
        and agrees(recorded.text, mutated, block.closeness(), gaps=False)
    ]
    assert blind == []


def test_few_blocks_vary_and_few_outputs_have_gaps(pages):
    blocks = [block for page in pages for block in page.blocks]
    assert sum(block.varies for block in blocks) <= MOST_VARYING
    shown = [block.output.text for block in blocks if block.output]
    assert sum(map(hides_parts_of_lines, shown)) <= MOST_WITH_GAPS
    assert sum("..." in map(str.strip, text.split("\n")) for text in shown) <= MOST_CUT


def test_a_block_that_varies_shows_numbers(pages):
    """`.varies` on what has no number guards nothing and hides what comes later."""
    idle = [
        f"{page.label}:{block.fence.line}"
        for page in pages
        for block in page.blocks
        if block.varies and block.output and not DIGITS.search(block.output.text)
    ]
    assert idle == []


def test_there_are_as_many_parts_of_each_kind_as_before(site, pages):
    twins = [site.read(path) for path in site.paths("zh")]
    parts = Counter(part.kind for page in (*pages, *twins) for part in find_parts(site, page))
    assert {kind: parts[kind] for kind, least in FEWEST_PARTS.items() if parts[kind] < least} == {}


def test_there_are_as_many_tests_doctests_and_damages_as_before():
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    assert sum(len(re.findall(r"^ *def test_", text, re.M)) for text in tests) >= FEWEST_TESTS
    assert sum(map(doctests_in, (ROOT / "tf2docs").rglob("*.py"))) >= FEWEST_DOCTESTS
    damages = DAMAGES.read_text("utf-8")
    assert len(re.findall(r"^    Damage\(", damages, re.M)) >= FEWEST_DAMAGES
    drifts = Counter(re.findall(r'^    Drift\(\s*"([\w-]+)"', damages, re.M))
    assert sum(drifts.values()) >= FEWEST_DRIFTS
    assert set(drifts) == set(CODES)


def test_the_checks_without_a_run_are_cheap():
    """2 s for 650 kB, half as much again for a busy machine; in a process that read no page yet."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/benchmarks/static_checks.py")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    took, allowed = re.search(r"([\d.]+) s  all together, of ([\d.]+) s", done.stdout).groups()
    assert float(took) < 1.5 * float(allowed), done.stdout


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_front_page_counts_what_there_is(site, pages, language):
    """Never more than there is, and not so little that the number has grown old."""
    front = site.page(language, "index").read_text("utf-8")
    said = [int(number.replace(",", "")) for number in re.findall(r"\*\*([\d,]+)\+\*\*", front)]
    blocks = sum(block.skip_reason is None for page in pages for block in page.blocks)
    damages = len(re.findall(r"^    Damage\(", DAMAGES.read_text("utf-8"), re.M))
    for number, counted in zip(said, (blocks, damages), strict=True):
        assert number <= counted < 2 * number


def doctests_in(path):
    kinds = ast.FunctionDef | ast.ClassDef | ast.Module
    nodes = (
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kinds)
    )
    return sum(">>>" in (ast.get_docstring(node) or "") for node in nodes)


@pytest.mark.parametrize(
    "step",
    [
        "grep --max-count=1 --fixed-strings '[test]' README.md",
        'bash -c "${command/\\[test\\]/[test,browser]}"',
        ".venv/bin/ruff check .",
        ".venv/bin/ruff format --check .",
        ".venv/bin/mypy",
        ".venv/bin/zizmor --quiet --offline .github",
        '.venv/bin/pytest -n 2 --full --budget "$budget" docs',
        '"$apart/venv/bin/mkdocs" build --strict',
        "set -euo pipefail",
        'exit "${failed:-0}"',
    ],
)
def test_what_must_hold_before_a_change_lands_holds_its_steps(step):
    lines = (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert any(line.strip().startswith(step) or f"$({step}" in line for line in lines)


def test_the_command_of_the_readme_runs_the_tests():
    (command,) = re.findall(r"^.*\[test\].*$", (ROOT / "README.md").read_text("utf-8"), re.M)[:1]
    assert ".venv/bin/pytest" in command
    assert not re.search(r"-k|--deselect|--ignore|\|\|", command)
