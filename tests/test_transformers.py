import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from tf2docs.transformers import (
    PositionalEmbedding,
    PositionalEmbedding2D,
    TransformerBlock,
    TransformerDecoderBlock,
    sinusoids,
)

TOKENS = np.array([[5, 7, 5, 2], [3, 1, 0, 0]])
REAL = TOKENS > 0


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


VECTORS, CONTEXT = normal(2, 4, 8), normal(2, 3, 6, seed=1)
SHORT = np.array([[True, True, True], [True, False, False]])


def test_sinusoids_are_waves_that_slow_down():
    table = sinusoids(50, 8)
    assert table.shape == (50, 8) and table.dtype == np.float32
    assert np.allclose(table[:, 0], np.sin(np.arange(50)), atol=1e-5)
    assert np.allclose(table[:, 4], np.cos(np.arange(50)), atol=1e-5)
    assert np.allclose(table[:, 1], np.sin(np.arange(50) / 10), atol=1e-5)


def test_positions_that_are_as_far_apart_have_the_same_product():
    table = sinusoids(50, 16)
    products = table @ table.T
    for distance in (1, 5, 20):
        diagonal = np.diagonal(products, distance)
        assert np.allclose(diagonal, diagonal[0], atol=1e-4)


def test_sinusoids_need_an_even_number_of_units():
    with pytest.raises(ValueError, match="units is 7, expected an even number"):
        sinusoids(3, 7)
    with pytest.raises(ValueError, match="length is 0, expected a whole number of at least 1"):
        sinusoids(0, 8)


@pytest.mark.parametrize("positions", ["learned", "sinusoidal"])
def test_the_same_token_elsewhere_has_another_vector(positions):
    layer = PositionalEmbedding(9, 8, length=6, positions=positions)
    vectors = layer(TOKENS).numpy()
    assert vectors.shape == (2, 4, 8) == layer.compute_output_shape(TOKENS.shape)
    assert not np.allclose(vectors[0, 0], vectors[0, 2])


def test_without_positions_only_the_token_counts():
    layer = PositionalEmbedding(9, 8, length=6, positions=None)
    vectors = layer(TOKENS).numpy()
    assert np.array_equal(vectors[0, 0], vectors[0, 2])
    assert len(layer.weights) == 1


def test_a_vector_is_the_sum_of_token_and_position():
    layer = PositionalEmbedding(9, 8, length=6)
    vectors = layer(TOKENS).numpy()
    embeddings, table = layer.get_weights()
    assert np.allclose(vectors[1, 2], (embeddings[0] + table[2]) * 8**0.5, atol=1e-6)


def test_sinusoids_are_added_as_they_are():
    layer = PositionalEmbedding(9, 8, length=6, positions="sinusoidal")
    vectors = layer(TOKENS).numpy()
    [embeddings, _] = layer.get_weights()
    assert len(layer.trainable_weights) == 1
    assert np.allclose(vectors[0] - embeddings[TOKENS[0]] * 8**0.5, sinusoids(4, 8), atol=1e-5)


def test_token_0_is_padding_unless_told_otherwise():
    assert np.array_equal(PositionalEmbedding(9, 8, length=6).compute_mask(TOKENS), REAL)
    assert PositionalEmbedding(9, 8, length=6, mask_zero=False).compute_mask(TOKENS) is None


def test_a_sequence_that_is_too_long_is_refused():
    layer = PositionalEmbedding(9, 8, length=3)
    with pytest.raises(ValueError, match=r"have 4 steps, expected 3 at most: cut them"):
        layer(TOKENS)
    with pytest.raises(ValueError, match=r"shape \(4,\), expected \(batch, steps\)"):
        PositionalEmbedding(9, 8, length=3)(TOKENS[0])


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"tokens": 0}, ValueError, "tokens is 0"),
        ({"units": 2.5}, TypeError, "units is 2.5"),
        ({"length": "9"}, TypeError, "length is '9'"),
        ({"positions": "random"}, ValueError, "positions is 'random', expected 'learned'"),
    ],
)
def test_an_embedding_of_another_kind_is_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        PositionalEmbedding(**{"tokens": 9, "units": 8, "length": 6, **arguments})


def test_a_causal_block_hides_the_future():
    block, other = TransformerBlock(2, 16, causal=True), VECTORS.copy()
    other[:, 2:] += 1
    first, second = block(VECTORS).numpy(), block(other).numpy()
    assert np.allclose(first[:, :2], second[:, :2], atol=1e-6)
    assert not np.allclose(first[:, 2:], second[:, 2:], atol=1e-2)


def test_a_block_of_an_encoder_sees_it():
    block, other = TransformerBlock(2, 16), VECTORS.copy()
    other[:, 3] += 1
    other[:, 3, 0] -= 5
    assert np.abs(block(VECTORS) - block(other)).max(axis=-1).min() > 1e-4


@pytest.mark.parametrize("causal", [False, True])
def test_what_stands_in_the_padding_changes_nothing(causal):
    block, other = TransformerBlock(2, 16, causal=causal), VECTORS.copy()
    other[~REAL] = normal(2, 8, seed=3)
    first, second = (block(v, mask=REAL).numpy()[REAL] for v in (VECTORS, other))
    assert np.allclose(first, second, atol=1e-6)


