"""What holds for a whole run: its random seeds, and what it runs on.

Keras and TensorFlow are imported where they are used, so that `report` works where they don't.
"""

import functools
import importlib
import os
import platform
import sys
import warnings
from importlib import metadata

from tf2docs._hardware import nvidia_gpus, tensorflow_installed, unused_gpu

__all__ = ["report", "set_seed"]

_TELLING = (  # environment variables that change how lessons run, and hold no secret and no path
    *("CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "MPLBACKEND"),
    *("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS", "TF_USE_LEGACY_KERAS"),
)


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

    Warns:
        UserWarning: The machine has a GPU that the installed TensorFlow can't use. Said once.

    Examples:
        >>> import keras
        >>> set_seed(7)
        >>> first = keras.random.normal((3,))
        >>> set_seed(7)
        >>> bool(keras.ops.all(keras.random.normal((3,)) == first))
        True
    """
    import keras

    from tf2docs._arguments import whole_number

    keras.utils.set_random_seed(whole_number("seed", seed, least=0, most=2**32 - 1))
    _warn_of_unused_gpu()


def report() -> str:
    """Describe what a lesson runs on, to send along with the report of an error.

    It names versions, the build of TensorFlow, the devices that it sees and the GPUs that it
    doesn't, and no path, user or address. It also works where TensorFlow or Keras can't be
    imported, and says why.

    Returns:
        A line for each fact. `python -m tf2docs.runtime` prints the same.

    Examples:
        >>> print(report().splitlines()[1].partition(".")[0])
        Python 3
    """
    inside = "a virtual environment" if sys.prefix != sys.base_prefix else "no virtual environment"
    if os.environ.get("CONDA_PREFIX"):
        inside = "conda"
    tensorflow = tensorflow_installed() or ("tensorflow", "")
    lines = [
        _installed("tf2docs"),
        f"Python {platform.python_version()} in {inside}",
        f"{platform.platform()}, {os.cpu_count()} CPUs",
        _imported("tensorflow", tensorflow[0]),
        _imported("keras", "keras"),
        _installed("numpy"),
        f"TensorFlow sees: {_devices()}",
        f"NVIDIA GPUs: {'; '.join(nvidia_gpus()) or 'none found'}",
        f"Set: {_settings() or 'nothing'}",
        unused_gpu(),
    ]
    return "\n".join(line for line in lines if line)


@functools.cache
def _warn_of_unused_gpu() -> None:
    """Warn the caller of `set_seed`, once in a process."""
    if notice := unused_gpu():
        warnings.warn(notice, stacklevel=3)


def _installed(package: str) -> str:
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return f"{package} isn't installed"


def _imported(module: str, package: str) -> str:
    """The version of a package, and what its import raises, if it does."""
    try:
        importlib.import_module(module)
    except Exception as error:  # whatever it is, it belongs into the report
        said = str(error).strip().splitlines() or [""]
        return f"{_installed(package)}, whose import raises {type(error).__name__}: {said[0]}"
    return _installed(package)


def _devices() -> str:
    try:
        import tensorflow as tf

        kinds = [device.name for device in tf.config.list_physical_devices()]
        build = tf.sysconfig.get_build_info()
    except Exception:  # the line about its import says why
        return "nothing, since it can't be imported"
    names = ", ".join(name.removeprefix("/physical_device:") for name in kinds)
    return f"{names} (built for {'CUDA' if build.get('is_cuda_build') else 'the CPU alone'})"


def _settings() -> str:
    return ", ".join(f"{name}={os.environ[name]}" for name in _TELLING if name in os.environ)


if __name__ == "__main__":
    print(report())
