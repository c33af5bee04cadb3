"""How the site presents itself: its mark, what a shared link shows, languages, dates and feeds."""

import io
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

pytest.importorskip("PIL", reason="the site's tools are in the extra `docs`")

from PIL import Image, ImageChops, ImageStat

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.showing.history import read_history
from tf2docs.pages.showing.mark import ICON, SVG, TOUCH_ICON, draw_mark
from tf2docs.pages.showing.share_card import draw_card, missing_from_font

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ADDRESS = "https://example.org/docs/"
MARK = (DOCS / SVG).read_text(encoding="utf-8")
PAGES = [
    (language, path.relative_to(DOCS / language).with_suffix("").as_posix())
    for language in ("zh", "en")
    for path in sorted((DOCS / language).rglob("*.md"))
]
HISTORY = read_history(ROOT)
ATOM = {"": "http://www.w3.org/2005/Atom"}


def address_of(language, name):
    home = "" if language == "zh" else f"{language}/"
    folder = re.sub(r"(^|/)index$", r"\1", name)
    return f"{home}{folder}" if folder.endswith("/") or not folder else f"{home}{folder}/"


class Head(HTMLParser):
    """What a page's head says."""

    def __init__(self, html):
        super().__init__()
        self.properties, self.languages, self.data, self.links = {}, {}, [], {}
        self.data_follow = False
        self.feed(html.partition("</head>")[0])

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and (name := attrs.get("property") or attrs.get("name")):
            self.properties[name] = attrs["content"]
        elif tag == "link" and "hreflang" in attrs:
            assert attrs["rel"].split() == ["alternate"]
            self.languages[attrs["hreflang"]] = attrs["href"]
        elif tag == "link":
            self.links.setdefault(attrs["rel"].strip(), []).append(attrs["href"])
        self.data_follow = tag == "script" and attrs.get("type") == "application/ld+json"

    def handle_data(self, text):
        if self.data_follow:
            self.data.append(json.loads(text))
        self.data_follow = False

    def thing(self, kind):
        return next((thing for thing in self.data if thing["@type"] == kind), None)


def head(site, language, name):
    file = site / address_of(language, name) / "index.html"
    return Head(file.read_text(encoding="utf-8"))


# The mark


@pytest.mark.parametrize("size", [16, 32, 180])
def test_an_icon_is_the_same_drawing_as_the_svg(chromium, size):
    """The browser draws the SVG, we draw the icon: they differ by what lies between pixels."""
    page = chromium.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>{MARK}")
    shown = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
    page.close()
    white = Image.new("RGBA", shown.size, "white")
    ours, theirs = (
        Image.alpha_composite(white, image).convert("RGB")
        for image in (draw_mark(MARK, size), shown)
    )
    # edges are mixed otherwise, and the smaller an icon, the more of it is edge
    assert max(ImageStat.Stat(ImageChops.difference(ours, theirs)).mean) < 0.5 + 64 / size


def test_the_header_s_mark_is_the_same_drawing():
    header = (DOCS / "overrides" / ".icons" / "tf2docs" / "mark.svg").read_text(encoding="utf-8")
    for part in (r'<path d="[^"]*"', r"<circle [^>]*>", r'stroke-width="[^"]*"'):
        assert re.findall(part, header) == re.findall(part, MARK)


def test_icons_have_the_sizes_that_are_asked_for(published):
    assert Image.open(published / TOUCH_ICON).size == (180, 180)
    assert Image.open(published / ICON).info["sizes"] == {(16, 16), (32, 32), (48, 48)}


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_every_page_names_the_icons(published, language, name):
    site = published / address_of(language, name)
    links = head(published, language, name).links
    files = [(site / each).resolve() for each in links["icon"] + links["apple-touch-icon"]]
    assert [file.relative_to(published.resolve()).as_posix() for file in files] == [
        SVG,
        ICON,
        TOUCH_ICON,
    ]
    assert all(file.is_file() for file in files)


# Shared links


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_shared_link_shows_the_page_in_its_language(published, language, name):
    page = read_page(DOCS / language / f"{name}.md", name)
    properties = head(published, language, name).properties
    assert properties["og:title"] == page.meta["title"]
    assert properties["og:description"] == page.meta["description"]
    assert properties["og:url"] == ADDRESS + address_of(language, name)
    assert properties["og:locale"] == {"zh": "zh_CN", "en": "en_US"}[language]
    assert properties["og:type"] == ("article" if "minutes" in page.meta else "website")
    assert properties["twitter:card"] == "summary_large_image"
    card = published / properties["og:image"].removeprefix(ADDRESS)
    with Image.open(card) as image:
        assert image.format == "PNG"
        assert image.size == (1200, 630)
    assert card.stat().st_size < 100_000


