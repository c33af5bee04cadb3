"""What holds for a whole run: its random seeds."""

import keras

from tf2docs._arguments import whole_number

__all__ = ["set_seed"]


def set_seed(seed: int = 0) -> None:
    """Make a run repeatable: seed Python, NumPy and TensorFlow at once.

    Initial weights, dropout and the order of the training examples are drawn at random, so two runs
    differ unless both begin with the same seed. Call it once, before the model is built. On one
    machine's CPU, with the same versions, every number then repeats. On another machine, on a GPU
    or with other versions, sums are added up in another order: losses then agree to a few digits,
    accuracies to a few tenths of a percent.

    Args:
        seed: A whole number from 0 to 4,294,967,295.

    Raises:
        TypeError: `seed` is no whole number.
        ValueError: It is out of range.

    Examples:
        >>> set_seed(7)
        >>> first = keras.random.normal((3,))
        >>> set_seed(7)
        >>> bool(keras.ops.all(keras.random.normal((3,)) == first))
        True
    """
    keras.utils.set_random_seed(whole_number("seed", seed, least=0, most=2**32 - 1))
