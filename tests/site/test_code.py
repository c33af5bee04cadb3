"""Each block of code can be copied, and scrolled by keyboard.

That holds from the moment it comes near the screen.
"""

import doctest
import io

import pytest
from PIL import Image

LESSON = "start/first-model/"


@pytest.fixture
def copied(wait_until):
    """What a block's button leaves in the clipboard."""

    def copied(page, block, label):
        page.evaluate("navigator.clipboard.writeText('')")
        block.scroll_into_view_if_needed()
        block.hover()
        block.get_by_title(label).click()
        return wait_until(page, "navigator.clipboard.readText()")

    return copied


@pytest.mark.parametrize(
    ("language", "label", "done"), [("", "复制", "已复制"), ("en/", "Copy", "Copied")]
)
def test_a_copy_holds_the_code_alone(visit, copied, language, label, done):
    page = visit(language + LESSON)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    blocks = page.locator(".highlight.language-python:visible pre")
    for place in (0, blocks.count() - 1):
        block = blocks.nth(place)
        code = copied(page, block, label)
        page.locator(".md-dialog--active", has_text=done).wait_for()
        assert code.strip() == block.locator("> code").inner_text().strip() != ""
        compile(code, LESSON, "exec")
    assert page.wrong == []


def test_a_copied_session_has_neither_prompts_nor_outputs(visit, copied):
    page = visit("en/reference/datasets/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sessions = page.locator("pre:visible:has(> code .gp)")
    for place in range(3):
        session = sessions.nth(place)
        code = copied(page, session, "Copy")
        shown = doctest.DocTestParser().get_examples(session.locator("> code").inner_text())
        assert code.splitlines() == "".join(example.source for example in shown).splitlines() != []


def test_blocks_far_away_get_one_button_each_once_they_are_near(visit, wait_until):
    page = visit("changes/tensorflow-1/")
    buttons, blocks = (
        page.locator(".md-code__button"),
        page.locator("article pre:visible:has(> code)").count(),
    )
    assert buttons.count() < blocks / 4
    height = page.evaluate("document.documentElement.scrollHeight")
    for _ in range(2):
        for top in range(0, height, 800):
            page.evaluate("top => scrollTo(0, top)", top)
            page.evaluate("new Promise(requestAnimationFrame)")
    count = "count => document.querySelectorAll('.md-code__button').length >= count"
    wait_until(page, count, blocks)
    assert buttons.count() == page.locator("pre:has(.md-code__button)").count() == blocks


def test_what_is_wider_than_the_screen_scrolls_by_keyboard(visit, wait_until):
    page = visit(LESSON, screen="phone")
    wide = page.locator("article pre > code").evaluate_all(
        "all => all.findIndex(each => each.scrollWidth > each.clientWidth)"
    )
    block = page.locator("article pre > code").nth(wide)
    block.scroll_into_view_if_needed()
    wait_until(page, "block => block.tabIndex === 0", block.element_handle())
    block.focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, "block => block.scrollLeft > 0", block.element_handle())


WIDE = """[...document.querySelectorAll("article .highlight pre > code")].findIndex(
    (each) => each.scrollWidth > each.clientWidth + 40)"""


def darkness_at_edge(page, block) -> int:
    """How far the ground at the right edge of a block is from the ground further in, of 255."""
    place = block.bounding_box()
    clip = {"x": place["x"] + place["width"] - 24, "y": place["y"] + 3, "width": 24, "height": 3}
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L")
    return max(abs(picture.getpixel((x, 1)) - picture.getpixel((0, 1))) for x in range(16, 23))


@pytest.mark.parametrize("dark", [False, True])
def test_code_that_goes_on_has_a_shadow_at_the_edge_which_its_end_takes_away(visit, dark):
    page = visit(LESSON, screen="phone", dark=dark)
    block = page.locator("article .highlight pre > code").nth(page.evaluate(WIDE))
    block.scroll_into_view_if_needed()
    assert darkness_at_edge(page, block) > 20
    block.evaluate("each => each.scrollLeft = each.scrollWidth")
    page.wait_for_timeout(50)
    assert darkness_at_edge(page, block) <= 2


@pytest.mark.parametrize("screen", ["wide", "phone"])
@pytest.mark.parametrize("path", [LESSON, "reference/training/"])
def test_the_copy_button_covers_no_code(visit, path, screen):
    page = visit(path, screen=screen)
    for block in page.locator("article pre:visible:has(> code)").all()[:8]:
        block.scroll_into_view_if_needed()
        button = block.locator(".md-code__button")
        button.wait_for()
        code = block.locator("> code").bounding_box()
        assert button.bounding_box()["x"] >= code["x"] + code["width"] - 0.5
        assert button.bounding_box()["width"] >= 16


BROKEN = """() => {
    const torn = [];
    for (const code of document.querySelectorAll("article td code")) {
        const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            for (const { 0: word, index } of text.data.matchAll(/[A-Za-z0-9]+/g)) {
                const range = document.createRange();
                range.setStart(text, index);
                range.setEnd(text, index + word.length);
                const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
                const lines = new Set(tops);
                if (lines.size > 1) torn.push(code.textContent);
            }
        }
    }
    return torn;
}"""


@pytest.mark.parametrize("path", ["architecture/", "data/sources/", "keras/training/"])
def test_a_name_in_a_table_is_torn_at_no_place_but_its_joints(visit, path):
    page = visit(path, screen="phone")
    assert page.locator("article td code").count() > 3
    assert page.evaluate(BROKEN) == []


def test_a_name_in_a_table_breaks_and_is_copied_whole(visit):
    page = visit("data/sources/", screen="phone")
    names = page.locator("article td code:has(wbr)")
    assert names.count() > 0
    assert all(name.inner_text().isprintable() for name in names.all())
    assert "\u200b" not in "".join(names.all_text_contents())


@pytest.mark.parametrize("path", ["data/sources/", "en/data/sources/"])
def test_a_cell_of_a_table_of_many_columns_is_no_chimney_on_a_phone(path, visit):
    cells = visit(path, screen="phone").locator("article table:has(th:nth-child(5)) td")
    widths = cells.evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert len(widths) > 50 and min(widths) > 90
