"""Writing with a causal transformer that keeps the keys and values of what it has read.

Later tokens never change what an earlier one gives, since the causal mask hides them from it. So
keys and values can be kept in a cache, and each new token costs one step, not a text.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import keras
import numpy as np
import tensorflow as tf
from keras import KerasTensor, ops
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import token_ids, whole_number
from tf2docs._checks import check_kind
from tf2docs.sampling import sample
from tf2docs.transformers import PositionalEmbedding, TransformerBlock

__all__ = ["Cache", "generate", "read_on"]

Cache: TypeAlias = list[tuple[KerasTensor, KerasTensor]]
"""What has been read: for each block keys and values, each `(batch, steps, heads, size)`."""

_MODEL = (
    "keras.Sequential([PositionalEmbedding(50, 8, length=20, mask_zero=False), "
    "TransformerBlock(2, 16, causal=True), LayerNormalization(), Dense(50)])"
)
_BY_STEP = (  # each step by itself, so they need no cache
    keras.layers.Activation,
    keras.layers.Dense,
    keras.layers.Dropout,
    keras.layers.LayerNormalization,
    keras.layers.RMSNormalization,
)


def read_on(
    model: keras.Sequential, ids: ArrayLike, cache: Cache | None = None
) -> tuple[KerasTensor, Cache]:
    """Read tokens after those in a cache, and return what comes next and the longer cache.

    The logits are those that the model would return for the whole text, but only the new tokens
    are computed.

    Args:
        model: A stack of layers: a `PositionalEmbedding` with `mask_zero=False`, blocks with
            `causal=True`, then layers that treat each step by itself, the last of which returns
            logits.
        ids: Tokens to read, of shape `(batch, steps)`, at least one step. A long beginning is read
            at once.
        cache: Keys and values of earlier tokens, as this function returned them; none by default.

    Returns:
        `logits, cache`: the logits of the token after the last, of shape `(batch, tokens)`, and
            for each block its keys and values, of shape `(batch, steps so far, heads, size)`.

    Raises:
        TypeError: `model` isn't sequential or has layers of another kind, or `ids` are no whole
            numbers.
        ValueError: A block isn't causal, token 0 is hidden as padding, `ids` isn't of shape
            `(batch, steps)`, the cache is of another model or batch, or the text would be longer
            than the model has positions.

    Examples:
        >>> from tf2docs.transformers import PositionalEmbedding, TransformerBlock
        >>> model = keras.Sequential([PositionalEmbedding(5, 8, length=9, mask_zero=False)])
        >>> model.add(TransformerBlock(2, 16, causal=True))
        >>> model.add(keras.layers.Dense(5))
        >>> whole = model(np.array([[1, 2, 4]]))[:, -1]
        >>> _, cache = read_on(model, [[1, 2]])
        >>> logits, cache = read_on(model, [[4]], cache)
        >>> np.allclose(logits, whole, atol=1e-6)
        True
    """
    embed, blocks = _checked_parts(model)
    tokens = token_ids(ids)  # (batch, steps)
    if cache is None:
        cache = [_nothing(block, len(tokens)) for block in blocks]
    _check_cache(cache, blocks, len(tokens))
    place = cache[0][0].shape[1] if cache else 0
    if place + tokens.shape[1] > embed.length:
        raise ValueError(
            f"{place} tokens have been read and {tokens.shape[1]} are to come, but the model has "
            f"{embed.length} positions: begin without a cache, with the last tokens of the text."
        )
    if tokens.shape[1] == 1:
        return _compiled(model)(tf.constant(tokens), cache)
    return _read(model.layers, tf.constant(tokens), cache)


def generate(
    model: keras.Sequential,
    ids: ArrayLike,
    length: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | np.random.Generator = 0,
) -> NDArray[np.int64]:
    """Write on: draw a token, read it into the cache, and draw the next.

    When all positions of the model are taken, the text's last tokens, half as many as there are
    positions, are read anew from the first position on. What came before is forgotten.

    Args:
        model: As in [`read_on`][tf2docs.gpt.read_on].
        ids: How some texts begin, of shape `(batch, steps)`.
        length: How many tokens to write.
        temperature: As in [`probabilities`][tf2docs.sampling.probabilities].
        top_k: As there.
        top_p: As there.
        seed: As in [`sample`][tf2docs.sampling.sample].

    Returns:
        What was written, without the beginnings, of shape `(batch, length)`.

    Raises:
        TypeError, ValueError: For the reasons that `read_on` and `sample` give.

    Examples:
        >>> from tf2docs.transformers import PositionalEmbedding, TransformerBlock
        >>> model = keras.Sequential([PositionalEmbedding(5, 8, length=9, mask_zero=False)])
        >>> model.add(TransformerBlock(2, 16, causal=True))
        >>> model.add(keras.layers.Dense(5))
        >>> generate(model, [[1, 2], [3, 4]], 20).shape
        (2, 20)
    """
    if not isinstance(seed, np.random.Generator):
        seed = np.random.default_rng(whole_number("seed", seed, least=0))
    positions = _checked_parts(model)[0].length
    text = token_ids(ids)  # (batch, steps)
    begun, cache = text.shape[1], None
    unread = text[:, -positions:]
    for _ in range(whole_number("length", length, least=1)):
        logits, cache = read_on(model, unread, cache)
        drawn = sample(logits, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
        text = np.column_stack([text, drawn])
        unread = text[:, -1:]
        if cache[0][0].shape[1] == positions:  # full
            unread, cache = text[:, -max(1, positions // 2) :], None
    return text[:, begun:]


def _read(
    layers: list[keras.Layer], tokens: KerasTensor, cache: Cache
) -> tuple[KerasTensor, Cache]:
    """Read some tokens of each text after those in the cache: (batch, steps)."""
    x, before, after = tokens, iter(cache), []
    place = ops.shape(cache[0][0])[1]  # the first step's
    for layer in layers:
        if isinstance(layer, PositionalEmbedding):
            x = _embed(layer, x, place)
        elif isinstance(layer, TransformerBlock):
            x, kept = _look_back(layer, x, *next(before))
            after.append(kept)
        else:
            x = layer(x)
    return x[:, -1], after


def _embed(layer: PositionalEmbedding, tokens: KerasTensor, place: KerasTensor) -> KerasTensor:
    """What the layer returns for tokens that begin at a place: (batch, steps, units)."""
    vectors = ops.take(layer.embeddings, tokens, axis=0)
    if layer.positions is not None:
        vectors = vectors + layer.table[place : place + ops.shape(tokens)[1]]
    return ops.cast(vectors * math.sqrt(layer.units), layer.compute_dtype)


def _look_back(
    block: TransformerBlock, inputs: KerasTensor, keys: KerasTensor, values: KerasTensor
) -> tuple[KerasTensor, tuple[KerasTensor, KerasTensor]]:
    """What the block returns for new steps, and the keys and values of all."""
    inputs = ops.cast(inputs, block.compute_dtype)
    read, attention = block.norm(inputs), block.attention
    query = attention.query_dense(read)  # (batch, steps, heads, size)
    keys = ops.concatenate([keys, attention.key_dense(read)], axis=1)
    values = ops.concatenate([values, attention.value_dense(read)], axis=1)
    steps, total = ops.shape(query)[1], ops.shape(keys)[1]
    own = ops.arange(total - steps, total)[:, np.newaxis]  # the places of the new steps
    seen = (ops.arange(total) <= own)[np.newaxis, np.newaxis]
    found = ops.nn.dot_product_attention(query, keys, values, mask=seen)
    inputs = inputs + attention.output_dense(found)
    return inputs + block.feed_forward(inputs), (keys, values)


def _nothing(block: TransformerBlock, batch: int) -> tuple[KerasTensor, KerasTensor]:
    """Keys and values of no token."""
    [*_, heads, size] = block.attention.key_dense.bias.shape
    empty = ops.zeros((batch, 0, heads, size), dtype=block.compute_dtype)
    return empty, empty


@lru_cache(4)
def _compiled(model: keras.Sequential) -> Callable[[tf.Tensor, Cache], tuple[tf.Tensor, Cache]]:
    """One step as a graph: it is called often, and consists of small ops."""
    layers = model.layers

    def step(tokens: tf.Tensor, cache: Cache) -> tuple[tf.Tensor, Cache]:
        return _read(layers, tokens, cache)

    compiled: Callable[[tf.Tensor, Cache], tuple[tf.Tensor, Cache]]
    compiled = tf.function(step, reduce_retracing=True)
    return compiled


def _checked_parts(model: keras.Sequential) -> tuple[PositionalEmbedding, list[TransformerBlock]]:
    """The first layer and the blocks, if the model can be read with a cache."""
    check_kind("model", model, keras.Sequential, _MODEL)
    embed, *others = model.layers or [None]
    check_kind("the first layer", embed, PositionalEmbedding, _MODEL)
    if embed.mask_zero:
        raise ValueError(
            f"the layer {embed.name} hides token 0 as padding, but a cache hides nothing: make it "
            "with mask_zero=False, and read texts of equal length together."
        )
    blocks = [layer for layer in others if isinstance(layer, TransformerBlock)]
    for layer in others:
        if not isinstance(layer, (TransformerBlock, *_BY_STEP)):
            raise TypeError(
                f"the layer {layer.name}, a {type(layer).__name__}, may look at other steps, but "
                f"only blocks have a cache: make the model of such layers as {_MODEL}."
            )
    for block in blocks:
        if not block.causal:
            raise ValueError(
                f"the block {block.name} sees later tokens, which aren't written yet: make it "
                "with causal=True, and train it so."
            )
    if not blocks:
        raise ValueError(f"the model has no block to look back: make it as {_MODEL}.")
    if not model.built:
        model.build((None, None))
    return embed, blocks


def _check_cache(cache: Cache, blocks: list[TransformerBlock], batch: int) -> None:
    if len(cache) != len(blocks):
        raise ValueError(
            f"the cache is of {len(cache)} blocks, expected {len(blocks)}: hand over what read_on "
            "returned for this model."
        )
    for (keys, values), block in zip(cache, blocks, strict=True):
        [*_, heads, size] = block.attention.key_dense.bias.shape
        for name, kept in (("keys", keys), ("values", values)):
            shape = tuple(kept.shape)
            if (shape[0], *shape[2:]) != (batch, heads, size):
                raise ValueError(
                    f"the cache has {name} of shape {shape}, expected ({batch}, steps, {heads}, "
                    f"{size}): hand over what read_on returned for this model and these texts."
                )
