"""Train one model on several devices.

A loop for the synchronous strategies, and what a worker process runs.
"""

from typing import Any

import keras
import tensorflow as tf

from tf2docs._arguments import counts
from tf2docs._checks import (
    check_dataset,
    check_home,
    check_kind,
    check_model,
    check_optimizer,
    shortened,
)
from tf2docs._steps import add_up, called, tried, unpacked
from tf2docs.datasets import make_classes
from tf2docs.models import dense_classifier
from tf2docs.runtime import set_seed

__all__ = ["fit_worker", "make_batches", "make_model", "train", "train_worker"]


def make_batches(*, examples: int = 1280, batch_size: int = 64, epochs: int = 3) -> tf.data.Dataset:
    """Draw examples of ten classes and cut them into batches, the same ones in every process.

    Args:
        examples: How many examples one epoch has.
        batch_size: Examples in a batch, over all replicas together.
        epochs: How often the examples are gone through.

    Returns:
        Batches of inputs `(batch_size, 72)` and labels `(batch_size,)`. All have the same size: the
            examples that are left over at the end of an epoch are dropped.

    Raises:
        ValueError: One of the counts is below 1, or a batch is larger than an epoch.
        TypeError: One of them is no whole number.

    Examples:
        >>> len(list(make_batches()))
        60
    """
    examples, batch_size, epochs = counts(examples=examples, batch_size=batch_size, epochs=epochs)
    if batch_size > examples:
        raise ValueError(
            f"batch_size is {batch_size} and examples is {examples}, expected a batch no "
            "larger than an epoch."
        )
    dataset = tf.data.Dataset.from_tensor_slices(make_classes(examples))
    return dataset.batch(batch_size, drop_remainder=True).repeat(epochs)


def make_model() -> keras.Sequential:
    """Build the model of the lesson, with the same initial weights every time.

    It sets the random seeds first, so what is drawn at random after it repeats as well.

    Returns:
        A model that maps inputs of shape `(batch, 72)` to logits of shape `(batch, 10)`.

    Examples:
        >>> make_model().output_shape
        (None, 10)
    """
    set_seed(0)
    return dense_classifier(image_shape=(72,), dropout=0.0)


def train(
    strategy: tf.distribute.Strategy,
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    batches: tf.data.Dataset,
) -> list[float]:
    """Train a classifier under a synchronous strategy, and return the loss of every batch.

    Each batch is shared out among the replicas. Every example then has the same weight in the
    gradient, wherever it was computed, so that the result doesn't depend on how many replicas there
    are. What layers add to the loss, such as regularization, every replica computes for itself, so
    each counts its part of it. The weights come out as those of `fit` under the same strategy,
    where the replicas share a batch evenly; where they can't, `fit` takes the mean of the replicas'
    means.

    Args:
        strategy: Where to compute; `tf.distribute.get_strategy()` outside any scope is one device,
            as without a strategy. All are synchronous but `ParameterServerStrategy`, which Keras 3
            can't train with.
        model: Made under `strategy.scope()`, returns logits of shape `(batch, classes)`.
        optimizer: Made under `strategy.scope()`. Several replicas can neither accumulate gradients
            nor set averages in between (`ema_overwrite_frequency`), which Keras's optimizers then
            can't do either.
        batches: Inputs and labels, whole numbers of shape `(batch,)`, and perhaps weights, for all
            replicas together.

    Returns:
        The mean loss of each batch, over all its examples, before the step that it led to.

    Raises:
        ValueError: The batches differ in size, or hold something else; there are none, or they
            never end; the labels are one-hot; the model ends in a softmax, or was made elsewhere,
            as the optimizer may be; the strategy or the optimizer can't do this.
        TypeError: An argument is of another kind.

    Examples:
        >>> strategy, optimizer = tf.distribute.get_strategy(), keras.optimizers.SGD(0.1)
        >>> losses = train(strategy, make_model(), optimizer, make_batches())
        >>> len(losses), losses[-1] < losses[0]
        (60, True)

    References:
        [Custom training with
        tf.distribute](https://www.tensorflow.org/tutorials/distribute/custom_training)
    """
    batch_size = _prepared(strategy, model, optimizer, batches)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")

    def replica_step(*batch: tf.Tensor) -> tf.Tensor:
        inputs, labels, weights = unpacked(batch)
        with tf.GradientTape() as tape:
            # (part of the batch,)
            losses = loss_fn(labels, called(model, inputs, training=True), **weights)
            loss = tf.nn.compute_average_loss(losses, global_batch_size=batch_size)
            # each replica has all of it
            added = [part / strategy.num_replicas_in_sync for part in model.losses]
            loss = add_up(loss, added)
            scaled_loss = optimizer.scale_loss(loss)  # the loss itself, unless for float16
        gradients = tape.gradient(scaled_loss, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)  # sums over the replicas
        return loss

    @tf.function
    def step(*batch: tf.Tensor) -> tf.Tensor:
        parts = strategy.run(replica_step, args=batch)
        return strategy.reduce("sum", parts, axis=None)

    losses = [step(*batch) for batch in strategy.experimental_distribute_dataset(batches)]
    optimizer.finalize_variable_values(model.trainable_variables)  # sets averages, if it keeps any
    return _numbers(losses)


