"""Broken models are named, sound ones aren't, and neither is touched."""

import random

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tf2docs.checks import health

CLASSES = 4
rng = np.random.default_rng(0)
CENTRES = rng.normal(size=(CLASSES, 8, 8)).astype("float32")
LABELS = rng.integers(CLASSES, size=300)
IMAGES = (0.5 + 0.15 * CENTRES[LABELS] + 0.1 * rng.normal(size=(300, 8, 8))).astype("float32")
NUMBERS = IMAGES.reshape(300, -1)[:, :6] * 4 - 2
VALUES = (NUMBERS @ rng.normal(size=(6, 1)) + 0.1 * rng.normal(size=(300, 1))).astype("float32")
ONE_HOT = np.eye(CLASSES, dtype="float32")[LABELS]
YES = (LABELS < 2).astype("float32")

SPARSE = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
BINARY = keras.losses.BinaryCrossentropy(from_logits=True)
MSE = keras.losses.MeanSquaredError()


@pytest.fixture(autouse=True)
def seeded():
    keras.utils.set_random_seed(0)


def stack(*middle, units=CLASSES, shape=(8, 8), end=None):
    return keras.Sequential(
        [keras.Input(shape), layers.Flatten(), *middle, layers.Dense(units, activation=end)]
    )


def dense(units=32, activation="relu", **options):
    return layers.Dense(units, activation=activation, **options)


def compiled(model, optimizer="adam", loss=SPARSE, **options):
    model.compile(optimizer, loss, **options)
    return model


def line(**options):
    return stack(units=1, shape=(6,), **options)


class Subclassed(keras.Model):
    """Layers as attributes, of which subclasses change what `call` does."""

    def __init__(self):
        super().__init__()
        self.flatten = layers.Flatten()
        self.hidden = dense()
        self.normal = layers.BatchNormalization()
        self.drop = layers.Dropout(0.3)
        self.scores = layers.Dense(CLASSES)

    def features(self, images):
        return self.hidden(self.flatten(images))

    def call(self, images, training=None):
        return self.scores(self.drop(self.normal(self.features(images)), training=training))


# What is broken, by the name of the finding


class Untracked(Subclassed):
    def __init__(self):
        super().__init__()
        self.weight = tf.Variable(tf.random.normal((32, 32)) / 6)

    def call(self, images, training=None):
        return self.scores(tf.nn.relu(self.features(images) @ self.weight))


class Hidden:
    """Holds a layer where no model looks."""

    def __init__(self):
        self.layer = dense()


class UntrackedLayer(Subclassed):
    def __init__(self):
        super().__init__()
        self.holder = Hidden()

    def call(self, images, training=None):
        return self.scores(self.holder.layer(self.features(images)))


class NewEachTime(Subclassed):
    def call(self, images, training=None):
        return self.scores(layers.Dense(16)(self.features(images)))


class AlwaysTraining(Subclassed):
    def call(self, images, training=None):
        return self.scores(self.normal(self.features(images), training=True))


class NeverTraining(Subclassed):
    def call(self, images, training=None):
        return self.scores(self.normal(self.features(images), training=False))


class AlwaysDropping(Subclassed):
    def call(self, images, training=None):
        return self.scores(self.drop(self.features(images), training=True))


class Stopped(Subclassed):
    def call(self, images, training=None):
        return self.scores(tf.stop_gradient(self.features(images)))


class Hard(Subclassed):
    def call(self, images, training=None):
        scores = self.scores(self.features(images))
        return tf.one_hot(tf.argmax(scores, 1), CLASSES)


class Unused(Subclassed):
    def __init__(self):
        super().__init__()
        self.extra = dense()

    def call(self, images, training=None):
        features = self.features(images)
        self.extra(features)
        return self.scores(features)


class Rooted(Subclassed):
    def call(self, images, training=None):
        features = self.features(images)
        return self.scores(features) + tf.sqrt(tf.reduce_sum(0 * features, 1, keepdims=True))


class Logarithm(Subclassed):
    def call(self, images, training=None):
        return self.scores(keras.ops.log(self.hidden(self.flatten(images)) - 1))


class MeanOfBatch(Subclassed):
    def call(self, images, training=None):
        features = self.features(images)
        return self.scores(features - tf.reduce_mean(features, 0, keepdims=True) * 0.9)


