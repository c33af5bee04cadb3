"""What the input pipeline gives."""

import collections

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.datasets import batches

INPUTS = np.arange(70 * 3, dtype=np.uint8).reshape(70, 3)
LABELS = np.arange(70)


def labels_of(pipeline):
    return np.concatenate([labels for _, labels in pipeline.as_numpy_iterator()])


def test_every_example_comes_once_with_its_label_and_type():
    seen = list(batches(INPUTS, LABELS, batch_size=32).as_numpy_iterator())
    assert [len(inputs) for inputs, _ in seen] == [32, 32, 6]
    assert sorted(np.concatenate([labels for _, labels in seen])) == LABELS.tolist()
    for inputs, labels in seen:
        assert inputs.dtype == np.uint8
        assert (inputs == INPUTS[labels]).all()


def test_the_order_is_drawn_anew_each_time_and_a_seed_repeats_all_of_them():
    one, other = (batches(INPUTS, LABELS, seed=1) for _ in range(2))
    first, second = labels_of(one), labels_of(one)
    assert (first != second).any() and (first != LABELS).any()
    assert (labels_of(other) == first).all() and (labels_of(other) == second).all()


def test_without_a_seed_the_order_follows_the_global_one():
    orders = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        orders.append(labels_of(batches(INPUTS, LABELS)))
    assert (orders[0] == orders[1]).all()


def test_without_shuffling_the_order_stays():
    assert (labels_of(batches(INPUTS, LABELS, shuffle=False)) == LABELS).all()


def test_its_length_and_shapes_are_known_beforehand():
    pipeline = batches(INPUTS, LABELS, batch_size=32)
    assert len(pipeline) == 3
    assert [spec.shape.as_list() for spec in pipeline.element_spec] == [[None, 3], [None]]


def test_no_thread_of_its_own_may_hold_up_the_end_of_an_epoch():
    assert batches(INPUTS, LABELS).options().autotune.enabled is False


def test_a_model_trains_on_it():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(batches(INPUTS.astype(np.float32) / 255, LABELS.astype(np.float32)), verbose=0)


# Several inputs, and weights

PAIR = collections.namedtuple("Pair", ["left", "right"])


@pytest.mark.parametrize(
    ("inputs", "made"),
    [
        ({"image": INPUTS, "number": LABELS}, lambda x, y: {"image": x, "number": y}),
        ((INPUTS, LABELS), lambda x, y: (x, y)),
        ([INPUTS, LABELS], lambda x, y: (x, y)),
        ([INPUTS, LABELS.tolist()], lambda x, y: (x, y)),
        (PAIR(INPUTS, LABELS), PAIR),
        ({"deep": [INPUTS, {"down": LABELS}]}, lambda x, y: {"deep": (x, {"down": y})}),
        ([{"image": INPUTS}, {"number": LABELS}], lambda x, y: ({"image": x}, {"number": y})),
    ],
)
def test_several_inputs_keep_their_places_and_belong_together(inputs, made):
    for found, labels in batches(inputs, LABELS, seed=0).as_numpy_iterator():
        expected = made(INPUTS[labels], labels)
        tf.nest.assert_same_structure(found, expected)
        assert all(
            (one == other).all()
            for one, other in zip(*map(tf.nest.flatten, (found, expected)), strict=True)
        )


def test_labels_may_be_several_too():
    for inputs, labels in batches(
        INPUTS, {"number": LABELS, "odd": LABELS % 2 == 1}
    ).as_numpy_iterator():
        assert (INPUTS[labels["number"]] == inputs).all()
        assert (labels["odd"] == (labels["number"] % 2 == 1)).all()


def test_weights_come_third_with_their_examples():
    for inputs, labels, weights in batches(INPUTS, LABELS, LABELS / 70, seed=0).as_numpy_iterator():
        assert (INPUTS[labels] == inputs).all()
        assert np.allclose(weights, labels / 70)


def test_weights_weigh_as_they_do_beside_arrays():
    inputs, labels, weights = INPUTS / 255, LABELS / 70, np.where(LABELS < 5, 10.0, 0.1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="zeros")])
    model.compile(loss="mse")
    loss = model.evaluate(batches(inputs, labels, weights), verbose=0)
    assert loss == pytest.approx(
        model.evaluate(inputs, labels, sample_weight=weights, verbose=0), rel=1e-5
    )
    # the small labels, of which the loss is small, count most
    assert loss < 0.5 * np.square(labels).mean()


def test_a_model_of_two_inputs_trains_on_it():
    image, number = keras.Input((3,), name="image"), keras.Input((1,), name="number")
    model = keras.Model(
        {"image": image, "number": number},
        keras.layers.Dense(1)(keras.layers.Concatenate()([image, number])),
    )
    model.compile(keras.optimizers.Adam(0.1), "mse")
    inputs = {
        "image": np.random.default_rng(0).random((70, 3)),
        "number": LABELS[:, np.newaxis] / 70,
    }
    losses = model.fit(
        batches(inputs, LABELS / 70, seed=0), epochs=20, verbose=0, shuffle=False
    ).history["loss"]
    assert losses[-1] < 0.01 < losses[0]


# Forms and types


class Table:
    """Like a data frame: it has a shape and becomes an array, but its items are columns."""

    def __init__(self, array):
        self.array, self.shape = array, array.shape

    def __getitem__(self, place):
        raise KeyError(place)

    def __array__(self, dtype=None, copy=None):
        return self.array.astype(dtype or self.array.dtype)


