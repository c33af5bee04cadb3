"""Rules for what stands beside the pages.

Mkdocs.yml, pyproject.toml, README, CONTRIBUTING, and licences.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tf2docs.pages.errors import Problem
from tf2docs.pages.linting.command_rules import commands_of_text
from tf2docs.pages.linting.number_rules import wrong_pythons
from tf2docs.pages.reading.fence_options import FENCE_OPTIONS
from tf2docs.pages.reading.page import Page, YAMLLoader
from tf2docs.pages.reading.site import Site

_SETTINGS, _PROJECT = "mkdocs.yml", "pyproject.toml"
_LEVELS = {
    "nav": ("omitted_files", "not_found", "absolute_links"),
    "links": ("not_found", "anchors", "absolute_links", "unrecognized_links"),
}
_IMPORTS = re.compile(
    r"\s*(?:import (?P<whole>\w+)(?:\.\w+)*(?: as \w+)?$|from (?P<part>\w+)[\w.]* import )"
)
_ALWAYS = ("tf2docs", "pip", "packaging")  # pip has a copy of packaging
_FONTS = (".woff", ".woff2", ".ttf", ".otf")
_CALLED = {  # what a package is called where it is installed from, if not as it is imported
    "PIL": "pillow",
    "griffe": "griffelib",
    "material": "mkdocs-material",
    "opencc": "opencc-python-reimplemented",
    "pymdownx": "pymdown-extensions",
    "sklearn": "scikit-learn",
    "xdist": "pytest-xdist",
    "yaml": "pyyaml",
}
_BROUGHT = {  # by another that is named
    "_pytest": "pytest",
    "dateutil": "pandas",
    "h5py": "keras",
    "joblib": "scikit-learn",
    "pygments": "pymdown-extensions",
    "threadpoolctl": "scikit-learn",
}
# which extras a folder of the package may count on; the longest that fits
_ROOMS = {
    "tf2docs": ("cpu",),
    "tf2docs/pages": ("check",),
    "tf2docs/pages/running": ("check", "tutorials"),  # and what the page has
    "tf2docs/pages/showing": ("docs",),
    "tf2docs/pages/reading": ("docs",),
    "tf2docs/pages/linting": ("docs",),
    "tf2docs/pages/downloads": ("docs",),
}


class _Loader(YAMLLoader):
    """Reads settings without doing what their tags say."""


def _plain(loader: _Loader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else tag


_Loader.add_multi_constructor("!", _plain)
_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, tag, node: tag)


def missing_files_of_settings(site: Site) -> Iterator[Problem]:
    """Find the stylesheets, scripts.

    Hooks and folders that mkdocs.yml names and that aren't there.
    """
    settings, docs = _settings(site), site.docs
    named = [*(settings.get("extra_css") or ()), *(settings.get("extra_javascript") or ())]
    theme = settings.get("theme")
    folder = theme.get("custom_dir") if isinstance(theme, dict) else None
    hooks = settings.get("hooks") or ()
    places = [(str(name), docs / str(name)) for name in named if "//" not in str(name)]
    places += [(str(name), docs.parent / str(name)) for name in (*hooks, folder) if name]
    for name, path in places:
        if not path.exists():
            yield _problem(site, name, f"names {name}, which isn't there; write it, or take it out")


def unwatched_packages(site: Site) -> Iterator[Problem]:
    """Find the packages beside mkdocs.yml that pages quote and `mkdocs serve` doesn't watch."""
    settings = _settings(site)
    watched = {str(name).strip("/") for name in settings.get("watch") or ()}
    for name in site.packages if settings else ():
        if (site.docs.parent / name).is_dir() and name not in watched:
            yield _problem(
                site,
                "watch",
                f"doesn't watch {name}, which pages quote; name it under `watch`",
            )


def unexcluded_folders(site: Site) -> Iterator[Problem]:
    """Find what stands in docs, is no page and would be published.

    Since `exclude_docs` doesn't name it.
    """
    settings = _settings(site)
    if "exclude_docs" not in settings:
        return
    excluded = {line.strip().strip("/") for line in str(settings["exclude_docs"]).split("\n")}
    for path in sorted(site.docs.iterdir()):
        is_shown = path.name == "assets" or path.name.startswith((".", "_"))
        if not (is_shown or _has_pages(site, path)) and path.name not in excluded:
            yield _problem(
                site,
                "exclude_docs",
                f"would publish docs/{path.name}; name it under `exclude_docs`",
            )


