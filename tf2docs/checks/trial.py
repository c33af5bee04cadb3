"""Trying a model out without touching it: its values are copied, and its code is run on the copies.

Keras has a scope for that, in which the variables of a model stand for other values.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf2docs._steps import add_up, called, specs_of, tried
from tf2docs.checks.examples import Examples
from tf2docs.checks.layers_seen import Seen, closing_op, statistics, watched_layers
from tf2docs.checks.losses import Loss

__all__ = ["Look", "Rehearsal", "Trial", "batch_of"]


@dataclasses.dataclass(frozen=True)
class Look:
    """What came of calling a model once on a batch, as in training.

    Args:
        loss: The loss, and `penalty`, what regularizers add to it.
        gradients: In the order of the trainable variables; None where there is no path.
        updated: Which of the other variables the call itself changed, such as moving means.
        layers: In the order called: the layer, its closing op and its statistics.
        unknown: Names and shapes of variables that were used and that the model doesn't know.
    """

    loss: float
    penalty: float
    gradients: list[np.ndarray | None]
    updated: list[bool]
    layers: list[tuple[keras.layers.Layer, str, dict[str, Any]]]
    unknown: list[str]


class Trial:
    """A model with its loss, to be called on copies of its values.

    Args:
        model: The model; it is built if it isn't yet.
        loss: The loss.
        examples: What to build it on.
    """

    def __init__(self, model: keras.Model, loss: Loss, examples: Examples) -> None:
        self.model, self.loss = model, loss
        if not model.built or not model.variables:
            tried(model, specs_of(_tensors(examples.some(2).inputs)), training=False)
        self.trainable = list(model.trainable_variables)
        known = {id(variable) for variable in self.trainable}
        self.others = [one for one in model.variables if id(one) not in known]
        self.layers: list[tuple[keras.layers.Layer, str]] = []
        self.closing, self.unknown = "", list[str]()
        self._predict = self._traced(self._predictions, examples.inputs)
        self._differentiate: Any = None

    def values(self) -> tuple[list[tf.Tensor], list[tf.Tensor]]:
        """Copies of what the variables hold: the trainable ones, and the others."""
        parts = self.trainable, self.others
        trainable, others = ([tf.identity(one.value) for one in part] for part in parts)
        return trainable, others

    def predict(self, examples: Examples, values: Any = None) -> Any:
        """The predictions for examples, not as in training, as arrays."""
        predictions = self._at_rest(_tensors(examples.inputs), values)
        return tf.nest.map_structure(np.asarray, predictions)

    def resting_loss(self, examples: Examples, values: Any = None) -> float:
        """The loss of these predictions."""
        inputs, labels, *weights = batch_of(examples)
        return float(self.loss(labels, self._at_rest(inputs, values), *weights))

    def look(self, examples: Examples, values: Any = None) -> Look:
        """Call the model on examples, as in training, and take gradients."""
        loss, penalty, gradients, new, measured = self.differentiate(
            values or self.values(), batch_of(examples)
        )
        measured = tf.nest.map_structure(np.asarray, measured)
        return Look(
            float(loss),
            float(penalty),
            [None if one is None else np.asarray(one) for one in gradients],
            [one is not None for one in new],
            [(*layer, numbers) for layer, numbers in zip(self.layers, measured, strict=True)],
            self.unknown,
        )

    def differentiate(self, values: Any, batch: Any) -> Any:
        """Compute loss, penalty, gradients, new values of the other variables, and statistics."""
        if self._differentiate is None:
            self._differentiate = self._traced(self._gradients, batch)
        return self._differentiate(values, batch)

    def _at_rest(self, inputs: Any, values: Any) -> Any:
        return self._predict(values or self.values(), inputs)

    def _traced(self, function: Callable[..., Any], given: Any) -> Callable[..., Any]:
        """Make a graph of a function for batches of any size, as `fit` does."""
        if getattr(self.model, "run_eagerly", False):
            return function
        specs = tf.nest.map_structure(_any_size, given)
        traced: Callable[..., Any] = tf.function(
            function, autograph=False, input_signature=[specs_of(self.values()), specs]
        )
        return traced

    def _predictions(self, values: Any, inputs: Any) -> Any:
        with self._scope(values):
            predictions = called(self.model, inputs, training=False)
        self.closing = closing_op(tf.nest.flatten(predictions)[0])
        return predictions

    def _gradients(self, values: Any, batch: Any) -> Any:
        trainable, others = values
        with tf.GradientTape() as tape, watched_layers() as seen:
            tape.watch(trainable)
            with self._scope(values) as scope:
                predictions = called(self.model, batch[0], training=True)
                loss = self.loss(batch[1], predictions, *batch[2:])
                penalty = add_up(tf.constant(0.0), self.model.losses)
            total = loss + penalty
        gradients = [_dense(one) for one in tape.gradient(total, trainable)]
        new = [scope.get_current_value(variable) for variable in self.others]
        changed = [None if one is old else one for one, old in zip(new, others, strict=True)]
        kept = [one for one in seen if _measurable(one, predictions, self.model)]
        self.layers = [(layer, closing_op(made)) for layer, _, made in kept]
        self.unknown = [_described(one) for one in tape.watched_variables()]
        return loss, penalty, gradients, changed, [statistics(one) for one in kept]

    def _scope(self, values: Any) -> Any:
        parts = zip((self.trainable, self.others), values, strict=True)
        pairs = [pair for part in parts for pair in zip(*part, strict=True)]
        return keras.StatelessScope(state_mapping=pairs, collect_losses=True)


class Rehearsal:
    """Training of copies of a model's variables on one batch.

    Args:
        trial: The model.
        optimizer: An optimizer of its own, not yet built.
        examples: The batch.
    """

    def __init__(
        self, trial: Trial, optimizer: keras.optimizers.Optimizer, examples: Examples
    ) -> None:
        self._trial, self.optimizer, self._batch = trial, optimizer, batch_of(examples)
        self._copies = [
            keras.Variable(value, dtype=variable.dtype, name=variable.name)
            for variable, value in zip(trial.trainable, trial.values()[0], strict=True)
        ]
        optimizer.build(self._copies)
        self._first = [tf.identity(one.value) for one in optimizer.variables]
        self._apply = tf.function(self._applied, autograph=False)

    def run(self, steps: int, learning_rate: float | None = None) -> tuple[np.ndarray, Any]:
        """Train from the model's own values.

        Args:
            steps: How many steps at most; it ends when the loss isn't finite.
            learning_rate: The rate, if it isn't the optimizer's own.

        Returns:
            The losses, each from before its step, with what regularizers add, and the values after
                the last one, as `Trial.look` takes them.
        """
        trainable, others = self._trial.values()
        for variable, value in zip(self._copies, trainable, strict=True):
            variable.assign(value)
        for variable, value in zip(self.optimizer.variables, self._first, strict=True):
            variable.assign(value)
        if learning_rate is not None:
            self.optimizer.learning_rate = learning_rate
        losses: list[float] = []
        while len(losses) < steps and np.isfinite(losses[-1:]).all():
            values = [one.value for one in self._copies], others
            loss, penalty, gradients, new, _ = self._trial.differentiate(values, self._batch)
            losses.append(float(loss + penalty))
            self._apply([one for one in gradients if one is not None], self._with_path(gradients))
            others = [old if one is None else one for one, old in zip(new, others, strict=True)]
        return np.array(losses), ([tf.identity(one.value) for one in self._copies], others)

    def _with_path(self, gradients: list[Any]) -> tuple[bool, ...]:
        return tuple(gradient is not None for gradient in gradients)

    def _applied(self, gradients: list[tf.Tensor], with_path: tuple[bool, ...]) -> None:
        given = iter(gradients)
        whole = [
            next(given) if path else tf.zeros_like(copy)
            for path, copy in zip(with_path, self._copies, strict=True)
        ]
        self.optimizer.apply(whole, self._copies)


def batch_of(examples: Examples) -> tuple[Any, ...]:
    """Inputs, labels and, if there are any, weights, as tensors."""
    parts = (examples.inputs, examples.labels, examples.weights)
    return tuple(_tensors(part) for part in parts if part is not None)


def _tensors(part: Any) -> Any:
    return tf.nest.map_structure(_tensor, part)


def _tensor(array: np.ndarray) -> tf.Tensor:
    # fit makes float32 of float64, too
    return tf.constant(array, "float32" if array.dtype == np.float64 else None)


def _measurable(seen: Seen, predictions: Any, model: keras.Model) -> bool:
    layer, _, made = seen
    if layer is model or not made.dtype.is_floating or made.shape.rank in (None, 0, 1):
        return False
    # what is inside of a loop belongs to the graph of that loop
    outer = tf.nest.flatten(predictions)[0]
    return not tf.is_symbolic_tensor(made) or made.graph is outer.graph


def _dense(gradient: Any) -> Any:
    return gradient if gradient is None else tf.convert_to_tensor(gradient)


def _any_size(part: Any) -> Any:
    """Describe a batch like this one, of any size."""
    tensor = part if tf.is_tensor(part) else _tensor(part)
    return tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype)


def _described(variable: Any) -> str:
    return f"{variable.name.partition(':')[0]} of shape {tuple(variable.shape)}"
