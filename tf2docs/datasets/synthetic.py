"""Data that are drawn: any number of them, and the truth behind them is known."""

import numpy as np
from numpy.typing import NDArray

from tf2docs._arguments import counts, real_number, whole_number

__all__ = ["make_classes", "noisy_line"]


def noisy_line(
    examples: int = 1000,
    *,
    slope: float = 3.0,
    intercept: float = 2.0,
    noise: float = 1.0,
    seed: int = 0,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw points around a line, so that a model can be compared with the line they came from.

    Args:
        examples: How many points.
        slope: The true W of `y = W x + b`.
        intercept: The true b.
        noise: Standard deviation of what is added to each y.
        seed: The same seed gives the same points.

    Returns:
        `(inputs, outputs)`, both `float32` of shape `(examples,)`. Inputs are drawn from a standard
            normal distribution.

    Raises:
        TypeError: `examples` or `seed` is no whole number, or one of the others no number.
        ValueError: `examples` is below 1, `noise` or `seed` is negative, or a number is NaN or
            infinite.

    Examples:
        >>> inputs, outputs = noisy_line(4, noise=0.0)
        >>> bool(np.allclose(outputs, 3 * inputs + 2))
        True
    """
    [examples] = counts(examples=examples)
    slope, intercept = real_number("slope", slope), real_number("intercept", intercept)
    noise = real_number("noise", noise, least=0)
    random = np.random.default_rng(whole_number("seed", seed, least=0))
    inputs = random.standard_normal(examples, dtype=np.float32)
    outputs = (
        slope * inputs + intercept + noise * random.standard_normal(examples, dtype=np.float32)
    )
    return inputs, outputs.astype(np.float32)


def make_classes(
    examples: int = 1000, *, features: int = 72, classes: int = 10, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw examples around one random centre per class.

    Data of any size that a model can really learn.

    Draw training and test data in one call and cut them apart: another seed has other centres, and
    the same seed gives the same examples again.

    Args:
        examples: How many examples.
        features: Numbers per example.
        classes: How many classes there are, all equally likely.
        seed: The same seed gives the same examples.

    Returns:
        `(inputs, labels)`: `float32` of shape `(examples, features)`, and whole numbers from 0 to
            `classes - 1` of shape `(examples,)`.

    Raises:
        TypeError: One of the counts or `seed` is no whole number.
        ValueError: One of the counts is below 1, or `seed` is negative.

    Examples:
        >>> inputs, labels = make_classes(200, features=72, classes=10)
        >>> inputs.shape, labels.shape
        ((200, 72), (200,))
    """
    examples, features, classes = counts(examples=examples, features=features, classes=classes)
    random = np.random.default_rng(whole_number("seed", seed, least=0))
    centres = random.standard_normal((classes, features), dtype=np.float32)
    labels = random.integers(classes, size=examples)
    return centres[labels] + np.float32(1.5) * random.standard_normal(
        (examples, features), dtype=np.float32
    ), labels
