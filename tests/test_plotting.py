import io
import types

import keras
import matplotlib as mpl
import numpy as np
import pytest
import tensorflow as tf

mpl.use("Agg")
from matplotlib import pyplot as plt  # the backend is chosen first
from matplotlib.image import imread

from tf2docs.plotting import (
    plot_broadcast,
    plot_contours,
    plot_curves,
    plot_history,
    plot_images,
    plot_line,
    plot_points,
    plot_predictions,
    plot_shapes,
    plot_slices,
    plot_texts,
)

RIGHT = [[0.1, 0.9], [0.25, 0.75]]


@pytest.fixture(autouse=True)
def no_figure_is_left():
    yield
    plt.close("all")


def images(count):
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28), dtype=np.uint8)


def captions(figure):
    return [axes.get_title() for axes in figure.axes]


def pixels(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png")
    file.seek(0)
    return imread(file)  # (height, width, 4), 0 to 1


def test_each_image_has_its_caption():
    figure = plot_images(images(3), ["a", "b", "c"])
    assert captions(figure) == ["a", "b", "c"]
    for axes, image in zip(figure.axes, images(3), strict=True):
        assert np.array_equal(axes.images[0].get_array(), image)


def test_captions_may_be_left_out():
    assert captions(plot_images(images(2))) == ["", ""]


@pytest.mark.parametrize(
    ("count", "columns", "shape"), [(5, 5, (1, 5)), (7, 5, (2, 5)), (2, 5, (1, 2)), (4, 2, (2, 2))]
)
def test_images_fill_rows(count, columns, shape):
    figure = plot_images(images(count), columns=columns)
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == shape
    assert len(figure.axes) == count


def test_the_figure_is_left_open_for_whoever_shows_it():
    figure = plot_images(images(1))
    assert plt.get_fignums() == [figure.number]


def test_ink_is_dark_and_the_rest_is_clear():
    image = np.zeros((1, 4, 4))
    image[0, 1, 1] = 0.5
    shown = pixels(plot_images(image))
    assert shown[0, 0, 3] == 0  # the corner of the figure
    middle = shown[shown.shape[0] // 2 + 20, shown.shape[1] // 2 + 20]
    assert middle[3] == 0  # background inside the axes
    # the pixel with the greatest value is black
    assert shown[shown[..., 3] == 1][:, :3].max(axis=1).min() < 0.01


def test_all_images_share_one_scale():
    pair = np.stack([np.full((4, 4), 1.0), np.full((4, 4), 0.5)])
    assert [axes.images[0].get_clim() for axes in plot_images(pair).axes] == [(0, 1), (0, 1)]


def test_empty_images_are_drawn():
    pixels(plot_images(np.zeros((1, 4, 4))))


def drawn(figure):
    """The images as they were given to be drawn."""
    return [np.asarray(axes.images[0].get_array()) for axes in figure.axes]


def test_the_last_axis_of_grey_images_may_be_one():
    assert np.array_equal(drawn(plot_images(images(2)[..., np.newaxis])), images(2))


def coloured(*shape):
    return np.random.default_rng(0).integers(0, 256, (2, 6, 5, *shape), dtype=np.uint8)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize(
    "form",
    [
        lambda colours: colours,
        lambda colours: colours.astype(np.int64),
        lambda colours: colours.astype(np.float32),
        lambda colours: colours / 255,
        lambda colours: (colours / 255).astype(np.float16),
        lambda colours: tf.constant(colours),
        lambda colours: list(colours),
    ],
)
def test_colours_are_the_same_in_every_form(form, channels):
    colours = coloured(channels)
    for shown, given in zip(drawn(plot_images(form(colours))), colours, strict=True):
        assert shown.shape == (6, 5, channels)
        assert np.allclose(shown, given / 255, atol=1e-3)


def test_a_red_image_is_red():
    red = np.zeros((1, 4, 4, 3), np.uint8)
    red[..., 0] = 255
    shown = pixels(plot_images(red))
    middle = shown[shown.shape[0] // 2 + 20, shown.shape[1] // 2]
    assert middle.tolist() == [1, 0, 0, 1]


def test_colours_that_resizing_led_astray_are_drawn_to_the_next_one():
    [shown] = drawn(plot_images(np.array([[[[-0.02, 0.5, 1.02]]]])))
    assert shown.tolist() == [[[0, 0.5, 1]]]


@pytest.mark.parametrize(
    ("least", "greatest"), [(-1, 1), (0, 300), (0, 1.5), (-300, 255), (-2.1, 2.6)]
)
def test_colours_of_another_range_are_refused(least, greatest):
    colours = np.full((1, 2, 2, 3), float(least))
    colours[0, 0, 0, 0] = greatest
    with pytest.raises(
        ValueError, match=f"colours from {least:g} to {greatest:g}, expected whole numbers from 0"
    ):
        plot_images(colours)


def test_negative_values_of_grey_images_are_not_cut_off():
    [axes] = plot_images(np.array([[[-1.0, 1.0], [0.0, 0.5]]])).axes
    assert axes.images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(
    "form", [tf.constant, keras.ops.convert_to_tensor, list, np.ndarray.tolist, np.asfortranarray]
)
def test_images_of_any_form_are_drawn(form):
    assert np.array_equal(drawn(plot_images(form(images(2)))), images(2))


def test_masks_and_half_floats_are_drawn():
    mask = images(2) > 100
    assert np.array_equal(drawn(plot_images(mask)), mask)
    assert np.array_equal(drawn(plot_images(coloured(3) > 100)), coloured(3) > 100)
    halves = tf.cast(images(2) / 255, tf.bfloat16)
    assert np.allclose(drawn(plot_images(halves)), images(2) / 255, atol=0.01)


@pytest.mark.parametrize("shape", [(32, 3, 3), (1, 4, 4), (2, 1, 1), (2, 5, 6)])
def test_small_filters_are_grey_images(shape):
    assert len(plot_images(np.ones(shape)).axes) == shape[0]


@pytest.mark.parametrize(
    ("shape", "mend"),
    [
        ((28, 28), r"Of a single image give images\[np.newaxis\]"),
        ((5, 784), r"of flat ones images.reshape\(-1, height, width\)"),
        ((28, 28, 3), r"Of a single image give images\[np.newaxis\]"),
        ((28, 28, 1), r"of grey ones that are so narrow images\[..., np.newaxis\]"),
        ((2, 3, 28, 28), r"channels come first, give np.moveaxis\(images, 1, -1\)"),
        ((2, 28, 28, 2), "at least one image"),
        ((0, 28, 28), "at least one image"),
        ((2, 0, 28), "at least one image"),
        ((28,), "at least one image"),
        ((), "at least one image"),
    ],
)
def test_images_of_another_shape_are_refused_with_what_to_do(shape, mend):
    with pytest.raises(ValueError, match=rf"expected \(images, height, width\).*{mend}") as caught:
        plot_images(np.zeros(shape))
    assert str(shape) in str(caught.value)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (np.full((1, 2, 2), np.nan), ValueError, "images has 4 NaN among 4 numbers"),
        (np.array([[[np.inf, 0]]]), ValueError, "images has 1 infinite among 2 numbers"),
        (
            [np.zeros((2, 2)), np.zeros((3, 3))],
            TypeError,
            "images has parts of several sizes, expected all of one",
        ),
        ("cat.png", TypeError, "images is a str of <U7, expected an array of numbers"),
        (None, TypeError, "images is a NoneType of object"),
    ],
)
def test_what_is_no_image_is_named(given, error, message):
    with pytest.raises(error, match=message):
        plot_images(given)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (np.array([3, 7], np.uint8), ["3", "7"]),
        (np.array([[3], [7]]), ["3", "7"]),
        (tf.constant([3, 7]), ["3", "7"]),
        ([tf.constant(3), None], ["3", ""]),
        ([0.5, np.float32(0.1)], ["0.5", "0.1"]),
        (np.eye(2, dtype=int), ["[1 0]", "[0 1]"]),
        ([b"cat", tf.constant("dog")], ["cat", "dog"]),
        (np.array(["cat", "dog"]), ["cat", "dog"]),
        (iter(["a", "b"]), ["a", "b"]),
        (("$5", "$_$"), ["$5", "$_$"]),
        ([True, ("a", 1)], ["True", "('a', 1)"]),
    ],
)
def test_captions_of_any_kind_are_shown_in_words(given, shown):
    figure = plot_images(images(2), given)
    assert captions(figure) == shown
    pixels(figure)


