"""Do to other tools what `tests/pages/test_damage.py` does to our harness.

Count what they catch.

Each damage of the table is done to a copy of the sample site, which a real refresh has recorded,
and every tool runs on the copy. A damage is caught if a test fails, or a page can't be collected,
where the undamaged site passes. Where it fails, and with which words, isn't asked of the others.

The tools, and how the pages are made fit for them (`adapting.py` has the details):

- `tf2docs`: our harness with the options that the damage's own row names.
- `sybil`: stock Sybil with its `PythonCodeBlockParser` and `SkipParser`, claims rewritten as
  doctests.
- `sybil, pages as they are`: the same on the pages as they are, which is what a reader of its
  manual would get.
- `pytest-examples`: the test of its README with `run_print_check`, claims rewritten as `#>`
  comments. The blocks of a page share their names, as its `group` is for. On the pages as they are
  it passes nowhere.

All but ours read the real data, since they have no other way to compare a number. Besides "caught"
and "missed" there is "unseen": the tool is given exactly what it is given of the undamaged site,
because it has nothing such as a record, a ledger or an option that could break. It counts as not
caught, and is told apart for who wants to leave it out.

Takes some minutes. Needs `pip install pytest-examples` beside what the tests need.
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
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

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
    """A tool: how it is set up on a site, what pytest is called with, and whether it is ours."""

    name: str
    set_up: Callable[[Path, Recorded], None]
    arguments: tuple[str, ...]
    ours: bool = False


def _set_up_sybil(root: Path, recorded: Recorded) -> None:
    _rewrite_pages(root, recorded, for_sybil)
    _set_up_plain_sybil(root, recorded)


def _set_up_plain_sybil(root: Path, recorded: Recorded) -> None:
    (root / "docs" / "conftest.py").write_text(_SYBIL)


def _set_up_pytest_examples(root: Path, recorded: Recorded) -> None:
    _rewrite_pages(root, recorded, for_pytest_examples)
    (root / "docs" / "conftest.py").unlink()
    (root / "test_examples.py").write_text(_PYTEST_EXAMPLES)


TOOLS = (
    Tool("tf2docs", lambda root, recorded: None, ("docs",), ours=True),
    Tool("sybil", _set_up_sybil, (*_OTHERS_OFF, "docs")),
    Tool("sybil, pages as they are", _set_up_plain_sybil, (*_OTHERS_OFF, "docs")),
    # --tb=line: its tracebacks of an example that raises break pytest 9 (INTERNALERROR) where they
    # are written out
    Tool(
        "pytest-examples", _set_up_pytest_examples, (*_OTHERS_OFF, "--tb=line", "test_examples.py")
    ),
)


class Comparison:
    """Runs every tool on copies of one recorded site.

    Attributes:
        folder: Where copies are made.
        sample: The recorded site.
        recorded: What the blocks of its page print.
    """

    def __init__(self, folder: Path) -> None:
        """Record the sample site by a real refresh."""
        self.folder, self.sample = folder, folder / "recorded"
        shutil.copytree(PAGES / "sample", self.sample, ignore=shutil.ignore_patterns("__pycache__"))
        for option in ("--refresh", "--declare-equal"):
            run = _pytest(self.sample, (option, "docs"))
            if run.returncode:
                raise SystemExit(f"pytest {option} failed on the sample site:\n{run.stdout}")
        record = json.loads(
            (self.sample / "docs" / "records" / "lesson.json").read_text(encoding="utf-8")
        )
        self.recorded = [block["printed"] for block in record["blocks"]]
        self._undamaged: dict[str, dict[str, bytes]] = {}

    def check_undamaged(self, options: Iterable[tuple[str, ...]]) -> None:
        """Make sure that the undamaged site passes.

        It is tried with each set of options that damages are tried with.
        """
        for tool in TOOLS:
            for each in set(options) if tool.ours else {()}:
                self._undamaged[tool.name], run = self._try(tool, _nothing, each)
                if run.returncode:
                    raise SystemExit(f"{tool.name} fails on the undamaged site:\n{run.stdout}")

    def judge(self, tool: Tool, damage: object) -> str:
        """Whether a tool catches a damage: `caught`, `missed` or `unseen`."""
        given, run = self._try(tool, damage.change, damage.options if tool.ours else ())
        if run.returncode in (1, 2):  # a test failed, or a page couldn't be collected
            return "caught"
        if run.returncode:
            raise SystemExit(
                f"{tool.name} can't be run on {damage.name!r}:\n{run.stdout}{run.stderr}"
            )
        return "unseen" if not tool.ours and given == self._undamaged[tool.name] else "missed"

    def _try(
        self, tool: Tool, change: Callable, options: tuple[str, ...]
    ) -> tuple[dict[str, bytes], subprocess.CompletedProcess[str]]:
        """What a tool is given to read once a copy is changed, and how its run ends."""
        root = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.sample, root, dirs_exist_ok=True)
        change(_load("conftest").SampleSite(root, None))
        environment = {} if tool.ours else _real_data(root)
        tool.set_up(root, self.recorded)
        given = _readable(root)
        run = _pytest(root, (*options, *tool.arguments), environment)
        shutil.rmtree(root)
        return given, run


def _nothing(site: object) -> None:
    """Leave the site as it is."""


def _pytest(
    root: Path, arguments: tuple[str, ...], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        f"--rootdir={root}",
    ]
    if "--refresh" in arguments or "--declare-equal" in arguments:
        command.remove("-x")
    variables = os.environ | {"MPLBACKEND": "Agg"} | (environment or {})
    return subprocess.run(
        [*command, *arguments], cwd=root, env=variables, capture_output=True, text=True, timeout=300
    )


def _real_data(root: Path) -> dict[str, str]:
    """The data that the site's own conftest makes, damaged or not, and where to look for them."""
    folder = root / "data"
    folder.mkdir()
    return runpy.run_path(str(root / "docs" / "conftest.py"))["real_data"](folder).environment


