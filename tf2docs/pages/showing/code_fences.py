"""Show the fences of a page.

Each function here is a formatter that SuperFences calls by its setting.
"""

import re
from html import escape
from pathlib import Path
from textwrap import dedent
from typing import Any

from markdown import Markdown

from tf2docs.pages.reading.definitions import find_definition, shorten_docstrings
from tf2docs.pages.showing.extension import preprocessor_of
from tf2docs.pages.showing.words import WORDS

# Lines that may wrap: messages, and long ones without columns, bars or boxes.
_PROSE = re.compile(r"\b\w+(Error|Exception|Warning)\b.*|(?=.{81})(?!.*(\S {2}|[\u2500-\u259f])).*")
# Names, spaces, operators and punctuation, which look like any other code, and an empty element
# that Markdown puts before it: more than half of a page's elements.
_PLAIN = re.compile(r'<span class="(?:n|w|o|p|kc|sa)">([^<]*)</span>|(?<=<pre>)<span></span>')
# A comment, a docstring, line numbers: one element for each line.
_SAME = re.compile(
    r'<span class="([a-z]{1,2}\d?|normal)">[^<]*(?:</span>\s*<span class="\1">[^<]*)+</span>'
)
_SPAN = re.compile(r"</?span[^>]*>")
_highlighted: dict[str, str] = {}


def python_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """Highlight code as usual, below what is unusual about it.

    It raises, needs a GPU, isn't run.
    """
    labels, attributes = _labels(md), rest["attrs"]
    marks = []
    if raised := attributes.get("data-raises"):
        marks.append(f"{labels['raises']}<code>{escape(raised)}</code>")
    if "gpu" in rest["classes"]:
        marks.append(labels["gpu"])
    if "norun" in rest["classes"]:
        marks.append(labels["norun"] + escape(attributes.get("data-reason", "")))
    # What is left of the options is for the tests alone.
    code = _highlight_once(source, options, md, **rest | {"attrs": {}, "classes": []})
    return (
        "".join(f'<p class="tf2-mark" data-search-exclude>{mark}</p>' for mark in marks)
        + code
        + _time(md)
    )


def _labels(md: Markdown) -> dict[str, str]:
    """The labels in the page's language, or in English where there are none."""
    return WORDS.get(preprocessor_of(md).language, WORDS["en"])


def _time(md: Markdown) -> str:
    """A quiet mark with the seconds that the block took when the page was last run in full."""
    page = preprocessor_of(md)
    seconds = next(page.seconds, None)
    if seconds is None:
        return ""
    shown = short_seconds(seconds)
    label = _labels(md)["ran"].format(shown)
    return f'<p class="tf2-ran" title="{escape(label)}" data-search-exclude>✓ {escape(shown)} s</p>'


def short_seconds(seconds: float) -> str:
    """Two digits are enough, and more before the point are whole: 0.28, 3.7, 212."""
    if seconds < 0.01:
        return "<0.01"
    return f"{seconds:.0f}" if seconds >= 9.95 else f"{seconds:.2g}"


def output_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """Show what the block above printed, told apart from code and not offered for copying."""
    label = _labels(md)["output"]
    shown = "\n".join(_show_line(line) for line in source.split("\n"))
    # A group, not a region: regions are landmarks, and a page has many outputs. The keyboard can
    # scroll it.
    group = f'<div class="tf2-output" role="group" aria-label="{label}">'
    return f'{group}<pre tabindex="0"><samp>{shown}</samp></pre></div>'


def _show_line(line: str) -> str:
    """A line of output, marked where it may wrap."""
    shown = escape(line, quote=False)
    return f'<span class="tf2-output__words">{shown}</span>' if _PROSE.fullmatch(line) else shown


def source_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """Show the definition that a dotted name stands for.

    Its file and a link to its full documentation stand above.
    """
    page, name = preprocessor_of(md), source.strip()
    try:
        definition = find_definition(name)
    except LookupError as error:
        mend = "give the dotted name of a function, a class or a constant"
        raise page.error(page.index_of(name), f"{error.args[0]}; {mend}") from error
    title = options.get("title") or _path_in_package(definition.path, name.partition(".")[0])
    link = f'<autoref identifier="{escape(name)}" optional><code>{escape(name)}</code></autoref>'
    options = {"title": f"{escape(title)} {link}", "title_mode": "html"}
    return _highlight(shorten_docstrings(dedent(definition.text)), options, md, **rest)


def _highlight(source: str, options: dict[str, Any], md: Markdown, **rest: Any) -> str:
    """Python, highlighted as SuperFences would do without us."""
    superfences: Any = md.preprocessors["fenced_code_block"]
    return str(superfences.highlight(source, "python", options, md, **rest))


def _highlight_once(source: str, options: dict[str, Any], md: Markdown, **rest: Any) -> str:
    """The same, remembered, since both languages show the same code.

    Not for a title in HTML, which `md` keeps.
    """
    key = repr((source, options, rest))
    if key not in _highlighted:
        _highlighted[key] = _highlight(source, options, md, **rest)
    return _highlighted[key]


def _path_in_package(path: Path, package: str) -> str:
    """A file's path from its package on, such as `tf2docs/models.py`."""
    root = next(parent for parent in path.parents if parent.name == package)
    return path.relative_to(root.parent).as_posix()


def without_plain_spans(html: str) -> str:
    r"""The page without the elements around what highlighted code shows like any other text.

    Neighbours that look alike share one.

    Examples:
        >>> without_plain_spans('<span class="n">x</span><span class="w"> </span>')
        'x '
        >>> without_plain_spans('<span class="o">-</span><span class="mi">1</span>')
        '-<span class="mi">1</span>'
        >>> without_plain_spans('<span class="c1"># a</span>\n<span class="c1"># b</span>')
        '<span class="c1"># a\n# b</span>'
    """
    return _SAME.sub(_joined, _PLAIN.sub(r"\1", html))


def _joined(alike: re.Match[str]) -> str:
    """Elements of one class as one."""
    return f'<span class="{alike[1]}">{_SPAN.sub("", alike[0])}</span>'
