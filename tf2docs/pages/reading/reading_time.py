"""How long a page takes to read, by a rule that is the same for all."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.sections import stretches

_CHARACTERS, _WORDS, _CODE_LINES = 330, 170, 12  # that are read in a minute
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z][\w'-]*")
_STEP = 5  # minutes are said to the nearest five


@dataclass(frozen=True)
class ReadingTime:
    """The minutes that a page takes, and what they are spent on.

    Attributes:
        main: The minutes of its main path.
        optional: Those of its optional sections.
        exercises: Those of its exercises, solutions included.
        blocks: How many blocks the main path has.
    """

    main: float
    optional: float
    exercises: float
    blocks: int

    @property
    def whole(self) -> float:
        """The minutes of all of it."""
        return self.main + self.optional + self.exercises


@once_per_page
def reading_time(page: Page) -> ReadingTime:
    """Count how long a page takes to read.

    A minute for 330 Chinese characters, 170 English words or 12 lines of code.
    """
    sections, lines = stretches(page), page.words.split("\n")
    minutes = [_of_words(section.of(lines)) for section in sections]
    starts = [section.line for section in sections]
    blocks = 0
    for fence in [*(block.fence for block in page.blocks), *page.sources]:
        here = bisect_right(starts, fence.line) - 1
        minutes[here] += fence.text.count("\n") / _CODE_LINES
        blocks += fence.language == "python" and sections[here].on_main_path
    timed = list(zip(sections, minutes, strict=True))
    return ReadingTime(
        sum(each for section, each in timed if section.on_main_path),
        sum(each for section, each in timed if section.optional),
        sum(each for section, each in timed if section.exercise and not section.optional),
        blocks,
    )


def minutes_of_all(pages: Iterable[Page]) -> int:
    """The minutes of a page with all that is on it: the mean of its languages, to the nearest five.

    Args:
        pages: The page in each of its languages.
    """
    return _STEP * round(mean(reading_time(page).whole for page in pages) / _STEP)


def _of_words(text: str) -> float:
    return len(_CHINESE.findall(text)) / _CHARACTERS + len(_ENGLISH.findall(text)) / _WORDS
