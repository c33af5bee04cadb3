"""Rewrite what is safe to rewrite, the rest of the code left to the letter."""

import difflib
import json
from itertools import groupby
from pathlib import Path
from typing import Any

from tf2docs.migrate.finding import Finding
from tf2docs.migrate.sources import Source

__all__ = ["diff", "fixed_lines", "write_fixed"]


def fixed_lines(source: Source, findings: list[Finding]) -> list[str]:
    """The lines of some code, what may safely be rewritten rewritten.

    Args:
        source: The code.
        findings: What was found in it.
    """
    lines = source.text.split("\n")
    safe = [each for each in findings if each.instead and each.line not in source.unread]
    for number, found in groupby(safe, key=lambda each: each.line):
        line = lines[number - 1].encode()
        end = len(line)
        for each in sorted(found, key=lambda one: -one.start):  # from the right, places hold
            if each.start + each.length <= end:
                after = line[each.start + each.length :]
                line, end = line[: each.start] + each.instead.encode() + after, each.start
        lines[number - 1] = line.decode()
    return lines


def diff(source: Source, lines: list[str]) -> str:
    """What changed in the lines of some code, as `diff -u` shows it."""
    before, name = source.text.split("\n"), str(source.path)
    after = "\n".join(lines).split("\n")  # a line may have become two
    changes = difflib.unified_diff(before, after, name, name, lineterm="")
    return "\n".join(changes)


def write_fixed(source: Source, lines: list[str]) -> None:
    """Write the lines to the file that the code was read from, its line ends kept."""
    raw = source.path.read_bytes()
    mark = b"\xef\xbb\xbf" if raw.startswith(b"\xef\xbb\xbf") else b""
    text = "\n".join(lines)
    if source.path.suffix == ".ipynb":
        text = _notebook(raw.decode("utf-8-sig"), source, lines)
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    _replace(source.path, mark + text.encode())


def _notebook(text: str, source: Source, lines: list[str]) -> str:
    notebook = json.loads(text)
    for place, line, before in zip(source.places, lines, source.text.split("\n"), strict=True):
        if line == before:
            continue
        number, _, inside = place.removeprefix("cell ").partition(":")
        _set_line(notebook["cells"][int(number) - 1], int(inside) - 1, line)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _set_line(cell: dict[str, Any], index: int, line: str) -> None:
    source = cell["source"]
    code = ("".join(source) if isinstance(source, list) else source).split("\n")
    code[index] = line
    text = "\n".join(code)
    cell["source"] = text.splitlines(keepends=True) if isinstance(source, list) else text


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file first, so that nothing is lost if that fails."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.chmod(path.stat().st_mode)
    beside.replace(path)
