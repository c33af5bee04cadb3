"""Measure, in one run and side by side, what it costs to run pages as tests.

1. A page of 200 trivial blocks, and a TensorFlow page (the code of the beginner's tutorial on a
   small stand-in for its data), each as a plain script, with stock Sybil, and with our harness:
   wall seconds and ratios. The three take turns, and the median of several rounds counts, so that
   whatever else the machine does hits all three alike. On a machine that others use, the least of
   each is the better witness.
2. 10, 100 and 1000 trivial pages in two languages with our harness: executed by one process and by
   two (`-n 2`), and with `--changed` after they passed, when they are compared with their records
   alone. A `tensorflow` that does nothing but leave a mark when any process imports it shows
   whether that needed TensorFlow.

Figures of one run can be compared with each other, not with those of another machine or hour.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tf2docs.datasets import save_stand_in
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.running.own_caches import use_own_caches

ROOT = Path(__file__).parents[2]
TENSORFLOW_PAGE = "start/beginner"
QUIET = {"KERAS_BACKEND": "tensorflow", "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "2"}

_SYBIL = """\
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

pytest_collect_file = Sybil(parsers=[PythonCodeBlockParser()], patterns=["*.md"]).pytest()
"""
_HARNESS = """\
from pathlib import Path

from tf2docs.pages import Site, pages_as_tests

pytest_collect_file = pages_as_tests(Site(docs=Path(__file__).parent, {settings}))
"""
_MARKING = """\
from pathlib import Path

Path(__file__).parents[1].joinpath("tensorflow-was-imported").touch()


class config:  # our harness asks for the devices
    list_physical_devices = staticmethod(lambda kind: [])
