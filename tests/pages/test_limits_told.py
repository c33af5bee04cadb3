"""Limits that CONTRIBUTING and the pages tell in plain words are those of the code."""

from pathlib import Path

import pytest

from tf2docs.pages.checking import checks
from tf2docs.pages.reading import reading_time
from tf2docs.pages.running.capturing import MOST_BYTES
from tf2docs.pages.running.session import Options
from tf2docs.pages.testing import items, plugin

ROOT = Path(__file__).parents[2]
MILLIONS = {4: "four", 5: "five", 8: "eight"}
CHARACTERS, WORDS, LINES = (
    reading_time._CHARACTERS,
    reading_time._WORDS,
    reading_time._CODE_LINES,
)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("CONTRIBUTING.md", f"writes more than\n  {MOST_BYTES // 10**6} MB"),
        ("docs/en/trust.md", f"more than {MILLIONS[MOST_BYTES // 10**6]} million bytes"),
        ("docs/zh/trust.md", f"超过 {MOST_BYTES // 10**4} 万字节"),
        ("CONTRIBUTING.md", f"took {items._SLOW} times the seconds of its record"),
        ("CONTRIBUTING.md", f"one for {CHARACTERS} Chinese characters,\n{WORDS} English words"),
        ("CONTRIBUTING.md", f"or {LINES} lines of code"),
    ],
)
def test_what_is_told_is_what_is(path, says):
    told = " ".join((ROOT / path).read_text("utf-8").split())
    assert " ".join(says.split()) in told


def test_limits_told_in_words_are_these():
    told = " ".join((ROOT / "CONTRIBUTING.md").read_text("utf-8").split())
    assert items._NOTICED == 5
    assert "and five seconds at least" in told
    assert checks._MOST == 0.75
    assert "more than three quarters of its tolerance" in told
    assert plugin._SLOWEST == 10
    assert "`--times` lists what pages and the ten slowest blocks took" in told
    assert Options().time_limit == 600
