"""Load the data sets that are files, and write small stand-ins to try code with."""

import io
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tf2docs._arguments import whole_number
from tf2docs.datasets.choosing import Split, prefix, scaled_images
from tf2docs.datasets.csv_table import Table, write_table
from tf2docs.datasets.errors import StandInWarning
from tf2docs.datasets.explaining import title
from tf2docs.datasets.made_up import made_up_passengers
from tf2docs.datasets.opening import write_whole
from tf2docs.datasets.searching import Found, find
from tf2docs.datasets.shipped import load_digits
from tf2docs.datasets.table import FASHION_MNIST, MNIST, TITANIC, Dataset, find_set

__all__ = ["load_fashion_mnist", "load_mnist", "load_titanic", "save_stand_in"]


def load_mnist(*, examples: int | None = None, scaled: bool = False) -> tuple[Split, Split]:
    """Load MNIST: 70,000 handwritten digits, exactly as published.

    It is looked for in these places, as `mnist.npz` or as the four published files in a folder
    `mnist`, and the first place that holds it is used:

    1. the folder that the environment variable `TF2DOCS_DATA` names. While it is set this is the
       only place, and nothing is downloaded: whoever names a folder means that folder;
    2. Keras's cache, `~/.keras/datasets` (or `datasets` in the folder that `KERAS_HOME` names);
    3. this package's own cache, `~/.cache/tf2docs` on Linux (or the folder that `TF2DOCS_CACHE`
       names);
    4. the mirrors that `TF2DOCS_MIRROR` names, addresses separated by spaces, with the layout of
       that cache. A password or token in them is never shown;
    5. the address that Keras downloads it from, and two public mirrors. What is downloaded is kept
       in the package's own cache, and a download that was interrupted goes on from there.

    Every array is verified. A file that isn't MNIST is passed over with a warning, except in the
    folder that you named, where it is an error. That folder may instead hold a stand-in (see
    [`save_stand_in`][tf2docs.datasets.save_stand_in]), which is used with a warning.

    Args:
        examples: How many training examples to keep, each class in proportion; all by default. The
            test set stays whole, since fewer examples would measure less exactly. A larger number
            keeps every example that a smaller one does.
        scaled: Return `float32` images from 0.0 to 1.0, the range that networks learn best from.
            They take four times the memory.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all `uint8`: images of shape `(60000, 28, 28)` and
            `(10000, 28, 28)`, from 0 (background) to 255 (ink), and their labels, 0 to 9, of shape
            `(60000,)` and `(10000,)`.

    Raises:
        DatasetNotFoundError: MNIST is in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.
        ValueError: `examples` is below 1 or more than there are.

    Warns:
        StandInWarning: The arrays are those of a stand-in, which may have fewer than `examples`.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        LeCun, Bottou, Bengio, Haffner: Gradient-based learning applied to document recognition
        (1998). Licence of the data: CC BY-SA 3.0.
    """
    _check_examples(MNIST, examples)
    return _split(_arrays(MNIST), examples, scaled)


def load_fashion_mnist(*, examples: int | None = None, scaled: bool = False) -> tuple[Split, Split]:
    """Load Fashion-MNIST: 70,000 small pictures of clothes, in MNIST's form and harder than MNIST.

    It is looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as the publisher's
    four files in a folder `fashion-mnist`. They are verified by the checksums that the publisher
    gives of these files. It gives none of the arrays, so a copy in any other file can't be verified
    and isn't used.

    Args:
        examples: How many training examples to keep, each class in proportion; all by default. The
            test set stays whole.
        scaled: Return `float32` images from 0.0 to 1.0.

    Returns:
        `(x_train, y_train), (x_test, y_test)`, all `uint8`: images of shape `(60000, 28, 28)` and
            `(10000, 28, 28)`, from 0 (background) to 255, and their labels, 0 to 9, of shape
            `(60000,)` and `(10000,)`: T-shirt, trousers, pullover, dress, coat, sandal, shirt,
            sneaker, bag, ankle boot.

    Raises:
        DatasetNotFoundError: Fashion-MNIST is in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.
        ValueError: `examples` is below 1 or more than there are.

    Warns:
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
        Learning Algorithms (2017). Licence of the data: MIT, Zalando SE.
    """
    _check_examples(FASHION_MNIST, examples)
    return _split(_arrays(FASHION_MNIST), examples, scaled)


