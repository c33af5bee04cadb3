"""Data augmentation in the input pipeline, by Keras's layers for random images."""

import keras
import tensorflow as tf

from tf2docs._checks import check_kind

__all__ = ["augment"]

_DATASET = "tf.data.Dataset.from_tensor_slices((images, labels)).batch(32)"
_MIXING = (keras.layers.MixUp, keras.layers.CutMix)


def augment(dataset: tf.data.Dataset, *layers: keras.layers.Layer) -> tf.data.Dataset:
    """Change the images of a data set at random, anew each time that they come by.

    The layers are applied one after the other, switched on, in the input pipeline. `MixUp` and
    `CutMix` mix the labels as well; the other layers leave them as they are.

    Args:
        dataset: Batches of `(images, labels)`, images of shape `(batch, height, width, channels)`.
            What is the same in each epoch, such as `cache`, comes before.
        layers: Layers of Keras, such as `keras.layers.RandomFlip("horizontal")`.

    Returns:
        A data set of as many such batches, with images as floats.

    Raises:
        TypeError: `dataset` is no data set, or a layer no layer.
        ValueError: The data set doesn't hold such batches, or labels are to be mixed that aren't
            one-hot rows of floats.

    Examples:
        >>> images = tf.reshape(tf.range(4.0), (1, 2, 2, 1))
        >>> dataset = tf.data.Dataset.from_tensors((images, [7]))
        >>> mirror = keras.layers.RandomFlip("horizontal", seed=3)
        >>> for changed, labels in augment(dataset, mirror):
        ...     print(changed.numpy().ravel(), labels.numpy())
        [1. 0. 3. 2.] [7]

    References:
        Zhang and others: mixup: Beyond Empirical Risk Minimization (2017).
    """
    check_kind("dataset", dataset, tf.data.Dataset, _DATASET)
    for layer in layers:
        check_kind("each layer", layer, keras.layers.Layer, 'keras.layers.RandomFlip("horizontal")')
    _check_batches(dataset.element_spec)
    if any(isinstance(layer, _MIXING) for layer in layers):
        _check_one_hot(dataset.element_spec[1])

    def change(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        images = tf.cast(images, tf.float32)
        for layer in layers:
            if isinstance(layer, _MIXING):
                mixed = layer({"images": images, "labels": labels}, training=True)
                images, labels = mixed["images"], mixed["labels"]
            else:
                images = layer(images, training=True)
        return images, labels

    return dataset.map(change)


def _check_batches(spec: object) -> None:
    """Refuse what isn't a batch of images with labels."""
    shapes = [getattr(part, "shape", None) for part in spec] if isinstance(spec, tuple) else []
    if len(shapes) != 2 or shapes[0] is None or shapes[0].rank != 4:
        raise ValueError(
            f"an element of the data set is {spec}, expected a pair (images, labels) with images "
            f"of shape (batch, height, width, channels). Such a data set is {_DATASET}."
        )


def _check_one_hot(spec: tf.TensorSpec) -> None:
    """Refuse labels that can't be mixed."""
    if spec.shape.rank != 2 or not spec.dtype.is_floating:
        raise ValueError(
            f"labels have the shape {spec.shape} and the type {spec.dtype.name}, expected rows of "
            "floats, (batch, classes), since shares of classes are mixed. "
            "keras.ops.one_hot(labels, classes) makes them."
        )
