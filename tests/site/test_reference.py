"""The reference: all of it in the page's language, and all of it in both."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

import griffe

from tf2docs.pages.translating import shown_objects

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
WORDS = re.compile(r"[a-z]{2}|[\u4e00-\u9fff]", re.IGNORECASE)
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reference(HTMLParser):
    """The paragraphs of a reference page by the object that they explain, without code and literature."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paragraphs: dict[str, list[str]] = {}
        self._object, self._open = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        if "doc-heading" in classes:
            self._object = attributes["id"]
            self.paragraphs[self._object] = []
        elif tag == "h2":
            self._object = ""  # a section that explains no object
        if tag not in VOID:
            self._open.append("left out" if tag in ("code", "pre", "details") or "references" in classes else tag)
        if tag == "p" and self._object and "left out" not in self._open:
            self.paragraphs[self._object].append("")

    def handle_endtag(self, tag):
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data):
        if self._object and "p" in self._open and "left out" not in self._open:
            self.paragraphs[self._object][-1] += data


@pytest.fixture(scope="module")
def explained(published):
    pages = {"zh": published / "reference" / "index.html", "en": published / "en" / "reference" / "index.html"}
    found = {language: Reference(page.read_text(encoding="utf-8")).paragraphs for language, page in pages.items()}
    return {
        language: {one: [*filter(WORDS.search, said)] for one, said in page.items()} for language, page in found.items()
    }


def test_what_is_shown_is_what_is_translated(explained):
    package = griffe.load("tf2docs", search_paths=[ROOT], try_relative_path=False)
    assert len(explained["zh"]) > 70
    assert list(explained["zh"]) == list(explained["en"])
    assert set(explained["zh"]) == set(shown_objects(ROOT / "docs" / "zh", package))


def test_every_object_is_explained_in_the_language_of_the_page(explained):
    assert [one for page in explained.values() for one, said in page.items() if not said] == []
    assert [text for said in explained["zh"].values() for text in said if not CHINESE.search(text)] == []
    assert [text for said in explained["en"].values() for text in said if CHINESE.search(text)] == []


def test_both_languages_show_the_same_examples(published):
    zh, en = (
        re.findall(r"&gt;&gt;&gt;.*?</pre>", (published / path).read_text(encoding="utf-8"), re.DOTALL)
        for path in ("reference/index.html", "en/reference/index.html")
    )
    assert len(zh) > 30
    assert zh == en
