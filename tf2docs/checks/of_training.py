"""The best check of all: can the model learn one batch by heart, and with its own learning rate?"""

import dataclasses
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
_USUAL = (0.001, 0.01, 0.1)  # also where the reader's own rate is far from all of them
_WILD = 10.0  # times the loss before the first step, or the goal
_MOVING = 0.02  # of the way that another rate gets in as many steps


@dataclasses.dataclass(frozen=True)
class _Attempt:
    """One attempt to learn a batch by heart.

    Args:
        losses: The loss before each step.
        reached: Whether the goal was reached.
    """

    losses: np.ndarray
    reached: bool

    @property
    def start(self) -> float:
        """The loss before the first step."""
        return float(self.losses[0])

    @property
    def end(self) -> float:
        """The loss at the end, where it may jump from step to step."""
        return _end(self.losses)

    @property
    def peak(self) -> float:
        """The highest loss."""
        return float(np.max(self.losses))


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

    def attempt(self, rehearsal: Rehearsal, rate: float | None = None) -> _Attempt:
        """Train, and say how the losses went and whether the goal was reached."""
        losses, values = rehearsal.run(self._steps, rate)
        return _Attempt(losses, self._reached(losses, values))

    def _reached(self, losses: np.ndarray, values: Any) -> bool:
        """Whether the goal was reached, in training or with the values after it."""
        if not np.isfinite(losses).all():
            return False
        resting = self._trial.resting_loss(self._examples, values)
        best = float(np.nanmin([_end(losses), resting]))
        if np.isnan(self.goal):  # nobody knows what could be reached
            return bool(best < losses[0] or best <= 1e-3)
        return best <= self.goal


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
        usual = memorising.attempt(own, rate)
        if usual.reached:
            yield from _of_detour(memorising, usual, own, rate)
            return
        for other in _others(rate):
            better = memorising.attempt(own, other)
            if better.reached:
                yield from _of_rate(usual, better, rate, other)
                return
    for other in _USUAL:
        better = memorising.attempt(careful, other)
        if better.reached:
            if own is not None:
                yield from _of_optimizer(usual, better, own.optimizer, rate, other)
            return
    yield _cannot(memorising, better)


def _others(rate: float) -> list[float]:
    near = [rate * factor for factor in _FACTORS if rate > 0]
    return near + [one for one in _USUAL if not np.isclose(near, one).any()]


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


def _of_detour(
    memorising: Memorising, usual: _Attempt, own: Rehearsal, rate: float
) -> Iterator[Finding]:
    """Tell of a loss that grew high before it fell, where a lower rate spares it that."""
    if not usual.peak > _WILD * np.nanmax([usual.start, memorising.goal]):
        return
    for other in (rate / 10, rate / 100, rate / 1000):
        better = memorising.attempt(own, other)
        if better.reached and better.peak < usual.peak / _WILD:
            yield Finding(
                "learning-rate-high",
                "warning",
                f"with the learning rate {rate:.3g} the loss of one batch climbs from "
                f"{usual.start:.3g} to {usual.peak:.3g} before it falls; with {other:.3g} it "
                f"is at most {better.peak:.3g}",
                "a loss that falls from the beginning",
                f"Begin with {other:.2g}; LearningRateFinder shows which rates are possible.",
            )
            return


def _of_rate(usual: _Attempt, better: _Attempt, rate: float, other: float) -> Iterator[Finding]:
    steps = f"in {len(usual.losses)} steps, with {other:.3g} to {better.end:.3g}"
    if other < rate:
        yield Finding(
            "learning-rate-high",
            "error",
            f"with the learning rate {rate:.3g} the loss of one batch goes from "
            f"{usual.start:.3g} to {usual.end:.3g} {steps}",
            "a loss that falls",
            f"Begin with {other:.2g}; LearningRateFinder shows which rates are possible.",
        )
    elif usual.start - usual.end < _MOVING * (usual.start - better.end):
        yield Finding(
            "learning-rate-low",
            "error",
            f"with the learning rate {rate:.3g} the loss of one batch goes from "
            f"{usual.start:.4g} to {usual.end:.4g} {steps}",
            "a loss that falls",
            f"Try {other:.2g}."
            if other <= 1
            else "Look whether gradients are clipped or the loss is divided to almost nothing.",
        )


def _of_optimizer(
    usual: _Attempt,
    better: _Attempt,
    own: keras.optimizers.Optimizer,
    rate: float,
    other: float,
) -> Iterator[Finding]:
    if not usual.start - usual.end >= _MOVING * (usual.start - better.end):  # NaN is stuck, too
        yield Finding(
            "optimizer-stuck",
            "warning",
            f"{type(own).__name__} doesn't learn one batch by heart at any rate tried: the loss "
            f"goes from {usual.start:.4g} to {usual.end:.4g}; with Adam({other:g}) to "
            f"{better.end:.3g}",
            "a loss that falls",
            f"Take Adam({other:g}), and look at what else the optimizer was given.",
        )


def _cannot(memorising: Memorising, last: _Attempt) -> Finding:
    goal = "" if np.isnan(memorising.goal) else f" to {memorising.goal:.3g} or less"
    return Finding(
        "cannot-memorise",
        "error",
        f"the loss of {memorising.amount} examples goes from {last.start:.4g} to "
        f"{last.end:.4g} in {len(last.losses)} steps, at the best of several rates",
        f"a loss that falls{goal}: every sound model can learn a few examples by heart",
        "Mend the other findings first. If there is none, take parts away until it learns, "
        "beginning at the end of the model, and look at the loss by hand.",
    )


def _end(losses: np.ndarray) -> float:
    return float(np.mean(losses[-5:]))
