"""Rules for the names in inline code.

Each exists on the page, in a package or in Python, and so do arguments.
"""

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches

from tf2docs.pages.lines import line_starts, outside
from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.installed_names import (
    ALWAYS,
    WORD,
    folder_of,
    sources_of,
    words_behind,
)
from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.rows import OLD, Row, tables
from tf2docs.pages.reading.said import said_words
from tf2docs.pages.reading.sections import stretches
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_NOT_A_NAME = re.compile(
    r"[/\\]|(?<!\w)--?[a-z]|\s[a-z]+\s|://|\.\w{2,4}$|^\.|^\w+(?:-\w+)+$|^[A-Z]\d+$|^[0-9a-f]{7,40}$|[\u2e80-\uffef]"
)
_LONG = 5  # shorter names are nearly one another by chance
_NEARLY, _ALIKE = 0.9, 0.7  # names, and strings, which are read one by one
_TODAY = re.compile(r"\s*(?:今天|today)\s*", re.IGNORECASE)
_SPELT = re.compile(  # a word that is a name in plain prose, too: MobileNetV2, decode_grid
    r"(?<![\w./-])(?:[A-Z][a-z]+(?:[A-Z][a-z]*|\d)\w*|[a-z]{2,40}(?:_[a-z0-9]{1,40}){1,5}(?![\w./-]))",
    re.ASCII,
)
_WORDS_IN_CODE = re.compile(r'"""[\s\S]*?"""|#[^\n]*')
_CALL = re.compile(r"[A-Za-z_][\w.]*\(.*\)(?:\.\w+\(.*\))*", re.ASCII)
_GIVEN = re.compile(r"^\w{1,40} ?= ?")  # what a call is given to: kernel_regularizer=L2(0.1)
_MADE_BY = {"Model": ["Functional"]}  # what a class makes that is called so
# what every layer takes and hands on to its base by name
_OF_ANY_LAYER = frozenset(
    {"input_shape", "batch_shape", "batch_size", "name", "dtype", "trainable"}
)


def unknown_names(site: Site, page: Page) -> Found:
    """Find the names in inline code that neither the page's code has.

    Nor an installed package, nor Python.
    """
    packages = _packages(site)
    if not packages:
        return
    known = _words_of_page(page)
    told: set[tuple[int, str]] = set()  # a row says again what it takes: mean(x), and mean(x) today
    for start, line, code in inline_code(page):
        words = WORD.findall(_STRING.sub("", code))
        if _may_be_gone(page, start):
            told |= {(line, word) for word in words}
        for word in words:
            if len(word) > 1 and (line, word) not in told and not _is_known(word, known, packages):
                yield (
                    line,
                    f"`{word}` is in no code of this page, in no installed package and not in "
                    "Python; write a name "
                    f"that exists, or strike it out: ~~`{word}`~~",
                )


def misspelt_names(site: Site, page: Page) -> Found:
    """Find the names in prose that are no name of the page's code, but nearly one.

    In inline code but for an s or an underscore, and in plain words, MobileNetV4, but for a letter.
    """
    if not _packages(site):
        return  # what stands behind the page's names isn't known
    known, named = _words_of_page(page), _names_in_code(page)
    bare = {_bare(name): name for name in named}
    for line, code in code_of_today(page):
        for word in WORD.findall(_STRING.sub("", code)):
            meant = bare.get(_bare(word))
            if meant and word not in known and word not in ALWAYS and len(word) >= _LONG:
                yield line, f"`{word}` is in no code of this page, and `{meant}` is; write that"
    spelt = [name for name in named if _SPELT.fullmatch(name)]
    said = said_words(page) if spelt else ""
    for found in _SPELT.finditer(said):
        near = () if found[0] in known else get_close_matches(found[0], spelt, n=1, cutoff=_NEARLY)
        if near and ("_" in found[0] or near[0] != found[0].removesuffix("s")):
            line = page.line_of(found.start())
            yield line, f"{found[0]} is in no code of this page, and {near[0]} is; write that"


def misspelt_strings(site: Site, page: Page) -> Found:
    """Find the strings alone in inline code that aren't in the page's code, where one is nearly."""
    code = code_and_sources(page) if page.blocks else ""
    strings = {found[0].strip("'\"") for found in _STRING.finditer(code)}
    for start, line, inline in inline_code(page) if code else ():
        said = inline.strip("'\"")
        if len(said) < 3 or said in code or not _STRING.fullmatch(inline):
            continue
        near = get_close_matches(said, strings, n=1, cutoff=_ALIKE)
        if near and not _may_be_gone(page, start):
            yield line, f"`{inline}` is in no code of this page, and {near[0]!r} is; write that"


def _bare(name: str) -> str:
    return name.replace("_", "").rstrip("s")


@once_per_page
def _names_in_code(page: Page) -> set[str]:
    """The identifiers of the page's Python, no words of comments and docstrings."""
    texts = (_WORDS_IN_CODE.sub("", block.fence.text) for block in page.blocks)
    return {word for text in texts for word in WORD.findall(text) if len(word) >= _LONG}


