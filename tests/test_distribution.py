import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.distribution import fit_worker, make_batches, make_model, train, train_worker
from tf2docs.workers import WorkerError, run_workers

MIRRORED = """
import keras
import tensorflow as tf

from tf2docs.distribution import make_batches, make_model, train


def two_replicas():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    return [losses(strategy, kind) for kind in ("SGD", "Adam")]


def losses(strategy, kind):
    with strategy.scope():
        model, optimizer = make_model(), getattr(keras.optimizers, kind)(0.01)
    return train(strategy, model, optimizer, make_batches(epochs=1, batch_size=63))
"""


AS_FIT = """
import functools

import keras
import numpy as np
import tensorflow as tf

from tf2docs.distribution import train

layers, optimizers = keras.layers, keras.optimizers
LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


class Adding(layers.Layer):
    def call(self, inputs):
        self.add_loss(0.1 * tf.reduce_mean(tf.square(inputs)))
        return inputs


# the layers before the last, the optimizer, whether examples have weights, the dtype policy
CASES = {
    "regularized": (
        lambda: [layers.Dense(4, kernel_regularizer="l2", activity_regularizer="l2"), Adding()],
        lambda: optimizers.SGD(0.1), False, "float32",
    ),
    "weighted, scaled, averaged": (
        lambda: [layers.BatchNormalization()],
        lambda: optimizers.LossScaleOptimizer(optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)),
        True, "float32",
    ),
    "decayed and clipped": (
        lambda: [layers.Dropout(0.5, seed=1)],
        lambda: optimizers.AdamW(optimizers.schedules.CosineDecay(0.1, 20), global_clipnorm=0.1),
        True, "float32",
    ),
    "in float16": (
        lambda: [layers.Dense(4, kernel_regularizer="l2")],
        lambda: optimizers.LossScaleOptimizer(optimizers.Adam(0.01)), False, "mixed_float16",
    ),
}


def data(weighted):
    random = np.random.default_rng(0)
    examples = random.normal(size=(24, 8)).astype("float32"), np.arange(24) % 3
    weights = (random.random(24, dtype="float32"),) if weighted else ()
    return tf.data.Dataset.from_tensor_slices((*examples, *weights)).batch(8, drop_remainder=True)


def built(strategy, hidden, optimizer, policy):
    keras.config.set_dtype_policy(policy)
    with strategy.scope():
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((8,)), *hidden(), layers.Dense(3, dtype="float32")])
        return model, optimizer()


def differences():
    cpu = tf.config.list_physical_devices("CPU")[0]
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    return {name: difference(strategy, *case) for name, case in CASES.items()} | refusals(strategy)


def difference(strategy, hidden, optimizer, weighted, policy):
    ours, own_optimizer = built(strategy, hidden, optimizer, policy)
    before = ours.get_weights()
    losses = train(strategy, ours, own_optimizer, data(weighted).repeat(2))
    losses = np.reshape(losses, (2, 3)).mean(axis=1)
    theirs, their_optimizer = built(strategy, hidden, optimizer, policy)
    theirs.compile(their_optimizer, LOSS)
    fitted = theirs.fit(data(weighted), epochs=2, shuffle=False, verbose=0).history["loss"]
    after = ours.get_weights()
    apart = farthest([losses, *after], [np.array(fitted), *theirs.get_weights()])
    return [apart, farthest(after, before)]


def farthest(first, second):
    return float(max(np.abs(a - b).max() for a, b in zip(first, second, strict=True)))


def refusals(strategy):
    told = {}
    averaged = {"use_ema": True, "ema_overwrite_frequency": 2}
    for option in ({"gradient_accumulation_steps": 2}, averaged):
        make_optimizer = functools.partial(optimizers.SGD, 0.1, **option)
        model, optimizer = built(strategy, lambda: [], make_optimizer, "float32")
        try:
            train(strategy, model, optimizer, data(False))
        except ValueError as error:
            told[list(option)[-1]] = str(error)
    return told
"""


def train_alone(optimizer=None, **sizes):
    model = make_model()
    return train(
        tf.distribute.get_strategy(),
        model,
        optimizer or keras.optimizers.SGD(0.1),
        make_batches(**sizes),
    )


def test_batches_have_one_size_and_leave_the_rest_out():
    shapes = [
        (inputs.shape, labels.shape)
        for inputs, labels in make_batches(examples=100, batch_size=32, epochs=2)
    ]
    assert shapes == [((32, 72), (32,))] * 6


