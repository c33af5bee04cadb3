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
    return [losses(tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]), kind) for kind in ("SGD", "Adam")]


def losses(strategy, kind):
    with strategy.scope():
        model, optimizer = make_model(), getattr(keras.optimizers, kind)(0.01)
    return train(strategy, model, optimizer, make_batches(epochs=1, batch_size=63))
"""


def train_alone(optimizer=None, **sizes):
    model = make_model()
    return train(tf.distribute.get_strategy(), model, optimizer or keras.optimizers.SGD(0.1), make_batches(**sizes))


def test_batches_have_one_size_and_leave_the_rest_out():
    shapes = [(inputs.shape, labels.shape) for inputs, labels in make_batches(examples=100, batch_size=32, epochs=2)]
    assert shapes == [((32, 72), (32,))] * 6


def test_batches_are_the_same_every_time():
    first, again = (np.concatenate([inputs for inputs, _ in make_batches(epochs=1)]) for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.parametrize(
    "sizes", [{"examples": 0}, {"batch_size": 0}, {"epochs": 0}, {"examples": 9, "batch_size": 10}]
)
def test_batches_of_impossible_sizes_are_refused(sizes):
    with pytest.raises(ValueError, match="expected at least 1 of each and a batch no larger than an epoch"):
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
    expected = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, make_model()(inputs))
    assert train_alone(epochs=1)[0] == pytest.approx(float(expected), rel=1e-5)


def test_training_is_what_fit_does():
    model = make_model()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
    fitted = model.fit(make_batches(epochs=1), epochs=2, shuffle=False, verbose=0).history["loss"]
    assert np.allclose(np.reshape(train_alone(epochs=2), (2, 20)).mean(axis=1), fitted, rtol=1e-4)


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        (tf.data.Dataset.from_tensor_slices((np.zeros((5, 72)), np.zeros(5))).batch(2), "the batches differ in size"),
        (tf.data.Dataset.from_tensor_slices((np.zeros((5, 72)), np.zeros(5))), "or aren't batches"),
        (tf.data.Dataset.from_tensor_slices(np.zeros((5, 72))).batch(2), "expected pairs of inputs and labels"),
    ],
)
def test_batches_that_would_not_count_alike_are_refused(batches, message):
    with pytest.raises(ValueError, match=message):
        train(tf.distribute.get_strategy(), make_model(), keras.optimizers.SGD(0.1), batches)


def test_two_replicas_train_like_one_even_with_batches_that_cannot_be_halved(tmp_path, monkeypatch):
    (tmp_path / "mirrored_lesson.py").write_text(MIRRORED)
    monkeypatch.syspath_prepend(tmp_path)
    import mirrored_lesson

    [[sgd, adam]] = run_workers(mirrored_lesson.two_replicas, workers=1)  # devices need a fresh process
    assert np.allclose(sgd, train_alone(keras.optimizers.SGD(0.01), batch_size=63, epochs=1), rtol=1e-4)
    assert np.allclose(adam, train_alone(keras.optimizers.Adam(0.01), batch_size=63, epochs=1), rtol=1e-3)


def test_two_worker_processes_train_like_one():
    first, second = run_workers(train_worker)
    assert first == second
    assert np.allclose(first, train_alone(), rtol=1e-4)


def test_fit_in_a_worker_fails_with_the_error_that_the_lesson_shows():
    with pytest.raises(WorkerError, match="PerReplica") as told:
        run_workers(fit_worker)
    assert "ValueError: Attempt to convert a value (PerReplica:" in told.value.log
