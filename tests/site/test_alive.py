"""Networks that run in a page of their own: what readers see, hear and do is what the model gives.

The page is made up, and so are the weights, but for the lessons' own at the end; `test_network.py`
holds those to Keras.
"""

import functools
import http.server
import json
import math
import re
import threading
from pathlib import Path

import pytest

pytest.importorskip("keras", reason="its outputs are compared with those in the browser")

import keras
import numpy as np
from keras import layers

from tf2docs.browser import write_network
from tf2docs.texts import most_similar

DOCS = Path(__file__).parents[2] / "docs" / "zh"
LESSONS = [
    page.relative_to(DOCS).with_suffix("").as_posix()
    for page in sorted(DOCS.rglob("*.md"))
    if "{ .tf2-alive" in page.read_text(encoding="utf-8")
]
ENGLISH = "abcdefghijklmnopqrstuvwxyz \n:,.ROME"
CHINESE = "□，。\n明月光床前地上霜"
KEPT = "assets/files/alive"
HEAD = """---
title: Alive
description: A page of these tests.
---

# Alive { #alive }

```python {data-keeps="lenet.network"}
pass
```

```python {data-keeps="plays.network"}
pass
```

```python {data-keeps="poems.network"}
pass
```

```python {data-keeps="english.network"}
pass
```

```python {data-keeps="chinese.network"}
pass
```
"""
TEXT = """
{maps}[LeNet](../assets/files/alive/lenet.network)
{{ .tf2-alive data-shows="feature-maps" }}

{verse}[{plays}](../assets/files/alive/plays.network)
[{poems}](../assets/files/alive/poems.network)
{{ .tf2-alive data-shows="verse" }}

{near}[English](../assets/files/alive/english.network)
[中文](../assets/files/alive/chinese.network)
{{ .tf2-alive data-shows="near-words" }}

{one}[{poems}](../assets/files/alive/poems.network)
{{ .tf2-alive data-shows="verse" }}

{none}[{poems}](../assets/files/alive/poems.network)
{{ .tf2-alive data-shows="nothing" }}
"""
WORDS = {
    "zh": {
        "plays": "剧本",
        "poems": "唐诗",
        "maps": "特征图需要 JavaScript：",
        "verse": "续写需要 JavaScript：",
        "near": "相近的词需要 JavaScript：",
        "one": "一个模型：",
        "none": "没有这样的东西：",
    },
    "en": {
        "plays": "Plays",
        "poems": "Poems",
        "maps": "Feature maps need JavaScript: ",
        "verse": "Going on needs JavaScript: ",
        "near": "Near words need JavaScript: ",
        "one": "One model: ",
        "none": "Nothing is called so: ",
    },
}
NONE_CUT_SHORT = """box => [...box.querySelectorAll("select")].every((select) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(select).font;
    const widths = [...select.options].map((option) => pen.measureText(option.text).width);
    return Math.max(...widths) < select.clientWidth - 36; // its padding and its arrow
})"""
MAPS, VERSE = 'p[data-shows="feature-maps"]', 'p[data-shows="verse"]'
NEAR = 'p[data-shows="near-words"]'
VOCABULARY = {  # of made-up vectors
    "english": [".", "good", "bad", "slow", "funny", "well-acted", *map("w{}".format, range(800))],
    "chinese": ["，", "好", "差", "慢", "好吃", "送餐", *map("词{}".format, range(20))],
}
SAID = {
    "": {
        "answer": "模型的答案是",
        "maps": [
            "6 张 28×28 的特征图",
            "6 张 14×14 的特征图",
            "3 张 12×12 的特征图",
            "十个数字的得分",
        ],
        "beginning": "明月",
        "go": "接着写",
        "stop": "停",
        "anew": "重新开始",
        "empty": "先写一个开头",
        "without": "模型没有见过“é”、“😀”，读的时候跳过。",
        "instead": "模型没有见过“风”，读作 □。",
        "wrote": "写了 200 个字符。",
        "index": 1,
        "word": "好吃",
        "unknown": ("真好吃", "这 26 个词里没有“真好吃”。写法相近的有：好吃"),
        "nearest": lambda word, times: f"离“{word}”（出现 {times:,} 次）最近的词：",
        "sum": ("差 - 好+慢", "离 差 − 好 + 慢 最近的词，不算给出的词："),
        "begun": ("好", ["好", "好吃"]),
        "failed": "读不到模型",
    },
    "en/": {
        "answer": "The model's answer is",
        "maps": [
            "6 feature maps of 28×28",
            "6 feature maps of 14×14",
            "3 feature maps of 12×12",
            "the scores of the ten digits",
        ],
        "beginning": "ROMEO:\n",
        "go": "Go on",
        "stop": "Stop",
        "anew": "Begin anew",
        "empty": "Write a beginning first",
        "without": "The model has never seen “é”, “😀” and reads on without.",
        "instead": "The model has never seen “风” and reads □ instead.",
        "wrote": "200 characters written.",
        "index": 0,
        "word": "funny",
        "unknown": ("funy", "“funy” isn't among these 806 words. Spelt in a similar way: funny"),
        "nearest": lambda word, times: f"Nearest to “{word}”, which occurs {times:,} times:",
        "sum": ("good − bad + slow", "Nearest to good − bad + slow, the given words left out:"),
        "begun": ("good + fu", ["good + funny"]),
        "failed": "The model can't be read",
    },
}
FINISHED = """says => document.querySelector(".tf2-verse__status").innerText.startsWith(says)"""
# What the canvases of the page show: each a list of rows of shades from 0 to 255
SHADES = """() => [...document.querySelectorAll(".tf2-digit canvas")].map((canvas) => {
    const { width, height, data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return JSON.stringify([height, width, [...data].filter((_, place) => place % 4 === 0)]);
})"""  # noqa: E501


