"""The blocks that convolutional networks are made of, each under the name it became known by.

Each is a layer: images go in, images with other channels come out, and blocks are stacked to a
network. All of them take the same two settings, so that they can be compared: whether batch
normalization follows each convolution, and what kernels are drawn from.
"""

from typing import Any, TypeAlias

import keras

from tf2docs._arguments import whole_number

__all__ = [
    "ConvBlock",
    "DenseBlock",
    "InceptionBlock",
    "NiNBlock",
    "ResidualBlock",
    "Shape",
    "VGGBlock",
]

_MOMENTUM = 0.9  # Keras's 0.99 averages over hundreds of steps, more than a short training has

Shape: TypeAlias = tuple[int | None, ...]
"""Sizes along the axes; None where any size will do, as along the batch."""


class _Block(keras.layers.Layer):
    """What all blocks have in common: two settings, and the parts that follow them."""

    def __init__(
        self,
        *,
        normalization: bool = True,
        initializer: str | keras.Initializer = "he_normal",
        **kwargs: Any,  # what every layer takes, such as name and dtype
    ) -> None:
        super().__init__(**kwargs)
        self.normalization = bool(normalization)
        self.initializer = keras.initializers.get(initializer)
        self.input_spec = keras.InputSpec(ndim=4)

    def _unit(self, filters: int, size: int, **settings: Any) -> "ConvBlock":
        """A convolution that follows this block's settings."""
        return ConvBlock(filters, size, **self._settings(), **settings)

    def _settings(self) -> dict[str, Any]:
        return {
            "normalization": self.normalization,
            # its config, since one object would draw the same numbers for each kernel
            "initializer": keras.initializers.serialize(self.initializer),
            "dtype": self.dtype_policy,
        }

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        settings = self._settings()
        del settings["dtype"]  # every layer's config has it
        return {**super().get_config(), **settings}


