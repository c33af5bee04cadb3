"""Keep tests and tools out of the caches of whoever runs them.

Importing Keras writes a `keras.json` into `~/.keras`, and a loader that finds no data keeps what it
downloads, a test's stand-in too. `use_own_caches` gives a process, and all that it starts, caches
of its own. What is in the reader's may still be read: `as_before` shows where they are.
"""

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

_VARIABLES = ("KERAS_HOME", "TF2DOCS_CACHE")
_BEFORE = "TF2DOCS_CACHES_BEFORE"  # their values, for the processes that are started


def use_own_caches() -> None:
    """Let Keras and `tf2docs` keep what they keep in a new folder, until this process ends.

    Call it before Keras is imported. Where the process that started this one has seen to it,
    nothing is left to do.
    """
    if _BEFORE in os.environ:
        return
    os.environ[_BEFORE] = json.dumps({name: os.environ.get(name) for name in _VARIABLES})
    folder = Path(tempfile.mkdtemp(prefix="caches-of-tests-"))
    os.environ |= {name: str(folder / name.lower()) for name in _VARIABLES}
    atexit.register(_remove, folder, os.getpid())


@contextmanager
def as_before() -> Iterator[None]:
    """The environment with the reader's caches in it, to look where they are and never to write."""
    with patch.dict(os.environ):
        before = json.loads(os.environ.pop(_BEFORE, "{}"))
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value
        yield


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # not a fork of it
        shutil.rmtree(folder, ignore_errors=True)