def test_more_padding_changes_nothing():
    model = keras.Sequential([PositionalEmbedding(9, 8, length=9), TransformerBlock(2, 16)])
    longer = np.pad(TOKENS, ((0, 0), (0, 5)))
    assert np.allclose(model(TOKENS)[REAL], model(longer)[:, :4][REAL], atol=1e-6)


def test_scores_sum_to_1_and_hidden_steps_get_none():
    block = TransformerBlock(2, 16, causal=True)
    block(VECTORS)
    scores = block.attention_scores(VECTORS, mask=REAL).numpy()
    assert scores.shape == (2, 2, 4, 4)
    assert np.allclose(scores.sum(axis=-1), 1, atol=1e-6)
    assert np.all(scores[:, :, *np.triu_indices(4, 1)] == 0)
    assert np.all(scores[1, :, :, 2:] == 0)


def test_without_positions_another_order_gives_the_same_in_another_order():
    block, order = TransformerBlock(2, 16), [2, 0, 3, 1]
    assert np.allclose(block(VECTORS[:, order]), block(VECTORS).numpy()[:, order], atol=1e-5)


def test_a_block_is_what_the_paper_says_with_the_norm_first():
    block = TransformerBlock(1, 16)
    outputs = block(VECTORS)
    read = block.norm(VECTORS)
    *projections, out, out_bias = block.attention.get_weights()
    pairs = zip(projections[::2], projections[1::2], strict=True)
    query, key, value = (read @ kernel[:, 0] + bias[0] for kernel, bias in pairs)
    shares = ops.softmax(query @ ops.transpose(key, (0, 2, 1)) / 8**0.5)
    mixed = shares @ value @ out[0] + out_bias
    after = VECTORS + mixed
    assert np.allclose(outputs, after + block.feed_forward(after), atol=1e-5)


def test_a_decoders_block_hides_the_future_and_sees_the_context():
    block, other = TransformerDecoderBlock(2, 16), VECTORS.copy()
    other[:, 2:] = normal(2, 2, 8, seed=5)
    first = block(VECTORS, CONTEXT).numpy()
    assert np.allclose(first[:, :2], block(other, CONTEXT)[:, :2], atol=1e-6)
    changed = block(VECTORS, CONTEXT[::-1].copy()).numpy()
    assert np.abs(first - changed).max(axis=-1).min() > 1e-4


def test_the_padding_of_the_context_changes_nothing():
    block, other = TransformerDecoderBlock(2, 16), CONTEXT.copy()
    other[~SHORT] = 99
    first, second = (block(VECTORS, c, context_mask=SHORT) for c in (CONTEXT, other))
    assert np.allclose(first, second, atol=1e-6)
    scores = block.attention_scores(VECTORS, CONTEXT, context_mask=SHORT).numpy()
    assert scores.shape == (2, 2, 4, 3)
    assert np.allclose(scores.sum(axis=-1), 1, atol=1e-6) and np.all(scores[1, ..., 1:] == 0)


def test_a_decoders_block_reads_the_masks_of_both():
    embed = PositionalEmbedding(9, 8, length=9)
    block, longer = TransformerDecoderBlock(2, 16), np.pad(TOKENS, ((0, 0), (0, 3)))
    first, second = block(embed(TOKENS), embed(TOKENS)), block(embed(longer), embed(longer))
    assert np.allclose(first[REAL], second[:, :4][REAL], atol=1e-6)


def translator():
    source, written = (keras.Input((None,), dtype="int32") for _ in range(2))
    context = TransformerBlock(2, 16)(PositionalEmbedding(9, 8, length=6)(source))
    embed = PositionalEmbedding(9, 8, length=6, positions="sinusoidal")
    outputs = TransformerDecoderBlock(2, 16)(embed(written), context)
    return keras.Model([source, written], keras.layers.Dense(9)(outputs))


def test_a_translator_predicts_the_same_after_loading(tmp_path):
    model = translator()
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    asked = [TOKENS, TOKENS[:, :3]]
    assert np.array_equal(model(asked), loaded(asked))


def test_a_translator_learns_to_turn_sequences_round():
    keras.utils.set_random_seed(0)
    model, random = translator(), np.random.default_rng(0)
    source = random.integers(1, 9, (2000, 3))
    target = source[:, ::-1]
    written = np.pad(target[:, :-1], ((0, 0), (1, 0)), constant_values=1)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.01), loss, jit_compile=False)
    model.fit([source, written], target, epochs=8, batch_size=100, verbose=0)
    right = model([source, written]).numpy().argmax(axis=-1) == target
    assert np.mean(right) > 0.95


def test_each_place_of_a_map_gets_what_stands_there_and_vectors_of_row_and_column():
    maps, layer = normal(2, 3, 4, 8), PositionalEmbedding2D()
    vectors = layer(maps).numpy()
    assert vectors.shape == (2, 12, 8)
    rows, columns = (array.numpy() for array in (layer.rows, layer.columns))
    for row, column in ((0, 0), (0, 3), (2, 1)):
        expected = maps[:, row, column] + rows[row, 0] + columns[column]
        assert np.allclose(vectors[:, 4 * row + column], expected, atol=1e-6)


