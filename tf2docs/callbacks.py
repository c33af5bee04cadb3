"""Callbacks of our own, which Keras calls while it trains."""

import warnings
from collections.abc import Mapping
from typing import Literal

import keras

from tf2docs._arguments import real_number

__all__ = ["StopAt"]


class StopAt(keras.callbacks.Callback):
    """Stop training at the end of the first epoch in which a metric is good enough.

    `keras.callbacks.EarlyStopping` waits until nothing improves; this one stops once a value that you name is
    reached. NaN reaches nothing. An epoch without validation, such as `validation_freq=2` leaves out, is passed by with
    a warning, as `EarlyStopping` does.

    Args:
        target: What the metric must reach.
        monitor: The metric, by its name in `fit`'s history.
        mode: `"max"` where more is better, such as an accuracy; `"min"` where less is, such as a loss. By default
            Keras decides by the metric's name.

    Raises:
        TypeError: `target` is no number, or `monitor` no name.
        ValueError: `target` isn't finite, `mode` is something else, or, at the end of the first epoch, Keras doesn't
            know of this metric whether more is better.
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
        """Compare as Keras's own callback does: it is asked which of two values it takes for the better one."""
        judge = keras.callbacks.EarlyStopping(self.monitor, mode=self.mode, patience=2)
        judge.set_model(self.model)
        judge.on_train_begin()
        try:
            for epoch, example in enumerate((0.0, 1.0)):
                judge.on_epoch_end(epoch, {self.monitor: example})
        except ValueError:
            raise ValueError(
                f"mode is 'auto', and Keras doesn't know whether more is better for {self.monitor!r}. "
                "Give mode='max' or mode='min'."
            ) from None
        return value >= self.target if judge.best == 1 else value <= self.target

    def _miss(self, there: list[str]) -> None:
        """Go on after an epoch without validation; a name that there isn't even with it is an error."""
        message = f"there is no metric {self.monitor!r}; this epoch has {', '.join(there) or 'none'}."
        if not self.monitor.startswith("val_") or any(name.startswith("val_") for name in there):
            raise KeyError(message)
        warnings.warn(f"{message} Was validation left out?", stacklevel=2)
