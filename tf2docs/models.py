"""The models that the pages build, train and take apart."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import keras
import tensorflow as tf
from numpy.typing import ArrayLike

from tf2docs._arguments import counts, real_number

__all__ = [
    "ConvClassifier",
    "Line",
    "dense_classifier",
    "dense_ensemble",
    "lenet",
    "with_softmax",
]


class Line(tf.Module):
    """The line `y = W x + b`, with W and b as variables to learn.

    `tf.Module` finds the variables among the attributes, so `trainable_variables` and checkpoints
    need no list.

    Args:
        slope: The initial value of W.
        intercept: The initial value of b.

    Raises:
        TypeError: One of them is no number.
        ValueError: One of them is NaN or infinite.

    Examples:
        >>> line = Line(slope=5.0, intercept=0.0)
        >>> float(line(3.0))
        15.0
    """

    def __init__(self, *, slope: float, intercept: float) -> None:
        super().__init__()
        self.W = tf.Variable(real_number("slope", slope), dtype=tf.float32, name="W")
        self.b = tf.Variable(real_number("intercept", intercept), dtype=tf.float32, name="b")

    def __call__(self, inputs: ArrayLike) -> tf.Tensor:
        """Compute y of each x, in the shape of `inputs` and in the type of W and b."""
        return self.W * tf.cast(inputs, self.W.dtype) + self.b


@keras.saving.register_keras_serializable("tf2docs")
class ConvClassifier(keras.Model):
    """A classifier of images with one convolution and one hidden layer.

    It is a subclass of `keras.Model`.

    It returns logits, one score per class. The model is registered and knows its own sizes, so it
    can be saved and
    loaded: without `get_config`, Keras would build the loaded one with the default sizes.

    Args:
        classes: How many classes there are.
        filters: How many channels the convolution puts out.
        hidden: Units of the hidden layer.
        **options: What every Keras model takes, such as `name`.

    Raises:
        TypeError: One of the sizes is no whole number.
        ValueError: One of them is below 1.

    Examples:
        >>> ConvClassifier()(keras.ops.zeros((2, 28, 28, 1))).shape
        TensorShape([2, 10])
    """

    def __init__(
        self, *, classes: int = 10, filters: int = 32, hidden: int = 128, **options: Any
    ) -> None:
        super().__init__(**options)
        classes, filters, hidden = counts(classes=classes, filters=filters, hidden=hidden)
        self.convolution = keras.layers.Conv2D(filters, 3, activation="relu")
        self.flatten = keras.layers.Flatten()
        self.hidden = keras.layers.Dense(hidden, activation="relu")
        self.scores = keras.layers.Dense(classes)

    def call(self, images: tf.Tensor) -> tf.Tensor:
        """Compute logits of shape `(batch, classes)` from images.

        Their shape is `(batch, height, width, channels)`.
        """
        features = self.convolution(images)  # (batch, height - 2, width - 2, filters)
        features = self.hidden(self.flatten(features))  # (batch, hidden)
        return self.scores(features)  # (batch, classes)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal model."""
        sizes = {
            "classes": self.scores.units,
            "filters": self.convolution.filters,
            "hidden": self.hidden.units,
        }
        return {**super().get_config(), **sizes}


def dense_classifier(
    *,
    classes: int = 10,
    hidden: int = 128,
    dropout: float = 0.2,
    image_shape: tuple[int, ...] = (28, 28),
) -> keras.Sequential:
    """Build a classifier of images with one hidden layer.

    It returns logits, one score per class, because a loss computed from logits is numerically
    stable.

    Args:
        classes: How many classes there are.
        hidden: Units of the hidden layer.
        dropout: Share of the hidden units, on average, that is set to zero at each training step.
        image_shape: Shape of one image, without the batch.

    Returns:
        A model that maps images of shape `(batch, *image_shape)` to logits of shape
            `(batch, classes)`.

    Raises:
        TypeError: `classes` or `hidden` is no whole number.
        ValueError: One of them is below 1, or Keras refuses `dropout` or `image_shape`.

    Examples:
        >>> dense_classifier().output_shape
        (None, 10)
    """
    classes, hidden = counts(classes=classes, hidden=hidden)
    return keras.Sequential(
        [
            keras.Input(image_shape),
            keras.layers.Flatten(),  # (batch, pixels)
            keras.layers.Dense(hidden, activation="relu"),  # (batch, hidden)
            keras.layers.Dropout(dropout),
            keras.layers.Dense(classes),  # (batch, classes)
        ]
    )


def dense_ensemble(
    members: int, features: int, *, hidden: Sequence[int] = (16,)
) -> keras.Sequential:
    """Build small networks that train side by side, each with weights and data of its own.

    One `fit` then trains them all, where `fit` for each would take many times as long, most of it
    for starting anew. What one network learns changes no other.

    Args:
        members: How many networks.
        features: How many numbers each of them takes for an example.
        hidden: Units of the hidden layers; with none, each network is a linear model.

    Returns:
        A model that maps `(batch, members, features)` to `(batch, members)`: a number, such as a
            logit, from each network.

    Raises:
        TypeError: A size is no whole number.
        ValueError: One of them is below 1.

    Examples:
        >>> dense_ensemble(50, 12).output_shape
        (None, 50)
    """
    members, features = counts(members=members, features=features)
    units = [*counts(**{f"hidden[{place}]": size for place, size in enumerate(hidden)}), 1]
    model = keras.Sequential([keras.Input((members, features))])
    for inputs, outputs in pairwise([features, *units]):
        limit = (6 / (inputs + outputs)) ** 0.5  # Glorot's, of one network, not of them all
        model.add(
            keras.layers.EinsumDense(
                "bmi,mio->bmo",  # batch, member, input, output
                output_shape=(members, outputs),
                bias_axes="mo",
                kernel_initializer=keras.initializers.RandomUniform(-limit, limit),
            )
        )
        model.add(keras.layers.ReLU())
    model.pop()  # the last layer isn't rectified
    model.add(keras.layers.Reshape((members,)))  # (batch, members, 1) to (batch, members)
    return model


