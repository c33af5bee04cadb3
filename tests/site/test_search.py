"""The search finds what readers of both languages type, in a real browser.

`queries.csv` says what they type, and the page and heading that must be among the first three
results: shown at once, not folded away. No anchor stands for the page itself. Add a line wherever
somebody looked for something in vain.
"""

import csv
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

with (Path(__file__).parent / "queries.csv").open(encoding="utf-8", newline="") as file:
    QUERIES = list(csv.DictReader(file))
HOMES = {"zh": "", "en": "en/"}
FIRST, ENOUGH = 3, 0.95
ANSWER = """async (query) => {
  const find = (selector) => document.querySelector(selector);
  const [input, list] = [".md-search__input", ".md-search-result__list"].map(find);
  const answered = new Promise((done) => {
    const status = document.querySelector(".md-search-result__meta");
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(done);
    });
    observer.observe(status, { childList: true, characterData: true, subtree: true });
  });
  input.focus();
  input.value = query;
  input.dispatchEvent(new KeyboardEvent("keyup", { key: "End", bubbles: true }));
  await answered;
  return [...list.children].map((item) => ({
    shown: [...item.querySelectorAll(":scope > a")].map((link) => link.href),
    all: [...item.querySelectorAll("a")].map((link) => link.href),
  }));
}"""


def target(row):
    page = f"{row['page']}/" if row["page"] else ""
    return f"{HOMES[row['language']]}{page}" + (f"#{row['anchor']}" if row["anchor"] else "")


@pytest.fixture(scope="module")
def answers(chromium, address):
    """For each query its results; a result is a page with the links to its sections.

    Those shown, and all.
    """
    found = {}
    for language, home in HOMES.items():
        page = chromium.new_page()
        page.goto(f"{address}{home}")
        for query in [row["query"] for row in QUERIES if row["language"] == language]:
            results = page.evaluate(ANSWER, query)
            found[language, query] = [
                {kind: [plain(link, address) for link in result[kind]] for kind in result}
                for result in results
            ]
        page.close()
    return found


def plain(link, address):
    return unquote(re.sub(r"\?[^#]*", "", link.removeprefix(address)))


def first_shown(row, answers):
    """What the first results show without being unfolded."""
    return [result["shown"] for result in answers[row["language"], row["query"]][:FIRST]]


def test_the_queries_are_many_and_each_leads_somewhere(published):
    assert len(QUERIES) >= 60
    assert len({(row["language"], row["query"]) for row in QUERIES}) == len(QUERIES)
    assert [row for row in QUERIES if not exists(published, target(row))] == []


@pytest.mark.parametrize("language", HOMES)
def test_almost_all_queries_find_their_section_among_the_first_results(answers, language):
    rows = [row for row in QUERIES if row["language"] == language]
    missed = [
        row for row in rows if not any(target(row) in links for links in first_shown(row, answers))
    ]
    report = [
        f"{row['query']!r} must find {target(row)}, found {first_shown(row, answers)}"
        for row in missed
    ]
    assert len(missed) <= (1 - ENOUGH) * len(rows), "\n".join(report)


def test_no_query_is_without_a_result(answers):
    assert [query for query, results in answers.items() if not results] == []


def test_no_result_leads_nowhere(published, answers):
    links = {link for results in answers.values() for result in results for link in result["all"]}
    assert len(links) > 100
    assert [link for link in sorted(links) if not exists(published, link)] == []


def exists(site, link):
    address, _, anchor = link.partition("#")
    page = site / address / "index.html"
    return page.is_file() and (not anchor or f'id="{anchor}"' in page.read_text(encoding="utf-8"))


@pytest.fixture
def search(visit):
    """Type a query on the front page of a language, and return the page."""

    def search(query, language="zh"):
        page = visit(HOMES[language])
        page.keyboard.press("/")
        page.locator(".md-search__input").fill(query)  # without a key, as one pastes
        page.locator(".md-search-result__meta", has_text=re.compile(r"\d|没有|No ")).wait_for()
        return page

    return search


def test_a_result_marks_what_was_found_and_names_what_was_not(search):
    result = search("sofmax 概率 zzzzqqqq").locator(".md-search-result__item").first
    assert {"softmax", "概率"} & {text.lower() for text in result.locator("mark").all_inner_texts()}
    assert "zzzzqqqq" in result.locator("del").all_inner_texts()


def test_the_page_that_was_found_marks_it_too(search):
    page = search("overfiting", language="en")
    page.locator('.md-search-result__link[href$="#overfitting"]').click()
    page.locator("mark[data-md-highlight]").first.wait_for()
    assert page.locator("mark[data-md-highlight]").first.inner_text().lower().startswith("overfit")


@pytest.mark.parametrize(
    "query",
    ["zzzzqqqq", "+-*~^:", "<b>&lt;", '"', "的", "吗", "(.*", "\\", "constructor __proto__"],
)
def test_no_query_breaks_the_search(search, query):
    page = search(query)
    page.locator(".md-search__input").fill("张量")
    page.locator('.md-search-result__link[href*="#tensor"]').first.wait_for()
    assert page.wrong == []
