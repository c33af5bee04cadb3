import json
import operator

import keras
import numpy as np
import pytest
from keras import layers

from tf2docs.browser import write_network


def sequential(*layers):
    keras.utils.set_random_seed(0)
    return keras.Sequential(layers)


def read(path):
    """The header of a file, and its weights as one array of what they are stored as."""
    data = path.read_bytes()
    start = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:start])
    assert start % 4 == 0
    dtype = {"float16": "<f2", "float32": "<f4"}[header["dtype"]]
    return header, np.frombuffer(data[start:], dtype)


def flat(model):
    return np.concatenate([each.ravel() for each in model.get_weights()])


@pytest.fixture
def file(tmp_path):
    return tmp_path / "a.network"


def test_all_weights_stand_end_to_end_as_they_are(file):
    model = sequential(
        keras.Input((6, 6, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)
    )
    size = write_network(model, file, dtype="float32")
    header, weights = read(file)
    assert size == file.stat().st_size
    assert np.array_equal(weights, flat(model))
    assert [each["weights"] for each in header["layers"]] == [
        [[3, 3, 1, 2], [2]],
        [],
        [[32, 3], [3]],
    ]


def test_in_half_the_bytes_weights_are_rounded(file):
    model = sequential(keras.Input((50,)), layers.Dense(40))
    full, half = (write_network(model, file, dtype=dtype) for dtype in ("float32", "float16"))
    _, weights = read(file)
    assert full - half == 2 * model.count_params()
    assert np.array_equal(weights, flat(model).astype(np.float16))
    assert write_network(model, file) == half  # what is written unless asked otherwise


def test_the_header_says_what_the_browser_must_know(file):
    model = sequential(
        keras.Input((28, 28)),
        layers.Rescaling(1 / 255),
        layers.Reshape((28, 28, 1)),
        layers.Conv2D(6, 5, strides=2, padding="same", activation="tanh", name="edges"),
        layers.AveragePooling2D(2),
        layers.MaxPooling2D((2, 1), strides=1, padding="same"),
        layers.Dropout(0.5),
    )
    write_network(model, file)
    header, _ = read(file)
    assert header["format"] == "tf2docs.network"
    assert (header["version"], header["dtype"], header["input"]) == (1, "float16", [28, 28])
    scaling, shaping, edges, averages, most = header["layers"]
    assert scaling.items() >= {"class": "Rescaling", "scale": 1 / 255, "offset": 0.0}.items()
    assert shaping["target_shape"] == [28, 28, 1]
    assert edges == {
        "class": "Conv2D",
        "name": "edges",
        "weights": [[5, 5, 1, 6], [6]],
        "strides": [2, 2],
        "padding": "same",
        "activation": "tanh",
    }
    window = operator.itemgetter("pool_size", "strides", "padding")
    assert window(averages) == ([2, 2], [2, 2], "valid")
    assert window(most) == ([2, 1], [1, 1], "same")


def test_a_model_of_texts_has_open_lengths_and_gates(file):
    model = sequential(
        keras.Input((None,)),
        layers.Embedding(9, 4),
        layers.GRU(5, return_sequences=True),
        layers.GRU(5, use_bias=False),
        layers.Dense(9, "softmax"),
    )
    write_network(model, file)
    header, weights = read(file)
    assert header["input"] == [None]
    embedding, first, second, dense = header["layers"]
    assert embedding["weights"] == [[9, 4]]
    assert first["weights"] == [[4, 15], [5, 15], [2, 15]]
    assert (first["return_sequences"], second["return_sequences"]) == (True, False)
    assert (first["activation"], first["recurrent_activation"]) == ("tanh", "sigmoid")
    assert second["weights"] == [[5, 15], [5, 15]]
    assert dense["activation"] == "softmax"
    assert weights.size == model.count_params()


def test_facts_come_back_whatever_their_script(file):
    model = sequential(keras.Input((2,)), layers.Dense(1))
    facts = {"characters": "\n 明月𝕏", "steps": 3, "names": ["a", None]}
    write_network(model, file, **facts)
    assert read(file)[0]["facts"] == facts


def test_a_model_that_was_built_by_its_data_has_a_shape_too(file):
    model = sequential(layers.Dense(1))
    model(np.zeros((1, 7), np.float32))
    write_network(model, file)
    assert read(file)[0]["input"] == [7]


@pytest.mark.parametrize(
    ("inputs", "layer", "says"),
    [
        ((3, 4), layers.LSTM(2, name="long"), "The layer 'long' is of the class LSTM, .*GRU, Max"),
        ((4,), layers.Dense(2, "gelu"), "activation='gelu', .*one of linear, relu, tanh"),
        ((3, 4), layers.GRU(2, reset_after=False), "reset_after=False, .*expected True"),
        ((3, 4), layers.GRU(2, go_backwards=True), "go_backwards=True"),
        ((3, 4), layers.GRU(2, recurrent_activation="hard_sigmoid"), "recurrent_activation="),
        ((8, 8, 2), layers.Conv2D(2, 3, dilation_rate=2), r"dilation_rate=\(2, 2\), .*\(1, 1\)"),
        ((8, 8, 2), layers.Conv2D(2, 3, groups=2), "groups=2"),
        ((3,), layers.Embedding(5, 2, mask_zero=True), "mask_zero=True, .*expected False"),
        ((3,), layers.Rescaling([1.0, 2.0, 3.0]), "expected one number"),
    ],
)  # fmt: skip
def test_what_does_not_run_in_the_browser_is_refused_by_name(file, inputs, layer, says):
    model = sequential(keras.Input(inputs), layer)
    with pytest.raises(ValueError, match=says) as caught:
        write_network(model, file)
    assert repr(layer.name) in str(caught.value)
    assert not file.exists()


def test_a_class_derived_from_a_layer_is_refused(file):
    class Doubled(layers.Dense):
        def call(self, inputs):
            return 2 * super().call(inputs)

    with pytest.raises(ValueError, match="of the class Doubled"):
        write_network(sequential(keras.Input((2,)), Doubled(1)), file)


def test_only_layers_in_a_row_are_written(file):
    inputs = keras.Input((2,))
    model = keras.Model(inputs, layers.Dense(1)(inputs))
    with pytest.raises(TypeError, match=r"model is a Functional, expected a keras.Sequential"):
        write_network(model, file)


def test_a_model_without_weights_says_how_it_gets_them(file):
    with pytest.raises(ValueError, match=r"no weights yet: begin it with keras.Input"):
        write_network(sequential(layers.Dense(1)), file)


@pytest.mark.parametrize(
    ("weight", "dtype", "says"),
    [
        (np.nan, "float32", "'scores' has weights that are NaN or infinite"),
        (70000, "float16", "'scores' has a weight of 70000 .*expected dtype='float32'"),
        (1, "int8", "dtype is 'int8', expected 'float16' or 'float32'"),
    ],
)
def test_weights_that_would_not_come_back_are_refused(file, weight, dtype, says):
    model = sequential(keras.Input((2,)), layers.Dense(1, name="scores"))
    model.set_weights([np.full((2, 1), weight, np.float32), np.zeros(1, np.float32)])
    with pytest.raises(ValueError, match=says):
        write_network(model, file, dtype=dtype)


@pytest.mark.parametrize("fact", [{1, 2}, np.float32(1), float("nan")])
def test_a_fact_that_json_can_not_hold_is_refused(file, fact):
    model = sequential(keras.Input((2,)), layers.Dense(1))
    with pytest.raises(TypeError, match=r"The fact share is a .* expected text, finite numbers"):
        write_network(model, file, share=fact)
