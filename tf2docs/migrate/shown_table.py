"""The table on the site: a fence called `changes`, made of the rows when the site is built."""

import json
import re
from html import escape
from typing import Any

from tf2docs.migrate.answering import payload
from tf2docs.migrate.table import Group, Part, Row, load_groups

__all__ = ["changes_fence"]

_CODE = re.compile(r"`([^`]+)`")
_COLUMNS = {"zh": ("旧写法", "今天", "换成"), "en": ("Old", "Today", "New")}
_TODAY = {
    "zh": {"warns": "警告", "silent": "不报错", "fixed": "又能用了", "elsewhere": "这里没有运行"},
    "en": {
        "warns": "a warning",
        "silent": "no error",
        "fixed": "works again",
        "elsewhere": "not run here",
    },
}
_COMMA = {"zh": "，", "en": ", "}


def changes_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Any, **rest: Any
) -> str:
    """The whole table, in the language of the page; the fence itself is empty.

    Args:
        source: What stands in the fence.
        language: The fence's language.
        class_name: Its class.
        options: Its options.
        md: What reads the page, which knows the page's language and how addresses end.
        rest: What else SuperFences gives.

    Returns:
        The table, each row linked to its proof.
    """
    page = md.preprocessors["tf2docs"]
    ending = "/" if page.directory_urls else ".html"
    head = "".join(f"<th>{column}</th>" for column in _COLUMNS[page.language])
    body = "".join(_group(group, page.language, ending) for group in load_groups())
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    data = json.dumps(payload(), ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f'<div class="tf2-filter">{table}<script type="application/json">{data}</script></div>'


def _group(group: Group, language: str, ending: str) -> str:
    address = f"{group.name}{ending}"
    title = f'<a href="{address}">{escape(group.title[language])}</a>'
    parts = "".join(_part(part, address, language) for part in group.parts)
    return _heading(f"<strong>{title}</strong>") + parts


def _part(part: Part, address: str, language: str) -> str:
    title = part.title[language]
    rows = "".join(_row(row, address, language) for row in part.rows)
    return (_heading(escape(title)) if title else "") + rows


def _heading(title: str) -> str:
    return f'<tr class="tf2-filter__group"><td colspan="3">{title}</td></tr>'


def _row(row: Row, address: str, language: str) -> str:
    link = f'<a href="{address}#{row.id}">{_marked_up(row.old[language])}</a>'
    new = _marked_up(row.new[language])
    return (
        f'<tr id="row-{row.id}"><td>{link}</td><td>{_today(row, language)}</td><td>{new}</td></tr>'
    )


def _today(row: Row, language: str) -> str:
    kind = row.today.partition(" ")[0]
    words = [] if kind == "raises" else [_TODAY[language][kind]]
    words += [f"`{row.raises}`"] if row.raises else []
    words += [row.effect[language]] if row.effect[language] else []
    return _marked_up(_COMMA[language].join(words))


def _marked_up(text: str) -> str:
    """A text of words and `code` as HTML."""
    return _CODE.sub(r"<code>\1</code>", escape(text, quote=False))
