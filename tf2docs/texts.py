"""Texts made ready for a model: Chinese cut into words."""

import warnings
from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["segment"]


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