@pytest.mark.parametrize("given", [["a"], [], ["a", "b", "c"]])
def test_captions_for_other_images_are_refused(given):
    with pytest.raises(ValueError, match=f"there are {len(given)} captions for 2 images"):
        plot_images(images(2), given)


@pytest.mark.parametrize("given", ["ab", 3, b"ab"])
def test_a_single_caption_is_refused(given):
    with pytest.raises(
        TypeError, match=f"captions is {given!r}, expected a list with one caption for each image"
    ):
        plot_images(images(2), given)


@pytest.mark.parametrize(
    ("columns", "error"), [(0, ValueError), (2.0, TypeError), ("2", TypeError), (True, TypeError)]
)
def test_columns_that_cannot_be_counted_are_refused(columns, error):
    with pytest.raises(
        error, match=f"columns is {columns!r}.*expected a whole number of at least 1"
    ):
        plot_images(images(2), columns=columns)


def test_columns_may_be_numpys():
    assert len(plot_images(images(2), columns=np.int64(1)).axes) == 2


# Predictions


def test_captions_say_answer_label_and_probability():
    expected = ["answer 1\nlabel 1\n90.0%", "answer 1\nlabel 0\n75.0%"]
    assert captions(plot_predictions(images(2), [1, 0], RIGHT)) == expected


def test_a_wrong_prediction_differs_in_colour_and_in_its_frame():
    right, wrong = plot_predictions(images(2), [1, 0], RIGHT).axes
    assert right.title.get_color() != wrong.title.get_color()
    assert wrong.spines["top"].get_linewidth() > 2 * right.spines["top"].get_linewidth()


ANSWERS = ["answer 1\nlabel 1\n90.0%", "answer 1\nlabel 0\n75.0%"]


@pytest.mark.parametrize(
    "labels",
    [
        [1, 0],
        (1, 0),
        [1.0, 0.0],
        [True, False],
        np.array([[1], [0]], np.uint8),
        np.eye(2)[[1, 0]],
        tf.constant([1, 0]),
        tf.one_hot([1, 0], 2),
    ],
)
def test_labels_of_any_form_are_the_same_classes(labels):
    assert captions(plot_predictions(images(2), labels, RIGHT)) == ANSWERS


@pytest.mark.parametrize(
    "probabilities",
    [
        tf.constant(RIGHT),
        np.array(RIGHT, np.float16),
        tf.cast(RIGHT, tf.bfloat16),
        [0.9, 0.75],
        [[0.9], [0.75]],
    ],
)
def test_probabilities_of_any_form_are_the_same_answers(probabilities):
    answers = [
        caption.split("\n")
        for caption in captions(plot_predictions(images(2), [1, 0], probabilities))
    ]
    assert [words for *words, _ in answers] == [["answer 1", "label 1"], ["answer 1", "label 0"]]
    assert [float(number.rstrip("%")) for *_, number in answers] == pytest.approx([90, 75], abs=0.5)


def test_a_sigmoid_that_is_below_a_half_answers_zero():
    figure = plot_predictions(images(3), [[0], [1], [0]], [[0.1], [0.2], [0.5]])
    assert captions(figure) == [
        "answer 0\nlabel 0\n90.0%",
        "answer 0\nlabel 1\n80.0%",
        "answer 0\nlabel 0\n50.0%",
    ]
    right, wrong, _ = figure.axes
    assert wrong.spines["top"].get_linewidth() > 2 * right.spines["top"].get_linewidth()


