import functools
import gc
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs._steps import add_up
from tf2docs.datasets import make_classes, noisy_line
from tf2docs.models import Line, dense_classifier
from tf2docs.training import (
    descend,
    evaluate,
    fit_line,
    mean_squared_error,
    reinitialize,
    train,
)

CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def classes(examples=100, batch=32):
    return tf.data.Dataset.from_tensor_slices(make_classes(examples, features=8, classes=3)).batch(
        batch
    )


def classifier(layer=None):
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [keras.Input((8,)), *([layer()] if layer else []), keras.layers.Dense(3)]
    )


def accuracy():
    return keras.metrics.SparseCategoricalAccuracy(name="accuracy")


def trained(model, dataset=None, **options):
    """The results of all epochs, with Adam."""
    options = {"loss_fn": CROSS_ENTROPY, "optimizer": keras.optimizers.Adam(), **options}
    return list(train(model, classes() if dataset is None else dataset, **options))


# A line


def test_a_loss_is_the_mean_of_the_squares():
    targets, predictions = noisy_line(50, seed=1)
    assert np.isclose(
        mean_squared_error(targets, predictions), np.mean((predictions - targets) ** 2)
    )
    assert np.isclose(
        mean_squared_error(targets, predictions),
        keras.losses.MeanSquaredError()(targets, predictions),
        rtol=1e-6,
    )


def test_a_loss_of_all_pairs_is_refused():
    with pytest.raises(
        ValueError,
        match=r"targets have the shape \(3, 1\) and predictions \(3,\), expected the same",
    ):
        mean_squared_error(np.zeros((3, 1)), np.zeros(3))


def test_a_step_goes_against_the_gradient_of_the_formula():
    inputs, targets = noisy_line(100)
    line = Line(slope=5.0, intercept=0.0)
    error = 5 * inputs - targets
    loss = descend(line, inputs, targets, learning_rate=0.1)
    assert np.isclose(loss, np.mean(error**2))
    assert np.isclose(line.W, 5 - 0.1 * np.mean(2 * error * inputs), rtol=1e-5)
    assert np.isclose(line.b, 0 - 0.1 * np.mean(2 * error), rtol=1e-5)


def test_a_line_learns_its_slope():
    inputs, targets = noisy_line(slope=-2.0, intercept=0.5, noise=0.0)
    line = Line(slope=5.0, intercept=0.0)
    *_, last = fit_line(line, inputs, targets, epochs=100)
    assert np.allclose([line.W, line.b, last["loss"]], [-2.0, 0.5, 0.0], atol=1e-4)


def test_a_line_arrives_at_the_least_squares():
    inputs, targets = noisy_line()
    line = Line(slope=5.0, intercept=0.0)
    list(fit_line(line, inputs, targets, epochs=100))
    assert np.allclose([line.W, line.b], np.polyfit(inputs, targets, 1), atol=1e-4)


def test_each_epoch_tells_where_it_began():
    inputs, targets = noisy_line()
    line = Line(slope=5.0, intercept=0.0)
    epochs = fit_line(line, inputs, targets, epochs=3)
    assert next(epochs) == {
        "W": 5.0,
        "b": 0.0,
        "loss": pytest.approx(np.mean((5 * inputs - targets) ** 2), rel=1e-5),
    }
    W, b = float(line.W), float(line.b)  # noqa: N806 - as the line calls it
    second = next(epochs)
    assert (second["W"], second["b"]) == (W, b)
    assert len(list(epochs)) == 1


def test_a_line_needs_an_epoch():
    with pytest.raises(ValueError, match="epochs is 0, expected a whole number of at least 1"):
        fit_line(Line(slope=1.0, intercept=0.0), [1.0], [1.0], epochs=0)


def test_numbers_of_any_kind_are_taken_as_they_are():
    assert float(mean_squared_error([1, 2, 3], [2, 2, 3])) == pytest.approx(1 / 3)
    assert float(mean_squared_error(np.array([1], "uint8"), np.array([0], "uint8"))) == 1.0
    assert float(mean_squared_error(np.array([0], "uint8"), np.array([255], "uint8"))) == 255.0**2


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "int64", "uint8"])
def test_a_line_takes_numbers_of_any_kind(kind):
    line = Line(slope=0.0, intercept=0.0)
    inputs = np.array([1, 2, 3], kind)
    *_, last = fit_line(line, inputs, np.array([5, 8, 11], kind), epochs=400)
    assert np.allclose([line.W, line.b], [3, 2], atol=0.01)
    assert last["loss"] < 1e-3
    assert line(inputs).dtype == "float32"


POINTS = {"line": Line(slope=1.0, intercept=0.0), "inputs": [1.0], "targets": [1.0]}


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"line": "x"}, TypeError, "line is 'x', expected an object such as tf2docs.models.Line"),
        ({"targets": ["a"]}, TypeError, "targets hold something else than numbers"),
        (
            {"targets": [[1.0]]},
            ValueError,
            r"targets have the shape \(1, 1\) and predictions \(1,\)",
        ),
        ({"inputs": [], "targets": []}, ValueError, "expected at least one number"),
        ({"epochs": "3"}, TypeError, "epochs is '3', a str, expected a whole number"),
        ({"epochs": 3.0}, TypeError, "epochs is 3.0, a float, expected a whole number"),
        ({"epochs": True}, TypeError, "epochs is True, a bool, expected a whole number"),
        (
            {"learning_rate": "0.1"},
            TypeError,
            "learning_rate is '0.1', a str, expected a finite number of at least 0",
        ),
        (
            {"learning_rate": None},
            TypeError,
            "learning_rate is None, a NoneType, expected a finite number",
        ),
        (
            {"learning_rate": float("nan")},
            ValueError,
            "learning_rate is nan, expected a finite number of at least 0",
        ),
        (
            {"learning_rate": -0.1},
            ValueError,
            "learning_rate is -0.1, expected a finite number of at least 0",
        ),
    ],
)
def test_fitting_a_line_is_refused_when_it_is_called(changed, error, message):
    with pytest.raises(error, match=message):
        fit_line(**{**POINTS, **changed})


