"""Data sets as the arrays that were published, or an error that says how to get them.

Every function returns the nested tuple that Keras's loaders return, so a page reads the same with either:
`(x_train, y_train), (x_test, y_test) = load_mnist()`. What a file holds is checked array by array, so a
damaged, shortened or exchanged file is never taken for the real thing.
"""

import hashlib
import http.client
import io
import os
import queue
import tempfile
import threading
import time
import urllib.request
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DatasetNotFoundError",
    "Split",
    "StandInWarning",
    "WrongDatasetError",
    "load_digits",
    "load_mnist",
    "make_classes",
    "noisy_line",
    "save_stand_in",
]

Split: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.uint8]]
"""Images of shape `(examples, 28, 28)`, 0 to 255, and their labels of shape `(examples,)`, 0 to 9."""

_Arrays: TypeAlias = dict[str, NDArray[np.generic]]

_ADDRESS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
_PATIENCE = 20.0  # seconds without an answer, or without another byte, until a download is given up
_DOWNLOAD_LIMIT = 600.0  # seconds for the whole file

# The arrays' own bytes are checked, not the file's: many zip files hold the same arrays.
_MNIST: dict[str, tuple[tuple[int, ...], str]] = {
    "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}


class DatasetNotFoundError(FileNotFoundError):
    """The data set is in none of the places looked at, and the message lists them and the ways out."""


class WrongDatasetError(ValueError):
    """A file bears the data set's name but holds something else, and the message says what."""


class StandInWarning(UserWarning):
    """The arrays come from a small stand-in for the data set, so accuracies are not the data set's."""


def load_mnist() -> tuple[Split, Split]:
    """Load MNIST: 70,000 handwritten digits, exactly as published.

    `mnist.npz` is looked for in these places, and the first that holds MNIST is used:

    1. the folder that the environment variable `TF2DOCS_DATA` names. While it is set this is the only
       place, and nothing is downloaded: who names a folder means that folder;
    2. Keras's cache, `~/.keras/datasets` (or `datasets` in the folder that `KERAS_HOME` names);
    3. this package's own cache, `~/.cache/tf2docs` on Linux;
    4. the address that Keras downloads it from. The file is then kept in the package's own cache.

    A file that isn't MNIST is passed over with a warning, except in the folder that you named, where it is
    an error. That folder may instead hold a stand-in (see
    [`save_stand_in`][tf2docs.datasets.save_stand_in]), which is used with a warning.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all `uint8`: images of shape `(60000, 28, 28)` and
            `(10000, 28, 28)`, from 0 (background) to 255 (ink), and their labels, 0 to 9, of shape
            `(60000,)` and `(10000,)`.

    Raises:
        DatasetNotFoundError: MNIST is in none of these places.
        WrongDatasetError: `mnist.npz` in the folder that `TF2DOCS_DATA` names isn't MNIST.

    Warns:
        StandInWarning: The arrays are a stand-in's.
        UserWarning: A file was passed over, or the download couldn't be kept.

    References:
        LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition (1998).
        Licence of the data: CC BY-SA 3.0.
    """
    if named := os.environ.get("TF2DOCS_DATA"):
        path = Path(named).expanduser().absolute() / "mnist.npz"
        arrays = _read_named(path)
        if "stand_in" in arrays:
            message = f"{path} is a stand-in, not MNIST: {arrays['stand_in']}"
            warnings.warn(message, StandInWarning, stacklevel=2)
    else:
        arrays, remarks = _search()
        for remark in remarks:
            warnings.warn(remark, stacklevel=2)
    return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def load_digits() -> tuple[Split, Split]:
    """Load the 1,797 small digits that come with scikit-learn, in MNIST's form.

    They need no file and no network. Each was 8×8 with values 0 to 16 and is enlarged smoothly to 24×24
    with a margin of two, so code written for MNIST runs on them unchanged; accuracies are not MNIST's.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all `uint8`: images of shape `(1500, 28, 28)` and
            `(297, 28, 28)`, from 0 (background) to 255 (ink), and their labels, 0 to 9, of shape `(1500,)`
            and `(297,)`. The split is always the same, and each digit has its share in both parts.

    Examples:
        >>> (x_train, y_train), (x_test, y_test) = load_digits()
        >>> x_train.shape, y_train.shape, x_test.shape, y_test.shape
        ((1500, 28, 28), (1500,), (297, 28, 28), (297,))
        >>> x_train.dtype, int(x_train.min()), int(x_train.max())
        (dtype('uint8'), 0, 255)

    References:
        Alpaydin, Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998).
    """
    from sklearn.datasets import load_digits as load_published
    from sklearn.model_selection import train_test_split

    published = load_published()
    images, labels = _enlarge(published.images), published.target.astype(np.uint8)
    x_train, x_test, y_train, y_test = train_test_split(images, labels, test_size=297, stratify=labels, random_state=0)
    return (x_train, y_train), (x_test, y_test)


def noisy_line(
    examples: int = 1000, *, slope: float = 3.0, intercept: float = 2.0, noise: float = 1.0, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw points around a line, so that a model can be held against the line they came from.

    Args:
        examples: How many points.
        slope: The true W of `y = W x + b`.
        intercept: The true b.
        noise: Standard deviation of what is added to each y.
        seed: The same seed gives the same points.

    Returns:
        `(inputs, outputs)`, both `float32` of shape `(examples,)`. Inputs are drawn from a standard normal
            distribution.

    Raises:
        ValueError: There are no examples, or the noise is negative.

    Examples:
        >>> inputs, outputs = noisy_line(4, noise=0.0)
        >>> bool(np.allclose(outputs, 3 * inputs + 2))
        True
    """
    if examples < 1 or noise < 0:
        raise ValueError(f"examples is {examples} and noise is {noise}, expected at least 1 and at least 0.")
    random = np.random.default_rng(seed)
    inputs = random.standard_normal(examples, dtype=np.float32)
    outputs = slope * inputs + intercept + noise * random.standard_normal(examples, dtype=np.float32)
    return inputs, outputs.astype(np.float32)


def make_classes(
    examples: int = 1000, *, features: int = 72, classes: int = 10, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Draw examples around one random centre per class: data of any size that a model can really learn.

    Draw training and test data in one call and cut them apart: another seed has other centres, and the same
    seed gives the same examples again.

    Args:
        examples: How many examples.
        features: Numbers per example.
        classes: How many classes there are, each as likely.
        seed: The same seed gives the same examples.

    Returns:
        `(inputs, labels)`: `float32` of shape `(examples, features)`, and whole numbers from 0 to
            `classes - 1` of shape `(examples,)`.

    Raises:
        ValueError: One of the counts is below 1.

    Examples:
        >>> inputs, labels = make_classes(200, features=72, classes=10)
        >>> inputs.shape, labels.shape
        ((200, 72), (200,))
    """
    if min(examples, features, classes) < 1:
        raise ValueError(
            f"examples is {examples}, features is {features} and classes is {classes}, expected at least 1 of each."
        )
    random = np.random.default_rng(seed)
    centres = random.standard_normal((classes, features), dtype=np.float32)
    labels = random.integers(classes, size=examples)
    return centres[labels] + np.float32(1.5) * random.standard_normal((examples, features), dtype=np.float32), labels


def save_stand_in(folder: Path) -> Path:
    """Write the digits of [`load_digits`][tf2docs.datasets.load_digits] as a stand-in for MNIST.

    Code that loads MNIST can so be tried in seconds and offline: let `TF2DOCS_DATA` name the folder. The
    file says what it really is, and `load_mnist` repeats that in a warning.

    Args:
        folder: Where to write `mnist.npz`. Made if it isn't there.

    Returns:
        The path of the file.

    Raises:
        FileExistsError: The folder already holds an `mnist.npz`, which might be the real one.

    Examples:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_stand_in(Path(folder)).name
        'mnist.npz'
    """
    path = Path(folder) / "mnist.npz"
    if path.exists():
        raise FileExistsError(f"{path} is there already and might be real: name another folder or remove it.")
    (x_train, y_train), (x_test, y_test) = load_digits()
    stand_in = "scikit-learn's 1,797 digits, 8x8 enlarged to 28x28"
    packed = io.BytesIO()
    np.savez_compressed(packed, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, stand_in=stand_in)
    _write(path, packed.getvalue())
    return path


def _enlarge(images: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Enlarge `(examples, 8, 8)`, 0 to 16, to `(examples, 28, 28)`, 0 to 255, in whole numbers."""
    blocks = images.astype(np.int64).repeat(3, axis=1).repeat(3, axis=2)  # (examples, 24, 24)
    framed = np.pad(blocks, ((0, 0), (3, 3), (3, 3)))  # (examples, 30, 30)
    windows = np.lib.stride_tricks.sliding_window_view(framed, (3, 3), axis=(1, 2))
    sums = windows.sum(axis=(-2, -1))  # (examples, 28, 28), 0 to 16 * 9
    return (sums * 255 // (16 * 9)).astype(np.uint8)


def _read_named(path: Path) -> _Arrays:
    """Read MNIST or a stand-in from the folder that the user named: anything else is an error."""
    try:
        arrays = _unpack(path.read_bytes())
        _check_stand_in(arrays) if "stand_in" in arrays else _check_mnist(arrays)
    except OSError as error:
        reason = _reason(error) if path.parent.exists() else "there is no such folder"
        raise DatasetNotFoundError(
            f"TF2DOCS_DATA is set, so MNIST was looked for at {path} and nowhere else: {reason}.\n"
            "Put mnist.npz there, let TF2DOCS_DATA name the folder that holds it, or unset TF2DOCS_DATA to "
            "search the caches and download it."
        ) from error
    except WrongDatasetError as error:
        raise WrongDatasetError(
            f"{path}, in the folder that TF2DOCS_DATA names, isn't MNIST: {error}.\n"
            "Replace it by another copy, or unset TF2DOCS_DATA to search the caches and download it."
        ) from error
    return arrays


def _search() -> tuple[_Arrays, list[str]]:
    """Find MNIST in the caches or download it; the remarks tell of files passed over on the way."""
    tried: list[tuple[Path | str, Exception]] = []
    for path in (_keras_cache(), _own_cache()):
        try:
            arrays = _unpack(path.read_bytes())
            _check_mnist(arrays)
            return arrays, _passed_over(tried)
        except (OSError, WrongDatasetError) as error:
            tried.append((path, error))
    try:
        data = _download(_ADDRESS)
        arrays = _unpack(data)
        _check_mnist(arrays)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DatasetNotFoundError(_ways_out([*tried, (_ADDRESS, error)])) from error
    return arrays, _passed_over(tried) + _keep(data)


def _keras_cache() -> Path:
    home = Path(os.environ.get("KERAS_HOME") or "~/.keras")
    return home.expanduser() / "datasets" / "mnist.npz"


def _own_cache() -> Path:
    import pooch

    return Path(pooch.os_cache("tf2docs")) / "mnist.npz"


def _unpack(data: bytes) -> _Arrays:
    """Read every array of an .npz file, never running anything that a file might bring along."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise WrongDatasetError(f"{len(data):,} bytes that are not a whole .npz file (a zip file of arrays)")
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as packed:
            return {name: np.asarray(packed[name]) for name in packed.files}
    # What zip files, their compression and numpy raise for damage; RuntimeError is a zip with a password.
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError) as error:
        raise WrongDatasetError(f"a damaged .npz file ({error})") from error


def _check_mnist(arrays: _Arrays) -> None:
    if "stand_in" in arrays:
        raise WrongDatasetError(
            f"a stand-in ({arrays['stand_in']}), which is only taken from the folder that TF2DOCS_DATA names"
        )
    _check_names(arrays)
    for name, (shape, sha256) in _MNIST.items():
        _check_form(name, arrays[name], shape)
        found = hashlib.sha256(arrays[name].tobytes()).hexdigest()
        if found != sha256:
            raise WrongDatasetError(f"{name} has the SHA-256 {found}, MNIST's has {sha256}")


def _check_stand_in(arrays: _Arrays) -> None:
    _check_names(arrays)
    for part in ("train", "test"):
        examples = arrays[f"y_{part}"].size
        _check_form(f"y_{part}", arrays[f"y_{part}"], (examples,))
        _check_form(f"x_{part}", arrays[f"x_{part}"], (examples, 28, 28))


def _check_names(arrays: _Arrays) -> None:
    if missing := [name for name in _MNIST if name not in arrays]:
        raise WrongDatasetError(f"no array {', '.join(missing)} in it, only {', '.join(arrays) or 'nothing'}")


def _check_form(name: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape or array.dtype != np.uint8:
        raise WrongDatasetError(f"{name} is {array.dtype} of shape {array.shape}, expected uint8 of {shape}")


def _download(address: str) -> bytes:
    """Fetch into memory, so that nothing half written is ever on the disk."""
    deadline = time.monotonic() + _DOWNLOAD_LIMIT
    data = bytearray()
    with _open(address) as response:
        while chunk := response.read1(1 << 16):
            data += chunk
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(data):,} bytes came in {_DOWNLOAD_LIMIT:g} seconds, too slow to go on")
    return bytes(data)


def _open(address: str) -> http.client.HTTPResponse:
    """Open an address, or give up in time.

    urllib's own time limit holds for each of a host's many addresses in turn, which is minutes of silence
    where they are all blocked. Hence the thread, which may be left behind.
    """
    answers: queue.SimpleQueue[http.client.HTTPResponse | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:  # a new opener each time: the shared one never sees a proxy that is set after its first use
            answers.put(urllib.request.build_opener().open(address, timeout=_PATIENCE))
        except Exception as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_PATIENCE)
    except queue.Empty:
        raise TimeoutError(f"no answer in {_PATIENCE:g} seconds") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _keep(data: bytes) -> list[str]:
    """Write a verified download into the package's own cache; a cache that can't be written is a remark."""
    try:
        _write(_own_cache(), data)
    except OSError as error:
        return [f"MNIST was downloaded but couldn't be kept at {_own_cache()}: {_reason(error)}"]
    return []


def _write(path: Path, data: bytes) -> None:
    """Write under a temporary name and rename, so that nobody ever reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
            file.close()  # Windows renames only closed files
            temporary.replace(path)
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)
            raise


def _passed_over(tried: list[tuple[Path | str, Exception]]) -> list[str]:
    return [
        f"{place} was passed over, it can't be used as MNIST: {_reason(error)}"
        for place, error in tried
        if not isinstance(error, FileNotFoundError)
    ]


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _ways_out(tried: list[tuple[Path | str, Exception]]) -> str:
    looked_at = "\n".join(f"  {place}\n    {_reason(error)}" for place, error in tried)
    return f"""MNIST isn't on this machine and couldn't be downloaded. Looked at:
{looked_at}
Ways out (any copy of mnist.npz that holds the published arrays will do):
  1. Get mnist.npz (11 MB) from the address above with a browser, on another network, or from a friend's
     ~/.keras/datasets, and copy it to
       {_own_cache()}
  2. Keep it in any folder, and name that folder before you call load_mnist() again:
       import os; os.environ["TF2DOCS_DATA"] = "/path/to/folder"
  3. If you reach the internet through a proxy, name the proxy and call load_mnist() again:
       import os; os.environ["HTTPS_PROXY"] = "http://HOST:PORT"
  4. Go on without MNIST: load_digits() of this module needs no file. Its digits are fewer and simpler, so
     your accuracies will not be MNIST's."""
