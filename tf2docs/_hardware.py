"""GPUs that the installed TensorFlow can't use, found without TensorFlow."""

import functools
import os
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

__all__ = ["nvidia_gpus", "tensorflow_installed", "unused_gpu"]

# The packages that hold the module `tensorflow`, and whether they can use a GPU on Linux.
_TENSORFLOWS = {
    "tensorflow": True,
    "tensorflow-cpu": False,
    "tensorflow-intel": False,
    "tf-nightly": True,
    "tf-nightly-cpu": False,
}
_HIDDEN = {"", "-1"}  # of CUDA_VISIBLE_DEVICES: the reader wants no GPU


@functools.cache
def nvidia_gpus() -> tuple[str, ...]:
    """The NVIDIA GPUs of this machine with their driver's version.

    As that driver's own program tells.

    Examples:
        >>> all("," in gpu for gpu in nvidia_gpus())
        True
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    asked = [program, "--query-gpu=name,driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):  # no driver behind it, or it doesn't answer
        return ()
    return tuple(line.strip() for line in done.stdout.splitlines() if line.strip())


def tensorflow_installed() -> tuple[str, str] | None:
    """The name and the version of the package that holds TensorFlow; None without one."""
    for name in _TENSORFLOWS:
        try:
            return name, version(name)
        except PackageNotFoundError:
            continue
    return None


def unused_gpu() -> str:
    """Say what to do where there is an NVIDIA GPU and TensorFlow was built for processors alone.

    Returns:
        A sentence or two; empty where nothing is missed, also where `CUDA_VISIBLE_DEVICES` hides
            the GPUs.
    """
    found = tensorflow_installed()
    if found is None or os.environ.get("CUDA_VISIBLE_DEVICES") in _HIDDEN:
        return ""
    windows = sys.platform == "win32"
    if (_TENSORFLOWS[found[0]] and not windows) or not nvidia_gpus():
        return ""
    mend = (
        "TensorFlow has no GPU on Windows itself: install tf2docs[cuda] in WSL2."
        if windows
        else "Install tf2docs[cuda] in place of tf2docs[cpu], in a new environment."
    )
    name = nvidia_gpus()[0].partition(",")[0]
    return f"This machine has a GPU ({name}), but {found[0]} computes on the CPU alone. {mend}"
