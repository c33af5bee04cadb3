"""Read the everyday words that lead to the words of the pages.

`docs/synonyms/zh.yml` says what readers type in Chinese, and which words the pages use for it: one
line a word; commas part the things that it may mean.
Other words for a term of the glossary stand in the glossary, in `data-also`.
"""

import re
from pathlib import Path

import yaml

from tf2docs.pages.errors import PageError, Problem

FOLDER = "synonyms"  # below docs
_GAP = re.compile(r"[-\s]+")
_QUOTE = "quote what YAML takes for no text"
_ONE = "keep the one with gaps, which finds both: case and gaps don't count"


def without_gaps(word: str) -> str:
    """A word as search.js looks it up.

    Examples:
        >>> without_gaps("time series") == without_gaps("time-series") == "timeseries"
        True
    """
    return _GAP.sub("", word)


def read_synonyms(docs: Path, language: str) -> dict[str, list[str]]:
    """What readers type, in small letters, with all that it may mean, in words to look for.

    Returns:
        {} where there is no table.

    Raises:
        PageError: the table isn't one line a word, each with the words to look for.
    """
    path = docs / FOLDER / f"{language}.yml"
    if not path.exists():
        return {}
    table = yaml.compose(path.read_text(encoding="utf-8"))
    label = path.relative_to(docs.parent).as_posix()
    if not isinstance(table, yaml.MappingNode):
        raise _wrong(label, 1, f"came {getattr(table, 'value', None)!r}")
    synonyms: dict[str, list[str]] = {}
    lines: dict[str, int] = {}  # of each word, without its gaps
    for key, value in table.value:
        line = key.start_mark.line + 1
        if not _is_text(key) or not _is_text(value):
            raise _wrong(label, line, f"came {key.value!r}: {value.value!r}")
        word = key.value.lower()
        first = lines.setdefault(without_gaps(word), line)
        if first != line:
            raise _wrong(label, line, f"{key.value!r} stands on line {first}, too", _ONE)
        synonyms[word] = [each.strip() for each in value.value.split(",")]
    return synonyms


def _is_text(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:str"


def _wrong(label: str, line: int, came: str, mend: str = _QUOTE) -> PageError:
    expected = "expected `what is typed: words of the pages`, each word once"
    return PageError([Problem(label, line, f"{came}, {expected}; {mend}")])
