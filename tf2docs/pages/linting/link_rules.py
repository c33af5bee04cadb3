"""Rules for links: each leads to what its text says, and one that leads elsewhere is an address."""

import re
from collections.abc import Iterator
from contextlib import suppress
from difflib import SequenceMatcher
from functools import lru_cache
from os.path import normpath
from pathlib import Path
from urllib.parse import urlsplit

from tf2docs.pages.reading.conventions import Conventions
from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.page import Page, read_page
from tf2docs.pages.reading.prose import Link
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_NEARLY = 0.85  # of the letters of a title
_ABOVE = re.compile(r"上面|上文|前面|\babove\b", re.IGNORECASE)
_BELOW = re.compile(r"下面|下文|后面|\bbelow\b|\bfurther down\b", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)
_THROWN = re.compile(r"(?:Error|Exception|Warning)$")  # a row's word for what its section shows
_HERE = ("127.0.0.1", "localhost")


def titles_of_links(site: Site, page: Page) -> Found:
    """Find the links whose text is nearly another page's title."""
    links = list(_inside(page))
    titles, own = _titles(site, site.language_of(page.path)) if links else ({}, {})
    for link, path in links:
        text = _bare(link.text)
        for title, names in titles.get(text[:1], {}).items():
            if (
                _are_near(text, title)
                and text not in own.get(path, "")
                and not _leads_into(path, names)
            ):
                target = sorted(names)[0].name
                yield (
                    link.line,
                    f"the link {link.text!r} is called like {target} and leads to {link.target}; "
                    "lead it there, or "
                    "call it by what it leads to",
                )


def names_of_links(site: Site, page: Page) -> Found:
    """Find the links to a whole page whose text is what another page's file is called."""
    links = [(link, path) for link, path in _inside(page) if "#" not in link.target]
    language = site.language_of(page.path)
    files = {path.stem: path for path in site.paths(language)} if links else {}
    for link, path in links:
        named = files.get("-".join(_bare(link.text).split()))
        if named and path.stem != named.stem and path.is_file():
            title = _bare(str(site.read(path).meta.get("title", "")))
            if _bare(link.text) not in title:
                yield (
                    link.line,
                    f"the link {link.text!r} is called like {named.name} and leads to "
                    f"{link.target}; lead it there, or call it by what it leads to",
                )


def code_of_links(site: Site, page: Page) -> Found:
    """Find the links on code that lead to the anchor of another name."""
    for link, _ in _inside(page):
        anchor, name = link.target.partition("#")[2], _last_name(link.text)
        if "." in anchor and name and anchor.rpartition(".")[2] != name:
            yield (
                link.line,
                f"the link {link.text} leads to #{anchor}, another name; lead it to the one that "
                "it names",
            )


def sections_of_links(site: Site, page: Page) -> Found:
    """Find the links on code that lead to a section which doesn't have that name."""
    for link, path in _inside(page):
        anchor, name = link.target.partition("#")[2], _last_name(link.text)
        if not anchor or "." in anchor or not name or _THROWN.search(name) or not path.is_file():
            continue
        told = _section_text(site.read(path), anchor)
        if told and not re.search(rf"(?<!\w){name}(?!\w)", told):
            yield (
                link.line,
                f"the link {link.text} leads to {link.target}, where {name} isn't told of; lead it "
                "to a section that does",
            )


def _section_text(page: Page, anchor: str) -> str:
    """What a section says, shows and quotes with those below it; nothing where there is none."""
    own = next((each for each in page.headings if each.anchor == anchor), None)
    if own is None:
        return ""
    lines, below = page.text.split("\n"), (each for each in page.headings if each.line > own.line)
    end = min((each.line for each in below if each.level <= own.level), default=len(lines) + 1)
    said = lines[own.line - 1 : end - 1]
    for fence in page.sources:
        if own.line < fence.line < end:
            with suppress(LookupError):  # the source's own check says so
                said.append(find_definition(fence.text.strip()).text)
    return "\n".join(said)


