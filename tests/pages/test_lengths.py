"""A lesson's main path, without optional sections and exercises, is read in one sitting."""

from pathlib import Path
from statistics import mean

import pytest

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.reading_time import minutes_of_all, reading_time

DOCS = Path(__file__).parents[2] / "docs"
LEAST, MOST = 15, 30  # minutes, the mean of both languages to the nearest five
FEWEST, MOST_BLOCKS = 12, 23  # blocks
SHORTER = {"start/install": "readers look their own system up in it"}
LONGER = {
    "projects/reviews": 35,  # all of it in two languages
    "projects/weather": 35,  # why a model of its results fails belongs to them
}
UNMARKED = {  # lessons without optional sections as yet: what they may take until they have some
    "networks/captions": 60,
    "networks/gpt": 55,
    "networks/poems": 55,
}
LESSONS = {
    path.relative_to(DOCS / "en").with_suffix("").as_posix(): page
    for path in sorted((DOCS / "en").rglob("*.md"))
    if "minutes" in (page := read_page(path, path.name)).meta and page.blocks
}


def times(name):
    twin = DOCS / "zh" / f"{name}.md"
    return [reading_time(page) for page in (LESSONS[name], read_page(twin, twin.name))]


def minutes_of_main_path(name):
    return 5 * round(mean(time.main for time in times(name)) / 5)


@pytest.mark.parametrize("name", LESSONS)
def test_the_main_path_of_a_lesson_takes_15_to_30_minutes(name):
    minutes = minutes_of_main_path(name)
    limit = {**UNMARKED, **LONGER}.get(name, MOST)
    assert minutes <= limit, "make a section optional, or say it in fewer words"
    assert minutes >= LEAST or name in SHORTER


@pytest.mark.parametrize("name", LESSONS)
def test_the_main_path_of_a_lesson_has_12_to_20_blocks_or_so(name):
    blocks = times(name)[0].blocks
    assert name in UNMARKED or blocks <= MOST_BLOCKS
    assert blocks >= FEWEST or name in SHORTER


def test_lessons_that_have_optional_sections_aren_t_in_the_table_of_those_without():
    marked = {name for name in UNMARKED if times(name)[0].optional}
    assert marked == set()
    needless = {name for name in UNMARKED if minutes_of_main_path(name) <= MOST}
    assert {name for name in needless if times(name)[0].blocks <= MOST_BLOCKS} == set()


@pytest.mark.parametrize("name", sorted(set(LESSONS) - set(UNMARKED)))
def test_a_lesson_says_the_minutes_of_its_main_path(name):
    assert abs(LESSONS[name].meta["minutes"] - minutes_of_main_path(name)) <= 5


def test_all_of_it_is_counted_too():
    name = "start/line"
    whole = minutes_of_all([LESSONS[name], read_page(DOCS / "zh" / f"{name}.md", name)])
    assert whole >= minutes_of_main_path(name)
