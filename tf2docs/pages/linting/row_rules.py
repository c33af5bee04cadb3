"""Rules for tables and lists: each row and item says what the twin's does, in the same order."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tf2docs.pages.linting.style_rules import CHINESE
from tf2docs.pages.reading.installed_names import WORD, sources_of
from tf2docs.pages.reading.page import Block, Page, once_per_page
from tf2docs.pages.reading.rows import OLD, Row, items, tables
from tf2docs.pages.reading.said import numbers_by_line, said_words
from tf2docs.pages.reading.sections import Stretch, stretches
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_WORDY = 3  # numbers up to here are words of grammar as well
_SMALL = re.compile(r"(?<![\w.,])[123](?![\w.,]*\d)", re.ASCII)
_LATIN = re.compile(r"(?=.{0,400}[A-Za-z])[^\u2e80-\uffef]+")
_NOT_SAID = re.compile(r"<!--.*?-->|`[^`]*`|\]\([^)]*\)|[\[*]")  # is compared by itself, or no word
_CODE = re.compile(r"`([^`]+)`")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
_CALLED = re.compile(r"(?<!\w)(\w{1,60})\(")
_ARGUMENT = re.compile(r"(?<!\w)(\w{1,60})=(?!=)")
_TODAY = re.compile(r"\s*(?:今天|today)\s*", re.IGNORECASE)
_EXCEPTION = re.compile(r"`(\w*(?:Error|Exception|Warning|Interrupt))`")


def rows_beside_twin(site: Site, page: Page) -> Found:
    """Find the rows of tables that hold other code.

    Links or numbers than the twin's row in their place.
    """
    for twin in _twins(site, page):
        ours, theirs = tables(page), tables(twin)
        if [len(table) for table in ours] != [len(table) for table in theirs]:
            continue  # a row too many is said of its section
        things, others = _things_by_line(page), _things_by_line(twin)
        for table, other in zip(ours, theirs, strict=True):
            for row, its in zip(table, other, strict=True):
                here = things.get(row.line, Counter()) + _small_digits(page, row.line)
                there = others.get(its.line, Counter()) + _small_digits(twin, its.line)
                if here != there:
                    yield row.line, _differs("row", twin, its.line, here, there)


def cells_beside_twin(site: Site, page: Page) -> Found:
    """Find the cells with names alone, in Latin letters beside Chinese too, that differ."""
    for twin in _twins(site, page):
        if CHINESE not in map(site.language_of, (page.path, twin.path)):
            continue
        ours, theirs = tables(page), tables(twin)
        if [len(table) for table in ours] != [len(table) for table in theirs]:
            continue
        rows = (pair for both in zip(ours, theirs, strict=True) for pair in zip(*both, strict=True))
        for row, its in rows:
            for cell, other in zip(row.cells, its.cells, strict=False):
                here, there = _NOT_SAID.sub("", cell), _NOT_SAID.sub("", other)
                names = _LATIN.fullmatch(here) and _LATIN.fullmatch(there)
                if names and here.casefold() != there.casefold():
                    yield (
                        row.line,
                        f"this row has {here.strip()}, and that of {twin.label}:{its.line} "
                        f"{there.strip()}; make both say the same",
                    )


def items_beside_twin(site: Site, page: Page) -> Found:
    """Find the items of lists that hold other code.

    Links or numbers than the twin's item in their place.
    """
    for twin in _twins(site, page):
        ours, theirs = list(items(page)), list(items(twin))
        if len(ours) != len(theirs):
            continue
        things, others = _things_by_line(page), _things_by_line(twin)
        for here, there in zip(ours, theirs, strict=True):
            said, its = _gathered(things, here), _gathered(others, there)
            if not _only_repeats(said, its):
                yield here[0], _differs("item", twin, there[0], said, its)


def exceptions_of_rows(site: Site, page: Page) -> Found:
    """Find the rows of "changed since" with another exception than their section shows.

    That is the section that they lead to, or else the blocks of their own that hold their code.
    """
    for row in _rows_of_changes(page):
        named = set(_EXCEPTION.findall(row.cells[1]))
        section = _section_of(page, row)
        beside = section is not None and row.line in section
        code = _first_code(row.cells[0]) if beside else ""
        raised = {
            block.raises
            for block in _blocks_of(page, section)
            if block.raises and code is not None and code in block.fence.text
        }
        if section and named and raised and not named & raised:
            yield (
                row.line,
                f"the row says {', '.join(sorted(named))}, and the blocks of #{section.anchor} "
                f"raise {', '.join(sorted(raised))}; write what is raised",
            )


def calls_of_rows(site: Site, page: Page) -> Found:
    """Find the old columns of "changed since" that call nothing which their section shows raising.

    That is one of the blocks that raise the row's exception.
    """
    for row in _rows_of_changes(page):
        said = _calls(" ".join(_CODE.findall(row.cells[0])))
        named = set(_EXCEPTION.findall(row.cells[1]))
        section = _section_of(page, row)
        raising = [block for block in _blocks_of(page, section) if block.raises in named]
        shown = _names_shown(raising)
        if section and said and raising and not said & shown:
            yield (
                row.line,
                f"the row calls {_listed(sorted(said))}, and no block of #{section.anchor} "
                f"that raises {_listed(sorted(named))} does; name what is shown",
            )


def calls_of_headings(site: Site, page: Page) -> Found:
    """Find the headings above old code with a call whose arguments the section doesn't show."""
    sections = {each.line: each for each in stretches(page)}
    for heading in page.headings:
        section = sections[heading.line]
        blocks = _blocks_of(page, section)
        shown = _names_shown(blocks)
        old = any(block.raises for block in blocks)
        for code in _CODE.findall(page.prose.split("\n")[heading.line - 1]) if old else ():
            if "(" in code and (missing := set(_ARGUMENT.findall(code)) - shown):
                yield (
                    heading.line,
                    f"the heading gives {_listed(sorted(missing))}, which no code of "
                    f"#{heading.anchor} has; name what is shown",
                )


