"""Points in a plane, each drawn as the class that it belongs to."""

import colorsys

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tf2docs.plotting.charts import charts
from tf2docs.plotting.numbers import numbers

__all__ = ["plot_points"]


def plot_points(points: ArrayLike, labels: ArrayLike) -> Figure:
    """Draw points of several classes in a plane, each as its label.

    Labels are told apart by what they say and, for whoever sees them, by their colours.

    Args:
        points: Shape `(points, 2)`: the x and y of each.
        labels: Whole numbers of shape `(points,)`, the class of each.

    Returns:
        The figure, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them, or a label is no whole number.
        ValueError: The shapes are others, there are no points, or some are NaN or infinite.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_points([[0, 0], [1, 2], [3, 1]], [7, 4, 7])
        >>> [drawn.get_label() for drawn in figure.axes[0].collections]
        ['4', '7']
        >>> plt.close(figure)
    """
    points, labels = numbers("points", points), numbers("labels", labels)
    if points.shape != (labels.size, 2) or labels.ndim != 1 or labels.size == 0:
        raise ValueError(
            f"points have the shape {points.shape} and labels {labels.shape}, expected (points, 2) "
            "and (points,), at least 1 of each."
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels are {labels.dtype}, expected whole numbers, one per point.")
    figure, [axes] = charts(1, columns=1, size=(5.5, 5.0))
    classes = np.unique(labels)
    for place, label in enumerate(classes):
        # dark all round the circle of colours
        colour = colorsys.hls_to_rgb(place / len(classes), 0.32, 0.8)
        x, y = points[labels == label].T
        axes.scatter(x, y, s=36, color=colour, marker=f"${label}$", linewidths=0, label=str(label))
    return figure