class TimesZero(Subclassed):
    def call(self, images, training=None):
        return self.scores(layers.Rescaling(0.0)(self.features(images)))


def frozen():
    model = stack(dense(), dense())
    model.layers[1].trainable = False
    return model


def all_frozen():
    model = stack(dense())
    model.trainable = False
    return model


def spoilt():
    model = stack(dense())
    model.layers[1].kernel.assign(np.full((64, 32), np.nan))
    return model


def forgetful():
    model = Subclassed()
    compiled(model, "adam")
    model.fit(IMAGES, LABELS, epochs=3, verbose=0)
    model.normal.moving_mean.assign(model.normal.moving_mean * 0 + 30)
    return model


def own_loss(labels, predictions):
    return tf.reduce_mean((labels - predictions) ** 2)


def own_crossentropy(labels, logits):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(labels, "int32"), logits)


def from_probabilities(labels, predictions):
    chosen = tf.gather(predictions, tf.cast(labels, "int32"), batch_dims=1)
    return -tf.math.log(tf.clip_by_value(chosen, 1e-7, 1.0))


def negative(labels, predictions):
    return -tf.reduce_mean((labels - predictions) ** 2)


def of_means(labels, predictions):
    return (tf.reduce_mean(labels) - tf.reduce_mean(predictions)) ** 2


def with_nan(images):
    images = images.copy()
    images[7, 3, 3] = np.nan
    return images


SHUFFLED = rng.permutation(LABELS)
ONE_IN_TEN = np.r_[np.flatnonzero(LABELS == 0), np.flatnonzero(LABELS == 1)[:5]]
ORDER = np.argsort(LABELS, kind="stable")
BOTH = IMAGES, LABELS


def batches(order=slice(None), size=20):
    return tf.data.Dataset.from_tensor_slices((IMAGES[order], LABELS[order])).batch(size)


def deep(activation, depth=14):
    return stack(*[dense(24, activation) for _ in range(depth)])


def halved_each_step():
    return keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=1, decay_rate=0.5)


def normalised():
    return stack(dense(activation=None), layers.BatchNormalization(), layers.ReLU())


def wide(scale):
    return stack(*[dense(kernel_initializer=keras.initializers.RandomNormal(0, scale))] * 1)


