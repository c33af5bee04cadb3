"""What a training loop measures in an epoch: the loss, and the metrics asked for."""

import types
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import keras
import numpy as np
import tensorflow as tf

from tf2docs._checks import (
    check_dataset,
    check_kind,
    check_loss_fn,
    check_model,
    check_no_strategy,
    shortened,
)
from tf2docs._steps import specs_of, tried, tried_loss, tried_metric, unpacked

__all__ = ["Measures", "Metrics", "kept_measures"]

Metrics: TypeAlias = (
    Iterable[keras.metrics.Metric]
    | Mapping[Any, keras.metrics.Metric | Iterable[keras.metrics.Metric]]
)
"""Metrics of a model with one output, or those of each output by its key."""

_EXAMPLE = "keras.metrics.SparseCategoricalAccuracy()"

_STATEFUL = (
    "A layer is stateful, so all batches must have the size that it was built for. "
    "batch(size, drop_remainder=True) leaves out a smaller last one."
)


class Measures:
    """The mean loss of an epoch, and its metrics, of one model on data that look alike.

    Making them sees that all parts fit together, and builds the model if it isn't yet.

    Args:
        model: The model.
        dataset: Batches of inputs, labels and perhaps weights.
        loss_fn: The loss.
        metrics: The metrics, each an object of its own, or those of each output of the model by the
            output's key.
        training: Whether the model is to be trained.

    Raises:
        TypeError: An argument is something else.
        ValueError: Two metrics would bear one name or are one object, one isn't a number, or the
            parts don't fit together.
    """

    def __init__(
        self,
        model: keras.Model,
        dataset: tf.data.Dataset,
        loss_fn: Callable[..., Any],
        metrics: Metrics,
        *,
        training: bool,
    ) -> None:
        inputs, labels, weights = unpacked(dataset.element_spec)
        self._loss = keras.metrics.Mean(name="loss")
        self._metrics = list(_named(metrics))
        self._names = getattr(model, "output_names", [])
        self._graph: Any = None
        self._constant = [loss_fn, *(metric for _, metric, _ in self._metrics)]
        self._model = model
        self._settings: list[Any] | None = None
        self._check_names()
        self._check_objects()
        predictions = specs_of(tried(model, inputs, training=training))
        self._check_outputs(predictions, by_output=isinstance(metrics, Mapping))
        tried_loss(loss_fn, labels, predictions, weights)
        for name, metric, output in self._metrics:
            tried_metric(name, metric, self._part(labels, output), self._part(predictions, output))

    def update(self, loss: tf.Tensor, inputs: Any, labels: Any, predictions: Any) -> None:
        """Count in a batch.

        Its loss by its size, since the last may be smaller, and the metrics without weights.

        Args:
            loss: The loss of the batch, of shape `()`.
            inputs: Its inputs.
            labels: Its labels, or a nest of them.
            predictions: What the model makes of its inputs, in the same nest.
        """
        self._loss.update_state(loss, sample_weight=tf.shape(tf.nest.flatten(inputs)[0])[0])
        for _, metric, output in self._metrics:
            metric.update_state(self._part(labels, output), self._part(predictions, output))

    def kept_graph(self, epoch: Callable[..., None]) -> Any:
        """Make a graph of an epoch, once: later the first one is returned, whatever comes."""
        self._graph = self._graph or tf.function(epoch)
        return self._graph

    def are_current(self) -> bool:
        """Whether all that the graph takes for constant is as it was when the last epoch ended."""
        return self._settings == _settings(self._model, self._constant)

    def over(self, epoch: Callable[..., None], *data: tf.data.Dataset) -> dict[str, float]:
        """Run an epoch and return the mean loss over its examples, and the result of each metric.

        Raises:
            ValueError: It had no examples.
        """
        for metric in (self._loss, *(metric for _, metric, _ in self._metrics)):
            metric.reset_state()
        try:
            epoch(*data)
        except tf.errors.InvalidArgumentError as error:
            if any(getattr(layer, "stateful", False) for layer in self._model._flatten_layers()):
                error.add_note(_STATEFUL)
            raise
        self._settings = _settings(self._model, self._constant)
        if not float(self._loss.count):
            raise ValueError(
                "the data set gave no examples in this epoch, expected some batches. Perhaps a "
                "filter lets nothing pass, or a generator is used up: "
                "tf.data.Dataset.from_generator takes a function that makes a new one."
            )
        results = {name: float(metric.result()) for name, metric, _ in self._metrics}
        return {"loss": float(self._loss.result())} | results

    def _check_names(self) -> None:
        names = ["loss", *(name for name, *_ in self._metrics)]
        if len(set(names)) < len(names):
            raise ValueError(
                f"the results would be called {', '.join(names)}, expected each name once. "
                'Name the metrics apart, such as keras.metrics.Mean(name="…"); the first '
                '"loss" is the loss itself.'
            )

    def _check_objects(self) -> None:
        metrics = [metric for _, metric, _ in self._metrics]
        for name, metric, _ in self._metrics:
            if sum(one is metric for one in metrics) > 1:
                raise ValueError(
                    f"the metric of {name} is that of another output too, expected an object of "
                    "its own for each: what one counts would be mixed with what the other counts."
                )

    def _check_outputs(self, predictions: Any, *, by_output: bool) -> None:
        keys = _keys(predictions, self._names)
        if self._metrics and keys and not by_output:
            raise ValueError(
                f"the model has the outputs {', '.join(map(str, keys))}, expected the metrics of "
                f"each: metrics={{{keys[0]!r}: [{_EXAMPLE}]}}."
            )
        for _, _, output in self._metrics:
            if output is not None and output not in keys:
                had = (
                    f"one of {', '.join(map(str, keys))}"
                    if keys
                    else "a list of metrics, since there is one output"
                )
                raise ValueError(f"the model has no output {output!r}, expected {had}.")

    def _part(self, values: Any, output: Any) -> Any:
        if output is None or isinstance(values, Mapping):
            return values if output is None else values[output]
        return values[self._names.index(output) if output in self._names else output]