def lenet(
    *, classes: int = 10, image_shape: tuple[int, int, int] = (28, 28, 1)
) -> keras.Sequential:
    """Build LeNet-5 in today's form, with ReLU, max pooling and logits.

    Two convolutions, each with pooling behind it, find patterns wherever they are; three dense
    layers decide from where they were found.

    Args:
        classes: How many classes there are.
        image_shape: Height, width and channels of one image, without the batch.

    Returns:
        A model that maps images of shape `(batch, *image_shape)` to logits of shape
            `(batch, classes)`. Its layers are named `conv1`, `pool1`, `conv2`, `pool2`, `flatten`,
            `dense1`, `dense2` and `logits`.

    Raises:
        TypeError: `classes` is no whole number.
        ValueError: It is below 1, or the images have no three axes or are smaller than 12 pixels.

    Examples:
        >>> model = lenet()
        >>> model.output_shape
        (None, 10)
        >>> model.count_params()
        61706

    References:
        LeCun, Bottou, Bengio, Haffner, Gradient-Based Learning Applied to Document Recognition,
        1998.
    """
    (classes,) = counts(classes=classes)
    _check_image_shape(image_shape)
    conv, dense = keras.layers.Conv2D, keras.layers.Dense
    pool = keras.layers.MaxPooling2D
    return keras.Sequential(
        [
            keras.Input(image_shape),
            conv(6, 5, padding="same", activation="relu", name="conv1"),
            pool(2, name="pool1"),  # (batch, 14, 14, 6) of images of 28x28
            conv(16, 5, activation="relu", name="conv2"),
            pool(2, name="pool2"),  # (batch, 5, 5, 16)
            keras.layers.Flatten(name="flatten"),  # (batch, 400)
            dense(120, activation="relu", name="dense1"),
            dense(84, activation="relu", name="dense2"),
            dense(classes, name="logits"),
        ],
        name="lenet",
    )


def with_softmax(model: keras.Model) -> keras.Sequential:
    """Append a softmax to a trained model, so that it returns probabilities.

    The layers are shared, not copied: what `model` learns later, this model knows too.

    Args:
        model: A model that returns logits of shape `(batch, classes)`.

    Returns:
        A model that takes the same images and returns probabilities of shape `(batch, classes)`.

    Raises:
        TypeError: `model` is no Keras model.
        ValueError: It has several outputs, or a single score, or ends in a softmax or a sigmoid
            already.

    Examples:
        >>> probabilities = with_softmax(dense_classifier())(keras.ops.zeros((1, 28, 28)))
        >>> round(float(keras.ops.sum(probabilities)), 5)
        1.0
    """
    _check_scores(model)
    return keras.Sequential([model, keras.layers.Softmax()])


def _check_image_shape(shape: tuple[int, int, int]) -> None:
    """Refuse images of which the second pooling would leave nothing."""
    expected = "expected (height, width, channels) with at least 12 pixels each way"
    if len(shape) != 3:
        raise ValueError(
            f"image_shape is {shape}, {expected}. Greyscale images need an axis for their one "
            "channel: images[..., np.newaxis]."
        )
    height, width, _ = shape
    if min(height, width) < 12:
        raise ValueError(f"image_shape is {shape}, {expected}. Enlarge or pad the images.")


def _check_scores(model: keras.Model) -> None:
    """Refuse a model whose softmax would only look like probabilities."""
    if not isinstance(model, keras.Model):
        raise TypeError(
            f"model is a {type(model).__name__}, expected a keras.Model that returns logits."
        )
    if (found := _squashed_by(model)) is not None:
        raise ValueError(
            f"{model.name} returns probabilities already: it ends in a {found}. Use the model "
            "as it is."
        )
    if not getattr(model, "outputs", None):
        return  # subclassed or not built yet: which shape comes out isn't known
    shape = model.output_shape
    if len(model.outputs) > 1 or isinstance(shape, dict | list):
        raise ValueError(
            f"{model.name} returns outputs of the shapes {shape}, expected logits alone."
        )
    if shape[-1] == 1:
        raise ValueError(
            f"{model.name} returns one score per image, of which a softmax is always 1. For two "
            "classes use a sigmoid: keras.ops.sigmoid(scores) is the probability of class 1."
        )


def _squashed_by(model: keras.Model) -> str | None:
    """Which function turns the last layer's scores into probabilities.

    None, or unknown of a subclassed model.
    """
    if (
        not (isinstance(model, keras.Sequential) or getattr(model, "outputs", None))
        or not model.layers
    ):
        return None
    last = model.layers[-1]
    if isinstance(last, keras.Model):
        return _squashed_by(last)
    if isinstance(last, keras.layers.Softmax):
        return "softmax"
    activation = getattr(last, "activation", None)
    return (
        activation.__name__
        if activation in (keras.activations.softmax, keras.activations.sigmoid)
        else None
    )
