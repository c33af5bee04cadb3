import keras
import numpy as np
import pytest

from tf2docs.callbacks import LearningRateFinder, StopAt

VALIDATION = {"validation_data": (np.ones((4, 2), np.float32), np.full(4, 2, np.float32))}


def epochs_with(callback, *, epochs=10, metric="mae", **options):
    """The history of a model whose loss falls from epoch to epoch."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(
        optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=[metric], run_eagerly=True
    )
    inputs = np.random.default_rng(0).random((64, 2), dtype=np.float32)
    history = model.fit(
        inputs, inputs.sum(axis=1), epochs=epochs, verbose=0, callbacks=[callback], **options
    )
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
    assert (
        len(epochs_with(StopAt(-1.0, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch)
        == 2
    )
    assert (
        len(epochs_with(StopAt(1e9, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch)
        == 1
    )


@pytest.mark.parametrize(
    ("monitor", "metric"),
    [("val_accuracy", "accuracy"), ("share", keras.metrics.BinaryAccuracy(name="share"))],
)
def test_more_is_better_of_accuracies(monitor, metric):
    assert (
        len(epochs_with(StopAt(2.0, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch)
        == 2
    )
    assert (
        len(epochs_with(StopAt(0.0, monitor=monitor), epochs=2, metric=metric, **VALIDATION).epoch)
        == 1
    )


def test_a_low_loss_stops_at_the_epoch_that_reaches_it():
    losses = epochs_with(StopAt(1.0, monitor="val_loss"), **VALIDATION).history["val_loss"]
    assert len(losses) == 3
    assert losses[-1] <= 1.0 < min(losses[:-1])


def test_the_mode_may_be_given():
    assert len(epochs_with(StopAt(0.0, monitor="mae", mode="max")).epoch) == 1


def odd(targets, predictions):
    return keras.ops.mean(predictions)


def test_a_metric_of_which_keras_does_not_know_is_asked_about():
    with pytest.raises(
        ValueError, match=r"mode is 'auto', and Keras doesn't know .* 'odd'. Give mode='max'"
    ):
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
    with pytest.warns(
        UserWarning, match="no metric 'val_loss'; this epoch has loss, mae. Was validation left out"
    ):
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
        (
            {"target": 0.9, "mode": "most"},
            ValueError,
            "mode is 'most', expected 'auto', 'min' or 'max'",
        ),
        ({"target": 0.9, "mode": None}, ValueError, "mode is None, expected"),
        ({"target": "0.9"}, TypeError, "target is '0.9', a str, expected a finite number"),
        ({"target": None}, TypeError, "target is None"),
        ({"target": True}, TypeError, "target is True, a bool"),
        ({"target": [0.9]}, TypeError, "target is"),
        ({"target": float("nan")}, ValueError, "target is nan, expected a finite number"),
        ({"target": float("inf")}, ValueError, "target is inf"),
        (
            {"target": 0.9, "monitor": keras.metrics.Mean()},
            TypeError,
            "monitor is .*, expected a name",
        ),
    ],
)
def test_what_can_be_no_target_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        StopAt(**given)


@pytest.mark.parametrize(
    "target", [1, np.float32(1), np.int64(1), np.array(1.0), keras.ops.convert_to_tensor(1.0)]
)
def test_a_target_of_any_kind_is_a_number(target):
    assert (StopAt(target).target, type(StopAt(target).target)) == (1.0, float)


def rising(**options):
    """A finder, and the model that it has been run on.

    One weight whose loss falls, then explodes.
    """
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dropout(0.1), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5, momentum=0.9), loss="mse")
    finder = LearningRateFinder(**{"lowest": 1e-3, "highest": 10.0, "steps": 40, **options})
    inputs = np.ones((8, 1), np.float32)
    model.fit(inputs, 5 * inputs[:, 0], batch_size=4, epochs=40, verbose=0, callbacks=[finder])
    return finder, model


def test_each_batch_has_a_higher_rate_by_the_same_factor():
    finder, _ = rising()
    factors = np.divide(finder.learning_rates[1:], finder.learning_rates[:-1])
    assert finder.learning_rates[0] == pytest.approx(1e-3)
    assert np.allclose(factors, 10 ** (4 / 39))
    assert len(finder.losses) == len(finder.learning_rates) <= 40


def test_it_stops_once_the_loss_explodes():
    finder, _ = rising(highest=1e6)
    assert len(finder.losses) < 40
    assert finder.losses[-1] > 4 * min(finder.losses)
    assert all(
        loss <= 4 * min(finder.losses[: place + 1]) for place, loss in enumerate(finder.losses[:-1])
    )


def test_it_stops_at_the_highest_rate():
    finder, _ = rising(lowest=1e-4, highest=1e-3)
    assert finder.learning_rates[-1] == pytest.approx(1e-3)
    assert len(finder.losses) == 40


def test_the_losses_are_those_of_single_batches():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")]
    )
    model.compile(keras.optimizers.SGD(0.5), loss="mse")
    finder = LearningRateFinder(lowest=1e-12, highest=1e-11, steps=10)
    # batches of two, whose losses are 100, 121, 144, ...
    targets = np.repeat(np.arange(10.0, 20.0), 2)
    model.fit(np.ones((20, 1)), targets, batch_size=2, shuffle=False, verbose=0, callbacks=[finder])
    assert finder.losses == pytest.approx(np.square(np.arange(10.0, 20.0)))


def test_the_suggestion_lies_where_the_loss_falls_fastest():
    finder = LearningRateFinder(lowest=1e-3, highest=10, steps=100)
    finder.learning_rates = np.geomspace(1e-3, 10, 100).tolist()
    finder.losses = (2 - np.tanh(4 * np.log10(np.divide(finder.learning_rates, 0.2)))).tolist()
    assert finder.suggestion() == pytest.approx(0.2, rel=0.1)


def test_model_and_optimizer_get_back_what_they_had():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((1,)), keras.layers.BatchNormalization(), keras.layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adam(0.5), loss="mse")
    inputs = np.random.default_rng(0).random((8, 1), dtype=np.float32)
    model.fit(inputs, inputs[:, 0], verbose=0)
    state = [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]
    finder = LearningRateFinder(steps=20)
    model.fit(inputs, inputs[:, 0], epochs=20, verbose=0, callbacks=[finder])
    assert len(finder.losses) > 1
    after = [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]
    assert all(np.array_equal(one, other) for one, other in zip(state, after, strict=True))


def test_a_model_that_was_never_trained_gets_its_first_weights_back():
    _, model = rising()
    assert float(model.optimizer.learning_rate) == 0.5
    assert int(model.optimizer.iterations) == 0
    keras.utils.set_random_seed(0)
    fresh = keras.Sequential([keras.Input((1,)), keras.layers.Dropout(0.1), keras.layers.Dense(1)])
    assert all(
        np.array_equal(one, other)
        for one, other in zip(model.get_weights(), fresh.get_weights(), strict=True)
    )


def test_batches_that_run_out_are_warned_of():
    with pytest.warns(
        UserWarning, match="ran out of batches after 3 of 40 learning rates. Give it more epochs"
    ):
        epochs_with(LearningRateFinder(steps=40), epochs=3, batch_size=64)


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        ([1.0] * 10, "10 learning rates were tried, expected at least 20"),
        (np.arange(1.0, 101), "falls at no"),
    ],
)
def test_without_a_fall_there_is_no_suggestion(losses, message):
    finder = LearningRateFinder(steps=100)
    finder.losses, finder.learning_rates = (
        list(losses),
        np.geomspace(1e-4, 10, 100)[: len(losses)].tolist(),
    )
    with pytest.raises(ValueError, match=message):
        finder.suggestion()


@pytest.mark.parametrize(
    ("rate", "settings", "message"),
    [
        (
            keras.optimizers.schedules.CosineDecay(0.1, 10),
            {},
            "has a schedule. To find a rate, compile with a number",
        ),
        (0.1, {"steps_per_execution": 2}, "steps_per_execution is 2, expected 1"),
    ],
)
def test_where_rates_can_not_be_set_batch_by_batch_it_says_so(rate, settings, message):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(rate), loss="mse", **settings)
    with pytest.raises(ValueError, match=message):
        model.fit(np.ones((4, 1)), np.ones(4), verbose=0, callbacks=[LearningRateFinder()])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"lowest": 0}, ValueError, "lowest is 0 and highest 10, expected 0 < lowest < highest"),
        ({"lowest": 1, "highest": 0.1}, ValueError, "lowest is 1 and highest 0.1"),
        ({"highest": "10"}, TypeError, "highest is '10', a str, expected a finite number"),
        ({"highest": float("inf")}, ValueError, "highest is inf"),
        ({"steps": 9}, ValueError, "steps is 9, expected a whole number of at least 10"),
        ({"steps": 20.0}, TypeError, "steps is 20.0, a float"),
    ],
)
def test_what_can_be_no_range_of_rates_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        LearningRateFinder(**given)
