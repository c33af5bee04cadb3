"""The site reads, and its search works, where it is opened from a folder without a server."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

PAGES = {"zh": "start/beginner.html", "en": "en/start/beginner.html"}


@pytest.fixture
def visit_file(open_page, folder):
    return lambda path, **options: open_page(f"{folder.as_uri()}/", path, **options)


@pytest.mark.parametrize(("language", "query"), [("zh", "交叉熵"), ("en", "dropout")])
def test_the_search_finds_from_a_file(visit_file, language, query):
    page = visit_file(PAGES[language])
    page.keyboard.press("/")
    page.locator(".md-search__input").fill(query)
    link = page.locator(".md-search-result__link").first
    link.wait_for()
    assert Path(
        unquote(re.sub(r"^file://|[?#].*", "", link.evaluate("each => each.href")))
    ).is_file()
    assert page.wrong == []


def test_an_address_with_a_query_shows_its_results_from_a_file(visit_file):
    page = visit_file("index.html?q=guonihe")
    page.locator('.md-search-result__link[href*="#overfitting"]').first.wait_for()
    assert page.wrong == []


def test_the_language_switch_and_side_by_side_work_from_a_file(visit_file):
    page = visit_file(PAGES["zh"])
    page.keyboard.press("b")
    page.wait_for_selector(".tf2-twin")
    page.keyboard.press("l")
    page.wait_for_url(re.compile(r"/en/start/beginner\.html"))
    assert page.wrong == []


def test_every_link_of_every_page_leads_to_a_file(folder):
    dead, checked = [], 0
    for page in folder.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="([^"]+)"', page.read_text(encoding="utf-8")):
            target = re.sub(r"[?#].*", "", unquote(link))
            if target and not re.match(r"[a-z]+:|//", target):
                checked += 1
                if not (page.parent / target).is_file() and page.name != "404.html":
                    dead.append((page.relative_to(folder).as_posix(), link))
    assert checked > 100 and dead == []
