"""Load reviews that say whether something was good or bad."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.choosing import Split, divide_apart, letters
from tf2docs.datasets.obtaining import obtain
from tf2docs.datasets.table import REVIEWS

__all__ = ["load_reviews"]


def load_reviews(*, language: str = "en") -> tuple[Split, Split]:
    """Load short reviews in English or Chinese, each good or bad.

    In English these are 10,662 sentences of film reviews, half of them good, in small letters and
    with spaces around punctuation, as published. In Chinese these are 11,987 reviews of food
    deliveries, 4,000 of them good, in simplified characters but for 48 with traditional ones, which
    stay as they are. They are looked for where [`load_mnist`][tf2docs.datasets.load_mnist]
    looks, as `rt-polarity.pos` and `rt-polarity.neg`, or as `waimai_10k.csv`, and verified by the
    SHA-256 of each file.

    Short reviews repeat, and what a model has learned by heart is no test of it. Reviews with the
    same letters, whatever the punctuation, are therefore kept in the same part. 2 sentences in
    English and 70 reviews in Chinese repeat an earlier one; 19 texts in Chinese are a good review
    once and a bad one elsewhere.

    Args:
        language: `en` or `zh`.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: texts, `object` that holds strings, and labels
            `int64`, 1 good, 0 bad. Of shape `(8530,)` and `(2132,)` in English, `(9587,)` and
            `(2400,)` in Chinese. The split is always the same, in an order that was drawn, and
            both classes have their share in both parts.

    Raises:
        ValueError: There are no reviews in that language.
        DatasetNotFoundError: The reviews are in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under their
            name.

    Warns:
        StandInWarning: The reviews are those of a stand-in, put together and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Pang, Lee: Seeing stars: Exploiting class relationships for sentiment categorization with
        respect to rating scales (2005). SophonPlus: ChineseNlpCorpus, waimai_10k. Neither states a
        licence.
    """
    if language not in REVIEWS:
        raise ValueError(f"language is {language!r}, expected {' or '.join(map(repr, REVIEWS))}.")
    read = obtain(REVIEWS[language])
    texts, labels = _joined(**read) if language == "en" else (read["review"], read["label"])
    train, test = divide_apart([letters(text) for text in texts], labels)
    return (texts[train], labels[train]), (texts[test], labels[test])


def _joined(good: NDArray[Any], bad: NDArray[Any]) -> Split:
    """One array of both kinds of sentences, without the spaces and the end of their lines."""
    labels = np.repeat([1, 0], [len(good), len(bad)])
    texts = np.array([line.strip() for line in (*good, *bad)], object)
    return texts[texts != ""], labels[texts != ""]
