"""Arrays of numbers out of whatever holds them, or an error that says what else came."""

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["column", "numbers"]


def numbers(name: str, values: ArrayLike) -> np.ndarray:
    """Return what an argument holds, as an array of numbers.

    Args:
        name: What the argument is called.
        values: An array, a tensor, or numbers in lists.

    Returns:
        The array, of the same shape. `True` and `False` have become 1 and 0.

    Raises:
        TypeError: It holds something else, or parts of several sizes.
        ValueError: Some numbers are NaN or infinite.

    Examples:
        >>> numbers("labels", [True, False]).tolist()
        [1.0, 0.0]
        >>> numbers("labels", [0.0, float("nan")])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ValueError: labels has 1 NaN among 2 numbers. Such come of a training that diverged...
    """
    try:
        array = np.asarray(values)
    except ValueError:
        raise TypeError(f"{name} has parts of several sizes, expected all of one size.") from None
    if array.dtype.kind == "b" or _is_custom_float(array):
        array = array.astype(np.float32)
    if array.dtype.kind not in "iuf":
        raise TypeError(
            f"{name} is a {type(values).__name__} of {array.dtype}, expected an array of numbers."
        )
    _check_finite(name, array)
    return array


def column(name: str, values: ArrayLike) -> np.ndarray:
    """Return one number per example.

    An axis of length 1, as a model's `predict` adds it, is taken away.

    Args:
        name: What the argument is called.
        values: Shape `(examples,)` or `(examples, 1)`.

    Returns:
        The numbers, of shape `(examples,)`.

    Raises:
        TypeError, ValueError: For the reasons that `numbers` gives.
        ValueError: The shape is another one.

    Examples:
        >>> column("predictions", [[1.5], [2.5]]).tolist()
        [1.5, 2.5]
    """
    array = numbers(name, values)
    if array.ndim == 2 and array.shape[1] == 1:
        return array[:, 0]
    if array.ndim != 1:
        raise ValueError(
            f"{name} has the shape {array.shape}, expected (examples,) or (examples, 1)."
        )
    return array


def _is_custom_float(array: np.ndarray) -> bool:
    """Whether these are numbers of a kind that NumPy doesn't know, such as `bfloat16`."""
    return array.dtype.kind == "V" and array.dtype.names is None and "float" in array.dtype.name


def _check_finite(name: str, array: np.ndarray) -> None:
    for what, found in (("NaN", np.isnan(array)), ("infinite", np.isinf(array))):
        if count := int(found.sum()):
            raise ValueError(
                f"{name} has {count} {what} among {array.size} numbers. Such come of a training "
                "that diverged, or of a division by zero."
            )
