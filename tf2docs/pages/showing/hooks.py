"""What the site needs of MkDocs that its plugins don't do.

MkDocs calls each `on_…` function by its name.

The site is built once per language by mkdocs-static-i18n. What a page can do without knowing the
others is left to Markdown: `tf2docs.pages.showing.extension` and
`tf2docs.pages.showing.code_fences`.
"""

import base64
import json
import logging
import re
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from material.plugins.search import plugin as material_search
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

from tf2docs.pages.downloads.lesson_files import Lesson
from tf2docs.pages.downloads.package import FOLDER as DOWNLOADS
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.downloads.wheel import build_wheel
from tf2docs.pages.errors import PageError
from tf2docs.pages.linting.whole_site import problems_of_site
from tf2docs.pages.reading.glossary import NAME, Term, read_terms
from tf2docs.pages.reading.page import Page as ReadPage
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.reading_time import minutes_of_all
from tf2docs.pages.reading.records import Record, read_record
from tf2docs.pages.reading.site import Site
from tf2docs.pages.reading.synonyms import read_synonyms
from tf2docs.pages.showing.code_fences import without_plain_spans
from tf2docs.pages.showing.extension import FenceError
from tf2docs.pages.showing.lean_pages import (
    join_scripts,
    joined_scripts,
    minify,
    trim_theme,
    with_boxed_tables,
    with_joined_scripts,
    with_scripts_after_the_page,
    without_indents,
    without_needless_files,
    without_needless_titles,
)
from tf2docs.pages.showing.learning_path import page_address
from tf2docs.pages.showing.lesson_foot import at_end, credit_of
from tf2docs.pages.showing.lesson_head import below_title, figures_of, is_current, seconds_of
from tf2docs.pages.showing.search_index import (
    split_search_index,
    with_own_search,
    without_doubles,
    without_source_code,
)
from tf2docs.pages.showing.security_policy import with_policy
from tf2docs.pages.showing.set_up import INSTALLING, set_up
from tf2docs.pages.showing.words import WORDS

log = logging.getLogger("mkdocs.plugins.tf2docs")
_FILTER = re.compile(
    r'<div class="tf2-filter">(.*?)<script type="application/json">(.*?)</script></div>', re.DOTALL
)
EARLY, LATE = 200, -200  # before and after every plugin


@event_priority(EARLY)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Say which language is built.

    mkdocstrings writes its labels in it, and reads docstrings.
    """
    if config.strict and not log.isEnabledFor(logging.WARNING):
        # `mkdocs build -q` would count no warnings, and let all of them pass
        logging.getLogger("mkdocs").setLevel(logging.WARNING)
    languages = _languages(config)
    language = languages.current_language or languages.default_language
    if "i18n" in config.plugins:  # otherwise the site says it itself, whatever the folder is called
        config.theme["language"] = language
    material_search.jieba = None  # where it is installed, it would cut the Chinese of the index
    config.extra.setdefault("folder", False)
    config.extra.setdefault("repository", "")
    _translate_docstrings(config, language)
    # scripts that must stand before Material's
    config.extra["polyfills"] = ["assets/javascripts/search-on-demand.js"]
    if config.extra["folder"]:  # no server turns a folder's address into that of its index.html
        config.use_directory_urls = False
        config.extra["polyfills"].insert(0, "assets/javascripts/iframe-worker.js")
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Warn of what MkDocs and its plugins pass over, or tell without the line.

    A strict build fails then.

    `mkdocs serve --dirty` is for speed: it looks at nothing but the page that changed, and so do
    we.
    """
    languages = _languages(config)
    if not languages.building and not _is_dirty(config):
        ignore = tuple(config.extra.get("ignore", ()))
        # those that aren't built this time as well: their pages are looked at together
        names = getattr(languages, "all_languages", languages.build_languages)
        site = Site(Path(config.docs_dir), tuple(names), ignore=ignore)
        for problem in problems_of_site(site):
            log.warning(problem)


