"""The pages are tests: pytest collects every page below this folder."""

from pathlib import Path

from tf2docs.pages.collecting import pages_as_tests
from tf2docs.pages.site import Site


def small_data(folder: Path) -> dict[str, str]:
    """Put a small stand-in where the pages look for MNIST."""
    from tf2docs.datasets import save_stand_in

    save_stand_in(folder)
    return {"TF2DOCS_DATA": str(folder)}


def real_data(folder: Path) -> dict[str, str]:
    """Find or download the real MNIST once, so that no page needs the network or your home folder."""
    import numpy as np

    from tf2docs.datasets import load_mnist

    (x_train, y_train), (x_test, y_test) = load_mnist()
    np.savez(folder / "mnist.npz", x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return {"TF2DOCS_DATA": str(folder)}


pytest_collect_file = pages_as_tests(
    Site(
        docs=Path(__file__).parent,
        preload=("tensorflow", "keras", "matplotlib.pyplot"),
        versions=("tensorflow", "keras", "numpy"),
        small_data=small_data,
        real_data=real_data,
    )
)
