"""Reviews in two languages: read as published, divided so that no text is in both parts."""

import numpy as np
import pytest

from tf2docs.datasets import (
    StandInWarning,
    WrongDatasetError,
    load_reviews,
    save_stand_in,
)
from tf2docs.datasets.choosing import divide_apart
from tf2docs.datasets.table import REVIEWS

GOOD = "".join(f"good number {number} . \n" for number in range(40)) + "déjà vu — good ! \n"
BAD = "".join(f"bad number {number} . \n" for number in range(40)) + "bad , NUMBER 7 !\n"


@pytest.fixture
def publish(as_published, monkeypatch):
    """Lets these be the published reviews of a language."""

    def publish(language, *contents):
        monkeypatch.setitem(REVIEWS, language, as_published(REVIEWS[language], *contents))

    return publish


@pytest.fixture
def english(publish):
    publish("en", GOOD.encode(), BAD.encode())


def test_english_reviews_are_sentences_with_one_label_a_file(english):
    (x_train, y_train), (x_test, y_test) = load_reviews()
    texts, labels = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    assert texts.dtype == object and labels.dtype == np.int64
    assert sorted(texts) == sorted(line.strip() for line in (GOOD + BAD).splitlines())
    assert "déjà vu — good !" in texts
    assert [text.startswith("bad") for text in texts] == (labels == 0).tolist()


def test_the_split_is_always_the_same_drawn_and_stratified(english):
    (x_train, y_train), (x_test, y_test) = load_reviews(language="en")
    assert (load_reviews()[0][0] == x_train).all()
    assert np.diff(y_train).astype(bool).sum() > 0 and list(x_train) != sorted(x_train)
    assert len(x_test) in (16, 17) and abs(y_test.mean() - y_train.mean()) < 0.05


def test_reviews_with_the_same_letters_are_in_the_same_part(english):
    for x, _ in load_reviews():
        assert ("bad number 7 ." in x) == ("bad , NUMBER 7 !" in x)


@pytest.mark.parametrize("seed", range(20))
def test_rows_that_are_alike_are_never_divided(seed):
    draw = np.random.default_rng(seed)
    alike = draw.integers(0, 30, 100).tolist()
    train, test = divide_apart(alike, draw.integers(0, 2, 100) if seed % 2 else None)
    assert sorted([*train, *test]) == [*range(100)]
    assert not {alike[row] for row in train} & {alike[row] for row in test}
    assert 0 < len(test) < 50


def test_chinese_reviews_may_hold_commas_quotes_and_characters_of_both_kinds(publish):
    rows = [f"{n % 2},第 {n} 次" for n in range(18)] + ['1,"很好,""赞""，下次還要吃"', "0,送餐慢😡"]
    publish("zh", "\n".join(["label,review", *rows, ""]).encode())
    (x_train, y_train), (x_test, y_test) = load_reviews(language="zh")
    labels = dict(zip([*x_train, *x_test], [*y_train, *y_test], strict=True))
    assert labels['很好,"赞"，下次還要吃'] == 1 and labels["送餐慢😡"] == 0
    assert len(labels) == 20 and len(x_test) == 4 and y_test.sum() == 2


def test_a_byte_order_mark_is_no_part_of_a_text(publish):
    publish("en", "\ufeff".encode() + GOOD.encode(), BAD.encode())
    texts = {text for x, _ in load_reviews() for text in x}
    assert "good number 0 ." in texts and not any("\ufeff" in text for text in texts)


@pytest.mark.parametrize("place", [0, 1])
def test_sentences_changed_by_a_byte_are_refused(place, english, home):
    path = home / REVIEWS["en"].packings[0][place].path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(WrongDatasetError, match="no checksums of the lines") as caught:
        load_reviews()
    assert str(path) in str(caught.value)


def test_a_text_that_is_no_utf_8_is_refused(publish):
    publish("en", "很好".encode("gb18030"), BAD.encode())
    with pytest.raises(WrongDatasetError, match="no UTF-8 text"):
        load_reviews()


@pytest.mark.parametrize("language", ["fr", "", "ZH", None])
def test_another_language_is_refused_by_name(language):
    with pytest.raises(ValueError, match="expected 'en' or 'zh'"):
        load_reviews(language=language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_stand_ins_have_the_form_of_the_reviews_and_say_that_they_are_none(
    language, home, monkeypatch
):
    path = save_stand_in(home, f"reviews_{language}")
    assert path.parent == home and len([*home.glob("*")]) == (2 if language == "en" else 1)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="288 reviews that nobody wrote"):
        (x_train, y_train), (x_test, y_test) = load_reviews(language=language)
    assert len(x_train) + len(x_test) == 288 and not {*x_train} & {*x_test}
    assert y_train.mean() == pytest.approx(0.5, abs=0.02)
    assert y_test.mean() == pytest.approx(0.5, abs=0.02)


def test_a_stand_in_of_two_files_replaces_neither(home):
    second = home / "rt-polarity.neg"
    second.write_text("real")
    with pytest.raises(FileExistsError, match="might be real"):
        save_stand_in(home, "reviews_en")
    assert [*home.iterdir()] == [second] and second.read_text() == "real"
