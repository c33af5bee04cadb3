"""What docstrings say of arguments and errors is so."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "tf2docs").rglob("*.py"))
SECTION = r"^(?P<indent> *){}:\n(?P<body>(?:(?P=indent) +.*\n|\s*\n)+)"
ENTRY = re.compile(r"^(\*{0,2}\w[\w, *]*?)(?: \(.*\))?:", re.MULTILINE)


def section(docstring, name):
    """The names that a section explains."""
    found = re.search(SECTION.format(name), f"{docstring}\n", re.MULTILINE)
    if not found:
        return []
    lines = found["body"].split("\n")
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    entries = ENTRY.findall("\n".join(line[indent:] for line in lines))
    return [name.strip("* ") for name in entries]


def functions():
    """Each function and class of the package with a docstring, behind its place."""
    for path in FILES:
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def arguments(node):
    """What a function takes; of a class what its constructor takes, if it has one of its own."""
    if isinstance(node, ast.ClassDef):
        inside = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        if "__init__" not in inside:
            return None
        node = inside["__init__"]
    taken = node.args
    names = [each.arg for each in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    names += [each.arg for each in (taken.vararg, taken.kwarg) if each]
    return [name for name in names if name not in ("self", "cls")]


def test_the_arguments_of_a_docstring_are_those_of_the_signature():
    wrong = [
        f"{place}: {node.name} explains {explained}, and takes {taken}"
        for place, node in functions()
        if (explained := section(ast.get_docstring(node), "Args"))
        if (taken := arguments(node)) is not None
        if [name for name in explained if name not in taken]
        or [name for name in taken if name not in explained and not name.startswith("_")]
    ]
    assert wrong == []


def texts_with_errors():
    """What raises on purpose: the tests of a file, blocks of pages, and doctests."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        if "raises(" in (text := path.read_text("utf-8")):
            yield text
    for path in [*FILES, *(ROOT / "docs/en").rglob("*.md")]:
        text = path.read_text("utf-8")
        for shown in (r"```python \{[^}]*data-raises.*?```", r">>> .*?Traceback.*?\n.*?Error"):
            yield from (found[0] for found in re.finditer(shown, text, re.DOTALL))


def public_names():
    """What the modules and the faces of the taught half hand out."""
    for path in (*(ROOT / "tf2docs").glob("[a-z]*.py"), *(ROOT / "tf2docs").glob("*/__init__.py")):
        found = re.search(
            r"^__all__ = \[(.*?)\]", path.read_text("utf-8"), re.DOTALL | re.MULTILINE
        )
        if found and path.parent.name != "pages":
            yield from re.findall(r'"(\w+)"', found[1])


def test_the_errors_of_a_public_docstring_are_expected_by_a_test():
    texts, public = list(texts_with_errors()), set(public_names())
    missing = [
        f"{place}: {node.name} says that it raises {error}, and no test expects that"
        for place, node in functions()
        if node.name in public
        for errors in section(ast.get_docstring(node), "Raises")
        for error in re.split(", *", errors)
        if error != "DatasetNotFoundError"  # of what all loaders share
        if not any(error in text and re.search(rf"\b{node.name}\b", text) for text in texts)
    ]
    assert missing == []


def test_an_argument_that_isnt_there_would_be_seen():
    node = ast.parse('def f(x, *y):\n    """F.\n\n    Args:\n        z: No.\n    """').body[0]
    assert section(ast.get_docstring(node), "Args") == ["z"]
    assert arguments(node) == ["x", "y"]
