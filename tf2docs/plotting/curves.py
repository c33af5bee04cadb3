"""Functions: of one number as curves, of two as contours with arrows and paths."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tf2docs.plotting.charts import ALARM, CALM, FRAME, charts, legend
from tf2docs.plotting.numbers import column, numbers

__all__ = ["plot_contours", "plot_curves"]

_STYLES: Any = [  # told apart by their dashes as well
    {"color": "black", "linestyle": "-"},
    {"color": CALM, "linestyle": "--"},
    {"color": ALARM, "linestyle": "-."},
    {"color": "0.4", "linestyle": ":"},
]
_PATHS: Any = [  # told apart by their markers as well
    {"marker": marker, **style}
    for marker, style in zip(
        "ods^v", [*_STYLES[::-1], {"color": CALM, "linestyle": "-"}], strict=True
    )
]
_ARROWS = 15  # at most so many in a row


def plot_curves(
    inputs: ArrayLike,
    curves: Mapping[str, ArrayLike],
    *,
    xlabel: str = "x",
    logarithmic: bool = False,
) -> Figure:
    """Draw up to four functions of the same inputs in one chart.

    Args:
        inputs: Where the functions were computed, of shape `(points,)`.
        curves: What came out, of the same shape, by the name that stands in the legend.
        xlabel: What the inputs are.
        logarithmic: Whether both axes count in powers of ten; otherwise a grey line shows zero.

    Returns:
        The figure, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them.
        ValueError: The shapes differ, there are no curves or more than four, or some numbers are
            NaN or infinite.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_curves([0, 1, 2], {"x": [0, 1, 2], "x squared": [0, 1, 4]})
        >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        ['x', 'x squared']
        >>> plt.close(figure)
    """
    inputs = column("inputs", inputs)
    if not 1 <= len(curves) <= len(_STYLES):
        raise ValueError(f"there are {len(curves)} curves, expected 1 to {len(_STYLES)}.")
    figure, [axes] = charts(1, columns=1, size=(6.4, 3.6))
    for style, (name, values) in zip(_STYLES, curves.items(), strict=False):
        axes.plot(inputs, _as_many(name, values, inputs), label=name, **style)
    if logarithmic:
        axes.set(xscale="log", yscale="log")
    else:
        axes.axhline(0, color=FRAME, linewidth=1, zorder=0)
    axes.set(xlabel=xlabel)
    legend(axes)
    return figure


def plot_contours(
    points: ArrayLike,
    heights: ArrayLike,
    *,
    arrows: ArrayLike | None = None,
    paths: Mapping[str, ArrayLike] | None = None,
) -> Figure:
    """Draw a function of two numbers from above.

    Lines of equal height, with arrows or paths on them.

    The lines lie closer together where the function is small, so that a valley's floor shows.

    Args:
        points: A grid of shape `(rows, columns, 2)`, as `tf.stack(tf.meshgrid(xs, ys), axis=-1)`
            makes it.
        heights: The function at these points, of shape `(rows, columns)`.
        arrows: A direction at each point, such as the gradient, of the shape of `points`. About
            fifteen in a row are drawn, as long as they say in relation to each other.
        paths: The points that each way leads through, of shape `(steps, 2)`, by its name in the
            legend; at most five.

    Returns:
        The figure, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them.
        ValueError: The shapes are others, there are more than five paths, or some numbers are NaN
            or infinite.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> points = np.stack(np.meshgrid([-1.0, 0.0, 1.0], [0.0, 1.0]), axis=-1)
        >>> heights, paths = (points**2).sum(axis=-1), {"down": [[1, 1], [0, 0]]}
        >>> figure = plot_contours(points, heights, paths=paths)
        >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        ['down']
        >>> plt.close(figure)
    """
    points, heights = numbers("points", points), numbers("heights", heights)
    if points.shape != (*heights.shape, 2) or heights.ndim != 2 or min(heights.shape) < 2:
        raise ValueError(
            f"points have the shape {points.shape} and heights {heights.shape}, expected (rows, "
            "columns, 2) and (rows, columns), at least 2 of each."
        )
    figure, [axes] = charts(1, columns=1, size=(5.0, 5.0))
    # closer together at the bottom
    levels = np.linspace(0, 1, 16) ** 2 * np.ptp(heights) + heights.min()
    axes.contour(
        points[..., 0], points[..., 1], heights, levels=levels, colors="0.6", linewidths=0.8
    )
    axes.set(xlabel="u", ylabel="v", aspect="equal")  # so that right angles look like right angles
    if arrows is not None:
        _draw_arrows(axes, points, numbers("arrows", arrows))
    if paths:
        _draw_paths(axes, paths)
    return figure


def _draw_arrows(axes: Axes, points: np.ndarray, arrows: np.ndarray) -> None:
    if arrows.shape != points.shape:
        raise ValueError(
            f"arrows have the shape {arrows.shape}, expected that of points, {points.shape}."
        )
    every = -(-max(points.shape[:2]) // _ARROWS)  # rounded up
    few = slice(every // 2, None, every)
    (x, y), (u, v) = (np.moveaxis(each[few, few], -1, 0) for each in (points, arrows))
    axes.quiver(x, y, u, v, color=CALM, angles="xy", width=0.005)


def _draw_paths(axes: Axes, paths: Mapping[str, ArrayLike]) -> None:
    if len(paths) > len(_PATHS):
        raise ValueError(f"there are {len(paths)} paths, expected at most {len(_PATHS)}.")
    for style, (name, path) in zip(_PATHS, paths.items(), strict=False):
        steps = numbers(name, path)
        if steps.ndim != 2 or steps.shape[1] != 2:
            raise ValueError(f"the path {name} has the shape {steps.shape}, expected (steps, 2).")
        axes.plot(steps[:, 0], steps[:, 1], markersize=4, label=name, **style)
    legend(axes)


def _as_many(name: str, values: ArrayLike, inputs: np.ndarray) -> np.ndarray:
    values = column(name, values)
    if values.shape != inputs.shape:
        raise ValueError(
            f"the curve {name} has {len(values)} points, the inputs {len(inputs)}, expected "
            "as many."
        )
    return values
