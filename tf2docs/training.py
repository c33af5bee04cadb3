"""The training loops of the tutorials: state goes in, the results of each epoch come out.

Nothing here prints, draws or stops early. The loops are iterators, so that whoever calls them sees each epoch's
results as soon as there are any, and may print them, keep them, or stop.
"""

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import keras
import tensorflow as tf
from numpy.typing import ArrayLike

from tf2docs._checks import (
    check_callable,
    check_dataset,
    check_kind,
    check_no_strategy,
    check_optimizer,
    checked_count,
    checked_rate,
)
from tf2docs._measures import Measures, Metrics
from tf2docs.models import Line

__all__ = ["descend", "evaluate", "fit_line", "mean_squared_error", "train"]


def mean_squared_error(targets: ArrayLike, predictions: ArrayLike) -> tf.Tensor:
    """Average the squared differences, the L2 loss.

    The shapes must be equal: `(n, 1)` against `(n,)` would be broadcast to all n × n pairs, without an error
    and with a loss that means nothing.

    Args:
        targets: What the model should predict, of any shape. Whole numbers are taken for `float32`.
        predictions: What it predicts, of the same shape. Their type is that of the result.

    Returns:
        One number, of shape `()`.

    Raises:
        ValueError: The shapes differ, or there are no numbers.
        TypeError: They are something else than numbers.

    Examples:
        >>> float(mean_squared_error([1.0, 2.0], [1.0, 4.0]))
        2.0
        >>> float(mean_squared_error([0, 1], [1, 1]))
        0.5
    """
    predictions = _as_floats("predictions", predictions)
    targets = tf.cast(_as_floats("targets", targets), predictions.dtype)
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
        ValueError: The shapes differ, or the learning rate isn't finite.
        TypeError: An argument is of another kind.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> float(descend(line, [1.0, -1.0], [3.0, -3.0], learning_rate=0.25))
        4.0
        >>> float(line.W), float(line.b)
        (4.0, 0.0)
    """
    learning_rate = checked_rate(learning_rate)
    with tf.GradientTape() as tape:
        loss = mean_squared_error(targets, line(inputs))
    variables = line.trainable_variables  # W and b
    gradients = tape.gradient(loss, variables)
    for variable, gradient in zip(variables, gradients, strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss


def fit_line(
    line: Line,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    epochs: int = 10,
    learning_rate: float = 0.1,
) -> Iterator[dict[str, float]]:
    """Fit a line to points by gradient descent, one step an epoch.

    Args:
        line: The line to begin with, which is changed.
        inputs: The x of all points, of shape `(examples,)`.
        targets: Their y, of shape `(examples,)`.
        epochs: How many steps.
        learning_rate: How far each step goes against the gradient.

    Returns:
        An iterator. For each epoch it yields `W`, `b` and `loss` before the step. By the time an item comes, its step
            has been taken; a step is taken when its item is asked for.

    Raises:
        ValueError: The shapes differ, there are no points, `epochs` is below 1, or the learning rate isn't finite.
        TypeError: An argument is of another kind.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> for epoch in fit_line(line, [1.0, -1.0], [3.0, -3.0], epochs=2, learning_rate=0.25):
        ...     print(epoch)
        {'W': 5.0, 'b': 0.0, 'loss': 4.0}
        {'W': 4.0, 'b': 0.0, 'loss': 1.0}
    """
    check_kind("line", line, Line, "tf2docs.models.Line(slope=1.0, intercept=0.0)")
    mean_squared_error(targets, line(inputs))  # raises now what would be raised in the first epoch
    epochs, learning_rate = checked_count("epochs", epochs), checked_rate(learning_rate)

    def run() -> Iterator[dict[str, float]]:
        for _ in range(epochs):
            before = {"W": float(line.W), "b": float(line.b)}
            loss = descend(line, inputs, targets, learning_rate=learning_rate)
            yield before | {"loss": float(loss)}

    return run()


def train(
    model: keras.Model,
    dataset: tf.data.Dataset,
    *,
    loss_fn: Callable[..., tf.Tensor],
    optimizer: keras.optimizers.Optimizer,
    metrics: Metrics = (),
    epochs: int = 1,
) -> Iterator[dict[str, float]]:
    """Train a model and yield the results of each epoch: a training loop to read and to start from.

    A whole epoch is one graph, so that Python doesn't stand between two steps. Results and weights are those of `fit`:
    the loss is averaged over examples, not over batches, and includes what the layers add to it, such as
    regularization; metrics are reset before each epoch, and weights of examples count in the loss alone; an optimizer
    may scale the loss, clip, accumulate or decay, and one that averages the weights (`use_ema`) sets them to their
    averages after the last epoch, before its results come.

    Left out is what `fit` does beyond that: validation, callbacks, class weights, weighted metrics, metrics that
    layers bring along, and XLA. For several devices there is
    [`tf2docs.distribution.train`][tf2docs.distribution.train].

    Args:
        model: A Keras model, which is changed, and built first if it isn't yet.
        dataset: Batches of `(inputs, labels)` or `(inputs, labels, weights)`, finitely many.
        loss_fn: Takes labels and predictions, and weights if there are any, and returns one number, such as
            `keras.losses.MeanSquaredError()`.
        optimizer: A new one, or the one that this model was trained with before.
        metrics: What else to measure, under its own name. Each is reset. Of a model with several outputs a dictionary,
            from an output's key (its place, if the outputs are a list) to its metrics, under `key_name`.
        epochs: How often to go through the data set.

    Returns:
        An iterator. For each epoch it yields `loss` and the result of each metric, measured while the model was
            learning. An epoch begins when it is asked for: to train, go through the iterator.

    Raises:
        ValueError: The data set doesn't hold such batches, is empty or never ends; the loss or a metric isn't one
            number; the metrics don't fit the outputs or share a name; `epochs` is below 1; the model has nothing to
            train or needs a scaled loss; the optimizer belongs to other variables; a strategy is in scope.
        TypeError: An argument is of another kind, such as a name.

    Both are raised at once, but for one: a data set that turns out to have no batches is noticed in the epoch.

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
    measures, epochs = Measures(metrics), checked_count("epochs", epochs)
    check_no_strategy()
    _prepare(model, dataset, loss_fn, optimizer)

    @tf.function
    def train_epoch():
        for inputs, labels, *weights in dataset:  # becomes a loop in the graph
            with tf.GradientTape() as tape:
                predictions = model(inputs, training=True)
                loss = loss_fn(labels, predictions, *weights) + sum(map(tf.reduce_sum, model.losses))
                scaled_loss = optimizer.scale_loss(loss)  # the loss itself, unless for float16
            gradients = tape.gradient(scaled_loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            measures.update(loss, labels, predictions)

    return _run(train_epoch.get_concrete_function(), measures, model, optimizer, epochs)


def evaluate(
    model: keras.Model,
    dataset: tf.data.Dataset,
    *,
    loss_fn: Callable[..., tf.Tensor],
    metrics: Metrics = (),
) -> dict[str, float]:
    """Measure a model's loss and metrics on a data set, without changing the model.

    Args:
        model: A Keras model.
        dataset: Batches of `(inputs, labels)` or `(inputs, labels, weights)`, finitely many.
        loss_fn: Takes labels and predictions, and weights if there are any, and returns one number.
        metrics: What else to measure, as in [`train`][tf2docs.training.train]. Each is reset, and may be one that is
            used in training too.

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
    measures = Measures(metrics)
    _prepare(model, dataset, loss_fn)
    forward = _forward(model, dataset.element_spec[0])  # a graph, made once for a model and such inputs
    measures.reset()
    for inputs, labels, *weights in dataset:
        predictions, added_loss = forward(inputs)
        measures.update(loss_fn(labels, predictions, *weights) + added_loss, labels, predictions)
    return measures.results()


def _run(
    train_epoch: Callable[[], None],
    measures: Measures,
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    epochs: int,
) -> Iterator[dict[str, float]]:
    for epoch in range(1, epochs + 1):
        measures.reset()
        train_epoch()
        if epoch == epochs:
            optimizer.finalize_variable_values(model.trainable_variables)  # averages, if it keeps any
        yield measures.results()


def _prepare(
    model: keras.Model,
    dataset: tf.data.Dataset,
    loss_fn: Callable[..., tf.Tensor],
    optimizer: keras.optimizers.Optimizer | None = None,
) -> None:
    """Check the arguments, and make the variables that are still missing."""
    check_kind("model", model, keras.Model, "keras.Sequential([keras.layers.Dense(10)])")
    check_dataset(dataset)
    inputs, *others = dataset.element_spec
    check_callable(loss_fn, 1 + len(others))
    if not all(layer.built for layer in (model, *model.layers)):
        tf.function(lambda inputs: model(inputs, training=False)).get_concrete_function(inputs)  # runs nothing
    if optimizer is not None:
        check_optimizer(optimizer, model)
        optimizer.build(model.trainable_variables)


_GRAPHS: weakref.WeakKeyDictionary[keras.Model, dict[Any, Callable]] = weakref.WeakKeyDictionary()
"""The graphs of each model's answers, by the inputs that they take and the variables that they use."""


def _forward(model: keras.Model, inputs: Any) -> Callable[[Any], tuple[Any, tf.Tensor]]:
    """The graph of a model's predictions and of the loss that its layers add, the same one for the same inputs."""
    graphs = _GRAPHS.setdefault(model, {})
    variables = tuple((id(variable), variable.trainable) for variable in model.variables)
    key = repr(inputs), variables
    if key not in graphs:
        graphs[key] = _traced(model, inputs)
    return graphs[key]


def _traced(model: keras.Model, inputs: Any) -> Callable[[Any], tuple[Any, tf.Tensor]]:
    reference = weakref.ref(model)  # the graph is remembered as long as the model lives, and must not keep it alive

    @tf.function(input_signature=[inputs])
    def forward(inputs):
        model = reference()
        predictions = model(inputs, training=False)
        masks = [getattr(part, "_keras_mask", None) for part in tf.nest.flatten(predictions)]
        return predictions, masks, sum(map(tf.reduce_sum, model.losses), tf.constant(0.0))

    def with_masks(inputs):  # what leaves a graph loses the mask that Keras has put on it
        predictions, masks, added_loss = forward(inputs)
        for part, mask in zip(tf.nest.flatten(predictions), masks, strict=True):
            if mask is not None:
                part._keras_mask = mask
        return predictions, added_loss

    return with_masks


def _as_floats(what: str, values: ArrayLike) -> tf.Tensor:
    try:
        numbers = tf.convert_to_tensor(values)
    except (TypeError, ValueError):
        numbers = None
    if numbers is None or numbers.dtype in (tf.string, tf.bool) or numbers.dtype.is_complex:
        raise TypeError(f"{what} hold something else than numbers, expected numbers such as [1.0, 2.0].")
    if numbers.shape.num_elements() == 0:
        raise ValueError(f"{what} have the shape {tuple(numbers.shape)}, expected at least one number.")
    return numbers if numbers.dtype.is_floating else tf.cast(numbers, tf.float32)


def _check_same_shape(targets: tf.Tensor, predictions: tf.Tensor) -> None:
    if targets.shape != predictions.shape:
        raise ValueError(
            f"targets have the shape {tuple(targets.shape)} and predictions {tuple(predictions.shape)}, "
            "expected the same. numpy.squeeze takes away an axis of length 1."
        )
