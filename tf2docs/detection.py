"""Object detection, a class and a box for each thing: targets, network, loss, and the measure.

A box is top, left, bottom, right in pixels, the last two exclusive, as `make_scenes` gives it and
as TensorFlow's functions take it; Keras calls this format `"yxyx"`.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, SupportsFloat

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from tf2docs._arguments import counts, real_number, whole_number
from tf2docs.blocks import ConvBlock

__all__ = [
    "DetectionLoss",
    "Detections",
    "average_precision",
    "box_iou",
    "decode_grid",
    "detector",
    "grid_targets",
    "mean_average_precision",
    "non_max_suppression",
    "precision_recall",
]

_CODE = 4  # numbers that say where a box is, seen from a place of the grid
_LARGEST = 9.0  # logarithm of a length, so that an untrained detector gives no infinite boxes


class Detections(NamedTuple):
    """What a detector says of one image, one row for each box.

    Attributes:
        boxes: Top, left, bottom, right, of shape `(boxes, 4)`.
        scores: How sure it is, of shape `(boxes,)`; the larger, the surer.
        labels: Which class is in each box, of shape `(boxes,)`.
    """

    boxes: NDArray[np.floating[Any]]
    scores: NDArray[np.floating[Any]]
    labels: NDArray[np.integer[Any]]


def box_iou(first: ArrayLike, second: ArrayLike) -> NDArray[np.float64]:
    """Divide the area that two boxes share by the area that they cover together, for each pair.

    Args:
        first: Boxes of shape `(m, 4)`: top, left, bottom, right.
        second: Boxes of shape `(n, 4)`.

    Returns:
        Shape `(m, n)`, from 0 to 1. 0 where both boxes are empty.

    Raises:
        ValueError: The boxes have another shape, or one ends before it begins.

    Examples:
        >>> box_iou([[0, 0, 2, 2]], [[0, 1, 2, 3], [0, 0, 2, 2], [5, 5, 6, 6]]).round(2)
        array([[0.33, 1.  , 0.  ]])
    """
    one, two = _boxes("first", first)[:, np.newaxis], _boxes("second", second)
    begins = np.maximum(one[..., :2], two[..., :2])  # (m, n, 2)
    ends = np.minimum(one[..., 2:], two[..., 2:])
    shared = np.prod(np.maximum(ends - begins, 0), axis=-1)
    either = _areas(one) + _areas(two) - shared
    shares = np.zeros(shared.shape)
    np.divide(shared, either, out=shares, where=either > 0)
    return shares


def non_max_suppression(
    boxes: ArrayLike,
    scores: ArrayLike,
    labels: ArrayLike | None = None,
    *,
    overlap: SupportsFloat = 0.5,
) -> NDArray[np.intp]:
    """Keep the surest of boxes that overlap, and drop the others.

    The box with the highest score is kept, and all that overlap it too much are dropped; then the
    highest of those left, and so on.

    Args:
        boxes: Top, left, bottom, right, of shape `(boxes, 4)`.
        scores: How sure each is, of shape `(boxes,)`.
        labels: The class of each box, of shape `(boxes,)`: a box then drops only those of its own
            class. By default it drops those of any class.
        overlap: The largest intersection over union that two boxes may have, if both are kept.

    Returns:
        The numbers of the boxes that are kept, by falling score.

    Raises:
        TypeError: `overlap` is no number.
        ValueError: There isn't one score and one label for each box, or a box isn't one.

    Examples:
        >>> boxes = [[0, 0, 9, 9], [1, 0, 9, 9], [0, 20, 9, 29]]
        >>> non_max_suppression(boxes, [0.6, 0.9, 0.5])
        array([1, 2])

    References:
        Neubeck, Van Gool: Efficient non-maximum suppression (2006).
    """
    overlap = real_number("overlap", overlap, least=0)
    corners = _boxes("boxes", boxes)
    sure = _for_each("scores", scores, corners)
    kinds = np.zeros(len(corners)) if labels is None else _for_each("labels", labels, corners)
    too_close = box_iou(corners, corners) > overlap
    too_close &= kinds[:, np.newaxis] == kinds
    left = np.ones(len(corners), bool)
    kept = []
    for each in np.argsort(-sure, kind="stable"):
        if left[each]:
            kept.append(each)
            left &= ~too_close[each]
    return np.array(kept, np.intp)


def precision_recall(
    found: Sequence[Detections],
    boxes: ArrayLike,
    labels: ArrayLike,
    *,
    label: int | None = None,
    iou: SupportsFloat = 0.5,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute precision and recall, for each number of detections that one could take.

    The detections of all images are taken together, the surest first. One is right if it has the
    class of a true box, and an intersection over union with it that is large enough. Each true box
    makes one detection right at most: of several, the surest.

    Args:
        found: What the detector said, one entry for each image.
        boxes: The true boxes, of shape `(images, most, 4)`.
        labels: Their classes, of shape `(images, most)`; -1 where there is none.
        label: The class whose curve it is. None takes the detections of all classes together.
        iou: The least intersection over union with a true box.

    Returns:
        The precisions, of shape `(detections,)`, and the recalls, of the same shape.

    Raises:
        TypeError: `iou` is no number.
        ValueError: Shapes don't fit one another, or there are no true boxes of the class.

    Examples:
        >>> sure, unsure = [0, 0, 4, 4], [5, 5, 9, 9]
        >>> found = [Detections(np.array([unsure, sure]), np.array([0.4, 0.9]), np.array([7, 7]))]
        >>> precision, recall = precision_recall(found, [[sure]], [[7]])
        >>> precision, recall
        (array([1. , 0.5]), array([1., 1.]))
    """
    iou = real_number("iou", iou, least=0)
    corners, kinds = _truth(found, boxes, labels)
    wanted = kinds >= 0 if label is None else kinds == label
    if not wanted.any():
        raise ValueError(
            f"labels has no box of {'any class' if label is None else f'class {label}'}, so there "
            "is no recall. Leave such a class out, as mean_average_precision does."
        )
    hits: list[np.ndarray] = [np.zeros(0, bool)]
    scores: list[np.ndarray] = [np.zeros(0)]
    for said, true_boxes, true_labels, there in zip(found, corners, kinds, wanted, strict=True):
        of_it = slice(None) if label is None else np.asarray(said.labels) == label
        said = Detections(*(np.asarray(each)[of_it] for each in said))
        hits.append(_right(said, true_boxes[there], true_labels[there], iou))
        scores.append(said.scores)
    order = np.argsort(-np.concatenate(scores), kind="stable")
    right = np.cumsum(np.concatenate(hits)[order])
    return right / np.arange(1, len(right) + 1), right / np.sum(wanted)


