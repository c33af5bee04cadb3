"""Checks of what flows through a model: numbers forward, gradients back."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from tf2docs.checks.examples import Examples, parts_of
from tf2docs.checks.findings import Finding, named
from tf2docs.checks.trial import Look, Trial

__all__ = ["backward_findings", "forward_findings", "same_units_findings"]

_LARGE = 100  # of inputs that meet weights
_ENOUGH = 64  # examples, of which a living unit answers to some
_SCALING = (
    keras.layers.BatchNormalization,
    keras.layers.GroupNormalization,
    keras.layers.LayerNormalization,
    keras.layers.Normalization,
    keras.layers.Rescaling,
    keras.layers.Embedding,
)


def forward_findings(examples: Examples, look: Look, later: Look) -> Iterator[Finding]:
    """Look at the numbers on the way from the inputs to the loss.

    Args:
        examples: The inputs and labels.
        look: A look at the model's own values.
        later: A look after a few careful steps.
    """
    yield from _unscaled(look)
    broken = list(_not_finite(look))
    yield from broken
    if not broken:
        if _differ(examples):
            yield from _lost(look, later)
        yield from _silent(look, few=len(examples) < _ENOUGH)
        yield from _saturated(look)


def backward_findings(trial: Trial, look: Look, later: Look) -> Iterator[Finding]:
    """Look at the gradients, at the model's own values and some steps later.

    Args:
        trial: The model.
        look: A look at its own values.
        later: A look after a few careful steps, which get over weights that begin with 0.
    """
    if not np.isfinite(look.loss):
        return
    names = [variable.path for variable in trial.trainable]
    without = [name for name, one in zip(names, look.gradients, strict=True) if one is None]
    yield from _no_path(without, len(names))
    yield from _not_finite_gradients(names, look)
    yield from _zero(names, look, later)
    yield from _uneven(names, look, later)


def same_units_findings(trial: Trial, values: Any) -> Iterator[Finding]:
    """Look for layers whose units are all the same and stay so.

    Args:
        trial: The model.
        values: Its values after a few steps.
    """
    alike = [
        variable.path
        for variable, before, after in zip(
            trial.trainable, trial.values()[0], values[0], strict=True
        )
        if _same_units(np.asarray(before)) and _same_units(np.asarray(after))
    ]
    if alike:
        yield Finding(
            "same-units",
            "error",
            f"all units of {named(alike)} have the same weights, and still have after some steps: "
            "together they are no better than one",
            "first weights drawn at random",
            'Take the default initializer, "glorot_uniform", or "he_normal" before a relu; zeros '
            "are for biases.",
        )


def _differ(examples: Examples) -> bool:
    arrays = parts_of(examples.inputs)
    return len(examples) > 1 and any((array != array[:1]).any() for array in arrays)


def _unscaled(look: Look) -> Iterator[Finding]:
    """Look at what the first layer with weights receives."""
    for layer, _, numbers in look.layers:
        if isinstance(layer, _SCALING):
            return
        own = [one for one in layer.weights if len(one.shape) > 1]
        if not own or layer._layers:
            continue
        size = float(numbers["received_size"])
        if size >= _LARGE:
            yield Finding(
                "unscaled-inputs",
                "warning",
                f"{layer.name}, the first layer with weights, receives numbers up to {size:.4g}",
                "numbers of a size of about 1",
                "Divide images by 255, standardise columns, or begin the model with a Rescaling "
                "or a Normalization layer.",
            )
        return


def _not_finite(look: Look) -> Iterator[Finding]:
    for layer, _, numbers in look.layers:
        if numbers["received_finite"] and not (numbers["finite"] and _finite_weights(layer)):
            yield Finding(
                "nan-in-layer",
                "error",
                f"{layer.name} makes NaN or infinity of finite numbers",
                "finite numbers",
                "Look for a logarithm or a root of 0, a division by 0, an exp of a large number, "
                "and for weights that are NaN already: then build the model anew.",
            )
            return
    if not np.isfinite(look.loss):
        yield Finding(
            "nan-loss",
            "error",
            f"the loss of the first batch is {look.loss}",
            "a number",
            "If predictions and labels are finite, the loss itself takes a logarithm or a root "
            "of 0, or divides by 0. Keras's own losses on logits don't.",
        )


def _finite_weights(layer: keras.layers.Layer) -> bool:
    """Ask the weights as well: on some processors `relu` makes 0 of NaN, which hides them."""
    weights = (keras.ops.convert_to_numpy(one) for one in layer.weights)
    return all(np.isfinite(one).all() for one in weights)


def _lost(look: Look, later: Look) -> Iterator[Finding]:
    for (layer, _, now), (_, _, then) in zip(look.layers, later.layers, strict=True):
        if now["spread"] == 0 and then["spread"] == 0:
            yield Finding(
                "inputs-lost",
                "error",
                f"{layer.name} puts out the same for every example",
                "outputs that depend on the inputs",
                "Look at this layer and the one before: weights of 0, a dropout of everything, "
                "dead units, a softmax of one unit, or an index that doesn't move.",
            )
            return


def _silent(look: Look, *, few: bool) -> Iterator[Finding]:
    for layer, closing, numbers in look.layers:
        share = float(numbers["silent"])
        if closing == "Relu" and share > (0.9 if few else 0.8) and numbers["units"] >= 8:
            yield Finding(
                "dead-units",
                "error" if share > 0.9 else "warning",
                f"{share:.0%} of the units of {layer.name} are 0 for every example looked at",
                "few, since such units get no gradient",
                "Scale the inputs, lower the learning rate, look at the biases, and build the "
                "model anew; leaky_relu never dies.",
            )
            return


def _saturated(look: Look) -> Iterator[Finding]:
    for layer, closing, numbers in look.layers[:-1]:
        share = float(numbers["at_one"]) + (closing == "Sigmoid") * float(numbers["at_zero"])
        if closing in ("Sigmoid", "Tanh") and share > 0.8:
            yield Finding(
                "saturated-units",
                "error",
                f"{share:.0%} of what {layer.name} puts out is at the ends of its "
                f"{closing.lower()}, where the slope is about 0",
                "most of it in between",
                "Scale the inputs, or begin with smaller weights.",
            )
            return


def _no_path(without: list[str], amount: int) -> Iterator[Finding]:
    if without and len(without) == amount:
        yield Finding(
            "no-gradient",
            "error",
            "no trainable variable gets a gradient",
            "a path of differentiable steps from the loss to each",
            "Look for argmax, rounding, comparisons, casts to whole numbers, NumPy and "
            "stop_gradient on the way.",
        )
    elif without:
        yield Finding(
            "no-gradient",
            "warning",
            f"{named(without)}: no gradient, the loss doesn't depend on it",
            "a path from the loss to each trainable variable",
            "Look whether call uses the layer's result, and for stop_gradient, argmax and NumPy "
            "on the way.",
        )


def _not_finite_gradients(names: list[str], look: Look) -> Iterator[Finding]:
    wrong = [
        name
        for name, one in zip(names, look.gradients, strict=True)
        if one is not None and not np.isfinite(one).all()
    ]
    if wrong:
        yield Finding(
            "nan-gradient",
            "error",
            f"the loss is {look.loss:.4g}, but the gradients of {named(wrong)} are NaN or infinite",
            "finite gradients",
            "A root, a logarithm or a norm at 0 has no finite slope: add a small number inside. "
            "tf.where hides a value, not its gradient.",
        )


def _zero(names: list[str], look: Look, later: Look) -> Iterator[Finding]:
    dead = [
        name
        for name, now, then in zip(names, look.gradients, later.gradients, strict=True)
        if now is not None
        and now.ndim > 1
        and _is_zero(now)
        and then is not None
        and _is_zero(then)
    ]
    if dead:
        yield Finding(
            "zero-gradient",
            "error",
            f"the gradient of {named(dead)} is exactly 0, also after some steps",
            "gradients other than 0",
            "Look at what comes behind: dead or saturated units, weights of 0, a factor of 0.",
        )


def _uneven(names: list[str], look: Look, later: Look) -> Iterator[Finding]:
    """Compare the gradients of the first and the last kernel."""
    sizes = [
        (name, min(_size(now), _size(then)), max(_size(now), _size(then)))
        for name, now, then in zip(names, look.gradients, later.gradients, strict=True)
        if now is not None and then is not None and now.ndim > 1
        if np.isfinite(now).all() and np.isfinite(then).all() and not _is_zero(now)
    ]
    if len(sizes) < 2:
        return
    (first, least, most), (last, lowest, highest) = sizes[0], sizes[-1]
    if 0 < most < 1e-5 * lowest:
        yield Finding(
            "vanishing-gradient",
            "error",
            f"the gradient of {first} is {most / lowest:.0e} times that of {last}",
            "gradients of about the same size in all layers",
            "Take relu instead of sigmoid or tanh, he_normal weights, residual connections or "
            "normalization between the layers, or fewer layers.",
        )
    elif least > 1e5 * highest > 0 or max(size for _, size, _ in sizes) > 1e6:
        name, size, _ = max(sizes, key=lambda one: one[1])
        beside = "" if name == last else f", that of {last} {highest:.1e}"
        yield Finding(
            "exploding-gradient",
            "error",
            f"the gradient of {name} has a size of {size:.1e}{beside}",
            "gradients of about the same size in all layers, none of millions",
            "Begin with smaller weights, scale inputs and labels, normalise between the layers, "
            "or clip: an optimizer takes global_clipnorm=1.0.",
        )


def _is_zero(gradient: np.ndarray) -> bool:
    return not np.any(gradient)


def _size(gradient: np.ndarray) -> float:
    """Root mean square of what isn't 0: rows of an embedding that weren't asked are."""
    some = gradient[gradient != 0].astype("float64")
    return float(np.sqrt(np.mean(some**2))) if some.size else 0.0


def _same_units(kernel: np.ndarray) -> bool:
    if kernel.ndim < 2 or kernel.shape[-1] < 2 or kernel.dtype.kind != "f":
        return False
    spread = np.ptp(kernel.astype("float64"), axis=-1).max()
    return bool(spread <= 1e-6 * (np.abs(kernel).max() + 1e-12))
