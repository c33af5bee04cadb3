"""Diagrams of models, drawn from the models themselves with nothing but matplotlib."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator
from itertools import pairwise
from typing import Any, TypeAlias, cast

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.textpath import TextPath

from tf2docs.layout import Layout, layered

__all__ = ["plot_layers", "plot_objects"]

_NAME, _SHAPE = 9, 8  # font sizes
# inches: a box, between rows, between boxes, between arrows
_HEIGHT, _GAP, _ASIDE, _PORT = 0.5, 0.42, 0.25, 0.2
_SMOOTH = 24  # points of a curve
_Arrow: TypeAlias = tuple[Hashable, Hashable]  # from which box to which
_Words: TypeAlias = dict[Hashable, tuple[str, str]]  # what stands in each box: a name, and below it

_INK, _FRAME = "black", "0.45"


def plot_layers(model: keras.Model) -> Figure:
    """Draw a model's layers as boxes and what flows between them as arrows, from top to bottom.

    A box holds the layer's name, its class, and the shape of its output, where `None` is the batch
    size; outputs of the model have a thicker frame. A shared layer is one box with an arrow in for
    each call. A model within the model is one box as well: draw that model to look inside. The
    figure stays open in pyplot.

    Args:
        model: Built from inputs and outputs, or a `Sequential` model that knows its input shape.

    Returns:
        The figure. Each arrow is a line labelled with the names that it joins.

    Raises:
        ValueError: The model doesn't know how its layers are connected: it is subclassed, or not
            built yet.

    Examples:
        >>> inputs, dense = keras.Input((72,), name="in"), keras.layers.Dense(2, name="out")
        >>> figure = plot_layers(keras.Sequential([inputs, dense]))
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['in → out']
        >>> plt.close(figure)
    """
    calls = _calls(model)
    ends = {call.operation for call in map(_call_of, model.outputs)}
    return _drawn(_words(calls), _arrows(calls), thick=ends)


def plot_objects(root: Any) -> Figure:
    """Draw what a checkpoint of `root` holds: objects as boxes, each above its parts.

    A box holds the name of the object within its owner, an attribute or a place in a list, then its
    class and the shape of a variable. An object with several owners is one box with an arrow from
    each. Variables have a thicker frame: their values are what is saved. What isn't drawn isn't
    saved. The figure stays open in pyplot.

    Args:
        root: A `tf.Module`, a `tf.train.Checkpoint`, or anything else that one can save.

    Returns:
        The figure. Each arrow is a line labelled with the names that it joins.

    Raises:
        TypeError: A checkpoint can't save `root`.

    Examples:
        >>> module = tf.Module()
        >>> module.weight = tf.Variable(tf.ones((2, 3)))
        >>> figure = plot_objects(module)
        >>> [text.get_text() for text in figure.axes[0].texts]
        ['(root)', 'Module', 'weight', 'Variable (2, 3)']
        >>> plt.close(figure)
    """
    objects, owned = _objects(root)
    names = {id(root): ["(root)"]}
    for _, name, part in owned:
        names.setdefault(id(part), []).append(name)
    words: _Words = {id(each): (", ".join(names[id(each)]), _described(each)) for each in objects}
    arrows: list[_Arrow] = [(id(owner), id(part)) for owner, _, part in owned]
    variables = {id(each) for each in objects if isinstance(each, tf.Variable)}
    return _drawn(words, arrows, thick=variables)


# What a checkpoint holds


def _objects(root: Any) -> tuple[list[Any], list[tuple[Any, str, Any]]]:
    """The root and all that it leads to, and each part with its owner and its name there."""
    if not hasattr(root, "_trackable_children"):  # what TensorFlow's own savers ask for
        raise TypeError(
            f"root is a {type(root).__name__}, expected what a checkpoint can save, such as a "
            "tf.Module or a tf.train.Checkpoint."
        )
    view = tf.train.TrackableView(root)
    objects = view.descendants()
    owned = [
        (owner, name, part) for owner in objects for name, part in view.children(owner).items()
    ]
    return objects, owned


def _described(part: Any) -> str:
    if isinstance(part, tf.Variable):
        return f"Variable {tuple(part.shape)}"
    return type(part).__name__.lstrip("_")


# What a model consists of. Keras has no public way to ask for connections: the two private names in
# _call_of are what its own plot_model relies on, and what they return is its private class Node,
# hence Any.


def _calls(model: keras.Model) -> list[Any]:
    """Every call of a layer that the outputs depend on.

    Each comes after those that it depends on itself.
    """
    outputs = (
        getattr(model, "outputs", None) if isinstance(model, keras.Model) and model.built else None
    )
    if not outputs:
        raise ValueError(
            f"{getattr(model, 'name', model)!r} doesn't know how its layers are connected. "
            "plot_layers draws models made of inputs and outputs, and Sequential models that "
            "begin with keras.Input or were called once; in a subclassed model the connections "
            "are Python code in its call method."
        )
    done: dict[int, Any] = {}
    stack = [_call_of(tensor) for tensor in reversed(outputs)]
    while stack:
        call = stack[-1]
        missing = [parent for parent in call.parent_nodes if id(parent) not in done]
        if missing:
            stack.append(missing[0])
        else:
            done.setdefault(id(stack.pop()), call)
    return list(done.values())


def _call_of(tensor: keras.KerasTensor) -> Any:
    history = tensor._keras_history
    return history.operation._inbound_nodes[history.node_index]


def _arrows(calls: list[Any]) -> list[_Arrow]:
    return [(parent.operation, call.operation) for call in calls for parent in call.parent_nodes]


def _words(calls: list[Any]) -> _Words:
    """What stands in each box: the name, and the class with the shapes of all that it returns."""
    shapes: dict[keras.Operation, dict[str, None]] = defaultdict(dict)
    for call in calls:
        shapes[call.operation] |= {str(tuple(tensor.shape)): None for tensor in call.outputs}
    return {
        box: (box.name, f"{type(box).__name__} {', '.join(found)}") for box, found in shapes.items()
    }


# Drawing, in inches, with y growing downwards


def _drawn(words: _Words, arrows: list[_Arrow], *, thick: Collection[Hashable]) -> Figure:
    """The figure of boxes with words in them, and of the arrows between them."""
    layout = layered(arrows, [*words])
    width = max(_text_width(*lines) for lines in words.values()) + 0.3
    axes = _canvas(layout, width)
    for box, lines in words.items():
        x, y = _middle(layout.places[box], width)
        _draw_box(axes, x, y, width, thick=box in thick)
        _write(axes, x, y, *lines)
    for (source, target), way in zip(arrows, _ways(arrows, layout, width), strict=True):
        _draw_arrow(axes, way, f"{words[source][0]} → {words[target][0]}")
    return cast(Figure, axes.figure)


def _write(axes: Axes, x: float, y: float, name: str, below: str) -> None:
    style: Any = {"ha": "center", "va": "center", "color": _INK}
    axes.text(x, y - 0.1, name, fontsize=_NAME, fontweight="bold", **style)
    axes.text(x, y + 0.11, below, fontsize=_SHAPE, **style)


def _text_width(name: str, shape: str) -> float:
    """The width of a box's text, measured without a window, so that it is the same everywhere."""
    bold = FontProperties(weight="bold")
    sizes = [TextPath((0, 0), name, size=_NAME, prop=bold), TextPath((0, 0), shape, size=_SHAPE)]
    return max(path.get_extents().width for path in sizes) / 72


