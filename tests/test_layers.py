import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.layers import BahdanauAttention, Linear, MaxOverTime


def inputs(*shape):
    return np.random.default_rng(0).random(shape, dtype=np.float32)


def test_it_multiplies_by_its_kernel():
    layer, batch = Linear(3), inputs(5, 4)
    outputs = layer(batch)
    assert np.allclose(outputs, batch @ layer.kernel.numpy(), atol=1e-6)


def test_it_has_no_weights_until_it_knows_its_inputs():
    layer = Linear(3)
    assert (layer.built, layer.weights) == (False, [])
    layer(inputs(5, 4))
    assert (layer.built, layer.kernel.shape) == (True, (4, 3))


def test_it_maps_the_last_axis_of_any_inputs():
    assert Linear(3)(inputs(2, 5, 4)).shape == (2, 5, 3)


@pytest.mark.parametrize("shape", [(None, 4), (2, 4), (None, 5, 4), (4,)])
def test_it_knows_the_shape_of_its_outputs(shape):
    assert Linear(3).compute_output_shape(shape) == (*shape[:-1], 3)


def test_the_shape_that_it_says_is_the_shape_that_comes():
    layer = Linear(3)
    assert layer(inputs(2, 5, 4)).shape == layer.compute_output_shape((2, 5, 4))


def test_a_kernel_starts_as_the_initializer_says():
    layer = Linear(3, initializer="ones")
    assert np.array_equal(layer(np.ones((1, 4), np.float32)), [[4, 4, 4]])


def test_an_initializer_may_be_an_object():
    layer = Linear(3, initializer=keras.initializers.Constant(0.5))
    assert np.array_equal(layer(np.ones((1, 4), np.float32)), [[2, 2, 2]])


def test_a_layer_is_made_once_more_from_its_config():
    layer = Linear(
        3,
        initializer=keras.initializers.Constant(0.5),
        name="thrice",
        dtype="float64",
        trainable=False,
    )
    again = Linear.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert (again.units, again.initializer.value, again.name, again.dtype) == (
        3,
        0.5,
        "thrice",
        "float64",
    )
    assert not again.trainable


def test_what_a_saved_model_predicts_it_predicts_after_loading(tmp_path):
    model = keras.Sequential([keras.Input((4,)), Linear(8, initializer="he_normal"), Linear(3)])
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.layers[0]) is Linear
    assert np.array_equal(loaded(inputs(5, 4)), model(inputs(5, 4)))


