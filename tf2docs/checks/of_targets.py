"""Checks of whether labels, loss and the end of the model fit together."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from tf2docs.checks.examples import Examples
from tf2docs.checks.findings import Finding
from tf2docs.checks.losses import Loss

__all__ = ["fit_findings", "form_findings", "start_findings"]

_OUT_OF_SIGHT = 100_000  # for a model whose outputs begin at about 1
_RANGES = {"Sigmoid": (0, 1), "Softmax": (0, 1), "Tanh": (-1, 1), "Relu": (0, np.inf)}


def form_findings(loss: Loss, examples: Examples, shape: tuple[int, ...]) -> Iterator[Finding]:
    """Look at the form of the labels, before the loss is computed.

    Args:
        loss: The loss.
        examples: The examples.
        shape: Shape of the predictions of one batch.
    """
    labels = examples.labels
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "buif":
        return
    if loss.kind == "sparse_categorical_crossentropy":
        yield from _sparse(labels, shape)
    elif loss.kind == "categorical_crossentropy":
        yield from _one_hot(labels, shape)
    elif loss.kind == "binary_crossentropy":
        yield from _binary(labels)


def fit_findings(
    loss: Loss, examples: Examples, predictions: Any, closing: str
) -> Iterator[Finding]:
    """Look at predictions beside labels and loss; `closing` is the op that they come from."""
    labels = examples.labels
    if not isinstance(labels, np.ndarray) or not isinstance(predictions, np.ndarray):
        return
    if labels.dtype.kind not in "buif" or not np.isfinite(predictions).all():
        return
    yield from _broadcast(loss, labels, predictions)
    yield from _single_softmax(closing, predictions)
    if of_axis := list(_softmax_axis(predictions)):
        yield from of_axis
        return
    if loss.kind.endswith("crossentropy"):
        yield from _closing(loss, closing, predictions)
    else:
        yield from _out_of_reach(closing, labels, predictions)
        yield from _large_targets(loss, labels, predictions)
    yield from _backwards(loss, labels, predictions.shape)


def start_findings(
    loss: Loss, examples: Examples, predictions: Any, first: float
) -> Iterator[Finding]:
    """Compare a cross-entropy, as it is now, with that of one answer for all examples.

    Other losses say nothing: numbers far from 0 are missed by far at first, and soon found.
    """
    if examples.weights is not None or not isinstance(predictions, np.ndarray):
        return
    if not loss.kind.endswith("crossentropy"):
        return
    guess = loss.baseline(examples.labels, predictions.shape)
    if guess > 1e-6 and 10 * guess < first < np.inf:
        yield Finding(
            "high-first-loss",
            "warning",
            f"the loss is {first:.3g}, where one and the same answer to all has {guess:.3g}",
            "about that of such an answer before training, and less afterwards",
            "Scale the inputs, and begin with smaller weights; if it has been trained, build the "
            "model anew.",
        )


def _sparse(labels: np.ndarray, shape: tuple[int, ...]) -> Iterator[Finding]:
    classes = shape[-1]
    if labels.ndim == len(shape) and labels.shape[-1] == classes > 1:
        yield Finding(
            "label-form",
            "error",
            f"labels of shape {labels.shape}, as one-hot ones have, for a loss that takes whole "
            "numbers",
            f"labels of shape {labels.shape[:-1]}",
            "Take CategoricalCrossentropy, or labels.argmax(-1).",
        )
    elif (labels != np.round(labels)).any() or labels.min() < 0 or labels.max() >= classes:
        yield Finding(
            "label-range",
            "error",
            f"labels from {labels.min():g} to {labels.max():g} for a model with {classes} "
            f"output{'s' if classes > 1 else ''}",
            f"whole numbers from 0 to {classes - 1}",
            "Number the classes from 0, and give the last layer one unit for each. On a GPU such "
            "labels make the loss NaN, on a CPU they raise an error.",
        )


def _one_hot(labels: np.ndarray, shape: tuple[int, ...]) -> Iterator[Finding]:
    if labels.shape[1:] != shape[1:]:
        yield Finding(
            "label-form",
            "error",
            f"labels of shape {labels.shape} for predictions of shape (batch, *{shape[1:]})",
            "one-hot labels, of the shape of the predictions",
            "Take SparseCategoricalCrossentropy for whole numbers, or keras.ops.one_hot.",
        )
    elif labels.min() < 0 or not np.allclose(labels.sum(-1), 1, atol=1e-3):
        yield Finding(
            "label-range",
            "error",
            f"labels whose rows add up to {labels.sum(-1).min():g} to {labels.sum(-1).max():g}",
            "shares of the classes, which add up to 1 in each row",
            "Take BinaryCrossentropy if an example may have several classes; else make the labels "
            "one-hot.",
        )


def _binary(labels: np.ndarray) -> Iterator[Finding]:
    if labels.min() < 0 or labels.max() > 1:
        yield Finding(
            "label-range",
            "error",
            f"labels from {labels.min():g} to {labels.max():g} for a loss of yes and no",
            "labels from 0 to 1",
            "Map -1 and 1, or 1 and 2, to 0 and 1; for more than two classes take "
            "SparseCategoricalCrossentropy and one unit for each class.",
        )


def _broadcast(loss: Loss, labels: np.ndarray, predictions: np.ndarray) -> Iterator[Finding]:
    """Compare the loss with that of labels in the predictions' shape."""
    if labels.shape == predictions.shape or labels.size != predictions.size or len(labels) < 2:
        return
    # other predictions, since those of a model that puts out one number say nothing
    noise = np.random.default_rng(0).uniform(0.1, 0.9, predictions.shape).astype("float32")
    as_given = loss.number(labels, noise)
    alike = loss.number(labels.reshape(predictions.shape), noise)
    if np.isfinite(alike) and not np.isclose(as_given, alike, rtol=1e-3):
        yield Finding(
            "broadcast-labels",
            "error",
            f"labels of shape {labels.shape} and predictions of shape {predictions.shape}: the "
            f"loss of some predictions is {as_given:.4g}, and {alike:.4g} once both have one "
            "shape",
            "the same loss: otherwise each label is compared with every prediction",
            "Give both one shape, with labels[:, None] or keras.ops.squeeze(predictions, -1).",
        )


