"""Callbacks of our own, which Keras calls while it trains."""

import warnings
from collections.abc import Mapping
from typing import Literal

import keras
import numpy as np

from tf2docs._arguments import real_number, whole_number

__all__ = ["LearningRateFinder", "StopAt"]


class LearningRateFinder(keras.callbacks.Callback):
    """Try many learning rates in one short training, and keep the loss of the batch at each.

    Every batch gets a higher rate than the one before, by the same factor, so that a hundred of
    them lead from far too low to far too high. Where the loss falls fastest is a good rate to begin
    with. Training stops at the highest rate, or earlier, once the loss is beyond four times its
    lowest. Then the model and its optimizer get back what they had.

    Args:
        lowest: The learning rate of the first batch.
        highest: The one of the last batch.
        steps: How many batches to train on. `fit` needs enough epochs for them; it stops by itself.

    Attributes:
        learning_rates: The rates tried, at most `steps` numbers.
        losses: The loss of the batch at each of them.

    Raises:
        TypeError: A rate is no number, or `steps` no whole one.
        ValueError: A rate isn't above 0, `highest` isn't above `lowest`, or there are fewer than 10
            steps; when training begins, if the optimizer has a schedule, or the model
            `steps_per_execution`.

    Warns:
        UserWarning: At the end, if `fit` ran out of batches.

    Examples:
        >>> finder = LearningRateFinder(lowest=0.001, highest=10, steps=40)
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile(keras.optimizers.SGD(0.5), loss="mse")
        >>> ones = np.ones((4, 1))
        >>> history = model.fit(ones, ones, epochs=40, verbose=0, callbacks=[finder])
        >>> 0.001 < finder.suggestion() < 10
        True
        >>> float(model.optimizer.learning_rate)
        0.5

    References:
        [Cyclical Learning Rates for Training Neural Networks](https://arxiv.org/abs/1506.01186),
        section 3.3
    """

    def __init__(self, *, lowest: float = 1e-4, highest: float = 10.0, steps: int = 100) -> None:
        super().__init__()
        lowest, highest = real_number("lowest", lowest), real_number("highest", highest)
        if not 0 < lowest < highest:
            raise ValueError(
                f"lowest is {lowest:g} and highest {highest:g}, expected 0 < lowest < highest."
            )
        self.steps = whole_number("steps", steps, least=10)
        self._planned = np.geomspace(lowest, highest, self.steps).tolist()
        self.learning_rates: list[float] = []
        self.losses: list[float] = []

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Remember the state of model and optimizer."""
        self._check_that_rates_can_be_set()
        self.learning_rates, self.losses = [], []
        self._variables = [*self.model.variables, *self.model.optimizer.variables]
        self._values = [variable.numpy() for variable in self._variables]

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Set the next rate, and have the loss measured from here."""
        self.model.optimizer.learning_rate = self._planned[len(self.losses)]
        self.model.reset_metrics()

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keep the loss of the batch; stop where it explodes or the rates end."""
        loss = float((logs or {})["loss"])
        if np.isfinite(loss):
            self.learning_rates.append(self._planned[len(self.losses)])
            self.losses.append(loss)
        exploded = not np.isfinite(loss) or loss > 4 * min(self.losses)
        if exploded or len(self.losses) == self.steps:
            self.model.stop_training = True

    def on_train_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Give model and optimizer back what they had."""
        for variable, value in zip(self._variables, self._values, strict=True):
            variable.assign(value)
        if not self.model.stop_training:
            tried = len(self.losses)
            message = (
                f"fit ran out of batches after {tried} of {self.steps} learning rates. Give it "
                "more epochs."
            )
            warnings.warn(message, stacklevel=2)

    def suggestion(self) -> float:
        """Return the rate at which the loss falls fastest, measured per factor of the rate.

        Single batches are noisy, so the losses are averaged over a tenth of the steps first.

        Raises:
            ValueError: Fewer rates were tried than are averaged over twice, or the loss falls
                nowhere.
        """
        window = max(3, self.steps // 10)
        if len(self.losses) < 2 * window:
            tried = len(self.losses)
            raise ValueError(
                f"{tried} learning rates were tried, expected at least {2 * window}. Start lower."
            )
        average = np.full(window, 1 / window)
        losses = np.convolve(self.losses, average, mode="valid")
        places = np.convolve(np.log(self.learning_rates), average, mode="valid")
        slopes = np.gradient(losses, places)
        if slopes.min() >= 0:
            raise ValueError(
                "the loss falls at no learning rate that was tried. Start lower, or take more "
                "steps."
            )
        return float(np.exp(places[slopes.argmin()]))

    def _check_that_rates_can_be_set(self) -> None:
        try:
            self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate)
        except (AttributeError, TypeError):  # a schedule, or a function
            message = (
                "the optimizer has a schedule. To find a rate, compile with a number as the "
                "learning rate."
            )
            raise ValueError(message) from None
        steps = self.model.steps_per_execution
        if steps != 1:
            raise ValueError(
                f"steps_per_execution is {steps}, expected 1: the rate changes with every batch."
            )


