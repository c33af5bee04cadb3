import io

import keras
import matplotlib as mpl
import numpy as np
import pytest
import tensorflow as tf

mpl.use("Agg")
from keras import layers
from matplotlib import pyplot as plt  # the backend is chosen first

from tf2docs.diagrams import plot_layers, plot_objects


@pytest.fixture(autouse=True)
def no_figure_is_left():
    keras.utils.clear_session()  # names are counted from the start
    yield
    plt.close("all")


def arrows(figure):
    return [line.get_label() for line in figure.axes[0].lines]


def boxes(figure):
    """Name: left, right, top and bottom."""
    axes = figure.axes[0]
    names = [text.get_text() for text in axes.texts[::2]]
    outlines = [patch.get_bbox() for patch in axes.patches]
    return {
        name: (box.x0, box.x1, box.y0, box.y1) for name, box in zip(names, outlines, strict=True)
    }


def words(figure):
    texts = [text.get_text() for text in figure.axes[0].texts]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def two_inputs_two_outputs():
    image, number = keras.Input((8, 8), name="image"), keras.Input((1,), name="number")
    joined = layers.Concatenate(name="joined")([layers.Flatten(name="flat")(image), number])
    outputs = [layers.Dense(10, name="digit")(joined), layers.Dense(1, name="larger")(joined)]
    return keras.Model([image, number], outputs)


def residual(blocks=2):
    inputs = x = keras.Input((8,), name="inputs")
    for block in range(blocks):
        inner = layers.Dense(8, name=f"second_{block}")(layers.Dense(8, name=f"first_{block}")(x))
        x = layers.Add(name=f"sum_{block}")([x, inner])
    return keras.Model(inputs, x)


def shared():
    encoder = keras.Sequential(
        [keras.Input((8, 8)), layers.Flatten(), layers.Dense(4)], name="encoder"
    )
    left, right = keras.Input((8, 8), name="left"), keras.Input((8, 8), name="right")
    return keras.Model([left, right], keras.ops.abs(encoder(left) - encoder(right)))


def test_a_stack_of_layers_is_a_chain():
    model = keras.Sequential(
        [keras.Input((72,), name="inputs"), layers.Dense(32, name="a"), layers.Dense(10, name="b")]
    )
    figure = plot_layers(model)
    assert arrows(figure) == ["inputs → a", "a → b"]
    assert words(figure) == {
        "inputs": "InputLayer (None, 72)",
        "a": "Dense (None, 32)",
        "b": "Dense (None, 10)",
    }


def test_several_inputs_and_outputs_are_joined_as_they_are():
    expected = {
        "image → flat",
        "flat → joined",
        "number → joined",
        "joined → digit",
        "joined → larger",
    }
    assert set(arrows(plot_layers(two_inputs_two_outputs()))) == expected


def test_a_shared_model_is_one_box_with_an_arrow_for_each_call():
    figure = plot_layers(shared())
    assert words(figure)["encoder"] == "Sequential (None, 4)"
    found = arrows(figure)
    assert {"left → encoder", "right → encoder", "subtract → absolute"} <= set(found)
    assert found.count("encoder → subtract") == 2


def test_a_shortcut_is_drawn():
    found = arrows(plot_layers(residual(1)))
    assert sorted(found) == [
        "first_0 → second_0",
        "inputs → first_0",
        "inputs → sum_0",
        "second_0 → sum_0",
    ]


def test_a_layer_applied_to_its_own_result_is_led_around():
    inputs = keras.Input((4,), name="inputs")
    again, between = layers.Dense(4, name="again"), layers.Dense(4, name="between")
    figure = plot_layers(keras.Model(inputs, again(between(again(again(inputs))))))
    assert arrows(figure) == [
        "inputs → again",
        "again → again",
        "again → between",
        "between → again",
    ]
    heads = [line.get_marker() for line in figure.axes[0].lines]
    assert heads == ["v", "<", "v", "<"]


def test_only_what_the_outputs_depend_on_is_drawn():
    inputs = keras.Input((4,), name="inputs")
    layer = layers.Dense(4, name="used")
    outputs = layer(inputs)
    layers.Dense(4, name="unused")(layer(outputs))
    assert arrows(plot_layers(keras.Model(inputs, outputs))) == ["inputs → used"]


def test_a_model_with_a_softmax_appended_is_drawn():
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(2)], name="inner")
    model = keras.Sequential([inner, layers.Softmax(name="softmax")])
    assert arrows(plot_layers(model))[-1] == "inner → softmax"


def test_a_sequential_model_is_drawn_once_it_was_called():
    model = keras.Sequential([layers.Dense(2, name="a"), layers.Dense(2, name="b")])
    model(np.zeros((1, 4)))
    assert arrows(plot_layers(model))[-1] == "a → b"


def test_a_layer_with_several_outputs_names_all_their_shapes():
    inputs = keras.Input((5, 3), name="inputs")
    outputs = layers.LSTM(4, return_state=True, return_sequences=True, name="lstm")(inputs)
    figure = plot_layers(keras.Model(inputs, outputs))
    assert words(figure)["lstm"] == "LSTM (None, 5, 4), (None, 4)"
    assert arrows(figure) == ["inputs → lstm"]


def test_a_tensor_used_twice_in_one_call_has_two_arrows():
    inputs = keras.Input((4,), name="inputs")
    assert arrows(plot_layers(keras.Model(inputs, inputs + inputs))) == ["inputs → add"] * 2