def test_predictions_of_colour_images_are_drawn():
    figure = plot_predictions(coloured(3), [1, 0], RIGHT)
    assert captions(figure) == ANSWERS
    assert np.allclose(drawn(figure), coloured(3) / 255)


def test_every_sign_has_a_glyph(recwarn):
    pixels(plot_predictions(images(2), [1, 0], RIGHT))
    assert not [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)]


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        (
            [1, 0, 1],
            ValueError,
            r"labels has the shape \(3,\), expected \(2,\), \(2, 1\), or one-hot \(2, 2\)",
        ),
        ([[1, 1], [0, 1]], ValueError, r"labels has the shape \(2, 2\), expected"),
        (1, ValueError, r"labels has the shape \(\), expected"),
        ([1, 2], ValueError, "labels has 2, expected whole numbers from 0 to 1, one per class"),
        ([1, -1], ValueError, "labels has -1, expected"),
        ([1, 0.5], ValueError, "labels has 0.5, expected whole numbers"),
        ([1, float("nan")], ValueError, "labels has 1 NaN among 2 numbers"),
        (["cat", "dog"], TypeError, "labels is a list of <U3, expected an array of numbers"),
    ],
)
def test_labels_that_are_no_classes_are_refused(labels, error, message):
    with pytest.raises(error, match=message):
        plot_predictions(images(2), labels, RIGHT)


@pytest.mark.parametrize("probabilities", [[[0.1, 0.9]], [[[0.1, 0.9]]] * 2, [0.1], 0.5, [[], []]])
def test_probabilities_of_another_shape_are_refused(probabilities):
    with pytest.raises(ValueError, match=r"expected \(2, classes\), or \(2, 1\) of class 1 alone"):
        plot_predictions(images(2), [1, 0], probabilities)


@pytest.mark.parametrize("row", [[-1.0, 2.0], [3.0, 4.0], [-0.2, 0.5]])
def test_logits_are_refused_and_the_softmax_is_named(row):
    with pytest.raises(ValueError, match=r"Are they logits\? tf2docs.models.with_softmax"):
        plot_predictions(images(2), [1, 0], [row, [0.5, 0.5]])


def test_a_single_logit_is_refused_and_the_sigmoid_is_named():
    with pytest.raises(
        ValueError, match=r"from -1.5 to 2, expected 0 to 1. Are they logits\?.*keras.ops.sigmoid"
    ):
        plot_predictions(images(2), [1, 0], [[-1.5], [2.0]])


def test_a_sigmoid_for_each_class_is_named():
    with pytest.raises(
        ValueError, match=r"sum to 1 to 1.2, expected 1 for each.*a sigmoid for each class\?"
    ):
        plot_predictions(images(2), [1, 0], [[0.6, 0.6], [0.5, 0.5]])


def test_what_is_not_a_number_is_named_as_such():
    with pytest.raises(ValueError, match=r"probabilities has 2 NaN among 4 numbers"):
        plot_predictions(images(2), [1, 0], [[float("nan")] * 2, [0.5, 0.5]])


def test_a_single_image_is_named_as_such():
    with pytest.raises(ValueError, match=r"Of a single image give images\[np.newaxis\]"):
        plot_predictions(images(1)[0], 1, [0.1, 0.9])


# Lines


def legend(figure):
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


def test_points_and_the_line_are_drawn_where_they_are():
    figure = plot_line([2, 0, 1], [5, 6, 7], [4, 0, 2])
    axes = figure.axes[0]
    assert axes.collections[0].get_offsets().tolist() == [[2, 5], [0, 6], [1, 7]]
    assert axes.lines[0].get_xydata().tolist() == [[0, 0], [1, 2], [2, 4]]
    assert legend(figure) == ["data", "prediction"]
    assert pixels(figure)[0, 0, 3] == 0


@pytest.mark.parametrize(
    "form",
    [
        tf.constant,
        np.float64,
        np.float16,
        tuple,
        lambda some: np.array(some)[:, np.newaxis],
        tf.Variable,
    ],
)
def test_points_of_any_form_are_the_same_points(form):
    axes = plot_line(*map(form, ([2, 0, 1], [5, 6, 7], [4, 0, 2]))).axes[0]
    assert axes.collections[0].get_offsets().tolist() == [[2, 5], [0, 6], [1, 7]]
    assert axes.lines[0].get_xydata().tolist() == [[0, 0], [1, 2], [2, 4]]


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            ([0, 1], [0, 1], [0]),
            ValueError,
            "2 inputs, 2 targets and 1 predictions, expected as many of each",
        ),
        (([0, 1], [0], [0, 1]), ValueError, "2 inputs, 1 targets and 2 predictions"),
        (([], [], []), ValueError, "0 inputs, 0 targets and 0 predictions.*at least 1"),
        (
            (1, 1, 1),
            ValueError,
            r"inputs has the shape \(\), expected \(examples,\) or \(examples, 1\)",
        ),
        ((np.eye(2), [0, 1], [0, 1]), ValueError, r"inputs has the shape \(2, 2\), expected"),
        (
            ([0, 1], [0, 1], [0, float("nan")]),
            ValueError,
            "predictions has 1 NaN among 2.*a training that diverged",
        ),
        (
            ([0, 1], ["a", "b"], [0, 1]),
            TypeError,
            "targets is a list of <U1, expected an array of numbers",
        ),
        (([0, 1], [[0], [1, 2]], [0, 1]), TypeError, "targets has parts of several sizes"),
    ],
)
def test_what_is_no_line_is_refused_and_named(given, error, message):
    with pytest.raises(error, match=message):
        plot_line(*given)


# Histories

