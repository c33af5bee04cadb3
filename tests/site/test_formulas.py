"""Formulas are drawn by the browser itself, with the site's own font.

They stand once beside two languages.
"""

import re

import pytest

LESSON = "start/beginner/"
FONTS = (
    "document.fonts.ready.then(() => [...document.fonts].map((each) => [each.family, each.status]))"
)
NAME = "STIX Two Math"
# the whole font, and the part that the lessons need
LEFT = [[NAME, "unloaded"], [NAME, "unloaded"]]
DRAWN = [[NAME, "unloaded"], [NAME, "loaded"]]


def test_no_page_shows_latex(published):
    pages = sorted(published.rglob("*.html"))
    texts = {
        page: re.sub(r"<(pre|code|script)\b.*?</\1>", "", page.read_text("utf-8"), flags=re.S)
        for page in pages
    }
    assert any("<math" in text for text in texts.values())
    assert [
        page
        for page, text in texts.items()
        if "$$" in text or r"\frac" in text or "arithmatex" in text
    ] == []


@pytest.mark.parametrize("language", ["", "en/"])
def test_a_formula_is_drawn_with_the_site_s_font(visit, language):
    page = visit(language + LESSON)
    page.locator("div.tf2-formula").first.scroll_into_view_if_needed()
    assert page.evaluate(FONTS) == DRAWN
    fraction = page.locator("div.tf2-formula mfrac").first
    above, below = (fraction.locator(f"> :nth-child({place})").bounding_box() for place in (1, 2))
    assert above["y"] + above["height"] <= below["y"]
    assert page.wrong == []


def test_the_font_comes_from_a_folder_too(open_page, folder):
    page = open_page(f"{folder.as_uri()}/", "start/beginner.html")
    page.locator("div.tf2-formula").first.scroll_into_view_if_needed()
    assert page.evaluate(FONTS) == DRAWN
    assert page.wrong == []


def test_a_page_without_formulas_loads_no_font(visit):
    assert visit("trust/").evaluate(FONTS) == LEFT


def test_a_rare_character_brings_the_whole_font(visit):
    page = visit(LESSON)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.evaluate("document.querySelector('math mi').textContent = 'ξ'")
    page.wait_for_timeout(500)
    assert page.evaluate(FONTS) == [[NAME, "loaded"], [NAME, "loaded"]]


def test_side_by_side_a_formula_stands_once(visit):
    page = visit(LESSON)
    before = page.locator("div.tf2-formula").count()
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    assert page.locator("div.tf2-formula").count() == before > 0
    assert page.locator(".tf2-twin span.tf2-formula").count() > 0
