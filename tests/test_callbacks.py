import keras
import numpy as np
import pytest

from tf2docs.callbacks import StopAt

VALIDATION = {"validation_data": (np.ones((4, 2), np.float32), np.full(4, 2, np.float32))}


def epochs_with(callback, *, epochs=10, metric="mae", **options):
    """The history of a model whose loss falls from epoch to epoch."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=[metric], run_eagerly=True)
    inputs = np.random.default_rng(0).random((64, 2), dtype=np.float32)
    history = model.fit(inputs, inputs.sum(axis=1), epochs=epochs, verbose=0, callbacks=[callback], **options)
    return history


def test_it_stops_at_the_first_epoch_that_reaches_the_target():
    losses = epochs_with(keras.callbacks.Callback()).history["loss"]
    assert losses == sorted(losses, reverse=True)
    target = (losses[3] + losses[4]) / 2
    stopped = epochs_with(StopAt(target, monitor="loss", mode="min")).history["loss"]
    assert np.allclose(stopped, losses[:5])


def test_it_lets_training_go_on_to_a_target_out_of_reach():
    assert len(epochs_with(StopAt(-1.0, monitor="loss", mode="min")).epoch) == 10


@pytest.mark.parametrize(
    ("monitor", "metric"),
    [
        ("loss", "mae"),
        ("val_loss", "mae"),
        ("val_mae", "mae"),
        ("distance", keras.metrics.MeanSquaredError(name="distance")),
    ],
)
def test_less_is_better_of_losses_and_errors(monitor, metric):
    assert len(epochs_with(StopAt(-1.0, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch) == 2
    assert len(epochs_with(StopAt(1e9, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch) == 1


@pytest.mark.parametrize(
    ("monitor", "metric"),
    [("val_accuracy", "accuracy"), ("share", keras.metrics.BinaryAccuracy(name="share"))],
)
def test_more_is_better_of_accuracies(monitor, metric):
    assert len(epochs_with(StopAt(2.0, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch) == 2
    assert len(epochs_with(StopAt(0.0, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch) == 1


def test_a_low_loss_stops_at_the_epoch_that_reaches_it():
    losses = epochs_with(StopAt(1.0, monitor="val_loss"), **VALIDATION).history["val_loss"]
    assert len(losses) == 3
    assert losses[-1] <= 1.0 < min(losses[:-1])


def test_the_mode_may_be_given():
    assert len(epochs_with(StopAt(0.0, monitor="mae", mode="max")).epoch) == 1


def odd(targets, predictions):
    return keras.ops.mean(predictions)


def test_a_metric_of_which_keras_does_not_know_is_asked_about():
    with pytest.raises(ValueError, match=r"mode is 'auto', and Keras doesn't know .* 'odd'. Give mode='max'"):
        epochs_with(StopAt(0.9, monitor="odd"), metric=odd)
    assert len(epochs_with(StopAt(1e9, monitor="odd", mode="min"), metric=odd).epoch) == 1


def judged(value, **options):
    callback = StopAt(0.5, monitor="accuracy", **options)
    callback.set_model(keras.Sequential())
    callback.model.stop_training = False
    callback.on_epoch_end(0, {"accuracy": value})
    return callback.model.stop_training


@pytest.mark.parametrize("mode", ["min", "max"])
def test_a_value_equal_to_the_target_has_reached_it_and_nan_has_not(mode):
    assert judged(0.5, mode=mode)
    assert judged(np.float32(0.5), mode=mode)
    assert not judged(float("nan"), mode=mode)
    assert judged(0.4, mode=mode) == (mode == "min")


def test_epochs_without_validation_are_passed_by_with_a_warning():
    with pytest.warns(UserWarning, match="no metric 'val_loss'; this epoch has loss, mae. Was validation left out"):
        history = epochs_with(StopAt(1e9, monitor="val_loss"), validation_freq=2, **VALIDATION)
    assert len(history.epoch) == 2


def test_without_validation_data_it_warns_and_trains_on():
    with pytest.warns(UserWarning, match="no metric 'val_accuracy'"):
        assert len(epochs_with(StopAt(0.9)).epoch) == 10


@pytest.mark.parametrize(("monitor", "options"), [("acuracy", {}), ("val_acuracy", VALIDATION)])
def test_a_metric_that_there_is_not_is_named_with_those_there_are(monitor, options):
    with pytest.raises(KeyError, match=f"no metric '{monitor}'; this epoch has loss, mae"):
        epochs_with(StopAt(0.9, monitor=monitor), **options)


def test_it_can_be_used_again():
    callback = StopAt(1e9, monitor="loss")
    assert [len(epochs_with(callback).epoch) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"target": 0.9, "mode": "most"}, ValueError, "mode is 'most', expected 'auto', 'min' or 'max'"),
        ({"target": 0.9, "mode": None}, ValueError, "mode is None, expected"),
        ({"target": "0.9"}, TypeError, "target is '0.9', a str, expected a finite number"),
        ({"target": None}, TypeError, "target is None"),
        ({"target": True}, TypeError, "target is True, a bool"),
        ({"target": [0.9]}, TypeError, "target is"),
        ({"target": float("nan")}, ValueError, "target is nan, expected a finite number"),
        ({"target": float("inf")}, ValueError, "target is inf"),
        ({"target": 0.9, "monitor": keras.metrics.Mean()}, TypeError, "monitor is .*, expected a name"),
    ],
)
def test_what_can_be_no_target_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        StopAt(**given)


@pytest.mark.parametrize("target", [1, np.float32(1), np.int64(1), np.array(1.0), keras.ops.convert_to_tensor(1.0)])
def test_a_target_of_any_kind_is_a_number(target):
    assert (StopAt(target).target, type(StopAt(target).target)) == (1.0, float)