def _names_shown(blocks: list[Block]) -> set[str]:
    """The names in some blocks and in their outputs."""
    texts = (block.fence.text + (block.output.text if block.output else "") for block in blocks)
    return {word for text in texts for word in WORD.findall(text)}


def _section_of(page: Page, row: Row) -> Stretch | None:
    """The section that a row leads to, or else the one that it stands in."""
    anchor = _anchor(row.cells[0]) or _anchor(row.cells[1])
    found = [each for each in stretches(page) if anchor and each.anchor == anchor]
    return next(iter(found or (each for each in stretches(page) if row.line in each)), None)


def _calls(code: str) -> set[str]:
    """What a piece of code calls, or else the arguments that it gives by name."""
    bare = _STRING.sub("", code)
    return set(_CALLED.findall(bare) or _ARGUMENT.findall(bare))


def arguments_of_rows(site: Site, page: Page) -> Found:
    """Find the new columns of "changed since" with an argument, `name=`.

    That nothing installed takes.
    """
    packages = [sources_of(name) for name in dict.fromkeys(site.symbols.values())]
    code = "\n".join(fence.text for fence in page.fences)
    for row in _rows_of_changes(page) if packages else ():
        for name in re.findall(r"`(\w+)=", row.cells[-1]):
            if f"{name}=" not in code and not any(each.has(name) for each in packages):
                yield row.line, f"nothing that is installed takes {name}=; name what does"


def _rows_of_changes(page: Page) -> Iterator[Row]:
    """The rows of the tables that tell what changed, without their heads."""
    for head, *rows in tables(page):
        if _tells_what_changed(head.cells):
            yield from rows


def _blocks_of(page: Page, section: Stretch | None) -> list[Block]:
    """The blocks that stand in a section, none where there is no section."""
    return [block for block in page.blocks if section and block.fence.line in section]


def _tells_what_changed(head: tuple[str, ...]) -> bool:
    return len(head) >= 3 and bool(OLD.match(head[0]) and _TODAY.fullmatch(head[1]))


def _first_code(cell: str) -> str | None:
    found = re.search(r"`([^`]+)`", cell)
    return found[1] if found else None


def _anchor(cell: str) -> str:
    found = re.search(r"\]\(#([\w.-]+)\)", cell)
    return found[1] if found else ""


def _twins(site: Site, page: Page) -> Iterator[Page]:
    return (site.read(path) for path in site.twins(page.path) if path.is_file())


@once_per_page
def _things_by_line(page: Page) -> dict[int, Counter[str]]:
    """The inline code, addresses and numbers of each line of prose."""
    found: dict[int, Counter[str]] = {}
    for start, end in page.code:
        code = " ".join(page.text[start:end].strip("` ").split())
        found.setdefault(page.line_of(start), Counter())[f"`{code}`"] = 1
    for link in page.links:
        found.setdefault(link.line, Counter())[f"({link.target})"] = 1
    for line, value in numbers_by_line(page):
        if value > _WORDY:
            found.setdefault(line, Counter())[f"{value:.15g}"] = 1
    return found


def _small_digits(page: Page, line: int) -> Counter[str]:
    """The numbers from 1 to 3 that a row of a table has in digits, which are no grammar there."""
    return Counter(_SMALL.findall(_said_lines(page)[line - 1]))


@once_per_page
def _said_lines(page: Page) -> list[str]:
    return said_words(page).split("\n")


def _gathered(things: dict[int, Counter[str]], lines: tuple[int, int]) -> Counter[str]:
    """What the lines of an item hold, each thing once."""
    return Counter({name: 1 for line in range(*lines) for name in things.get(line, ())})


def _only_repeats(here: Counter[str], there: Counter[str]) -> bool:
    """Whether two items say the same.

    But that one names some code again where the other says "it".
    """
    ours, theirs = here - there, there - here
    return not (ours and theirs) and all(name.startswith("`") for name in ours | theirs)


def _differs(what: str, twin: Page, line: int, here: Counter[str], there: Counter[str]) -> str:
    return (
        f"this {what} isn't that of {twin.label}:{line}: only here {_listed(here - there)}, only "
        "there "
        f"{_listed(there - here)}; make both say the same, in the same order"
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
