"""The training loops of the tutorials: state goes in, the results of each epoch come out.

Nothing here prints, draws or stops early. The loops are iterators, so that whoever calls them sees each epoch's
results as soon as there are any, and may print them, keep them, or stop.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import tensorflow as tf
from numpy.typing import ArrayLike

from tf2docs.models import Line

__all__ = ["descend", "evaluate", "fit_line", "mean_squared_error", "train"]


def mean_squared_error(targets: ArrayLike, predictions: ArrayLike) -> tf.Tensor:
    """Average the squared differences, the L2 loss.

    The shapes must be equal: `(n, 1)` against `(n,)` would be broadcast to all n × n pairs, without an error
    and with a loss that means nothing.

    Args:
        targets: What the model should predict, of any shape.
        predictions: What it predicts, of the same shape.

    Returns:
        One number, of shape `()`.

    Raises:
        ValueError: The shapes differ.

    Examples:
        >>> float(mean_squared_error([1.0, 2.0], [1.0, 4.0]))
        2.0
    """
    targets = tf.convert_to_tensor(targets)
    predictions = tf.convert_to_tensor(predictions)
    _check_same_shape(targets, predictions)
    return tf.reduce_mean(tf.square(predictions - targets))


def descend(line: Line, inputs: ArrayLike, targets: ArrayLike, *, learning_rate: float) -> tf.Tensor:
    """Take one step of gradient descent: move W and b so that the loss falls.

    Args:
        line: The line, which is changed.
        inputs: The x of all points, of shape `(examples,)`.
        targets: Their y, of shape `(examples,)`.
        learning_rate: How far to go against the gradient: the step is this many times the gradient.

    Returns:
        The loss before the step, of shape `()`.

    Raises:
        ValueError: The shapes differ.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> float(descend(line, [1.0, -1.0], [3.0, -3.0], learning_rate=0.25))
        4.0
        >>> float(line.W), float(line.b)
        (4.0, 0.0)
    """
    with tf.GradientTape() as tape:
        loss = mean_squared_error(targets, line(inputs))
    variables = line.trainable_variables  # W and b
    gradients = tape.gradient(loss, variables)
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss


def fit_line(
    line: Line, inputs: ArrayLike, targets: ArrayLike, *, epochs: int = 10, learning_rate: float = 0.1
) -> Iterator[dict[str, float]]:
    """Fit a line to points by gradient descent, one step an epoch.

    Args:
        line: The line to begin with, which is changed.
        inputs: The x of all points, of shape `(examples,)`.
        targets: Their y, of shape `(examples,)`.
        epochs: How many steps.
        learning_rate: How far each step goes against the gradient.

    Yields:
        `W`, `b` and `loss` before each step. By the time an item comes, its step has been taken.

    Raises:
        ValueError: The shapes differ, or `epochs` is below 1. It is raised when the first epoch is asked for.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> for epoch in fit_line(line, [1.0, -1.0], [3.0, -3.0], epochs=2, learning_rate=0.25):
        ...     print(epoch)
        {'W': 5.0, 'b': 0.0, 'loss': 4.0}
        {'W': 4.0, 'b': 0.0, 'loss': 1.0}
    """
    for _ in range(_checked_epochs(epochs)):
        before = {"W": float(line.W), "b": float(line.b)}
        loss = descend(line, inputs, targets, learning_rate=learning_rate)
        yield before | {"loss": float(loss)}


def train(
    model: keras.Model,
    dataset: tf.data.Dataset,
    *,
    loss_fn: Callable[[Any, Any], tf.Tensor],
    optimizer: keras.optimizers.Optimizer,
    metrics: Sequence[keras.metrics.Metric] = (),
    epochs: int = 1,
) -> Iterator[dict[str, float]]:
    """Train a model and yield the results of each epoch.

    A whole epoch is one graph, so that Python doesn't stand between two steps. Results are what `fit` reports: the loss
    is averaged over examples, not over batches, and includes what the layers add to it, such as regularization. Metrics
    are reset before each epoch. What `fit` knows beyond that is left out: weights of examples and classes, callbacks,
    XLA, and the loss scaling of `mixed_float16`.

    Args:
        model: Any Keras model, which is changed, and built first if it isn't yet.
        dataset: Batches of `(inputs, labels)`, finitely many.
        loss_fn: Takes labels and predictions and returns one number, such as `keras.losses.MeanSquaredError()`.
        optimizer: A new one, or the one that this model was trained with before.
        metrics: What else to measure, under its own name. Each is reset.
        epochs: How often to go through the data set.

    Yields:
        For each epoch `loss` and the result of each metric, measured while the model was learning. An epoch begins when
            it is asked for: to train, go through the iterator.

    Raises:
        ValueError: The data set doesn't hold batches of `(inputs, labels)`, is empty or never ends, the loss isn't one
            number, a metric is called `loss` or bears another one's name, or `epochs` is below 1.
        TypeError: The data set, the optimizer or a metric is something else, such as a name.

    Both are raised when the first epoch is asked for.

    Examples:
        >>> keras.utils.set_random_seed(0)
        >>> model = keras.Sequential([keras.layers.Dense(1)])
        >>> points = tf.data.Dataset.from_tensor_slices(([[-1.0], [1.0]], [[-1.0], [5.0]])).batch(2)
        >>> optimizer = keras.optimizers.SGD(0.1)
        >>> for epoch in train(model, points, loss_fn=keras.losses.MeanSquaredError(), optimizer=optimizer, epochs=50):
        ...     pass
        >>> print(f"{epoch['loss']:.3f}")
        0.000
    """
    results = _results(metrics)
    _build(model, dataset, loss_fn, results, optimizer)

    @tf.function
    def train_epoch():
        for inputs, labels in dataset:  # becomes a loop in the graph
            with tf.GradientTape() as tape:
                predictions = model(inputs, training=True)
                loss = loss_fn(labels, predictions) + sum(model.losses)
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            _update(results, loss, labels, predictions)

    for _ in range(_checked_epochs(epochs)):
        yield _measured(results, train_epoch)


def evaluate(
    model: keras.Model,
    dataset: tf.data.Dataset,
    *,
    loss_fn: Callable[[Any, Any], tf.Tensor],
    metrics: Sequence[keras.metrics.Metric] = (),
) -> dict[str, float]:
    """Measure a model's loss and metrics on a data set, without changing the model.

    Args:
        model: Any Keras model.
        dataset: Batches of `(inputs, labels)`, finitely many.
        loss_fn: Takes labels and predictions and returns one number.
        metrics: What else to measure, under its own name. Each is reset, and may be one that is used in training too.

    Returns:
        `loss`, averaged over the examples, and the result of each metric.

    Raises:
        ValueError, TypeError: For the reasons that [`train`][tf2docs.training.train] gives.

    Examples:
        >>> model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="zeros")])
        >>> points = tf.data.Dataset.from_tensor_slices(([[-1.0], [1.0]], [[-1.0], [5.0]])).batch(2)
        >>> evaluate(model, points, loss_fn=keras.losses.MeanSquaredError())
        {'loss': 13.0}
    """
    results = _results(metrics)
    _build(model, dataset, loss_fn, results)

    @tf.function
    def test_epoch():
        for inputs, labels in dataset:
            predictions = model(inputs, training=False)
            loss = loss_fn(labels, predictions) + sum(model.losses)
            _update(results, loss, labels, predictions)

    return _measured(results, test_epoch)


def _results(metrics: Sequence[keras.metrics.Metric]) -> list[keras.metrics.Metric]:
    """The loss, as a metric of its own, and the metrics asked for."""
    for metric in metrics:
        _check_kind("one of metrics", metric, keras.metrics.Metric, "keras.metrics.SparseCategoricalAccuracy()")
    results = [keras.metrics.Mean(name="loss"), *metrics]
    names = [metric.name for metric in results]
    if len(set(names)) < len(names):
        raise ValueError(
            f"the results would be called {', '.join(names)}, expected each name once. "
            'Name the metrics apart, such as keras.metrics.Mean(name="…"); the first "loss" is the loss itself.'
        )
    return results


def _update(results: list[keras.metrics.Metric], loss: tf.Tensor, labels: Any, predictions: Any) -> None:
    mean_loss, *metrics = results
    mean_loss.update_state(loss, sample_weight=tf.shape(tf.nest.flatten(labels)[0])[0])  # the last batch may be smaller
    for metric in metrics:
        metric.update_state(labels, predictions)


def _measured(results: list[keras.metrics.Metric], epoch: Any) -> dict[str, float]:
    for metric in results:
        metric.reset_state()
    epoch.get_concrete_function()()  # calling `epoch` itself would make TensorFlow warn of a new trace per evaluation
    return {metric.name: float(metric.result()) for metric in results}


def _build(
    model: keras.Model,
    dataset: tf.data.Dataset,
    loss_fn: Callable[[Any, Any], tf.Tensor],
    results: list[keras.metrics.Metric],
    optimizer: keras.optimizers.Optimizer | None = None,
) -> None:
    """Make every variable before a graph is traced, which may not make any, and see that the parts fit together."""
    _check_dataset(dataset)
    inputs, labels = tf.nest.map_structure(_example, dataset.element_spec)
    predictions = model(inputs, training=False)
    loss = tf.convert_to_tensor(loss_fn(labels, predictions))
    if loss.shape.rank != 0:
        raise ValueError(
            f"loss_fn returned the shape {tuple(loss.shape)} for a batch, expected one number, of shape (). "
            "Give a loss object such as keras.losses.MeanSquaredError(), which averages."
        )
    _update(results, loss, labels, predictions)
    if optimizer is not None:
        _check_kind("optimizer", optimizer, keras.optimizers.Optimizer, "keras.optimizers.Adam()")
        if not optimizer.built:
            optimizer.build(model.trainable_variables)


def _example(spec: tf.TensorSpec) -> tf.Tensor:
    """Zeros of that shape, with one where a length is unknown."""
    return tf.zeros([length or 1 for length in spec.shape], spec.dtype)


def _check_kind(what: str, value: object, kind: type, example: str) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{what} is {_shortened(value)}, expected an object such as {example}.")


def _shortened(value: object) -> str:
    return repr(value) if isinstance(value, str) else f"a {type(value).__name__}"


def _check_dataset(dataset: tf.data.Dataset) -> None:
    example = "tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(32)"
    _check_kind("dataset", dataset, tf.data.Dataset, example)
    spec, mend = dataset.element_spec, f"Such a data set is {example}."
    if not isinstance(spec, tuple) or len(spec) != 2:
        held = f"{len(spec)} parts" if isinstance(spec, tuple) else f"{type(spec).__name__} alone"
        raise ValueError(f"an element of the data set holds {held}, expected (inputs, labels). {mend}")
    if any(part.shape.rank is None for part in tf.nest.flatten(spec)):
        raise ValueError("an element of the data set has no known shape. Map it through tf.ensure_shape to say which.")
    if any(part.shape.rank == 0 for part in tf.nest.flatten(spec)):
        raise ValueError(f"an element of the data set is a single example, expected a batch of them. {mend}")
    if dataset.cardinality() in (0, tf.data.INFINITE_CARDINALITY):
        amount = "is empty" if dataset.cardinality() == 0 else "never ends"
        raise ValueError(f"the data set {amount}, expected some batches. dataset.take(100) takes the first 100.")


def _check_same_shape(targets: tf.Tensor, predictions: tf.Tensor) -> None:
    if targets.shape != predictions.shape:
        raise ValueError(
            f"targets have the shape {tuple(targets.shape)} and predictions {tuple(predictions.shape)}, "
            "expected the same. numpy.squeeze takes away an axis of length 1."
        )


def _checked_epochs(epochs: int) -> int:
    if epochs < 1:
        raise ValueError(f"epochs is {epochs}, expected at least 1.")
    return epochs
