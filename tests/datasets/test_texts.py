"""Sentences, plays, poems and spoken digits: as published, no test seen in training."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from tf2docs import datasets
from tf2docs.datasets import (
    StandInWarning,
    WrongDatasetError,
    load_pairs,
    load_poems,
    load_shakespeare,
    load_spoken_digits,
    save_stand_in,
    texts,
)
from tf2docs.datasets.addresses import read_address
from tf2docs.datasets.archive import write_archive
from tf2docs.datasets.explaining import not_in_named_folder
from tf2docs.datasets.made_up import made_up_recordings
from tf2docs.datasets.mirrors import offers, public_offers
from tf2docs.datasets.standing_in import STAND_INS
from tf2docs.datasets.table import SETS, SPOKEN_DIGITS
from tf2docs.datasets.texts import _connected


@pytest.fixture
def publish(as_published, home, monkeypatch):
    """Lets this be the published text."""

    def publish(name, text):
        tiny = as_published(getattr(texts, name), text.encode())
        monkeypatch.setattr(texts, name, tiny)
        return home / tiny.packings[0][0].path

    return publish


# Sentences


def pairs(lines):
    return "\ufeff" + "".join(f"{one}\t{other}\tCC-BY 2.0\n" for one, other in lines) + "\n"


MANY = [(f"Number {n}.", f"第{n}。") for n in range(60)]


def test_pairs_come_back_without_mark_attribution_and_the_empty_line(publish):
    publish("PAIRS", pairs([("Hi.", "嗨。"), *MANY]))
    parts = load_pairs()
    found = {pair for part in parts for pair in zip(*part, strict=True)}
    assert found == {("Hi.", "嗨。"), *MANY}
    assert len(parts[1][0]) == 6 and parts[0][0].dtype == object


@pytest.mark.parametrize("shift", range(8))
def test_a_sentence_is_never_in_both_parts_in_any_language(shift, publish):
    chain = [
        ("Hi.", "嗨。"),
        ("Hello!", "嗨"),
        ("Hello.", "你好。"),
        ("HI", "喂！"),
        ("Hey.", "喂"),
    ]
    publish("PAIRS", pairs([*MANY[:shift], *chain, *MANY[shift:]]))
    (english, chinese), (others, andere) = load_pairs()
    together = {one in english for one, _ in chain} | {other in chinese for _, other in chain}
    assert len(together) == 1
    assert not {*english} & {*others} and not {*chinese} & {*andere}


def test_pairs_that_share_a_sentence_or_lead_to_each_other_have_one_key():
    chain = [
        ("Hi.", "嗨。"),
        ("Hello!", "嗨"),
        ("Hello.", "你好。"),
        ("HI", "喂！"),
        ("Hey.", "喂"),
    ]
    keys = _connected(*(np.array(side, object) for side in zip(*chain, *MANY, strict=True)))
    assert len(set(keys[:5])) == 1 and len(set(keys)) == 1 + len(MANY)


def test_pairs_with_another_line_end_are_refused(publish):
    path = publish("PAIRS", pairs(MANY))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(WrongDatasetError, match="no checksums of the lines"):
        load_pairs()


# Plays and poems


def test_plays_are_cut_between_speeches_and_nothing_is_lost(publish):
    text = "".join(f"SPEAKER {n}:\nNothing.\n\n" for n in range(50)) + "LAST:\nThe end.\n"
    publish("SHAKESPEARE", text)
    train, test = load_shakespeare()
    assert train + test == text
    assert train.endswith("\n\n") and test.startswith("SPEAKER 4")
    assert 0.85 < len(train) / len(text) <= 0.9


def test_poems_keep_their_characters_and_repeated_ones_stay_together(publish):
    verses = [f"西陸蟬聲唱{n}，" for n in range(30)]
    poems = [
        {"title": f"在嶽詠蟬 {n}", "author": "駱賓王", "paragraphs": [v, "無人信高潔。"]}
        for n, v in enumerate([*verses, *(verse.replace("，", "。") for verse in verses)])
    ]
    publish("POEMS", json.dumps(poems, ensure_ascii=False))
    train, test = load_poems()
    assert list(train) == ["title", "author", "text"] and len(test["text"]) == 6
    assert "西陸蟬聲唱3，\n無人信高潔。" in [*train["text"], *test["text"]]
    numbers = [{int(title.split()[1]) % 30 for title in part["title"]} for part in (train, test)]
    assert not numbers[0] & numbers[1]


# Spoken digits


@pytest.fixture
def recordings(home, monkeypatch):
    sounds = {name: data for name, data in made_up_recordings().items() if "high" in name}
    joined = b"".join(sounds[name] for name in sorted(sounds))
    members = replace(
        SPOKEN_DIGITS.packings[0][0].members,
        count=len(sounds),
        size=len(joined),
        sha256=hashlib.sha256(joined).hexdigest(),
    )
    forms = tuple(
        tuple(replace(file, members=members) for file in form) for form in SPOKEN_DIGITS.packings
    )
    monkeypatch.setattr(
        "tf2docs.datasets.sounds.SPOKEN_DIGITS", replace(SPOKEN_DIGITS, packings=forms)
    )
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    (home / forms[0][0].path).write_bytes(write_archive(sounds).getvalue())
    return sounds


def test_the_first_five_recordings_are_for_testing_and_all_are_a_second(recordings):
    (x_train, y_train), (x_test, y_test) = load_spoken_digits()
    assert x_train.shape == x_test.shape == (50, 8000) and x_train.dtype == np.float32
    assert y_train.tolist() == y_test.tolist() == [*range(10)] * 5
    assert 0.5 < np.abs(x_train).max() <= 1


def test_a_sound_has_its_pitch_and_then_silence(recordings):
    _, (sounds, digits) = load_spoken_digits()
    for sound, digit in zip(sounds, digits, strict=True):
        pitch = np.abs(np.fft.rfft(sound)).argmax()  # of a second, so in hertz
        assert abs(pitch - (480 + 120 * int(digit))) <= 2
    assert any((sound[-500:] == 0).all() for sound in sounds)


# All of them


@pytest.mark.parametrize("name", ["pairs", "shakespeare", "poems", "spoken_digits"])
def test_a_stand_in_has_the_form_of_the_set_and_says_that_it_is_none(name, home, monkeypatch):
    save_stand_in(home, name)
    monkeypatch.setenv("TF2DOCS_DATA", str(home))
    with pytest.warns(StandInWarning, match="stand-in, not the"):
        train, test = getattr(datasets, f"load_{name}")()
    assert type(train) is type(test) and len(train) and len(test)


def test_every_file_but_those_of_one_set_has_a_stand_in_and_all_have_checksums():
    downloads = {name for name, one in SETS.items() if one.packings}
    assert downloads - {*STAND_INS} == {"fashion_mnist"}
    for name in downloads:
        for file in (file for packing in SETS[name].packings for file in packing):
            by_arrays = file.arrays and all(array.sha256 for array in file.arrays)
            assert by_arrays or file.checksum or len(file.members.sha256) == 64


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (
            "poems",
            "https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/99ebbef7e1345c0985c44b"
            "9fd96a3f9e776f117b/%E5%85%A8%E5%94%90%E8%AF%97/%E5%94%90%E8%AF%97%E4%B8%89%E7%99%BE"
            "%E9%A6%96.json",
        ),
        (
            "shakespeare",
            "https://raw.githubusercontent.com/karpathy/char-rnn/6f9487a6fe5b420b7ca9afb0d7c078e37c"
            "1d1b4e/data/tinyshakespeare/input.txt",
        ),
        (
            "spoken_digits",
            "https://codeload.github.com/Jakobovski/free-spoken-digit-dataset/zip/26eb9aaf76e81b692"
            "f806f9140c2d2777410d7a1",
        ),
        (
            "reviews_en",
            "https://raw.githubusercontent.com/dennybritz/cnn-text-classification-tf/18762b459e21d9"
            "c70e5c242f8d43fc4e6db37a0d/data/rt-polaritydata/rt-polarity.pos",
        ),
    ],
)
def test_a_file_is_asked_for_where_its_publisher_has_it(name, address):
    ((_, asked), *_), *_ = offers(SETS[name])
    assert asked.url == address


@pytest.mark.parametrize("name", [name for name in SETS if SETS[name].sources])
def test_a_missing_file_is_told_with_the_addresses_that_have_it(name, tmp_path):
    message = not_in_named_folder(SETS[name], tmp_path, [(tmp_path, FileNotFoundError())])
    for offer in public_offers(SETS[name]):
        for _, address in offer:
            assert f"       {address.url}\n" in message


def test_an_address_in_public_is_shown_whole_and_a_reader_s_is_not():
    path = "gh/owner/name@commit"
    public = read_address(f"https://host/{path}", is_public=True).below("file.csv")
    assert str(public) == f"https://host/{path}/file.csv"
    assert path not in str(read_address(f"https://host/{path}").below("file.csv"))
