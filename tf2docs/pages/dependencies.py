"""What a page's code depends on: the modules of the project that it imports, and theirs."""

import ast
import functools
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tf2docs.pages.keys import block_keys, normal_form
from tf2docs.pages.page import Page


@functools.lru_cache(maxsize=4096)  # every page rests on its site's settings, and on what these import
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


def local_modules(codes: Iterable[str], root: Path) -> list[Path]:
    """The files below a folder that pieces of code import, and those that these import, sorted."""
    found: set[Path] = set()
    waiting = list(codes)
    while waiting:
        for module, name in imports(waiting.pop()):
            names = module.split(".") + ([name] if name else [])
            files = {file for end in range(1, len(names) + 1) for file in _files(root.joinpath(*names[:end]))}
            waiting += [file.read_text(encoding="utf-8") for file in files - found]
            found |= files
    return sorted(found)


def page_key(page: Page, root: Path, versions: dict[str, str]) -> str:
    """A key of all that a run of a page rests on: its code, the project's modules it uses, and versions.

    Args:
        page: The page.
        root: The folder that the project's packages lie in.
        versions: Versions of Python and the libraries.
    """
    codes = [block.fence.text for block in page.blocks]
    settings = root / "docs" / "conftest.py"  # says what the data are
    codes += [settings.read_text(encoding="utf-8")] if settings.is_file() else []
    modules = {str(path.relative_to(root)): normal_form(path.read_text("utf-8")) for path in local_modules(codes, root)}
    numbers = sorted((number.after, number.expression) for number in page.numbers)
    meaning = (block_keys(page.blocks), numbers, list(map(normal_form, codes[len(page.blocks) :])), modules, versions)
    return hashlib.sha256(repr(meaning).encode()).hexdigest()[:16]


def _files(path: Path) -> Iterator[Path]:
    """The file of a module or package, if it is one of ours."""
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if file.is_file():
            yield file
