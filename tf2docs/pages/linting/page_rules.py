"""What every page must keep to, whatever its code does."""

import ast
import re
from bisect import bisect
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import pairwise

from tf2docs.pages.errors import Problem
from tf2docs.pages.lines import blank
from tf2docs.pages.reading.bound_numbers import BOUND, NUMBER, is_number
from tf2docs.pages.reading.fences import Fence
from tf2docs.pages.reading.mermaid import FlowchartError, read_flowchart
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.prose import OPTIONAL, Prose, enclosed

_MEASURED = re.compile(  # a decimal, a percentage, or four digits and more
    r"(?<![\w.])(?:\d[\d,]{0,40}\.\d+(?:e[-+]?\d+)?(?:[ \u202f]?[%％])?|\d[\d,]{0,40}[ "
    r"\u202f]?(?:[%％]|per ?cent)"
    r"|\d{4,}|\d{1,3}(?:,\d{3}){1,12})(?![\w.]{0,40}\d)",
    re.ASCII,
)
_FILE_NAME = re.compile(r"[\w-]+(?:\.[\w-]+)+", re.ASCII)
_NEARLY = 0.8  # a name that was meant for another
_TOO_WIDE = "a relative tolerance of 1 and more lets everything pass; give one below 1"
_NOT_MEASURED = (
    BOUND,
    re.compile(rf"{NUMBER}<!-- fact -->", re.ASCII),
    re.compile(r"https?://\S+|\{[^{}\n]*\}"),  # addresses, anchors
)


def find_problems(page: Page) -> list[Problem]:
    """Find what is wrong with a page by itself, in the order of its lines."""
    checks = (
        _front_matter,
        _headings,
        _names,
        _outputs,
        _hidden_fences,
        _blocks,
        _tolerances,
        _diagrams,
        _kept_files,
        _pictures,
        _bound_numbers,
        _numbers,
    )
    return sorted(
        Problem(page.label, line, message) for check in checks for line, message in check(page)
    )


def find_obstacles(page: Page) -> list[Problem]:
    """Find what makes it unclear what a page's claims are, or where they are kept.

    None can be written then.
    """
    ids = [(block.fence.line, block.id) for block in page.blocks if block.id]
    found = [*_tolerances(page), *_kept_files(page), *_repeated(ids)]
    return sorted(Problem(page.label, line, message) for line, message in found)


def _front_matter(page: Page) -> Iterator[tuple[int, str]]:
    for key in ("title", "description") if page.conventions.descriptions else ():
        if not isinstance(page.meta.get(key), str):
            yield 1, f"the front matter has no {key!r}; write `{key}: …` between two lines of ---"


def _headings(page: Page) -> Iterator[tuple[int, str]]:
    for line, words in page.unclear_headings if page.conventions.heading_ids else ():
        mend = (
            "write it with # and a space, so that it can have an id; or leave an empty line "
            "before a rule"
        )
        yield line, f"{words!r} would be shown as a heading; {mend}"
    for heading in page.headings if page.conventions.heading_ids else ():
        if not heading.anchor:
            yield (
                heading.line,
                f"the heading {heading.text!r} has no id; end it with {{ #an-english-word }}",
            )
        for name in heading.attributes.split():
            if name != OPTIONAL and get_close_matches(name, [OPTIONAL], cutoff=_NEARLY):
                yield heading.line, f"nobody reads {name} behind a heading; is it {OPTIONAL}?"


def _names(page: Page) -> Iterator[tuple[int, str]]:
    """Ids that stand twice: a reader's link, or a figure's file, would mean either."""
    ids = [(heading.line, heading.anchor) for heading in page.headings if heading.anchor]
    ids += [(block.fence.line, block.id) for block in page.blocks if block.id]
    yield from _repeated(ids)


