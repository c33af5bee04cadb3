"""Callbacks of our own, which Keras calls while it trains."""

from collections.abc import Mapping

import keras

__all__ = ["StopAt"]


class StopAt(keras.callbacks.Callback):
    """Stop training at the end of the first epoch in which a metric is good enough.

    `keras.callbacks.EarlyStopping` waits until nothing improves; this one stops once a value that you name is
    reached.

    Args:
        target: What the metric must reach.
        monitor: The metric, by its name in `fit`'s history.
        mode: `"max"` where more is better, such as an accuracy; `"min"` where less is, such as a loss.

    Raises:
        ValueError: `mode` is neither of these.
        KeyError: At the end of the first epoch, if there is no metric of that name.

    Examples:
        >>> callback = StopAt(0.98, monitor="val_accuracy")
        >>> callback.target
        0.98
    """

    def __init__(self, target: float, *, monitor: str = "val_accuracy", mode: str = "max") -> None:
        super().__init__()
        if mode not in ("min", "max"):
            raise ValueError(f"mode is {mode!r}, expected 'min' or 'max'.")
        self.target, self.monitor, self.mode = target, monitor, mode

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Stop training if the epoch's metric has reached the target."""
        logs = logs or {}
        if self.monitor not in logs:
            raise KeyError(f"there is no metric {self.monitor!r}; this epoch has {', '.join(logs) or 'none'}.")
        value = logs[self.monitor]
        if value >= self.target if self.mode == "max" else value <= self.target:
            self.model.stop_training = True
