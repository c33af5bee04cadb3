"""What stands below a lesson's title: minutes of the main path, and of all there is."""

import pytest

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.showing.lesson_head import below_title

TEXT = """---
title: A
description: b
minutes: 20
---

# A { #a }

## B { #b .optional }

Words.

## Exercises { #exercises }

Words.
"""


@pytest.mark.parametrize(
    ("text", "language", "minutes", "shown"),
    [
        (TEXT, "en", 30, "About 20 minutes (30 with the optional sections and exercises)"),
        (TEXT, "zh", 30, "约 20 分钟（连同选读和练习约 30 分钟）"),
        (
            TEXT.replace("exercises", "more"),
            "en",
            30,
            "About 20 minutes (30 with the optional sections)",
        ),
        (TEXT.replace(" .optional", ""), "zh", 25, "约 20 分钟（连同练习约 25 分钟）"),
        (TEXT, "en", 20, "About 20 minutes"),
    ],
)
def test_the_minutes_of_the_main_path_stand_first(tmp_path, text, language, minutes, shown):
    path = tmp_path / "a.md"
    path.write_text(text, encoding="utf-8")
    page = read_page(path, "a.md")
    lines = below_title(page, "a", language, None, {}, minutes_of_all=minutes)
    assert lines[1] == shown
