"""The training loops of the tutorials: state goes in, the results of each epoch come out.

Nothing here prints, draws or stops early. The loops are iterators, so that whoever calls them sees
each epoch's results as soon as there are any, and may print them, keep them, or stop.
`reinitialize` takes a model back to where its training began, for the next of several runs.
"""

from collections.abc import Callable, Iterator

import keras
import tensorflow as tf
from numpy.typing import ArrayLike

from tf2docs._arguments import real_number, whole_number
from tf2docs._checks import (
    check_dataset,
    check_kind,
    check_loss_fn,
    check_model,
    check_no_strategy,
    check_optimizer,
)
from tf2docs._measures import Measures, Metrics, kept_measures
from tf2docs._steps import add_up, called, unpacked
from tf2docs.models import Line
from tf2docs.runtime import set_seed

__all__ = ["descend", "evaluate", "fit_line", "mean_squared_error", "reinitialize", "train"]

_LINE = "tf2docs.models.Line(slope=1.0, intercept=0.0)"


def mean_squared_error(targets: ArrayLike, predictions: ArrayLike) -> tf.Tensor:
    """Average the squared differences, the L2 loss.

    The shapes must be equal: `(n, 1)` against `(n,)` would be broadcast to all n × n pairs, without
    an error and with a loss that means nothing.

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


def descend(
    line: Line, inputs: ArrayLike, targets: ArrayLike, *, learning_rate: float
) -> tf.Tensor:
    """Take one step of gradient descent: move W and b so that the loss falls.

    Args:
        line: The line, which is changed.
        inputs: The x of all points, of shape `(examples,)`.
        targets: Their y, of shape `(examples,)`.
        learning_rate: How far to go against the gradient: the step is this many times the gradient.

    Returns:
        The loss before the step, of shape `()`.

    Raises:
        ValueError: The shapes differ, there are no points, or the learning rate is negative or not
            finite.
        TypeError: An argument is of another kind.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> float(descend(line, [1.0, -1.0], [3.0, -3.0], learning_rate=0.25))
        4.0
        >>> float(line.W), float(line.b)
        (4.0, 0.0)
    """
    check_kind("line", line, Line, _LINE)
    learning_rate = real_number("learning_rate", learning_rate, least=0)
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
        An iterator. For each epoch it yields `W`, `b` and `loss` before the step. By the time an
            item comes, its step has been taken; a step is taken when its item is asked for.

    Raises:
        ValueError: The shapes differ, there are no points, `epochs` is below 1, or the learning
            rate is negative or not finite. Like the other, it is raised when the function is
            called.
        TypeError: An argument is of another kind.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> for epoch in fit_line(line, [1.0, -1.0], [3.0, -3.0], epochs=2, learning_rate=0.25):
        ...     print(epoch)
        {'W': 5.0, 'b': 0.0, 'loss': 4.0}
        {'W': 4.0, 'b': 0.0, 'loss': 1.0}
    """
    check_kind("line", line, Line, _LINE)
    mean_squared_error(targets, line(inputs))  # raises now what would be raised in the first epoch
    epochs = whole_number("epochs", epochs, least=1)
    learning_rate = real_number("learning_rate", learning_rate, least=0)

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
    """Train a model and yield the results of each epoch.

    A teaching loop, to read and to start from.

    A whole epoch is one graph, so that Python doesn't stand between two steps. Losses, metrics and
    weights come out as those of `Model.fit`: the loss is averaged over examples, not over batches,
    and includes what layers add to it, such as regularization; metrics are reset before each epoch;
    weights of examples count in the loss, and not in `metrics`, which `fit` doesn't weigh either.
    The optimizer may clip, decay, accumulate, follow a schedule or scale the loss. One that
    averages the weights (`use_ema`) sets them to their averages after the last epoch, before its
    results come. Whoever breaks off before has the weights as they were measured, and calls
    `optimizer.finalize_variable_values(model.trainable_variables)` to have their averages.

    Left out is what `fit` does beyond that: validation, callbacks, class weights, weighted metrics,
    the loss of each output by itself, metrics that layers keep, and XLA. A loss that becomes `nan`
    is handed over, not stopped at. Refused, each with an error that says what to do, are models
    with a `train_step`, `compute_loss` or `compute_metrics` of their own, optimizers with an
    `apply_gradients` of their own, and strategies: for several devices there is
    [`tf2docs.distribution.train`][tf2docs.distribution.train].

    Args:
        model: A Keras model, which is changed, and built first if it isn't yet.
        dataset: Batches of `(inputs, labels)` or `(inputs, labels, weights)`, finitely many. Each
            may be a nest, and hold ragged tensors or texts.
        loss_fn: Takes labels and predictions, and weights as `sample_weight` if there are any, and
            returns one number, such as `keras.losses.MeanSquaredError()`.
        optimizer: A new one, or the one that this model was trained with before, with the same
            layers frozen.
        metrics: What else to measure, under its own name. Each is reset. Of a model with several
            outputs a dictionary, from an output's key, name or place to its metrics, under
            `output_name`, as in `fit`.
        epochs: How often to go through the data set.

    Returns:
        An iterator. For each epoch it yields `loss` and the result of each metric, measured while
            the model was learning. An epoch begins when it is asked for: to train, go through the
            iterator.

    Raises:
        ValueError: The data set doesn't hold such batches, is empty or never ends; the loss or a
            metric isn't one number, or can't compare such labels and predictions; the metrics don't
            fit the outputs or share a name; `epochs` is below 1; the model has nothing to train, a
            step of its own, or needs a scaled loss; the optimizer belongs to other variables; a
            strategy is in scope, or was when a part was made.
        TypeError: An argument is of another kind, such as a name.

    Both are raised at once, when the function is called. Only a data set that turns out to give
    nothing is noticed in the epoch, be it the second.

    Examples:
        >>> keras.utils.set_random_seed(0)
        >>> model = keras.Sequential([keras.layers.Dense(1)])
        >>> points = tf.data.Dataset.from_tensor_slices(([[-1.0], [1.0]], [[-1.0], [5.0]])).batch(2)
        >>> loss_fn, optimizer = keras.losses.MeanSquaredError(), keras.optimizers.SGD(0.1)
        >>> for epoch in train(model, points, loss_fn=loss_fn, optimizer=optimizer, epochs=50):
        ...     pass
        >>> print(f"{epoch['loss']:.3f}")
        0.000
    """
    epochs = whole_number("epochs", epochs, least=1)
    measures = _prepared(model, dataset, loss_fn, optimizer, metrics)

    @tf.function
    def train_epoch():
        for batch in dataset:  # becomes a loop in the graph
            inputs, labels, weights = unpacked(batch)
            with tf.GradientTape() as tape:
                predictions = called(model, inputs, training=True)
                loss = add_up(loss_fn(labels, predictions, **weights), model.losses)
                scaled_loss = optimizer.scale_loss(loss)  # the loss itself, unless for float16
            gradients = tape.gradient(scaled_loss, model.trainable_variables)
            optimizer.apply(gradients, model.trainable_variables)
            measures.update(loss, inputs, labels, predictions)

    def run() -> Iterator[dict[str, float]]:
        for epoch in range(1, epochs + 1):
            results = measures.over(train_epoch)
            if epoch == epochs:
                # sets averages, if it keeps any
                optimizer.finalize_variable_values(model.trainable_variables)
            yield results

    train_epoch.get_concrete_function()  # traced at once, so that what it refuses is refused now
    return run()