HISTORY = {"loss": [0.6, 0.3, 0.2], "accuracy": [0.8, 0.9, 0.95], "val_loss": [0.4, 0.3, 0.25]}
STATES = [{"W": 5.0, "b": 0.0, "loss": 9.0}, {"W": 4.0, "b": 1.0, "loss": 3.0}]


def curves(figure):
    """The points of each line, by the title of its axes and its label."""
    return {
        (axes.get_title(), line.get_label()): line.get_xydata().tolist()
        for axes in figure.axes
        for line in axes.lines
    }


def fitted(**options):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"], run_eagerly=True)
    inputs = np.arange(8.0)[:, np.newaxis] / 8
    return model.fit(inputs, inputs, validation_data=(inputs, inputs), verbose=0, **options)


def test_each_metric_has_axes_with_a_curve_for_training_and_one_for_validation():
    assert curves(plot_history(HISTORY)) == {
        ("loss", "training"): [[1, 0.6], [2, 0.3], [3, 0.2]],
        ("loss", "validation"): [[1, 0.4], [2, 0.3], [3, 0.25]],
        ("accuracy", "accuracy"): [[1, 0.8], [2, 0.9], [3, 0.95]],
    }


def results(history):
    """The same as `train` would yield it."""
    return [
        dict(zip(history, values, strict=True)) for values in zip(*history.values(), strict=True)
    ]


@pytest.mark.parametrize(
    "form",
    [
        results,
        lambda history: iter(results(history)),
        lambda history: tuple(results(history)),
        lambda history: types.MappingProxyType(history),
        lambda history: {name: np.array(values) for name, values in history.items()},
        lambda history: {name: tf.constant(values, tf.float64) for name, values in history.items()},
        lambda history: {name: list(map(np.float64, values)) for name, values in history.items()},
        lambda history: {name: [[value] for value in values] for name, values in history.items()},
        lambda history: types.SimpleNamespace(history=history, epoch=[0, 1, 2]),
        lambda history: [
            {name: tf.constant(one, tf.float64) for name, one in row.items()}
            for row in results(history)
        ],
    ],
)
def test_every_form_of_a_history_is_drawn_alike(form):
    assert curves(plot_history(form(HISTORY))) == curves(plot_history(HISTORY))


def test_what_fit_returns_is_drawn():
    history = fitted(epochs=3)
    found = curves(plot_history(history))
    assert found == curves(plot_history(history.history))
    assert found[("mae", "validation")] == [
        [1 + i, value] for i, value in enumerate(history.history["val_mae"])
    ]


def test_what_train_yields_is_drawn():
    from tf2docs.models import Line
    from tf2docs.training import fit_line

    line = Line(slope=5.0, intercept=0.0)
    found = curves(
        plot_history(fit_line(line, [1.0, -1.0], [3.0, -3.0], epochs=2, learning_rate=0.25))
    )
    assert found[("W", "W")] == [[1, 5], [2, 4]]
    assert found[("loss", "loss")] == [[1, 4], [2, 1]]


@pytest.mark.parametrize(
    ("options", "training", "validation"),
    [
        ({"epochs": 4, "validation_freq": 2}, [1, 2, 3, 4], [2, 4]),
        ({"epochs": 5, "validation_freq": 2}, [1, 2, 3, 4, 5], [2, 4]),
        ({"epochs": 7, "validation_freq": 3}, [1, 2, 3, 4, 5, 6, 7], [3, 6]),
        ({"epochs": 6, "initial_epoch": 3}, [4, 5, 6], [4, 5, 6]),
        ({"epochs": 8, "initial_epoch": 3, "validation_freq": 2}, [4, 5, 6, 7, 8], [4, 6, 8]),
    ],
)
def test_validation_stands_at_the_epochs_that_it_was_measured_after(options, training, validation):
    history = fitted(**options)
    found = curves(plot_history(history, "loss"))
    assert found[("loss", "training")] == [
        list(one) for one in zip(training, history.history["loss"], strict=True)
    ]
    expected = [list(one) for one in zip(validation, history.history["val_loss"], strict=True)]
    assert found[("loss", "validation")] == expected


@pytest.mark.parametrize("every", [2, 3, [1, 3], (2,), np.int64(2)])
def test_the_frequency_says_it_where_several_would_do(every):
    history = fitted(epochs=3, validation_freq=list(every) if np.ndim(every) else int(every))
    found = curves(plot_history(history, "loss", validation_freq=every))[("loss", "validation")]
    validated = [
        epoch
        for epoch in (1, 2, 3)
        if (epoch % every == 0 if np.ndim(every) == 0 else epoch in every)
    ]
    assert [epoch for epoch, _ in found] == validated


def test_no_guess_is_drawn():
    with pytest.raises(
        ValueError, match=r"history has 1 values of val_loss for 3 epochs.*Give the validation_freq"
    ):
        plot_history({"loss": [3, 2, 1], "val_loss": [2]})
    with pytest.raises(ValueError, match="validation_freq=1 doesn't say after which"):
        plot_history({"loss": [3, 2, 1], "val_loss": [2]}, validation_freq=1)


def test_results_without_validation_are_no_gap():
    found = curves(
        plot_history(
            [{"loss": 3}, {"loss": 2, "val_loss": 5}, {"loss": 1}, {"loss": 0, "val_loss": 4}]
        )
    )
    assert found[("loss", "validation")] == [[2, 5], [4, 4]]


def test_a_value_that_is_nan_is_a_gap_and_every_epoch_stays_in_sight():
    [axes] = plot_history({"loss": [1.0, float("nan"), 3.0, float("nan"), float("nan")]}).axes
    assert np.isnan(axes.lines[0].get_ydata()).tolist() == [False, True, False, True, True]
    left, right = axes.get_xlim()
    assert left < 1 and right > 5
    pixels(axes.figure)


def test_a_history_of_nan_alone_is_drawn():
    pixels(plot_history({"loss": [float("nan")] * 2}))


