"""What a test session writes when it ends: records, figures and claims, or the ledger."""

from collections.abc import Iterator

from tf2docs.pages.errors import PageError
from tf2docs.pages.grammar import find_problems
from tf2docs.pages.ledger import declare_equal
from tf2docs.pages.page import Page
from tf2docs.pages.records import Record, read_record
from tf2docs.pages.refreshing import diff, plan_refresh, write_files
from tf2docs.pages.running import Run
from tf2docs.pages.session import Session
from tf2docs.pages.site import Site
from tf2docs.pages.twins import differences


def refresh_pages(session: Session) -> list[str]:
    """Write anew what the runs of a session changed, or show it; returns what to say."""
    runs = [(site, page, run) for site, page, run in session.runs() if page.blocks]  # others only name symbols
    return [line for site, page, run in runs for line in _refresh_page(session, site, page, run)]


def declare_pages_equal(session: Session) -> list[str]:
    """Declare that the languages of the pages that passed say the same; returns what to say."""
    judged = ((name, site) for name, site in sorted(session.judged.items()) if len(site.languages) > 1)
    sound = {name: site for name, site in judged if name not in session.spoiled}
    return [line for name, site in sound.items() for line in _declare(site, name)] or ["nothing new to declare equal"]


def _declare(site: Site, name: str) -> Iterator[str]:
    pages = {language: site.read(site.page(language, name)) for language in site.languages}
    path, text = site.ledger(name), declare_equal(pages)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_files({path: text})
        yield f"declared equal: {', '.join(page.label for page in pages.values())}"


def _refresh_page(session: Session, site: Site, page: Page, run: Run) -> Iterator[str]:
    name = site.name_of(page.path)
    if name in session.spoiled or not run.complete:
        yield f"{name}: something failed, nothing was written"
        return
    try:
        pages = [page, *map(site.read, site.twins(page.path))]
        problems = [problem for each in pages for problem in find_problems(each)]
        problems += [problem for twin in pages[1:] for problem in differences(page, twin, claims=False)]
        if problems:
            raise PageError(problems)
        texts = plan_refresh(site, pages, _old_record(site, name), run)
    except (PageError, RuntimeError, OSError) as error:
        yield f"{name}: nothing was written: {error}"
        return
    if session.options.dry_run:
        yield from (
            f"would write {site.label(path)}\n{diff(path, text, site.label(path))}" for path, text in texts.items()
        )
    else:
        write_files(texts)
        yield from (f"wrote {site.label(path)}" for path in texts)
    if not texts:
        yield f"{name}: nothing changed"


def _old_record(site: Site, name: str) -> Record | None:
    """The record that a refresh starts from; one that can't be read is as good as none."""
    path = site.record(name)
    try:
        return read_record(path, site.label(path))
    except PageError:
        return None
