"""Rules for commands, in bash fences and in inline code.

Extras, modules, options, files and variables exist.
"""

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path

from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.installed_names import folder_of
from tf2docs.pages.reading.page import Page, once_per_page
from tf2docs.pages.reading.site import Site

Found = Iterator[tuple[int, str]]

_PROGRAMS = {  # where the options of a program stand in its sources
    "mkdocs": ("mkdocs/__main__.py",),
    "pip": ("pip/_internal/cli/cmdoptions.py", "pip/_internal/commands/*.py"),
    "pytest": (
        "_pytest/*.py",
        "_pytest/config/*.py",
        "xdist/*.py",
        "tf2docs/pages/testing/plugin.py",
    ),
    "ruff": (),
}
_COMMANDS = ("bash", "console", "install")  # fences with commands
_INLINE = re.compile(r"`([^`\n]+)`")
_SPLIT = re.compile(r"&&|\|\||;|\||#.*")
_ASSIGNMENT = re.compile(r"([A-Z][A-Z0-9_]+)=\S*")
_OPTION = re.compile(r"--[a-z][a-z-]+")
_EXTRAS = re.compile(r"(?:\.|tf2docs)\[([\w,-]+)\]")
_MODULE = re.compile(r"(?<!\S)-m (tf2docs[\w.]*)")
_OURS = re.compile(r"tf2docs(?:\.\w+)+")
_BESIDE = ("jupyter", "notebook", "pip", "tensorflow", "tensorflow-gpu")  # the last is told as gone
_REQUIRED = re.compile(r"(?<![\w\[.,/-])[A-Za-z][\w-]*(?=$|[\s\"'=<>~\[])")
_ONE_EQUALS = re.compile(r"(?<!\S)([A-Za-z][\w-]*)=(\d[\w.*]*)(?!\S)")
_MARKER = re.compile(r"[a-z_]+")
_PLAIN = re.compile(r"[a-z_]+")
_WORTH_A_LOOK = re.compile(r"--|tf2docs|TF2DOCS|\[|pip install")
_IMPORT = re.compile(r"from (tf2docs[\w.]*) import (\w+)")
_VARIABLE = re.compile(r"\b(TF2DOCS_[A-Z_]+)\b")
_PATH = re.compile(r"(?:\.ci|\.github|docs|tests|tf2docs)/[\w./-]*\w/?")
_NAME = re.compile(
    r"(?<![\w/-])(?:[A-Z]{2,}[A-Z_]{2,}|data-[a-z]+|[a-z]+(?:_[a-z]+)+|(?:[A-Z][a-z]+){2,})(?![\w-]|\.(?:py|md)\b)"
)
_TABLE = re.compile(r"^[A-Z_]{4,}\b", re.MULTILINE)
_SOURCES = (
    *("*.py", "*.toml", "*.yml", ".ci/*", ".github/**/*.yml", "docs/*.py", "docs/assets/**/*.js"),
    *("docs/overrides/*.html", "tf2docs/**/*.py", "tf2docs/**/*.toml"),
)
_FENCE_LINE = re.compile(r" *(`{3,}|~{3,})(\w*)[^`]*$")  # not code that begins a line
_MADE_UP = re.compile(r"my-page|…|<|\*|/p\.md|test_x")


def commands_of_page(site: Site, page: Page) -> Found:
    """Find the commands of a page with an extra, a module.

    An option or a variable that doesn't exist.
    """
    root = site.docs.parent
    for fence in page.fences:
        if fence.language in _COMMANDS:
            for number, command in enumerate(fence.text.split("\n"), 1):
                for mistake in mistakes_of(command, root):
                    yield fence.line + number, mistake
    for start, end in page.code:
        code = page.text[start:end].strip("` ")
        for mistake in mistakes_of(code, root) if _WORTH_A_LOOK.search(code) else ():
            yield page.line_of(start), mistake
        if _OPTION.match(code) and (root / "pyproject.toml").is_file():
            known = _all_options(root) | set(_OPTION.findall(_commands(page)))
            for mistake in _unknown("the option", _OPTION.findall(code), known):
                yield page.line_of(start), mistake


@once_per_page
def _commands(page: Page) -> str:
    return "\n".join(fence.text for fence in page.fences)


