"""What a piece of code imports."""

import ast
import functools
from collections.abc import Iterator


@functools.lru_cache(maxsize=4096)
def imports(code: str) -> tuple[tuple[str, str | None], ...]:
    """The imports of a piece of code: a module, and the name taken from it if one is.

    Examples:
        >>> imports("import a.b; from c import d as e")
        (('a.b', None), ('c', 'd'))
    """
    try:
        return tuple(_imports(ast.parse(code)))
    except SyntaxError:
        return ()


def _imports(tree: ast.AST) -> Iterator[tuple[str, str | None]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.module, alias.name) for alias in node.names)
