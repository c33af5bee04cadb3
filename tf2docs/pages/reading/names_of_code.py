"""Which names a piece of code defines, and which it takes from the code above it."""

import ast
import builtins
import functools
import symtable
from dataclasses import dataclass

_PYTHONS = {*dir(builtins), "__name__", "__file__"}  # they are there without a definition


@dataclass(frozen=True)
class NamesOfCode:
    """The names of the page that a piece of code has.

    Attributes:
        defined: What it gives a value: by `=`, `def`, `class`, `import`, `for`, `with`, …
        used: What it asks for and hasn't defined itself, with the line of the statement.
    """

    defined: frozenset[str]
    used: dict[str, int]


@functools.lru_cache(maxsize=4096)
def names_of_code(code: str) -> NamesOfCode:
    """Find the names that a piece of code defines, and those that it takes from above.

    Args:
        code: Python. What isn't has no names.

    Examples:
        >>> found = names_of_code("y = x + len(z)")
        >>> sorted(found.defined), found.used
        (['y'], {'x': 1, 'z': 1})
    """
    try:
        statements = ast.parse(code).body
        tables = [symtable.symtable(ast.unparse(each), "", "exec") for each in statements]
    except SyntaxError:
        return NamesOfCode(frozenset(), {})
    everything = set().union(*map(_made, tables))
    defined: set[str] = set()
    used: dict[str, int] = {}
    for statement, table in zip(statements, tables, strict=True):
        # what functions ask for may come after them
        taken = (_asked(statement, table) - defined) | (_asked_within(table) - everything)
        for name in sorted(taken - _PYTHONS):
            used.setdefault(name, statement.lineno)
        defined |= _made(table)
    return NamesOfCode(frozenset(defined), used)


def _made(table: symtable.SymbolTable) -> set[str]:
    """The names that a statement defines."""
    symbols = table.get_symbols()
    return {each.get_name() for each in symbols if each.is_assigned() or each.is_imported()}


def _asked(statement: ast.stmt, table: symtable.SymbolTable) -> set[str]:
    """The names that a statement asks for, those in its functions and classes left out."""
    asked = {each.get_name() for each in table.get_symbols() if each.is_referenced()}
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        return asked | {statement.target.id}
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        return asked
    return asked - _made(table)  # a loop's own name


def _asked_within(table: symtable.SymbolTable) -> set[str]:
    """The names of the page that functions, classes and comprehensions ask for."""
    here = {
        each.get_name()
        for child in table.get_children()
        for each in child.get_symbols()
        if each.is_referenced() and each.is_global()
    }
    return here.union(*map(_asked_within, table.get_children()))
