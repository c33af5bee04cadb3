import os
import random
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from tf2docs import runtime
from tf2docs.runtime import report, set_seed


def draws():
    return random.random(), np.random.rand(), float(keras.random.normal(())), first_weight()


def first_weight():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    return float(model.layers[0].kernel[0, 0])


def test_one_seed_repeats_python_numpy_keras_and_first_weights():
    set_seed(3)
    first = draws()
    set_seed(3)
    assert draws() == first


def test_other_seeds_draw_something_else():
    set_seed(3)
    first = draws()
    set_seed(4)
    assert not set(draws()) & set(first)


def test_the_seed_is_zero_unless_told():
    set_seed()
    first = draws()
    set_seed(0)
    assert draws() == first


@pytest.mark.parametrize("seed", [np.int64(3), np.uint8(3), keras.ops.convert_to_tensor(3)])
def test_a_seed_may_be_a_number_of_any_kind(seed):
    set_seed(3)
    first = draws()
    set_seed(seed)
    assert draws() == first


@pytest.mark.parametrize(
    ("seed", "error"),
    [
        (1.5, TypeError),
        (None, TypeError),
        ("3", TypeError),
        (True, TypeError),
        (-1, ValueError),
        (2**32, ValueError),
    ],
)
def test_a_seed_that_is_none_is_refused(seed, error):
    with pytest.raises(
        error, match=f"seed is {seed!r}.*expected a whole number from 0 to 4294967295"
    ):
        set_seed(seed)


def test_a_gpu_that_is_not_used_is_warned_of_once(monkeypatch):
    monkeypatch.setattr(runtime, "unused_gpu", lambda: "There is a GPU")
    runtime._warn_of_unused_gpu.cache_clear()
    with pytest.warns(UserWarning, match="There is a GPU") as seen:
        set_seed(1)
        set_seed(2)
    assert [warning.filename for warning in seen] == [__file__]
    runtime._warn_of_unused_gpu.cache_clear()


def test_a_report_names_versions_and_devices_and_nobody(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    said = report()
    for fact in (
        f"keras {keras.__version__}",
        f"numpy {np.__version__}",
        "sees: CPU:0",
        "Python 3",
    ):
        assert fact in said
    assert "KERAS_BACKEND=tensorflow" in said and str(Path.home()) not in said


def test_a_report_says_why_an_import_fails(tmp_path):
    for module in ("keras", "tensorflow"):
        (tmp_path / f"{module}.py").write_text("raise ImportError('DLL load failed\\nmore')")
    code = "from tf2docs.runtime import report; print(report())"
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[1]}"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.count("whose import raises ImportError: DLL load failed\n") == 2
    assert "TensorFlow sees: nothing" in done.stdout
