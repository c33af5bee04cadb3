"""What holds for each page that a reader meets.

In both languages, light and dark, wide and on a phone.
"""

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
CHINESE = ADDRESSES[: len(NAMES)]
SEARCH = "assets/javascripts/search.js"  # loaded with its index when the reader turns to the search
PAGE_LIMIT = 134_000  # bytes, compressed as a server sends them
KINDS = {  # a page of each kind: of each folder, and those that are like no other
    *{path.partition("/")[0]: path for path in ADDRESSES if "/" in path.strip("/")}.values(),
    *(path for path in ADDRESSES if "/" not in path.strip("/")),
}
LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]
# A text has its colours on a phone and in the other language, too; what looks otherwise there is
# the frame of a kind of page.
SCROLLS = ["scrollable-region-focusable"]
# Material makes code that scrolls focusable some time after a page has got another width
FOCUSABLE = """[...document.querySelectorAll("pre > code")].every((code) =>
    !code.checkVisibility() || code.scrollWidth <= code.clientWidth || code.tabIndex === 0)"""


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_whole_private_light_and_accessible(
    visit, screens, axe, still, wait_until, address, published, path
):
    """All questions are asked in one visit.

    In the light, in the dark, and in the dark on a phone.
    """
    page = visit(path)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    still(page)
    page.evaluate(axe)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    for name, screen in screens.items():
        page.set_viewport_size(screen)
        wait_until(page, FOCUSABLE)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
            "it scrolls sideways"
        )
        # nothing else differs in the dark, or on a phone
        looks = LOOKS if path in KINDS or (name == "wide" and path in CHINESE) else SCROLLS
        assert violations(page, looks) == []
    assert page.wrong == []
    assert_light([url.removeprefix(address).partition("?")[0] for url in loaded], published, path)


def assert_light(loaded: list[str], site: Path, path: str) -> None:
    files = [site / path / "index.html", *(site / name for name in loaded)]
    sizes = {
        file.name: len(gzip.compress(file.read_bytes()))
        for file in files
        if "figures" not in file.parts
    }
    assert sum(sizes.values()) <= PAGE_LIMIT, sizes
    assert not {INDEX, SEARCH} & set(loaded)


def violations(page, rules: list[str] | None = None) -> list[tuple]:
    """What axe finds by these rules, or by all, each with the first element that has it."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found
    ]
