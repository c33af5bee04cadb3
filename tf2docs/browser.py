"""Networks for a web page: a file that holds a model's layers and weights.

`docs/assets/javascripts/network.js` reads the file and computes in the browser what the model
computes in Keras.
"""

import json
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

__all__ = ["write_network"]

_FORMAT, _VERSION = "tf2docs.network", 1
_ACTIVATIONS = ("linear", "relu", "tanh", "sigmoid", "softmax")
_WINDOW = ("pool_size", "strides", "padding")
# What the browser must know of a layer beside its weights.
_SETTINGS: dict[type[layers.Layer], tuple[str, ...]] = {
    layers.AveragePooling2D: _WINDOW,
    layers.Conv2D: ("strides", "padding", "activation"),
    layers.Dense: ("activation",),
    layers.Embedding: (),
    layers.Flatten: (),
    layers.GRU: ("activation", "recurrent_activation", "return_sequences"),
    layers.MaxPooling2D: _WINDOW,
    layers.Rescaling: ("scale", "offset"),
    layers.Reshape: ("target_shape",),
}
_IGNORED = (layers.Dropout, layers.InputLayer)  # they do nothing once training is over
# Settings of which the browser knows one value, by any layer that has them.
_FIXED: dict[str, Any] = {
    "data_format": "channels_last",
    "dilation_rate": (1, 1),
    "go_backwards": False,
    "groups": 1,
    "mask_zero": False,
    "reset_after": True,
    "return_state": False,
}
_Array = NDArray[np.float32]


def write_network(
    model: keras.Sequential,
    path: str | PathLike[str],
    *,
    dtype: Literal["float16", "float32"] = "float16",
    **facts: Any,  # what JSON can hold
) -> int:
    """Write a model as one file that a web page can run.

    The file begins with the length of its header, a little-endian `uint32`. The header is JSON in
    UTF-8: the layers in order, the shapes of their weights, and your facts; spaces at its end make
    its length, with those four bytes, a multiple of 4. All weights follow, end to end.

    Layers that run in the browser: `AveragePooling2D`, `Conv2D`, `Dense`, `Embedding`, `Flatten`,
    `GRU`, `MaxPooling2D`, `Rescaling`, `Reshape`, with the activations `linear`, `relu`, `tanh`,
    `sigmoid` and `softmax`. `Dropout` is left out, since it does nothing after training.

    Args:
        model: A model of those layers that has its weights.
        path: The file to write, by custom with the suffix `.network`. One that is there is
            replaced.
        dtype: How each weight is stored: in two bytes, with about three decimals, or in four, as it
            is.
        **facts: What the page must know beside, such as `characters="abc"`, the character of each
            index.

    Returns:
        The number of bytes written.

    Raises:
        TypeError: The model isn't a `keras.Sequential`, or a fact isn't what JSON can hold.
        ValueError: A layer or a setting isn't among those that run in the browser, the model has no
            weights yet, a weight isn't finite or is beyond what `float16` holds, or `dtype` is
            neither of the two.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10)])
        >>> with TemporaryDirectory() as folder:
        ...     size = write_network(model, Path(folder, "digits.network"))
        >>> 2 * model.count_params() < size < 2 * model.count_params() + 500
        True
    """
    if dtype not in ("float16", "float32"):
        raise ValueError(f"dtype is {dtype!r}, expected 'float16' or 'float32'.")
    header = json.dumps(
        {
            "format": _FORMAT,
            "version": _VERSION,
            "dtype": dtype,
            "input": _input_shape(model),
            "layers": [_described(layer) for layer in _running(model)],
            "facts": {name: _checked_fact(name, fact) for name, fact in facts.items()},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    header += b" " * (-len(header) % 4)
    weights = [_stored(layer, dtype) for layer in _running(model)]
    return Path(path).write_bytes(b"".join([len(header).to_bytes(4, "little"), header, *weights]))


def _running(model: keras.Sequential) -> list[layers.Layer]:
    return [layer for layer in model.layers if not isinstance(layer, _IGNORED)]


def _input_shape(model: keras.Sequential) -> list[int | None]:
    """The shape of one input; None is an axis of any length."""
    if not isinstance(model, keras.Sequential):
        raise TypeError(
            f"model is a {type(model).__name__}, expected a keras.Sequential, "
            "since the browser runs one layer after another."
        )
    if not model.built:
        raise ValueError(
            f"The model {model.name!r} has no weights yet: begin it with keras.Input, or call it "
            "once on data."
        )
    return list(model.input_shape[1:])


def _described(layer: layers.Layer) -> dict[str, Any]:
    """What the header says of a layer."""
    if type(layer) not in _SETTINGS:  # a class derived from these may compute something else
        known = ", ".join(each.__name__ for each in (*_SETTINGS, layers.Dropout))
        raise ValueError(
            f"The layer {layer.name!r} is of the class {type(layer).__name__}, which doesn't run "
            f"in the browser. Those that do: {known}."
        )
    config = layer.get_config()
    for name, only in _FIXED.items():
        if name in config and _plain(config[name]) != _plain(only):
            raise _refused(layer, name, config[name], repr(only))
    settings = {name: _plain(config[name]) for name in _SETTINGS[type(layer)]}
    for name, value in settings.items():
        if name.endswith("activation") and value not in _ACTIVATIONS:
            raise _refused(layer, name, value, f"one of {', '.join(_ACTIVATIONS)}")
        if name in ("scale", "offset") and not isinstance(value, int | float):
            raise _refused(layer, name, value, "one number")
    shapes = [list(each.shape) for each in layer.get_weights()]
    return {"class": type(layer).__name__, "name": layer.name, "weights": shapes} | settings


def _refused(layer: layers.Layer, name: str, value: object, expected: str) -> ValueError:
    return ValueError(
        f"The layer {layer.name!r} has {name}={value!r}, which doesn't run in the browser; "
        f"expected {expected}."
    )


def _plain(value: Any) -> Any:
    """A setting as JSON gives it back."""
    return list(value) if isinstance(value, tuple) else value


def _checked_fact(name: str, fact: Any) -> Any:
    try:
        json.dumps(fact, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"The fact {name} is a {type(fact).__name__} that JSON can't hold ({error}); expected "
            "text, finite numbers, or lists and dictionaries of them."
        ) from None
    return fact


def _stored(layer: layers.Layer, dtype: str) -> bytes:
    """The bytes of a layer's weights, end to end."""
    return b"".join(_bytes(layer, each, dtype) for each in layer.get_weights())


def _bytes(layer: layers.Layer, weights: _Array, dtype: str) -> bytes:
    weights = np.asarray(weights, np.float32)
    if not np.isfinite(weights).all():
        raise ValueError(f"The layer {layer.name!r} has weights that are NaN or infinite.")
    if np.abs(weights).max(initial=0) > np.finfo(dtype).max:
        raise ValueError(
            f"The layer {layer.name!r} has a weight of {np.abs(weights).max():g} in size, beyond "
            f"the {np.finfo(dtype).max} that float16 holds; expected dtype='float32'."
        )
    return weights.astype(np.dtype(dtype).newbyteorder("<")).tobytes()
