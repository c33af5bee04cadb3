"""Notebooks and scripts made of a page hold its code, its outputs, and run."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tf2docs.pages.downloads.cells import Place, cut
from tf2docs.pages.downloads.notebooks import make_notebook, make_script
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


def make(cells, tmp_path, raised=RAISED):
    (tmp_path / "drawn.svg").write_text(SVG)
    blocks = [
        RecordedBlock("a", "ran", 0.1, ["two", "lines"], [Figure("drawn", "", [])]),
        RecordedBlock("b", "ran", 0.1, ["first", raised]),
        RecordedBlock("c", "skipped", 0.0, []),
        RecordedBlock("d", "ran", 0.1, ["last"]),
    ]
    record = Record("2026-01-01", "CPU", 0.3, {}, {}, blocks)
    return make_notebook(cells, record, language="zh", package="sums[cpu]", figures=tmp_path)


@pytest.fixture
def notebook(cells, tmp_path):
    return make(cells, tmp_path)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_begins_with_the_title_and_then_installs(notebook):
    nbformat.validate(notebook)
    assert notebook.cells[0].source == "# Sums"
    assert '%pip install -q "sums[cpu]"' in notebook.cells[1].source
    assert "pypi.tuna.tsinghua.edu.cn" in notebook.cells[1].source
    assert notebook.cells[1].metadata.tags == ["skip-execution"]


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


def test_a_script_runs_from_end_to_end(cells, tmp_path: Path):
    script = tmp_path / "sums.py"
    script.write_text(make_script(cells, title="Sums").replace("plt.show()", "print('shown')"))
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert run.stdout.splitlines() == ["two", "lines", "first", RAISED, "last", "shown"], run.stderr
