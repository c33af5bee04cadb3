"""One button shows the other language's text beside a page's own, and the code stays once."""

import pytest

LESSON = "start/beginner/"
CODE = ".highlight, .tf2-output"


def columns(page) -> int:
    """How many columns the first paragraph and its twin stand in."""
    own, other = (
        page.locator(f".tf2-pair:not(.tf2-pair--heading) > {part}").first
        for part in ("div", ".tf2-twin")
    )
    return 2 if other.bounding_box()["x"] > own.bounding_box()["x"] + 100 else 1


@pytest.mark.parametrize(("language", "other"), [("", "en"), ("en/", "zh")])
def test_a_button_shows_the_other_language_and_takes_it_away_again(visit, language, other):
    page = visit(language + LESSON)
    before, code = page.locator("article").inner_text(), page.locator(CODE).count()
    page.locator(".tf2-side-by-side__button").click()
    page.wait_for_selector(".tf2-twin")
    assert set(page.locator(".tf2-twin").evaluate_all("all => all.map(each => each.lang)")) == {
        other
    }
    assert page.locator(CODE).count() == code
    assert page.wrong == []
    page.locator(".tf2-side-by-side__button").click()
    page.wait_for_selector(".tf2-twin", state="detached")
    assert page.locator("article").inner_text() == before


@pytest.mark.parametrize(("screen", "expected"), [("wide", 2), ("phone", 1)])
def test_it_stands_beside_on_a_wide_screen_and_under_on_a_phone(visit, screen, expected):
    page = visit(LESSON, screen=screen)
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    assert columns(page) == expected
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_every_section_stands_beside_its_own_twin(visit):
    page = visit(LESSON)
    anchors = page.locator("article :is(h2, h3)[id]").evaluate_all(
        "all => all.map(each => each.id)"
    )
    english = visit(f"en/{LESSON}")
    titles = {
        each: english.locator(f"[id={each}]").evaluate("each => each.firstChild.textContent")
        for each in anchors
    }
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    shown = page.locator(".tf2-pair--heading:has(h2, h3)").evaluate_all(
        "all => all.map(each => [each.querySelector('h2, h3').id, "
        "each.querySelector('.tf2-twin').textContent.trim()])"
    )
    assert dict(shown) == titles


def test_the_choice_is_remembered_on_the_next_page(visit):
    page = visit(LESSON)
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    page.goto(page.url.replace("start/beginner", "trust"))
    page.wait_for_selector(".tf2-twin")


def test_a_letter_typed_into_the_search_is_no_shortcut(visit):
    page = visit(LESSON)
    page.keyboard.press("/")
    page.keyboard.type("b")
    assert page.locator(".tf2-twin").count() == 0


def test_links_of_the_other_language_lead_to_its_own_pages(visit, address):
    page = visit(LESSON)
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin a[href]")
    links = page.locator(".tf2-twin a").evaluate_all("all => all.map(each => each.href)")
    own = [link for link in links if link.startswith(address) and not link.endswith(".whl")]
    assert own and all(link.startswith(f"{address}en/") for link in own)
