"""The reader draws a digit, and the model that the beginner page trained answers in the browser."""

import math
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSON = "start/beginner/"
FILE = "assets/files/start/beginner/digit.f32"
PIXELS = 784


def arc(x, y, across, down, start, end):
    """Points on an ellipse from one angle to another, in degrees, clockwise from the right."""
    angles = [math.radians(start + (end - start) * step / 16) for step in range(17)]
    return [(x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles]


# As a person writes them, each stroke in shares of the pad's side.
DIGITS = {
    0: [arc(0.5, 0.5, 0.22, 0.34, -90, 270)],
    1: [[(0.55, 0.15), (0.48, 0.85)]],
    2: [[*arc(0.5, 0.34, 0.2, 0.18, -170, 30), (0.28, 0.82), (0.75, 0.8)]],
    3: [[*arc(0.48, 0.32, 0.18, 0.16, -150, 90), *arc(0.48, 0.66, 0.22, 0.18, -90, 150)]],
    4: [[(0.35, 0.2), (0.28, 0.5), (0.72, 0.5)], [(0.66, 0.18), (0.62, 0.85)]],
    5: [[(0.7, 0.18), (0.38, 0.18), (0.34, 0.45), *arc(0.46, 0.63, 0.22, 0.2, -100, 140)]],
    6: [[(0.6, 0.14), (0.42, 0.35), (0.34, 0.6), *arc(0.5, 0.67, 0.17, 0.17, 180, -180)]],
    7: [[(0.28, 0.22), (0.72, 0.2), (0.48, 0.85)]],
    8: [[*arc(0.5, 0.33, 0.15, 0.15, 60, -250), *arc(0.5, 0.66, 0.18, 0.18, -110, 240)]],
    9: [[*arc(0.48, 0.34, 0.17, 0.17, 0, -360), (0.64, 0.5), (0.58, 0.86)]],
}


@pytest.fixture
def opened(visit):
    """Open the page and its drawing pad."""

    def opened(language="", **options):
        page = visit(language + LESSON, **options)
        open_pad(page)
        return page

    return opened


def open_pad(page):
    page.locator("p.tf2-digit button").click()
    page.wait_for_selector(".tf2-digit__pad")
    page.locator(".tf2-digit__pad").scroll_into_view_if_needed()


def write(page, strokes):
    place = page.locator(".tf2-digit__pad").bounding_box()
    for stroke in strokes:
        points = [
            (place["x"] + x * place["width"], place["y"] + y * place["height"]) for x, y in stroke
        ]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=3)
        page.mouse.up()


def shares(page) -> list[float]:
    texts = page.locator(".tf2-digit__share").all_text_contents()
    return [float(text.removesuffix("%")) for text in texts if text]


def answer(page) -> int:
    probabilities = shares(page)
    return probabilities.index(max(probabilities))


def test_nothing_is_loaded_before_the_click_and_only_the_pad_and_the_weights_after(visit, address):
    asked = []
    page = visit(LESSON)
    before = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert not any(".f32" in url or "digit-pad" in url for url in before)
    page.on("request", lambda request: asked.append(request.url))
    open_pad(page)
    write(page, DIGITS[3])
    scripts = [f"{address}assets/javascripts/{name}.js" for name in ("network", "digit-pad")]
    assert asked == [*scripts, f"{address}{FILE}.js"]
    assert page.wrong == []


def test_it_goes_on_without_the_network(opened):
    page = opened()
    page.context.set_offline(True)
    write(page, DIGITS[0])
    assert answer(page) == 0


def images():
    """At least 64 test images, (n, 28, 28), from 0 to 1.

    MNIST's where they are, else scikit-learn's.
    """
    datasets = pytest.importorskip(
        "tf2docs.datasets", reason="the images come with the extra `cpu`"
    )
    real = Path(os.environ.get("TF2DOCS_DATA") or ROOT.parent / "shared" / "data") / "mnist.npz"
    if real.is_file():
        import numpy as np

        with np.load(real) as arrays:
            found = arrays["x_test"][:200]
    else:
        found = datasets.load_digits()[1][0]
    assert len(found) >= 64
    return found.astype("float32") / 255


def test_it_gives_the_probabilities_that_keras_gives(opened):
    pytest.importorskip("keras", reason="its probabilities are compared with those in the browser")
    import numpy as np

    from tf2docs.models import dense_classifier, with_softmax

    model, tests = dense_classifier(), images()
    shapes = [each.shape for each in model.get_weights()]
    flat = np.fromfile(ROOT / "docs" / FILE, dtype="<f4")
    pieces = np.split(flat, np.cumsum([math.prod(shape) for shape in shapes])[:-1])
    model.set_weights([piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)])
    expected = with_softmax(model).predict(tests, verbose=0)

    classify = "images => images.map(each => document.querySelector('.tf2-digit').classify(each))"
    found = np.array(opened().evaluate(classify, tests.reshape(-1, PIXELS).tolist()))
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-5