def _single_softmax(closing: str, predictions: np.ndarray) -> Iterator[Finding]:
    if closing == "Softmax" and predictions.shape[-1] == 1:
        yield Finding(
            "softmax-of-one",
            "error",
            "a softmax over a single unit, which is always 1",
            "one unit for each class, or a sigmoid",
            "Leave the activation out and take BinaryCrossentropy(from_logits=True).",
        )


def _softmax_axis(predictions: np.ndarray) -> Iterator[Finding]:
    """Look for an axis other than the last along which probabilities add up to 1."""
    if predictions.min() < 0 or np.allclose(predictions.sum(-1), 1, atol=1e-3):
        return
    for axis, length in enumerate(predictions.shape[:-1]):
        if length > 1 and np.allclose(predictions.sum(axis), 1, atol=1e-3):
            yield Finding(
                "softmax-axis",
                "error",
                f"the outputs add up to 1 along axis {axis}"
                + (", over the examples of the batch" if axis == 0 else ""),
                "probabilities that add up to 1 over the classes, which are the last axis",
                "Take softmax with axis=-1, the default, or leave it out and give the loss "
                "from_logits=True.",
            )
            return


def _closing(loss: Loss, closing: str, predictions: np.ndarray) -> Iterator[Finding]:
    binary = loss.kind.startswith("binary")
    name = "sigmoid" if binary else "softmax"
    within = predictions.min() >= 0 and predictions.max() <= 1
    rows = np.allclose(predictions.sum(-1), 1, atol=1e-3) and predictions.shape[-1] > 1
    squashed = closing in ("Sigmoid", "Softmax") or (rows and within)
    if loss.from_logits and squashed:
        undone = not loss.kind.startswith("own") and closing in ("Sigmoid", "Softmax")
        yield Finding(
            f"{name}-twice",
            "warning" if undone else "error",
            "the model puts out probabilities, and the loss is told that they are logits"
            + ("; Keras undoes that in a graph, not in a loop of one's own" if undone else ""),
            "logits, or a loss without from_logits=True",
            "Leave the last activation out of the model.",
        )
    elif not loss.from_logits and not (within and (rows or binary or closing == "Sigmoid")):
        yield _never(name, predictions)
    elif loss.from_logits and closing == "Relu":
        yield Finding(
            "relu-at-the-end",
            "error",
            "the last layer ends in a relu, so no score is below 0",
            "scores of any sign",
            "Leave the last activation out of the model.",
        )
    elif not loss.from_logits and not binary and closing == "Sigmoid":
        yield Finding(
            "sigmoid-for-classes",
            "warning",
            "the model ends in a sigmoid, the loss compares classes that exclude each other",
            "a softmax, or logits",
            "Leave the activation out and give the loss from_logits=True; for labels that don't "
            "exclude each other take BinaryCrossentropy.",
        )


