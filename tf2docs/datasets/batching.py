"""Turn arrays into batches that are ready before the device asks for them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from tf2docs._arguments import whole_number

if TYPE_CHECKING:
    import tensorflow as tf

__all__ = ["batches"]

# an array, or arrays in dicts, tuples and lists, as deep as a model wants them
_Arrays: TypeAlias = Any
_Tensors: TypeAlias = Any  # the same of tensors


def batches(
    inputs: _Arrays,
    labels: _Arrays,
    weights: _Arrays | None = None,
    *,
    batch_size: int = 32,
    shuffle: bool = True,
    seed: int | None = None,
) -> "tf.data.Dataset":
    """Make an input pipeline from arrays.

    It prepares the next batches while the device is busy with one.

    The arrays are copied into TensorFlow's memory, as `fit` copies them, which takes the memory of
    a second copy for a moment. From then on only indices are shuffled, and a batch is gathered at
    once. A buffer that shuffles the examples themselves, as thoroughly, would be a further copy of
    them all. For arrays in memory a plain loop over indices feeds the device as well; a pipeline
    pays where preparing a batch takes longer than the device needs for one: add that with `.map`.
    Its tuning by `tf.data` is off: that has a thread which may hold up the end of an epoch for as
    long as the epoch took.

    Types stay as they are, but for one: `float64`, NumPy's default, becomes Keras's own float type,
    normally `float32`, as in `fit`. A model would convert it at every step.

    Args:
        inputs: Examples, of shape `(examples, ...)`: an array, a tensor, a table of numbers. For a
            model of several inputs, a dict, tuple or list of such arrays.
        labels: The label of each, of shape `(examples,)` or with more axes, such as one-hot labels.
            For a model of several outputs, a dict, tuple or list of such arrays.
        weights: How much each example counts in the loss, of shape `(examples,)`; all alike by
            default.
        batch_size: Examples per batch; the last one has what is left.
        shuffle: Draw a new order each time the batches are gone through. For a training set; a test
            set needs none.
        seed: The same seed draws the same orders. Without one they follow
            `keras.utils.set_random_seed`.

    Returns:
        A `tf.data.Dataset` of pairs, inputs of shape `(batch, ...)` and labels of shape `(batch,)`
            or with more axes, or of triples, with weights of shape `(batch,)`. Lists have become
            tuples.

    Raises:
        ValueError: There are no examples, not as many of each part, a part holds something else
            than numbers or texts, or `batch_size` or `seed` is out of range.
        TypeError: `batch_size` or `seed` is no whole number, or `shuffle` is neither `True` nor
            `False`.

    Examples:
        >>> pipeline = batches(np.zeros((70, 28, 28), np.float32), np.arange(70), seed=1)
        >>> [tuple(x.shape) for x, _ in pipeline]
        [(32, 28, 28), (32, 28, 28), (6, 28, 28)]
        >>> inputs = {"image": np.zeros((70, 28, 28)), "number": np.zeros(70)}
        >>> pipeline = batches(inputs, np.arange(70))
        >>> {name: x.dtype.name for name, x in pipeline.element_spec[0].items()}
        {'image': 'float32', 'number': 'float32'}
    """
    import tensorflow as tf

    batch_size, seed = _checked_options(batch_size, shuffle, seed)
    arrays = _tensors_by_name(inputs=inputs, labels=labels, weights=weights)
    examples = _checked_examples(arrays)
    indices = tf.data.Dataset.range(examples)
    if shuffle:
        indices = indices.shuffle(examples, seed=seed)

    def gather(chosen: tf.Tensor) -> tuple[_Tensors, ...]:
        return tf.nest.map_structure(lambda array: tf.gather(array, chosen), tuple(arrays.values()))

    # One thread gathers: handing a copy this small to several would cost more than it saves.
    gathered = indices.batch(batch_size).map(gather)
    options = tf.data.Options()
    options.autotune.enabled = False  # its thread may hold up the end of an epoch
    return gathered.prefetch(2).with_options(options)


def _checked_options(batch_size: int, shuffle: bool, seed: int | None) -> tuple[int, int | None]:
    if not isinstance(shuffle, bool | np.bool_):
        raise TypeError(
            f"shuffle is {shuffle!r}, expected True or False: the examples are shuffled all "
            "at once."
        )
    batch_size = whole_number("batch_size", batch_size, least=1)
    return batch_size, None if seed is None else whole_number("seed", seed, least=0, most=2**63 - 1)


# What the parts hold


def _tensors_by_name(
    *, inputs: _Arrays, labels: _Arrays, weights: _Arrays | None
) -> dict[str, _Tensors]:
    import tensorflow as tf

    parts = {"inputs": inputs, "labels": labels}
    if weights is not None:
        parts["weights"] = weights
    with tf.device("CPU"):  # a GPU's memory is for the model
        return {name: _tensors(part, name) for name, part in parts.items()}


def _tensors(part: _Arrays, name: str) -> _Tensors:
    """Tensors in the place of arrays, and tuples in that of lists, which `tf.data` would stack."""
    if isinstance(part, Mapping):
        return {key: _tensors(value, f"{name}[{key!r}]") for key, value in part.items()}
    if not _holds_arrays(part):
        return _tensor(part, name)
    found = [_tensors(value, f"{name}[{place}]") for place, value in enumerate(part)]
    # a named tuple keeps its names
    return type(part)(*found) if hasattr(part, "_fields") else tuple(found)


def _holds_arrays(part: object) -> bool:
    """Whether a list or tuple is several arrays.

    A list of numbers, or of lists of them, is one array.
    """
    if not isinstance(part, list | tuple):
        return False
    return any(
        isinstance(one, Mapping) or len(getattr(one, "shape", ())) or _holds_arrays(one)
        for one in part
    )


def _tensor(part: ArrayLike, name: str) -> "tf.Tensor | tf.RaggedTensor":
    import tensorflow as tf

    tensor = part if isinstance(part, tf.RaggedTensor) else _dense_tensor(part, name)
    if tensor.shape.rank == 0:
        raise ValueError(
            f"{name} is {_described(part)}, expected an array with one entry per example. "
            "The size of a batch is given by name: batch_size=32."
        )
    return tf.cast(tensor, _keras_float()) if tensor.dtype == tf.float64 else tensor


def _keras_float() -> str:
    import keras

    return str(keras.config.floatx())


def _dense_tensor(part: ArrayLike, name: str) -> "tf.Tensor":
    import tensorflow as tf

    try:
        return tf.convert_to_tensor(part if tf.is_tensor(part) else _array(part))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} is {_described(part)}, which can't become a tensor: "
            f"{str(error).splitlines()[0]} Expected an array of numbers or of texts. Make a sparse "
            "one dense first; for examples of several lengths there is tf.ragged.constant."
        ) from error


def _array(part: ArrayLike) -> np.ndarray:
    if np.ma.is_masked(part):
        raise ValueError("values are missing. Fill them first, such as with part.filled(0).")
    array = np.asarray(part)
    # here already, so that the tensor is made half as large
    if array.dtype.kind == "f" and array.dtype.itemsize > 4:
        array = array.astype(_keras_float())
    return array


def _described(part: Any) -> str:
    array = hasattr(part, "shape") and hasattr(part, "dtype")
    if array and len(part.shape):
        return f"a {type(part).__name__} of {part.dtype}"
    return f"{part!r}" if isinstance(part, str | int | float | None) else f"a {type(part).__name__}"


# How many examples there are


def _checked_examples(arrays: dict[str, _Tensors]) -> int:
    counts = dict(_counts(arrays))
    if idle := [name for name in arrays if not any(found.startswith(name) for found in counts)]:
        raise ValueError(f"{idle[0]} holds no array, expected at least one.")
    (first, examples), *others = counts.items()
    for name, count in others:
        if count != examples:
            several = any(isinstance(part, tuple) for part in arrays.values())
            mend = (
                " A list of arrays is several inputs; numpy.stack makes one array of a list "
                "of examples." * several
            )
            raise ValueError(
                f"{first} has {examples} examples and {name} has {count}, expected as many in "
                f"every part.{mend}"
            )
    if examples < 1:
        raise ValueError(f"{first} has 0 examples, expected at least 1.")
    return examples


def _counts(part: _Tensors, name: str = "") -> Iterator[tuple[str, int]]:
    """The number of examples of each tensor, by where it stands, such as `inputs['image']`."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from _counts(value, f"{name}[{key!r}]" if name else key)
    elif isinstance(part, tuple):
        for place, value in enumerate(part):
            yield from _counts(value, f"{name}[{place}]")
    else:
        yield name, int(part.shape[0])