def test_it_learns_a_matrix():
    keras.utils.set_random_seed(0)
    matrix, batch = np.array([[1.0], [-2.0], [3.0]], np.float32), inputs(200, 3)
    model = keras.Sequential([keras.Input((3,)), Linear(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
    model.fit(batch, batch @ matrix, epochs=30, verbose=0)
    assert np.allclose(model.layers[0].kernel, matrix, atol=0.05)


@pytest.mark.parametrize(
    ("units", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        ("3", TypeError),
        (3.0, TypeError),
        (float("nan"), TypeError),
        (True, TypeError),
    ],
)
def test_a_layer_without_units_is_refused(units, error):
    with pytest.raises(error, match=f"units is {units!r}.*expected a whole number of at least 1"):
        Linear(units)


def test_units_may_be_numpys_and_are_saved_as_a_number():
    assert type(Linear(np.int64(3)).get_config()["units"]) is int


def test_an_initializer_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="Could not interpret initializer identifier: nonsense"):
        Linear(3, initializer="nonsense")


STEPS = np.array([[[1, -3], [2, -1], [9, 9]], [[4, 0], [-5, 8], [6, 7]]], np.float32)
REAL = np.array([[True, True, False], [True, False, True]])


def test_padding_never_wins():
    assert np.array_equal(MaxOverTime()(STEPS, mask=REAL), [[2, -1], [6, 7]])


def test_without_a_mask_every_step_counts():
    pooled = MaxOverTime()(STEPS)
    assert np.array_equal(pooled, keras.layers.GlobalMaxPooling1D()(STEPS))


def test_more_padding_changes_nothing():
    further = np.pad(STEPS, ((0, 0), (0, 5), (0, 0)), constant_values=99)
    mask = np.pad(REAL, ((0, 0), (0, 5)))
    layer = MaxOverTime()
    assert np.array_equal(layer(further, mask=mask), layer(STEPS, mask=REAL))


def test_a_text_without_words_gives_zeros():
    assert np.array_equal(MaxOverTime()(STEPS, mask=np.zeros_like(REAL)), np.zeros((2, 2)))


def test_it_takes_the_mask_of_an_embedding_and_ends_it():
    embedding = keras.layers.Embedding(5, 2, mask_zero=True)
    tokens = keras.Input((3,), dtype="int32")
    model = keras.Model(tokens, MaxOverTime()(embedding(tokens)))
    embedding.set_weights([np.array([[99, 99], [1, 4], [2, 3], [0, 0], [0, 0]], np.float32)])
    pooled = model(np.array([[1, 2, 0]]))
    assert np.array_equal(pooled, [[2, 4]])
    assert getattr(pooled, "_keras_mask", None) is None


def test_gradients_go_to_the_winners_alone():
    steps = keras.Variable(STEPS)
    with tf.GradientTape() as tape:
        total = keras.ops.sum(MaxOverTime()(steps, mask=REAL))
    gradient = keras.ops.convert_to_numpy(tape.gradient(total, steps.value))
    won = [[[0, 0], [1, 1], [0, 0]], [[0, 0], [0, 0], [1, 1]]]
    assert np.array_equal(gradient, won)


def test_half_precision_has_no_nan():
    pooled = MaxOverTime(dtype="float16")(STEPS.astype("float16"), mask=np.zeros_like(REAL))
    assert np.array_equal(pooled, np.zeros((2, 2)))


def test_a_model_whose_convolution_drops_the_mask_is_handed_it_and_saved(tmp_path):
    tokens = keras.Input((None,), dtype="int32")
    vectors = keras.layers.Embedding(9, 4)(tokens)
    features = keras.layers.Conv1D(3, 2, padding="same")(vectors)
    pooled = MaxOverTime()(features, mask=keras.ops.not_equal(tokens, 0))
    model = keras.Model(tokens, pooled)
    short, long = np.array([[5, 2, 7, 0]]), np.array([[5, 2, 7, 0, 0, 0]])
    assert np.allclose(model(short), model(long))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(loaded(short), model(short))


def test_it_says_the_shape_that_comes():
    layer = MaxOverTime()
    assert layer(STEPS).shape == layer.compute_output_shape((2, 3, 2)) == (2, 2)


def test_inputs_without_steps_are_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 3\), expected \(batch, steps, features\)"):
        MaxOverTime()(inputs(2, 3))


QUERY, VALUES = inputs(2, 5, 8), inputs(2, 3, 6)
SHORT = np.array([[True, True, True], [True, False, False]])


def test_attention_is_what_the_paper_says():
    layer = BahdanauAttention(4)
    context, weights = layer(QUERY, VALUES)
    query_kernel, values_kernel, scale = layer.get_weights()
    for example in range(2):
        for place in range(5):
            asked = QUERY[example, place] @ query_kernel
            scores = [scale[:, 0] @ np.tanh(asked + v @ values_kernel) for v in VALUES[example]]
            shares = np.exp(scores) / np.sum(np.exp(scores))
            assert np.allclose(weights[example, place], shares, atol=1e-6)
            assert np.allclose(context[example, place], shares @ VALUES[example], atol=1e-6)


def test_weights_sum_to_one_and_padding_gets_none():
    _, weights = BahdanauAttention(4)(QUERY, VALUES, values_mask=SHORT)
    assert np.allclose(np.sum(weights, axis=-1), 1)
    assert np.all(weights.numpy()[1, :, 1:] == 0) and np.all(weights.numpy()[0] > 0)


def test_what_stands_in_the_padding_changes_nothing():
    layer, other = BahdanauAttention(4), VALUES.copy()
    other[1, 1:] = 99
    first, second = (layer(QUERY, v, values_mask=SHORT) for v in (VALUES, other))
    assert np.array_equal(first[0], second[0]) and np.array_equal(first[1], second[1])


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "mixed_float16"])
def test_without_anything_real_all_is_0_and_no_gradient_is_nan(dtype):
    layer, values = BahdanauAttention(4, dtype=dtype), tf.constant(VALUES)
    mask = np.zeros_like(SHORT)
    with tf.GradientTape() as tape:
        context, weights = layer(QUERY, values, values_mask=mask)
        total = keras.ops.sum(context)
    assert not np.any(context) and not np.any(weights)
    for gradient in tape.gradient(total, layer.trainable_variables):
        assert np.all(np.isfinite(keras.ops.convert_to_numpy(gradient).astype(float)))