BROKEN = {
    "logits twice": ("softmax-twice", lambda: stack(dense(), end="softmax"), BOTH, SPARSE),
    "logits twice, own loss": (
        "softmax-twice",
        lambda: stack(dense(), end="softmax"),
        BOTH,
        own_crossentropy,
    ),
    "sigmoid twice": (
        "sigmoid-twice",
        lambda: stack(dense(), units=1, end="sigmoid"),
        (IMAGES, YES),
        BINARY,
    ),
    "logits never": (
        "softmax-missing",
        lambda: stack(dense()),
        BOTH,
        "sparse_categorical_crossentropy",
    ),
    "logits never, own loss": ("softmax-missing", lambda: stack(dense()), BOTH, from_probabilities),
    "logits never, binary": (
        "sigmoid-missing",
        lambda: stack(dense(), units=1),
        (IMAGES, YES),
        "binary_crossentropy",
    ),
    "softmax over the batch": (
        "softmax-axis",
        lambda: keras.Sequential([stack(dense()), layers.Softmax(axis=0)]),
        BOTH,
        "sparse_categorical_crossentropy",
    ),
    "softmax of one unit": (
        "softmax-of-one",
        lambda: stack(dense(), units=1, end="softmax"),
        (IMAGES, YES),
        "binary_crossentropy",
    ),
    "relu at the end": ("relu-at-the-end", lambda: stack(dense(), end="relu"), BOTH, SPARSE),
    "sigmoid for classes": (
        "sigmoid-for-classes",
        lambda: stack(dense(), end="sigmoid"),
        BOTH,
        "sparse_categorical_crossentropy",
    ),
    "one-hot for sparse": ("label-form", lambda: stack(dense()), (IMAGES, ONE_HOT), SPARSE),
    "sparse for one-hot": (
        "label-form",
        lambda: stack(dense()),
        BOTH,
        keras.losses.CategoricalCrossentropy(from_logits=True),
    ),
    "labels from 1": ("label-range", lambda: stack(dense()), (IMAGES, LABELS + 1), SPARSE),
    "labels -1 and 1": (
        "label-range",
        lambda: stack(dense(), units=1),
        (IMAGES, 2 * YES - 1),
        BINARY,
    ),
    "too few units": ("label-range", lambda: stack(dense(), units=1), BOTH, BINARY),
    "several classes in a row": (
        "label-range",
        lambda: stack(dense()),
        (IMAGES, ONE_HOT + np.roll(ONE_HOT, 1, 1)),
        keras.losses.CategoricalCrossentropy(from_logits=True),
    ),
    "broadcast": ("broadcast-labels", lambda: line(), (NUMBERS, VALUES[:, 0]), own_loss),
    "backwards": ("loss-backwards", lambda: line(), (NUMBERS, VALUES), negative),
    "means of the batch": ("loss-ignores-labels", lambda: line(), (NUMBERS, VALUES), of_means),
    "beyond a sigmoid": (
        "labels-out-of-reach",
        lambda: line(end="sigmoid"),
        (NUMBERS, VALUES),
        MSE,
    ),
    "beyond a relu": ("labels-out-of-reach", lambda: line(end="relu"), (NUMBERS, VALUES), MSE),
    "large labels": ("unscaled-labels", lambda: line(), (NUMBERS, 1e5 * VALUES), MSE),
    "unscaled": ("unscaled-inputs", lambda: stack(dense()), (255 * IMAGES, LABELS), SPARSE),
    "whole numbers": (
        "unscaled-inputs",
        lambda: stack(dense()),
        ((255 * np.clip(IMAGES, 0, 1)).astype("uint8"), LABELS),
        SPARSE,
    ),
    "NaN": ("nan-inputs", lambda: stack(dense()), (with_nan(IMAGES), LABELS), SPARSE),
    "NaN in labels": (
        "nan-labels",
        lambda: line(),
        (NUMBERS, np.where(VALUES > 1, np.nan, VALUES)),
        MSE,
    ),
    "divided to 0": ("constant-inputs", lambda: stack(dense()), (IMAGES * 0, LABELS), SPARSE),
    "shuffled apart": ("labels-unrelated", lambda: stack(dense()), (IMAGES, SHUFFLED), SPARSE),
    "label among inputs": (
        "label-among-inputs",
        lambda: stack(dense(), shape=(7,)),
        (np.c_[NUMBERS, LABELS], LABELS),
        SPARSE,
    ),
    "imbalance": (
        "class-imbalance",
        lambda: stack(dense()),
        (IMAGES[ONE_IN_TEN], LABELS[ONE_IN_TEN]),
        SPARSE,
    ),
    "one class": (
        "one-class",
        lambda: stack(dense()),
        (IMAGES[LABELS == 1], LABELS[LABELS == 1]),
        SPARSE,
    ),
    "sorted batches": ("sorted-labels", lambda: stack(dense()), batches(ORDER), SPARSE),
    "sorted arrays": (
        "sorted-labels",
        lambda: stack(dense()),
        (IMAGES[ORDER], LABELS[ORDER]),
        SPARSE,
    ),
    "weights of 0": (
        "bad-weights",
        lambda: stack(dense()),
        (*BOTH, np.zeros(300, "float32")),
        SPARSE,
    ),
    "rate too high": (
        "learning-rate-high",
        lambda: compiled(stack(dense()), keras.optimizers.SGD(100.0)),
        BOTH,
        None,
    ),
    "Adam's rate too high": (
        "learning-rate-high",
        lambda: compiled(stack(dense(64), dense(64)), keras.optimizers.Adam(3.0)),
        BOTH,
        None,
    ),
    "rate too low": (
        "learning-rate-low",
        lambda: compiled(stack(dense()), keras.optimizers.SGD(1e-6)),
        BOTH,
        None,
    ),
    "rate of 0": (
        "learning-rate-low",
        lambda: compiled(stack(dense()), keras.optimizers.Adam(0.0)),
        BOTH,
        None,
    ),
    "rate far too low": (
        "learning-rate-low",
        lambda: compiled(stack(dense()), keras.optimizers.Adam(1e-9)),
        BOTH,
        None,
    ),
    "a schedule of steps taken for epochs": (
        "schedule-too-short",
        lambda: compiled(stack(dense()), keras.optimizers.SGD(halved_each_step())),
        BOTH,
        None,
    ),
    "weights decayed to nothing": (
        "strong-weight-decay",
        lambda: compiled(stack(dense()), keras.optimizers.AdamW(0.001, weight_decay=1000.0)),
        BOTH,
        None,
    ),
    "large first weights": (
        "high-first-loss",
        lambda: stack(dense(kernel_initializer=keras.initializers.RandomNormal(0, 50))),
        BOTH,
        SPARSE,
    ),
    "batches of one": ("batch-of-one", normalised, batches(size=1), SPARSE),
    "clipped to nothing": (
        "learning-rate-low",
        lambda: compiled(stack(dense()), keras.optimizers.SGD(0.1, clipnorm=1e-5)),
        BOTH,
        None,
    ),
    "zeros": (
        "same-units",
        lambda: stack(dense(kernel_initializer="zeros"), dense(kernel_initializer="zeros")),
        BOTH,
        SPARSE,
    ),
    "ones": (
        "same-units",
        lambda: keras.Sequential(
            [
                keras.Input((8, 8)),
                layers.Flatten(),
                dense(kernel_initializer="ones"),
                layers.Dense(CLASSES, kernel_initializer="ones"),
            ]
        ),
        BOTH,
        SPARSE,
    ),
    "dead": (
        "dead-units",
        lambda: stack(dense(bias_initializer=keras.initializers.Constant(-9))),
        BOTH,
        SPARSE,
    ),
    "dead layer of its own": (
        "dead-units",
        lambda: stack(
            dense(activation=None, bias_initializer=keras.initializers.Constant(-9)), layers.ReLU()
        ),
        BOTH,
        SPARSE,
    ),
    "saturated": (
        "saturated-units",
        lambda: stack(
            dense(activation="tanh", kernel_initializer=keras.initializers.RandomNormal(0, 9))
        ),
        BOTH,
        SPARSE,
    ),
    "saturated by inputs": (
        "saturated-units",
        lambda: stack(dense(activation="sigmoid")),
        (2550 * (IMAGES - 0.5), LABELS),
        SPARSE,
    ),
    "vanishing": ("vanishing-gradient", lambda: deep("sigmoid"), BOTH, SPARSE),
    "exploding": (
        "exploding-gradient",
        lambda: stack(
            *[dense(kernel_initializer=keras.initializers.RandomNormal(0, 4)) for _ in range(9)]
        ),
        BOTH,
        SPARSE,
    ),
    "frozen": ("frozen-untrained", frozen, BOTH, SPARSE),
    "all frozen": ("nothing-trainable", all_frozen, BOTH, SPARSE),
    "untracked variable": ("untracked-weights", Untracked, BOTH, SPARSE),
    "untracked layer": ("untracked-weights", UntrackedLayer, BOTH, SPARSE),
    "a layer made in call": ("call-fails", NewEachTime, BOTH, SPARSE),
    "always dropping": ("random-predictions", AlwaysDropping, BOTH, SPARSE),
    "always training": ("batch-dependent", AlwaysTraining, BOTH, SPARSE),
    "a mean over the batch": ("batch-dependent", MeanOfBatch, BOTH, SPARSE),
    "never training": ("batch-norm-mode", NeverTraining, BOTH, SPARSE),
    "wrong statistics": ("moving-statistics", forgetful, BOTH, SPARSE),
    "stop_gradient": ("no-gradient", Stopped, BOTH, SPARSE),
    "argmax": ("no-gradient", Hard, (IMAGES, ONE_HOT), MSE),
    "unused layer": ("no-gradient", Unused, BOTH, SPARSE),
    "root of 0": ("nan-gradient", Rooted, BOTH, SPARSE),
    "logarithm": ("nan-in-layer", spoilt, BOTH, SPARSE),
    "NaN loss": ("nan-loss", Logarithm, BOTH, SPARSE),
    "times 0": ("inputs-lost", TimesZero, BOTH, SPARSE),
    "dropout of all": (
        "strong-dropout",
        lambda: stack(dense(), layers.Dropout(0.95)),
        BOTH,
        SPARSE,
    ),
    "strong penalty": (
        "strong-penalty",
        lambda: stack(dense(kernel_regularizer=keras.regularizers.L2(5.0))),
        BOTH,
        SPARSE,
    ),
    "wrong input shape": ("call-fails", lambda: stack(dense(), shape=(9, 9)), BOTH, SPARSE),
    "wrong label shape": ("loss-fails", lambda: stack(dense()), (IMAGES, ONE_HOT[:, :3]), MSE),
    "accuracy of a logit": (
        "metric-lies",
        lambda: compiled(
            stack(dense(), units=1),
            loss=BINARY,
            metrics=[keras.metrics.BinaryAccuracy(threshold=0.7)],
        ),
        (IMAGES, YES),
        None,
    ),
    "binary accuracy of classes": (
        "metric-lies",
        lambda: compiled(
            stack(dense()),
            loss=keras.losses.CategoricalCrossentropy(from_logits=True),
            metrics=["binary_accuracy"],
        ),
        (IMAGES, ONE_HOT),
        None,
    ),
    "accuracy of a logit, by its short name": (
        "metric-lies",
        lambda: compiled(stack(dense(), units=1), loss=BINARY, metrics=["accuracy"]),
        (IMAGES, YES),
        None,
    ),
    "accuracy of numbers": (
        "metric-lies",
        lambda: compiled(line(), loss="mse", metrics=["accuracy"]),
        (NUMBERS, VALUES),
        None,
    ),
    "accuracy of classes as numbers": (
        "metric-lies",
        lambda: compiled(stack(dense(), units=1), loss="mse", metrics=["accuracy"]),
        (IMAGES, LABELS),
        None,
    ),
    "plain Accuracy": (
        "metric-lies",
        lambda: compiled(stack(dense(), units=1), loss=BINARY, metrics=[keras.metrics.Accuracy()]),
        (IMAGES, YES),
        None,
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_named(case):
    name, build, data, loss_fn = BROKEN[case]
    found = health(build(), data, loss_fn)
    print(found)
    assert name in found.names


def test_what_nan_leads_to_is_not_reported_as_well():
    gaps = IMAGES.copy()
    gaps[::5, 3, 3] = np.nan
    assert health(stack(dense()), (gaps, LABELS), SPARSE).names == ["nan-inputs"]


def test_nan_in_every_example_leaves_nothing_else_to_check():
    everywhere = IMAGES.copy()
    everywhere[:, 0] = np.nan
    assert health(stack(dense()), (everywhere, LABELS), SPARSE).names == ["nan-inputs"]


def test_what_comes_of_large_labels_is_not_reported_as_well():
    model = compiled(line(), loss="mse")
    assert health(model, (NUMBERS, 1e6 * VALUES)).names == ["unscaled-labels"]


def test_large_labels_of_a_model_that_undoes_the_scaling_pass():
    model = keras.Sequential([line(), layers.Rescaling(1e6)])
    model.compile("adam", "mean_absolute_percentage_error")
    assert "unscaled-labels" not in health(model, (NUMBERS, 1e6 * VALUES), steps=1).names


def test_a_dropout_of_nearly_all_comes_before_what_it_leads_to():
    model = compiled(stack(dense(), layers.Dropout(0.99)))
    assert health(model, BOTH).names[0] == "strong-dropout"


def test_a_loss_that_climbs_before_it_falls_blames_the_rate():
    random = np.random.default_rng(7)
    centres, labels = 1.5 * random.normal(size=(5, 12)), random.integers(0, 5, 600)
    points = (centres[labels] + random.normal(size=(600, 12))).astype("float32")
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((12,)), dense(32), layers.Dense(5)])
    compiled(model, keras.optimizers.SGD(1.0, momentum=0.99))
    (found,) = health(model, (points, labels))
    assert (found.name, found.severity) == ("learning-rate-high", "warning")
    assert "climbs from" in found.came


