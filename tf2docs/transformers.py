"""What transformers are made of: embeddings that know their positions, and blocks of attention.

The blocks normalize first (pre-norm): each part reads its inputs through a layer normalization, and
what it returns is added to them. So a stack of blocks needs one more `LayerNormalization` at its
end.
"""

import math
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from tf2docs._arguments import counts, real_number

__all__ = [
    "PositionalEmbedding",
    "PositionalEmbedding2D",
    "TransformerBlock",
    "TransformerDecoderBlock",
    "sinusoids",
]

_POSITIONS = ("learned", "sinusoidal", None)


def sinusoids(length: int, units: int) -> NDArray[np.float32]:
    """Describe positions by sines and cosines of ever slower waves.

    The first half of the numbers are sines, the second half cosines, with wavelengths from 2π to
    20,000π positions. How far two positions are apart can be read from the angles between them.

    Args:
        length: How many positions there are.
        units: How many numbers describe each of them, an even number.

    Returns:
        A row for each position, of shape `(length, units)`, from -1 to 1.

    Raises:
        TypeError: An argument is no whole number.
        ValueError: An argument is below 1, or `units` is odd.

    Examples:
        >>> sinusoids(3, 4).round(2)
        array([[ 0.  ,  0.  ,  1.  ,  1.  ],
               [ 0.84,  0.01,  0.54,  1.  ],
               [ 0.91,  0.02, -0.42,  1.  ]], dtype=float32)

    References:
        Vaswani and others (2017), Attention Is All You Need, section 3.5. There, sines and cosines
        take turns, which comes to the same.
    """
    length, units = counts(length=length, units=units)
    if units % 2:
        raise ValueError(
            f"units is {units}, expected an even number: half are sines, half cosines."
        )
    half = units // 2
    speeds = 10_000.0 ** (-np.arange(half) / half)  # (units / 2,)
    angles = np.arange(length)[:, np.newaxis] * speeds  # (length, units / 2)
    return np.hstack([np.sin(angles), np.cos(angles)]).astype(np.float32)


