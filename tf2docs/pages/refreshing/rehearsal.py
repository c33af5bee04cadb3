"""Judge what a refresh is about to write as the next full run would, before anything is written.

The files are laid out in a folder of their own, read from there and held against runs of the page:
the one that they were made from, and another one, which shows what differs from run to run.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from tf2docs.pages.atomic_files import read_bytes
from tf2docs.pages.checking.checks import Checks
from tf2docs.pages.errors import PageError, Problem
from tf2docs.pages.linting.page_rules import find_problems
from tf2docs.pages.reading.code_keys import block_keys
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.records import read_record
from tf2docs.pages.reading.site import Site
from tf2docs.pages.refreshing.plan import claimed_numbers, files_hold
from tf2docs.pages.running.runner import Run

_DIFFERS = (
    "comes out otherwise when the page is run again; seed what is random, sort what has no order, "
    "cut it with ..., give a tolerance (data-rtol on the fence, rtol= or atol= at the number), "
    "or say .varies"
)


def lay_out(site: Site, pages: list[Page], contents: Mapping[Path, bytes], folder: Path) -> Site:
    """A site in another folder that has one page only, as a refresh would leave it.

    Args:
        site: The site.
        pages: The page in every language.
        contents: What would be written, by file.
        folder: Where to lay it out.
    """
    name = site.name_of(pages[0].path)
    made = [site.figure(name, "any").parent, site.file(name, "any").parent]
    paths = {*(page.path for page in pages), site.record(name), *contents}
    paths |= {path for each in made if each.is_dir() for path in each.iterdir() if path.is_file()}
    laid_out = replace(site, docs=folder / site.docs.name)
    for path in paths:
        content = contents.get(path, read_bytes(path))
        if content is not None:
            place = laid_out.docs / path.relative_to(site.docs)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return laid_out


def problems_ahead(laid_out: Site, site: Site, pages: list[Page], run: Run) -> list[Problem]:
    """Find what the next full run would have against what a refresh is about to write.

    Args:
        laid_out: The site as the refresh would leave it.
        site: The site as it is.
        pages: The page in every language, as it is.
        run: The run that the refresh is made from.
    """
    found: list[Problem] = []
    for page in pages:
        try:
            new = laid_out.read(laid_out.docs / page.path.relative_to(site.docs))
        except PageError as error:
            found += error.problems
        else:
            found += [*_changed(page, new), *_refused(laid_out, new, run)]
    return found


def problems_of_repeating(
    laid_out: Site, site: Site, pages: list[Page], again: Run
) -> list[Problem]:
    """Find what differs between the run that a refresh is made from and another one."""
    new = [laid_out.read(laid_out.docs / page.path.relative_to(site.docs)) for page in pages]
    found = [problem for page in new for problem in _refused(laid_out, page, again)]
    return [replace(problem, message=f"{_DIFFERS}: {problem.message}") for problem in found]


def _changed(page: Page, new: Page) -> Iterator[Problem]:
    """What became of a page that a refresh may not touch.

    It writes claims, and makes no new mistake.
    """
    kept = (block_keys(page.blocks), [bool(block.output) for block in page.blocks], _bindings(page))
    if kept != (
        block_keys(new.blocks),
        [bool(block.output) for block in new.blocks],
        _bindings(new),
    ):
        yield Problem(
            page.label,
            1,
            "what its code gives can't be written so that it is read again as the same",
        )
    known = Counter(problem.message for problem in find_problems(page))
    for problem in find_problems(new):
        if not known[problem.message]:
            yield problem
        known[problem.message] -= 1


def _bindings(page: Page) -> list[tuple[str, int]]:
    return [(number.expression, number.after) for number in page.numbers]


def _refused(laid_out: Site, page: Page, run: Run) -> Iterator[Problem]:
    name = laid_out.name_of(page.path)
    path = laid_out.record(name)
    record = read_record(path, laid_out.label(path))
    checks = Checks(laid_out, page, record, replace(run, symbols={}), full=True)
    for block in page.blocks:
        if message := checks.block(block):
            yield Problem(page.label, block.fence.line, message)
        if block.output and (message := checks.output(block)):
            yield Problem(page.label, block.output.line, message)
    for number in claimed_numbers(page):
        if message := checks.number(number):
            yield Problem(page.label, number.line, message)
    if record is None or not files_hold(laid_out, name, record):
        yield Problem(
            page.label,
            1,
            "a figure or a file that it keeps can't be written so that it is read as the same",
        )
