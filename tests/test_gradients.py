import numpy as np
import pytest
import tensorflow as tf

from tf2docs.gradients import check_gradient, numerical_gradient


def cubes(x):
    return tf.reduce_sum(x**3)


@tf.custom_gradient
def wrong_square(x):
    return tf.reduce_sum(x**2), lambda upstream: upstream * x  # should be 2x


def test_slopes_are_those_of_calculus():
    x = np.array([[1.0, -2.0], [0.5, 30.0]])
    assert np.allclose(numerical_gradient(cubes, x), 3 * x**2, rtol=1e-8)


@pytest.mark.parametrize(("kind", "error"), [("float32", 1e-3), ("float64", 1e-8)])
def test_slopes_have_the_shape_and_type_of_the_inputs(kind, error):
    x = np.ones((2, 3), kind)
    slopes = numerical_gradient(cubes, x)
    assert (slopes.shape, slopes.dtype) == (x.shape, x.dtype)
    assert np.allclose(slopes, 3, atol=error)


@pytest.mark.parametrize(
    "x", [[1.0, 2.0], (1.0, 2.0), tf.constant([1.0, 2.0]), tf.Variable([1.0, 2.0])]
)
def test_inputs_may_be_whatever_holds_numbers(x):
    assert np.allclose(numerical_gradient(cubes, x), [3, 12], rtol=1e-3)


def test_a_single_number_will_do():
    assert numerical_gradient(lambda x: x**2, np.float64(3)).shape == ()
    assert np.isclose(numerical_gradient(lambda x: x**2, np.float64(3)), 6)


def test_large_inputs_get_large_steps():
    # float32 has steps of 0.06 there
    assert np.isclose(numerical_gradient(lambda x: x**2, 1e6), 2e6, rtol=1e-3)


def test_the_inputs_stay_as_they_are():
    x = np.array([1.0, 2.0])
    numerical_gradient(cubes, x)
    assert x.tolist() == [1.0, 2.0]


def test_the_default_step_is_better_than_a_larger_and_a_smaller_one():
    def error(step):
        return abs(float(numerical_gradient(tf.sin, np.float64(1), step=step)) - np.cos(1))

    assert error(None) < min(error(1e-3), error(1e-10)) / 10


def test_a_central_difference_errs_with_the_square_of_the_step():
    errors = [
        abs(float(numerical_gradient(tf.sin, np.float64(1), step=step)) - np.cos(1))
        for step in (0.1, 0.01)
    ]
    assert np.isclose(errors[0] / errors[1], 100, rtol=0.01)


def test_a_right_gradient_passes():
    assert check_gradient(cubes, np.array([1.0, -2.0])) < 1e-8
    assert check_gradient(cubes, [1.0, -2.0]) < 1e-3


def test_a_wrong_gradient_is_found():
    assert np.isclose(check_gradient(wrong_square, np.array([1.0, 3.0])), 0.5)


def test_one_wrong_slope_among_many_is_found():
    x = np.array([1.0, 0.0, 2.0])
    # the kink at 0
    assert check_gradient(lambda x: tf.reduce_sum(tf.maximum(x, 0.0)), x) == pytest.approx(0.5)


def test_a_gradient_of_nan_is_below_no_bound():
    assert not check_gradient(lambda x: tf.norm(x), np.zeros(2)) < 1e30


def test_a_sparse_gradient_is_checked_like_others():
    assert (
        check_gradient(lambda x: tf.reduce_sum(tf.gather(x, [0, 0]) ** 2), np.array([1.0, 2.0]))
        < 1e-8
    )


def test_a_gradient_of_none_says_what_to_do():
    with pytest.raises(
        ValueError, match="the gradient is None: use TensorFlow's ops all the way from x"
    ):
        check_gradient(lambda x: tf.constant(np.sum(x.numpy() ** 2)), np.ones(2))


@pytest.mark.parametrize("call", [numerical_gradient, check_gradient])
@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([1, 2], "x holds int32, expected float32 or float64"),
        (np.ones(2, np.float16), "x holds float16, expected float32 or float64"),
        (tf.ones(2, tf.bfloat16), "x holds bfloat16, expected float32 or float64"),
        (["a"], "x holds object, expected float32 or float64"),
    ],
)
def test_inputs_that_are_no_decimals_are_refused(call, x, message):
    with pytest.raises(TypeError, match=message):
        call(cubes, x)


@pytest.mark.parametrize("x", [np.zeros(0), np.array([1.0, np.nan]), np.array([np.inf])])
def test_inputs_without_a_slope_are_refused(x):
    with pytest.raises(ValueError, match="expected at least one number, all of them finite"):
        numerical_gradient(cubes, x)


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (0, ValueError, "step is 0, too small to change float64"),
        (1e-20, ValueError, "step is 1e-20, too small to change float64"),
        (-1e-3, ValueError, "step is -0.001, expected a finite number of at least 0"),
        (float("nan"), ValueError, "step is nan"),
        ("small", TypeError, "step is 'small'"),
    ],
)
def test_a_step_that_leads_nowhere_is_refused(step, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(cubes, np.ones(2), step=step)


def test_a_function_with_several_results_is_refused():
    with pytest.raises(
        ValueError,
        match=r"the function returns the shape \(2,\), expected one number, such as a sum",
    ):
        numerical_gradient(tf.square, np.ones(2))
