from pathlib import Path

from tf2docs.pages import Data, Site, pages_as_tests


def small_data(folder):
    (folder / "numbers.txt").write_text("1 1 2 2")
    return Data({"SAMPLE_DATA": str(folder)})


def real_data(folder):
    (folder / "numbers.txt").write_text("1 2 3 4")
    return Data({"SAMPLE_DATA": str(folder)}, {"numbers": (folder / "numbers.txt").read_text()})


pytest_collect_file = pages_as_tests(
    Site(
        docs=Path(__file__).parent,
        preload=("matplotlib.pyplot",),
        versions=("numpy",),
        small_data=small_data,
        real_data=real_data,
        symbols={"np": "numpy", "lessons": "lessons"},
        packages=("lessons",),
        most_skips=1,
        ignore=("outputs",),
    )
)
