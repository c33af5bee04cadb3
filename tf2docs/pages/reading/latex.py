r"""Read LaTeX closely enough to know whether all of it is shown, and to say otherwise what isn't.

The library that makes MathML of it passes over what it doesn't know: it drops environments,
comments, definitions, and braces that are never closed. So a formula is looked through before, and
what is left of it compared after.
"""

import re
from collections import Counter
from collections.abc import Iterator

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|.", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")
_COLUMNS = re.compile(r"\s*\{([^{}]*)\}")
_TEXT = re.compile(r"\\(?:text|textbf|textit|textrm|textsf|texttt|mbox|operatorname\*?)\s*\{")
_NOT_SHOWN = re.compile(  # arguments that say how, not what
    r"\\(?:begin|end)\s*\{[^{}]*\}"
    r"|\\(?:hspace|hskip|kern|mspace|textcolor|color)\*?\s*\{[^{}]*\}|\\(?:left|right|middle"
    r"|[bB]igg?[lrm]?)\s*\."
    r"|\\\\\s*\[[^\[\]]*\]"
)
_COLUMNS_OF_ARRAY = re.compile(r"\\begin\s*\{array\}\s*\{[^{}]*\}")
_OPTIONAL = re.compile(r"\\(?:sqrt|xleftarrow|xrightarrow)\s*\[([^\[\]]*)\]")
_VISIBLE = re.compile(r"[^\W_]|[-+=<>()\[\]|,./!:;?]")

ROWS = {  # environments, and what the library calls those of which it knows another
    "align": "align*",
    "align*": "align*",
    "aligned": "align*",
    "array": "array",
    "bmatrix": "bmatrix",
    "Bmatrix": "Bmatrix",
    "cases": "cases",
    "equation": "equation*",
    "equation*": "equation*",
    "gather": "matrix",
    "gather*": "matrix",
    "gathered": "matrix",
    "matrix": "matrix",
    "pmatrix": "pmatrix",
    "smallmatrix": "smallmatrix",
    "split": "split",
    "vmatrix": "vmatrix",
    "Vmatrix": "Vmatrix",
}
_UNKNOWN = {  # commands that the library drops, or that browsers don't draw
    r"\bcancel",
    r"\cancel",
    r"\class",
    r"\cssId",
    r"\DeclareMathOperator",
    r"\def",
    r"\hline",
    r"\href",
    r"\llap",
    r"\newcommand",
    r"\renewcommand",
    r"\require",
    r"\rlap",
    r"\style",
    r"\verb",
    r"\xcancel",
}
_INSTEAD = {r"\arg": r"\operatorname{arg}", r"\operatorname*": r"\operatorname"}
_ESCAPED = {
    r"\%": "%",
    r"\&": "&",
    r"\$": "$",
    r"\#": "#",
    r"\_": "_",
    r"\{": "{",
    r"\}": "}",
    r"\ ": " ",
    r"\,": "\u2009",
}
_KEPT = {character: chr(0xE000 + number) for number, character in enumerate("&<>{}$%#_^\\~")}
_RESTORED = {ord(stand_in): character for character, stand_in in _KEPT.items()}


def prepare(latex: str) -> str:
    r"""The formula as the library should read it.

    Words with stand-ins for marks, environments by names that it knows.

    Raises:
        ValueError: something in it wouldn't be shown as LaTeX shows it.

    Examples:
        >>> prepare(r"\begin{aligned} a &= b \end{aligned}")
        '{\\begin{align*} a &= b \\end{align*}}'
        >>> prepare(r"\begin{prose} a \end{prose}")
        Traceback (most recent call last):
        ValueError: the environment 'prose' isn't known
    """
    _check_braces(latex)
    _check_environments(latex)
    latex = "".join(_with_stand_ins(latex))
    for token in _TOKEN.findall(latex):
        if token in _UNKNOWN:
            raise ValueError(f"{token} isn't known")
        if token in ("%", "#", "$"):
            raise ValueError(f"a {token} is written \\{token}")
    _check_rows(latex)
    return "".join(_in_other_words(latex))


def restore(text: str) -> str:
    """A text of the result with the marks that `prepare` put stand-ins for."""
    return text.translate(_RESTORED)


