"""Points, and the line that a model draws through them."""

from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tf2docs.plotting.charts import ALARM, CALM, charts, legend
from tf2docs.plotting.numbers import column

__all__ = ["plot_line"]


def plot_line(inputs: ArrayLike, targets: ArrayLike, predictions: ArrayLike) -> Figure:
    """Show points, and a model's predictions for them as a line.

    Args:
        inputs: The x of all points, of shape `(examples,)` or `(examples, 1)`.
        targets: Their y, of one of these shapes.
        predictions: The y that the model predicts, of one of these shapes.

    Returns:
        The figure, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them.
        ValueError: The shapes are others, there are no points, not as many of each, or some are NaN
            or infinite.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_line([0, 1, 2], [0, 1, 2], [[0], [2], [4]])
        >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        ['data', 'prediction']
        >>> plt.close(figure)
    """
    inputs, targets, predictions = (
        column("inputs", inputs),
        column("targets", targets),
        column("predictions", predictions),
    )
    if len(inputs) == 0 or not len(inputs) == len(targets) == len(predictions):
        raise ValueError(
            f"there are {len(inputs)} inputs, {len(targets)} targets and {len(predictions)} "
            "predictions, expected as many of each, and at least 1."
        )
    figure, [axes] = charts(1, columns=1, size=(6.4, 3.6))
    axes.scatter(inputs, targets, s=6, color=CALM, alpha=0.5, linewidths=0, label="data")
    order = inputs.argsort()
    axes.plot(inputs[order], predictions[order], color=ALARM, linewidth=2, label="prediction")
    axes.set(xlabel="x", ylabel="y")
    legend(axes)
    return figure