def unnamed_assets(site: Site) -> Iterator[Problem]:
    """Find the scripts, styles, fonts and pictures in assets that nothing names."""
    assets, root = site.docs / "assets", site.docs.parent
    found = sorted(assets.rglob("*.*")) if _settings(site) else ()
    files = [path for path in found if _is_written(path.relative_to(assets))]
    names = {path.name: path for path in files}
    for texts in (_texts_of_settings(site), _texts_of_pages(site)):
        for text in texts if names else ():
            names = {name: path for name, path in names.items() if name not in text}
    for path in names.values():
        label = path.relative_to(root).as_posix()
        yield Problem(label, 1, "nothing names it, and it would be published; remove it")


def _is_written(path: Path) -> bool:
    """Whether a file of assets is there because somebody wrote it; pages' own are looked at."""
    return path.parts[0] not in ("figures", "files") and "LICENSE" not in path.name


def _texts_of_settings(site: Site) -> Iterator[str]:
    """What shows files of assets: settings, hooks, templates, and the assets themselves."""
    kinds = (".js", ".css", ".html", ".yml", ".py")
    folders = (site.docs / "assets", site.docs / "overrides")
    paths = [path for folder in folders for path in folder.rglob("*.*")]
    for file in _files_of_settings(site):
        hooks = _read_settings(file.read_text(encoding="utf-8")).get("hooks") or ()
        paths += [file, *(file.parent / str(name) for name in hooks)]
    return (path.read_text("utf-8") for path in paths if path.suffix in kinds and path.is_file())


def _files_of_settings(site: Site) -> list[Path]:
    """The settings, and those that they inherit from."""
    own, above = site.docs.parent / _SETTINGS, _settings(site).get("INHERIT")
    files = [own, own.parent / str(above)] if above else [own]
    return [file for file in files if file.is_file()]


def _texts_of_pages(site: Site) -> Iterator[str]:
    paths = (path for language in site.folders for path in site.paths(language))
    return (path.read_text("utf-8", errors="replace") for path in paths)


def _has_pages(site: Site, path: Path) -> bool:
    """Whether something in `docs` is a page, or a folder of pages."""
    if site.languages:
        return path.name in site.languages
    return path.suffix == ".md" or any(path.rglob("*.md"))


def weak_validation(site: Site) -> Iterator[Problem]:
    """Find the levels of `validation` at which a strict build passes over what is wrong."""
    levels = _settings(site).get("validation")
    if not isinstance(levels, dict):
        return
    for part, names in _LEVELS.items():
        given = levels.get(part) or {}
        for name in names:
            if given.get(name) != "warn":
                yield _problem(
                    site,
                    f"  {part}:",
                    f"validation.{part}.{name} is {given.get(name, 'not given')!r}, which a strict "
                    "build passes over; "
                    "write warn",
                )


def unknown_fences_of_settings(site: Site) -> Iterator[Problem]:
    """Find the kinds of fences that the tests know and mkdocs.yml doesn't.

    The site would show their text.
    """
    extensions = _settings(site).get("markdown_extensions") or ()
    fences: list[dict[str, Any]] = next(
        (
            each["pymdownx.superfences"].get("custom_fences", [])
            for each in extensions
            if isinstance(each, dict) and "pymdownx.superfences" in each
        ),
        [],
    )
    named = {fence.get("name") for fence in fences}
    shown = {"source", "python"} & named  # a site without hooks shows outputs alone
    for name in sorted(FENCE_OPTIONS.keys() - named) if shown else ():
        yield _problem(
            site,
            "custom_fences",
            f"shows a {name} fence as plain text; name it under `custom_fences`",
        )


def untranslated_labels(site: Site) -> Iterator[Problem]:
    """Find the labels of the navigation without a translation, and translations of no label."""
    settings = _settings(site)
    plugins = settings.get("plugins")
    languages = (
        (plugins.get("i18n") or {}).get("languages", []) if isinstance(plugins, dict) else []
    )
    labels = set(_labels(settings.get("nav") or []))
    for language in (each for each in languages if not each.get("default")):
        translated = language.get("nav_translations") or {}
        for label in sorted(labels - translated.keys()):
            yield _problem(
                site,
                f"{label}:",
                f"{label!r} has no {language['locale']} name; add it to `nav_translations`",
            )
        for label in sorted(translated.keys() - labels):
            yield _problem(
                site,
                f"{label}:",
                f"`nav_translations` has {label!r}, which isn't in `nav`; take it out",
            )


def imports_without_extra(site: Site) -> Iterator[Problem]:
    """Find what the package imports and none of the extras that its folder counts on brings."""
    root = site.docs.parent
    extras = _extras(root / _PROJECT)
    if extras and "docs" in extras:
        for path in sorted((root / "tf2docs").rglob("*.py")):
            name = path.relative_to(root).as_posix()
            room = max((each for each in _ROOMS if name.startswith(f"{each}/")), key=len)
            brought = frozenset().union(*(_brought(extras, extra) for extra in _ROOMS[room]))
            for line, module in _imports(path):
                package = _BROUGHT.get(module) or _CALLED.get(module, module)
                if package not in brought:
                    yield Problem(
                        name,
                        line,
                        f"imports {module}, which the extra {' or '.join(_ROOMS[room])} doesn't "
                        f"bring; add {package} "
                        "to it in pyproject.toml",
                    )