def test_batches_are_the_same_every_time():
    first, again = (
        np.concatenate([inputs for inputs, _ in make_batches(epochs=1)]) for _ in range(2)
    )
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    ("sizes", "error", "message"),
    [
        ({"examples": 0}, ValueError, "examples is 0, expected a whole number of at least 1"),
        ({"batch_size": -1}, ValueError, "batch_size is -1, expected a whole number of at least 1"),
        ({"epochs": 0}, ValueError, "epochs is 0, expected a whole number of at least 1"),
        ({"examples": 9, "batch_size": 10}, ValueError, "expected a batch no larger than an epoch"),
        ({"batch_size": 8.0}, TypeError, "batch_size is 8.0, a float, expected a whole number"),
        ({"epochs": "3"}, TypeError, "epochs is '3', a str, expected a whole number"),
        ({"examples": True}, TypeError, "examples is True, a bool, expected a whole number"),
    ],
)
def test_batches_of_impossible_sizes_are_refused(sizes, error, message):
    with pytest.raises(error, match=message):
        make_batches(**sizes)


def test_the_model_starts_from_the_same_weights_every_time():
    first, again = make_model().get_weights(), make_model().get_weights()
    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))


def test_training_returns_the_loss_of_every_batch_and_it_falls():
    losses = train_alone()
    assert len(losses) == 60
    assert all(isinstance(loss, float) for loss in losses)
    assert losses[-1] < 0.1 < losses[0]


def test_the_first_loss_is_the_mean_over_the_batch():
    inputs, labels = next(iter(make_batches()))
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(
        labels, make_model()(inputs)
    )
    assert train_alone(epochs=1)[0] == pytest.approx(float(expected), rel=1e-5)


def test_training_is_what_fit_does():
    model = make_model()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
    fitted = model.fit(make_batches(epochs=1), epochs=2, shuffle=False, verbose=0).history["loss"]
    assert np.allclose(np.reshape(train_alone(epochs=2), (2, 20)).mean(axis=1), fitted, rtol=1e-4)


def sliced(labels, **options):
    inputs = np.zeros((4, 72), "float32")
    return tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(
        2, **{"drop_remainder": True, **options}
    )


WHOLE = np.zeros(4, "int64")


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        (sliced(WHOLE, drop_remainder=False), "the batches differ in size"),
        (sliced(WHOLE).unbatch(), "is a single example, expected a batch"),
        (sliced(WHOLE).map(lambda inputs, labels: inputs), "expected \\(inputs, labels\\)"),
        (
            sliced(np.eye(4, 10, dtype="float32")),
            "expected whole numbers of shape \\(batch,\\). tf.argmax",
        ),
        (
            sliced(np.eye(4, 10, dtype="int64")),
            "expected whole numbers of shape \\(batch,\\). tf.argmax",
        ),
        (sliced(np.zeros(4)), "expected whole numbers of shape \\(batch,\\). tf.cast"),
        (sliced(WHOLE).take(0), "the data set is empty"),
        (sliced(WHOLE).repeat(), "the data set never ends"),
        (sliced(WHOLE).filter(lambda inputs, labels: False), "the data set gave no batch"),
    ],
)
def test_batches_of_another_form_are_refused(batches, message):
    with pytest.raises(ValueError, match=message):
        train(tf.distribute.get_strategy(), make_model(), keras.optimizers.SGD(0.1), batches)


def ending_in(*layers):
    return keras.Sequential([keras.Input((72,)), keras.layers.Dense(10), *layers])


class Probabilities(keras.Model):
    def __init__(self):
        super().__init__()
        self.scores = keras.layers.Dense(10)

    def call(self, inputs):
        return tf.nn.softmax(self.scores(inputs))


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(lambda: ending_in(keras.layers.Softmax()), id="a layer"),
        pytest.param(
            lambda: ending_in(keras.layers.Dense(10, activation="softmax")), id="an activation"
        ),
        pytest.param(lambda: ending_in(keras.layers.Activation("sigmoid")), id="sigmoid"),
        pytest.param(lambda: ending_in(keras.layers.Activation("log_softmax")), id="log softmax"),
        pytest.param(
            lambda: ending_in(keras.layers.Softmax(), keras.layers.Reshape((10,))),
            id="behind a reshape",
        ),
        pytest.param(Probabilities, id="a subclass"),
    ],
)
def test_a_model_of_probabilities_is_refused(model):
    with pytest.raises(
        ValueError, match=r"the model ends in a (Softmax|LogSoftmax|Sigmoid), expected logits"
    ):
        train(
            tf.distribute.get_strategy(), model(), keras.optimizers.SGD(0.1), make_batches(epochs=1)
        )


class OwnLoss(keras.Sequential):
    def compute_loss(self, *arguments, **named):
        return super().compute_loss(*arguments, **named)


def test_a_loss_of_the_models_own_is_refused():
    model = OwnLoss([keras.Input((72,)), keras.layers.Dense(10)])
    with pytest.raises(ValueError, match="OwnLoss has a compute_loss of its own"):
        train(
            tf.distribute.get_strategy(), model, keras.optimizers.SGD(0.1), make_batches(epochs=1)
        )


