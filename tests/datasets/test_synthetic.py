"""What is drawn, and which arguments draw nothing."""

import numpy as np
import pytest

from tf2docs.datasets import make_classes, noisy_line


def test_numbers_may_be_numpys():
    for one, other in zip(
        noisy_line(
            np.int64(5),
            slope=np.float32(2),
            intercept=np.int8(1),
            noise=np.array(0.5),
            seed=np.uint8(3),
        ),
        noisy_line(5, slope=2.0, intercept=1.0, noise=0.5, seed=3),
        strict=True,
    ):
        assert one.dtype == np.float32
        assert (one == other).all()
    labels = np.array([0, 2], np.uint8)
    for one, other in zip(
        make_classes(9, classes=labels.max() + 1), make_classes(9, classes=3), strict=True
    ):
        assert (one == other).all()


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"examples": 0}, ValueError, "examples is 0, expected a whole number of at least 1"),
        ({"examples": 3.0}, TypeError, "examples is 3.0, a float"),
        ({"examples": "3"}, TypeError, "examples is '3', a str"),
        ({"noise": -1}, ValueError, "noise is -1.0, expected a finite number of at least 0"),
        ({"noise": float("nan")}, ValueError, "noise is nan"),
        ({"slope": "a"}, TypeError, "slope is 'a', a str, expected a finite number"),
        ({"slope": [1, 2]}, TypeError, r"slope is \[1, 2\], a list"),
        ({"intercept": float("inf")}, ValueError, "intercept is inf"),
        ({"seed": -1}, ValueError, "seed is -1, expected a whole number of at least 0"),
        ({"seed": None}, TypeError, "seed is None"),
    ],
)
def test_a_line_of_anything_else_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        noisy_line(**options)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"examples": -1}, ValueError, "examples is -1, expected a whole number of at least 1"),
        ({"features": 0}, ValueError, "features is 0"),
        ({"classes": 3.0}, TypeError, "classes is 3.0, a float"),
        ({"classes": True}, TypeError, "classes is True, a bool"),
        ({"seed": 1.5}, TypeError, "seed is 1.5, a float, expected a whole number of at least 0"),
    ],
)
def test_classes_of_anything_else_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        make_classes(**options)
