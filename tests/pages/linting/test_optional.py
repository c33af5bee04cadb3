"""Who passes over an optional section can run all that comes later."""

import pytest

from tf2docs.pages import Site
from tf2docs.pages.linting.optional_rules import names_of_optional_sections

MAIN, OPTIONAL = "## Main { #main%d }", "## More { #more .optional }"
EXERCISES, BELOW = "## Exercises { #exercises }", "### Below { #below }"


@pytest.fixture
def found(tmp_path):
    """The lines and names that the check tells of a page of headings, words and code."""

    def found(*parts):
        path = tmp_path / "docs" / "a.md"
        path.parent.mkdir(exist_ok=True)
        pieces = [
            part if part.startswith(("#", "See ")) else f"```python\n{part}\n```" for part in parts
        ]
        path.write_text("\n".join(pieces) + "\n", encoding="utf-8")
        site = Site(tmp_path / "docs", languages=())
        problems = names_of_optional_sections(site, site.read(path))
        return [(line, message.split("`")[1]) for line, message in problems]

    return found


def test_what_an_optional_section_alone_defines_isn_t_used_later(found):
    assert found(OPTIONAL, "step = 1", MAIN % 1, "a = 1\nprint(step)") == [(8, "step")]
    assert found(OPTIONAL, BELOW, "step = 1", MAIN % 1, "print(step)") == [(8, "step")]
    assert found(OPTIONAL, "import keras", MAIN % 1, "def f(): keras.ops") == [(7, "keras")]


@pytest.mark.parametrize(
    "parts",
    [
        (MAIN % 1, "step = 1", OPTIONAL, "step = 2", MAIN % 2, "print(step)"),
        (OPTIONAL, "step = 1", MAIN % 1, "step = 2", MAIN % 2, "print(step)"),
        (OPTIONAL, "step = 1", MAIN % 1, "step = 2\nprint(step)"),
        (OPTIONAL, "step = 1", BELOW, "print(step)"),
        (OPTIONAL, "step = 1", "## More { #again .optional }", "print(step)"),
        (OPTIONAL, "step = 1", MAIN % 1, "print([step for step in ()], f(step=1), x.step)"),
        (MAIN % 1, "step = 1", MAIN % 2, "print(step)"),
        (OPTIONAL, "step = 1", EXERCISES, "See [more](#more).", BELOW, "print(step)"),
    ],
)
def test_what_everybody_has_may_be_used(found, parts):
    assert found(*parts) == []


def test_an_exercise_says_which_optional_section_it_needs(found):
    assert found(OPTIONAL, "step = 1", EXERCISES, "print(step)") == [(7, "step")]
    assert found(OPTIONAL, "step = 1", "See [more](#more).", EXERCISES, "print(step)") != []
    assert found(OPTIONAL, "step = 1", EXERCISES, "See [that](#exercises).", "print(step)") != []


def test_the_main_path_may_not_lead_to_what_it_needs(found):
    assert found(OPTIONAL, "step = 1", MAIN % 1, "See [more](#more).", "print(step)") != []
    later = EXERCISES, "See [more](#more)."
    assert found(OPTIONAL, "step = 1", MAIN % 1, "print(step)", *later) != []
