import re

import numpy as np
import pytest
import tensorflow as tf

from tf2docs._arguments import real_number, whole_number


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3), np.array(3), tf.constant(3)])
def test_a_whole_number_of_any_kind_becomes_pythons_own(value):
    number = whole_number("columns", value, least=1, most=5)
    assert (number, type(number)) == (3, int)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3", "'3', a str"),
        (3.0, "3.0, a float"),
        (np.float32(3), "np.float32(3.0), a float32"),
        (True, "True, a bool"),
        (None, "None, a NoneType"),
        ([3], "[3], a list"),
        (list(range(99)), "a list"),
    ],
)
def test_what_is_no_whole_number_is_named(value, shown):
    message = re.escape(f"columns is {shown}, expected a whole number of at least 1.")
    with pytest.raises(TypeError, match=message):
        whole_number("columns", value, least=1)


@pytest.mark.parametrize("value", [0, -1, 6, np.int64(6)])
def test_a_whole_number_out_of_range_is_named(value):
    with pytest.raises(
        ValueError, match=f"columns is {value}, expected a whole number from 1 to 5"
    ):
        whole_number("columns", value, least=1, most=5)


@pytest.mark.parametrize(
    "value", [2, 2.0, np.float16(2), np.int64(2), np.array(2.0), tf.constant(2.0)]
)
def test_a_number_of_any_kind_becomes_pythons_own(value):
    number = real_number("noise", value, least=0)
    assert (number, type(number)) == (2.0, float)


@pytest.mark.parametrize("value", ["2.0", True, None, [2.0], 2j, np.array([2.0])])
def test_what_is_no_number_is_named(value):
    with pytest.raises(
        TypeError, match=r"noise is .*, a \w+, expected a finite number of at least 0"
    ):
        real_number("noise", value, least=0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0])
def test_a_number_out_of_range_is_named(value):
    with pytest.raises(
        ValueError, match=f"noise is {value}, expected a finite number of at least 0"
    ):
        real_number("noise", value, least=0)


def test_a_number_may_have_no_bound():
    assert real_number("slope", -1e9) == -1e9
