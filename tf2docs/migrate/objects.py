"""What the names in old code stand for, and what its objects were made with; nothing is run."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from tf2docs.migrate.owners import read_own_names, spelled
from tf2docs.migrate.patterns import canonical

__all__ = ["Objects"]

_INPUTS = ("keras.Input", "keras.layers.Input")
_CALLED = ("keras.layers.", "keras.applications.", "keras.Sequential", "keras.Model")
_CALLED += ("keras.models.Sequential", "keras.models.Model")
_TRAINING = ("training", "is_training", "train")
_OPTIMIZERS = ("SGD", "Adam", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl")


class Objects:
    """What is known of a module's names and objects, line by line.

    Args:
        module: Its syntax tree.
        known: The dotted names that the table has.

    Attributes:
        own: What the module itself gives a name to.
        names: What its names stand for, by its imports.
        stars: The modules of which it imports everything.
    """

    def __init__(self, module: ast.Module, known: frozenset[str]) -> None:
        self.own = read_own_names(module)
        self.names: dict[str, str] = {}
        self.stars: list[str] = []
        self._known = known
        self._made: dict[str, str] = {}  # what a variable was made with
        self._tensors: set[str] = set()  # variables that hold a tensor of Keras without values

    def path(self, node: ast.AST) -> str | None:
        """The dotted name that an expression stands for, by the imports; None for anything else."""
        name = spelled(node)
        if not name:
            return None
        first, _, rest = name.partition(".")
        if first not in self.names:
            return self._by_star(name)
        return f"{self.names[first]}.{rest}".rstrip(".")

    def maker_of(self, node: ast.AST) -> str:
        """What made an object, as a dotted name; empty where nobody knows."""
        if not isinstance(node, ast.Call):
            return self._made.get(spelled(node) or "", "")
        name = spelled(node.func) or ""
        return self.path(node.func) or (name if name in self.own.methods else "")

    def remember(self, target: ast.AST, value: ast.expr) -> None:
        """Remember what a variable stands for: `K = keras.backend`, `model = Sequential()`."""
        name = spelled(target) or ""
        if self.is_tensor(value):
            self._tensors.add(name)
        else:
            self._tensors.discard(name)
        if isinstance(value, ast.Call):
            self._made[name] = self.maker_of(value)
        elif isinstance(target, ast.Name) and (path := self.path(value)):
            self.names.setdefault(name, path)

    @contextmanager
    def inside(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    ) -> Iterator[None]:
        """Forget what a function's arguments are called outside of it, while it is read."""
        arguments = [each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)]
        tensors = self._tensors
        self._tensors = tensors.difference(arguments)
        if getattr(function, "name", "") == "compute_mask":  # Keras asks for masks beforehand
            self._tensors.update(arguments[1:2])
        made = {each: self._made.pop(each) for each in arguments if each in self._made}
        yield
        self._made |= made
        self._tensors = tensors

    def is_tensor(self, node: ast.AST) -> bool:
        """Whether an expression gives a tensor of Keras that has no values yet."""
        if isinstance(node, ast.List | ast.Tuple):
            return any(map(self.is_tensor, node.elts))
        if isinstance(node, ast.BinOp):
            return self.is_tensor(node.left) or self.is_tensor(node.right)
        if not isinstance(node, ast.Call):
            return spelled(node) in self._tensors
        called = canonical(self.path(node.func) or self.maker_of(node.func))
        if called in _INPUTS:
            return True
        return called.startswith(_CALLED) and any(map(self.is_tensor, node.args))

    def is_layer(self, node: ast.AST) -> bool:
        """Whether an object was made as a layer or a model, the file's own among them."""
        made = self.maker_of(node)
        is_own = made in self.own.methods and "call" in self.own.methods[made]
        return canonical(made).startswith(_CALLED) or is_own

    def is_training(self, node: ast.AST) -> bool:
        """Whether an expression says if a model is trained: `True`, `training`."""
        if isinstance(node, ast.Constant):
            return isinstance(node.value, bool)
        return isinstance(node, ast.Name) and node.id in _TRAINING

    def are_of_version_1(self) -> bool:
        """Whether the module goes on in the ways of TensorFlow 1 by `tensorflow.compat.v1`."""
        v1 = ("tensorflow.compat.v1", "tf.compat.v1")
        return any(path.startswith(v1) for path in self.names.values())

    def _by_star(self, name: str) -> str | None:
        """What a name stands for that a star import may have brought: what the table knows."""
        paths = [f"{module}.{name}" for module in self.stars]
        for path in paths:
            if canonical(path) in self._known:
                return path
        if name in _OPTIMIZERS:  # no layer, though `from keras.layers import *` stands there, too
            paths = [path for path in paths if ".optimizers." in path]
        classes = (path for path in paths if name[:1].isupper() and path.count(".") > 1)
        return next((path for path in classes if _any_of(path) in self._known), None)


def _any_of(path: str) -> str:
    """The pattern of anything in the module that a name stands in."""
    return f"{canonical(path).rpartition('.')[0]}.*"