def _middle(place: tuple[float, int], width: float) -> tuple[float, float]:
    column, row = place
    return (column + 0.5) * (width + _ASIDE), row * (_HEIGHT + _GAP) + _HEIGHT / 2


def _canvas(layout: Layout, width: float) -> Axes:
    points = [
        _middle(place, width) for way in (layout.places.values(), *layout.detours) for place in way
    ]
    right = max(x for x, _ in points) + width / 2 + 2 * _ASIDE
    bottom = max(y for _, y in points) + _HEIGHT / 2 + 0.05
    figure = plt.figure(figsize=(right, bottom + 0.05), facecolor="none")
    axes = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set(xlim=(0, right), ylim=(bottom, -0.05))
    axes.set_axis_off()
    return axes


def _draw_box(axes: Axes, x: float, y: float, width: float, *, thick: bool) -> None:
    corner = (x - width / 2, y - _HEIGHT / 2)
    style = "round,pad=0,rounding_size=0.08"
    frame: Any = {"edgecolor": _INK if thick else _FRAME, "linewidth": 2 if thick else 1}
    axes.add_patch(
        FancyBboxPatch(corner, width, _HEIGHT, boxstyle=style, facecolor="none", **frame)
    )


def _draw_arrow(axes: Axes, way: np.ndarray, label: str) -> None:
    (x_before, _), (x_end, _) = way[-2:]
    head = "<" if x_before > x_end + 0.05 else "v"
    axes.plot(
        *way.T, color=_INK, linewidth=1, marker=head, markersize=5, markevery=[-1], label=label
    )


