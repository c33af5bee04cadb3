r"""Commands that install the package.

As a page has them, for a clone, and as a reader of the site types them.

An `install` fence holds what is typed in the folder of the repository on Linux, so that the page
also reads well where nobody builds the site:

    python3 -m venv .venv
    .venv/bin/pip install ".[cpu]" notebook
    .venv/bin/jupyter notebook

The reader of the site has no repository. There `".[cpu]"` becomes the package that the site hands
out.
"""

import re

from tf2docs.pages.downloads.package import Package

START = """\
python3 -m venv .venv
.venv/bin/pip install ".[cpu]" notebook
.venv/bin/jupyter notebook
"""
"""What a lesson begins with: an environment, the package in it, a notebook."""

_HERE = re.compile(r'"\.(?:\[(?P<extra>[\w,]+)\])?"')
_WITH_TENSORFLOW = ("cpu", "cuda")
_PROGRAM = re.compile(r"(?<=/)bin/(?P<name>[\w.-]+)")


def from_site(commands: str, package: Package) -> str:
    """The commands with what a site hands out in the place of the folder of the repository."""
    return _HERE.sub(lambda found: f'"{package.required(found["extra"] or "")}"', commands)


def extras_in(commands: str) -> list[str]:
    """What commands install of the package beside TensorFlow and what goes with it.

    Examples:
        >>> extras_in('.venv/bin/pip install ".[cpu,texts]" notebook'), extras_in(START)
        (['texts'], [])
    """
    named = ",".join(found["extra"] or "" for found in _HERE.finditer(commands)).split(",")
    return [name for name in dict.fromkeys(named) if name and name not in _WITH_TENSORFLOW]


def on_windows(commands: str) -> str:
    r"""The same commands for Windows, in its command prompt and in PowerShell.

    Examples:
        >>> on_windows("python3 -m venv .venv")
        'py -m venv .venv'
        >>> print(on_windows(".venv/bin/pip install notebook"))
        .venv\Scripts\pip install notebook
    """
    lines = [_PROGRAM.sub(r"Scripts\\\g<name>", line) for line in commands.split("\n")]
    return "\n".join(_first_word(line) for line in lines)


def _first_word(line: str) -> str:
    program, space, rest = line.partition(" ")
    known = {"python3": "py"}
    return known.get(program, program.replace("/", "\\")) + space + rest
