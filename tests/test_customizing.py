"""The step that the lesson on customizing writes out is that of `fit`, whatever a model has."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from tf2docs.datasets import make_classes
from tf2docs.pages.reading.page import read_page

ROOT = Path(__file__).parents[1]
POINTS, KINDS = make_classes(90, features=6, classes=3)  # batches of 40, 40 and 10
WEIGHTS = np.linspace(0, 2, len(POINTS), dtype="float32")


def own_step() -> type[keras.Sequential]:
    """The class of the page, as it stands there."""
    page = read_page(ROOT / "docs" / "zh" / "keras" / "customizing.md", "keras/customizing")
    code = next(b.fence.text for b in page.blocks if "class OwnStep(" in b.fence.text)
    namespace: dict[str, Any] = {"keras": keras, "tf": tf}
    exec(code, namespace)
    return namespace["OwnStep"]


def with_step(base: type[keras.Model]) -> type[keras.Model]:
    """A kind of model that has the page's step."""
    return type("Stepping", (base,), {"train_step": own_step().train_step})


def classifier(*more: keras.layers.Layer) -> list[keras.layers.Layer]:
    return [keras.Input((6,)), *more, keras.layers.Dense(3)]


def trained(kind, make, fit=None, policy="float32", **settings) -> tuple[dict, list[np.ndarray]]:
    keras.config.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(0)
        model = make(kind)
        settings.setdefault("loss", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.compile(keras.optimizers.SGD(0.1), **settings)
        options = {"y": KINDS, "batch_size": 40, "epochs": 2, "shuffle": False, **(fit or {})}
        history = model.fit(POINTS, verbose=0, **options).history
    finally:
        keras.config.set_dtype_policy("float32")
    return history, model.get_weights()


class Added(keras.layers.Layer):
    def call(self, inputs):
        self.add_loss(keras.ops.mean(keras.ops.square(inputs)))
        return inputs


def two_outputs(kind):
    inputs = keras.Input((6,))
    outputs = {"kind": keras.layers.Dense(3)(inputs), "copy": keras.layers.Dense(6)(inputs)}
    return kind(inputs, outputs)


LOSS = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
ONE = {
    "plain": (classifier, {}),
    "metrics": (classifier, {"metrics": ["accuracy"]}),
    "weights": (classifier, {"metrics": ["accuracy"], "fit": {"sample_weight": WEIGHTS}}),
    "weighted": (classifier, {"weighted_metrics": ["accuracy"], "fit": {"sample_weight": WEIGHTS}}),
    "classes": (classifier, {"fit": {"class_weight": {0: 1.0, 1: 3.0, 2: 0.5}}}),
    "validated": (classifier, {"fit": {"validation_data": (POINTS, KINDS)}}),
    "several steps": (classifier, {"steps_per_execution": 2}),
    "compiled": (classifier, {"jit_compile": True}),
    "mixed": (classifier, {"policy": "mixed_float16", "metrics": ["accuracy"]}),
    "regularised": (lambda: classifier(keras.layers.Dense(4, kernel_regularizer="l2")), {}),
    "normalised": (lambda: classifier(keras.layers.BatchNormalization()), {}),
    "dropout": (lambda: classifier(keras.layers.Dropout(0.5)), {}),
    "added": (lambda: classifier(Added()), {}),
}


def assert_same(one, other):
    (history, weights), (expected, expected_weights) = one, other
    assert sorted(history) == sorted(expected)
    for name in expected:
        np.testing.assert_allclose(history[name], expected[name], rtol=0, atol=1e-6)
    for weight, expected_weight in zip(weights, expected_weights, strict=True):
        np.testing.assert_allclose(weight, expected_weight, rtol=0, atol=1e-6)


@pytest.mark.parametrize("case", ONE)
def test_the_step_of_the_lesson_is_that_of_fit(case):
    layers, settings = ONE[case]
    runs = [
        trained(kind, lambda kind: kind(layers()), **settings)
        for kind in (own_step(), keras.Sequential)
    ]
    assert_same(*runs)


def test_it_is_that_of_fit_for_several_outputs_too():
    settings = {
        "loss": {"kind": LOSS, "copy": "mse"},
        "loss_weights": {"kind": 1.0, "copy": 0.5},
        "metrics": {"kind": ["accuracy"]},
        "fit": {"y": {"kind": KINDS, "copy": POINTS}},
    }
    assert_same(
        *(trained(kind, two_outputs, **settings) for kind in (with_step(keras.Model), keras.Model))
    )