def lenet():
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="relu", name="edges"),
            layers.MaxPooling2D(2, name="halved"),
            layers.Conv2D(3, 3, activation="tanh", name="parts"),
            layers.Flatten(name="flat"),
            layers.Dense(10, name="scores"),
        ]
    )


def writer(characters, unused=0):
    """A model whose first outputs stand for no character, such as padding."""
    count = len(characters) + unused
    return keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(count, 8, embeddings_initializer="random_normal"),
            layers.GRU(24, return_sequences=True),
            layers.Dense(count, kernel_initializer=keras.initializers.RandomNormal(0, 1)),
        ]
    )


def vectors_of(words):
    return keras.Sequential([keras.Input((None,)), layers.Embedding(len(words), 8, "normal")])


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The models of the page by name, and the folder of their files."""
    keras.utils.set_random_seed(0)
    made = {"lenet": lenet(), "plays": writer(ENGLISH, unused=2), "poems": writer(CHINESE)}
    made |= {name: vectors_of(words) for name, words in VOCABULARY.items()}
    folder = tmp_path_factory.mktemp("files")
    facts = {"plays": {"characters": ENGLISH}, "poems": {"characters": CHINESE}}
    for name, words in VOCABULARY.items():
        facts[name] = {"words": words, "counts": [2 * len(words) - n for n in range(len(words))]}
    for name, model in made.items():
        write_network(model, folder / f"{name}.network", dtype="float32", **facts.get(name, {}))
    return made, folder


@pytest.fixture(scope="module")
def build_alive(small_project, build_project, models, tmp_path_factory):
    """Builds a small site with the page."""
    project = small_project(tmp_path_factory.mktemp("project"))
    docs = project / "docs"
    for language, words in WORDS.items():
        (docs / language / "alive.md").write_text(HEAD + TEXT.format(**words), encoding="utf-8")
    (docs / KEPT).mkdir(parents=True)
    for file in models[1].iterdir():
        (docs / KEPT / file.name).write_bytes(file.read_bytes())
    settings = project / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("  - sample.md\n", "  - sample.md\n  - alive.md\n"), "utf-8")

    def build_alive(**environment):
        site = tmp_path_factory.mktemp("alive site")
        result = build_project(project, site, **environment)
        assert result.returncode == 0, result.stderr
        return site

    return build_alive


@pytest.fixture(scope="module")
def alive_site(build_alive):
    return build_alive()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def alive_address(alive_site):
    handler = functools.partial(QuietHandler, directory=str(alive_site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def visit_alive(open_page, alive_address):
    def visit_alive(home="", **options):
        return open_page(alive_address, f"{home}alive/", **options)

    return visit_alive


def open_verse(page):
    page.locator(VERSE).first.get_by_role("button").press("Enter")
    page.wait_for_selector("div.tf2-verse")
    return page.locator("div.tf2-verse")


def open_maps(page):
    page.locator(MAPS).get_by_role("button").press("Enter")
    page.wait_for_selector(".tf2-maps")
    return page.locator("div.tf2-digit")


def open_near(page):
    page.locator(NEAR).get_by_role("button").press("Enter")
    page.wait_for_selector("div.tf2-near")
    return page.locator("div.tf2-near")


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def shades(page):
    """What the canvases show, from 0 to 255: the image, then what each layer makes of it."""
    found = [json.loads(each) for each in page.evaluate(SHADES)]
    return [np.array(values, float).reshape(height, width) for height, width, values in found]


def painted(outputs):
    """The shades that a layer's outputs should have, a picture for each channel."""
    pictures = np.moveaxis(outputs, -1, 0) if outputs.ndim == 3 else outputs[np.newaxis, np.newaxis]
    parts = pictures / np.abs(pictures).max()
    return 127.5 + 127.5 * parts if (pictures < 0).any() else 255 * parts


