"""Turn the figures that a block leaves open into SVG, and into words that can be compared."""

import io
import sys
from collections.abc import Iterator
from typing import Any

_SVG = {"svg.hashsalt": "tf2docs", "svg.fonttype": "path", "path.simplify": True}


def take_figures() -> list[tuple[str, list[str]]]:
    """Close every open matplotlib figure; return its SVG and its digest, in the order they were made.

    The SVG of one drawing is the same to the byte in every run. The digest holds titles, labels and
    numbers of what is drawn; it is compared as printed text is.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return []
    figures = [(_svg(figure), list(_describe(figure))) for figure in map(pyplot.figure, pyplot.get_fignums())]
    pyplot.close("all")
    return figures


def _svg(figure: Any) -> str:  # Any: matplotlib may not be installed where this module is read
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context(_SVG):
        metadata = {"Date": None, "Creator": None}
        figure.savefig(buffer, format="svg", metadata=metadata, transparent=True, bbox_inches="tight")
    return buffer.getvalue()


def _describe(figure: Any) -> Iterator[str]:
    if figure.get_suptitle():
        yield f"title {_words(figure.get_suptitle())}"
    for axes in figure.axes:
        yield f"axes {_words(axes.get_title())}; x {_words(axes.get_xlabel())}; y {_words(axes.get_ylabel())}"
        yield from map(_describe_line, axes.lines)
        yield from map(_describe_image, axes.images)
        for bars in axes.containers:
            yield f"bars {[round(float(bar.get_height()), 6) for bar in bars if hasattr(bar, 'get_height')]}"
        for points in axes.collections:
            yield f"{type(points).__name__} of {len(points.get_offsets())} points, mean {_mean(points.get_offsets())}"
        for text in axes.texts:
            yield f"text {_words(text.get_text())}"
        for text in axes.get_legend().get_texts() if axes.get_legend() else ():
            yield f"legend {_words(text.get_text())}"


def _describe_line(line: Any) -> str:
    x, y = (list(map(float, data)) for data in line.get_data())
    ends = f", from ({x[0]:.6g}, {y[0]:.6g}) to ({x[-1]:.6g}, {y[-1]:.6g})" if x else ""
    return f"line {_words(line.get_label())} of {len(x)} points{ends}, mean {_mean([x, y])}"


def _describe_image(image: Any) -> str:
    return f"image {image.get_array().shape}, mean {_mean(image.get_array())}"


def _words(text: str) -> str:
    """A text on one line, in quotes that don't stick to its words."""
    return f"“{' '.join(text.split())}”"


def _mean(numbers: Any) -> str:
    import numpy as np

    return f"{float(np.mean(numbers)):.6g}" if np.size(numbers) else "none"
