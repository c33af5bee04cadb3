"""Which sections of a page may be passed over, and what a page takes without them."""

import pytest

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.reading_time import minutes_of_all, reading_time
from tf2docs.pages.reading.sections import stretches

PAGE = """# Title { #title }

## First { #first }

## Second { #second .optional }

### Below { #below }

## Third { #third data-also="3" .optional }

## Exercises { #exercises }

### One { #one }

## Next { #next }
"""
MINUTE = "word " * 170
CODE = "```python\n" + "x = 1\n" * 12 + "```\n"


@pytest.fixture
def read(tmp_path):
    def read(text, name="page.md"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_page(path, name)

    return read


def test_a_section_is_optional_with_all_below_it(read):
    found = stretches(read(PAGE))
    assert [each.anchor for each in found if each.optional] == ["second", "below", "third"]


def test_what_stands_below_exercises_belongs_to_them(read):
    found = stretches(read(PAGE))
    assert [each.anchor for each in found if each.exercise] == ["exercises", "one"]


@pytest.mark.parametrize("braces", ["#first .optionally", "#optional", '#first title=".optional"'])
def test_another_name_makes_no_section_optional(read, braces):
    assert not any(each.optional for each in stretches(read(f"## First {{ {braces} }}\n")))


def test_minutes_are_those_of_the_main_path(read):
    text = PAGE.replace("### Below", f"{MINUTE}\n\n{CODE}\n### Below")
    text = text.replace("### One", f"{MINUTE}\n\n{CODE}\n### One") + f"\n{MINUTE}\n\n{CODE}"
    time = reading_time(read(text))
    assert (round(time.main), round(time.optional), round(time.exercises)) == (2, 2, 2)
    assert round(time.whole) == 6
    assert time.blocks == 1


def test_chinese_is_counted_by_characters_and_quoted_code_by_its_fence(read):
    assert round(reading_time(read("学" * 330)).main, 6) == 1
    quoted = "```source\na.b\n```\n"
    assert reading_time(read(quoted)).main == 1 / 12
    assert reading_time(read(quoted)).blocks == 0


def test_the_minutes_of_all_are_the_mean_of_the_languages_to_the_nearest_five(read):
    pages = read(MINUTE * 6), read(MINUTE * 8, "other.md")
    assert minutes_of_all(pages) == 5
    assert minutes_of_all(pages[1:]) == 10