# Feature maps


def test_every_map_shows_what_keras_computes_and_follows_the_pen(
    visit_alive, alive_address, models
):
    model, asked = models[0]["lenet"], []
    page = visit_alive()
    page.on("request", lambda request: asked.append(request.url.removeprefix(alive_address)))
    box = open_maps(page)
    scripts = [f"assets/javascripts/{name}.js" for name in ("network", "digit-pad", "feature-maps")]
    loaded = [each for each in asked if each.endswith(".js")]
    assert loaded == [*scripts, f"{KEPT}/lenet.network.js"]
    page.context.set_offline(True)
    assert not any(shade.any() for shade in shades(page))  # nothing is drawn yet

    pad = box.locator(".tf2-digit__pad").bounding_box()
    page.mouse.move(pad["x"] + 100, pad["y"] + 40)
    page.mouse.down()
    page.mouse.move(pad["x"] + 90, pad["y"] + 200, steps=4)
    before = shades(page)
    page.mouse.move(pad["x"] + 200, pad["y"] + 200, steps=4)
    after = shades(page)  # the pen is still down
    page.mouse.up()
    assert all((one != other).any() for one, other in zip(before[1:], after[1:], strict=True))

    image, *shown = after
    flow, expected = (image / 255)[np.newaxis, ..., np.newaxis].astype("float32"), []
    for layer in model.layers:
        flow = layer(flow)
        if layer.name != "flat":
            expected += list(painted(np.asarray(flow)[0]))
    for one, other in zip(shown, expected, strict=True):
        assert np.abs(one - other).max() < 3  # the image above is rounded to 255 shades
    scores = np.asarray(flow)[0]
    probabilities = np.exp(scores) / np.exp(scores).sum()
    texts = box.locator(".tf2-digit__share").all_inner_texts()
    assert np.allclose([float(each[:-1]) for each in texts], 100 * probabilities, atol=0.3)
    strongest = np.abs(np.asarray(model.layers[0](image[np.newaxis, ..., np.newaxis] / 255)[0]))
    captions = box.locator("figcaption").all_inner_texts()
    assert captions[0].endswith(f"第 {strongest.mean((0, 1)).argmax() + 1} 张")
    assert captions[-1].endswith(f"最高的是 {scores.argmax()}")
    # what reads the canvases so often is this test
    assert [each for each in page.wrong if "willReadFrequently" not in each] == []


