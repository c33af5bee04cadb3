"""What the pages teach knows nothing of pages, and what reads the pages needs no TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "tf2docs"
FILES = sorted(PACKAGE.rglob("*.py"))
PAGES = [file for file in FILES if PACKAGE / "pages" in file.parents]
TEACHING = [file for file in FILES if file not in PAGES]
MODULES = [file for file in TEACHING if file.name != "__init__.py"]
# of packages
FACES = [file for file in TEACHING if file.name == "__init__.py" and file.parent != PACKAGE]


def name(file):
    return file.relative_to(ROOT).as_posix()


def imported(code, package):
    """All dotted names that the code of a module in `package` imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = (
                package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            )
            origin = ".".join([*above, *([node.module] if node.module else [])])
            names |= {origin} | {f"{origin}.{alias.name}" for alias in node.names}
    return names


def imports_of(file):
    return imported(file.read_text("utf-8"), ".".join(file.relative_to(ROOT).parent.parts))


def within(dotted, package):
    return dotted == package or dotted.startswith(f"{package}.")


def public_faults(code):
    """What is wrong with the public names of a module."""
    tree = ast.parse(code)
    exported, defined = exported_names(tree), definitions(tree)
    if exported is None:
        return ["no __all__"]
    faults = [f"{one} is exported but not defined" for one in exported if one not in defined]
    faults += [
        f"{one} is public but not exported"
        for one in defined
        if one[0] != "_" and one not in exported
    ]
    for one in exported:
        faults += definition_faults(one, *defined.get(one, (None, "nothing to document")))
    return faults


def exported_names(tree):
    for node in tree.body:
        if isinstance(node, ast.Assign) and [
            getattr(target, "id", "") for target in node.targets
        ] == ["__all__"]:
            return ast.literal_eval(node.value)
    return None


def definitions(tree):
    """Each name defined at the top.

    What defines it, and its docstring or the bare string after it.
    """
    found = {}
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node, ast.get_docstring(node)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name) and target.id != "__all__":
                    found[target.id] = node, string_of(following)
    return found


def string_of(node):
    value = getattr(node, "value", None) if isinstance(node, ast.Expr) else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def definition_faults(one, node, docstring):
    if not docstring:
        yield f"{one} has no docstring"
    if isinstance(node, ast.Assign):
        yield f"{one} has no annotation"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from (f"{one} doesn't annotate {part}" for part in without_annotation(node))
    for member in node.body if isinstance(node, ast.ClassDef) else []:
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef):
            # special methods explain themselves, but are annotated too
            private = member.name.startswith("_")
            documented = "private" if private else ast.get_docstring(member)
            yield from definition_faults(f"{one}.{member.name}", member, documented)


def without_annotation(function):
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    yield from (
        arg.arg for arg in every if arg and not arg.annotation and arg.arg not in ("self", "cls")
    )
    if not function.returns:
        yield "its return"


def test_both_halves_were_found():
    assert PACKAGE / "datasets" / "loading.py" in MODULES
    assert PACKAGE / "datasets" / "__init__.py" in FACES
    assert PAGES


def faults(files, found):
    """What a rule finds in each file, by the file's name."""
    return {name(file): list(each) for file in files if (each := found(file))}


def test_the_harness_imports_no_tensorflow_and_nothing_taught():
    def forbidden(file):
        return {
            one
            for one in imports_of(file)
            if within(one, "tensorflow")
            or within(one, "keras")
            or (within(one, "tf2docs") and one != "tf2docs" and not within(one, "tf2docs.pages"))
        }

    assert faults(PAGES, forbidden) == {}


def test_what_is_taught_knows_nothing_of_pages():
    assert (
        faults(
            TEACHING, lambda file: [one for one in imports_of(file) if within(one, "tf2docs.pages")]
        )
        == {}
    )


def test_public_names_are_exported_documented_and_annotated():
    assert faults(MODULES, lambda file: public_faults(file.read_text("utf-8"))) == {}


def test_the_face_of_a_package_shows_what_its_modules_export():
    for file in FACES:
        tree = ast.parse(file.read_text("utf-8"))
        shown = [
            (node.module, alias.name)
            for node in tree.body
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        ]
        assert sorted(one for _, one in shown) == sorted(exported_names(tree)), name(file)
        for module, one in shown:
            path = ROOT.joinpath(*module.split(".")).with_suffix(".py")
            assert one in exported_names(ast.parse(path.read_text("utf-8"))), name(file)


def test_data_sets_are_read_without_tensorflow():
    slow = {"tensorflow", "keras", "sklearn", "pooch", "filelock"}
    code = f"import sys, tf2docs.datasets; print({slow} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


# The rules themselves


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import tensorflow.keras as k", "tensorflow.keras"),
        ("def f():\n    from tf2docs import datasets", "tf2docs.datasets"),
        ("from .. import models", "tf2docs.models"),
        ("from ..models import dense_classifier", "tf2docs.models"),
        ("from . import lines", "tf2docs.pages.lines"),
    ],
)
def test_an_import_is_seen_in_every_form(code, found):
    assert found in imported(code, "tf2docs.pages")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("x = 1", "no __all__"),
        ("__all__ = ['x']", "x is exported but not defined"),
        ("__all__ = []\ndef f() -> None:\n    '''Do.'''", "f is public but not exported"),
        ("__all__ = ['f']\ndef f() -> None:\n    pass", "f has no docstring"),
        ("__all__ = ['f']\ndef f(x, /) -> None:\n    '''Do.'''", "f doesn't annotate x"),
        ("__all__ = ['f']\ndef f(*, x) -> None:\n    '''Do.'''", "f doesn't annotate x"),
        ("__all__ = ['f']\ndef f(*x: int):\n    '''Do.'''", "f doesn't annotate its return"),
        ("__all__ = ['X']\nX: int = 1", "X has no docstring"),
        ("__all__ = ['X']\nX = 1\n'''One.'''", "X has no annotation"),
        (
            "__all__ = ['C']\nclass C:\n    '''C.'''\n    def m(self) -> int: ...",
            "C.m has no docstring",
        ),
        (
            "__all__ = ['C']\nclass C:\n    '''C.'''\n    def __init__(self, x) -> None: ...",
            "C.__init__ doesn't",
        ),
    ],
)
def test_a_fault_of_a_public_name_is_found(code, fault):
    assert any(found.startswith(fault) for found in public_faults(code))


def test_a_module_in_order_has_no_fault():
    code = (
        "__all__ = ['X', 'f']\nX: int = 1\n'''One.'''\ndef f(x: int) -> int:\n    '''Do.'''\n"
        "def _g(x): ..."
    )
    assert public_faults(code) == []