# Any model, beside `fit`


layers, optimizers = keras.layers, keras.optimizers


class Adding(layers.Layer):
    """Adds to the loss, here one number for each example."""

    def call(self, inputs):
        self.add_loss(0.01 * tf.reduce_sum(tf.square(inputs), axis=1))
        return inputs


class Silent(keras.Model):
    """A subclass whose `call` has no argument `training`: `fit` leaves its Dropout off."""

    def __init__(self):
        super().__init__()
        self.drop, self.scores = layers.Dropout(0.5, seed=1), layers.Dense(3)

    def call(self, inputs):
        return self.scores(self.drop(inputs))


class OfRagged(keras.Model):
    """Averages the vectors of as many words as there are."""

    def __init__(self):
        super().__init__()
        self.embed, self.scores = layers.Embedding(5, 4), layers.Dense(3)

    def call(self, words):
        return self.scores(tf.reduce_mean(self.embed(words.to_tensor()), axis=1))


def stack(*parts, inputs=(8,), outputs=3):
    return keras.Sequential([keras.Input(inputs), *parts, layers.Dense(outputs, dtype="float32")])


def two_outputs(as_dict=False):
    inputs = keras.Input((8,))
    hidden = layers.Dense(4, kernel_regularizer="l2")(inputs)
    outputs = {
        "kind": layers.Dense(3, name="kind")(hidden),
        "size": layers.Dense(1, name="size")(hidden),
    }
    return keras.Model(inputs, outputs if as_dict else list(outputs.values()))


def shared():
    left, right, dense = (
        keras.Input((4,), name="left"),
        keras.Input((4,), name="right"),
        layers.Dense(4),
    )
    return keras.Model(
        {"left": left, "right": right}, layers.Dense(3)(layers.Add()([dense(left), dense(right)]))
    )


def frozen():
    model = stack(layers.BatchNormalization(), layers.Dense(4, kernel_regularizer="l2"))
    model.layers[0].trainable = model.layers[1].trainable = False
    return model


def of_texts():
    vocabulary = layers.StringLookup(vocabulary=["a", "b", "c"])
    return keras.Sequential(
        [
            keras.Input((4,), dtype="string"),
            vocabulary,
            layers.Embedding(4, 5),
            layers.Flatten(),
            layers.Dense(3),
        ]
    )


def in_policy(name, make):
    def made():
        keras.config.set_dtype_policy(name)
        try:
            return make()
        finally:
            keras.config.set_dtype_policy("float32")

    return made


class OfSigns(optimizers.SGD):
    """Goes as far for each number, whatever its gradient."""

    def update_step(self, gradient, variable, learning_rate):
        variable.assign_sub(learning_rate * tf.sign(gradient))


def for_each_layer():
    chosen = optimizers.OptimizerMap(optimizers.SGD(0.1))
    chosen[".*dense_1/.*"] = optimizers.Adam(0.01, use_ema=True, ema_momentum=0.5)
    return optimizers.MultiOptimizer(chosen)


def sgd(**options):
    return lambda: optimizers.SGD(0.1, **options)


def shaped(function, **options):
    """Data of which a function changes the elements."""
    return lambda: classes(**{"examples": 44, "batch": 8, **options}).map(function)


def weights_of(labels):
    return tf.cast(labels, tf.float32) + 0.5


def size_of(inputs):
    return tf.reduce_sum(inputs, axis=1, keepdims=True)


def of_words(inputs, labels):
    return tf.cast(tf.abs(inputs[:, :6]) * 3, tf.int32), labels


def tagged(inputs, labels):
    words, _ = of_words(inputs, labels)
    return words, words % 3


def ragged(inputs, labels):
    return tf.RaggedTensor.from_tensor(
        of_words(inputs, labels)[0] % 5, lengths=labels % 3 + 1
    ), labels


def texts(inputs, labels):
    return tf.gather(["a", "b", "c", "d"], of_words(inputs, labels)[0][:, :4] % 4), labels


def halves(inputs, labels):
    return {"left": inputs[:, :4], "right": inputs[:, 4:]}, labels


def unknown(inputs, labels):
    return tf.ensure_shape(
        tf.py_function(lambda x: x, [inputs[:, :, None]], tf.float32), [None, None, 1]
    ), labels


def uncounted():
    return classes(44, 8).filter(lambda inputs, labels: True)


def sequences():
    return classes(40, 8).map(lambda inputs, labels: (tf.reshape(inputs, [8, 4, 2]), labels))


ONE = (lambda: stack(layers.Dense(4, activation="relu")), sgd(), shaped(lambda *pair: pair))
WEIGHTED = shaped(lambda inputs, labels: (inputs, labels, weights_of(labels)))
KINDS = shaped(lambda inputs, labels: (inputs, {"kind": labels, "size": size_of(inputs)}))
PAIRS = shaped(lambda inputs, labels: (inputs, (labels, size_of(inputs))))
LSTM = {"recurrent_dropout": 0.3, "dropout": 0.2, "seed": 1}

