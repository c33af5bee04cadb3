"""The built site.

Two equal languages, nothing from elsewhere, nothing of TensorFlow needed to build it.
"""

import functools
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.sealing import sealed
from tf2docs.pages.showing.search_index import INDEX, read_search_index

ROOT = Path(__file__).parents[2]
Build = Callable[..., subprocess.CompletedProcess]


@pytest.fixture(scope="module")
def project(small_project: Callable, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project, whose sample page holds every kind of fence."""
    return small_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def build(build_project: Build, project: Path) -> Build:
    return functools.partial(build_project, project)


@pytest.fixture(scope="module")
def small(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project's site, built for no address."""
    folder = tmp_path_factory.mktemp("site")
    result = build(folder)
    assert result.returncode == 0, result.stderr
    return folder


class Elements(HTMLParser):
    """The elements of a page, as pairs of tag and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def with_class(self, name: str) -> Iterator[dict[str, str]]:
        return (attrs for _, attrs in self.found if name in attrs.get("class", "").split())


def pages(site: Path) -> dict[str, str]:
    """The HTML of every page but 404, by its address below the site's."""
    return {
        path.parent.relative_to(site).as_posix(): path.read_text(encoding="utf-8")
        for path in site.rglob("index.html")
    }


def resolve(address: str, link: str) -> str:
    """What a relative link on a page leads to."""
    return normpath((PurePosixPath(address) / link).as_posix())


def is_english(address: str) -> bool:
    return PurePosixPath(address).parts[:1] == ("en",)


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_chinese_is_at_the_root_and_english_below_it_with_the_same_pages(published):
    addresses = set(pages(published))
    chinese = {address for address in addresses if not is_english(address)}
    assert {".", "reference", "reference/models", "start/beginner"} <= chinese
    assert addresses - chinese == {normpath(f"en/{address}") for address in chinese}


def test_every_page_says_its_language(published):
    for address, html in pages(published).items():
        assert f'<html lang="{"en" if is_english(address) else "zh"}"' in html, address


def test_the_language_switch_leads_to_the_same_page_in_the_other_language(published):
    every = pages(published)
    for address, html in every.items():
        links = {
            a["hreflang"]: resolve(address, a["href"])
            for a in Elements(html).with_class("md-select__link")
        }
        assert links["en"] == normpath(f"en/{links['zh']}"), address
        assert address in links.values()
        assert set(links.values()) <= set(every)


def test_nothing_is_loaded_from_elsewhere(published):
    loaded = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
    for path in published.rglob("*.html"):
        for tag, attrs in Elements(path.read_text(encoding="utf-8")).found:
            # the head says rel=" alternate", which Material doesn't ask for a sitemap
            if attrs.get("rel", "").strip() not in ("alternate", "canonical", "prev", "next"):
                assert not re.match(r"(https?:)?//", attrs.get(loaded.get(tag, ""), "")), (
                    path,
                    attrs,
                )
    for path in [*published.rglob("*.css"), *published.rglob("*.html")]:
        assert not re.search(
            r"(url\(|@import)\s*[\"']?(https?:)?//", path.read_text(encoding="utf-8")
        ), path


def test_no_page_makes_the_theme_ask_for_a_sitemap_where_there_is_none(published, small):
    for path in [*published.rglob("*.html"), *small.rglob("*.html")]:
        assert 'rel="alternate"' not in path.read_text(encoding="utf-8")
    assert not (small / "sitemap.xml").exists()


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        (
            "sample",
            [
                "目录",
                "搜索",
                "切换到浅色",
                "跟随系统",
                "注意",
                "输出",
                "此代码会报错",
            ],
        ),
        (
            "en/sample",
            [
                "Table of contents",
                "Search",
                "Switch to light",
                "Note",
            ],
        ),
        ("en/sample", ["Follow the system", "Output", "This code raises"]),
        ("reference/models", ["参数：", "返回：", "源代码位于："]),
        ("en/reference/models", ["Parameters:", "Returns:", "Source code in"]),
    ],
)
def test_labels_are_in_the_page_s_language(small, address, labels):
    html = pages(small)[address]
    assert [label for label in labels if label not in html] == []


@pytest.mark.parametrize(
    ("address", "labels"),
    [
        ("glossary", ["首页", "教程", "API 参考"]),
        ("en/glossary", ["Home", "Tutorials", "API reference"]),
    ],
)
def test_the_navigation_is_in_the_page_s_language(published, address, labels):
    html = pages(published)[address]
    assert [label for label in labels if label not in html] == []


