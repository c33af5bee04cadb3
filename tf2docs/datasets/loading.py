"""Load the data sets of digits and clothes, and the tables."""

from tf2docs._arguments import whole_number
from tf2docs.datasets.choosing import Split, divide, prefix, scaled_images
from tf2docs.datasets.csv_table import Table, rows_of
from tf2docs.datasets.obtaining import obtain
from tf2docs.datasets.table import FASHION_MNIST, FLIGHTS, FUEL, MNIST, TITANIC, Dataset

__all__ = [
    "load_fashion_mnist",
    "load_flights",
    "load_fuel",
    "load_mnist",
    "load_titanic",
]


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
        TypeError: `examples` is no whole number.
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
    return _split(obtain(MNIST), examples, scaled)


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
        TypeError: `examples` is no whole number.
        ValueError: `examples` is below 1 or more than there are.

    Warns:
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Xiao, Rasul, Vollgraf: Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine
        Learning Algorithms (2017). Licence of the data: MIT, Zalando SE.
    """
    _check_examples(FASHION_MNIST, examples)
    return _split(obtain(FASHION_MNIST), examples, scaled)


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
    return obtain(TITANIC)


def load_fuel() -> tuple[Table, Table]:
    """Load Auto MPG: 398 cars of 1970 to 1982, and how far each went on a gallon of fuel.

    It is looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as a file `mpg.csv`,
    and verified by its SHA-256. The columns are as published. The power of six cars isn't known;
    they are kept, five of them for training, with NaN in its place.

    Returns:
        `train, test`: columns by name, each of shape `(318,)` and `(80,)`. `mpg`, miles per US
            gallon, is what is predicted, `float32`; so are `displacement` in cubic inches,
            `horsepower` (NaN where unknown) and `acceleration`, seconds from 0 to 60 miles an
            hour. `cylinders`, `weight` in pounds and `model_year` (70 to 82) are `int64`; `origin`
            (`usa`, `europe` or `japan`) and `name` are `object` and hold strings. The split is
            always the same, and each origin has its share in both parts. No row occurs twice, but
            a model's name may, in several years: don't let a model learn from it.

    Raises:
        DatasetNotFoundError: The table is in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.

    Warns:
        StandInWarning: The rows are those of a stand-in, made up and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Quinlan: Combining instance-based and model-based learning (1993). UCI Machine Learning
        Repository gives the data as CC BY 4.0; they are taken from Waskom: seaborn-data.
    """
    cars = obtain(FUEL)
    train, test = divide(cars["origin"], round(len(cars["mpg"]) / 5))
    return rows_of(cars, train), rows_of(cars, test)


def load_flights() -> tuple[Table, Table]:
    """Load how many passengers flew in each month of 1949 to 1960, a classic series to continue.

    It is looked for where [`load_mnist`][tf2docs.datasets.load_mnist] looks, as a file
    `flights.csv`, and verified by its SHA-256. A series is tested on what comes later: the last two
    years are the test part.

    Returns:
        `train, test`: columns by name, each of shape `(120,)` and `(24,)`, in the order of time.
            `year` is `int64`, `month` is `object` and holds the English names, and `passengers`,
            in thousands, is `int64`.

    Raises:
        DatasetNotFoundError: The table is in none of these places.
        WrongDatasetError: The folder that `TF2DOCS_DATA` names holds something else under its name.

    Warns:
        StandInWarning: The rows are those of a stand-in, made up and fewer.
        UserWarning: A file, or a mirror that is no address, was passed over, or the download
            couldn't be kept.

    References:
        Box, Jenkins: Time Series Analysis: Forecasting and Control (1976), series G. Taken from
        Waskom: seaborn-data, which states no licence.
    """
    months = obtain(FLIGHTS)
    return rows_of(months, slice(None, -24)), rows_of(months, slice(-24, None))


def _check_examples(dataset: Dataset, examples: int | None) -> None:
    if examples is not None:
        most = dataset.packings[0][0].arrays[0].shape[0]
        whole_number("examples", examples, least=1, most=most)


def _split(arrays: Table, examples: int | None, scaled: bool) -> tuple[Split, Split]:
    train, test = (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
    if examples is not None:
        train = prefix(train, examples)
    if scaled:
        train, test = ((scaled_images(x), y) for x, y in (train, test))
    return train, test
