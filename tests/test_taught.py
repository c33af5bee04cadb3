"""Every public name of what is taught is quoted on some page, unless it is plumbing."""

import ast
from pathlib import Path

import pytest

from tf2docs.pages.page import read_page

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for path in (ROOT / "tf2docs").glob("*.py") if path.stem != "__init__")
FREE = {"tf2docs.datasets", "tf2docs.plotting", "tf2docs.runtime"}  # loading, drawing and seeds aren't lessons


def public_names(path):
    nodes = ast.parse(path.read_text(encoding="utf-8")).body
    assigned = {ast.unparse(node.targets[0]): node.value for node in nodes if isinstance(node, ast.Assign)}
    return ast.literal_eval(assigned["__all__"])


def quoted():
    pages = (read_page(path, path.name) for path in (ROOT / "docs" / "zh").rglob("*.md"))
    return {fence.text.strip() for page in pages for fence in page.sources}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_is_public_is_taught(path):
    names = {f"tf2docs.{path.stem}.{name}" for name in public_names(path)}
    assert names
    if f"tf2docs.{path.stem}" not in FREE:
        assert names <= quoted()