def test_outputs_have_a_thicker_frame():
    figure = plot_layers(two_inputs_two_outputs())
    frames = [patch.get_linewidth() for patch in figure.axes[0].patches]
    thick = {name for name, frame in zip(boxes(figure), frames, strict=True) if frame > 1}
    assert thick == {"digit", "larger"}


@pytest.mark.parametrize("build", [two_inputs_two_outputs, residual, shared])
def test_arrows_leave_below_and_arrive_above_and_cross_no_box(build):
    figure = plot_layers(build())
    found = boxes(figure)
    for line in figure.axes[0].lines:
        source, target = (found[name] for name in line.get_label().split(" → "))
        points = line.get_xydata()
        (x_start, y_start), (x_end, y_end) = points[0], points[-1]
        assert y_start == pytest.approx(source[3])
        assert y_end == pytest.approx(target[2])
        assert source[0] < x_start < source[1]
        assert target[0] < x_end < target[1]
        for left, right, top, bottom in found.values():
            x, y = points.T
            assert not ((x > left) & (x < right) & (y > top + 1e-6) & (y < bottom - 1e-6)).any()


@pytest.mark.parametrize("build", [two_inputs_two_outputs, residual, shared])
def test_everything_lies_within_the_figure(build):
    figure = plot_layers(build())
    (left, right), (bottom, top) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    for x_left, x_right, y_top, y_bottom in boxes(figure).values():
        assert left < x_left < x_right < right
        assert top < y_top < y_bottom < bottom


def test_text_fits_its_box():
    inputs = keras.Input((100, 100, 100, 3), name="an_input_with_a_remarkably_long_name")
    figure = plot_layers(keras.Model(inputs, layers.Dense(1)(inputs)))
    renderer = figure.canvas.get_renderer()
    axes = figure.axes[0]
    for text, patch in zip(axes.texts[::2], axes.patches, strict=True):
        assert text.get_window_extent(renderer).width < patch.get_window_extent(renderer).width


def test_the_figure_is_left_open_and_its_ground_is_clear():
    figure = plot_layers(residual(1))
    assert plt.get_fignums() == [figure.number]
    file = io.BytesIO()
    figure.savefig(file, format="png")
    file.seek(0)
    assert plt.imread(file)[0, 0, 3] == 0


def test_drawing_leaves_the_model_as_it_was():
    model = shared()
    before = model.get_config()
    plot_layers(model)
    assert model.get_config() == before


class Subclassed(keras.Model):
    def call(self, inputs):
        return inputs


@pytest.mark.parametrize("called", [False, True])
def test_a_subclassed_model_is_refused_with_the_reason(called):
    model = Subclassed(name="mine")
    if called:
        model(np.zeros((1, 4)))
    with pytest.raises(
        ValueError, match=r"'mine' doesn't know how its layers are connected.*in its call method"
    ):
        plot_layers(model)


def test_a_subclassed_model_made_of_inputs_and_outputs_is_drawn():
    inputs = keras.Input((4,), name="inputs")
    model = Subclassed(inputs=inputs, outputs=layers.Dense(2, name="out")(inputs))
    assert arrows(plot_layers(model)) == ["inputs → out"]


def test_a_sequential_model_without_a_shape_is_refused():
    with pytest.raises(ValueError, match=r"begin with keras\.Input"):
        plot_layers(keras.Sequential([layers.Dense(2)]))


def test_what_is_no_model_is_refused():
    with pytest.raises(ValueError, match="doesn't know how its layers are connected"):
        plot_layers(layers.Dense(2))


class Pair(tf.Module):
    def __init__(self):
        super().__init__()
        self.parts = [tf.Variable([1.0, 2.0]), tf.Variable(3.0)]


def test_objects_are_drawn_as_a_checkpoint_names_them(tmp_path):
    pair = Pair()
    figure = plot_objects(tf.train.Checkpoint(pair=pair))
    assert arrows(figure) == ["(root) → pair", "pair → parts", "parts → 0", "parts → 1"]
    assert words(figure)["0"] == "Variable (2,)"
    saved = tf.train.Checkpoint(pair=pair).write(tmp_path / "pair")
    assert dict(tf.train.list_variables(saved))["pair/parts/0/.ATTRIBUTES/VARIABLE_VALUE"] == [2]


def test_a_shared_object_is_one_box_with_an_arrow_from_each_owner():
    pair = Pair()
    pair.first = pair.parts[0]
    figure = plot_objects(pair)
    assert words(figure)["first, 0"] == "Variable (2,)"
    assert len(boxes(figure)) == 4
    assert {"parts → first, 0", "(root) → first, 0"} < set(arrows(figure))


def test_what_a_checkpoint_leaves_out_is_not_drawn():
    pair = Pair()
    pair.forgotten = {variable.ref() for variable in pair.parts}
    assert "forgotten" not in words(plot_objects(pair))


def test_variables_have_a_thicker_frame():
    widths = [patch.get_linewidth() for patch in plot_objects(Pair()).axes[0].patches]
    assert widths == [1, 1, 2, 2]


def test_objects_that_own_each_other_are_drawn():
    pair, other = Pair(), tf.Module()
    pair.other, other.back = other, pair
    assert "other → (root), back" in arrows(plot_objects(pair))


def test_a_root_that_no_checkpoint_can_save_is_refused():
    with pytest.raises(TypeError, match=r"root is a list, expected .*tf\.Module"):
        plot_objects([tf.Variable(1.0)])
