"""What may stand behind the back-ticks that open a fence.

One table and one reader for the site and for the tests.

An option stands in braces after the fence's language:

    ```python {#train title="Train the model" data-rtol="0.1"}
"""

import re
from collections.abc import Iterator

from tf2docs.pages.reading.conventions import OURS, Conventions

# A class is written with its dot, an id as `#`, everything else by the name before its `=`.
FENCE_OPTIONS: dict[str, frozenset[str]] = {
    "python": frozenset(
        {
            "#",
            "title",
            "hl_lines",
            "linenums",
            "data-raises",  # the exception that the block must end with
            "data-rtol",  # how far a decimal in the output below may lie off, relative
            "data-atol",  # the same, absolute
            "data-keeps",  # the file that the block must leave in its working folder, for the site
            ".gpu",  # needs a GPU
            # what it prints or draws differs from machine to machine, its numbers don't count
            ".varies",
            ".stderr",  # what it writes to standard error belongs to its output
            ".norun",  # isn't run, and says why:
            "data-reason",
        }
    ),
    "output": frozenset({"data-rtol", "data-atol"}),
    "source": frozenset({"title"}),
    "install": frozenset({".linux"}),  # commands that get the package; .linux: for Linux alone
    "mermaid": frozenset(),  # a diagram
    "versions": frozenset(),  # the table of versions that the pages ran on
    "lessons": frozenset(),  # the learning path
    "map": frozenset(),  # the map of the lessons that stand below some headings
    "changes": frozenset(),  # the table of what became of old code
    "pytest": frozenset({"title", "hl_lines"}),  # a block of some page, and what pytest says of it
    "checks": frozenset(),  # the checks with a code
    "comparison": frozenset(),  # what this harness catches, beside others
}

RECORD_FENCES = frozenset({"versions", "comparison"})
"""Fences that hold the name of a record and show what is in it."""

# Fences that are shown and nothing else; any other name is taken for a slip, such as `pyton`.
SHOWN_LANGUAGES = frozenset(
    {"bash", "console", "csv", "html", "ini", "json", "markdown", "text", "toml", "yaml"}
)

_INFO = re.compile(r"(?P<language>[\w+#.-]*)(?:(?:[ \t]+|(?<=\A))\{(?P<options>[^\n]*)\})?\Z")
_OPTION = re.compile(
    r'(?<!\S)(?:(?P<key>[A-Za-z][\w-]*)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))'
    r"|\.(?P<flag>[A-Za-z][\w-]*)|\#(?P<id>[A-Za-z][\w-]*))(?=\s|\Z)",
    re.A,
)
_ALIASES = {"python", "py", "python3", "pycon", "py3", "ipython"}


def read_info(info: str, conventions: Conventions = OURS) -> tuple[str, dict[str, str], list[str]]:
    """Read the language and the options of a fence, and say what is wrong with them.

    Options that the site's conventions ignore are left out.

    Examples:
        >>> read_info('python {#train .gpu title="Train"}')
        ('python', {'#': 'train', '.gpu': '', 'title': 'Train'}, [])
    """
    found = _INFO.match(info.strip())
    if not found:
        language = re.split(r"[\s{]", info.strip(), maxsplit=1)[0]
        return (
            language,
            {},
            [f"can't read {info.strip()!r}: write the options in braces, ```{language} {{…}}"],
        )
    language, text = found["language"], found["options"] or ""
    known = FENCE_OPTIONS.keys() | SHOWN_LANGUAGES | conventions.shown_languages
    if language.lower().lstrip(".") in _ALIASES and language not in known:
        return language, {}, [f"a fence called {language!r} would not be run; call it 'python'"]
    if language not in known:
        names = ", ".join(sorted(known - {""}))
        return (
            language,
            {},
            [f"a fence called {language!r} would only be shown; call it 'text', or one of {names}"],
        )
    options = dict(_read_options(text))
    for name in conventions.ignored_options & options.keys():
        del options[name]
    rest = _OPTION.sub("", text).strip()
    mistakes = [f"can't read {rest!r} in the options {{{text}}}"] if rest else []
    allowed = FENCE_OPTIONS.get(language)
    if allowed is not None:
        unknown = sorted("#" if name == "#" else name for name in options.keys() - allowed)
        mistakes += [
            f"a {language} fence has no option {name!r}; it may have "
            f"{', '.join(sorted(allowed)) or 'none'}"
            for name in unknown
        ]
    return language, options, mistakes


def _read_options(text: str) -> Iterator[tuple[str, str]]:
    for option in _OPTION.finditer(text):
        if option["flag"]:
            yield f".{option['flag']}", ""
        elif option["id"]:
            yield "#", option["id"]
        else:
            yield (
                option["key"],
                option["quoted"] if option["quoted"] is not None else option["bare"],
            )
