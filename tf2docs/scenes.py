"""Scenes of handwritten digits in clutter, with all that there is to learn about them.

One set of scenes serves several tasks: which pixels belong to a digit, where each digit stands, and
what there is to say about the scene. Nothing is stored: a seed draws the same scenes again.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import real_number, whole_number

__all__ = ["Scenes", "make_scenes"]

_INK = 0.5  # what is at least half as bright as a digit can be belongs to it
_GAP = 1  # pixels between the boxes of two digits
_PIECE = 8  # height and width of the pieces that clutter is made of
_TRIES = 100  # places tried for the digits of a scene, before others are drawn

_Box: TypeAlias = tuple[int, int, int, int]  # top, left, bottom, right, the last two exclusive


class Scenes(NamedTuple):
    """What `make_scenes` returns: pictures, and what there is in them, by pixel and by digit.

    Attributes:
        images: Grey pictures from 0 to 1, `float32` of shape `(scenes, size, size, 1)`.
        masks: The class of each pixel, `int32` of shape `(scenes, size, size)`: 0 for the
            background, and 1 more than the label where the ink of a digit is.
        boxes: The smallest box around each digit's ink, `int32` of shape `(scenes, most, 4)`:
            top, left, bottom, right in pixels, the last two exclusive, so that
            `image[top:bottom, left:right]` cuts the digit out. -1 where there are fewer digits.
        labels: Which digit stands in each box, `int32` of shape `(scenes, most)`; -1 for none.
    """

    images: NDArray[np.float32]
    masks: NDArray[np.int32]
    boxes: NDArray[np.int32]
    labels: NDArray[np.int32]


def make_scenes(
    digits: ArrayLike,
    labels: ArrayLike,
    scenes: int,
    *,
    size: int = 48,
    least: int = 1,
    most: int = 2,
    clutter: int = 5,
    clouds: float = 0.6,
    seed: int = 0,
) -> Scenes:
    """Put digits into scenes, in front of a cloudy background with strokes that belong to no digit.

    The strokes are small pieces cut out of digits and as bright as they are, so neither brightness
    nor a few neighbouring pixels tell what belongs to a digit. Digits may be hidden by strokes in
    part, and never overlap one another. Use different digits for training, validation and test.

    Args:
        digits: Pictures of one digit each, bright on dark, from 0 to 1, of shape
            `(examples, height, width)`.
        labels: Which digit each of them shows, whole numbers of shape `(examples,)`.
        scenes: How many scenes.
        size: Height and width of a scene.
        least: How many digits a scene has at least.
        most: How many it has at most.
        clutter: How many strokes there are in a scene, 0 for none.
        clouds: How bright the background is at most, from 0 for black to 1.
        seed: The same seed gives the same scenes.

    Returns:
        The images, the masks, the boxes and the labels.

    Raises:
        TypeError: A number is of another kind.
        ValueError: A number is out of range, the digits have another shape or other values than
            said, there isn't one label for each, `most` is below `least`, or so many don't fit.

    Examples:
        >>> stroke = np.zeros((1, 28, 28))
        >>> stroke[0, 4:24, 12:16] = 1
        >>> scenes = make_scenes(stroke, [1], 5, most=2)
        >>> scenes.images.shape, scenes.boxes.shape
        ((5, 48, 48, 1), (5, 2, 4))
        >>> top, left, bottom, right = scenes.boxes[0, 0]
        >>> int(bottom - top), int(right - left)
        (20, 4)

    References:
        Mnih, Heess, Graves, Kavukcuoglu: Recurrent models of visual attention (2014), for clutter
        that is cut out of digits.
    """
    digits, labels = _checked(digits, labels)
    scenes = whole_number("scenes", scenes, least=1)
    size = whole_number("size", size, least=2 * _PIECE)
    least = whole_number("least", least, least=0)
    most = whole_number("most", most, least=max(least, 1))
    clutter = whole_number("clutter", clutter, least=0)
    clouds = real_number("clouds", clouds, least=0)
    if clouds > 1:
        raise ValueError(f"clouds is {clouds}, expected a brightness from 0 for black to 1.")
    random = np.random.default_rng(whole_number("seed", seed, least=0))
    cut = _cut_out(digits, size, most)
    result = Scenes(
        images=_clouds(random, scenes, size, clouds)[..., np.newaxis],
        masks=np.zeros((scenes, size, size), np.int32),
        boxes=np.full((scenes, most, 4), -1, np.int32),
        labels=np.full((scenes, most), -1, np.int32),
    )
    for number, image in enumerate(result.images[..., 0]):
        for piece in _pieces(random, digits, clutter):
            top, left = random.integers(size - _PIECE, size=2, endpoint=True)
            _brighten(image[top : top + _PIECE, left : left + _PIECE], piece, random)
        count = int(random.integers(least, most, endpoint=True))
        chosen, boxes = _chosen(random, cut, count, size)
        for place, (each, box) in enumerate(zip(chosen, boxes, strict=True)):
            inside = np.s_[box[0] : box[2], box[1] : box[3]]
            _brighten(image[inside], cut[each], random)
            result.masks[number][inside][cut[each] >= _INK] = labels[each] + 1
            result.boxes[number, place] = box
            result.labels[number, place] = labels[each]
    return result


def _checked(digits: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    digits, labels = np.asarray(digits), np.asarray(labels)
    if digits.ndim != 3 or 0 in digits.shape or min(digits.shape[1:]) < _PIECE:
        raise ValueError(
            f"digits has the shape {digits.shape}, expected (examples, height, width) with at "
            f"least {_PIECE} rows and columns. Of (examples, height, width, 1) give "
            "digits[..., 0]."
        )
    if not (digits.min() >= 0 and digits.max() <= 1):
        raise ValueError(
            f"digits has values from {digits.min()} to {digits.max()}, expected 0 to 1. "
            "load_mnist(scaled=True) gives such digits."
        )
    if labels.shape != digits.shape[:1] or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise ValueError(
            f"labels has the shape {labels.shape} and the type {labels.dtype}, expected "
            f"{len(digits)} whole numbers from 0 on, one for each digit."
        )
    bright = np.max(digits, axis=(1, 2)) >= _INK
    if not bright.all():
        raise ValueError(
            f"{np.sum(~bright)} digits are nowhere as bright as {_INK}, expected bright strokes "
            "on dark. Leave those out, or give 1 - digits if yours are dark on bright."
        )
    return digits.astype(np.float32), labels.astype(np.int32)


def _cut_out(digits: np.ndarray, size: int, most: int) -> list[np.ndarray]:
    """Each digit without the empty rows and columns around it."""
    cut = []
    for digit in digits:
        rows = np.flatnonzero((digit >= _INK).any(axis=1))
        columns = np.flatnonzero((digit >= _INK).any(axis=0))
        cut.append(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    highest, widest = np.max([digit.shape for digit in cut], axis=0)
    if max(highest, widest) > size or most * np.mean([digit.size for digit in cut]) > size**2 / 2:
        raise ValueError(
            f"most is {most}, and digits are up to {highest} pixels high and {widest} wide: so "
            f"many find no place in a scene of {size}x{size}. Make size larger, or most smaller."
        )
    return cut


def _clouds(
    random: np.random.Generator, scenes: int, size: int, brightest: float
) -> NDArray[np.float32]:
    """Smooth dark and bright areas, with a little noise: (scenes, size, size)."""
    if not brightest:
        return np.zeros((scenes, size, size), np.float32)
    nodes = 7
    place = np.linspace(0, nodes - 1, size)[:, np.newaxis]
    weights = np.maximum(1 - np.abs(place - np.arange(nodes)), 0)  # linear between two nodes
    heights = random.uniform(0, brightest, (scenes, nodes, nodes))
    smooth = weights @ heights @ weights.T
    noise = random.normal(0, 0.04, smooth.shape)
    clouds: NDArray[np.float32] = np.clip(smooth + noise, 0, 1).astype(np.float32)
    return clouds


def _pieces(random: np.random.Generator, digits: np.ndarray, count: int) -> list[np.ndarray]:
    """Squares cut out of digits, those with some ink in them."""
    height, width = np.subtract(digits.shape[1:], _PIECE)
    pieces: list[np.ndarray] = []
    for _ in range(_TRIES * count):
        if len(pieces) == count:
            break
        top, left = random.integers(height + 1), random.integers(width + 1)
        digit = digits[random.integers(len(digits))]
        piece = digit[top : top + _PIECE, left : left + _PIECE]
        if np.sum(piece >= _INK) >= _PIECE:
            pieces.append(piece)
    return pieces


def _chosen(
    random: np.random.Generator, cut: list[np.ndarray], count: int, size: int
) -> tuple[NDArray[np.int64], list[_Box]]:
    """So many digits, each with a box; no two boxes touch. Digits that don't fit are drawn anew."""
    while True:
        taken = np.zeros((size, size), bool)
        digits = random.integers(len(cut), size=count)
        boxes: list[_Box] = []
        for _ in range(_TRIES):
            if len(boxes) == count:
                return digits, boxes
            height, width = cut[digits[len(boxes)]].shape
            top, left = random.integers(size - height + 1), random.integers(size - width + 1)
            bottom, right = top + height, left + width
            around = np.s_[max(top - _GAP, 0) : bottom + _GAP, max(left - _GAP, 0) : right + _GAP]
            if not taken[around].any():
                taken[top:bottom, left:right] = True
                boxes.append((top, left, bottom, right))


def _brighten(part: np.ndarray, strokes: np.ndarray, random: np.random.Generator) -> None:
    """Draw strokes over a part of an image, at one of the usual brightnesses."""
    np.maximum(part, strokes * random.uniform(0.6, 1), out=part)
