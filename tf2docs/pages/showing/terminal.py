"""Show a block of a page, and what pytest says when it runs that page.

A fence whose language is `pytest` holds both, so that it reads well without us, too: lines of the
page behind their numbers, an empty line, and a command behind `$` with lines that it prints.

    17 mean.reset_state()

    $ pytest docs/en/lesson.md
    4 passed
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from markdown import Markdown
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from tf2docs.pages.showing.extension import preprocessor_of

_NUMBERED = re.compile(r" *(?P<number>\d+)(?: (?P<code>.*))?")
_HTML = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Scene:
    """A block of a page, and what pytest says.

    Attributes:
        code: The lines of the page, by their number.
        command: The command that runs the page, such as `pytest docs/en/lesson.md`.
        said: Lines that it prints, in order; others may stand between them.
    """

    code: dict[int, str]
    command: str
    said: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the last line says that nothing failed."""
        return "failed" not in self.said[-1]


def read_scene(text: str) -> Scene:
    r"""Read what a fence holds.

    Raises:
        ValueError: it isn't numbered lines, an empty line, a command and what that prints.

    Examples:
        >>> read_scene("17 mean.reset_state()\n\n$ pytest docs\n4 passed\n")
        Scene(code={17: 'mean.reset_state()'}, command='pytest docs', said=('4 passed',))
    """
    page, _, session = text.partition("\n\n")
    lines = page.splitlines()
    numbered = [found for line in lines if (found := _NUMBERED.fullmatch(line))]
    command, *said = session.splitlines() or [""]
    if not (lines and len(numbered) == len(lines) and command.startswith("$ ") and said):
        raise ValueError(
            "write numbered lines of a page, an empty line, `$ ` with a command, and lines "
            "that it prints"
        )
    return Scene(
        {int(line["number"]): line["code"] or "" for line in numbered}, command[2:], tuple(said)
    )


def pytest_fence(
    source: str, language: str, class_name: str, options: dict[str, Any], md: Markdown, **rest: Any
) -> str:
    """A panel with the block, its marked line, and below it the terminal.

    Red where pytest fails, else green.
    """
    page = preprocessor_of(md)
    try:
        scene = read_scene(source)
    except ValueError as error:
        raise page.error(
            page.index_of(source.splitlines()[0] if source else ""), str(error)
        ) from error
    marked = {
        list(scene.code)[int(place) - 1] for place in rest["attrs"].get("hl_lines", "").split()
    }
    colour, sign = ("green", "✓") if scene.passed else ("red", "✗")
    shown = highlight(
        "\n".join(scene.code.values()), PythonLexer(stripnl=False), _HTML
    ).splitlines()
    lines = "".join(
        f'<span class="tf2-scene__line{" tf2-scene__marked" * (number in marked)}" '
        f'data-line="{number}">{code}\n</span>'
        for number, code in zip(scene.code, shown, strict=True)
    )
    *said, verdict = scene.said
    said = (
        "".join(f"{_with_error(line)}\n" for line in said)
        + f"<strong>{escape(verdict, quote=False)}</strong>\n"
    )
    return (
        f'<div class="tf2-scene tf2-scene--{colour}" data-search-exclude>'
        '<p class="tf2-scene__title"><span class="tf2-scene__sign" '
        f'aria-hidden="true">{sign}</span> '
        f"{escape(rest['attrs'].get('title', ''))}</p>"
        f'<pre class="highlight">{lines}</pre>'
        f'<pre class="tf2-scene__terminal"><kbd>{escape(scene.command)}</kbd>\n'
        f"<samp>{said}</samp></pre></div>"
    )


def _with_error(line: str) -> str:
    """A line that pytest prints; an error behind its place stands out."""
    return re.sub(r"(:\d+: )(\w+Error: .*)", r"\1<em>\2</em>", escape(line, quote=False))
