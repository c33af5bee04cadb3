"""The reference: all of it in the page's language, and all of it in both."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

import griffe

from tf2docs.pages.showing.translations import shown_objects

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
WORDS = re.compile(r"[a-z]{2}|[\u4e00-\u9fff]", re.IGNORECASE)
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Reference(HTMLParser):
    """The paragraphs of a reference page by the object that they explain.

    Code and literature are left out.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.paragraphs: dict[str, list[str]] = {}
        self._object, self._open = "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        classes = (attributes.get("class") or "").split()
        is_module = tag == "h1" and attributes["id"].startswith("tf2docs.")  # the title of its page
        if "doc-heading" in classes or is_module:
            self._object = attributes["id"]
            self.paragraphs[self._object] = []
        elif tag == "h2":
            self._object = ""  # a section that explains no object
        if tag not in VOID:
            self._open.append(
                "left out" if tag in ("code", "pre", "details") or "references" in classes else tag
            )
        if tag == "p" and self._object and "left out" not in self._open:
            self.paragraphs[self._object].append("")

    def handle_endtag(self, tag):
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data):
        if self._object and "p" in self._open and "left out" not in self._open:
            self.paragraphs[self._object][-1] += data


def reference(published):
    """The HTML of the reference's pages in each language, by the module, none for the overview."""
    homes = {"zh": published / "reference", "en": published / "en" / "reference"}
    return {
        language: {
            page.parent.relative_to(home).as_posix().strip("."): page.read_text(encoding="utf-8")
            for page in sorted(home.rglob("index.html"))
        }
        for language, home in homes.items()
    }


@pytest.fixture(scope="module")
def explained(published):
    """What is said of each object in each language."""
    found = {}
    for language, pages in reference(published).items():
        objects = [
            object for html in pages.values() for object in Reference(html).paragraphs.items()
        ]
        found[language] = {one: [*filter(WORDS.search, said)] for one, said in objects}
        assert len(found[language]) == len(objects), "an object stands twice"
    return found


def test_what_is_shown_is_what_is_translated(explained):
    package = griffe.load("tf2docs", search_paths=[ROOT], try_relative_path=False)
    assert len(explained["zh"]) > 70
    assert list(explained["zh"]) == list(explained["en"])
    assert set(explained["zh"]) == set(shown_objects(ROOT / "docs" / "zh", package))


def test_every_object_is_explained_in_the_language_of_the_page(explained):
    assert [one for page in explained.values() for one, said in page.items() if not said] == []
    assert [
        text for said in explained["zh"].values() for text in said if not CHINESE.search(text)
    ] == []
    assert [
        text for said in explained["en"].values() for text in said if CHINESE.search(text)
    ] == []


def test_both_languages_show_the_same_examples(published):
    zh, en = (
        [
            example
            for html in pages.values()
            for example in re.findall(r"&gt;&gt;&gt;.*?</pre>", html, re.DOTALL)
        ]
        for pages in reference(published).values()
    )
    assert len(zh) > 30
    assert zh == en


def test_a_module_s_page_shows_that_module_and_no_other(published):
    for pages in reference(published).values():
        for module, html in pages.items():
            shown = {name.split(".")[1] for name in Reference(html).paragraphs}
            assert shown == {module or "pages"}


def test_a_page_of_the_reference_is_light(published):
    largest = max(len(html) for pages in reference(published).values() for html in pages.values())
    assert largest < 320_000  # characters, 42 kB compressed: the data sets, with a loader for each


@pytest.mark.parametrize("screen", ["wide", "phone"])
def test_source_code_stands_in_lines_beside_their_numbers(visit, screen):
    page = visit("reference/datasets/", screen=screen)
    page.locator(".mkdocstrings-source summary").first.click()
    numbers, code = page.locator(".mkdocstrings-source pre:visible").all()
    assert numbers.bounding_box()["height"] == pytest.approx(
        code.bounding_box()["height"], abs=22
    )  # its padding


@pytest.mark.parametrize("home", ["", "en/"])
def test_an_address_in_the_former_single_page_leads_to_the_module_s(visit, address, home):
    for anchor in ("tf2docs.datasets.load_mnist", "tf2docs.models"):
        page = visit(f"{home}reference/#{anchor}")
        page.wait_for_url(f"{address}{home}reference/{anchor.split('.')[1]}/#{anchor}")
        assert page.locator(f"[id='{anchor}']").count() == 1


@pytest.mark.parametrize(
    "anchor", ["harness", "tf2docs.pages.reading.site.Site", "tf2docs.nothing", ""]
)
def test_an_address_in_the_overview_stays_there(visit, address, anchor):
    page = visit(f"reference/#{anchor}")
    assert page.url.partition("#")[0] == f"{address}reference/"
    assert page.wrong == []


def test_a_site_in_a_folder_forwards_too(open_page, folder):
    page = open_page(f"{folder.as_uri()}/", "en/reference/index.html#tf2docs.runtime.set_seed")
    page.wait_for_url("**/en/reference/runtime.html#tf2docs.runtime.set_seed")