def test_no_two_pages_share_a_card_but_the_front_pages_are_the_site_s(published):
    cards = {path: path.read_bytes() for path in (published / "assets" / "cards").rglob("*.png")}
    assert len(cards) == len(PAGES)
    assert len(set(cards.values())) == len(PAGES)


def test_the_font_of_the_cards_has_what_titles_and_descriptions_are_written_with():
    missing = {}
    for language, name in PAGES:
        meta = read_page(DOCS / language / f"{name}.md", name).meta
        if lacks := missing_from_font(DOCS, meta["title"] + meta["description"]):
            missing[f"docs/{language}/{name}.md"] = lacks
    assert missing == {}, "make the font anew as tf2docs/pages/showing/share_card.py says"


def test_a_character_that_the_font_lacks_is_noticed():
    assert missing_from_font(DOCS, "训练 fit：龘 é") == {"龘"}


def test_a_long_title_stays_on_its_card():
    card = draw_card(DOCS, MARK, "很长的标题" * 30, "A long description " * 40, "tf2docs")
    bottom = card.convert("RGB").crop((80, 600, 500, 630))
    assert len(bottom.getcolors()) <= 8, "nothing but rings"


def test_without_an_address_nothing_names_one(folder):
    for language, home in (("zh", ""), ("en", "en/")):
        found = Head((folder / home / "start" / "line.html").read_text(encoding="utf-8"))
        title = read_page(DOCS / language / "start" / "line.md", "line").meta["title"]
        assert found.properties["og:title"] == title
        assert not {"og:url", "og:image"} & found.properties.keys()
        assert (found.languages, found.data) == ({}, [])
    made = {path.name for path in folder.rglob("*")}
    assert not {"cards", "feed.xml", "robots.txt", "sitemap.xml"} & made


# Languages and data for machines


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_every_page_names_its_twins(published, language, name):
    chinese, english = (ADDRESS + address_of(each, name) for each in ("zh", "en"))
    expected = {"zh": chinese, "en": english, "x-default": english}
    assert head(published, language, name).languages == expected


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_page_says_what_it_is_and_where(published, language, name):
    found, page = head(published, language, name), read_page(DOCS / language / f"{name}.md", name)
    article, way = found.thing("TechArticle"), found.thing("BreadcrumbList")
    assert (article is not None) == ("minutes" in page.meta)
    if article:
        assert article["headline"] == page.meta["title"]
        assert article["inLanguage"] == language
        assert article["timeRequired"] == f"PT{page.meta['minutes']}M"
        assert article["url"] == ADDRESS + address_of(language, name)
    if name == "index":
        assert way is None
        return
    items = way["itemListElement"]
    assert [item["position"] for item in items] == [*range(1, len(items) + 1)]
    assert items[0]["item"] == ADDRESS + address_of(language, "index")
    assert items[-1]["item"] == ADDRESS + address_of(language, name)
    for item in items:
        assert (published / item["item"].removeprefix(ADDRESS) / "index.html").is_file()


def test_a_module_s_page_stands_below_the_reference(published):
    way = head(published, "en", "reference/models").thing("BreadcrumbList")
    assert [item["name"] for item in way["itemListElement"]][1] == "API reference"


# Dates


def test_the_sitemap_has_the_day_of_each_page_s_last_commit_or_none(published):
    text = (published / "sitemap.xml").read_text(encoding="utf-8")
    days = {
        url.findtext("{*}loc"): url.findtext("{*}lastmod") for url in ElementTree.fromstring(text)
    }
    assert len(days) == len(PAGES)
    for language, name in PAGES:
        path = f"docs/{language}/{name}.md"
        log = ["git", "log", "-1", "--format=%cs", "--", path]
        run = subprocess.run(log, cwd=ROOT, capture_output=True, text=True)
        day = days[ADDRESS + address_of(language, name)]
        if not HISTORY or HISTORY[path].changed == "":
            assert day is None, path
        elif day:  # code that it shows may have changed after it
            assert day >= run.stdout.strip(), path
    assert "changefreq" not in text


