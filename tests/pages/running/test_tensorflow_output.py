"""What TensorFlow itself writes to standard error, from Python and from C++.

It belongs to an output that says so.
"""

import importlib.util

import pytest

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("tensorflow") is None, reason="TensorFlow isn't installed"
)

ZH, EN = "docs/zh/lesson.md", "docs/en/lesson.md"
CODE = """\
import tensorflow as tf

print("first")
tf.print("second", tf.range(3))
tf.get_logger().warning("third")
for _ in tf.data.Dataset.range(9).cache().take(1):
    pass  # C++ logs that a cache isn't read to its end
print("fourth")
"""
OUTPUT = """\
first
second [0 1 2]
WARNING:tensorflow:third
fourth
"""


@pytest.fixture
def page(site):
    """The sample page with a block that writes both ways, not recorded yet."""
    site.change("docs/conftest.py", 'preload=("', 'preload=("tensorflow", "')
    for path in (ZH, EN):
        site.change(path, '```python\nhidden = "nobody claims this"\nprint(hidden)\n```\n', "")
        with (site.root / path).open("a", encoding="utf-8") as file:
            file.write(f"```python {{.stderr}}\n{CODE}```\n\n```output\n```\n")
    return site


def refresh(site):
    return site.pytester.runpytest_subprocess("-p", "no:cacheprovider", "--refresh", "docs")


def test_both_join_the_output_in_the_order_they_are_written(page, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    refresh(page).assert_outcomes(passed=33)
    assert f"```output\n{OUTPUT}```\n" in page.read(EN)  # what C++ logs is silent here


def test_a_warning_from_cpp_joins_it_where_it_is_asked_for(page, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "0")
    claim = OUTPUT.replace("fourth", "W0000 ...\nfourth")  # time and process differ from run to run
    for path in (ZH, EN):
        page.change(path, "```output\n```\n", f"```output\n{claim}```\n")
    refresh(page).assert_outcomes(passed=33)
    assert claim in page.read(EN)
    refresh(page).stdout.fnmatch_lines(["tf2docs: lesson: nothing changed"])
    assert "] The calling iterator did not fully read the dataset" in page.read(
        "docs/records/lesson.json"
    )
