"""What only one run knows is taken out of what it said; the rest stays to the letter."""

from pathlib import Path

import pytest

from tf2docs.pages.running.jobs import Outcome, Step
from tf2docs.pages.running.tidying import tidy, with_lines

TANGLED = Path("/tmp/tf2docs-1f/page-0a/my_page.py")
STEPS = (Step("a\nb\n", 10), Step("c\nd\n", 20))


def tidied(**values):
    return tidy(Outcome("failed", **values), TANGLED, STEPS)


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        ("<__main__.A object at 0x7f226df05590>", "<__main__.A object at ...>"),
        (
            "<function f at 0x000001F2C4B5A3E0> and <g at 0x7f226df05591>",
            "<function f at ...> and <g at ...>",
        ),
        ("0x7f226df05590", "0x7f226df05590"),
        ("hex 0xff at 0xff", "hex 0xff at 0xff"),
        ("great 0x7f226df05590", "great 0x7f226df05590"),
        ("half \ud800", "half \\ud800"),
        ("whole \U0001f600", "whole \U0001f600"),
    ],
)
def test_what_was_printed(printed, left):
    assert tidied(printed=printed).printed == left


def test_figures_and_values_are_whole_too():
    outcome = tidied(
        figures=[("<svg>\udcff", ["a \udcff"])], values={"x": "at 0x7f226df05590", "n": 3}
    )
    assert outcome.figures == [("<svg>\\udcff", ["a \\udcff"])]
    assert outcome.values == {"x": "at ...", "n": 3}


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            f'  File "{TANGLED}", line 22\n    c(\nSyntaxError: no',
            "  p.md:102\n    c(\nSyntaxError: no",
        ),
        (
            f'in user code:\n\n    File "{TANGLED}", line 12, in f  *',
            "in user code:\n\n    p.md:52, in f  *",
        ),
        (f"{TANGLED}:11: UserWarning: old", "p.md:51: UserWarning: old"),
        (f"NameError: in {TANGLED}", "NameError: in my_page.py"),
        (f"{TANGLED}:3: above every block", "my_page.py: above every block"),
        ("ValueError: /tmp/other.py:3", "ValueError: /tmp/other.py:3"),
    ],
)
def test_a_line_of_the_file_becomes_one_of_the_page(reason, said):
    outcome = tidied(reason=reason, errors=reason, mistakes={"x": reason})
    for text in (outcome.reason, outcome.errors, outcome.mistakes["x"]):
        assert with_lines(text, lambda block, line: f"p.md:{50 * (block + 1) + line}") == said
