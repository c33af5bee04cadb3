"""The engine of the networks in the page: in the browser, a model gives what it gives in Keras."""

import base64
import gzip
import json
import re
from pathlib import Path

import pytest

pytest.importorskip("keras", reason="its outputs are compared with those in the browser")

import keras
import numpy as np
from keras import layers

from tf2docs.browser import write_network

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "docs" / "assets" / "javascripts" / "network.js"
KEPT = sorted((ROOT / "docs" / "assets" / "files").rglob("*.network"))
INPUTS = 64
CLOSE = 1e-5  # of the largest output of a layer
PAGE_LIMIT = 2_000_000  # bytes of the networks of a page, compressed
READ = """file => {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    window.network = window.tf2docs.network.read(bytes);
    return [window.network.facts, window.network.layers.map(({ name }) => name)];
}"""
# As texts, since the browser's driver carries numbers one by one
RUN = """inputs => JSON.stringify(JSON.parse(inputs).map((values) =>
    window.network.run(values).map(({ shape, values }) => [shape, Array.from(values)])))"""
STEP = """inputs => JSON.stringify(JSON.parse(inputs).map((values) => {
    const state = new Map();
    const steps = values.map((value) => window.network.run([value], state).at(-1));
    return Array.from(steps.at(-1).values);
}))"""
TOKENS = 20


def of_images(shape, *inner):
    return keras.Sequential([keras.Input(shape), *inner])


def of_tokens(*inner):
    return of_images((None,), layers.Embedding(TOKENS, 8), *inner)


def conv(filters, size, **settings):
    return layers.Conv2D(filters, size, **settings)


NETWORKS = {
    "dense": lambda: of_images(
        (28, 28), layers.Flatten(), layers.Dense(32, "relu"), layers.Dropout(0.5), layers.Dense(10)
    ),
    "activations": lambda: of_images(
        (9,),
        layers.Dense(8, "tanh"),
        layers.Dense(8, "sigmoid", use_bias=False),
        layers.Dense(5, "softmax"),
    ),
    "lenet": lambda: of_images(
        (28, 28, 1),
        conv(6, 5, padding="same", activation="tanh"),
        layers.AveragePooling2D(2),
        conv(16, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10),
    ),
    "odd sizes, same": lambda: of_images(
        (13, 10, 3),
        layers.Rescaling(2, offset=-1),
        conv(4, (3, 4), strides=2, padding="same"),
        layers.MaxPooling2D(3, strides=2, padding="same"),
        layers.AveragePooling2D(2, strides=1, padding="same"),
    ),
    "odd sizes, valid": lambda: of_images(
        (13, 15),
        layers.Reshape((13, 15, 1)),
        conv(4, 4, strides=(2, 2), activation="sigmoid"),
        layers.AveragePooling2D((2, 3)),
        conv(3, 2, padding="same", use_bias=False),
    ),
    "even sizes, same": lambda: of_images(
        (12, 12, 2), conv(4, 2, strides=2, padding="same"), conv(3, 4, padding="same")
    ),
    "one GRU": lambda: of_tokens(layers.GRU(16, return_sequences=True), layers.Dense(TOKENS)),
    "two GRUs": lambda: of_tokens(
        layers.GRU(16, return_sequences=True),
        layers.GRU(12, use_bias=False),
        layers.Dense(TOKENS, "softmax"),
    ),
}
OF_TOKENS = [name for name in NETWORKS if "GRU" in name]


def network(name):
    """A network with weights in which nothing is zero, not even a bias."""
    keras.utils.set_random_seed(1)
    model, random = NETWORKS[name](), np.random.default_rng(0)
    model.set_weights([each + random.normal(0, 0.1, each.shape) for each in model.get_weights()])
    return model


def inputs_of(model, count=INPUTS):
    random, shape = np.random.default_rng(2), model.input_shape[1:]
    if shape == (None,):
        return random.integers(0, model.layers[0].input_dim, (count, 30))
    return random.normal(size=(count, *shape)).astype("float32")


def rounded(model):
    """The model with the weights that a file of `float16` gives back."""
    model.set_weights([each.astype("float16").astype("float32") for each in model.get_weights()])
    return model


def in_keras(model, inputs):
    """What each layer gives that doesn't only take part in training."""
    flow, outputs = inputs, []
    for layer in model.layers:
        flow = layer(flow)
        if not isinstance(layer, layers.Dropout):
            outputs.append(np.asarray(flow))
    return outputs


