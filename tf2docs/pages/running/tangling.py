"""Write a page's code as a Python file whose line numbers are the page's.

The code needs a real file of its own: AutoGraph and `inspect` parse the whole file that a function
came from, debuggers and linters open it, and none of them can read prose.
"""

import ast
from collections.abc import Iterable

from tf2docs.pages.reading.page import Block


def tangle(blocks: Iterable[Block]) -> str:
    """The code of all blocks, each line where it stands on the page, everything else blank.

    A block that isn't Python (its page shows the SyntaxError) is left out: the file must parse.
    """
    lines: list[str] = []
    for block in blocks:
        if parses(block.fence.text):
            lines += [""] * (block.fence.line - len(lines))
            lines += block.fence.text.rstrip("\n").split("\n")
    return "\n".join(lines) + "\n"


def parses(code: str) -> bool:
    """Whether a piece of code is Python."""
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True
