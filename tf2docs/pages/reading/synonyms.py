"""Read the everyday words that lead to the words of the pages.

`docs/synonyms/zh.yml` says what readers type in Chinese, and which words the pages use for it.
Other words for a term of the glossary stand in the glossary, in `data-also`.
"""

from pathlib import Path

import yaml

from tf2docs.pages.errors import PageError, Problem

FOLDER = "synonyms"  # below docs


def read_synonyms(docs: Path, language: str) -> dict[str, str]:
    """What readers type, in small letters, with the words to look for; {} where there is no table.

    Raises:
        PageError: the table isn't one line a word, each with the words to look for.
    """
    path = docs / FOLDER / f"{language}.yml"
    if not path.exists():
        return {}
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = table.items() if isinstance(table, dict) else [(table, None)]
    synonyms = {}
    for word, meant in lines:
        if not (isinstance(word, str) and isinstance(meant, str)):
            came = f"came {word!r}: {meant!r}, expected `what is typed: words of the pages`"
            label = path.relative_to(docs.parent).as_posix()
            raise PageError([Problem(label, 1, f"{came}; quote what YAML takes for no text")])
        synonyms[word.lower()] = meant
    return synonyms