def test_drawn_digits_are_recognised(opened):
    page, answers = opened(), {}
    for digit, strokes in DIGITS.items():
        page.get_by_role("button", name="清除").click()
        write(page, strokes)
        answers[digit] = answer(page)
    assert answers == {digit: digit for digit in DIGITS}


def test_a_digit_is_recognised_wherever_and_however_small_it_is_written(opened):
    page = opened()
    write(page, [[(0.1 + x / 4, 0.7 + y / 4) for x, y in stroke] for stroke in DIGITS[4]])
    assert answer(page) == 4, shares(page)


@pytest.mark.parametrize(
    ("language", "says"), [("", "模型的答案是 3"), ("en/", "The model's answer is 3")]
)
@pytest.mark.parametrize(
    ("screen", "dark"), [("wide", False), ("phone", True)], ids=["wide-light", "phone-dark"]
)
def test_the_keyboard_reaches_it_and_it_is_accessible(
    visit, axe, still, language, says, screen, dark
):
    page = visit(language + LESSON, screen=screen, dark=dark)
    page.locator("p.tf2-digit button").press("Enter")
    page.wait_for_selector(".tf2-digit__pad")
    for _ in range(3):  # the pad, Clear, the example
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".tf2-digit [role=status]").inner_text().startswith(says)
    assert answer(page) == 3
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
        "it scrolls sideways"
    )
    # colours that are still changing
    still(page)
    page.evaluate(axe)
    assert page.evaluate("axe.run('.tf2-digit')")["violations"] == []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # clear
    assert shares(page) == []
    assert page.wrong == []


def test_a_finger_draws_and_does_not_scroll(chromium, address, touch):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address + LESSON)
    page.locator("p.tf2-digit button").tap()
    page.locator(".tf2-digit__pad").scroll_into_view_if_needed()
    place, before = page.locator(".tf2-digit__pad").bounding_box(), page.evaluate("scrollY")
    touch(
        page,
        [
            (place["x"] + x * place["width"], place["y"] + y * place["height"])
            for x, y in DIGITS[7][0]
        ],
    )
    assert (answer(page), page.evaluate("scrollY")) == (7, before)
    context.close()


def test_it_works_where_the_site_is_opened_from_a_folder(open_page, folder):
    page = open_page(f"{folder.as_uri()}/", "start/beginner.html")
    open_pad(page)
    write(page, DIGITS[2])
    assert answer(page) == 2
    assert page.wrong == []


def test_weights_that_cannot_be_read_are_said_and_can_be_asked_for_again(visit):
    page = visit(LESSON)
    page.route("**/*.f32.js", lambda route: route.abort())
    button = page.locator("p.tf2-digit button")
    button.click()
    page.get_by_text("读不到画板或模型的权重").wait_for()
    page.unroute("**/*.f32.js")
    open_pad(page)


def test_without_a_script_the_page_says_so_and_offers_the_weights(published):
    html = (published / LESSON / "index.html").read_text(encoding="utf-8")
    assert re.search(
        r'<p class="tf2-digit">[^<]*JavaScript[^<]*<a href="[./]*assets/files/[\w/.]+\.f32">', html
    )
    assert (published / FILE).read_bytes() == (ROOT / "docs" / FILE).read_bytes()


@pytest.mark.parametrize(
    ("language", "down", "up", "said"),
    [
        ("", "笔已落下", "笔已抬起。", "模型的答案是 1"),
        ("en/", "The pen is down", "The pen is up. ", "The model's answer is 1"),
    ],
)
def test_the_keyboard_draws_too_and_hears_what_the_pen_does(opened, language, down, up, said):
    page = opened(language)
    pad, status = page.locator(".tf2-digit__pad"), page.locator(".tf2-digit__answer")
    assert re.search("方向键|arrow keys", status.inner_text())
    assert re.search("方向键|arrow keys", pad.get_attribute("aria-label"))
    pad.focus()
    top = page.evaluate("scrollY")
    page.keyboard.press("ArrowDown")
    assert shares(page) == []  # nothing is drawn while the pen is up
    page.keyboard.press("Space")
    assert status.inner_text() == down
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert answer(page) == 1
    assert status.inner_text().startswith(up + said)
    assert page.evaluate("scrollY") == top  # neither arrows nor space scroll meanwhile
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Clear is next to the pad
    assert shares(page) == []


@pytest.mark.parametrize("screen", ["wide", "phone"])
@pytest.mark.parametrize("language", ["", "en/"])
def test_clear_is_beside_the_pad_which_a_finger_can_draw_on(opened, language, screen):
    page = opened(language, screen=screen)
    pad, clear = (
        page.locator(each).first.bounding_box()
        for each in (".tf2-digit__pad", ".tf2-digit__buttons button")
    )
    assert pad["width"] >= 200
    assert pad["x"] + pad["width"] <= clear["x"] <= pad["x"] + pad["width"] + 40
    assert pad["y"] <= clear["y"] <= clear["y"] + clear["height"] <= pad["y"] + pad["height"]
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
