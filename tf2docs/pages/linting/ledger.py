"""Remember which text of one language was last declared equal to which of the other.

Section by section.

A machine can't tell whether two texts say the same. It can tell that one of them changed since
somebody last said so, and show what changed. Numbers that are bound to code, outputs and code don't
count: other checks hold them. Comments in code do, for they are translated, and so do those of what
is quoted, for the prose around it explains them; commands do, for nobody runs them.
"""

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.lines import blank, split_lines
from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.fence_options import FENCE_OPTIONS
from tf2docs.pages.reading.number_words import numbers_in
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.symbols import find_comments

Ledger = dict[str, dict[str, list[str]]]
"""Lines of text by section and language."""

_FRONT_MATTER = "front-matter"
_FEWEST = 3  # one and two are words of grammar
_LINK_CODE_FORMULA = re.compile(r"`[^`]+`|\]\([^()\s]+\)|\$[^$]+\$")
_DOCSTRING = re.compile(r'"""([\s\S]*?)"""')
_BOLD = re.compile(r"\*\*[^*]+\*\*")
_HELD_BY_OTHERS = FENCE_OPTIONS.keys() - {"install", "mermaid"}  # fences: by records, navigation
_SAID_IN_FRONT_MATTER = ("title", "description", "tags")


@dataclass(frozen=True)
class Section:
    """What a section says, line by line, and the line of the page that it begins on."""

    said: list[str]
    line: int


def find_sections(page: Page) -> dict[str, Section]:
    """The texts of a page by the id of their heading; the front matter is one more.

    Headings without an id are counted.
    """
    front = [f"{key}: {page.meta[key]}" for key in _SAID_IN_FRONT_MATTER if key in page.meta]
    found, lines = {_FRONT_MATTER: Section(front, 1)}, _spoken_lines(page)
    ends = [*(heading.line for heading in page.headings[1:]), len(lines) + 1]
    for number, (heading, end) in enumerate(zip(page.headings, ends, strict=True), 1):
        said = [
            " ".join(line.split()) for line in lines[heading.line - 1 : end - 1] if line.strip()
        ]
        found[heading.anchor or f"heading-{number}"] = Section(said, heading.line)
    return found


def stale_sections(language: str, page: Page, twin: Page, ledger: Ledger) -> Iterator[Problem]:
    """Find the sections of a page that changed since they were declared equal to those of its twin.

    Args:
        language: The page's language.
        page: The page.
        twin: The same page in another language.
        ledger: What was declared equal.
    """
    theirs = find_sections(twin)
    for name, section in find_sections(page).items():
        declared = ledger.get(name, {})
        if declared.get(language) == section.said or name not in theirs:
            continue
        other = [said for each, said in declared.items() if each != language]
        also = "" if theirs[name].said in other else " (and so did its twin)"
        changes = _changes(declared.get(language, []), section.said)
        mend = (
            f"{_became(changes)}read it beside {twin.label}:{theirs[name].line}, then: "
            f"pytest --declare-equal {page.label}"
        )
        yield Problem(
            page.label,
            section.line,
            f"#{name} changed since it was declared equal{also}; {mend}\n{changes}",
        )


def declare_equal(pages: dict[str, Page]) -> str:
    """The ledger that says that all sections of a page are equal as they are, as its file's text.

    Args:
        pages: The page in every language, by language.
    """
    found = {language: find_sections(page) for language, page in pages.items()}
    names = next(iter(found.values()))
    ledger = {
        name: {language: each[name].said for language, each in found.items() if name in each}
        for name in names
    }
    return json.dumps(ledger, ensure_ascii=False, indent=1) + "\n"


