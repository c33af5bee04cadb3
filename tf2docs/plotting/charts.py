"""What all charts look like: dark ink on nothing, and a frame only below and on the left."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, LinearSegmentedColormap
from matplotlib.figure import Figure

__all__ = ["ALARM", "CALM", "FRAME", "INK", "charts", "legend"]

CALM: str = "#1a4f8b"
"""Blue, for what is as it should be, for data, and for training."""

ALARM: str = "#a3180f"
"""Red, for what is wrong, for predictions, and for validation."""

FRAME: str = "0.75"
"""Light grey, for what only holds the rest together."""

INK: Colormap = LinearSegmentedColormap.from_list("ink", [(0, 0, 0, 0), (0, 0, 0, 1)])
"""From clear to black, for numbers drawn as cells."""


def charts(count: int, *, columns: int, size: tuple[float, float]) -> tuple[Figure, list[Axes]]:
    """Open a figure with some empty charts in rows.

    Args:
        count: How many charts.
        columns: How many a full row has.
        size: Width and height of one chart, in inches.

    Returns:
        The figure, left open in pyplot, and the axes of the charts.

    Examples:
        >>> figure, axes = charts(3, columns=2, size=(3.0, 2.0))
        >>> len(axes), figure.get_size_inches().tolist()
        (3, [6.0, 4.0])
        >>> plt.close(figure)
    """
    columns = min(columns, count)
    rows = -(-count // columns)  # rounded up
    width, height = size
    figure = plt.figure(
        figsize=(width * columns, height * rows), layout="constrained", facecolor="none"
    )
    every = [figure.add_subplot(rows, columns, place) for place in range(1, count + 1)]
    for axes in every:
        axes.set_facecolor("none")
        axes.spines[["top", "right"]].set_visible(False)
    return figure, every


def legend(axes: Axes) -> None:
    """Add a legend that doesn't hide what is drawn."""
    axes.legend(facecolor="none", edgecolor=FRAME)