def visible(latex: str) -> Counter[str]:
    r"""The letters, digits and signs of a formula that must be seen, commands aside.

    Examples:
        >>> visible(r"\sqrt[3]{x_1} + \text{of 1}") == Counter("3x1+of1")
        True
    """
    latex = _COLUMNS_OF_ARRAY.sub(" ", _OPTIONAL.sub(r" \1 ", latex))
    latex = _NOT_SHOWN.sub(" ", latex)
    return Counter(
        found
        for token in _TOKEN.findall(latex)
        if token[0] != "\\"
        for found in _VISIBLE.findall(token)
    )


def _check_braces(latex: str) -> None:
    depth = 0
    for token in _TOKEN.findall(latex):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            raise ValueError("a brace closes that never opened")
    if depth:
        raise ValueError("a brace is never closed")


def _check_environments(latex: str) -> None:
    """Raise for environments that aren't known or aren't closed.

    Also for columns of an array that have lines.
    """
    opened: list[str] = []
    for found in _ENVIRONMENT.finditer(latex):
        kind, name = found.groups()
        if name not in ROWS:
            raise ValueError(f"the environment {name!r} isn't known")
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            raise ValueError(f"\\end{{{name}}} ends nothing that begins above")
        if name == "array" and kind == "begin":
            _check_columns(_COLUMNS.match(latex, found.end()))
    if opened:
        raise ValueError(f"\\begin{{{opened[-1]}}} is never ended")


def _check_columns(found: re.Match[str] | None) -> None:
    columns = found[1].replace(" ", "") if found else ""
    if not columns or set(columns) - set("lcr"):
        raise ValueError(
            "the columns of an array are written as in {lcr}, without lines; here is "
            f"{columns or 'nothing'!r}"
        )


def _check_rows(latex: str) -> None:
    r"""Raise for `&` and `\\` where there are no rows."""
    depth, braces = 0, []
    for found in re.finditer(r"\\(begin|end)\s*\{[^{}]*\}|\\substack|\\.|[&{}]", latex, re.DOTALL):
        token = found[0]
        if found[1]:
            depth += 1 if found[1] == "begin" else -1
        elif token == r"\substack":
            braces.append("substack next")
        elif token == "{":
            braces.append("rows" if braces and braces[-1] == "substack next" else "")
        elif token == "}":
            braces = braces[:-1]
            if braces and braces[-1] == "substack next":
                braces.pop()
        elif token in ("&", r"\\") and depth == 0 and "rows" not in braces:
            raise ValueError(f"{token} stands outside of aligned, cases and matrices")


def _with_stand_ins(latex: str) -> Iterator[str]:
    r"""The pieces of the formula, the words in `\text` and its like with stand-ins for marks."""
    done = 0
    for found in _TEXT.finditer(latex):
        if found.start() < done:
            continue
        end = _closing_brace(latex, found.end())
        yield latex[done : found.end()]
        yield _as_text(latex[found.end() : end])
        done = end
    yield latex[done:]


def _closing_brace(latex: str, place: int) -> int:
    depth = 1
    for found in _TOKEN.finditer(latex, place):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0:
            return found.start()
    return len(latex)


def _as_text(words: str) -> str:
    pieces = []
    for token in _TOKEN.findall(words):
        if token in ("%", "#", "$"):
            raise ValueError(f"a {token} is written \\{token}")
        if token[0] == "\\" and token not in _ESCAPED:
            raise ValueError(f"{token} isn't known among words")
        if token in ("{", "}"):
            continue
        plain = "\u00a0" if token == "~" else _ESCAPED.get(token, token)
        pieces.append(_KEPT.get(plain, plain))
    return "".join(pieces)


def _in_braces(found: re.Match[str]) -> str:
    """The begin or the end of an environment, in braces.

    An exponent then stands on all of it.
    """
    name = ROWS[found[2]]
    return f"{{\\begin{{{name}}}" if found[1] == "begin" else f"\\end{{{name}}}}}"


def _in_other_words(latex: str) -> Iterator[str]:
    """The pieces of the formula, by the names that the library knows."""
    latex = _ENVIRONMENT.sub(_in_braces, latex)
    latex = re.sub(r"\\tag\*?\s*\{([^{}]*)\}", lambda found: rf"\qquad\text{{({found[1]})}}", latex)
    latex = latex.replace(r"\not=", r"\neq").replace(r"\not =", r"\neq")
    for token in _TOKEN.findall(latex):
        yield _INSTEAD.get(token, token)
