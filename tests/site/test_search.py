"""The search finds what readers of both languages type, in a real browser.

`queries.csv` says what they type, and its `answers`: the pages and headings that a reader would be
glad of, `page#heading`, or `page` for the page itself. One of them must be among what the first
three results show at once, not folded away; `*` stands for any letters, so that `*changes*#session`
holds wherever that section moves. A query that isn't found, and is to be, is marked `missed`. Add a
line wherever somebody looked for something in vain.
"""

import csv
import gzip
import re
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote

import pytest

from tf2docs.pages.reading.synonyms import read_synonyms
from tf2docs.pages.showing.search_index import INDEX, read_search_index

ROOT = Path(__file__).parents[2]
with (Path(__file__).parent / "queries.csv").open(encoding="utf-8", newline="") as file:
    QUERIES = list(csv.DictReader(file))
HOMES = {"zh": "", "en": "en/"}
FIRST, ENOUGH = 3, 0.97
INDEX_LIMIT, EMPTY_LIMIT = 530_000, 300  # bytes, the first compressed; a lesson adds about 10,000
ANSWERS = """async (queries) => {
  const [input, status, list] = ["__input", "-result__meta", "-result__list"].map((each) =>
    document.querySelector(`.md-search${each}`));
  const found = [];
  for (const query of queries) {
    const answered = new Promise((done) => {
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
    found.push([...list.children].map((item) => ({
      shown: [...item.querySelectorAll(":scope > a")].map((link) => link.href),
      all: [...item.querySelectorAll("a")].map((link) => link.href),
    })));
  }
  return found;
}"""
# what the worker is told and says: see search.js
TIMES = """async ({ index, queries }) => {
  document.querySelector(".md-search__input").focus(); // until then no worker starts
  const worker = new Worker("assets/javascripts/search.js");
  const heard = (type) => new Promise((done) =>
    worker.addEventListener("message", ({ data }) => { if (data.type === type) done(); }));
  worker.postMessage({ type: 4, data: index });
  const times = [];
  for (const query of queries) {
    const answered = heard(3);
    const start = performance.now();
    worker.postMessage({ type: 2, data: query });
    await answered;
    times.push(performance.now() - start);
  }
  return times;
}"""


@pytest.fixture(scope="module")
def answers(chromium, address):
    """The results of each query; a result is a page with its sections: those shown, and all."""
    found = {}
    for language, home in HOMES.items():
        page = chromium.new_page()
        page.goto(f"{address}{home}")
        queries = [row["query"] for row in QUERIES if row["language"] == language]
        for query, results in zip(queries, page.evaluate(ANSWERS, queries), strict=True):
            found[language, query] = [
                {kind: [plain(link, address + home) for link in result[kind]] for kind in result}
                for result in results
            ]
        page.close()
    return found


def plain(link, home):
    """A link as `answers` has it."""
    return unquote(re.sub(r"\?[^#]*|/(?=\?|#|$)", "", link.removeprefix(home)))


def is_found(row, answers):
    results = answers[row["language"], row["query"]][:FIRST]
    shown = [link for result in results for link in result["shown"]]
    return any(fnmatchcase(link, each) for link in shown for each in row["answers"].split())


def report(rows, answers):
    return "\n".join(
        f"{row['language']} {row['query']!r} must find {row['answers']}, found "
        f"{[result['shown'] for result in answers[row['language'], row['query']][:FIRST]]}"
        for row in rows
    )


@pytest.fixture(scope="module")
def places(published):
    """All pages and headings of each language, as `answers` has them."""
    found = {}
    for language, home in HOMES.items():
        others = [other for other in HOMES.values() if other and other != home]
        found[language] = set()
        for file in (published / home).rglob("index.html"):
            page = file.parent.relative_to(published / home).as_posix().removeprefix(".")
            if not page.startswith(tuple(other.rstrip("/") for other in others)):
                anchors = re.findall(r'\bid="([^"]+)"', file.read_text(encoding="utf-8"))
                found[language] |= {page, *(f"{page}#{anchor}" for anchor in anchors)}
    return found


def test_the_queries_are_many_and_each_leads_somewhere(places):
    for language in HOMES:
        assert sum(row["language"] == language for row in QUERIES) >= 300
    assert len({(row["language"], row["query"]) for row in QUERIES}) == len(QUERIES)
    lost = [
        row
        for row in QUERIES
        if not any(
            fnmatchcase(place, answer)
            for answer in row["answers"].split()
            for place in places[row["language"]]
        )
    ]
    assert lost == []


@pytest.mark.parametrize("language", HOMES)
def test_almost_all_queries_find_their_section_among_the_first_results(answers, language):
    rows = [row for row in QUERIES if row["language"] == language]
    missed = [row for row in rows if not is_found(row, answers)]
    assert len(missed) <= (1 - ENOUGH) * len(rows), report(missed, answers)