def commands_of_text(root: Path, text: str) -> Found:
    """The same in a file beside the pages, such as README, and the paths that it names."""
    for line, language, words in _lines_with_languages(text):
        if language in _COMMANDS:
            yield from ((line, mistake) for mistake in mistakes_of(words, root))
        for found in _INLINE.finditer(words) if language is None else ():
            said = mistakes_of(found[1], root), _missing_paths(found[1], root)
            for mistake in (*chain(*said), *_unknown_names(found[1], root)):
                yield line, mistake


def _unknown_names(code: str, root: Path) -> Iterator[str]:
    """The options at the beginning of inline code, and the names, that nothing here has."""
    if (root / "pyproject.toml").is_file() and not _MADE_UP.search(code):
        if _OPTION.match(code):
            yield from _unknown("the option", _OPTION.findall(code), _all_options(root))
        yield from _unknown("the name", _NAME.findall(code), _names(root))


@lru_cache(maxsize=8)
def _names(root: Path) -> frozenset[str]:
    """The names that stand in the project's code, scripts and settings, and its tests' tables."""
    paths = (path for pattern in _SOURCES for path in root.glob(pattern) if path.is_file())
    texts = (path.read_text("utf-8", errors="ignore") for path in paths)
    tests = (path.read_text("utf-8") for path in root.glob("tests/**/*.py"))
    tables = (name for text in tests for name in _TABLE.findall(text))
    return frozenset(name for text in texts for name in _NAME.findall(text)).union(tables)


def _lines_with_languages(text: str) -> Iterator[tuple[int, str | None, str]]:
    """The lines of a text, each with the language of the fence that it stands in.

    None outside of any.
    """
    ticks, language = "", None
    for line, words in enumerate(text.split("\n"), 1):
        found = _FENCE_LINE.match(words)
        if found and not ticks:
            ticks, language = found[1], found[2]
        elif found and found[1] == ticks and not found[2]:
            ticks, language = "", None
        else:
            yield line, language, words


def mistakes_of(command: str, root: Path) -> Iterator[str]:
    """What a line of commands names that doesn't exist.

    Args:
        command: The line.
        root: The folder that holds pyproject.toml, where there is one.
    """
    if not (root / "pyproject.toml").is_file():
        return
    for names in _EXTRAS.findall(command):
        yield from _unknown("the extra", names.split(","), _extras(root))
    for module in _MODULE.findall(command):
        if not _is_module(root, module):
            yield f"there is no module {module}; name one"
    for module, name in _IMPORT.findall(command):
        yield from _missing_import(f"{module}.{name}")
    yield from _unknown("the variable", _VARIABLE.findall(command), _variables(root))
    yield from _misspelt_packages(command, root)
    for part in _SPLIT.split(command):
        words = [word for word in part.split() if not _ASSIGNMENT.fullmatch(word)]
        if "-m" in words:
            yield from _unknown_words(words[words.index("-m") + 1 :], root)
        if words and _program(words) == "pytest" and "-m" in words[:-1]:
            markers = _MARKER.findall(words[words.index("-m") + 1])
            yield from _unknown("the marker", markers, _markers(root))
        known = _options(root, _program(words)) if words else frozenset()
        if known:
            yield from _unknown("the option", _OPTION.findall(part), known)


def _misspelt_packages(command: str, root: Path) -> Iterator[str]:
    """The packages to install that are nearly one of the project's, and versions behind one =."""
    known = _packages(root)
    for name in _REQUIRED.findall(command.partition("pip install ")[2]):
        near = get_close_matches(name.lower(), known, n=1, cutoff=0.85)
        if near and name.lower() not in known:
            yield f"nothing here needs the package {name}; is it {near[0]}?"
    for name, version in _ONE_EQUALS.findall(command):
        if name.lower() in known:
            yield f"{name}={version} asks pip for no version; write {name}=={version}"


