"""The pages are tests: pytest collects every page below this folder."""

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tf2docs.pages import Data, Site, pages_as_tests
from tf2docs.pages.running.own_caches import as_before

if TYPE_CHECKING:
    from tf2docs.datasets.searching import Found
    from tf2docs.datasets.table import File

PLUMBING = frozenset(  # imported on pages without being quoted: loading, writing, drawing, seeds
    {
        "tf2docs.browser.write_network",
        "tf2docs.datasets.PHOTO_CLASSES",
        "tf2docs.datasets.batches",
        "tf2docs.datasets.load_breast_cancer",
        "tf2docs.datasets.load_diabetes",
        "tf2docs.datasets.load_digits",
        "tf2docs.datasets.load_fashion_mnist",
        "tf2docs.datasets.load_flights",
        "tf2docs.datasets.load_fuel",
        "tf2docs.datasets.load_iris",
        "tf2docs.datasets.load_mnist",
        "tf2docs.datasets.load_pairs",
        "tf2docs.datasets.load_photos",
        "tf2docs.datasets.load_poems",
        "tf2docs.datasets.load_reviews",
        "tf2docs.datasets.load_shakespeare",
        "tf2docs.datasets.load_spoken_digits",
        "tf2docs.datasets.load_temperatures",
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
        "tf2docs.plotting.plot_texts",
        "tf2docs.runtime.report",
        "tf2docs.runtime.set_seed",
        "tf2docs.migrate.old_models.unpack_old_models",
        "tf2docs.pages.Site",
        "tf2docs.pages.pages_as_tests",
    }
)


def small_data(folder: Path) -> Data:
    """Put small stand-ins where the pages look for data."""
    from tf2docs.datasets import save_stand_in
    from tf2docs.datasets.standing_in import STAND_INS

    for name in STAND_INS:
        save_stand_in(folder, name)
    return Data({"TF2DOCS_DATA": str(folder)})


def real_data(folder: Path) -> Data:
    """Find the real data once.

    No page then needs the network or your home folder. What can't be had is left out: the pages
    that need it say so.
    """
    import numpy as np

    from tf2docs.datasets import DatasetNotFoundError
    from tf2docs.datasets.standing_in import STAND_INS
    from tf2docs.datasets.table import find_set

    arrays = _find("mnist").contents.arrays
    np.savez(folder / "mnist.npz", **arrays)
    checksums = {
        f"mnist {name}": hashlib.sha256(array.tobytes()).hexdigest()
        for name, array in arrays.items()
    }
    for name in STAND_INS:
        if name != "mnist" and not find_set(name).package:
            with suppress(DatasetNotFoundError):
                checksums |= _copy(name, folder)
    return Data({"TF2DOCS_DATA": str(folder)}, checksums)


def _copy(name: str, folder: Path) -> dict[str, str]:
    """Copy a data set's files; return the checksum of each by its path."""
    from tf2docs.datasets.searching import copy
    from tf2docs.datasets.table import find_set

    files = copy(_find(name), find_set(name), folder).packing
    return {file.path: _checksum(folder, file) for file in files}


def _checksum(folder: Path, file: "File") -> str:
    if file.members:
        # a host makes the zip file anew, so its own bytes say nothing
        return file.members.sha256
    return hashlib.sha256((folder / file.path).read_bytes()).hexdigest()


def _find(name: str) -> "Found":
    """A data set from the folder that you named, or from a cache, or else downloaded.

    What is downloaded stays in the project: your caches are read, and never written.
    """
    from tf2docs.datasets.places import (
        keras_cache,
        named_folder,
        own_cache,
    )
    from tf2docs.datasets.searching import find, look, put
    from tf2docs.datasets.table import find_set

    dataset = find_set(name)
    if named_folder():
        return find(dataset)
    with as_before():
        yours = [keras_cache(), own_cache()]
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
