"""Lead from a lesson to others on the same topic.

The tags of its front matter, each a section of the page `tags`.

That is an ordinary page. A heading of level 2 is a tag, and its id what both languages know the tag
by; a `lessons` fence below it that holds this id, such as `#training-loop`, shows the pages with
the tag.
"""

from pathlib import Path

from tf2docs.pages.reading.navigation import read_navigation
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.reading.site import Site

NAME = "tags"  # the page, in the folder of every language


def anchors(folder: Path) -> dict[str, str]:
    """The id of each tag, in small letters, that has a section on the page `tags`.

    None without that page.
    """
    path = folder / f"{NAME}.md"
    headings = read_page(path, f"docs/{folder.name}/{NAME}.md").headings if path.is_file() else []
    return {heading.text.lower(): heading.anchor for heading in headings if heading.level == 2}


def tagged(site: Site, language: str, tag: str) -> list[str]:
    """The names of the pages with a tag, in the order of the navigation."""
    order = {name: place for place, name in enumerate(read_navigation(site) or {})}
    pages = (site.read(path) for path in site.paths(language))
    names = [
        site.name_of(page.path) for page in pages if tag.lower() in map(str.lower, tags_of(page))
    ]
    return sorted(names, key=lambda name: order.get(f"{name}.md", len(order)))


def tags_of(page: Page) -> list[str]:
    """The tags in a page's front matter."""
    tags = page.meta.get("tags") or []
    return [str(tag) for tag in tags] if isinstance(tags, list) else []
