"""What the site's search is given: an index for each language, and other ways to type its words.

`docs/assets/javascripts/search.js` does the finding, in the reader's browser. It loads the index
when the reader turns to the search. Material asks for an index with every page; that one is empty.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tf2docs.pages.reading.glossary import Term
from tf2docs.pages.reading.synonyms import without_gaps
from tf2docs.pages.showing.typed_chinese import readings, said_in_taiwan, traditional

# a script: a page opened from a folder may load one, but not fetch a file
INDEX = "search/index.js"
_ASSIGNED = "var searchIndex = "
_MATERIALS_WORKER = re.compile(r"assets/javascripts/workers/search\.\w+\.min\.js")
_BLOCKS = frozenset(("p", "pre", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr"))
_WORD = re.compile(r"[^\W\d]\w+")
_IN_PINYIN = "zh"  # the language whose words are also typed so
_CUT = "\u200b"  # where MkDocs cuts Chinese words


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


def all_meanings(synonyms: dict[str, list[str]], named: dict[str, str]) -> dict[str, list[str]]:
    """What each word may mean, by the synonyms and, after that, as a name of something.

    Examples:
        >>> all_meanings({"cnn": ["a network"]}, {"cnn": "convolution", "mlp": "layer"})
        {'cnn': ['a network', 'convolution'], 'mlp': ['layer']}

        The search takes words that differ by their gaps alone for one:

        >>> all_meanings({"fine-tuning": ["load"]}, {"finetuning": "transfer"})
        {'fine-tuning': ['load', 'transfer'], 'finetuning': ['load', 'transfer']}
    """
    meanings: dict[str, list[str]] = {}
    for word, meant in [*synonyms.items(), *((word, [name]) for word, name in named.items())]:
        known = meanings.setdefault(without_gaps(word), [])
        known += [each for each in meant if each not in known]
    return {word: meanings[without_gaps(word)] for word in (synonyms | named)}


def split_search_index(
    site: Path, terms: dict[str, list[Term]], synonyms: dict[str, dict[str, list[str]]]
) -> None:
    """Give each language of `terms` its own index from the common one, and leave that empty.

    The first of them is the default.
    """
    default, *others = terms
    common = site / "search" / "search_index.json"
    index = json.loads(common.read_text(encoding="utf-8"))
    sections = [as_section(entry) for entry in without_doubles(index["docs"])]
    homes = {default: ""} | {language: f"{language}/" for language in others}
    for language in (*others, default):
        home = homes[language]
        own = [each for each in sections if each["location"].startswith(home)]
        sections = [each for each in sections if not each["location"].startswith(home)]
        own = [each | {"location": each["location"].removeprefix(home)} for each in own]
        _write(site / home / INDEX, own, language, aliases(terms, language), synonyms[language])
        _empty(site / home / "search", index["config"])


def without_doubles(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entries of an index, of each place only the newest.

    Examples:
        >>> without_doubles([{"location": "a/", "text": "old"}, {"location": "a/", "text": "new"}])
        [{'location': 'a/', 'text': 'new'}]
    """
    return list({entry["location"]: entry for entry in entries}.values())


def as_section(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of Material's index as our search reads it: without tags, and its code apart.

    Examples:
        >>> text = "<p>1 &lt; <code>2</code></p><pre>model.fit(1)</pre>"
        >>> section = as_section({"location": "a/#b", "title": "<code>fit</code>", "text": text})
        >>> section["title"], section["text"], section["code"]
        ('`fit`', ['1 < `2`'], 'model fit')
    """
    title, text = (_Text(entry[part].replace(_CUT, "")) for part in ("title", "text"))
    section = {
        "location": entry["location"],
        "title": " ".join(title.blocks),
        "text": text.blocks,
        "code": " ".join(_words_of_code_alone(text)),
    }
    # a page shows its tags once, not again with each of its sections
    kept = ("boost",) if "#" in entry["location"] else ("boost", "tags")
    return section | {key: entry[key] for key in kept if key in entry}


def read_search_index(text: str) -> dict[str, Any]:
    """What is in an index as `split_search_index` writes it."""
    index: dict[str, Any] = json.loads(text.removeprefix(_ASSIGNED))
    return index


class _Text(HTMLParser):
    """The blocks of text in HTML, with inline code in backticks, and the code between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.code: list[str] = []
        self._block = ""
        self._in_code = False
        self.feed(html)
        self.close()
        self._end_block()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._pass(tag)
        self._in_code |= tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        self._pass(tag)
        self._in_code &= tag != "pre"

    def handle_data(self, data: str) -> None:
        if self._in_code:
            self.code.append(data)
        else:
            self._block += data

    def _pass(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_block()
        elif tag == "code" and not self._in_code:
            self._block += "`"

    def _end_block(self) -> None:
        if block := " ".join(self._block.split()):
            self.blocks.append(block)
        self._block = ""


def _words_of_code_alone(text: _Text) -> list[str]:
    """The words of a text's code and output that it doesn't say otherwise.

    They are enough to find it by, and a third of the bytes.
    """
    said = {word for block in text.blocks for word in _WORD.findall(block)}
    words = dict.fromkeys(word for code in text.code for word in _WORD.findall(code))
    return [word for word in words if word not in said]


def _write(
    path: Path,
    sections: list[dict[str, Any]],
    language: str,
    named: dict[str, str],
    synonyms: dict[str, list[str]],
) -> None:
    """Write an index as small as it gets, with what is known of ways to type the words in it."""
    titles = [each["title"] for each in sections]
    aliases = all_meanings(synonyms, named)
    words = [*titles, *aliases, *(text for each in sections for text in each["text"])]
    ours = (phrase for meanings in aliases.values() for phrase in meanings)
    taiwanese = said_in_taiwan([*titles, *aliases, *ours])
    content = {
        "sections": sections,
        "aliases": {word: [meant] for word, meant in taiwanese.items()} | aliases,
        "traditional": traditional([*words, *taiwanese]),
        "readings": readings(words) if language == _IN_PINYIN else {},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    path.write_text(f"{_ASSIGNED}{text}", encoding="utf-8")


def _empty(folder: Path, config: dict[str, Any]) -> None:
    """Write what Material waits for with every page: as a file and, for a folder, as a script."""
    text = json.dumps({"config": config, "docs": []})
    (folder / "search_index.json").write_text(text, encoding="utf-8")
    (folder / "search_index.js").write_text(f"var __index = {text}", encoding="utf-8")
