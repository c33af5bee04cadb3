"""Find in code what the table of changes knows. Nothing is run: the code is only read."""

import ast
import functools
from dataclasses import dataclass, replace

from tf2docs.migrate.literals import is_value
from tf2docs.migrate.moving import moved_import, moved_name
from tf2docs.migrate.objects import Objects
from tf2docs.migrate.owners import is_owner, spelled
from tf2docs.migrate.patterns import Pattern, canonical, read_pattern
from tf2docs.migrate.sources import Source
from tf2docs.migrate.table import Row, load_rows, rows_by_rank

__all__ = ["Finding", "find"]

_OURS = ("tf", "keras", "hub", "tfa", "tf_keras")
_HISTORIES = ("history", "hist", "log")
_UNREADABLE = {"mse", "mae", "mape", "msle"}  # losses that a file can't be read with


@dataclass(frozen=True)
class Finding:
    """A piece of code that the table knows.

    Attributes:
        row: What became of it.
        pattern: The pattern that found it.
        line: Its line, from 1, in the code as it was read.
        column: Its column, from 1.
        start: Where the name that decides begins in the line, in bytes.
        length: How long that name is, in bytes.
        instead: What may safely take its place; empty where nothing may.
    """

    row: Row
    pattern: Pattern
    line: int
    column: int
    start: int
    length: int
    instead: str = ""


def find(source: Source) -> list[Finding]:
    """All that the table knows in some code, in its order.

    Args:
        source: The code.
    """
    reader = _Reader(source.text.split("\n"))
    reader.visit(source.tree)
    unique: dict[tuple[int, int], Finding] = {}
    for each in reader.findings:  # of several rows, the first of the table
        first = unique.setdefault((each.line, each.start), each)
        if each.instead and not first.instead and each.length == first.length:
            unique[each.line, each.start] = replace(first, instead=each.instead)
    return sorted(unique.values(), key=lambda each: (each.line, each.start))


@dataclass(frozen=True)
class _Known:
    row: Row
    pattern: Pattern
    instead: str


@functools.cache
def _known() -> tuple[_Known, ...]:
    return tuple(
        _Known(row, read_pattern(text), instead)
        for row in rows_by_rank()
        for text, instead in [*dict.fromkeys(row.finds, "").items(), *row.fixes.items()]
    )


@functools.cache
def _works() -> frozenset[str]:
    return frozenset(name for row in load_rows() for name in row.works)


