"""Every record, ledger and figure belongs to a page."""

from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
TABLES = {"versions.json", "comparison.json"}  # what a whole site measured
WRITTEN = [
    path
    for folder, kind in (("records", "json"), ("ledger", "json"), ("assets/figures", "svg"))
    for path in sorted((DOCS / folder).rglob(f"*.{kind}"))
    if path.name not in TABLES
]


def page_of(path):
    name = path.relative_to(DOCS / "assets/figures").parent if path.suffix == ".svg" else path.relative_to(DOCS)
    parts = name.parts if path.suffix == ".svg" else name.with_suffix("").parts[1:]
    return DOCS.joinpath("zh", *parts).with_suffix(".md")


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(DOCS)))
def test_what_was_written_belongs_to_a_page(path):
    assert page_of(path).is_file()
