"""Cut a page into cells: prose that any Markdown viewer shows, and code to run.

Notebooks and scripts are made of them. What only this site understands is written out: the source
that a page quotes, the titles of boxes; what only its tests read is taken away.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from textwrap import dedent

from tf2docs.pages.downloads.commands import from_site
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.reading.chinese import CHINESE_BREAK
from tf2docs.pages.reading.definitions import find_definition, shorten_docstrings
from tf2docs.pages.reading.page import Block, Page
from tf2docs.pages.reading.prose import Prose

_BOX = re.compile(
    r'(?P<indent> *)(?:\?\?\?\+?|!!!|===\+?) *(?P<kind>[a-z]*)[^"\n]*(?:"(?P<title>.*)")?$'
)
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*\{:?[ \t]*[.#][^{}\n]*\}[ \t]*$", re.MULTILINE)
_CODE = re.compile("\x02([^\x02]*)\x02")
_OPTIONAL = re.compile(
    r"^(?P<marks>#+ )(?P<title>[^{\n]+)\{[^{}\n]* \.optional[^{}\n]*\}$", re.MULTILINE
)
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Cell:
    """A piece of a page: Markdown, or the code of a block.

    Attributes:
        text: The Markdown or the code.
        block: The block that the code belongs to; None for prose.
    """

    text: str
    block: Block | None = None


@dataclass(frozen=True)
class Place:
    """Where a page's links lead outside of the site.

    Attributes:
        page: The page's own path in the folder of its language, such as `start/beginner.md`.
        address: The address of that language's pages, with a slash at its end; empty where it isn't
            known.
        box_titles: What boxes without a title are called, by kind.
        site: The address of the whole site, as that of its pages.
        package: What the site hands out, for the commands that install it.
        optional: What an optional section is called, with braces for its title.
    """

    page: str
    address: str = ""
    box_titles: Mapping[str, str] | None = None
    site: str = ""
    package: Package | None = None
    optional: str = "{}"


def cut(page: Page, place: Place) -> Iterator[Cell]:
    """The cells of a page, in order.

    Args:
        page: The page.
        place: Where its links lead.
    """
    code = {block.fence.start: block for block in page.blocks}
    outputs = {block.output.start for block in page.blocks if block.output}
    prose, end = "", page.text.find("\n---\n", 3) + 5 if page.meta else 0
    for fence in page.fences:
        prose += page.text[end : fence.start]
        end = fence.end
        if fence.start in code:
            yield from _prose(prose, place)
            yield Cell(fence.text.rstrip("\n"), code[fence.start])
            prose = ""
        elif fence.start not in outputs:
            prose += _shown(fence.language, fence.text, place.package)
    yield from _prose(prose + page.text[end:], place)


def _shown(language: str, text: str, package: Package | None) -> str:
    """A fence that isn't run, without its indentation and options."""
    if language == "install":
        language, text = "bash", from_site(text, package) if package else text
    if language == "source":
        language, text = "python", shorten_docstrings(dedent(find_definition(text.strip()).text))
    # out of reach of what cleans prose
    body = "\n".join(f"\x00{line}" for line in text.rstrip("\n").split("\n"))
    return f"\n\x00```{language}\n{body}\n\x00```\n"


def _prose(text: str, place: Place) -> Iterator[Cell]:
    cleaned = "\n".join(_without_boxes(text, place.box_titles or {}))
    cleaned = _outside_code(cleaned, place)
    cleaned = _BLANKS.sub("\n\n", cleaned.replace("\x00", "")).strip("\n ")
    if cleaned:
        yield Cell(cleaned)


def _without_boxes(text: str, titles: Mapping[str, str]) -> Iterator[str]:
    """The lines, those of boxes moved to the margin below the box's title in bold."""
    margins: list[int] = []
    # the code above stood in a box, and the box goes on
    inside = text.lstrip("\n").startswith("    ")
    for line in text.split("\n"):
        if line.startswith("\x00"):
            yield line
            continue
        indent = len(line) - len(line.lstrip(" "))
        if line.strip():
            margins = [margin for margin in margins if indent > margin]
            inside = inside and indent >= 4
        box = _BOX.fullmatch(line)
        if box and (box["title"] or box["kind"]):
            margins.append(indent)
            yield f"**{box['title'] or titles.get(box['kind'], box['kind'].capitalize())}**"
        else:
            yield line.lstrip(" ") if margins or inside else line


def _outside_code(text: str, place: Place) -> str:
    """The text without what only the site and its tests understand, code left as it is."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0].strip("\x02"))
        return f"\x01{len(kept) - 1}\x01"

    text = re.sub(r"^\x00.*$", keep, text, flags=re.MULTILINE)
    prose = Prose(text)
    as_it_is = [*prose.code, *((formula.start, formula.end) for formula in prose.formulas)]
    text = _CODE.sub(
        keep, _edited(text, [*_edits(prose, place), *((*span, None) for span in as_it_is)])
    )
    text = _OPTIONAL.sub(lambda found: _called_optional(found, place), text)
    text = CHINESE_BREAK.sub("", _ATTRIBUTES.sub("", text))
    return re.sub("\x01(\\d+)\x01", lambda found: kept[int(found[1])], text)


def _called_optional(heading: re.Match[str], place: Place) -> str:
    """A heading that says in words what the site shows beside it."""
    return heading["marks"] + place.optional.format(heading["title"].rstrip())


def _edits(prose: Prose, place: Place) -> Iterator[tuple[int, int, str]]:
    """What is to stand in the place of comments, pictures and links."""
    yield from ((*span, "") for span in prose.comments)
    for link in prose.links:
        address = _address(link.target, place) if link.kind == "link" else ""
        if link.kind == "html" or link.target.startswith("#fn:"):
            continue
        if link.picture:
            yield link.start, link.end, ""
        else:
            yield link.start, link.start + 1, "[" if address else ""
            yield link.target_start, link.end, f"]({address})" if address else ""


def _edited(text: str, edits: list[tuple[int, int, str | None]]) -> str:
    """The text after the edits, those inside of others left out.

    What one leaves as it is, `None`, is put in marks.
    """
    pieces, done = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= done:
            pieces += [text[done:start], f"\x02{text[start:end]}\x02" if new is None else new]
            done = end
    return "".join([*pieces, text[done:]])


def _address(target: str, place: Place) -> str:
    """Where a link leads to the site from anywhere; empty where the site's address isn't known."""
    if re.match(r"[a-z]+:", target):
        return target
    path, _, anchor = target.partition("#")
    if not place.address:
        return ""
    path = normpath(join(dirname(place.page), path)) if path else place.page
    if path.startswith("../"):  # beside the languages' folders
        return f"{place.site}{path.removeprefix('../')}"
    page = re.sub(r"(?:(^|/)index)?\.md$", r"\1", path).rstrip("/")
    return f"{place.address}{page}{'/' if page else ''}{'#' + anchor if anchor else ''}"