class _Reader(ast.NodeVisitor):
    """Goes through a module once, with what its names stand for."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.findings: list[Finding] = []
        self.told: set[str] = set()  # names whose import was found already

    def visit_Module(self, node: ast.Module) -> None:
        """Read all imports first, since functions stand above them now and then."""
        self.objects = Objects(node, frozenset(each.pattern.base for each in _known()))
        for each in ast.walk(node):
            if isinstance(each, ast.Import | ast.ImportFrom):
                self._bind(each)
        paths = [*self.objects.names.values(), *self.objects.stars]
        self.is_ours = any(canonical(path).split(".")[0] in _OURS for path in paths)
        self.generic_visit(node)

    def _bind(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.ImportFrom) and self._module_found(node):
            self.told.update(alias.asname or alias.name for alias in node.names)
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
        for alias in node.names:
            if alias.name == "*":
                self.objects.stars.append(module.rstrip("."))
                continue
            path = module + alias.name
            name = alias.asname or (alias.name if module else alias.name.split(".")[0])
            self.objects.names[name] = path if alias.asname or module else name
            if name not in self.told and self._import_found(alias, path, is_from=bool(module)):
                self.told.add(name)

    def _module_found(self, node: ast.ImportFrom) -> bool:
        """Whether the module of an import is gone, or the one thing that it imports moved."""
        module = node.module or ""
        old, new = moved_import(node)
        known = [
            each
            for each in self._matches(f"{module}.{node.names[0].name}")
            if new or _fits(each.pattern.base.removesuffix(".*"), canonical(module), below=True)
        ]
        line = self.lines[node.lineno - 1].encode()
        start = line.find(module.encode(), node.col_offset + len("from "))
        is_here = old and line[start:].startswith(old.encode())
        length = len(old if is_here else module)
        for each in known:
            self._add(each, node.lineno, start, length, new if is_here and each.row.moves else "")
        return bool(known)

    def _import_found(self, alias: ast.alias, path: str, *, is_from: bool) -> bool:
        known = self._matches(path)
        for each in known:
            last = alias.name.split(".")[-1]
            start = alias.col_offset + len(alias.name) - len(last)
            instead = each.instead if is_from and each.pattern.base == canonical(path) else ""
            same_module = instead.rpartition(".")[0] == canonical(path).rpartition(".")[0]
            self._add(each, alias.lineno, start, len(last), instead if same_module else "")
        return bool(known)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Read what is assigned, and remember it."""
        for target in node.targets:
            if isinstance(target, ast.Attribute) and not self.objects.path(target):
                self._attribute(target, assigned=True)
        self.generic_visit(node)
        for target in node.targets:
            self.objects.remember(target, node.value)
            self._tell_once(target, node.value)

    def _tell_once(self, target: ast.expr, value: ast.expr) -> None:
        """Report what is gone where another name is given to it, and no more where that is used."""
        path = self.objects.path(value)
        if isinstance(target, ast.Name) and path and self._matches(path):
            self.told.add(target.id)

    def visit_With(self, node: ast.With) -> None:
        """Remember what was opened: `with tf.compat.v1.Session() as session`."""
        for item in node.items:
            if item.optional_vars:
                self.objects.remember(item.optional_vars, item.context_expr)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function, whose arguments are new names."""
        with self.objects.inside(node):
            self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """A function without a name."""
        with self.objects.inside(node):
            self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        """A name of a module, or an attribute of an object."""
        if path := self.objects.path(node):
            self._name(node, path, node.attr)
            return
        self._attribute(node)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        """A name that was imported."""
        if isinstance(node.ctx, ast.Load) and (path := self.objects.path(node)):
            self._name(node, path, node.id)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A class whose `__init__` must call that of its base, and doesn't."""
        bases = [canonical(self.objects.path(base) or "") for base in node.bases]
        for each in _known():
            owner = each.pattern.base.removesuffix(".__init__")
            if owner == each.pattern.base or owner not in bases:
                continue
            if place := _lonely_init(node):
                self._add(each, place.lineno, place.col_offset, 0, _call_before(place))
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """A version that is compared as the text that it is."""
        path = self.objects.path(node.left)
        is_text = any(is_value(each, "<str>") for each in node.comparators)
        if path and is_text and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            for each in _known():
                if each.pattern.compared and each.pattern.base == canonical(path):
                    self._add_at_end(each, node.left, each.pattern.name)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """A call's arguments, or that it has none."""
        path = self.objects.path(node.func)
        for each in _known():
            if each.pattern.argument:
                self._argument(each, node, path)
            elif each.pattern.called and not (node.args or node.keywords):
                self._called(each, node.func, path)
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            self._key(node.func.value, node.args[0])
        self.generic_visit(node)

    def _called(self, known: _Known, function: ast.expr, path: str | None) -> None:
        """A call without arguments, of a name or of an object's method."""
        name = known.pattern.name
        if path and _fits(known.pattern.base, canonical(path)):
            self._add_at_end(known, function, name)
        if path or not isinstance(function, ast.Attribute):
            return
        if self._is_attribute(known, function):
            self._add_at_end(known, function, name)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """A key of what training gave."""
        self._key(node.value, node.slice)
        self.generic_visit(node)

    def _key(self, owner: ast.expr, node: ast.expr) -> None:
        key = node.value if isinstance(node, ast.Constant) else None
        name = (spelled(owner) or "").split(".")[-1].lower()
        if not isinstance(key, str) or not any(word in name for word in _HISTORIES):
            return
        for each in _known():
            if each.pattern.key == key and not self.objects.own.has_metric(key):
                self._add(each, node.lineno, node.col_offset, len(key) + 2)

    def _matches(self, path: str) -> list[_Known]:
        """What the table knows of a dotted name, or of what it stands below."""
        real = _real(path)
        if any(real == name or real.startswith(f"{name}.") for name in _works()):
            return []
        base = canonical(path)
        return [
            each
            for each in _known()
            if not each.pattern.argument
            and not each.pattern.called
            and not each.pattern.compared
            and each.pattern.base[:1] not in (".", "")
            and not each.pattern.base.endswith(".__init__")
            and _fits(each.pattern.base, base, below=True)
        ]

    def _name(self, node: ast.Name | ast.Attribute, path: str, name: str) -> None:
        if (spelled(node) or "").split(".")[0] in self.told:
            return
        for each in self._matches(path):
            exact = _fits(each.pattern.base, canonical(path)) and isinstance(node, ast.Attribute)
            instead = each.instead if exact else moved_name(canonical(path))
            self._add_name(each, node, instead)

    def _add_name(self, known: _Known, node: ast.Name | ast.Attribute, instead: str) -> None:
        if instead:  # the whole dotted name is written anew, in the file's own words
            name, path = spelled(node) or "", canonical(self.objects.path(node) or "")
            instead = _respelled(name, path, instead)
            self._add(known, node.lineno, node.col_offset, len(name.encode()), instead)
        else:
            self._add(known, node.lineno, node.col_offset, len((spelled(node) or "").encode()))

    def _attribute(self, node: ast.Attribute, *, assigned: bool = False) -> None:
        for each in _known():
            pattern = each.pattern
            if pattern.argument or pattern.called or pattern.assigned != assigned:
                continue
            if self._is_attribute(each, node):
                self._add_at_end(each, node, node.attr, each.instead.lstrip("."))

    def _is_attribute(self, known: _Known, node: ast.Attribute) -> bool:
        """Whether an attribute is a pattern's, of an object that may be what it asks for."""
        owner, _, name = known.pattern.base[1:].rpartition(".")
        if not known.pattern.base.startswith(".") or name != node.attr:
            return False
        made = self.objects.maker_of(node.value)
        if not self._may_be_ours(made, name, known.row):
            return False
        if owner == "tensor":  # one of Keras: others still have what these haven't
            return self.objects.is_tensor(node.value)
        return is_owner(owner, node.value, canonical(made), self.objects.own)

    def _may_be_ours(self, made: str, name: str, row: Row) -> bool:
        """Whether an object that was made so may have TensorFlow's old attribute.

        Not if another library made it, nor a class of the file that has such a method itself.
        """
        if not self.is_ours or self.objects.own.has_method(made, name):
            return False
        if f"{canonical(made)}.{name}" in _works():
            return False
        if not made or made in self.objects.own.methods:
            return row.group != "tensorflow-1" or not self.objects.are_of_version_1()
        is_v1 = _real(made).startswith("tf.compat.v1.") and canonical(made).startswith("tf.")
        is_neighbour = canonical(made).split(".")[0] not in _OURS
        if is_v1 or is_neighbour != (row.group == "neighbours"):
            return False
        return not self._matches(made)  # what is gone had other methods

    def _is_value(self, node: ast.expr, value: str) -> bool:
        if value.startswith("<trained "):
            is_ours = not _UNREADABLE.isdisjoint(self.objects.own.losses)
            return is_ours and is_value(self.objects.own.literal(node), f"<ends{value[8:]}")
        if value == "<tensor>":
            return self.objects.is_tensor(node)
        if value == "<training>":
            return self.objects.is_training(node)
        return is_value(self.objects.own.literal(node), value)

    def _argument(self, known: _Known, node: ast.Call, path: str | None) -> None:
        pattern = known.pattern
        if pattern.base == ".__call__":
            if not self.objects.is_layer(node.func):
                return
        elif pattern.base.startswith("."):
            attribute = node.func if isinstance(node.func, ast.Attribute) else None
            if path or not attribute or not self._is_attribute(known, attribute):
                return
        elif not path or not self._has_argument(pattern, _public(canonical(path))):
            return
        if pattern.argument.isdigit():
            position = int(pattern.argument)
            at = node.args[position] if position < len(node.args) else None
            if at and self._is_value(at, pattern.value) and not _is_told(known, node):
                self._add_text(known, at)
            return
        if pattern.unless in {given.arg for given in node.keywords}:
            return
        if pattern.beside[0] and not self._has_beside(pattern, node):
            return
        for given in node.keywords:
            if given.arg != pattern.argument or self.objects.own.has_metric(
                pattern.value.strip('"')
            ):
                continue
            if self._is_value(given.value, pattern.value):
                instead, length = known.instead.rstrip("="), len(pattern.argument)
                self._add(known, given.lineno, given.col_offset, length, instead)

    def _has_beside(self, pattern: Pattern, node: ast.Call) -> bool:
        name, kind = pattern.beside
        return any(each.arg == name and self._is_value(each.value, kind) for each in node.keywords)

    @staticmethod
    def _has_argument(pattern: Pattern, path: str) -> bool:
        works = f"{path}({pattern.argument}=)" in _works()
        return _fits(pattern.base, path) and not works

    def _add_text(self, known: _Known, node: ast.expr) -> None:
        """Add an argument that is given without its name."""
        end = node.end_col_offset or 0
        length = end - node.col_offset if node.end_lineno == node.lineno else 1
        self._add(known, node.lineno, node.col_offset, length)

    def _add_at_end(self, known: _Known, node: ast.expr, name: str, instead: str = "") -> None:
        """Add what stands at the end of an expression."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = node.end_col_offset - len(name.encode())
        self._add(known, node.end_lineno, start, len(name), instead)

    def _add(self, known: _Known, line: int, start: int, length: int, instead: str = "") -> None:
        before = self.lines[line - 1].encode()[:start] if line <= len(self.lines) else b""
        column = len(before.decode(errors="ignore")) + 1
        self.findings.append(
            Finding(known.row, known.pattern, line, column, start, length, instead)
        )


def _lonely_init(node: ast.ClassDef) -> ast.stmt | None:
    """The first statement of a class's `__init__` that doesn't call the one of its base."""
    for each in node.body:
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            names = [one.attr for one in ast.walk(each) if isinstance(one, ast.Attribute)]
            body = each.body[1:] if ast.get_docstring(each) and each.body[1:] else each.body
            is_below = body[0].lineno > each.lineno
            return body[0] if is_below and "__init__" not in names else None
    return None


def _is_told(known: _Known, call: ast.Call) -> bool:
    """Whether a model is loaded without what it was trained with, or that was one's own."""
    is_loading = known.pattern.value.startswith("<trained ")
    return is_loading and any(each.arg in ("compile", "custom_objects") for each in call.keywords)


