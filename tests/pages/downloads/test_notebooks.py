"""Notebooks and scripts made of a page hold its code, its outputs, and run."""

import dataclasses
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from tf2docs.pages.downloads.cells import Place, cut
from tf2docs.pages.downloads.commands import START
from tf2docs.pages.downloads.lesson_files import Lesson
from tf2docs.pages.downloads.notebooks import SetUp, make_notebook, make_script
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.records import Figure, Record, RecordedBlock

PAGE = """# Sums { #sums }

```python {#drawn}
text = '''two
lines'''
print(text)
```

```python {data-raises="ValueError"}
print("first")
int("x")
```

```python {.norun data-reason="no such machine"}
launch()
```

```python
print("last")
```
"""
RAISED = "ValueError: invalid literal for int() with base 10: 'x'"
SVG = "<svg/>"


@pytest.fixture
def cells(tmp_path):
    path = tmp_path / "sums.md"
    path.write_text(PAGE)
    return list(cut(read_page(path, "sums.md"), Place("sums.md")))


def set_up(site="https://example.org/", language="zh"):
    return SetUp(Package("tf2docs", site), "en/start/sums/index.html", language)


def make(cells, tmp_path, raised=RAISED):
    (tmp_path / "drawn.svg").write_text(SVG)
    blocks = [
        RecordedBlock("a", "ran", 0.1, ["two", "lines"], [Figure("drawn", "", [])]),
        RecordedBlock("b", "ran", 0.1, ["first", raised]),
        RecordedBlock("c", "skipped", 0.0, []),
        RecordedBlock("d", "ran", 0.1, ["last"]),
    ]
    record = Record("2026-01-01", "CPU", 0.3, {}, {}, blocks)
    return make_notebook(cells, record, set_up=set_up(), figures=tmp_path)


@pytest.fixture
def notebook(cells, tmp_path):
    return make(cells, tmp_path)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_begins_with_the_title_and_then_installs(notebook):
    nbformat.validate(notebook)
    assert notebook.cells[0].source == "# Sums"
    assert f'--no-deps "{set_up().package.required()}"' in notebook.cells[1].source
    assert "skip-execution" not in notebook.cells[1].metadata.tags


def test_a_page_that_hands_out_no_package_has_a_notebook_without_a_set_up(cells, tmp_path):
    (tmp_path / "drawn.svg").write_text(SVG)
    blocks = [RecordedBlock("a", "ran", 0.1, []) for _ in range(4)]
    record = Record("2026-01-01", "CPU", 0.3, {}, {}, blocks)
    made = make_notebook(cells, record, set_up=None, figures=tmp_path)
    assert [cell.cell_type for cell in made.cells] == ["markdown", *["code"] * 4]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("site", ["https://example.org/", ""])
def test_the_first_cell_is_python_and_asks_for_nothing_where_the_package_is(site, language):
    shell = TransformerManager()
    cell = shell.transform_cell(set_up(site, language).cell)
    asked = []
    world = {"get_ipython": lambda: asked.append}
    with patch("tf2docs.installing.install_missing") as installing:
        exec(compile(cell, "cell", "exec"), world)
    assert asked == [] and installing.call_count == 1


def test_a_lesson_that_needs_more_says_so_in_its_cell_and_in_its_script():
    needs = dataclasses.replace(set_up(), extras=("texts", "series"))
    assert '\ninstall_missing("texts", "series")  #' in needs.cell
    assert "tf2docs[cpu,texts,series]" in needs.comment
    assert "\ninstall_missing()  #" in set_up().cell


def test_a_lesson_needs_what_its_install_fence_installs(tmp_path):
    path = tmp_path / "sums.md"
    path.write_text(f"# Sums\n\n```install\n{START.replace('[cpu]', '[cpu,texts]')}```\n")
    lesson = Lesson(read_page(path, "sums.md"), "sums", "en", "en/sums/index.html", "en/")
    assert lesson.extras == ("texts",)


def test_without_an_address_the_cell_takes_the_file_beside_it_and_asks_nobody_else():
    arguments = set_up("").package.without_dependencies("en/start/sums/index.html")
    assert "--no-index --find-links . --find-links ../../../downloads tf2docs==" in arguments


def test_outputs_figures_and_exceptions_are_those_of_the_record(notebook):
    drawn, raised, skipped, last = (cell.outputs for cell in code(notebook)[1:])
    assert drawn[0].text == "two\nlines\n" and drawn[1].data["image/svg+xml"] == SVG
    assert raised[0].text == "first\n"
    assert (raised[1].ename, raised[1].evalue) == tuple(RAISED.split(": ", 1))
    assert skipped == [] and last[0].text == "last\n"


def test_an_exception_may_say_nothing(cells, tmp_path):
    error = code(make(cells, tmp_path, raised="ValueError:"))[2].outputs[1]
    assert (error.ename, error.evalue) == ("ValueError", "")


def test_the_same_page_gives_the_same_notebook(notebook, cells, tmp_path):
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert nbformat.writes(notebook) == nbformat.writes(make(cells, tmp_path))


def test_a_cell_that_must_raise_may(notebook):
    assert code(notebook)[2].metadata.tags == ["raises-exception"]


def test_a_script_says_at_its_top_what_it_needs_and_runs_from_end_to_end(cells, tmp_path: Path):
    script, code = tmp_path / "sums.py", make_script(cells, title="Sums", set_up=set_up())
    assert f'python -m pip install "{set_up().package.required("cpu")}"' in code.split("# %%")[0]
    script.write_text(code.replace("plt.show()", "print('shown')"))
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert run.stdout.splitlines() == ["two", "lines", "first", RAISED, "last", "shown"], run.stderr
