"""Tensors as what they are: numbers in cells, and which of them an index chooses."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tf2docs._arguments import whole_number
from tf2docs.plotting.charts import ALARM, INK, charts
from tf2docs.plotting.images import plot_images
from tf2docs.plotting.numbers import numbers

__all__ = ["plot_shapes", "plot_slices"]

# from pale to dark red
_CHOSEN = LinearSegmentedColormap.from_list("chosen", [(ALARM, 0.35), ("#6b0f09", 1)])
_FAINT = 0.35  # how much ink is left to what an index doesn't choose


def plot_shapes(tensors: Mapping[str, ArrayLike], *, columns: int = 4) -> Figure:
    """Draw tensors as cells, each with its name and its shape above it.

    A scalar is one cell, a vector a row, a matrix a grid, and a tensor with three axes is sheets,
    one behind the other. All cells are drawn alike, so the parts of one tensor can be compared with
    the whole.

    Args:
        tensors: What to draw, by name, each with at most three axes. Zero is clear, or the least
            value of all if some are negative; the greatest is full ink.
        columns: How many tensors a full row has.

    Returns:
        The figure, with one axes per tensor, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them, `tensors` is no dict, or `columns` no
            whole number.
        ValueError: There are none, one of them has more axes or no numbers, some are NaN, or
            `columns` is below 1.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_shapes({"scalar": 3, "matrix": np.eye(4)})
        >>> print(figure.axes[1].get_title())
        matrix
        (4, 4)
        >>> plt.close(figure)
    """
    columns = whole_number("columns", columns, least=1)
    _check_dict("tensors", tensors)
    arrays = {name: _drawable(name, values) for name, values in tensors.items()}
    least = min(0, *(array.min() for array in arrays.values()))
    limits = {"vmin": least, "vmax": max(array.max() for array in arrays.values())}
    figure, every = charts(len(arrays), columns=columns, size=(1.5, 2))
    for axes, (name, array) in zip(every, arrays.items(), strict=True):
        axes.set_title(f"{name}\n{array.shape}", fontsize=11, parse_math=False)
        _draw_sheets(axes, array.reshape((1,) * (3 - array.ndim) + array.shape), limits)
    _show_alike(every)
    return figure


def plot_slices(image: ArrayLike, slices: Mapping[str, Any], *, columns: int = 3) -> Figure:
    """Show which cells of a matrix each index chooses: these in red, the others faint.

    Args:
        image: Shape `(height, width)`: a greyscale image, or any matrix of numbers.
        slices: What would stand in the brackets of `image[…]`, by caption. `numpy.s_` writes it
            down: `np.s_[2:5, 0]`. A mask of shape `(height, width)` will do, too.
        columns: How many copies of the image a full row has.

    Returns:
        The figure, with one axes per index, left open in pyplot.

    Raises:
        TypeError: The image isn't numbers, `slices` is no dict, or `columns` no whole number.
        ValueError: The image has another shape, some of it is NaN, `slices` is empty, or `columns`
            is below 1.
        IndexError: An index doesn't fit the image.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_slices(np.eye(3), {"[0]": np.s_[0], "[:, 1:]": np.s_[:, 1:]})
        >>> [axes.get_title() for axes in figure.axes]
        ['[0]', '[:, 1:]']
        >>> plt.close(figure)
    """
    image = numbers("image", image)
    if image.ndim != 2 or image.size == 0:
        raise ValueError(
            f"image has the shape {image.shape}, expected (height, width), with at least one cell."
        )
    _check_dict("slices", slices)
    chosen = [_chosen(image.shape, name, index) for name, index in slices.items()]
    figure = plot_images([image] * len(chosen), list(slices), columns=columns)
    for axes, cells in zip(figure.axes, chosen, strict=True):
        [ink] = axes.images
        ink.set_alpha(_FAINT)
        axes.imshow(
            np.ma.array(image, mask=~cells),
            cmap=_CHOSEN,
            clim=ink.get_clim(),
            interpolation="nearest",
        )
    return figure


def _check_dict(argument: str, given: Mapping[str, Any]) -> None:
    if not isinstance(given, Mapping):
        raise TypeError(
            f"{argument} is a {type(given).__name__}, expected a dict, with a caption for each."
        )
    if not given:
        raise ValueError(f"{argument} is empty, expected at least one, by its caption.")


def _drawable(name: str, values: ArrayLike) -> np.ndarray:
    array = numbers(name, values)
    if array.ndim > 3:
        raise ValueError(
            f"{name} has {array.ndim} axes, expected at most 3. Give a part of it, such as "
            f"{name}[0]."
        )
    if array.size == 0:
        raise ValueError(f"{name} has the shape {array.shape}, expected at least one number.")
    return array


def _draw_sheets(axes: Axes, sheets: np.ndarray, limits: Any) -> None:
    """Draw sheets, `(sheets, height, width)`, the first in front.

    Each next one stands further up and to the right.

    Nothing is opaque, so of a sheet only that is drawn which the one before it doesn't cover.
    """
    height, width = sheets.shape[1:]
    shift = max(1, width // max(3, len(sheets)))
    for number, sheet in enumerate(sheets):
        offset = number * shift
        covered = np.zeros(sheet.shape, bool)
        if number > 0:
            covered[shift:, : max(0, width - shift)] = True
        extent = (offset, offset + width, offset, offset + height)
        axes.imshow(
            np.ma.array(sheet, mask=covered),
            cmap=INK,
            extent=extent,
            interpolation="nearest",
            **limits,
        )
        axes.plot(
            *_outline(offset, width, height, shift if number > 0 else None),
            color="0.4",
            linewidth=0.8,
        )


def _outline(
    offset: int, width: int, height: int, shift: int | None
) -> tuple[list[int], list[int]]:
    """The x and y along the edge of a sheet, without what the sheet in front of it hides."""
    left, right, bottom, top = offset, offset + width, offset, offset + height
    if shift is None:
        return [left, right, right, left, left], [bottom, bottom, top, top, bottom]
    return [left, left, right, right, right - shift], [top - shift, top, top, bottom, bottom]


def _show_alike(every: list[Axes]) -> None:
    """Give all axes one scale, their cells in the middle.

    Take away what stands around these.
    """
    wide = max(axes.dataLim.width for axes in every) / 2 + 0.5
    high = max(axes.dataLim.height for axes in every) / 2 + 0.5
    for axes in every:
        (left, bottom), (right, top) = axes.dataLim.min, axes.dataLim.max
        x, y = (left + right) / 2, (bottom + top) / 2
        axes.set(
            aspect="equal",
            xlim=(x - wide, x + wide),
            ylim=(y - high, y + high),
            xticks=[],
            yticks=[],
        )
        axes.spines[:].set_visible(False)


def _chosen(shape: tuple[int, int], name: str, index: Any) -> np.ndarray:
    """Which cells an index chooses, as a mask."""
    cells = np.zeros(shape, bool)
    try:
        cells[np.asarray(index) if hasattr(index, "shape") else index] = True
    except IndexError as error:
        raise IndexError(f"{name} doesn't fit an image of shape {shape}: {error}.") from None
    return cells
