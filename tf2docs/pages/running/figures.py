"""Turn the figures that a block leaves open into SVG, and into words that can be compared."""

import io
import sys
from collections.abc import Iterator
from typing import Any

_SVG: Any = {"svg.hashsalt": "tf2docs", "svg.fonttype": "path", "path.simplify": True}


def take_figures() -> list[tuple[str, list[str]]]:
    """Close every open matplotlib figure.

    Return its SVG and its digest, in the order they were made.

    The SVG of one drawing is the same to the byte in every run. The digest holds titles, labels and
    numbers of what is drawn; it is compared as printed text is.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = [
        (_svg(figure), list(_describe(figure)))
        for figure in map(pyplot.figure, pyplot.get_fignums())
    ]
    pyplot.close("all")
    return figures


def _svg(figure: Any) -> str:  # Any: matplotlib may not be installed where this module is read
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context(_SVG):
        metadata = {"Date": None, "Creator": None}
        figure.savefig(
            buffer, format="svg", metadata=metadata, transparent=True, bbox_inches="tight"
        )
    return buffer.getvalue()


def _describe(figure: Any) -> Iterator[str]:
    if figure.get_suptitle():
        yield f"title {_words(figure.get_suptitle())}"
    for axes in figure.axes:
        yield (
            f"axes {_words(axes.get_title())}; x {_words(axes.get_xlabel())}; y "
            f"{_words(axes.get_ylabel())}"
        )
        yield from map(_describe_line, axes.lines)
        yield from (f"image {image.get_array().shape}{_values(image)}" for image in axes.images)
        yield from map(_describe_collection, axes.collections)
        yield from _describe_patches(axes.patches)
        yield from (f"text {_words(text.get_text())}" for text in axes.texts)
    for legend in (*(axes.get_legend() for axes in figure.axes), *figure.legends):
        yield from (
            f"legend {_words(text.get_text())}" for text in (legend.get_texts() if legend else ())
        )


def _describe_line(line: Any) -> str:
    points = line.get_xydata()  # (points, 2), dates and categories as numbers
    ends = f", from {_point(points[0])} to {_point(points[-1])}" if len(points) else ""
    return f"line {_words(line.get_label())} of {len(points)} points{ends}{_places([points])}"


def _describe_collection(collection: Any) -> str:
    """Points of a scatter, areas of a filled plot, cells of a mesh, lines of a contour."""
    offsets = collection.get_offsets()
    outlines = [path.vertices for path in collection.get_paths()]
    values = _values(collection) if collection.get_array() is not None else ""
    return (
        f"{type(collection).__name__} of {len(offsets)}{_places([offsets])}; "
        f"outlines{_places(outlines)}{values}"
    )


def _describe_patches(patches: Any) -> Iterator[str]:
    """Bars, wedges and their like, all of one kind in one line."""
    kinds: dict[str, list[Any]] = {}
    for patch in patches:
        outline = patch.get_patch_transform().transform_path(patch.get_path()).vertices
        kinds.setdefault(type(patch).__name__, []).append(outline)
    for kind, outlines in kinds.items():
        yield f"{len(outlines)} × {kind}{_places(outlines)}"


def _point(point: Any) -> str:
    return f"({point[0]:.6g}, {point[1]:.6g})"


def _places(points: list[Any]) -> str:
    """Where points lie, given as arrays of shape `(points, 2)`."""
    import numpy as np

    x, y = (
        np.concatenate([np.ma.filled(part, np.nan) for part in points] or [np.empty((0, 2))])
        .astype(float)
        .T
    )
    return f", x {_spread(x)}, y {_spread(y)}"


def _values(mappable: Any) -> str:
    """What an image or a collection shows in colours, and the colour map, where one makes them."""
    import numpy as np

    array: Any = np.ma.asarray(mappable.get_array(), dtype=float)
    has_own_colours = hasattr(mappable, "origin") and array.ndim == 3  # an image of RGB
    colours = "" if has_own_colours else f" in {mappable.get_cmap().name}"
    return f", values {_spread(np.ma.filled(array, np.nan))}{colours}"


def _spread(numbers: Any) -> str:
    """Mean, standard deviation, and the mean weighted by position, which tells orders apart."""
    import numpy as np

    if not np.isfinite(numbers).any():
        return "none"
    ordered = np.nanmean(np.ravel(numbers) * np.linspace(0, 1, np.size(numbers)))
    return f"{np.nanmean(numbers):.6g} ± {np.nanstd(numbers):.6g} ({ordered:.6g})"


def _words(text: str) -> str:
    """A text on one line, in quotes that don't stick to its words."""
    return f"“{' '.join(text.split())}”"
