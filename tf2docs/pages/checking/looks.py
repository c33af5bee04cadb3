"""Compare how figures look: colours, line styles and markers, which their digest doesn't hold.

The look is read off the drawings, the one on the site and the one of the run. So nothing more needs
be recorded: the record holds the site's drawing to the byte.
"""

import re
from collections.abc import Iterable

from tf2docs.pages.reading.records import RecordedBlock
from tf2docs.pages.reading.site import Site

_STYLE = re.compile(r'\sstyle="([^"]*)"')
_MARKER = re.compile(r'<path id="m[0-9a-f]+" d="([^"]*)"')
_LOOK = ("stroke", "stroke-dasharray", "fill", "opacity", "stroke-opacity", "fill-opacity")


def look(svg: str) -> frozenset[str]:
    r"""The styles and the shapes of markers that stand in a drawing, each once.

    Examples:
        >>> sorted(look('<path d="M 0 0" style="stroke: #ff0000; stroke-width: 2"/>'))
        ['stroke: #ff0000']
    """
    styles = {_kept(style.split("; ")) for style in _STYLE.findall(svg)}
    markers = {f"marker {' '.join(shape.split())}" for shape in _MARKER.findall(svg)}
    return frozenset(styles | markers) - {""}


def other_look(
    site: Site, name: str, recorded: RecordedBlock, drawings: Iterable[str]
) -> str | None:
    """What looks otherwise in a run's drawings than in those of the site, or None.

    Args:
        site: The site.
        name: The page's name.
        recorded: What a full run recorded of the block that draws.
        drawings: The SVG of each figure that the run drew.
    """
    for figure, svg in zip(recorded.figures, drawings, strict=False):
        path = site.figure(name, figure.name)
        if not path.is_file():  # the item of the picture says so
            continue
        was, now = look(path.read_text(encoding="utf-8")), look(svg)
        if was != now:
            lines = [
                *(f"-{style}" for style in sorted(was - now)),
                *(f"+{style}" for style in sorted(now - was)),
            ]
            return "\n".join([f"draws {figure.name} otherwise than recorded (-), now (+)", *lines])
    return None


def _kept(declarations: list[str]) -> str:
    return "; ".join(each for each in declarations if each.partition(":")[0] in _LOOK)