@lru_cache(maxsize=8)
def _packages(root: Path) -> frozenset[str]:
    """The packages that pyproject.toml names, and what readers run lessons in."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project", {})
    extras = project.get("optional-dependencies", {}).values()
    needed = [*project.get("dependencies", ()), *(each for extra in extras for each in extra)]
    names = {found[0].lower() for each in needed if (found := re.match(r"[\w-]+", each))}
    return frozenset({*names, str(project.get("name", "")), *_BESIDE})


@lru_cache(maxsize=8)
def _markers(root: Path) -> frozenset[str]:
    """The markers of pytest that the project registers, and the words that join them."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("tool", {})
    options = settings.get("pytest", {}).get("ini_options", {})
    names = {str(each).partition(":")[0].strip() for each in options.get("markers", ())}
    return frozenset({*names, "and", "or", "not"})


def _missing_import(name: str) -> Iterator[str]:
    try:
        find_definition(name)
    except LookupError as error:
        yield f"can't import {name}: {error}"


def _unknown(what: str, names: list[str], known: frozenset[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            mend = f"is it {near[0]}?" if near else f"there are {', '.join(sorted(known)[:12])}"
            yield f"{what} {name} doesn't exist; {mend}"


def _unknown_words(words: list[str], root: Path) -> Iterator[str]:
    """The words behind a module of ours, no options and not behind one.

    That its sources don't quote.
    """
    module, *rest = words
    quoted = _quoted(root, module) if _OURS.fullmatch(module) else frozenset()
    said = [word for above, word in pairwise(words) if not above.startswith("-")]
    if quoted and rest:
        yield from _unknown("the word", [word for word in said if _PLAIN.fullmatch(word)], quoted)


@lru_cache(maxsize=64)
def _quoted(root: Path, module: str) -> frozenset[str]:
    """The plain words that the sources of a module quote.

    Its subcommands, and the names that it knows.
    """
    folder = root.joinpath(*module.split("."))
    paths = [folder.with_suffix(".py"), *folder.glob("*.py")]
    texts = [path.read_text("utf-8") for path in paths if path.is_file()]
    return frozenset(word for text in texts for word in re.findall(r"[\"']([a-z_]+)[\"']", text))


def _program(words: list[str]) -> str:
    """The program that some words call.

    `.venv/bin/pytest` is pytest, `python -m tf2docs.pages` is tf2docs.pages.
    """
    name = words[0].rpartition("/")[2]
    if name.startswith("python") and "-m" in words[:-1]:
        return words[words.index("-m") + 1]
    return name


@lru_cache(maxsize=64)
def _options(root: Path, program: str) -> frozenset[str]:
    """The long options of a program, as its sources write them.

    None where they aren't installed.
    """
    patterns = _PROGRAMS.get(program, ())
    if _OURS.fullmatch(program):
        patterns = (f"{program.replace('.', '/')}/**/*.py",)
    found: set[str] = set()
    for pattern in patterns:
        package, _, rest = pattern.partition("/")
        folder = root / package if package == "tf2docs" else folder_of(package)
        for path in folder.glob(rest) if folder else ():
            found |= set(re.findall(r"[\"'](--[a-z][a-z-]+)", path.read_text("utf-8")))
    return frozenset(found)


@lru_cache(maxsize=8)
def _all_options(root: Path) -> frozenset[str]:
    """The long options of all programs that are known here, and of all modules of the project."""
    texts = (path.read_text("utf-8") for path in (root / "tf2docs").rglob("*.py"))
    ours = {each for text in texts for each in re.findall(r"[\"'](--[a-z][a-z-]+)", text)}
    return frozenset(ours).union(*(_options(root, program) for program in _PROGRAMS))


@lru_cache(maxsize=8)
def _extras(root: Path) -> frozenset[str]:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8")).get("project", {})
    return frozenset(project.get("optional-dependencies", {}))


@lru_cache(maxsize=8)
def _variables(root: Path) -> frozenset[str]:
    """The environment variables of the project: those that its code or its settings ask for."""
    paths = [root / "mkdocs.yml", *(root / "tf2docs").rglob("*.py"), *(root / "docs").glob("*.py")]
    texts = (path.read_text("utf-8") for path in paths if path.is_file())
    return frozenset(name for text in texts for name in _VARIABLE.findall(text))


def _is_module(root: Path, name: str) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _missing_paths(code: str, root: Path) -> Iterator[str]:
    for name in _PATH.findall(code) if not _MADE_UP.search(code) else ():
        if not (root / name).exists():
            yield f"there is no {name}; name a file or folder that is there"