def test_what_was_found_before_is_found_and_what_is_missed_says_so(answers):
    lost = [row for row in QUERIES if not row["missed"] and not is_found(row, answers)]
    assert lost == [], f"no longer found:\n{report(lost, answers)}"
    gained = [row["query"] for row in QUERIES if row["missed"] and is_found(row, answers)]
    assert gained == [], "found now: take the mark `missed` away"


def test_no_query_is_without_a_result(answers):
    assert [query for query, results in answers.items() if not results] == []


def test_no_result_leads_nowhere(places, answers):
    links = {(query[0], each) for query in answers for one in answers[query] for each in one["all"]}
    assert len(links) > 100
    assert [link for link in sorted(links) if link[1] not in places[link[0]]] == []


@pytest.mark.parametrize("language", HOMES)
def test_every_synonym_leads_to_words_that_the_pages_have(published, language):
    index = read_search_index((published / HOMES[language] / INDEX).read_text(encoding="utf-8"))
    said = " ".join(
        " ".join((each["title"], *each["text"], each["code"])) for each in index["sections"]
    ).lower()
    meanings = read_synonyms(ROOT / "docs", language).values()
    words = {word for meant in meanings for each in meant for word in each.split()}
    assert [word for word in sorted(words) if word.lower() not in said] == []


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("just in time compilation", "#xla"),  # where the glossary has hyphens
        ("timeseries", "#time-series"),
    ],
)
def test_a_name_is_found_however_it_is_joined(search, query, place):
    link = f'.md-search-result__link[href*="glossary/"][href$="{place}"]'
    search(query, language="en").locator(link).first.wait_for()


def test_a_word_leads_to_all_that_it_may_mean(search):
    page = search("linear regression", language="en")
    for place in ("#least-squares", "#line"):
        page.locator(f'.md-search-result__link[href$="{place}"]').first.wait_for()


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


def test_a_section_is_found_by_what_its_code_alone_says(search):
    page = search("saturate_cast", language="en")
    page.locator('.md-search-result__link[href*="basics/tensors/"]').first.wait_for()


@pytest.mark.parametrize(
    "query",
    ["zzzzqqqq", "+-*~^:", "<b>&lt;", '"', "的", "吗", "(.*", "\\", "constructor __proto__"],
)
def test_no_query_breaks_the_search(search, query):
    page = search(query)
    page.locator(".md-search__input").fill("张量")
    page.locator('.md-search-result__link[href*="#tensor"]').first.wait_for()
    assert page.wrong == []


def test_what_is_shown_of_a_page_is_text_and_no_markup(search):
    page = search("kernel_regularizer")
    result = page.locator(".md-search-result__item").first
    assert result.locator("code").count()
    assert not re.search(r"`|&#|&lt;|</?\w+>", result.inner_text())


@pytest.mark.parametrize("turn", ["click", "key"])
def test_the_index_is_loaded_when_the_reader_turns_to_the_search(open_page, address, turn):
    page = open_page(address, "start/beginner/")
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_timeout(500)
    assert not [url for url in asked if url.endswith(INDEX)]
    with page.context.expect_event("request", lambda request: request.url.endswith(INDEX)):
        page.locator(".md-search__input").click() if turn == "click" else page.keyboard.press("/")
    page.keyboard.type("zhangliang")
    page.locator('.md-search-result__link[href*="#tensor"]').first.wait_for()
    assert [url for url in asked if url.endswith(INDEX)] == [f"{address}{INDEX}"]


def test_an_address_with_a_query_shows_its_results(visit):
    page = visit("en/?q=overfitting")
    page.locator('.md-search-result__link[href*="#overfitting"]').first.wait_for()
    assert page.wrong == []


def test_what_is_typed_while_the_index_comes_is_answered_when_it_is_there(visit):
    page = visit("en/")
    page.context.route(f"**/{INDEX}", lambda route: (page.wait_for_timeout(700), route.continue_()))
    page.keyboard.press("/")
    page.keyboard.type("overfitting")
    page.locator('.md-search-result__link[href*="#overfitting"]').first.wait_for()
    assert page.wrong == []


@pytest.mark.parametrize("home", HOMES.values(), ids=HOMES)
def test_an_index_is_light_and_what_comes_with_every_page_is_empty(published, home):
    assert len(gzip.compress((published / home / INDEX).read_bytes())) <= INDEX_LIMIT
    assert (published / home / "search" / "search_index.json").stat().st_size <= EMPTY_LIMIT


PIECES = (
    "a",
    "学",
    "guonihe",
    "learning rate ",
    "gradeint tpae ",
    "梯度下将 ",
    " ",
    "``",
    "(((",
    "a_",
)


def test_an_answer_takes_no_longer_than_in_proportion_to_the_query(visit, address):
    page = visit("")
    for piece in PIECES:
        short, long = piece * (1000 // len(piece)), piece * (16_000 // len(piece))
        asked = {"index": address + INDEX, "queries": ["张量", *[short, long] * 3]}
        times = page.evaluate(TIMES, asked)
        quick, slow = min(times[1::2]), min(times[2::2])
        assert slow <= 20 * max(quick, 2), piece  # with the square it would be 256 times as long
