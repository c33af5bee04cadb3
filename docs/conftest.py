"""The pages are tests: pytest collects every page below this folder."""

import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tf2docs.pages import Data, Site, pages_as_tests
from tf2docs.pages.running.own_caches import as_before

if TYPE_CHECKING:
    from tf2docs.datasets.searching import Found

PLUMBING = frozenset(  # imported on pages without being quoted: loading, drawing, seeds
    {
        "tf2docs.datasets.batches",
        "tf2docs.datasets.load_breast_cancer",
        "tf2docs.datasets.load_diabetes",
        "tf2docs.datasets.load_digits",
        "tf2docs.datasets.load_fashion_mnist",
        "tf2docs.datasets.load_flights",
        "tf2docs.datasets.load_fuel",
        "tf2docs.datasets.load_iris",
        "tf2docs.datasets.load_mnist",
        "tf2docs.datasets.load_titanic",
        "tf2docs.datasets.load_wine",
        "tf2docs.datasets.make_classes",
        "tf2docs.datasets.noisy_line",
        "tf2docs.diagrams.plot_layers",
        "tf2docs.diagrams.plot_objects",
        "tf2docs.installing.missing_requirements",
        "tf2docs.plotting.plot_broadcast",
        "tf2docs.plotting.plot_contours",
        "tf2docs.plotting.plot_curves",
        "tf2docs.plotting.plot_history",
        "tf2docs.plotting.plot_images",
        "tf2docs.plotting.plot_line",
        "tf2docs.plotting.plot_points",
        "tf2docs.plotting.plot_predictions",
        "tf2docs.plotting.plot_shapes",
        "tf2docs.plotting.plot_slices",
        "tf2docs.runtime.report",
        "tf2docs.runtime.set_seed",
        "tf2docs.migrate.old_models.unpack_old_models",
        "tf2docs.pages.Site",
        "tf2docs.pages.pages_as_tests",
    }
)


TABLES = ("titanic", "fuel", "flights")


def small_data(folder: Path) -> Data:
    """Put small stand-ins where the pages look for MNIST and tables."""
    from tf2docs.datasets import save_stand_in

    for name in ("mnist", *TABLES):
        save_stand_in(folder, name)
    return Data({"TF2DOCS_DATA": str(folder)})


def real_data(folder: Path) -> Data:
    """Find the real MNIST and the tables once.

    No page then needs the network or your home folder.
    """
    import numpy as np

    arrays = _mnist()
    np.savez(folder / "mnist.npz", **arrays)
    checksums = {
        f"mnist {name}": hashlib.sha256(array.tobytes()).hexdigest()
        for name, array in arrays.items()
    }
    for path in (
        path for table in TABLES for path in _copy(table, folder)
    ):
        data = (folder / path).read_bytes()
        checksums[path] = hashlib.sha256(data).hexdigest()
    return Data({"TF2DOCS_DATA": str(folder)}, checksums)


def _mnist() -> dict:
    """The arrays of MNIST, whose file may be of several kinds."""
    from tf2docs.datasets import load_mnist
    from tf2docs.datasets.places import named_folder

    if not named_folder():
        return _find("mnist").contents.arrays
    (x_train, y_train), (x_test, y_test) = load_mnist()
    return {
        "x_train": x_train,
        "y_train": y_train,
        "x_test": x_test,
        "y_test": y_test,
    }


def _copy(name: str, folder: Path) -> list[str]:
    """Copy a data set's files; return their paths in the folder."""
    from tf2docs.datasets.places import named_folder
    from tf2docs.datasets.searching import put
    from tf2docs.datasets.table import find_set

    if named_folder():
        files = put(find_set(name), folder).packing
        return [file.path for file in files]
    found = _find(name)
    for file in found.packing:
        shutil.copy(found.path(file), folder / file.path)
    return [file.path for file in found.packing]


def _find(name: str) -> "Found":
    """A data set from a cache, or else downloaded.

    What is downloaded stays in the project: your caches are read, and never written.
    """
    from tf2docs.datasets.places import keras_cache, own_cache
    from tf2docs.datasets.searching import look, put
    from tf2docs.datasets.table import find_set

    with as_before():
        yours = [keras_cache(), own_cache()]
    dataset = find_set(name)
    downloaded = Path(__file__).parents[1] / ".data"
    found = look(dataset, [downloaded, *yours], [])
    return found or put(dataset, downloaded)


pytest_collect_file = pages_as_tests(
    Site(
        docs=Path(__file__).parent,
        preload=("tensorflow", "keras", "matplotlib.pyplot"),
        versions=("tensorflow", "keras", "numpy"),
        small_data=small_data,
        real_data=real_data,
        symbols={
            "tf": "tensorflow",
            "keras": "keras",
            "tf2docs": "tf2docs",
        },
        packages=("tf2docs",),
        plumbing=PLUMBING,
        environment={
            "KERAS_BACKEND": "tensorflow",
            "KERAS_HOME": "~/.keras",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        gpu="tensorflow.config.list_physical_devices('GPU')",
    )
)