"""


@dataclass(frozen=True)
class Contender:
    """A way to run a page: its name, the command, where, and with which environment."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]

    def seconds(self) -> float:
        """Run it once; it must succeed."""
        start = time.perf_counter()
        run = subprocess.run(
            self.command,
            cwd=self.folder,
            env=os.environ | QUIET | self.environment,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise SystemExit(f"{self.name} failed:\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
        return time.perf_counter() - start


def trivial_page(blocks: int, print_every: int) -> str:
    """A page of `x = 1`; each so many blocks one prints, and claims what."""
    fences = ["```python\nx = 1\n```" for _ in range(blocks)]
    for place in range(print_every - 1, blocks, print_every):
        fences[place] = f'```python\nprint("block", {place})\n```\n\n```output\nblock {place}\n```'
    body = "\n\n".join(fences)
    return (
        "---\ntitle: Trivial\ndescription: Nothing to learn.\n---\n\n# Trivial { #trivial }\n\n"
        f"{body}\n"
    )


def write_site(
    root: Path, pages: Mapping[str, str], settings: str = "", languages: tuple[str, ...] = ("en",)
) -> Path:
    """Write a site that our harness tests.

    It has a configuration of its own, so that no other is found.
    """
    for name, text in pages.items():
        for language in languages:
            page = root / "docs" / language / f"{name}.md"
            page.parent.mkdir(parents=True, exist_ok=True)
            page.write_text(text, encoding="utf-8")
    conftest = root / "docs" / "conftest.py"
    conftest.write_text(_HARNESS.format(settings=f"languages={languages}, {settings}"))
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p tf2docs.pages.testing.plugin\n")
    return root


def pytest_command(*options: str, cache: bool = False) -> tuple[str, ...]:
    """How pytest is called."""
    return (
        sys.executable,
        "-m",
        "pytest",
        "-q",
        *([] if cache else ["-p", "no:cacheprovider"]),
        *options,
        "docs",
    )


def record(root: Path) -> None:
    """Record a site by a real refresh, and declare its languages equal."""
    for option in ("--refresh", "--declare-equal"):
        Contender(f"pytest {option}", pytest_command(option), root, {}).seconds()


def plain_blocks(page: Page) -> list[str]:
    """The code of a page's blocks for who knows no options.

    An exception that is meant is caught.
    """
    return [
        _caught(block.fence.text, block.raises)
        for block in page.blocks
        if block.skip_reason is None
    ]


def _caught(code: str, exception: str | None) -> str:
    if exception is None:
        return code
    body = "".join(f"    {line}\n" for line in code.splitlines())
    return f"import contextlib\n\nwith contextlib.suppress({exception}):\n{body}"


def others(folder: Path, page: Page, environment: Mapping[str, str]) -> list[Contender]:
    """A page as a plain script and for stock Sybil."""
    blocks, root = plain_blocks(page), folder / "sybil"
    (folder / "page.py").write_text("\n".join(blocks), encoding="utf-8")
    write_site(root, {"page": "\n\n".join(f"```python\n{code}```" for code in blocks)})
    (root / "docs" / "conftest.py").write_text(_SYBIL)
    return [
        Contender("plain script", (sys.executable, "page.py"), folder, environment),
        Contender(
            "stock Sybil",
            pytest_command("-p", "no:tf2docs.pages.testing.plugin"),
            root,
            environment,
        ),
    ]


def trivial_contenders(folder: Path, blocks: int) -> list[Contender]:
    """The ways to run a page of trivial blocks."""
    root = write_site(folder / "ours", {"page": trivial_page(blocks, 10)})
    record(root)
    page = read_page(root / "docs" / "en" / "page.md", "page")
    return [*others(folder, page, {}), Contender("our harness", pytest_command(), root, {})]


def tensorflow_contenders(folder: Path) -> list[Contender]:
    """The ways to run the TensorFlow page.

    Our harness makes its small data itself, as it always does.
    """
    save_stand_in(folder / "data")
    root = folder / "ours"
    shutil.copytree(ROOT / "docs", root / "docs")
    (root / "pytest.ini").write_text("[pytest]\naddopts = -p tf2docs.pages.testing.plugin\n")
    source = Path("zh", f"{TENSORFLOW_PAGE}.md")
    ours = Contender("our harness", (*pytest_command()[:-1], str(Path("docs") / source)), root, {})
    page = read_page(root / "docs" / source, "page")
    return [*others(folder, page, {"TF2DOCS_DATA": str(folder / "data")}), ours]


def side_by_side(title: str, contenders: list[Contender], rounds: int) -> dict[str, float]:
    """Let contenders take turns, after a round that only warms up.

    Print medians and ratios to the first.
    """
    for contender in contenders:
        contender.seconds()
    rows = [[contender.seconds() for contender in contenders] for _ in range(rounds)]
    columns = list(zip(*rows, strict=True))
    medians = [statistics.median(times) for times in columns]
    print(
        f"\n{title}, {rounds} rounds",
        f"{'':16}{'median':>10}{'ratio':>8}{'least':>10}{'ratio':>8}",
        sep="\n",
    )
    for contender, times, median in zip(contenders, columns, medians, strict=True):
        ratio = statistics.median(
            mine / first for mine, first in zip(times, columns[0], strict=True)
        )
        least = min(times) / min(columns[0])
        print(
            f"{contender.name:16}{median:9.2f}s{ratio:8.2f}{min(times):9.2f}s{least:8.2f}",
            flush=True,
        )
    return dict(zip((contender.name for contender in contenders), medians, strict=True))


def measure_trivial(folder: Path, rounds: int) -> None:
    """A page of 200 trivial blocks, and of one for what is paid once."""
    one = side_by_side("a page of 1 trivial block", trivial_contenders(folder / "one", 1), rounds)
    many = side_by_side(
        "a page of 200 trivial blocks", trivial_contenders(folder / "many", 200), rounds
    )
    for name in one:
        print(f"{name:16}{1000 * (many[name] - one[name]) / 199:9.2f} ms for each block more")


def many_pages(folder: Path, count: int) -> Path:
    """A site of trivial pages in two languages, each with the record of one that was really run."""
    text, settings = trivial_page(3, 3), 'preload=("tensorflow",)'
    root = write_site(folder / str(count), {"page0": text}, settings, ("zh", "en"))
    _write_marking_tensorflow(root)
    record(root)
    write_site(root, {f"page{number}": text for number in range(count)}, settings, ("zh", "en"))
    for kept in (*root.glob("docs/records/*"), *root.glob("docs/ledger/*")):
        for number in range(1, count):
            shutil.copy(kept, kept.with_name(f"page{number}{kept.suffix}"))
    return root


def _write_marking_tensorflow(root: Path) -> None:
    (root / "tensorflow").mkdir()
    (root / "tensorflow" / "__init__.py").write_text(_MARKING)


def measure_many(folder: Path, counts: list[int]) -> None:
    """What pages cost, executed and with `--changed` compared with their records alone."""
    print(
        "\ntrivial pages × 2 languages, 3 blocks each\n"
        f"{'':8}{'executed':>10}{'a block':>12}{'a page':>11}{'-n 2':>10}",
        end="",
    )
    print(f"{'--changed':>12}{'a page':>11}  TensorFlow imported")
    for count in counts:
        root = many_pages(folder, count)
        mark = root / "tensorflow-was-imported"
        executed = _pass(root, "pytest", mark)
        assert mark.exists(), "the executed run must import tensorflow, or the mark proves nothing"
        shared = _pass(root, "pytest -n 2", mark, "-n", "2")
        compared = _pass(root, "pytest --changed", mark, "--changed")
        each = 1000 / count
        row = f"{count:<8}{executed:9.2f}s{executed * each / 3:9.2f} ms{executed * each:8.2f} ms"
        row += f"{shared:9.2f}s{compared:11.2f}s{compared * each:8.2f} ms"
        print(f"{row}  {'yes' if mark.exists() else 'no'}")


def _pass(root: Path, name: str, mark: Path, *options: str) -> float:
    mark.unlink(missing_ok=True)
    return Contender(name, pytest_command(*options, cache=True), root, {}).seconds()


def main() -> None:
    """Measure what is asked for."""
    use_own_caches()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", help="trivial, tensorflow, many (default: all)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds side by side (default: 5)")
    parser.add_argument(
        "--pages", type=int, nargs="+", default=[10, 100, 1000], help="how many trivial pages"
    )
    arguments = parser.parse_args()
    parts: dict[str, Callable[[Path], object]] = {
        "trivial": lambda folder: measure_trivial(folder, arguments.rounds),
        "tensorflow": lambda folder: side_by_side(
            f"{TENSORFLOW_PAGE} on small data", tensorflow_contenders(folder), arguments.rounds
        ),
        "many": lambda folder: measure_many(folder, arguments.pages),
    }
    for name in arguments.parts or parts:
        with tempfile.TemporaryDirectory(prefix="run-pages-") as folder:
            parts[name](Path(folder))


if __name__ == "__main__":
    main()
