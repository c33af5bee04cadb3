"""Which versions are installed, asked of their metadata: nothing is imported for it."""

import contextlib
import functools
import importlib.metadata
import platform
from collections.abc import Iterator


@functools.cache
def installed_versions(modules: tuple[str, ...]) -> dict[str, str]:
    """Versions of Python and of what is installed of some modules."""
    found = {name: next(_versions_of(name), None) for name in modules}
    here = {name: version for name, version in found.items() if version}
    return {"python": platform.python_version(), **here}


def _versions_of(module: str) -> Iterator[str]:
    """The version of the distribution that brings a module.

    The quick places are looked through first.
    """
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        yield importlib.metadata.version(module)
    for distribution in importlib.metadata.distributions():
        if module in (distribution.read_text("top_level.txt") or "").split():
            yield distribution.version
    names = importlib.metadata.packages_distributions().get(module, ())
    yield from map(importlib.metadata.version, names)
