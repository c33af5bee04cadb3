"""Do to other tools what `tests/pages/test_damage.py` does to our harness.

Count what they catch.

Each damage of its two tables is done to a copy of the sample site, which a real refresh has
recorded, and every other tool runs on the copy. A damage is caught if a test fails, or a page can't
be collected, where the undamaged site passes. Where it fails, and with which words, isn't asked of
the others. Of ours it is: what it catches is what the tests of that file find caught, in one run.

The tools, and how the pages are made fit for them (`adapting.py` has the details):

- `sybil`: stock Sybil with its `PythonCodeBlockParser` and `SkipParser`, claims rewritten as
  doctests.
- `sybil, pages as they are`: the same on the pages as they are, which is what a reader of its
  manual would get.
- `pytest-examples`: the test of its README with `run_print_check`, claims rewritten as `#>`
  comments. The blocks of a page share their names, as its `group` is for. On the pages as they are
  it passes nowhere.

They read the real data, since they have no other way to compare a number. Besides "caught" and
"missed" there is "unseen": the tool is given exactly what it is given of the undamaged site,
because it has nothing such as a record, a ledger or an option that could break, so it isn't run. It
counts as not caught, and is told apart for who wants to leave it out.

Takes some minutes; each run is a copy of this process, which has imported what runs need, so it
wants a system that forks. Needs `pip install pytest-examples` beside what the tests need.
"""

import argparse
import dataclasses
import datetime
import importlib.metadata
import importlib.util
import json
import os
import platform
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import matplotlib.pyplot  # noqa: F401 - once, for all copies of this process
import numpy  # noqa: F401
import pytest
import pytest_examples  # noqa: F401
import sybil.parsers.markdown  # noqa: F401
from adapting import Recorded, for_pytest_examples, for_sybil

from tf2docs.pages.reading.sealing import sealed
from tf2docs.pages.running.own_caches import use_own_caches

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "tests" / "pages"
RECORD = ROOT / "docs" / "records" / "comparison.json"

_OTHERS_OFF = ("-p", "no:tf2docs.pages.testing.plugin")
_SYBIL = """\
from doctest import ELLIPSIS

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

parsers = [PythonCodeBlockParser(doctest_optionflags=ELLIPSIS), SkipParser()]
pytest_collect_file = Sybil(parsers=parsers, patterns=["*.md"]).pytest()
"""
_PYTEST_EXAMPLES = """\
from collections import defaultdict

import pytest
from pytest_examples import CodeExample, EvalExample, find_examples

names = defaultdict(dict)  # of each page, which is a group


@pytest.mark.parametrize("example", find_examples("docs/zh", "docs/en"), ids=str)
def test_examples(example: CodeExample, eval_example: EvalExample):
    if ".norun" in example.prefix:
        pytest.skip("norun")
    known = names[example.group]
    known.update(eval_example.run_print_check(example, module_globals=dict(known)))
"""


@dataclasses.dataclass(frozen=True)
class Tool:
    """A tool: how it is set up on a site, and what pytest is called with."""

    name: str
    set_up: Callable[[Path, Recorded], None]
    arguments: tuple[str, ...]


def _set_up_sybil(root: Path, recorded: Recorded) -> None:
    _rewrite_pages(root, recorded, for_sybil)
    _set_up_plain_sybil(root, recorded)


def _set_up_plain_sybil(root: Path, recorded: Recorded) -> None:
    (root / "docs" / "conftest.py").write_text(_SYBIL)


def _set_up_pytest_examples(root: Path, recorded: Recorded) -> None:
    _rewrite_pages(root, recorded, for_pytest_examples)
    (root / "docs" / "conftest.py").unlink()
    (root / "test_examples.py").write_text(_PYTEST_EXAMPLES)


OURS = "tf2docs"
TOOLS = (
    Tool("sybil", _set_up_sybil, (*_OTHERS_OFF, "docs")),
    Tool("sybil, pages as they are", _set_up_plain_sybil, (*_OTHERS_OFF, "docs")),
    # --tb=line: its tracebacks of an example that raises break pytest 9 (INTERNALERROR) where they
    # are written out
    Tool(
        "pytest-examples", _set_up_pytest_examples, (*_OTHERS_OFF, "--tb=line", "test_examples.py")
    ),
)


class Comparison:
    """Runs the other tools on copies of one recorded site.

    Attributes:
        folder: Where copies are made.
        sample: The recorded site.
        recorded: What the blocks of its page print.
    """

    def __init__(self, folder: Path) -> None:
        """Record the sample site by a real refresh, and make sure that every tool passes it."""
        self.folder, self.sample = folder, folder / "recorded"
        shutil.copytree(PAGES / "sample", self.sample, ignore=shutil.ignore_patterns("__pycache__"))
        for option in ("--refresh", "--declare-equal"):
            command = [sys.executable, "-m", "pytest", "-q", option, "docs"]
            subprocess.run(command, cwd=self.sample, check=True, stdout=subprocess.DEVNULL)
        record = json.loads(
            (self.sample / "docs" / "records" / "lesson.json").read_text(encoding="utf-8")
        )
        self.recorded = [block["printed"] for block in record["blocks"]]
        self._undamaged: dict[str, dict[str, bytes]] = {}
        for tool in TOOLS:
            self._undamaged[tool.name], code, said = self._try(tool, lambda site: None)
            if code:
                raise SystemExit(f"{tool.name} fails on the undamaged site:\n{said}")

    def judge(self, tool: Tool, damage: object) -> str:
        """Whether a tool catches a damage: `caught`, `missed` or `unseen`."""
        given, code, said = self._try(tool, damage.change)
        if given == self._undamaged[tool.name]:
            return "unseen"
        if code > 2:  # a test failed with 1, a page couldn't be collected with 2
            raise SystemExit(f"{tool.name} can't be run on {damage.name!r}:\n{said}")
        return "caught" if code else "missed"

    def _try(self, tool: Tool, change: Callable) -> tuple[dict[str, bytes], int, str]:
        """What a tool is given to read once a copy is changed, how its run ends, what it says.

        It isn't run where it is given what it was given of the undamaged site.
        """
        root = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.sample, root, dirs_exist_ok=True)
        change(_load("conftest").SampleSite(root, None))
        environment = _real_data(root)
        tool.set_up(root, self.recorded)
        given = _readable(root)
        same = given == self._undamaged.get(tool.name)
        code, said = (0, "") if same else _run_pytest(root, tool.arguments, environment)
        shutil.rmtree(root)
        return given, code, said


