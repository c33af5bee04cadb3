"""Name code by what it does: equal keys, equal code, whatever its comments and layout."""

import ast
import functools
import hashlib
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from tf2docs.pages.reading.definitions import find_definition
from tf2docs.pages.reading.page import Block
from tf2docs.pages.reading.symbols import find_comments

_MEANING = ("data-raises", ".gpu", ".norun", ".stderr")
_RARE = ("data-keeps",)  # part of the key only where it is given


@functools.lru_cache(maxsize=4096)  # a page, its twin, its run and its record ask for the same code
def normal_form(code: str) -> str:
    """The code as its syntax tree: comments and layout are gone, docstrings stay.

    Examples:
        >>> normal_form("x = 1  # 一") == normal_form("x=1")
        True
    """
    try:
        return _spell(ast.parse(code))
    except SyntaxError:
        return code


def definition_key(name: str) -> str:
    """A key for what a dotted name stands for, with its comments, whatever its layout.

    Raises:
        LookupError: there is no such definition.
    """
    code = textwrap.dedent(find_definition(name).text)
    tree = ast.parse(code)
    for text in _docstrings(tree):
        text.value = " ".join(str(text.value).split())
    comments = "".join(f"\n{comment}" for _, comment in find_comments(code))
    return hashlib.sha256(f"{_spell(tree)}{comments}".encode()).hexdigest()[:16]


def _docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """The docstrings of a tree's classes and functions."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        match node.body[0]:
            case ast.Expr(value=ast.Constant(value=str()) as text):
                yield text


def _spell(value: Any) -> str:
    """A syntax tree as text, the same in every Python.

    `ast.dump` writes empty fields in some and not in others.
    """
    if isinstance(value, list):
        return f"[{', '.join(map(_spell, value))}]"
    if not isinstance(value, ast.AST):
        return repr(value)
    fields = (
        f"{name}={_spell(field)}"
        for name, field in ast.iter_fields(value)
        if field not in (None, [])
    )
    return f"{type(value).__name__}({', '.join(fields)})"


def block_keys(blocks: Iterable[Block]) -> list[str]:
    """A key for each block.

    It is made of its code and of the options that change what running it means.
    """
    texts = (f"{normal_form(block.fence.text)}{_meaning(block.fence.options)}" for block in blocks)
    return [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]


def _meaning(options: dict[str, str]) -> dict[str, str | None]:
    return {name: options.get(name) for name in _MEANING} | {
        name: options[name] for name in _RARE if name in options
    }
