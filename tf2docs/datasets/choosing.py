"""Choose some examples of a data set, and scale its values."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Split", "divide", "divide_apart", "letters", "prefix", "scaled_images", "scaled_rows"]

Split: TypeAlias = tuple[NDArray[Any], NDArray[Any]]
"""Examples, their first axis being `examples`, and the label of each, of shape `(examples,)`."""


def prefix(split: Split, examples: int) -> Split:
    """Keep the first examples of each class, so many that every class keeps its share.

    A larger prefix holds every smaller one: examples are ranked by how large a share of their class
    comes before them (the Sainte-Laguë method of handing out seats).

    Args:
        split: Examples and labels.
        examples: How many to keep.

    Returns:
        So many examples in their old order, with their labels.

    Examples:
        >>> labels = np.array([7, 7, 7, 7, 8, 8])
        >>> prefix((np.arange(6), labels), 3)
        (array([0, 1, 4]), array([7, 7, 8]))
    """
    inputs, labels = split
    _, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    by_class = np.argsort(classes, kind="stable")
    earlier = np.empty(len(labels), np.int64)  # how many of its own class come before each example
    earlier[by_class] = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = (earlier + 0.5) / counts[classes]
    chosen = np.sort(np.argsort(share, kind="stable")[:examples])
    return inputs[chosen], labels[chosen]


def divide(
    labels: NDArray[Any], tests: int, *, stratified: bool = True
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Divide rows into a training and a test part, always in the same way.

    Args:
        labels: The class of each row, of shape `(rows,)`.
        tests: How many rows are for testing.
        stratified: Whether each class has its share in both parts.

    Returns:
        The numbers of the rows of each part, in an order that is drawn once and for all.

    Examples:
        >>> train, test = divide(np.array([7, 7, 7, 7, 8, 8, 8, 8]), 2)
        >>> len(train), test // 4
        (6, array([1, 0]))
    """
    from sklearn.model_selection import train_test_split

    train, test = train_test_split(
        np.arange(len(labels)),
        test_size=tests,
        stratify=labels if stratified else None,
        random_state=0,
    )
    return train, test


def divide_apart(
    alike: Sequence[str | int], labels: NDArray[Any] | None = None, share: float = 0.2
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Divide rows into two parts so that no part has a row that is like one of the other.

    Args:
        alike: A key for each row. Rows with the same key are kept together.
        labels: The class of each row, of shape `(rows,)`. Each class then has its share in both
            parts.
        share: How large a share of the keys is for testing.

    Returns:
        The numbers of the rows of each part, in an order that is drawn once and for all.

    Examples:
        >>> divide_apart(["a", "b", "a", "c", "a"], share=1 / 3)
        (array([1, 0, 2, 4]), array([3]))
    """
    _, first, key_of_row = np.unique(
        np.array(alike, object), return_index=True, return_inverse=True
    )
    classes = first if labels is None else labels[first]
    train, test = divide(classes, round(len(first) * share), stratified=labels is not None)
    rank = np.empty_like(first)
    rank[[*train, *test]] = np.arange(len(first))
    rank_of_row = rank[key_of_row]
    order = np.argsort(rank_of_row, kind="stable")
    trains = np.count_nonzero(rank_of_row < len(train))
    return order[:trains], order[trains:]


def letters(text: str) -> str:
    """The letters, characters and digits of a text, in small letters.

    Texts that differ in nothing else are alike.

    Examples:
        >>> letters("Not bad, 不错！")
        'notbad不错'
    """
    return re.sub(r"\W", "", text.lower())


def scaled_images(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Scale pixels from 0 to 255 to 0.0 to 1.0, as a network learns best from."""
    return np.divide(images, np.float32(255), dtype=np.float32)


def scaled_rows(
    train: NDArray[np.float32], test: NDArray[np.float32]
) -> tuple[NDArray[np.float32], ...]:
    """Scale each feature to mean 0 and standard deviation 1 of the training part.

    Only that part may be looked at.
    """
    mean, deviation = train.mean(axis=0, dtype=np.float64), train.std(axis=0, dtype=np.float64)
    return tuple(((part - mean) / deviation).astype(np.float32) for part in (train, test))