def test_a_language_s_search_finds_its_own_pages_only(published):
    for address, html in pages(published).items():
        settings = json.loads(re.search(r'<script id="__config"[^>]*>(.*?)</script>', html)[1])
        base = resolve(address, settings["base"])
        assert base == ("en" if is_english(address) else "."), address
    for language in (".", "en"):
        index = (published / language / INDEX).read_text(encoding="utf-8")
        assert "\u200b" not in index, "Material cut its Chinese, which it does where jieba is there"
        sections = read_search_index(index)["sections"]
        found = {resolve(language, each["location"].partition("#")[0]) for each in sections}
        assert found == {
            address for address in pages(published) if is_english(address) == (language == "en")
        }


def test_there_is_one_404_page_and_it_speaks_both_languages(published):
    (path,) = published.rglob("404.html")
    html = path.read_text(encoding="utf-8")
    assert '<html lang="zh"' in html
    assert "没有这个页面" in html
    assert '<p lang="en">There is no such page.' in html


@pytest.mark.parametrize("address", ["sample", "en/sample"])
def test_a_source_fence_shows_the_package_s_source_and_leads_to_its_reference(small, address):
    html = pages(small)[address]
    assert "def dense_classifier(" in words(html)
    link = re.search(r'filename">tf2docs/models.py <a [^>]*href="([^"]*)"', html)[1]
    page, _, anchor = link.partition("#")
    assert anchor == "tf2docs.models.dense_classifier"
    assert resolve(address, page) == address.replace("sample", "reference/models")
    assert f'id="{anchor}"' in pages(small)[resolve(address, page)]


def test_what_is_for_the_tests_alone_isn_t_in_the_pages(published, small):
    for address, html in [*pages(published).items(), *pages(small).items()]:
        assert not re.search(r"<!--=|<!-- fact|data-rtol", html), address
    assert "It is 98.1 % of 60,000, in a" in pages(small)["sample"]


def test_what_isn_t_a_page_isn_t_published(published):
    assert not {path.name for path in published.rglob("*")} & {
        "conftest.py",
        "ruff.toml",
        "records",
        "overrides",
        "templates",
        "translations",
    }


def test_scripts_and_style_sheets_travel_without_comments(published):
    assets = ROOT / "docs" / "assets"
    written = [*assets.glob("javascripts/*.js"), *assets.glob("stylesheets/*.css")]
    assert written
    for path in written:
        sent = (published / path.relative_to(ROOT / "docs")).read_text(encoding="utf-8")
        assert not re.search(r"^\s*(//|/\*)", sent, re.MULTILINE), path.name
        assert len(sent) < path.stat().st_size, path.name


