"""Checks of numbers and of tokens, for all that is taught.

NumPy's and TensorFlow's are as good as Python's own.
"""

import math
import operator
from typing import SupportsFloat, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["counts", "real_number", "token_ids", "whole_number"]


def whole_number(name: str, value: SupportsIndex, *, least: int, most: int | None = None) -> int:
    """Return an argument as an `int`, if it is a whole number in range.

    Args:
        name: What the argument is called.
        value: What came for it.
        least: The smallest number allowed.
        most: The greatest number allowed; none by default.

    Returns:
        The number.

    Raises:
        TypeError: The value is no whole number: a text, `True`, or 2.0.
        ValueError: It is out of range.

    Examples:
        >>> whole_number("columns", np.int64(5), least=1)
        5
        >>> whole_number("columns", "5", least=1)
        Traceback (most recent call last):
        TypeError: columns is '5', a str, expected a whole number of at least 1.
    """
    wanted = f"expected a whole number of at least {least}"
    if most is not None:
        wanted = f"expected a whole number from {least} to {most}"
    try:
        number = operator.index(_not_bool(value))
    except TypeError:
        raise TypeError(f"{name} is {_described(value)}, {wanted}.") from None
    if number < least or (most is not None and number > most):
        raise ValueError(f"{name} is {number}, {wanted}.")
    return number


def counts(**named: SupportsIndex) -> list[int]:
    """Return several arguments as `int`s, if each is a whole number of at least 1.

    Args:
        **named: What came, by the name of the argument.

    Returns:
        The numbers, in the order given.

    Raises:
        TypeError, ValueError: For the reasons that `whole_number` gives.

    Examples:
        >>> counts(classes=np.uint8(10), hidden=128)
        [10, 128]
    """
    return [whole_number(name, value, least=1) for name, value in named.items()]


def real_number(name: str, value: SupportsFloat, *, least: float = -math.inf) -> float:
    """Return an argument as a `float`, if it is a finite number in range.

    Args:
        name: What the argument is called.
        value: What came for it.
        least: The smallest number allowed; none by default.

    Returns:
        The number.

    Raises:
        TypeError: The value is no number: a text, `True`, or several numbers.
        ValueError: It is out of range, infinite or NaN.

    Examples:
        >>> real_number("noise", np.float32(0.5), least=0)
        0.5
        >>> real_number("noise", float("nan"), least=0)
        Traceback (most recent call last):
        ValueError: noise is nan, expected a finite number of at least 0.
    """
    wanted = "expected a finite number"
    if least > -math.inf:
        wanted = f"expected a finite number of at least {least:g}"
    array = np.asarray(value)
    if array.shape != () or array.dtype.kind not in "iuf":
        raise TypeError(f"{name} is {_described(value)}, {wanted}.")
    number = float(array)
    if not math.isfinite(number) or number < least:
        raise ValueError(f"{name} is {number}, {wanted}.")
    return number


def token_ids(ids: ArrayLike) -> NDArray[np.int64]:
    """Return the tokens of some texts of equal length as an array, if they are.

    Args:
        ids: What came, of shape `(batch, steps)`, at least one of each.

    Returns:
        The tokens, in the same shape.

    Raises:
        TypeError: They are no whole numbers.
        ValueError: They have another shape, such as that of a single text.

    Examples:
        >>> token_ids([[3, 1], [0, 2]])
        array([[3, 1],
               [0, 2]])
        >>> token_ids([[0.5]])
        Traceback (most recent call last):
        TypeError: ids are of type float64, expected whole numbers.
    """
    tokens = np.asarray(ids)
    if tokens.ndim != 2 or 0 in tokens.shape:
        raise ValueError(
            f"ids have the shape {tokens.shape}, expected (batch, steps), with at least one of "
            "each: put a single text in a list."
        )
    if tokens.dtype.kind not in "iu":
        raise TypeError(f"ids are of type {tokens.dtype}, expected whole numbers.")
    return tokens.astype(np.int64)


def _not_bool(value: SupportsIndex) -> SupportsIndex:
    if isinstance(value, bool):
        raise TypeError
    return value


def _described(value: object) -> str:
    shown = repr(value)
    kind = type(value).__name__
    return f"{shown}, a {kind}" if len(shown) <= 40 else f"a {kind}"