AS_FIT = {  # a model, an optimizer, data
    "plain, uneven last batch": ONE,
    "regularized": (
        lambda: stack(layers.Dense(4, kernel_regularizer="l2", bias_regularizer="l1")),
        *ONE[1:],
    ),
    "activities regularized": (lambda: stack(layers.Dense(4, activity_regularizer="l2")), *ONE[1:]),
    "add_loss of no single number": (lambda: stack(Adding()), *ONE[1:]),
    "batch normalization": (lambda: stack(layers.BatchNormalization()), *ONE[1:]),
    "dropout": (lambda: stack(layers.Dropout(0.5, seed=1)), *ONE[1:]),
    "never built": (lambda: keras.Sequential([layers.Dense(4), layers.Dense(3)]), *ONE[1:]),
    "a subclass": (Silent, *ONE[1:]),
    "nested": (lambda: stack(stack(layers.BatchNormalization(), outputs=5)), *ONE[1:]),
    "shared layers, a dictionary of inputs": (shared, sgd(), shaped(halves)),
    "frozen layers": (frozen, *ONE[1:]),
    "two outputs": (two_outputs, lambda: optimizers.SGD(0.001), PAIRS),
    "a dictionary of outputs": (
        lambda: two_outputs(as_dict=True),
        lambda: optimizers.SGD(0.001),
        KINDS,
    ),
    "weights": (*ONE[:2], WEIGHTED),
    "weights and batch normalization": (
        lambda: stack(layers.BatchNormalization()),
        sgd(),
        WEIGHTED,
    ),
    "Adam": (ONE[0], lambda: optimizers.Adam(0.01, amsgrad=True), ONE[2]),
    "averaged weights": (ONE[0], sgd(use_ema=True, ema_momentum=0.9), ONE[2]),
    "averages set in between": (
        ONE[0],
        sgd(use_ema=True, ema_momentum=0.9, ema_overwrite_frequency=3),
        ONE[2],
    ),
    "accumulated": (ONE[0], sgd(gradient_accumulation_steps=4), ONE[2]),
    "an optimizer for each layer": (ONE[0], for_each_layer, ONE[2]),
    "a loss that is summed": (*ONE[:1], lambda: optimizers.SGD(0.01), ONE[2]),
    "an optimizer with a step of its own": (ONE[0], lambda: OfSigns(0.01), ONE[2]),
    "a schedule": (
        ONE[0],
        lambda: optimizers.SGD(optimizers.schedules.CosineDecay(0.1, 12)),
        ONE[2],
    ),
    "weight decay": (ONE[0], lambda: optimizers.AdamW(0.01, weight_decay=0.1), ONE[2]),
    "clipnorm": (ONE[0], sgd(clipnorm=0.1), ONE[2]),
    "clipvalue": (ONE[0], sgd(clipvalue=0.01), ONE[2]),
    "global_clipnorm": (ONE[0], sgd(global_clipnorm=0.1), ONE[2]),
    "a fixed scale": (ONE[0], sgd(loss_scale_factor=64.0), ONE[2]),
    "a scaled loss": (ONE[0], lambda: optimizers.LossScaleOptimizer(optimizers.SGD(0.1)), ONE[2]),
    "scaled and averaged": (
        ONE[0],
        lambda: optimizers.LossScaleOptimizer(optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)),
        ONE[2],
    ),
    "mixed_float16": (
        in_policy("mixed_float16", lambda: stack(layers.Dense(4, kernel_regularizer="l2"))),
        lambda: optimizers.LossScaleOptimizer(optimizers.SGD(0.1), dynamic_growth_steps=2),
        ONE[2],
    ),
    "float16 with a fixed scale": (
        in_policy("mixed_float16", lambda: stack(layers.Dense(4))),
        sgd(loss_scale_factor=64.0),
        ONE[2],
    ),
    "mixed_bfloat16": (in_policy("mixed_bfloat16", lambda: stack(layers.Dense(4))), *ONE[1:]),
    "unknown number of batches": (*ONE[:2], uncounted),
    "unknown lengths": (
        lambda: stack(layers.Conv1D(4, 3), layers.GlobalMaxPooling1D(), inputs=(None, 1)),
        sgd(),
        shaped(unknown),
    ),
    "masked": (
        lambda: stack(layers.Embedding(20, 4, mask_zero=True), inputs=(None,)),
        sgd(),
        shaped(tagged),
    ),
    "masked and pooled": (
        lambda: stack(
            layers.Embedding(20, 4, mask_zero=True), layers.GlobalAveragePooling1D(), inputs=(None,)
        ),
        sgd(),
        shaped(of_words),
    ),
    "recurrent dropout": (lambda: stack(layers.LSTM(4, **LSTM), inputs=(4, 2)), sgd(), sequences),
    "stateful": (
        lambda: keras.Sequential(
            [keras.Input(batch_shape=(8, 4, 2)), layers.LSTM(4, stateful=True), layers.Dense(3)]
        ),
        sgd(),
        sequences,
    ),
    "texts": (of_texts, sgd(), shaped(texts)),
    "ragged": (OfRagged, sgd(), shaped(ragged)),
    "probabilities": (
        lambda: keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")]),
        *ONE[1:],
    ),
}


def compiled_loss(name):
    if name in ("two outputs", "a dictionary of outputs"):
        losses = [CROSS_ENTROPY, keras.losses.MeanSquaredError()]
        return losses if name == "two outputs" else dict(zip(("kind", "size"), losses, strict=True))
    if name == "a loss that is summed":
        return keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    return (
        keras.losses.SparseCategoricalCrossentropy() if name == "probabilities" else CROSS_ENTROPY
    )


def own_loss(name):
    loss = compiled_loss(name)
    if isinstance(loss, list):
        return lambda labels, predictions: sum(
            one(*pair) for one, *pair in zip(loss, labels, predictions, strict=True)
        )
    if isinstance(loss, dict):
        return lambda labels, predictions: sum(
            one(labels[key], predictions[key]) for key, one in loss.items()
        )
    return loss


def metrics_of(name):
    if name in ("two outputs", "a dictionary of outputs"):
        return {"kind": [accuracy()], "size": [keras.metrics.MeanAbsoluteError(name="mae")]}
    return [accuracy()]


def seeded(make):
    keras.utils.set_random_seed(0)
    return make()


