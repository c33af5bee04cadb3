"""Read old code from scripts and notebooks, each line in its place.

Python 2 and magics included.
"""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Source", "read_source", "source_files"]

_ENDINGS = (".py", ".ipynb")
_SKIPPED = {"__pycache__", "site-packages", "node_modules"}
_MAGIC = re.compile(r"^(\s*)(?:%(?!%)|!|\?).*$|^\s*\w[\w.]*\?{1,2}\s*$|^(\s*)\w+ = [!%].*$")
_PRINT = re.compile(
    r"^(\s*(?:.*:\s+)?)print (?!\()(?:>>\s*[\w.]+,)?((?:'[^']*'|\"[^\"]*\"|[^#])*)(?:#.*)?$"
)
_EXCEPT = re.compile(r"^(\s*except\s+[\w.,() ]+?),\s*(\w+)\s*:")
_MOST_REPAIRS = 500


@dataclass(frozen=True)
class Source:
    """Code as it was read.

    Attributes:
        path: Where it stands.
        text: The code, of a notebook all cells one after the other.
        tree: Its syntax tree, without the lines that can't be read.
        places: For each line, where it stands as people say it: `12`, or `cell 3:12`.
        unread: The numbers of lines, from 1, that aren't Python 3, and why the first isn't.
        reason: Why the first of those can't be read.
    """

    path: Path
    text: str
    tree: ast.Module
    places: tuple[str, ...]
    unread: tuple[int, ...] = ()
    reason: str = ""


def source_files(paths: list[Path]) -> Iterator[Path]:
    """The scripts and notebooks among these files and in these folders.

    Raises:
        FileNotFoundError: One of them isn't there.
    """
    for path in paths:
        if path.is_dir():
            found = (each for each in path.rglob("*") if each.suffix in _ENDINGS)
            yield from sorted(each for each in found if not _is_skipped(each.relative_to(path)))
        elif path.exists():
            yield path
        else:
            raise FileNotFoundError(f"{path} isn't there; name a .py, an .ipynb or a folder")


def _is_skipped(path: Path) -> bool:
    return any(part in _SKIPPED or part.startswith(".") for part in path.parts)


def read_source(path: Path) -> Source:
    """Read a script or a notebook; what isn't Python 3 is left out and told.

    Raises:
        ValueError: It isn't text, or a notebook that can't be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        lines, places = _cells(text) if path.suffix == ".ipynb" else _script(text)
    except (UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} can't be read as code: {error}") from error
    readable, unread, reason = _repaired(lines)
    return Source(
        path, "\n".join(lines), ast.parse("\n".join(readable)), tuple(places), unread, reason
    )


def _script(text: str) -> tuple[list[str], list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines, [str(number) for number in range(1, len(lines) + 1)]


def _cells(text: str) -> tuple[list[str], list[str]]:
    """The lines of a notebook's code cells, and where each stands."""
    lines: list[str] = []
    places: list[str] = []
    notebook = json.loads(text)
    cells = notebook.get("cells") or [
        cell for sheet in notebook.get("worksheets", ()) for cell in sheet["cells"]
    ]
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] != "code":
            continue
        source = cell.get("source", cell.get("input", ""))
        code = ("".join(source) if isinstance(source, list) else source).split("\n")
        if code[0].startswith("%%") and not code[0].startswith(("%%time", "%%capture")):
            code = []  # another language
        lines += code
        places += [f"cell {number}:{line}" for line in range(1, len(code) + 1)]
    return lines, places


def _repaired(lines: list[str]) -> tuple[list[str], tuple[int, ...], str]:
    """Lines that can be parsed, which of them couldn't, and why the first couldn't."""
    readable, unread, reason = list(lines), [], ""
    for index, line in enumerate(lines):
        if magic := _MAGIC.match(line) or re.match(r"^(\s*)%%", line):
            readable[index] = f"{magic[1] or ''}pass"
    for _ in range(_MOST_REPAIRS):
        try:
            ast.parse("\n".join(readable))
            break
        except (SyntaxError, ValueError) as error:
            index = min(getattr(error, "lineno", None) or 1, len(readable)) - 1
            reason = reason or str(getattr(error, "msg", error))
            unread.append(index + 1)
            readable[index] = _mended(readable[index], lines[index])
    else:
        readable = [""] * len(lines)
    return readable, tuple(sorted(set(unread))), reason


def _mended(line: str, original: str) -> str:
    """A line of Python 2 as Python 3, its columns kept; what can't be mended does nothing."""
    if line == original:
        if found := _PRINT.match(line):
            return f"{found[1]}print({found[2].rstrip().rstrip(',')})"
        if found := _EXCEPT.match(line):
            return f"{found[1]} as {found[2]}:" + line[found.end() :]
        if "\t" in line:
            return line.expandtabs(8)
    indent = line[: len(line) - len(line.lstrip())]
    if line.rstrip().endswith(":") and line.strip() != "if True:":
        return f"{indent}if True:"
    return "" if line.strip() == "pass" else f"{indent}pass"
