"""Measure what an epoch costs: with `fit`, with `train`, with a Python loop of steps.

All in one run, side by side.

The model is the beginner's, on MNIST or its stand-in in the folder that `TF2DOCS_DATA` names. The
three take turns, and the first epoch of each, which traces, doesn't count. The median of several
rounds is set against `fit`'s; on a machine that others use, the least of each is the better
witness. The model needs so little time for a batch that what stands between two batches counts; the
larger the model, the closer the three come to each other.
"""

import argparse
import statistics
import time
from collections.abc import Callable

from tf2docs.pages.running.own_caches import use_own_caches

use_own_caches()  # before Keras is imported, which writes into its cache

import keras
import tensorflow as tf

from tf2docs.datasets import load_mnist
from tf2docs.models import dense_classifier
from tf2docs.training import train

LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def digits(examples: int) -> tf.data.Dataset:
    """Shuffled batches of 32."""
    (images, labels), _ = load_mnist()
    pairs = (images[:examples].astype("float32") / 255, labels[:examples])
    return (
        tf.data.Dataset.from_tensor_slices(pairs)
        .shuffle(10_000)
        .batch(32)
        .prefetch(tf.data.AUTOTUNE)
    )


def with_fit(dataset: tf.data.Dataset) -> Callable[[], object]:
    """An epoch of `Model.fit`."""
    model = dense_classifier()
    model.compile(optimizer="adam", loss=LOSS, metrics=["accuracy"])
    return lambda: model.fit(dataset, shuffle=False, verbose=0)


def with_train(dataset: tf.data.Dataset) -> Callable[[], object]:
    """An epoch of `tf2docs.training.train`, which is one graph."""
    accuracy, optimizer = (
        keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
        keras.optimizers.Adam(),
    )
    epochs = train(
        dense_classifier(),
        dataset,
        loss_fn=LOSS,
        optimizer=optimizer,
        metrics=[accuracy],
        epochs=1_000_000,
    )
    return lambda: next(epochs)


def with_steps(dataset: tf.data.Dataset) -> Callable[[], object]:
    """An epoch as the expert's page writes it.

    A graph for each step, and Python between the steps.
    """
    model, optimizer = dense_classifier(), keras.optimizers.Adam()
    loss_mean, accuracy = keras.metrics.Mean(), keras.metrics.SparseCategoricalAccuracy()

    @tf.function
    def train_step(images: tf.Tensor, labels: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            logits = model(images, training=True)
            loss = LOSS(labels, logits)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        loss_mean.update_state(loss)
        accuracy.update_state(labels, logits)

    def epoch() -> None:
        for images, labels in dataset:
            train_step(images, labels)

    return epoch


def seconds(epoch: Callable[[], object]) -> float:
    """How long one epoch takes."""
    begin = time.perf_counter()
    epoch()
    return time.perf_counter() - begin


def main() -> None:
    """Take turns, and print the seconds of an epoch and how they compare with `fit`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=60_000)
    arguments = parser.parse_args()
    dataset = digits(arguments.examples)
    contenders = {
        "fit": with_fit(dataset),
        "train": with_train(dataset),
        "steps": with_steps(dataset),
    }
    for epoch in contenders.values():
        epoch()  # traces
    taken = {name: [] for name in contenders}
    for _ in range(arguments.rounds):
        for name, epoch in contenders.items():
            taken[name].append(seconds(epoch))
    median = {name: statistics.median(times) for name, times in taken.items()}
    for name, times in taken.items():
        ratio, least = median[name] / median["fit"], min(times) / min(taken["fit"])
        print(
            f"{name:5} median {median[name]:6.2f} s, {ratio:.2f} of fit; least "
            f"{min(times):6.2f} s, {least:.2f} of fit"
        )


if __name__ == "__main__":
    main()
