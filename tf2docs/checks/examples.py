"""Reading some examples of a reader's data, whatever form they have."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf2docs._checks import shortened

__all__ = ["Examples", "parts_of", "read", "taken"]

_MOST = 2_000  # examples that are read of a data set; arrays are at hand as a whole

_WANTED = (
    "expected (inputs, labels), (inputs, labels, weights), or a tf.data.Dataset or "
    "keras.utils.PyDataset with batches of them"
)


@dataclasses.dataclass(frozen=True)
class Examples:
    """Examples in memory.

    Args:
        inputs: An array of shape `(examples, ...)`, or a nest of several.
        labels: The same for the labels.
        weights: The weights of the examples, or None.
        batches: How many examples each batch held, in the order read; None for arrays, which
            `fit` shuffles.
    """

    inputs: Any
    labels: Any
    weights: Any
    batches: list[int] | None

    def __len__(self) -> int:
        return len(tf.nest.flatten(self.inputs)[0])

    def finite(self) -> "Examples":
        """Return the examples without NaN and infinity in inputs and labels, in their order."""
        good = np.ones(len(self), bool)
        for array in parts_of((self.inputs, self.labels)):
            if array.dtype.kind == "f":
                good &= np.isfinite(array).reshape(len(array), -1).all(1)
        return self if good.all() else self._at(np.flatnonzero(good))

    def some(self, amount: int) -> "Examples":
        """Return that many examples, drawn at random but the same each time."""
        return self._at(np.random.default_rng(0).permutation(len(self))[:amount])

    def _at(self, order: np.ndarray) -> "Examples":
        inputs, labels, weights = (
            taken(part, order) for part in (self.inputs, self.labels, self.weights)
        )
        return Examples(inputs, labels, weights, self.batches)


def read(data: Any, what: str) -> Examples:
    """Read the examples of a data set, at most about 2,000, or those of arrays.

    Args:
        data: `(inputs, labels)`, `(inputs, labels, weights)`, or batches of them.
        what: What the argument is called.

    Returns:
        The examples.

    Raises:
        TypeError: The data are something else.
        ValueError: They hold no examples, no labels, or more of the one than of the other.
    """
    if isinstance(data, tf.data.Dataset):
        return _joined(_of_dataset(data, what), what)
    if isinstance(data, keras.utils.PyDataset):
        amount = data.num_batches
        indices = itertools.count() if amount is None else range(amount)
        return _joined((data[index] for index in indices), what)
    if not isinstance(data, tuple):
        raise TypeError(f"{what} is {shortened(data)}, {_WANTED}.")
    return _checked(*_three(data, what), None, what)


def taken(part: Any, order: Any) -> Any:
    """Return the examples at the given places of an array or of each array in a nest."""
    return None if part is None else tf.nest.map_structure(lambda array: array[order], part)


def parts_of(part: Any) -> list[np.ndarray]:
    """The arrays of numbers in a nest, without texts."""
    return [array for array in tf.nest.flatten(part) if array.dtype.kind in "buif"]


def _of_dataset(data: tf.data.Dataset, what: str) -> Iterator[Any]:
    spec = data.element_spec
    if any(part.shape.rank == 0 for part in tf.nest.flatten(spec)):
        raise ValueError(
            f"an element of {what} is a single example, expected a batch of them. "
            f"Call {what}.batch(32)."
        )
    if not isinstance(spec, tuple):
        raise ValueError(f"an element of {what} is inputs alone, {_WANTED}.")
    return iter(data)


def _joined(batches: Iterable[Any], what: str) -> Examples:
    """Put batches together until there are enough examples."""
    kept: list[Any] = []
    sizes: list[int] = []
    for batch in batches:
        kept.append(_three(batch, what))
        sizes.append(len(tf.nest.flatten(kept[-1][0])[0]))
        if sum(sizes) >= _MOST:
            break
    if not kept:
        raise ValueError(f"{what} is empty, expected some batches.")

    def join(*arrays: np.ndarray) -> np.ndarray:
        rest = {array.shape[1:] for array in arrays}
        alike = len(rest) == 1
        # batches may be padded to different lengths
        return np.concatenate(arrays if alike else [_cut(array, rest) for array in arrays])

    inputs, labels, weights = (
        None if part[0] is None else tf.nest.map_structure(join, *part)
        for part in zip(*kept, strict=True)
    )
    return _checked(inputs, labels, weights, sizes, what)


def _cut(array: np.ndarray, rest: set[tuple[int, ...]]) -> np.ndarray:
    least = [min(lengths) for lengths in zip(*rest, strict=True)]
    return array[(slice(None), *(slice(length) for length in least))]


def _three(batch: Any, what: str) -> tuple[Any, Any, Any]:
    if not isinstance(batch, tuple) or len(batch) not in (2, 3):
        held = f"{len(batch)} parts" if isinstance(batch, tuple) else shortened(batch)
        raise ValueError(f"{what} holds {held}, {_WANTED}.")
    inputs, labels, *weights = (_arrays(part) for part in batch)
    return inputs, labels, weights[0] if weights else None


def _arrays(part: Any) -> Any:
    if part is None:
        return None
    if hasattr(part, "to_numpy"):  # pandas
        return part.to_numpy()
    if isinstance(part, list) and not any(hasattr(item, "shape") for item in part):
        return np.asarray(part)  # a list of numbers, not of inputs
    return tf.nest.map_structure(_array, part)


def _array(part: Any) -> np.ndarray:
    if isinstance(part, tf.RaggedTensor):
        part = part.to_tensor()
    return np.asarray(part)


def _checked(
    inputs: Any, labels: Any, weights: Any, batches: list[int] | None, what: str
) -> Examples:
    if labels is None:
        raise ValueError(f"{what} has no labels, {_WANTED}.")
    arrays = tf.nest.flatten((inputs, labels) if weights is None else (inputs, labels, weights))
    if any(array.ndim == 0 for array in arrays):
        raise ValueError(f"{what} holds a single number, expected arrays of examples.")
    lengths = [len(array) for array in arrays]
    if 0 in lengths:
        raise ValueError(f"{what} holds no examples, expected some.")
    if len(set(lengths)) > 1:
        raise ValueError(
            f"the arrays of {what} hold {' and '.join(map(str, lengths))} examples, expected as "
            "many labels as inputs."
        )
    return Examples(inputs, labels, weights, batches)
