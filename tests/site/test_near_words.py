"""Near words in the page: in the browser, the nearest are those that NumPy finds.

How the page looks and sounds is asked in `test_alive.py`, what an `Embedding` gives in
`test_network.py`.
"""

import base64
import json
from pathlib import Path

import pytest

pytest.importorskip("keras", reason="its outputs are compared with those in the browser")

import keras
import numpy as np
from keras import layers

from tf2docs.browser import write_network
from tf2docs.texts import most_similar

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "docs" / "assets" / "javascripts"
KEPT = sorted((ROOT / "docs/assets/files/networks/embeddings").glob("*.network"))
QUESTIONS, SHOWN = 64, 10
CLOSE = 1e-6  # `most_similar` rounds to so many decimals
OPEN = """files => {
    const bytes = (file) => Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    const box = window.tf2docs.alive["near-words"](files.map((file, place) => ({ name: `file ${place}`, bytes: bytes(file) })));
    document.body.replaceChildren(box);
}"""  # noqa: E501
ASK = """questions => questions.map(([text, among]) =>
    document.querySelector(".tf2-near").nearest(text, { among }))"""
MADE_UP = [
    *("the", "good", "bad", "slow", "slower", "well-acted", "funny", "fun", "sunny", "boring"),
    *("OK", "--", "，", "-", "快", "慢", "热", "好吃", "很好吃", "外卖员"),
    *(f"w{number}" for number in range(800)),
]


def made_up(folder):
    """A file of words that were made up, with vectors drawn by chance."""
    vectors = np.random.default_rng(0).normal(size=(len(MADE_UP), 8))
    model = keras.Sequential([keras.Input((None,)), layers.Embedding(*vectors.shape)])
    model.set_weights([vectors])
    counts = list(range(len(MADE_UP), 0, -1))
    write_network(model, folder / "a.network", words=MADE_UP, counts=counts)
    return folder / "a.network"


def content(path):
    """The words of a file, and their vectors."""
    data = path.read_bytes()
    start = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:start])
    words = header["facts"]["words"]
    assert header["dtype"] == "float16"
    assert len(header["facts"]["counts"]) == len(words) == len(set(words))
    return words, np.frombuffer(data[start:], "<f2").reshape(len(words), -1)


def numpys(words, vectors, terms, among):
    """What NumPy finds: the nearest of the first `among` words, and their cosines."""
    positive = [word for sign, word in terms if sign == "+"]
    negative = [word for sign, word in terms if sign == "-"]
    found = most_similar(vectors, words, positive, negative, topn=len(words))
    first = set(words[:among])
    return [(word, cosine) for word, cosine in found if word in first][:SHOWN]


