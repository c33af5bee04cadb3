"""What `fit` does around a step: call the model, weigh, add up, and see beforehand that all parts fit together."""

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import keras
import tensorflow as tf

__all__ = ["add_up", "called", "specs_of", "tried", "tried_loss", "unpacked"]


def unpacked(batch: tuple[Any, ...]) -> tuple[Any, Any, dict[str, Any]]:
    """Take a batch apart: inputs, labels, and the weights, if any, under the name by which a loss takes them."""
    inputs, labels, *weights = batch
    return inputs, labels, {"sample_weight": weights[0]} if weights else {}


def called(model: keras.Model, inputs: Any, *, training: bool) -> Any:
    """Call a model as `fit` does, which says `training` only to one whose `call` takes it."""
    if "training" in inspect.signature(model.call).parameters:
        return model(inputs, training=training)
    return model(inputs)


def add_up(loss: tf.Tensor, added: Iterable[tf.Tensor]) -> tf.Tensor:
    """Add to a loss what layers add: in float16 where they compute so, and perhaps not summed yet."""
    return tf.add_n([tf.cast(tf.reduce_sum(part), keras.config.floatx()) for part in (loss, *added)])


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
        return _traced(lambda given: called(model, given, training=training), inputs, autograph=False)
    except Exception as error:
        error.add_note(
            f"The data set's inputs look like this: {inputs}. A length that is None is unknown; "
            "batch(size, drop_remainder=True) and tf.ensure_shape settle one."
        )
        raise


def tried_loss(loss_fn: Callable[..., Any], labels: Any, predictions: Any, weights: dict[str, Any]) -> None:
    """Trace a loss, to see that it makes one number of labels and predictions that look like these.

    Raises:
        ValueError: It doesn't.
    """
    try:
        loss = _traced(lambda *given, **weighing: loss_fn(*given, **weighing), labels, predictions, **weights)
    except Exception as error:
        raise ValueError(
            f"loss_fn can't compare labels like {labels} with predictions like {predictions}; "
            "the error above says why. For several outputs give a function that adds up their losses."
        ) from error
    if not tf.is_tensor(loss) or loss.shape.rank not in (0, None):
        told = f"the shape {tuple(loss.shape)}" if tf.is_tensor(loss) else f"a {type(loss).__name__}"
        raise ValueError(
            f"loss_fn returned {told} for a batch, expected one number, of shape (). "
            "Give a loss object such as keras.losses.MeanSquaredError(), which averages."
        )


def _traced(function: Callable[..., Any], *specs: Any, autograph: bool = True, **named: Any) -> Any:
    with keras.StatelessScope():  # makes the variables that are missing, and leaves those that there are as they are
        concrete = tf.function(function, autograph=autograph).get_concrete_function(*specs, **named)
    return concrete.structured_outputs
