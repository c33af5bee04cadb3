"""The field that filters a table, in a real browser, from the site's files.

No server, no network.
"""

import pytest

CHANGES = {"zh": "changes/index", "en": "en/changes/index"}
SHOWN = """() => [...document.querySelectorAll(".tf2-filter tbody tr")]
    .filter(row => row.checkVisibility())
    .map(row => row.id.replace("row-", ""))"""

READY = "document.querySelector('.tf2-filter').ariaBusy !== 'true'"  # the rows' data have come
DATA = ["answering.js", "index.rows.js"]


@pytest.fixture
def look_at(open_page, folder):
    """Open a page of the site that is read from a folder."""
    return lambda address: open_page(f"{folder.as_uri()}/", f"{address}.html")


def field(page):
    return page.locator(".tf2-filter").get_by_role("textbox")


@pytest.fixture
def ask(wait_until):
    """Types a question; the ids of the rows that are left, the best first; a group has none."""

    def ask(page, query: str) -> list[str]:
        field(page).fill(query)
        wait_until(page, READY)
        return page.evaluate(SHOWN)

    return ask


def test_nothing_typed_shows_the_whole_table(look_at):
    page = look_at(CHANGES["en"])
    rows = page.locator(".tf2-filter tbody tr:not(.tf2-filter__group)").count()
    assert len(page.evaluate(SHOWN)) > rows >= 40
    assert page.wrong == []
    assert page.get_by_role("status").inner_text() == f"{rows} rows"


def test_the_new_line_of_every_row_is_seen_without_scrolling_sideways(look_at):
    hidden = """() => {
        const wrap = document.querySelector(".tf2-filter table").closest(".md-typeset__scrollwrap");
        return wrap.scrollWidth - wrap.clientWidth;
    }"""
    assert look_at(CHANGES["en"]).evaluate(hidden) == 0


def test_a_name_leaves_its_row_and_nothing_typed_the_whole_table_in_its_order(look_at, ask):
    page = look_at(CHANGES["en"])
    whole = page.evaluate(SHOWN)
    assert ask(page, "predict_classes") == ["predict-classes"]
    assert ask(page, "") == whole


def test_rows_are_found_by_their_new_code_too(look_at, ask):
    assert "yaml" in ask(look_at(CHANGES["en"]), "to_json")


@pytest.mark.parametrize(
    ("pasted", "row"),
    [
        (
            "AttributeError: 'Functional' object has no attribute 'predict_classes'",
            "predict-classes",
        ),
        ("AttributeError: 'Adam' object has no attribute 'lr'", "optimizer-lr"),
        ("model.compile(optimizer=Adam(lr=0.001), loss='mse')", "lr-argument"),
        ("AttributeError: module 'tensorflow' has no attribute 'Session'", "session"),
        ("ModuleNotFoundError: No module named 'keras.layers.merge'", "layer-modules"),
    ],
)
def test_an_error_of_the_reader_s_own_code_leads_to_its_row(look_at, pasted, row, ask):
    found = ask(look_at(CHANGES["en"]), pasted)
    assert row in found
    assert len(found) <= 6


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_nowhere_is_said_to_be_nowhere_and_guesses_are_called_so(look_at, language, ask):
    page = look_at(CHANGES[language])
    told = {"zh": ["表里没有这一条", "猜测"], "en": ["doesn't have this", "guesses"]}[language]
    guessed = ask(page, "AttributeError: 'Sequential' object has no attribute 'predict_class'")
    assert guessed[0] == "predict-classes"
    assert len(guessed) <= 3
    assert all(words in page.get_by_role("status").inner_text() for words in told)
    page.get_by_role("status").get_by_role("link").click()
    assert page.url.endswith("#not-listed")


def test_lines_of_a_traceback_stay_lines(look_at, ask):
    page = look_at(CHANGES["en"])
    pasted = "KeyError: 'acc'\n\nDuring handling of the above exception, another\n\nValueError: no"
    assert ask(page, pasted) == ["history-acc"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_address_may_hold_the_question(open_page, folder, wait_until, language):
    page = open_page(f"{folder.as_uri()}/", f"{CHANGES[language]}.html?q=tf.Session")
    wait_until(page, READY)
    assert field(page).input_value() == "tf.Session"
    assert page.evaluate(SHOWN)[0] == "session"
    assert page.url.endswith("?q=tf.Session")
    assert not page.locator("#__search").is_checked(), "the search would lie above the table"


LOADED = """names => names.filter((name) => performance.getEntriesByType("resource")
    .some((each) => each.name.endsWith(`/${name}`)))"""


def test_what_finds_rows_is_loaded_when_the_reader_turns_to_the_field(visit, wait_until):
    page = visit("en/changes/")
    assert page.evaluate(LOADED, DATA) == []
    field(page).focus()
    wait_until(page, READY)
    assert page.evaluate(LOADED, DATA) == DATA


@pytest.mark.parametrize("language", ["zh", "en"])
def test_data_that_can_t_be_read_are_named_and_asked_for_again(visit, ask, language):
    page = visit({"zh": "changes/", "en": "en/changes/"}[language])
    page.route("**/index.rows.js", lambda route: route.abort())
    whole = page.evaluate(SHOWN)
    assert ask(page, "predict_classes") == whole
    told = {"zh": "请再试一次", "en": "try again"}[language]
    assert told in page.get_by_role("status").inner_text()
    page.unroute("**/index.rows.js")
    assert ask(page, "predict_classes ") == ["predict-classes"]


def test_a_row_leads_to_its_proof(look_at, ask):
    page = look_at(CHANGES["zh"])
    ask(page, "metric.reset_states()")
    field(page).press("Enter")
    page.wait_for_url("**/changes/metrics.html#reset-states")
    assert page.locator("#reset-states").is_visible()


def test_the_field_speaks_the_page_s_language_and_is_told_to_those_who_listen(look_at):
    for language, label in (("zh", "筛选"), ("en", "Filter")):
        page = look_at(CHANGES[language])
        assert page.locator(".tf2-filter").get_by_label(label).count() == 1
        assert page.get_by_role("status").get_attribute("aria-live") == "polite"


def test_the_keyboard_is_enough(look_at, wait_until):
    page = look_at(CHANGES["en"])
    field(page).focus()
    page.keyboard.type("metric.reset_states()")
    wait_until(page, READY)
    page.keyboard.press("Escape")
    assert field(page).input_value() == ""
    assert len(page.evaluate(SHOWN)) > 40


def test_without_scripts_the_whole_table_is_there(chromium, folder):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{folder.as_uri()}/{CHANGES['en']}.html")
    assert page.locator(".tf2-filter tbody tr").count() > 40
    assert page.locator(".tf2-filter textarea").count() == 0
    page.close()


def test_a_page_without_such_a_table_has_no_field(look_at):
    assert look_at("start/beginner").locator(".tf2-filter__form").count() == 0
