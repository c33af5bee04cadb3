"""The field that filters a table, in a real browser, from the site's files: no server, no network."""

import pytest

CHANGES = {"zh": "changes/index", "en": "en/changes/index"}
PROOFS = """() => [...document.querySelectorAll(".tf2-filter tbody tr:not(.tf2-filter__group)")].map(row => {
    const anchor = row.querySelector("a").hash.slice(1), outputs = [];
    let next = document.getElementById(anchor).nextElementSibling;
    for (; next && !/^H/.test(next.tagName); next = next.nextElementSibling)
        if (next.classList.contains("tf2-output")) outputs.push(next.textContent.trim());
    return [anchor, outputs];
})"""
SHOWN = """() => [...document.querySelectorAll(".tf2-filter tbody tr")].filter(row => row.checkVisibility())
    .map(row => row.querySelector("a").hash.slice(1))"""


@pytest.fixture
def look_at(open_page, folder):
    """Open a page of the site that is read from a folder."""
    return lambda address: open_page(f"{folder.as_uri()}/", f"{address}.html")


def field(page):
    return page.locator(".tf2-filter").get_by_role("searchbox")


def ask(page, query: str) -> list[str]:
    """The anchors of the rows that are left, groups among them."""
    field(page).fill(query)
    return page.evaluate(SHOWN)


def test_nothing_typed_shows_the_whole_table(look_at):
    page = look_at(CHANGES["en"])
    rows = page.locator(".tf2-filter tbody tr:not(.tf2-filter__group)").count()
    assert len(page.evaluate(SHOWN)) > rows >= 40
    assert page.wrong == []
    assert page.get_by_role("status").inner_text() == f"{rows} rows"


def test_a_name_leaves_its_row_and_its_group(look_at):
    page = look_at(CHANGES["en"])
    assert ask(page, "predict_classes") == ["training", "predict-classes"]
    assert ask(page, "") == page.evaluate(SHOWN)


def test_rows_are_found_by_their_new_code_too(look_at):
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
        (
            'File "a.py", line 3, in <module> g = tf.get_default_graph() AttributeError: …',
            "default-graph",
        ),
    ],
)
def test_an_error_of_the_reader_s_own_code_leads_to_its_row(look_at, pasted, row):
    found = ask(look_at(CHANGES["en"]), pasted)
    assert row in found
    assert len(found) <= 6


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_message_on_the_page_leads_to_its_row(look_at, language):
    page = look_at(CHANGES[language])
    for row, outputs in page.evaluate(PROOFS):
        for message in (output for output in outputs if "Error:" in output or "Warning:" in output):
            found = ask(page, " ".join(message.split()))
            assert row in found, message
            assert len(found) <= 12, message


def test_what_is_nowhere_finds_nothing_and_says_so(look_at):
    page = look_at(CHANGES["zh"])
    assert ask(page, "xyzzy") == []
    assert page.get_by_role("status").inner_text().startswith("没有找到")
    assert ask(page, "AttributeError: module 'tensorflow' has no attribute 'xyzzy'") == []


def test_the_field_speaks_the_page_s_language_and_is_told_to_those_who_listen(look_at):
    for language, label in (("zh", "筛选"), ("en", "Filter")):
        page = look_at(CHANGES[language])
        assert page.locator(".tf2-filter").get_by_label(label).count() == 1
        assert page.get_by_role("status").get_attribute("aria-live") == "polite"


def test_the_keyboard_is_enough(look_at):
    page = look_at(CHANGES["en"])
    field(page).focus()
    page.keyboard.type("metric.reset_states()")
    page.keyboard.press("Enter")
    assert page.url.endswith("#reset-states")
    field(page).focus()
    page.keyboard.press("Escape")
    assert field(page).input_value() == ""
    assert len(page.evaluate(SHOWN)) > 40


def test_without_scripts_the_whole_table_is_there(chromium, folder):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{folder.as_uri()}/{CHANGES['en']}.html")
    assert page.locator(".tf2-filter tbody tr").count() > 40
    assert page.locator(".tf2-filter input").count() == 0
    page.close()


def test_a_page_without_such_a_table_has_no_field(look_at):
    assert look_at("tutorials/beginner").locator(".tf2-filter__form").count() == 0
