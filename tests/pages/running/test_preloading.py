"""Modules that all pages share are imported once, beside the making of the data.

What goes wrong there is said once.
"""

import subprocess
import sys

import pytest

from tf2docs.pages.running.jobs import Job, Step
from tf2docs.pages.running.runner import Runner

PRELOAD = 'preload=("matplotlib.pyplot",)'
LIMITED = """
from pathlib import Path
from tf2docs.pages.running import runner
from tf2docs.pages.errors import SetupError
from tf2docs.pages.running.jobs import Job

def run():
    runner._PRELOAD_LIMIT = 3.0
    try:
        runner.Runner(("heavy",)).run(Job("page", (), Path("page.py"), Path.cwd() / "run"))
    except SetupError as error:
        print(error)
"""


@pytest.fixture
def preload(site):
    """Let the site preload a module of this code, and run it.

    A server imports its modules once, so that each test needs one of its own.
    """

    def preload(code):
        (site.root / "heavy.py").write_text(code)
        site.change("docs/conftest.py", PRELOAD, 'preload=("heavy",)')
        return site.pytester.runpytest_subprocess("-p", "no:cacheprovider", "docs")

    return preload


def test_modules_are_imported_while_the_data_are_made(site, preload):
    wait = (
        "\n    import time\n    for _ in range(200):\n"
        "        if not Path('imported').exists(): time.sleep(0.1)"
    )
    site.change("docs/conftest.py", "def small_data(folder):", f"def small_data(folder):{wait}")
    site.change(
        "docs/conftest.py", '"1 1 2 2"', '"1 1 2 2" if Path("imported").exists() else "nothing"'
    )
    preload("open('imported', 'w')").assert_outcomes(passed=31)


def test_a_module_that_fails_is_one_line_a_page(preload):
    result = preload("raise ValueError('numpy.dtype size changed\\nand more')")
    says = (
        "heavy, which is imported before any page is run, fails: ValueError: numpy.dtype size "
        "changed"
    )
    assert result.stdout.lines.count(says) == 2
    result.stdout.fnmatch_lines(["*2 failed, 5 passed, 24 not run*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_module_that_ends_its_process_is_one_line_a_page(preload):
    result = preload("import os; os._exit(3)")
    assert (
        result.stdout.lines.count("the process that imports heavy for those of the pages died") == 2
    )
    result.stdout.fnmatch_lines(["*2 failed, 5 passed, 24 not run*"])


def test_a_module_that_ends_its_process_while_the_data_are_made_is_said_too(site, preload):
    wait = "\n    import time\n    time.sleep(6)"
    site.change("docs/conftest.py", "def small_data(folder):", f"def small_data(folder):{wait}")
    test_a_module_that_ends_its_process_is_one_line_a_page(preload)


def test_a_module_that_takes_for_ever_is_one_line(site, monkeypatch):
    monkeypatch.syspath_prepend(site.root)
    (site.root / "heavy.py").write_text("import time\ntime.sleep(60)")
    code = "from test_preloading_limit import run; run()"
    (site.root / "test_preloading_limit.py").write_text(LIMITED)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=site.root, capture_output=True, text=True, timeout=50
    )
    assert (
        done.stdout == "the process that imports heavy for those of the pages was ended after 3 s\n"
    )


def test_a_module_that_is_not_installed_is_left_to_the_pages_that_need_it(preload):
    preload("import no_such_module").assert_outcomes(passed=31)


def test_each_site_gets_the_modules_that_it_names(tmp_path):
    page = tmp_path / "page.py"
    page.write_text("import sys\nprint('colorsys' in sys.modules)\n")
    found = []
    for number, modules in enumerate([(), ("colorsys",), ()]):
        folder = tmp_path / str(number)
        folder.mkdir()
        job = Job("page", (Step(page.read_text(), 0),), page, folder)
        found.append(Runner(modules).run(job).outcomes[0].printed)
    assert found == ["False\n", "True\n", "False\n"]
