"""No test, page or doctest writes into the caches of whoever runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# one of each kind, as quick as there is: a test, a doctest, a page, a loader without data
KINDS = (
    "tests/test_runtime.py::test_the_seed_is_zero_unless_told",
    "tf2docs/runtime.py",
    "docs/en/start/line.md",
    "tests/datasets/test_loading.py::test_a_stand_in_in_a_cache_is_never_used",
)


def clean(home: Path) -> dict[str, str]:
    """An environment whose home is empty, without what this session has set for itself."""
    kept = {name: value for name, value in os.environ.items() if "CACHE" not in name}
    for name in ("KERAS_HOME", "TF2DOCS_DATA", "PYTEST_XDIST_WORKER"):
        kept.pop(name, None)
    return kept | {"HOME": str(home), "USERPROFILE": str(home)}


def test_a_run_leaves_the_readers_caches_as_they_are(tmp_path):
    pytest.importorskip("keras")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *KINDS]
    done = subprocess.run(
        command, cwd=ROOT, env=clean(tmp_path), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    left = [path for name in (".keras", ".cache/tf2docs") for path in tmp_path.glob(name)]
    assert left == []


def test_a_process_has_caches_of_its_own_and_still_finds_the_readers(tmp_path):
    code = (
        "from tf2docs.pages.running.own_caches import as_before, use_own_caches\n"
        "use_own_caches()\n"
        "from tf2docs.datasets.places import keras_cache, own_cache\n"
        "print(keras_cache(), own_cache(), sep='\\n')\n"
        "with as_before():\n"
        "    print(keras_cache(), own_cache(), sep='\\n')\n"
        "print(keras_cache())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    ours, own, readers, readers_own, again = map(Path, done.stdout.splitlines())
    assert readers == tmp_path / ".keras" / "datasets"
    assert readers_own == tmp_path / ".cache" / "tf2docs"
    assert ours == again and not ours.is_relative_to(tmp_path)
    assert ours.parents[1] == own.parent and not own.parent.exists(), "it goes with the process"
