"""The tables of other words are read, and what is no table of words is named."""

import pytest

from tf2docs.pages.errors import PageError
from tf2docs.pages.reading.synonyms import read_synonyms


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "docs" / "synonyms").mkdir(parents=True)
    return tmp_path / "docs"


def test_a_word_is_found_in_any_case(docs):
    (docs / "synonyms" / "en.yml").write_text("# heads\nOCR: handwritten digits\n", "utf-8")
    assert read_synonyms(docs, "en") == {"ocr": ["handwritten digits"]}


def test_a_word_may_mean_several_things(docs):
    (docs / "synonyms" / "en.yml").write_text("rnn: recurrent networks, a cell\n", "utf-8")
    assert read_synonyms(docs, "en") == {"rnn": ["recurrent networks", "a cell"]}


@pytest.mark.parametrize(
    ("first", "second"),
    [("mse", "MSE"), ("multiclass", "multi-class"), ("fine-tuning", "Fine tuning")],
)
def test_a_word_that_stands_twice_for_the_search_is_named_with_both_lines(docs, first, second):
    text = f"{first}: loss\nrmse: loss\n{second}: square\n"
    (docs / "synonyms" / "en.yml").write_text(text, "utf-8")
    with pytest.raises(PageError, match=rf"en\.yml:3: '{second}' stands on line 1, too"):
        read_synonyms(docs, "en")


def test_a_language_without_a_table_has_no_synonyms(docs):
    assert read_synonyms(docs, "zh") == {}


@pytest.mark.parametrize(
    "text", ["no: without quotes\n", "word: [a, list]\n", "- a list\n", "word:", ""]
)
def test_what_is_no_table_of_words_is_named_with_its_file(docs, text):
    (docs / "synonyms" / "zh.yml").write_text(text, "utf-8")
    with pytest.raises(PageError, match=r"docs/synonyms/zh\.yml:1: came .*expected `what is typed"):
        read_synonyms(docs, "zh")
