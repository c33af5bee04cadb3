"""Draw the site's mark in pixels, from the SVG that is its one drawing.

Only what that drawing is made of is understood: a rounded square, one curve and a dot.
"""

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

SVG = "assets/images/mark.svg"  # below the folder of the pages, and of the site
ICON, TOUCH_ICON = "favicon.ico", "assets/images/touch-icon.png"
_SIDE = 32  # of the drawing, in its own units
_FINER, _STEPS = 16, 96  # drawn so many times as large; pieces of a curve
Point = tuple[float, float]


def write_icons(docs: Path, site: Path) -> None:
    """Write the icons that browsers and phones ask for beside the SVG.

    Args:
        docs: The folder of the pages, which holds the drawing.
        site: The folder of the site.
    """
    drawing = (docs / SVG).read_text(encoding="utf-8")
    touch_icon = site / TOUCH_ICON
    touch_icon.parent.mkdir(parents=True, exist_ok=True)
    draw_mark(drawing, 180, full=True).save(touch_icon, optimize=True)
    sizes = (16, 32, 48)  # the largest last: Pillow leaves out what is larger than the image saved
    *smaller, largest = (draw_mark(drawing, size) for size in sizes)
    shapes = [(size, size) for size in sizes]
    largest.save(site / ICON, sizes=shapes, append_images=smaller)


def draw_mark(svg: str, size: int, *, full: bool = False) -> Image.Image:
    """The mark in pixels.

    Args:
        svg: The drawing.
        size: Pixels along each side.
        full: Let the square reach into its corners; a phone rounds them itself.

    Returns:
        An image with transparent corners, unless it is full.
    """
    root = ElementTree.fromstring(svg)
    square, curve, dot = (_attributes(root, name) for name in ("rect", "path", "circle"))
    scale = size * _FINER / _SIDE
    image = Image.new("RGBA", (size * _FINER, size * _FINER))
    pen = ImageDraw.Draw(image)
    corner = 0 if full else float(square["rx"]) * scale
    pen.rounded_rectangle((0, 0, image.width - 1, image.height - 1), corner, fill=square["fill"])
    width = float(curve["stroke-width"]) * scale
    for x, y in points_of(curve["d"]):
        _disc(pen, (x * scale, y * scale), width / 2, curve["stroke"])
    middle = float(dot["cx"]) * scale, float(dot["cy"]) * scale
    _disc(pen, middle, float(dot["r"]) * scale, dot["fill"])
    return image.resize((size, size), Image.Resampling.BOX)


def _attributes(root: ElementTree.Element, name: str) -> dict[str, str]:
    """The attributes of a shape of the mark."""
    found = root.find(f"{{*}}{name}")
    assert found is not None
    return found.attrib


def points_of(path: str) -> list[Point]:
    """Points along a path of cubic curves, close enough for a thick pen.

    Examples:
        >>> points = points_of("M0 0 C1 0 2 0 3 0")
        >>> points[0], points[-1]
        ((0.0, 0.0), (3.0, 0.0))
    """
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    points = [corners[0]]
    for place in range(0, len(corners) - 1, 3):
        curve = corners[place : place + 4]
        points += [_on_curve(curve, step / _STEPS) for step in range(1, _STEPS + 1)]
    return points


def _on_curve(corners: list[Point], share: float) -> Point:
    """A point on a cubic curve, by de Casteljau."""
    while len(corners) > 1:
        corners = [
            (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
            for (x1, y1), (x2, y2) in pairwise(corners)
        ]
    return corners[0]


def _disc(pen: ImageDraw.ImageDraw, middle: Point, radius: float, colour: str) -> None:
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius - 1, y + radius - 1), fill=colour)
