"""What pages say of the site itself, and its scripts and checks do: keys, and how minutes count."""

import re
from pathlib import Path

import pytest

from tf2docs.pages.reading import reading_time

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "docs/assets/javascripts"
HANDLED = {"L": "language.js", "B": "side-by-side.js", "?": "keyboard.js"}


def section(language, anchor):
    """A section of the page on using this site, without its comments."""
    text = (ROOT / "docs" / language / "guides/using.md").read_text("utf-8")
    text = text.partition(f"{{ #{anchor} }}")[2].partition("\n## ")[0]
    return re.sub(r"<!--.*?-->", "", text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_keys_are_those_of_the_list_that_a_key_shows(language):
    cells = [row.split("|")[1] for row in section(language, "keys").splitlines() if "|" in row]
    told = [key for cell in cells[2:] for key in re.split("[,、， ]+", cell.strip())]
    script = (SCRIPTS / "keyboard.js").read_text("utf-8")
    lists = re.findall(r'\bkeys: \[(\[".*"\])\],', script)
    assert len(lists) == 2
    for shown in lists:
        assert re.findall(r'\["(.)", ', shown) == told


@pytest.mark.parametrize(("key", "script"), HANDLED.items())
def test_a_key_is_handled_by_its_script(key, script):
    assert f'"{key.lower()}"' in (SCRIPTS / script).read_text("utf-8")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_minutes_are_counted_as_the_page_says(language):
    counted = {
        reading_time._CHARACTERS,
        reading_time._WORDS,
        reading_time._CODE_LINES,
    }
    told = set(map(int, re.findall(r"(?<![\d.])\d\d\d?(?![\d.])", section(language, "needs"))))
    assert told == counted


def test_minutes_are_counted_as_contributing_says():
    said = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (numbers,) = re.findall(
        r"one for (\d+) Chinese characters,\s(\d+) English words or (\d+) lines of code", said
    )
    assert tuple(map(int, numbers)) == (
        reading_time._CHARACTERS,
        reading_time._WORDS,
        reading_time._CODE_LINES,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_of_the_reference_has_a_row_for_each_of_its_pages(language):
    folder = ROOT / "docs" / language / "reference"
    rows = re.findall(
        r"^\| \[`tf2docs\.(\w+)`\]\((\w+)\.md\) \|", (folder / "index.md").read_text("utf-8"), re.M
    )
    pages = sorted(path.stem for path in folder.glob("*.md") if path.stem != "index")
    assert rows == [(name, name) for name in pages]
