"""Show as tables what was measured: on which versions the pages ran, and what which tool catches.

The fences hold the name of a record, such as `records/versions.json`, that a command wrote; the one
of the checks with a code holds nothing.
"""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from markdown import Markdown

from tf2docs.pages.linting.catalogue import CHECKS
from tf2docs.pages.showing.extension import preprocessor_of
from tf2docs.pages.showing.words import WORDS, written_date


def versions_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """The versions that all pages were run on, newest first, with what failed and what moved."""
    trials = _read(source, md)["trials"]
    rows = []
    for trial in trials:
        versions = [trial["versions"].get(name, "") for name in ("tensorflow", "keras", "numpy")]
        ran = trial["blocks"]["ran"]
        failed, moved = _places(trial["failed"]), _places(trial["moved"])
        rows.append([*versions, _day(trial["date"], md), ran, failed, moved])
    return _table("versions", rows, md)


def checks_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """The checks with a code: what each guards, and an example of what it catches.

    The fence is empty.
    """
    here = preprocessor_of(md).language
    rows = [[f"`{each.code}`", each.guards[here], each.damage[here]] for each in CHECKS]
    # inline code is all the Markdown that the table of checks has
    return re.sub("`([^`]*)`", r"<code>\1</code>", _table("checks", rows, md))


def comparison_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """How many of the damages each tool catches."""
    record = _read(source, md)
    rows = [
        [
            tool,
            record["versions"][tool],
            _day(record["date"], md),
            f"{record['counts'][tool]['caught']} / {record['damages']}",
        ]
        for tool in ("tf2docs", "sybil", "pytest-examples")
    ]
    return _table("comparison", rows, md)


def _day(date: str, md: Markdown) -> str:
    """A day as the page's language writes it, on one line."""
    return written_date(date, preprocessor_of(md).language).replace(" ", "\u00a0")


def _read(source: str, md: Markdown) -> Any:
    page, name = preprocessor_of(md), source.strip()
    try:
        return json.loads((Path(page.docs) / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise page.error(page.index_of(name), f"can't read the record {name!r}: {error}") from error


def _places(found: list[dict[str, Any]]) -> str:
    return (
        "0"
        if not found
        else f"{len(found)}: " + ", ".join(f"{each['page']}:{each['line']}" for each in found)
    )


def _table(kind: str, rows: list[list[Any]], md: Markdown) -> str:
    columns = WORDS[preprocessor_of(md).language][kind].split("|")
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
