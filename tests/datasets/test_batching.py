"""What the input pipeline gives."""

import keras
import numpy as np
import pytest

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


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: batches(INPUTS[:0], LABELS[:0]),
        lambda: batches(INPUTS, LABELS[:-1]),
        lambda: batches(INPUTS, LABELS, batch_size=0),
    ],
)
def test_what_makes_no_batches_is_refused(wrong):
    with pytest.raises(ValueError, match=r"there are \d+ inputs and \d+ labels, and batch_size is \d+; expected"):
        wrong()