@pytest.mark.parametrize("name", AS_FIT)
def test_it_trains_and_evaluates_as_fit_does(name):
    make, optimizer, data = AS_FIT[name]
    theirs = seeded(make)
    theirs.compile(
        optimizer(), compiled_loss(name), metrics=metrics_of(name), auto_scale_loss=False
    )
    fitted = theirs.fit(data(), epochs=2, verbose=0, shuffle=False).history
    ours = seeded(make)
    options = {"loss_fn": own_loss(name), "metrics": metrics_of(name)}
    epochs = list(train(ours, data(), optimizer=optimizer(), epochs=2, **options))
    for key in epochs[0]:
        assert np.allclose([epoch[key] for epoch in epochs], fitted[key], atol=1e-5), key
    assert len(ours.variables) == len(theirs.variables) > 0
    for mine, other in zip(ours.variables, theirs.variables, strict=True):
        assert np.allclose(mine, other, atol=1e-5), mine.path
    # whose state goes on; not the same twice
    if name != "stateful" and (make is not ONE[0] or optimizer is ONE[1]):
        expected = theirs.evaluate(data(), verbose=0, return_dict=True)
        measured = evaluate(ours, data(), **options)
        assert measured == pytest.approx({key: expected[key] for key in measured}, abs=1e-5)
    assert abs(fitted["loss"][0] - fitted["loss"][1]) > 1e-4  # there was something to compare


def test_what_layers_add_in_float16_is_summed_in_float32():
    added = tf.fill([3000], tf.constant(100, tf.float16))  # its sum is beyond what float16 can hold
    assert float(add_up(tf.constant(1.0), [added, tf.constant(2.0)])) == 300_003.0


def test_it_evaluates_as_keras_does():
    model = classifier(lambda: keras.layers.Dense(16, kernel_regularizer="l2"))
    model.compile(loss=CROSS_ENTROPY, metrics=["accuracy"])
    expected = model.evaluate(classes(), verbose=0, return_dict=True)
    assert evaluate(model, classes(), loss_fn=CROSS_ENTROPY, metrics=[accuracy()]) == pytest.approx(
        expected, rel=1e-5
    )


def test_dropout_acts_in_training_only():
    model = classifier(lambda: keras.layers.Dropout(0.9))
    tested = evaluate(model, classes(), loss_fn=CROSS_ENTROPY)
    assert tested == evaluate(model, classes(), loss_fn=CROSS_ENTROPY)
    learning = trained(model, optimizer=keras.optimizers.SGD(0.0))[0]
    assert not np.isclose(learning["loss"], tested["loss"], rtol=0.05)


def test_evaluating_changes_no_weight():
    model = classifier(keras.layers.BatchNormalization)
    before = model.get_weights()
    evaluate(model, classes(), loss_fn=CROSS_ENTROPY)
    assert all(
        np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True)
    )


def test_a_classifier_learns_its_classes():
    measured = trained(
        classifier(), epochs=30, metrics=[accuracy()], optimizer=keras.optimizers.Adam(0.05)
    )[-1]
    assert measured["accuracy"] > 0.8


def test_a_model_that_was_never_called_is_built():
    model = keras.Sequential([keras.layers.Dense(3)])
    trained(model)
    assert model.built


def test_a_model_may_have_several_inputs():
    parts = {"left": keras.Input((4,), name="left"), "right": keras.Input((4,), name="right")}
    model = keras.Model(
        parts, keras.layers.Dense(3)(keras.layers.Concatenate()(list(parts.values())))
    )
    dataset = classes().map(
        lambda inputs, labels: ({"left": inputs[:, :4], "right": inputs[:, 4:]}, labels)
    )
    first, second = trained(model, dataset, epochs=2)
    assert second["loss"] < first["loss"]


def test_an_image_classifier_trains():
    images = np.random.default_rng(0).random((20, 28, 28), dtype=np.float32)
    dataset = tf.data.Dataset.from_tensor_slices((images, np.arange(20) % 10)).batch(8)
    assert set(trained(dense_classifier(), dataset)[0]) == {"loss"}


# Results


def test_metrics_are_reset_at_each_epoch():
    first, second = trained(
        classifier(), epochs=2, metrics=[accuracy()], optimizer=keras.optimizers.SGD(0.0)
    )
    assert first == pytest.approx(second, rel=1e-6)
    model, metric = classifier(), accuracy()
    metric.update_state([0], [[1.0, 0.0, 0.0]])
    assert trained(model, metrics=[metric], optimizer=keras.optimizers.SGD(0.0))[
        0
    ] == pytest.approx(first, rel=1e-6)


def test_a_smaller_last_batch_counts_less():
    inputs, labels = make_classes(40, features=8, classes=3)
    dataset = tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(32)
    model = classifier()
    expected = float(CROSS_ENTROPY(labels, model(inputs)))
    assert evaluate(model, dataset, loss_fn=CROSS_ENTROPY)["loss"] == pytest.approx(
        expected, rel=1e-5
    )


def test_several_metrics_are_measured():
    top = keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top 3")
    measured = trained(classifier(), metrics=[accuracy(), top])[0]
    assert list(measured) == ["loss", "accuracy", "top 3"]
    assert measured["top 3"] == 1.0


def test_a_metric_may_make_its_variables_late():
    dataset = classes().map(lambda inputs, labels: (inputs, tf.one_hot(labels, 3)))
    loss_fn = keras.losses.CategoricalCrossentropy(from_logits=True)
    f1 = keras.metrics.F1Score(average="macro", name="f1")
    assert 0 <= trained(classifier(), dataset, loss_fn=loss_fn, metrics=[f1])[0]["f1"] <= 1


def test_metrics_may_be_shared_by_training_and_testing():
    model, metrics = classifier(), [accuracy()]
    for _ in train(
        model,
        classes(),
        loss_fn=CROSS_ENTROPY,
        optimizer=keras.optimizers.Adam(),
        metrics=metrics,
        epochs=2,
    ):
        tested = evaluate(model, classes(), loss_fn=CROSS_ENTROPY, metrics=metrics)
    model.compile(loss=CROSS_ENTROPY, metrics=["accuracy"])
    assert tested == pytest.approx(model.evaluate(classes(), verbose=0, return_dict=True), rel=1e-5)


RUNS = []


class Counting(keras.Model):
    """A model that notes when its Python code is run: at each trace."""

    def __init__(self):
        super().__init__()
        self.scores = keras.layers.Dense(3, kernel_regularizer=keras.regularizers.L2(0.1))

    def call(self, inputs):
        RUNS.append(self.name)
        return self.scores(inputs)


