"""A site with one page, which was recorded with TensorFlow 2.15 and hasn't changed since."""

from pathlib import Path

from tf2docs.pages import Site, pages_as_tests

pytest_collect_file = pages_as_tests(
    Site(docs=Path(__file__).parent, preload=("keras",), versions=("tensorflow", "keras"))
)
