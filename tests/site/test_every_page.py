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
PAGE_LIMIT = 140_000  # bytes, compressed as a server sends them
KINDS = {  # a page of each kind: of each folder, and those that are like no other
    *{path.partition("/")[0]: path for path in ADDRESSES if "/" in path.strip("/")}.values(),
    *(path for path in ADDRESSES if "/" not in path.strip("/")),
}
LOOKS = "{ runOnly: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable'] }"
# A text has its colours on a phone, too; what looks otherwise there is the frame of a kind of page.
SCROLLS = "{ runOnly: ['scrollable-region-focusable'] }"


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_whole_private_light_and_accessible(
    visit, screens, axe, still, address, published, path
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
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
            "it scrolls sideways"
        )
        # nothing else differs in the dark, or on a phone
        looks = LOOKS if name == "wide" or path in KINDS else SCROLLS
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
    assert INDEX not in loaded


def violations(page, options: str = "{}") -> list[tuple]:
    """What axe finds, each with the first element that has it."""
    found = page.evaluate(f"axe.run({options})")["violations"]
    return [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found
    ]
