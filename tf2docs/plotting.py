"""Figures of data, of images, of what a model says about them, and of how training went.

The figures are dark ink on nothing: they take the colour of the page, and a dark page may invert them. What a
colour says is also said in words or signs.
"""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

__all__ = ["plot_history", "plot_images", "plot_learning_curves", "plot_line", "plot_predictions"]

_INK = LinearSegmentedColormap.from_list("ink", [(0, 0, 0, 0), (0, 0, 0, 1)])  # from clear to black
_FRAME, _RIGHT, _WRONG = "0.75", "#1a4f8b", "#a3180f"
_SERIES = ((_RIGHT, "o"), (_WRONG, "s"), ("#5b3a8c", "^"), ("0.25", "D"))  # colour and marker of each curve


def plot_images(images: ArrayLike, captions: Sequence[str] | None = None, *, columns: int = 5) -> Figure:
    """Show greyscale images in rows, each with a caption above it.

    The figure stays open in pyplot, so a notebook shows it and `matplotlib.pyplot.show()` does in a script.

    Args:
        images: Shape `(images, height, width)`. Zero is the background, the greatest value is full ink.
        captions: One text per image; none by default.
        columns: How many images a full row has.

    Returns:
        The figure, with one axes per image.

    Raises:
        ValueError: The images have another shape or there are none, there isn't one caption per image, or `columns` is
            below 1.

    Examples:
        >>> figure = plot_images(np.eye(28).reshape(1, 28, 28), ["a line"])
        >>> [axes.get_title() for axes in figure.axes]
        ['a line']
        >>> plt.close(figure)
    """
    images = _checked_images(images)
    captions = [""] * len(images) if captions is None else captions
    _check_count("captions", len(captions), len(images))
    if columns < 1:
        raise ValueError(f"columns is {columns}, expected at least 1.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)  # rounded up
    lines = max(caption.count("\n") + 1 for caption in captions)
    size = (1.2 * columns, (1.25 + 0.19 * lines) * rows)  # narrow, so that captions can be read on a phone
    figure = plt.figure(figsize=size, layout="constrained", facecolor="none")
    for place, (image, caption) in enumerate(zip(images, captions, strict=True), start=1):
        _draw(figure.add_subplot(rows, columns, place), image, caption, full_ink=images.max())
    return figure


def plot_learning_curves(history: Mapping[str, Sequence[float]]) -> Figure:
    """Show how loss and metrics changed from epoch to epoch, in training and in validation.

    Each metric has axes of its own. Training is a solid line, validation a dashed one; both together tell
    learning from memorising.

    Args:
        history: The values of each metric, one per epoch, by its name; names that begin with `val_` are those of
            validation. It is what `keras.callbacks.History.history` holds.

    Returns:
        The figure, with one axes per metric, left open in pyplot.

    Raises:
        ValueError: There are no metrics or no epochs, the lists differ in length, or a metric has
            validation values but no training values.

    Examples:
        >>> figure = plot_learning_curves({"loss": [0.6, 0.3], "val_loss": [0.4, 0.3]})
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['training', 'validation']
        >>> plt.close(figure)
    """
    names = [name for name in history if not name.startswith("val_")]
    _check_history(history, names)
    size = (3.0 * len(names), 2.6)
    figure, row = plt.subplots(1, len(names), figsize=size, layout="constrained", facecolor="none", squeeze=False)
    for axes, name in zip(row[0], names, strict=True):
        for key, label, colour, dashes in (
            (name, "training", _RIGHT, "-"),
            (f"val_{name}", "validation", _WRONG, "--"),
        ):
            if key in history:
                epochs = range(1, len(history[key]) + 1)
                axes.plot(epochs, history[key], dashes, color=colour, marker="o", markersize=4, label=label)
        axes.set(title=name.replace("_", " "), xlabel="epoch", facecolor="none")
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(facecolor="none", edgecolor=_FRAME)
    return figure


def plot_predictions(images: ArrayLike, labels: ArrayLike, probabilities: ArrayLike, *, columns: int = 5) -> Figure:
    """Show images with the class that a model finds likeliest, and its probability.

    Above each image stand the model's answer, the label, and the probability of the answer: in blue where they
    agree, in red and in a thick frame where they don't.

    Args:
        images: Shape `(images, height, width)`.
        labels: The true classes, whole numbers of shape `(images,)`.
        probabilities: The model's answer, of shape `(images, classes)`, each row summing to 1.
        columns: How many images a full row has.

    Returns:
        The figure, with one axes per image, left open in pyplot.

    Raises:
        ValueError: The shapes don't belong together, the probabilities are something else (logits, perhaps), or
            `columns` is below 1.

    Examples:
        >>> figure = plot_predictions(np.zeros((2, 28, 28)), [1, 0], [[0.1, 0.9], [0.2, 0.8]])
        >>> print(figure.axes[1].get_title())
        answer 1
        label 0
        80.0%
        >>> plt.close(figure)
    """
    images, labels, probabilities = _checked_images(images), np.asarray(labels), np.asarray(probabilities)
    _check_count("labels", len(labels), len(images))
    _check_probabilities(probabilities, len(images))
    guesses = probabilities.argmax(axis=1)  # (images,)
    captions = [
        f"answer {guess}\nlabel {label}\n{probability:.1%}"
        for guess, label, probability in zip(guesses, labels, probabilities.max(axis=1), strict=True)
    ]
    figure = plot_images(images, captions, columns=columns)
    for axes, right in zip(figure.axes, guesses == labels, strict=True):
        _mark(axes, right=bool(right))
    return figure


def plot_line(inputs: ArrayLike, targets: ArrayLike, predictions: ArrayLike) -> Figure:
    """Show points, and a model's predictions for them as a line.

    Args:
        inputs: The x of all points, of shape `(examples,)`.
        targets: Their y, of shape `(examples,)`.
        predictions: The y that the model predicts, of shape `(examples,)`.

    Returns:
        The figure, left open in pyplot.

    Raises:
        ValueError: The shapes differ, or there are no points.

    Examples:
        >>> figure = plot_line([0, 1, 2], [0, 1, 2], [0, 2, 4])
        >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        ['data', 'prediction']
        >>> plt.close(figure)
    """
    inputs, targets, predictions = np.asarray(inputs), np.asarray(targets), np.asarray(predictions)
    if inputs.ndim != 1 or len(inputs) == 0 or not inputs.shape == targets.shape == predictions.shape:
        raise ValueError(
            f"inputs, targets and predictions have the shapes {inputs.shape}, {targets.shape} and "
            f"{predictions.shape}, expected the same shape (examples,) and at least one example."
        )
    figure, axes = _chart()
    axes.scatter(inputs, targets, s=6, color=_RIGHT, alpha=0.5, linewidths=0, label="data")
    order = inputs.argsort()
    axes.plot(inputs[order], predictions[order], color=_WRONG, linewidth=2, label="prediction")
    axes.set(xlabel="x", ylabel="y")
    axes.legend(facecolor="none", edgecolor=_FRAME)
    return figure


def plot_history(
    history: Sequence[Mapping[str, float]], names: Sequence[str], *, expected: Mapping[str, float] | None = None
) -> Figure:
    """Show how some results changed from epoch to epoch.

    Args:
        history: The results of each epoch, such as [`train`][tf2docs.training.train] yields.
        names: Which of them to show, at most four.
        expected: Where a result should arrive, by its name. Drawn dashed.

    Returns:
        The figure, left open in pyplot.

    Raises:
        ValueError: There are no epochs, no names or too many, or a name isn't among the results.

    Examples:
        >>> figure = plot_history([{"W": 5.0}, {"W": 4.0}], ["W"], expected={"W": 3.0})
        >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
        ['W', 'true W']
        >>> plt.close(figure)
    """
    expected = expected or {}
    _check_results(history, [*names, *expected])
    figure, axes = _chart()
    for name, (colour, marker) in zip(names, _SERIES, strict=False):
        values = [results[name] for results in history]
        axes.plot(range(1, len(values) + 1), values, color=colour, marker=marker, markersize=5, label=name)
        if name in expected:
            axes.axhline(expected[name], color=colour, linestyle="--", linewidth=1, label=f"true {name}")
    axes.set(xlabel="epoch")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(facecolor="none", edgecolor=_FRAME)
    return figure


def _chart() -> tuple[Figure, Axes]:
    figure, axes = plt.subplots(figsize=(6.4, 3.6), layout="constrained", facecolor="none")
    axes.set_facecolor("none")
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _check_results(history: Sequence[Mapping[str, float]], names: Sequence[str]) -> None:
    if not history or not 0 < len(set(names)) <= len(_SERIES):
        raise ValueError(
            f"there are {len(history)} epochs and {len(set(names))} names, "
            f"expected at least one of each and at most {len(_SERIES)} names."
        )
    if missing := [name for name in names if any(name not in results for results in history)]:
        raise ValueError(f"not every epoch has {', '.join(missing)}, expected some of {', '.join(history[0])}.")


def _draw(axes: Axes, image: np.ndarray, caption: str, *, full_ink: float) -> None:
    axes.imshow(image, cmap=_INK, vmin=0, vmax=full_ink)
    axes.set_title(caption, fontsize=11)
    axes.set(xticks=[], yticks=[], facecolor="none")
    axes.spines[:].set_color(_FRAME)


def _mark(axes: Axes, *, right: bool) -> None:
    axes.title.set_color(_RIGHT if right else _WRONG)
    if not right:
        axes.spines[:].set(color=_WRONG, linewidth=3)


def _check_history(history: Mapping[str, Sequence[float]], names: Sequence[str]) -> None:
    lengths = {name: len(values) for name, values in history.items()}
    if not names or len(set(lengths.values())) != 1 or 0 in lengths.values():
        raise ValueError(
            f"history has the metrics and numbers of epochs {lengths}, expected at least one metric and one epoch, "
            "and one number for all. Give model.fit(...).history."
        )
    if alone := [name for name in history if name.startswith("val_") and name.removeprefix("val_") not in names]:
        raise ValueError(f"history has {', '.join(alone)} without {', '.join(name[4:] for name in alone)} of training.")


def _checked_images(images: ArrayLike) -> np.ndarray:
    images = np.asarray(images)
    if images.ndim != 3 or len(images) == 0:
        raise ValueError(
            f"images have the shape {images.shape}, expected (images, height, width) and at least one image. "
            "Of a single image give images[:1], of a last axis of length 1 give images[..., 0]."
        )
    return images


def _check_count(what: str, count: int, expected: int) -> None:
    if count != expected:
        raise ValueError(f"there are {count} {what} for {expected} images, expected one per image.")


def _check_probabilities(probabilities: np.ndarray, expected: int) -> None:
    if probabilities.ndim != 2 or len(probabilities) != expected:
        raise ValueError(f"probabilities have the shape {probabilities.shape}, expected ({expected}, classes).")
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-3):
        raise ValueError(
            "each row of probabilities must be at least 0 and sum to 1, these don't. Are they logits? "
            "tf2docs.models.with_softmax(model) returns probabilities."
        )