@pytest.mark.parametrize(("home", "screen", "dark"), [("", "phone", True), ("en/", "wide", False)])
def test_by_keyboard_on_any_screen_maps_and_verses_can_be_read(
    visit_alive, axe, still, home, screen, dark
):
    says, page = SAID[home], visit_alive(home, screen=screen, dark=dark)
    box = open_maps(page)
    for _ in range(3):  # the pad, Clear, the example
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert box.get_by_role("status").inner_text().startswith(says["answer"])
    captions = box.locator("figcaption").all_inner_texts()
    assert [name.split()[0] for name in captions] == ["edges", "halved", "parts", "scores"]
    for caption, said in zip(captions, says["maps"], strict=True):
        assert said in caption
    open_verse(page)
    open_near(page)
    page.set_viewport_size({"width": 320 if screen == "phone" else 1280, "height": 800})
    assert not scrolls_sideways(page)
    still(page)
    page.evaluate(axe)
    for part in (".tf2-digit", ".tf2-verse", ".tf2-near"):
        assert page.evaluate(f"axe.run('{part}')")["violations"] == []
    assert page.wrong == []


# Verses


def greedy(model, characters, text):
    """The likeliest character after each part of a text, by Keras."""
    unused = model.output_shape[-1] - len(characters)
    indices = [characters.index(letter) + unused for letter in text]
    scores = np.array(model(np.array([indices])))[0, :, unused:]  # (steps, characters)
    if "□" in characters:
        scores[:, characters.index("□")] = -np.inf
    return [characters[place] for place in scores.argmax(axis=-1)]


@pytest.mark.parametrize("home", SAID)
def test_at_temperature_0_it_writes_what_keras_finds_likeliest(
    visit_alive, models, wait_until, home
):
    says, page = SAID[home], visit_alive(home)
    box = open_verse(page)
    page.context.set_offline(True)
    status, written = box.get_by_role("status"), box.locator(".tf2-verse__written")
    go, beginning = box.get_by_role("button", name=says["go"]), box.locator("textarea")
    assert beginning.input_value() == says["beginning"]  # of the model in the reader's language
    if home:  # one language sees it write, the other at once
        page.emulate_media(reduced_motion="reduce")
    box.get_by_role("slider").focus()
    page.keyboard.press("Home")
    assert box.locator(".tf2-verse__value").inner_text() == "0.0"
    assert box.get_by_role("slider").get_attribute("aria-valuetext") == "0.0"
    for model, characters, begun, known, unknown in (
        ("plays", ENGLISH, "the é😀lb", "the lb", "without"),
        ("poems", CHINESE, "明月风", "明月□", "instead"),
    ):
        box.get_by_role("combobox").select_option(WORDS[home[:2] or "zh"][model])
        beginning.fill("")
        go.press("Enter")
        assert status.inner_text().startswith(says["empty"])
        beginning.press_sequentially(begun)  # whose letters are nobody's shortcuts here
        assert status.inner_text() == says[unknown]
        go.press("Enter")
        wait_until(page, FINISHED, says["wrote"])
        text = written.text_content()
        assert len(text) == 200
        likeliest = greedy(models[0][model], characters, known + text)
        assert likeliest[len(known) - 1 : -1] == list(text)
        assert box.locator(".tf2-verse__text").text_content() == begun + text
    assert page.wrong == []


