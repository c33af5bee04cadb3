"""Texts in panels, character by character on a grid, with a shade behind each."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import whole_number
from tf2docs.plotting.charts import INK

__all__ = ["plot_texts"]

_Item = TypeVar("_Item")

_POINTS = 8.0  # of the font
_LINE = 1.45  # how high a line is, in heights of the font
_CAPTION = 0.3  # inches above each panel
_GAP = 0.3  # inches between panels
_DARKEST = 0.5  # of the ink, so that the character stays legible
_CHINESE = (  # on Linux, macOS and Windows
    *("Noto Serif CJK TC", "Noto Serif CJK SC", "Noto Sans CJK SC", "Songti TC", "PingFang TC"),
    *("PMingLiU", "Microsoft JhengHei", "Microsoft YaHei"),
)


def plot_texts(
    texts: Iterable[str],
    captions: Iterable[object] | None = None,
    *,
    shades: Iterable[ArrayLike] | None = None,
    rows: int = 8,
    columns: int = 48,
    across: int = 1,
) -> Figure:
    """Show texts in panels of equal size, as they are, in a font whose characters are equally wide.

    A line that is too long goes on in the next row; what doesn't fit into the panel is left out.
    The figure stays open in pyplot.

    Args:
        texts: The texts, with their line ends.
        captions: One above each; none by default.
        shades: For each text a number from 0 to 1 for each of its characters, line ends included:
            how dark the ground behind it is. All clear by default.
        rows: How many rows a panel has.
        columns: How many characters a row has.
        across: How many panels stand side by side.

    Returns:
        The figure, with one axes for each text.

    Raises:
        TypeError: `texts` is a single one, or a number is no whole number.
        ValueError: There are no texts, there isn't one caption or one shade for each, or a number
            is below 1.

    Examples:
        >>> figure = plot_texts(["To be, or not"], ["a verse"], shades=[[1] * 13])
        >>> [axes.get_title() for axes in figure.axes]
        ['a verse']
        >>> plt.close(figure)
    """
    texts = _listed("texts", texts)
    titles = [""] * len(texts) if captions is None else _listed("captions", captions, texts)
    grounds = _grounds(shades, texts)
    rows = whole_number("rows", rows, least=1)
    columns = whole_number("columns", columns, least=1)
    across = min(whole_number("across", across, least=1), len(texts))
    wide = any(map(_is_wide, "".join(texts)))
    panel = _size(rows, columns, wide=wide)
    figure, panels = _panels(len(texts), across, panel)
    for axes, text, ground, title in zip(panels, texts, grounds, titles, strict=True):
        axes.set_title(str(title), fontsize=9, loc="left")
        _write(axes, text, ground, (rows, columns), wide=wide)
    return figure


def _listed(name: str, given: Iterable[_Item], like: Sequence[object] = ()) -> list[_Item]:
    if isinstance(given, str):
        raise TypeError(f"{name} is the string {given[:20]!r}, expected several: put it in a list.")
    listed = list(given)
    if not listed or (like and len(listed) != len(like)):
        wanted = f"{len(like)}, one for each text" if like else "at least one"
        raise ValueError(f"{name} holds {len(listed)}, expected {wanted}.")
    return listed


def _grounds(shades: Iterable[ArrayLike] | None, texts: Sequence[str]) -> list[NDArray[np.float64]]:
    """The shade of each character, for each text."""
    if shades is None:
        return [np.zeros(len(text)) for text in texts]
    listed = [np.asarray(shade, np.float64) for shade in shades]
    lengths = [shade.shape for shade in listed]
    if lengths != [(len(text),) for text in texts]:
        raise ValueError(
            f"shades have the shapes {lengths}, expected one number for each character: "
            f"{[(len(text),) for text in texts]}."
        )
    return listed


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _size(rows: int, columns: int, *, wide: bool) -> tuple[float, float]:
    """Width and height of a panel in inches: a monospaced Latin character is 0.602 wide."""
    points = _POINTS * 1.25 if wide else _POINTS
    across = 1.0 if wide else 0.602
    return columns * across * points / 72, rows * _LINE * points / 72


def _panels(count: int, across: int, panel: tuple[float, float]) -> tuple[Figure, list[Axes]]:
    down = -(-count // across)  # rounded up
    width, height = across * (panel[0] + _GAP), down * (panel[1] + _CAPTION)
    figure = plt.figure(figsize=(width, height), facecolor="none")
    places = [divmod(number, across) for number in range(count)]
    return figure, [
        figure.add_axes(
            (
                column * (panel[0] + _GAP) / width,
                1 - (row + 1) * (panel[1] + _CAPTION) / height,
                panel[0] / width,
                panel[1] / height,
            )
        )
        for row, column in places
    ]


def _write(
    axes: Axes, text: str, ground: NDArray[np.float64], size: tuple[int, int], *, wide: bool
) -> None:
    """Put the lines of a text on a panel, and the shades behind them."""
    rows, columns = size
    cells = np.zeros(size)
    lines = [""] * rows
    for number, (row, column) in enumerate(_places(text, columns)):
        if row < rows and text[number] != "\n":
            cells[row, column] = ground[number]
            lines[row] += text[number]
    axes.imshow(cells, cmap=INK, vmin=0, vmax=1 / _DARKEST, aspect="auto")
    for row, line in enumerate(lines):
        axes.figure.text(  # one of the axes would count as a label
            -0.5,
            row,
            line.replace("$", r"\$"),
            family=_fonts() if wide else "monospace",
            fontsize=_POINTS * 1.25 if wide else _POINTS,
            va="center",
            transform=axes.transData,
        )
    axes.axis("off")


def _places(text: str, columns: int) -> Iterator[tuple[int, int]]:
    """Row and column of each character; a line end has the place behind its line."""
    row = column = 0
    for character in text:
        if column == columns and character != "\n":
            row, column = row + 1, 0
        yield row, column
        column += 1
        if character == "\n":
            row, column = row + 1, 0


@lru_cache(1)
def _fonts() -> list[str]:
    installed = set(font_manager.get_font_names())
    return [font for font in _CHINESE if font in installed] + ["sans-serif"]
