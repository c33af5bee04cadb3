"""From a model's logits to a whole sequence: greedy, or by beam search.

Both ask the model for one token at a time through a function `step`, so they serve any model that
predicts the next token: recurrent networks that hand on a state, and transformers that hand on a
cache or the tokens so far.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import real_number, whole_number

__all__ = ["Hypothesis", "Step", "beam_search", "greedy"]

Step: TypeAlias = Callable[[NDArray[Any], Any], tuple[Any, Any]]  # Any: a nest, and tensors
"""Reads one token of each sequence.

It takes tokens of shape `(rows,)` and states, and returns logits of the next token, of shape
`(rows, tokens)`, and the states after it. States are tensors whose first axis has the rows, or
lists, tuples and dictionaries of such tensors, or `None`.
"""


class Hypothesis(NamedTuple):
    """A sequence that beam search has found, without start and end.

    Attributes:
        tokens: Its tokens, of shape `(length,)`.
        log_probability: The sum of the logarithms of their probabilities, that of the end included.
        score: What it was ranked by: the sum, divided by a power of the number of tokens.
    """

    tokens: NDArray[np.int64]
    log_probability: float
    score: float


def greedy(
    step: Step, start: ArrayLike, states: Any = None, *, end: int, length: int
) -> list[NDArray[np.int64]]:
    """Take the likeliest token each time, until the end or up to a length.

    Args:
        step: Reads one token of each sequence, as [`Step`][tf2docs.decoding.Step] says.
        start: What each sequence begins with, of shape `(batch,)`.
        states: What `step` is given with the first tokens.
        end: The token that ends a sequence.
        length: How many tokens a sequence has at most, the end included.

    Returns:
        For each sequence its tokens, without start and end.

    Raises:
        TypeError, ValueError: An argument, or what `step` returns, is of another form.

    Examples:
        >>> def count_up(tokens, states):  # after 0 comes 1, after 1 comes 2, …
        ...     return np.eye(5)[(tokens + 1) % 5], states
        >>> greedy(count_up, [0, 2], end=4, length=9)
        [array([1, 2, 3]), array([3])]
    """
    tokens, (end, length) = _first(start), _limits(end, length)
    written = np.zeros((len(tokens), 0), np.int64)
    while written.shape[1] < length and not (written == end).any(axis=1).all():
        logits, states = step(tokens, states)
        tokens = _log_softmax(logits, np.ones(len(tokens), bool)).argmax(axis=1)
        written = np.hstack([written, tokens[:, np.newaxis]])  # (batch, so far)
    return [_up_to(end, row) for row in written]


def beam_search(
    step: Step,
    start: ArrayLike,
    states: Any = None,
    *,
    end: int,
    length: int,
    width: int = 4,
    length_penalty: float = 1.0,
) -> list[list[Hypothesis]]:
    """Keep the best few beginnings of each sequence, and go on from all of them.

    After each step, the `width` likeliest continuations of all beginnings are kept. One that has
    ended keeps its place, so that with a width of 1 the result is that of
    [`greedy`][tf2docs.decoding.greedy]. In the end, the hypotheses are ranked by the logarithm of
    their probability, divided by their number of tokens (the end is one) to the power of
    `length_penalty`.

    Args:
        step: Reads one token of each row, as [`Step`][tf2docs.decoding.Step] says. It is called
            with `batch * width` rows.
        start: What each sequence begins with, of shape `(batch,)`.
        states: What `step` is given with the first tokens, for `batch` rows; it is repeated.
        end: The token that ends a sequence.
        length: How many tokens a sequence has at most, the end included. One that reaches it
            without an end counts as it is.
        width: How many hypotheses are kept.
        length_penalty: 0 ranks by the probability, which favours short sequences; 1 by the mean for
            each token; above 1 long ones are favoured.

    Returns:
        For each sequence its hypotheses, the best first: `width` of them, or fewer if there are no
            more.

    Raises:
        TypeError, ValueError: An argument, or what `step` returns, is of another form.

    References:
        Graves (2012), Sequence Transduction with Recurrent Neural Networks; Wu and others (2016),
        Google's Neural Machine Translation System (length normalisation).

    Examples:
        >>> chances = np.array([[0, 0.6, 0.4, 0], [0, 0.3, 0.3, 0.4], [0, 0, 0, 1], [0, 0, 0, 1]])
        >>> def step(tokens, states):
        ...     return np.log(chances[tokens] + 1e-9), states
        >>> greedy(step, [0], end=3, length=4)  # 0.6 * 0.4 = 0.24
        [array([1])]
        >>> [found] = beam_search(step, [0], end=3, length=4, width=2, length_penalty=0)
        >>> [(best.tokens.tolist(), f"{np.exp(best.log_probability):.2f}") for best in found]
        [([2], '0.40'), ([1], '0.24')]
    """
    first, (end, length) = _first(start), _limits(end, length)
    width = whole_number("width", width, least=1)
    power = real_number("length_penalty", length_penalty)
    batch = len(first)
    rows = np.repeat(np.arange(batch), width)
    tokens, states = first[rows], _rows_of(states, rows)
    written = np.zeros((batch, width, 0), np.int64)
    totals = np.full((batch, width), -np.inf)  # of what has ended and of empty places
    totals[:, 0] = 0  # all begin with the same
    found: list[list[Hypothesis]] = [[] for _ in range(batch)]
    for _ in range(length):
        logits, states = step(tokens, states)
        chances = _log_softmax(logits, np.isfinite(totals).ravel())
        totals, parents, new = _best(totals, chances.reshape(batch, width, -1))
        written = np.take_along_axis(written, parents[..., np.newaxis], axis=1)
        written = np.concatenate([written, new[..., np.newaxis]], axis=2)
        for example, ended in enumerate(found):  # what has ended keeps its place
            totals[example, width - len(ended) :] = -np.inf
        _move_ended(written, totals, found, end, power)
        if not np.isfinite(totals).any():
            break
        tokens = new.ravel()
        states = _rows_of(states, (np.arange(batch)[:, np.newaxis] * width + parents).ravel())
    _move_ended(written, totals, found, None, power)
    return [sorted(each, key=lambda one: -one.score) for each in found]


def _best(
    totals: NDArray[np.float64], chances: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Choose the likeliest continuations: their sums, from which beginning, by which token."""
    batch, width, size = chances.shape
    candidates = (totals[..., np.newaxis] + chances).reshape(batch, width * size)
    examples, chosen = np.arange(batch), []
    best = np.full((batch, width), -np.inf)
    for place in range(width):  # one by one, so that of equals the first comes first
        chosen.append(candidates.argmax(axis=1))
        best[:, place] = candidates[examples, chosen[-1]]
        candidates[examples, chosen[-1]] = -np.inf
    parents, new = np.divmod(np.stack(chosen, axis=1), size)
    return best, parents, new


