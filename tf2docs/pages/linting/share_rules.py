"""Rules for shares in words: two thirds and 三分之二 are as many parts in both languages."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tf2docs.pages.reading.number_words import numbers_in
from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.said import said_words
from tf2docs.pages.reading.sections import Stretch, with_twin
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_PARTS = {
    **{"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8},
    **{"ninth": 9, "tenth": 10, "twelfth": 12, "twentieth": 20, "hundredth": 100},
}
_ENGLISH = re.compile(
    rf"\b(an?|one|two|three|four|five|six|seven|eight|nine)[\s-]({'|'.join(_PARTS)})(s?)\b"
)
_CHINESE = re.compile(r"([一二两三四五六七八九十百]{1,4})分之([一二两三四五六七八九十]{1,4})")


def shares_beside_twin(site: Site, page: Page) -> Found:
    """Find the shares in words, two thirds, of which the twin's section has more or fewer parts."""
    for twin in (site.read(path) for path in site.twins(page.path) if path.is_file()):
        for ours, theirs in with_twin(page, twin) if _shares(page) and _shares(twin) else ():
            here, there = _by_parts(page, ours), _by_parts(twin, theirs)
            for parts in here.keys() & there.keys():
                shares, others = here[parts], there[parts]
                if len(shares) == len(others) and sorted(shares) != sorted(others):
                    yield (
                        ours.line,
                        f"{_listed(shares, parts)} in words here, and {_listed(others, parts)} in "
                        f"{twin.label}:{theirs.line}; make both say the same",
                    )


def _listed(shares: list[int], parts: int) -> str:
    return ", ".join(f"{share}/{parts}" for share in shares)


def _by_parts(page: Page, section: Stretch) -> dict[int, list[int]]:
    """How many of three parts, say, the shares of a section are."""
    found: dict[int, list[int]] = defaultdict(list)
    for line, share, parts in _shares(page):
        if line in section:
            found[parts].append(share)
    return found


@once_per_page
def _shares(page: Page) -> list[tuple[int, int, int]]:
    """The shares in words on a page: the line, how many parts it is, and of how many."""
    said = said_words(page).lower()
    found = [(each, each[2], each[1]) for each in _CHINESE.finditer(said)]
    shares = [(page.line_of(each.start()), _count(of), _count(parts)) for each, of, parts in found]
    return shares + [
        (page.line_of(each.start()), _count(each[1]), _PARTS[each[2]])
        for each in _ENGLISH.finditer(said)
        if (_count(each[1]) > 1) == bool(each[3])  # no "two third graders"
    ]


def _count(word: str) -> int:
    """What a word counts: two, 二, and a."""
    return next((int(each.value) for each in numbers_in(word)), 1)
