"""The reader keeps their place: in the other language, beside it, there and back."""

import itertools
import re
import zlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LESSONS = sorted(
    path.relative_to(ROOT / "docs" / "zh").with_suffix("").as_posix().removesuffix("/index") + "/"
    for path in (ROOT / "docs" / "zh").rglob("*.md")
    if re.search(r"^minutes:", path.read_text(encoding="utf-8"), re.MULTILINE)
)
DEPTHS = [0.12, 0.37, 0.63, 0.88]  # of the page
NEAR = 100  # pixels
PLACES = list(itertools.product(["", "en/"], [0.2, 0.5, 0.8]))


def chosen(lesson: str, screen: str) -> tuple[str, float]:
    """A language and a depth, the same however many lessons there are beside it."""
    return PLACES[zlib.crc32(f"{lesson} {screen}".encode()) % len(PLACES)]


VISITS = [  # each lesson once, in one of the languages, at one of the places
    (lesson, screen, *chosen(lesson, screen))
    for lesson, screen in [
        *((lesson, "phone") for lesson in LESSONS),
        *((lesson, "wide") for lesson in LESSONS[::6]),
    ]
]
# What a reader reads, without what only one of two pages shows, from each heading, block of code,
# table or list to the next: in between, one language may have a paragraph more
STRETCHES = """() => {
    const found = [[]];
    for (const piece of document.querySelectorAll("article :is(h1, h2, h3, p, li, tr, pre)")) {
        if (piece.closest(".tf2-twin, .tf2-setup") || piece.querySelector("p, li, tr, pre"))
            continue;
        if (piece.matches("h1, h2, h3, pre, tr:first-child, li:first-child, li:first-child > p"))
            found.push([piece]);
        else found.at(-1).push(piece);
    }
    return found;
}"""
GO = (
    "depth => scrollTo({ top: depth * (document.documentElement.scrollHeight - innerHeight), "
    "behavior: 'instant' })"
)
# The first piece that has a line or more in sight, how much of it is not, and where the rest begins
READING = f"""() => {{
    const header = document.querySelector(".md-header").getBoundingClientRect().bottom;
    const inSight = (piece) => {{
        const {{ bottom, height }} = piece.getBoundingClientRect();
        return height && bottom >= header + 20;
    }};
    const stretches = ({STRETCHES})();
    const stretch = stretches.findIndex((pieces) => pieces.some(inSight));
    const number = stretches[stretch].findIndex(inSight);
    const {{ top, height }} = stretches[stretch][number].getBoundingClientRect();
    const start = Math.max(top, header);
    return [stretch, number, (start - top) / height, start];
}}"""
START = f"""([stretch, number, share]) => {{
    const pieces = ({STRETCHES})()[stretch];
    const {{ top, height }} = pieces[Math.min(number, pieces.length - 1)].getBoundingClientRect();
    return top + share * height;
}}"""
Place = tuple[int, int, float, float]