def test_no_two_places_of_a_map_are_alike_and_all_vectors_are_trained():
    layer = PositionalEmbedding2D()
    [places] = layer(np.zeros((1, 3, 4, 8), "float32")).numpy()
    apart = np.abs(places[:, np.newaxis] - places).sum(axis=-1)
    assert np.all(apart + np.eye(12) > 0.1)
    assert [weight.shape for weight in layer.trainable_variables] == [(3, 1, 8), (4, 8)]


def test_a_map_of_another_form_is_refused():
    with pytest.raises(ValueError, match=r"maps has the shape \(2, 4, 8\), expected \(batch"):
        PositionalEmbedding2D()(VECTORS)
    with pytest.raises(ValueError, match="if its Input says height and width"):
        PositionalEmbedding2D()(keras.Input((None, None, 8)))


def test_attention_over_the_places_of_a_map_is_saved_and_loaded(tmp_path):
    maps, written = keras.Input((3, 4, 8)), keras.Input((5, 8))
    look = TransformerDecoderBlock(2, 16)(written, PositionalEmbedding2D()(maps))
    model = keras.Model([maps, written], look)
    inputs = [normal(2, 3, 4, 8), normal(2, 5, 8)]
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert np.allclose(model(inputs), again(inputs), atol=1e-6)
    assert PositionalEmbedding2D().compute_output_shape((None, 3, 4, 8)) == (None, 12, 8)


@pytest.mark.parametrize("policy", ["float16", "bfloat16", "mixed_float16", "mixed_bfloat16"])
def test_half_precision_has_no_nan(policy):
    block = TransformerBlock(2, 16, causal=True, dtype=policy)
    decoder = TransformerDecoderBlock(2, 16, dtype=policy)
    embed = PositionalEmbedding(9, 8, length=6, positions="sinusoidal", dtype=policy)
    with tf.GradientTape() as tape:
        outputs = decoder(block(embed(np.zeros_like(TOKENS))), CONTEXT, context_mask=SHORT & False)
        total = ops.sum(ops.cast(outputs, "float32"))
    variables = block.trainable_variables + decoder.trainable_variables
    assert keras.backend.standardize_dtype(outputs.dtype) == block.compute_dtype
    for gradient in tape.gradient(total, variables):
        assert np.all(np.isfinite(ops.convert_to_numpy(ops.cast(gradient, "float32"))))


@pytest.mark.parametrize(
    "layer",
    [
        PositionalEmbedding(9, 8, length=6, positions=None, mask_zero=False, name="words"),
        TransformerBlock(2, 16, causal=True, dropout=0.3, name="causal", dtype="float64"),
        TransformerDecoderBlock(4, 32, dropout=0, name="decoder"),
        PositionalEmbedding2D(name="places", dtype="float64"),
    ],
)
def test_a_layer_is_made_once_more_from_its_config(layer):
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again.name == layer.name and again.dtype == layer.dtype


def test_dropout_acts_in_training_alone():
    block = TransformerBlock(2, 16, dropout=0.9)
    assert np.array_equal(block(VECTORS), block(VECTORS, training=False))
    assert not np.allclose(block(VECTORS), block(VECTORS, training=True))


def test_they_say_the_shape_that_comes():
    assert TransformerBlock(2, 16).compute_output_shape((None, 5, 8)) == (None, 5, 8)
    shape = TransformerDecoderBlock(2, 16).compute_output_shape((None, 5, 8), (None, 3, 6))
    assert shape == (None, 5, 8)


def test_heads_must_divide_the_features():
    for build in (
        lambda: TransformerBlock(3, 16)(VECTORS),
        lambda: TransformerDecoderBlock(3, 16)(VECTORS, CONTEXT),
    ):
        with pytest.raises(ValueError, match="8 features and the block 3 heads, expected a number"):
            build()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"heads": 0}, ValueError, "heads is 0, expected a whole number of at least 1"),
        ({"hidden": "16"}, TypeError, "hidden is '16'"),
        ({"dropout": 1}, ValueError, "dropout is 1.0, expected a share from 0 to below 1"),
        ({"dropout": -0.1}, ValueError, "dropout is -0.1"),
    ],
)
@pytest.mark.parametrize("block", [TransformerBlock, TransformerDecoderBlock])
def test_a_block_of_another_kind_is_refused(block, arguments, error, words):
    with pytest.raises(error, match=words):
        block(**{"heads": 2, "hidden": 16, **arguments})


def test_inputs_without_steps_are_refused():
    with pytest.raises(ValueError, match=r"inputs has the shape \(2, 8\), expected \(batch, steps"):
        TransformerBlock(2, 16)(VECTORS[:, 0])
    with pytest.raises(ValueError, match=r"context has the shape \(2, 6\), expected \(batch, st"):
        TransformerDecoderBlock(2, 16)(VECTORS, CONTEXT[:, 0])
