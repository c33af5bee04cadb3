import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.decoding import beam_search, greedy

END = 3


def network(seed=0, tokens=5, units=6):
    """A tiny recurrent network, and a step that reads one token."""
    random = np.random.default_rng(seed)
    table, kernel, out = (
        random.normal(size=shape) for shape in ((tokens, units), (units, units), (units, tokens))
    )

    def step(ids, states):
        states = np.tanh(table[ids] + np.asarray(states) @ kernel)
        return 2 * states @ out, states

    return step, random.normal(size=(3, units))


def every_sequence(step, start, state, *, tokens=5, length=4):
    """Each sequence there is, with the logarithm of its probability."""
    if length == 0:
        yield (), 0.0
        return
    logits, after = step(np.array([start]), state)
    chances = logits[0] - np.log(np.sum(np.exp(logits[0])))
    for token in range(tokens):
        if token == END:
            yield (END,), chances[END]
            continue
        for rest, chance in every_sequence(step, token, after, tokens=tokens, length=length - 1):
            yield (token, *rest), chances[token] + chance


def without_end(sequence):
    return [token for token in sequence if token != END]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length_penalty", [0, 0.7, 1, 2])
def test_a_beam_of_one_is_greedy(seed, length_penalty):
    step, states = network(seed)
    settings = {"end": END, "length": 9}
    first = greedy(step, [0, 1, 2], states, **settings)
    found = beam_search(step, [0, 1, 2], states, width=1, length_penalty=length_penalty, **settings)
    assert [len(each) for each in found] == [1, 1, 1]
    assert [each[0].tokens.tolist() for each in found] == [row.tolist() for row in first]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length_penalty", [0, 0.7, 1, 2])
def test_a_beam_as_wide_as_all_sequences_ranks_them_all(seed, length_penalty):
    step, states = network(seed)
    found = beam_search(
        step, [0, 1, 2], states, end=END, length=4, width=625, length_penalty=length_penalty
    )
    for example, each in enumerate(found):
        sequences = list(every_sequence(step, example, states[example : example + 1]))
        assert len(each) == len(sequences)
        scores = [chance / len(s) ** length_penalty for s, chance in sequences]
        order = np.argsort(-np.array(scores))
        assert np.allclose([one.score for one in each], np.sort(scores)[::-1])
        best, chance = sequences[order[0]]
        assert each[0].tokens.tolist() == without_end(best)
        assert np.isclose(each[0].log_probability, chance)


@pytest.mark.parametrize("width", [1, 2, 4])
def test_a_hypothesis_has_the_probability_that_it_says(width):
    step, states = network(1)
    known = dict(every_sequence(step, 0, states[:1]))
    [found] = beam_search(step, [0], states[:1], end=END, length=4, width=width)
    for one in found:
        tokens = tuple(one.tokens.tolist())
        sequence = tokens if len(tokens) == 4 else (*tokens, END)
        assert np.isclose(one.log_probability, known[sequence])
        assert np.isclose(one.score, one.log_probability / len(sequence))


def test_a_wider_beam_finds_what_greedy_misses():
    chances = np.array([[0, 0.6, 0.4, 0], [0, 0.3, 0.3, 0.4], [0, 0, 0, 1], [0, 0, 0, 1]])

    def step(tokens, states):
        return np.log(chances[tokens] + 1e-12), states

    assert greedy(step, [0], end=END, length=4)[0].tolist() == [1]
    [found] = beam_search(step, [0], end=END, length=4, width=2, length_penalty=0)
    assert found[0].tokens.tolist() == [2]
    assert np.isclose(np.exp(found[0].log_probability), 0.4)


def test_the_penalty_decides_between_short_and_long():
    chances = np.array([[0, 0.6, 0, 0.4], [0, 0, 0.6, 0.4], [0, 0, 0, 1], [0, 0, 0, 1]])

    def step(tokens, states):
        return np.log(chances[tokens] + 1e-12), states

    for penalty, best in ((0, []), (2, [1, 2])):
        [found] = beam_search(step, [0], end=END, length=4, width=3, length_penalty=penalty)
        assert found[0].tokens.tolist() == best


def test_examples_of_a_batch_do_not_mix():
    step, states = network(2)
    settings = {"end": END, "length": 6, "width": 3}
    together = beam_search(step, [0, 1, 2], states, **settings)
    for example in range(3):
        [alone] = beam_search(step, [example], states[example : example + 1], **settings)
        assert [one.tokens.tolist() for one in alone] == [
            one.tokens.tolist() for one in together[example]
        ]