def runs_in(action):
    before = len(RUNS)
    action()
    return len(RUNS) - before


def test_evaluating_again_traces_nothing_even_after_training(caplog):
    model, metrics = Counting(), [accuracy()]
    options = {"loss_fn": CROSS_ENTROPY, "metrics": metrics}
    assert runs_in(lambda: evaluate(model, classes(), **options)) > 0
    trained(model)
    caplog.clear()
    assert runs_in(lambda: [evaluate(model, classes(), **options) for _ in range(12)]) == 0
    # other data that look alike
    assert runs_in(lambda: evaluate(model, classes(60), **options)) == 0
    assert caplog.records == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda model: setattr(model.scores, "trainable", False), id="trainable"),
        pytest.param(
            lambda model: setattr(model.scores, "activation", keras.activations.relu),
            id="activation",
        ),
        pytest.param(
            lambda model: setattr(model.scores.kernel.regularizer, "l2", 5.0),
            id="a regularizer's number",
        ),
        pytest.param(
            lambda model: setattr(model.scores, "dtype_policy", "mixed_bfloat16"), id="dtype policy"
        ),
        pytest.param(
            lambda model: setattr(model.scores.kernel, "regularizer", None),
            id="a weight's regularizer",
        ),
        pytest.param(
            lambda model: setattr(model.scores.kernel, "trainable", False),
            id="a weight's trainable",
        ),
    ],
)
def test_evaluating_notices_a_change_of_the_model(change):
    model = Counting()
    before = evaluate(model, classes(), loss_fn=CROSS_ENTROPY)
    change(model)
    after = evaluate(model, classes(), loss_fn=CROSS_ENTROPY)
    model.compile(loss=CROSS_ENTROPY)
    assert after != before
    assert after == pytest.approx(model.evaluate(classes(), verbose=0, return_dict=True), rel=1e-5)


def test_evaluating_notices_a_change_of_the_loss():
    class Scaled(keras.losses.Loss):
        factor = 1.0

        def call(self, labels, predictions):
            return self.factor * keras.losses.sparse_categorical_crossentropy(
                labels, predictions, from_logits=True
            )

    model, loss_fn = classifier(), Scaled()
    before = evaluate(model, classes(), loss_fn=loss_fn)["loss"]
    loss_fn.factor = 2.0
    assert evaluate(model, classes(), loss_fn=loss_fn)["loss"] == pytest.approx(
        2 * before, rel=1e-6
    )


def test_evaluating_with_other_metrics_measures_those():
    model, top = classifier(), keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top 3")
    first = evaluate(model, classes(), loss_fn=CROSS_ENTROPY, metrics=[accuracy()])
    second = evaluate(model, classes(), loss_fn=CROSS_ENTROPY, metrics=[top])
    assert (list(first), list(second)) == (["loss", "accuracy"], ["loss", "top 3"])
    assert second["top 3"] == 1.0 > first["accuracy"]


def test_evaluating_on_data_of_another_form_is_refused_later_too():
    model = classifier()
    evaluate(model, classes(), loss_fn=CROSS_ENTROPY)
    one_hot = classes().map(lambda inputs, labels: (inputs, tf.one_hot(labels, 5)))
    with pytest.raises(ValueError, match="loss_fn can't compare labels like"):
        evaluate(model, one_hot, loss_fn=CROSS_ENTROPY)


def test_evaluating_keeps_the_last_eight_graphs_apart():
    model, losses = (
        Counting(),
        [keras.losses.SparseCategoricalCrossentropy(from_logits=True) for _ in range(9)],
    )

    def again(*places):
        actions = [
            functools.partial(evaluate, model, classes(), loss_fn=losses[place]) for place in places
        ]
        return [runs_in(action) > 0 for action in actions]

    assert again(0, 1, 2, 3, 4, 5, 6, 7) == [True] * 8  # each is traced
    assert again(0, 1, 2, 3, 4, 5, 6, 7) == [False] * 8  # and kept
    assert again(8, 7, 8, 0) == [True, False, False, True]  # the one that was used longest ago went


def test_evaluating_on_other_data_keeps_both_graphs():
    model, pairs = Counting(), classes(96)
    halves = pairs.map(lambda inputs, labels: (tf.cast(inputs, tf.float16), labels))
    both = [evaluate(model, data, loss_fn=CROSS_ENTROPY)["loss"] for data in (pairs, halves)]
    assert both[0] == pytest.approx(both[1], rel=1e-2)
    assert (
        runs_in(
            lambda: [
                evaluate(model, data, loss_fn=CROSS_ENTROPY) for data in (pairs, halves, pairs)
            ]
        )
        == 0
    )


def test_what_evaluating_keeps_goes_with_the_model():
    def evaluated():
        model = classifier()
        evaluate(
            model, classes(), loss_fn=lambda *given: CROSS_ENTROPY(*given) + 0.0 * len(model.layers)
        )
        return weakref.ref(model)

    gone = evaluated()  # though the loss, which is kept too, holds on to the model
    gc.collect()
    assert gone() is None


def test_training_may_be_broken_off_and_go_on():
    model, optimizer = classifier(), keras.optimizers.Adam()
    for _ in train(model, classes(), loss_fn=CROSS_ENTROPY, optimizer=optimizer, epochs=100):
        break
    assert int(optimizer.iterations) == 4  # batches of one epoch
    trained(model, optimizer=optimizer)
    assert int(optimizer.iterations) == 8


def test_averages_are_set_before_the_last_results_come_and_not_earlier():
    model, optimizer = classifier(), keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.9)
    epochs = train(model, classes(), loss_fn=CROSS_ENTROPY, optimizer=optimizer, epochs=2)

    def distance_to_averages():
        averages = optimizer._model_variables_moving_average
        return max(
            np.abs(mine - other).max()
            for mine, other in zip(model.get_weights(), averages, strict=True)
        )

    next(epochs)
    assert distance_to_averages() > 0.01
    next(epochs)  # the iterator isn't exhausted yet
    assert distance_to_averages() == 0


