"""Draw the card that a shared link shows: the page's title and description, beside the mark.

The font, Noto Sans CJK SC Bold, lies beside the pages, so that a card looks the same wherever the
site is built. It is cut down to the characters of our pages; where a title has another, the card of
the whole site is shown, and a test names what is missing. To make it anew, with a text file of all
characters that it should have:

    pyftsubset NotoSansCJK-Bold.ttc --font-number=2 --text-file=characters.txt \
        --layout-features= --no-hinting --desubroutinize --output-file=noto-sans-sc-bold.otf
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tf2docs.pages.showing.mark import draw_mark

SIZE = (1200, 630)
FONT = "card/noto-sans-sc-bold.otf"  # below the folder of the pages
_GROUND, _LINES, _TEXT, _QUIET, _DOT = "#103c3f", "#1d5054", "#ffffff", "#b9d4d2", "#ffb547"
_LEFT, _WIDTH = 80, 800
_MISSING = "\uffff"  # no font has it
# Chinese breaks between any two characters, but not before what closes; Latin between words.
_PIECES = re.compile(r"[\u2e80-\uffef][，。、；：？！）》」”]*|[^\s\u2e80-\uffef]+|\s+")


def draw_card(docs: Path, mark: str, title: str, description: str, site: str) -> Image.Image:
    """A card of 1200×630 pixels.

    Args:
        docs: The folder of the pages, which holds the font.
        mark: The SVG of the mark.
        title: The page's title, shown large.
        description: What it is about, shown small, and cut where it is longer than three lines.
        site: The name of the site.
    """
    card = _ground(mark).copy()
    pen, path = ImageDraw.Draw(card), docs / FONT
    pen.text((176, 76), site, _TEXT, _font(path, 40))
    size = next(size for size in (76, 64, 54) if size == 54 or _rows(title, _font(path, size)) < 3)
    y = _write(pen, (_LEFT, 196), title, _font(path, size), _TEXT, rows=3)
    _write(pen, (_LEFT, y + 28), description, _font(path, 30), _QUIET, rows=3)
    return card.quantize(palette=_palette(), dither=Image.Dither.NONE)


def missing_from_font(docs: Path, text: str) -> set[str]:
    """The characters of a text that the card's font doesn't have."""
    font = _font(docs / FONT, 20)
    nothing = bytes(font.getmask(_MISSING))
    return {sign for sign in text if not sign.isspace() and bytes(font.getmask(sign)) == nothing}


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@cache
def _ground(mark: str) -> Image.Image:
    """What all cards share: the rings of a loss seen from above, a path to its middle, the mark."""
    finer = 2
    ground = Image.new("RGB", (SIZE[0] * finer, SIZE[1] * finer), _GROUND)
    pen = ImageDraw.Draw(ground)
    x, y = 1040 * finer, 330 * finer
    for ring in range(1, 9):
        across, down = 7 * ring**2 * finer, 5.4 * ring**2 * finer
        box = (x - across, y - down, x + across, y + down)
        pen.ellipse(box, outline=_LINES, width=3 * finer)
    for step in range(9):
        left = 0.62**step
        place, radius = (x + 150 * finer * left, y - 290 * finer * left), (6 + step) * finer
        pen.ellipse(_around(place, radius), fill=_DOT if step == 8 else _QUIET)
    ground = ground.resize(SIZE, Image.Resampling.LANCZOS)
    sign = draw_mark(mark, 76)
    ground.paste(sign, (_LEFT, 64), sign)
    return ground


@cache
def _palette() -> Image.Image:
    """The colours of a card, each in steps from that of the ground: a file a quarter as large."""
    ground = Image.new("RGB", (1, 1), _GROUND)
    steps = [
        Image.blend(ground, Image.new("RGB", (1, 1), colour), share / 16).tobytes()
        for colour in (_LINES, _TEXT, _QUIET, _DOT)
        for share in range(17)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in steps for part in colour])
    return palette


def _around(place: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
    x, y = place
    return (x - radius, y - radius, x + radius, y + radius)


def _write(
    pen: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    font: ImageFont.FreeTypeFont,
    colour: str,
    *,
    rows: int,
) -> int:
    """Write a text in lines, and tell where the last one ends."""
    lines = list(_wrapped(text, font))
    if len(lines) > rows:
        lines[rows - 1 :] = [lines[rows - 1].rstrip("，、,. ")[:-1] + "…"]
    x, y = place
    for line in lines:
        pen.text((x, y), line, colour, font)
        y += round(1.4 * font.size)
    return y


def _rows(text: str, font: ImageFont.FreeTypeFont) -> int:
    return len(list(_wrapped(text, font)))


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """The lines of a text that is broken where the card ends."""
    line = ""
    for piece in _PIECES.findall(text):
        if line.strip() and font.getlength((line + piece).rstrip()) > _WIDTH:
            yield line.strip()
            line = ""
        line += piece
    yield line.strip()