@event_priority(EARLY)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, **_: Any) -> None:
    """Tell the Markdown extension whose text comes next, so that its errors name file and line."""
    front_matter = page.file.content_string.removesuffix(markdown)
    lesson, record = _lesson(page, config)
    package = _package(config)
    wheel = package.wheel_from(lesson.address) if package else ""
    shown = []
    if "minutes" in page.meta:
        links = lesson.links(config.extra["repository"])
        shown = below_title(
            lesson.page,
            lesson.name,
            lesson.language,
            record,
            links,
            minutes_of_all=minutes_of_all(_in_all_languages(lesson, config)),
        )
        more = _installing(page, config)
        shown += [set_up(lesson.page, lesson.language, package, wheel, more), ""]
    config.mdx_configs["tf2docs.pages.showing.extension"] = {
        "language": lesson.language,
        "path": lesson.page.label,
        "docs": config.docs_dir,
        "first_line": front_matter.count("\n") + 1,
        "below_title": shown,
        "at_end": at_end(lesson.page, lesson.language),
        "terms": [] if ":::" in markdown or lesson.name == NAME else _terms(config),
        "directory_urls": config.use_directory_urls,
        "seconds": seconds_of(lesson.page, record),
        "package": asdict(package) if package else {},
        "wheel": wheel,
    }


def on_page_content(html: str, config: MkDocsConfig, **_: Any) -> str:
    """Keep what only repeats out of the search, and what shows nothing out of the page."""
    html = without_plain_spans(without_source_code(html))
    return html if _is_dirty(config) else with_boxed_tables(html)


@event_priority(LATE)
def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, **_: Any
) -> dict[str, Any]:
    """Lead the language switch to this page's twin.

    An English page's search to its index, editors to the source.
    """
    languages = _languages(config)
    twins = getattr(page.file, "alternates", {})  # the plugin i18n knows them
    # an attribute, set by the plugin for this page
    for choice in getattr(config.extra, "alternate", []):
        choice["link"] = twins.get(choice["lang"], page.file).url
    if config.extra["repository"]:  # not `repo_url`, of which Material asks a third party
        page.edit_url = (
            f"https://github.com/{config.extra['repository']}/edit/main/docs/{page.file.src_uri}"
        )
    # the reader's choice of colours holds for both languages
    config.extra["scope"] = context["base_url"]
    if languages.current_language != languages.default_language:
        context["base_url"] = context["base_url"].removesuffix("..").removesuffix("/") or "."
    return context


@event_priority(LATE)
def on_post_page(output: str, page: Page, config: MkDocsConfig, **_: Any) -> str:
    """Leave `hreflang` to the sitemap, and say what a page may load.

    Put beside a lesson what readers take along.
    """
    lesson, record = _lesson(page, config)
    file = Path(config.site_dir) / lesson.address
    file.parent.mkdir(parents=True, exist_ok=True)
    is_lesson = "minutes" in page.meta and lesson.page.blocks
    if is_lesson and record and is_current(lesson.page, record):
        lesson.write(
            file.parent,
            record,
            site_url=config.site_url or "",
            package=_package(config),
            figures=figures_of(Path(config.docs_dir), lesson.name),
            box_titles=_languages(config).current_language_config.admonition_translations or {},
            credit=credit_of(lesson.page, lesson.language),
            optional=WORDS[lesson.language]["optional_title"],
        )
    output = _with_rows_beside(output, file)
    _write_article(output, file)
    return _finished(output, config)


