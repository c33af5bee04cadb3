"""How training went, from epoch to epoch."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tf2docs._arguments import real_number, whole_number
from tf2docs.plotting.charts import ALARM, CALM, charts, legend

__all__ = ["plot_history"]

_Curve: TypeAlias = dict[int, float]  # the value of each epoch that has one
_VALIDATION = "val_"


class _Fitted(Protocol):
    """What `fit` returns, a `keras.callbacks.History`."""

    history: Mapping[str, Sequence[float]]
    epoch: Sequence[int]


def plot_history(
    history: _Fitted | Mapping[str, Sequence[float]] | Iterable[Mapping[str, float]],
    names: str | Iterable[str] | None = None,
    *,
    expected: Mapping[str, float] | None = None,
    validation_freq: int | Sequence[int] | None = None,
) -> Figure:
    """Show how loss and metrics changed from epoch to epoch, in training and in validation.

    Each metric has axes of its own. Training is a solid line, validation a dashed one; both
    together tell learning from memorising. Where a value is NaN, the line has a gap.

    Args:
        history: What `fit` returns, the dict of lists in its `history`, or the results of each
            epoch, such as [`train`][tf2docs.training.train] yields. Names that begin with `val_`
            are those of validation.
        names: Which metrics to show, each with its validation; all by default.
        expected: Where a metric should arrive, by its name. Drawn dotted.
        validation_freq: What `fit` was given. It is needed only where there are fewer values of
            validation than of training, and several frequencies would give as many.

    Returns:
        The figure, with one axes per metric, left open in pyplot.

    Raises:
        TypeError: The history is something else, or a value no number.
        ValueError: There are no metrics or no epochs, a metric that is asked for isn't there, or
            lists differ in length so that nobody can know to which epochs the values belong.

    Examples:
        >>> import matplotlib.pyplot as plt
        >>> figure = plot_history({"loss": [0.6, 0.3], "val_loss": [0.4, 0.3]})
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['training', 'validation']
        >>> plt.close(figure)
        >>> figure = plot_history([{"W": 5.0}, {"W": 4.0}], "W", expected={"W": 3.0})
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['W', 'expected']
        >>> plt.close(figure)
    """
    curves = _curves(history, validation_freq)
    panels = _panels(curves, names)
    goals = _goals(expected, panels)
    figure, every = charts(len(panels), columns=2, size=(2.7, 2.5))  # narrow, for phones
    epochs = {epoch for curve in curves.values() for epoch in curve}
    for axes, (metric, shown) in zip(every, panels.items(), strict=True):
        _draw(axes, metric, {name: curves[name] for name in shown})
        _draw_goal(axes, goals.get(metric))
        _finish(axes, metric, epochs)
    return figure


# The values of each epoch, whichever form they come in


def _curves(history: object, validation_freq: int | Sequence[int] | None) -> dict[str, _Curve]:
    if isinstance(lists := getattr(history, "history", history), Mapping):
        curves = _from_lists(lists, getattr(history, "epoch", ()), validation_freq)
    else:
        curves = _from_results(history)
    if not any(curves.values()):
        raise ValueError(
            "history has no epochs or no metrics, expected at least one of each. Was the "
            "model trained?"
        )
    return curves


def _from_results(history: object) -> dict[str, _Curve]:
    results = (
        list(history)
        if isinstance(history, Iterable) and not isinstance(history, str)
        else [history]
    )
    curves: dict[str, _Curve] = {}
    for epoch, result in enumerate(results, start=1):
        if not isinstance(result, Mapping):
            raise TypeError(
                f"history is a {type(history).__name__}, expected what model.fit returns, its "
                f".history, or a dict of results for each epoch. At epoch {epoch} came "
                f"{result!r:.60}."
            )
        for name, value in result.items():
            curves.setdefault(_checked_name(name), {})[epoch] = _number(name, value)
    return curves


def _from_lists(
    lists: Mapping[str, Sequence[float]],
    counted: Sequence[int],
    validation_freq: int | Sequence[int] | None,
) -> dict[str, _Curve]:
    values = {_checked_name(name): _numbers(name, some) for name, some in lists.items()}
    length = max(map(len, values.values()), default=0)
    epochs = range(1, length + 1)
    if len(counted) == length:  # Keras counts from 0, and goes on where `initial_epoch` says
        epochs = [epoch + 1 for epoch in counted]
    return {
        name: dict(zip(_epochs_of(name, len(some), epochs, validation_freq), some, strict=True))
        for name, some in values.items()
    }


def _epochs_of(
    name: str, count: int, epochs: Sequence[int], validation_freq: int | Sequence[int] | None
) -> Sequence[int]:
    """To which epochs the values of a list belong.

    To all, or to those after which `fit` validated.
    """
    if count == len(epochs):
        return epochs
    if not name.startswith(_VALIDATION):
        raise ValueError(
            f"history has {count} values of {name} for {len(epochs)} epochs, expected one per "
            "epoch."
        )
    frequencies = (
        range(1, epochs[-1] + 1)
        if validation_freq is None
        else [_checked_frequency(validation_freq)]
    )
    possible = {
        validated for every in frequencies if len(validated := _validated(epochs, every)) == count
    }
    if len(possible) != 1:
        raise ValueError(
            f"history has {count} values of {name} for {len(epochs)} epochs, and "
            f"validation_freq={validation_freq} doesn't say after which. Give the validation_freq "
            "that fit was given."
        )
    return possible.pop()


def _validated(epochs: Sequence[int], frequency: int | Sequence[int]) -> tuple[int, ...]:
    """After which epochs `fit` validates: every so many, or those named."""
    if isinstance(frequency, int):
        return tuple(epoch for epoch in epochs if epoch % frequency == 0)
    return tuple(epoch for epoch in epochs if epoch in frequency)


def _checked_frequency(frequency: Any) -> Any:
    return (
        frequency
        if isinstance(frequency, list | tuple | set)
        else whole_number("validation_freq", frequency, least=1)
    )


def _checked_name(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError(f"history has a metric called {name!r}, expected a name such as 'loss'.")
    return name


def _numbers(name: str, values: Sequence[float]) -> list[float]:
    if np.ndim(values) == 0:
        raise TypeError(
            f"{name} is {values!r:.60}, expected a list with one number per epoch. Results of "
            "one epoch are [results]."
        )
    return [_number(name, value) for value in values]


def _number(name: str, value: float) -> float:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind not in "biufV":
        raise TypeError(
            f"{name} is {value!r:.60} at an epoch, expected one number. To draw the other metrics "
            "alone, give their names."
        )
    return float(array.reshape(()))


# What is drawn where


def _panels(
    curves: Mapping[str, _Curve], names: str | Iterable[str] | None
) -> dict[str, list[str]]:
    """Which curves each metric shows: training first, then validation."""
    panels: dict[str, list[str]] = {}
    for name in _checked_names(curves, names):
        metric = name.removeprefix(_VALIDATION)
        wanted = {*panels.get(metric, ()), name, f"{_VALIDATION}{metric}"}
        panels[metric] = [
            one for one in (metric, f"{_VALIDATION}{metric}") if one in wanted and one in curves
        ]
    return panels


def _checked_names(curves: Mapping[str, _Curve], names: str | Iterable[str] | None) -> list[str]:
    if names is None:
        return list(curves)
    if not isinstance(names, Iterable):
        raise TypeError(f"names is {names!r}, expected some of {', '.join(curves)}.")
    asked = [names] if isinstance(names, str) else list(names)
    if unknown := [name for name in asked if name not in curves]:
        raise ValueError(f"history has no {unknown[0]!r}, expected some of {', '.join(curves)}.")
    if not asked:
        raise ValueError(f"names is empty, expected some of {', '.join(curves)}.")
    return asked


def _goals(
    expected: Mapping[str, float] | None, panels: Mapping[str, list[str]]
) -> dict[str, float]:
    if expected is None:
        return {}
    if not isinstance(expected, Mapping):
        raise TypeError(
            f"expected is {expected!r:.60}, expected a dict of a number by name, such as "
            "{'loss': 0}."
        )
    if unknown := [name for name in expected if name not in panels]:
        raise ValueError(
            f"expected has {unknown[0]!r}, expected some of what is shown: {', '.join(panels)}."
        )
    return {name: real_number(f"expected[{name!r}]", value) for name, value in expected.items()}


def _draw(axes: Axes, metric: str, curves: Mapping[str, _Curve]) -> None:
    for name, curve in curves.items():
        validation = name != metric
        style: Any = (
            {"color": ALARM, "linestyle": "--"} if validation else {"color": CALM, "linestyle": "-"}
        )
        label = "validation" if validation else "training" if len(curves) > 1 else metric
        axes.plot(list(curve), list(curve.values()), marker="o", markersize=4, label=label, **style)


def _draw_goal(axes: Axes, goal: float | None) -> None:
    if goal is not None:
        axes.axhline(goal, color="0.25", linestyle=":", linewidth=1.5, label="expected")


def _finish(axes: Axes, metric: str, epochs: Iterable[int]) -> None:
    first, last = min(epochs), max(epochs)
    margin = 0.05 * (last - first) or 0.5
    axes.set_xlim(first - margin, last + margin)  # all epochs, also where the values end in NaN
    axes.set_title(metric.replace("_", " "), parse_math=False)
    axes.set(xlabel="epoch")
    axes.locator_params("x", integer=True)
    if len(axes.lines) > 1:
        legend(axes)
