import keras
import numpy as np
import pytest

from tf2docs.sampling import generate, probabilities, read_on, sample

LOGITS = [0.5, 3.0, -1.0, 2.0, 2.5]


def softmax(logits):
    shares = np.exp(logits - np.max(logits))
    return shares / shares.sum()


def network(recurrent=keras.layers.GRU, tokens=7, **settings):
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.layers.Embedding(tokens, 4),
            keras.layers.Dropout(0.5),
            recurrent(5, return_sequences=True, **settings),
            keras.layers.Dense(tokens),
        ]
    )


def test_without_settings_it_is_the_softmax():
    assert np.allclose(probabilities(LOGITS), softmax(LOGITS))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_a_temperature_divides_the_logits(temperature):
    expected = softmax(np.array(LOGITS) / temperature)
    assert np.allclose(probabilities(LOGITS, temperature=temperature), expected)


@pytest.mark.parametrize("temperature", [0, 1e-3, 1e-300])
def test_a_temperature_near_0_is_greedy(temperature):
    assert np.allclose(probabilities(LOGITS, temperature=temperature), [0, 1, 0, 0, 0])


def test_a_high_temperature_makes_all_equal():
    assert np.allclose(probabilities(LOGITS, temperature=1e9), 0.2)


def test_top_k_keeps_the_likeliest_in_their_proportions():
    chances, all_chances = probabilities(LOGITS, top_k=2), probabilities(LOGITS)
    assert np.flatnonzero(chances).tolist() == [1, 4]
    assert np.isclose(chances[1] / chances[4], all_chances[1] / all_chances[4])


def test_top_k_keeps_so_many_of_equals_too():
    assert np.count_nonzero(probabilities([1.0, 1.0, 1.0, 1.0], top_k=3)) == 3


def test_a_top_k_above_the_tokens_keeps_all():
    assert np.allclose(probabilities(LOGITS, top_k=99), softmax(LOGITS))


def test_top_p_keeps_as_few_as_reach_it():
    logits = np.log([0.5, 0.3, 0.15, 0.05])
    kept = [np.count_nonzero(probabilities(logits, top_p=p)) for p in (0.4, 0.6, 0.9, 1)]
    assert kept == [1, 2, 3, 4]
    assert np.allclose(probabilities(logits, top_p=0.6), [0.625, 0.375, 0, 0])


@pytest.mark.parametrize("settings", [{}, {"top_k": 2}, {"top_p": 0.7}, {"temperature": 0}])
def test_each_row_is_a_distribution(settings):
    logits = np.random.default_rng(0).normal(size=(2, 3, 9))
    chances = probabilities(logits, **settings)
    assert chances.shape == logits.shape
    assert np.allclose(chances.sum(axis=-1), 1)
    assert np.allclose(chances[1, 2], probabilities(logits[1, 2], **settings))


def test_large_logits_do_not_overflow():
    assert np.allclose(probabilities([1e4, 1e4 - 1]), softmax([1, 0]))


def test_draws_have_the_probabilities():
    logits = np.tile(LOGITS, (20_000, 1))
    drawn = sample(logits, temperature=1.5)
    shares = np.bincount(drawn, minlength=5) / len(drawn)
    assert np.allclose(shares, softmax(np.array(LOGITS) / 1.5), atol=0.015)


def test_what_is_cut_off_is_never_drawn():
    drawn = sample(np.tile(LOGITS, (5000, 1)), temperature=9, top_k=2)
    assert set(drawn.tolist()) == {1, 4}


def test_a_token_of_minus_infinity_is_never_drawn():
    drawn = sample(np.tile([0.0, -np.inf, 0.0], (1000, 1)))
    assert set(drawn.tolist()) == {0, 2}


def test_a_row_gives_one_token_and_a_tensor_will_do():
    assert sample(LOGITS, temperature=0).shape == ()
    assert sample(keras.ops.ones((2, 3, 5))).shape == (2, 3)


def test_equal_seeds_draw_equal_tokens_and_a_generator_goes_on():
    logits = np.zeros((50, 9))
    assert np.array_equal(sample(logits, seed=1), sample(logits, seed=1))
    assert not np.array_equal(sample(logits, seed=1), sample(logits, seed=2))
    random = np.random.default_rng(1)
    assert not np.array_equal(sample(logits, seed=random), sample(logits, seed=random))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"temperature": -1}, ValueError, "temperature is -1.0, expected .* at least 0"),
        ({"temperature": "hot"}, TypeError, "temperature is 'hot'"),
        ({"top_k": 0}, ValueError, "top_k is 0, expected a whole number of at least 1"),
        ({"top_k": 2.5}, TypeError, "top_k is 2.5"),
        ({"top_p": 0}, ValueError, "top_p is 0.0, expected a share above 0"),
        ({"top_p": 1.5}, ValueError, "top_p is 1.5"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, error, message):
    with pytest.raises(error, match=message):
        probabilities(LOGITS, **settings)


