"""Semantic segmentation, a label for each pixel: the network, the loss and the measure for it."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import counts, whole_number
from tf2docs.blocks import ConvBlock

__all__ = ["DiceLoss", "intersection_over_union", "u_net"]


def u_net(
    shape: tuple[int | None, int | None, int],
    classes: int,
    *,
    widths: Sequence[int] = (8, 16, 32, 64),
    skips: bool = True,
) -> keras.Model:
    """Build a U-Net: down to a coarse grid, up again, and across at each level.

    The encoder halves height and width from level to level. The decoder doubles them again by
    transposed convolutions, and puts what the encoder had at the same level beside its own
    channels.

    Args:
        shape: Height, width and channels of an image. Height and width can be halved once for each
            of the widths but the first. None stands for any such size.
        classes: How many classes a pixel can belong to, the background among them.
        widths: The channels at each level, from the finest grid to the coarsest.
        skips: Whether the decoder gets the encoder's channels. False is the control: it gets its
            own channels twice instead, so that the network stays as large and takes as long.

    Returns:
        A model from images to logits of shape `(batch, height, width, classes)`.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, there are no widths, or height or width can't be halved so
            often.

    Examples:
        >>> model = u_net((48, 48, 1), 2)
        >>> model.output_shape
        (None, 48, 48, 2)

    References:
        Ronneberger, Fischer, Brox: U-Net: Convolutional networks for biomedical image segmentation
        (2015).
    """
    _check_halving(shape, widths)
    inputs = features = keras.Input(shape)
    passed_on = []
    for width in widths[:-1]:
        features = ConvBlock(width)(features)
        passed_on.append(features)
        features = keras.layers.MaxPooling2D()(features)
    features = ConvBlock(widths[-1])(features)
    for width in widths[-2::-1]:
        features = keras.layers.Conv2DTranspose(width, 2, strides=2)(features)
        across = passed_on.pop() if skips else features
        features = keras.layers.Concatenate()([features, across])
        features = ConvBlock(width)(features)
    logits = keras.layers.Conv2D(whole_number("classes", classes, least=1), 1)(features)
    return keras.Model(inputs, logits)


@keras.saving.register_keras_serializable(package="tf2docs")
class DiceLoss(keras.losses.Loss):
    """One minus the Dice coefficient, averaged over classes: each counts the same, however small.

    `keras.losses.Dice` wants one-hot labels and probabilities, and other inputs give numbers that
    mean nothing, without an error. This one takes what `SparseCategoricalCrossentropy` takes. The
    pixels of a whole batch are added up before dividing.

    Args:
        name: The name of the loss.
        **kwargs: What every loss takes, such as `reduction` and `dtype`.

    Raises:
        ValueError: When it is called: labels and logits don't have shapes that fit.

    Examples:
        >>> sure = keras.ops.array([[9.0, -9.0], [-9.0, 9.0], [9.0, -9.0]])
        >>> round(float(DiceLoss()(np.array([0, 1, 0]), sure)), 3)
        0.0
        >>> round(float(DiceLoss()(np.array([1, 1, 0]), sure)), 3)  # class 0: 2/3, class 1: 2/3
        0.333

    References:
        Milletari, Navab, Ahmadi: V-Net: Fully convolutional neural networks for volumetric medical
        image segmentation (2016).
    """

    def __init__(self, *, name: str = "dice", **kwargs: Any) -> None:  # reduction and dtype
        super().__init__(name=name, **kwargs)

    def call(self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
        """Compare labels of shape `(batch, …)` with logits of shape `(batch, …, classes)`."""
        if len(y_true.shape) != len(y_pred.shape) - 1:
            raise ValueError(
                f"labels have the shape {tuple(y_true.shape)} and logits {tuple(y_pred.shape)}, "
                "expected logits with one axis more, (batch, ..., classes). numpy.squeeze takes "
                "away a last axis of length 1."
            )
        chances = keras.ops.softmax(y_pred)
        truth = keras.ops.one_hot(keras.ops.cast(y_true, "int32"), y_pred.shape[-1])
        pixels = tuple(range(len(y_true.shape)))  # all axes but the classes
        return keras.losses.dice(truth, chances, axis=pixels)  # (classes,)


def intersection_over_union(
    truth: ArrayLike, answers: ArrayLike, classes: int
) -> NDArray[np.float64]:
    """Divide the pixels that both have by those that either has, for each class.

    Args:
        truth: The class of each pixel, whole numbers of any shape.
        answers: The class that a model gave it, of the same shape.
        classes: How many classes there are.

    Returns:
        Shape `(classes,)`, from 0 to 1. NaN for a class that occurs in neither.

    Raises:
        TypeError: `classes` is no whole number.
        ValueError: The shapes differ, or a class isn't a whole number from 0 to `classes - 1`.

    Examples:
        >>> intersection_over_union([0, 1, 1, 1], [0, 0, 1, 1], 2).round(2)
        array([0.5 , 0.67])
    """
    [classes] = counts(classes=classes)
    pair = np.asarray(truth), np.asarray(answers)
    for name, values in zip(("truth", "answers"), pair, strict=True):
        _check_classes(name, values, classes)
    if pair[0].shape != pair[1].shape:
        raise ValueError(
            f"truth has the shape {pair[0].shape} and answers {pair[1].shape}, expected the same. "
            "Of logits give numpy.argmax(logits, axis=-1)."
        )
    shared = np.empty(classes)
    either = np.empty(classes)
    for each in range(classes):
        there, said = pair[0] == each, pair[1] == each
        shared[each] = np.sum(there & said)
        either[each] = np.sum(there | said)
    shares = np.full(classes, np.nan)
    np.divide(shared, either, out=shares, where=either > 0)
    return shares


def _check_classes(name: str, values: np.ndarray, classes: int) -> None:
    if values.dtype.kind not in "iub" or np.any((values < 0) | (values >= classes)):
        raise ValueError(
            f"{name} is of type {values.dtype}, from {values.min()} to {values.max()}, expected "
            f"classes as whole numbers from 0 to {classes - 1}. Of logits give "
            "numpy.argmax(logits, axis=-1)."
        )


def _check_halving(shape: tuple[int | None, int | None, int], widths: Sequence[int]) -> None:
    if not widths:
        raise ValueError("widths is empty, expected the channels at each level, such as (8, 16).")
    for width in widths:
        whole_number("a width", width, least=1)
    times = 2 ** (len(widths) - 1)
    if any(length is not None and length % times for length in shape[:2]):
        raise ValueError(
            f"shape is {shape}, expected a height and a width that {len(widths)} levels can halve: "
            f"multiples of {times}. Pad the images, or take fewer widths."
        )