def show_changes(pages: dict[str, Page], ledger: Ledger) -> list[str]:
    """What changed in each section since it was declared equal.

    The languages one below the other, as lines.

    Below each section stand the numbers, names and links that one language has in its new lines,
    and another hasn't.

    Args:
        pages: The page in every language, by language.
        ledger: What was declared equal.
    """
    found = {language: find_sections(page) for language, page in pages.items()}
    lines = []
    for name in next(iter(found.values())):
        changed, added = [], {}
        for language, page in pages.items():
            before, section = ledger.get(name, {}).get(language, []), found[language].get(name)
            if section is None or section.said == before:
                continue
            changes = _changes(before, section.said)
            changed.append(f"{page.label}:{section.line}: #{name}\n{changes}")
            added[language] = _things_in(changes, "+")
        lines += changed
        lines += _told_by_one(added) if len(added) > 1 else []
    return lines


def _became(changes: str) -> str:
    """Which numbers, names, links, formulas and words in bold a section lost and got."""
    before, now = (
        _things_in(changes, sign) + Counter(_BOLD.findall(_lines_of(changes, sign)))
        for sign in "-+"
    )
    lost, got = (", ".join(sorted(each.elements())) for each in (before - now, now - before))
    return f"it said {lost or 'nothing'}, and says {got or 'nothing'}; " if lost or got else ""


def _things_in(changes: str, sign: str) -> Counter[str]:
    """The numbers, inline code, links and formulas of the lines that were added, or taken away."""
    text = _lines_of(changes, sign)
    things = (
        found[0].removeprefix("](").rstrip(")") for found in _LINK_CODE_FORMULA.finditer(text)
    )
    bare = _LINK_CODE_FORMULA.sub(" ", text)
    numbers = (f"{each.value:.15g}" for each in numbers_in(bare) if each.value >= _FEWEST)
    return Counter([*things, *numbers])


def _lines_of(changes: str, sign: str) -> str:
    lines = (line[1:] for line in changes.split("\n") if line.startswith(sign))
    return re.sub(r"<!--[^<>]*-->", " ", "\n".join(lines))


def _told_by_one(added: dict[str, Counter[str]]) -> list[str]:
    everywhere = set.intersection(*(set(things) for things in added.values()))
    alone = {language: sorted(things.keys() - everywhere) for language, things in added.items()}
    return [f"!! only in {each}: {', '.join(things)}" for each, things in alone.items() if things]


def read_ledger(path: Path, label: str) -> Ledger:
    """Read a ledger; an empty one where there is none.

    Raises:
        PageError: the file isn't a ledger.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except ValueError as error:
        message = f"this isn't a ledger ({error}); write it anew with pytest --declare-equal"
        raise PageError([Problem(label, getattr(error, "lineno", 1), message)]) from None


def _spoken_lines(page: Page) -> list[str]:
    """The page's lines with what it says.

    Prose without its bound numbers, comments in code, diagrams, commands and what else stands in a
    fence that nobody runs, and the fingerprint of the comments in what is quoted.
    """
    spans = [(number.start, number.start + len(number.shown)) for number in page.numbers]
    lines = blank(page.prose, spans).split("\n")
    for block in page.blocks:
        for line, comment in find_comments(block.fence.text):
            lines[block.fence.line + line - 1] = comment
    for fence in page.sources:
        lines[fence.line] = _quoted_words(fence.text.strip())
    for fence in page.fences:
        if fence.language not in _HELD_BY_OTHERS:
            lines[fence.line : fence.line + fence.text.count("\n")] = split_lines(fence.text)
    return lines


def _quoted_words(name: str) -> str:
    """The fingerprint of the comments and docstrings of what a page quotes, behind its name."""
    try:
        text = find_definition(name).text
    except LookupError:
        return ""  # the source's own check says so
    said = [*_DOCSTRING.findall(text), *(comment for _, comment in find_comments(text))]
    digest = sha256(repr(said).encode()).digest()
    return f"`{name} {''.join(chr(ord('a') + byte % 26) for byte in digest[:8])}`"


def _changes(before: list[str], now: list[str]) -> str:
    lines = difflib.unified_diff(before, now, lineterm="", n=0)
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))
