"""Data that are drawn: any number of them, and the truth behind them is known."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["make_classes", "noisy_line"]


def noisy_line(
    examples: int = 1000, *, slope: float = 3.0, intercept: float = 2.0, noise: float = 1.0, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw points around a line, so that a model can be compared with the line they came from.

    Args:
        examples: How many points.
        slope: The true W of `y = W x + b`.
        intercept: The true b.
        noise: Standard deviation of what is added to each y.
        seed: The same seed gives the same points.

    Returns:
        `(inputs, outputs)`, both `float32` of shape `(examples,)`. Inputs are drawn from a standard normal
            distribution.

    Raises:
        ValueError: There are no examples, or the noise is negative.

    Examples:
        >>> inputs, outputs = noisy_line(4, noise=0.0)
        >>> bool(np.allclose(outputs, 3 * inputs + 2))
        True
    """
    if examples < 1 or noise < 0:
        raise ValueError(f"examples is {examples} and noise is {noise}, expected at least 1 and at least 0.")
    random = np.random.default_rng(seed)
    inputs = random.standard_normal(examples, dtype=np.float32)
    outputs = slope * inputs + intercept + noise * random.standard_normal(examples, dtype=np.float32)
    return inputs, outputs.astype(np.float32)


def make_classes(
    examples: int = 1000, *, features: int = 72, classes: int = 10, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw examples around one random centre per class: data of any size that a model can really learn.

    Draw training and test data in one call and cut them apart: another seed has other centres, and the same
    seed gives the same examples again.

    Args:
        examples: How many examples.
        features: Numbers per example.
        classes: How many classes there are, all equally likely.
        seed: The same seed gives the same examples.

    Returns:
        `(inputs, labels)`: `float32` of shape `(examples, features)`, and whole numbers from 0 to
            `classes - 1` of shape `(examples,)`.

    Raises:
        ValueError: One of the counts is below 1.

    Examples:
        >>> inputs, labels = make_classes(200, features=72, classes=10)
        >>> inputs.shape, labels.shape
        ((200, 72), (200,))
    """
    if min(examples, features, classes) < 1:
        raise ValueError(
            f"examples is {examples}, features is {features} and classes is {classes}, expected at least 1 of each."
        )
    random = np.random.default_rng(seed)
    centres = random.standard_normal((classes, features), dtype=np.float32)
    labels = random.integers(classes, size=examples)
    return centres[labels] + np.float32(1.5) * random.standard_normal((examples, features), dtype=np.float32), labels
