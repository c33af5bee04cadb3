import io

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")
from matplotlib import pyplot as plt  # the backend is chosen first
from matplotlib.image import imread

from tf2docs.plotting import plot_history, plot_images, plot_learning_curves, plot_line, plot_predictions

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
    assert shown[shown[..., 3] == 1][:, :3].max(axis=1).min() < 0.01  # the pixel with the greatest value is black


def test_all_images_share_one_scale():
    pair = np.stack([np.full((4, 4), 1.0), np.full((4, 4), 0.5)])
    assert [axes.images[0].get_clim() for axes in plot_images(pair).axes] == [(0, 1), (0, 1)]


def test_empty_images_are_drawn():
    pixels(plot_images(np.zeros((1, 4, 4))))


@pytest.mark.parametrize("shape", [(28, 28), (2, 28, 28, 1), (0, 28, 28)])
def test_images_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"expected \(images, height, width\)") as caught:
        plot_images(np.zeros(shape))
    assert str(shape) in str(caught.value)


def test_captions_for_other_images_are_refused():
    with pytest.raises(ValueError, match="there are 1 captions for 2 images"):
        plot_images(images(2), ["a"])


def test_no_columns_are_refused():
    with pytest.raises(ValueError, match="columns is 0, expected at least 1"):
        plot_images(images(2), columns=0)


def test_captions_say_answer_label_and_probability():
    expected = ["answer 1\nlabel 1\n90.0%", "answer 1\nlabel 0\n75.0%"]
    assert captions(plot_predictions(images(2), [1, 0], RIGHT)) == expected


def test_a_wrong_prediction_differs_in_colour_and_in_its_frame():
    right, wrong = plot_predictions(images(2), [1, 0], RIGHT).axes
    assert right.title.get_color() != wrong.title.get_color()
    assert wrong.spines["top"].get_linewidth() > 2 * right.spines["top"].get_linewidth()


def test_tensors_are_taken_as_they_come():
    import keras

    probabilities = keras.ops.convert_to_tensor(RIGHT)
    assert len(plot_predictions(images(2), keras.ops.convert_to_tensor([1, 0]), probabilities).axes) == 2


def test_every_sign_has_a_glyph(recwarn):
    pixels(plot_predictions(images(2), [1, 0], RIGHT))
    assert not [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)]


def test_labels_for_other_images_are_refused():
    with pytest.raises(ValueError, match="there are 3 labels for 2 images"):
        plot_predictions(images(2), [1, 0, 1], RIGHT)


@pytest.mark.parametrize("probabilities", [[0.1, 0.9], [[0.1, 0.9]]])
def test_probabilities_of_another_shape_are_refused(probabilities):
    with pytest.raises(ValueError, match=r"expected \(2, classes\)"):
        plot_predictions(images(2), [1, 0], probabilities)


@pytest.mark.parametrize("row", [[-1.0, 2.0], [0.5, 0.6], [float("nan"), 1.0]])
def test_logits_are_refused_and_the_softmax_is_named(row):
    with pytest.raises(ValueError, match=r"Are they logits\? tf2docs.models.with_softmax"):
        plot_predictions(images(2), [1, 0], [row, [0.5, 0.5]])


HISTORY = {"loss": [0.6, 0.3, 0.2], "accuracy": [0.8, 0.9, 0.95], "val_loss": [0.4, 0.3, 0.25]}


def test_each_metric_has_axes_with_a_curve_for_training_and_one_for_validation():
    loss, accuracy = plot_learning_curves(HISTORY).axes
    assert (loss.get_title(), accuracy.get_title(), loss.get_xlabel()) == ("loss", "accuracy", "epoch")
    assert [(line.get_label(), list(line.get_ydata())) for line in loss.lines] == [
        ("training", [0.6, 0.3, 0.2]),
        ("validation", [0.4, 0.3, 0.25]),
    ]
    assert [line.get_label() for line in accuracy.lines] == ["training"]


def test_epochs_are_counted_from_one_in_whole_numbers():
    axes = plot_learning_curves(HISTORY).axes[0]
    assert list(axes.lines[0].get_xdata()) == [1, 2, 3]
    assert all(tick == int(tick) for tick in axes.get_xticks())


def test_training_and_validation_differ_in_more_than_colour():
    training, validation = plot_learning_curves(HISTORY).axes[0].lines
    assert training.get_linestyle() != validation.get_linestyle()


def test_curves_are_drawn_on_clear():
    assert pixels(plot_learning_curves(HISTORY))[0, 0, 3] == 0


def test_a_single_epoch_can_be_drawn():
    pixels(plot_learning_curves({"loss": [0.5]}))


@pytest.mark.parametrize("history", [{}, {"loss": []}, {"loss": [1.0], "accuracy": [0.1, 0.2]}, {"val_loss": [1.0]}])
def test_a_history_without_metrics_or_of_unequal_length_is_refused(history):
    with pytest.raises(ValueError, match="expected at least one metric and one epoch"):
        plot_learning_curves(history)


def test_validation_without_training_is_refused():
    with pytest.raises(ValueError, match="history has val_auc without auc of training"):
        plot_learning_curves({"loss": [1.0], "val_auc": [1.0]})


# Lines and histories


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
    ("inputs", "targets", "predictions"),
    [([0, 1], [0, 1], [0]), ([0, 1], [0], [0, 1]), ([], [], []), ([[0]], [[0]], [[0]])],
)
def test_a_line_of_other_shapes_is_refused(inputs, targets, predictions):
    with pytest.raises(ValueError, match=r"expected the same shape \(examples,\) and at least one example"):
        plot_line(inputs, targets, predictions)


STATES = [{"W": 5.0, "b": 0.0, "loss": 9.0}, {"W": 4.0, "b": 1.0, "loss": 3.0}]


def test_a_history_is_drawn_from_the_first_epoch_on():
    figure = plot_history(STATES, ["W", "b"], expected={"b": 2.0})
    axes = figure.axes[0]
    curves = [line.get_xydata().tolist() for line in axes.lines]
    assert curves[0] == [[1, 5], [2, 4]]
    assert curves[1] == [[1, 0], [2, 1]]
    assert set(axes.lines[2].get_ydata()) == {2.0}
    assert legend(figure) == ["W", "b", "true b"]


def test_curves_differ_in_more_than_colour():
    lines = plot_history(STATES, ["W", "b", "loss"]).axes[0].lines
    assert len({line.get_marker() for line in lines}) == 3


def test_epochs_are_whole():
    axes = plot_history(STATES, ["loss"]).axes[0]
    assert all(tick == int(tick) for tick in axes.get_xticks())


@pytest.mark.parametrize(
    ("history", "names", "message"),
    [
        ([], ["loss"], "there are 0 epochs and 1 names, expected at least one"),
        (STATES, [], "there are 2 epochs and 0 names"),
        (STATES, list("abcde"), "and 5 names, expected at least one of each and at most 4"),
        (STATES, ["accuracy"], "not every epoch has accuracy, expected some of W, b, loss"),
    ],
)
def test_a_history_without_what_is_asked_for_is_refused(history, names, message):
    with pytest.raises(ValueError, match=message):
        plot_history(history, names)


def test_a_history_without_what_is_expected_is_refused():
    with pytest.raises(ValueError, match="not every epoch has slope"):
        plot_history(STATES, ["W"], expected={"slope": 3.0})
