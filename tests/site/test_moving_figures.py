"""Figures with sliders: they show what the page's own code printed, to everybody, and on paper."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIRST_MODEL, LINE, BEGINNER = "start/first-model/", "start/line/", "start/beginner/"
ALL = [(FIRST_MODEL, "descent"), (LINE, "bowl"), (BEGINNER, "softmax")]


def move(page, figure, value):
    """Put the slider somewhere, as a reader's hand does, and give the numbers it shows then."""
    slider = page.locator(f"figure[data-figure={figure}] input")
    slider.evaluate(
        "(each, value) => { each.value = value; each.dispatchEvent(new Event('input')); }",
        str(value),
    )
    says = page.locator(f"figure[data-figure={figure}] [role=status]").inner_text()
    return [float(number) for number in re.findall(r"-?\d+\.\d+", says)]


def printed(page, pattern):
    """What the page's outputs say, each match as numbers."""
    text = "\n".join(page.locator(".tf2-output").all_inner_texts())
    found = [[float(number) for number in match.groups()] for match in re.finditer(pattern, text)]
    assert found, f"no output has {pattern}"
    return found


def test_gradient_descent_ends_where_the_page_s_code_ended(visit):
    page = visit(FIRST_MODEL)
    rates = printed(page, r"learning rate ([\d.]+): weight (-?[\d.]+)")
    assert len(rates) == 4
    ((weight,),) = printed(page, r"(?m)^weight ([\d.]+)$")
    for rate, expected in [*rates, (0.1, weight)]:
        assert move(page, "descent", rate)[0] == pytest.approx(expected, abs=0.006), rate


def test_the_path_in_the_bowl_is_the_one_that_training_took(visit):
    page = visit(LINE)
    epochs = printed(page, r"epoch +(\d+): W=([\d.]+) b=([\d.]+) loss=([\d.]+)")
    assert move(page, "bowl", 0.1) == pytest.approx(epochs[9][1:], abs=0.011)
    path = page.locator("figure[data-figure=bowl] circle").evaluate_all(
        "all => all.map(each => [each.getAttribute('cx'), each.getAttribute('cy')].map(Number))"
    )
    side = 320 / 5  # units of the drawing for 1
    shown = [[0.5 + x / side, 4.5 - y / side] for x, y in path]
    assert len(shown) == 10
    for point, (_, *expected, _) in zip(shown, epochs, strict=True):
        assert point == pytest.approx(expected, abs=0.011)


def test_the_bowl_has_the_losses_of_the_exercise_for_every_learning_rate(visit):
    page = visit(LINE)
    page.locator("details").evaluate_all("all => all.forEach(each => (each.open = true))")
    losses = printed(page, r"(?m)^ *([\d.]+): loss ([\d.]+)")
    assert [rate for rate, _ in losses] == [0.01, 0.1, 0.5, 1.1]
    for rate, loss in losses:
        assert move(page, "bowl", rate)[2] == pytest.approx(loss, rel=0.005), rate


def test_softmax_gives_the_probabilities_that_tensorflow_gave(visit):
    page = visit(BEGINNER)
    rows = printed(page, r"T = ([\d.]+): from ([\d.]+) to ([\d.]+)")
    assert [temperature for temperature, *_ in rows] == [0.1, 1, 10]
    for power, (_, least, most) in zip((-1, 0, 1), rows, strict=True):
        assert move(page, "softmax", power) == pytest.approx([least, most], abs=0.0031)


@pytest.mark.parametrize("home", ["", "en/"])
@pytest.mark.parametrize(("path", "figure"), ALL)
def test_it_works_by_keyboard_offline_on_a_phone_and_in_the_dark(
    visit, axe, still, home, path, figure
):
    page = visit(home + path, screen="phone", dark=True)
    assert page.wrong == []
    page.context.set_offline(True)
    box = page.locator(f"figure[data-figure={figure}]")
    before = box.locator("[role=status]").inner_text()
    box.locator("input").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert box.locator("[role=status]").inner_text() != before
    assert (
        box.locator("input").get_attribute("aria-valuetext") == box.locator("output").inner_text()
    )
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    still(page)
    page.evaluate(axe)
    assert page.evaluate(f"axe.run('figure[data-figure={figure}]')")["violations"] == []


@pytest.mark.parametrize(("path", "figure"), ALL)
def test_on_paper_it_is_the_picture_that_the_block_drew(visit, path, figure):
    page = visit(path)
    box = page.locator(f"figure[data-figure={figure}]")
    assert not box.locator("img").is_visible()
    page.emulate_media(media="print")
    assert box.locator("img").is_visible()
    assert not box.locator("svg").first.is_visible()
    assert not box.locator("input").is_visible()


@pytest.mark.parametrize(("path", "figure"), ALL)
def test_a_finger_moves_it(chromium, address, path, figure):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address + path)
    box = page.locator(f"figure[data-figure={figure}]")
    before = box.locator("output").inner_text()
    slider = box.locator("input")
    slider.scroll_into_view_if_needed()
    place = slider.bounding_box()
    slider.tap(position={"x": place["width"] * 0.8, "y": place["height"] / 2})
    assert box.locator("output").inner_text() != before
    assert place["height"] >= 24
    context.close()


@pytest.mark.parametrize(("path", "figure"), ALL)
def test_without_a_script_or_its_numbers_the_picture_stands(chromium, address, path, figure):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + path)
    assert page.locator(f"p[data-figure={figure}] img").is_visible()
    context.close()


def test_an_output_without_the_numbers_leaves_the_picture(visit, address, published):
    page = visit("en/glossary/")
    figure = (
        "<div class='tf2-output'>means x oh</div><p class='tf2-moving' data-figure='bowl'><img></p>"
    )
    page.evaluate("html => (document.querySelector('article').innerHTML = html)", figure)
    page.add_script_tag(url=f"{address}assets/javascripts/moving-figures.js")
    assert page.locator("p.tf2-moving img").count() == 1


def test_pages_without_such_a_figure_don_t_load_the_script(published):
    def loads(path):
        return "moving-figures.js" in (published / path / "index.html").read_text(encoding="utf-8")

    assert all(loads(path) for path, _ in ALL)
    assert not loads("start/expert")