def test_it_stops_goes_on_and_begins_anew(visit_alive, wait_until):
    page = visit_alive("en/")
    box = open_verse(page)
    go, anew = box.locator("button").all()
    written = "document.querySelector('.tf2-verse__written').textContent"
    go.press("Enter")
    wait_until(page, f"{written}.length > 3")
    assert go.inner_text() == "Stop"
    go.press("Enter")
    assert go.inner_text() == "Go on"
    text = page.evaluate(written)
    assert box.get_by_role("status").inner_text().startswith(f"{len(text)} characters written.")
    page.wait_for_timeout(100)
    assert page.evaluate(written) == text
    go.press("Enter")
    wait_until(page, f"{written}.length > {len(text) + 3}")
    assert page.evaluate(written).startswith(text)
    anew.press("Enter")
    assert page.evaluate(written) == ""
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.wait_for_timeout(100)
    assert page.evaluate(written) == ""
    page.emulate_media(reduced_motion="reduce")
    go.press("Enter")
    assert len(page.evaluate(written)) == 200  # at once
    box.get_by_role("combobox").select_option("Poems")
    assert page.evaluate(written) == ""
    assert box.locator("textarea").input_value() == "明月"
    assert box.locator("textarea").get_attribute("lang") == "zh"
    assert page.wrong == []


def test_the_temperature_divides_the_scores(visit_alive):
    page = visit_alive()
    open_verse(page)
    scores = [1.0, 2.0, -3.0, 0.5]
    count = """([scores, temperature]) => {
        const { random } = Math, { choose } = document.querySelector(".tf2-verse");
        let place = 0;
        Math.random = () => (place++ + 0.5) / 1000;
        const counts = scores.map(() => 0);
        for (let draw = 0; draw < 1000; draw++) counts[choose(Float64Array.from(scores), temperature)]++;
        Math.random = random;
        return counts;
    }"""  # noqa: E501
    for temperature in (0.5, 1, 1.5):
        powers = [math.exp(score / temperature) for score in scores]
        expected = [1000 * power / sum(powers) for power in powers]
        assert page.evaluate(count, [scores, temperature]) == pytest.approx(expected, abs=1)
    assert page.evaluate(count, [scores, 0]) == [0, 1000, 0, 0]


def test_one_model_needs_no_choice(visit_alive):
    page = visit_alive()
    page.locator(VERSE).nth(1).get_by_role("button").click()
    page.wait_for_selector("div.tf2-verse")
    assert not page.locator("div.tf2-verse select").is_visible()
    assert page.locator("div.tf2-verse textarea").input_value() == "明月"


# Near words


def listed(box):
    """The rows of the list: the words, the cosines, the counts."""
    rows = [row.inner_text().split("\t") for row in box.locator("tbody tr:visible").all()]
    return [tuple(cell.strip() for cell in row) for row in rows]


def numpys(model, name, positive, among, negative=()):
    """The rows that should be listed."""
    words = VOCABULARY[name]
    [vectors] = model.get_weights()
    found = most_similar(vectors, words, positive, negative, topn=len(words))
    return [
        (word, f"{cosine:.2f}".replace("-", "−"), f"{2 * len(words) - words.index(word):,}")
        for word, cosine in found
        if words.index(word) < among
    ][:10]


