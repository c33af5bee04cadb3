"""Rules for formulas: each can be shown, whole."""

import re
from collections.abc import Iterator

from tf2docs.pages.errors import Problem
from tf2docs.pages.lines import blank
from tf2docs.pages.reading.mathml import to_mathml
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.sections import stretches
from tf2docs.pages.reading.site import Site

_COMMON = frozenset({"e", "d"})  # Euler's number, and the d of a derivative
_WORDS = re.compile(r"\\(?:text|mathrm|operatorname)\s*\{[^{}]*\}")


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


def unexplained_letters(site: Site, page: Page) -> Iterator[tuple[int, str]]:
    """Find the letters of displayed formulas that nothing has up to the end of their section."""
    letters = [(formula, _letters(formula.latex)) for formula in page.formulas]
    spoken = blank(page.prose, [(each.start, each.end) for each in page.formulas]).split("\n")
    for formula, here in letters:
        section = next(each for each in stretches(page) if formula.line in each)
        words = "\n".join(spoken[: section.end - 1])
        others = [
            each for other, each in letters if other is not formula and other.line < section.end
        ]
        for letter in sorted(here - _defined_in(formula.latex) - _COMMON) if formula.alone else ():
            alone = rf"(?<![A-Za-z\\]){re.escape(letter)}[₀-₉]?(?![A-Za-z])"
            if not any(letter in each for each in others) and not re.search(alone, words):
                yield (
                    formula.line,
                    f"the letter {letter} of this formula is explained nowhere up to here; say "
                    f"what it is, with ${letter}$ in a line",
                )


def _defined_in(latex: str) -> set[str]:
    """The letters that a formula says itself.

    What it is a formula of, and what its sums run over.
    """
    left, equals, _ = latex.partition("=")
    sums = re.findall(r"\\(?:sum|prod)_\{?([A-Za-z])", latex)
    return {*sums, *(_letters(left) if equals else ())}


def _letters(latex: str) -> set[str]:
    """The letters of a formula that stand for something: Latin ones alone, and Greek ones."""
    bare = _WORDS.sub(" ", latex)
    return set(
        re.findall(
            r"\\(?:alpha|beta|gamma|delta|epsilon|eta|theta|lambda|mu|rho|sigma|tau|phi)\b", bare
        )
    ) | set(re.findall(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])", re.sub(r"\\[A-Za-z]+", " ", bare)))
