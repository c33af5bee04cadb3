"""Show how to get the package and begin.

In every lesson, with the address of the very site that is built.

An `install` fence is shown where it stands; `tf2docs.pages.downloads.commands` says what it holds.
A lesson without one has the same below its title, closed until it is asked for.
"""

from html import escape
from typing import Any

from markdown import Markdown

from tf2docs.pages.downloads.commands import START, from_site, on_windows
from tf2docs.pages.downloads.package import Package
from tf2docs.pages.reading.page import Page
from tf2docs.pages.showing.extension import preprocessor_of
from tf2docs.pages.showing.words import WORDS

INSTALLING = "start/install"
"""The page about installing, to which every lesson leads."""


def install_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """The commands for each system; the first fence of a page also says where the package is."""
    page = preprocessor_of(md)
    package = Package(**page.package) if page.package else None
    if package is None:
        return _commands(source)
    first = next(fence.text for fence in page.fences if fence.language == "install")
    wheel = page.wheel
    shown = systems(source, page.language, package, wheel, linux="linux" in rest["classes"])
    if first.strip() != source.strip():
        return shown
    words = WORDS[page.language]
    return _before(words, package, wheel) + shown + _after(words, package, wheel)


def set_up(page: Page, language: str, package: Package | None, wheel: str, more: str) -> str:
    """The whole set-up of a lesson, closed.

    Empty where its page has a fence, or there is no package.

    Args:
        page: The lesson.
        language: Its language.
        package: What the site hands out.
        wheel: Where that is, seen from the lesson.
        more: Where the page about installing is, seen from the lesson; empty without one.
    """
    fenced = any(fence.language == "install" for fence in page.fences)
    if package is None or fenced or not page.blocks:
        return ""
    words = WORDS[language]
    link = words["setup_more"].format(escape(more)) if more else ""
    parts = (
        f"<summary>{words['setup']}</summary>",
        f"<p>{words['setup_first']}</p>",
        _before(words, package, wheel),
        systems(START, language, package, wheel),
        _after(words, package, wheel),
        f"<p>{words['setup_next']}{words['between_sentences']}{link}</p>",
    )
    return f'<details class="tip tf2-setup" data-search-exclude>{"".join(parts)}</details>'


def systems(
    commands: str, language: str, package: Package, wheel: str, *, linux: bool = False
) -> str:
    """The commands for Linux and macOS, and those for Windows.

    Args:
        commands: As an `install` fence has them.
        language: The page's language.
        package: What the site hands out.
        wheel: Where that is, seen from the page.
        linux: Whether they are for Linux alone.
    """
    words, mine = WORDS[language], from_site(commands.strip(), package)
    theirs = on_windows(mine)
    kinds = [(words["setup_linux" if linux else "setup_unix"], mine)]
    if theirs == mine and not linux:
        kinds = [(words["comma"].join((words["setup_unix"], words["setup_windows"])), mine)]
    elif not linux:
        kinds.append((words["setup_windows"], theirs))
    shown = (
        f'<p class="tf2-setup__system">{name}</p>{_commands(text, package, wheel)}'
        for name, text in kinds
    )
    return "".join(shown)


def _commands(text: str, package: Package | None = None, wheel: str = "") -> str:
    """A block to copy.

    Its attributes tell a script what to put in where the site was copied elsewhere.
    """
    told = ""
    if package is not None:
        told = f' data-package="{package.project}" data-wheel="{escape(wheel)}"'
    code = escape(text.strip(), quote=False)
    return f'<div class="highlight"><pre><code{told}>{code}\n</code></pre></div>'


def _before(words: dict[str, str], package: Package, wheel: str) -> str:
    """Where the site's address isn't known, the file to fetch first."""
    if package.site:
        return ""
    return f"<p>{words['setup_file'].format(escape(wheel), escape(package.wheel))}</p>"


def _after(words: dict[str, str], package: Package, wheel: str) -> str:
    """Mirrors, and where the package is to be had by itself."""
    file = words["setup_wheel"].format(escape(wheel)) if package.site else ""
    parts = (part for part in (words["setup_mirror"], file) if part)
    said = words["between_sentences"].join(parts)
    return f"<p>{said}</p>" if said else ""
