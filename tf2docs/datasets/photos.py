"""Load small photographs, of which no more are decoded than are asked for."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tf2docs._arguments import whole_number
from tf2docs.datasets.choosing import Split, prefix, scaled_images
from tf2docs.datasets.obtaining import obtain
from tf2docs.datasets.table import PHOTOS

__all__ = ["PHOTO_CLASSES", "load_photos"]

PHOTO_CLASSES: tuple[str, ...] = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
"""What the labels of [`load_photos`][tf2docs.datasets.load_photos] stand for."""

_SHAPE = (32, 32, 3)
_EXAMPLES = 50_000


def load_photos(*, examples: int | None = None, scaled: bool = False) -> tuple[Split, Split]:
    """Load CIFAR-10: 60,000 small photographs in colour, ten classes of animals and vehicles.

    It is looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as the zip file of a
    repository, `CIFAR-10-images-….zip`, or as the folder that you unpacked from it. A host makes
    such a zip file anew, so what is verified is the 60,000 JPEG files in it. JPEG loses a little:
    pixels differ by a few steps of 255 from those of the set that Krizhevsky published, and
    accuracies hardly.

    Verifying takes a second or two, decoding all photographs some ten more: no more are decoded
    than you ask for.

    Args:
        examples: How many training examples to keep, each class in proportion; all by default. The
            test set stays whole, since fewer examples would measure less exactly. A larger number
            keeps every example that a smaller one does.
        scaled: Return `float32` images from 0.0 to 1.0. They take four times the memory.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all `uint8`: images of shape `(50000, 32, 32, 3)`
            and `(10000, 32, 32, 3)`, red, green and blue from 0 to 255, and their labels of shape
            `(50000,)` and `(10000,)`, from 0 to 9 as
            [`PHOTO_CLASSES`][tf2docs.datasets.PHOTO_CLASSES] names them. The split is the
            published one. No file occurs twice, but 160 test photographs are near-duplicates of a
            training one: the same photograph moved, lighter or sharper. The classes take turns.

    Raises:
        DatasetNotFoundError: The photographs are in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under their
            name.
        TypeError: `examples` is no whole number.
        ValueError: `examples` is below 1 or more than there are.

    Warns:
        StandInWarning: The images are those of a stand-in, which may have fewer than `examples`.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Krizhevsky: Learning Multiple Layers of Features from Tiny Images (2009). No licence of the
        data is stated; cite this report.
    """
    if examples is not None:
        whole_number("examples", examples, least=1, most=_EXAMPLES)
    files = obtain(PHOTOS)
    train, test = (_part(files, name) for name in ("train", "test"))
    if examples is not None:
        train = prefix(train, examples)
    train, test = ((_decode(packed), labels) for packed, labels in (train, test))
    if scaled:
        train, test = ((scaled_images(images), labels) for images, labels in (train, test))
    return train, test


def _part(files: dict[str, NDArray[Any]], part: str) -> Split:
    """The packed photographs of a part and their labels, one of each class in turn."""
    placed = []
    for name, packed in zip(files["names"], files["files"], strict=True):
        folder, photo_class, number = name.split("/")
        if folder == part:
            placed.append((number, PHOTO_CLASSES.index(photo_class), packed))
    placed.sort()
    _, labels, packed = zip(*placed, strict=True)
    return np.array(packed, object), np.array(labels, np.uint8)


def _decode(packed: NDArray[Any]) -> NDArray[np.uint8]:
    """Decode JPEG files to `(files, 32, 32, 3)`, with the exact transform, alike everywhere."""
    import tensorflow as tf

    with tf.device("CPU"):
        images: NDArray[np.uint8] = _decoder()(tf.constant(packed.tolist())).numpy()
    return images


@functools.cache
def _decoder() -> Callable[[Any], Any]:
    """A graph: outside of one, map_fn calls Python for each file, for ten times as long."""
    import tensorflow as tf

    def decode(file: Any) -> Any:
        image = tf.io.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE")
        return tf.ensure_shape(image, _SHAPE)

    def decode_all(files: Any) -> Any:
        return tf.map_fn(decode, files, fn_output_signature=tf.uint8)

    files = tf.TensorSpec([None], tf.string)
    traced: Callable[[Any], Any] = tf.function(decode_all, input_signature=[files])
    return traced
