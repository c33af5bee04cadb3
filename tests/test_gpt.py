import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from tf2docs.decoding import beam_search, greedy
from tf2docs.gpt import generate, read_on
from tf2docs.sampling import probabilities
from tf2docs.transformers import PositionalEmbedding, TransformerBlock

TOKENS, LENGTH = 7, 10
TEXT = np.random.default_rng(0).integers(TOKENS, size=(2, LENGTH))


def embedding(**settings):
    return PositionalEmbedding(TOKENS, 8, length=LENGTH, **{"mask_zero": False, **settings})


def model(blocks=2, **settings):
    keras.utils.set_random_seed(0)
    stack = [TransformerBlock(2, 16, causal=True, dropout=0.3) for _ in range(blocks)]
    end = [layers.LayerNormalization(), layers.Dropout(0.3), layers.Dense(TOKENS)]
    return keras.Sequential([embedding(**settings), layers.Dropout(0.3), *stack, *end])


MODEL = model()
WHOLE = MODEL(TEXT).numpy()


@pytest.mark.parametrize("positions", ["learned", "sinusoidal", None])
@pytest.mark.parametrize("blocks", [1, 3])
def test_one_by_one_gives_what_the_whole_text_gives(positions, blocks):
    net, cache = model(blocks, positions=positions), None
    whole = net(TEXT).numpy()
    for place in range(LENGTH):
        logits, cache = read_on(net, TEXT[:, place : place + 1], cache)
        assert np.allclose(logits, whole[:, place], atol=1e-5)


@pytest.mark.parametrize("cut", [1, 4, 9])
def test_a_beginning_may_be_read_at_once(cut):
    logits, cache = read_on(MODEL, TEXT[:, :cut])
    assert np.allclose(logits, WHOLE[:, cut - 1], atol=1e-5)
    logits, _ = read_on(MODEL, TEXT[:, cut:], cache)
    assert np.allclose(logits, WHOLE[:, -1], atol=1e-5)


def test_the_cache_grows_by_what_is_read_and_keeps_what_it_has():
    _, first = read_on(MODEL, TEXT[:, :3])
    _, second = read_on(MODEL, TEXT[:, 3:4], first)
    for before, after in zip(first, second, strict=True):
        for short, long in zip(before, after, strict=True):
            assert short.shape == (2, 3, 2, 4) and long.shape == (2, 4, 2, 4)
            assert np.array_equal(short, long[:, :3])


def test_a_cache_may_be_used_twice():
    _, cache = read_on(MODEL, TEXT[:, :3])
    for last in (1, 2):
        logits, _ = read_on(MODEL, np.full((2, 1), last), cache)
        other = np.column_stack([TEXT[:, :3], [last, last]])
        assert np.allclose(logits, MODEL(other)[:, -1], atol=1e-5)


def test_it_reads_with_the_weights_of_now():
    net = model()
    read_on(net, TEXT[:, :1])
    net.set_weights([2 * weight for weight in net.get_weights()])
    logits, _ = read_on(net, TEXT[:, :1])
    assert np.allclose(logits, net(TEXT[:, :1])[:, -1], atol=1e-5)


def test_half_precision_keeps_half_the_bytes():
    block = TransformerBlock(2, 16, causal=True, dtype="mixed_float16")
    net = keras.Sequential([embedding(), block, layers.Dense(TOKENS)])
    logits, [(keys, values)] = read_on(net, TEXT)
    assert keys.dtype == values.dtype == "float16"
    assert np.allclose(logits, net(TEXT)[:, -1], atol=2e-2)


def test_greedy_writes_what_the_model_without_a_cache_would():
    text = TEXT[:, :3]
    for _ in range(7):
        text = np.column_stack([text, MODEL(text)[:, -1].numpy().argmax(axis=-1)])
    assert np.array_equal(generate(MODEL, TEXT[:, :3], 7, temperature=0), text[:, 3:])


