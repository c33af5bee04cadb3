"""Broadcasting as it happens: which cells are there, and which are only repeated."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from tf2docs.plotting.charts import CALM, FRAME, charts
from tf2docs.plotting.numbers import numbers

__all__ = ["plot_broadcast"]

_MOST = 8  # numbers in more cells couldn't be read on a phone


def plot_broadcast(first: ArrayLike, second: ArrayLike) -> Figure:
    """Draw the sum of two tensors, and what broadcasting repeats for it.

    Three grids stand side by side: the first tensor, the second, and their sum, each below its
    shape. Cells that a tensor really has are framed and blue; those that broadcasting makes of them
    are grey.

    Args:
        first: Numbers of shape `()`, `(columns,)` or `(rows, columns)`.
        second: The same; its shape fits that of the first, or can be broadcast to fit.

    Returns:
        The figure, with three axes, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them.
        ValueError: The shapes don't fit, one of them has more than two axes, the sum has more than
            eight rows or columns or none, or some numbers are NaN or infinite.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_broadcast([[10], [20]], [1, 2, 3])
        >>> [axes.get_title() for axes in figure.axes]
        ['(2, 1)', '+ (3,)', '= (2, 3)']
        >>> plt.close(figure)
    """
    first, second = numbers("first", first), numbers("second", second)
    shape = _common_shape(first, second)
    total = _as_grid(first + second)
    figure, every = charts(3, columns=3, size=(0.55 * total.shape[1], 0.45 * total.shape[0] + 0.4))
    titles = (f"{first.shape}", f"+ {second.shape}", f"= {shape}")
    for axes, title, array in zip(every, titles, (first, second, total), strict=True):
        axes.set_title(title, fontsize=11)
        _draw_cells(axes, np.broadcast_to(array, total.shape), real=_as_grid(array).shape)
    return figure


def _common_shape(first: np.ndarray, second: np.ndarray) -> tuple[int, ...]:
    try:
        shape = np.broadcast_shapes(first.shape, second.shape)
    except ValueError:
        raise ValueError(
            f"the shapes {first.shape} and {second.shape} don't fit, expected lengths that are "
            "equal or 1, counted from the last axis."
        ) from None
    if len(shape) > 2 or not all(1 <= length <= _MOST for length in shape):
        raise ValueError(
            f"the sum has the shape {shape}, expected at most 2 axes, each of 1 to {_MOST}."
        )
    return shape


def _as_grid(array: np.ndarray) -> np.ndarray:
    return array.reshape((1,) * (2 - array.ndim) + array.shape)


def _draw_cells(axes: Axes, cells: np.ndarray, *, real: tuple[int, ...]) -> None:
    """Draw numbers in cells, `(rows, columns)`: the first `real` ones framed, all others grey."""
    rows, columns = cells.shape
    order = np.argwhere(np.ones(cells.shape, bool))
    # the framed ones last, so that their frames lie on top
    for row, column in sorted(order.tolist(), key=lambda at: at[0] < real[0] and at[1] < real[1]):
        framed = row < real[0] and column < real[1]
        edge, ink = (CALM, "black") if framed else (FRAME, "0.55")
        width = 1.8 if framed else 0.8
        box = Rectangle((column, row), 1, 1, facecolor="none", edgecolor=edge, linewidth=width)
        axes.add_patch(box)
        axes.text(
            column + 0.5, row + 0.5, f"{cells[row, column]:g}", color=ink, ha="center", va="center"
        )
    axes.set(xlim=(-0.1, columns + 0.1), ylim=(rows + 0.1, -0.1), aspect="equal")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