def test_nothing_is_trained_before_it_is_asked_for():
    model = classifier()
    before = model.get_weights()
    train(model, classes(), loss_fn=CROSS_ENTROPY, optimizer=keras.optimizers.Adam())
    assert all(
        np.array_equal(old, new) for old, new in zip(before, model.get_weights(), strict=True)
    )


# What is refused


def unlabelled():
    return classes().map(lambda inputs, labels: inputs)


def four_parts():
    return classes().map(lambda inputs, labels: (inputs, labels, labels, labels))


def shapeless():
    pairs = [(np.zeros((2, 8), "float32"), np.zeros(2, "int64"))]
    kinds = (tf.TensorSpec(None, tf.float32), tf.TensorSpec(None, tf.int64))
    return tf.data.Dataset.from_generator(lambda: iter(pairs), output_signature=kinds)


def unlabelled_by_none():
    return classes().map(lambda inputs, labels: (inputs, None))


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        (unlabelled_by_none, "holds a NoneTensorSpec, expected tensors in each of"),
        (lambda: classes().window(2), "holds a DatasetSpec, expected tensors in each of"),
        (
            lambda: classes().map(lambda inputs, labels: (inputs, tf.strings.as_string(labels))),
            r"the labels look like .*string.*, expected numbers. keras.layers.StringLookup",
        ),
        (shapeless, "has no known shape. Map it through tf.ensure_shape"),
        (
            unlabelled,
            "holds TensorSpec alone, expected \\(inputs, labels\\) or \\(inputs, labels, "
            "weights\\)",
        ),
        (four_parts, "holds 4 parts, expected \\(inputs, labels\\) or"),
        (lambda: classes().unbatch(), "is a single example, expected a batch of them"),
        (lambda: classes().take(0), "the data set is empty, expected some batches"),
        (
            lambda: classes().repeat(),
            "the data set never ends, expected some batches. dataset.take",
        ),
    ],
)
def test_a_data_set_of_another_form_is_refused(dataset, message):
    with pytest.raises(ValueError, match=message):
        trained(classifier(), dataset())
    with pytest.raises(ValueError, match=message):
        evaluate(classifier(), dataset(), loss_fn=CROSS_ENTROPY)


def call(function, **changed):
    """Call `train` or `evaluate` without going through any epoch."""
    given = {"model": classifier(), "dataset": classes(), "loss_fn": CROSS_ENTROPY}
    given |= {"optimizer": keras.optimizers.SGD(0.1)} if function is train else {}
    function(**{**given, **changed})


class OwnStep(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)

    def test_step(self, data):
        return super().test_step(data)


class OwnLoss(keras.Sequential):
    def compute_loss(self, *arguments, **named):
        return super().compute_loss(*arguments, **named)


class OwnMetrics(keras.Sequential):
    def compute_metrics(self, *arguments, **named):
        return super().compute_metrics(*arguments, **named)


class OwnApplying(keras.optimizers.SGD):
    def apply_gradients(self, pairs):
        return super().apply_gradients((-gradient, variable) for gradient, variable in pairs)


def own(kind):
    return kind([keras.Input((8,)), layers.Dense(3)])


def trained_elsewhere():
    optimizer = keras.optimizers.SGD(0.1)
    trained(classifier(), optimizer=optimizer)
    return optimizer


@pytest.mark.parametrize("function", [train, evaluate])
@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"model": "x"}, TypeError, "model is 'x', expected an object such as keras.Sequential"),
        (
            {"model": keras.Sequential},
            TypeError,
            "model is the class Sequential, expected an object",
        ),
        ({"model": own(OwnStep)}, ValueError, "OwnStep has a (train|test)_step of its own"),
        ({"model": own(OwnLoss)}, ValueError, "OwnLoss has a compute_loss of its own"),
        ({"model": own(OwnMetrics)}, ValueError, "OwnMetrics has a compute_metrics of its own"),
        (
            {"dataset": np.zeros((3, 8))},
            TypeError,
            "dataset is a ndarray, expected an object such as tf.data.Dataset",
        ),
        ({"dataset": [1, 2]}, TypeError, "dataset is a list, expected"),
        ({"dataset": (one for one in [1])}, TypeError, "dataset is a generator, expected"),
        (
            {"loss_fn": "mse"},
            TypeError,
            "loss_fn is 'mse', expected an object such as keras.losses",
        ),
        ({"loss_fn": 1}, TypeError, "loss_fn is 1, expected"),
        ({"loss_fn": None}, TypeError, "loss_fn is None, expected"),
        (
            {"loss_fn": {"a": "mse"}},
            TypeError,
            "loss_fn is a dict, expected .* adds up their losses",
        ),
        (
            {"loss_fn": keras.losses.MeanSquaredError},
            TypeError,
            "loss_fn is the class MeanSquaredError, expected",
        ),
        ({"loss_fn": lambda labels: 0.0}, TypeError, "loss_fn doesn't take labels and predictions"),
        (
            {"loss_fn": keras.losses.CategoricalCrossentropy()},
            ValueError,
            "loss_fn can't compare labels like",
        ),
        ({"loss_fn": lambda *pair: None}, ValueError, "loss_fn gives a NoneType"),
        (
            {"metrics": accuracy()},
            TypeError,
            "metrics is a SparseCategoricalAccuracy, expected a list of metrics",
        ),
        ({"metrics": "accuracy"}, TypeError, "metrics is 'accuracy', expected a list"),
        ({"metrics": None}, TypeError, "metrics is None, expected a list"),
        (
            {"metrics": ["accuracy"]},
            TypeError,
            "one of metrics is 'accuracy', expected an object such as keras.metr",
        ),
        ({"metrics": [keras.metrics.F1Score]}, TypeError, "one of metrics is the class F1Score"),
        (
            {"metrics": {"a": [accuracy()]}},
            ValueError,
            "the model has no output 'a', expected a list of metrics",
        ),
    ],
)
def test_arguments_are_checked_when_it_is_called(function, changed, error, message):
    with pytest.raises(error, match=message):
        call(function, **changed)


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        (
            {"optimizer": "adam"},
            TypeError,
            "optimizer is 'adam', expected an object such as keras.optimizers.Adam",
        ),
        (
            {"optimizer": keras.optimizers.Adam},
            TypeError,
            "optimizer is the class Adam, expected an object",
        ),
        (
            {"optimizer": OwnApplying(0.1)},
            ValueError,
            "OwnApplying has an apply_gradients of its own",
        ),
        (
            {"optimizer": trained_elsewhere},
            ValueError,
            "the optimizer was built for other variables",
        ),
        (
            {"model": in_policy("mixed_float16", stack)},
            ValueError,
            "mixed_float16.*LossScaleOptimizer",
        ),
        ({"epochs": "3"}, TypeError, "epochs is '3', a str, expected a whole number"),
        ({"epochs": 3.0}, TypeError, "epochs is 3.0, a float, expected a whole number"),
        ({"epochs": True}, TypeError, "epochs is True, a bool, expected a whole number"),
        ({"epochs": -3}, ValueError, "epochs is -3, expected a whole number of at least 1"),
        (
            {"loss_fn": lambda *pair: tf.constant(1.0)},
            ValueError,
            "No gradients provided for any variable",
        ),
    ],
)
def test_training_is_refused_when_it_is_called(changed, error, message):
    made = {
        key: value() if key == "model" or value is trained_elsewhere else value
        for key, value in changed.items()
    }
    with pytest.raises(error, match=message):
        call(train, **made)