def test_states_may_be_a_nest_of_tensors_with_none_and_grow():
    step, states = network(3)

    def reads_all(tokens, nest):
        """Keeps all tokens, as a transformer without a cache does."""
        so_far = np.concatenate([np.asarray(nest["tokens"]), tokens[:, None]], axis=1)
        state = np.asarray(nest["first"][0])
        for read in so_far.T:
            logits, state = step(read, state)
        return tf.constant(logits), {**nest, "tokens": tf.constant(so_far)}

    nest = {"first": (states,), "tokens": np.zeros((3, 0), np.int64), "nothing": None}
    settings = {"end": END, "length": 6, "width": 3}
    first, other = (
        beam_search(*each, **settings)
        for each in ((step, [0, 1, 2], states), (reads_all, [0, 1, 2], nest))
    )
    for one, two in zip(first, other, strict=True):
        assert [each.tokens.tolist() for each in one] == [each.tokens.tolist() for each in two]


def test_it_stops_when_all_have_ended():
    asked = []

    def step(tokens, states):
        asked.append(len(tokens))
        return np.eye(5)[(tokens + 1) % 5] * 50, states

    assert [row.tolist() for row in greedy(step, [0, 2], end=4, length=99)] == [[1, 2, 3], [3]]
    assert asked == [2] * 4


def test_what_reaches_the_length_is_cut_and_counts():
    def step(tokens, states):
        return np.tile([0.0, 9.0, 0.0, -np.inf], (len(tokens), 1)), states

    assert greedy(step, [0], end=END, length=3)[0].tolist() == [1, 1, 1]
    [found] = beam_search(step, [0], end=END, length=3, width=2)
    assert found[0].tokens.tolist() == [1, 1, 1]


def test_a_token_of_minus_infinity_is_never_chosen():
    step, states = network(4)

    def without_two(tokens, state):
        logits, state = step(tokens, state)
        logits[:, 2] = -np.inf
        return logits, state

    found = beam_search(without_two, [0], states[:1], end=END, length=4, width=200)[0]
    assert len(found) == 1 + 3 + 3**2 + 3**3 + 3**4  # by length, the longest without an end
    assert all(2 not in one.tokens for one in found)


def test_a_step_may_be_a_keras_model():
    keras.utils.set_random_seed(0)
    embedding, cell, out = (
        keras.layers.Embedding(5, 4),
        keras.layers.GRUCell(6),
        keras.layers.Dense(5),
    )

    @tf.function
    def step(tokens, state):
        values, [state] = cell(embedding(tokens), [state])
        return out(values), state

    found = beam_search(step, [0, 1], tf.zeros((2, 6)), end=END, length=5, width=3)
    assert [len(each) for each in found] == [3, 3]


@pytest.mark.parametrize("search", [greedy, beam_search])
@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"start": 0}, ValueError, r"start has the shape \(\), expected \(batch,\)"),
        ({"start": [0.5]}, TypeError, "start is of type float.*, expected whole numbers"),
        ({"end": -1}, ValueError, "end is -1"),
        ({"length": 0}, ValueError, "length is 0"),
    ],
)
def test_arguments_of_another_form_are_refused(search, changed, error, message):
    settings = {"start": [0], "end": END, "length": 4} | changed
    with pytest.raises(error, match=message):
        search(lambda tokens, states: (np.zeros((len(tokens), 5)), states), **settings)


@pytest.mark.parametrize("search", [greedy, beam_search])
@pytest.mark.parametrize(
    ("logits", "message"),
    [
        (np.zeros((7, 5)), r"shape \(7, 5\), expected \(\d, tokens\)"),
        (np.full((1, 5), np.nan), "NaN or plus infinity.*no token can be chosen"),
        (np.full((1, 5), -np.inf), "nothing but minus infinity"),
    ],
)
def test_what_a_step_may_not_return_is_named(search, logits, message):
    def step(tokens, states):
        rows = logits if len(logits) > 1 else np.repeat(logits, len(tokens), axis=0)
        return rows, states

    with pytest.raises(ValueError, match=message):
        search(step, [0, 1], end=END, length=4)


@pytest.mark.parametrize(
    ("settings", "error"), [({"width": 0}, ValueError), ({"length_penalty": "1"}, TypeError)]
)
def test_settings_of_the_beam_are_checked(settings, error):
    with pytest.raises(error, match=next(iter(settings))):
        beam_search(lambda t, s: (np.zeros((len(t), 5)), s), [0], end=END, length=4, **settings)
