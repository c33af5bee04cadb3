from pathlib import Path

from tf2docs.pages.collecting import pages_as_tests
from tf2docs.pages.site import Site


def small_data(folder):
    (folder / "numbers.txt").write_text("1 1 2 2")
    return {"SAMPLE_DATA": str(folder)}


def real_data(folder):
    (folder / "numbers.txt").write_text("1 2 3 4")
    return {"SAMPLE_DATA": str(folder)}


pytest_collect_file = pages_as_tests(
    Site(
        docs=Path(__file__).parent,
        preload=("matplotlib.pyplot",),
        versions=("numpy",),
        small_data=small_data,
        real_data=real_data,
    )
)