class StopAt(keras.callbacks.Callback):
    """Stop training at the end of the first epoch in which a metric is good enough.

    `keras.callbacks.EarlyStopping` waits until nothing improves; this one stops once a value that
    you name is reached. NaN reaches nothing. An epoch without validation, such as
    `validation_freq=2` leaves out, is passed by with a warning, as `EarlyStopping` does.

    Args:
        target: What the metric must reach.
        monitor: The metric, by its name in `fit`'s history.
        mode: `"max"` where more is better, such as an accuracy; `"min"` where less is, such as a
            loss. By default Keras decides by the metric's name.

    Raises:
        TypeError: `target` is no number, or `monitor` no name.
        ValueError: `target` isn't finite, `mode` is something else, or, at the end of the first
            epoch, Keras doesn't know of this metric whether more is better.
        KeyError: At the end of an epoch, if there is no metric of that name.

    Examples:
        >>> callback = StopAt(0.98, monitor="val_accuracy")
        >>> callback.target
        0.98
    """

    def __init__(
        self,
        target: float,
        *,
        monitor: str = "val_accuracy",
        mode: Literal["auto", "min", "max"] = "auto",
    ) -> None:
        super().__init__()
        if mode not in ("auto", "min", "max"):
            raise ValueError(f"mode is {mode!r}, expected 'auto', 'min' or 'max'.")
        if not isinstance(monitor, str):
            raise TypeError(f"monitor is {monitor!r}, expected a name such as 'val_loss'.")
        self.target, self.monitor, self.mode = real_number("target", target), monitor, mode

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Stop training if the epoch's metric has reached the target."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            self._miss(list(logs or {}))
        elif self._is_reached(float(value)):
            self.model.stop_training = True

    def _is_reached(self, value: float) -> bool:
        """Compare as Keras's own callback does.

        It is asked which of two values it takes for the better one.
        """
        judge = keras.callbacks.EarlyStopping(self.monitor, mode=self.mode, patience=2)
        judge.set_model(self.model)
        judge.on_train_begin()
        try:
            for epoch, example in enumerate((0.0, 1.0)):
                judge.on_epoch_end(epoch, {self.monitor: example})
        except ValueError:
            raise ValueError(
                "mode is 'auto', and Keras doesn't know whether more is better for "
                f"{self.monitor!r}. Give mode='max' or mode='min'."
            ) from None
        return value >= self.target if judge.best == 1 else value <= self.target

    def _miss(self, there: list[str]) -> None:
        """Go on after an epoch without validation.

        A name that there isn't even with it is an error.
        """
        message = (
            f"there is no metric {self.monitor!r}; this epoch has {', '.join(there) or 'none'}."
        )
        if not self.monitor.startswith("val_") or any(name.startswith("val_") for name in there):
            raise KeyError(message)
        warnings.warn(f"{message} Was validation left out?", stacklevel=2)
