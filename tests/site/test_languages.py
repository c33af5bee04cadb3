"""What a reader sees on every page in the page's own language.

Topics, dates, the way to its source, its address.

The language switch, labels, titles of boxes, the search index and the page 404 are in
`test_built_site.py`; that the switch keeps the section is in `test_reading.py`.
"""

import re
from html import unescape
from pathlib import Path
from posixpath import normpath

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

from tf2docs.pages.reading.page import read_page

ROOT = Path(__file__).parents[2]
ADDRESS = "https://example.org/docs/"  # for which `published` is built
PAGES = {
    path.relative_to(ROOT / "docs").as_posix(): read_page(path, path.name)
    for language in ("zh", "en")
    for path in sorted((ROOT / "docs" / language).rglob("*.md"))
}
TAGGED = {name: page for name, page in PAGES.items() if "tags" in page.meta}
EDIT = re.compile(r'<a href="(https://github.com/[^"]*)" title="([^"]*)"[^>]*rel="edit"')
LIST = re.compile(r'<h2 id="([\w-]+)">.*?</h2>\s*<ul class="tf2-path[^>]*>(.*?)</ul>', re.DOTALL)


def folder_of(name: str) -> str:
    """The folder of the site that a page is: its address."""
    return normpath(
        name.removeprefix("zh/").removesuffix(".md").removesuffix("index")
    ).removeprefix(".")


def html_of(site: Path, name: str) -> str:
    return (site / folder_of(name) / "index.html").read_text(encoding="utf-8")


def shown(html: str) -> str:
    """What a reader reads of the article, without code and outputs."""
    article = html.partition("<article")[2].partition("</article>")[0]
    text = re.sub(r"<pre.*?</pre>|<code.*?</code>|<[^>]+>", " ", article, flags=re.DOTALL)
    return unescape(text).replace("\u00a0", " ")


@pytest.mark.parametrize("name", TAGGED)
def test_a_lesson_names_its_topics_and_each_leads_to_its_section(published, name):
    links = re.findall(r'<a href="([^"]*/tags/#[^"]*)">([^<]*)</a>', html_of(published, name))
    assert [text for _, text in links] == TAGGED[name].meta["tags"]
    for link, text in links:
        address, _, anchor = link.partition("#")
        page = normpath(f"{folder_of(name)}/{address}")
        assert page == ("en/tags" if name.startswith("en/") else "tags")
        html = (published / page / "index.html").read_text(encoding="utf-8")
        heading = re.search(rf'<h2 id="{anchor}">(.*?)<', html)[1]
        assert heading.lower() == text.lower()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_topic_lists_all_its_lessons_in_the_same_language(published, language):
    lists = dict(LIST.findall(html_of(published, f"{language}/tags.md")))
    titles = {
        heading.anchor: heading.text
        for heading in PAGES[f"{language}/tags.md"].headings
        if heading.level == 2
    }
    assert lists.keys() == titles.keys()
    own = [page for name, page in TAGGED.items() if name.startswith(language)]
    for anchor, tag in titles.items():
        lessons = {
            page.meta["title"] for page in own if tag.lower() in map(str.lower, page.meta["tags"])
        }
        assert set(map(unescape, re.findall(r"<a [^>]*>(.*?)</a>", lists[anchor]))) == lessons, tag


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leads_to_its_own_source_to_be_edited(published, name):
    ((address, label),) = EDIT.findall(html_of(published, name))
    assert address == f"https://github.com/someone/tf2docs/edit/main/docs/{name}"
    assert label == ("Edit this page" if name.startswith("en/") else "编辑此页")
    source = published / folder_of(name) / Path(name).name
    # a lesson's source can also be viewed without a third party: the same file
    if "minutes" in PAGES[name].meta and PAGES[name].blocks:
        assert source.read_bytes() == (ROOT / "docs" / name).read_bytes()


def test_without_a_repository_there_is_nothing_to_edit(folder):
    for path in folder.rglob("*.html"):
        assert not re.search(
            "rel=.edit|github.com/[^/]*/[^/]*/edit", path.read_text(encoding="utf-8")
        ), path


@pytest.mark.parametrize("name", PAGES)
def test_a_day_is_written_as_the_language_writes_it(published, name):
    text = shown(html_of(published, name))
    assert re.findall(r"(?<![\w/-])\d{4}-\d\d-\d\d", text) == []
    chinese, english = r"\d{4} 年 \d+ 月 \d+ 日", r"\d+ [A-Z][a-z]+ 20\d\d\b"
    own, other = (english, chinese) if name.startswith("en/") else (chinese, english)
    assert not re.search(other, text)
    if ("minutes" in PAGES[name].meta and PAGES[name].blocks) or name.endswith("trust.md"):
        assert re.search(own, text)


def test_the_sitemap_holds_every_page_once_and_names_both_languages(published):
    sitemap = (published / "sitemap.xml").read_text(encoding="utf-8")
    found = {}
    for entry in re.findall(r"<url>.*?</url>", sitemap, re.DOTALL):
        (address,) = re.findall("<loc>(.*?)</loc>", entry)
        assert address not in found
        found[address] = dict(re.findall('hreflang="(.*?)" href="(.*?)"', entry))
    for name in PAGES:
        twins = (f"{language}/{name.partition('/')[2]}" for language in ("zh", "en"))
        chinese, english = (ADDRESS + f"{folder_of(twin)}/".lstrip("/") for twin in twins)
        assert found.pop(english if name.startswith("en/") else chinese) == {
            "zh": chinese,
            "en": english,
        }
    assert not found
