"""Texts made ready for a model: Chinese cut into words, words paired with their neighbours."""

import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import whole_number

__all__ = ["most_similar", "segment", "skipgrams"]

_TINY = 1e-12  # in place of a length of 0


def segment(texts: Iterable[str]) -> NDArray[Any]:
    """Cut Chinese texts into words by `jieba`, with a space between any two.

    What splits at spaces, such as `keras.layers.TextVectorization` or scikit-learn's vectorizers,
    then sees words. Punctuation stands by itself; Latin words and numbers stay whole. The package
    `jieba`, which the extra `texts` installs, reads its dictionary once a process, in a second or
    two. It would keep a copy in the folder for temporary files, which is everybody's, and load what
    it finds there; here nothing is written, and nothing is loaded from there.

    Args:
        texts: Strings, any number of them.

    Returns:
        The texts with their words apart, `object` that holds strings, of shape `(texts,)`.

    Raises:
        ModuleNotFoundError: `jieba` isn't installed.
        TypeError: `texts` is one string, or holds something else than strings.

    Examples:
        >>> segment(["味道很好，送餐很快", "不好吃"]).tolist()
        ['味道 很 好 ， 送餐 很快', '不 好吃']
    """
    texts = _strings(texts)
    cut = _tokenizer().cut
    words = [" ".join(word for word in cut(text) if word.strip()) for text in texts]
    return np.array(words, object)