def _rewrite_pages(root: Path, recorded: Recorded, form: Callable[[str, Recorded], str]) -> None:
    for page in (root / "docs").rglob("*.md"):
        page.write_text(form(page.read_text(encoding="utf-8"), recorded), encoding="utf-8")


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


def compare(damages: list, at_once: int) -> list[dict[str, str]]:
    """Try every damage with every tool.

    Returns:
        A row for each damage: its name, and what became of it by tool.
    """
    with (
        tempfile.TemporaryDirectory(prefix="compare-tools-") as folder,
        ThreadPoolExecutor(at_once) as pool,
    ):
        comparison = Comparison(Path(folder))
        comparison.check_undamaged({damage.options for damage in damages})
        verdicts = pool.map(
            lambda pair: comparison.judge(*pair),
            [(tool, each) for each in damages for tool in TOOLS],
        )
        return [
            {"damage": damage.name} | {tool.name: next(verdicts) for tool in TOOLS}
            for damage in damages
        ]


def summarize(table: list[dict[str, str]]) -> dict:
    """The table with its totals, versions and date, as it is kept."""
    verdicts = ("caught", "missed", "unseen")
    counts = {
        tool.name: {each: sum(row[tool.name] == each for row in table) for each in verdicts}
        for tool in TOOLS
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


def show(summary: dict) -> str:
    """The table and its totals as text."""
    width = max(len(row["damage"]) for row in summary["table"]) + 2
    names = [tool.name for tool in TOOLS]
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
        "-n", type=int, default=os.cpu_count(), metavar="N", help="how many runs at a time"
    )
    parser.add_argument(
        "-k", default="", metavar="WORDS", help="only damages whose name holds these; keeps nothing"
    )
    parser.add_argument(
        "--record", type=Path, default=RECORD, help=f"where to keep the table ({RECORD})"
    )
    arguments = parser.parse_args()
    damages = [damage for damage in _load("test_damage").DAMAGES if arguments.k in damage.name]
    summary = summarize(compare(damages, arguments.n))
    print(show(summary))
    if not arguments.k:
        arguments.record.write_text(sealed(summary), encoding="utf-8")


if __name__ == "__main__":
    main()
