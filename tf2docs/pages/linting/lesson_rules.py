"""Rules that need the whole site: what a page imports is taught, and what isn't run is rare."""

from collections.abc import Iterator

from tf2docs.pages.errors import Problem
from tf2docs.pages.reading.imports import imports
from tf2docs.pages.reading.page import Page
from tf2docs.pages.reading.site import Site


def untaught_imports(site: Site, page: Page) -> Iterator[Problem]:
    """Find what a page imports from the packages it teaches without having quoted it.

    It may be quoted on the page, or on one that the page names under `requires`, or be plumbing.
    """
    taught = set(_quoted(site, page, seen=set())) | site.plumbing
    for block in page.blocks:
        for module, name in imports(block.fence.text):
            symbol = f"{module}.{name}" if name else module
            if module.partition(".")[0] in site.packages and symbol not in taught:
                yield Problem(
                    page.label,
                    block.fence.line,
                    f"imports {symbol}, which no `source` fence of this page, or of one that "
                    "it requires, has shown",
                )


def excess_skips(site: Site, page: Page) -> Iterator[Problem]:
    """Find the blocks of a page that may not run.

    They are told where the site has more of them than it allows.
    """
    skipping = [block for block in page.blocks if block.skip_reason is not None or block.needs_gpu]
    if not skipping:
        return
    pages = [site.read(path) for path in site.paths(site.language_of(page.path))]
    count = sum(
        block.skip_reason is not None or block.needs_gpu for each in pages for block in each.blocks
    )
    if count > site.most_skips:
        for block in skipping:
            message = f"may not run; the site has {count} such blocks and allows {site.most_skips}"
            yield Problem(page.label, block.fence.line, message)


def _quoted(site: Site, page: Page, seen: set[str]) -> Iterator[str]:
    """What the `source` fences of a page, and of those that it requires, show."""
    seen.add(page.label)
    yield from (fence.text.strip() for fence in page.sources)
    for name in page.meta.get("requires") or ():
        path = site.page(site.language_of(page.path), str(name).removesuffix(".md"))
        if path.is_file() and site.label(path) not in seen:
            yield from _quoted(site, site.read(path), seen)
