"""The data sets that come with scikit-learn.

There is nothing to download, and nothing that can fail.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.choosing import Split, divide, scaled_images, scaled_rows

__all__ = ["load_breast_cancer", "load_diabetes", "load_digits", "load_iris", "load_wine"]


def load_digits(*, scaled: bool = False) -> tuple[Split, Split]:
    """Load the 1,797 small digits that come with scikit-learn, in MNIST's form.

    They need no file and no network. Each was 8×8 with values 0 to 16 and is enlarged smoothly to
    24×24 with a margin of two, so code written for MNIST runs on them unchanged; accuracies are not
    MNIST's.

    Args:
        scaled: Return `float32` images from 0.0 to 1.0.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all `uint8`: images of shape `(1500, 28, 28)` and
            `(297, 28, 28)`, from 0 (background) to 255 (ink), and their labels, 0 to 9, of shape
            `(1500,)` and `(297,)`. The split is always the same, and each digit has its share in
            both parts.

    Examples:
        >>> (x_train, y_train), (x_test, y_test) = load_digits()
        >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape
        ((1500, 28, 28), (1500,), (297, 28, 28), (297,))
        >>> x_train.dtype, int(x_train.min()), int(x_train.max())
        (dtype('uint8'), 0, 255)

    References:
        Alpaydin, Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning Repository
        (1998).
    """
    from sklearn.datasets import load_digits as load_published

    published = load_published()
    train, test = _split(
        _enlarge(published.images), published.target.astype(np.uint8), 297, stratified=True
    )
    if scaled:
        train, test = ((scaled_images(images), labels) for images, labels in (train, test))
    return train, test


def load_iris(*, scaled: bool = False) -> tuple[Split, Split]:
    """Load Fisher's irises: 150 flowers of three species, measured in centimetres.

    The classic example of classifying rows of numbers: one species stands apart, two overlap a
    little.

    Args:
        scaled: Scale each feature to mean 0 and standard deviation 1, both measured on the training
            part alone.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: `float32` of shape `(120, 4)` and `(30, 4)`, the
            length and width of sepal and petal; labels `int64` of shape `(120,)` and `(30,)`: 0
            setosa, 1 versicolor, 2 virginica. The split is always the same, and each species has
            its share in both parts.

    Examples:
        >>> (x_train, y_train), (x_test, y_test) = load_iris()
        >>> x_train.shape, np.bincount(y_test).tolist()
        ((120, 4), [10, 10, 10])

    References:
        Fisher: The use of multiple measurements in taxonomic problems (1936).
    """
    from sklearn.datasets import load_iris as load_published

    return _load_rows(load_published, 30, scaled)


def load_wine(*, scaled: bool = False) -> tuple[Split, Split]:
    """Load 178 Italian wines of three grape varieties, each with 13 measurements of its chemistry.

    The features' sizes differ a thousandfold, which shows why features are scaled.

    Args:
        scaled: Scale each feature to mean 0 and standard deviation 1, both measured on the training
            part alone.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: `float32` of shape `(142, 13)` and `(36, 13)`;
            labels `int64`, 0 to 2, of shape `(142,)` and `(36,)`. The split is always the same, and
            each variety has its share in both parts.

    Examples:
        >>> (x_train, y_train), (x_test, y_test) = load_wine(scaled=True)
        >>> x_train.shape, x_test.shape, bool(np.allclose(x_train.std(axis=0), 1, atol=1e-4))
        ((142, 13), (36, 13), True)

    References:
        Aeberhard, Forina: Wine, UCI Machine Learning Repository (1991).
    """
    from sklearn.datasets import load_wine as load_published

    return _load_rows(load_published, 36, scaled)


def load_breast_cancer(*, scaled: bool = False) -> tuple[Split, Split]:
    """Load 569 breast tumours, each with 30 measurements of its cells' nuclei.

    Two classes of unequal size, and two kinds of mistakes that don't weigh the same.

    Args:
        scaled: Scale each feature to mean 0 and standard deviation 1, both measured on the training
            part alone.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: `float32` of shape `(455, 30)` and `(114, 30)`;
            labels `int64` of shape `(455,)` and `(114,)`: 0 malignant, 1 benign. The split is
            always the same, and each class has its share in both parts.

    Examples:
        >>> (x_train, y_train), (x_test, y_test) = load_breast_cancer()
        >>> x_train.shape, np.bincount(y_test).tolist()
        ((455, 30), [42, 72])

    References:
        Wolberg, Mangasarian, Street, Street: Breast Cancer Wisconsin (Diagnostic), UCI Machine
        Learning Repository (1993).
    """
    from sklearn.datasets import load_breast_cancer as load_published

    return _load_rows(load_published, 114, scaled)


def load_diabetes(*, scaled: bool = False) -> tuple[Split, Split]:
    """Load 442 patients with diabetes, and how far the disease had progressed a year later.

    A number, not a class.

    Args:
        scaled: Scale each feature to mean 0 and standard deviation 1, both measured on the training
            part alone. The targets stay as they are.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: `float32` of shape `(353, 10)` and `(89, 10)`, age
            in years, sex (1 or 2), body mass index, blood pressure and six blood values; targets
            `float32`, 25 to 346, of shape `(353,)` and `(89,)`. The split is always the same.

    Examples:
        >>> (x_train, y_train), (x_test, y_test) = load_diabetes()
        >>> x_train.shape, y_test.shape, y_train.dtype
        ((353, 10), (89,), dtype('float32'))

    References:
        Efron, Hastie, Johnstone, Tibshirani: Least angle regression (2004).
    """
    from sklearn.datasets import load_diabetes as load_published

    def load(**options: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        inputs, targets = load_published(scaled=False, **options)
        return inputs, targets.astype(np.float32)

    return _load_rows(load, 89, scaled, stratified=False)


def _load_rows(
    load: Callable[..., Split], tests: int, scaled: bool, stratified: bool = True
) -> tuple[Split, Split]:
    inputs, labels = load(return_X_y=True)
    (x_train, y_train), (x_test, y_test) = _split(
        inputs.astype(np.float32), labels, tests, stratified
    )
    if scaled:
        x_train, x_test = scaled_rows(x_train, x_test)
    return (x_train, y_train), (x_test, y_test)


def _split(
    inputs: NDArray[Any], labels: NDArray[Any], tests: int, stratified: bool
) -> tuple[Split, Split]:
    train, test = divide(labels, tests, stratified=stratified)
    return (inputs[train], labels[train]), (inputs[test], labels[test])


def _enlarge(images: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Enlarge `(examples, 8, 8)`, 0 to 16, to `(examples, 28, 28)`, 0 to 255, in whole numbers."""
    blocks = images.astype(np.int64).repeat(3, axis=1).repeat(3, axis=2)  # (examples, 24, 24)
    framed = np.pad(blocks, ((0, 0), (3, 3), (3, 3)))  # (examples, 30, 30)
    windows = np.lib.stride_tricks.sliding_window_view(framed, (3, 3), axis=(1, 2))
    sums = windows.sum(axis=(-2, -1))  # (examples, 28, 28), 0 to 16 * 9
    enlarged: NDArray[np.uint8] = (sums * 255 // (16 * 9)).astype(np.uint8)
    return enlarged
