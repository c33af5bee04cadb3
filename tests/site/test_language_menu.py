"""The menu of languages says what it is and is closed by Escape; English is offered.

A missing page is told of.
"""

import pytest

LESSON = "start/line/"


@pytest.mark.parametrize(("home", "own"), [("", "zh"), ("en/", "en")])
def test_the_menu_says_which_language_the_page_is_in(visit, home, own):
    page = visit(home + LESSON)
    (current,) = page.locator("[aria-current=true][hreflang]").all()
    assert current.get_attribute("hreflang") == current.get_attribute("lang") == own


@pytest.mark.parametrize("how", ["mouse", "keyboard"])
def test_escape_closes_the_menu_and_it_says_whether_it_is_open(visit, how):
    page = visit(f"en/{LESSON}")
    button, links = page.locator(".md-select > button"), page.locator(".md-select__link")
    assert button.get_attribute("aria-expanded") == "false"
    for again in (False, True):
        if how == "mouse":
            page.mouse.move(0, 400)
            button.hover()
        else:
            button.press("Enter") if again else button.focus()
            page.keyboard.press("Tab")
        page.wait_for_selector(".md-select > button[aria-expanded=true]")
        assert links.first.bounding_box()["height"] > 0
        page.keyboard.press("Escape")
        page.wait_for_selector(".md-select > button[aria-expanded=false]")
        assert not links.first.is_visible()
    if how == "keyboard":
        assert button.evaluate("each => each === document.activeElement")


def test_enter_opens_and_closes_the_menu(visit):
    page = visit(f"en/{LESSON}")
    page.locator(".md-select > button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".md-select > button[aria-expanded=false]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".md-select > button[aria-expanded=true]")


@pytest.fixture
def front_page(chromium, address):
    """Open the Chinese front page in a browser that speaks some languages.

    As often as it is asked to.
    """
    contexts = {}

    def front_page(*languages: str, path: str = ""):
        if languages not in contexts:
            contexts[languages] = chromium.new_context(locale=languages[0])
        page = contexts[languages].new_page()
        names = str(list(languages))
        page.add_init_script(
            f"Object.defineProperty(navigator, 'languages', {{ get: () => {names} }})"
        )
        page.goto(address + path)
        return page

    yield front_page
    for context in contexts.values():
        context.close()


def test_english_is_offered_once_to_who_reads_no_chinese(front_page, address):
    page = front_page("de-DE", "en")
    offer = page.get_by_role("complementary", name="Language")
    offer.get_by_role("link", name="Read in English").click()
    page.wait_for_url(f"{address}en/")
    assert front_page("de-DE", "en").locator(".tf2-offer").count() == 0


def test_an_offer_is_put_away(front_page):
    page = front_page("en-US")
    page.get_by_role("button", name="Stay here").click()
    assert page.locator(".tf2-offer").count() == 0


@pytest.mark.parametrize("languages", [("zh-CN",), ("zh-TW", "en"), ("en-US", "zh")])
def test_nobody_who_reads_chinese_is_offered_english(front_page, languages):
    assert front_page(*languages).locator(".tf2-offer").count() == 0


@pytest.mark.parametrize("path", ["en/", LESSON, "tags/"])
def test_no_other_page_offers_anything(front_page, path):
    assert front_page("en-US", path=path).locator(".tf2-offer").count() == 0


@pytest.mark.parametrize(
    ("path", "language", "shown", "home"),
    [
        ("gone/", "zh", "没有这个页面", ""),
        ("tutorials/english/", "zh", "没有这个页面", ""),
        ("english/", "zh", "没有这个页面", ""),
        ("en/gone/", "en", "There is no such page", "en/"),
        ("en/tutorials/gone.html", "en", "There is no such page", "en/"),
    ],
)
def test_a_missing_page_is_told_of_in_the_language_of_its_address(
    open_page, published, address, path, language, shown, home
):
    html = (published / "404.html").read_text(encoding="utf-8")

    def answer(route):
        route.fulfill(status=404, content_type="text/html", body=html)

    page = open_page(address, "docs/tags/")  # of the address for which the site is built
    page.route("**/docs/**", answer)
    page.goto(f"{address}docs/{path}", wait_until="commit")
    article = page.locator("article")
    article.get_by_text(shown).wait_for()
    assert article.locator("p:visible").count() == 1
    assert page.evaluate("document.documentElement.lang") == language
    assert article.locator("a:visible").evaluate("each => each.pathname") == f"/docs/{home}"