def test_one_device_accumulates_as_fit_does():
    def parts():
        return make_model(), keras.optimizers.SGD(0.1, gradient_accumulation_steps=3)

    ours, optimizer = parts()
    losses = train(tf.distribute.get_strategy(), ours, optimizer, make_batches(epochs=1))
    theirs, optimizer = parts()
    theirs.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    fitted = theirs.fit(make_batches(epochs=1), shuffle=False, verbose=0).history["loss"]
    assert np.mean(losses) == pytest.approx(fitted[0], rel=1e-5)
    assert all(
        np.allclose(*pair, atol=1e-5)
        for pair in zip(ours.get_weights(), theirs.get_weights(), strict=True)
    )


def test_labels_may_stand_in_a_column():
    batches = make_batches(epochs=1)
    column = batches.map(lambda inputs, labels: (inputs, labels[:, None]))
    losses = train(tf.distribute.get_strategy(), make_model(), keras.optimizers.SGD(0.1), column)
    assert losses == pytest.approx(train_alone(epochs=1), rel=1e-6)


@pytest.mark.parametrize("outside", ["model", "optimizer"])
def test_what_was_made_outside_the_scope_is_refused(outside):
    strategy = tf.distribute.OneDeviceStrategy("CPU:0")
    parts = {"model": make_model, "optimizer": lambda: keras.optimizers.SGD(0.1)}
    made = {outside: parts[outside]()}
    with strategy.scope():
        made |= {name: make() for name, make in parts.items() if name != outside}
    with pytest.raises(
        ValueError, match=f"the {outside} was made under another strategy.*strategy.scope"
    ):
        train(strategy, made["model"], made["optimizer"], make_batches(epochs=1))


def test_parameter_servers_are_refused_by_name():
    kind = tf.distribute.experimental.ParameterServerStrategy
    strategy = kind.__new__(kind)  # a real one waits for its servers
    with pytest.raises(
        ValueError,
        match=r"is a ParameterServerStrategy, expected a synchronous one.*Keras 3 doesn't",
    ):
        train(strategy, make_model(), keras.optimizers.SGD(0.1), make_batches())


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (
            0,
            "mirrored",
            "strategy is 'mirrored', expected an object such as tf.distribute.MirroredStrategy",
        ),
        (1, "x", "model is 'x', expected an object such as keras.Sequential"),
        (2, "sgd", "optimizer is 'sgd', expected an object such as keras.optimizers"),
        (3, [1, 2], "batches is a list, expected an object such as tf.data.Dataset"),
    ],
)
def test_arguments_of_another_kind_are_refused(place, value, message):
    given = [tf.distribute.get_strategy(), make_model(), keras.optimizers.SGD(0.1), make_batches()]
    given[place] = value
    with pytest.raises(TypeError, match=message):
        train(*given)


def test_two_replicas_train_like_one_even_with_batches_that_cannot_be_halved(tmp_path, monkeypatch):
    (tmp_path / "mirrored_lesson.py").write_text(MIRRORED)
    monkeypatch.syspath_prepend(tmp_path)
    import mirrored_lesson

    # devices need a fresh process
    [[sgd, adam]] = run_workers(mirrored_lesson.two_replicas, workers=1)
    assert np.allclose(
        sgd, train_alone(keras.optimizers.SGD(0.01), batch_size=63, epochs=1), rtol=1e-4
    )
    assert np.allclose(
        adam, train_alone(keras.optimizers.Adam(0.01), batch_size=63, epochs=1), rtol=1e-3
    )


def test_two_replicas_train_as_fit_does_under_the_same_strategy(tmp_path, monkeypatch):
    (tmp_path / "as_fit_lesson.py").write_text(AS_FIT)
    monkeypatch.syspath_prepend(tmp_path)
    import as_fit_lesson

    [found] = run_workers(as_fit_lesson.differences, workers=1, time_limit=600)
    for option in ("gradient_accumulation_steps", "ema_overwrite_frequency"):
        assert f"the optimizer has {option}, which Keras can't do on several replicas" in found.pop(
            option
        )
    assert set(found) == set(as_fit_lesson.CASES)
    assert {name: one for name, one in found.items() if one[0] > 1e-5} == {}
    assert {name: one for name, one in found.items() if one[1] < 1e-3} == {}  # they did train


def test_two_worker_processes_train_like_one():
    first, second = run_workers(train_worker)
    assert first == second
    assert np.allclose(first, train_alone(), rtol=1e-4)


def test_fit_in_a_worker_fails_with_the_error_that_the_lesson_shows():
    with pytest.raises(WorkerError, match="PerReplica") as told:
        run_workers(fit_worker)
    assert "ValueError: Attempt to convert a value (PerReplica:" in told.value.log
