"""Pack the package as a wheel.

A notebook far from the repository can install it from the site.
"""

import base64
import hashlib
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same files give the same wheel
_WHEEL = "Wheel-Version: 1.0\nGenerator: tf2docs\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def wheel_name(project: str) -> str:
    """The file name of a project's wheel."""
    return f"{project}-{distribution(project).version}-py3-none-any.whl"


def build_wheel(package: Path, folder: Path) -> Path:
    """Pack an installed package of pure Python.

    Args:
        package: The package's folder; its name is the project's, whose metadata are those
            installed.
        folder: Where the wheel goes; made if it isn't there.

    Returns:
        The wheel's path.

    Raises:
        OSError: the licence that the metadata name is nowhere to be found.
    """
    installed = distribution(package.name)
    info = f"{package.name}-{installed.version}.dist-info"
    files = {
        f"{package.name}/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in _sources(package)
    }
    # the latter beside an editable one
    metadata = installed.read_text("METADATA") or installed.read_text("PKG-INFO")
    assert metadata is not None
    files[f"{info}/METADATA"] = metadata.encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    for name in installed.metadata.get_all("License-File") or ():
        files[f"{info}/licenses/{name}"] = _license(installed, name).encode()
    rows = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / wheel_name(package.name)
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return wheel


def _license(installed: Distribution, name: str) -> str:
    """A licence's text.

    From what is installed or, where the metadata stand beside an editable package, from there.
    """
    beside = Path(str(installed.locate_file(name)))
    return installed.read_text(f"licenses/{name}") or beside.read_text(encoding="utf-8")


def _sources(package: Path) -> list[Path]:
    """The package's code, the tables that it reads, and the mark that it has types."""
    return sorted(
        path
        for path in package.rglob("*")
        if (path.suffix in (".py", ".toml", ".zip") or path.name == "py.typed")
        and "__pycache__" not in path.parts
    )


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
