"""Layers of our own that Keras trains, saves and loads like those it comes with."""

import math
from typing import Any

import keras

from tf2docs._arguments import whole_number

__all__ = ["Linear", "MaxOverTime"]


@keras.saving.register_keras_serializable(package="tf2docs")
class Linear(keras.layers.Layer):
    """Multiply by a matrix that is learned: a dense layer without bias or activation.

    It is written with `keras.ops` alone, so it runs on each of Keras's backends.

    Args:
        units: How many numbers come out per example.
        initializer: What the matrix is drawn from, an initializer or the name of one.
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Attributes:
        kernel: The matrix, of shape `(features, units)`. It exists once the layer is built.

    Raises:
        TypeError: `units` is no whole number.
        ValueError: `units` is below 1.

    Examples:
        >>> layer = Linear(3)
        >>> layer(keras.ops.ones((2, 4))).shape
        TensorShape([2, 3])
        >>> tuple(layer.kernel.shape)
        (4, 3)
    """

    def __init__(
        self,
        units: int,
        *,
        initializer: str | keras.Initializer = "glorot_uniform",
        **kwargs: Any,  # what every layer takes, such as name and dtype
    ) -> None:
        super().__init__(**kwargs)
        self.units = whole_number("units", units, least=1)
        self.initializer = keras.initializers.get(initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights, now that the number of features is known."""
        shape = (input_shape[-1], self.units)  # (features, units)
        self.kernel = self.add_weight(
            name="kernel",
            shape=shape,
            initializer=self.initializer,
        )

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map inputs of shape `(…, features)` to outputs of shape `(…, units)`."""
        return keras.ops.matmul(inputs, self.kernel)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Say which shape the outputs have, without computing them."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal layer."""
        initializer = keras.initializers.serialize(self.initializer)
        return {**super().get_config(), "units": self.units, "initializer": initializer}


@keras.saving.register_keras_serializable(package="tf2docs")
class MaxOverTime(keras.layers.Layer):
    """Keep the largest value of each feature over the real steps: pooling that passes over padding.

    `keras.layers.GlobalMaxPooling1D` takes no notice of a mask, so that padding may win. Here only
    steps count where the mask is true; without a mask all do. Layers such as `Conv1D` drop the
    mask on the way: hand it over yourself, as below.

    Args:
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Raises:
        ValueError: The inputs have another number of axes than three.

    Examples:
        >>> steps = keras.ops.array([[[1.0, -3.0], [2.0, -1.0], [9.0, 9.0]]])
        >>> real = keras.ops.array([[True, True, False]])
        >>> MaxOverTime()(steps, mask=real).numpy().tolist()
        [[2.0, -1.0]]
        >>> MaxOverTime()(steps).numpy().tolist()
        [[9.0, 9.0]]

    References:
        Collobert, Weston, Bottou, Karlen, Kavukcuoglu, Kuksa: Natural language processing (almost)
        from scratch (2011).
    """

    def __init__(self, **kwargs: Any) -> None:  # what every layer takes, such as name and dtype
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Check the shape; there are no weights."""
        if len(input_shape) != 3:
            raise ValueError(
                f"inputs have the shape {tuple(input_shape)}, expected (batch, steps, features): "
                "an Embedding or a Conv1D before this layer gives that."
            )

    def call(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        """Map inputs of shape `(batch, steps, features)` to outputs of shape `(batch, features)`.

        The mask has the shape `(batch, steps)`. Where all steps are padding, the result is 0.
        """
        if mask is None:
            return keras.ops.max(inputs, axis=1)
        real = keras.ops.expand_dims(mask, axis=-1)  # (batch, steps, 1)
        largest = keras.ops.max(keras.ops.where(real, inputs, -math.inf), axis=1)
        return keras.ops.where(keras.ops.any(real, axis=1), largest, 0)

    def compute_mask(
        self, inputs: keras.KerasTensor, previous_mask: keras.KerasTensor | None = None
    ) -> None:
        """Hand no mask on: there are no steps any more."""

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Say which shape the outputs have, without computing them."""
        return (input_shape[0], input_shape[-1])