def test_a_full_cache_goes_on_from_the_later_half():
    text = TEXT[:, :4]
    for _ in range(20):
        begin = 6 * ((text.shape[1] - 5) // 6)  # of 11 tokens 6 are forgotten
        last = MODEL(text[:, begin:])[:, -1].numpy()
        text = np.column_stack([text, last.argmax(axis=-1)])
    assert np.array_equal(generate(MODEL, TEXT[:, :4], 20, temperature=0), text[:, 4:])


def test_a_long_beginning_is_read_from_where_it_fits():
    long = np.column_stack([TEXT[:, ::-1], TEXT])
    first = generate(MODEL, long, 1, temperature=0)
    assert np.array_equal(first[:, 0], WHOLE[:, -1].argmax(axis=-1))


def test_tokens_are_drawn_with_the_probabilities_of_the_model():
    [chances] = probabilities(MODEL(TEXT[:1, :3])[:, -1])
    drawn = generate(MODEL, np.tile(TEXT[:1, :3], (3000, 1)), 1)[:, 0]
    shares = np.bincount(drawn, minlength=TOKENS) / 3000
    assert np.abs(shares - chances).max() < 0.03


def test_equal_seeds_write_equal_texts():
    first, same, other = (generate(MODEL, TEXT[:, :2], 8, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, same) and not np.array_equal(first, other)


def test_it_serves_the_searches_of_decoding():
    def step(tokens, cache):
        return read_on(MODEL, np.array(tokens)[:, np.newaxis], cache)

    start = TEXT[:, 0]
    found = greedy(step, start, end=TOKENS + 1, length=5)
    assert np.array_equal(found, generate(MODEL, TEXT[:, :1], 5, temperature=0))
    beams = beam_search(step, start, end=0, length=5, width=3)
    assert [len(each) for each in beams] == [3, 3]


def test_a_model_without_weights_gets_them():
    assert generate(model(), TEXT[:, :2], 3).shape == (2, 3)


def test_a_saved_model_writes_the_same(tmp_path):
    MODEL.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(generate(again, TEXT[:, :2], 9), generate(MODEL, TEXT[:, :2], 9))


def test_more_tokens_than_positions_are_refused():
    _, cache = read_on(MODEL, TEXT[:, :8])
    with pytest.raises(ValueError, match=r"8 tokens have been read and 3 are to come, but .* 10"):
        read_on(MODEL, TEXT[:, :3], cache)


@pytest.mark.parametrize(
    ("ids", "error", "words"),
    [
        ([1, 2], ValueError, r"ids have the shape \(2,\), expected \(batch, steps\)"),
        (np.zeros((2, 0), int), ValueError, r"ids have the shape \(2, 0\)"),
        ([[1.0, 2.0]], TypeError, "ids are of type float64, expected whole numbers"),
    ],
)
def test_ids_of_another_kind_are_refused(ids, error, words):
    for function in (read_on, lambda net, ids: generate(net, ids, 3)):
        with pytest.raises(error, match=words):
            function(MODEL, ids)


@pytest.mark.parametrize(
    ("stack", "error", "words"),
    [
        ([layers.Embedding(7, 8), layers.Dense(7)], TypeError, "the first layer is .*Embedding"),
        ([embedding(mask_zero=True), layers.Dense(7)], ValueError, "hides token 0 as padding"),
        ([embedding(), layers.Dense(7)], ValueError, "no block to look back"),
        ([embedding(), TransformerBlock(2, 16)], ValueError, "sees later tokens.*causal=True"),
        ([embedding(), layers.GRU(8, return_sequences=True)], TypeError, "a GRU, may look at"),
    ],
)
def test_a_model_that_cannot_be_cached_is_refused(stack, error, words):
    with pytest.raises(error, match=words):
        read_on(keras.Sequential(stack), TEXT)


def test_a_model_of_another_kind_is_refused():
    with pytest.raises(TypeError, match=r"model is .* expected an object such as keras\.Seq"):
        read_on(keras.Model(MODEL.inputs, MODEL.outputs), TEXT)


def test_a_cache_of_something_else_is_refused():
    _, cache = read_on(MODEL, TEXT[:, :3])
    with pytest.raises(ValueError, match="cache is of 1 blocks, expected 2"):
        read_on(MODEL, TEXT[:, :1], cache[:1])
    with pytest.raises(ValueError, match=r"keys of shape \(2, 3, 2, 4\), expected \(1, steps"):
        read_on(MODEL, TEXT[:1, :1], cache)


def test_writing_traces_a_step_a_few_times_only():
    net = model()
    traced = []
    end = net.layers[-1]
    call = end.call
    end.call = lambda x: (traced.append(tf.executing_eagerly()), call(x))[1]
    generate(net, TEXT[:, :1], 9)
    assert traced.count(False) <= 3
