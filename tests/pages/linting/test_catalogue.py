"""The checks with a code: shown as they are, switched off by a site, excused by a writer, cheap."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tf2docs.pages import Site
from tf2docs.pages.linting.catalogue import (
    CHECKS,
    CODES,
    as_markdown,
    find_excuses,
    problems_of_checks,
    problems_of_settings,
)
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.showing.tables import checks_fence

ROOT = Path(__file__).parents[3]
PAGE = (
    "---\ntitle: A\ndescription: b\n{front}---\n\n"
    "# A {{ #a }}\n\n{text}\n\n## B {{ #b }}\n\n{below}\n"
)


@pytest.fixture
def said(tmp_path):
    """What the checks say of a page of an English site."""

    def said(text="", below="", front="", ignore=()):
        path = tmp_path / "docs" / "en" / "a.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(text=text, below=below, front=front), encoding="utf-8")
        site = Site(tmp_path / "docs", languages=("en",), ignore=ignore)
        return [str(problem) for problem in problems_of_checks(site, site.read(path))]

    return said


def test_contributing_shows_the_table_of_checks():
    table = as_markdown("en")
    assert table in (ROOT / "CONTRIBUTING.md").read_text("utf-8"), (
        f"put this in place of the table of checks in CONTRIBUTING.md:\n\n{table}"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_trust_shows_the_checks(language):
    page = read_page(ROOT / "docs" / language / "trust.md", "trust.md")
    assert "checks" in [fence.language for fence in page.fences]
    shown = SimpleNamespace(preprocessors={"tf2docs": SimpleNamespace(language=language)})
    html = checks_fence("", "checks", "checks", {}, shown)
    assert html.count("<tr>") == len(CHECKS) + 1
    assert "<code>validation_date</code>" in html


def test_every_check_says_in_both_languages_what_it_guards_and_catches():
    for check in CHECKS:
        assert all({**check.guards, **check.damage}.values())
        assert check.guards.keys() == check.damage.keys() == {"zh", "en"}
        assert check.find.__doc__.startswith("Find")


def test_a_site_does_without_a_check_by_its_code(said):
    assert said("This is easy.") == [
        "docs/en/a.md:8: 'easy' makes light of what may be hard; say it without [style]"
    ]
    assert said("This is easy.", ignore=("style",)) == []


def test_a_code_that_no_check_has_is_an_error(tmp_path):
    (tmp_path / "docs").mkdir()
    (said,) = problems_of_settings(Site(tmp_path / "docs", ignore=("styles",)))
    assert "names 'styles', which no check is called; codes are numbers," in said.message


def test_a_comment_with_a_reason_excuses_its_paragraph(said):
    assert said("This is easy. <!-- style: quoted from a book -->") == []
    assert said("This is\neasy.\n<!-- style: quoted from a book -->") == []
    assert len(said("This is easy.\n\nWords. <!-- style: quoted from a book -->")) == 2


def test_a_comment_below_a_heading_excuses_its_section(said):
    comment = "<!-- style: quoted from a book -->"
    assert said(below=f"{comment}\n\nThis is easy.\n\nThat is easy.") == []
    assert said(text=f"{comment}\n\nWords.", below="This is easy.") == []
    assert len(said(text="This is easy.", below=f"{comment}\n\nThat is easy.")) == 1


def test_a_comment_above_a_fence_excuses_what_it_holds(said):
    draw = "```python\nimport numpy as np\nprint(np.random.rand())\n```\n\n```output\n0.37\n```"
    comment = "<!-- seeds: shown once -->"
    assert len(said(draw)) == 1
    assert said(f"Words.\n\n{comment}\n\n{draw}") == []
    assert len(said(f"Words. {comment}\n\n{draw}")) == 1


def test_the_front_matter_is_excused_on_its_line(said):
    assert "nobody reads 'colour'" in said(front="colour: red\n")[0]
    assert said(front="colour: red  # front-matter: a theme of ours reads it\n") == []


def test_a_comment_without_a_reason_excuses_nothing(said):
    assert len(said("This is easy. <!-- style: -->")) == 1


def test_a_comment_that_excuses_nothing_is_an_error(said):
    (only,) = said("Words. <!-- style: quoted -->")
    assert (
        only == "docs/en/a.md:8: the comment excuses nothing that the check style says; take it out"
    )


def test_excuses_are_found_with_their_reasons(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(
        "---\ntitle: A\n---\n\n# A { #a }\n\nx <!-- names: a program --> `<!-- links: shown -->`\n"
    )
    (excuse,) = find_excuses(read_page(path, "a.md"))
    assert (excuse.code, excuse.reason, excuse.line) == ("names", "a program", 7)


def test_all_codes_are_words_that_a_comment_can_hold():
    assert all(code.replace("-", "").isalpha() for code in CODES)
