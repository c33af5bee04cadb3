"""Show the learning path: a list of lessons with what each teaches, how long it takes and what comes before.

A fence whose language is `lessons` names them, a page on each line; everything else is read from their
front matter.
"""

from html import escape
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any

from markdown import Markdown

from tf2docs.pages.errors import PageError
from tf2docs.pages.page import Page, read_page

WORDS = {
    "zh": {"minutes": "约 {} 分钟", "requires": "先读：{}", "comma": "、"},
    "en": {"minutes": "about {} minutes", "requires": "read first: {}", "comma": ", "},
}


def lessons_fence(source: str, language: str, class_name: str, options: dict, md: Markdown, **rest: Any) -> str:
    """The lessons that the fence names, in order, each a link with its description."""
    here = md.preprocessors["tf2docs"]
    folder = Path(here.docs) / here.language
    start = Path(here.path).relative_to("docs", here.language).with_suffix("").as_posix()
    items = []
    for name in source.split():
        try:
            lesson = read_page(folder / f"{name}.md", f"docs/{here.language}/{name}.md")
            address = _address(name, start, ending="/" if here.directory_urls else ".html")
            items.append(_item(lesson, address, here.language, folder))
        except (OSError, PageError, KeyError) as error:
            mend = "name a page that has `title`, `description` and `minutes` in its front matter"
            raise here.error(here.index_of(name), f"can't show the lesson {name!r} ({error!r}); {mend}") from error
    return f'<ol class="tf2-path">{"".join(items)}</ol>'


def _item(lesson: Page, address: str, language: str, folder: Path) -> str:
    words, meta = WORDS[language], lesson.meta
    facts = [words["minutes"].format(meta["minutes"])]
    if first := meta.get("requires"):
        titles = [read_page(folder / f"{each}.md", each).meta["title"] for each in first]
        facts.append(words["requires"].format(words["comma"].join(titles)))
    link = f'<a href="{escape(address)}">{escape(meta["title"])}</a>'
    return f'<li>{link}<p>{escape(meta["description"])}</p><p class="tf2-facts">{escape(" · ".join(facts))}</p></li>'


def _address(name: str, start: str, *, ending: str) -> str:
    """The relative address of a page as seen from another; a page is a folder, or a file where no server runs.

    Examples:
        >>> _address("tutorials/line", "index", ending="/"), _address("tutorials/line", "guides/data", ending="/")
        ('tutorials/line/', '../../tutorials/line/')
        >>> _address("tutorials/line", "guides/data", ending=".html")
        '../tutorials/line.html'
    """
    folder = start if ending == "/" else dirname(start)
    return relpath(name, "." if start == "index" else folder or ".") + ending
