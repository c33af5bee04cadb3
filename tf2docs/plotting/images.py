"""Images in rows, each with a caption above it."""

from collections.abc import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from tf2docs._arguments import whole_number
from tf2docs.plotting.charts import FRAME, INK
from tf2docs.plotting.numbers import numbers

__all__ = ["checked_images", "plot_images"]

_SHAPES = "(images, height, width), or with a last axis of 1 (grey), 3 (RGB) or 4 (RGBA)"
_CHANNELS = (1, 3, 4)


def plot_images(
    images: ArrayLike, captions: Iterable[object] | None = None, *, columns: int = 5
) -> Figure:
    """Show images in rows, each with a caption above it.

    The figure stays open in pyplot, so a notebook shows it and `matplotlib.pyplot.show()` does in a
    script.

    Args:
        images: Shape `(images, height, width)` or `(images, height, width, 1)` for greyscale: zero
            is the background, or the least value if some are negative, and the greatest is full
            ink. Shape `(images, height, width, 3)` for RGB, with 4 for RGBA: whole numbers from 0
            to 255, or decimals from 0 to 1 or to 255.
        captions: One for each image, a text or whatever `str` makes one of, such as a label; none
            by default.
        columns: How many images a full row has.

    Returns:
        The figure, with one axes per image.

    Raises:
        TypeError: The images aren't numbers, `captions` is a single one, or `columns` no whole
            number.
        ValueError: The images have another shape, other values, NaN among them, or there are none,
            there isn't one caption per image, or `columns` is below 1.

    Examples:
        >>> figure = plot_images(np.eye(28).reshape(1, 28, 28), ["a line"])
        >>> [axes.get_title() for axes in figure.axes]
        ['a line']
        >>> plt.close(figure)
    """
    images = checked_images(images)
    texts = _texts(captions, len(images))
    columns = min(whole_number("columns", columns, least=1), len(images))
    rows = -(-len(images) // columns)  # rounded up
    lines = max(text.count("\n") + 1 for text in texts)
    # narrow, so that captions can be read on a phone
    size = (1.2 * columns, (1.25 + 0.19 * lines) * rows)
    figure = plt.figure(figsize=size, layout="constrained", facecolor="none")
    for place, (image, text) in enumerate(zip(images, texts, strict=True), start=1):
        axes = figure.add_subplot(rows, columns, place)
        # RGB is shown as it is
        axes.imshow(image, cmap=INK, vmin=min(0, images.min()), vmax=images.max())
        _frame(axes, text)
    return figure


def checked_images(images: ArrayLike) -> np.ndarray:
    """Return images as they can be drawn, or say what is wrong with them.

    Args:
        images: As in `plot_images`.

    Returns:
        Shape `(images, height, width)` for greyscale, or `(images, height, width, 3 or 4)` with
        decimals from 0 to 1.

    Raises:
        TypeError: The images aren't numbers, or not all of one size.
        ValueError: They have another shape or other values, or there are none.

    Examples:
        >>> checked_images(np.full((1, 2, 2, 3), 255, np.uint8)).max()
        np.float64(1.0)
    """
    images = numbers("images", images)
    _check_shape(images.shape)
    if images.ndim == 3:
        return images
    return images[..., 0] if images.shape[-1] == 1 else _colours(images)


def _check_shape(shape: Sequence[int]) -> None:
    drawable = len(shape) == 3 or (len(shape) == 4 and shape[3] in _CHANNELS)
    # (height, width, 3)
    single = len(shape) == 3 and shape[2] in _CHANNELS and shape[1] != shape[2]
    if not drawable or single or 0 in shape:
        raise ValueError(
            f"images has the shape {shape}, expected {_SHAPES}, and at least one "
            f"image.{_mend(shape)}"
        )


def _mend(shape: Sequence[int]) -> str:
    if len(shape) == 2:
        return (
            " Of a single image give images[np.newaxis], of flat ones images.reshape(-1, height, "
            "width)."
        )
    if len(shape) == 3 and 0 not in shape:
        return (
            " Of a single image give images[np.newaxis], of grey ones that are so narrow "
            "images[..., np.newaxis]."
        )
    if len(shape) == 4 and shape[1] in _CHANNELS:
        return " If the channels come first, give np.moveaxis(images, 1, -1)."
    return ""


def _colours(images: np.ndarray) -> np.ndarray:
    """The colours as decimals from 0 to 1, from which resizing may have led a little astray."""
    whole = images.dtype.kind in "iu"
    least, greatest = float(images.min()), float(images.max())
    full = 255 if whole or greatest > 2 else 1
    if least < -0.1 * max(greatest, 1) or greatest > 1.1 * full:
        raise ValueError(
            f"images has colours from {least:g} to {greatest:g}, expected whole numbers from 0 to "
            "255, or decimals from 0 to 1 or to 255. Of images from -1 to 1 give (images + 1) / 2."
        )
    return np.clip(images / full, 0, 1)


def _texts(captions: Iterable[object] | None, count: int) -> list[str]:
    if captions is None:
        return [""] * count
    if isinstance(captions, str | bytes) or not isinstance(captions, Iterable):
        raise TypeError(
            f"captions is {captions!r}, expected a list with one caption for each image."
        )
    texts = [_text(caption) for caption in captions]
    if len(texts) != count:
        raise ValueError(
            f"there are {len(texts)} captions for {count} images, expected one per image."
        )
    return texts


def _text(caption: object) -> str:
    """A caption in words: of a label in an array or a tensor, the label alone."""
    if caption is None:
        return ""
    if hasattr(caption, "shape"):
        array = np.asarray(caption)
        caption = array.reshape(())[()] if array.size == 1 else array
    return caption.decode(errors="replace") if isinstance(caption, bytes) else str(caption)


def _frame(axes: Axes, text: str) -> None:
    axes.set_title(text, fontsize=11, parse_math=False)  # a dollar is a dollar
    axes.set(xticks=[], yticks=[], facecolor="none")
    axes.spines[:].set_color(FRAME)
