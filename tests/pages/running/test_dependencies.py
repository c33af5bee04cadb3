"""With `--changed`, whatever a verdict rests on makes the page run again once it changed.

What means nothing not.
"""

import datetime
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tf2docs.pages.running import dependencies

CONFTEST = """
from pathlib import Path
from tf2docs.pages import Data, Site, pages_as_tests

def data(folder):
    (folder / "numbers.txt").write_text(Path("numbers.csv").read_text())
    name, word = Path("word.txt").read_text().split()
    return Data({"NUMBERS": str(folder / "numbers.txt"), name: word})

pytest_collect_file = pages_as_tests(Site(
    docs=Path(__file__).parent, languages=("en",), small_data=data, real_data=data,
    symbols={"json": "json"}, versions=("numpy",), most_skips=1,
))
"""
PAGE = """\
---
title: A page
description: What it rests on.
---

# A page {{ #page }}

Words about `json.loads`.

```python {{.varies}}
{code}
print("one", 1, "two")  # for json.dumps
```

```output
one 1 ...
```

It is 1.0<!--= 1.0 .1f rtol=0.1 -->.
"""


@dataclass
class Small:
    """A site of one small page in one language, and pytest to run on it."""

    root: Path
    pytester: pytest.Pytester

    def write(self, **files: str) -> None:
        for name, text in files.items():
            path = self.root / name.replace("__", "/").replace("_DOT_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *options: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess(*options, "docs")

    def ran(self, *options: str) -> bool:
        """Whether `--changed` runs the page."""
        return "tf2docs: blocks of pages: " in self.run("--changed", *options).stdout.str()


@pytest.fixture
def small(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Small]:
    """Makes the site: its page runs some code, and passed."""
    # which a first session sets for good
    for name in ("KERAS_BACKEND", "MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.setenv(name, "Agg" if name == "MPLBACKEND" else "3")
    monkeypatch.syspath_prepend(pytester.path)

    def make(code: str = "pass", options: tuple[str, ...] = (), passes: bool = True) -> Small:
        site = Small(pytester.path, pytester)
        site.write(
            docs__conftest_DOT_py=CONFTEST,
            docs__en__page_DOT_md=PAGE.format(code=code),
            numbers_DOT_csv="1 2 3",
            word_DOT_txt="WORD word",
            pytest_DOT_ini="[pytest]\naddopts = -p tf2docs.pages.testing.plugin\n",
        )
        assert site.run("--refresh").ret == 0
        assert site.run(*options).ret == 0
        assert not passes or not site.ran(*options), "nothing changed"
        return site

    return make


MD = "docs/en/page.md"
CHANGES = {
    "the code": lambda site: site.change(MD, 'print("one"', 'print(  "one" , '),
    "a tolerance": lambda site: site.change(MD, "rtol=0.1 ", "rtol=0.2 "),
    "a bound expression": lambda site: site.change(MD, "= 1.0 .1f", "= 1.00 .1f"),
    "a format": lambda site: site.change(MD, " .1f", " 0.1f"),
    "numbers that vary no more": lambda site: site.change(MD, " {.varies}", ""),
    "dots that are gone": lambda site: site.change(MD, "one 1 ...", "one 1 two"),
    "an option of an output": lambda site: site.change(
        MD, "```output", '```output {data-rtol="0.5"}'
    ),
    "a name in the prose": lambda site: site.change(MD, "`json.loads`", "`json.no_such_name`"),
    "a name that is struck out": lambda site: site.change(MD, "`json.loads`", "~~`json.loads`~~"),
    "a name in a comment": lambda site: site.change(
        MD, "# for json.dumps", "# for json.no_such_name"
    ),
    "the record": lambda site: site.change(
        "docs/records/page.json", '"one 1 two"', '"one 1 three"'
    ),
    "the data": lambda site: (site.root / "numbers.csv").write_text("1 2 4"),
    "a variable of the data": lambda site: (site.root / "word.txt").write_text("WORD other"),
    "another variable of the data": lambda site: (site.root / "word.txt").write_text("X word"),
    "an option of the site": lambda site: site.change(
        "docs/conftest.py", '("numpy",)', '("yaml",)'
    ),
    "pytest's settings": lambda site: site.change(
        "pytest.ini", "[pytest]", "[pytest]\nxfail_strict = true"
    ),
    "the cache is spoilt": lambda site: spoil(site, {}),
    "the cache is of another kind": lambda site: spoil(site, []),
    "the cache has another page's": lambda site: spoil(site, {MD: {"key": 1}}),
    "the cache is a word": lambda site: spoil(site, {MD: "passed"}),
}


def spoil(site, content):
    (path,) = site.root.rglob("tf2docs/passed")
    path.write_text(json.dumps(content))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_run(small, change):
    site = small()
    change(site)
    assert site.ran()


CODE = "import os; from pathlib import Path"
FILES = {  # what the page does: what changes
    "from package.part import x": "package/part.py",
    "import importlib; importlib.import_module('.'.join(['package', 'part']))": "package/part.py",
    "__import__('package.part')": "package/part.py",
    "from package import near": "package/part.py",
    "import space.module": "space/module.py",
    "import sys; sys.path.insert(0, 'ELSE'); import there": "elsewhere/there.py",
    "import src_module": "src/src_module.py",
    "(Path('ELSE') / 'there.py').read_text()": "elsewhere/there.py",
    "exec((Path('ELSE') / 'there.py').read_text())": "elsewhere/there.py",
    "import runpy; runpy.run_path('ELSE/there.py')": "elsewhere/there.py",
    "(Path('ELSE') / 'table.csv').read_text()": "elsewhere/table.csv",
    "import numpy; numpy.loadtxt('ELSE/table.csv', delimiter=',')": "elsewhere/table.csv",
    "os.close(os.open('ELSE/table.csv', os.O_RDONLY))": "elsewhere/table.csv",
    "import package.reader": "package/table.csv",
    "import package.part as part": "package/compiled.bin",
}


@pytest.fixture
def with_files(small, pytester, monkeypatch):
    """The site with modules and tables all around it."""
    site = Small(pytester.path, pytester)
    site.write(
        package____init___DOT_py="",
        package__part_DOT_py="x = 1  # one\n",
        package__near_DOT_py="from .part import x\n",
        package__reader_DOT_py="from pathlib import Path\n"
        "Path(__file__).with_name('table.csv').read_text()\n",
        package__table_DOT_csv="1,2",
        package__compiled_DOT_bin="1",
        space__module_DOT_py="x = 1  # one\n",
        elsewhere__there_DOT_py="x = 1  # one\n",
        elsewhere__table_DOT_csv="1,2",
        src__src_module_DOT_py="x = 1  # one\n",
    )
    shutil.move(pytester.path / "package" / "init", pytester.path / "package" / "__init__.py")
    monkeypatch.syspath_prepend(pytester.path / "src")
    return lambda code: small(code.replace("ELSE", str(pytester.path / "elsewhere")))


@pytest.mark.parametrize(("code", "path"), FILES.items(), ids=FILES)
def test_what_a_page_reads_or_imports_wherever_it_lies_makes_it_run_again(with_files, code, path):
    site = with_files(f"{CODE}\n{code}")
    file = site.root / path
    file.write_text(file.read_text().replace("1", "2", 1))
    assert site.ran()


@pytest.mark.parametrize("module", ["package/part.py", "space/module.py", "src/src_module.py"])
def test_a_comment_in_a_module_does_not(with_files, module):
    site = with_files("import package.part, space.module, src_module")
    (site.root / module).write_text("x = 1  # another word\n\n")
    assert not site.ran()


def test_a_module_that_was_missing(small):
    site = small("try: import extra\nexcept ImportError: pass")
    site.write(extra_DOT_py="")
    assert site.ran()


def test_a_module_that_hides_another(small):
    site = small("import colorsys")
    site.write(colorsys_DOT_py="")
    assert site.ran()


def test_a_package_in_the_place_of_a_module(with_files):
    site = with_files("import src_module")
    (site.root / "src" / "src_module").mkdir()
    (site.root / "src" / "src_module" / "__init__.py").write_text("x = 1\n")
    assert site.ran()


def test_a_file_that_was_missing(with_files):
    code = "try: (Path('ELSE') / 'later.csv').read_text()\nexcept OSError: pass"
    site = with_files(f"{CODE}\n{code}")
    site.write(elsewhere__later_DOT_csv="")
    assert site.ran()


@pytest.mark.parametrize(
    "looks",
    [
        "os.path.exists('ELSE/later.csv')",
        "os.path.isfile('ELSE/later.csv')",
        "os.path.lexists(b'ELSE/later.csv')",
        "os.access('ELSE/later.csv', os.R_OK)",
        "Path('ELSE/later.csv').exists()",
        "Path('ELSE', 'later.csv').is_file()",
        "os.path.exists(path='ELSE/later.csv')",
    ],
)
def test_a_file_that_was_only_asked_after(with_files, looks):
    site = with_files(f"{CODE}\n{looks}")
    site.write(elsewhere__later_DOT_csv="")
    assert site.ran()


def test_a_file_whose_size_was_asked_for(with_files):
    site = with_files(f"{CODE}\nos.path.getsize('ELSE/table.csv')")
    (site.root / "elsewhere" / "table.csv").write_text("1,2,3")
    assert site.ran()


def test_looking_leaves_os_as_it_is(small):
    code = (
        "import inspect, os, pathlib, shutil, tempfile\n"
        "class Kept: look = os.stat\n"
        "assert Kept().look('.') and os.stat in os.supports_dir_fd, os.supports_dir_fd\n"
        "assert repr(os.stat) == '<built-in function stat>' and os.stat.__name__ == 'stat'\n"
        "with tempfile.TemporaryDirectory() as folder: pathlib.Path(folder, 'x').touch()\n"
        "assert not os.path.exists(folder) and os.stat(0)"
    )
    assert not small(code).ran()


@pytest.mark.parametrize("code", ["os.listdir('ELSE')", "list(Path('ELSE').glob('*.csv'))"])
def test_a_folder_that_has_one_more(with_files, code):
    site = with_files(f"{CODE}\n{code}")
    site.write(elsewhere__more_DOT_csv="")
    assert site.ran()


@pytest.mark.parametrize(
    "code",
    [
        "import subprocess, sys; subprocess.run([sys.executable, '-c', ''])",
        "import os; os.system('true')",
        "import os; os.waitpid(os.fork() or os._exit(0), 0)",
        "import multiprocessing as m; p = m.get_context('spawn').Process(target=print); "
        "p.start(); p.join()",
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="starts programs as POSIX does")
def test_what_cannot_be_followed_is_run_every_time(small, code):
    assert small(code, passes=False).ran()


def test_an_environment_variable(small, monkeypatch):
    site = small()
    monkeypatch.setenv("SOMETHING", "else")
    assert site.ran()


def test_another_day(small, monkeypatch):
    site = small()

    class Tomorrow(datetime.date):
        @classmethod
        def today(cls):
            return cls(2100, 1, 1)

    monkeypatch.setattr(dependencies.datetime, "date", Tomorrow)
    assert site.ran()


def test_another_harness(small, monkeypatch, tmp_path):
    site = small()
    shutil.copytree(dependencies._HARNESS, tmp_path / "pages")
    monkeypatch.setattr(dependencies, "_HARNESS", tmp_path / "pages")
    assert not site.ran(), "the same files"
    (tmp_path / "pages" / "checking" / "checks.py").write_text("# checks nothing")
    monkeypatch.setattr(dependencies, "_HARNESS", (tmp_path / "pages").resolve() / ".")
    dependencies._harness.cache_clear()
    assert site.ran()


def test_something_that_was_installed(small, tmp_path, monkeypatch):
    site = small()
    (tmp_path / "new-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    assert site.ran()


@pytest.mark.parametrize(
    "options", [("--full",), ("--time-limit", "60"), ("--device", "cpu")], ids=" ".join
)
def test_other_options(small, options):
    site = small()
    assert site.ran(*options)


def test_what_passed_on_either_data_is_remembered_apart(small):
    site = small()
    site.run("--full")
    assert not site.ran("--full")
    assert not site.ran()


NO_CHANGES = {
    "a word of the prose": lambda site: site.change(MD, "Words about", "Other words about"),
    "a comment": lambda site: site.change(MD, "# for json.dumps", "# also for json.dumps"),
    "the layout of code": lambda site: site.change(
        MD, '"one", 1, "two"', '"one",\n    1,\n    "two",\n'
    ),
    "a line more of prose": lambda site: site.change(
        MD, "Words about", "One more line.\n\nWords about"
    ),
    "a file that nobody asks for": lambda site: site.write(unrelated_DOT_csv="1"),
    "a comment in conftest.py of nobody": lambda site: site.write(
        elsewhere__conftest_DOT_py="# nothing"
    ),
    "a touch": lambda site: (site.root / "numbers.csv").touch(),
}


@pytest.mark.parametrize("change", NO_CHANGES.values(), ids=NO_CHANGES)
def test_what_means_nothing_is_not_run(small, change):
    site = small()
    change(site)
    assert not site.ran()


def test_a_terminal_of_another_size_means_nothing(small, monkeypatch):
    site = small()
    monkeypatch.setenv("COLUMNS", "40")
    assert not site.ran()


def test_a_claim_that_changed_is_judged_although_nothing_is_run(small):
    site = small()
    site.change(MD, "one 1 ...", "two 1 ...")
    result = site.run("--changed")
    result.assert_outcomes(failed=1, passed=2)
    assert "blocks of pages" not in result.stdout.str()


def test_workers_remember_alike(small):
    site = small()
    spoil(site, {})
    command = [sys.executable, "-m", "pytest", "-n", "2", "docs"]
    subprocess.run(command, cwd=site.root, check=True, capture_output=True, timeout=60)
    command = [sys.executable, "-m", "pytest", "--changed", "docs"]
    done = subprocess.run(command, cwd=site.root, capture_output=True, text=True, timeout=60)
    assert "parts of pages recorded" in done.stdout and "blocks of pages" not in done.stdout
