"""Say what a page of ours says in the words of other tools, so that comparing with them is fair.

Stock Sybil and pytest-examples know neither our `output` fences nor our options. Left as they are,
pages would show them code and no claim. So every page is rewritten, damaged or not, into the form
in which each tool documents that it checks outputs and exceptions. What they have no form for
(numbers in prose, symbols, figures, twins, records) stays.
"""

import ast
import re
from collections.abc import Callable, Sequence

from tf2docs.pages.running.tangling import parses

_BLOCK = re.compile(
    r"^```python(?: \{(?P<options>[^\n]*)\})?\n(?P<code>.*?)^```$"
    r"(?:\s*^```output[^\n]*\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
_RAISES = re.compile(r'data-raises="(\w+)"')

Recorded = Sequence[Sequence[str]]
"""The lines that each block of the undamaged page prints."""


def for_sybil(text: str, recorded: Recorded) -> str:
    """The page with each claim as a doctest, which is how stock Sybil checks outputs in Markdown.

    A block becomes one doctest example, so that its whole output is compared, with `...` as
    ELLIPSIS. An exception that is meant becomes a doctest traceback. A block without claim stays a
    plain block. Options are taken away, since stock Sybil skips a fence that has any. `.norun`
    becomes `<!--- skip: next --->`.
    """
    return _rewrite(text, recorded, _as_doctest)


def for_pytest_examples(text: str, recorded: Recorded) -> str:
    """The page with each claim as `#>` comments below the `print` that made it.

    Every print needs them, so what a block prints without claim is taken from the record, and so
    are lines that the page cuts with `...`, for which there is no form. An exception that is meant
    is caught and printed, and a block that stops raising fails. `.norun` stays behind the language,
    and the test skips such a block.
    """
    return _rewrite(text, recorded, _with_comments)


def _rewrite(text: str, recorded: Recorded, form: Callable[[re.Match, Sequence[str]], str]) -> str:
    blocks = list(_BLOCK.finditer(text))
    printed = [*recorded, *([[]] * len(blocks))]  # a damage may add a block
    for block, lines in reversed(list(zip(blocks, printed, strict=False))):
        text = text[: block.start()] + form(block, lines) + text[block.end() :]
    return text


def _as_doctest(block: re.Match, recorded: Sequence[str]) -> str:
    code, options = block["code"], block["options"] or ""
    skip = "<!--- skip: next --->\n\n" if ".norun" in options else ""
    raises = _RAISES.search(options)
    if not parses(code) or (block["output"] is None and not raises):
        return f"{skip}```python\n{code}```"
    claim = [line or "<BLANKLINE>" for line in (block["output"] or "").splitlines()]
    if raises:
        claim = ["Traceback (most recent call last):", *(claim or [f"{raises[1]}: ..."])]
    source = [">>> if True:", *(f"...     {line}" for line in code.splitlines())]
    return "\n".join([f"{skip}```python", *source, *claim, "```"])


def _with_comments(block: re.Match, recorded: Sequence[str]) -> str:
    code, options = block["code"], block["options"] or ""
    norun = " {.norun}" if ".norun" in options else ""
    if raises := _RAISES.search(options):
        code = _caught(code, raises[1])
    claim = (
        list(recorded)
        if block["output"] is None
        else _uncut(block["output"].splitlines(), recorded)
    )
    return f"```python{norun}\n{_commented(code, claim) if parses(code) else code}```"


def _caught(code: str, exception: str) -> str:
    body = "".join(f"    {line}\n" for line in code.splitlines())
    return (
        f"try:\n{body}except {exception} as error:\n"
        '    print(f"{type(error).__name__}: {error}")\n'
        'else:\n    raise AssertionError("nothing was raised")\n'
    )


def _uncut(shown: list[str], recorded: Sequence[str]) -> list[str]:
    """The output with the lines that a `...` at its end stands for."""
    return [*shown[:-1], *recorded[len(shown) - 1 :]] if shown and shown[-1] == "..." else shown


def _commented(code: str, claim: list[str]) -> str:
    """The code with each line of its output below a print.

    One for each, and what is left for the last.
    """
    lines = code.splitlines()
    calls = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Expr) and _is_print(node.value)
    ]
    prints = sorted((node.end_lineno or 0, node.col_offset) for node in calls)
    shares = [[line] for line in claim[: len(prints) - 1]] + [claim[len(prints) - 1 :]]
    for (line, column), share in reversed(list(zip(prints, shares, strict=False))):
        lines[line:line] = [f"{' ' * column}#> {text}" for text in share]
    return "\n".join(lines) + "\n"


def _is_print(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    )
