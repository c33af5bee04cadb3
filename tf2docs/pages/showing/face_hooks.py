"""How the site presents itself: icons, cards for shared links, heads, feeds, the footer.

MkDocs calls each `on_…` function by its name. What pages say is `tf2docs.pages.showing.hooks`'
matter.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.page import Page as ReadPage
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.tags import tags_of
from tf2docs.pages.showing.colophon import WORDS, report_address
from tf2docs.pages.showing.feed import Entry, atom_feed
from tf2docs.pages.showing.history import Dates, read_history
from tf2docs.pages.showing.mark import SVG, write_icons
from tf2docs.pages.showing.page_head import Described, head_of
from tf2docs.pages.showing.share_card import draw_card, missing_from_font

EARLY, LATE = 200, -300  # the other hooks and all plugins are through
HOW_TO_REPORT = "trust.md"  # its section #report, for a site that names no address
LICENCE = "LICENSE.txt"
_history: dict[str, Dates] = {}
_lessons: dict[tuple[str, str, str], list[Entry]] = {}  # by their feed's title, home and language


@event_priority(EARLY)
def on_pre_build(config: MkDocsConfig) -> None:
    """Ask git once for all languages; each is a build of its own."""
    config.extra.setdefault("report", "")
    if not _history:
        _history.update(read_history(_root(config)))


@event_priority(LATE)
def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Give the templates what they show, and draw the page's card."""
    path = Path(config.docs_dir) / page.file.src_uri
    read = read_page(path, f"docs/{page.file.src_uri}")
    dates = _dates(read, config)
    described = _describe(page, read, config, dates)
    context["face"] = _footer(page, config, nav) | {
        "head": head_of(described),
        "is_home": _is_home(page, config),
    }
    if config.site_url:
        _write_card(described, page, config)
        if dates and described.minutes is not None:
            entry = Entry(described.title, described.description, described.address, dates.added)
            title = f"{config.site_name}: {config.site_description or config.site_name}"
            feed = (title, described.home, described.language)
            _lessons.setdefault(feed, []).append(entry)
    return context


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Let the sitemap say of each page what is known: the day of its last change, or nothing."""
    if template_name != "sitemap.xml" or not config.site_url:
        return output
    bare = re.sub(r"\s*<(changefreq|lastmod)>.*?</\1>", "", output)

    def with_day(found: re.Match[str]) -> str:
        day = _day_of(found[1], config)
        return str(found[0]) + (f"\n        <lastmod>{day}</lastmod>" if day else "")

    return re.sub(r"<loc>(.*?)</loc>", with_day, bare)


def _day_of(address: str, config: MkDocsConfig) -> str:
    """The day on which the page at an address last changed; empty where that isn't known."""
    languages = [path.name for path in Path(config.docs_dir).iterdir() if path.is_dir()]
    place = address.removeprefix(config.site_url or "").rstrip("/").removesuffix(".html")
    first, _, rest = place.partition("/")
    home = next((each for each in languages if _home(each, config) == ""), "")
    language, name = (first, rest) if first in languages else (home, place)
    for path in (f"{name}.md", f"{name}/index.md".lstrip("/")):
        file = Path(config.docs_dir) / language / path
        if file.is_file():
            dates = _dates(read_page(file, f"docs/{language}/{path}"), config)
            return dates.changed[:10] if dates else ""
    return ""


@event_priority(LATE)
def on_post_build(config: MkDocsConfig) -> None:
    """Write what isn't a page: icons, the licence, feeds of new lessons, what robots are told."""
    docs, site, root = Path(config.docs_dir), Path(config.site_dir), _root(config)
    if (docs / SVG).exists():
        write_icons(docs, site)
    if (root / "LICENSE").exists():
        shutil.copyfile(root / "LICENSE", site / LICENCE)
    if not config.site_url:
        return
    sitemap = f"{config.site_url}sitemap.xml"
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n")
    for (title, home, language), entries in _lessons.items():
        file = site / home.removeprefix(config.site_url) / "feed.xml"
        file.write_text(atom_feed(title, home, language, entries), encoding="utf-8")
    _lessons.clear()


def _root(config: MkDocsConfig) -> Path:
    return Path(config.docs_dir).parent


