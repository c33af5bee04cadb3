"""Take out of what a run said what this run alone knows.

A page may show the rest, and a record keep it.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tf2docs.pages.running.jobs import Outcome, Step

_ADDRESS = re.compile(r"(?<=\bat )0x[0-9a-fA-F]{6,}")
_LIBRARY = re.compile(r"""(?<![^\s"'(\[])/\S*/(?:site-packages|dist-packages|lib/python\d\.\d+)/""")
_PLACE = re.compile(r"<block (\d+), line (\d+)>")


def tidy(outcome: Outcome, tangled: Path, steps: tuple[Step, ...]) -> Outcome:
    """An outcome without addresses, half characters and the name of the page's file.

    What an object's address was becomes `...`. Half a character, a lone surrogate, which no file
    can hold, is escaped as `print` does it. A line of the page's file becomes a block and a line in
    it, for the page to say where that is.

    Args:
        outcome: What became of a block.
        tangled: The page's code as a file.
        steps: The blocks of the page.
    """

    def place(text: str) -> str:
        return _places(_whole(text), tangled, steps)

    return replace(
        outcome,
        reason=place(outcome.reason),
        errors=_without_folders(_ADDRESS.sub("...", place(outcome.errors)), tangled.parent),
        printed=_ADDRESS.sub("...", _whole(outcome.printed)),
        figures=[(_whole(svg), list(map(_whole, shows))) for svg, shows in outcome.figures],
        values={name: _value(value) for name, value in outcome.values.items()},
        mistakes={name: place(mistake) for name, mistake in outcome.mistakes.items()},
    )


def with_lines(text: str, line_of: Callable[[int, int], str]) -> str:
    """A text with the page's own line wherever a block and a line in it are named.

    Args:
        text: A tidy text.
        line_of: Names a line of the page, from the index of a block and a line in it.

    Examples:
        >>> with_lines("<block 2, line 1>: no", lambda block, line: f"page.md:{10 * block + line}")
        'page.md:11: no'
    """
    return _PLACE.sub(lambda found: line_of(int(found[1]) - 1, int(found[2])), text)


def _whole(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _value(value: Any) -> Any:
    return _ADDRESS.sub("...", _whole(value)) if isinstance(value, str) else value


def _places(text: str, tangled: Path, steps: tuple[Step, ...]) -> str:
    """The text with blocks for the lines of the page's file.

    However Python and its libraries write them.
    """
    name = re.escape(str(tangled))
    lines = re.compile(rf'File "{name}", line (\d+)|"?{name}"?(?::|, line )(\d+)')

    def block(found: re.Match[str]) -> str:
        line = int(found[1] or found[2])
        above = [index for index, step in enumerate(steps) if step.line < line]
        return (
            f"<block {above[-1] + 1}, line {line - steps[above[-1]].line}>"
            if above
            else tangled.name
        )

    return lines.sub(block, text).replace(str(tangled), tangled.name)


def _without_folders(text: str, own: Path) -> str:
    """The text without this machine's folders: libraries', and the one of the run."""
    return _LIBRARY.sub(".../", text).replace(str(own), "...")
