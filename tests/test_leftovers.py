"""Every record, ledger, figure and kept file belongs to a page."""

from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
TABLES = {"versions.json", "comparison.json"}  # what a whole site measured
WRITTEN = [
    path
    for folder, kind in (("records", "json"), ("ledger", "json"), ("assets/figures", "svg"), ("assets/files", "*"))
    for path in sorted((DOCS / folder).rglob(f"*.{kind}"))
    if path.name not in TABLES
]


def page_of(path):
    kind, *parts = path.relative_to(DOCS).with_suffix("").parts
    page = parts[1:-1] if kind == "assets" else parts  # assets/figures/<page>/<file>, records/<page>
    return DOCS.joinpath("zh", *page).with_suffix(".md")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(DOCS)))
def test_what_was_written_belongs_to_a_page(path):
    assert page_of(path).is_file()
