"""What a page costs the reader's device while it loads: elements, and how often each is styled."""

import json
import re
from collections.abc import Callable

import pytest

PAGES = ["", "start/beginner/", "changes/", "reference/datasets/"]


def elements_styled(browser, address: str) -> tuple[int, int]:
    """How many elements a page's style was worked out for, all times together, and how many are."""
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    frame = context.new_cdp_session(page).send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)  # what the scripts put off
    events = json.loads(browser.stop_tracing())["traceEvents"]
    styled = [
        event["args"].get("elementCount", 0)
        for event in events
        if event["name"] == "UpdateLayoutTree"
        and event["args"].get("beginData", {}).get("frame") == frame
    ]
    there = page.evaluate("document.querySelectorAll('*').length")
    context.close()
    return sum(styled), there


@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("path", PAGES)
def test_no_element_is_styled_again_and_again_while_a_page_loads(chromium, address, path, language):
    styled, there = elements_styled(chromium, address + language + path)
    assert styled < 1.6 * there


def choose(page) -> None:
    page.locator("label[for^=__palette]:visible").click()


def colours(page) -> list[str]:
    """The page's colours, and those of the browser's own parts, such as scroll bars."""
    return page.evaluate("""() => {
        const { colorScheme } = getComputedStyle(document.documentElement);
        return [document.body.dataset.mdColorScheme, colorScheme];
    }""")


@pytest.mark.parametrize("dark", [False, True])
def test_a_reader_chooses_the_colours_and_finds_them_again(
    visit: Callable, wait_until: Callable, address: str, dark: bool
):
    page = visit("start/line/", dark=dark)
    own, *others = ("slate", "default", "slate") if dark else ("default", "default", "slate")
    seen = [colours(page)[0]]
    for _ in others:
        choose(page)
        seen.append(colours(page)[0])
    assert seen == [own, *others]
    assert colours(page) == ["slate", "dark"]
    page.goto(f"{address}en/")  # both languages share the choice
    assert colours(page) == ["slate", "dark"]
    page.emulate_media(color_scheme="light")
    assert colours(page)[0] == "slate"
    choose(page)  # again as the system has it
    assert colours(page)[0] == "default"
    page.emulate_media(color_scheme="dark")
    wait_until(page, "document.body.dataset.mdColorScheme === 'slate'")  # told with the next frame
    assert colours(page) == ["slate", "dark"]
    assert page.wrong == []


def test_the_colours_are_chosen_by_keyboard(visit: Callable):
    page = visit("start/line/")
    page.locator("#__palette_0").focus()
    for scheme in ("default", "slate", "default"):
        page.keyboard.press("Enter")
        assert colours(page)[0] == scheme
    assert page.evaluate("document.activeElement.id") == "__palette_0"


@pytest.mark.parametrize(
    ("path", "limit"),
    [("reference/datasets/", 3200), ("changes/", 3000), ("start/beginner/", 1700)],
)
@pytest.mark.parametrize("language", ["", "en/"])
def test_a_page_has_few_elements(published, path, limit, language):
    html = (published / language / path / "index.html").read_text("utf-8")
    assert (
        len(re.findall(r"<[a-z]", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)))
        < limit
    )


def test_a_change_of_a_class_restyles_nothing_that_doesn_t_ask_for_it(published):
    for sheet in (published / "assets" / "stylesheets").glob("*.css"):
        assert "table:not([class])" not in sheet.read_text("utf-8"), sheet.name


def test_tables_stand_in_the_boxes_in_which_they_scroll(published):
    html = (published / "changes" / "index.html").read_text("utf-8")
    assert "<table>" not in html
    assert re.search(r'md-typeset__table">\s*<table class="tf2-table">', html)
