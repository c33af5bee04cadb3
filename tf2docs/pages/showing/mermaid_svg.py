"""Draw the diagrams of a page as SVG.

No script, nothing to load, colours that the page's stylesheet gives.

A diagram that is wider than a phone is drawn a second time in the direction that takes less width,
and the stylesheet shows one of the two.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from html import escape
from itertools import pairwise
from typing import Any

from markdown import Markdown

from tf2docs.pages.reading.mermaid import Flowchart, FlowchartError, read_flowchart
from tf2docs.pages.showing.extension import preprocessor_of
from tf2docs.pages.showing.layered_layout import Cell, Layout, Route, lay_out

FONT, LABEL_FONT = 14, 12
_LINE = 1.35  # of the font's size
_WIDE = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u2014\u2018-\u201d\u2026]"
)
_EM = {"narrow": 0.35, "capital": 0.68, "broad": 0.9, "other": 0.58}
_PADDING, _MARGIN, _HEAD = (13, 9), 2, 8
_PHONE = 340  # what a phone is wide enough for


def mermaid_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """Show a diagram.

    Its accTitle names it; its accDescr describes it, or all that its arrows say.
    """
    page = preprocessor_of(md)
    try:
        chart = read_flowchart(source)
    except FlowchartError as error:
        raise page.error(page.index_of(source) + error.line, str(error)) from error
    return draw_flowchart(chart)


def draw_flowchart(chart: Flowchart) -> str:
    """The diagram as HTML."""
    width, drawing = _draw(chart, chart.direction)
    if width <= _PHONE:
        return f'<figure class="tf2-diagram">{drawing}</figure>'
    narrower, other = _draw(chart, "LR" if chart.direction == "TD" else "TD")
    if narrower >= width:
        return f'<figure class="tf2-diagram">{drawing}</figure>'
    both = drawing.replace("<svg ", '<svg data-for="wide" ', 1) + other.replace(
        "<svg ", '<svg data-for="phone" ', 1
    )
    return f'<figure class="tf2-diagram">{both}</figure>'


def draw_linked(chart: Flowchart, links: Mapping[str, tuple[str, str]]) -> str:
    """A diagram as SVG whose boxes lead to addresses, so that its parts are told one by one.

    Args:
        chart: The diagram; its title is the name of the whole.
        links: What each node is called, and where it leads to.
    """
    width, height, parts = _laid_out(chart, chart.direction, links)
    return (
        f'<svg role="group" aria-label="{escape(chart.title)}" '
        f'xmlns="http://www.w3.org/2000/svg"{_sides(width, height)}>{"".join(parts)}</svg>'
    )


def describe(chart: Flowchart) -> str:
    r"""What a diagram shows, in words, for who can't see it.

    Examples:
        >>> describe(read_flowchart('flowchart LR\naccTitle: t\na[One] -->|then| b[Two]'))
        'One → Two (then).'
    """
    if chart.description:
        return chart.description
    texts = {name: " ".join(node.lines) for name, node in chart.nodes.items()}
    steps = [
        f"{texts[edge.start]} → {texts[edge.end]}"
        + (f" ({' '.join(edge.lines)})" if edge.lines else "")
        for edge in chart.edges
    ]
    joined = {edge.start for edge in chart.edges} | {edge.end for edge in chart.edges}
    return "; ".join([*steps, *(text for name, text in texts.items() if name not in joined)]) + "."


def text_width(text: str, font: float) -> float:
    """About how wide a line of text is.

    An ideograph is as wide as it is high, a Latin letter half of that.
    """
    return font * sum(1 if _WIDE.match(character) else _EM[_kind(character)] for character in text)


def _kind(character: str) -> str:
    if character in "mwMW@%→":
        return "broad"
    if character in "fijlrtI.,:;'!|()[] /":
        return "narrow"
    return "capital" if character.isupper() or character in "+=×" else "other"


def _draw(chart: Flowchart, direction: str) -> tuple[float, str]:
    """The width of a drawing, and the drawing."""
    width, height, parts = _laid_out(chart, direction, {})
    name = "tf2-diagram-" + hashlib.sha256(f"{chart}{direction}".encode()).hexdigest()[:10]
    about = (
        f'<title id="{name}">{escape(chart.title)}</title><desc '
        f'id="{name}-desc">{escape(describe(chart))}</desc>'
    )
    return width, (
        f'<svg role="img" aria-labelledby="{name}" aria-describedby="{name}-desc" '
        f'xmlns="http://www.w3.org/2000/svg"{_sides(width, height)}>{about}{"".join(parts)}</svg>'
    )


def _sides(width: float, height: float) -> str:
    box = f"{-_MARGIN} {-_MARGIN} {width:.0f} {height:.0f}"
    return f' width="{width:.0f}" height="{height:.0f}" viewBox="{box}"'


def _laid_out(
    chart: Flowchart, direction: str, links: Mapping[str, tuple[str, str]]
) -> tuple[float, float, Iterator[str]]:
    """The width and the height of a drawing, and what it is made of."""
    across_is_x = direction == "TD"

    def turn(size: tuple[float, float]) -> tuple[float, float]:
        return size if across_is_x else size[::-1]

    boxes = {
        name: turn(_text_size(node.lines, FONT, _PADDING)) for name, node in chart.nodes.items()
    }
    edges = [
        (
            edge.start,
            edge.end,
            turn(_text_size(edge.lines, LABEL_FONT, (3, 2))) if edge.lines else None,
        )
        for edge in chart.edges
    ]
    layout = lay_out(boxes, edges)
    width, height = (side + 2 * _MARGIN for side in turn(layout.size))
    return width, height, _parts(chart, layout, across_is_x, links)


def _parts(
    chart: Flowchart,
    layout: Layout,
    across_is_x: bool,
    links: Mapping[str, tuple[str, str]],
) -> Iterator[str]:
    """Edges first, boxes over them, labels over all."""
    for edge, route in zip(chart.edges, layout.routes, strict=True):
        yield _edge(route, edge.dotted, across_is_x)
    for name, node in chart.nodes.items():
        cell = layout.boxes[name]
        x, y = _point(cell.across, (cell.top + cell.bottom) / 2, across_is_x)
        across, deep = cell.size[0], cell.bottom - cell.top
        width, height = (across, deep) if across_is_x else (deep, across)
        radius = min(height / 2, 14) if node.rounded else 3
        box = (
            f'<rect x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" rx="{radius:.0f}"/>{_text(node.lines, x, y, FONT)}'
        )
        if name in links:
            title, address = map(escape, links[name])
            box = f'<a href="{address}" aria-label="{title}">{box}</a>'
        yield box
    for edge, route in zip(chart.edges, layout.routes, strict=True):
        if route.label:
            middle = (route.label.top + route.label.bottom) / 2
            x, y = _point(route.label.across, middle, across_is_x)
            yield f'<g class="tf2-diagram__label">{_text(edge.lines, x, y, LABEL_FONT)}</g>'


def _edge(route: Route, dotted: bool, across_is_x: bool) -> str:
    """A curve through the cells of an edge, with a head where its arrow ends."""
    stops = _stops(route.cells)
    tip, back = (stops[0], _HEAD) if route.turned else (stops[-1], -_HEAD)
    stops[0 if route.turned else -1] = (tip[0], tip[1] + back)
    path = "M" + _written(stops[0], across_is_x)
    for place, (one, other) in enumerate(pairwise(stops)):
        if place % 2 or one[0] == other[0]:  # along a bend's layer, or straight on
            path += "L" + _written(other, across_is_x)
        else:
            middle = (one[1] + other[1]) / 2
            path += "C" + " ".join(
                _written(p, across_is_x) for p in ((one[0], middle), (other[0], middle), other)
            )
    across, deep = tip
    corners = [tip, (across - _HEAD / 2, deep + back), (across + _HEAD / 2, deep + back)]
    head = "M" + "L".join(_written(corner, across_is_x) for corner in corners) + "Z"
    line = '<path class="tf2-diagram__dotted" d="' if dotted else '<path d="'
    return f'{line}{path}"/><path class="tf2-diagram__head" d="{head}"/>'


def _stops(cells: list[Cell]) -> list[tuple[float, float]]:
    """Where an edge leaves a box, enters and leaves each bend, and enters the other box.

    Across and deep.
    """
    first, *bends, last = cells
    through = [(bend.across, deep) for bend in bends for deep in (bend.top, bend.bottom)]
    return [(first.across, first.bottom), *through, (last.across, last.top)]


def _point(across: float, deep: float, across_is_x: bool) -> tuple[float, float]:
    return (across, deep) if across_is_x else (deep, across)


def _written(place: tuple[float, float], across_is_x: bool) -> str:
    x, y = _point(*place, across_is_x)
    return f"{x:.1f} {y:.1f}"


def _text_size(
    lines: tuple[str, ...], font: float, padding: tuple[float, float]
) -> tuple[float, float]:
    width = max(text_width(line, font) for line in lines)
    return width + 2 * padding[0], len(lines) * font * _LINE + 2 * padding[1]


def _text(lines: tuple[str, ...], x: float, y: float, font: float) -> str:
    first = y - (len(lines) - 1) * font * _LINE / 2
    return "".join(
        f'<text x="{x:.1f}" '
        f'y="{first + place * font * _LINE:.1f}">{escape(line, quote=False)}</text>'
        for place, line in enumerate(lines)
    )