@pytest.mark.parametrize("logits", [[np.nan, 1.0], [-np.inf, -np.inf], [np.inf, 1.0]])
def test_logits_that_nothing_can_be_drawn_from_are_refused(logits):
    with pytest.raises(ValueError, match="no token can be drawn"):
        probabilities(logits)


@pytest.mark.parametrize(
    ("logits", "error"), [(["a"], TypeError), (1.0, ValueError), ([], ValueError)]
)
def test_what_is_no_row_of_logits_is_refused(logits, error):
    with pytest.raises(error, match=r"logits .* expected"):
        probabilities(logits)


def test_a_seed_that_is_none_is_refused():
    with pytest.raises(TypeError, match="seed is 'x'"):
        sample(LOGITS, seed="x")


RECURRENT = [keras.layers.GRU, keras.layers.LSTM, keras.layers.SimpleRNN]


@pytest.mark.parametrize("recurrent", RECURRENT)
def test_step_by_step_it_reads_as_the_whole_model_does(recurrent):
    model, ids = network(recurrent), [[1, 2, 3, 4], [6, 5, 0, 1]]
    logits, _ = read_on(model, ids)
    assert np.allclose(logits, model(np.array(ids))[:, -1], atol=1e-6)


def test_stacked_layers_keep_a_state_each():
    model = keras.Sequential(
        [
            keras.layers.Embedding(7, 4),
            keras.layers.LSTM(5, return_sequences=True),
            keras.layers.GRU(6, return_sequences=True),
            keras.layers.Dense(7),
        ]
    )
    logits, states = read_on(model, [[1, 2, 3]])
    assert [[tuple(state.shape) for state in each] for each in states] == [
        [(1, 5), (1, 5)],
        [(1, 6)],
    ]
    assert np.allclose(logits, model(np.array([[1, 2, 3]]))[:, -1], atol=1e-6)


@pytest.mark.parametrize("recurrent", RECURRENT)
def test_it_goes_on_from_what_it_remembers(recurrent):
    model = network(recurrent)
    at_once, _ = read_on(model, [[1, 2, 3, 4]])
    _, states = read_on(model, [[1, 2]])
    rest, _ = read_on(model, [[3, 4]], states)
    assert np.allclose(at_once, rest, atol=1e-6)


def test_greedy_writing_is_what_reading_all_again_gives():
    model, text = network(), [[1, 2]]
    for _ in range(6):
        logits = model(np.array(text))[:, -1]
        text = np.hstack([text, np.argmax(logits, axis=-1)[:, np.newaxis]])
    assert generate(model, [[1, 2]], 6, temperature=0).tolist() == text[:, 2:].tolist()


def test_equal_seeds_write_equal_texts():
    model = network()
    first, again, other = (generate(model, [[1]], 30, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_several_texts_are_written_side_by_side():
    written = generate(network(), [[1], [1], [1]], 30)
    assert written.shape == (3, 30)
    assert len({tuple(text) for text in written.tolist()}) == 3


def test_a_beginning_counts_through_the_state_alone():
    model = network()
    texts = generate(model, [[1, 6, 6], [6, 1, 1]], 12, temperature=0)
    alone = generate(model, [[6, 1, 1]], 12, temperature=0)
    assert np.array_equal(texts[1:], alone)


def test_a_layer_that_reads_both_ways_is_refused():
    both = keras.layers.Bidirectional(keras.layers.GRU(3, return_sequences=True))
    model = keras.Sequential([keras.layers.Embedding(7, 4), both, keras.layers.Dense(7)])
    with pytest.raises(
        TypeError, match=r"from both ends.*use a recurrent layer that reads one way"
    ):
        generate(model, [[1]], 3)


def test_what_is_no_sequential_model_is_refused():
    with pytest.raises(TypeError, match=r"expected an object such as keras\.Sequential"):
        read_on("model", [[1]])


@pytest.mark.parametrize(
    ("ids", "error", "message"),
    [
        ([1, 2], ValueError, r"shape \(2,\), expected \(batch, steps\).*put a single text in a"),
        ([[]], ValueError, r"shape \(1, 0\)"),
        ([[0.5]], TypeError, "float64, expected whole numbers"),
    ],
)
def test_ids_of_another_form_are_refused(ids, error, message):
    with pytest.raises(error, match=message):
        generate(network(), ids, 3)


def test_a_text_of_no_length_is_refused():
    with pytest.raises(ValueError, match="length is 0"):
        generate(network(), [[1]], 0)
