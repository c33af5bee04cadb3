"""Make a notebook and a script of a page, for readers who take it with them."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tf2docs.pages.downloads.cells import Cell
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.reading.page import Block
from tf2docs.pages.reading.records import Record, RecordedBlock

_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
_CELL = """\
# {says}
from importlib.util import find_spec

if find_spec("tf2docs") is None:
    %pip install --quiet {arguments}

from tf2docs.installing import install_missing

install_missing({extras})  # {keeps}
"""
_WORDS = {
    "zh": {
        "says": "安装这份 notebook 需要的包；都装好了，就什么也不做",
        "keeps": "TensorFlow 能用就保留；国内在括号里加上 index=镜像的地址",
        "beside": "把 {wheel} 和这份 notebook 放在同一个文件夹里",
        "script": "先安装它需要的包：",
    },
    "en": {
        "says": "Install what this notebook needs; where all is there, do nothing.",
        "keeps": "a TensorFlow that fits is kept",
        "beside": "Put {wheel} into the folder of this notebook first.",
        "script": "First install what it needs:",
    },
}


@dataclass(frozen=True)
class SetUp:
    """How the files of a lesson get what they need.

    Attributes:
        package: What the site hands out.
        page: The path of the lesson on the site, such as `en/start/line/index.html`.
        language: The language of the lesson.
        extras: What the lesson needs beside what all lessons do, by the names of extras.
    """

    package: Package
    page: str
    language: str
    extras: tuple[str, ...] = ()

    @property
    def cell(self) -> str:
        """The code of a notebook's first cell."""
        words = _WORDS[self.language]
        says = words["says"]
        if not self.package.site:
            says += "\n# " + words["beside"].format(wheel=self.package.wheel)
        arguments = self.package.without_dependencies(self.page)
        extras = ", ".join(f'"{name}"' for name in self.extras)
        told = {"says": says, "arguments": arguments, "extras": extras, "keeps": words["keeps"]}
        return _CELL.format(**told).rstrip("\n")

    @property
    def comment(self) -> str:
        """What stands at the top of a script."""
        needed = self.package.required(",".join(("cpu", *self.extras)))
        return f'# {_WORDS[self.language]["script"]}\n#     python -m pip install "{needed}"'


def make_notebook(
    cells: Iterable[Cell], record: Record, *, set_up: SetUp | None, figures: Path
) -> NotebookNode:
    """Make the notebook of a page, with the outputs of its record inside.

    Args:
        cells: The page's cells.
        record: What the page's last full run printed and drew.
        set_up: How it gets what it needs; None where it needs nothing.
        figures: The folder of the page's figures.

    Returns:
        A valid notebook. Its first code cell, behind the title, installs what is missing.
    """
    made = [_code_cell(set_up.cell, [], "set-up")] if set_up else []
    for cell in cells:
        if cell.block is None:
            made.append({"cell_type": "markdown", "metadata": {}, "source": cell.text})
        else:
            made.append(_code(cell.text, cell.block, record.blocks[cell.block.index], figures))
    if set_up and len(made) > 1:
        made[0], made[1] = made[1], made[0]  # the title first
    for place, cell in enumerate(made):
        cell["id"] = f"cell-{place}"  # the same page gives the same file
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    notebook: NotebookNode = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made}
    )
    # once for all cells: nbformat's own makers of cells would do so for each
    nbformat.validate(notebook)
    return notebook


def make_script(cells: Iterable[Cell], *, title: str, set_up: SetUp | None = None) -> str:
    """Make a script of a page that runs from end to end, in the form that editors show as cells.

    What must raise is caught and printed, and figures are shown at the end.

    Args:
        cells: The page's cells.
        title: What the page is called.
        set_up: How it gets what it needs; None where it needs nothing.
    """
    parts = [f'"""{title}"""', *([set_up.comment] if set_up else [])]
    for cell in cells:
        if cell.block is None:
            parts.append(
                "# %% [markdown]\n"
                + textwrap.indent(cell.text, "# ", lambda line: True).replace("# \n", "#\n")
            )
        else:
            parts.append("# %%\n" + _runnable(cell.text, cell.block))
    parts.append("# %%\nimport matplotlib.pyplot as plt\n\nplt.show()")
    return "\n\n".join(parts) + "\n"


def _code(code: str, block: Block, recorded: RecordedBlock, figures: Path) -> dict[str, Any]:
    printed, raised = _printed_and_raised(recorded, block.raises)
    outputs: list[dict[str, Any]] = []
    if printed:
        outputs.append({"output_type": "stream", "name": "stdout", "text": printed})
    for figure in recorded.figures:
        svg = (figures / f"{figure.name}.svg").read_text(encoding="utf-8")
        outputs.append(
            {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": svg}}
        )
    if raised:
        name, _, message = raised.partition(":")  # of which nothing more may come
        error = {"ename": name, "evalue": message.strip(), "traceback": raised.splitlines()}
        outputs.append({"output_type": "error", **error})
    return _code_cell(code, outputs, *(["raises-exception"] if block.raises else []))


def _code_cell(code: str, outputs: list[dict[str, Any]], *tags: str) -> dict[str, Any]:
    metadata = {"tags": list(tags)} if tags else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": outputs,
        "source": code,
    }


def _printed_and_raised(recorded: RecordedBlock, raises: str | None) -> tuple[str, str]:
    """What a block printed, and the exception that a record keeps behind it."""
    name = raises.rpartition(".")[2] if raises else None
    start = next(
        (at for at, line in enumerate(recorded.printed) if name and line.startswith(name)), None
    )
    printed, raised = (
        (recorded.printed[:start], recorded.printed[start:])
        if start is not None
        else (recorded.printed, [])
    )
    return "".join(f"{line}\n" for line in printed), "".join(f"{line}\n" for line in raised)


def _runnable(code: str, block: Block) -> str:
    """The block's code; a block that must raise doesn't end the script."""
    if block.skip_reason is not None:
        return textwrap.indent(code, "# ", lambda line: True)
    if not block.raises:
        return code
    caught = block.raises.rpartition(".")[2]
    code = textwrap.indent(code, "    ")
    return (
        f"try:\n{code}\nexcept Exception as error:  # {caught}\n"
        "    print(type(error).__name__, error, sep=': ')"
    )
