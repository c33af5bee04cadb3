import keras
import numpy as np
import pytest

from tf2docs.blocks import ConvBlock
from tf2docs.transfer import unfreeze


def base():
    return keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            ConvBlock(4),
            keras.layers.ReLU(),
            ConvBlock(5),
            keras.layers.GlobalAveragePooling2D(),
        ]
    )


def trained_on(model, **settings):
    """What one step of `fit` changes, by the weights' paths."""
    whole = keras.Sequential([keras.Input((8, 8, 3)), model, keras.layers.Dense(1)])
    whole.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=True)
    before = {weight.path: np.copy(weight.numpy()) for weight in model.weights}
    images = np.random.default_rng(0).normal(3, 2, (6, 8, 8, 3))
    whole.fit(images, np.arange(6.0), verbose=0, **settings)
    return {
        weight.path
        for weight in model.weights
        if not np.array_equal(before[weight.path], weight.value)
    }


def test_batch_normalization_within_blocks_stays_as_it_was():
    model = base()
    model.trainable = False
    names = {path.rsplit("/", 1)[-1] for path in trained_on(model)}
    assert names == set()
    unfreeze(model)
    names = {path.rsplit("/", 1)[-1] for path in trained_on(model)}
    assert names == {"kernel"}


def test_what_is_returned_is_what_fit_changes():
    model = base()
    weights = unfreeze(model)
    assert {weight.path for weight in weights} == trained_on(model)


def test_only_the_last_layers_with_weights_are_unfrozen():
    model = base()
    (kernel,) = unfreeze(model, last=1)
    assert kernel.shape == (3, 3, 4, 5)
    assert {kernel.path} == trained_on(model)


def test_more_layers_can_be_unfrozen_later_and_fewer_again():
    model = base()
    model.trainable = False
    assert [len(unfreeze(model, last)) for last in (1, 2, None, 1)] == [1, 2, 2, 1]


def test_a_model_of_keras_applications_is_unfrozen():
    model = keras.applications.MobileNet(
        (32, 32, 3), alpha=0.25, include_top=False, weights=None, pooling="avg"
    )
    assert all("bn" not in weight.path for weight in unfreeze(model))


def test_a_base_without_weights_is_refused():
    with pytest.raises(ValueError, match="no weights yet"):
        unfreeze(keras.Sequential([keras.layers.Dense(2)]))


def test_too_many_layers_are_refused():
    with pytest.raises(ValueError, match="last"):
        unfreeze(base(), last=3)
    with pytest.raises(ValueError, match="last"):
        unfreeze(base(), last=0)


@pytest.mark.parametrize("wrong", [None, keras.layers.Dense(2), "mobile"])
def test_what_is_no_model_is_refused(wrong):
    with pytest.raises(TypeError, match="base"):
        unfreeze(wrong)