@pytest.mark.parametrize(
    "form",
    [
        tf.constant,
        tf.Variable,
        keras.ops.convert_to_tensor,
        np.ndarray.tolist,
        Table,
        lambda array: array.astype(array.dtype.newbyteorder(">")),
        lambda array: array[::-1][::-1],
    ],
)
def test_whatever_holds_numbers_is_taken(form):
    seen = list(batches(form(INPUTS.astype(np.int32)), form(LABELS)).as_numpy_iterator())
    assert sorted(np.concatenate([labels for _, labels in seen])) == LABELS.tolist()
    assert all((INPUTS[labels] == inputs).all() for inputs, labels in seen)


def test_a_list_of_numbers_or_of_lists_is_one_array():
    [(inputs, labels)] = batches(
        [[1, 2], [3, 4], [5, 6]], [np.int8(7), 8, 9], shuffle=False
    ).as_numpy_iterator()
    assert (inputs.tolist(), labels.tolist()) == ([[1, 2], [3, 4], [5, 6]], [7, 8, 9])


def test_texts_and_ragged_examples_are_taken():
    ragged = tf.ragged.constant([[1.0], [2.0, 3.0]])
    [(inputs, labels)] = batches(ragged, np.array(["one", "two"]), shuffle=False)
    assert (inputs.to_list(), labels.numpy().tolist()) == ([[1], [2, 3]], [b"one", b"two"])


@pytest.mark.parametrize(
    "given", ["float64", "longdouble", "float32", "float16", "uint8", "int64", "bool"]
)
def test_types_stay_but_for_that_of_numpys_floats(given):
    expected = "float32" if given in ("float64", "longdouble") else given
    array = LABELS.astype(given)
    for form in (array, tf.constant(array)) if given != "longdouble" else (array,):
        [inputs, labels, weights] = batches(form, form, form).element_spec
        assert {inputs.dtype.name, labels.dtype.name, weights.dtype.name} == {expected}


def test_numpys_floats_become_what_keras_is_set_to():
    keras.config.set_floatx("float64")
    try:
        [inputs, _] = batches(LABELS / 70, LABELS).element_spec
    finally:
        keras.config.set_floatx("float32")
    assert inputs.dtype == tf.float64


def test_what_happens_to_the_array_later_changes_no_batch():
    array = np.zeros(4)
    pipeline = batches(array, array)
    array += 1
    assert all((inputs == 0).all() for inputs, _ in pipeline.as_numpy_iterator())


def test_numbers_may_be_numpys():
    seen = labels_of(
        batches(INPUTS, LABELS, batch_size=np.int64(7), seed=np.uint8(1), shuffle=np.bool_(True))
    )
    assert (seen == labels_of(batches(INPUTS, LABELS, batch_size=7, seed=1))).all()


# What is refused


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((INPUTS[:0], LABELS[:0]), "inputs has 0 examples, expected at least 1"),
        (([], []), "inputs has 0 examples"),
        (
            (INPUTS, LABELS[:-1]),
            r"inputs has 70 examples and labels has 69, expected as many in every part\.$",
        ),
        ((INPUTS, LABELS, [1.0]), "inputs has 70 examples and weights has 1,"),
        (
            ({"a": INPUTS, "b": LABELS[1:]}, LABELS),
            r"inputs\['a'\] has 70 examples and inputs\['b'\] has 69",
        ),
        (
            (list(INPUTS), LABELS),
            r"inputs\[0\] has 3 examples and labels has 70.*numpy.stack makes one array",
        ),
        (({}, LABELS), "inputs holds no array, expected at least one"),
        ((INPUTS, LABELS, 32), r"weights is 32, expected an array.*by name: batch_size=32"),
        ((INPUTS, None), "labels is None, which can't become a tensor"),
        (("x.csv", LABELS), "inputs is 'x.csv', expected an array"),
        (
            ([[1], [1, 2]], [0, 1]),
            "inputs is a list, which can't become a tensor.*tf.ragged.constant",
        ),
        (
            (np.array([1, "a", None], object), LABELS),
            "inputs is a ndarray of object, which can't become a tensor",
        ),
        (
            (tf.sparse.from_dense(INPUTS), LABELS),
            "inputs is a SparseTensor.*Make a sparse one dense",
        ),
        ((np.ma.masked_equal(INPUTS, 3), LABELS), "values are missing"),
        ((iter(INPUTS), LABELS), "inputs is a iterator, which can't become a tensor"),
    ],
)
def test_what_makes_no_batches_is_refused_and_named(given, message):
    with pytest.raises(ValueError, match=f"(?s){message}"):
        batches(*given)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"batch_size": 0}, ValueError, "batch_size is 0, expected a whole number of at least 1"),
        ({"batch_size": 8.0}, TypeError, "batch_size is 8.0, a float, expected a whole number"),
        ({"batch_size": "8"}, TypeError, "batch_size is '8', a str"),
        ({"batch_size": True}, TypeError, "batch_size is True, a bool"),
        ({"seed": "a"}, TypeError, "seed is 'a', a str, expected a whole number from 0"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"seed": 2**63}, ValueError, "to 9223372036854775807"),
        ({"shuffle": 1000}, TypeError, "shuffle is 1000, expected True or False"),
        ({"shuffle": "no"}, TypeError, "shuffle is 'no'"),
    ],
)
def test_options_out_of_range_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        batches(INPUTS, LABELS, **options)