def unfit_arguments(site: Site, page: Page) -> Found:
    """Find the calls in inline code with an argument that nothing of that name takes."""
    packages = _packages(site)
    for line, code in code_of_today(page):
        for name, argument in _keywords(code):
            taken = _taken(name, packages)
            if taken and argument not in taken:
                yield (
                    line,
                    f"`{name}` takes no argument {argument!r}, as `{code}` has it; it takes "
                    f"{', '.join(sorted(taken - {'**'}))}",
                )


def _may_be_gone(page: Page, place: int) -> bool:
    """Whether names at a place may be gone: what stands in a new column is there today."""
    return _is_in(place, _told_as_gone(page)) and not _is_in(place, _told_as_new(page))


@once_per_page
def _told_as_new(page: Page) -> list[tuple[int, int]]:
    """Where names are there today: last columns of "changed since", and those that say so."""
    today = (table for table in tables(page) if _TODAY.fullmatch(table[0].cells[-1]))
    rows = [*_rows_of_changes(page), *(row for table in today for row in table)]
    return [(row.starts[-1], row.end) for row in rows]


@once_per_page
def _rows_of_changes(page: Page) -> list[Row]:
    """The rows of "changed since": what stood in old code, and in the last column what does now."""
    found = (table for table in tables(page) if OLD.match(table[0].cells[0]))
    return [row for table in found for row in table if len(row.starts) > 1]


@once_per_page
def _told_as_gone(page: Page) -> list[tuple[int, int]]:
    """Where names may be gone.

    Sections with a block that raises, and "changed since" but for its last column.
    """
    lines = line_starts(page.text)
    raising = [block.fence.line for block in page.blocks if block.raises]
    sections = [
        (
            lines[section.line - 1],
            lines[section.end - 1] if section.end <= len(lines) else len(page.text),
        )
        for section in stretches(page)
        if any(line in section for line in raising)
    ]
    return sections + [(row.starts[0], row.starts[-1]) for row in _rows_of_changes(page)]


def knows_packages(site: Site) -> bool:
    """Whether any package is installed that a site's pages speak of.

    Without one no name is judged.
    """
    return bool(_packages(site))


def _packages(site: Site) -> list[str]:
    """The packages that a site's pages speak of, so far as they are installed."""
    named = dict.fromkeys([*site.symbols.values(), *site.packages])
    return [name for name in named if folder_of(name)]


def _is_in(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def code_of_today(page: Page) -> Iterator[tuple[int, str]]:
    """The inline code that isn't told as gone, behind its line."""
    for start, line, code in inline_code(page):
        if not _may_be_gone(page, start):
            yield line, code


@once_per_page
def inline_code(page: Page) -> list[tuple[int, int, str]]:
    """The inline code that may hold names, behind its place and its line.

    No path, command, file or struck-out name.
    """
    found = []
    pictures = [(link.start, link.end) for link in page.links if link.picture]
    headings = {heading.line for heading in page.headings}
    for start, end in outside(page.code, pictures):
        struck = page.text[max(0, start - 2) : start] == page.text[end : end + 2] == "~~"
        code, line = page.text[start:end].strip("` "), page.line_of(start)
        if not struck and not _NOT_A_NAME.search(code) and line not in headings:
            found.append((start, line, code))
    return found


@once_per_page
def _words_of_page(page: Page) -> set[str]:
    """What stands in the page's fences and what they quote.

    And in the files behind the names of TensorFlow there.
    """
    texts = code_and_sources(page)
    code = "\n".join([texts, *(page.text[start:end] for start, end in page.code)])
    symbols = set(re.findall(r"(?<![\w.])tf(?:\.\w+)+", code))
    return set(WORD.findall(texts)).union(*map(words_behind, symbols))


@once_per_page
def code_and_sources(page: Page) -> str:
    """What stands in the page's fences, and what they quote."""
    texts = [fence.text for fence in page.fences]
    for fence in page.sources:
        try:
            texts.append(find_definition(fence.text.strip()).text)
        except LookupError:
            continue  # the source's own check says so
    return "\n".join(texts)


def _is_known(word: str, known: set[str], packages: list[str]) -> bool:
    return word in known or word in ALWAYS or any(sources_of(each).has(word) for each in packages)


def _keywords(code: str) -> Iterator[tuple[str, str]]:
    """The names of what is called in a piece of code, each with a keyword that it is given."""
    call = _GIVEN.sub("", code)
    if not _CALL.fullmatch(call):
        return
    try:
        tree = ast.parse(re.sub(r"…", "...", call))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            yield from ((name, each.arg) for each in node.keywords if each.arg)


def _taken(name: str, packages: list[str]) -> frozenset[str]:
    """The arguments that anything of that name takes.

    Nothing where that isn't known, or is anything.
    """
    names = [name, *_MADE_BY.get(name, ())]
    found = [
        sources_of(each).arguments(one)
        for one in names
        for each in packages
        if each != "tensorflow"
    ]
    taken = frozenset().union(*found)
    if "**" in taken:
        return taken | _OF_ANY_LAYER if "call" in taken or name[:1].isupper() else frozenset()
    return taken