def _move_ended(
    written: NDArray[np.int64],
    totals: NDArray[np.float64],
    found: list[list[Hypothesis]],
    end: int | None,
    power: float,
) -> None:
    """Move hypotheses that have ended to those found; all of them if there is no more to come."""
    moved = np.isfinite(totals)
    if end is not None:
        moved &= written[..., -1] == end
    for example, place in zip(*np.nonzero(moved), strict=True):
        tokens, total = written[example, place], float(totals[example, place])
        shown = tokens if end is None else tokens[:-1]
        found[example].append(Hypothesis(shown, total, total / len(tokens) ** power))
    totals[moved] = -np.inf


def _log_softmax(logits: ArrayLike, asked: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Logarithms of probabilities, of shape `(rows, tokens)`; rows not asked for don't matter."""
    scores: NDArray[np.float64] = keras.ops.convert_to_numpy(logits).astype(np.float64)
    if scores.ndim != 2 or len(scores) != len(asked):
        raise ValueError(
            f"step returned logits of shape {scores.shape}, expected ({len(asked)}, tokens): a row "
            "for each token that it is given."
        )
    highest = scores.max(axis=1, keepdims=True)
    if not np.isfinite(highest[asked]).all():
        raise ValueError(
            "step returned logits with NaN or plus infinity, or with nothing but minus infinity: "
            "no token can be chosen. Did training end in NaN?"
        )
    highest[~asked] = 0
    scores -= highest
    with np.errstate(all="ignore"):  # rows that nobody asks for
        scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    scores[~asked] = -np.inf
    return scores


def _rows_of(states: Any, rows: NDArray[np.int64]) -> Any:
    """Choose rows of each state."""
    return keras.tree.map_structure(
        lambda state: None if state is None else keras.ops.take(state, rows, axis=0), states
    )


def _up_to(end: int, row: NDArray[np.int64]) -> NDArray[np.int64]:
    """The tokens before the end, if there is one."""
    [places] = np.nonzero(row == end)
    return row[: places[0]] if len(places) else row


def _first(start: ArrayLike) -> NDArray[np.int64]:
    tokens: NDArray[Any] = keras.ops.convert_to_numpy(start)
    if tokens.ndim != 1 or len(tokens) == 0:
        raise ValueError(
            f"start has the shape {tokens.shape}, expected (batch,): one token for each sequence."
        )
    if tokens.dtype.kind not in "iu":
        raise TypeError(f"start is of type {tokens.dtype}, expected whole numbers.")
    return tokens.astype(np.int64)


def _limits(end: int, length: int) -> tuple[int, int]:
    return whole_number("end", end, least=0), whole_number("length", length, least=1)
