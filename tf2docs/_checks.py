"""Checks of what training functions are given, all made before anything is trained."""

import inspect
from typing import Any

import keras
import tensorflow as tf

__all__ = [
    "check_dataset",
    "check_home",
    "check_kind",
    "check_loss_fn",
    "check_model",
    "check_no_strategy",
    "check_optimizer",
    "shortened",
]

_DATASET = "tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(32)"
_LOSS = "keras.losses.MeanSquaredError()"


def check_kind(what: str, value: object, kind: type, example: str) -> None:
    """Refuse what isn't an object of a kind, such as its name or its class.

    Raises:
        TypeError: It is something else.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{what} is {shortened(value)}, expected an object such as {example}.")


def check_model(model: object, *own_steps: str) -> None:
    """Refuse what is no model, and a model of which a loop would leave something out.

    Args:
        model: The model.
        own_steps: Methods that `fit` or `evaluate` of Keras would call, and a loop of one's own
            doesn't.

    Raises:
        TypeError: It is no Keras model.
        ValueError: It has such a method of its own.
    """
    check_kind(
        "model", model, keras.Model, "keras.Sequential([keras.Input((8,)), keras.layers.Dense(3)])"
    )
    for method in own_steps:
        if getattr(type(model), method) is not getattr(keras.Model, method):
            raise ValueError(
                f"{type(model).__name__} has a {method} of its own, which this loop wouldn't call. "
                "Model.fit and Model.evaluate call it."
            )


def check_loss_fn(loss_fn: object, *, weighted: bool) -> None:
    """Refuse what can't be called with labels, predictions and weights of a batch.

    Weights are given by name.

    Args:
        loss_fn: The loss.
        weighted: Whether the data have weights.

    Raises:
        TypeError: It is no function, or doesn't take them.
    """
    if not callable(loss_fn) or isinstance(loss_fn, type):
        raise TypeError(
            f"loss_fn is {shortened(loss_fn)}, expected an object such as {_LOSS}, or a function "
            "of labels and predictions, which for several outputs adds up their losses."
        )
    weights = {"sample_weight": None} if weighted else {}
    try:
        inspect.signature(loss_fn).bind(None, None, **weights)
    except TypeError as error:
        taken = (
            "labels, predictions and, by name, sample_weight"
            if weighted
            else "labels and predictions"
        )
        raise TypeError(
            f"loss_fn doesn't take {taken} ({error}). A Keras loss such as {_LOSS} does."
        ) from None
    except ValueError:  # written in C, and doesn't tell what it takes
        return


def check_dataset(dataset: Any, what: str = "dataset") -> None:
    """Refuse what doesn't hold batches of `(inputs, labels)` or `(inputs, labels, weights)`.

    They must be finitely many.

    Raises:
        TypeError: It is no `tf.data.Dataset`.
        ValueError: Its elements are something else, it is empty or it never ends.
    """
    check_kind(what, dataset, tf.data.Dataset, _DATASET)
    spec = dataset.element_spec
    if not isinstance(spec, tuple) or len(spec) not in (2, 3):
        held = f"{len(spec)} parts" if isinstance(spec, tuple) else f"{type(spec).__name__} alone"
        raise ValueError(
            f"an element of the data set holds {held}, expected (inputs, labels) or "
            f"(inputs, labels, weights). Such a data set is {_DATASET}."
        )
    parts = tf.nest.flatten(spec)
    for part in parts:
        if not hasattr(part, "shape"):  # None, or data sets such as `window` makes
            raise ValueError(
                f"an element of the data set holds a {type(part).__name__}, expected tensors in "
                f"each of (inputs, labels) and weights, if any. Such a data set is {_DATASET}."
            )
    ranks = [part.shape.rank for part in parts]
    if None in ranks:
        raise ValueError(
            "an element of the data set has no known shape. Map it through tf.ensure_shape to "
            "say which."
        )
    if 0 in ranks:
        raise ValueError(
            "an element of the data set is a single example, expected a batch of them. Such "
            f"a data set is {_DATASET}."
        )
    _check_length(dataset)


def _check_length(dataset: tf.data.Dataset) -> None:
    lengths = {0: "is empty", int(tf.data.INFINITE_CARDINALITY): "never ends"}
    if amount := lengths.get(int(dataset.cardinality())):
        raise ValueError(
            f"the data set {amount}, expected some batches. dataset.take(100) takes the first 100."
        )


def check_no_strategy(
    model: keras.Model, optimizer: keras.optimizers.Optimizer | None = None
) -> None:
    """Refuse to work under a strategy, which a loop for one device doesn't heed.

    Args:
        model: The model.
        optimizer: The optimizer, if there is one.

    Raises:
        ValueError: A strategy is in scope, or was when the model or the optimizer was made.
    """
    if tf.distribute.has_strategy():
        raise ValueError(
            "a strategy is in scope, expected none: this loop is for one device. "
            "tf2docs.distribution.train is for several."
        )
    alone = tf.distribute.get_strategy()
    mend = "tf2docs.distribution.train trains under a strategy."
    check_home(alone, "model", model.variables, mend)
    check_home(alone, "optimizer", optimizer.variables if optimizer else [], mend)


def check_home(
    strategy: tf.distribute.Strategy, what: str, variables: list[Any], mend: str
) -> None:
    """Refuse what wasn't made under a strategy.

    Args:
        strategy: The strategy.
        what: What was made, in a word.
        variables: Its variables.
        mend: What to do.

    Raises:
        ValueError: A variable belongs elsewhere.
    """
    if not all(
        strategy.extended.variable_created_in_scope(variable.value) for variable in variables
    ):
        raise ValueError(f"the {what} was made under another strategy, or under none. {mend}")


def check_optimizer(optimizer: Any, model: keras.Model) -> None:
    """Refuse an optimizer with which this model can't be trained as `fit` would.

    Args:
        optimizer: The optimizer.
        model: The model, built.

    Raises:
        TypeError: It is no optimizer.
        ValueError: The model has nothing to train, the optimizer belongs to other variables, has an
            `apply_gradients` of its own, or doesn't scale the loss of a model that computes in
            float16.
    """
    check_kind("optimizer", optimizer, keras.optimizers.Optimizer, "keras.optimizers.Adam()")
    if type(optimizer).apply_gradients is not keras.optimizers.Optimizer.apply_gradients:
        raise ValueError(
            f"{type(optimizer).__name__} has an apply_gradients of its own, which this loop "
            "wouldn't call. Write it as apply(gradients, variables), which Model.fit calls, too."
        )
    variables = model.trainable_variables
    if not variables:
        raise ValueError(
            "the model has no trainable variables, expected some: layer.trainable = True "
            "unfreezes a layer."
        )
    scales = (
        isinstance(optimizer, keras.optimizers.LossScaleOptimizer) or optimizer.loss_scale_factor
    )
    if model.dtype_policy.name == "mixed_float16" and not scales:
        raise ValueError(
            "the model computes in mixed_float16, in which small gradients become 0. "
            "Give keras.optimizers.LossScaleOptimizer(optimizer), as compile does."
        )
    if optimizer.built and not _belongs(optimizer, variables):
        raise ValueError(
            "the optimizer was built for other variables than this model trains now: for another "
            "model, or before layers were frozen or unfrozen. Make a new optimizer."
        )


def _belongs(optimizer: keras.optimizers.Optimizer, variables: list[Any]) -> bool:
    # Keras has no public way to ask
    known = [id(variable) for variable in optimizer._trainable_variables]
    wanted = [id(variable) for variable in variables]
    # are matched with the variables by their order
    averages = getattr(optimizer, "inner_optimizer", optimizer).use_ema
    return known == wanted if averages else set(wanted) <= set(known)


def shortened(value: object) -> str:
    """What a value is, in a few words for an error."""
    if isinstance(value, str | bool | int | float | None):
        return repr(value)
    return f"the class {value.__name__}" if isinstance(value, type) else f"a {type(value).__name__}"
