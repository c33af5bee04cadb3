"""What a training loop measures in an epoch: the loss, and the metrics asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

from tf2docs._checks import check_kind

__all__ = ["Measures"]

Metrics = Sequence[keras.metrics.Metric] | Mapping[Any, keras.metrics.Metric | Sequence[keras.metrics.Metric]]
"""Metrics of a model with one output, or those of each output by its key."""

_EXAMPLE = "keras.metrics.SparseCategoricalAccuracy()"


class Measures:
    """The mean loss of an epoch, and its metrics.

    Args:
        metrics: The metrics, each an object of its own, or those of each output of the model by the output's key.

    Raises:
        TypeError: They are something else.
        ValueError: Two of them would bear one name.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._loss = keras.metrics.Mean(name="loss")
        self._metrics = list(_named(metrics))
        self._by_output = isinstance(metrics, Mapping)
        names = ["loss", *(name for name, *_ in self._metrics)]
        if len(set(names)) < len(names):
            raise ValueError(
                f"the results would be called {', '.join(names)}, expected each name once. "
                'Name the metrics apart, such as keras.metrics.Mean(name="…"); the first "loss" is the loss itself.'
            )

    def reset(self) -> None:
        """Forget what was measured."""
        for metric in (self._loss, *(metric for _, metric, _ in self._metrics)):
            metric.reset_state()

    def update(self, loss: tf.Tensor, labels: Any, predictions: Any) -> None:
        """Count in a batch.

        Args:
            loss: The mean loss of its examples, of shape `()`.
            labels: Its labels, or a nest of them.
            predictions: What the model makes of its inputs, in the same nest.

        Raises:
            ValueError: The loss isn't one number, or the metrics don't belong to such predictions.
        """
        _check_one_number(
            "loss_fn returned", loss, "Give a loss object such as keras.losses.MeanSquaredError(), which averages."
        )
        self._check_outputs(predictions)
        examples = tf.shape(tf.nest.flatten(labels)[0])[0]  # the last batch may be smaller
        self._loss.update_state(loss, sample_weight=examples)
        for name, metric, output in self._metrics:
            of = (labels, predictions) if output is None else (labels[output], predictions[output])
            metric.update_state(*of)
            _check_one_number(f"the metric {name} has", metric.result(), "Average over the classes.")

    def results(self) -> dict[str, float]:
        """The mean loss over all examples, and the result of each metric.

        Raises:
            ValueError: There was no batch.
        """
        if not float(self._loss.count):
            raise ValueError("the data set had no batch, expected at least one.")
        return {"loss": float(self._loss.result())} | {
            name: float(metric.result()) for name, metric, _ in self._metrics
        }

    def _check_outputs(self, predictions: Any) -> None:
        several = isinstance(predictions, dict | list | tuple)
        if self._metrics and several and not self._by_output:
            keys = list(predictions) if isinstance(predictions, dict) else list(range(len(predictions)))
            raise ValueError(
                f"the model has the outputs {keys}, expected the metrics of each: {{{keys[0]!r}: [{_EXAMPLE}]}}."
            )
        keys = predictions if isinstance(predictions, dict) else range(len(predictions) if several else 0)
        if unknown := [output for _, _, output in self._metrics if output is not None and output not in keys]:
            raise ValueError(f"the model has no output {unknown[0]!r}, expected one of {list(keys)}.")


def _named(metrics: Metrics) -> Iterator[tuple[str, keras.metrics.Metric, Any]]:
    """A name, a metric and the key of its output, None for the only one."""
    if isinstance(metrics, (keras.metrics.Metric, str)):
        raise TypeError(f"metrics is {metrics!r}, expected a list of metrics such as [{_EXAMPLE}].")
    if isinstance(metrics, Mapping):
        for output, some in metrics.items():
            some = [some] if isinstance(some, keras.metrics.Metric) else some
            yield from ((f"{output}_{name}", metric, output) for name, metric, _ in _named(some))
        return
    for metric in metrics:
        check_kind("one of metrics", metric, keras.metrics.Metric, _EXAMPLE)
        yield metric.name, metric, None


def _check_one_number(what: str, value: Any, mend: str) -> None:
    shapes = [tf.convert_to_tensor(part).shape for part in tf.nest.flatten(value)]
    if len(shapes) != 1 or shapes[0].rank not in (0, None):
        told = tuple(shapes[0]) if len(shapes) == 1 else [tuple(shape) for shape in shapes]
        raise ValueError(f"{what} the shape {told} for a batch, expected one number, of shape (). {mend}")
