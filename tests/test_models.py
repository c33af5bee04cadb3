import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.models import (
    ConvClassifier,
    Line,
    dense_classifier,
    dense_ensemble,
    lenet,
    with_softmax,
)


def images(count=3):
    return np.random.default_rng(0).random((count, 28, 28), dtype=np.float32)


def test_a_dense_classifier_has_the_layers_of_the_lesson():
    layers = [type(layer).__name__ for layer in dense_classifier().layers]
    assert layers == ["Flatten", "Dense", "Dropout", "Dense"]


def test_a_dense_classifier_has_the_parameters_of_the_lesson():
    assert dense_classifier().count_params() == (784 * 128 + 128) + (128 * 10 + 10)


def test_its_sizes_can_be_chosen():
    model = dense_classifier(classes=3, hidden=5, dropout=0.5, image_shape=(8, 8, 2))
    assert model.input_shape == (None, 8, 8, 2)
    assert model.output_shape == (None, 3)
    assert model.layers[1].units == 5
    assert model.layers[2].rate == 0.5


def test_the_hidden_layer_is_rectified_and_the_last_one_is_not():
    model = dense_classifier()
    assert model.layers[1].activation is keras.activations.relu
    assert model.layers[-1].activation is keras.activations.linear


def test_logits_need_not_sum_to_one():
    logits = dense_classifier()(images()).numpy()
    assert logits.shape == (3, 10)
    assert not np.allclose(logits.sum(axis=1), 1, atol=1e-3)


def test_dropout_acts_in_training_only():
    model = dense_classifier(dropout=0.9)
    assert np.array_equal(model(images()), model(images()))
    assert not np.array_equal(model(images(), training=True), model(images(), training=False))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dropout": 1.5}, "Expected a float value between 0 and 1. Received: rate=1.5"),
        ({"image_shape": 784}, "Cannot convert '784' to a shape"),
    ],
)
def test_keras_itself_says_what_is_wrong_with_a_size(arguments, message):
    with pytest.raises(ValueError, match=message):
        dense_classifier(**arguments)


SIZES = [
    (dense_classifier, ["classes", "hidden"]),
    (ConvClassifier, ["classes", "filters", "hidden"]),
    (lenet, ["classes"]),
]
EVERY_SIZE = [(build, name) for build, names in SIZES for name in names]


@pytest.mark.parametrize(("build", "name"), EVERY_SIZE)
@pytest.mark.parametrize(
    ("size", "error", "shown"),
    [
        (0, ValueError, "0"),
        (-1, ValueError, "-1"),
        (2.0, TypeError, "2.0, a float"),
        ("2", TypeError, "'2', a str"),
    ],
)
def test_a_size_that_is_none_is_named(build, name, size, error, shown):
    with pytest.raises(error, match=f"{name} is {shown}, expected a whole number of at least 1"):
        build(**{name: size})


@pytest.mark.parametrize("build", [dense_classifier, ConvClassifier])
def test_sizes_may_be_numpys_and_are_saved_as_numbers(build, tmp_path):
    model = build(classes=np.array([3, 9], np.uint8).max() + 1, hidden=np.int64(4))
    model(coloured() if build is ConvClassifier else images())
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[-1].units == 10
    assert type(loaded.layers[-1].units) is int


def test_a_softmax_turns_logits_into_probabilities():
    model = dense_classifier()
    logits = model(images()).numpy()
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.allclose(with_softmax(model)(images()), expected, atol=1e-6)


def test_a_wrapped_model_knows_what_the_model_learns_later():
    model = dense_classifier()
    wrapped = with_softmax(model)
    before = wrapped(images()).numpy()
    model.layers[-1].bias.assign(np.arange(10.0))
    assert not np.allclose(wrapped(images()), before, atol=1e-2)


def test_wrapping_leaves_the_model_as_it_was():
    model = dense_classifier()
    before = model(images()).numpy()
    with_softmax(model)
    assert len(model.layers) == 4
    assert np.array_equal(model(images()), before)


def ending_in(*layers):
    return keras.Sequential([keras.Input((4,)), *layers])


def functional(activation):
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(3, activation=activation)(inputs))


@pytest.mark.parametrize(
    ("build", "found"),
    [
        (lambda: with_softmax(dense_classifier()), "softmax"),
        (lambda: keras.Sequential([with_softmax(dense_classifier())]), "softmax"),
        (lambda: ending_in(keras.layers.Dense(3, activation="softmax")), "softmax"),
        (lambda: ending_in(keras.layers.Dense(3), keras.layers.Activation("softmax")), "softmax"),
        (lambda: functional("sigmoid"), "sigmoid"),
    ],
)
def test_probabilities_are_not_taken_for_logits(build, found):
    with pytest.raises(
        ValueError,
        match=f"returns probabilities already: it ends in a {found}. Use the model as it is",
    ):
        with_softmax(build())