def directions_of_links(site: Site, page: Page) -> Found:
    """Find the links within a page that say "above" and lead down, or "below" and lead up."""
    lines = {heading.anchor: heading.line for heading in page.headings}
    lines |= {block.id: block.fence.line for block in page.blocks if block.id}
    for link in page.links:
        line = lines.get(link.target.removeprefix("#")) if link.target.startswith("#") else None
        if line is None:
            continue
        if _ABOVE.search(link.text) and line > link.line:
            yield link.line, f"{link.text!r} leads to line {line}, which is below; say so"
        if _BELOW.search(link.text) and line < link.line:
            yield link.line, f"{link.text!r} leads to line {line}, which is above; say so"


def outside_addresses(site: Site, page: Page) -> Found:
    """Find the addresses of other sites that aren't well-formed https."""
    for link in page.links:
        if re.match(r"[a-z]+:", link.target, re.IGNORECASE) and (
            why := why_no_address(link.target)
        ):
            yield link.line, f"the address {link.target} {why}"
    source = page.meta.get("source")
    if source is not None and (why := why_no_address(str(source))):
        yield 1, f"`source` in the front matter {why}: {source}"


def why_no_address(address: str) -> str:
    """What is wrong with an address of another site; empty where nothing is.

    Examples:
        >>> why_no_address("https://www.tensorflow.org/guide"), why_no_address("http://keras.io")
        ('', 'is http; write https')
        >>> why_no_address("https://keras")
        "names no host; write one such as www.tensorflow.org, not 'keras'"
    """
    if address.startswith("mailto:"):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError as error:
        return f"can't be read ({error}); write https://host/path"
    if host in _HERE:
        return ""
    if parts.scheme != "https":
        return f"is {parts.scheme or 'no address'}; write https"
    if not _HOST.fullmatch(host):
        return f"names no host; write one such as www.tensorflow.org, not {host!r}"
    if "//" in parts.path or re.search(r"[\s,;。，）]|https?:", address[8:]):
        return "has a character that no address has, or two addresses in one; copy it anew"
    return ""


def _leads_into(path: Path, pages: set[Path]) -> bool:
    """Whether a path is one of some pages, or in the folder that one of them is the index of."""
    return path in pages or path.with_name("index.md") in pages


def _inside(page: Page) -> Iterator[tuple[Link, Path]]:
    """The links to pages of the site, each with the page's file."""
    for link in page.links:
        path = link.target.partition("#")[0]
        if not link.picture and link.kind == "link" and not re.match(r"[a-z]+:|/", path):
            if not path:
                yield link, page.path
            elif path.endswith(".md"):
                yield link, Path(normpath(page.path.parent / path))


def _titles(site: Site, language: str) -> tuple[dict[str, dict[str, set[Path]]], dict[Path, str]]:
    """The files of a language's pages by the first letter of their titles and by these.

    And the titles by file.
    """
    paths = site.paths(language)
    files = tuple((path, site.label(path), path.stat().st_mtime_ns) for path in paths)
    return _titles_of(files, site.conventions)


@lru_cache(maxsize=8)  # every page asks for it
def _titles_of(
    files: tuple[tuple[Path, str, int], ...], conventions: Conventions
) -> tuple[dict[str, dict[str, set[Path]]], dict[Path, str]]:
    titles: dict[Path, str] = {}
    by_letter: dict[str, dict[str, set[Path]]] = {}
    for path, label, _ in files:
        title = _bare(str(read_page(path, label, conventions).meta.get("title", "")))
        if len(title) >= 4:
            titles[path] = title
            by_letter.setdefault(title[0], {}).setdefault(title, set()).add(path)
    return by_letter, titles


@lru_cache(maxsize=1 << 16)
def _are_near(text: str, title: str) -> bool:
    if text == title:
        return True
    if min(len(text), len(title)) < 0.7 * max(len(text), len(title)) or text[:1] != title[:1]:
        return False
    matcher = SequenceMatcher(None, text, title)
    return matcher.real_quick_ratio() >= _NEARLY and matcher.ratio() >= _NEARLY


def _bare(text: str) -> str:
    return re.sub(r"[^\w.]+", " ", text.casefold()).strip()


def _last_name(text: str) -> str:
    """The last part of the name that is a link's whole text, `tf2docs.training.fit`.

    Empty for words.
    """
    found = re.fullmatch(r"`(?:\w+\.)*(\w+)(?:\([^)]*\))?`", text)
    return found[1] if found else ""
