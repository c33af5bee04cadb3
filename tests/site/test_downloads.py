"""What readers take along is whole, and the notebooks run and print what the pages show."""

import ast
import json
import re
import runpy
from pathlib import Path

import nbclient
import nbformat
import pytest

from tf2docs.pages.comparing import agrees, explain, masked
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.reading.records import read_record
from tf2docs.pages.running.capturing import show_as_terminal
from tf2docs.pages.showing.words import written_date

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "docs" / "records"
PAGES = [read_page(path, path.name) for path in sorted((ROOT / "docs" / "zh").rglob("*.md"))]
LESSONS = [
    page.path.relative_to(ROOT / "docs" / "zh").with_suffix("").as_posix()
    for page in PAGES
    if "minutes" in page.meta and page.blocks
]
# A notebook shows TensorFlow's log; where a page shows warnings, too, they stay.
LOG = {
    False: re.compile(r"^(?:INFO|WARNING):tensorflow:.*\n", re.M),
    True: re.compile(r"^INFO:tensorflow:.*\n", re.M),
}

SPECIAL = (  # what a notebook does its own way
    lambda block: block.raises,
    lambda block: block.keeps,
    lambda block: block.skip_reason,
    lambda block: "plt.show()" in block.fence.text,
    lambda block: ".summary()" in block.fence.text,
    lambda block: ".stderr" in block.fence.options,
    lambda block: "run_workers(" in block.fence.text,
)


def page_of(language: str, name: str) -> Page:
    path = ROOT / "docs" / language / f"{name}.md"
    return read_page(path, path.name)


def without_comments(code: str) -> str:
    """A block's code as Python understands it.

    What stands before and behind it in a cell is no matter.
    """
    return ast.unparse(ast.parse(code))


def folder_of(published: Path, language: str, name: str) -> Path:
    return published / language.removeprefix("zh") / name


def notebook_of(published: Path, language: str, name: str) -> nbformat.NotebookNode:
    stem = Path(name).name
    return nbformat.read(folder_of(published, language, name) / f"{stem}.ipynb", as_version=4)


def code_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of the page's blocks, without the one that installs."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [cell for cell in cells if "set-up" not in cell.metadata.get("tags", [])]


def printed(cell: nbformat.NotebookNode, *, errors: bool = False) -> str:
    """What a cell printed, and the exception that ended it, as a record keeps them."""
    streams = {"stdout", "stderr"} if errors else {"stdout"}
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name in streams:
            parts.append(output.text)
        elif output.output_type == "display_data" and not any(
            "image" in kind for kind in output.data
        ):
            # `summary()` prints its tables this way in a notebook
            parts.append(output.data["text/plain"] + "\n")
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}\n")
    return LOG[errors].sub("", show_as_terminal("".join(parts)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_offers_its_files_and_says_when_it_was_tested(published, language, name):
    folder = folder_of(published, language, name)
    html = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'class="tf2-download" href="([^"]*)"', html)
    assert [
        link for link in links if not link.startswith("https:") and not (folder / link).is_file()
    ] == []
    stem = Path(name).name
    assert {f"{stem}.ipynb", f"{stem}.py", f"{stem}.md"} <= set(links)
    colab = [
        place
        for place, link in enumerate(links)
        if link.startswith("https://colab.research.google.com/")
    ]
    assert colab == [len(links) - 1 if language == "zh" else 0]
    record = read_record(RECORDS / f"{name}.json", name)
    line = re.search(r'<p class="tf2-facts tf2-tested".*?>(.*?)</p>', html)[1]
    day = written_date(record.date, language)
    for fact in (day, record.versions["tensorflow"], record.versions["keras"], record.device):
        assert fact in line
    assert html.count('<p class="tf2-ran"') == sum(block.status == "ran" for block in record.blocks)


@pytest.mark.parametrize("name", LESSONS)
def test_both_languages_notebooks_are_valid_and_hold_the_same_outputs(published, name):
    notebooks = [notebook_of(published, language, name) for language in ("zh", "en")]
    for notebook in notebooks:
        nbformat.validate(notebook)
        assert "tf2docs @ https://example.org/docs/downloads/tf2docs-" in notebook.cells[1].source
    chinese, english = (map(printed, code_of(notebook)) for notebook in notebooks)
    assert list(chinese) == list(english)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_notebooks_and_scripts_credit_at_their_end_what_their_lesson_grew_from(published, language):
    credited = 0
    for name in LESSONS:
        source = page_of(language, name).meta.get("source")
        script = folder_of(published, language, name) / f"{Path(name).name}.py"
        ends = (
            notebook_of(published, language, name).cells[-1].source,
            script.read_text(encoding="utf-8").rpartition("# %% [markdown]")[2],
        )
        assert [f"](<{source}>)" in end for end in ends] == 2 * [bool(source)], name
        credited += bool(source)
    assert credited > 10


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_notebook_holds_the_code_of_its_page_block_by_block(published, language, name):
    blocks = page_of(language, name).blocks
    cells = code_of(notebook_of(published, language, name))
    assert len(blocks) == len(cells) > 0
    for block, cell in zip(blocks, cells, strict=True):
        assert without_comments(cell.source) == without_comments(block.fence.text)


def special() -> list[str]:
    """The quickest lessons that together have all that a notebook does its own way."""
    kinds = [
        {name for name in LESSONS if any(has(block) for block in page_of("zh", name).blocks)}
        for has in SPECIAL
    ]
    chosen: set[str] = set()
    for having in sorted(kinds, key=len):  # what is rare leaves no choice, and may bring the rest
        if having and not having & chosen:
            chosen.add(min(sorted(having), key=recorded_seconds))
    return sorted(chosen)


def recorded_seconds(name: str) -> float:
    return read_record(RECORDS / f"{name}.json", name).seconds


@pytest.mark.parametrize("name", LESSONS)
def test_a_notebook_runs_and_prints_what_the_page_shows(
    pytestconfig, published, name, tmp_path, monkeypatch
):
    pytest.importorskip("tensorflow", reason="the notebooks need TensorFlow")
    if name not in special() and not pytestconfig.getoption("full"):
        pytest.skip("its code is its page's, which runs; in Jupyter, too, with --full")
    data = runpy.run_path(str(ROOT / "docs" / "conftest.py"))["small_data"](tmp_path / "data")
    for variable, value in data.environment.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shown = notebook_of(published, "zh", name)
    ran = nbformat.from_dict(json.loads(json.dumps(shown)))
    nbclient.NotebookClient(
        ran, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    for block, expected, came in zip(
        page_of("zh", name).blocks, code_of(shown), code_of(ran), strict=True
    ):
        if block.skip_reason is None and not block.needs_gpu:
            text = printed(came, errors=".stderr" in block.fence.options)
            # where the page leaves something out, such as times or the way to an error
            is_cut = block.output is not None and "..." in block.output.text
            claim = block.output.text if is_cut else printed(expected)
            assert agrees(claim, text, masked, gaps=is_cut), explain(claim, text, masked)