@pytest.mark.parametrize("activation", [None, "relu", "tanh"])
def test_scores_may_come_from_other_activations(activation):
    probabilities = with_softmax(functional(activation))(np.ones((2, 4), np.float32))
    assert np.allclose(np.sum(probabilities, axis=1), 1)


def test_a_single_score_has_no_softmax():
    with pytest.raises(
        ValueError, match=r"one score per image, of which a softmax is always 1.*keras.ops.sigmoid"
    ):
        with_softmax(ending_in(keras.layers.Dense(1)))


@pytest.mark.parametrize("form", [list, lambda outputs: dict(zip("ab", outputs, strict=True))])
def test_several_outputs_have_no_softmax(form):
    inputs = keras.Input((4,))
    outputs = form([keras.layers.Dense(2)(inputs), keras.layers.Dense(3)(inputs)])
    with pytest.raises(
        ValueError, match=r"returns outputs of the shapes .*\(None, 3\).*, expected logits alone"
    ):
        with_softmax(keras.Model(inputs, outputs))


@pytest.mark.parametrize(
    "model", [None, np.ones((2, 3)), [dense_classifier], keras.layers.Dense(3)]
)
def test_what_is_no_model_has_no_softmax(model):
    with pytest.raises(
        TypeError, match=f"model is a {type(model).__name__}, expected a keras.Model"
    ):
        with_softmax(model)


def test_a_model_that_is_not_built_yet_may_have_a_softmax():
    for model in (
        ConvClassifier(classes=3, filters=2, hidden=4),
        keras.Sequential([keras.layers.Dense(3)]),
    ):
        assert np.allclose(np.sum(with_softmax(model)(coloured()), axis=-1), 1)


def test_a_classifier_learns_two_patterns():
    keras.utils.set_random_seed(0)
    labels = np.arange(64) % 2
    patterns = np.where(labels[:, None, None] == 1, np.eye(8), np.eye(8)[::-1]).astype(np.float32)
    model = dense_classifier(classes=2, hidden=8, image_shape=(8, 8))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    model.fit(patterns, labels, epochs=20, batch_size=8, verbose=0)
    assert model.evaluate(patterns, labels, verbose=0)[1] == 1.0


def test_a_line_computes_its_formula():
    x = np.array([[-1.0, 0.0], [2.0, 3.0]], dtype=np.float32)
    assert np.allclose(Line(slope=5.0, intercept=2.0)(x), 5 * x + 2)


@pytest.mark.parametrize(
    "form", [np.float64, np.int64, tuple, tf.constant, lambda x: tf.constant(x, tf.float64)]
)
def test_a_line_takes_numbers_of_any_kind(form):
    outputs = Line(slope=np.float64(3), intercept=tf.constant(1))(form([1, 2]))
    assert outputs.dtype == tf.float32
    assert outputs.numpy().tolist() == [4, 7]


@pytest.mark.parametrize(
    ("value", "error"),
    [("5", TypeError), ([1, 2], TypeError), (None, TypeError), (float("nan"), ValueError)],
)
@pytest.mark.parametrize("name", ["slope", "intercept"])
def test_a_line_begins_with_two_numbers(name, value, error):
    with pytest.raises(error, match=f"{name} is .*, expected a finite number"):
        Line(**{"slope": 1, "intercept": 0, name: value})


def test_a_line_lists_its_variables():
    line = Line(slope=5, intercept=0)
    assert [variable.numpy() for variable in line.trainable_variables] == [5.0, 0.0]
    assert {variable.dtype for variable in line.trainable_variables} == {tf.float32}


def test_a_line_comes_back_from_a_checkpoint(tmp_path):
    path = tf.train.Checkpoint(line=Line(slope=5.0, intercept=1.0)).save(tmp_path / "line")
    other = Line(slope=0.0, intercept=0.0)
    tf.train.Checkpoint(line=other).restore(path).assert_consumed()
    assert (float(other.W), float(other.b)) == (5.0, 1.0)


def coloured(count=3):
    return images(count)[..., np.newaxis]


def test_a_convolutional_classifier_has_the_parameters_of_the_lesson():
    model = ConvClassifier()
    assert model(coloured()).shape == (3, 10)
    assert model.count_params() == (9 * 32 + 32) + (26 * 26 * 32 * 128 + 128) + (128 * 10 + 10)


def test_its_last_layer_returns_logits():
    model = ConvClassifier()
    logits = model(coloured()).numpy()
    assert not np.allclose(logits.sum(axis=1), 1, atol=1e-3)
    assert model.scores.activation is keras.activations.linear


def test_a_convolutional_classifier_of_other_sizes_comes_back_from_a_file(tmp_path):
    model = ConvClassifier(classes=3, filters=2, hidden=4, name="small")
    logits = model(coloured())
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert np.allclose(loaded(coloured()), logits, atol=1e-6)
    assert loaded.get_config() == model.get_config()
    assert loaded.name == "small"