def average_precision(precision: ArrayLike, recall: ArrayLike) -> float:
    """Compute the area under a precision-recall curve, at all of its points.

    Before, each precision is replaced by the highest one at this recall or any higher, so that the
    curve never rises.

    Args:
        precision: Precisions as `precision_recall` returns them, of shape `(detections,)`.
        recall: The recalls at the same places, rising.

    Returns:
        The area, from 0 to 1.

    Raises:
        ValueError: The shapes differ, or recalls fall.

    Examples:
        >>> round(average_precision([1, 1 / 2, 2 / 3], [1 / 2, 1 / 2, 1]), 3)
        0.833

    References:
        Everingham et al.: The Pascal visual object classes challenge: a retrospective (2015).
    """
    heights, ends = np.asarray(precision, np.float64), np.asarray(recall, np.float64)
    if heights.ndim != 1 or heights.shape != ends.shape:
        raise ValueError(
            f"precision has the shape {heights.shape} and recall {ends.shape}, expected the same, "
            "(detections,). Give what precision_recall returns."
        )
    widths = np.diff(ends, prepend=0)
    if np.any(widths < 0):
        raise ValueError(
            "recall falls, expected it to rise from detection to detection. Of scikit-learn's "
            "precision_recall_curve give both arrays reversed, [::-1]."
        )
    highest = np.maximum.accumulate(heights[::-1])[::-1]
    return float(np.sum(widths * highest))


def mean_average_precision(
    found: Sequence[Detections],
    boxes: ArrayLike,
    labels: ArrayLike,
    *,
    iou: SupportsFloat = 0.5,
) -> float:
    """Compute the mean over classes of the average precision, mAP.

    Args:
        found: What the detector said, one entry for each image.
        boxes: The true boxes, of shape `(images, most, 4)`.
        labels: Their classes, of shape `(images, most)`; -1 where there is none.
        iou: The least intersection over union at which a detection counts as right.

    Returns:
        The mean, from 0 to 1, over the classes that have a true box.

    Raises:
        TypeError, ValueError: For the reasons that `precision_recall` gives.

    Examples:
        >>> boxes = np.array([[[0, 0, 4, 4], [5, 5, 9, 9]]])
        >>> one_of_two = [Detections(boxes[0, :1], np.array([0.9]), np.array([3]))]
        >>> mean_average_precision(one_of_two, boxes, [[3, 8]])
        0.5
    """
    kinds = np.unique(np.asarray(labels))
    parts = [
        average_precision(*precision_recall(found, boxes, labels, label=kind, iou=iou))
        for kind in kinds[kinds >= 0]
    ]
    if not parts:
        precision_recall(found, boxes, labels, iou=iou)  # says that there are no boxes
    return float(np.mean(parts))