def test_epochs_are_counted_from_one_in_whole_numbers():
    for axes in plot_history(HISTORY).axes:
        axes.figure.canvas.draw()
        assert all(tick == int(tick) for tick in axes.get_xticks())
        assert axes.get_xlabel() == "epoch"


def test_curves_differ_in_more_than_colour():
    training, validation, goal = plot_history(HISTORY, "loss", expected={"loss": 0}).axes[0].lines
    assert len({line.get_linestyle() for line in (training, validation, goal)}) == 3


def test_a_legend_stands_where_there_is_something_to_tell_apart():
    loss, accuracy = plot_history(HISTORY).axes
    assert [text.get_text() for text in loss.get_legend().get_texts()] == ["training", "validation"]
    assert accuracy.get_legend() is None


def test_curves_are_drawn_on_clear():
    assert pixels(plot_history(HISTORY))[0, 0, 3] == 0


def test_a_single_epoch_can_be_drawn():
    pixels(plot_history({"loss": [0.5]}))


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ("loss", [("loss", "training"), ("loss", "validation")]),
        (
            ["accuracy", "loss"],
            [("accuracy", "accuracy"), ("loss", "training"), ("loss", "validation")],
        ),
        (["loss", "val_loss"], [("loss", "training"), ("loss", "validation")]),
        (("val_loss", "loss", "loss"), [("loss", "training"), ("loss", "validation")]),
        ("val_loss", [("loss", "validation")]),
        (iter(["accuracy"]), [("accuracy", "accuracy")]),
        (np.array(["accuracy"]), [("accuracy", "accuracy")]),
    ],
)
def test_names_choose_metrics(names, shown):
    assert list(curves(plot_history(HISTORY, names))) == shown


def test_many_metrics_stand_in_rows_of_two():
    figure = plot_history([{name: 1.0 for name in "abcde"}])
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (3, 2)


def test_validation_alone_is_drawn():
    assert curves(plot_history({"val_auc": [0.5, 0.6]})) == {
        ("auc", "validation"): [[1, 0.5], [2, 0.6]]
    }


def test_where_a_metric_should_arrive_is_drawn():
    found = curves(plot_history(STATES, ["W", "b"], expected={"b": np.float32(2)}))
    assert found[("W", "W")] == [[1, 5], [2, 4]]
    assert {y for _, y in found[("b", "expected")]} == {2.0}
    assert ("W", "expected") not in found


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (({},), ValueError, "history has no epochs or no metrics.*Was the model trained"),
        (([],), ValueError, "history has no epochs"),
        (({"loss": []},), ValueError, "history has no epochs"),
        ((keras.callbacks.History(),), ValueError, "history has no epochs"),
        (
            ({"loss": [1.0], "accuracy": [0.1, 0.2]},),
            ValueError,
            "1 values of loss for 2 epochs, expected one per epoch",
        ),
        (
            ({"loss": 0.5},),
            TypeError,
            r"loss is 0.5, expected a list.*Results of one epoch are \[results\]",
        ),
        (
            ({"f1": [[0.1, 0.2]]},),
            TypeError,
            r"f1 is \[0.1, 0.2\] at an epoch, expected one number",
        ),
        (({"loss": ["low"]},), TypeError, "loss is 'low' at an epoch"),
        (({"loss": [None]},), TypeError, "loss is None at an epoch"),
        (({3: [1.0]},), TypeError, "a metric called 3, expected a name"),
        (
            ([0.5, 0.4],),
            TypeError,
            "history is a list, expected what model.fit returns.*At epoch 1 came 0.5",
        ),
        (("loss",), TypeError, "history is a str, expected what model.fit returns"),
        ((None,), TypeError, "history is a NoneType"),
        ((keras.Sequential(),), TypeError, "history is a Sequential"),
        ((STATES, []), ValueError, "names is empty, expected some of W, b, loss"),
        (
            (STATES, ["accuracy"]),
            ValueError,
            "history has no 'accuracy', expected some of W, b, loss",
        ),
        ((STATES, 3), TypeError, "names is 3, expected some of W, b, loss"),
    ],
)
def test_what_is_no_history_is_refused_and_named(given, error, message):
    with pytest.raises(error, match=message):
        plot_history(*given)


@pytest.mark.parametrize(
    ("expected", "error", "message"),
    [
        ({"slope": 3.0}, ValueError, "expected has 'slope', expected some of what is shown: W"),
        ({"b": 3.0}, ValueError, "expected has 'b', expected some of what is shown: W"),
        (3.0, TypeError, "expected is 3.0, expected a dict of a number by name"),
        ({"W": "3"}, TypeError, r"expected\['W'\] is '3', a str, expected a finite number"),
        ({"W": float("nan")}, ValueError, r"expected\['W'\] is nan"),
    ],
)
def test_a_goal_that_cannot_be_drawn_is_refused(expected, error, message):
    with pytest.raises(error, match=message):
        plot_history(STATES, "W", expected=expected)


@pytest.mark.parametrize(("every", "error"), [(0, ValueError), ("2", TypeError), (2.0, TypeError)])
def test_a_frequency_that_is_none_is_refused(every, error):
    with pytest.raises(
        error, match=r"validation_freq is .*, expected a whole number of at least 1"
    ):
        plot_history({"loss": [3, 2, 1], "val_loss": [2]}, validation_freq=every)


# Shapes and slices


def sheets(axes):
    """What is drawn of each sheet: its numbers, the hidden ones masked, and where it stands."""
    return [(image.get_array(), image.get_extent()) for image in axes.images]


