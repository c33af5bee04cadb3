"""Train one model on several devices: a loop for any strategy, and what a worker process runs."""

import keras
import tensorflow as tf

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
        Batches of inputs `(batch_size, 72)` and labels `(batch_size,)`. All have the same size: the examples that
            are left over at the end of an epoch are dropped.

    Raises:
        ValueError: One of the counts is below 1, or a batch is larger than an epoch.

    Examples:
        >>> len(list(make_batches()))
        60
    """
    if min(examples, batch_size, epochs) < 1 or batch_size > examples:
        raise ValueError(
            f"examples is {examples}, batch_size is {batch_size} and epochs is {epochs}, expected at least 1 of each "
            "and a batch no larger than an epoch."
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
    """Train a classifier under any strategy, and return the loss of every batch.

    Each batch is shared out among the replicas. Every example then has the same weight in the gradient,
    wherever it was computed, so that the result doesn't depend on how many replicas there are.

    Args:
        strategy: Where to compute; `tf.distribute.get_strategy()` outside any scope is one device, as without a
            strategy.
        model: Made under `strategy.scope()`, returns logits of shape `(batch, classes)`.
        optimizer: Made under `strategy.scope()`.
        batches: Inputs and labels, whole numbers of shape `(batch,)`, for all replicas together.

    Returns:
        The mean loss of each batch, over all its examples, before the step that it led to.

    Raises:
        ValueError: The batches differ in size, or aren't pairs.

    Examples:
        >>> losses = train(tf.distribute.get_strategy(), make_model(), keras.optimizers.SGD(0.1), make_batches())
        >>> len(losses), losses[-1] < losses[0]
        (60, True)

    References:
        [Custom training with tf.distribute](https://www.tensorflow.org/tutorials/distribute/custom_training)
    """
    batch_size = _batch_size(batches)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    with strategy.scope():
        optimizer.build(model.trainable_variables)  # its variables too must be on every replica before a step is traced

    def replica_step(inputs: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            losses = loss_fn(labels, model(inputs, training=True))  # (part of the batch,)
            loss = tf.nn.compute_average_loss(losses, global_batch_size=batch_size)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))  # sums over the replicas
        return loss

    @tf.function
    def step(inputs: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        parts = strategy.run(replica_step, args=(inputs, labels))
        return strategy.reduce("sum", parts, axis=None)

    return [float(step(*batch)) for batch in strategy.experimental_distribute_dataset(batches)]


def train_worker() -> list[float]:
    """Train as one of several worker processes, which find each other through `TF_CONFIG`.

    Returns:
        The mean loss of each batch over all workers, the same in every worker.
    """
    strategy = tf.distribute.MultiWorkerMirroredStrategy()  # first of all: it waits for the other workers
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


def _batch_size(batches: tf.data.Dataset) -> int:
    spec = batches.element_spec
    if not isinstance(spec, tuple) or len(spec) != 2:
        raise ValueError(f"batches holds {spec}, expected pairs of inputs and labels.")
    size = spec[1].shape[0] if spec[1].shape.rank else None
    if size is None:
        raise ValueError(
            "the batches differ in size, or aren't batches, so the examples in them wouldn't count alike. "
            "Make them with batch(batch_size, drop_remainder=True)."
        )
    return size