def settle(page) -> None:
    """Let the page be drawn, and drawn again for what its first layout set off."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def go_to(page, depth: float) -> Place:
    """Scroll to a share of the page; what stands at the top then."""
    page.evaluate(GO, depth)
    settle(page)
    return tuple(page.evaluate(READING))


def switch(page, address: str) -> None:
    page.keyboard.press("l")
    page.wait_for_url(address)
    page.wait_for_load_state("load")
    settle(page)


def check(page, place: Place, within: float) -> None:
    """Compare where what was at the top stands with where it stood."""
    *piece, start = place
    now = page.evaluate(START, piece)
    assert abs(now - start) <= within, f"{page.url}: {piece} was at {start}, and is at {now}"


@pytest.mark.parametrize(("lesson", "screen", "first", "depth"), VISITS)
def test_the_language_switch_keeps_the_paragraph_there_and_back(
    turn_to, address, lesson, screen, first, depth
):
    other = "en/" if first == "" else ""
    page = turn_to(first + lesson, screen=screen)
    place = go_to(page, depth)
    switch(page, address + other + lesson)
    check(page, place, NEAR)
    switch(page, address + first + lesson)
    check(page, place, 2)  # back to the very same place
    assert page.wrong == []


@pytest.mark.parametrize("screen", ["wide", "phone"])
@pytest.mark.parametrize("lesson", LESSONS[::5])
def test_side_by_side_keeps_the_paragraph_there_and_back(turn_to, lesson, screen):
    page = turn_to(lesson, screen=screen)
    for depth in DEPTHS:
        place = go_to(page, depth)
        for state in ("attached", "detached"):
            page.keyboard.press("b")
            page.wait_for_selector(".tf2-twin", state=state)
            settle(page)
            check(page, place, NEAR if state == "attached" else 2)


def test_the_place_is_kept_with_a_section_in_the_address_and_the_address_stays(visit, address):
    page = visit("start/line/#data")
    place = go_to(page, 0.8)
    switch(page, f"{address}en/start/line/#data")
    check(page, place, NEAR)
    switch(page, f"{address}start/line/#data")
    check(page, place, 2)


def test_a_section_asked_for_is_the_one_shown_in_the_other_language(visit, address):
    page = visit("start/line/#data")
    settle(page)
    top = page.locator("#data").bounding_box()["y"]
    assert 0 < top < NEAR
    switch(page, f"{address}en/start/line/#data")
    assert abs(page.locator("#data").bounding_box()["y"] - top) <= 2


def test_the_top_of_a_page_leads_to_the_top(visit, address):
    page = visit("start/line/")
    switch(page, f"{address}en/start/line/")
    assert page.evaluate("scrollY") == 0


def test_the_menu_s_link_keeps_the_place_in_a_new_tab_too(visit, address):
    page = visit("start/line/")
    place = go_to(page, 0.5)
    page.locator(".md-select button").hover()
    with page.context.expect_page() as opened:
        page.locator(".md-select__link[hreflang=en]").click(modifiers=["Control"])
    opened.value.wait_for_url(f"{address}en/start/line/")
    opened.value.bring_to_front()
    settle(opened.value)
    check(opened.value, place, NEAR)


def test_both_together_keep_the_place(visit, address):
    page = visit("start/line/")
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    place = go_to(page, 0.5)
    switch(page, f"{address}en/start/line/")
    page.wait_for_selector(".tf2-twin")
    settle(page)
    check(page, place, NEAR)


def test_a_reader_who_scrolls_at_once_is_not_brought_back(visit, address):
    page = visit("start/line/")
    go_to(page, 0.5)
    switch(page, f"{address}en/start/line/")
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(300)
    there = page.evaluate("scrollY")
    page.evaluate("document.querySelector('article h1').style.paddingTop = '50px'")
    page.wait_for_timeout(100)
    assert abs(page.evaluate("scrollY") - there) <= 50


@pytest.mark.parametrize(
    "address_after", ["#~", "#~a~b~c~d~e~f", "#data~gone~0~0~1~0~0", "#~~9~9~0~0~0"]
)
def test_a_place_that_isn_t_there_is_no_error(visit, address_after):
    page = visit(f"start/line/{address_after}")
    page.wait_for_url(re.compile(r"line/(#data)?$"))
    assert page.wrong == []


STORELESS = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("denied", "SecurityError"); } });"""


def test_the_place_is_kept_where_nothing_can_be_remembered(visit, address):
    page = visit("start/line/")
    page.context.add_init_script(STORELESS)
    page.reload()
    place = go_to(page, 0.5)
    switch(page, f"{address}en/start/line/")
    check(page, place, NEAR)
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    settle(page)
    check(page, place, NEAR)


def test_the_place_is_kept_where_pages_are_opened_from_a_folder(open_page, folder):
    page = open_page(f"{folder.as_uri()}/", "start/line.html")
    place = go_to(page, 0.5)
    switch(page, f"{folder.as_uri()}/en/start/line.html")
    check(page, place, NEAR)
    assert page.wrong == []
