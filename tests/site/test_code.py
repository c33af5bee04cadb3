"""Each block of code can be copied, and scrolled by keyboard, from the moment it comes near the screen."""

import doctest

import pytest

LESSON = "tutorials/first-model/"


def copied(page, block, label):
    """What the block's button leaves in the clipboard."""
    page.evaluate("navigator.clipboard.writeText('')")
    block.scroll_into_view_if_needed()
    block.hover()
    block.get_by_title(label).click()
    return page.wait_for_function("navigator.clipboard.readText()").json_value()


@pytest.mark.parametrize(
    ("language", "label", "done"), [("", "复制", "已复制"), ("en/", "Copy", "Copied")]
)
def test_a_copy_holds_the_code_alone(visit, language, label, done):
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


def test_a_copied_session_has_neither_prompts_nor_outputs(visit):
    page = visit("en/reference/datasets/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sessions = page.locator("pre:visible:has(> code .gp)")
    for place in range(3):
        session = sessions.nth(place)
        code = copied(page, session, "Copy")
        shown = doctest.DocTestParser().get_examples(session.locator("> code").inner_text())
        assert code.splitlines() == "".join(example.source for example in shown).splitlines() != []


def test_blocks_far_away_get_one_button_each_once_they_are_near(visit):
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
    page.wait_for_function(
        "count => document.querySelectorAll('.md-code__button').length >= count", arg=blocks
    )
    assert buttons.count() == page.locator("pre:has(.md-code__button)").count() == blocks


def test_what_is_wider_than_the_screen_scrolls_by_keyboard(visit):
    page = visit(LESSON, screen="phone")
    wide = page.locator("article pre > code").evaluate_all(
        "all => all.findIndex(each => each.scrollWidth > each.clientWidth)"
    )
    block = page.locator("article pre > code").nth(wide)
    block.scroll_into_view_if_needed()
    page.wait_for_function("block => block.tabIndex === 0", arg=block.element_handle())
    block.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("block => block.scrollLeft > 0", arg=block.element_handle())
