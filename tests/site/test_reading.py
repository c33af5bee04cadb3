"""What a reader has read is remembered in the browser alone; the keyboard reaches everything."""

from pathlib import Path

import pytest

from tf2docs.pages.reading.page import read_page

DOCS = Path(__file__).parents[2] / "docs"
LESSON = "start/beginner/"


def title(page, lesson):
    """What the front page calls a lesson."""
    return page.locator(f".tf2-path li > a[href$='{lesson}']").inner_text()


def test_a_page_read_to_its_end_is_ticked_in_both_languages(visit, address, read_to_the_end):
    page = visit(LESSON)
    assert page.locator(".tf2-done").count() == 0
    read_to_the_end(page)
    for path in ("", "en/", f"en/{LESSON}"):
        page.goto(address + path)
        page.wait_for_selector(".tf2-done", state="attached")
        links = page.locator("a:has(> .tf2-done)").evaluate_all("all => all.map(each => each.href)")
        assert {link.removeprefix(address).removeprefix("en/") for link in links} == {LESSON}
    assert page.wrong == []


def test_the_first_page_of_a_part_ticks_itself_and_not_the_part(visit, address, read_to_the_end):
    page = visit("start/install/")
    read_to_the_end(page)
    page.goto(address)
    page.wait_for_selector(".tf2-path .tf2-done", state="attached")
    assert page.locator(".md-nav__item--pruned a[href='start/install/']").count() == 1
    assert page.locator(".md-nav__item--pruned .tf2-done").count() == 0


def test_opening_a_page_ticks_nothing(visit):
    page = visit(LESSON)
    page.wait_for_timeout(300)
    assert page.evaluate("localStorage['tf2docs.reading']") is None


def test_the_front_page_leads_back_to_the_section_where_reading_stopped(visit, address, wait_until):
    page = visit(LESSON)
    page.evaluate("document.getElementById('train').scrollIntoView()")
    wait_until(page, "localStorage['tf2docs.reading']")
    page.goto(f"{address}en/")
    link = page.locator(".tf2-continue a")
    link.wait_for()
    assert link.evaluate("each => each.href") == f"{address}en/{LESSON}#train"


@pytest.mark.parametrize("home", ["", "en/"])
def test_from_a_lesson_s_end_the_front_page_leads_to_the_next_one_in_its_own_language(
    visit, address, home, read_to_the_end
):
    page = visit(LESSON)
    read_to_the_end(page)
    page.goto(address + home)
    link = page.locator(".tf2-continue a")
    link.wait_for()
    assert link.evaluate("each => each.href") == f"{address}{home}start/first-model/"
    assert link.inner_text() == title(page, "start/first-model/")


def test_a_title_is_in_the_language_of_the_front_page_not_of_the_lesson(visit, address, wait_until):
    page = visit(LESSON)
    page.evaluate("document.getElementById('train').scrollIntoView()")
    wait_until(page, "localStorage['tf2docs.reading']")
    page.goto(f"{address}en/")
    assert page.locator(".tf2-continue a").inner_text() == title(page, LESSON)


def test_who_has_read_every_lesson_is_led_nowhere(visit, address):
    page = visit("")
    names = page.locator(".tf2-path li > a").evaluate_all(
        "all => all.map(each => new URL(each.href).pathname.slice(1))"
    )
    memory = {"done": names, "last": {"name": names[0], "anchor": "train"}}
    page.evaluate("memory => localStorage['tf2docs.reading'] = JSON.stringify(memory)", memory)
    page.reload()
    assert page.locator(".tf2-done").count() >= len(names)
    assert page.locator(".tf2-continue a").count() == 0


def test_the_front_page_is_no_lesson_to_go_back_to(visit):
    page = visit("en/")
    page.evaluate("document.getElementById('start').scrollIntoView()")
    page.wait_for_timeout(400)
    assert page.evaluate("localStorage['tf2docs.reading']") is None


def test_damaged_memory_is_no_error_and_is_written_anew(visit, address, wait_until):
    page = visit("")
    page.evaluate("localStorage['tf2docs.reading'] = '{oh'")
    page.goto(address + LESSON)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    wait_until(page, "localStorage['tf2docs.reading'].endsWith('}')")
    assert page.wrong == []


def test_the_learning_path_says_how_long_and_leads_there(visit, address):
    page = visit("en/")
    lesson = page.locator(".tf2-path li").filter(has=page.locator(f"a[href$='{LESSON}']"))
    minutes = read_page(DOCS / "en" / f"{LESSON.rstrip('/')}.md", LESSON).meta["minutes"]
    assert f"about {minutes} minutes" in lesson.inner_text()
    lesson.locator("a").click()
    page.wait_for_url(f"{address}en/{LESSON}")


def test_the_keyboard_switches_the_language_and_keeps_the_section(visit, address):
    page = visit(f"{LESSON}#train")
    page.keyboard.press("l")
    page.wait_for_url(f"{address}en/{LESSON}#train")
    page.keyboard.press("l")
    page.wait_for_url(f"{address}{LESSON}#train")


def test_the_language_button_keeps_the_section_too(visit, address):
    page = visit(f"{LESSON}#train")
    page.locator(".md-select button").last.hover()
    page.locator(".md-select__link[hreflang=en]").click()
    page.wait_for_url(f"{address}en/{LESSON}#train")


def test_a_question_mark_lists_the_shortcuts_and_escape_closes_the_list(visit):
    page = visit("en/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.wait_for()
    assert "side by side" in dialog.inner_text()
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")


def test_on_paper_only_what_is_read_is_left(visit):
    page = visit(LESSON)
    page.emulate_media(media="print")
    for needless in (".tf2-downloads", ".md-header", ".md-sidebar", ".tf2-ran"):
        assert not page.locator(needless).first.is_visible(), needless
    assert page.locator(".tf2-output").first.is_visible()
