"""Checks of what training functions are given, all made before anything is trained."""

import inspect
import operator
from typing import Any

import keras
import tensorflow as tf

__all__ = [
    "check_callable",
    "check_dataset",
    "check_kind",
    "check_no_strategy",
    "check_optimizer",
    "checked_count",
    "checked_rate",
    "shortened",
]

_DATASET = "tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(32)"
_LOSS = "keras.losses.MeanSquaredError()"


def checked_count(what: str, value: object) -> int:
    """A whole number of at least 1.

    Raises:
        TypeError: It is no whole number.
        ValueError: It is below 1.
    """
    try:
        count = operator.index(value) if not isinstance(value, bool) else None
    except TypeError:
        count = None
    if count is None:
        raise TypeError(f"{what} is {shortened(value)}, expected a whole number such as 10.")
    if count < 1:
        raise ValueError(f"{what} is {count}, expected at least 1.")
    return count


def checked_rate(value: object) -> float:
    """A learning rate: a finite number.

    Raises:
        TypeError: It is no number.
        ValueError: It is infinite or no number (NaN).
    """
    if isinstance(value, str | bool):
        raise TypeError(f"learning_rate is {shortened(value)}, expected a number such as 0.1.")
    try:
        rate = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"learning_rate is {shortened(value)}, expected a number such as 0.1.") from None
    if not abs(rate) < float("inf"):
        raise ValueError(f"learning_rate is {rate}, expected a finite number such as 0.1.")
    return rate


def check_kind(what: str, value: object, kind: type, example: str) -> None:
    """Refuse what isn't an object of a kind, such as its name or its class.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{what} is {shortened(value)}, expected an object such as {example}.")


def check_callable(loss_fn: object, parts: int) -> None:
    """Refuse a loss that can't be called with the parts of a batch but the inputs.

    Args:
        loss_fn: The loss.
        parts: How many it is given: labels, predictions, and weights if there are any.

    Raises:
        TypeError: It is no function, or takes fewer or more.
    """
    if not callable(loss_fn) or isinstance(loss_fn, type):
        raise TypeError(f"loss_fn is {shortened(loss_fn)}, expected an object such as {_LOSS}.")
    try:
        inspect.signature(loss_fn).bind(*[None] * parts)
    except TypeError:
        given = ("labels", "predictions", "weights")[:parts]
        raise TypeError(
            f"loss_fn can't be called with {' and '.join(given)}, which this data set calls for. "
            f"A Keras loss such as {_LOSS} takes them."
        ) from None
    except ValueError:  # written in C, and doesn't tell what it takes
        return


def check_dataset(dataset: object) -> None:
    """Refuse what doesn't hold batches of `(inputs, labels)` or `(inputs, labels, weights)`, finitely many.

    Raises:
        TypeError: It is no `tf.data.Dataset`.
        ValueError: Its elements are something else, it is empty or it never ends.
    """
    check_kind("dataset", dataset, tf.data.Dataset, _DATASET)
    spec = dataset.element_spec
    if not isinstance(spec, tuple) or len(spec) not in (2, 3):
        held = f"{len(spec)} parts" if isinstance(spec, tuple) else f"{type(spec).__name__} alone"
        raise ValueError(
            f"an element of the data set holds {held}, expected (inputs, labels) or "
            f"(inputs, labels, weights). Such a data set is {_DATASET}."
        )
    ranks = [part.shape.rank for part in tf.nest.flatten(spec)]
    if None in ranks:
        raise ValueError("an element of the data set has no known shape. Map it through tf.ensure_shape to say which.")
    if 0 in ranks:
        raise ValueError(
            f"an element of the data set is a single example, expected a batch of them. Such a data set is {_DATASET}."
        )
    _check_length(dataset)


def _check_length(dataset: tf.data.Dataset) -> None:
    lengths = {0: "is empty", int(tf.data.INFINITE_CARDINALITY): "never ends"}
    if amount := lengths.get(int(dataset.cardinality())):
        raise ValueError(f"the data set {amount}, expected some batches. dataset.take(100) takes the first 100.")


def check_no_strategy() -> None:
    """Refuse to work under a strategy, which a loop for one device doesn't heed.

    Raises:
        ValueError: One is in scope.
    """
    if tf.distribute.has_strategy():
        raise ValueError(
            "a strategy is in scope, expected none: this loop is for one device. "
            "Call it outside, or take tf2docs.distribution.train."
        )


def check_optimizer(optimizer: object, model: keras.Model) -> None:
    """Refuse an optimizer with which this model can't be trained as `fit` would.

    Args:
        optimizer: The optimizer.
        model: The model, built.

    Raises:
        TypeError: It is no optimizer.
        ValueError: The model has nothing to train, the optimizer belongs to other variables, or it doesn't scale
            the loss of a model that computes in float16.
    """
    check_kind("optimizer", optimizer, keras.optimizers.Optimizer, "keras.optimizers.Adam()")
    if not model.trainable_variables:
        raise ValueError(
            "the model has no trainable variables, expected some: layer.trainable = True unfreezes a layer."
        )
    scales = isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    if model.dtype_policy.name == "mixed_float16" and not scales:
        raise ValueError(
            "the model computes in float16, in which small gradients become 0. "
            "Give keras.optimizers.LossScaleOptimizer(optimizer), as compile does."
        )
    if optimizer.built and not _knows(optimizer, model.trainable_variables):
        raise ValueError(
            "the optimizer was built for other variables than this model trains now: for another model, or before "
            "layers were unfrozen. Make a new optimizer."
        )


def _knows(optimizer: keras.optimizers.Optimizer, variables: list[Any]) -> bool:
    try:
        optimizer._check_variables_are_known(variables)  # Keras has no public way to ask
    except ValueError:
        return False
    return True


def shortened(value: object) -> str:
    """What a value is, in a few words for an error."""
    if isinstance(value, str | bool | int | float):
        return repr(value)
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"