@pytest.fixture(scope="module")
def page(chromium):
    page = chromium.new_page()
    page.add_script_tag(path=str(ENGINE))
    yield page
    page.close()


def read(page, path):
    return page.evaluate(READ, base64.b64encode(path.read_bytes()).decode())


def evaluate(page, script, inputs):
    return json.loads(page.evaluate(script, json.dumps(inputs.tolist())))


def difference(page, model, inputs):
    """How far any layer in the browser is from Keras, as a share of its largest output."""
    rows = evaluate(page, RUN, inputs.reshape(len(inputs), -1))
    differences = []
    for layer, expected in enumerate(in_keras(model, inputs)):
        assert tuple(rows[0][layer][0]) == expected.shape[1:]
        found = np.array([row[layer][1] for row in rows]).reshape(expected.shape)
        differences.append(np.abs(found - expected).max() / np.abs(expected).max())
    assert len(differences) == len(rows[0])
    return max(differences)


@pytest.mark.parametrize("dtype", ["float16", "float32"])
@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_gives_what_it_gives_in_keras(page, tmp_path, name, dtype):
    model = network(name)
    write_network(model, tmp_path / "a.network", dtype=dtype, characters="明月𝕏\n")
    facts, names = read(page, tmp_path / "a.network")
    assert facts == {"characters": "明月𝕏\n"}
    assert names == [each.name for each in model.layers if not isinstance(each, layers.Dropout)]
    if dtype == "float16":
        model = rounded(model)
    assert difference(page, model, inputs_of(model)) < CLOSE


@pytest.mark.parametrize("name", OF_TOKENS)
def test_step_by_step_a_gru_ends_where_it_ends_in_one_go(page, tmp_path, name):
    model = network(name)
    write_network(model, tmp_path / "a.network", dtype="float32")
    read(page, tmp_path / "a.network")
    inputs = inputs_of(model)
    expected = in_keras(model, inputs)[-1].reshape(INPUTS, -1, TOKENS)[:, -1]
    found = np.array(evaluate(page, STEP, inputs))
    assert np.abs(found - expected).max() < CLOSE * np.abs(expected).max()


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("dense", "Math.max(value, 0)", "Math.max(value, -0.1)"),
        ("activations", "if (biases) out.set(biases)", "out.fill(0.01)"),
        ("activations", "share / sum", "share"),
        ("lenet", "if (biases) for (", "if (false) for ("),
        ("lenet", "(within * channels + channel)", "(channel * tall * wide + within)"),
        ("odd sizes, same", "value * scale + offset", "value * scale"),
        ("odd sizes, same", "sum / count", "sum / 4"),
        ("odd sizes, same", "pooling(-Infinity, Math.max", "pooling(0, Math.max"),
        ("odd sizes, same", "-Math.floor(missing / 2)", "-Math.ceil(missing / 2)"),
        ("odd sizes, valid", "within % wide", "within % tall"),
        ("one GRU", "reset[unit] * h[place]", "h[place]"),
        ("one GRU", "(1 - update[unit])", "update[unit]"),
        ("two GRUs", "row * 3 * units, (row + 1)", "0 * units, (0 + 1)"),
        ("two GRUs", "index * units, (index + 1)", "0 * units, (0 + 1)"),
    ],
)  # fmt: skip
def test_an_engine_with_a_mistake_is_found_out(page, chromium, tmp_path, name, right, wrong):
    script = ENGINE.read_text(encoding="utf-8")
    assert script.count(right) == 1
    broken = chromium.new_page()
    broken.add_script_tag(content=script.replace(right, wrong))
    model = network(name)
    write_network(model, tmp_path / "a.network", dtype="float32")
    read(broken, tmp_path / "a.network")
    try:
        found = difference(broken, model, inputs_of(model, 4))
    except (AssertionError, ValueError):
        return  # it gives other shapes
    finally:
        broken.close()
    assert not found < 100 * CLOSE


