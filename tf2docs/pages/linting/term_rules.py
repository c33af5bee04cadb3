"""Rules for the terms of the glossary.

Each stands there once, explained, and a page says which sense it means.
"""

from collections.abc import Iterable, Iterator

from tf2docs.pages.errors import Problem
from tf2docs.pages.reading.glossary import (
    NAME,
    Term,
    mentions,
    terms_with_lines,
    with_several_senses,
)
from tf2docs.pages.reading.page import Page


def unclear_terms(page: Page) -> Iterator[Problem]:
    """Find the terms of the glossary that stand twice, or aren't explained."""
    first: dict[str, tuple[Term, int]] = {}
    for term, line in terms_with_lines(page):
        earlier, where = first.setdefault(term.name.lower(), (term, line))
        if where != line and not (term.sense and earlier.sense):
            mend = "keep one of the two, or say the sense of each behind a colon"
            yield Problem(
                page.label, line, f"the term {term.name!r} stands in line {where} already; {mend}"
            )
        if not term.explanation:
            yield Problem(
                page.label,
                line,
                f"the term {term.name!r} isn't explained; write a sentence below it",
            )


def unclear_mentions(page: Page, terms: Iterable[Term]) -> Iterator[Problem]:
    """Find a term with several senses where the page doesn't say which of them it means."""
    targets = {link.target.partition("#")[2] for link in page.links if f"{NAME}.md#" in link.target}
    for name, senses in with_several_senses(terms).items():
        mention = mentions([name]).search(page.words)
        if mention and targets.isdisjoint(sense.anchor for sense in senses):
            choices = ", ".join(f"#{each.anchor} ({each.sense})" for each in senses)
            what = (
                f"{mention[0]!r} has several senses; link the one that is meant to {NAME}.md: "
                f"{choices}"
            )
            yield Problem(page.label, page.line_of(mention.start()), what)