@event_priority(LATE)
def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Leave out, by making it empty, what the site has no use for."""
    languages = _languages(config)
    needless = {
        "sitemap.xml": not config.site_url,  # its addresses must be whole
        # the first speaks both languages
        "404.html": languages.current_language != languages.default_language,
    }
    return "" if needless.get(template_name) else _finished(output, config)


@event_priority(LATE)
def on_post_build(config: MkDocsConfig) -> None:
    """Once all languages are built, give each its own search index."""
    languages = _languages(config)
    if not languages.building:
        names = sorted(
            languages.build_languages, key=lambda name: name != languages.default_language
        )
        if search := _search(config):
            split_search_index(
                Path(config.site_dir),
                {name: _terms(config, name) for name in names},
                {name: read_synonyms(Path(config.docs_dir), name) for name in names},
            )
            # kept by `serve --dirty`
            search.search_index.entries = without_doubles(search.search_index.entries)
        write_file_scripts(Path(config.site_dir))
        scripts = joined_scripts(map(str, config.extra_javascript))
        join_scripts(Path(config.site_dir), scripts)
        if not _is_dirty(config):
            minify(Path(config.site_dir))
            trim_theme(Path(config.site_dir))  # which keeps what a script names
        if _package(config):
            build_wheel(Path(__file__).parents[2], Path(config.site_dir) / DOWNLOADS)


def on_build_error(error: Exception, **_: Any) -> None:
    """End with the mistake in the page, not with the stack that led to it."""
    if isinstance(error, FenceError | PageError):
        raise Abort(str(error))


def _finished(html: str, config: MkDocsConfig) -> str:
    """The page as it is published.

    With our search, and last of all the policy, which knows each inline script.
    """
    html = without_needless_files(with_own_search(without_alternates(html)))
    html = without_needless_titles(html)
    html = with_joined_scripts(html, joined_scripts(map(str, config.extra_javascript)))
    html = without_indents(with_scripts_after_the_page(html))
    return with_policy(html, folder=config.extra["folder"])


def without_alternates(html: str) -> str:
    """The page without the links that make Material ask for sitemaps.

    It would ask at the address of each of them.
    """
    return re.sub(r'\s*<link rel="alternate"[^>]*hreflang[^>]*>', "", html)


def _with_rows_beside(html: str, page: Path) -> str:
    """The page without the data of its table's filter, which are put beside it.

    They are loaded, also from a folder without a server, when somebody turns to the filter.
    """

    def beside(found: re.Match[str]) -> str:
        event = f'dispatchEvent(new CustomEvent("tf2docs:rows", {{ detail: {found[2]} }}));\n'
        page.with_suffix(".rows.js").write_text(event, encoding="utf-8")
        return f'<div class="tf2-filter" data-rows="{page.stem}.rows.js">{found[1]}</div>'

    return _FILTER.sub(beside, html)


def _write_article(html: str, page: Path) -> None:
    """Put a page's text beside it.

    Its twin can load this form also from a folder without a server.
    """
    article = re.search(r"<article[^>]*>(.*)</article>", html, re.DOTALL)
    text = json.dumps(article[1] if article else "", ensure_ascii=False)
    event = f'dispatchEvent(new CustomEvent("tf2docs:article", {{ detail: {text} }}));\n'
    page.with_suffix(".article.js").write_text(event, encoding="utf-8")


def write_file_scripts(site: Path) -> None:
    """Write each file that a page's block kept as a script too.

    The script tells one that listens what is in the file.
    """
    for file in sorted((site / "assets" / "files").rglob("*.*")):
        if file.suffix != ".js":
            text = base64.b64encode(file.read_bytes()).decode()
            event = f'dispatchEvent(new CustomEvent("tf2docs:file", {{ detail: "{text}" }}));\n'
            file.with_name(f"{file.name}.js").write_text(event, encoding="utf-8")


def _terms(config: MkDocsConfig, language: str = "") -> list[Term]:
    """The terms of the glossary, in the language that is being built if no other is named."""
    path = Path(config.docs_dir) / (language or _languages(config).current_language) / f"{NAME}.md"
    label = path.relative_to(Path(config.docs_dir).parent).as_posix()
    return read_terms(read_page(path, label)) if path.exists() else []


def _search(config: MkDocsConfig) -> Any:
    """Material's search, or None where a site has none."""
    return config.plugins.get("material/search")


