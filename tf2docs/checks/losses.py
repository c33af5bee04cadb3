"""What a loss makes of predictions: its form, its floor, and what ignoring the inputs costs."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf2docs._checks import shortened

__all__ = ["Loss", "loss_of"]

_WANTED = (
    "expected a loss such as keras.losses.MeanSquaredError(), its name, or a function of labels "
    "and predictions"
)


class Loss:
    """A loss that gives one number for a batch, as `compile` makes of what it is given.

    Args:
        given: A Keras loss, a name, a function of labels and predictions, or for several outputs a
            dict or a list of them.
        compiled: Whether a function is called as `compile` calls it, which gives labels and
            predictions one type and one rank. A loop of one's own doesn't.

    Raises:
        TypeError: It is something else.
        ValueError: No loss has that name.
    """

    def __init__(self, given: Any, *, compiled: bool = False) -> None:
        several = isinstance(given, Mapping | list)
        self._parts = tf.nest.map_structure(_function, given) if several else _function(given)
        self._adapts = compiled or several or isinstance(given, str)
        self.kind = "other" if several else _kind(self._parts)
        self.from_logits = _from_logits(self._parts)

    def __call__(self, labels: Any, predictions: Any, sample_weight: Any = None) -> tf.Tensor:
        """Compute the loss of a batch, of shape `()`."""
        if not isinstance(self._parts, Mapping | list):
            if isinstance(predictions, Mapping | list | tuple):
                pairs = zip(tf.nest.flatten(labels), tf.nest.flatten(predictions), strict=True)
                return tf.add_n([self._mean(self._parts, *pair) for pair in pairs])
            return self._mean(self._parts, labels, predictions, sample_weight)
        keys = self._parts if isinstance(self._parts, Mapping) else range(len(self._parts))
        return tf.add_n(
            [self._mean(self._parts[key], labels[key], predictions[key]) for key in keys]
        )

    def _mean(self, function: Any, labels: Any, predictions: Any, weights: Any = None) -> tf.Tensor:
        if self._adapts and not isinstance(function, keras.losses.Loss):
            labels = _of_rank(tf.cast(labels, predictions.dtype), predictions)
        return _mean(function, labels, predictions, weights)

    def recognise(self, labels: Any, shape: tuple[int, ...]) -> None:
        """See whether a loss of the reader's own is a cross-entropy, from what it computes.

        That of logits doesn't change when all scores of an example grow alike. That of
        probabilities changes by the logarithm when they double, or not at all.
        """
        if self.kind != "other" or len(shape) < 2 or shape[-1] < 2:
            return
        noise = np.random.default_rng(0).uniform(0.1, 0.4, shape).astype("float32")
        loss, shifted, doubled = (
            self.number(labels, guess) for guess in (noise, noise + 3, 2 * noise)
        )
        logits = np.isclose(loss, shifted, rtol=1e-4)
        halved = np.isclose(loss - doubled, np.log(2), rtol=1e-3)
        if loss > 0 and (logits or halved) and not np.isclose(loss, doubled, rtol=1e-4):
            self.kind, self.from_logits = "own_categorical_crossentropy", bool(logits)

    def number(self, labels: Any, predictions: Any) -> float:
        """The loss of a batch, or NaN if the loss can't take the two."""
        try:
            return float(self(tf.constant(labels), tf.constant(predictions)))
        except Exception:  # any loss may raise anything
            return float("nan")

    def floor(self, labels: np.ndarray, shape: tuple[int, ...]) -> float:
        """The loss of perfect predictions of a shape, or NaN if nobody can say."""
        return _least(self.number(labels, guess) for guess in self.perfect(labels, shape))

    def baseline(self, labels: np.ndarray, shape: tuple[int, ...]) -> float:
        """The least loss of predictions that are the same for every example, or NaN."""
        return _least(self.number(labels, guess) for guess in self._constant(labels, shape))

    def perfect(self, labels: np.ndarray, shape: tuple[int, ...]) -> list[np.ndarray]:
        """Predictions that agree with the labels, as numbers, probabilities or logits."""
        target = _as_target(labels, shape)
        if target is None:
            return []
        if not self.kind.endswith("crossentropy"):
            return [target]
        logits = np.where(target > 0.5, 20, -20).astype("float32")
        return [logits] if self.from_logits else [target]

    def _constant(self, labels: np.ndarray, shape: tuple[int, ...]) -> list[np.ndarray]:
        target = _as_target(labels, shape)
        if target is None:
            return []
        mean, middle = target.mean(0, keepdims=True), np.median(target, 0, keepdims=True)
        guesses = [mean, middle]
        if self.from_logits:
            share = np.clip(mean, 1e-6, 1 - 1e-6)
            one = self.kind == "binary_crossentropy"
            guesses = [np.log(share) - (np.log(1 - share) if one else 0)]
        return [np.broadcast_to(guess, shape).astype("float32") for guess in guesses]


