"""What each layer of a model receives and puts out, measured while the model is called."""

import contextlib
from collections.abc import Iterator
from typing import Any, TypeAlias
from unittest import mock

import keras
import tensorflow as tf

__all__ = ["Seen", "closing_op", "statistics", "watched_layers"]

_PASSING = ("Identity", "Reshape", "Squeeze", "ExpandDims", "Cast", "StopGradient")

Seen: TypeAlias = tuple[keras.layers.Layer, tf.Tensor, tf.Tensor]
"""A layer with what it received and what it put out."""


@contextlib.contextmanager
def watched_layers() -> Iterator[list[Seen]]:
    """Note every call of a layer in the block, also of layers that the model doesn't know.

    Keras has no hook for that, so the method that all layers share is wrapped, and put back.

    Yields:
        The calls, which fill up as they are made.
    """
    seen: list[Seen] = []
    original = keras.layers.Layer.__call__

    def call(layer: keras.layers.Layer, *given: Any, **named: Any) -> Any:
        outputs = original(layer, *given, **named)
        first = [tf.nest.flatten(part)[:1] for part in ((given, named), outputs)]
        (received,), (made,) = first if all(first) else ([None], [None])
        if tf.is_tensor(received) and tf.is_tensor(made):
            seen.append((layer, received, made))
        return outputs

    with mock.patch.object(keras.layers.Layer, "__call__", call):
        yield seen


def closing_op(tensor: Any) -> str:
    """The kind of op that a tensor of a graph comes from, such as `"Softmax"`.

    Ops that only change its form are passed over. `""` outside graphs.
    """
    if not hasattr(tensor, "op") or not tf.is_symbolic_tensor(tensor):
        return ""
    op = tensor.op
    while op.type in _PASSING and op.inputs:
        op = op.inputs[0].op
    return str(op.type)


def statistics(seen: Seen) -> dict[str, tf.Tensor]:
    """Measure what a layer received and put out for a batch, each as one number."""
    _, received, made = seen
    made = tf.cast(made, "float32")
    units = tf.reshape(made, [-1, tf.shape(made)[-1]])  # (everything, units)
    size = tf.reduce_max(tf.abs(made))
    spread = tf.reduce_max(tf.reduce_max(made, 0) - tf.reduce_min(made, 0))
    return {
        "finite": tf.reduce_all(tf.math.is_finite(made)),
        "received_finite": _finite(received),
        "spread": spread / (size + 1e-12),  # between the examples, 0 if all are alike
        "units": tf.shape(made)[-1],
        "silent": tf.reduce_mean(tf.cast(tf.reduce_all(units == 0, 0), "float32")),
        "at_one": tf.reduce_mean(tf.cast(tf.abs(made) > 0.99, "float32")),
        "at_zero": tf.reduce_mean(tf.cast(tf.abs(made) < 0.01, "float32")),
        "received_size": _size(received),
    }


def _finite(tensor: tf.Tensor) -> tf.Tensor:
    return tf.reduce_all(tf.math.is_finite(tensor)) if tensor.dtype.is_floating else True


def _size(tensor: tf.Tensor) -> tf.Tensor:
    numeric = tensor.dtype.is_floating or tensor.dtype.is_integer
    return tf.reduce_max(tf.abs(tf.cast(tensor, "float32"))) if numeric else 0.0
