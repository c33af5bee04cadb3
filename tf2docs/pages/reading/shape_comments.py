"""Shapes that comments state of what a line makes: `logits = model(images)  # (batch, 10)`."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["ShapeComment", "shape_comments", "wrong_size"]

_SHAPE = re.compile(r"# \(((?:\w+, )*\w+,?)\)")


@dataclass(frozen=True)
class ShapeComment:
    """What a comment says of the shape of a name.

    Attributes:
        line: The line of the block, counted from 1.
        name: What the line assigns.
        sizes: One a dimension: a whole number, or a word that stands for one.
    """

    line: int
    name: str
    sizes: tuple[str, ...]

    @property
    def expression(self) -> str:
        """Python that tells the name's shape, to be run behind the block."""
        return f'str(tuple(getattr({self.name}, "shape", ())))'

    def __str__(self) -> str:
        return f"({', '.join(self.sizes)}{',' if len(self.sizes) == 1 else ''})"


def shape_comments(code: str) -> Iterator[ShapeComment]:
    """Find the comments that state a shape which holds behind the block.

    Those of names that are assigned once and outside functions, since others are gone by then.

    Args:
        code: Python. Nothing is found in what isn't.

    Examples:
        >>> found = shape_comments("ink = images.mean(axis=0)  # (28, 28)")
        >>> [(each.line, each.name, str(each)) for each in found]
        [(1, 'ink', '(28, 28)')]
    """
    if "# (" not in code:
        return
    try:
        tree = ast.parse(code)
        comments = dict(_comments(code))
    except (SyntaxError, tokenize.TokenError):
        return
    stored = [node.id for node in _outside_functions(tree) if _is_stored(node)]
    for node in _outside_functions(tree):
        said = comments.get(getattr(node, "end_lineno", 0))
        if said is None or not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name) and stored.count(target.id) == 1:
            sizes = tuple(said.rstrip(",").split(", "))
            yield ShapeComment(node.end_lineno or node.lineno, target.id, sizes)


def wrong_size(comment: ShapeComment, shape: str, *, small: bool) -> bool:
    """Say whether a shape isn't what the comment states.

    Args:
        comment: What a page says.
        shape: The shape as `expression` tells it; `()` is also that of what has none.
        small: Whether the run had small data: how many examples there are doesn't count then.

    Examples:
        >>> [comment] = shape_comments("x = f()  # (n, 10)")
        >>> wrong_size(comment, "(5, 10)", small=False), wrong_size(comment, "(5, 9)", small=False)
        (False, True)
        >>> wrong_size(comment, "(5, 10, 1)", small=True)
        True
    """
    sizes = re.findall(r"\w+", shape)
    if not sizes:
        return False
    if len(sizes) != len(comment.sizes):
        return True
    words: dict[str, str] = {}
    for axis, (stated, size) in enumerate(zip(comment.sizes, sizes, strict=True)):
        expected = stated if stated.isdecimal() else words.setdefault(stated, size)
        free = size == "None" or (small and axis == 0)
        if expected != size and not free:
            return True
    return False


def _comments(code: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and (found := _SHAPE.fullmatch(token.string)):
            yield token.start[0], found[1]


def _outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield from _outside_functions(node)


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