def kept_measures(
    model: keras.Model, dataset: tf.data.Dataset, loss_fn: Callable[..., Any], metrics: Metrics
) -> Measures:
    """Return the measures of an earlier call with the same arguments.

    Their graph needn't be traced again.

    The model keeps them, as it keeps the graphs of `fit`, so that they go when it goes. They are
    made anew once a setting of the model has changed that a graph takes for constant.
    """
    check_model(model, "test_step", "compute_loss", "compute_metrics")
    check_no_strategy(model)
    check_dataset(dataset)
    check_loss_fn(loss_fn, weighted=len(dataset.element_spec) == 3)
    metrics = (
        metrics if isinstance(metrics, Mapping) else [metric for _, metric, _ in _named(metrics)]
    )
    kept = vars(model).get("_tf2docs_measures")
    if kept is None:
        kept = model._tf2docs_measures = _Kept()
    return kept.find(model, dataset, loss_fn, metrics)


class _Kept:
    """The measures of a model's last evaluations. A class of its own.

    Keras tracks what lies in a plain dict.
    """

    def __init__(self) -> None:
        self.found: dict[Any, Measures] = {}

    def find(
        self, model: keras.Model, dataset: tf.data.Dataset, loss_fn: Any, metrics: Metrics
    ) -> Measures:
        parts = [(name, id(metric)) for name, metric, _ in _named(metrics)]
        loss_key = loss_fn if isinstance(loss_fn, Hashable) else id(loss_fn)
        key = (loss_key, *parts, repr(dataset.element_spec))
        measures = self.found.pop(key, None)
        if measures is None or not measures.are_current():
            measures = Measures(model, dataset, loss_fn, metrics, training=False)
        self.found[key] = measures
        while len(self.found) > 8:  # a loss written anew for each call would fill the memory
            self.found.pop(next(iter(self.found)))
        return measures


def _settings(model: keras.Model, others: list[Any]) -> list[Any]:
    """What a graph takes for constant.

    Of each layer, variable and other part what Python knows of it.
    """
    layers = [
        (id(layer), layer.trainable, layer.dtype_policy.name, _plain_attributes(layer))
        # with those within layers, for which Keras has no public way
        for layer in model._flatten_layers()
    ]
    variables = [
        (id(variable), variable.trainable, _plain(getattr(variable, "regularizer", None)))
        for variable in model.variables
    ]
    return [layers, variables, [_plain_attributes(one) for one in others]]


def _plain_attributes(thing: Any) -> dict[str, Any]:
    """Attributes by name.

    Of private ones only numbers and texts, since Keras uses the others while it works.
    """
    attributes = getattr(thing, "__dict__", {})
    private = {name: value for name, value in attributes.items() if name.startswith("_")}
    return {
        name: _plain(value)
        for name, value in attributes.items()
        if name not in private or isinstance(value, bool | int | float | str)
    }


def _plain(value: Any) -> Any:
    """A value that can be compared.

    Other things stand in it for themselves, by kind or by identity.
    """
    if isinstance(value, bool | int | float | str | np.generic | None):
        return repr(value)  # nan is equal to nan
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, keras.Regularizer):
        return type(value), _plain(vars(value))
    if isinstance(value, np.ndarray | types.FunctionType):
        return id(value)
    return type(value)


def _named(metrics: Metrics) -> Iterator[tuple[str, keras.metrics.Metric, Any]]:
    """A name, a metric and the key of its output, None for the only one."""
    if isinstance(metrics, keras.metrics.Metric | str | type) or not isinstance(metrics, Iterable):
        raise TypeError(
            f"metrics is {shortened(metrics)}, expected a list of metrics such as [{_EXAMPLE}]."
        )
    if isinstance(metrics, Mapping):
        for output, some in metrics.items():
            some = [some] if isinstance(some, keras.metrics.Metric) else some
            yield from ((f"{output}_{name}", metric, output) for name, metric, _ in _named(some))
        return
    for metric in metrics:
        check_kind("one of metrics", metric, keras.metrics.Metric, _EXAMPLE)
        yield metric.name, metric, None


def _keys(predictions: Any, names: list[str]) -> list[Any]:
    """The keys of several outputs: those of a dictionary, or names, or places.

    None where there is one output.
    """
    if isinstance(predictions, Mapping):
        return list(predictions)
    if not isinstance(predictions, list | tuple):
        return []
    return names if len(names) == len(predictions) else list(range(len(predictions)))