@pytest.mark.parametrize("home", SAID)
def test_a_reader_walks_from_word_to_near_word(visit_alive, alive_address, models, home):
    says, page, asked = SAID[home], visit_alive(home), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(alive_address)))
    box = open_near(page)
    scripts = [f"assets/javascripts/{name}.js" for name in ("network", "near-words")]
    files = [f"{KEPT}/{name}.network.js" for name in VOCABULARY]
    assert [each for each in asked if each.endswith(".js")] == [*scripts, *files]
    page.context.set_offline(True)
    name = ["english", "chinese"][says["index"]]
    model, words = models[0][name], VOCABULARY[name]
    status, entry = box.get_by_role("status"), box.get_by_role("combobox").nth(2)
    vectors, among = box.locator("select").all()
    assert vectors.evaluate("select => select.selectedIndex") == says["index"]
    assert entry.input_value() == says["word"]  # an example is there, and answered
    most = min(700, len(words))
    assert listed(box) == numpys(model, name, says["word"], most)

    entry.fill("")
    begun, suggested = says["begun"]
    entry.press_sequentially(begun)  # whose letters are nobody's shortcuts here
    options = "input => [...input.list.options].map(({ value }) => value)"
    assert entry.evaluate(options) == suggested
    unknown, said = says["unknown"]
    entry.fill(unknown)
    entry.press("Enter")
    assert status.inner_text() == said
    assert listed(box) == []
    status.get_by_role("button").press("Enter")  # the spelling that was meant
    assert entry.input_value() == says["word"]
    assert status.evaluate("status => status === document.activeElement")
    expected = numpys(model, name, says["word"], most)
    assert listed(box) == expected
    told = status.text_content()  # also those that only those hear who don't see the list
    times = 2 * len(words) - words.index(says["word"])
    assert told.startswith(says["nearest"](says["word"], times))
    assert all(word in told for word, *_ in expected[:3])

    page.keyboard.press("Tab")  # the first of the list
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    second = expected[1][0]
    assert entry.input_value() == second
    assert listed(box) == numpys(model, name, second, most)
    assert page.evaluate("document.activeElement.textContent") == listed(box)[1][0]
    back = box.locator("form button").nth(1)
    back.press("Enter")
    assert listed(box) == expected
    assert back.is_disabled()

    text, said = says["sum"]
    entry.fill(text)
    box.locator("form button").first.press("Enter")
    assert status.inner_text().startswith(said)
    one, other, last = [word for word in re.findall(r"\w+", said) if word in words]
    positive, negative = ([one, last], [other])
    assert listed(box) == numpys(model, name, positive, most, negative)
    if len(words) > 700:
        among.select_option(index=1)
        assert listed(box) == numpys(model, name, positive, len(words), negative)
    vectors.select_option(index=1 - says["index"])
    assert back.is_disabled()
    assert entry.get_attribute("lang") == ("en" if not home else "zh")
    assert page.wrong == []


# Everywhere


def test_a_finger_draws_and_lets_it_write(chromium, alive_address, touch, wait_until):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{alive_address}alive/")
    page.locator(f"{VERSE} button").first.tap()
    page.locator("div.tf2-verse button").first.tap()
    wait_until(page, "document.querySelector('.tf2-verse__written')?.textContent.length > 3")
    page.locator(f"{NEAR} button").tap()
    page.locator("div.tf2-near tbody button").nth(3).tap()
    before = page.locator("div.tf2-near tbody button").nth(3).inner_text()
    page.locator("div.tf2-near tbody button").nth(3).tap()
    assert page.locator("div.tf2-near input").input_value() == before
    page.locator(f"{MAPS} button").tap()
    page.wait_for_selector(".tf2-maps")
    page.locator(".tf2-digit__pad").scroll_into_view_if_needed()
    pad = page.locator(".tf2-digit__pad").bounding_box()
    touch(page, [(pad["x"] + 80, pad["y"] + 30), (pad["x"] + 70, pad["y"] + 150)])
    assert all(shade.any() for shade in shades(page)[-4:])
    context.close()


def test_it_works_where_the_site_is_opened_from_a_folder(open_page, build_alive):
    folder = build_alive(TF2DOCS_FOLDER="true")
    page = open_page(f"{folder.as_uri()}/", "en/alive.html")
    open_maps(page)
    page.locator("div.tf2-digit button").nth(1).click()
    assert all(shade.any() for shade in shades(page)[-4:])
    box = open_verse(page)
    page.emulate_media(reduced_motion="reduce")
    box.locator("button").first.click()
    assert len(box.locator(".tf2-verse__written").text_content()) == 200
    assert len(listed(open_near(page))) == 10
    assert page.wrong == []


