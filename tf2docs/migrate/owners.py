"""Whose attribute it is: what is known of an object in old code, though nothing is run."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tf2docs.migrate.literals import is_joining

__all__ = ["OwnNames", "is_owner", "read_own_names", "spelled"]

_MODELS = ("Model", "Sequential", "load_model", "clone_model", "model_from_json")


@dataclass(frozen=True)
class OwnNames:
    """What a file itself gives a name to.

    Attributes:
        methods: The methods of its classes, by class.
        plain: The classes without a base.
        items: What a loop goes through, such as `layers`, by the name of one of them.
        metrics: The names of metrics that `compile` is given as text.
        losses: The names of losses that `compile` is given as text.
        literals: What is assigned to a name, of names that get a value once.
    """

    methods: Mapping[str, frozenset[str]] = field(default_factory=dict)
    plain: frozenset[str] = frozenset()
    items: Mapping[str, str] = field(default_factory=dict)
    metrics: frozenset[str] = frozenset()
    losses: frozenset[str] = frozenset()
    literals: Mapping[str, ast.expr] = field(default_factory=dict)

    def literal(self, node: ast.expr) -> ast.expr:
        """What stands for an expression: what a name was once given, or itself.

        Args:
            node: Any expression.
        """
        return self.literals.get(node.id, node) if isinstance(node, ast.Name) else node

    def has_method(self, made: str, name: str) -> bool:
        """Whether an attribute is one of the file's own, or no other can be meant.

        Args:
            made: The class that made the object; empty where nobody knows.
            name: The attribute.
        """
        if made in self.methods:
            return made in self.plain or name in self.methods[made]
        return not made and any(name in self.methods[each] for each in self.plain)

    def has_metric(self, key: str) -> bool:
        """Whether training reports by this key, since the file asked for a metric of this name."""
        return key.removeprefix("val_") in self.metrics


def read_own_names(module: ast.Module) -> OwnNames:
    """Read what a file itself gives a name to.

    Args:
        module: The file's syntax tree.
    """
    nodes = list(ast.walk(module))
    classes = [each for each in nodes if isinstance(each, ast.ClassDef)]
    methods = {each.name: frozenset(_methods(each)) for each in classes}
    plain = [each.name for each in classes if all(spelled(b) == "object" for b in each.bases)]
    calls = [each for each in nodes if isinstance(each, ast.Call)]
    loops = [each for each in nodes if isinstance(each, ast.For | ast.comprehension)]
    return OwnNames(
        methods,
        frozenset(plain),
        {
            each.target.id: _last_name(each.iter)
            for each in loops
            if isinstance(each.target, ast.Name)
        },
        frozenset(name for each in calls for name in _texts(each, "metrics")),
        frozenset(name for each in calls for name in _texts(each, "loss", position=1)),
        dict(_literals(nodes)),
    )


def is_owner(owner: str, value: ast.AST, made: str, own: OwnNames) -> bool:
    """Whether an object may be what a pattern asks for.

    Args:
        owner: What the pattern asks for, such as `model`; anything where it is empty.
        value: The object, as it stands in the code.
        made: What made it, as the table writes it; empty where nobody knows.
        own: What the file itself gives a name to.
    """
    kind = made.rpartition(".")[2]
    name = _last_name(value)
    name = own.items.get(name, name)
    methods = own.methods.get(made, ())
    if owner == "layer" and made:
        return made.startswith("keras.layers.")
    is_model = kind in _MODELS or made.startswith("keras.applications.") or "call" in methods
    is_sequential = kind == "Sequential" and owner == "sequential"
    is_called_so = owner[:3] in name  # `model`, `my_mod`, `autoencoder_model` …
    return is_sequential or (owner == "model" and is_model) or is_called_so


def spelled(node: ast.AST) -> str | None:
    """A dotted name as it stands in the code, or None.

    Args:
        node: Any expression.
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (owner := spelled(node.value)):
        return f"{owner}.{node.attr}"
    return None


def _methods(node: ast.ClassDef) -> Iterator[str]:
    return (each.name for each in node.body if isinstance(each, ast.FunctionDef))


def _literals(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.expr]]:
    given = Counter(_stored(nodes))
    for each in nodes:
        if not isinstance(each, ast.Assign) or not _is_literal(each.value):
            continue
        if isinstance(target := each.targets[0], ast.Name) and given[target.id] == 1:
            yield target.id, each.value


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return is_joining(node)
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp)


def _stored(nodes: list[ast.AST]) -> Iterator[str]:
    """Each name that gets a value, as often as it gets one."""
    for each in nodes:
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif isinstance(each, ast.arg):
            yield each.arg


def _texts(call: ast.Call, name: str, *, position: int = -1) -> Iterator[str]:
    """All text in an argument of a call, given by its name or, of `compile`, by its position."""
    given = [each.value for each in call.keywords if each.arg == name]
    is_compile = isinstance(call.func, ast.Attribute) and call.func.attr == "compile"
    if is_compile and 0 <= position < len(call.args):
        given.append(call.args[position])
    constants = (each for one in given for each in ast.walk(one) if isinstance(each, ast.Constant))
    return (each.value for each in constants if isinstance(each.value, str))


def _last_name(node: ast.AST) -> str:
    """The name that what an expression gives is called by: `shape` of `x.shape[0]`."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    return getattr(node, "attr", getattr(node, "id", "")).lower()
