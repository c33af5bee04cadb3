"""Rules for formulas: each can be shown, whole."""

from collections.abc import Iterator

from tf2docs.pages.errors import Problem
from tf2docs.pages.reading.mathml import to_mathml
from tf2docs.pages.reading.page import Page


def unreadable_formulas(page: Page) -> Iterator[Problem]:
    """Find the formulas of a page that can't be shown, in the order of its lines."""
    for formula in page.formulas:
        if not formula.alone and page.text[formula.start - 1 : formula.start] == "$":
            yield Problem(
                page.label,
                formula.line,
                "$$ around a formula stands in a paragraph of its own; write $ in a line",
            )
        try:
            to_mathml(formula.latex)
        except ImportError as error:
            yield Problem(
                page.label,
                formula.line,
                f"a formula needs {error.name}; run pip install {error.name}",
            )
        except ValueError as error:
            yield Problem(
                page.label,
                formula.line,
                f"the formula {formula.latex.strip()!r} can't be shown: {error}",
            )
