"""The best check of all: can the model learn one batch by heart, and with its own learning rate?"""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tf2docs.checks.examples import Examples
from tf2docs.checks.findings import Finding
from tf2docs.checks.losses import Loss
from tf2docs.checks.trial import Rehearsal, Trial

__all__ = ["Memorising", "fresh_copy", "training_findings"]

_FACTORS = (0.1, 0.01, 0.001, 10.0, 100.0, 1e3, 1e4, 1e5)  # the last ones undo strong clipping
_MOVING = 0.02  # of the way that another rate gets in as many steps


class Memorising:
    """Attempts to learn one batch by heart.

    Args:
        trial: The model.
        examples: The batch.
        steps: How many steps an attempt has.
    """

    def __init__(self, trial: Trial, examples: Examples, steps: int) -> None:
        self._trial, self._examples, self._steps = trial, examples, steps
        self.amount = len(examples)
        self.goal = self._goal(trial.loss)

    def _goal(self, loss: Loss) -> float:
        """The loss to be reached: well below the least of one answer for all examples."""
        predictions, labels = self._trial.predict(self._examples), self._examples.labels
        if not isinstance(predictions, np.ndarray):
            return float("nan")
        floor, baseline = (
            measure(labels, predictions.shape) for measure in (loss.floor, loss.baseline)
        )
        amount = sum(int(np.prod(one.shape)) for one in self._trial.trainable)
        small = amount < 10 * predictions.size  # can't hold the batch, but has to learn some of it
        share = 0.97 if small else 0.75
        return floor + share * (baseline - floor) if floor < baseline else float("nan")

    def reached(self, losses: np.ndarray, values: Any) -> bool:
        """Whether the goal was reached, in training or with the values after it."""
        if not np.isfinite(losses).all():
            return False
        resting = self._trial.resting_loss(self._examples, values)
        best = float(np.nanmin([np.mean(losses[-5:]), resting]))
        if np.isnan(self.goal):  # nobody knows what could be reached
            return bool(best < losses[0] or best <= 1e-3)
        return best <= self.goal

    def attempt(self, rehearsal: Rehearsal, rate: float | None = None) -> tuple[np.ndarray, bool]:
        """Train, and say how the losses went and whether the goal was reached."""
        losses, values = rehearsal.run(self._steps, rate)
        return losses, self.reached(losses, values)


def training_findings(
    memorising: Memorising, careful: Rehearsal, own: Rehearsal | None
) -> Iterator[Finding]:
    """Train on one batch, with the optimizer as it is, and if that fails with other rates.

    Args:
        memorising: The batch, and what is to be reached.
        careful: A rehearsal with Adam.
        own: A rehearsal with the reader's optimizer, if there is one.
    """
    if own is not None:
        rate = float(own.optimizer.learning_rate)
        losses, reached = memorising.attempt(own, rate)
        if reached:
            return
        for other in (rate * factor for factor in _FACTORS if rate > 0):
            better, reached = memorising.attempt(own, other)
            if reached:
                yield from _of_rate(losses, better, rate, other)
                return
    for other in (0.001, 0.01, 0.1):
        better, reached = memorising.attempt(careful, other)
        if reached:
            if own is not None:
                yield from _of_optimizer(losses, better, own.optimizer, rate, other)
            return
    yield _cannot(memorising, better)


def fresh_copy(optimizer: keras.optimizers.Optimizer) -> keras.optimizers.Optimizer | None:
    """Make an optimizer with the same settings, at the highest rate of its schedule.

    None where its settings can't be read.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)  # of loss scaling
    try:
        config = inner.get_config()
        schedule = getattr(inner, "_learning_rate", None)
        if isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
            rates = [float(schedule(step)) for step in (0, 10, 100, 1_000, 10_000, 100_000)]
            config["learning_rate"] = max(rates)
        config["gradient_accumulation_steps"] = None
        return type(inner).from_config(config)
    except Exception:  # an optimizer of the reader's own may raise anything
        return None


def _of_rate(
    losses: np.ndarray, better: np.ndarray, rate: float, other: float
) -> Iterator[Finding]:
    start, end = losses[0], float(np.mean(losses[-5:]))
    if other < rate:
        yield Finding(
            "learning-rate-high",
            "error",
            f"with the learning rate {rate:.3g} the loss of one batch goes from {start:.3g} to "
            f"{end:.3g} in {len(losses)} steps, with {other:.3g} to {np.mean(better[-5:]):.3g}",
            "a loss that falls",
            f"Begin with {other:.2g}; LearningRateFinder shows which rates are possible.",
        )
    elif start - end < _MOVING * (start - float(np.mean(better[-5:]))):
        yield Finding(
            "learning-rate-low",
            "error",
            f"with the learning rate {rate:.3g} the loss of one batch goes from {start:.4g} to "
            f"{end:.4g} in {len(losses)} steps, with {other:.3g} to {np.mean(better[-5:]):.3g}",
            "a loss that falls",
            f"Try {other:.2g}."
            if other <= 1
            else "Look whether gradients are clipped or the loss is divided to almost nothing.",
        )


def _of_optimizer(
    losses: np.ndarray,
    better: np.ndarray,
    own: keras.optimizers.Optimizer,
    rate: float,
    other: float,
) -> Iterator[Finding]:
    start, end = losses[0], float(np.mean(losses[-5:]))
    if not rate:
        yield from _of_rate(losses, better, rate, other)
    elif not start - end >= _MOVING * (start - float(np.mean(better[-5:]))):
        yield Finding(
            "optimizer-stuck",
            "warning",
            f"{type(own).__name__} doesn't learn one batch by heart at any rate tried: the loss "
            f"goes from {start:.4g} to {end:.4g}; with Adam({other:g}) to "
            f"{np.mean(better[-5:]):.3g}",
            "a loss that falls",
            f"Take Adam({other:g}), and look at what else the optimizer was given.",
        )


def _cannot(memorising: Memorising, losses: np.ndarray) -> Finding:
    goal = "" if np.isnan(memorising.goal) else f" to {memorising.goal:.3g} or less"
    return Finding(
        "cannot-memorise",
        "error",
        f"the loss of {memorising.amount} examples goes from {losses[0]:.4g} to "
        f"{np.nanmean(losses[-5:]):.4g} in {len(losses)} steps, at the best of several rates",
        f"a loss that falls{goal}: every sound model can learn a few examples by heart",
        "Mend the other findings first. If there is none, take parts away until it learns, "
        "beginning at the end of the model, and look at the loss by hand.",
    )
