"""Images, and what a model says about them."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tf2docs.plotting.charts import ALARM, CALM
from tf2docs.plotting.images import checked_images, plot_images
from tf2docs.plotting.numbers import numbers

__all__ = ["plot_predictions"]

_ROUNDING = 0.01  # float16 and bfloat16 round this much


def plot_predictions(
    images: ArrayLike, labels: ArrayLike, probabilities: ArrayLike, *, columns: int = 5
) -> Figure:
    """Show images with the class that a model finds likeliest, and its probability.

    Above each image stand the model's answer, the label, and the probability of the answer: in blue
    where they agree, in red and in a thick frame where they don't.

    Args:
        images: Greyscale or in colour, as [`plot_images`][tf2docs.plotting.plot_images] takes them.
        labels: The true classes, whole numbers of shape `(images,)` or `(images, 1)`, or one-hot of
            shape `(images, classes)`.
        probabilities: The model's answer: of shape `(images, classes)`, each row summing to 1, as a
            softmax gives it; or the probability of class 1 alone, of shape `(images, 1)` or
            `(images,)`, as a sigmoid gives it.
        columns: How many images a full row has.

    Returns:
        The figure, with one axes per image, left open in pyplot.

    Raises:
        TypeError: Something else than numbers is among them, or `columns` is no whole number.
        ValueError: The shapes don't belong together, a label is no class, the probabilities are
            something else (logits, perhaps), some are NaN, or `columns` is below 1.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_predictions(np.zeros((2, 28, 28)), [1, 0], [[0.1, 0.9], [0.2, 0.8]])
        >>> print(figure.axes[1].get_title())
        answer 1
        label 0
        80.0%
        >>> plt.close(figure)
    """
    images = checked_images(images)
    probabilities = _checked_probabilities(probabilities, len(images))  # (images, classes)
    labels = _checked_labels(labels, probabilities.shape)  # (images,)
    guesses = probabilities.argmax(axis=1)  # (images,)
    captions = [
        f"answer {guess}\nlabel {label}\n{probability:.1%}"
        for guess, label, probability in zip(
            guesses, labels, probabilities.max(axis=1), strict=True
        )
    ]
    figure = plot_images(images, captions, columns=columns)
    for axes, right in zip(figure.axes, guesses == labels, strict=True):
        _mark(axes, right=bool(right))
    return figure


def _mark(axes: Axes, *, right: bool) -> None:
    axes.title.set_color(CALM if right else ALARM)
    if not right:
        axes.spines[:].set(color=ALARM, linewidth=3)


def _checked_probabilities(probabilities: ArrayLike, images: int) -> np.ndarray:
    probabilities = numbers("probabilities", probabilities)
    if probabilities.ndim not in (1, 2) or len(probabilities) != images or probabilities.size == 0:
        raise ValueError(
            f"probabilities has the shape {probabilities.shape}, expected ({images}, classes), or "
            f"({images}, 1) of class 1 alone: one row for each image."
        )
    if probabilities.min() < 0 or probabilities.max() > 1 + _ROUNDING:
        raise ValueError(
            f"probabilities has values from {probabilities.min():.3g} to "
            f"{probabilities.max():.3g}, expected 0 to 1. Are they logits? "
            "tf2docs.models.with_softmax(model) returns probabilities; of a single score per "
            "image, keras.ops.sigmoid(scores) is the probability of class 1."
        )
    if probabilities.ndim == 1 or probabilities.shape[1] == 1:
        of_one = probabilities.reshape(-1, 1)
        return np.concatenate([1 - of_one, of_one], axis=1)
    sums = probabilities.sum(axis=1, dtype=np.float64)
    if not np.allclose(sums, 1, atol=_ROUNDING):
        raise ValueError(
            f"the rows of probabilities sum to {sums.min():.3g} to {sums.max():.3g}, expected 1 "
            "for each, since an image has one class. Does the last layer have a sigmoid for each "
            "class? Give it a softmax."
        )
    return probabilities


def _checked_labels(labels: ArrayLike, shape: tuple[int, int]) -> np.ndarray:
    images, classes = shape
    labels = numbers("labels", labels)
    if labels.shape == shape and _is_one_hot(labels):
        labels = labels.argmax(axis=1)
    if labels.shape == (images, 1):
        labels = labels[:, 0]
    if labels.shape != (images,):
        raise ValueError(
            f"labels has the shape {labels.shape}, expected ({images},), ({images}, 1), or one-hot "
            f"({images}, {classes}): one for each image."
        )
    wrong = labels[(labels < 0) | (labels >= classes) | (labels != labels.astype(np.int64))]
    if len(wrong):
        raise ValueError(
            f"labels has {wrong[0]}, expected whole numbers from 0 to {classes - 1}, one per class."
        )
    return labels.astype(np.int64)


def _is_one_hot(labels: np.ndarray) -> bool:
    return bool(np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all())
