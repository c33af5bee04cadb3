"""Measure, in one run and side by side, how fast data come and how much memory that takes.

1. MNIST from the cache: `load_mnist`, which verifies every array, beside
   `keras.datasets.mnist.load_data`, which verifies the file, and a bare `numpy.load`, which
   verifies nothing. All three read the same file: Keras's loader takes only its own, so its known
   checksum is replaced by that of the file at hand. Loads per second, and the peak of memory that
   Python and NumPy asked for, in units of the arrays' own size.
2. Batches of 32 images, shuffled: `batches` beside
   `from_tensor_slices(...).shuffle(...).batch(...)`, a plain loop over shuffled indices, and one
   batch again and again, which shows what `tf.data` costs by itself. First with nothing to do
   between batches; then with a device that is busy for 2 or for 10 milliseconds at each batch, and
   the images as they are or enlarged on the way. The device is a thread: as a GPU, it is handed a
   batch and left alone, and may have one more waiting. Milliseconds until the first batch; from
   then on, the share of the time that the device is busy, the end of the epoch included: there the
   tuning thread of `tf.data`, which `batches` leaves out, may wait.

The contenders take turns, and the median of several rounds counts, so that whatever else the
machine does hits all alike. Figures of one run can be compared with each other, not with those of
another machine or hour.

    python tests/benchmarks/load_data.py /path/to/mnist.npz
"""

import argparse
import collections
import functools
import hashlib
import itertools
import os
import queue
import shutil
import statistics
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np

BATCH = 32
BUSY = (0.002, 0.01)  # seconds of a device at each batch: a small model's, and a larger one's
Contenders = dict[str, Callable[[], object]]


class Feed(NamedTuple):
    """How a pipeline fed a device.

    Seconds until the first batch, and the share of the time since that it was busy.
    """

    first: float
    share: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("mnist", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    with tempfile.TemporaryDirectory() as home:
        cached = Path(home) / "datasets" / "mnist.npz"
        cached.parent.mkdir()
        shutil.copyfile(given.mnist, cached)
        os.environ |= {"KERAS_HOME": home}
        os.environ.pop("TF2DOCS_DATA", None)
        compare_loads(cached, given.rounds)
        compare_pipelines(given.rounds)


def compare_loads(cached: Path, rounds: int) -> None:
    from keras.src.datasets import mnist

    from tf2docs.datasets import load_mnist

    digits = hashlib.sha256(cached.read_bytes()).hexdigest()
    keras_file = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
    fetch = mnist.get_file

    def same_file(*args: object, **options: object) -> str:
        assert options["file_hash"] == keras_file
        return fetch(*args, **(options | {"file_hash": digits}))

    def bare() -> object:
        with np.load(cached) as packed:
            return [packed[name] for name in packed.files]

    with mock.patch.object(mnist, "get_file", same_file):
        contenders: Contenders = {
            "load_mnist": load_mnist,
            "keras load_data": mnist.load_data,
            "numpy.load": bare,
        }
        seconds = take_turns(contenders, rounds)
        peaks = {name: peak(load) for name, load in contenders.items()}
    size = sum(array.nbytes for split in load_mnist() for array in split)
    print(f"MNIST from the cache ({size / 1e6:.0f} MB of arrays), median of {rounds}")
    for name, taken in seconds.items():
        ratio = seconds["keras load_data"] / taken
        print(
            f"  {name:18} {1 / taken:5.2f} loads/s  {ratio:4.2f}x Keras's  peak memory "
            f"{peaks[name] / size:.2f}x"
        )


def peak(work: Callable[[], object]) -> int:
    """The most bytes that were in use at once."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def compare_pipelines(rounds: int) -> None:
    from tf2docs.datasets import load_mnist

    (images, labels), _ = load_mnist(examples=10_000, scaled=True)
    count = -(-len(images) // BATCH)
    for busy, enlarged in ((0.0, False), *itertools.product(BUSY, (False, True))):
        feeds: dict[str, list[Feed]] = collections.defaultdict(list)
        makers = pipelines(images, labels, enlarged)
        contenders = {
            name: functools.partial(consume, make, busy, feeds[name])
            for name, make in makers.items()
        }
        seconds = take_turns(contenders, rounds)
        work = "enlarged on the way" if enlarged else "as they are"
        device = f"a device busy {busy * 1e3:g} ms at each" if busy else "no device"
        print(f"batches of {BATCH} images {work}, {device}")
        for name, taken in seconds.items():
            first, share = (statistics.median(each) for each in zip(*feeds[name][1:], strict=True))
            fed = f"  device busy {share:4.0%} of the time" if busy else ""
            ratio = seconds["plain loop"] / taken
            speed = f"{count / taken:6.0f}/s  {ratio:4.2f}x the plain loop"
            print(f"  {name:10} {speed}  first after {first * 1e3:3.0f} ms{fed}")


def pipelines(
    images: np.ndarray, labels: np.ndarray, enlarged: bool
) -> dict[str, Callable[[], Iterable]]:
    import tensorflow as tf

    from tf2docs.datasets import batches

    def prepare(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return (
            tf.image.resize(images[..., tf.newaxis], (224, 224)) if enlarged else images
        ), labels

    gathered = batches(images, labels, batch_size=BATCH)
    sliced = (
        tf.data.Dataset.from_tensor_slices((images, labels))
        .shuffle(len(images))
        .batch(BATCH)
        .prefetch(2)
    )
    if enlarged:
        gathered, sliced = (
            one.map(prepare, tf.data.AUTOTUNE).prefetch(2) for one in (gathered, sliced)
        )

    def plain() -> Iterator:
        order = np.random.default_rng().permutation(len(images))
        for start in range(0, len(images), BATCH):
            chosen = order[start : start + BATCH]
            yield prepare(tf.constant(images[chosen]), tf.constant(labels[chosen]))

    same = tf.data.Dataset.from_tensors(
        prepare(tf.constant(images[:BATCH]), tf.constant(labels[:BATCH]))
    )
    same = same.repeat(len(gathered))
    return {
        "batches": lambda: gathered,
        "slices": lambda: sliced,
        "plain loop": plain,
        "one batch": lambda: same,
    }


def consume(make: Callable[[], Iterable], busy: float, feeds: list[Feed]) -> None:
    """Go through a pipeline once.

    Note when its first batch came and how well it fed the device since.
    """
    waiting: queue.Queue = queue.Queue(maxsize=1)
    worked = []

    def device() -> None:
        while waiting.get() is not None:
            since = time.perf_counter()
            time.sleep(busy)  # the processor is free meanwhile
            worked.append(time.perf_counter() - since)

    thread = threading.Thread(target=device)
    thread.start()
    began = first = time.perf_counter()
    for place, batch in enumerate(make()):
        if place == 0:
            first = time.perf_counter()
        waiting.put(batch)
    waiting.put(None)
    thread.join()
    feeds.append(Feed(first - began, sum(worked) / (time.perf_counter() - first)))


def take_turns(contenders: Contenders, rounds: int) -> dict[str, float]:
    """The median seconds of each, after one round that doesn't count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, work in contenders.items():
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    return {name: statistics.median(taken[1:]) for name, taken in seconds.items()}


if __name__ == "__main__":
    main()