DAMAGES = {
    "cut short": lambda data: data[:-2],
    "longer": lambda data: data + bytes(4),
    "no header": lambda data: bytes(4) + data[4:],
    "another version": lambda data: data.replace(b'"version":1', b'"version":2'),
    "another form": lambda data: data.replace(b"tf2docs.network", b"tf3docs.network"),
    "a layer unheard of": lambda data: data.replace(b'"Dense"', b'"Dunce"'),
    "an activation unheard of": lambda data: data.replace(b'"linear"', b'"lunear"'),
    "not even JSON": lambda data: data.replace(b"{", b"x", 1),
    "a page of a server": lambda _: b"<!doctype html><title>404</title>",
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_file_that_is_no_network_is_refused(page, tmp_path, how):
    from playwright.sync_api import Error

    file = tmp_path / "a.network"
    write_network(of_images((2,), layers.Dense(3)), file)
    whole = file.read_bytes()
    file.write_bytes(DAMAGES[how](whole))
    assert file.read_bytes() != whole
    with pytest.raises(Error):
        read(page, file)


def test_inputs_that_do_not_fit_are_refused(page, tmp_path):
    from playwright.sync_api import Error

    write_network(network("dense"), tmp_path / "a.network")
    read(page, tmp_path / "a.network")
    with pytest.raises(Error, match="5 values don't make the shape 28,28"):
        evaluate(page, RUN, np.ones((1, 5)))
    write_network(network("one GRU"), tmp_path / "a.network")
    read(page, tmp_path / "a.network")
    for index in (TOKENS, -1, 0.5):
        with pytest.raises(Error, match="isn't below 20"):
            evaluate(page, RUN, np.array([[index]]))


# The networks that lessons keep


def in_keras_again(path):
    """The model that a file was written of, made anew of what its header says."""
    data = path.read_bytes()
    start = 4 + int.from_bytes(data[:4], "little")
    header = json.loads(data[4:start])
    made = []
    for layer in header["layers"]:
        settings = {
            key: value for key, value in layer.items() if key not in ("class", "weights", "name")
        }
        shapes = layer["weights"]
        if layer["class"] in ("Dense", "Conv2D"):
            name = "units" if layer["class"] == "Dense" else "filters"
            settings |= {name: shapes[0][-1], "use_bias": len(shapes) == 2}
        if layer["class"] == "Conv2D":
            settings["kernel_size"] = shapes[0][:2]
        if layer["class"] == "GRU":
            settings |= {"units": shapes[1][0], "use_bias": len(shapes) == 3}
        if layer["class"] == "Embedding":
            settings = dict(zip(("input_dim", "output_dim"), shapes[0], strict=True))
        made.append(getattr(layers, layer["class"])(**settings))
    model = keras.Sequential([keras.Input(tuple(header["input"])), *made])
    flat = np.frombuffer(data[start:], {"float16": "<f2", "float32": "<f4"}[header["dtype"]])
    sizes = [each.size for each in model.get_weights()]
    pieces = np.split(flat.astype("float32"), np.cumsum(sizes)[:-1])
    weights = zip(pieces, model.get_weights(), strict=True)
    model.set_weights([piece.reshape(each.shape) for piece, each in weights])
    return model


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_a_lesson_keeps_gives_what_it_gives_in_keras(page, path):
    model = in_keras_again(path)
    read(page, path)
    assert difference(page, model, inputs_of(model)) < CLOSE


@pytest.mark.parametrize("name", ["dense", "lenet", "odd sizes, same", "two GRUs"])
def test_a_model_is_made_anew_as_it_was(tmp_path, name):
    model = network(name)
    write_network(model, tmp_path / "a.network", dtype="float32")
    inputs = inputs_of(model)
    again = in_keras_again(tmp_path / "a.network")
    assert np.array_equal(in_keras(again, inputs)[-1], in_keras(model, inputs)[-1])


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in KEPT}), ids=lambda each: each.name
)
def test_the_networks_of_a_page_are_small_enough(folder, published):
    scripts = published.joinpath(folder.relative_to(ROOT / "docs")).glob("*.network.js")
    assert sum(len(gzip.compress(each.read_bytes())) for each in scripts) <= PAGE_LIMIT


def test_the_engine_says_what_it_runs(tmp_path):
    """The names in the script are those that are written."""
    said = re.search(r"const LAYERS = \{(.*?)\n  \};", ENGINE.read_text("utf-8"), re.DOTALL)[1]
    in_script = set(re.findall(r"^    (\w+)[:(]", said, re.MULTILINE))
    refused = of_images((3, 4), layers.LSTM(2))
    with pytest.raises(ValueError, match="Those that do") as caught:
        write_network(refused, tmp_path / "a.network")
    written = re.search(r"Those that do: (.*)\.", str(caught.value))[1].split(", ")
    assert in_script == set(written) - {"Dropout"}