def _run_pytest(root: Path, arguments: tuple[str, ...], environment: dict) -> tuple[int, str]:
    """How pytest ends in a copy of this process, and what it says."""
    says = root / "said.log"
    child = os.fork()
    if not child:
        signal.alarm(300)
        for name in ("conftest", "test_damage"):  # ours; a site has its own
            sys.modules.pop(name, None)
        out = os.open(says, os.O_WRONLY | os.O_CREAT)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.chdir(root)
        os.environ.update({"MPLBACKEND": "Agg"} | environment)
        sys.path.insert(0, str(root))
        options = ["-q", "-x", "-p", "no:cacheprovider", f"--rootdir={root}"]
        os._exit(pytest.main([*options, *arguments]))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code, says.read_text(encoding="utf-8", errors="replace")


def _caught_by_ours(damages: list) -> dict[str, str]:
    """What our harness catches, by name, as its own tests say: right item, line and words."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        command += ["-p", "no:cacheprovider", str(PAGES / "test_damage.py")]
        subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
        cases = list(ElementTree.parse(report).iter("testcase"))
    passed = {each.get("name", "").partition("[")[2][:-1] for each in cases if not len(each)}
    names = {
        each.name: f"{each.code}: {each.name}" if _is_drift(each) else each.name for each in damages
    }
    return {name: "caught" if item in passed else "missed" for name, item in names.items()}


def _is_drift(damage: object) -> bool:
    """Whether it is named though nothing is run."""
    return hasattr(damage, "code")


def _real_data(root: Path) -> dict[str, str]:
    """The data that the site's own conftest makes, damaged or not, and where to look for them."""
    folder = root / "data"
    folder.mkdir()
    return runpy.run_path(str(root / "docs" / "conftest.py"))["real_data"](folder).environment


def _rewrite_pages(root: Path, recorded: Recorded, form: Callable[[str, Recorded], str]) -> None:
    for page in (root / "docs").rglob("*.md"):
        text = page.read_text(encoding="utf-8", errors="surrogateescape")
        page.write_text(form(text, recorded), encoding="utf-8", errors="surrogateescape")


def _readable(root: Path) -> dict[str, bytes]:
    """Every page, module and data file: what a tool that runs the pages' code reads."""
    paths = (path for path in root.rglob("*") if path.suffix in (".md", ".py", ".txt"))
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def _load(name: str) -> ModuleType:
    """A module of the harness's own tests, which are no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, PAGES / f"{name}.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def compare(damages: list) -> list[dict[str, str]]:
    """Try every damage with every tool.

    Returns:
        A row for each damage: its name, and what became of it by tool.
    """
    ours = _caught_by_ours(damages)
    with tempfile.TemporaryDirectory(prefix="compare-tools-") as folder:
        comparison = Comparison(Path(folder))
        return [
            {"damage": damage.name, OURS: ours[damage.name]}
            | {tool.name: comparison.judge(tool, damage) for tool in TOOLS}
            for damage in damages
        ]


def summarize(table: list[dict[str, str]]) -> dict:
    """The table with its totals, versions and date, as it is kept."""
    verdicts = ("caught", "missed", "unseen")
    counts = {
        name: {each: sum(row[name] == each for row in table) for each in verdicts}
        for name in _names()
    }
    versions = {
        name: importlib.metadata.version(name)
        for name in ("tf2docs", "sybil", "pytest-examples", "pytest")
    }
    return {
        "date": datetime.date.today().isoformat(),
        "versions": {"python": platform.python_version(), **versions},
        "damages": len(table),
        "counts": counts,
        "table": table,
    }


def _names() -> list[str]:
    return [OURS, *(tool.name for tool in TOOLS)]


def show(summary: dict) -> str:
    """The table and its totals as text."""
    width = max(len(row["damage"]) for row in summary["table"]) + 2
    names = _names()
    rows = [f"{'':{width}}" + "".join(f"{name:>26}" for name in names)]
    rows += [
        f"{row['damage']:{width}}" + "".join(f"{row[name]:>26}" for name in names)
        for row in summary["table"]
    ]
    for name, count in summary["counts"].items():
        given = summary["damages"] - count["unseen"]
        rows.append(
            f"{name}: caught {count['caught']} of {summary['damages']}, {given} of which it "
            "was shown"
        )
    return "\n".join(rows)


def main() -> None:
    """Compare, print the table, keep it."""
    use_own_caches()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "-k", default="", metavar="WORDS", help="only damages whose name holds these; keeps nothing"
    )
    parser.add_argument(
        "--record", type=Path, default=RECORD, help=f"where to keep the table ({RECORD})"
    )
    arguments = parser.parse_args()
    tables = _load("test_damage")
    damages = [each for each in (*tables.DAMAGES, *tables.DRIFTS) if arguments.k in each.name]
    summary = summarize(compare(damages))
    print(show(summary))
    if not arguments.k:
        arguments.record.write_text(sealed(summary), encoding="utf-8")


if __name__ == "__main__":
    main()