@pytest.mark.parametrize(
    ("tensor", "shape", "cells"),
    [
        (7, "()", (1, 1)),
        ([1, 2, 3], "(3,)", (1, 3)),
        (np.ones((2, 5)), "(2, 5)", (2, 5)),
        ([[[1]]], "(1, 1, 1)", (1, 1)),
    ],
)
def test_a_tensor_is_drawn_as_cells_below_its_name_and_shape(tensor, shape, cells):
    [axes] = plot_shapes({"it": tensor}).axes
    assert axes.get_title() == f"it\n{shape}"
    [(numbers, extent)] = sheets(axes)
    assert numbers.shape == cells
    assert extent == [0, cells[1], 0, cells[0]]
    assert not np.ma.getmaskarray(numbers).any()


def test_sheets_stand_behind_one_another_and_each_hides_the_next():
    [axes] = plot_shapes({"batch": images(3)[:, :6, :9]}).axes
    (first, front), (second, back), (_, last) = sheets(axes)
    assert np.array_equal(first.data, images(3)[0, :6, :9])
    assert [front[0], back[0], last[0]] == [0, 3, 6]
    hidden = np.ma.getmaskarray(second)
    assert hidden[3:, :6].all()
    assert hidden.sum() == 3 * 6
    assert np.array_equal(second.data, images(3)[1, :6, :9])


def test_many_sheets_stay_close_together():
    [axes] = plot_shapes({"batch": images(50)}).axes
    assert [extent[0] for _, extent in sheets(axes)] == list(range(50))


def test_all_tensors_share_one_scale_of_size_and_of_ink():
    figure = plot_shapes({"small": 0.5, "large": np.full((4, 4), 2.0)})
    small, large = figure.axes
    assert np.ptp(small.get_xlim()) == np.ptp(large.get_xlim()) == 5
    assert np.ptp(small.get_ylim()) == np.ptp(large.get_ylim())
    assert small.images[0].get_clim() == large.images[0].get_clim() == (0, 2)
    assert np.mean(small.get_xlim()) == 0.5  # its only cell is in the middle
    assert pixels(figure)[0, 0, 3] == 0


def test_negative_numbers_are_drawn_from_the_least():
    [axes] = plot_shapes({"vector": [-3, 0, 1]}).axes
    assert axes.images[0].get_clim() == (-3, 1)


@pytest.mark.parametrize(
    "form", [tf.constant, np.float64, np.uint8, lambda some: tf.Variable(some, dtype="float32")]
)
def test_tensors_of_any_form_are_drawn(form):
    figure = plot_shapes({"vector": form([1, 2, 3]), "matrix": form([[1, 2], [3, 4]])}, columns=1)
    assert captions(figure) == ["vector\n(3,)", "matrix\n(2, 2)"]
    assert figure.axes[0].get_subplotspec().get_gridspec().get_geometry() == (2, 1)


@pytest.mark.parametrize(
    ("tensors", "error", "message"),
    [
        ({}, ValueError, "tensors is empty, expected at least one"),
        (
            {"colours": np.zeros((2, 4, 4, 3))},
            ValueError,
            r"colours has 4 axes, expected at most 3.*colours\[0\]",
        ),
        ({"none": []}, ValueError, r"none has the shape \(0,\), expected at least one number"),
        ({"bad": [1.0, float("nan")]}, ValueError, "bad has 1 NaN among 2"),
        ({"words": ["a"]}, TypeError, "words is a list of <U1"),
        ([1, 2], TypeError, "tensors is a list, expected a dict"),
    ],
)
def test_what_has_no_drawable_shape_is_refused(tensors, error, message):
    with pytest.raises(error, match=message):
        plot_shapes(tensors)


SQUARE = np.arange(1, 17).reshape(4, 4)


@pytest.mark.parametrize(
    "index",
    [
        np.s_[1],
        np.s_[-1],
        np.s_[:, 2],
        np.s_[1:3, ::2],
        np.s_[..., 0],
        np.s_[2, 3],
        SQUARE > 7,
        tf.constant(SQUARE > 7),
        tf.constant(2),
    ],
)
def test_a_slice_shows_what_the_index_chooses_and_leaves_the_rest_faint(index):
    [axes] = plot_slices(SQUARE, {"it": index}).axes
    everything, chosen = axes.images
    assert everything.get_alpha() < 0.5
    assert np.array_equal(everything.get_array(), SQUARE)
    shown = np.sort(chosen.get_array().compressed())
    assert np.array_equal(
        shown, np.sort(SQUARE[np.asarray(index) if hasattr(index, "shape") else index], axis=None)
    )
    assert chosen.get_clim() == everything.get_clim()


def test_what_is_chosen_is_red_also_where_there_is_no_ink():
    shown = pixels(plot_slices(np.zeros((4, 4)), {"[:2]": np.s_[:2]}))
    coloured = shown[(shown[..., 0] > shown[..., 2] + 0.2) & (shown[..., 3] > 0.2)]
    assert 0.05 < len(coloured) / (shown.shape[0] * shown.shape[1]) < 0.6


def test_each_index_has_an_image_of_its_own():
    figure = plot_slices(tf.constant(SQUARE), {"[0]": np.s_[0], "[:, 1]": np.s_[:, 1]}, columns=1)
    assert captions(figure) == ["[0]", "[:, 1]"]
    assert [axes.images[1].get_array().compressed().tolist() for axes in figure.axes] == [
        [1, 2, 3, 4],
        [2, 6, 10, 14],
    ]


@pytest.mark.parametrize(
    ("image", "slices", "error", "message"),
    [
        (SQUARE, {}, ValueError, "slices is empty"),
        (
            SQUARE,
            {"[9]": np.s_[9]},
            IndexError,
            r"\[9\] doesn't fit an image of shape \(4, 4\): .*out of bounds",
        ),
        (SQUARE, {"[0, 0, 0]": np.s_[0, 0, 0]}, IndexError, "doesn't fit an image of shape"),
        (SQUARE, {"mask": np.ones((2, 2), bool)}, IndexError, "mask doesn't fit"),
        (SQUARE, {"words": "a"}, IndexError, "words doesn't fit"),
        (SQUARE, np.s_[0], TypeError, "slices is a int, expected a dict"),
        (
            images(2),
            {"[0]": np.s_[0]},
            ValueError,
            r"image has the shape \(2, 28, 28\), expected \(height, width\)",
        ),
        ([1, 2], {"[0]": np.s_[0]}, ValueError, r"image has the shape \(2,\)"),
        ([["a"]], {"[0]": np.s_[0]}, TypeError, "image is a list of <U1"),
    ],
)
def test_what_cannot_be_sliced_is_refused(image, slices, error, message):
    with pytest.raises(error, match=message):
        plot_slices(image, slices)


