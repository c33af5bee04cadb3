"""Figures of data, functions, images, predictions and training.

The figures are dark ink on nothing: they take the colour of the page, and a dark page may invert
them. What a colour says is also said in words or signs.
"""

from tf2docs.plotting.broadcasts import plot_broadcast
from tf2docs.plotting.curves import plot_contours, plot_curves
from tf2docs.plotting.histories import plot_history
from tf2docs.plotting.images import plot_images
from tf2docs.plotting.lines import plot_line
from tf2docs.plotting.points import plot_points
from tf2docs.plotting.predictions import plot_predictions
from tf2docs.plotting.tensors import plot_shapes, plot_slices
from tf2docs.plotting.texts import plot_texts

__all__ = [
    "plot_broadcast",
    "plot_contours",
    "plot_curves",
    "plot_history",
    "plot_images",
    "plot_line",
    "plot_points",
    "plot_predictions",
    "plot_shapes",
    "plot_slices",
    "plot_texts",
]