def _repeated(ids: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for line, name in sorted(ids):
        if name in first:
            yield line, f"the id {name!r} stands on line {first[name]} already; choose another"
        first.setdefault(name, line)


def _outputs(page: Page) -> Iterator[tuple[int, str]]:
    owned = {block.output.line for block in page.blocks if block.output}
    for fence in page.fences:
        if fence.language == "output" and fence.line not in owned:
            yield (
                fence.line,
                "this output has no block; put it right below the python fence that prints it",
            )
        if (
            fence.language == "output"
            and fence.text.strip()
            and not fence.text.replace("...", "").strip()
        ):
            yield (
                fence.line,
                "this output claims nothing; show at least a part of what the block prints",
            )
    for above, below in pairwise(page.fences):
        between = page.text[above.end : below.start].strip()
        if above.language == "python" and below.language in ("text", "console") and not between:
            yield (
                below.line,
                "what stands right below a block is its output; call the fence output, or say "
                "what it is",
            )


def _hidden_fences(page: Page) -> Iterator[tuple[int, str]]:
    """Fences in a comment run, but no reader sees them."""
    starts = [fence.start for fence in page.fences]
    for begin, end in enclosed(page.text, "<!--", "-->"):
        for fence in page.fences[bisect(starts, begin) : bisect(starts, end)]:
            yield fence.line, "this fence is inside a comment, so nobody sees it; take it out"


def _blocks(page: Page) -> Iterator[tuple[int, str]]:
    for block in page.blocks:
        options = block.fence.options
        skips = options.keys() & {".norun", ".gpu"}
        if skips and not options.get("data-reason"):
            yield (
                block.fence.line,
                'a block that is not always run says why: {.norun data-reason="…"}',
            )
        if "data-reason" in options and not skips:
            yield block.fence.line, "data-reason belongs to .norun or .gpu"
        yield from _syntax(block.fence)


def _syntax(fence: Fence) -> Iterator[tuple[int, str]]:
    try:
        ast.parse(fence.text)
    except SyntaxError as error:
        if fence.options.get("data-raises") != "SyntaxError":
            yield fence.line + (error.lineno or 1), f"this isn't Python: {error.msg}"


def _tolerances(page: Page) -> Iterator[tuple[int, str]]:
    for fence in page.fences:
        for name in ("data-rtol", "data-atol"):
            if not is_number(fence.options.get(name, "0")):
                yield (
                    fence.line,
                    f"{name} must be a number such as 0.01, not {fence.options[name]!r}",
                )
            elif name == "data-rtol" and float(fence.options.get(name, "0")) >= 1:
                yield fence.line, _TOO_WIDE


def _diagrams(page: Page) -> Iterator[tuple[int, str]]:
    for fence in page.fences:
        if fence.language == "mermaid":
            try:
                read_flowchart(fence.text)
            except FlowchartError as error:
                yield fence.line + 1 + error.line, str(error)


def _kept_files(page: Page) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for block in page.blocks:
        name, line = block.keeps, block.fence.line
        if name is None:
            continue
        if not _FILE_NAME.fullmatch(name):
            yield (
                line,
                "data-keeps must be a file's name with a suffix, such as weights.f32, not "
                f"{name!r}",
            )
        elif name in first:
            yield (
                line,
                f"the block on line {first[name]} keeps {name!r} already; choose another name",
            )
        first.setdefault(name, line)


def _pictures(page: Page) -> Iterator[tuple[int, str]]:
    for link in page.links:
        if link.picture and not link.text.strip():
            yield (
                link.line,
                f"the picture {link.target} has no alternative text; say in the brackets what "
                "it shows",
            )


def _bound_numbers(page: Page) -> Iterator[tuple[int, str]]:
    for number in page.numbers:
        if not number.expression:
            yield (
                number.line,
                "a bound number is written 98.1%<!--= expression format -->, such as <!--= "
                "accuracy .1% -->; a tolerance may follow, such as rtol=0.01 or atol=0.5",
            )
        elif number.rtol >= 1:
            yield number.line, _TOO_WIDE
        elif not number.after:
            yield (
                number.line,
                f"{number.expression!r} stands before the first block; nothing has been "
                "computed yet",
            )


def _numbers(page: Page) -> Iterator[tuple[int, str]]:
    """A measured number in the prose of a tutorial must be bound.

    Else it would outlive its measurement.
    """
    if not page.blocks or not page.conventions.bound_numbers:
        return
    version = page.conventions.version
    for key in ("title", "description"):
        words = _without_plain_numbers(Prose(str(page.meta.get(key, ""))), version)
        for found in _MEASURED.finditer(words):
            yield 1, f"the {key} has the number {found[0]!r}, which nothing holds; say it without"
    for found in _MEASURED.finditer(_without_plain_numbers(page.read, version)):
        yield (
            page.line_of(found.start()),
            f"the number {found[0]!r} is bound to nothing; write {found[0]}<!--= expression format "
            f"--> where the code computes it, or {found[0]}<!-- fact --> where it is a fact",
        )


def _without_plain_numbers(prose: Prose, version: re.Pattern[str]) -> str:
    """The text without numbers that need no binding.

    Those are bound, are facts or versions, or belong to code and addresses.
    """
    patterns = (*_NOT_MEASURED, version)
    plain = [found.span() for pattern in patterns for found in pattern.finditer(prose.text)]
    targets = [(link.target_start, link.end) for link in prose.links]
    return blank(prose.text, plain + targets + prose.code + prose.comments)