def test_weights_are_given_by_name_alone():
    def scaled(labels, predictions, delta=1.0):
        return CROSS_ENTROPY(labels, predictions) * delta

    weighted = classes().map(lambda inputs, labels: (inputs, labels, weights_of(labels)))
    with pytest.raises(
        TypeError, match="loss_fn doesn't take labels, predictions and, by name, sample_weight"
    ):
        call(train, dataset=weighted, loss_fn=scaled)


def test_a_metric_of_several_numbers_is_refused():
    dataset = classes().map(lambda inputs, labels: (inputs, tf.one_hot(labels, 3)))
    loss_fn, metrics = (
        keras.losses.CategoricalCrossentropy(),
        [keras.metrics.F1Score(average=None, name="f1")],
    )
    with pytest.raises(
        ValueError, match=r"the metric f1 gives the shape \(3,\) for a batch, expected one number"
    ):
        call(train, dataset=dataset, loss_fn=loss_fn, metrics=metrics)


def test_metrics_of_several_outputs_are_asked_for_by_output():
    options = {
        "model": two_outputs(as_dict=True),
        "dataset": KINDS(),
        "loss_fn": own_loss("a dictionary of outputs"),
    }
    with pytest.raises(
        ValueError, match="the model has the outputs kind, size, expected the metrics of each"
    ):
        call(train, **options, metrics=[accuracy()])
    with pytest.raises(ValueError, match="no output 'colour', expected one of kind, size"):
        call(train, **options, metrics={"colour": accuracy()})


def test_each_output_has_metrics_of_its_own():
    mae = keras.metrics.MeanAbsoluteError()
    options = {
        "model": two_outputs(as_dict=True),
        "dataset": KINDS(),
        "loss_fn": own_loss("a dictionary of outputs"),
    }
    with pytest.raises(ValueError, match=r"metric of kind_.* is that of another output too"):
        call(train, **options, metrics={"kind": mae, "size": mae})


def test_layers_are_unfrozen_with_a_new_optimizer():
    model, optimizer = frozen(), keras.optimizers.Adam()
    trained(model, optimizer=optimizer)
    for layer in model.layers:
        layer.trainable = True
    with pytest.raises(
        ValueError, match=r"before layers were frozen or unfrozen. Make a new optimizer"
    ):
        call(train, model=model, optimizer=optimizer)
    trained(model)
    for layer in model.layers:
        layer.trainable = False
    with pytest.raises(
        ValueError, match=r"no trainable variables, expected some: layer.trainable = True"
    ):
        call(train, model=model)


def test_averages_need_the_variables_in_their_order():
    model = stack(layers.Dense(4), layers.Dense(8))
    optimizer = keras.optimizers.SGD(0.1, use_ema=True)
    optimizer.build(model.trainable_variables[::-1])
    with pytest.raises(ValueError, match="the optimizer was built for other variables"):
        call(train, model=model, optimizer=optimizer)
    plain = keras.optimizers.SGD(0.1)
    plain.build(model.trainable_variables[::-1])
    call(train, model=model, optimizer=plain)


def test_an_optimizer_of_a_strategy_is_refused():
    with tf.distribute.OneDeviceStrategy("CPU:0").scope():
        optimizer = keras.optimizers.SGD(0.1)
    with pytest.raises(ValueError, match=r"the optimizer was made under another strategy"):
        call(train, optimizer=optimizer)


def test_a_strategy_in_scope_is_refused():
    strategy = tf.distribute.OneDeviceStrategy("CPU:0")
    with strategy.scope():
        model = classifier()
        with pytest.raises(
            ValueError, match=r"a strategy is in scope, .*tf2docs.distribution.train"
        ):
            call(train)
    with pytest.raises(
        ValueError, match=r"the model was made under another strategy.*tf2docs.distribution.train"
    ):
        call(evaluate, model=model)


NOTHING = {
    "filtered": lambda: classes().filter(lambda *pair: False),
    "of no rows": lambda: classes().map(lambda inputs, labels: (inputs[:0], labels[:0])),
}


@pytest.mark.parametrize("data", NOTHING)
def test_no_data_is_no_loss_of_zero(data):
    with pytest.raises(ValueError, match="the data set gave no examples in this epoch"):
        trained(classifier(), NOTHING[data]())
    with pytest.raises(ValueError, match="the data set gave no examples in this epoch"):
        evaluate(classifier(), NOTHING[data](), loss_fn=CROSS_ENTROPY)


