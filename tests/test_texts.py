"""Chinese is cut into words, quietly; words are paired with neighbours, and found by vectors."""

import subprocess
import sys
import tempfile

import numpy as np
import pytest

from tf2docs import texts
from tf2docs.texts import most_similar, segment, skipgrams


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("味道很好，送餐很快", "味道 很 好 ， 送餐 很快"),
        ("不好吃", "不 好吃"),
        ("pizza 很好吃 10分", "pizza 很 好吃 10 分"),
        (" \n", ""),
        ("", ""),
    ],
)
def test_words_stand_apart_by_one_space(text, words):
    assert segment([text]).tolist() == [words]


def test_nothing_is_lost_but_white_space():
    said = ["送錯餐了！！差评…", "好吃～不错～速度快！"]
    assert ["".join(text.split()) for text in segment(said)] == said


def test_no_texts_are_no_texts():
    assert segment([]).shape == (0,)
    assert segment(iter(["好", "差"])).shape == (2,)


def test_one_string_is_not_taken_for_a_list_of_characters():
    with pytest.raises(TypeError, match="expected several: put it in a list"):
        segment("不好吃")
    with pytest.raises(TypeError, match=r"texts\[1\] is b'no', expected a string"):
        segment(["好", b"no"])


def test_a_package_that_is_missing_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "jieba", None)
    texts._tokenizer.cache_clear()
    with pytest.raises(ModuleNotFoundError, match=r"pip install jieba.*tf2docs\[texts\]"):
        segment(["好"])


def test_it_prints_nothing_and_keeps_nothing(tmp_path):
    """Also where the source of `jieba` has to be compiled, which warns of its escapes."""
    code = "from tf2docs.texts import most_similar, segment, skipgrams; segment(['不好吃'])"
    environment = {"TMPDIR": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    command = [sys.executable, "-W", "always", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "" and "jieba" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["compiled"]


def test_what_lies_where_jieba_keeps_its_dictionary_is_not_loaded(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(b"somebody else's")
    texts._tokenizer.cache_clear()
    assert segment(["不好吃"]).tolist() == ["不 好吃"]
    assert (tmp_path / "jieba.cache").read_bytes() == b"somebody else's"


def pairs(*arguments, **options):
    centers, contexts = skipgrams(*arguments, **options)
    return sorted(zip(centers.tolist(), contexts.tolist(), strict=True))


def test_words_within_the_window_are_paired_in_both_directions():
    assert pairs([[1, 2, 3]], window_size=1) == [(1, 2), (2, 1), (2, 3), (3, 2)]
    assert pairs([[1, 2, 3]], window_size=2) == [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)]
    assert pairs([[1, 2, 3]], window_size=9) == pairs([[1, 2, 3]], window_size=2)


def test_no_pair_reaches_into_another_text():
    assert pairs([[1, 2], [], [3], [4, 5]], window_size=4) == [(1, 2), (2, 1), (4, 5), (5, 4)]


def test_there_are_as_many_pairs_as_by_hand():
    """As the plain double loop gives them."""
    texts = [np.random.default_rng(n).integers(0, 9, 3 * n) for n in range(7)]
    by_hand = [
        (int(text[center]), int(text[context]))
        for text in texts
        for center in range(len(text))
        for context in range(max(0, center - 3), min(len(text), center + 4))
        if context != center
    ]
    assert pairs(texts, window_size=3) == sorted(by_hand)


def test_words_that_the_table_drops_leave_no_gap():
    table = [1.0, 1.0, 0.0, 1.0]
    assert pairs([[1, 2, 3]], window_size=1, sampling_table=table) == [(1, 3), (3, 1)]


def test_a_word_is_kept_as_often_as_the_table_says():
    table = [0.0, 0.25, 1.0]
    centers, _ = skipgrams([[1, 2]] * 4000, window_size=1, sampling_table=table, seed=3)
    assert len(centers) == pytest.approx(2 * 1000, rel=0.1)
    again, _ = skipgrams([[1, 2]] * 4000, window_size=1, sampling_table=table, seed=4)
    assert len(again) != len(centers)


def test_no_texts_have_no_pairs():
    for nothing in ([], [[]], [[1]], iter([])):
        assert pairs(nothing) == []


@pytest.mark.parametrize(
    ("sequences", "options", "error", "message"),
    [
        ([1, 2, 3], {}, ValueError, r"sequences\[0\] has the shape \(\), expected one list"),
        ([["a", "b"]], {}, TypeError, "expected whole numbers. A keras.layers.TextVectorization"),
        ([[1.0, 2.0]], {}, TypeError, r"sequences\[0\] holds float64, expected whole numbers"),
        ([[1], [2, -1]], {}, ValueError, r"sequences\[1\] holds -1, expected indices from 0"),
        ([[1, 2]], {"window_size": 0}, ValueError, "window_size is 0, expected a whole number"),
        ([[1, 2]], {"sampling_table": [1.0, 1.0]}, ValueError, "2 probabilities, expected one"),
        ([[1, 2]], {"sampling_table": [0.1, 5, 1]}, ValueError, "expected a probability from 0"),
    ],
)
def test_what_skipgrams_cannot_pair_is_explained(sequences, options, error, message):
    with pytest.raises(error, match=message):
        skipgrams(sequences, **options)


COMPASS = ["east", "northeast", "north", "west"]
WAYS = [[2.0, 0.0], [3.0, 3.0], [0.0, 5.0], [-1.0, 0.0]]


def test_the_smaller_the_angle_the_more_similar():
    found = most_similar(WAYS, COMPASS, "east")
    assert [word for word, _ in found] == ["northeast", "north", "west"]
    assert [cosine for _, cosine in found] == pytest.approx([0.5**0.5, 0, -1], abs=1e-6)


def test_words_are_added_and_subtracted_as_directions_and_left_out():
    assert most_similar(WAYS, COMPASS, ["east", "north"], topn=1) == [("northeast", 1.0)]
    [(word, _)] = most_similar(WAYS, COMPASS, ["northeast"], ["north"], topn=1)
    assert word == "east"


def test_a_vector_of_zeros_is_similar_to_nothing():
    assert most_similar([[1, 0], [0, 0]], ["word", "padding"], "word") == [("padding", 0.0)]


def test_what_most_similar_cannot_find_is_explained():
    with pytest.raises(KeyError, match="'south' isn't among the 4 words of the vocabulary"):
        most_similar(WAYS, COMPASS, "south")
    with pytest.raises(ValueError, match=r"shape \(3, 2\), expected \(4, size\)"):
        most_similar(WAYS[:3], COMPASS, "east")
    with pytest.raises(ValueError, match="topn is 0"):
        most_similar(WAYS, COMPASS, "east", topn=0)
