"""What `fit` does around a step.

Call the model, weigh, add up, and see beforehand that all parts fit together.
"""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import keras
import tensorflow as tf

__all__ = ["add_up", "called", "specs_of", "tried", "tried_loss", "tried_metric", "unpacked"]


def unpacked(batch: tuple[Any, ...]) -> tuple[Any, Any, dict[str, Any]]:
    """Take a batch apart.

    Inputs, labels, and the weights, if any, under the name by which a loss takes them.
    """
    inputs, labels, *weights = batch
    return inputs, labels, {"sample_weight": weights[0]} if weights else {}


def called(model: keras.Model, inputs: Any, *, training: bool) -> Any:
    """Call a model as `fit` does, which says `training` only to one whose `call` takes it."""
    if "training" in inspect.signature(model.call).parameters:
        return model(inputs, training=training)
    return model(inputs)


def add_up(loss: tf.Tensor, added: Iterable[tf.Tensor]) -> tf.Tensor:
    """Add to a loss what layers add.

    In float16 where they compute so, and perhaps not summed yet.
    """
    return tf.add_n(
        [tf.reduce_sum(tf.cast(part, keras.config.floatx())) for part in (loss, *added)]
    )


def specs_of(values: Any) -> Any:
    """Describe the shape and type of each tensor."""
    return tf.nest.map_structure(tf.type_spec_from_value, values)


def tried(model: keras.Model, inputs: Any, *, training: bool) -> Any:
    """Trace a model, which builds it and changes nothing else.

    Args:
        model: The model.
        inputs: What its inputs look like.
        training: Whether it is to be trained.

    Returns:
        Placeholders of its predictions.
    """
    try:
        return _traced(
            lambda given: called(model, given, training=training), inputs, autograph=False
        )
    except Exception as error:
        error.add_note(
            f"The data set's inputs look like this: {inputs}. A length that is None is unknown; "
            "batch(size, drop_remainder=True) and tf.ensure_shape settle one."
        )
        raise


def tried_loss(
    loss_fn: Callable[..., Any], labels: Any, predictions: Any, weights: dict[str, Any]
) -> None:
    """Trace a loss, to see that it makes one number of labels and predictions that look like these.

    Raises:
        ValueError: It doesn't.
    """

    def loss(labels: Any, predictions: Any, **weights: Any) -> Any:
        return loss_fn(labels, predictions, **weights)

    _check_no_texts(loss_fn, labels)
    several = "For several outputs give a function that adds up their losses."
    mean = "Give a loss object such as keras.losses.MeanSquaredError(), which averages."
    _check_number("loss_fn", loss, (labels, predictions), weights, several, mean)


def _check_no_texts(loss_fn: Callable[..., Any], labels: Any) -> None:
    """Refuse texts as labels where Keras would make numbers of them: that fails in the epoch."""
    texts = any(spec.dtype == tf.string for spec in tf.nest.flatten(labels))
    if texts and isinstance(loss_fn, keras.losses.Loss):
        raise ValueError(
            f"the labels look like {labels}, expected numbers. "
            "keras.layers.StringLookup(num_oov_indices=0) makes classes of texts."
        )


def tried_metric(name: str, metric: keras.metrics.Metric, labels: Any, predictions: Any) -> None:
    """Trace a metric, which makes its variables.

    It must make one number of such labels and predictions.

    Raises:
        ValueError: It doesn't.
    """

    def result(labels: Any, predictions: Any) -> Any:
        metric.update_state(labels, predictions)
        return metric.result()

    several = "For several outputs give the metrics of each by its key."
    mean = 'Let it average, such as keras.metrics.F1Score(average="macro").'
    _check_number(f"the metric {name}", result, (labels, predictions), {}, several, mean)


def _check_number(
    what: str,
    measure: Callable[..., Any],
    pair: tuple[Any, Any],
    weights: dict[str, Any],
    several: str,
    mean: str,
) -> None:
    """Refuse what isn't one number.

    `several` and `mean` say what to do if it fails, or gives more numbers.
    """
    try:
        number = _traced(measure, *pair, **weights)
    except Exception as error:
        labels, predictions = pair
        raise ValueError(
            f"{what} can't compare labels like {labels} with predictions like {predictions}; "
            f"the error above says why. {several}"
        ) from error
    if not tf.is_tensor(number) or number.shape.rank not in (0, None):
        told = (
            f"the shape {tuple(number.shape)}"
            if tf.is_tensor(number)
            else f"a {type(number).__name__}"
        )
        raise ValueError(
            f"{what} gives {told} for a batch, expected one number, of shape (). {mean}"
        )


def _traced(function: Callable[..., Any], *specs: Any, autograph: bool = True, **named: Any) -> Any:
    # makes the variables that are missing, and leaves those that there are as they are
    with keras.StatelessScope():
        concrete = tf.function(function, autograph=autograph).get_concrete_function(*specs, **named)
    return concrete.structured_outputs
