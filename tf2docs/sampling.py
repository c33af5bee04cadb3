"""Writing with a language model: draw a token from its logits, read it, and draw the next.

A recurrent network remembers what it has read in its states. So each new token costs one step, and
the text is never read again from its beginning.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

import keras
import numpy as np
import tensorflow as tf
from keras import KerasTensor
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import real_number, token_ids, whole_number
from tf2docs._checks import check_kind

__all__ = ["States", "generate", "probabilities", "read_on", "sample"]

States: TypeAlias = list[list[KerasTensor]]
"""What recurrent layers have kept: for each layer its states, each of shape `(batch, units)`."""

_MODEL = "keras.Sequential([Embedding(50, 8), GRU(16, return_sequences=True), Dense(50)])"


def probabilities(
    logits: ArrayLike,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> NDArray[np.float64]:
    """Turn logits into the probabilities that the next token is drawn with.

    The temperature comes first, then top-k, then top-p.

    Args:
        logits: A score for each token, of shape `(…, tokens)`. A token whose logit is minus
            infinity is never drawn.
        temperature: What the logits are divided by before the softmax. Below 1, likely tokens
            become likelier; above 1, they become less so. At 0 the likeliest gets all (greedy).
        top_k: Keep this many of the likeliest tokens; all of them by default.
        top_p: Keep the likeliest tokens that together have this probability, and no more than it
            takes (nucleus sampling); all of them by default.

    Returns:
        Probabilities, of the shape of `logits`.

    Raises:
        ValueError: An argument is out of range, or there is a row of logits from which nothing can
            be drawn.
        TypeError: An argument is no number.

    References:
        Holtzman et al. (2020), The Curious Case of Neural Text Degeneration (top-p).

    Examples:
        >>> probabilities([2.0, 1.0, 0.0]).round(2)
        array([0.67, 0.24, 0.09])
        >>> probabilities([2.0, 1.0, 0.0], temperature=0.5, top_k=2).round(2)
        array([0.88, 0.12, 0.  ])
        >>> probabilities([2.0, 1.0, 0.0], top_p=0.5)
        array([1., 0., 0.])
    """
    scores = _checked_logits(logits)  # (…, tokens)
    temperature = real_number("temperature", temperature, least=0)
    order = np.argsort(-scores, axis=-1, kind="stable")
    ranks = np.argsort(order, axis=-1)  # 0 for the likeliest
    if temperature == 0:
        greedy: NDArray[np.float64] = (ranks == 0).astype(np.float64)
        return greedy
    below = scores - scores.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # at a very low temperature all but one are 0
        chances: NDArray[np.float64] = np.exp(below / temperature)
    if top_k is not None:
        chances[ranks >= whole_number("top_k", top_k, least=1)] = 0
    chances /= chances.sum(axis=-1, keepdims=True)
    if top_p is not None:
        ordered = np.take_along_axis(chances, order, axis=-1)
        likelier = np.cumsum(ordered, axis=-1) - ordered  # what comes before each
        kept = likelier < _share("top_p", top_p)
        chances *= np.take_along_axis(kept, ranks, axis=-1)
        chances /= chances.sum(axis=-1, keepdims=True)
    return chances


def sample(
    logits: ArrayLike,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int | np.random.Generator = 0,
) -> NDArray[np.int64]:
    """Draw a token for each row of logits.

    Args:
        logits: A score for each token, of shape `(…, tokens)`.
        temperature: As in [`probabilities`][tf2docs.sampling.probabilities].
        top_k: As there.
        top_p: As there.
        seed: A number, or NumPy's generator, which goes on where it stands. Equal seeds draw
            equal tokens.

    Returns:
        Ids from 0 to `tokens - 1`, of shape `(…)`.

    Raises:
        ValueError: For the reasons that `probabilities` gives.
        TypeError: An argument is of another kind.

    Examples:
        >>> sample([[9.0, 0.0, 0.0], [0.0, 0.0, 9.0]], temperature=0.1)
        array([0, 2])
    """
    random = _generator(seed)
    chances = probabilities(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    rows = chances.reshape(-1, chances.shape[-1])
    ids = [random.choice(len(row), p=row) for row in rows]
    return np.array(ids, np.int64).reshape(chances.shape[:-1])


def read_on(
    model: keras.Sequential, ids: ArrayLike, states: States | None = None
) -> tuple[keras.KerasTensor, States]:
    """Read tokens one by one, and return what comes next and what the model remembers.

    Args:
        model: A stack of layers, in the order of their calls: embeddings, then recurrent layers
            that return sequences, then what makes logits of each step.
        ids: Tokens to read, of shape `(batch, steps)`, at least one step.
        states: What the model remembers of earlier tokens, as this function returned it; nothing
            by default.

    Returns:
        `logits, states`: the logits of the token after the last, of shape `(batch, tokens)`, and
            for each recurrent layer the list of its states.

    Raises:
        TypeError: `model` is no sequential model, or has a layer that reads both ways.
        ValueError: `ids` isn't of shape `(batch, steps)`.

    Examples:
        >>> model = keras.Sequential([keras.layers.Embedding(5, 3)])
        >>> model.add(keras.layers.GRU(4, return_sequences=True))
        >>> model.add(keras.layers.Dense(5))
        >>> both, _ = read_on(model, [[1, 2]])
        >>> _, states = read_on(model, [[1]])
        >>> second, _ = read_on(model, [[2]], states)
        >>> bool(keras.ops.all(both == second))
        True
    """
    layers = _checked_layers(model)
    tokens = token_ids(ids)  # (batch, steps)
    if states is None:
        recurrent = [layer for layer in layers if isinstance(layer, keras.layers.RNN)]
        states = [layer.get_initial_state(len(tokens)) for layer in recurrent]
    for each in tokens.T:  # (batch,)
        logits, states = _step(layers, each, states)
    return logits, states


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
    """Write on: draw a token, let the model read it, and draw the next.

    Args:
        model: As in [`read_on`][tf2docs.sampling.read_on].
        ids: How some texts begin, of shape `(batch, steps)`.
        length: How many tokens to write.
        temperature: As in [`probabilities`][tf2docs.sampling.probabilities].
        top_k: As there.
        top_p: As there.
        seed: As in [`sample`][tf2docs.sampling.sample].

    Returns:
        What was written, without the beginnings, of shape `(batch, length)`.

    Raises:
        TypeError, ValueError: For the reasons that the functions above give.

    Examples:
        >>> model = keras.Sequential([keras.layers.Embedding(5, 3)])
        >>> model.add(keras.layers.GRU(4, return_sequences=True))
        >>> model.add(keras.layers.Dense(5))
        >>> generate(model, [[1, 2], [3, 4]], 7).shape
        (2, 7)
    """
    random, written = _generator(seed), []
    length = whole_number("length", length, least=1)
    logits, states = read_on(model, ids)
    step = _compiled_step(model)
    for _ in range(length):
        drawn = sample(logits, temperature=temperature, top_k=top_k, top_p=top_p, seed=random)
        written.append(drawn)  # (batch,)
        logits, states = step(tf.constant(drawn), states)
    return np.stack(written, axis=1)


def _step(
    layers: list[keras.Layer], ids: ArrayLike, states: States
) -> tuple[keras.KerasTensor, States]:
    """Read one token of each text: ids of shape `(batch,)`."""
    values, before, after = ids, iter(states), []
    for layer in layers:
        if isinstance(layer, keras.layers.RNN):
            values, state = layer.cell(values, next(before))
            after.append(list(state))
        else:
            values = layer(values)
    return values, after


@lru_cache(4)
def _compiled_step(
    model: keras.Sequential,
) -> Callable[[tf.Tensor, States], tuple[tf.Tensor, States]]:
    """One step as a graph: it is called often, and consists of small ops."""
    layers = _checked_layers(model)

    def step(ids: tf.Tensor, states: States) -> tuple[tf.Tensor, States]:
        return _step(layers, ids, states)

    compiled: Callable[[tf.Tensor, States], tuple[tf.Tensor, States]]
    compiled = tf.function(step, reduce_retracing=True)
    return compiled


def _checked_logits(logits: ArrayLike) -> NDArray[np.float64]:
    """Logits as numbers in double precision, if something can be drawn from each row."""
    scores = np.asarray(logits)
    if scores.dtype.kind not in "iuf":
        raise TypeError(f"logits are of type {scores.dtype}, expected numbers.")
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(f"logits have the shape {scores.shape}, expected (…, tokens).")
    highest = scores.max(axis=-1)
    if not np.isfinite(highest).all():
        raise ValueError(
            "logits have a row with NaN, with plus infinity, or with nothing but minus infinity: "
            "no token can be drawn from it. Did training end in NaN?"
        )
    return scores.astype(np.float64)


def _share(name: str, value: float) -> float:
    share = real_number(name, value)
    if not 0 < share <= 1:
        raise ValueError(f"{name} is {share}, expected a share above 0 and at most 1.")
    return share


def _generator(seed: int | np.random.Generator) -> np.random.Generator:
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(whole_number("seed", seed, least=0))


def _checked_layers(model: keras.Sequential) -> list[keras.Layer]:
    check_kind("model", model, keras.Sequential, _MODEL)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Bidirectional):
            raise TypeError(
                f"the layer {layer.name} reads its inputs from both ends, but what comes next "
                "isn't written yet: use a recurrent layer that reads one way, such as GRU."
            )
    return list(model.layers)
