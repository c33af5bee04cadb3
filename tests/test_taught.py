"""Every public name of what is taught is quoted on some page, unless it is plumbing.

The reference has it all. A name for a type is read where it is used.
"""

import ast
import re
from pathlib import Path

import pytest

from tf2docs.pages.reading.page import read_page

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "tf2docs"
MODULES = {path.stem: path for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")}
MODULES |= {
    path.parent.name: path
    for path in PACKAGE.glob("*/__init__.py")
    if path.parent.name not in ("pages", "migrate")  # commands
}
FREE = {  # installing, loading, writing, drawing and seeds aren't lessons
    "tf2docs.browser",
    "tf2docs.datasets",
    "tf2docs.diagrams",
    "tf2docs.installing",
    "tf2docs.layout",
    "tf2docs.plotting",
    "tf2docs.runtime",
}


def public_names(path):
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    assigned = {
        ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)
    }
    aliases = {
        ast.unparse(node.target)
        for node in nodes
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias"
    }
    return [name for name in ast.literal_eval(assigned["__all__"]) if name not in aliases]


def quoted():
    pages = (read_page(path, path.name) for path in (ROOT / "docs" / "zh").rglob("*.md"))
    return {fence.text.strip() for page in pages for fence in page.sources}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_what_is_public_is_taught(module):
    names = {f"tf2docs.{module}.{name}" for name in public_names(MODULES[module])}
    assert names
    if f"tf2docs.{module}" not in FREE:
        assert names <= quoted()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_module_has_a_page_in_the_reference_and_each_page_a_module(language):
    reference = ROOT / "docs" / language / "reference"
    texts = {page.stem: page.read_text(encoding="utf-8") for page in reference.glob("*.md")}
    overview = texts.pop("index")
    assert sorted(texts) == sorted(MODULES)
    assert re.findall(r"^\| \[`tf2docs\.(\w+)`\]\(\1\.md\) \|", overview, re.MULTILINE) == sorted(
        MODULES
    )
    for module, text in texts.items():
        assert text.endswith(f"\n::: tf2docs.{module}\n")
        assert f"# tf2docs.{module} {{ #tf2docs.{module} }}\n" in text