@keras.saving.register_keras_serializable(package="tf2docs")
class ConvBlock(_Block):
    """A convolution, batch normalization and an activation: what the other blocks are made of.

    The convolution pads with zeros, so that only `strides` changes height and width. It has no bias
    where batch normalization follows, which has one.

    Args:
        filters: How many channels come out.
        size: Height and width of the kernels.
        strides: How many pixels the kernels move at a time.
        activation: What comes last, such as `relu`, or None.
        **kwargs: `normalization`, whether batch normalization follows the convolution;
            `initializer`, what kernels are drawn from; and what every layer takes, such as `name`
            and `dtype`.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, or the inputs aren't of shape
            `(batch, height, width, channels)`.

    Examples:
        >>> ConvBlock(16, strides=2)(keras.ops.ones((1, 32, 32, 3))).shape
        TensorShape([1, 16, 16, 16])
    """

    def __init__(
        self,
        filters: int,
        size: int = 3,
        *,
        strides: int = 1,
        activation: str | None = "relu",
        **kwargs: Any,  # normalization, initializer, and what every layer takes
    ) -> None:
        super().__init__(**kwargs)
        self.filters = whole_number("filters", filters, least=1)
        self.size = whole_number("size", size, least=1)
        self.strides = whole_number("strides", strides, least=1)
        self.convolution = keras.layers.Conv2D(
            self.filters,
            self.size,
            strides=self.strides,
            padding="same",
            use_bias=not self.normalization,
            kernel_initializer=self.initializer,
            dtype=self.dtype_policy,
        )
        self.norm = None
        if self.normalization:
            self.norm = keras.layers.BatchNormalization(momentum=_MOMENTUM, dtype=self.dtype_policy)
        self.activation = keras.activations.get(activation)

    def build(self, input_shape: Shape) -> None:
        """Make the weights, now that the number of channels is known."""
        self.convolution.build(input_shape)
        if self.norm:
            self.norm.build(self.compute_output_shape(input_shape))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, rows, columns, filters)`."""
        outputs = self.convolution(inputs)
        if self.norm:
            outputs = self.norm(outputs)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Say which shape the outputs have, without computing them."""
        shape: Shape = self.convolution.compute_output_shape(input_shape)
        return shape

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        config = {
            "filters": self.filters,
            "size": self.size,
            "strides": self.strides,
            "activation": keras.activations.serialize(self.activation),
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="tf2docs")
class VGGBlock(_Block):
    """Several 3×3 convolutions, then max pooling that halves height and width.

    Two 3×3 convolutions in a row see 5×5 pixels, three see 7×7, with fewer parameters than one
    convolution of that size and with an activation after each.

    Args:
        filters: How many channels come out of each convolution.
        convolutions: How many convolutions there are.
        **kwargs: `normalization`, whether batch normalization follows each convolution;
            `initializer`, what kernels are drawn from; and what every layer takes, such as `name`
            and `dtype`. The paper had no normalization.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, or the inputs aren't of shape
            `(batch, height, width, channels)`.

    Examples:
        >>> VGGBlock(16)(keras.ops.ones((1, 32, 32, 3))).shape
        TensorShape([1, 16, 16, 16])

    References:
        Simonyan, Zisserman: Very Deep Convolutional Networks for Large-Scale Image Recognition
        (2014).
    """

    def __init__(
        self,
        filters: int,
        convolutions: int = 2,
        **kwargs: Any,  # normalization, initializer, and what every layer takes
    ) -> None:
        super().__init__(**kwargs)
        self.filters = whole_number("filters", filters, least=1)
        self.convolutions = whole_number("convolutions", convolutions, least=1)
        self.units = [self._unit(self.filters, 3) for _ in range(self.convolutions)]
        self.pooling = keras.layers.MaxPooling2D(dtype=self.dtype_policy)

    def build(self, input_shape: Shape) -> None:
        """Make the weights, now that the number of channels is known."""
        for unit in self.units:
            unit.build(input_shape)
            input_shape = unit.compute_output_shape(input_shape)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, height // 2, width // 2, filters)`."""
        outputs = inputs
        for unit in self.units:
            outputs = unit(outputs)
        return self.pooling(outputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Say which shape the outputs have, without computing them."""
        shape = self.units[0].compute_output_shape(input_shape)
        pooled: Shape = self.pooling.compute_output_shape(shape)
        return pooled

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        config = {"filters": self.filters, "convolutions": self.convolutions}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="tf2docs")
class NiNBlock(_Block):
    """Network in network: a convolution, then two of 1×1, a small dense network for each pixel.

    A 1×1 convolution looks at no neighbours. It mixes the channels of each pixel, with the same
    weights for all pixels.

    Args:
        filters: How many channels come out of each of the three convolutions.
        size: Height and width of the first one's kernels.
        strides: How many pixels the first one's kernels move at a time.
        **kwargs: `normalization`, whether batch normalization follows each convolution;
            `initializer`, what kernels are drawn from; and what every layer takes, such as `name`
            and `dtype`. The paper had no normalization.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, or the inputs aren't of shape
            `(batch, height, width, channels)`.

    Examples:
        >>> NiNBlock(16, size=5)(keras.ops.ones((1, 32, 32, 3))).shape
        TensorShape([1, 32, 32, 16])

    References:
        Lin, Chen, Yan: Network In Network (2013).
    """

    def __init__(
        self,
        filters: int,
        size: int = 3,
        *,
        strides: int = 1,
        **kwargs: Any,  # normalization, initializer, and what every layer takes
    ) -> None:
        super().__init__(**kwargs)
        self.filters = whole_number("filters", filters, least=1)
        self.size = whole_number("size", size, least=1)
        self.strides = whole_number("strides", strides, least=1)
        first = self._unit(self.filters, self.size, strides=self.strides)
        self.units = [first, self._unit(self.filters, 1), self._unit(self.filters, 1)]

    def build(self, input_shape: Shape) -> None:
        """Make the weights, now that the number of channels is known."""
        for unit in self.units:
            unit.build(input_shape)
            input_shape = unit.compute_output_shape(input_shape)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, rows, columns, filters)`."""
        outputs = inputs
        for unit in self.units:
            outputs = unit(outputs)
        return outputs

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Say which shape the outputs have, without computing them."""
        return self.units[0].compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        config = {"filters": self.filters, "size": self.size, "strides": self.strides}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="tf2docs")
class InceptionBlock(_Block):
    """Four branches side by side, whose channels are put together.

    One branch looks at single pixels, one at 3×3, one at 5×5, and one at the maximum of 3×3. Before
    the expensive kernels a 1×1 convolution reduces the channels.

    Args:
        ones: How many channels the branch of 1×1 has.
        threes: Those of the branch of 3×3, as a pair: after its 1×1 convolution, and at its end.
        fives: Those of the branch of 5×5, as such a pair.
        pooled: Those of the branch that begins with max pooling, after its 1×1 convolution.
        **kwargs: `normalization`, whether batch normalization follows each convolution;
            `initializer`, what kernels are drawn from; and what every layer takes, such as `name`
            and `dtype`. The paper had no normalization.

    Raises:
        TypeError: A number is no whole number, or a pair isn't one.
        ValueError: A number is below 1, or the inputs aren't of shape
            `(batch, height, width, channels)`.

    Examples:
        >>> block = InceptionBlock(16, (24, 32), (4, 8), 8)
        >>> block(keras.ops.ones((1, 16, 16, 3))).shape  # 16 + 32 + 8 + 8 channels
        TensorShape([1, 16, 16, 64])

    References:
        Szegedy and others: Going Deeper with Convolutions (2014).
    """

    def __init__(
        self,
        ones: int,
        threes: tuple[int, int],
        fives: tuple[int, int],
        pooled: int,
        **kwargs: Any,  # normalization, initializer, and what every layer takes
    ) -> None:
        super().__init__(**kwargs)
        self.ones = whole_number("ones", ones, least=1)
        self.threes = _pair("threes", threes)
        self.fives = _pair("fives", fives)
        self.pooled = whole_number("pooled", pooled, least=1)
        pooling = keras.layers.MaxPooling2D(3, 1, padding="same", dtype=self.dtype_policy)
        self.branches = [
            [self._unit(self.ones, 1)],
            [self._unit(self.threes[0], 1), self._unit(self.threes[1], 3)],
            [self._unit(self.fives[0], 1), self._unit(self.fives[1], 5)],
            [pooling, self._unit(self.pooled, 1)],
        ]

    def build(self, input_shape: Shape) -> None:
        """Make the weights, now that the number of channels is known."""
        for branch in self.branches:
            shape = input_shape
            for layer in branch:
                layer.build(shape)
                shape = layer.compute_output_shape(shape)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, height, width, sum)`."""
        parts = []
        for branch in self.branches:
            outputs = inputs
            for layer in branch:
                outputs = layer(outputs)
            parts.append(outputs)
        return keras.ops.concatenate(parts, axis=-1)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Say which shape the outputs have, without computing them."""
        return (*input_shape[:-1], self.ones + self.threes[1] + self.fives[1] + self.pooled)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        config = {
            "ones": self.ones,
            "threes": self.threes,
            "fives": self.fives,
            "pooled": self.pooled,
        }
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="tf2docs")
class ResidualBlock(_Block):
    """Two 3×3 convolutions whose result is added to what came in.

    If the last convolution gives zeros, the block passes on its inputs, so more blocks needn't make
    a network worse. Where the number of channels or the size changes, a 1×1 convolution without
    activation, the projection, makes the inputs fit.

    Args:
        filters: How many channels come out.
        strides: How many pixels the first convolution and the projection move at a time.
        skip: Whether the inputs are added. Without it, the same convolutions are a plain block, for
            comparison.
        **kwargs: `normalization`, whether batch normalization follows each convolution;
            `initializer`, what kernels are drawn from; and what every layer takes, such as `name`
            and `dtype`.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, or the inputs aren't of shape
            `(batch, height, width, channels)`.

    Examples:
        >>> images = keras.ops.ones((1, 32, 32, 16))
        >>> ResidualBlock(16)(images).shape
        TensorShape([1, 32, 32, 16])
        >>> ResidualBlock(32, strides=2)(images).shape
        TensorShape([1, 16, 16, 32])

    References:
        He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition (2015).
    """

    def __init__(
        self,
        filters: int,
        *,
        strides: int = 1,
        skip: bool = True,
        **kwargs: Any,  # normalization, initializer, and what every layer takes
    ) -> None:
        super().__init__(**kwargs)
        self.filters = whole_number("filters", filters, least=1)
        self.strides = whole_number("strides", strides, least=1)
        self.skip = bool(skip)
        self.first = self._unit(self.filters, 3, strides=self.strides)
        self.last = self._unit(self.filters, 3, activation=None)
        self.projection: ConvBlock | None = None

    def build(self, input_shape: Shape) -> None:
        """Make the weights, and the projection if the inputs don't fit the outputs."""
        self.first.build(input_shape)
        self.last.build(self.first.compute_output_shape(input_shape))
        changes = self.strides > 1 or input_shape[-1] != self.filters
        if self.skip and changes:
            settings = {"strides": self.strides, "activation": None}
            self.projection = self._unit(self.filters, 1, **settings)
            self.projection.build(input_shape)

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, rows, columns, filters)`."""
        outputs = self.first(inputs)
        outputs = self.last(outputs)
        if self.projection:
            inputs = self.projection(inputs)
        if self.skip:
            outputs = outputs + inputs
        return keras.ops.relu(outputs)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Say which shape the outputs have, without computing them."""
        return self.first.compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        config = {"filters": self.filters, "strides": self.strides, "skip": self.skip}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="tf2docs")
class DenseBlock(_Block):
    """Convolutions of which each sees the outputs of all before it, as in DenseNet.

    Each convolution adds `growth_rate` channels to those that came in. As in the paper, batch
    normalization and ReLU come before a convolution, so that what comes out has had neither.

    Args:
        convolutions: How many convolutions there are.
        growth_rate: How many channels each of them adds.
        **kwargs: `normalization`, whether batch normalization comes before each convolution;
            `initializer`, what kernels are drawn from; and what every layer takes, such as `name`
            and `dtype`.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, or the inputs aren't of shape
            `(batch, height, width, channels)`.

    Examples:
        >>> images = keras.ops.ones((1, 16, 16, 24))
        >>> DenseBlock(4, growth_rate=12)(images).shape  # 24 + 4 · 12 channels
        TensorShape([1, 16, 16, 72])

    References:
        Huang, Liu, van der Maaten, Weinberger: Densely Connected Convolutional Networks (2016).
    """

    def __init__(
        self,
        convolutions: int,
        growth_rate: int = 12,
        **kwargs: Any,  # normalization, initializer, and what every layer takes
    ) -> None:
        super().__init__(**kwargs)
        self.convolutions = whole_number("convolutions", convolutions, least=1)
        self.growth_rate = whole_number("growth_rate", growth_rate, least=1)
        self.units = [self._normalised_first() for _ in range(self.convolutions)]

    def _normalised_first(self) -> list[keras.layers.Layer]:
        """Batch normalization, ReLU and a convolution, in this order."""
        plain = {**self._settings(), "normalization": False, "activation": None}
        layers = [
            keras.layers.ReLU(dtype=self.dtype_policy),
            ConvBlock(self.growth_rate, 3, **plain),
        ]
        if self.normalization:
            norm = keras.layers.BatchNormalization(momentum=_MOMENTUM, dtype=self.dtype_policy)
            layers.insert(0, norm)
        return layers

    def build(self, input_shape: Shape) -> None:
        """Make the weights, now that the number of channels is known."""
        for place, unit in enumerate(self.units):
            for layer in unit:
                layer.build(self._widened(input_shape, place))

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, height, width, more channels)`."""
        seen = inputs
        for unit in self.units:
            outputs = seen
            for layer in unit:
                outputs = layer(outputs)
            seen = keras.ops.concatenate([seen, outputs], axis=-1)
        return seen

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Say which shape the outputs have, without computing them."""
        return self._widened(input_shape, self.convolutions)

    def _widened(self, shape: Shape, convolutions: int) -> Shape:
        *rest, channels = shape
        assert channels is not None  # Keras has refused inputs without a number of channels
        return (*rest, channels + convolutions * self.growth_rate)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal block."""
        config = {"convolutions": self.convolutions, "growth_rate": self.growth_rate}
        return {**super().get_config(), **config}


def _pair(name: str, value: tuple[int, int]) -> tuple[int, int]:
    """Two whole numbers: the channels after the 1×1 convolution, and at the end."""
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise TypeError(
            f"{name} is {value!r}, expected two numbers, such as (24, 32): "
            "the channels after the 1×1 convolution, and those at the branch's end."
        )
    first, last = (whole_number(f"each of {name}", number, least=1) for number in value)
    return first, last
