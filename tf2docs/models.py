"""The models that the pages build, train and take apart."""

from typing import Any

import keras
import tensorflow as tf
from numpy.typing import ArrayLike

__all__ = ["ConvClassifier", "Line", "dense_classifier", "with_softmax"]


class Line(tf.Module):
    """The line `y = W x + b`, with W and b as variables to learn.

    `tf.Module` finds the variables among the attributes, so `trainable_variables` and checkpoints need no list.

    Args:
        slope: The initial value of W.
        intercept: The initial value of b.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> float(line(3.0))
        15.0
    """

    def __init__(self, *, slope: float, intercept: float) -> None:
        super().__init__()
        self.W = tf.Variable(slope, dtype=tf.float32, name="W")
        self.b = tf.Variable(intercept, dtype=tf.float32, name="b")

    def __call__(self, inputs: ArrayLike) -> tf.Tensor:
        """Compute y of each x, in the shape of `inputs` and in the type of W and b."""
        return self.W * tf.cast(inputs, self.W.dtype) + self.b


@keras.saving.register_keras_serializable("tf2docs")
class ConvClassifier(keras.Model):
    """A classifier of images with one convolution and one hidden layer, as a subclass of `keras.Model`.

    It returns logits, one score per class. The model is registered and knows its own sizes, so it can be saved and
    loaded: without `get_config`, Keras would build the loaded one with the default sizes.

    Args:
        classes: How many classes there are.
        filters: How many channels the convolution puts out.
        hidden: Units of the hidden layer.
        **options: What every Keras model takes, such as `name`.

    Examples:
        >>> ConvClassifier()(keras.ops.zeros((2, 28, 28, 1))).shape
        TensorShape([2, 10])
    """

    def __init__(self, *, classes: int = 10, filters: int = 32, hidden: int = 128, **options: Any) -> None:
        super().__init__(**options)
        self.convolution = keras.layers.Conv2D(filters, 3, activation="relu")
        self.flatten = keras.layers.Flatten()
        self.hidden = keras.layers.Dense(hidden, activation="relu")
        self.scores = keras.layers.Dense(classes)

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """Compute logits of shape `(batch, classes)` from images of shape `(batch, height, width, channels)`."""
        features = self.convolution(images)  # (batch, height - 2, width - 2, filters)
        features = self.hidden(self.flatten(features))  # (batch, hidden)
        return self.scores(features)  # (batch, classes)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal model."""
        sizes = {"classes": self.scores.units, "filters": self.convolution.filters, "hidden": self.hidden.units}
        return {**super().get_config(), **sizes}


def dense_classifier(
    *,
    classes: int = 10,
    hidden: int = 128,
    dropout: float = 0.2,
    image_shape: tuple[int, ...] = (28, 28),
) -> keras.Sequential:
    """Build a classifier of images with one hidden layer.

    It returns logits, one score per class, because a loss computed from logits is numerically stable.

    Args:
        classes: How many classes there are.
        hidden: Units of the hidden layer.
        dropout: Share of the hidden units, on average, that is set to zero at each training step.
        image_shape: Shape of one image, without the batch.

    Returns:
        A model that maps images of shape `(batch, *image_shape)` to logits of shape `(batch, classes)`.

    Examples:
        >>> dense_classifier().output_shape
        (None, 10)
    """
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),  # (batch, pixels)
            keras.layers.Dense(hidden, activation="relu"),  # (batch, hidden)
            keras.layers.Dropout(dropout),
            keras.layers.Dense(classes),  # (batch, classes)
        ]
    )


def with_softmax(model: keras.Model) -> keras.Sequential:
    """Append a softmax to a trained model, so that it returns probabilities.

    The layers are shared, not copied: what `model` learns later, this model knows too.

    Args:
        model: A model that returns logits of shape `(batch, classes)`.

    Returns:
        A model that takes the same images and returns probabilities of shape `(batch, classes)`.

    Examples:
        >>> probabilities = with_softmax(dense_classifier())(keras.ops.zeros((1, 28, 28)))
        >>> round(float(keras.ops.sum(probabilities)), 5)
        1.0
    """
    return keras.Sequential([model, keras.layers.Softmax()])