# Broadcasting


def framed(axes):
    """Which cells have the frame of a number that exists, by row and column."""
    boxes = [patch for patch in axes.patches if patch.get_linewidth() > 1]
    return {(round(box.get_y()), round(box.get_x())) for box in boxes}


def cells(axes):
    """What stands in the cells, row by row."""
    written = sorted((*text.get_position()[::-1], text.get_text()) for text in axes.texts)
    return [float(text) for _, _, text in written]


@pytest.mark.parametrize(
    ("first", "second", "shapes"),
    [
        ([[0], [10], [20]], [1, 2, 3, 4], ["(3, 1)", "+ (4,)", "= (3, 4)"]),
        (5, [[1, 2]], ["()", "+ (1, 2)", "= (1, 2)"]),
        (tf.ones((2, 3)), tf.ones((2, 3)), ["(2, 3)", "+ (2, 3)", "= (2, 3)"]),
        ([1.5], [2], ["(1,)", "+ (1,)", "= (1,)"]),
    ],
)
def test_each_grid_has_the_numbers_of_broadcasting(first, second, shapes):
    figure = plot_broadcast(first, second)
    assert captions(figure) == shapes
    total = np.asarray(first) + np.asarray(second)
    repeated = [np.broadcast_to(each, total.shape) for each in (first, second, total)]
    assert [cells(axes) for axes in figure.axes] == [each.ravel().tolist() for each in repeated]


def test_only_numbers_that_exist_are_framed():
    left, right, total = plot_broadcast([[0], [10], [20]], [1, 2, 3, 4]).axes
    assert framed(left) == {(0, 0), (1, 0), (2, 0)}
    assert framed(right) == {(0, 0), (0, 1), (0, 2), (0, 3)}
    assert len(framed(total)) == 12


@pytest.mark.parametrize(
    ("first", "second", "error", "message"),
    [
        ([1, 2], [1, 2, 3], ValueError, r"shapes \(2,\) and \(3,\) don't fit, expected lengths"),
        (
            np.ones((2, 2, 2)),
            1,
            ValueError,
            r"the shape \(2, 2, 2\), expected at most 2",
        ),
        (np.ones(9), 1, ValueError, r"\(9,\), expected .* each of 1 to 8"),
        ([], 1, ValueError, r"the sum has the shape \(0,\)"),
        ("word", 1, TypeError, "first is a str"),
        (1, [np.nan], ValueError, "second has 1 NaN"),
    ],
)
def test_what_cannot_be_broadcast_is_refused(first, second, error, message):
    with pytest.raises(error, match=message):
        plot_broadcast(first, second)


# Points


def test_each_point_is_drawn_as_its_class_and_where_it_is():
    points = [[0, 1], [2, 3], [4, 5]]
    [axes] = plot_points(tf.constant(points), tf.constant([12, 4, 12])).axes
    drawn = {each.get_label(): each.get_offsets().tolist() for each in axes.collections}
    assert drawn == {"4": [[2, 3]], "12": [[0, 1], [4, 5]]}


def test_classes_differ_in_shape_and_in_colour():
    [axes] = plot_points(np.zeros((10, 2)), np.arange(10)).axes
    outlines = {each.get_paths()[0].vertices.tobytes() for each in axes.collections}
    colours = {tuple(each.get_facecolor()[0]) for each in axes.collections}
    assert (len(outlines), len(colours)) == (10, 10)
    assert max(np.mean(colour[:3]) for colour in colours) < 0.5  # dark enough to be read


@pytest.mark.parametrize(
    ("points", "labels", "error", "message"),
    [
        ([[0, 1]], [1, 2], ValueError, r"shape \(1, 2\) and labels \(2,\), expected \(points, 2\)"),
        ([0, 1], [1, 2], ValueError, r"points have the shape \(2,\)"),
        (np.zeros((0, 2)), [], ValueError, "at least 1 of each"),
        ([[0, 1]], [0.5], TypeError, "labels are float64, expected whole numbers"),
        ([[0, np.inf]], [1], ValueError, "points has 1 infinite"),
        ([[0, 1]], ["a"], TypeError, "labels is a list of <U1"),
    ],
)
def test_points_without_a_place_or_a_class_are_refused(points, labels, error, message):
    with pytest.raises(error, match=message):
        plot_points(points, labels)


# Functions


def grid(rows=20, columns=30):
    # (rows, columns, 2)
    return np.stack(np.meshgrid(np.linspace(-1, 1, columns), np.linspace(0, 2, rows)), axis=-1)


def test_each_curve_has_its_name_and_its_dashes():
    curves = {name: np.arange(5) * factor for factor, name in enumerate("abcd")}
    lines = plot_curves(np.arange(5), curves).axes[0].get_lines()[:4]
    assert [line.get_label() for line in lines] == list("abcd")
    assert len({line.get_linestyle() for line in lines}) == 4
    for line, values in zip(lines, curves.values(), strict=True):
        assert np.array_equal(line.get_ydata(), values)