def evaluate(
    model: keras.Model,
    dataset: tf.data.Dataset,
    *,
    loss_fn: Callable[..., tf.Tensor],
    metrics: Metrics = (),
) -> dict[str, float]:
    """Measure a model's loss and metrics on a data set, without changing the model's weights.

    The graph is traced once for a model, a loss, metrics and data that look alike. The model keeps
    it, as it keeps that of `Model.evaluate`, and it is traced anew once a setting of the model has
    changed, such as a layer's `trainable`. A loss that is written anew for each call, such as a
    `lambda`, is another loss each time.

    Args:
        model: A Keras model.
        dataset: Batches of `(inputs, labels)` or `(inputs, labels, weights)`, finitely many.
        loss_fn: Takes labels and predictions, and weights as `sample_weight` if there are any, and
            returns one number.
        metrics: What else to measure, as in [`train`][tf2docs.training.train]. Each is reset, and
            may be one that is used in training too.

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
    # the same ones for the same arguments
    measures = kept_measures(model, dataset, loss_fn, metrics)

    @measures.kept_graph
    def test_epoch(dataset):
        for batch in dataset:
            inputs, labels, weights = unpacked(batch)
            predictions = called(model, inputs, training=False)
            loss = add_up(loss_fn(labels, predictions, **weights), model.losses)
            measures.update(loss, inputs, labels, predictions)

    return measures.over(test_epoch, dataset)


def reinitialize(model: keras.Model, seed: int, *optimizers: keras.optimizers.Optimizer) -> None:
    """Draw the first weights of a model anew, and clear what its optimizer remembers.

    Compiling often takes longer than training. With this function a model is compiled once and
    trained several times, each time from other first weights. Each weight is drawn as its layer's
    initializer says; statistics of batch normalization and the seeds of dropout begin anew, too.
    The learning rate stays as it was set last.

    Args:
        model: A model that has its weights, and that Keras can clone: a sequential or functional
            one, or one with a `get_config`. It is changed.
        seed: For [`set_seed`][tf2docs.runtime.set_seed], which is called first, so that the same
            seed gives the same weights.
        optimizers: Those that the model uses besides the one that it was compiled with.

    Raises:
        ValueError: The model has no weights yet, or has a `Normalization` layer, whose weights come
            from data and not from an initializer.
        TypeError: An argument is of another kind, or a layer uses a function of yours that Keras
            can't find: `keras.saving.register_keras_serializable` registers it.

    Examples:
        >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
        >>> reinitialize(model, 0)
        >>> first = model.get_weights()[0]
        >>> reinitialize(model, 1)
        >>> bool((first == model.get_weights()[0]).any())
        False
        >>> reinitialize(model, 0)
        >>> bool((first == model.get_weights()[0]).all())
        True
    """
    _check_drawn(model)
    set_seed(seed)
    fresh = keras.models.clone_model(model)
    _assign(model.variables, fresh.variables)
    for optimizer in (*([model.optimizer] if model.compiled else []), *optimizers):
        if optimizer.built:
            new = type(optimizer).from_config(optimizer.get_config())
            new.build(optimizer._trainable_variables)
            _assign(optimizer.variables, new.variables)


def _assign(variables: list[keras.Variable], values: list[keras.Variable]) -> None:
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def _check_drawn(model: keras.Model) -> None:
    """Refuse a model whose weights no initializer draws."""
    check_kind("model", model, keras.Model, "keras.Sequential([...])")
    if not model.variables:
        raise ValueError(
            "model has no weights yet, expected a model that is built. Begin it with "
            "keras.Input, or call model.build first."
        )
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Normalization):
            raise ValueError(
                f"the layer {layer.name!r} is a Normalization, whose weights come from data, "
                "expected weights that an initializer draws. Normalize before the model, or "
                "reinitialize the part behind it."
            )


def _prepared(
    model: keras.Model,
    dataset: tf.data.Dataset,
    loss_fn: Callable[..., tf.Tensor],
    optimizer: keras.optimizers.Optimizer,
    metrics: Metrics,
) -> Measures:
    """Check the arguments, and make the variables that are still missing.

    A loop in a graph can't.
    """
    check_model(model, "train_step", "compute_loss", "compute_metrics")
    check_kind("optimizer", optimizer, keras.optimizers.Optimizer, "keras.optimizers.Adam()")
    check_no_strategy(model, optimizer)
    check_dataset(dataset)
    check_loss_fn(loss_fn, weighted=len(dataset.element_spec) == 3)
    measures = Measures(model, dataset, loss_fn, metrics, training=True)
    check_optimizer(optimizer, model)
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    return measures


def _as_floats(what: str, values: ArrayLike) -> tf.Tensor:
    try:
        numbers = tf.convert_to_tensor(values)
    except (TypeError, ValueError):
        numbers = None
    if numbers is None or numbers.dtype in (tf.string, tf.bool) or numbers.dtype.is_complex:
        raise TypeError(
            f"{what} hold something else than numbers, expected numbers such as [1.0, 2.0]."
        )
    if numbers.shape.num_elements() == 0:
        raise ValueError(
            f"{what} have the shape {tuple(numbers.shape)}, expected at least one number."
        )
    return numbers if numbers.dtype.is_floating else tf.cast(numbers, tf.float32)


def _check_same_shape(targets: tf.Tensor, predictions: tf.Tensor) -> None:
    if targets.shape != predictions.shape:
        raise ValueError(
            f"targets have the shape {tuple(targets.shape)} and predictions "
            f"{tuple(predictions.shape)}, expected the same. numpy.squeeze takes away an axis of "
            "length 1."
        )
