"""Install what the lessons import, where a notebook or a script runs.

What is missing, and nothing else.

It needs nothing but Python and pip, since it comes before everything else.
"""

import subprocess
import sys
from importlib import import_module, metadata
from types import ModuleType
from typing import TYPE_CHECKING

from tf2docs._hardware import tensorflow_installed, unused_gpu

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["OLDEST_TENSORFLOW", "install_missing", "missing_requirements"]

OLDEST_TENSORFLOW: str = "2.19"
"""The oldest TensorFlow that is kept: the oldest on which all lessons ran."""


def install_missing(*extras: str, index: str = "") -> None:
    """Install what the lessons import and what isn't here yet, or is too old.

    A TensorFlow that fits is kept, such as the one that Colab or Kaggle brings, which can use their
    GPU: the others are then chosen to go with it. Where nothing is missing, nothing is asked of the
    network. Where a package was loaded before it was replaced, the kernel has to be restarted, and
    a line says so.

    Args:
        extras: What a lesson needs beside what all of them do, by the name of the extra that brings
            it, such as `"texts"`.
        index: The address of a mirror for pip, such as one inside China; pip's own by default.

    Raises:
        ValueError: There is no such extra; the message names those that there are.
        RuntimeError: pip couldn't install something; its own last words are in the message.

    Examples:
        >>> install_missing()
    """
    wanted = missing_requirements(*extras)
    if wanted:
        print(f"Installing {', '.join(wanted)}: this may take some minutes.", flush=True)
        before = _versions()
        _pip(_with_tensorflow(wanted), index)
        _say_what_changed(before, _versions())
    if notice := unused_gpu():
        print(notice)


def missing_requirements(*extras: str) -> list[str]:
    """What pip would have to install for the lessons to run, in its own words.

    Args:
        extras: What a lesson needs beside what all of them do, as for `install_missing`.

    Returns:
        Requirements such as `keras==3.15.*`; none where all is there, and where `tf2docs` itself is
            on the path without being installed, so that nobody knows what it needs.

    Raises:
        ValueError: There is no such extra; the message names those that there are.
    """
    try:
        lines = metadata.requires("tf2docs") or []
    except metadata.PackageNotFoundError:
        return []
    reading = _packaging()
    found = [reading.Requirement(line) for line in lines]
    wanted = [each for extra in ("tutorials", *extras) for each in _brought_by(extra, found)]
    wanted += [] if _tensorflow_fits() else _tensorflow(found)
    return [f"{each.name}{each.specifier}" for each in wanted if not _is_met(each)]


def _packaging() -> ModuleType:
    """The module that reads requirements: Jupyter brings it, and pip has a copy of its own."""
    try:
        return import_module("packaging.requirements")
    except ImportError:
        return import_module("pip._vendor.packaging.requirements")


def _belongs_to(requirement: "Requirement", extra: str) -> bool:
    """Whether an extra brings a package on this machine; other extras of ours are no packages."""
    marker = requirement.marker
    here = marker is not None and marker.evaluate({"extra": extra})
    return here and requirement.name != "tf2docs"


def _brought_by(extra: str, requirements: "list[Requirement]") -> "list[Requirement]":
    brought = [each for each in requirements if _belongs_to(each, extra)]
    if not brought:
        known = metadata.metadata("tf2docs").get_all("Provides-Extra") or []
        raise ValueError(f"tf2docs has no extra {extra!r}; it has {', '.join(known)}.")
    return brought


def _tensorflow(requirements: "list[Requirement]") -> "list[Requirement]":
    """The TensorFlow to install: in place of one that is too old, or else for processors."""
    wanted = [each for each in requirements if _belongs_to(each, "cpu")]
    there = tensorflow_installed()
    if there and there[0] == "tensorflow":  # never two packages that hold the same files
        for each in wanted:
            each.name = "tensorflow"
    return wanted


def _tensorflow_fits() -> bool:
    there = tensorflow_installed()
    fitting = _packaging().Requirement(f"tensorflow>={OLDEST_TENSORFLOW}").specifier
    return there is not None and fitting.contains(there[1], prereleases=True)


def _with_tensorflow(wanted: list[str]) -> list[str]:
    """The requirements with the TensorFlow that is kept, so that pip chooses what goes with it."""
    there = tensorflow_installed()
    kept = [f"{there[0]}=={there[1]}"] if there and _tensorflow_fits() else []
    return wanted + kept


def _is_met(requirement: "Requirement") -> bool:
    try:
        there = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return False
    return requirement.specifier.contains(there, prereleases=True)


def _pip(requirements: list[str], index: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--index-url", index] if index else []
    done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
    if done.returncode:
        last = "\n".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise RuntimeError(
            f"pip couldn't install {', '.join(requirements)}:\n{last}\n"
            "Is there a network (Kaggle: Settings, Internet on)? Inside China, name a mirror: "
            "install_missing(index=…)."
        )


def _versions() -> dict[str, str]:
    """Every installed package with its version."""
    return {each.name: each.version for each in metadata.distributions() if each.name}


def _say_what_changed(before: dict[str, str], after: dict[str, str]) -> None:
    new = {name: version for name, version in after.items() if before.get(name) != version}
    print("Installed", ", ".join(f"{name} {version}" for name, version in sorted(new.items())))
    replaced = new.keys() & before.keys()
    loaded = sorted(
        f"{module} is {after[name]} now and was loaded as {before[name]}"
        for module, names in metadata.packages_distributions().items()
        for name in set(names) & replaced
        if module in sys.modules
    )
    if loaded:
        print(
            f"Restart the kernel, then run this notebook from its top: {'; '.join(loaded)}. "
            "(Jupyter: Kernel, Restart. Colab: Runtime, Restart session. Kaggle: Run, Restart.)"
        )
