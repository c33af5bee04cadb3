"""Code of lessons is read on phones: few of its lines are wide."""

from pathlib import Path

import pytest

from tf2docs.pages.reading.page import read_page

DOCS = Path(__file__).parents[2] / "docs"
WIDE, FEW = 72, 0.04  # characters; share of a lesson's lines, most of them messages that aren't cut
LESSONS = {
    path.relative_to(DOCS).as_posix(): page
    for language in ("zh", "en")
    for path in sorted((DOCS / language).rglob("*.md"))
    if "minutes" in (page := read_page(path, path.name)).meta and page.blocks
}


@pytest.mark.parametrize("name", LESSONS)
def test_most_lines_of_a_lesson_s_code_are_narrow(name):
    lines = [
        line for block in LESSONS[name].blocks for line in block.fence.text.split("\n") if line
    ]
    wide = [line for line in lines if len(line) > WIDE]
    assert len(lines) > 30
    assert len(wide) <= FEW * len(lines), wide
