"""Rules for values in inline code: keywords, tokens and files are as the page's code has them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches

from tf2docs.pages.linting.name_rules import code_and_sources, code_of_today, inline_code
from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_VALUE = re.compile(r"\b(\w{1,40})=(\"[^\"\n]{1,60}\"|'[^'\n]{1,60}')")
_TOKEN = re.compile(r"(?<![\w\])])\[[a-z]{2,20}\]")  # no index
_FILE = re.compile(
    r"(?<![\w./-])[\w-]{1,40}(?:\.[\w-]{1,20}){0,3}"
    r"\.(?:json|keras|h5|txt|csv|npz|pb|tflite|zip)\b"
)
_ALIKE = 0.8


def keywords_of_values(site: Site, page: Page) -> Found:
    """Find the values in inline code that the page's code gives to another keyword alone."""
    known = _keywords_by_value(page) if page.blocks else {}
    given = set().union(*known.values()) if known else set()
    for line, code in code_of_today(page):
        for keyword, value in _VALUE.findall(code):
            meant = known.get(value.strip("'\""))
            if meant and keyword not in given:
                yield (
                    line,
                    f"no code of this page has `{keyword}={value}`, and it has "
                    f"{' and '.join(sorted(meant))}={value}; write that",
                )


def unknown_tokens(site: Site, page: Page) -> Found:
    """Find the tokens in brackets, `[start]`, that aren't in the page's code, where others are."""
    code = code_and_sources(page) if page.blocks else ""
    known = set(_TOKEN.findall(code))
    tokens = ", ".join(sorted(known))
    for _, line, inline in inline_code(page) if known else ():
        if _TOKEN.fullmatch(inline) and inline not in known:
            yield line, f"`{inline}` is in no code of this page, which has {tokens}; write one"


def misspelt_files(site: Site, page: Page) -> Found:
    """Find the names of files that aren't in the page's code, where one is nearly."""
    code = code_and_sources(page) if page.blocks else ""
    known = set(_FILE.findall(code))
    for start, end in page.code if known else ():
        said = page.text[start:end].strip("` ")
        unknown = _FILE.fullmatch(said) and said not in code
        near = get_close_matches(said, known, n=1, cutoff=_ALIKE) if unknown else ()
        if near:
            yield (
                page.line_of(start),
                f"`{said}` is in no code of this page, and `{near[0]}` is; write that",
            )


@once_per_page
def _keywords_by_value(page: Page) -> dict[str, set[str]]:
    """The keywords that the page's code gives each text to."""
    found: dict[str, set[str]] = defaultdict(set)
    for keyword, value in _VALUE.findall(code_and_sources(page)):
        found[value.strip("'\"")].add(keyword)
    return found