def loss_of(model: keras.Model, loss_fn: Any) -> Loss:
    """Take the loss that was given, or that the model was compiled with.

    Raises:
        ValueError: There is none.
    """
    given = loss_fn if loss_fn is not None else getattr(model, "loss", None)
    if given is None:
        raise ValueError(
            "loss_fn is None and the model isn't compiled, expected a loss. Give one such as "
            "keras.losses.MeanSquaredError(), or compile the model with it."
        )
    return Loss(given, compiled=given is getattr(model, "loss", None))


def _function(given: Any) -> Callable[..., Any]:
    if isinstance(given, str):
        found: Callable[..., Any] = keras.losses.get(given)
        return found
    if not callable(given) or isinstance(given, type):
        raise TypeError(f"loss_fn is {shortened(given)}, {_WANTED}.")
    try:
        inspect.signature(given).bind(None, None)
    except TypeError as error:
        raise TypeError(f"loss_fn doesn't take labels and predictions ({error}).") from None
    except ValueError:  # written in C, and doesn't tell what it takes
        pass
    function: Callable[..., Any] = given
    return function


def _kind(function: Any) -> str:
    """The name of a Keras loss, as of its function, or `"other"`."""
    name = getattr(function, "__name__", type(function).__name__)
    snake = "".join(f"_{sign.lower()}" if sign.isupper() else sign for sign in name).lstrip("_")
    ours = getattr(function, "__module__", None) or type(function).__module__
    return snake if ours.startswith("keras.") else "other"


def _from_logits(function: Any) -> bool:
    if hasattr(function, "from_logits"):
        return bool(function.from_logits)
    return bool(getattr(function, "keywords", {}).get("from_logits", False))


def _mean(function: Any, labels: Any, predictions: Any, weights: Any) -> tf.Tensor:
    named = {} if weights is None else {"sample_weight": weights}
    try:
        loss = function(labels, predictions, **named)
    except TypeError:
        if not named:
            raise
        loss = function(labels, predictions)  # a function that knows no weights
    return tf.reduce_mean(tf.cast(loss, "float32"))


def _of_rank(labels: tf.Tensor, predictions: tf.Tensor) -> tf.Tensor:
    """Add or take away an axis of length 1 at the end of labels."""
    more = predictions.shape.rank - labels.shape.rank
    if more == 1 and predictions.shape[-1] == 1:
        return labels[..., tf.newaxis]
    return labels[..., 0] if more == -1 and labels.shape[-1] == 1 else labels


def _as_target(labels: Any, shape: tuple[int, ...]) -> np.ndarray | None:
    """Labels in the shape of the predictions: as they are, or one-hot."""
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "buif":
        return None
    size = int(np.prod(shape))
    if labels.size == size:
        return labels.reshape(shape).astype("float32")
    if labels.size * shape[-1] != size or labels.min() < 0 or labels.max() >= shape[-1]:
        return None
    classes = labels.reshape(shape[:-1]).astype(int)
    one_hot: np.ndarray = np.eye(shape[-1], dtype="float32")[classes]
    return one_hot


def _least(numbers: Any) -> float:
    known = [number for number in numbers if np.isfinite(number)]
    return min(known, default=float("nan"))
