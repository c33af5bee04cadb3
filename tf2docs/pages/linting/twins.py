"""Compare a page with its twin in the other language.

Words differ, the rest doesn't: code (comments aside), outputs, figures, diagrams, anchors, and
section by section the links, bound numbers, formulas, list items, table rows and admonitions.
"""

import difflib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from tf2docs.pages.errors import Problem
from tf2docs.pages.lines import split_lines
from tf2docs.pages.reading.bound_numbers import NUMBER
from tf2docs.pages.reading.code_keys import normal_form
from tf2docs.pages.reading.fences import Fence
from tf2docs.pages.reading.mermaid import FlowchartError, read_flowchart
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.prose import OPTIONAL, Heading

_COUNTED = {
    "list items": re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+", re.M),
    "table rows": re.compile(r"^[ \t]*\|", re.M),
    "admonitions": re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]", re.M),
}
_SPOKEN = {"markdown", "pytest", "text"}  # fences with words in them, or with the path of a page
_FACT = re.compile(rf"({NUMBER})<!-- fact -->", re.ASCII)
_TRANSLATED = {"title"}  # options that say something to the reader


def differences(page: Page, twin: Page, *, claims: bool = True) -> list[Problem]:
    """Find everything in which `page` isn't what its twin is, each with the page's own line.

    Args:
        page: The page.
        twin: The same page in another language.
        claims: Whether outputs count; they don't where they are about to be written anew.
    """
    found = [*_meta(page, twin), *_headings(page, twin)]
    if found:  # sections that don't match can't be compared one by one
        return [Problem(page.label, line, message) for line, message in found]
    return [
        Problem(page.label, line, message)
        for line, message in [*_fences(page, twin, claims), *_sections(page, twin)]
    ]


def _meta(page: Page, twin: Page) -> Iterator[tuple[int, str]]:
    if page.meta.keys() != twin.meta.keys():
        keys = ", ".join(sorted(map(str, page.meta.keys() ^ twin.meta.keys())))
        yield 1, f"the front matter and that of {twin.label} differ in: {keys}"


def _headings(page: Page, twin: Page) -> Iterator[tuple[int, str]]:
    for ours, theirs in zip_longest(page.headings, twin.headings):
        if ours is None:
            yield (
                page.line_of(len(page.text)),
                f"the section #{theirs.anchor} of {twin.label}:{theirs.line} is missing",
            )
            return
        if theirs is None or _shape(ours) != _shape(theirs):
            other = f"{_shape(theirs)} on line {theirs.line}" if theirs else "nothing"
            yield ours.line, f"{_shape(ours)} stands where {twin.label} has {other}"
            return


def _shape(heading: Heading) -> str:
    """What a heading has in common with its twin's."""
    optional = f" {OPTIONAL}" if heading.optional else ""
    return f"{'#' * heading.level} … {{ #{heading.anchor}{optional} }}"


def _fences(page: Page, twin: Page, claims: bool) -> Iterator[tuple[int, str]]:
    for ours, theirs in zip_longest(page.fences, twin.fences):
        if ours is None:
            yield (
                page.line_of(len(page.text)),
                f"the {theirs.language} fence of {twin.label}:{theirs.line} is missing",
            )
        elif theirs is None:
            yield ours.line, f"this {ours.language} fence is missing in {twin.label}"
        else:
            difference = (
                None if _is_claim(ours, theirs) and not claims else _fence_difference(ours, theirs)
            )
            if difference:
                yield ours.line, f"differs from {twin.label}:{theirs.line}: {difference}"
        if ours is None or theirs is None or ours.language != theirs.language:
            return  # what follows is shifted, and would be reported line after line


def _is_claim(ours: Fence, theirs: Fence) -> bool:
    return ours.language == theirs.language == "output" and ours.options == theirs.options