@pytest.mark.parametrize("home", SAID)
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_networks_of_a_lesson_come_alive(visit, home, lesson):
    """What they give, `test_network.py` asks."""
    page = visit(f"{home}{lesson}/", screen="phone")
    page.emulate_media(reduced_motion="reduce")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert not any(".network" in url for url in loaded)
    while page.locator("p.tf2-alive button").count():
        page.locator("p.tf2-alive button").first.press("Enter")
        page.wait_for_selector("div.tf2-alive:focus, div.tf2-digit:focus")
    page.context.set_offline(True)
    for box in page.locator("div.tf2-digit").all():
        box.locator("button").nth(1).click()
        assert box.get_by_role("status").inner_text().startswith(f"{SAID[home]['answer']} 3")
        assert all(shade.any() for shade in shades(page)[1:])
    for box in page.locator("div.tf2-verse").all():
        for model in range(box.locator("option").count()):
            box.locator("select").select_option(index=model)
            assert box.locator("textarea").input_value()
            box.locator("button").first.click()
            assert len(box.locator(".tf2-verse__written").text_content()) == 200
    for box in page.locator("div.tf2-near").all():
        assert box.evaluate(NONE_CUT_SHORT)
        for vectors in range(box.locator("select").first.locator("option").count()):
            box.locator("select").first.select_option(index=vectors)
            examples = box.locator(".tf2-near__examples button").all()
            assert len(examples) == 5  # the script's own, all of whose words are known
            for example in examples:
                example.click()
                assert len(listed(box)) == 10
    assert not scrolls_sideways(page)
    assert [each for each in page.wrong if "willReadFrequently" not in each] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_a_button_replaces_is_for_those_without_javascript(lesson):
    for folder in (DOCS, DOCS.parent / "en"):
        paragraphs = (folder / f"{lesson}.md").read_text(encoding="utf-8").split("\n\n")
        for paragraph in paragraphs:
            if "{ .tf2-alive" in paragraph:
                assert "JavaScript" in re.split(r"[.。]", paragraph)[0]


@pytest.mark.parametrize("home", SAID)
def test_a_file_that_cannot_be_read_is_said_and_can_be_asked_for_again(visit_alive, home):
    page = visit_alive(home)
    paragraph = page.locator(VERSE).first
    event = 'dispatchEvent(new CustomEvent("tf2docs:file", { detail: "PGh0bWw+" }));'
    for answer in (
        lambda route: route.abort(),
        lambda route: route.fulfill(body=event, content_type="text/javascript"),
        lambda route: route.fulfill(body="", content_type="text/javascript"),
    ):
        page.route("**/poems.network.js", answer)
        paragraph.get_by_role("button").click()
        paragraph.get_by_text(SAID[home]["failed"]).wait_for()
        page.unroute("**/poems.network.js")
    open_verse(page)


def test_without_the_script_the_paragraphs_stay(alive_site):
    html = (alive_site / "alive" / "index.html").read_text(encoding="utf-8")
    assert re.search(
        r'<p class="tf2-alive" data-shows="feature-maps">[^<]*JavaScript[^<]*'
        r'<a href="[./]*assets/files/alive/lenet.network">LeNet</a>',
        html,
    )
    assert "javascripts/alive.js" in html
    other = (alive_site / "sample" / "index.html").read_text(encoding="utf-8")
    assert "javascripts/alive.js" not in other


def test_no_page_shows_what_should_have_made_a_paragraph_alive(published):
    """It has a line to itself; behind words, it is a word."""
    for page in published.rglob("*.html"):
        prose = re.sub(r"<(pre|code)\b.*?</\1>", "", page.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(r"\{ ?\.tf2-", prose), page


def test_what_nobody_can_show_stays_a_paragraph(visit_alive):
    paragraph = visit_alive("en/").locator('p[data-shows="nothing"]')
    assert paragraph.inner_text() == "Nothing is called so: Poems"
