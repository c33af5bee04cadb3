"""Checks of a model: its variables, its settings, and how it treats a batch."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from tf2docs.checks.examples import Examples
from tf2docs.checks.findings import Finding, named
from tf2docs.checks.trial import Look, Trial

__all__ = [
    "behaviour_findings",
    "optimizer_findings",
    "setting_findings",
    "state_findings",
]

_STRONG_DROPOUT = 0.8
_DROPS_ALL = 0.95
_STEPS = 100  # in which no schedule ends


def setting_findings(model: keras.Model, look: Look) -> Iterator[Finding]:
    """Look at what can be read off the model's layers and variables."""
    yield from _frozen(model)
    yield from _untracked(look)
    yield from _dropout(model)
    yield from _penalty(look)


def optimizer_findings(optimizer: keras.optimizers.Optimizer) -> Iterator[Finding]:
    """Look at what an optimizer was given: its schedule, and how it decays weights."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)  # of loss scaling
    yield from _schedule(getattr(inner, "_learning_rate", None))
    yield from _decay(inner)


def behaviour_findings(trial: Trial, examples: Examples) -> Iterator[Finding]:
    """Look at whether predictions are the same each time, and in any company."""
    first, again = trial.predict(examples), trial.predict(examples, _other_seeds(trial))
    if not _alike(first, again):
        yield Finding(
            "random-predictions",
            "error",
            "the same inputs get other predictions each time, though training is False",
            "the same predictions",
            "Look for layers made inside of call, for training=True, and for random numbers that "
            "don't ask whether it is training.",
        )
        return
    half = len(examples) // 2
    if half < 1:
        return
    alone = trial.predict(examples.some(half))
    order = np.random.default_rng(0).permutation(len(examples))[:half]
    together = tf.nest.map_structure(lambda part: _rows(part, order, len(examples)), first)
    if all(part is not None for part in tf.nest.flatten(together)) and not _alike(together, alone):
        yield Finding(
            "batch-dependent",
            "error",
            "the prediction of an example changes with the others in its batch, though training "
            "is False",
            "each example by itself",
            "Look for training=True in the call of BatchNormalization, for a softmax or a mean "
            "over axis 0, and for a reshape that mixes the examples.",
        )


def state_findings(trial: Trial, learning: Look, examples: Examples) -> Iterator[Finding]:
    """Look at the statistics that batch normalization keeps.

    Args:
        trial: The model.
        learning: A look at it in training mode.
        examples: What it was given.
    """
    norms = [
        layer
        for layer in trial.model._flatten_layers(include_self=False)
        if isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
    ]
    moved = {
        id(variable) for variable, new in zip(trial.others, learning.updated, strict=True) if new
    }
    still = [layer.name for layer in norms if id(layer.moving_mean) not in moved]
    if still:
        yield Finding(
            "batch-norm-mode",
            "error",
            f"{named(still)} {'keeps' if len(still) == 1 else 'keep'} its old statistics in "
            "training",
            "moving means and variances that follow the batches",
            "Don't pass training=False in call; pass on the argument training, or nothing.",
        )
        return
    yield from _batches_of_one(norms, examples.batches)
    used = [layer for layer in norms if np.any(layer.moving_mean.numpy() != 0)]
    if not used:
        return
    resting = trial.resting_loss(examples)
    if resting > 2 * learning.loss + 0.5:
        yield Finding(
            "moving-statistics",
            "warning",
            f"the loss of the same examples is {learning.loss:.3g} with the statistics of the "
            f"batch and {resting:.3g} with the moving ones",
            "about the same loss",
            "Train longer, lower the momentum of BatchNormalization, or take larger batches.",
        )


def _batches_of_one(norms: list[Any], batches: list[int] | None) -> Iterator[Finding]:
    if batches is None or max(batches) > 1:
        return
    # an image has many places to take a mean over, a row of numbers has only the batch
    rows = [layer.name for layer in norms if layer.input_spec.ndim == 2]
    if rows:
        yield Finding(
            "batch-of-one",
            "error",
            f"{named(rows)} in batches of one example, of which every number is the mean: what it "
            "puts out in training doesn't depend on the inputs",
            "batches of several examples",
            "Take batches of 16 or more, or LayerNormalization, which looks at each example by "
            "itself.",
        )


def _other_seeds(trial: Trial) -> Any:
    """The model's values, with the states of its random generators moved on."""
    trainable, others = trial.values()
    pairs = zip(trial.others, others, strict=True)
    return trainable, [one + 1 if "seed" in variable.path else one for variable, one in pairs]