def test_it_takes_the_mask_of_the_values_and_hands_none_on():
    embedding = keras.layers.Embedding(9, 6, mask_zero=True)
    context, weights = BahdanauAttention(4)(QUERY[:1], embedding(np.array([[3, 0, 0]])))
    assert np.array_equal(weights[0], [[1, 0, 0]] * 5)
    assert getattr(context, "_keras_mask", None) is None


def test_as_keras_has_it_but_for_the_matrices():
    layer = BahdanauAttention(4)
    context, weights = layer(QUERY, VALUES, values_mask=SHORT)
    query_kernel, values_kernel, scale = layer.get_weights()
    theirs = keras.layers.AdditiveAttention()
    keys = VALUES @ values_kernel
    both = [QUERY @ query_kernel, VALUES, keys]
    theirs(both)
    theirs.set_weights([scale[:, 0]])
    mixed, scores = theirs(both, mask=[None, SHORT], return_attention_scores=True)
    assert np.allclose(context, mixed, atol=1e-6) and np.allclose(weights, scores, atol=1e-6)


def test_a_model_with_attention_predicts_the_same_after_loading(tmp_path):
    query, words = keras.Input((None, 8)), keras.Input((None,), dtype="int32")
    values = keras.layers.Embedding(9, 6, mask_zero=True)(words)
    model = keras.Model([query, words], BahdanauAttention(4)(query, values))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    asked = [QUERY, np.array([[1, 2, 0], [4, 0, 0]])]
    for one, other in zip(model(asked), loaded(asked), strict=True):
        assert np.array_equal(one, other)


def test_it_says_the_shapes_that_come():
    layer = BahdanauAttention(4)
    context, weights = layer(QUERY, VALUES)
    assert layer.compute_output_shape((2, 5, 8), (2, 3, 6)) == (context.shape, weights.shape)


def test_queries_and_values_have_three_axes():
    with pytest.raises(ValueError, match=r"query has the shape \(2, 8\), expected \(batch, steps"):
        BahdanauAttention(4)(QUERY[:, 0], VALUES)
    with pytest.raises(ValueError, match="units is 0"):
        BahdanauAttention(0)


def test_it_learns_to_look_at_the_marked_step():
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    values = random.normal(size=(300, 4, 3)).astype("float32")
    marked = random.integers(0, 4, 300)
    values[:, :, 0] = np.arange(4) == marked[:, np.newaxis]
    query, steps = keras.Input((1, 1)), keras.Input((4, 3))
    context, weights = BahdanauAttention(8)(query, steps)
    model = keras.Model([query, steps], context)
    model.compile(keras.optimizers.Adam(0.05), "mse")
    targets = values[np.arange(300), marked][:, np.newaxis]
    asked = [np.ones((300, 1, 1), "float32"), values]
    model.fit(asked, targets, epochs=15, verbose=0)
    looked = keras.Model([query, steps], weights)(asked).numpy()[:, 0]
    assert np.mean(looked.argmax(axis=1) == marked) > 0.99
