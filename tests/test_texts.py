"""Chinese is cut into words, quietly, and nothing is written or loaded on the way."""

import subprocess
import sys
import tempfile

import pytest

from tf2docs import texts
from tf2docs.texts import segment


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
    code = "from tf2docs.texts import segment; segment(['不好吃'])"
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
