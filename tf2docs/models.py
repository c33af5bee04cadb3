"""The models that the pages build, train and take apart."""

import keras

__all__ = ["dense_classifier", "with_softmax"]


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
