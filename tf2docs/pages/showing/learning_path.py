"""Show the learning path.

A list of lessons with what each teaches, how long it takes and what comes before.

A fence whose language is `lessons` names them, a page on each line; everything else is read from
their front matter. `#` and the id of a heading stands for the lessons with the tag that the heading
names, shown in brief.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from posixpath import dirname, relpath
from typing import Any

from markdown import Markdown

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.tags import tagged
from tf2docs.pages.showing.extension import FenceError, PagePreprocessor, preprocessor_of
from tf2docs.pages.showing.words import WORDS


def lessons_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """The lessons that the fence names, in order, each a link with its description."""
    here = preprocessor_of(md)
    folder = Path(here.docs) / here.language
    start = Path(here.path).relative_to("docs", here.language).with_suffix("").as_posix()
    items, brief = [], source.lstrip().startswith("#")
    for name in _names(source, here, start):
        try:
            lesson = read_page(folder / f"{name}.md", f"docs/{here.language}/{name}.md")
        except (OSError, PageError) as error:
            mend = "name a page, one a line, without .md"
            message = f"can't show the lesson {name!r} ({error!r}); {mend}"
            raise here.error(here.index_of(name), message) from error
        address = page_address(name, start, ending="/" if here.directory_urls else ".html")
        try:
            items.append(_item(lesson, address, here.language, folder, brief=brief))
        except (OSError, KeyError) as error:
            # the lesson's own fault, not that of the page that shows it
            mend = "a lesson has `title`, `description` and `minutes`, and `requires` names pages"
            message = f"the front matter can't be shown ({error!r}); {mend}"
            raise FenceError(str(Problem(lesson.label, 1, message))) from error
    if brief:
        return f'<ul class="tf2-path tf2-path--brief">{"".join(items)}</ul>'
    return f'<ol class="tf2-path">{"".join(items)}</ol>'


def _names(source: str, here: PagePreprocessor, start: str) -> Iterator[str]:
    """The names in a fence, with those of the lessons that have a tag in the place of its id."""
    site = Site(Path(here.docs), (here.language,))
    for name in source.split():
        if not name.startswith("#"):
            yield name
            continue
        page = site.read(site.page(here.language, start))
        named = next(
            (heading.text for heading in page.headings if heading.anchor == name[1:]), None
        )
        if named is None:
            raise here.error(
                here.index_of(source), f"no heading of this page has the id {name!r}; name a tag's"
            )
        yield from tagged(site, here.language, named)


def _item(lesson: Page, address: str, language: str, folder: Path, *, brief: bool) -> str:
    words, meta = WORDS[language], lesson.meta
    facts = [words["minutes"].lower().format(meta["minutes"])]  # they stand within a line here
    if first := meta.get("requires"):
        titles = [read_page(folder / f"{each}.md", each).meta["title"] for each in first]
        facts.append(words["requires"].lower() + words["comma"].join(titles))
    link = f'<a href="{escape(address)}">{escape(meta["title"])}</a>'
    description = "" if brief else f"<p>{escape(meta['description'])}</p>"
    return f'<li>{link}{description}<p class="tf2-facts">{escape(" · ".join(facts))}</p></li>'


def page_address(name: str, start: str, *, ending: str) -> str:
    """The relative address of a page as seen from another.

    A page is a folder, or a file where no server runs.

    Examples:
        >>> page_address("start/line", "index", ending="/")
        'start/line/'
        >>> page_address("start/line", "data/sources", ending="/")
        '../../start/line/'
        >>> page_address("start/line", "data/sources", ending=".html")
        '../start/line.html'
    """
    folder = start if ending == "/" else dirname(start)
    return relpath(name, "." if start == "index" else folder or ".") + ending