def test_batches_of_one_pass_where_an_image_has_many_places():
    model = keras.Sequential(
        [
            keras.Input((8, 8)),
            layers.Reshape((8, 8, 1)),
            layers.Conv2D(8, 3),
            layers.BatchNormalization(),
            layers.Flatten(),
            layers.Dense(CLASSES),
        ]
    )
    assert health(model, batches(size=1), SPARSE).names == []


def test_classes_with_large_numbers_take_no_table_of_that_size():
    labels = 10_000_000 * LABELS
    assert "label-range" in health(stack(dense()), (IMAGES, labels), SPARSE).names


def test_an_attempt_that_cant_succeed_isnt_made():
    model = stack(dense(), end="softmax")
    assert health(model, BOTH, own_crossentropy, steps=1).names == ["softmax-twice"]


# What is sound


def functional():
    image = keras.Input((8, 8))
    hidden = dense()(layers.Flatten()(image))
    more = layers.LayerNormalization()(layers.Add()([hidden, dense()(hidden)]))
    return keras.Model(image, layers.Dense(CLASSES)(more))


def convolutional():
    return keras.Sequential(
        [
            keras.Input((8, 8)),
            layers.Reshape((8, 8, 1)),
            layers.Conv2D(16, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(CLASSES),
        ]
    )


def recurrent():
    return keras.Sequential([keras.Input((8, 8)), layers.LSTM(16), layers.Dense(CLASSES)])


def attentive():
    image = keras.Input((8, 8))
    seen = layers.MultiHeadAttention(2, 8)(image, image)
    return keras.Model(image, layers.Dense(CLASSES)(layers.Flatten()(seen)))


def autoencoder():
    return stack(dense(16), units=64)


def transferred():
    model = stack(dense(), dense())
    compiled(model).fit(IMAGES, LABELS, epochs=1, verbose=0)
    model.layers[1].trainable = False
    return model


def trained():
    model = compiled(Subclassed())
    model.fit(IMAGES, LABELS, epochs=30, verbose=0)
    return model


def gated():
    """A branch that begins at 0, as in residual networks."""
    image = keras.Input((8, 8))
    hidden = dense()(layers.Flatten()(image))
    branch = layers.Dense(32, kernel_initializer="zeros")(dense()(hidden))
    return keras.Model(image, layers.Dense(CLASSES)(layers.Add()([hidden, branch])))


def warmed_up():
    rising = keras.optimizers.schedules.CosineDecay(
        0.0, 10_000, warmup_target=0.001, warmup_steps=1_000
    )
    return compiled(stack(dense()), keras.optimizers.Adam(rising))


WORDS = np.random.default_rng(1).integers(1, 50, size=(300, 7))
HAS_SEVEN = (WORDS < 8).any(1).astype("float32")
SOUND = {
    "dense": (lambda: stack(dense()), BOTH, SPARSE),
    "compiled": (lambda: compiled(stack(dense()), metrics=["accuracy"]), BOTH, None),
    "SGD": (lambda: compiled(stack(dense()), keras.optimizers.SGD(0.1, momentum=0.9)), BOTH, None),
    "slow SGD": (lambda: compiled(stack(dense()), "sgd"), BOTH, None),
    "warmup": (warmed_up, BOTH, None),
    "clipped": (
        lambda: compiled(stack(dense()), keras.optimizers.AdamW(0.001, clipnorm=1.0)),
        BOTH,
        None,
    ),
    "linear": (lambda: stack(), BOTH, SPARSE),
    "probabilities": (
        lambda: stack(dense(), end="softmax"),
        BOTH,
        "sparse_categorical_crossentropy",
    ),
    "one-hot": (
        lambda: stack(dense()),
        (IMAGES, ONE_HOT),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    ),
    "own loss": (lambda: stack(dense()), BOTH, own_crossentropy),
    "own loss of probabilities": (
        lambda: stack(dense(), end="softmax"),
        BOTH,
        from_probabilities,
    ),
    "binary": (
        lambda: compiled(
            stack(dense(), units=1),
            loss=BINARY,
            metrics=[keras.metrics.BinaryAccuracy(threshold=0)],
        ),
        (IMAGES, YES),
        None,
    ),
    "several labels each": (
        lambda: compiled(
            stack(dense()), loss=BINARY, metrics=[keras.metrics.BinaryAccuracy(threshold=0)]
        ),
        (IMAGES, ONE_HOT),
        None,
    ),
    "accuracy of probabilities": (
        lambda: compiled(
            stack(dense(), units=1, end="sigmoid"), loss="binary_crossentropy", metrics=["accuracy"]
        ),
        (IMAGES, YES),
        None,
    ),
    "accuracy of one-hot labels": (
        lambda: compiled(
            stack(dense()),
            loss=keras.losses.CategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        ),
        (IMAGES, ONE_HOT),
        None,
    ),
    "binary, labels as column": (
        lambda: stack(dense(), units=1, end="sigmoid"),
        (IMAGES, YES[:, None]),
        "binary_crossentropy",
    ),
    "line": (line, (NUMBERS, VALUES), MSE),
    "line, flat labels": (line, (NUMBERS, VALUES[:, 0]), "mse"),
    "line, own loss": (line, (NUMBERS, VALUES), own_loss),
    "deep regression": (
        lambda: stack(dense(), dense(), units=1, shape=(6,)),
        (NUMBERS, VALUES),
        keras.losses.Huber(),
    ),
    "autoencoder": (autoencoder, (IMAGES, IMAGES.reshape(300, -1)), MSE),
    "functional": (functional, BOTH, SPARSE),
    "convolution": (convolutional, BOTH, SPARSE),
    "recurrent": (recurrent, BOTH, SPARSE),
    "attention": (attentive, BOTH, SPARSE),
    "subclassed": (Subclassed, BOTH, SPARSE),
    "tanh": (lambda: deep("tanh", 4), BOTH, SPARSE),
    "sigmoid": (lambda: deep("sigmoid", 2), BOTH, SPARSE),
    "deep": (lambda: deep("relu", 8), BOTH, SPARSE),
    "gated": (gated, BOTH, SPARSE),
    "dropout": (lambda: stack(dense(128), layers.Dropout(0.5)), BOTH, SPARSE),
    "penalty": (
        lambda: stack(dense(kernel_regularizer=keras.regularizers.L2(0.001))),
        BOTH,
        SPARSE,
    ),
    "scaled inside": (
        lambda: stack(layers.Rescaling(1 / 255), dense()),
        ((255 * np.clip(IMAGES, 0, 1)).astype("uint8"), LABELS),
        SPARSE,
    ),
    "transferred": (transferred, BOTH, SPARSE),
    "trained": (trained, BOTH, SPARSE),
    "words": (
        lambda: keras.Sequential(
            [
                keras.Input((7,)),
                layers.Embedding(5_000, 16, mask_zero=True),
                layers.GlobalMaxPooling1D(),
                layers.Dense(1),
            ]
        ),
        (WORDS, HAS_SEVEN),
        BINARY,
    ),
    "batches": (lambda: stack(dense()), batches(), SPARSE),
    "endless batches": (lambda: stack(dense()), batches().repeat(), SPARSE),
    "weights": (lambda: stack(dense()), (*BOTH, np.ones(300)), SPARSE),
    "few examples": (lambda: stack(dense()), (IMAGES[:12], LABELS[:12]), SPARSE),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_sound_passes(case):
    build, data, loss_fn = SOUND[case]
    found = health(build(), data, loss_fn)
    assert found == [], f"\n{found}"


def test_several_inputs_and_outputs_pass():
    image, numbers = keras.Input((8, 8), name="image"), keras.Input((6,), name="numbers")
    joined = dense()(layers.Concatenate()([layers.Flatten()(image), numbers]))
    outputs = {
        "digit": layers.Dense(CLASSES, name="digit")(joined),
        "value": layers.Dense(1, name="value")(joined),
    }
    model = keras.Model({"image": image, "numbers": numbers}, outputs)
    model.compile("adam", {"digit": SPARSE, "value": MSE})
    data = {"image": IMAGES, "numbers": NUMBERS}, {"digit": LABELS, "value": VALUES}
    assert health(model, data) == []


def test_texts_pass():
    words = layers.TextVectorization()
    texts = np.array([["good film"], ["bad film"], ["good plot"], ["bad plot"]] * 10)
    words.adapt(texts)
    stacked = [words, layers.Embedding(9, 8), layers.GlobalAveragePooling1D(), layers.Dense(1)]
    model = keras.Sequential([keras.Input((1,), dtype="string"), *stacked])
    assert health(model, (texts, np.array([1.0, 0.0] * 20)), BINARY) == []


# Validation data


def test_sound_validation_data_pass():
    assert (
        health(
            stack(dense()),
            (IMAGES[:200], LABELS[:200]),
            SPARSE,
            validation_data=(IMAGES[200:], LABELS[200:]),
        )
        == []
    )


@pytest.mark.parametrize(
    ("name", "validation"),
    [
        ("leakage", (IMAGES[150:], LABELS[150:])),
        ("validation-scale", (255 * IMAGES[200:], LABELS[200:])),
        ("unseen-classes", (IMAGES[200:], LABELS[200:] + 4)),
        ("nan-validation-inputs", (with_nan(IMAGES[200:]), LABELS[200:])),
    ],
)
def test_validation_data_that_mislead_are_named(name, validation):
    model = stack(dense(), units=8)
    data = IMAGES[:200], LABELS[:200]
    assert name in health(model, data, SPARSE, validation_data=validation).names


# Nothing of the reader's is touched


def state(model):
    return [np.array(one) for one in (*model.variables, *model.optimizer.variables)]


@pytest.mark.parametrize("build", [trained, lambda: compiled(stack(dense()), "sgd")])
def test_the_model_and_its_optimizer_stay_as_they_are(build):
    model = build()
    model.optimizer.build(model.trainable_variables)
    before, frozen_before = state(model), [layer.trainable for layer in model.layers]
    health(model, (IMAGES, SHUFFLED))
    assert all(map(np.array_equal, before, state(model)))
    assert frozen_before == [layer.trainable for layer in model.layers]


def test_the_random_states_stay_as_they_are():
    def draws(check):
        keras.utils.set_random_seed(3)
        model = compiled(stack(dense(), layers.Dropout(0.5)))
        if check:
            health(model, BOTH)
        drawn = random.random(), np.random.rand(), float(tf.random.uniform(()))
        losses = model.fit(IMAGES, LABELS, epochs=2, verbose=0).history["loss"]
        return *drawn, float(keras.random.uniform(())), losses

    assert draws(check=True) == draws(check=False)


def test_layers_are_called_as_before_afterwards():
    original = keras.layers.Layer.__call__
    with pytest.raises(ValueError):
        health(stack(dense()), (IMAGES, LABELS[:5]), SPARSE)
    health(stack(dense(), shape=(9, 9)), BOTH, SPARSE)
    assert keras.layers.Layer.__call__ is original


# What can't be checked is refused


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("model", BOTH, SPARSE), TypeError, "model is 'model', expected an object such as"),
        ((None, IMAGES, SPARSE), TypeError, r"data is a ndarray, expected \(inputs, labels\)"),
        ((None, (IMAGES,), SPARSE), ValueError, "data holds 1 parts, expected"),
        ((None, (IMAGES, None), SPARSE), ValueError, "data has no labels, expected"),
        ((None, (IMAGES, LABELS[:9]), SPARSE), ValueError, "hold 300 and 9 examples, expected as"),
        ((None, (IMAGES[:0], LABELS[:0]), SPARSE), ValueError, "data holds no examples"),
        ((None, BOTH, None), ValueError, "loss_fn is None and the model isn't compiled"),
        ((None, BOTH, 3), TypeError, "loss_fn is 3, expected a loss such as"),
        ((None, BOTH, keras.losses.MeanSquaredError), TypeError, "loss_fn is the class"),
        ((None, BOTH, lambda one: one), TypeError, "loss_fn doesn't take labels and predictions"),
        ((None, BOTH, "mean_squire"), ValueError, "mean_squire"),
        (
            (None, tf.data.Dataset.from_tensor_slices(BOTH), SPARSE),
            ValueError,
            r"single example, expected a batch of them. Call data.batch\(32\)",
        ),
        (
            (None, tf.data.Dataset.from_tensor_slices(IMAGES).batch(9), SPARSE),
            ValueError,
            "inputs alone, expected",
        ),
        ((None, batches().take(0), SPARSE), ValueError, "data is empty, expected some batches"),
    ],
)
def test_what_cant_be_checked_is_refused(arguments, error, message):
    model, *rest = arguments
    with pytest.raises(error, match=message):
        health(stack(dense()) if model is None else model, *rest)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"optimizer": "adam"}, TypeError, "optimizer is 'adam', expected an object such as"),
        ({"steps": 0}, ValueError, "steps is 0, expected a whole number of at least 1"),
        ({"validation_data": IMAGES}, TypeError, "validation_data is a ndarray, expected"),
    ],
)
def test_options_that_cant_be_used_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        health(stack(dense()), BOTH, SPARSE, **options)