def questions(words, count=QUESTIONS):
    """Single words and sums, with the number of words to search among."""
    random = np.random.default_rng(0)
    asked = [word for word in words if not {*word} <= {*"+-"}]
    for number in range(count):
        many = 1 + max(0, number % 4 - 1)
        chosen = random.choice(asked, many, replace=False)
        signs = ["+", *random.choice(["+", "-"], many - 1)]
        among = (300, 700, 1500, len(words))[number // 4 % 4]
        yield [*zip(signs, chosen.tolist(), strict=True)], among


def compare(page, path, count=QUESTIONS):
    words, vectors = content(path)
    page.evaluate(OPEN, [base64.b64encode(path.read_bytes()).decode()])
    asked = [*questions(words, count)]
    texts = [
        (" ".join(f"{sign} {word}" for sign, word in terms).removeprefix("+ "), among)
        for terms, among in asked
    ]
    answers = page.evaluate(ASK, texts)
    for (terms, among), found in zip(asked, answers, strict=True):
        expected = numpys(words, vectors, terms, among)
        assert [word for word, _ in found] == [word for word, _ in expected], terms
        cosines = [[cosine for _, cosine in each] for each in (found, expected)]
        assert np.abs(np.subtract(*cosines)).max() < CLOSE


def opened(chromium, **replaced):
    page = chromium.new_page()
    page.set_content("<!doctype html><html lang='en'><body></body></html>")
    page.evaluate("window.tf2docs = { alive: {} }")
    for name in ("network", "near-words"):
        script = (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")
        for right, wrong in replaced.items() if name == "near-words" else ():
            assert script.count(right) == 1, right
            script = script.replace(right, wrong)
        page.add_script_tag(content=script)
    return page


@pytest.fixture(scope="module")
def page(chromium):
    page = opened(chromium)
    yield page
    page.close()


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_the_nearest_words_of_the_lesson_are_those_of_numpy(page, path):
    words, _ = content(path)
    assert len(words) == 3000
    compare(page, path)


def test_the_nearest_words_are_those_of_numpy(page, tmp_path):
    compare(page, made_up(tmp_path))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("return length ? vector.map((value) => value / length) : vector;", "return vector;"),
        ("total + sign * units", "total + units"),
        ("!given.has(place)", "place >= 0"),
        ("other.cosine - one.cosine", "one.cosine - other.cosine"),
        ("units.slice(0, among)", "units"),
        (".slice(0, SHOWN)", ".slice(0, SHOWN - 1)"),
        ("place * shape[1], (place + 1)", "(place ^ 1) * shape[1], ((place ^ 1) + 1)"),
        ('piece === "+" ? 1 : -1', "1"),
        ("value * direction[axis]", "value * sum[axis]"),
    ],
)
def test_a_script_with_a_mistake_is_found_out(chromium, tmp_path, right, wrong):
    broken = opened(chromium, **{right: wrong})
    try:
        with pytest.raises(AssertionError):
            compare(broken, made_up(tmp_path), count=16)
    finally:
        broken.close()


# What is read, and what is said


@pytest.fixture
def ask(page, tmp_path):
    """Asks as a reader does, and gives what the status says."""
    file = base64.b64encode(made_up(tmp_path).read_bytes()).decode()
    page.evaluate(OPEN, [file])
    box = page.locator(".tf2-near")

    def ask(text):
        box.locator("input").fill(text)
        box.get_by_role("button", name="Find").click()
        return box.locator("[role=status]").evaluate(
            "status => [...status.childNodes].filter(each => each.className !== 'tf2-hidden')"
            ".map(each => each.textContent).join('')"
        )

    return ask


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("good - bad + slow", "good − bad + slow"),
        ("  good −bad\uff0bslow ", "good − bad + slow"),  # a true minus, a wide plus
        ("good-- bad", None),
        ("good bad", "good + bad"),
        ("GOOD + ok", "good + OK"),
        ("- good", "− good"),
        ("good + well-acted", "good + well-acted"),
        ("慢-快+热", "慢 − 快 + 热"),
        ("慢\uff0d快\uff0b热", "慢 − 快 + 热"),
        ("good + --", "good + --"),
    ],
)
def test_sums_are_read_as_people_write_them(ask, text, understood):
    if understood is None:
        assert ask(text).startswith("“good--” isn't among these 820 words.")
    else:
        assert ask(text) == f"Nearest to {understood}, the given words left out:"


@pytest.mark.parametrize("word", ["good", "OK", "，", "-", "--", "well-acted"])
def test_every_word_can_be_asked_even_if_it_is_a_sign(ask, word):
    times = len(MADE_UP) - MADE_UP.index(word)
    assert ask(word) == f"Nearest to “{word}”, which occurs {times} times:"


@pytest.mark.parametrize(
    ("word", "alike"),
    [
        ("funy", "funny, fun"),
        ("fnuny", "funny"),
        ("slowest", "slower"),
        ("Borring", "boring"),
        ("真好吃", "好吃, 很好吃"),
        ("送外卖员真快", "外卖员"),
        ("饿", None),
        ("gorgeous", None),
    ],
)
def test_of_an_unknown_word_near_spellings_are_named(ask, word, alike):
    said = f"“{word}” isn't among these 820 words. "
    assert ask(word) == said + (f"Spelt in a similar way: {alike}" if alike else "")


def test_a_sum_that_points_nowhere_is_said(ask, page):
    assert ask("good - good") == "The sum is zero, which has no direction."
    assert not page.locator(".tf2-near table").is_visible()
    assert ask("  ") == "Write a word first."
    assert ask("+") == "Write a word first."