def load_titanic() -> Table:
    """Load a table of 891 passengers of the Titanic, exactly as published, the survivors marked.

    It is looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as a file
    `titanic.csv`, and verified by its SHA-256. A table has no published test set: choose rows of
    your own. Five columns say again what others say (`class`, `who`, `adult_male`, `embark_town`,
    `alone`), and `alive` says again what `survived` says, so a model must not be given it.

    Returns:
        Columns by name, each of shape `(891,)`. `survived` (0 or 1), `pclass` (1 to 3), `sibsp`
            (siblings and spouses on board) and `parch` (parents and children) are `int64`; `age` in
            years and `fare` in pounds are `float32`, NaN where unknown (177 ages); `adult_male` and
            `alone` are `bool`; `sex`, `embarked`, `class`, `who`, `deck`, `embark_town` and `alive`
            are `object` and hold strings, empty where unknown (2 harbours, 688 decks).

    Raises:
        DatasetNotFoundError: The table is in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.

    Warns:
        StandInWarning: The rows are those of a stand-in, made up and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Waskom: seaborn-data. The table is widely shared; no licence of it is stated.
    """
    return _arrays(TITANIC)


def save_stand_in(folder: Path, name: str = "mnist", *, examples: int | None = None) -> Path:
    """Write a small stand-in for a data set.

    Code that loads MNIST or the table of the Titanic can then be tried in seconds and offline: let
    `TF2DOCS_DATA` name the folder. The file says what it really is, and the loader repeats that in
    a warning. MNIST's are the digits of [`load_digits`][tf2docs.datasets.load_digits]; the
    passengers' rows are drawn from a seed, with the real columns, categories and gaps.

    Args:
        folder: Where to write the file. Made if it isn't there.
        name: `mnist` or `titanic`.
        examples: How many training digits, or passengers, to write: the fewer, the sooner the code
            is through. Of the test digits the same share is written. By default all 1,500 digits,
            or 240 passengers.

    Returns:
        The path of the file.

    Raises:
        TypeError: `examples` is no whole number.
        ValueError: There is no stand-in of that name, or it hasn't as many examples.
        FileExistsError: The folder already holds such a file, which might be the real one.

    Examples:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_stand_in(Path(folder)).name, save_stand_in(Path(folder), "titanic").name
        ('mnist.npz', 'titanic.csv')
    """
    if name not in _STAND_INS:
        raise ValueError(f"there is no stand-in for {name!r}, only for {', '.join(_STAND_INS)}.")
    path = Path(folder) / find_set(name).packings[0][0].path
    if path.exists():
        raise FileExistsError(
            f"{path} is there already and might be real: name another folder or remove it."
        )
    make, most = _STAND_INS[name]
    amount = most if examples is None else examples
    write_whole(path, make(whole_number("examples", amount, least=1, most=most)))
    return path


def _digits(examples: int) -> BinaryIO:
    train, test = load_digits()
    share = examples / len(train[1])
    x_train, y_train = prefix(train, examples)
    x_test, y_test = prefix(test, max(1, round(share * len(test[1]))))
    amount = len(y_train) + len(y_test)
    stand_in = f"{amount:,} of scikit-learn's digits, 8x8 enlarged to 28x28"
    packed = io.BytesIO()
    np.savez_compressed(
        packed, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test, stand_in=stand_in
    )
    return packed


def _passengers(examples: int) -> BinaryIO:
    passengers = made_up_passengers(examples)
    stand_in = f"{examples} passengers that never lived, drawn from a seed"
    return write_table(passengers, stand_in)


_STAND_INS = {"mnist": (_digits, 1500), "titanic": (_passengers, 240)}  # and how large at most


def _check_examples(dataset: Dataset, examples: int | None) -> None:
    whole = dataset.packings[0][0].arrays[0].shape[0]
    if examples is not None and not 1 <= examples <= whole:
        raise ValueError(
            f"examples is {examples}, expected 1 to {whole}, as many as {title(dataset)} has."
        )


def _split(arrays: Table, examples: int | None, scaled: bool) -> tuple[Split, Split]:
    train, test = (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
    if examples is not None:
        train = prefix(train, examples)
    if scaled:
        train, test = ((scaled_images(x), y) for x, y in (train, test))
    return train, test


def _arrays(dataset: Dataset) -> Table:
    found = find(dataset)
    for remark in found.remarks:
        _warn(remark, UserWarning)
    if found.contents.stand_in is not None:
        _warn(_stand_in(found, dataset), StandInWarning)
    return found.contents.arrays


def _stand_in(found: Found, dataset: Dataset) -> str:
    path = found.path(dataset.packings[0][0])
    return f"{path} is a stand-in, not {title(dataset)}: {found.contents.stand_in}"


def _warn(remark: str, category: type[Warning]) -> None:
    try:
        warnings.warn(remark, category, stacklevel=4)  # the line that called the loader
    except Warning:
        raise  # the reader turned warnings into errors
    except Exception:  # standard error was closed or lost: that is no reason to go without the data
        return