def grid_targets(
    boxes: ArrayLike, labels: ArrayLike, size: int, *, stride: int = 4, reach: int = 1
) -> NDArray[np.float32]:
    """Write for each place of a grid which class it should answer, and where the box is.

    The place in which the centre of a box lies answers for it, and so do its neighbours. Where
    two boxes claim a place, it belongs to the one whose centre is nearer.

    Args:
        boxes: The true boxes, of shape `(images, most, 4)`.
        labels: Their classes, of shape `(images, most)`; -1 where there is none.
        size: Height and width of the images.
        stride: Height and width of a place of the grid, in pixels.
        reach: How many neighbours answer, in each direction: 0 for the centre alone, 1 for 3×3.

    Returns:
        Shape `(images, rows, columns, 5)`: 0 for the background, or 1 more than the label; then how
        far below and to the right of the middle of this place the centre of the box is, in
        strides; then the logarithms of its height and width in strides.

    Raises:
        TypeError: A number is no whole number.
        ValueError: Shapes don't fit, `size` is no multiple of `stride`, or a box has no area, or
            a centre outside of the image.

    Examples:
        >>> targets = grid_targets([[[0, 0, 8, 8]]], [[7]], 16, reach=0)
        >>> targets.shape, targets[0, :, :, 0].sum()
        ((1, 4, 4, 5), np.float32(8.0))
        >>> targets[0, 1, 1]  # the middle of this place is at 6, 6, the centre at 4, 4
        array([ 8.       , -0.5      , -0.5      ,  0.6931472,  0.6931472],
              dtype=float32)
    """
    stride = whole_number("stride", stride, least=1)
    reach = whole_number("reach", reach, least=0)
    size = whole_number("size", size, least=stride)
    if size % stride:
        raise ValueError(f"size is {size}, expected a multiple of the stride, {stride}.")
    corners, kinds = _truth(None, boxes, labels)
    places = size // stride
    targets = np.zeros((len(kinds), places, places, 1 + _CODE), np.float32)
    nearest = np.full(targets.shape[:3], np.inf)
    middles = np.arange(places) + 0.5
    for image, which in np.argwhere(kinds >= 0):
        box = corners[image, which] / stride
        center, lengths = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
        if lengths.min() <= 0 or center.min() < 0 or center.max() >= places:
            raise ValueError(
                f"boxes has {corners[image, which].tolist()} with the label {kinds[image, which]}, "
                f"expected an area and a centre within {size}x{size} pixels. Give -1 as the label "
                "where there is no box."
            )
        rows, columns = (
            slice(max(place - reach, 0), place + reach + 1) for place in center.astype(int)
        )
        away = np.stack(
            np.meshgrid(center[0] - middles[rows], center[1] - middles[columns], indexing="ij"),
            axis=-1,
        )
        distance = np.sum(away**2, axis=-1)
        closer = distance < nearest[image, rows, columns]
        nearest[image, rows, columns][closer] = distance[closer]
        code = np.concatenate([away, np.broadcast_to(np.log(lengths), away.shape)], axis=-1)
        targets[image, rows, columns, 0][closer] = kinds[image, which] + 1
        targets[image, rows, columns, 1:][closer] = code[closer]
    return targets


def detector(
    shape: tuple[int | None, int | None, int],
    classes: int,
    *,
    widths: Sequence[int] = (16, 32, 64, 64, 64),
) -> keras.Model:
    """Build a one-stage detector: at each place of a grid a class, and a box.

    Convolutions alone, so that each place is computed with the same weights. The first two halve
    height and width, so a place stands for 4×4 pixels.

    Args:
        shape: Height, width and channels of an image. None stands for any size.
        classes: How many classes there are, without the background.
        widths: The channels of each convolution.

    Returns:
        A model from images to `(batch, rows, columns, 1 + classes + 4)`: at each place logits for
        the background and the classes, and four numbers as in `grid_targets`.

    Raises:
        TypeError: A number is no whole number.
        ValueError: A number is below 1, there are fewer than two widths, or height or width is no
            multiple of 4.

    Examples:
        >>> detector((64, 64, 1), 10).output_shape
        (None, 16, 16, 15)

    References:
        Redmon, Divvala, Girshick, Farhadi: You only look once (2016).
        Zhou, Wang, Krähenbühl: Objects as points (2019).
    """
    [classes] = counts(classes=classes)
    if len(widths) < 2 or any(length is not None and length % 4 for length in shape[:2]):
        raise ValueError(
            f"shape is {shape} and widths {tuple(widths)}, expected a height and a width that are "
            "multiples of 4, and at least two widths. Pad the images."
        )
    features = inputs = keras.Input(shape)
    for number, width in enumerate(widths):
        features = ConvBlock(width, strides=2 if number < 2 else 1)(features)
    outputs = keras.layers.Conv2D(1 + classes + _CODE, 1)(features)
    return keras.Model(inputs, outputs)


