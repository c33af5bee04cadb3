"""Draw the map of the course: lessons as links, an arrow to each from what is read first.

A fence whose language is `map` names headings of its page, one a line, such as `#keras`: the
lessons are those of the `lessons` fences below them. Who can't see the map has these lists.
"""

from pathlib import Path
from typing import Any

from markdown import Markdown

from tf2docs.pages.reading.mermaid import Edge, Flowchart, Node
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.showing.extension import preprocessor_of
from tf2docs.pages.showing.learning_path import page_address
from tf2docs.pages.showing.mermaid_svg import FONT, draw_linked, text_width

_WIDTH = 148  # of a line in a box
_LABELS = {
    "zh": "课程地图：箭头从先读的指向后读的",
    "en": "Map of the course: arrows lead on from what to read first",
}


def map_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """The map of the lessons below the headings that the fence names."""
    here = preprocessor_of(md)
    folder = Path(here.docs) / here.language
    start = Path(here.path).relative_to("docs", here.language).with_suffix("").as_posix()
    names = _lessons(source, here)
    lessons = {name: read_page(folder / f"{name}.md", f"{name}.md") for name in names}
    chart = Flowchart("LR", _LABELS.get(here.language, _LABELS["en"]))
    for name, lesson in lessons.items():
        chart.nodes[name] = Node(tuple(_lines(lesson.meta["title"])), rounded=True)
        chart.edges += [Edge(first, name) for first in _firsts(lesson) if first in lessons]
    ending = "/" if here.directory_urls else ".html"
    links = {
        name: (lesson.meta["title"], page_address(name, start, ending=ending))
        for name, lesson in lessons.items()
    }
    return f'<div class="tf2-map tf2-diagram" data-search-exclude>{draw_linked(chart, links)}</div>'


def _lessons(source: str, here: Any) -> list[str]:
    """The lessons below the named headings of this page, in their order."""
    names = []
    for anchor in source.split():
        heading = f"{{ {anchor} }}"
        line = next((at for at, text in enumerate(here.lines) if text.endswith(heading)), None)
        fences = [fence for fence in here.fences if line is not None and fence.line > line + 1]
        listed = next((fence for fence in fences if fence.language == "lessons"), None)
        if listed is None:
            mend = "name the heading of a list of lessons, such as #first-steps"
            raise here.error(here.index_of(source), f"no lessons stand below {anchor!r}; {mend}")
        names += listed.text.split()
    return names


def _firsts(lesson: Page) -> list[str]:
    return lesson.meta.get("requires") or []


def _lines(title: str) -> list[str]:
    """A title in lines that a box is wide enough for.

    Examples:
        >>> _lines("The architecture of TensorFlow and Keras")
        ['The architecture of', 'TensorFlow and', 'Keras']
    """
    lines = [""]
    for piece in _pieces(title):
        if lines[-1] and text_width(lines[-1] + piece.rstrip(), FONT) > _WIDTH:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(title: str) -> list[str]:
    """What isn't broken: a word and the space behind it, or a Chinese character and what closes."""
    pieces: list[str] = []
    for sign in title:
        joined = pieces and sign.isascii() and pieces[-1].isascii() and not pieces[-1].endswith(" ")
        if joined or sign in "，、：）" or (sign == " " and pieces):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces
