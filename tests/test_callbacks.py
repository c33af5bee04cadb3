import keras
import numpy as np
import pytest

from tf2docs.callbacks import StopAt


def epochs_with(callback, *, epochs=10, **options):
    """How many epochs a model trains whose loss falls from epoch to epoch."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=["mae"])
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


def test_more_is_better_unless_told():
    assert len(epochs_with(StopAt(0.0, monitor="mae")).epoch) == 1


def test_a_value_equal_to_the_target_has_reached_it():
    callback = StopAt(0.5, monitor="accuracy")
    callback.set_model(keras.Sequential())
    callback.on_epoch_end(0, {"accuracy": 0.5})
    assert callback.model.stop_training


def test_a_metric_that_there_is_not_is_named_with_those_there_are():
    with pytest.raises(KeyError, match=r"no metric 'val_accuracy'; this epoch has loss, mae"):
        epochs_with(StopAt(0.9))


def test_validation_metrics_can_be_watched():
    validation = np.zeros((4, 2), np.float32), np.zeros(4, np.float32)
    callback = StopAt(1e9, monitor="val_loss", mode="min")
    assert len(epochs_with(callback, validation_data=validation).epoch) == 1


def test_another_mode_is_refused():
    with pytest.raises(ValueError, match="mode is 'most', expected 'min' or 'max'"):
        StopAt(0.9, mode="most")