def test_with_an_address_the_sitemap_pairs_the_languages(published):
    sitemap = (published / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://example.org/docs/en/glossary/</loc>" in sitemap
    assert sitemap.count('hreflang="zh" href="https://example.org/docs/glossary/"') == 2
    assert 'href="/docs/en/"' in (published / "404.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("mistake", "report"),
    [
        ('```python {titel="x"}\nx = 1\n```\n', ":8: a python fence has no option 'titel'"),
        ("```source\ntf2docs.models.nothing\n```\n", ":9: models.py doesn't define 'nothing'"),
    ],
)
def test_a_mistake_in_a_fence_stops_the_build_with_file_and_line(
    project, build, tmp_path, mistake, report
):
    page = project / "docs" / "en" / "sample.md"
    whole = page.read_text()
    page.write_text(whole.partition("\nIt is")[0] + mistake)
    try:
        result = build(tmp_path)
    finally:
        page.write_text(whole)
    assert result.returncode != 0
    assert f"docs/en/sample.md{report}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_page_without_a_twin_stops_the_build_and_is_named(project, build, tmp_path):
    page = project / "docs" / "en" / "sample.md"
    page.rename(project / "sample.md")
    try:
        result = build(tmp_path)
    finally:
        (project / "sample.md").rename(page)
    assert result.returncode != 0
    assert "docs/zh/sample.md:1: has no twin; write docs/en/sample.md" in result.stderr


def test_a_translation_that_doesn_t_fit_the_docstrings_stops_the_build(project, build, tmp_path):
    catalogue = project / "docs" / "translations" / "zh.yml"
    whole = catalogue.read_text(encoding="utf-8")
    gone, changed = (
        "tf2docs.models.Gone:\n  english: ''\n  text: x\n",
        "\ntf2docs.runtime:\n  english: ''\n",
    )
    stale = gone + re.sub(r"\ntf2docs\.runtime:\n  english: .*\n", changed, whole)
    catalogue.write_text(stale, encoding="utf-8")
    try:
        result = build(tmp_path, TF2DOCS_ONLY="zh")
    finally:
        catalogue.write_text(whole, encoding="utf-8")
    assert result.returncode != 0
    assert (
        "docs/translations/zh.yml:1: tf2docs.models.Gone isn't on the reference pages any more"
        in result.stderr
    )
    assert (
        "tf2docs/runtime.py:1: the docstring of tf2docs.runtime isn't translated; translate it in"
        in result.stderr
    )


BREAKS = {  # what is added to which file; a file that isn't there is made of it
    "docs/en/sample.md": "![a photo](../assets/photo.png)\n"
    "![a plot](../assets/figures/sample/plot.svg)\n[a](#sampel)\n"
    "[b](trust.md#nothing-like-it)\n[c](nowhere.md)\n$\\frac{1$\n",
    "docs/en/glossary.md": "\n### Tensor { #tensor-again }\n\nOnce more.\n",
    "docs/translations/zh.yml": "\ntf2docs.models.Gone:\n  english: ''\n  text: x\n",
    "docs/records/gone.json": sealed({}),
    "docs/ledger/gone.json": "{}",
    "docs/assets/figures/gone/plot.svg": "<svg/>",
}


@pytest.fixture(scope="module")
def report(build_project, small_project, tmp_path_factory) -> list[str]:
    """What a strict build says, line by line, of a project with many mistakes."""
    project = small_project(tmp_path_factory.mktemp("broken"))
    for path, text in BREAKS.items():
        file = project / path
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(
            (file.read_text(encoding="utf-8") if file.exists() else "") + text, encoding="utf-8"
        )
    result = build_project(project, tmp_path_factory.mktemp("site"))
    assert result.returncode != 0
    return result.stderr.splitlines()


@pytest.mark.parametrize(
    ("path", "line", "message"),  # a line behind the file's end before it was broken, or 1
    [
        (
            "docs/en/sample.md",
            1,
            "there is no such file; put one at docs/assets/photo.png",
        ),
        ("docs/en/sample.md", 2, "run pytest --refresh docs/en/sample.md"),
        ("docs/en/sample.md", 3, "nothing there is called so; is it #sample?"),
        (
            "docs/en/sample.md",
            4,
            "end a heading of docs/en/trust.md with { #nothing-like-it }",
        ),
        (
            "docs/en/sample.md",
            5,
            "there is no such file; put one at docs/en/nowhere.md",
        ),
        ("docs/en/sample.md", 6, "can't be shown: a brace is never closed"),
        (
            "docs/en/glossary.md",
            2,
            "the term 'Tensor' stands in line 8 already; keep one of the two",
        ),
        (
            "docs/translations/zh.yml",
            2,
            "`python -m tf2docs.pages translate tf2docs.models.Gone` removes",
        ),
        ("docs/records/gone.json", 1, "belongs to no page; remove it"),
        ("docs/ledger/gone.json", 1, "belongs to no page; remove it"),
        ("docs/assets/figures/gone/plot.svg", 1, "belongs to no page; remove it"),
    ],
)
def test_a_strict_build_fails_and_says_where_and_how_to_mend_it(
    project, report, path, line, message
):
    whole = project / path
    line += len(whole.read_text(encoding="utf-8").splitlines()) if whole.is_file() else 0
    (said,) = [each for each in report if f"{path}:{line}: " in each]
    assert said.startswith("WARNING")
    assert message in said


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs").glob("[a-z][a-z]/**/*.md")), ids=lambda path: str(path)[-40:]
)
def test_every_fence_that_is_tested_is_shown_and_no_other(published, path):
    page, language = read_page(path, path.name), path.relative_to(ROOT / "docs").parts[0]
    name = (
        path.relative_to(ROOT / "docs" / language)
        .with_suffix("")
        .as_posix()
        .removesuffix("index")
        .strip("/")
    )
    html = (published / language.removeprefix("zh") / name / "index.html").read_text(
        encoding="utf-8"
    )
    article = html.partition("<article")[2].partition("</article>")[0]
    if "doc-object" not in article:  # the reference shows code of its own
        assert article.count("language-python highlight") == len(page.blocks) + len(page.sources)
        assert article.count('class="tf2-output"') == sum(
            block.output is not None for block in page.blocks
        )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_credits_at_its_end_what_it_grew_from(published: Path, language: str) -> None:
    home = published if language == "zh" else published / language
    credited = 0
    for path in (ROOT / "docs" / language).rglob("*.md"):
        source = read_page(path, path.name).meta.get("source")
        name = path.relative_to(ROOT / "docs" / language).with_suffix("")
        address = home / (name.parent if name.name == "index" else name) / "index.html"
        article = address.read_text(encoding="utf-8").partition("</article>")[0]
        end = article[article.rindex("<h2") if "<h2" in article else 0 :]
        links = [attrs.get("href") for tag, attrs in Elements(end).found if tag == "a"]
        assert ("tf2-credit" in end) == bool(source), path
        if source:
            credited += 1
            assert source in links, path
    assert credited > 10
