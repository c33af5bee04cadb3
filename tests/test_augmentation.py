import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.augmentation import augment


def images(count=6):
    return np.random.default_rng(0).uniform(0, 255, (count, 8, 8, 3)).astype("float32")


def one_hot(count=6, classes=10):
    return np.eye(classes, dtype="float32")[np.arange(count) % classes]


def batches(pictures, labels, size=3):
    return tf.data.Dataset.from_tensor_slices((pictures, labels)).batch(size)


def joined(dataset):
    pictures, labels = zip(*dataset.as_numpy_iterator(), strict=True)
    return np.concatenate(pictures), np.concatenate(labels)


def test_some_images_are_mirrored_and_the_others_kept():
    flip = keras.layers.RandomFlip("horizontal", seed=0)
    before = images(60)
    after, _ = joined(augment(batches(before, np.arange(60)), flip))
    kept = np.all(after == before, axis=(1, 2, 3))
    mirrored = np.all(after == before[:, :, ::-1], axis=(1, 2, 3))
    assert np.all(kept ^ mirrored) and kept.any() and mirrored.any()


def test_labels_stay_with_their_images():
    _, labels = joined(augment(batches(images(), np.arange(6)), keras.layers.RandomRotation(0.1)))
    assert np.array_equal(labels, np.arange(6))


def test_images_change_anew_each_time():
    dataset = augment(
        batches(images(), one_hot()), keras.layers.RandomTranslation(0.3, 0.3, seed=0)
    )
    assert not np.allclose(joined(dataset)[0], joined(dataset)[0])


def test_they_change_anew_in_a_seeded_program():
    keras.utils.set_random_seed(0)
    dataset = augment(batches(images(), one_hot()), keras.layers.RandomTranslation(0.3, 0.3))
    assert not np.allclose(joined(dataset)[0], joined(dataset)[0])


def test_layers_are_applied_in_their_order():
    double, more = keras.layers.Rescaling(2.0), keras.layers.Rescaling(1.0, offset=1.0)
    after, _ = joined(augment(batches(images(), one_hot()), double, more))
    assert np.allclose(after, images() * 2 + 1, atol=1e-3)


def test_without_layers_images_become_floats_and_nothing_else():
    whole = images().astype("uint8")
    after, _ = joined(augment(batches(whole, one_hot())))
    assert after.dtype == np.float32
    assert np.array_equal(after, whole)


@pytest.mark.parametrize("layer", [keras.layers.MixUp(1.0, seed=0), keras.layers.CutMix(seed=0)])
def test_mixed_labels_are_shares_that_add_up_to_one(layer):
    _, labels = joined(augment(batches(images(), one_hot(), size=6), layer))
    assert np.allclose(labels.sum(axis=1), 1, atol=1e-5)
    assert np.any((labels > 0) & (labels < 1))


def test_mixup_mixes_images_as_it_mixes_labels():
    before, classes = images(), one_hot()
    after, labels = joined(augment(batches(before, classes, 6), keras.layers.MixUp(1.0, seed=0)))
    by_hand = np.einsum("nc,chwk->nhwk", labels[:, :6], before)
    assert np.allclose(after, by_hand, atol=0.01)


@pytest.mark.parametrize("layer", [keras.layers.MixUp(), keras.layers.CutMix()])
@pytest.mark.parametrize(
    "labels",
    [np.arange(6), np.arange(6.0), np.eye(6, dtype="int32"), np.zeros((6, 2, 5), "float32")],
)
def test_labels_that_cant_be_mixed_are_refused(layer, labels):
    with pytest.raises(ValueError, match=r"labels have the shape .* expected rows of floats"):
        augment(batches(images(), labels), layer)


@pytest.mark.parametrize(
    "dataset",
    [
        tf.data.Dataset.from_tensor_slices(images()).batch(2),
        tf.data.Dataset.from_tensor_slices((images(), np.arange(6))),
        tf.data.Dataset.from_tensor_slices({"images": images()}).batch(2),
    ],
)
def test_other_elements_are_refused(dataset):
    with pytest.raises(ValueError, match=r"expected a pair \(images, labels\)"):
        augment(dataset, keras.layers.RandomFlip())


def test_what_is_no_data_set_is_refused():
    with pytest.raises(TypeError, match=r"dataset is .*, expected an object such as tf.data"):
        augment((images(), one_hot()), keras.layers.RandomFlip())


def test_a_class_of_layers_is_no_layer():
    with pytest.raises(TypeError, match=r"each layer is .*RandomFlip.*, expected an object"):
        augment(batches(images(), one_hot()), keras.layers.RandomFlip)