@keras.saving.register_keras_serializable(package="tf2docs")
class DetectionLoss(keras.losses.Loss):
    """Cross-entropy at each place of the grid, and at those that answer for a box also its error.

    Both are added up over all places of a batch, and divided by the number of places that answer
    for a box: the background has many places, and their number should not matter.

    Args:
        focus: With 0, plain cross-entropy. Above, places that are right already count less: each
            is multiplied by one minus the probability of the right class, to this power. 2 is
            common. This is the focal loss, without its weights for classes.
        box_weight: How much the error of boxes counts beside the classes.
        name: The name of the loss.
        **kwargs: What every loss takes, such as `reduction` and `dtype`.

    Raises:
        TypeError: A number is no number.
        ValueError: A number is below 0, or when it is called: targets and outputs don't have
            shapes that fit.

    Examples:
        >>> targets = grid_targets([[[0, 0, 8, 8]]], [[1]], 8, reach=0)
        >>> round(float(DetectionLoss()(targets, np.zeros((1, 2, 2, 2 + 1 + 4)))), 2)
        6.78

    References:
        Lin, Goyal, Girshick, He, Dollár: Focal loss for dense object detection (2017).
    """

    def __init__(
        self,
        focus: SupportsFloat = 0.0,
        *,
        box_weight: SupportsFloat = 1.0,
        name: str = "detection",
        **kwargs: Any,  # reduction and dtype
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.focus = real_number("focus", focus, least=0)
        self.box_weight = real_number("box_weight", box_weight, least=0)

    def call(self, y_true: keras.KerasTensor, y_pred: keras.KerasTensor) -> keras.KerasTensor:
        """Compare `(batch, rows, columns, 5)` with `(batch, rows, columns, classes + 5)`."""
        places = (*y_pred.shape[:3], 1 + _CODE)
        fits = len(y_pred.shape) == len(y_true.shape) == 4 and y_pred.shape[-1] > 1 + _CODE
        if not fits or tuple(y_true.shape[1:]) != places[1:]:
            raise ValueError(
                f"targets have the shape {tuple(y_true.shape)} and outputs {tuple(y_pred.shape)}, "
                "expected (batch, rows, columns, 5) and (batch, rows, columns, classes + 5). "
                "grid_targets makes such targets; its stride is 4 for detector."
            )
        kinds = keras.ops.cast(y_true[..., 0], "int32")
        answers = keras.ops.cast(kinds > 0, y_pred.dtype)  # (batch, rows, columns)
        chances = keras.ops.log_softmax(y_pred[..., :-_CODE])
        right = keras.ops.sum(chances * keras.ops.one_hot(kinds, chances.shape[-1]), axis=-1)
        of_class = -right * (1 - keras.ops.exp(right)) ** self.focus if self.focus else -right
        away = keras.ops.abs(y_true[..., 1:] - y_pred[..., -_CODE:])
        of_box = keras.ops.sum(away, axis=-1) * answers
        by_image = keras.ops.sum(of_class + self.box_weight * of_box, axis=(1, 2))
        return by_image / keras.ops.maximum(keras.ops.mean(keras.ops.sum(answers, (1, 2))), 1e-3)

    def get_config(self) -> dict[str, Any]:  # Any: what JSON can hold
        """Return the arguments that make an equal loss."""
        settings = {"focus": self.focus, "box_weight": self.box_weight}
        return {**super().get_config(), **settings}


def decode_grid(
    outputs: ArrayLike, *, stride: int = 4, least: SupportsFloat = 0.1
) -> list[Detections]:
    """Turn what a detector puts out into boxes: one for each place that is sure enough.

    Args:
        outputs: Shape `(batch, rows, columns, classes + 5)`, as `detector` gives them.
        stride: Height and width of a place of the grid, in pixels.
        least: The least probability of a class at which its box is returned.

    Returns:
        One entry for each image, by falling score. Several places may answer for one thing:
        `non_max_suppression` keeps one of their boxes.

    Raises:
        TypeError: A number is no number, or no whole number.
        ValueError: A number is out of range, or the outputs have another shape.

    Examples:
        >>> outputs = np.zeros((1, 4, 4, 1 + 2 + 4))
        >>> outputs[0, 1, 1] = 0, 0, 9, -0.5, -0.5, np.log(2), np.log(2)
        >>> [said] = decode_grid(outputs, least=0.5)
        >>> said.boxes, said.labels
        (array([[0., 0., 8., 8.]]), array([1]))
    """
    stride = whole_number("stride", stride, least=1)
    least = real_number("least", least, least=0)
    grid = np.asarray(outputs, np.float64)
    if grid.ndim != 4 or grid.shape[-1] <= 1 + _CODE:
        raise ValueError(
            f"outputs has the shape {grid.shape}, expected (batch, rows, columns, classes + 5). Of "
            "one image give outputs[numpy.newaxis]."
        )
    logits, codes = grid[..., :-_CODE], grid[..., -_CODE:]
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    chances = (raised / raised.sum(axis=-1, keepdims=True))[..., 1:]  # without the background
    scores, labels = chances.max(axis=-1), chances.argmax(axis=-1)
    middles = np.moveaxis(np.indices(grid.shape[1:3]), 0, -1) + 0.5  # (rows, columns, 2)
    centers = middles + codes[..., :2]
    halves = np.exp(np.minimum(codes[..., 2:], _LARGEST)) / 2
    boxes = stride * np.concatenate([centers - halves, centers + halves], axis=-1)
    found = []
    for each in range(len(grid)):
        sure = np.flatnonzero(scores[each].ravel() >= least)
        sure = sure[np.argsort(-scores[each].ravel()[sure], kind="stable")]
        said = boxes[each].reshape(-1, 4), scores[each].ravel(), labels[each].ravel()
        found.append(Detections(*(values[sure] for values in said)))
    return found


def _areas(boxes: np.ndarray) -> np.ndarray:
    areas: np.ndarray = np.prod(boxes[..., 2:] - boxes[..., :2], axis=-1)
    return areas


def _boxes(name: str, boxes: ArrayLike) -> NDArray[np.float64]:
    """Boxes as an array `(boxes, 4)`; an empty list is no boxes."""
    corners = np.asarray(boxes, np.float64)
    if corners.size == 0:
        corners = corners.reshape(0, 4)
    if corners.ndim != 2 or corners.shape[-1] != 4:
        raise ValueError(
            f"{name} has the shape {corners.shape}, expected (boxes, 4). Of one box give [box]."
        )
    if not np.all(corners[:, 2:] >= corners[:, :2]):
        raise ValueError(
            f"{name} has a box that ends before it begins, or NaN: expected top, left, bottom, "
            'right. keras.utils.bounding_boxes.convert_format(boxes, "xywh", "yxyx") makes them of '
            "left, top, width, height."
        )
    return corners


def _for_each(name: str, values: ArrayLike, boxes: np.ndarray) -> np.ndarray:
    array = np.asarray(values)
    if array.shape != boxes.shape[:1]:
        raise ValueError(
            f"{name} has the shape {array.shape}, expected ({len(boxes)},), one for each box."
        )
    return array


def _truth(
    found: Sequence[Detections] | None, boxes: ArrayLike, labels: ArrayLike
) -> tuple[NDArray[np.float64], np.ndarray]:
    """The true boxes and their labels, as arrays that fit."""
    corners, kinds = np.asarray(boxes, np.float64), np.asarray(labels)
    if corners.ndim != 3 or corners.shape[-1] != 4 or kinds.shape != corners.shape[:2]:
        raise ValueError(
            f"boxes has the shape {corners.shape} and labels {kinds.shape}, expected "
            "(images, most, 4) and (images, most). Fill up with labels of -1 where an image has "
            "fewer boxes."
        )
    if kinds.dtype.kind not in "iu":
        raise ValueError(f"labels is of type {kinds.dtype}, expected whole numbers.")
    if found is not None and len(found) != len(kinds):
        raise ValueError(
            f"found has {len(found)} entries and boxes {len(kinds)}, expected one for each image. "
            "Where nothing was found, give Detections with no rows."
        )
    return corners, kinds


def _right(
    said: Detections, boxes: np.ndarray, labels: np.ndarray, iou: float
) -> NDArray[np.bool_]:
    """Which detections of one image are right, each true box being found once."""
    shares = box_iou(said.boxes, boxes)
    shares[np.asarray(said.labels)[:, np.newaxis] != labels] = -1
    right = np.zeros(len(shares), bool)
    for each in np.argsort(-np.asarray(said.scores), kind="stable"):
        if len(boxes) and shares[each].max() >= iou:
            shares[:, np.argmax(shares[each])] = -1  # each true box is found once
            right[each] = True
    return right
