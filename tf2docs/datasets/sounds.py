"""Load sounds."""

import io
import wave
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tf2docs.datasets.choosing import Split
from tf2docs.datasets.obtaining import obtain
from tf2docs.datasets.table import SPOKEN_DIGITS

__all__ = ["load_spoken_digits"]

_SAMPLES = 8000  # a second
_TESTS = 5  # how many recordings of each speaker's digit are for testing


def load_spoken_digits() -> tuple[Split, Split]:
    """Load 3,000 recordings of spoken digits, in English, each of a second at most.

    They are looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as the zip file of
    a repository, `free-spoken-digit-dataset-….zip`, or as the folder that you unpacked from it, and
    verified by the WAV files in it.

    Six speakers said each digit fifty times. A recording has 8,000 samples a second. Shorter ones
    are followed by silence; the 20 that are longer than a second are cut off.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: sounds `float32` from -1.0 to 1.0, of shape
            `(2700, 8000)` and `(300, 8000)`, and digits `uint8`, 0 to 9, of shape `(2700,)` and
            `(300,)`. The split is the customary one: the first five recordings of each digit by
            each speaker are for testing, so both parts have the same voices. No recording occurs
            twice. The digits take turns.

    Raises:
        DatasetNotFoundError: The recordings are in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under their
            name.

    Warns:
        StandInWarning: The sounds are those of a stand-in, tones and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Jackson and others: Free Spoken Digit Dataset,
        https://github.com/Jakobovski/free-spoken-digit-dataset. Licence: CC BY-SA 4.0.
    """
    files = obtain(SPOKEN_DIGITS)
    recordings = []
    for name, sound in zip(files["names"], files["files"], strict=True):
        digit, speaker, number = name.removesuffix(".wav").split("_")
        recordings.append((int(number), speaker, int(digit), sound))
    recordings.sort()
    train = [recording for recording in recordings if recording[0] >= _TESTS]
    test = [recording for recording in recordings if recording[0] < _TESTS]
    return _split(train), _split(test)


def _split(recordings: list[tuple[int, str, int, bytes]]) -> Split:
    sounds = np.zeros((len(recordings), _SAMPLES), np.float32)
    for sound, (*_, packed) in zip(sounds, recordings, strict=True):
        samples = _samples(packed)[:_SAMPLES]
        sound[: len(samples)] = samples / 32768
    return sounds, np.array([digit for _, _, digit, _ in recordings], np.uint8)


def _samples(packed: bytes) -> NDArray[Any]:
    with wave.open(io.BytesIO(packed)) as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
