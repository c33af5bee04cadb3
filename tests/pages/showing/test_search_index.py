"""Each language gets an index of its own pages, and what readers type otherwise is found in it."""

import json

import pytest

from tf2docs.pages.reading.glossary import Term
from tf2docs.pages.showing.search_index import INDEX, read_search_index, split_search_index

TERMS = {
    "zh": [Term("过拟合", "overfitting", "…", also=("过度拟合",))],
    "en": [Term("overfitting", "overfitting", "…")],
}
ENTRIES = [
    {"location": "a/", "title": "过拟合", "text": "<p>数据\u200b太少。</p>", "tags": ["数据"]},
    {"location": "a/#b", "title": "b", "text": "<pre>fit(data, '\\u200b')</pre>", "tags": ["数据"]},
    {"location": "en/a/", "title": "Overfitting", "text": "", "boost": 0.5},
]


SYNONYMS = {"学得太多": ["过拟合"], "过度拟合": ["泛化"]}


@pytest.fixture
def indexes(tmp_path):
    folder = tmp_path / "search"
    folder.mkdir()
    common = {"config": {"separator": " "}, "docs": ENTRIES}
    (folder / "search_index.json").write_text(json.dumps(common), "utf-8")
    split_search_index(tmp_path, TERMS, {"zh": SYNONYMS, "en": {}})
    return {
        home: read_search_index((tmp_path / home / INDEX).read_text("utf-8"))
        for home in ("", "en/")
    }


def test_each_language_has_its_own_pages(indexes):
    found = {home: [each["location"] for each in indexes[home]["sections"]] for home in indexes}
    assert found == {"": ["a/", "a/#b"], "en/": ["a/"]}


def test_a_section_is_text_and_the_words_of_its_code(indexes):
    page, section = indexes[""]["sections"]
    assert page["text"] == ["数据太少。"]
    assert page["tags"] == ["数据"] and "tags" not in section
    assert section["text"] == [] and section["code"] == "fit data u200b"
    assert indexes["en/"]["sections"][0]["boost"] == 0.5


def test_other_words_lead_to_those_in_use(indexes):
    assert indexes[""]["aliases"] == {
        "overfitting": ["过拟合"],
        "过度拟合": ["泛化", "过拟合"],  # what the synonyms say, and then the glossary
        "学得太多": ["过拟合"],
    }
    assert indexes["en/"]["aliases"] == {"过拟合": ["overfitting"], "过度拟合": ["overfitting"]}


def test_the_characters_in_use_are_known_by_pinyin_and_by_their_traditional_forms(indexes):
    assert indexes[""]["readings"]["guo"] == "过"
    assert indexes[""]["traditional"]["擬"] == "拟"
    assert "張" not in indexes[""]["traditional"]
    assert indexes["en/"]["readings"] == {}


def test_what_material_asks_for_with_every_page_is_empty(indexes, tmp_path):
    for home in indexes:
        text = (tmp_path / home / "search" / "search_index.json").read_text("utf-8")
        assert json.loads(text) == {"config": {"separator": " "}, "docs": []}