def _call_before(place: ast.stmt) -> str:
    return "super().__init__()\n" + " " * place.col_offset


def _real(path: str) -> str:
    """A dotted name by the package that it is reached through: `keras` and `tf.keras` are two."""
    return path.replace("tensorflow.", "tf.", 1) if path.startswith("tensorflow.") else path


def _fits(base: str, path: str, *, below: bool = False) -> bool:
    """Whether a dotted name is the one of a pattern, or stands below it."""
    if base.endswith(".*"):
        owner, _, last = path.rpartition(".")
        return owner == base[:-2] and bool(last)
    return path == base or (below and path.startswith(f"{base}."))


def _public(path: str) -> str:
    """A name of Keras without the file that it once stood in.

    `keras.layers.core.Dense` is `keras.layers.Dense`.
    """
    parts = path.split(".")
    if parts[0] == "keras" and len(parts) > 3 and parts[-1][:1].isupper():
        return ".".join([*parts[:2], parts[-1]])
    return path


def _respelled(name: str, path: str, instead: str) -> str:
    """A new name with the beginning that the file has for it; nothing where it has none."""
    ours, theirs = name.split("."), path.split(".")
    shared = len(theirs) - len(ours)  # so many parts are in the name that was imported
    prefix = theirs[: shared + 1]
    new = instead.split(".")
    if new[: len(prefix)] != prefix:
        return ""
    return ".".join([ours[0], *new[len(prefix) :]])