def test_a_convolutional_classifier_works_with_fit():
    model = ConvClassifier(classes=2, filters=2, hidden=4)
    model.compile(
        optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    assert np.isfinite(model.fit(coloured(8), np.arange(8) % 2, verbose=0).history["loss"][0])


def member_alone(ensemble, member, x):
    """What one network of an ensemble gives, computed layer by layer with matrix products."""
    kernels = [layer for layer in ensemble.layers if layer.weights]
    for layer in kernels:
        x = x @ layer.kernel[member] + layer.bias[member]
        x = np.maximum(x, 0) if layer is not kernels[-1] else x
    return x[:, 0]


def rows_for(members, features=4, count=60):
    return np.random.default_rng(1).normal(size=(count, members, features)).astype("float32")


@pytest.mark.parametrize("hidden", [(), (5,), (6, 3)])
def test_each_network_of_an_ensemble_computes_as_if_alone(hidden):
    model, x = dense_ensemble(3, 4, hidden=hidden), rows_for(3)
    for member in range(3):
        alone = member_alone(model, member, x[:, member])
        np.testing.assert_allclose(model(x)[:, member], alone, atol=1e-5)


def test_what_one_network_learns_changes_no_other():
    x, found = rows_for(2), []
    for other in (0.0, 1.0):
        keras.utils.set_random_seed(0)
        model = dense_ensemble(2, 4)
        y = np.stack([x[:, 0].sum(axis=-1), np.full(60, other)], axis=1)
        model.compile(keras.optimizers.SGD(0.05), "mse")
        model.fit(x, y, epochs=3, verbose=0)
        found.append(model(x).numpy())
    np.testing.assert_allclose(found[0][:, 0], found[1][:, 0], atol=1e-6)
    assert not np.allclose(found[0][:, 1], found[1][:, 1], atol=0.01)


def test_first_weights_are_those_of_a_network_alone_however_many_there_are():
    ensemble = dense_ensemble(200, 10).layers[0].kernel.numpy()
    alone = keras.initializers.GlorotUniform(0)((10, 16)).numpy()
    assert ensemble.std() == pytest.approx((2 / 26) ** 0.5, rel=0.05)
    assert alone.std() == pytest.approx(ensemble.std(), rel=0.2)


def test_an_ensemble_refuses_sizes_that_are_none():
    with pytest.raises(ValueError, match="members"):
        dense_ensemble(0, 4)
    with pytest.raises(TypeError, match="hidden"):
        dense_ensemble(2, 4, hidden=(1.5,))


def lengths(model):
    return {layer.name: layer.output.shape[1:] for layer in model.layers}


def test_lenet_has_the_shapes_of_the_paper():
    shapes = lengths(lenet())
    assert shapes["conv1"] == (28, 28, 6)
    assert shapes["pool1"] == (14, 14, 6)
    assert shapes["conv2"] == (10, 10, 16)
    assert shapes["pool2"] == (5, 5, 16)
    assert [shapes[name] for name in ("dense1", "dense2", "logits")] == [(120,), (84,), (10,)]


def test_lenet_rectifies_all_but_its_logits():
    activations = [getattr(layer, "activation", None) for layer in lenet().layers]
    assert activations.count(keras.activations.relu) == 4
    assert activations[-1] is keras.activations.linear


def test_lenet_takes_colours_and_other_sizes():
    model = lenet(classes=3, image_shape=(32, 20, 3))
    assert model(np.zeros((2, 32, 20, 3), "float32")).shape == (2, 3)
    assert lengths(lenet(image_shape=(12, 12, 1)))["pool2"] == (1, 1, 16)


def test_what_lenets_convolutions_find_moves_with_the_image():
    model = lenet()
    maps = keras.Model(model.inputs[0], model.get_layer("conv2").output)
    image = np.zeros((1, 28, 28, 1), "float32")
    image[0, 10:16, 10:16, 0] = np.random.default_rng(0).random((6, 6))
    there = maps(np.roll(image, 4, axis=2)).numpy()  # two places of conv2
    assert np.allclose(there[:, :, 2:], maps(image)[:, :, :-2], atol=1e-6)


def test_lenet_is_saved_and_loaded(tmp_path):
    model, image = lenet(), np.ones((1, 28, 28, 1), "float32")
    model.save(tmp_path / "lenet.keras")
    loaded = keras.models.load_model(tmp_path / "lenet.keras")
    assert np.array_equal(loaded(image), model(image))


@pytest.mark.parametrize(
    ("shape", "mend"),
    [
        ((28, 28), r"is \(28, 28\), expected \(height, width, channels\).*np.newaxis"),
        ((11, 28, 1), r"is \(11, 28, 1\), expected.*at least 12 pixels.*Enlarge or pad"),
    ],
)
def test_images_that_lenet_cannot_take_are_named(shape, mend):
    with pytest.raises(ValueError, match=mend):
        lenet(image_shape=shape)
