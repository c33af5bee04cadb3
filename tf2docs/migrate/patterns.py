"""Patterns of old code, as the table of changes writes them.

| pattern | what it finds |
|---|---|
| `tf.placeholder` | this name, and all below it, such as `tf.contrib.layers` for `tf.contrib` |
| `keras.layers.AveragePooling2D()` | this name, called without any argument |
| `keras.optimizers.*(lr=)` | a call with this argument; a star is any one name |
| `keras.Input(shape=<int>)` | the same, where its value is a literal of this type, or this one |
| `.add_weight(0=<str>)` | the same of the argument at this position |
| `.model.save(0=<not .h5>)` | the same, where it is text that ends otherwise |
| `.model.save(0=<ends .h5 but .weights.h5>)` | the same, where it ends so |
| `keras.models.load_model(0=<trained .h5>)` | the same, where the file trains by `"mse"` |
| `tf.*(0=<tensor>)` | the same, where it is a tensor of Keras that has no values yet |
| `.__call__(1=<training>)` | a layer or a model, called with `True` or `training` there |
| `keras.utils.Sequence.__init__` | a class below this one whose `__init__` calls none of a base |
| `.predict_classes` | an attribute of an object; what it is, nobody knows |
| `.next()` | the same, called without any argument |
| `.optimizer.lr` | the same, of what is called `opt…` |
| `.layer.output_shape` | the same, of what is called `lay…` or was made as a layer |
| `.tensor.get_shape()` | the same, of what Keras gave: an input, or a layer when it was called |
| `.optimizer.lr =` | the same, where something is assigned to it |
| `tf.__version__ <` | the same, compared with text for less or more |
| `tf.f(a=True) unless b` | a call with this argument that lacks the other |
| `.compile(a=<several>) with b=<str>` | a call with both arguments, of these types |
| `["acc"]` | this key |
"""

import re
from dataclasses import dataclass

__all__ = ["PREFIXES", "Pattern", "canonical", "read_pattern"]

_PATTERN = re.compile(
    r"(?P<base>\.?[A-Za-z_][\w.]*(?:\.\*)?)"
    r"(?P<rest>\(\)| =| <|\((?P<argument>\w+)=(?P<value>[^()]*)\)"
    r"(?: unless (?P<unless>\w+)| with (?P<beside>\w+)=(?P<kind><\w+>))?)?"
    r'|\["(?P<key>\w+)"\]'
)
PREFIXES: tuple[tuple[str, str], ...] = (
    ("tensorflow.compat.v1.keras", "keras"),
    ("tensorflow.python.framework.ops", "tf"),
    ("tensorflow._api.v2.compat.v1", "tf.compat.v1"),
    ("tensorflow._api.v2.v2", "tf"),
    ("tensorflow._api.v2", "tf"),
    ("tensorflow._api.v1", "tf"),
    ("tensorflow_core._api.v2", "tf"),
    ("tensorflow.compat.v2", "tf"),
    ("tensorflow.keras", "keras"),
    ("tf.keras", "keras"),
    ("keras.api._v2.keras", "keras"),
    ("keras._tf_keras.keras", "keras"),
    ("keras.api", "keras"),
    ("tensorflow", "tf"),
    ("numpy", "np"),
    ("K", "keras.backend"),
    ("tensorflow_hub", "hub"),
    ("tensorflow_addons", "tfa"),
)
"""The same thing under other names, the longest first, and how the table writes it."""


@dataclass(frozen=True)
class Pattern:
    """A pattern of old code.

    Attributes:
        base: A dotted name; that of an attribute begins with a dot; nothing before a key.
        argument: The name or the position of an argument.
        value: What stands behind it: a literal, or a type as `<int>`.
        key: The key of a subscript.
        called: Whether it must be called without arguments.
        assigned: Whether something must be assigned to it.
        compared: Whether it must be compared with text, for less or more.
        unless: The name of an argument that a call must lack.
        beside: The name of another argument that a call must have, and its type.
    """

    base: str
    argument: str = ""
    value: str = ""
    key: str = ""
    called: bool = False
    assigned: bool = False
    compared: bool = False
    unless: str = ""
    beside: tuple[str, str] = ("", "")

    @property
    def name(self) -> str:
        """The name that decides: the argument's, the key, or the last one of the base."""
        return self.key or (
            self.argument if self.argument.isidentifier() else self.base.split(".")[-1]
        )


def read_pattern(text: str) -> Pattern:
    """Read a pattern.

    Args:
        text: The pattern as the table has it.

    Raises:
        ValueError: It is none.

    Examples:
        >>> pattern = read_pattern("keras.optimizers.*(lr=)")
        >>> pattern.base, pattern.argument
        ('keras.optimizers.*', 'lr')
        >>> read_pattern(".predict_classes").name
        'predict_classes'
    """
    found = _PATTERN.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is no pattern of old code, expected one such as `.fit(epochs=)`"
        )
    rest = found["rest"] or ""
    return Pattern(
        base=canonical(found["base"] or ""),
        argument=found["argument"] or "",
        value=found["value"] or "",
        key=found["key"] or "",
        called=rest == "()",
        assigned=rest == " =",
        compared=rest == " <",
        unless=found["unless"] or "",
        beside=(found["beside"] or "", found["kind"] or ""),
    )


def canonical(name: str) -> str:
    """A dotted name as the table writes it, whichever way it was reached.

    Examples:
        >>> canonical("tensorflow._api.v2.summary.FileWriter"), canonical("tf.keras.layers.Dense")
        ('tf.summary.FileWriter', 'keras.layers.Dense')
    """
    for prefix, short in PREFIXES:
        if name == prefix or name.startswith(f"{prefix}."):
            return canonical(short + name[len(prefix) :])
    return name