@keras.saving.register_keras_serializable(package="tf2docs")
class PositionalEmbedding(keras.layers.Layer):
    """Turn tokens into vectors that say which token stands where.

    The vector of a token and that of its position are added. Token 0 is padding, and the layer
    hands on a mask that says so.

    Args:
        tokens: How many tokens there are, padding included.
        units: How many numbers a vector has.
        length: How many positions there are: the longest sequence that can be read.
        positions: `"learned"` for vectors of positions that are trained, `"sinusoidal"` for those
            of [`sinusoids`][tf2docs.transformers.sinusoids], `None` for no positions at all.
        mask_zero: Whether token 0 is padding.
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Attributes:
        embeddings: The vectors of the tokens, of shape `(tokens, units)`, once the layer is built.
        table: Those of the positions, of shape `(length, units)`, if there are any. Those of the
            sinusoids aren't trained. Both are multiplied by √units before they are used.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, `positions` is something else, or a sequence is longer than
            `length`.

    Examples:
        >>> layer = PositionalEmbedding(100, 8, length=20)
        >>> tokens = keras.ops.array([[5, 7, 5, 0]])
        >>> vectors = layer(tokens)
        >>> vectors.shape
        TensorShape([1, 4, 8])
        >>> bool(keras.ops.all(vectors[0, 0] == vectors[0, 2]))  # the same token elsewhere
        False
        >>> layer.compute_mask(tokens).numpy().tolist()
        [[True, True, True, False]]
    """

    def __init__(
        self,
        tokens: int,
        units: int,
        length: int,
        *,
        positions: str | None = "learned",
        mask_zero: bool = True,
        **kwargs: Any,  # what every layer takes, such as name and dtype
    ) -> None:
        super().__init__(**kwargs)
        self.tokens, self.units, self.length = counts(tokens=tokens, units=units, length=length)
        if positions not in _POSITIONS:
            raise ValueError(
                f"positions is {positions!r}, expected 'learned', 'sinusoidal' or None."
            )
        self.positions, self.mask_zero = positions, mask_zero
        self.supports_masking = True

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights: vectors of tokens and, if they are learned, of positions."""
        if len(input_shape) != 2:
            raise ValueError(
                f"inputs has the shape {tuple(input_shape)}, expected (batch, steps): whole "
                "numbers, a token for each step."
            )
        self.embeddings = self._vectors("embeddings", self.tokens)
        if self.positions == "learned":
            self.table = self._vectors("positions", self.length)
        elif self.positions == "sinusoidal":
            self.table = self.add_weight(
                name="sinusoids",
                shape=(self.length, self.units),
                initializer=lambda shape, dtype: sinusoids(*shape) / math.sqrt(self.units),
                trainable=False,
            )

    def call(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Map tokens of shape `(batch, steps)` to vectors of shape `(batch, steps, units)`."""
        if inputs.shape[1] is not None and inputs.shape[1] > self.length:
            raise ValueError(
                f"The sequences have {inputs.shape[1]} steps, expected {self.length} at most: cut "
                "them, or make the layer with a larger length."
            )
        tokens = keras.ops.cast(inputs, "int32")  # a model without Input hands on floats
        vectors = keras.ops.take(self.embeddings, tokens, axis=0)
        if self.positions is not None:
            vectors = vectors + self.table[: keras.ops.shape(inputs)[1]]
        return vectors * math.sqrt(self.units)  # so that their numbers are about 1 in size

    def compute_mask(
        self, inputs: keras.KerasTensor, previous_mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor | None:
        """Say which tokens aren't padding, in the shape `(batch, steps)`."""
        return keras.ops.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Say which shape the outputs have, without computing them."""
        return (*input_shape, self.units)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal layer."""
        names = ("tokens", "units", "length", "positions", "mask_zero")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _vectors(self, name: str, rows: int) -> keras.Variable:
        normal = keras.initializers.RandomNormal(stddev=1 / math.sqrt(self.units))
        return self.add_weight(name=name, shape=(rows, self.units), initializer=normal)


@keras.saving.register_keras_serializable(package="tf2docs")
class PositionalEmbedding2D(keras.layers.Layer):
    """Turn a feature map into a sequence of vectors that say where in the picture they stand.

    Each row and each column of the map has a learned vector. To what the map holds at a place, the
    vectors of its row and of its column are added. Then the places are laid one after the other,
    row by row, so that attention can look at them.

    Args:
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Attributes:
        rows: The vectors of the rows, of shape `(height, 1, channels)`, once the layer is built.
        columns: Those of the columns, of shape `(width, channels)`.

    Raises:
        ValueError: The inputs have another number of axes than four, or height, width or channels
            aren't known.

    Examples:
        >>> maps = keras.ops.zeros((2, 3, 4, 8))
        >>> layer = PositionalEmbedding2D()
        >>> vectors = layer(maps)
        >>> vectors.shape
        TensorShape([2, 12, 8])
        >>> there = layer.rows[2, 0] + layer.columns[1]  # the last row, the second column
        >>> bool(keras.ops.all(vectors[0, 2 * 4 + 1] == there))
        True

    References:
        Carion and others (2020), End-to-End Object Detection with Transformers, whose program
        learns vectors of rows and columns, too, and sets them side by side.
    """

    def __init__(self, **kwargs: Any) -> None:  # what every layer takes, such as name and dtype
        super().__init__(**kwargs)

    def build(self, maps_shape: tuple[int | None, ...]) -> None:
        """Make the vectors, now that height, width and channels are known."""
        if len(maps_shape) != 4 or None in maps_shape[1:]:
            raise ValueError(
                f"maps has the shape {tuple(maps_shape)}, expected (batch, height, width, "
                "channels), all known but the batch: a convolutional network gives that if its "
                "Input says height and width."
            )
        _, height, width, channels = maps_shape
        self.rows = self._vectors("rows", (height, 1, channels))
        self.columns = self._vectors("columns", (width, channels))

    def call(self, maps: keras.KerasTensor) -> keras.KerasTensor:
        """Map `(batch, height, width, channels)` to `(batch, height * width, channels)`."""
        placed = maps + self.rows + self.columns
        return keras.ops.reshape(placed, (-1, *self.compute_output_shape(maps.shape)[1:]))

    def compute_output_shape(self, maps_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Say which shape the outputs have, without computing them."""
        batch, height, width, channels = maps_shape
        places = None if height is None or width is None else height * width
        return batch, places, channels

    def _vectors(self, name: str, shape: tuple[int | None, ...]) -> keras.Variable:
        # as large as what layer normalization returns: smaller ones would hardly be noticed
        normal = keras.initializers.RandomNormal(stddev=1)
        return self.add_weight(name=name, shape=shape, initializer=normal)


@keras.saving.register_keras_serializable(package="tf2docs")
class TransformerBlock(keras.layers.Layer):
    """Let each step look at the others, then transform each by itself: a block of a transformer.

    With `causal=False` it is a block of an encoder: each step looks at all. With `causal=True` no
    step looks at later ones, as a language model needs it. Steps where the mask is false, such as
    padding, are looked at by none.

    Args:
        heads: How many heads attention has. It must divide the number of features.
        hidden: How many units the hidden layer of the feed-forward part has.
        causal: Whether later steps are hidden.
        dropout: Which share is dropped of what either part adds, in training.
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Raises:
        TypeError: A number is of another kind.
        ValueError: A number is out of range, the number of features isn't a multiple of `heads`, or
            the inputs have another number of axes than three.

    Examples:
        >>> block = TransformerBlock(heads=2, hidden=16, causal=True)
        >>> vectors = keras.random.normal((2, 5, 8))
        >>> block(vectors).shape
        TensorShape([2, 5, 8])
        >>> block.attention_scores(vectors)[0, 0, 1, 2:].numpy().tolist()  # step 1, later ones
        [0.0, 0.0, 0.0]

    References:
        Vaswani and others (2017), Attention Is All You Need; Xiong and others (2020), On Layer
        Normalization in the Transformer Architecture (pre-norm).
    """

    def __init__(
        self,
        heads: int,
        hidden: int,
        *,
        causal: bool = False,
        dropout: float = 0.1,
        **kwargs: Any,  # what every layer takes, such as name and dtype
    ) -> None:
        super().__init__(**kwargs)
        self.heads, self.hidden = counts(heads=heads, hidden=hidden)
        self.causal, self.dropout = causal, _share(dropout)
        self.supports_masking = True

    def build(self, inputs_shape: tuple[int | None, ...]) -> None:
        """Make the layers, now that the number of features is known."""
        features = _features("inputs", inputs_shape, self.heads)
        policy = self.dtype_policy
        self.norm = layers.LayerNormalization(dtype=policy)
        self.attention = layers.MultiHeadAttention(self.heads, features // self.heads, dtype=policy)
        self.drop = layers.Dropout(self.dropout, dtype=policy)
        self.feed_forward = _feed_forward(self.hidden, features, self.dropout, policy)
        self.norm.build(inputs_shape)
        self.attention.build(inputs_shape, inputs_shape)
        self.feed_forward.build(inputs_shape)

    def call(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        """Map inputs of shape `(batch, steps, features)` to outputs of the same shape.

        The mask has the shape `(batch, steps)`. Where it is false, no step looks.
        """
        read, rules = self.norm(inputs), self._rules(mask)
        inputs = inputs + self.drop(self.attention(read, read, **rules))
        return inputs + self.feed_forward(inputs)

    def attention_scores(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        """Return how much each step looks at each step.

        Args:
            inputs: What the block reads, of shape `(batch, steps, features)`.
            mask: False where no step looks, of shape `(batch, steps)`.

        Returns:
            Weights of shape `(batch, heads, steps, steps)`, which sum to 1 over the last axis.
        """
        read, rules = self.norm(inputs), self._rules(mask)
        return self.attention(read, read, **rules, return_attention_scores=True)[1]

    def compute_output_shape(self, inputs_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Say which shape the outputs have: that of the inputs."""
        return inputs_shape

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal layer."""
        names = ("heads", "hidden", "causal", "dropout")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _rules(self, mask: keras.KerasTensor | None) -> dict[str, Any]:  # Any: a tensor or a truth
        return {"attention_mask": _for_all(mask), "use_causal_mask": self.causal}


@keras.saving.register_keras_serializable(package="tf2docs")
class TransformerDecoderBlock(keras.layers.Layer):
    """Let each step look at earlier ones, then at a context: a block of a translator's decoder.

    The context is what an encoder returns. After both kinds of attention each step is transformed
    by itself.

    Args:
        heads: How many heads each attention has. It must divide the number of features.
        hidden: How many units the hidden layer of the feed-forward part has.
        dropout: Which share is dropped of what each part adds, in training.
        **kwargs: What every layer takes, such as `name` and `dtype`.

    Raises:
        TypeError: A number is of another kind.
        ValueError: A number is out of range, the number of features isn't a multiple of `heads`, or
            inputs or context have another number of axes than three.

    Examples:
        >>> block = TransformerDecoderBlock(heads=2, hidden=16)
        >>> written = keras.random.normal((2, 5, 8))
        >>> context = keras.random.normal((2, 3, 8))
        >>> real = keras.ops.array([[True, True, True], [True, False, False]])
        >>> block(written, context, context_mask=real).shape
        TensorShape([2, 5, 8])
        >>> scores = block.attention_scores(written, context, context_mask=real)
        >>> scores.shape, scores[1, 0, 0].numpy().tolist()
        (TensorShape([2, 2, 5, 3]), [1.0, 0.0, 0.0])

    References:
        Vaswani and others (2017), Attention Is All You Need; Xiong and others (2020), On Layer
        Normalization in the Transformer Architecture (pre-norm).
    """

    def __init__(
        self,
        heads: int,
        hidden: int,
        *,
        dropout: float = 0.1,
        **kwargs: Any,  # what every layer takes, such as name and dtype
    ) -> None:
        super().__init__(**kwargs)
        self.heads, self.hidden = counts(heads=heads, hidden=hidden)
        self.dropout = _share(dropout)
        self.supports_masking = True

    def build(
        self, inputs_shape: tuple[int | None, ...], context_shape: tuple[int | None, ...]
    ) -> None:
        """Make the layers, now that the number of features is known."""
        features = _features("inputs", inputs_shape, self.heads)
        _features("context", context_shape)
        policy = self.dtype_policy
        size = features // self.heads
        self.norm = layers.LayerNormalization(dtype=policy)
        self.self_attention = layers.MultiHeadAttention(self.heads, size, dtype=policy)
        self.cross_norm = layers.LayerNormalization(dtype=policy)
        self.cross_attention = layers.MultiHeadAttention(self.heads, size, dtype=policy)
        self.drop = layers.Dropout(self.dropout, dtype=policy)
        self.feed_forward = _feed_forward(self.hidden, features, self.dropout, policy)
        for layer in (self.norm, self.cross_norm, self.feed_forward):
            layer.build(inputs_shape)
        self.self_attention.build(inputs_shape, inputs_shape)
        self.cross_attention.build(inputs_shape, context_shape)

    def call(
        self,
        inputs: keras.KerasTensor,
        context: keras.KerasTensor,
        inputs_mask: keras.KerasTensor | None = None,
        context_mask: keras.KerasTensor | None = None,
    ) -> keras.KerasTensor:
        """Return the inputs with what they have found in one another and in the context.

        Args:
            inputs: What has been written so far, of shape `(batch, steps, features)`.
            context: What is looked at, of shape `(batch, context steps, features)`; it may have
                another number of features.
            inputs_mask: False where no step looks, of shape `(batch, steps)`.
            context_mask: The same for the context, of shape `(batch, context steps)`.

        Returns:
            Outputs of the shape of the inputs.
        """
        inputs = self._look_back(inputs, inputs_mask)
        read, mask = self.cross_norm(inputs), _for_all(context_mask)
        inputs = inputs + self.drop(self.cross_attention(read, context, attention_mask=mask))
        return inputs + self.feed_forward(inputs)

    def attention_scores(
        self,
        inputs: keras.KerasTensor,
        context: keras.KerasTensor,
        inputs_mask: keras.KerasTensor | None = None,
        context_mask: keras.KerasTensor | None = None,
    ) -> keras.KerasTensor:
        """Return how much each step looks at each step of the context.

        Args:
            inputs: As the block is called with, like the other arguments.
            context: What is looked at.
            inputs_mask: False where no step looks.
            context_mask: The same for the context.

        Returns:
            Weights of shape `(batch, heads, steps, context steps)`, which sum to 1 over the last
                axis.
        """
        read = self.cross_norm(self._look_back(inputs, inputs_mask))
        rules = {"attention_mask": _for_all(context_mask), "return_attention_scores": True}
        return self.cross_attention(read, context, **rules)[1]

    def compute_output_shape(
        self, inputs_shape: tuple[int | None, ...], context_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Say which shape the outputs have: that of the inputs."""
        return inputs_shape

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal layer."""
        names = ("heads", "hidden", "dropout")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}

    def _look_back(
        self, inputs: keras.KerasTensor, mask: keras.KerasTensor | None
    ) -> keras.KerasTensor:
        read = self.norm(inputs)
        rules = {"attention_mask": _for_all(mask), "use_causal_mask": True}
        return inputs + self.drop(self.self_attention(read, read, **rules))


def _feed_forward(
    hidden: int, features: int, dropout: float, policy: keras.DTypePolicy
) -> keras.Sequential:
    """The part of a block that transforms each step by itself."""
    return keras.Sequential(
        [
            layers.LayerNormalization(dtype=policy),
            layers.Dense(hidden, "relu", dtype=policy),
            layers.Dense(features, dtype=policy),
            layers.Dropout(dropout, dtype=policy),
        ]
    )


def _for_all(mask: keras.KerasTensor | None) -> keras.KerasTensor | None:
    """The same mask for each step that looks: (batch, 1, steps)."""
    return None if mask is None else keras.ops.expand_dims(mask, axis=1)


def _share(dropout: float) -> float:
    dropout = real_number("dropout", dropout, least=0)
    if dropout >= 1:
        raise ValueError(f"dropout is {dropout}, expected a share from 0 to below 1.")
    return dropout


def _features(name: str, shape: tuple[int | None, ...], heads: int = 1) -> int:
    if len(shape) != 3 or shape[-1] is None:
        raise ValueError(
            f"{name} has the shape {tuple(shape)}, expected (batch, steps, features): a "
            "PositionalEmbedding gives that."
        )
    features: int = shape[-1]
    if features % heads:
        raise ValueError(
            f"{name} has {features} features and the block {heads} heads, expected a number of "
            f"heads that divides {features}: each head gets an equal share."
        )
    return features
