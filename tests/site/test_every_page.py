"""What holds for each page that a reader meets.

In both languages, light and dark, wide and on a phone.
"""

import collections
import functools
import gzip
import re
from pathlib import Path

import pytest

from tf2docs.pages.showing.search_index import INDEX

ROOT = Path(__file__).parents[2]
NAMES = sorted(
    path.relative_to(ROOT / "docs" / "zh").with_suffix("").as_posix()
    for path in (ROOT / "docs" / "zh").rglob("*.md")
)
ADDRESSES = [
    home + re.sub(r"(^|/)index$", r"\1", name).rstrip("/") + ("" if name == "index" else "/")
    for home in ("", "en/")
    for name in NAMES
]
SEARCH = "assets/javascripts/search.js"  # loaded with its index when the reader turns to the search
PAGE_LIMIT = 120_000  # bytes, compressed as a server sends them
LOOKS = ["color-contrast", "link-in-text-block"]
# A style sheet that is kept from the page before brings along the fonts which that page used
LOADED = """() => {
    const fonts = [...document.fonts].some((font) => font.status === "loaded");
    const names = performance.getEntriesByType("resource").map((each) => each.name);
    return names.filter((name) => fonts || !name.endsWith(".woff2"));
}"""
# The first text in sight of each look: how an element and those around it are named and marked, by
# which style sheets choose colours, but for the names and addresses that only one element has
FIRST_OF_LOOK = """() => {
    const looks = new Map();
    window.firstOfLook = {};
    for (const element of document.querySelectorAll("body, body *")) {
        const marks = [...element.attributes].map(({ name, value }) =>
            ["class", "style", "type"].includes(name) ? `${name}=${value}` : name);
        const around = looks.get(element.parentElement) ?? "";
        const look = `${around} > ${element.tagName} ${marks.sort()}`;
        looks.set(element, look);
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (own && element.checkVisibility()) window.firstOfLook[look] ??= element;
    }
    return Object.keys(window.firstOfLook);
}"""
AXE_RUN = """([options, looks]) => {
    const firsts = looks?.map((look) => window.firstOfLook[look]);
    return axe.run(firsts ? { include: firsts } : document, options);
}"""
# Material makes code that scrolls focusable some time after a page has got another width
FOCUSABLE = """[...document.querySelectorAll("pre > code")].every((code) =>
    !code.checkVisibility() || code.scrollWidth <= code.clientWidth || code.tabIndex === 0)"""


@pytest.fixture(scope="session")
def known() -> dict[tuple[str, str], set[str]]:
    """The looks of texts that were found to be readable, of each scheme and screen."""
    return collections.defaultdict(set)


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_whole_private_light_and_accessible(
    turn_to, screens, axe, still, wait_until, address, published, known, path
):
    """All questions are asked in one visit.

    In the light, in the dark, and in the dark on a phone.
    """
    page = turn_to(path)
    loaded = page.evaluate(LOADED)
    still(page)
    page.evaluate(axe)
    assert violations(page, {"rules": {rule: {"enabled": False} for rule in LOOKS}}) == []
    assert_readable(page, known["light", "wide"])
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    for name, screen in screens.items():
        page.set_viewport_size(screen)
        wait_until(page, FOCUSABLE)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
            "it scrolls sideways"
        )
        # nothing but this and colours differs in the dark, or on a phone
        assert violations(page, {"runOnly": ["scrollable-region-focusable"]}) == []
        assert_readable(page, known["dark", name])
    assert page.wrong == []
    assert_light([url.removeprefix(address).partition("?")[0] for url in loaded], published, path)


def test_a_page_finds_nothing_that_the_one_before_it_left(turn_to):
    kept = "[localStorage.length, sessionStorage.length, document.cookie, matchMedia('%s').matches]"
    asked = kept % "(prefers-color-scheme: dark)"
    page = turn_to("")
    page.evaluate("localStorage.a = sessionStorage.a = 1; document.cookie = 'a=1'")
    page.emulate_media(color_scheme="dark")
    before = page.evaluate(asked)
    after = turn_to("en/").evaluate(asked)
    assert before[0] > after[0] and before[1] > after[1]
    assert before[2:] == ["a=1", True] and after[2:] == ["", False]


def assert_readable(page, known: set[str]) -> None:
    """Ask axe of the colours of texts that look like none on a page before, which is slow."""
    new = [look for look in page.evaluate(FIRST_OF_LOOK) if look not in known]
    if new:
        assert violations(page, {"runOnly": LOOKS}, new) == []
    known.update(new)


def assert_light(loaded: list[str], site: Path, path: str) -> None:
    files = [site / path / "index.html", *(site / name for name in loaded)]
    sizes = {file.name: compressed(file) for file in files if "figures" not in file.parts}
    assert sum(sizes.values()) <= PAGE_LIMIT, sizes
    assert not {INDEX, SEARCH} & set(loaded)


@functools.cache  # most files belong to all pages
def compressed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes()))


def violations(page, options: dict, looks: list[str] | None = None) -> list[tuple]:
    """What axe finds on a page, or in its first texts of some looks.

    Each with the first element that has it.
    """
    found = page.evaluate(AXE_RUN, [options | {"resultTypes": ["violations"]}, looks])["violations"]
    return [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found
    ]