def train_worker() -> list[float]:
    """Train as one of several worker processes, which find each other through `TF_CONFIG`.

    Returns:
        The mean loss of each batch over all workers, the same in every worker.
    """
    # first of all: it waits for the other workers
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        model = make_model()
        optimizer = keras.optimizers.SGD(0.1)
    return train(strategy, model, optimizer, make_batches())


def fit_worker() -> list[float]:
    """Try `Model.fit` as one of several worker processes.

    Returns:
        The loss of each epoch, where Keras can do this.

    Raises:
        ValueError: This is Keras 3, which can't.
    """
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    with strategy.scope():
        model = make_model()
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
    return model.fit(make_batches(), shuffle=False, verbose=0).history["loss"]


def _prepared(
    strategy: tf.distribute.Strategy,
    model: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    batches: tf.data.Dataset,
) -> int:
    """Check the arguments, make missing variables on every replica.

    Returns the size of a batch.
    """
    _check_strategy(strategy)
    check_model(model, "train_step", "compute_loss")
    check_kind("optimizer", optimizer, keras.optimizers.Optimizer, "keras.optimizers.Adam()")
    check_dataset(batches, "batches")
    batch_size = _batch_size(batches)
    mend = "Make both under `with strategy.scope():`, with the strategy that is to train."
    check_home(strategy, "model", model.variables, mend)
    check_home(strategy, "optimizer", optimizer.variables, mend)
    _check_replicas(strategy, optimizer)
    with strategy.scope():  # variables must be on every replica before a step is traced
        predictions = tried(model, batches.element_spec[0], training=True)
        _check_logits(predictions)
        check_optimizer(optimizer, model)
        if not optimizer.built:
            optimizer.build(model.trainable_variables)
    return batch_size


def _check_strategy(strategy: object) -> None:
    check_kind("strategy", strategy, tf.distribute.Strategy, "tf.distribute.MirroredStrategy()")
    if isinstance(strategy, tf.distribute.experimental.ParameterServerStrategy):
        raise ValueError(
            "strategy is a ParameterServerStrategy, expected a synchronous one such as "
            "tf.distribute.MultiWorkerMirroredStrategy(): Keras 3 doesn't support training "
            "with parameter servers."
        )


def _check_replicas(
    strategy: tf.distribute.Strategy, optimizer: keras.optimizers.Optimizer
) -> None:
    """Refuse what Keras's optimizers do in a condition.

    Several replicas can't be added up in one.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    for option in ("gradient_accumulation_steps", "ema_overwrite_frequency"):
        if strategy.num_replicas_in_sync > 1 and getattr(inner, option):
            raise ValueError(
                f"the optimizer has {option}, which Keras can't do on several replicas. Leave it "
                "out, or take one device."
            )


def _batch_size(batches: tf.data.Dataset) -> int:
    spec = batches.element_spec[1]
    shape = getattr(spec, "shape", None)
    expected = f"the labels look like {spec}, expected whole numbers of shape (batch,)."
    if shape is None or shape[1:] not in ((), (1,)):
        raise ValueError(f"{expected} tf.argmax(labels, axis=-1) makes them from one-hot labels.")
    if not spec.dtype.is_integer:
        raise ValueError(f'{expected} tf.cast(labels, "int64") makes them from other numbers.')
    if shape[0] is None:
        raise ValueError(
            "the batches differ in size, so the examples in them wouldn't count alike. "
            "Make them with batch(batch_size, drop_remainder=True)."
        )
    return int(shape[0])


def _check_logits(predictions: Any) -> None:
    """Refuse a model that ends in a softmax, as far back as nothing else is computed."""
    if not tf.is_tensor(predictions) or predictions.shape.rank != 2:
        told = predictions.shape if tf.is_tensor(predictions) else shortened(predictions)
        raise ValueError(f"the model returns {told}, expected logits of shape (batch, classes).")
    last = predictions.op
    while last.type in ("Identity", "Cast", "Reshape"):
        last = last.inputs[0].op
    if last.type in ("Softmax", "LogSoftmax", "Sigmoid"):
        raise ValueError(
            f"the model ends in a {last.type}, expected logits, of which the loss takes the "
            "softmax itself. Leave the activation of the last layer out."
        )


def _numbers(losses: list[tf.Tensor]) -> list[float]:
    """Fetch the losses at the end, all at once.

    Fetching each would make the devices wait for Python.
    """
    if not losses:
        raise ValueError(
            "the data set gave no batch, expected at least one. Perhaps a filter lets nothing pass."
        )
    return tf.stack(losses).numpy().tolist()