def _language(config: MkDocsConfig) -> str:
    return str(config.theme["language"])


def _home(language: str, config: MkDocsConfig) -> str:
    """Where a language's pages begin: the default one's at the root, where there are several."""
    plugin = config.plugins.get("i18n")
    return f"{language}/" if plugin and language != plugin.default_language else ""


def _is_home(page: Page, config: MkDocsConfig) -> bool:
    return page.file.dest_uri == f"{_home(_language(config), config)}index.html"


def _dates(read: ReadPage, config: MkDocsConfig) -> Dates | None:
    """When a page came, and when it or the code that it shows last changed."""
    root = _root(config)
    own = _history.get(read.path.relative_to(root).as_posix())
    if own is None:
        return None
    code = tuple(_code_of(read, root))
    shown = (dates for path, dates in _history.items() if path.startswith(code))
    changed = [own.changed, *(dates.changed for dates in shown)]
    return Dates(own.added, max(changed) if all(changed) else "")


def _code_of(read: ReadPage, root: Path) -> Iterator[str]:
    """How the paths of the files begin that a page quotes or documents."""
    for source in read.sources:
        path = find_definition(source.text.strip()).path
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix()
    for module in re.findall(r"^::: ([\w.]+)$", read.text, re.MULTILINE):
        yield from (module.replace(".", "/") + end for end in (".py", "/"))


def _describe(page: Page, read: ReadPage, config: MkDocsConfig, dates: Dates | None) -> Described:
    described = Described(
        title=page.meta.get("title", page.title),
        description=page.meta.get("description", ""),
        site_name=config.site_name,
        language=_language(config),
        dates=dates,
        minutes=page.meta.get("minutes"),
        tags=tuple(tags_of(read)),
    )
    if not config.site_url:
        return described
    site, home = config.site_url, config.site_url + _home(described.language, config)
    twins = sorted(getattr(page.file, "alternates", {}).items())  # the plugin i18n knows them
    return replace(
        described,
        address=page.canonical_url or "",
        home=home,
        twins={language: site + file.url.removeprefix("./") for language, file in twins},
        card=site + _card(page),
        above=() if _is_home(page, config) else ((config.site_name, home), *_indexes(page, site)),
    )


def _indexes(page: Page, site: str) -> Iterator[tuple[str, str]]:
    """The pages above this one that are the index of a section, the outermost first."""
    sections = [each for each in page.ancestors if isinstance(each, Section)]
    for section in reversed(sections):
        for each in section.children:
            if (
                isinstance(each, Page)
                and each.is_index
                and each is not page
                and not each.is_homepage
            ):
                yield each.meta.get("title", each.title), site + each.url


def _card(page: Page) -> str:
    """The address of a page's card below the site's."""
    return f"assets/cards/{page.file.src_uri.removesuffix('.md')}.png"


def _write_card(described: Described, page: Page, config: MkDocsConfig) -> None:
    """Draw the page's card, or that of the site where the font lacks a character of the page's."""
    docs = Path(config.docs_dir)
    if not (docs / SVG).exists():
        return
    title, description = described.title, described.description
    if _is_home(page, config) or missing_from_font(docs, title + description):
        title, description = config.site_description or config.site_name, ""
    file = Path(config.site_dir) / _card(page)
    file.parent.mkdir(parents=True, exist_ok=True)
    mark = (docs / SVG).read_text(encoding="utf-8")
    draw_card(docs, mark, title, description, config.site_name).save(file)


def _footer(page: Page, config: MkDocsConfig, nav: Navigation) -> dict[str, Any]:
    """What the footer shows: words, and where they lead."""
    language, repository = _language(config), config.extra.get("repository", "")
    place = page.canonical_url or page.file.dest_uri
    title = page.meta.get("title", page.title)
    report = report_address(config.extra["report"], repository, language, title, place)
    how = (each.url for each in nav.pages if each.file.src_uri.endswith(f"/{HOW_TO_REPORT}"))
    if not report and (address := next(how, None)):
        report = get_relative_url(f"{address}#report", page.url)
    return {
        "words": WORDS.get(language, WORDS["en"]),
        "report": report,
        "source": f"https://github.com/{repository}" if repository else "",
        "licence": LICENCE if (_root(config) / "LICENSE").exists() else "",
    }
