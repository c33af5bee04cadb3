"""Checks of metrics: does what is called accuracy count right answers?"""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tf2docs.checks.examples import Examples
from tf2docs.checks.findings import Finding
from tf2docs.checks.losses import Loss
from tf2docs.checks.of_data import class_labels

__all__ = ["metric_findings"]

_OF_NUMBERS = ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")


def metric_findings(
    model: keras.Model, loss: Loss, examples: Examples, predictions: Any
) -> Iterator[Finding]:
    """See whether the compiled metrics that count right answers count made-up ones as right.

    What the model says itself won't do: before training a wrong threshold may change nothing.
    """
    timid = _right_but_timid(loss, examples.labels, predictions)
    if timid is None:
        timid = _nearly_right(loss, examples.labels, predictions)
    metrics = _accuracies(model)
    if timid is None or not metrics:
        return
    for name, said in _said(metrics, examples.labels, timid).items():
        if said < 0.98:
            yield Finding(
                "metric-lies",
                "error",
                f"{name} says {said:.3f} of predictions of which each is right, or nearly so",
                "1, the share of right answers",
                'Take "mae" for numbers, "accuracy" for several classes, '
                "BinaryAccuracy(threshold=0) for a logit, and a metric whose name has Sparse for "
                "labels that are whole numbers.",
            )


def _right_but_timid(loss: Loss, labels: Any, predictions: Any) -> np.ndarray | None:
    """Predictions in which the right class is ahead by a little, or None if there is no such."""
    classes = class_labels(labels)
    if classes is None or not isinstance(predictions, np.ndarray) or predictions.ndim != 2:
        return None
    several = predictions.shape[1] > 1
    if not loss.kind.endswith("crossentropy") or several == loss.kind.startswith("binary"):
        return None
    if classes.min() < 0 or classes.max() >= max(2, predictions.shape[1]):
        return None
    rng = np.random.default_rng(0)
    ahead = rng.uniform(0.05, 1, len(classes))
    scores = rng.uniform(-1, 1, (len(classes), predictions.shape[1]))
    if several:
        rows = np.arange(len(classes))
        scores[rows, classes] = scores.max(1) + ahead
        shares = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    else:
        scores[:, 0] = np.where(classes == 1, ahead, -ahead)
        shares = 1 / (1 + np.exp(-scores))
    timid: np.ndarray = scores if loss.from_logits else shares
    return timid.astype("float32")


def _nearly_right(loss: Loss, labels: Any, predictions: Any) -> np.ndarray | None:
    """Predictions of numbers that are off by a little, or None if no numbers are predicted."""
    both = isinstance(labels, np.ndarray) and isinstance(predictions, np.ndarray)
    if loss.kind not in _OF_NUMBERS or not both or labels.size != predictions.size:
        return None
    if labels.dtype.kind not in "uif" or not np.ptp(labels):
        return None
    numbers = labels.reshape(predictions.shape).astype("float32")
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, numbers.shape)
    nearly: np.ndarray = (numbers + noise * np.std(numbers)).astype("float32")
    return nearly


def _accuracies(model: keras.Model) -> list[Any]:
    """The compiled metrics that count right answers, as they were given."""
    if not getattr(model, "compiled", False):
        return []
    given = (model.get_compile_config() or {}).get("metrics")
    if not isinstance(given, list):
        return []
    return [metric for metric in given if _counts(metric)]


def _counts(metric: Any) -> bool:
    if isinstance(metric, dict):
        metric = metric.get("class_name", "")
        return metric.endswith("Accuracy") and "TopK" not in metric
    return isinstance(metric, str) and (metric == "acc" or metric.endswith("accuracy"))


def _said(metrics: list[Any], labels: Any, predictions: np.ndarray) -> dict[str, float]:
    """Ask the metrics by way of a model that returns the predictions as they are."""
    same = keras.Sequential([keras.Input(predictions.shape[1:]), keras.layers.Identity()])
    wanted = [
        keras.saving.deserialize_keras_object(one) if isinstance(one, dict) else one
        for one in metrics
    ]
    same.compile(loss=_no_loss, metrics=wanted, run_eagerly=True)
    try:
        measured = same.evaluate(
            predictions, labels, batch_size=len(predictions), verbose=0, return_dict=True
        )
    except Exception:  # a metric may not take such labels
        return {}
    return {name: value for name, value in measured.items() if name != "loss"}


def _no_loss(labels: Any, predictions: Any) -> Any:
    """Keras evaluates only what has a loss; this one takes labels of every form."""
    return 0 * keras.ops.mean(predictions, axis=-1)