def _never(name: str, predictions: np.ndarray) -> Finding:
    return Finding(
        f"{name}-missing",
        "error",
        f"the model puts out numbers from {predictions.min():.3g} to {predictions.max():.3g}, "
        f"whose rows add up to {predictions.sum(-1).mean():.3g} on average, and the loss takes "
        "them for probabilities",
        "probabilities, or a loss with from_logits=True",
        "Give the loss from_logits=True.",
    )


def _out_of_reach(closing: str, labels: np.ndarray, predictions: np.ndarray) -> Iterator[Finding]:
    low, high = _RANGES.get(closing, (-np.inf, np.inf))
    if labels.size != predictions.size or len(labels) < 2:
        return
    outside = np.mean((labels < low) | (labels > high))
    if outside > 0:
        yield Finding(
            "labels-out-of-reach",
            "error" if outside > 0.1 else "warning",
            f"{outside:.0%} of the labels are beyond what the last activation, "
            f"{closing.lower()}, can put out; they go from {labels.min():.3g} to "
            f"{labels.max():.3g}",
            f"labels from {low:g} to {high:g}",
            "Leave the last activation out, or scale the labels.",
        )


def _large_targets(loss: Loss, labels: np.ndarray, predictions: np.ndarray) -> Iterator[Finding]:
    if loss.kind == "other" or labels.dtype.kind == "b":
        return
    size = float(np.abs(labels).max())
    if size > 1_000 and size > 100 * np.abs(predictions).max():
        yield Finding(
            "unscaled-labels",
            "error" if size > _OUT_OF_SIGHT else "warning",
            f"labels up to {size:.3g}",
            "labels of a size of about 1",
            "Divide by a round number, or standardise, and undo it in the predictions.",
        )


def _backwards(loss: Loss, labels: np.ndarray, shape: tuple[int, ...]) -> Iterator[Finding]:
    """Perfect predictions must cost less than the same in another order."""
    if len(labels) < 8 or (labels == labels[:1]).all():
        return
    order = np.roll(np.arange(len(labels)), len(labels) // 2)
    for guess in loss.perfect(labels, shape):
        right, wrong = loss.number(labels, guess), loss.number(labels, guess[order])
        if not np.isfinite([right, wrong]).all():
            continue
        if right > wrong + 1e-6 * abs(wrong):
            told = "the loss rises as predictions get better"
        elif np.isclose(right, wrong, rtol=1e-6) and not np.array_equal(guess, guess[order]):
            told = "the loss doesn't depend on which example a label belongs to"
        else:
            continue
        yield Finding(
            "loss-backwards" if right > wrong else "loss-ignores-labels",
            "error",
            f"perfect predictions have a loss of {right:.4g}, the same ones of other examples "
            f"{wrong:.4g}: {told}",
            "a loss that is least where predictions are right",
            "Look at its sign, and at what is averaged before what.",
        )
