import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.models import ConvClassifier, Line, dense_classifier, with_softmax


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
        ({"hidden": 0}, "expected a positive integer. Received: units=0"),
        ({"classes": -1}, "expected a positive integer. Received: units=-1"),
    ],
)
def test_keras_itself_says_what_is_wrong_with_a_size(arguments, message):
    with pytest.raises(ValueError, match=message):
        dense_classifier(**arguments)


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
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert np.isfinite(model.fit(coloured(8), np.arange(8) % 2, verbose=0).history["loss"][0])
