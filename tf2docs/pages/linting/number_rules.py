"""Rules for numbers in prose, in digits or words.

They agree with the twin, the page's code, the project.
"""

import re
import tomllib
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from os.path import normpath
from pathlib import Path

from tf2docs.pages.lines import blank
from tf2docs.pages.reading.bound_numbers import NUMBER
from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.number_words import Number, numbers_in
from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.records import readable_record
from tf2docs.pages.reading.rows import tables
from tf2docs.pages.reading.said import numbers_by_line, said_words
from tf2docs.pages.reading.sections import Stretch, with_twin
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.symbols import find_comments

Found = Iterator[tuple[int, str]]

FEWEST = 3  # one and two are words of grammar: a, both, second
MOST_ON_SIGHT = 12  # so many can be counted on the page, nothing need compute them
_FACT = re.compile(rf"({NUMBER})<!-- fact -->", re.ASCII)
_MARKED = re.compile(r"\S{1,40}\s?<!-- fact -->")
_IN_CODE = re.compile(r"\d[\d,_]{0,40}(?:\.\d+)?", re.ASCII)
_DECIMAL = re.compile(r"(?<![\w.])\d{1,40}\.\d{1,40}", re.ASCII)
_SENTENCE = re.compile(r"(?:[^。！？.!?\n]|[.!?](?!\s)|\n(?!\n))+")
_PRINTED = re.compile(r"(?<![\w.])\d[\d,.]*%?")
_SQUARE = re.compile(r"(?<![\d.×])(\d{2,5})×\1(?![\d.]*×|\d)", re.ASCII)
_DIGITS = r"\d[\d,]{0,20}(?:\.\d{1,20})?"
_SUM = re.compile(
    rf"(?<![\w.)*/×÷·−+-])(?<![*/×÷·−+-] )(?P<terms>{_DIGITS}(?: ?[+−×÷·] ?{_DIGITS}){{1,9}})"
    rf" ?(?:=|是|等于|is) ?(?P<result>{_DIGITS})(?!\w|[,.]\d|%| ?[+−×÷·/])",
    re.ASCII,
)
_VERSION = re.compile(r"\b(TensorFlow|Keras|NumPy) (\d{1,4}\.\d{1,4})(?!\d)")
_UNITS = {
    **dict.fromkeys(("ms", "毫秒", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("s", "秒", "second", "seconds"), "seconds"),
    **dict.fromkeys(("分钟", "minute", "minutes"), "minutes"),
    **dict.fromkeys(("小时", "hour", "hours"), "hours"),
    **dict.fromkeys(("天", "day", "days"), "days"),
    **{unit: unit for unit in ("kB", "MB", "GB", "KiB", "MiB", "GiB")},
}
_WITH_UNIT = re.compile(
    rf"(?<![\w.,])(\d[\d,]{{0,20}}(?:\.\d{{1,9}})?)\s?({'|'.join(sorted(_UNITS, key=len)[::-1])})"
    "(?![A-Za-z])"
)
_TERMS = re.compile(r"(?<!\d)(\d{1,9}) ?[+×*] ?(\d{1,9})(?!\d)", re.ASCII)
_PYTHONS = re.compile(
    r"Python (?P<first>\d\.\d+)(?:<!-- fact -->)?"
    r"(?: to | 到 ?|[-–]|(?:(?:, |、)\d\.\d+(?:<!-- fact -->)?){0,9},?(?: or | 或 | and | 和 ))"
    r"(?P<last>\d\.\d+)"
)


def numbers_beside_twin(site: Site, page: Page) -> Found:
    """Find the sections whose numbers aren't their twin's, digits and words alike."""
    for twin in _twins(site, page):
        numbers, others = numbers_by_line(page), numbers_by_line(twin)
        for ours, theirs in with_twin(page, twin):
            here, there = _counted(numbers, ours), _counted(others, theirs)
            if difference := _difference(here, there):
                yield (
                    _line_of(numbers, ours, difference[0]),
                    f"the numbers of this section aren't those of {twin.label}:{theirs.line}: only "
                    "here "
                    f"{_listed(difference[0])}, only there {_listed(difference[1])}; make them "
                    "equal",
                )


def numbers_in_comments(site: Site, page: Page) -> Found:
    """Find the comments in code whose numbers aren't those of the twin's comment."""
    for twin in _twins(site, page):
        for ours, theirs in zip(page.blocks, twin.blocks, strict=False):
            if ours.fence.text == theirs.fence.text:
                continue
            comments, others = (find_comments(each.fence.text) for each in (ours, theirs))
            for (line, here), (_, there) in zip_longest(comments, others, fillvalue=(0, "")):
                if line and _values(here) != _values(there):
                    yield (
                        ours.fence.line + line,
                        f"the numbers of the comment {here!r} aren't those of {twin.label}: "
                        f"{there!r}; make them equal",
                    )


def numbers_in_diagrams(site: Site, page: Page) -> Found:
    """Find the diagrams whose numbers aren't those of the twin's diagram in their place."""
    for twin in _twins(site, page):
        ours, theirs = (
            [fence for fence in each.fences if fence.language == "mermaid"] for each in (page, twin)
        )
        for here, there in zip(ours, theirs, strict=False):
            numbers, others = _values(here.text), _values(there.text)
            if numbers != others:
                yield (
                    here.line,
                    f"the numbers of this diagram aren't those of {twin.label}:{there.line}: "
                    f"{_listed(numbers)} here, {_listed(others)} there; make them equal",
                )


def numbers_in_titles(site: Site, page: Page) -> Found:
    """Find the fences whose titles have other numbers than those of the twin's."""
    for twin in _twins(site, page):
        for ours, theirs in zip(page.fences, twin.fences, strict=False):
            here, there = (str(each.options.get("title", "")) for each in (ours, theirs))
            if here != there and _in_title(here) != _in_title(there):
                yield (
                    ours.line,
                    f"the numbers of the title {here!r} aren't those of {twin.label}:"
                    f"{theirs.line}: {there!r}; make them equal",
                )


def _in_title(title: str) -> tuple[list[float], list[str]]:
    """The numbers of a title, and its decimals, small ones such as a version too."""
    return _values(title), sorted(_DECIMAL.findall(title))


def units_beside_twin(site: Site, page: Page) -> Found:
    """Find the sections that give a number other units, ms and 秒, than the twin's do."""
    for twin in _twins(site, page):
        lines, others = (_without_comments(each).split("\n") for each in (page, twin))
        for ours, theirs in with_twin(page, twin):
            here, there = _units(ours.of(lines)), _units(theirs.of(others))
            for number in here.keys() & there.keys():
                # as often with a unit, that is; "from 5 to 15 ms" has one, "5 ms to 15 ms" two
                same = here[number].total() == there[number].total()
                if same and here[number] != there[number]:
                    yield (
                        ours.line,
                        f"{number} is in {_listed_units(here[number])}, in {twin.label}:"
                        f"{theirs.line} in {_listed_units(there[number])}; make both say the same",
                    )


def _units(said: str) -> dict[str, Counter[str]]:
    """The units that the numbers of a text are given in, and how often."""
    found: dict[str, Counter[str]] = {}
    for each in _WITH_UNIT.finditer(said):
        found.setdefault(each[1].replace(",", ""), Counter())[_UNITS[each[2]]] += 1
    return found


def _listed_units(units: Counter[str]) -> str:
    return " and ".join(sorted(units))


def unfounded_numbers(site: Site, page: Page) -> Found:
    """Find the numbers above a dozen that nothing on the page gives.

    Neither code, output, quotation nor formula.
    """
    if not page.blocks:
        return
    said = _unmarked(page)
    known = _known(page) | _worked_out(said)
    for number in numbers_in(said):
        if number.value > MOST_ON_SIGHT and not _is_round(number) and number.value not in known:
            yield (
                page.line_of(number.start),
                f"{number.shown} is in no code, output or source of this page; write the number "
                "that is, bind it, or "
                f"mark it as a fact: {number.shown}<!-- fact -->",
            )


def squares_of_no_code(site: Site, page: Page) -> Found:
    """Find the squares in prose, 28×28, that no code, output, source or formula of the page has."""
    said = _unmarked(page) if page.blocks else ""
    for found in _SQUARE.finditer(said):
        side = int(found[1])
        if side > MOST_ON_SIGHT and side * side not in _known(page):
            pair = re.compile(rf"(?<!\d){side}\W{{1,12}}{side}(?!\d)")
            if not any(pair.search(text) for text in _texts_of_code(page)):
                yield (
                    page.line_of(found.start()),
                    f"{found[0]} is in no code, output or source of this page; write the size "
                    f"that is, or mark it as a fact: {found[0]}<!-- fact -->",
                )


def wrong_sums(site: Site, page: Page) -> Found:
    """Find the sums and products in prose that come to something else."""
    said = _without_comments(page)
    for found in _SUM.finditer(said):
        result, worth = found["result"].replace(",", ""), _worth(found["terms"])
        if abs(worth - float(result)) > 0.51 * 10.0 ** -len(result.partition(".")[2]):
            yield (
                page.line_of(found.start()),
                f"{found['terms']} isn't {found['result']} but {worth:.15g}; write what it is",
            )


def _worth(terms: str) -> float:
    """What sums and products of numbers come to: 5 + 15 × 2 is 35."""
    total = 0.0
    for sign, product in re.findall(r"([+−]?)([^+−]+)", terms.replace(",", "").replace(" ", "")):
        part = 1.0
        for operation, factor in re.findall(r"([×·÷]?)([\d.]+)", product):
            part = part / float(factor) if operation == "÷" else part * float(factor)
        total += -part if sign == "−" else part
    return total


def measured_facts(site: Site, page: Page) -> Found:
    """Find what is marked as a fact and was measured on the page."""
    facts = [found for found in _FACT.finditer(page.words) if _is_long(found[1])]
    measured = list(_measured(site.record(site.name_of(page.path)))) if facts else []
    starts = [block.fence.start for block in page.blocks]
    for found in facts:
        number = found[1].replace(" ", "").replace(",", "")
        before = measured[: bisect(starts, found.start())]
        if any(number in one for one in before):
            yield (
                page.line_of(found.start()),
                f"{found[1]} is marked as a fact, and this page's code printed it; bind it: "
                f"{found[1]}<!--= … -->",
            )


def facts_of_neighbours(site: Site, page: Page) -> Found:
    """Find the decimals that a sentence says of a lesson it links to, and that lesson hasn't."""
    for sentence in _SENTENCE.finditer(page.prose) if "<!-- fact -->" in page.prose else ():
        decimals = [each for each in _FACT.findall(sentence[0]) if "." in each]
        lessons = list(_lessons_named(site, page, range(*sentence.span()))) if decimals else []
        for decimal in decimals if lessons else ():
            if not any(_stands_in(decimal, lesson.text) for lesson in lessons):
                names = ", ".join(dict.fromkeys(lesson.label for lesson in lessons))
                yield (
                    page.line_of(sentence.start() + sentence[0].index(decimal)),
                    f"{decimal} is said of {names}, where it doesn't stand; write the number that "
                    "does",
                )


def _lessons_named(site: Site, page: Page, places: range) -> Iterator[Page]:
    """The other pages with code that links in a stretch of a page's text lead to."""
    for link in page.links:
        path = Path(normpath(page.path.parent / link.target.partition("#")[0]))
        if link.start in places and path.suffix == ".md" and path.is_file() and path != page.path:
            lesson = site.read(path)
            if lesson.blocks:
                yield lesson


def _stands_in(decimal: str, text: str) -> bool:
    """Whether a decimal, or a number that rounds to it, stands in a text."""
    places = len(re.sub(r"\D", "", decimal.partition(".")[2]))
    rounded = (f"{float(number):.{places}f}" for number in _DECIMAL.findall(text))
    return decimal in text or decimal.strip(" %") in rounded


def versions_ahead(site: Site, page: Page) -> Found:
    """Find a version of a library that is later than the one that the page was recorded with."""
    record = readable_record(site.record(site.name_of(page.path))) if page.blocks else None
    for found in _VERSION.finditer(page.words) if record else ():
        recorded = record.versions.get(found[1].lower()) if record else None
        if recorded and _parts(found[2]) > _parts(recorded)[:2]:
            yield (
                page.line_of(found.start()),
                f"{found[0]} is later than {found[1]} {recorded}, with which the page was "
                "recorded; write one that was tried",
            )


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def facts_of_the_project(site: Site, page: Page) -> Found:
    """Find a range of Pythons that isn't the one of the project's pyproject.toml."""
    yield from wrong_pythons(site.docs.parent, page.text)


def wrong_pythons(root: Path, text: str) -> Found:
    """The same in any text of a project."""
    for found in _PYTHONS.finditer(text):
        expected = _pythons(root / "pyproject.toml")
        if expected and found.group("first", "last") != expected:
            yield (
                text.count("\n", 0, found.start()) + 1,
                f"{found[0]} isn't `requires-python` of pyproject.toml; write {expected[0]} to "
                f"{expected[1]}",
            )


def _twins(site: Site, page: Page) -> Iterator[Page]:
    return (site.read(path) for path in site.twins(page.path) if path.is_file())


@once_per_page
def _without_comments(page: Page) -> str:
    return blank(page.words, page.comments)


@once_per_page
def _unmarked(page: Page) -> str:
    """The same without what is bound or marked as a fact."""
    bound = [(number.start, number.end) for number in page.numbers]
    marked = [found.span() for found in _MARKED.finditer(page.prose)]
    return blank(said_words(page), bound + marked)


def _counted(numbers: list[tuple[int, float]], section: Stretch) -> Counter[float]:
    return Counter(value for line, value in numbers if line in section and value >= FEWEST)


def _values(comment: str) -> list[float]:
    """The numbers of a comment, whatever their order; languages order words differently."""
    return sorted(number.value for number in numbers_in(comment) if number.value >= FEWEST)


def _difference(
    here: Counter[float], there: Counter[float]
) -> tuple[set[float], set[float]] | None:
    """What two texts don't share.

    How often one says it is free, unless it says one thing more and another less.
    """
    ours, theirs = set(here - there), set(there - here)
    if len(ours) != 1 or len(theirs) != 1:
        ours = {value for value in here.keys() - there.keys() if value > FEWEST}
        theirs = {value for value in there.keys() - here.keys() if value > FEWEST}
    return (ours, theirs) if ours or theirs else None


def _line_of(numbers: list[tuple[int, float]], section: Stretch, values: set[float]) -> int:
    """The line of the first of some numbers in a section; the section's own where there is none."""
    lines = (line for line, value in numbers if line in section and value in values)
    return next(lines, section.line)


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{value:.15g}" for value in sorted(values)) or "nothing"


@once_per_page
def _known(page: Page) -> set[float]:
    """The numbers that stand in the page's code, outputs, sources and formulas.

    And how many rows its tables have.
    """
    texts = [*_texts_of_code(page), *(number.shown for number in page.numbers)]
    written = {found for text in texts for found in _IN_CODE.findall(text)}
    rows = {sum(all(row.cells) for row in table) - 1 for table in tables(page)}
    return rows | {float(each.replace(",", "").replace("_", "")) for each in written}


def _texts_of_code(page: Page) -> list[str]:
    """What stands in the page's fences, formulas and inline code, and what it quotes."""
    texts = [fence.text for fence in page.fences] + [formula.latex for formula in page.formulas]
    return texts + [page.text[start:end] for start, end in page.code] + list(_quoted(page))


def _quoted(page: Page) -> Iterator[str]:
    for fence in page.sources:
        try:
            yield find_definition(fence.text.strip()).text
        except LookupError:
            continue  # the source's own check says so


def _worked_out(said: str) -> set[float]:
    """The sums and products of numbers that the prose itself puts together: 253 + 60."""
    terms = [(float(first), float(second)) for first, second in _TERMS.findall(said)]
    return {one + other for one, other in terms} | {one * other for one, other in terms}


def _is_round(number: Number) -> bool:
    """Whether a number is a magnitude in words: 一百多, a hundred thousand."""
    return not re.search(r"\d", number.shown) and set(f"{number.value:.0f}"[1:]) <= {"0"}


def _is_long(number: str) -> bool:
    """Whether a number has so many digits that it isn't another's by chance."""
    return len(re.sub(r"\D", "", number).lstrip("0")) >= 3


def _measured(path: Path) -> Iterator[set[str]]:
    """The numbers that each block of a page printed when it was recorded."""
    record = readable_record(path)
    return (set(_printed(block.text)) for block in record.blocks) if record else iter(())


def _printed(text: str) -> Iterator[str]:
    for found in _PRINTED.findall(text):
        yield found.replace(",", "").rstrip(".")


def _pythons(path: Path) -> tuple[str, str] | None:
    """The first and the last Python of a project."""
    if not path.is_file():
        return None
    required = tomllib.loads(path.read_text("utf-8")).get("project", {}).get("requires-python", "")
    found = re.fullmatch(r">=(\d+\.\d+), ?<(\d+)\.(\d+)", required)
    return (found[1], f"{found[2]}.{int(found[3]) - 1}") if found else None
