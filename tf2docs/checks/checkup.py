"""The check-up of a model: all checks in order, on copies."""

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tf2docs._arguments import whole_number
from tf2docs._checks import check_kind, check_model
from tf2docs.checks.examples import Examples, read
from tf2docs.checks.findings import Finding, Findings
from tf2docs.checks.losses import Loss, loss_of
from tf2docs.checks.of_data import data_findings, validation_findings
from tf2docs.checks.of_flow import backward_findings, forward_findings, same_units_findings
from tf2docs.checks.of_metrics import metric_findings
from tf2docs.checks.of_model import (
    behaviour_findings,
    optimizer_findings,
    setting_findings,
    state_findings,
)
from tf2docs.checks.of_targets import fit_findings, form_findings, start_findings
from tf2docs.checks.of_training import Memorising, fresh_copy, training_findings
from tf2docs.checks.trial import Look, Rehearsal, Trial

__all__ = ["health"]

_LOOKED_AT = 256  # examples whose way through the layers is measured
_BY_HEART = 32  # examples to learn by heart
_CAREFUL_STEPS = 10  # after which weights that began with 0 have got going


def health(
    model: keras.Model,
    data: Any,
    loss_fn: Any = None,
    *,
    optimizer: keras.optimizers.Optimizer | None = None,
    validation_data: Any = None,
    steps: int = 100,
) -> Findings:
    """Say why a model doesn't learn, as far as cheap checks can tell.

    It looks at the data, at whether labels, loss and outputs fit together, at what each layer makes
    of the inputs and which gradients come back, and then lets a copy learn one batch by heart, with
    your optimizer and, where that fails, with other rates. That attempt is left out where it could
    only fail for a reason found before: outputs and loss don't fit together, no gradient comes
    back, or the loss is no finite number. Weights, optimizer and random states of yours stay as
    they are; a model that isn't built yet is built, as `fit` would do. From a data set, about 2,000
    examples are read, in its order.

    No finding doesn't prove that all is well: nobody but you knows whether the labels are right.

    Args:
        model: The model, compiled or not.
        data: `(inputs, labels)`, `(inputs, labels, weights)`, or a `tf.data.Dataset` or
            `keras.utils.PyDataset` with batches of them.
        loss_fn: The loss; by default the one that the model was compiled with.
        optimizer: The optimizer; by default the one that the model was compiled with, or Adam.
        validation_data: Data for validation in the same form, to compare with.
        steps: How many steps an attempt to learn the batch by heart has.

    Returns:
        What was found, the errors first; an empty list if nothing was.

    Raises:
        TypeError: An argument is something else.
        ValueError: There is no loss, or the data hold no examples or no labels.

    Examples:
        >>> x = np.random.default_rng(0).normal(size=(64, 5))
        >>> y = (x[:, :1] > 0).astype("float32")
        >>> stack = [keras.Input((5,)), keras.layers.Dense(1)]
        >>> model = keras.Sequential(stack)
        >>> print(health(model, (x, y), keras.losses.BinaryCrossentropy(from_logits=True)))
        nothing found
        >>> health(model, (x, y), keras.losses.BinaryCrossentropy()).names
        ['sigmoid-missing']
    """
    check_model(model)
    loss = loss_of(model, loss_fn)
    steps = whole_number("steps", steps, least=1)
    optimizer = optimizer if optimizer is not None else getattr(model, "optimizer", None)
    if optimizer is not None:
        check_kind("optimizer", optimizer, keras.optimizers.Optimizer, "keras.optimizers.Adam()")
    with _random_states_kept():
        examples = read(data, "data")
        found = list(data_findings(examples))
        if validation_data is not None:
            found += validation_findings(examples, read(validation_data, "validation_data"))
        found += _of_model(model, examples, loss, optimizer, steps)
    return Findings(sorted(found, key=lambda one: one.severity != "error"))


def _of_model(
    model: keras.Model,
    examples: Examples,
    loss: Loss,
    optimizer: keras.optimizers.Optimizer | None,
    steps: int,
) -> Iterator[Finding]:
    examples = examples.finite()  # NaN is found by then, and would be found again everywhere
    if not len(examples):
        return
    some = examples.some(_LOOKED_AT)
    try:
        trial = Trial(model, loss, some)
        predictions = trial.predict(some)
    except Exception as error:  # a model may raise anything
        yield _failed("call-fails", "the model can't be called on the inputs", error)
        return
    if isinstance(predictions, np.ndarray):
        loss.recognise(some.labels, predictions.shape)
        if wrong := list(form_findings(loss, examples, predictions.shape)):
            yield from wrong
            return
    try:
        look = trial.look(some)
    except Exception as error:  # a loss may raise anything
        yield _failed("loss-fails", "loss and gradients can't be computed", error)
        return
    unfit = list(fit_findings(loss, some, predictions, trial.closing))
    yield from unfit
    if not unfit:
        yield from start_findings(loss, some, predictions, look.loss)
    yield from metric_findings(model, loss, some, predictions)
    yield from behaviour_findings(trial, some)
    yield from setting_findings(model, look)
    yield from state_findings(trial, look, some)
    if optimizer is not None:
        yield from optimizer_findings(optimizer)
    # where outputs and loss don't fit together, no rate helps, and the attempt says nothing new
    attempts = 0 if any(one.severity == "error" for one in unfit) else steps
    yield from _in_training(trial, look, some, optimizer, attempts)


def _in_training(
    trial: Trial,
    look: Look,
    some: Examples,
    optimizer: keras.optimizers.Optimizer | None,
    steps: int,
) -> Iterator[Finding]:
    if all(one is None for one in look.gradients):
        yield from forward_findings(some, look, look)
        yield from backward_findings(trial, look, look)
        return
    batch = some.some(_BY_HEART)
    careful = Rehearsal(trial, keras.optimizers.Adam(0.001), batch)
    _, values = careful.run(_CAREFUL_STEPS)
    later = trial.look(some, values)
    yield from forward_findings(some, look, later)
    yield from backward_findings(trial, look, later)
    yield from same_units_findings(trial, values)
    if not steps or not np.isfinite(look.loss):
        return
    copy = fresh_copy(optimizer) if optimizer is not None else None
    own = Rehearsal(trial, copy, batch) if copy is not None else None
    yield from training_findings(Memorising(trial, batch, steps), careful, own)


def _failed(name: str, what: str, error: Exception) -> Finding:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = " ".join(lines)[:400]
    return Finding(
        name,
        "error",
        f"{what}: {type(error).__name__}: {told}",
        "a number for the loss of a batch",
        "Call the model and the loss by hand on one batch, and print the shape and type of each "
        "part.",
    )


@contextlib.contextmanager
def _random_states_kept() -> Iterator[None]:
    """Leave the generators of Python and NumPy as they were; Keras's are copied with the model."""
    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)
