"""Transfer learning: train a pre-trained network on, without losing what it has learned."""

import keras

from tf2docs._arguments import whole_number
from tf2docs._checks import check_kind

__all__ = ["unfreeze"]

_BASE = "a base that was trained before, such as keras.applications.MobileNetV2(include_top=False)"


def unfreeze(base: keras.Model, last: int | None = None) -> list[keras.Variable]:
    """Let a pre-trained base learn again, except its batch normalization.

    Layers of batch normalization stay frozen, also those inside of other layers. So they use the
    averages that they learned, also in `fit`. Calling the base with `training=False` doesn't do
    that in a functional or sequential model: `fit` replaces it by `training=True`.

    A model that holds the base has to be compiled afterwards, with a new optimizer.

    Args:
        base: The model, which is changed.
        last: How many of its last layers to unfreeze, counting only those that have weights. The
            others are frozen. All by default.

    Returns:
        The weights that will be trained.

    Raises:
        TypeError: `base` is no model, or `last` is no whole number.
        ValueError: `last` is below 1 or above the number of layers that have weights, or the base
            has no weights yet.

    Examples:
        >>> layers = [keras.layers.Dense(4), keras.layers.BatchNormalization()]
        >>> base = keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(2)])
        >>> base.trainable = False
        >>> [weight.path.split("/")[-1] for weight in unfreeze(base, last=1)]
        ['kernel', 'bias']
        >>> len(unfreeze(base)), layers[1].trainable
        (4, False)
    """
    check_kind("base", base, keras.Model, _BASE)
    layers = [layer for layer in base.layers if layer.weights]
    if not layers:
        raise ValueError(
            "base has no weights yet, expected a model that was trained before. "
            "Call it on some inputs, or load its weights, first."
        )
    if last is None:
        last = len(layers)
    last = whole_number("last", last, least=1, most=len(layers))
    base.trainable = True  # or what its layers say wouldn't count
    for layer in base.layers:
        layer.trainable = layer in layers[-last:]
    for layer in base._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
    weights: list[keras.Variable] = base.trainable_weights
    return weights
