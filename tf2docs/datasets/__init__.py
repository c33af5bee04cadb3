"""Data sets as the arrays that were published, or an error that says how to get them.

A loader returns the nested tuple that Keras's loaders return, so a page reads the same with
either: `(x_train, y_train), (x_test, y_test) = load_mnist()`. A table of mixed columns is a dict:
`load_titanic` returns one, `load_fuel` and `load_flights` one for training and one for testing.
What a file holds is verified, so a damaged, shortened or swapped file is never taken for the real
thing. `python -m tf2docs.datasets` lists the sets, says which of them are on this machine and
whole, and fetches those that you name.
"""

from tf2docs.datasets.batching import batches
from tf2docs.datasets.choosing import Split
from tf2docs.datasets.csv_table import Table
from tf2docs.datasets.errors import DatasetNotFoundError, StandInWarning, WrongDatasetError
from tf2docs.datasets.loading import (
    load_fashion_mnist,
    load_flights,
    load_fuel,
    load_mnist,
    load_titanic,
)
from tf2docs.datasets.photos import PHOTO_CLASSES, load_photos
from tf2docs.datasets.reviews import load_reviews
from tf2docs.datasets.shipped import (
    load_breast_cancer,
    load_diabetes,
    load_digits,
    load_iris,
    load_wine,
)
from tf2docs.datasets.sounds import load_spoken_digits
from tf2docs.datasets.standing_in import save_stand_in
from tf2docs.datasets.synthetic import make_classes, noisy_line
from tf2docs.datasets.table import SETS, Dataset
from tf2docs.datasets.temperatures import load_temperatures
from tf2docs.datasets.texts import load_pairs, load_poems, load_shakespeare

__all__ = [
    "PHOTO_CLASSES",
    "SETS",
    "Dataset",
    "DatasetNotFoundError",
    "Split",
    "StandInWarning",
    "Table",
    "WrongDatasetError",
    "batches",
    "load_breast_cancer",
    "load_diabetes",
    "load_digits",
    "load_fashion_mnist",
    "load_flights",
    "load_fuel",
    "load_iris",
    "load_mnist",
    "load_pairs",
    "load_photos",
    "load_poems",
    "load_reviews",
    "load_shakespeare",
    "load_spoken_digits",
    "load_temperatures",
    "load_titanic",
    "load_wine",
    "make_classes",
    "noisy_line",
    "save_stand_in",
]
