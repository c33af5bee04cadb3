"""What the site's search is given.

An index for each language, and other words for the terms of the glossary.

`docs/assets/javascripts/search.js` does the finding, in the reader's browser.
"""

import json
import re
from pathlib import Path
from typing import Any

from tf2docs.pages.reading.glossary import Term

_MATERIALS_WORKER = re.compile(r"assets/javascripts/workers/search\.\w+\.min\.js")


def with_own_search(html: str) -> str:
    """The page with our search in the place of Material's.

    Examples:
        >>> with_own_search('{"search": "../assets/javascripts/workers/search.a7633da7.min.js"}')
        '{"search": "../assets/javascripts/search.js"}'
    """
    return _MATERIALS_WORKER.sub("assets/javascripts/search.js", html)


def without_source_code(html: str) -> str:
    """The page with the source code below a reference's entry left out of the search.

    The entry's text says it all.
    """
    details = 'class="mkdocstrings-source"'
    return html.replace(f"<details {details}", f"<details data-search-exclude {details}")


def aliases(terms: dict[str, list[Term]], language: str) -> dict[str, str]:
    """What else a reader may call the terms of a language.

    The names in the others, and the words of `data-also`.

    Examples:
        >>> chinese = Term("损失", "loss", "…", also=("损失值",))
        >>> english = Term("loss", "loss", "…")
        >>> aliases({"zh": [chinese], "en": [english]}, "en")
        {'损失': 'loss', '损失值': 'loss'}
    """
    names = {term.anchor: term.name for term in terms[language]}
    found: dict[str, str] = {}
    for term in (term for each in terms.values() for term in each if term.anchor in names):
        for word in (term.name, *term.also):
            if word.lower() != names[term.anchor].lower():
                found.setdefault(word.lower(), names[term.anchor])
    return found


def split_search_index(site: Path, terms: dict[str, list[Term]]) -> None:
    """Give each language of `terms` its own index from the common one.

    The first of them is the default.
    """
    default, *others = terms
    common = site / "search" / "search_index.json"
    # where MkDocs cut Chinese words
    index = json.loads(common.read_text(encoding="utf-8").replace("\\u200b", ""))
    entries = [_without_needless_tags(entry) for entry in without_doubles(index["docs"])]
    for language in others:
        prefix = f"{language}/"
        moved = [
            each | {"location": each["location"][len(prefix) :]}
            for each in entries
            if _is_in(each, prefix)
        ]
        entries = [each for each in entries if not _is_in(each, prefix)]
        _write(
            site / language / "search" / "search_index.json", index, moved, aliases(terms, language)
        )
    _write(common, index, entries, aliases(terms, default))


def without_doubles(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of an index, of each place only the newest.

    Examples:
        >>> without_doubles([{"location": "a/", "text": "old"}, {"location": "a/", "text": "new"}])
        [{'location': 'a/', 'text': 'new'}]
    """
    return list({entry["location"]: entry for entry in entries}.values())


def inline_search_indexes(site: Path) -> None:
    """Write each search index as a script too.

    A page opened from a folder may load one, but not fetch a file.
    """
    for index in site.rglob("search/search_index.json"):
        script = f"var __index = {index.read_text(encoding='utf-8')}"
        index.with_suffix(".js").write_text(script, encoding="utf-8")


def _without_needless_tags(entry: dict[str, Any]) -> dict[str, Any]:
    """A page shows its tags once, not again with each of its sections."""
    return {key: entry[key] for key in entry if key != "tags" or "#" not in entry["location"]}


def _is_in(entry: dict[str, Any], prefix: str) -> bool:
    return entry["location"].startswith(prefix)


def _write(
    path: Path, index: dict[str, Any], docs: list[dict[str, Any]], aliases: dict[str, str]
) -> None:
    """Write an index as small as it gets: a reader loads it with every page."""
    content = {"config": index["config"] | {"aliases": aliases}, "docs": docs}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
