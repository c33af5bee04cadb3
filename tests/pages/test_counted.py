"""The front page's shares of stale pages are those of the list that stands behind them."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
LANGUAGES = ("zh", "en")
WITH_CODE = {"Chinese": 145, "English": 134}
COLUMNS = {"zh": ("Chinese", "English"), "en": ("English", "Chinese")}
SNAPSHOT = "https://github.com/tensorflow/docs-l10n/blob/7cb584af651df3863a3bebc93674163f8dc6db7b"


def text_of(language, name):
    return (DOCS / language / f"{name}.md").read_text(encoding="utf-8")


def section(language, anchor):
    """The rows of a section's table, each as its cells."""
    text = (
        text_of(language, "guides/counted").partition(f"{{ #{anchor} }}")[2].partition("\n## ")[0]
    )
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_says_what_the_list_of_pages_comes_to(language):
    front = re.sub(r"<!--.*?-->", "", text_of(language, "index"))
    columns = list(zip(*section(language, "pages"), strict=True))
    for name, cells in zip(COLUMNS[language], columns[1:3], strict=True):
        stale = sum(map(bool, cells))
        assert f"{stale / WITH_CODE[name]:.0%}" in front
        assert str(stale) in front
        assert str(WITH_CODE[name]) in front
        assert all(SNAPSHOT in cell for cell in cells if cell)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_found_is_counted_on_the_pages_that_have_it(language):
    pages = section(language, "pages")
    for anchor in ("names", "uses"):
        for found, *counts in section(language, anchor):
            having = [row for row in pages if found in row[3].split("<br>")]
            for place, count in enumerate(counts, start=1):
                assert int(count) <= sum(bool(row[place]) for row in having), found
            assert having, f"no page has {found}"


def test_both_languages_list_the_same():
    chinese, english = (section(language, "pages") for language in LANGUAGES)
    assert [[row[0], row[2], row[1], row[3]] for row in chinese] == english