@pytest.mark.parametrize(
    ("logarithmic", "scale", "lines"), [(False, "linear", 2), (True, "log", 1)]
)
def test_curves_may_count_in_powers_of_ten(logarithmic, scale, lines):
    axes = plot_curves([1, 10], {"a": [1, 100]}, xlabel="step", logarithmic=logarithmic).axes[0]
    assert (axes.get_xscale(), axes.get_yscale(), axes.get_xlabel()) == (scale, scale, "step")
    assert len(axes.get_lines()) == lines  # with that of zero, which powers of ten never reach


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        ({}, "there are 0 curves, expected 1 to 4"),
        (dict.fromkeys("abcde", (1, 2)), "there are 5 curves, expected 1 to 4"),
        ({"a": [1, 2, 3]}, "the curve a has 3 points, the inputs 2, expected as many"),
        ({"a": [1, float("nan")]}, "a has 1 NaN"),
    ],
)
def test_curves_that_cannot_be_drawn_are_refused(curves, message):
    with pytest.raises(ValueError, match=message):
        plot_curves([0, 1], curves)


def test_right_angles_on_contours_look_right():
    assert plot_contours(grid(), grid()[..., 0] ** 2).axes[0].get_aspect() == 1


def test_arrows_stand_at_their_points_and_are_no_more_than_fifteen_in_a_row():
    points = grid(rows=20, columns=40)
    (arrows,) = (
        each
        for each in plot_contours(points, points[..., 0], arrows=points).axes[0].collections
        if hasattr(each, "U")
    )
    assert len(np.unique(arrows.X)) <= 15 and len(np.unique(arrows.Y)) <= 15
    # each point's arrow is the point
    assert np.allclose(arrows.X, arrows.U) and np.allclose(arrows.Y, arrows.V)


def test_paths_have_their_names():
    paths = {"one": [[0, 1], [0.5, 1.5]], "two": tf.constant([[0.0, 1.0]])}
    axes = plot_contours(grid(), grid()[..., 1], paths=paths).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "two"]
    assert axes.get_lines()[0].get_xydata().tolist() == [[0, 1], [0.5, 1.5]]


def test_five_paths_are_told_apart_without_colour():
    paths = {name: [[0, 1], [0.5, 1.5]] for name in "abcde"}
    axes = plot_contours(grid(), grid()[..., 1], paths=paths).axes[0]
    assert len({line.get_marker() for line in axes.get_lines()}) == 5


@pytest.mark.parametrize(
    ("points", "heights", "options", "message"),
    [
        (grid(), grid(), {}, r"points have the shape \(20, 30, 2\) and heights \(20, 30, 2\)"),
        (grid(rows=1), grid(rows=1)[..., 0], {}, "at least 2 of each"),
        (
            grid(),
            grid()[..., 0],
            {"arrows": grid()[:5]},
            r"arrows have the shape \(5, 30, 2\), expected that of",
        ),
        (
            grid(),
            grid()[..., 0],
            {"paths": {"a": [1, 2]}},
            r"the path a has the shape \(2,\), expected \(steps, 2\)",
        ),
        (
            grid(),
            grid()[..., 0],
            {"paths": dict.fromkeys("abcdef", ((0, 0),))},
            "there are 6 paths, expected at most 5",
        ),
    ],
)
def test_contours_that_cannot_be_drawn_are_refused(points, heights, options, message):
    with pytest.raises(ValueError, match=message):
        plot_contours(points, heights, **options)


def lines_of(figure):
    """What stands on each panel, line by line."""
    places = [axes.transData for axes in figure.axes]
    shown = [(places.index(text.get_transform()), text.get_text()) for text in figure.texts]
    return [[line for panel, line in shown if panel == number] for number in range(len(places))]


def test_texts_stand_in_panels_line_by_line():
    figure = plot_texts(["to be\n\nor not", "that"], ["one", 2], rows=4)
    assert lines_of(figure) == [["to be", "", "or not", ""], ["that", "", "", ""]]
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["one", "2"]


def test_long_lines_go_on_and_what_does_not_fit_is_left_out():
    figure = plot_texts(["abcdefg\nhij"], rows=2, columns=4)
    assert lines_of(figure) == [["abcd", "efg"]]


def test_a_full_line_and_its_end_take_one_row():
    assert lines_of(plot_texts(["abcd\nef"], rows=2, columns=4)) == [["abcd", "ef"]]


def test_a_shade_stands_behind_its_character():
    figure = plot_texts(["ab\ncd"], shades=[[0.1, 0.2, 0.9, 0.3, 0.4]], rows=2, columns=3)
    [image] = figure.axes[0].images
    assert np.allclose(image.get_array(), [[0.1, 0.2, 0], [0.3, 0.4, 0]])


def test_chinese_takes_the_room_that_it_needs():
    narrow, wide = (plot_texts([text]).get_size_inches()[0] for text in ("moon", "明月"))
    assert wide > 1.5 * narrow


def test_panels_stand_side_by_side():
    figure = plot_texts(["a", "b", "c"], across=2)
    corners = [axes.get_position().p0.round(3).tolist() for axes in figure.axes]
    assert corners[0][1] == corners[1][1] > corners[2][1]
    assert corners[0][0] == corners[2][0] < corners[1][0]


def test_a_dollar_is_a_dollar():
    plot_texts(["$x$"]).canvas.draw()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("moon",), TypeError, "texts is the string 'moon', expected several"),
        (([],), ValueError, "texts holds 0, expected at least one"),
        ((["a", "b"], ["one"]), ValueError, "captions holds 1, expected 2, one for each text"),
        ((["a"], "x"), TypeError, "captions is the string 'x'"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        plot_texts(*arguments)


@pytest.mark.parametrize("shades", [[[1, 1]], [[1] * 4, [1] * 4]])
def test_shades_of_another_text_are_refused(shades):
    with pytest.raises(ValueError, match="expected one number for each character"):
        plot_texts(["moon"], shades=shades)


@pytest.mark.parametrize("size", [{"rows": 0}, {"columns": 0}, {"across": 0}])
def test_panels_without_room_are_refused(size):
    with pytest.raises(ValueError, match="is 0, expected a whole number of at least 1"):
        plot_texts(["a"], **size)
