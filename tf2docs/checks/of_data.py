"""Checks of the data alone: no model is run."""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from tf2docs.checks.examples import Examples, parts_of
from tf2docs.checks.findings import Finding

__all__ = ["class_labels", "data_findings", "validation_findings"]

_SURE = 3.0  # standard deviations above chance
_ENOUGH = 200  # examples, to tell a weak relation from none


def data_findings(examples: Examples) -> Iterator[Finding]:
    """Look at inputs, labels, weights and their order."""
    yield from _not_numbers("inputs", examples.inputs)
    yield from _not_numbers("labels", examples.labels)
    yield from _weights(examples)
    if len(examples) > 1:
        yield from _alike(examples)
        yield from _given_away(examples)
        yield from _unbalanced(examples)
        yield from _order(examples)
        yield from _unrelated(examples)


def validation_findings(examples: Examples, validation: Examples) -> Iterator[Finding]:
    """Compare validation data with the training data."""
    yield from _not_numbers("validation-inputs", validation.inputs)
    yield from _leaked(examples, validation)
    yield from _scaled_otherwise(examples, validation)
    yield from _new_classes(examples, validation)


def class_labels(labels: Any) -> np.ndarray | None:
    """One whole number an example, if the labels are classes: as numbers or one-hot."""
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "buif":
        return None
    if labels.ndim == 2 and labels.shape[1] > 1:
        one_hot = np.isin(labels, (0, 1)).all() and (labels.sum(1) == 1).all()
        return labels.argmax(1) if one_hot else None
    if labels.ndim > 2 or labels.size != len(labels):
        return None
    flat = labels.reshape(len(labels))
    whole = np.isfinite(flat).all() and (flat == np.round(flat)).all()
    few = whole and len(np.unique(flat)) <= max(2, len(flat) // 5)
    return flat.astype(int) if few else None


def _not_numbers(what: str, part: Any) -> Iterator[Finding]:
    for array in parts_of(part):
        wrong = np.count_nonzero(~np.isfinite(array)) if array.dtype.kind == "f" else 0
        if wrong:
            yield Finding(
                f"nan-{what}",
                "error",
                f"{wrong:,} of {array.size:,} numbers are NaN or infinite",
                "numbers; one NaN is enough to make every weight NaN in one step",
                "Find out where they come from (missing values, a division by zero), and drop or "
                "replace them.",
            )


def _weights(examples: Examples) -> Iterator[Finding]:
    for weights in parts_of(examples.weights) if examples.weights is not None else ():
        if not np.isfinite(weights).all() or weights.min() < 0 or weights.max() == 0:
            yield Finding(
                "bad-weights",
                "error",
                f"sample weights from {weights.min():g} to {weights.max():g}",
                "finite weights, none below 0 and some above, with a mean of about 1",
                "Compute the weights again, or leave them out.",
            )


def _alike(examples: Examples) -> Iterator[Finding]:
    for array in parts_of(examples.inputs):
        if (array == array[:1]).all():
            yield Finding(
                "constant-inputs",
                "error",
                f"all {len(array):,} examples have the same input",
                "inputs that differ",
                "Look at what loads them: an index that doesn't move, or a division of whole "
                "numbers that leaves 0.",
            )


def _given_away(examples: Examples) -> Iterator[Finding]:
    labels = class_labels(examples.labels)
    if labels is None:
        labels = examples.labels
    if not isinstance(labels, np.ndarray) or labels.size != len(labels) or len(labels) < 20:
        return
    column = labels.reshape(-1, 1)
    if labels.dtype.kind not in "buif" or (column == column[0]).all():
        return
    for array in parts_of(examples.inputs):
        if array.ndim != 2 or array.shape[1] < 2:
            continue
        same = np.flatnonzero((array == column).all(0))
        if len(same):
            yield Finding(
                "label-among-inputs",
                "error",
                f"column {same[0]} of the inputs is the label itself",
                "inputs that will be known when the label isn't",
                "Drop the column: with it the scores are too good to be true.",
            )


def _unbalanced(examples: Examples) -> Iterator[Finding]:
    classes = class_labels(examples.labels)
    if classes is None or examples.weights is not None:
        return
    found, counts = np.unique(classes, return_counts=True)
    share = counts.max() / len(classes)
    if len(found) == 1 and len(classes) >= 20:
        yield Finding(
            "one-class",
            "error",
            f"all {len(classes):,} labels looked at are {found[0]}",
            "labels of at least two classes",
            "Look at what makes the labels; if the data are sorted by label, shuffle them.",
        )
    elif len(found) > 1 and (share >= 0.8 or (share >= 0.5 and share * len(found) >= 5)):
        yield Finding(
            "class-imbalance",
            "warning",
            f"{share:.0%} of the labels are {found[counts.argmax()]}: always answering that has "
            f"an accuracy of {share:.2f}",
            "classes of about the same size, or a measure that counts each alike",
            "Compare every accuracy with that number, look at the accuracy of each class, and "
            "try class_weight.",
        )


def _order(examples: Examples) -> Iterator[Finding]:
    classes = class_labels(examples.labels)
    if classes is None or len(classes) < 20 or len(np.unique(classes)) < 2:
        return
    changes = np.count_nonzero(np.diff(classes))
    shuffled = np.random.default_rng(0).permutation(classes)
    if changes >= np.count_nonzero(np.diff(shuffled)) / 5:
        return
    came = f"the label changes {changes} times in {len(classes):,} examples"
    if examples.batches is None:  # fit shuffles arrays, but cuts the validation data off before
        yield Finding(
            "sorted-labels",
            "warning",
            came,
            "examples in a random order",
            "Shuffle before you split: validation_split takes the last ones, and here they are "
            "of other classes than the first.",
        )
    else:
        yield Finding(
            "sorted-labels",
            "error",
            f"{came}, so most batches hold a single class",
            "batches of mixed classes",
            "Call shuffle before batch, with a buffer as large as the data, or shuffle the arrays.",
        )


def _unrelated(examples: Examples) -> Iterator[Finding]:
    """Ask whether near inputs, or a linear model, say anything about the labels."""
    inputs, target = _as_table(examples)
    if inputs is None or target is None:
        return
    rng = np.random.default_rng(0)
    guesses = [_by_neighbours(inputs), _by_a_line(inputs)]
    for guess in guesses:
        real = _agreement(guess, target)
        chance = [_agreement(guess, target[rng.permutation(len(target))]) for _ in range(30)]
        if real > np.mean(chance) + _SURE * np.std(chance):
            return
    yield Finding(
        "labels-unrelated",
        "warning",
        f"for {len(target):,} examples neither the most similar others nor a linear model guess "
        "the label better than chance",
        "a relation between inputs and labels",
        "Look at some inputs with their labels: were the two shuffled, sorted or filtered apart? "
        "If they do belong together, the task is hard, and this says nothing.",
    )


def _as_table(examples: Examples) -> tuple[Any, Any]:
    """Some inputs as standardised rows, and labels as centred columns; None if they aren't."""
    if len(examples) < _ENOUGH:
        return None, None
    few = examples.some(400)
    if not isinstance(few.inputs, np.ndarray) or not isinstance(few.labels, np.ndarray):
        return None, None
    if few.inputs.dtype.kind not in "uif" or few.inputs.ndim < 2:
        return None, None
    classes = class_labels(few.labels)
    if classes is None and (few.labels.dtype.kind != "f" or few.labels.ndim > 2):
        return None, None
    rows = few.inputs.reshape(len(few), -1).astype("float64")[:, :20_000]
    target = few.labels if classes is None else _one_hot(classes)
    target = target.reshape(len(few), -1).astype("float64")
    target = target - target.mean(0)
    rows = (rows - rows.mean(0)) / (rows.std(0) + 1e-9 * abs(rows).max() + 1e-30)
    if (
        not np.isfinite(rows).all()
        or not np.isfinite(target).all()
        or target.std() == 0
        or not rows.any()
    ):
        return None, None
    return rows, target


def _one_hot(classes: np.ndarray) -> np.ndarray:
    """A column for each class that occurs, whatever numbers the classes have."""
    found, places = np.unique(classes, return_inverse=True)
    columns: np.ndarray = np.eye(len(found))[places]
    return columns


def _by_neighbours(rows: np.ndarray) -> np.ndarray:
    """Weights by which the labels of the five nearest others are averaged."""
    squares = (rows**2).sum(1)
    distances = squares[:, None] + squares - 2 * rows @ rows.T
    np.fill_diagonal(distances, np.inf)
    nearest = np.argsort(distances, axis=1)[:, :5]
    weights: np.ndarray = np.zeros_like(distances)
    np.put_along_axis(weights, nearest, 0.2, axis=1)
    return weights


def _by_a_line(rows: np.ndarray) -> np.ndarray:
    """Weights of ridge regression with each example left out of its own guess."""
    products = rows @ rows.T
    ridge = np.trace(products) / len(rows)
    hat = products @ np.linalg.inv(products + ridge * np.eye(len(rows)))
    left_out: np.ndarray = hat / (1 - np.diag(hat))[:, None]
    np.fill_diagonal(left_out, 0)
    return left_out


def _agreement(weights: np.ndarray, target: np.ndarray) -> float:
    guess = weights @ target
    return float((guess * target).sum() / np.sqrt((guess**2).sum() * (target**2).sum() + 1e-30))


def _leaked(examples: Examples, validation: Examples) -> Iterator[Finding]:
    known, asked = _digests(examples), _digests(validation)
    seen = set(known)
    twice = 1 - len(seen) / len(known)  # as many as there are among the training data
    share = sum(one in seen for one in asked) / len(asked)
    if share > 0.01 + 2 * twice:
        yield Finding(
            "leakage",
            "error",
            f"{share:.0%} of the validation inputs are also among the training inputs",
            "examples that the model has never seen",
            "Split before you augment, repeat or oversample, and drop duplicates first.",
        )


def _digests(examples: Examples) -> list[bytes]:
    arrays = [np.ascontiguousarray(array) for array in parts_of(examples.inputs)]
    amount = min(len(examples), 20_000) if arrays else 0
    return [
        hashlib.md5(b"".join(array[row].tobytes() for array in arrays)).digest()
        for row in range(amount)
    ] or [b""]


def _scaled_otherwise(examples: Examples, validation: Examples) -> Iterator[Finding]:
    pairs = zip(parts_of(examples.inputs), parts_of(validation.inputs), strict=True)
    for one, other in pairs:
        sizes = [float(np.sqrt(np.mean(np.square(a.astype("float64"))))) for a in (one, other)]
        if min(sizes) * 5 < max(sizes):
            yield Finding(
                "validation-scale",
                "error",
                f"training inputs have a size of {sizes[0]:.3g} (root mean square), validation "
                f"inputs of {sizes[1]:.3g}",
                "both prepared in the same way",
                "Apply the same scaling to both, or put it into the model as a layer.",
            )


def _new_classes(examples: Examples, validation: Examples) -> Iterator[Finding]:
    known, asked = class_labels(examples.labels), class_labels(validation.labels)
    if known is None or asked is None:
        return
    new = ~np.isin(asked, known)
    if new.mean() > 0.02:
        yield Finding(
            "unseen-classes",
            "error",
            f"{new.mean():.0%} of the validation labels are of classes that the training data "
            f"looked at don't have: {sorted(set(asked[new].tolist()))[:10]}",
            "the same classes in both",
            "Shuffle before you split.",
        )
