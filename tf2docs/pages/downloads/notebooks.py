"""Make a notebook and a script of a page, for readers who take it with them."""

import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from tf2docs.pages.downloads.cells import Cell
from tf2docs.pages.reading.records import Record, RecordedBlock

_KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
INSTALL = {
    "zh": "# 安装这份 notebook 需要的包，运行一次就够。在国内可以加上 -i https://pypi.tuna.tsinghua.edu.cn/simple\n"
    '%pip install -q "{package}"',
    "en": '# Install what this notebook needs; once is enough.\n%pip install -q "{package}"',
}


def make_notebook(
    cells: Iterable[Cell], record: Record, *, language: str, package: str, figures: Path
) -> NotebookNode:
    """Make the notebook of a page, with the outputs of its record inside.

    Args:
        cells: The page's cells.
        record: What the page's last full run printed and drew.
        language: The page's language.
        package: What pip installs, such as `tf2docs[cpu]`.
        figures: The folder of the page's figures.

    Returns:
        A valid notebook. Its first code cell installs the package; running the whole notebook by
            nbclient passes that cell over.
    """
    made = [_setup(language, package)]
    for cell in cells:
        if cell.block is None:
            made.append({"cell_type": "markdown", "metadata": {}, "source": cell.text})
        else:
            made.append(_code(cell, record.blocks[cell.block.index], figures))
    if len(made) > 1:
        made[0], made[1] = made[1], made[0]  # the title first
    for place, cell in enumerate(made):
        cell["id"] = f"cell-{place}"  # the same page gives the same file
    metadata = {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    notebook = nbformat.from_dict(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": made}
    )
    # once for all cells: nbformat's own makers of cells would do so for each
    nbformat.validate(notebook)
    return notebook


def make_script(cells: Iterable[Cell], *, title: str) -> str:
    """Make a script of a page that runs from end to end, in the form that editors show as cells.

    What must raise is caught and printed, and figures are shown at the end.

    Args:
        cells: The page's cells.
        title: What the page is called.
    """
    parts = [f'"""{title}"""']
    for cell in cells:
        if cell.block is None:
            parts.append(
                "# %% [markdown]\n"
                + textwrap.indent(cell.text, "# ", lambda line: True).replace("# \n", "#\n")
            )
        else:
            parts.append("# %%\n" + _runnable(cell))
    parts.append("# %%\nimport matplotlib.pyplot as plt\n\nplt.show()")
    return "\n\n".join(parts) + "\n"


def _setup(language: str, package: str) -> dict[str, Any]:
    return _code_cell(INSTALL[language].format(package=package), [], "skip-execution")


def _code(cell: Cell, recorded: RecordedBlock, figures: Path) -> dict[str, Any]:
    printed, raised = _printed_and_raised(recorded, cell.block.raises)
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
    return _code_cell(cell.text, outputs, *(["raises-exception"] if cell.block.raises else []))


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


def _runnable(cell: Cell) -> str:
    """The block's code; a block that must raise doesn't end the script."""
    if cell.block.skip_reason is not None:
        return textwrap.indent(cell.text, "# ", lambda line: True)
    if not cell.block.raises:
        return cell.text
    caught = cell.block.raises.rpartition(".")[2]
    code = textwrap.indent(cell.text, "    ")
    return (
        f"try:\n{code}\nexcept Exception as error:  # {caught}\n"
        "    print(type(error).__name__, error, sep=': ')"
    )
