"""Turn arrays into batches that are ready before the device asks for them."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import tensorflow as tf

__all__ = ["batches"]


def batches(
    inputs: NDArray[np.generic],
    labels: NDArray[np.generic],
    *,
    batch_size: int = 32,
    shuffle: bool = True,
    seed: int | None = None,
) -> "tf.data.Dataset":
    """Make an input pipeline from arrays, which prepares the next batches while the device is busy with one.

    Only indices are shuffled, and a batch is gathered at once. A buffer that shuffles the examples themselves, as
    thoroughly, would be a second copy of them all. For arrays in memory a plain loop over indices feeds the device as
    well; a pipeline pays where preparing a batch takes longer than the device needs for one: add that with `.map`. Its
    tuning by `tf.data` is off: that has a thread which may hold up the end of an epoch for as long as the epoch took.

    Args:
        inputs: Examples, of shape `(examples, ...)`.
        labels: The label of each, of shape `(examples,)` or with more axes, such as one-hot labels.
        batch_size: Examples per batch; the last one has what is left.
        shuffle: Draw a new order each time the batches are gone through. For a training set; a test set needs none.
        seed: The same seed draws the same orders. Without one they follow `keras.utils.set_random_seed`.

    Returns:
        A `tf.data.Dataset` of pairs, inputs of shape `(batch, ...)` and labels of shape `(batch,)` or with more axes.

    Raises:
        ValueError: There are no examples, not as many labels, or `batch_size` is below 1.

    Examples:
        >>> pipeline = batches(np.zeros((70, 28, 28), np.float32), np.arange(70), seed=1)
        >>> [tuple(x.shape) for x, _ in pipeline]
        [(32, 28, 28), (32, 28, 28), (6, 28, 28)]
    """
    if not len(inputs) or len(inputs) != len(labels) or batch_size < 1:
        raise ValueError(
            f"there are {len(inputs)} inputs and {len(labels)} labels, and batch_size is {batch_size}; expected at "
            "least 1 input, as many labels, and a batch_size of at least 1."
        )
    import tensorflow as tf

    with tf.device("CPU"):  # a GPU's memory is for the model
        arrays = tf.convert_to_tensor(inputs), tf.convert_to_tensor(labels)
    indices = tf.data.Dataset.range(len(inputs))
    if shuffle:
        indices = indices.shuffle(len(inputs), seed=seed)
    # One thread gathers: handing a copy this small to several would cost more than it saves.
    gathered = indices.batch(batch_size).map(lambda chosen: tuple(tf.gather(array, chosen) for array in arrays))
    options = tf.data.Options()
    options.autotune.enabled = False  # its thread may hold up the end of an epoch
    return gathered.prefetch(2).with_options(options)
