"""Checking gradients: what the tape says beside what small changes of the inputs say."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike

from tf2docs._arguments import real_number

__all__ = ["check_gradient", "numerical_gradient"]


def numerical_gradient(
    function: Callable[[tf.Tensor], tf.Tensor], x: ArrayLike, *, step: float | None = None
) -> np.ndarray:
    """Estimate a gradient by central differences, without differentiating anything.

    Each element of `x` in turn is made larger and smaller by `step`, and the change of the result
    is divided by the change of the element. That costs two calls for each element, so it is for
    checks, not for training.

    Args:
        function: Takes a tensor of the shape and type of `x`, and returns one number.
        x: Where to estimate it, of any shape. Lists of Python's numbers become `float32`; `float64`
            is more exact.
        step: How far to go to each side. By default the cube root of the type's precision, about
            0.005 for `float32` and 0.000006 for `float64`, and as many times larger as an element
            is larger than 1.

    Returns:
        The slope in the direction of each element, of the shape and type of `x`.

    Raises:
        TypeError: `x` holds something else than `float32` or `float64`, or `step` is no number.
        ValueError: `x` is empty, NaN or infinite; the function returns several numbers; or `step`
            isn't above 0, or too small to change `x`.

    Examples:
        >>> slopes = numerical_gradient(lambda x: tf.reduce_sum(x**2), [1.0, -3.0])
        >>> slopes.round(3).tolist()
        [2.0, -6.0]
    """
    x = _as_floats(x)
    steps = _steps(x, step)
    slopes = np.empty_like(x)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += steps[place]
        below[place] -= steps[place]
        rise = _number(function, above) - _number(function, below)
        run = float(above[place]) - float(below[place])  # what rounding has left of two steps
        slopes[place] = rise / run
    return slopes


def check_gradient(
    function: Callable[[tf.Tensor], tf.Tensor], x: ArrayLike, *, step: float | None = None
) -> float:
    """Say how far the tape's gradient is from the numerical one.

    Use it on a custom gradient, or on a function that you suspect, above all where its formula
    changes. In `float64` a right gradient of ordinary numbers comes out below 1e-8, in `float32`
    below 1e-3; most wrong ones far above.

    Args:
        function: Takes a tensor of the shape and type of `x`, and returns one number.
        x: Where to check it, as in `numerical_gradient`.
        step: As in `numerical_gradient`.

    Returns:
        The largest difference, divided by the largest slope where that is above 1. NaN, which is
            below no bound, if either gradient has one.

    Raises:
        TypeError, ValueError: For the reasons that `numerical_gradient` gives.
        ValueError: The tape knows no way from the result back to `x`, and its gradient is `None`.

    Examples:
        >>> x = np.array([1.0, -3.0])
        >>> check_gradient(lambda x: tf.reduce_sum(x**3), x) < 1e-8
        True
        >>> halved = lambda x: tf.reduce_sum(tf.stop_gradient(x) * x)  # its gradient is x, not 2x
        >>> round(check_gradient(halved, x), 6)
        0.5
    """
    x = _as_floats(x)
    expected = numerical_gradient(function, x, step=step)
    inputs = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        result = function(inputs)
    gradient = tape.gradient(result, inputs)
    if gradient is None:
        raise ValueError(
            "the gradient is None: use TensorFlow's ops all the way from x to the result."
        )
    # the gradient may be tf.IndexedSlices
    difference = np.abs(tf.convert_to_tensor(gradient) - expected)
    return float(difference.max() / max(1, np.abs(expected).max()))


def _as_floats(x: ArrayLike) -> np.ndarray:
    array = np.asarray(tf.convert_to_tensor(x))
    if array.dtype not in (np.float32, np.float64):
        raise TypeError(f"x holds {array.dtype}, expected float32 or float64.")
    if not array.size or not np.isfinite(array).all():
        raise ValueError(f"x is {array}, expected at least one number, all of them finite.")
    return array


def _steps(x: np.ndarray, step: float | None) -> np.ndarray:
    """How far to go from each element."""
    if step is None:
        chosen: np.ndarray = np.cbrt(np.finfo(x.dtype).eps) * np.maximum(1, np.abs(x))
        return chosen
    step = real_number("step", step, least=0)
    steps = np.full_like(x, step)
    if (x + steps == x).any() or (x - steps == x).any():
        raise ValueError(
            f"step is {step:g}, too small to change {x.dtype} numbers such as these. Give a "
            "larger one."
        )
    return steps


def _number(function: Callable[[tf.Tensor], tf.Tensor], x: np.ndarray) -> float:
    result = np.asarray(function(tf.constant(x)))
    if result.shape != ():
        raise ValueError(
            f"the function returns the shape {result.shape}, expected one number, such as a sum."
        )
    return float(result)