def test_data_that_are_used_up_after_an_epoch_are_noticed_in_the_second():
    pairs = iter([make_classes(8, features=8, classes=3)])
    kinds = (tf.TensorSpec((None, 8)), tf.TensorSpec((None,), tf.int64))
    dataset = tf.data.Dataset.from_generator(lambda: pairs, output_signature=kinds)
    epochs = train(
        classifier(), dataset, loss_fn=CROSS_ENTROPY, optimizer=keras.optimizers.SGD(0.1), epochs=2
    )
    assert next(epochs)["loss"] > 0
    with pytest.raises(ValueError, match=r"no examples in this epoch.*or a generator is used up"):
        next(epochs)


def test_a_smaller_last_batch_of_a_stateful_layer_is_explained():
    data = classes(44, 8).map(lambda inputs, labels: (tf.reshape(inputs, [-1, 4, 2]), labels))
    with pytest.raises(tf.errors.InvalidArgumentError) as told:
        trained(AS_FIT["stateful"][0](), data)
    assert "drop_remainder=True" in told.value.__notes__[0]


def test_training_again_goes_on_with_the_scale_of_the_loss():
    optimizer = keras.optimizers.LossScaleOptimizer(
        keras.optimizers.SGD(0.1), dynamic_growth_steps=3
    )
    model = classifier()
    trained(model, optimizer=optimizer)
    scale = float(optimizer.dynamic_scale)
    trained(model, optimizer=optimizer)
    assert float(optimizer.dynamic_scale) > scale > 2.0**15


def test_preparing_changes_no_state():
    model = classifier(lambda: layers.Dropout(0.5, seed=1))
    model = keras.Sequential([keras.Input((8,)), layers.BatchNormalization(), *model.layers])
    metric = accuracy()
    metric.update_state([0], [[1.0, 0.0, 0.0]])
    before = [one.numpy() for one in (*model.variables, *metric.variables)]
    call(train, model=model, metrics=[metric])
    after = [one.numpy() for one in (*model.variables, *metric.variables)]
    assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))


@pytest.mark.parametrize("metrics", [[accuracy(), accuracy()], [keras.metrics.Mean(name="loss")]])
def test_results_have_different_names(metrics):
    with pytest.raises(
        ValueError,
        match=r"the results would be called loss, .*, expected each name once|loss, loss",
    ):
        trained(classifier(), metrics=metrics)


def test_a_loss_is_one_number():
    with pytest.raises(
        ValueError, match=r"loss_fn gives the shape \(None,\) for a batch, expected one number"
    ):
        trained(classifier(), loss_fn=keras.losses.sparse_categorical_crossentropy)


# Beginning anew


def fits_twice_alike(model, seeds=(3, 3)):
    """The losses of two trainings, each after `reinitialize`, and the weights they began with."""
    model.compile(
        keras.optimizers.Nadam(0.01, use_ema=True, gradient_accumulation_steps=2), CROSS_ENTROPY
    )
    inputs, labels = make_classes(100, features=8, classes=3)
    losses, firsts = [], []
    for seed in seeds:
        reinitialize(model, seed)
        firsts.append(model.get_weights())
        losses.append(model.fit(inputs, labels, epochs=2, verbose=0).history["loss"])
    return losses, firsts


def recurrent():
    reshape, lstm = keras.layers.Reshape((4, 2)), keras.layers.LSTM(3)
    return keras.Sequential([keras.Input((8,)), reshape, lstm, keras.layers.Dense(3)])


def functional():
    inputs = keras.Input((8,))
    hidden = keras.layers.Dense(8, "relu", kernel_initializer="he_normal")(inputs)
    return keras.Model(inputs, keras.layers.Dense(3)(keras.layers.add([inputs, hidden])))


@pytest.mark.parametrize(
    "make",
    [
        classifier,
        recurrent,
        functional,
        lambda: classifier(keras.layers.BatchNormalization),
        lambda: classifier(lambda: keras.layers.Dropout(0.5)),
    ],
    ids=["plain", "recurrent", "functional", "batch normalization", "dropout"],
)
def test_a_model_that_begins_anew_is_trained_to_the_same_weights(make):
    (one, other), (first, again) = fits_twice_alike(make())
    assert one == other
    for before, after in zip(first, again, strict=True):
        assert np.array_equal(before, after)


def test_another_seed_gives_other_weights_as_the_initializers_say():
    model = recurrent()
    (one, other), (first, second) = fits_twice_alike(model, seeds=(1, 2))
    assert one != other
    assert not np.array_equal(first[0], second[0])
    # an LSTM begins by remembering: the bias of its forget gate is 1
    assert np.array_equal(second[2], [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])


def test_beginning_anew_forgets_every_optimizer_and_keeps_the_rate():
    model = classifier()
    second = keras.optimizers.SGD(0.1, momentum=0.9)
    second.build(model.trainable_variables[:1])
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01)), CROSS_ENTROPY)
    model.fit(*make_classes(100, features=8, classes=3), verbose=0)
    second.apply([keras.ops.ones((8, 3))])
    second.learning_rate = 0.05
    reinitialize(model, 0, second)
    assert int(model.optimizer.iterations) == int(second.iterations) == 0
    assert float(model.optimizer.dynamic_scale) == 2.0**15
    assert float(second.learning_rate) == pytest.approx(0.05)
    assert not np.any(second.variables[2])  # the momentum


def test_what_no_initializer_draws_is_refused():
    with pytest.raises(ValueError, match="model has no weights yet"):
        reinitialize(keras.Sequential([keras.layers.Dense(1)]), 0)
    with pytest.raises(ValueError, match="the layer 'scaled' is a Normalization"):
        reinitialize(classifier(lambda: keras.layers.Normalization(name="scaled")), 0)
    with pytest.raises(TypeError, match="model is"):
        reinitialize("model", 0)
