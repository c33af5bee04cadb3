"""Layers of our own that Keras trains, saves and loads like those it comes with."""

from typing import Any

import keras

from tf2docs._arguments import whole_number

__all__ = ["Linear"]


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