def _ways(arrows: list[_Arrow], layout: Layout, width: float) -> Iterator[np.ndarray]:
    """The points that each arrow goes through, of shape `(points, 2)`."""
    middle = {box: _middle(place, width) for box, place in layout.places.items()}
    routes = {
        number: [
            middle[source],
            *(_middle(place, width) for place in layout.detours[number]),
            middle[target],
        ]
        for number, (source, target) in enumerate(arrows)
        if layout.places[source][1] < layout.places[target][1]
    }
    starts, ends = _ports(arrows, routes, 0, width), _ports(arrows, routes, -1, width)
    for number, (source, target) in enumerate(arrows):
        if number in routes:
            yield _downwards(starts[number], routes[number], ends[number])
        else:
            yield _around(
                middle[source],
                middle[target],
                width,
                max(x for x, _ in middle.values()) + width / 2,
            )


def _ports(
    arrows: list[_Arrow], routes: dict[int, list[tuple[float, float]]], end: int, width: float
) -> dict[int, float]:
    """Where on its box each arrow begins (end 0) or arrives (end -1).

    Side by side, in the order they lie in.
    """
    beside = defaultdict(list)
    for number in sorted(routes, key=lambda number: routes[number][1 if end == 0 else -2][0]):
        beside[arrows[number][end]].append(number)
    places = {}
    for numbers in beside.values():
        pitch = min(_PORT, width / (len(numbers) + 1))
        for at, number in enumerate(numbers):
            places[number] = routes[number][end][0] + (at - (len(numbers) - 1) / 2) * pitch
    return places


def _downwards(start: float, route: list[tuple[float, float]], end: float) -> np.ndarray:
    """Straight down past each row, and in a curve between two rows."""
    xs = [start, *(x for x, _ in route[1:-1]), end]
    pieces = []
    for (x_above, x_below), (_, y_above), (_, y_below) in zip(
        pairwise(xs), route, route[1:], strict=False
    ):
        along = np.linspace(0, 1, _SMOOTH)
        y = y_above + _HEIGHT / 2 + (y_below - y_above - _HEIGHT) * along
        pieces.append(
            np.stack([x_above + (x_below - x_above) * along**2 * (3 - 2 * along), y], axis=1)
        )
    return np.concatenate(pieces)


def _around(
    source: tuple[float, float], target: tuple[float, float], width: float, right: float
) -> np.ndarray:
    """Out of the right side, past every box, and back into the right side further up."""
    (x_source, y_source), (x_target, y_target) = source, target
    y_out, y_in = y_source + _HEIGHT / 4, y_target - _HEIGHT / 4
    beside = right + _ASIDE
    corners = [
        (x_source + width / 2, y_out),
        (beside, y_out),
        (beside, y_in),
        (x_target + width / 2, y_in),
    ]
    return np.array(corners)
