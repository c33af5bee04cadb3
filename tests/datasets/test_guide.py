"""The table of data sets on the page about data says what the table in the code says."""

import re
from pathlib import Path

import pytest

from tf2docs.datasets.table import SETS

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(
    r"^\| \[`(\w+)`\]\(\.\./reference/datasets\.md#tf2docs\.datasets\.\1\) \|(.*)\|$", re.MULTILINE
)


def rows(language):
    text = (
        (DOCS / language / "data" / "sources.md")
        .read_text(encoding="utf-8")
        .replace("<!-- fact -->", "")
    )
    return [
        (loader, *(cell.strip() for cell in cells.split("|")))
        for loader, cells in ROW.findall(text)
    ]


def numbers(text):
    return re.findall(r"\d[\d,]*", text.replace("×", "x"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_s_table_is_the_code_s(language):
    shown = rows(language)
    assert [row[0] for row in shown] == [one.loader for one in SETS.values()]
    for one, (_, what, shapes, licence, origin) in zip(SETS.values(), shown, strict=True):
        assert numbers(what) == numbers(one.what)
        assert numbers(shapes) == numbers(one.shapes)
        if one.packings and one.licence not in ("none stated", "public domain"):  # translated
            assert licence == one.licence
        if not one.origin.startswith("drawn"):
            assert origin == one.origin
        if language == "en":
            assert licence == one.licence
