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


def metric_findings(
    model: keras.Model, loss: Loss, examples: Examples, predictions: Any
) -> Iterator[Finding]:
    """Compare what the compiled metrics say of predictions with a count by hand."""
    right = _share_right(loss, examples.labels, predictions)
    metrics = _accuracies(model)
    if right is None or not metrics:
        return
    for name, said in _said(metrics, examples.labels, predictions).items():
        if abs(said - right) > 0.02:
            yield Finding(
                "metric-lies",
                "error",
                f"{name} says {said:.3f}, and counting right answers {right:.3f}",
                "the share of right answers",
                'Take "accuracy" for several classes, BinaryAccuracy(threshold=0) for a logit, '
                "and a metric whose name has Sparse for labels that are whole numbers.",
            )


def _share_right(loss: Loss, labels: Any, predictions: Any) -> float | None:
    classes = class_labels(labels)
    if classes is None or not isinstance(predictions, np.ndarray) or predictions.ndim != 2:
        return None
    if not loss.kind.endswith("crossentropy"):
        return None
    if predictions.shape[1] > 1:
        return float(np.mean(predictions.argmax(1) == classes))
    limit = 0 if loss.from_logits else 0.5
    return float(np.mean((predictions[:, 0] > limit) == classes))


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
    same.compile(loss="mse", metrics=wanted, run_eagerly=True)
    try:
        measured = same.evaluate(
            predictions, labels, batch_size=len(predictions), verbose=0, return_dict=True
        )
    except Exception:  # the loss of this model may not take such labels
        return {}
    return {name: value for name, value in measured.items() if name != "loss"}