def test_the_feed_begins_with_the_newest_lesson(published):
    if not HISTORY:
        pytest.skip("git doesn't know when lessons came")
    for language, home in (("zh", ""), ("en", "en/")):
        file = published / home / "feed.xml"
        feed = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        entries = feed.findall("entry", ATOM)
        lessons = {
            ADDRESS + address_of(each, name)
            for each, name in PAGES
            if each == language
            and "minutes" in read_page(DOCS / language / f"{name}.md", name).meta
            and f"docs/{language}/{name}.md" in HISTORY
        }
        named = {entry.findtext("id", namespaces=ATOM) for entry in entries}
        assert named <= lessons and len(named) == min(len(lessons), 30)
        dates = [entry.findtext("published", namespaces=ATOM) for entry in entries]
        assert dates == sorted(dates, reverse=True)
        assert feed.findtext("updated", namespaces=ATOM) == dates[0]
        linked = head(published, language, "start/line").links["alternate"]
        assert linked == [f"{ADDRESS}{home}feed.xml"]


def test_robots_are_led_to_the_sitemap(published):
    lines = (published / "robots.txt").read_text().splitlines()
    assert f"Sitemap: {ADDRESS}sitemap.xml" in lines


# The foot of a page


def test_a_page_s_foot_leads_to_licence_source_and_a_report(visit):
    page = visit("en/start/line/")
    foot = page.locator(".tf2-colophon")
    report = foot.get_by_role("link", name="Report an error").get_attribute("href")
    assert report.startswith("https://github.com/someone/tf2docs/issues/new?title=Error%20on%20Fit")
    assert "example.org%2Fdocs%2Fen%2Fstart%2Fline%2F" in report.replace("/", "%2F")
    assert foot.get_by_role("link", name="Source").get_attribute("href").endswith("someone/tf2docs")
    licence = foot.get_by_role("link", name="MIT").evaluate("each => each.href")
    assert "MIT License" in page.request.get(licence).text()


def test_without_an_address_for_reports_a_page_says_what_to_send(open_page, folder):
    page = open_page(f"{folder.as_uri()}/", "start/line.html")
    page.get_by_role("link", name="报告本页的错误").click()
    page.wait_for_url("**/trust.html#report")
    assert page.locator("h2#report").is_visible()


# The front page


@pytest.mark.parametrize(
    ("home", "says"), [("", "模型的答案是 3"), ("en/", "The model's answer is 3")]
)
def test_the_pad_works_on_the_front_page_and_costs_nothing_before(visit, home, says):
    page = visit(home)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert not any(".f32" in url or "digit-pad" in url for url in loaded)
    page.locator(".tf2-hero button").click()
    page.wait_for_selector("div.tf2-digit")
    page.locator("div.tf2-digit button").nth(1).click()
    assert page.locator(".tf2-digit [role=status]").inner_text().startswith(says)
    assert page.wrong == []


@pytest.mark.parametrize("home", ["", "en/"])
def test_the_map_has_each_lesson_of_the_lists_below_it_and_an_arrow_for_each_requirement(
    visit, home
):
    page = visit(home)
    listed = page.locator(".tf2-path a").evaluate_all("all => all.map(each => each.href)")
    mapped = page.locator(".tf2-map a").evaluate_all("all => all.map(each => each.href.baseVal)")
    assert [
        page.evaluate("each => new URL(each, location).href", each) for each in mapped
    ] == listed
    language = "en" if home else "zh"
    names = [link.partition("/docs/")[2] or link.split("/", 3)[3] for link in listed]
    names = [name.removeprefix("en/").strip("/") for name in names]
    required = sum(
        first in names
        for name in names
        for first in read_page(DOCS / language / f"{name}.md", name).meta["requires"]
    )
    assert page.locator(".tf2-map .tf2-diagram__head").count() == required > 5


def test_a_lesson_that_was_read_is_ticked_on_the_map(visit, address, read_to_the_end):
    page = visit("start/line/")
    read_to_the_end(page)
    page.goto(f"{address}en/")
    done = page.locator(".tf2-map__done")
    done.wait_for()
    assert done.get_attribute("aria-label") == "Fit a line from scratch (Read to its end)"


def test_the_map_is_left_to_the_lists_on_a_phone(visit):
    assert not visit("en/", screen="phone").locator(".tf2-map").is_visible()
