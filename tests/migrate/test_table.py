"""A table of changes that can't be read says which row of which file, and what is wrong."""

import pytest

from tf2docs.migrate import table
from tf2docs.migrate.table import load_groups, load_rows


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """A table of one group, which a test writes."""
    monkeypatch.setattr(table, "_FOLDER", tmp_path)
    monkeypatch.setattr(table, "GROUPS", ("training",))
    load_groups.cache_clear()
    yield tmp_path / "training.toml"
    load_groups.cache_clear()


@pytest.mark.parametrize("load", [load_groups, load_rows])
def test_a_row_that_cant_be_read_is_named(rows, load):
    rows.write_text('zh = "训练"\nen = "Training"\n[[rows]]\nid = "x"\nolds = ["y"]\n', "utf-8")
    with pytest.raises(ValueError, match=r"training\.toml, row x: has no .*"):
        load()


@pytest.mark.parametrize("mark", ["~~`tf.log`~~", "**tf.log**", "[log](x.md)", "<b>log</b>"])
def test_marks_that_the_table_would_show_are_refused(rows, mark):
    row = f'id = "x"\nold = "{mark}"\ntoday = "warns"\nnew = "`a**b`, `<b>`"\n'
    rows.write_text(f'zh = "训练"\nen = "Training"\n[[rows]]\n{row}', "utf-8")
    with pytest.raises(ValueError, match=r"row x: old has .*, expected words and `code` alone"):
        load_rows()


PARTS = """zh = "训练"
en = "Training"
[[parts]]
zh = "前"
en = "First"
rows = [{first}]
[[parts]]
zh = "后"
en = "Then"
rows = ["y"]
[[rows]]
id = "x"
old = "`a`"
today = "warns"
new = "`b`"
[[rows]]
id = "y"
old = "`c`"
today = "warns"
new = "`d`"
"""


def test_the_rows_of_a_long_group_stand_in_parts(rows):
    rows.write_text(PARTS.format(first='"x"'), "utf-8")
    [group] = load_groups()
    assert [row.id for row in group.rows] == ["x", "y"]
    shown = {part.title["en"]: [row.id for row in part.rows] for part in group.parts}
    assert shown == {"First": ["x"], "Then": ["y"]}


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ("", "x stands in none"),
        ('"x", "z"', "no row is called z"),
        ('"x", "y"', "y is listed twice"),
    ],
)
def test_parts_that_dont_hold_each_row_once_are_refused(rows, first, message):
    rows.write_text(PARTS.format(first=first), "utf-8")
    with pytest.raises(ValueError, match=rf"training\.toml, parts: {message}"):
        load_groups()


def test_a_reader_can_look_through_each_part():
    longest = max(len(part.rows) for group in load_groups() for part in group.parts)
    assert longest <= 25
