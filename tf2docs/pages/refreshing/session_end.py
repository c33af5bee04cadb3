"""What a test session writes when it ends: records, figures and claims, or the ledger.

All of it, or nothing.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tf2docs.pages.atomic_files import one_writer, read_bytes, write_files
from tf2docs.pages.errors import PageError, Problem, SetupError
from tf2docs.pages.linting.ledger import declare_equal, read_ledger, show_changes
from tf2docs.pages.linting.page_rules import find_obstacles
from tf2docs.pages.reading.code_keys import block_keys
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.records import Record, read_record
from tf2docs.pages.reading.site import Site
from tf2docs.pages.refreshing.plan import (
    claimed_numbers,
    diff,
    gave_the_same,
    make_record,
    plan_refresh,
)
from tf2docs.pages.refreshing.rehearsal import lay_out, problems_ahead, problems_of_repeating
from tf2docs.pages.running.runner import Run
from tf2docs.pages.running.session import Session
from tf2docs.pages.secrecy import refuse_secrets

_REFUSALS = (PageError, SetupError, RuntimeError, OSError, ValueError)


@dataclass
class _Plan:
    """What is to be written for a page, by file.

    And what these files and the page's own were until now.
    """

    name: str
    site: Site
    contents: dict[Path, bytes] = field(default_factory=dict)
    before: dict[Path, bytes | None] = field(default_factory=dict)
    refusal: str = ""

    @property
    def is_stale(self) -> bool:
        """Whether somebody changed a file meanwhile."""
        return any(read_bytes(path) != content for path, content in self.before.items())


def refresh_pages(session: Session) -> tuple[list[str], bool]:
    """Write anew what the runs of a session changed, or show it.

    Returns what to say, and whether it is done.
    """
    # others only name symbols
    runs = [(site, page, run) for site, page, run in session.runs() if page.blocks]
    plans = [_planned(session, site, page, run) for site, page, run in runs]
    for plan in _contradicting(plans):
        plan.contents, plan.refusal = (
            {},
            plan.refusal or "nothing was written: the code of the languages differs",
        )
    failure = "" if session.options.dry_run else _write(plans)
    lines = [line for plan in plans for line in _said(plan, session.options.dry_run, bool(failure))]
    done = not failure and not any(plan.refusal for plan in plans)
    return [*dict.fromkeys(lines), *filter(None, [failure])], done


def declare_pages_equal(session: Session) -> tuple[list[str], bool]:
    """Declare that the languages of the pages that passed say the same.

    Returns what to say, and whether it is done.
    """
    judged = (
        (name, site) for name, site in sorted(session.judged.items()) if len(site.languages) > 1
    )
    sound = [(name, site) for name, site in judged if name not in session.spoiled]
    try:
        plans = [plan for name, site in sound for plan in _declaration(name, site)]
        shown = [line for plan in plans for line in _shown_changes(plan)]
        if not session.options.dry_run:
            write_files({path: text for plan in plans for path, text in plan.contents.items()})
    except _REFUSALS as error:
        return [f"nothing was declared equal: {error}"], False
    pages = [
        [plan.site.label(plan.site.page(each, plan.name)) for each in plan.site.languages]
        for plan in plans
    ]
    done = "would be declared equal" if session.options.dry_run else "declared equal"
    declared = [f"{done}: {', '.join(labels)}" for labels in pages]
    return [*shown, *declared] or ["nothing new to declare equal"], True


def _shown_changes(plan: _Plan) -> list[str]:
    """What changed on the pages of a declaration since the last."""
    path = plan.site.ledger(plan.name)
    pages = {
        language: plan.site.read(plan.site.page(language, plan.name))
        for language in plan.site.languages
    }
    return show_changes(pages, read_ledger(path, plan.site.label(path)))


def _declaration(name: str, site: Site) -> Iterator[_Plan]:
    pages = {language: site.read(site.page(language, name)) for language in site.languages}
    path, content = site.ledger(name), declare_equal(pages).encode()
    if read_bytes(path) != content:
        yield _Plan(name, site, {path: content})


def _planned(session: Session, site: Site, page: Page, run: Run) -> _Plan:
    plan = _Plan(site.name_of(page.path), site)
    if not run.complete:
        plan.refusal = "something failed, nothing was written"
        return plan
    try:
        pages = [page, *(site.read(path) for path in site.twins(page.path) if path.is_file())]
        _refuse(_obstacles(pages, run))
        old = _old_record(site, plan.name)
        contents = plan_refresh(site, pages, old, run)
        plan.before = {
            path: read_bytes(path) for path in (*contents, *(each.path for each in pages))
        }
        if contents:
            _foresee(session, site, pages, contents, old, run)
        plan.contents = contents
    except _REFUSALS as error:
        plan.refusal = f"nothing was written: {error}"
    return plan


def _obstacles(pages: list[Page], run: Run) -> Iterator[Problem]:
    """What keeps claims from being written, beside failing code.

    What else is wrong, the page's own tests say.
    """
    for page in pages:
        yield from find_obstacles(page)
        if block_keys(page.blocks) != block_keys(pages[0].blocks):
            yield Problem(
                page.label,
                1,
                f"the code isn't that of {pages[0].label}; make it equal, then refresh",
            )
            continue
        for number in claimed_numbers(page):
            if number.expression not in run.outcomes[number.after - 1].values:
                yield Problem(
                    page.label,
                    number.line,
                    f"{number.expression!r} wasn't computed; run the refresh again",
                )
    for block, outcome in zip(pages[0].blocks, run.outcomes, strict=True):
        if outcome.figures and block.id is None:
            yield Problem(
                pages[0].label, block.fence.line, "leaves a figure open and has no id to call it by"
            )


def _foresee(
    session: Session,
    site: Site,
    pages: list[Page],
    contents: dict[Path, bytes],
    old: Record | None,
    run: Run,
) -> None:
    """Refuse what the next full run would refuse.

    A page that gave something new is run once more for it.

    Raises:
        PageError: it would.
        ValueError: something secret would be written.
    """
    for path, content in contents.items():
        refuse_secrets(content, site.label(path))
    laid_out = lay_out(site, pages, contents, session.new_folder())
    _refuse(problems_ahead(laid_out, site, pages, run))
    if not gave_the_same(old, make_record(pages[0], run), pages[0]):
        _refuse(problems_of_repeating(laid_out, site, pages, session.run_again(site, pages[0])))


def _refuse(problems: Iterator[Problem] | list[Problem]) -> None:
    if found := sorted(set(problems)):
        raise PageError(found)


def _contradicting(plans: list[_Plan]) -> list[_Plan]:
    """The plans for pages whose languages hold different code: two runs, and one record."""
    names = [(plan.site.docs, plan.name) for plan in plans]
    return [plan for plan, name in zip(plans, names, strict=True) if names.count(name) > 1]


def _write(plans: list[_Plan]) -> str:
    """Write all plans that still fit the files they were made for.

    Returns why that failed, if it did.
    """
    with contextlib.ExitStack() as stack:
        try:
            for docs in sorted({plan.site.docs for plan in plans if plan.contents}):
                stack.enter_context(one_writer(docs))
            for plan in plans:
                if plan.contents and plan.is_stale:
                    plan.contents, plan.refusal = (
                        {},
                        "nothing was written: it changed while it ran; refresh again",
                    )
            write_files(
                {path: content for plan in plans for path, content in plan.contents.items()}
            )
        except (OSError, ValueError) as error:
            return f"nothing was written: {error}"
    return ""


def _said(plan: _Plan, dry_run: bool, failed: bool) -> Iterator[str]:
    if plan.refusal:
        yield f"{plan.name}: {plan.refusal}"
    elif not plan.contents:
        yield f"{plan.name}: nothing changed"
    for path, content in plan.contents.items():
        label = plan.site.label(path)
        if dry_run:
            yield f"would write {label}\n{diff(path, content, label)}"
        elif not failed:
            yield f"wrote {label}"


def _old_record(site: Site, name: str) -> Record | None:
    """The record that a refresh starts from; one that can't be read is as good as none."""
    path = site.record(name)
    try:
        return read_record(path, site.label(path))
    except PageError:
        return None
