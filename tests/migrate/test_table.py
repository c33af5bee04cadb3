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
