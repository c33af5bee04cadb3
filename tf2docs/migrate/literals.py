"""What a literal in code is: a type, a value, or text with an ending."""

import ast

__all__ = ["is_joining", "is_value"]

_TYPES = {"int": int, "str": str}


def is_value(node: ast.AST, value: str) -> bool:
    """Whether an expression is what a pattern asks for; what can't be known isn't.

    Args:
        node: The expression.
        value: The pattern's value: `<int>`, `<str>`, `<list>`, `<several>` for a
            list of more than one; `<ends .h5 .hdf5>`, or `<not .h5>`
            for text that ends in none of these, and `but` before endings that don't count;
            `<has />`; or a literal. Anything where it is empty.

    Examples:
        >>> is_value(ast.parse("'a.h5'", mode="eval").body, "<ends .h5 .hdf5>")
        True
        >>> is_value(ast.parse("folder + name", mode="eval").body, "<not .h5>")
        False
    """
    if not value:
        return True
    if not value.startswith("<"):
        return isinstance(node, ast.Constant) and node.value == ast.literal_eval(value)
    kind, *pieces = value[1:-1].split(" ")
    if kind in ("list", "several"):
        return isinstance(node, ast.List) and (kind == "list" or len(node.elts) > 1)
    if kind in _TYPES:
        return isinstance(node, ast.Constant) and type(node.value) is _TYPES[kind]
    barred = pieces[pieces.index("but") + 1 :] if "but" in pieces else []
    text = _end(node)
    return _is_text(text, kind, tuple(pieces)) and not text.endswith(tuple(barred))


def is_joining(node: ast.Call) -> bool:
    """Whether a call joins a path, as `os.path.join(folder, "a.h5")` does.

    Args:
        node: The call.
    """
    return isinstance(node.func, ast.Attribute) and node.func.attr == "join" and bool(node.args)


def _is_text(text: str, kind: str, pieces: tuple[str, ...]) -> bool:
    if kind == "has":
        return any(piece in text for piece in pieces)
    return bool(text) and text.endswith(pieces) == (kind == "ends")


def _end(node: ast.AST) -> str:
    """The text at the end of an expression, such as `.h5` of `name + ".h5"`; empty if unknown."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _end(node.right)
    if isinstance(node, ast.Call) and is_joining(node):
        return _end(node.args[-1])
    return _end(node.values[-1]) if isinstance(node, ast.JoinedStr) else ""