def imports_of_page(site: Site, page: Page) -> Iterator[tuple[int, str]]:
    """Find what a page imports and no extra of the project brings."""
    running = [block for block in page.blocks if not block.raises]
    found = [
        (block.fence.line, each) for block in running for _, each in _imported(block.fence.text)
    ]
    path = site.docs.parent / _PROJECT
    brought = _brought_by_any(path.read_text("utf-8")) if found and path.is_file() else frozenset()
    for line, module in found if brought else ():
        package = _BROUGHT.get(module) or _CALLED.get(module, module)
        if package not in brought:
            yield (
                line,
                f"this block imports {module}, which no extra brings; add {package} to one in "
                f"{_PROJECT}",
            )


def files_without_licence(site: Site) -> Iterator[Problem]:
    """Find the fonts of others without their licence beside them."""
    for path in sorted((site.docs / "assets").rglob("*")):
        licences = (each.name.partition(".")[0] for each in path.parent.glob("*.LICENSE*"))
        if path.suffix in _FONTS and not any(map(path.stem.startswith, licences)):
            yield Problem(
                site.label(path),
                1,
                f"has no licence beside it; put it into {path.stem}.LICENSE.txt",
            )


def mistakes_in_guides(site: Site) -> Iterator[Problem]:
    """Find the commands, paths.

    Variables and Pythons in README and CONTRIBUTING that don't exist.
    """
    root = site.docs.parent
    for name in ("README.md", "CONTRIBUTING.md"):
        path = root / name
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        for line, message in (*commands_of_text(root, text), *wrong_pythons(root, text)):
            yield Problem(name, line, message)


def _settings(site: Site) -> dict[str, Any]:
    path = site.docs.parent / _SETTINGS
    return _read_settings(path.read_text(encoding="utf-8")) if path.is_file() else {}


@lru_cache(maxsize=4)
def _read_settings(text: str) -> dict[str, Any]:
    try:
        settings = yaml.load(text, _Loader)
    except yaml.YAMLError:
        return {}  # the navigation's reader says so
    return settings if isinstance(settings, dict) else {}


def _problem(site: Site, text: str, message: str) -> Problem:
    """A problem of the settings, at the first line that holds a text."""
    lines = (site.docs.parent / _SETTINGS).read_text(encoding="utf-8").split("\n")
    line = next((number for number, each in enumerate(lines, 1) if text in each), 1)
    return Problem(_SETTINGS, line, message)


def _labels(nav: Any) -> Iterator[str]:
    for entry in nav if isinstance(nav, list) else ():
        if isinstance(entry, dict):
            for label, inside in entry.items():
                yield str(label)
                yield from _labels(inside)


def _extras(path: Path) -> dict[str, list[str]]:
    return _extras_of(path.read_text(encoding="utf-8")) if path.is_file() else {}


@lru_cache(maxsize=4)  # every page asks for it
def _extras_of(text: str) -> dict[str, list[str]]:
    extras: dict[str, list[str]] = (
        tomllib.loads(text).get("project", {}).get("optional-dependencies", {})
    )
    return extras


def _brought(extras: dict[str, list[str]], extra: str) -> frozenset[str]:
    """The packages that an extra brings, by way of others too."""
    found: set[str] = set()
    for requirement in extras.get(extra, ()):
        if inner := re.match(r"tf2docs\[([\w,]+)\]", requirement):
            found |= frozenset().union(*(_brought(extras, each) for each in inner[1].split(",")))
        elif named := re.match(r"[\w.-]+", requirement):
            found.add(named[0].lower())
    return frozenset(found)


@lru_cache(maxsize=4)  # every page asks for it
def _brought_by_any(text: str) -> frozenset[str]:
    """The packages that any extra brings; nothing where no extra is for the site."""
    extras = _extras_of(text)
    named = extras if "docs" in extras else ()
    return frozenset().union(*(_brought(extras, extra) for extra in named))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """The packages of others that a file imports, each with its line."""
    return _imported(path.read_text(encoding="utf-8"))


def _imported(code: str) -> Iterator[tuple[int, str]]:
    for line, text in enumerate(code.split("\n"), 1):
        if found := _IMPORTS.match(text):
            module = found["whole"] or found["part"]
            if module not in _ALWAYS and module not in sys.stdlib_module_names:
                yield line, module
