"""What holds for each page that a reader meets.

In both languages, light and dark, wide and on a phone.
"""

import gzip
import re
from pathlib import Path

import pytest

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
PAGE_LIMIT, INDEX_LIMIT = 180_000, 1_000_000  # bytes, compressed as a server sends them


LOOKS = "{ runOnly: ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable'] }"


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_whole_private_light_and_accessible(
    visit, screens, axe, address, published, path
):
    """All questions are asked in one visit.

    In the light, in the dark, and in the dark on a phone.
    """
    page = visit(path)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    # colours that are still changing
    page.add_style_tag(content="* { transition: none !important }")
    page.evaluate(axe)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body[data-md-color-scheme=slate]")
    for screen in screens.values():
        page.set_viewport_size(screen)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (
            "it scrolls sideways"
        )
        assert violations(page, LOOKS) == []  # nothing else differs in the dark and on a phone
    assert page.wrong == []
    assert_light([url.removeprefix(address).partition("?")[0] for url in loaded], published, path)


def assert_light(loaded: list[str], site: Path, path: str) -> None:
    files = [site / path / "index.html", *(site / name for name in loaded)]
    sizes = {
        file.name: len(gzip.compress(file.read_bytes()))
        for file in files
        if "figures" not in file.parts
    }
    index = sizes.pop("search_index.json", 0)
    assert sum(sizes.values()) <= PAGE_LIMIT, sizes
    assert index <= INDEX_LIMIT


def violations(page, options: str = "{}") -> list[tuple]:
    """What axe finds, each with the first element that has it."""
    found = page.evaluate(f"axe.run({options})")["violations"]
    return [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in found
    ]