def _frozen(model: keras.Model) -> Iterator[Finding]:
    if not model.trainable_variables:
        yield Finding(
            "nothing-trainable",
            "error",
            f"none of the model's {len(model.variables)} variables is trainable",
            "some trainable variables",
            "Set layer.trainable = True, and compile again.",
        )
        return
    untrained = [
        layer.name
        for layer in model._flatten_layers(include_self=False)
        if not layer.trainable and _at_first_values(layer)
    ]
    if untrained:
        yield Finding(
            "frozen-untrained",
            "error",
            f"{named(untrained)}: frozen, and with the very values that the initializer drew",
            "frozen layers that have learned something before",
            "Load their weights before you freeze them, or set trainable = True and compile again.",
        )


def _at_first_values(layer: keras.layers.Layer) -> bool:
    """Whether a kernel is what its initializer draws; it draws the same each time."""
    kernel = getattr(layer, "_kernel", getattr(layer, "kernel", None))
    first = getattr(layer, "kernel_initializer", None)
    if kernel is None or not isinstance(first, keras.initializers.Initializer):
        return False
    drawn = keras.ops.convert_to_numpy(first(kernel.shape, dtype=kernel.dtype))
    return np.array_equal(keras.ops.convert_to_numpy(kernel), drawn)


def _untracked(look: Look) -> Iterator[Finding]:
    if look.unknown:
        yield Finding(
            "untracked-weights",
            "error",
            f"{named(look.unknown)}: used in call, but not among the model's variables, so never "
            "trained and never saved",
            "every variable among model.trainable_variables",
            "Make it with self.add_weight; keep layers as attributes, in a list or in a dict of "
            "the model, not in an object of another kind.",
        )


def _dropout(model: keras.Model) -> Iterator[Finding]:
    strong = [
        layer
        for layer in model._flatten_layers(include_self=False)
        if "Dropout" in type(layer).__name__
        and isinstance(getattr(layer, "rate", None), int | float)
        and layer.rate >= _STRONG_DROPOUT
    ]
    if strong:
        rates = [f"{layer.name} with rate {layer.rate:g}" for layer in strong]
        yield Finding(
            "strong-dropout",
            "error" if max(layer.rate for layer in strong) >= _DROPS_ALL else "warning",
            f"{named(rates)}: so little gets through in training",
            "rates of 0.1 to 0.5; the rate is the share that is dropped, not the share that is "
            "kept",
            "Lower the rate.",
        )


def _schedule(schedule: Any) -> Iterator[Finding]:
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        return
    rates = [float(schedule(step)) for step in range(0, _STEPS + 1, 10)]
    if rates[-1] < 0.001 * max(rates):
        yield Finding(
            "schedule-too-short",
            "warning",
            f"the schedule takes the learning rate from {max(rates):.3g} to {rates[-1]:.3g} "
            f"within {_STEPS} steps",
            "a schedule as long as the training",
            "Schedules count steps, one for each batch, not epochs: multiply its length by the "
            "number of batches in an epoch.",
        )


def _decay(optimizer: keras.optimizers.Optimizer) -> Iterator[Finding]:
    decay = getattr(optimizer, "weight_decay", None)
    share = float(optimizer.learning_rate) * decay if isinstance(decay, int | float) else 0.0
    if share > 0.05:
        yield Finding(
            "strong-weight-decay",
            "error",
            f"each step takes {share:.0%} off every weight: the learning rate "
            f"{float(optimizer.learning_rate):.3g} times weight_decay={decay:g}",
            "a small part of a percent",
            "Lower weight_decay; that of AdamW is 0.004 by default.",
        )


def _penalty(look: Look) -> Iterator[Finding]:
    if look.penalty > 10 * abs(look.loss):
        yield Finding(
            "strong-penalty",
            "error",
            f"regularizers add {look.penalty:.3g} to a loss of {look.loss:.3g}",
            "less than the loss itself",
            "Make the factor 10 to 1,000 times smaller; L2(0.0001) is common.",
        )


def _rows(part: Any, order: np.ndarray, amount: int) -> Any:
    return part[order] if part.ndim and len(part) == amount else None


def _alike(one: Any, other: Any) -> bool:
    pairs = zip(tf.nest.flatten(one), tf.nest.flatten(other), strict=True)
    return all(a.shape == b.shape and _close(a, b) for a, b in pairs)


def _close(one: np.ndarray, other: np.ndarray) -> bool:
    if one.dtype.kind not in "f":
        return np.array_equal(one, other)
    size = float(np.abs(one[np.isfinite(one)]).max(initial=0))
    return np.allclose(one, other, rtol=1e-3, atol=1e-3 * size, equal_nan=True)
