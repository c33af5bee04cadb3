"""Layers of our own that Keras trains, saves and loads like those it comes with."""

import math
from typing import Any

import keras

from tf2docs._arguments import whole_number

__all__ = ["BahdanauAttention", "Linear", "MaxOverTime"]


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


@keras.saving.register_keras_serializable(package="tf2docs")
class BahdanauAttention(keras.layers.Layer):
    """Mix values by weights that depend on a query: additive attention.

    A query and a value are each multiplied by a matrix; the score of the two is a weighted sum of
    the tanh of what comes out, added up. The softmax of the scores over the values gives the
    weights.

    Args:
        units: How many numbers the query and the values are mapped to.
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Raises:
        TypeError: `units` is no whole number.
        ValueError: `units` is below 1, or the inputs have another number of axes than three.

    Examples:
        >>> query, values = keras.ops.ones((2, 5, 8)), keras.ops.ones((2, 3, 6))
        >>> real = keras.ops.array([[True, True, True], [True, False, False]])
        >>> context, weights = BahdanauAttention(4)(query, values, values_mask=real)
        >>> context.shape, weights.shape
        (TensorShape([2, 5, 6]), TensorShape([2, 5, 3]))
        >>> weights[1, 0].numpy().tolist()
        [1.0, 0.0, 0.0]

    References:
        Bahdanau, Cho, Bengio: Neural Machine Translation by Jointly Learning to Align and Translate
        (2014).
    """

    def __init__(self, units: int, **kwargs: Any) -> None:  # such as name and dtype
        super().__init__(**kwargs)
        self.units = whole_number("units", units, least=1)
        self.supports_masking = True

    def build(
        self, query_shape: tuple[int | None, ...], values_shape: tuple[int | None, ...]
    ) -> None:
        """Make the weights, now that the numbers of features are known."""
        for name, shape in (("query", query_shape), ("values", values_shape)):
            if len(shape) != 3:
                raise ValueError(
                    f"{name} has the shape {tuple(shape)}, expected (batch, steps, features): a "
                    "single step is (batch, 1, features)."
                )
        self.query_kernel = self.add_weight(
            name="query_kernel", shape=(query_shape[-1], self.units)
        )
        self.values_kernel = self.add_weight(
            name="values_kernel", shape=(values_shape[-1], self.units)
        )
        self.scale = self.add_weight(name="scale", shape=(self.units, 1))

    def call(
        self,
        query: keras.KerasTensor,
        values: keras.KerasTensor,
        values_mask: keras.KerasTensor | None = None,
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Return what each query gets, and how much of each value is in it.

        Args:
            query: Of shape `(batch, queries, features)`.
            values: Of shape `(batch, steps, features)`.
            values_mask: True for real steps, of shape `(batch, steps)`; all are by default.

        Returns:
            `context, weights`: of shape `(batch, queries, features)`, with the features of the
                values, and of shape `(batch, queries, steps)`. The weights of a query sum to 1;
                those of padding are 0. Where all steps are padding, both are 0.
        """
        asked = keras.ops.expand_dims(keras.ops.matmul(query, self.query_kernel), axis=2)
        offered = keras.ops.expand_dims(keras.ops.matmul(values, self.values_kernel), axis=1)
        added = keras.ops.tanh(asked + offered)  # (batch, queries, steps, units)
        scores = keras.ops.squeeze(keras.ops.matmul(added, self.scale), axis=-1)
        if values_mask is None:
            weights = keras.ops.softmax(scores, axis=-1)
        else:
            real = keras.ops.expand_dims(values_mask, axis=1)  # (batch, 1, steps)
            weights = keras.ops.softmax(keras.ops.where(real, scores, -3e4), axis=-1)
            weights = keras.ops.where(real, weights, 0)
        return keras.ops.matmul(weights, values), weights

    def compute_mask(self, *inputs: Any, **masks: Any) -> None:
        """Hand no mask on: which queries are real, whoever made them knows."""

    def compute_output_shape(
        self, query_shape: tuple[int | None, ...], values_shape: tuple[int | None, ...]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        """Say which shapes context and weights have, without computing them."""
        asked = query_shape[:-1]
        return (*asked, values_shape[-1]), (*asked, values_shape[1])

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal layer."""
        return {**super().get_config(), "units": self.units}
