import keras
import numpy as np
import pytest

from tf2docs.segmentation import DiceLoss, intersection_over_union, u_net


def logits_for(classes, count):
    """Logits that are sure of these classes."""
    return np.where(np.eye(count, dtype=bool)[np.asarray(classes)], 40.0, 0.0).astype("float32")


def test_a_u_net_gives_logits_for_each_pixel():
    model = u_net((16, 24, 3), 5, widths=(4, 6, 8))
    assert model(np.zeros((2, 16, 24, 3), "float32")).shape == (2, 16, 24, 5)
    assert model.output.name and model.layers[-1].activation is keras.activations.linear


def test_without_skips_it_is_as_large():
    models = [u_net((16, 16, 1), 2, skips=skips) for skips in (True, False)]
    assert models[0].count_params() == models[1].count_params()
    assert models[0].output_shape == models[1].output_shape


def test_a_u_net_for_any_size_takes_any_size():
    model = u_net((None, None, 1), 2, widths=(2, 3, 4))
    for size in (8, 12):
        assert model(np.zeros((1, size, 16, 1), "float32")).shape == (1, size, 16, 2)


def test_without_skips_only_the_coarsest_grid_reaches_the_decoder():
    """With each level's channels set to 0 on the way down, only skips can carry something up."""
    images = np.random.default_rng(0).random((2, 16, 16, 1), dtype="float32")
    for skips in (True, False):
        model = u_net((16, 16, 1), 2, widths=(4, 4, 4), skips=skips)
        coarsest = model.layers[[layer.output.shape[1] for layer in model.layers].index(4) + 1]
        coarsest.convolution.kernel.assign(np.zeros(coarsest.convolution.kernel.shape))
        first, second = np.asarray(model(images))
        assert np.allclose(first, second, atol=1e-6) != skips


def test_one_level_is_a_plain_network():
    model = u_net((5, 7, 1), 3, widths=(4,))
    assert model.output_shape == (None, 5, 7, 3)


def test_a_u_net_is_saved_and_loaded(tmp_path):
    model = u_net((8, 8, 1), 2, widths=(2, 3))
    images = np.random.default_rng(0).random((1, 8, 8, 1), dtype="float32")
    model.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    assert np.allclose(loaded(images), model(images), atol=1e-6)


def test_sizes_that_cant_be_halved_are_refused():
    with pytest.raises(ValueError, match=r"shape is \(20, 16, 1\).* multiples of 8\. Pad"):
        u_net((20, 16, 1), 2)


def test_no_widths_are_refused():
    with pytest.raises(ValueError, match="widths is empty"):
        u_net((16, 16, 1), 2, widths=())


def test_a_width_is_a_whole_number():
    with pytest.raises(TypeError, match=r"a width is 8\.5"):
        u_net((16, 16, 1), 2, widths=(8.5, 16))


def test_dice_is_nought_when_sure_and_right_and_one_when_sure_and_wrong():
    truth = np.array([[0, 1], [1, 0]])
    assert float(DiceLoss()(truth, logits_for(truth, 2))) == pytest.approx(0, abs=1e-6)
    assert float(DiceLoss()(truth, logits_for(1 - truth, 2))) == pytest.approx(1, abs=1e-6)


def test_dice_by_hand():
    truth, said = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    by_hand = 1 - np.mean([2 * 2 / (3 + 2), 2 * 1 / (1 + 2)])
    assert float(DiceLoss()(truth, logits_for(said, 2))) == pytest.approx(by_hand, abs=1e-6)


def test_dice_agrees_with_keras_given_what_keras_wants():
    random = np.random.default_rng(0)
    truth, logits = random.integers(3, size=(2, 4, 4)), random.normal(size=(2, 4, 4, 3))
    one_hot, chances = keras.ops.one_hot(truth, 3), keras.ops.softmax(logits)
    by_keras = keras.losses.Dice(axis=(0, 1, 2))(one_hot, chances)
    assert float(DiceLoss()(truth, logits)) == pytest.approx(float(by_keras), abs=1e-6)


def test_dice_counts_a_small_class_as_much_as_a_large_one():
    truth = np.array([0] * 98 + [1, 1])
    missed = float(DiceLoss()(truth, logits_for(np.zeros(100, int), 2)))
    assert missed == pytest.approx(0.5, abs=0.01)


def test_dice_is_reduced_as_asked():
    truth = np.array([0, 1, 2])
    losses = DiceLoss(reduction=None)(truth, logits_for(truth, 3))
    assert losses.shape == (3,)


def test_dice_trains_and_is_saved(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
    model.compile(keras.optimizers.Adam(0.1), DiceLoss())
    inputs = np.linspace(-1, 1, 40, dtype="float32")[:, np.newaxis]
    history = model.fit(inputs, (inputs[:, 0] > 0.5).astype(int), epochs=30, verbose=0).history
    assert history["loss"][-1] < 0.5 * history["loss"][0]
    model.save(tmp_path / "net.keras")
    assert isinstance(keras.models.load_model(tmp_path / "net.keras").loss, DiceLoss)


def test_labels_with_an_axis_too_many_are_refused():
    with pytest.raises(ValueError, match=r"labels have the shape \(2, 4, 4, 1\).*numpy\.squeeze"):
        DiceLoss()(np.zeros((2, 4, 4, 1)), np.zeros((2, 4, 4, 3)))


def test_intersection_over_union_by_hand():
    truth = [[0, 0, 1], [0, 1, 1]]
    answers = [[0, 1, 1], [0, 0, 1]]
    assert intersection_over_union(truth, answers, 2) == pytest.approx([2 / 4, 2 / 4])


def test_it_agrees_with_keras():
    random = np.random.default_rng(0)
    truth, answers = random.integers(4, size=(2, 3, 5, 5))
    metric = keras.metrics.MeanIoU(4)
    metric.update_state(truth, answers)
    ours = intersection_over_union(truth, answers, 4)
    assert np.mean(ours) == pytest.approx(float(metric.result()))


def test_a_class_that_never_occurs_is_nan():
    ours = intersection_over_union([0, 1], [0, 1], 3)
    assert ours[:2].tolist() == [1, 1] and np.isnan(ours[2])


def test_masks_of_true_and_false_are_classes():
    assert intersection_over_union([True, False], [True, True], 2) == pytest.approx([0, 0.5])


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"truth has the shape \(2,\) and answers \(2, 2\)"):
        intersection_over_union([0, 1], [[0, 1], [0, 1]], 2)


@pytest.mark.parametrize("answers", [[0.2, 0.8], [0, 2], [-1, 0]])
def test_what_is_no_class_is_refused(answers):
    with pytest.raises(ValueError, match=r"answers is of type .* whole numbers from 0 to 1"):
        intersection_over_union([0, 1], answers, 2)