def _is_dirty(config: MkDocsConfig) -> bool:
    """Whether a page is only looked at while it is written: nothing but what changed is built."""
    return getattr(_search(config), "is_dirty", False)


def _package(config: MkDocsConfig) -> Package | None:
    """The package that these hooks are part of.

    The site beside it hands it out, and no other site.
    """
    if Path(config.docs_dir).parent != Path(__file__).parents[3]:
        return None
    site = "" if config.extra["folder"] else config.site_url or ""
    return Package("tf2docs", site)


def _installing(page: Page, config: MkDocsConfig) -> str:
    """Where the page about installing is, seen from a lesson.

    Empty on that page, and where there is none.
    """
    language, _, name = page.file.src_uri.removesuffix(".md").partition("/")
    if name == INSTALLING or not (Path(config.docs_dir) / language / f"{INSTALLING}.md").exists():
        return ""
    ending = "/" if config.use_directory_urls else ".html"
    return page_address(INSTALLING, name, ending=ending)


def _translate_docstrings(config: MkDocsConfig, language: str) -> None:
    """Tell the extension that translates docstrings for which language.

    Griffe doesn't know it.
    """
    settings = {"docs": config.docs_dir, "language": language}
    if "mkdocstrings" not in config.plugins:
        return
    handler = config.plugins["mkdocstrings"].config.handlers["python"]
    handler["options"]["extensions"] = [{"tf2docs.pages.showing.translations": settings}]


def _lesson(page: Page, config: MkDocsConfig) -> tuple[Lesson, Record | None]:
    """The page as it is written, and what its last full run measured."""
    languages, path = _languages(config), page.file.src_uri
    language, _, name = path.removesuffix(".md").partition("/")
    read = read_page(Path(config.docs_dir) / page.file.src_uri, f"docs/{path}")
    record = Path(config.docs_dir) / "records" / f"{name}.json"
    home = "" if language == languages.default_language else f"{language}/"
    return Lesson(read, name, language, page.file.dest_uri, home), read_record(
        record, f"docs/records/{name}.json"
    )


def _in_all_languages(lesson: Lesson, config: MkDocsConfig) -> list[ReadPage]:
    """A page and its twins, so far as they are written."""
    languages, docs = _languages(config), Path(config.docs_dir)
    names = {*getattr(languages, "all_languages", languages.build_languages)} - {lesson.language}
    files = {name: docs / name / f"{lesson.name}.md" for name in names}
    twins = (
        read_page(file, f"docs/{name}/{lesson.name}.md")
        for name, file in files.items()
        if file.is_file()
    )
    return [lesson.page, *twins]


class OneLanguage:
    """What the hooks ask the plugin i18n for, where a site has one language and no plugin."""

    building = False
    current_language_config = SimpleNamespace(admonition_translations={})

    def __init__(self, folder: str) -> None:
        """Take the folder of the pages."""
        self.default_language = self.current_language = folder
        self.build_languages = [folder]


def _languages(config: MkDocsConfig) -> Any:
    """The plugin that knows the languages and which of them is being built.

    Or what stands for it without one.

    Raises:
        Abort: there is no plugin, and more than one folder that may be the language.
    """
    if "i18n" in config.plugins:
        return config.plugins["i18n"]
    folders = {
        path.relative_to(config.docs_dir).parts[0]
        for path in Path(config.docs_dir).glob("*/**/*.md")
    }
    named = folders & {str(config.theme["language"])} or folders
    if len(named) != 1 or [*Path(config.docs_dir).glob("*.md")]:
        mend = "put all pages into one folder of it, such as en, or use the plugin i18n"
        raise Abort(
            f"the pages in {config.docs_dir} stand in "
            f"{', '.join(sorted(folders)) or 'no folder'}; {mend}"
        )
    return OneLanguage(named.pop())