def skipgrams(
    sequences: Iterable[ArrayLike],
    *,
    window_size: int = 4,
    sampling_table: ArrayLike | None = None,
    seed: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair each word with the words near it, which is what a skip-gram model is trained on.

    Args:
        sequences: Texts as indices, one list a text. No pair reaches from one text into another.
        window_size: How far apart the words of a pair are at most: 1 for direct neighbours.
        sampling_table: For each index the probability that a word of that index is kept, of shape
            `(vocabulary,)`. The others are taken out before windows are laid, as word2vec does it,
            so that words move together across the gaps. By default, all are kept.
        seed: Which words are kept: the same seed keeps the same ones.

    Returns:
        `centers, contexts`, each of shape `(pairs,)`. Every pair is there in both directions.

    Raises:
        ValueError: A text isn't one list of indices, an index is negative or beyond the table, or
            the table holds something else than probabilities.
        TypeError: An index or an argument is no whole number.

    Examples:
        >>> centers, contexts = skipgrams([[5, 6, 7], [8, 9]], window_size=1)
        >>> sorted(zip(centers.tolist(), contexts.tolist()))
        [(5, 6), (6, 5), (6, 7), (7, 6), (8, 9), (9, 8)]

    References:
        Mikolov, Sutskever, Chen, Corrado, Dean: Distributed representations of words and phrases
        and their compositionality (2013).
    """
    window_size = whole_number("window_size", window_size, least=1)
    words, texts = _strung_together(sequences)
    if sampling_table is not None:
        kept = _drawn(words, np.asarray(sampling_table), seed)
        words, texts = words[kept], texts[kept]
    centers, contexts = [words[:0]], [words[:0]]
    for distance in range(1, window_size + 1):
        together = texts[distance:] == texts[:-distance]
        left, right = words[:-distance][together], words[distance:][together]
        centers += [left, right]
        contexts += [right, left]
    return np.concatenate(centers), np.concatenate(contexts)


def most_similar(
    vectors: ArrayLike,
    vocabulary: Sequence[str],
    positive: str | Iterable[str],
    negative: Iterable[str] = (),
    *,
    topn: int = 10,
) -> list[tuple[str, float]]:
    """Find the words whose vectors point most nearly the same way.

    Vectors are compared by the cosine of the angle between them, so their lengths don't count. With
    several words, what is looked for is the sum of their vectors, each made 1 long first, minus
    those of `negative`: "king" and "woman" without "man", say. The words that were given are left
    out.

    Args:
        vectors: A row of numbers for each word, of shape `(vocabulary, size)`.
        vocabulary: The words, in the order of the rows.
        positive: A word, or several.
        negative: Words whose vectors are subtracted.
        topn: How many words to find.

    Returns:
        The words and their cosines, from the most similar on; fewer than `topn` if there are fewer.

    Raises:
        KeyError: A word isn't in the vocabulary.
        ValueError: There isn't one vector for each word.

    Examples:
        >>> vectors = [[1.0, 0.0], [3.0, 4.0], [0.0, 5.0]]
        >>> most_similar(vectors, ["east", "northeast", "north"], "north", topn=1)
        [('northeast', 0.8)]
    """
    topn = whole_number("topn", topn, least=1)
    units = _of_length_one(vectors, vocabulary)
    places = {word: place for place, word in enumerate(vocabulary)}
    added = [_place_of(word, places) for word in _listed(positive)]
    subtracted = [_place_of(word, places) for word in _listed(negative)]
    direction = units[added].sum(axis=0) - units[subtracted].sum(axis=0)
    cosines = units @ direction / max(np.linalg.norm(direction), _TINY)
    order = np.argsort(-cosines, kind="stable")
    found = order[~np.isin(order, added + subtracted)][:topn]
    return [(vocabulary[place], round(float(cosines[place]), 6)) for place in found]


def _strings(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise TypeError(f"texts is the string {texts[:20]!r}, expected several: put it in a list.")
    listed = list(texts)
    for number, text in enumerate(listed):
        if not isinstance(text, str):
            raise TypeError(f"texts[{number}] is {text!r}, expected a string.")
    return listed


@lru_cache(1)
def _tokenizer() -> Any:  # jieba has no types
    """What cuts, with the dictionary that comes with the package."""
    tokenizer = _jieba().Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True  # otherwise it would look for its copy, or write one
    return tokenizer


def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old escapes in its source, and of pkg_resources
        try:
            return import_module("jieba")
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                "segment needs the package jieba, which isn't installed. Install it with "
                '`pip install jieba`, or with `pip install "tf2docs[texts]"`.',
                name="jieba",
            ) from error


def _strung_together(sequences: Iterable[ArrayLike]) -> tuple[NDArray[Any], NDArray[Any]]:
    """All words of all texts in a row, and which text each is of."""
    listed = [_indices(number, text) for number, text in enumerate(sequences)]
    texts = np.repeat(np.arange(len(listed)), [len(text) for text in listed])
    return np.concatenate([np.zeros(0, np.int64), *listed]), texts


def _indices(number: int, text: ArrayLike) -> NDArray[np.int64]:
    indices = np.asarray(text)
    if indices.ndim != 1:
        raise ValueError(
            f"sequences[{number}] has the shape {indices.shape}, expected one list of indices a "
            "text, such as [[5, 6, 7], [8, 9]]."
        )
    if indices.size and indices.dtype.kind not in "iu":
        raise TypeError(
            f"sequences[{number}] holds {indices.dtype}, expected whole numbers. A "
            "keras.layers.TextVectorization turns words into indices."
        )
    if indices.size and indices.min() < 0:
        raise ValueError(f"sequences[{number}] holds {indices.min()}, expected indices from 0 on.")
    return indices.astype(np.int64)


def _drawn(words: NDArray[Any], table: NDArray[Any], seed: int) -> NDArray[np.bool_]:
    """Which words the table keeps, drawn by chance."""
    if table.ndim != 1 or not np.all((table >= 0) & (table <= 1)):
        raise ValueError(
            f"sampling_table has the shape {table.shape} and goes from {np.min(table)} to "
            f"{np.max(table)}, expected a probability from 0 to 1 for each index."
        )
    if words.size and words.max() >= len(table):
        raise ValueError(
            f"sampling_table has {len(table)} probabilities, expected one for each index up to "
            f"{words.max()}."
        )
    return np.random.default_rng(seed).random(len(words)) < table[words]


def _of_length_one(vectors: ArrayLike, vocabulary: Sequence[str]) -> NDArray[Any]:
    rows = np.asarray(vectors, np.float64)
    if rows.ndim != 2 or len(rows) != len(vocabulary):
        raise ValueError(
            f"vectors have the shape {rows.shape}, expected ({len(vocabulary)}, size): a row for "
            "each word of the vocabulary."
        )
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)


def _listed(words: str | Iterable[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)


def _place_of(word: str, places: dict[str, int]) -> int:
    if word not in places:
        raise KeyError(
            f"{word!r} isn't among the {len(places)} words of the vocabulary, expected one that is."
        )
    return places[word]