def _fence_difference(ours: Fence, theirs: Fence) -> str | None:
    """In what two fences differ, or None."""
    if ours.language != theirs.language:
        return f"a {ours.language} fence here, a {theirs.language} fence there"
    here, there = _plain_options(ours), _plain_options(theirs)
    if here != there:
        return f"options {here} here, {there} there"
    if ours.language == "python":
        if normal_form(ours.text) != normal_form(theirs.text):
            return f"the code (- there, + here)\n{_diff(theirs.text, ours.text)}"
        if ours.text.count("\n") != theirs.text.count("\n"):
            return "the code has another number of lines; translate its comments line by line"
    elif ours.language == "mermaid":
        return _diagram_difference(ours, theirs)
    elif ours.text != theirs.text and ours.language not in _SPOKEN:
        return f"(- there, + here)\n{_diff(theirs.text, ours.text)}"
    return None


def _diagram_difference(ours: Fence, theirs: Fence) -> str | None:
    """In what two diagrams differ beside their words.

    What isn't a diagram is said of its own page.
    """
    try:
        here, there = (read_flowchart(fence.text).structure for fence in (ours, theirs))
    except FlowchartError:
        return None
    if here != there:
        return (
            f"the diagram: missing here {_listed(there - here)}, only here {_listed(here - there)}"
        )
    return None


def _plain_options(fence: Fence) -> dict[str, str]:
    return {name: "…" if name in _TRANSLATED else value for name, value in fence.options.items()}


def _diff(theirs: str, ours: str) -> str:
    lines = difflib.unified_diff(split_lines(theirs), split_lines(ours), lineterm="", n=0)
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))


def _sections(page: Page, twin: Page) -> Iterator[tuple[int, str]]:
    for ours, theirs in zip(_cut(page), _cut(twin), strict=True):
        if ours["pictures"] != theirs["pictures"]:
            yield (
                ours["line"],
                f"this section shows {ours['pictures']}, {twin.label}:{theirs['line']} "
                f"{theirs['pictures']}",
            )
        for kind in ("links", "numbers", "facts", "inline code", "formulas", "counts"):
            missing, extra = theirs[kind] - ours[kind], ours[kind] - theirs[kind]
            if missing or extra:
                yield (
                    ours["line"],
                    f"{kind} of this section differ from {twin.label}:{theirs['line']}: "
                    f"missing here {_listed(missing)}, only here {_listed(extra)}",
                )


def _cut(page: Page) -> list[dict[str, Any]]:
    """What each section holds, the part before the first heading included."""
    lines = page.prose.split("\n")
    starts = [1, *(heading.line for heading in page.headings)]
    sections: list[dict[str, Any]] = []
    for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True):
        text = "\n".join(lines[start - 1 : end - 1])
        counts = Counter({name: len(pattern.findall(text)) for name, pattern in _COUNTED.items()})
        facts = Counter(found[1].replace(" ", "") for found in _FACT.finditer(text))
        sections.append({"line": start, "pictures": [], "counts": counts, "facts": facts})
        sections[-1] |= {
            kind: Counter() for kind in ("links", "numbers", "inline code", "formulas")
        }
    for kind, line, name in _things(page):
        section = sections[bisect_right(starts, line) - 1]
        if kind == "pictures":
            section[kind].append(name)
        else:
            section[kind][name] += 1
    for section in sections:
        section["inline code"] = Counter(set(section["inline code"]))  # how often is free
    return sections


def _things(page: Page) -> Iterator[tuple[str, int, str]]:
    """What must stand in the same section of both pages, each with its kind and its line."""
    for link in page.links:
        yield "pictures" if link.picture else "links", link.line, link.target
    for number in page.numbers:
        yield "numbers", number.line, f"{number.expression} {number.format}"
    for start, end in page.code:
        yield "inline code", page.line_of(start), page.text[start:end].strip("`")
    for formula in page.formulas:
        yield "formulas", formula.line, formula.latex.strip()


def _listed(counted: Counter[Any]) -> str:
    return (
        ", ".join(
            f"{count} × {name}" if count > 1 else str(name) for name, count in counted.items()
        )
        or "nothing"
    )
