"""Which definition a dotted name stands for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tf2docs.pages.reading.definitions import find_definition, shorten_docstrings

ROOT = Path(__file__).parents[3]


def code(name):
    found = find_definition(name)
    lines = found.path.read_text(encoding="utf-8").splitlines()
    count = found.text.count("\n")
    assert found.text.splitlines() == lines[found.line - 1 : found.line - 1 + count]
    return found.text


def test_a_function_is_found_with_its_whole_body():
    text = code("tf2docs.pages.running.tangling.parses")
    assert text.startswith("def parses(code: str) -> bool:\n")
    assert text.endswith("    return True\n")


def test_a_class_is_found_with_its_decorator():
    text = code("tf2docs.pages.errors.Problem")
    assert text.startswith("@dataclass(frozen=True, order=True)\nclass Problem:\n")
    assert "def __str__" in text


def test_a_method_is_found_in_its_class():
    text = code("tf2docs.pages.reading.site.Site.name_of")
    assert text.startswith("    def name_of(self, path: Path) -> str:\n")


def test_a_method_is_found_with_its_decorator():
    assert code("tf2docs.pages.reading.page.Block.id").startswith("    @property\n    def id(self)")


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("tf2docs.pages.comparing.DEFAULT_RTOL", "DEFAULT_RTOL = "),
        (
            "tf2docs.pages.reading.fence_options.FENCE_OPTIONS",
            "FENCE_OPTIONS: dict[str, frozenset[str]] = {\n",
        ),
        ("tf2docs.pages.reading.prose.Heading.anchor", "    anchor: str\n"),
    ],
)
def test_a_constant_is_found_annotated_or_not(name, first):
    assert code(name).startswith(first)


def test_a_constant_over_several_lines_is_found_whole():
    assert code("tf2docs.pages.reading.fence_options.FENCE_OPTIONS").endswith("\n}\n")


def test_a_package_may_define_names_itself():
    assert find_definition("json.loads").path.name == "__init__.py"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("tf2docs.checks.health", "def health(\n"),
        ("tf2docs.checks.Findings.names", "    @property\n    def names(self)"),
    ],
)
def test_what_a_package_takes_over_from_a_module_is_found_there(name, first):
    assert code(name).startswith(first)


def test_what_a_package_takes_over_under_another_name_is_found(tmp_path, monkeypatch):
    package = tmp_path / "renaming"
    package.mkdir()
    (package / "__init__.py").write_text("from renaming.inner import one as other\n")
    (package / "inner.py").write_text("def one():\n    return 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert code("renaming.other") == "def one():\n    return 1\n"
    with pytest.raises(LookupError, match="doesn't define 'one'"):
        find_definition("renaming.one")


def test_a_module_that_is_no_package_shows_only_what_it_defines_itself():
    with pytest.raises(LookupError, match="doesn't define 'Path'"):
        find_definition("tf2docs.pages.reading.definitions.Path")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tf2docs", "'tf2docs' is a whole module; name a function or a class in it"),
        ("tf2docs.pages", "is a whole module"),
        ("tf2docs.pages.reading.code_keys", "is a whole module"),
        ("nowhere", "there is no package 'nowhere'"),
        ("nowhere.at.all", "there is no package 'nowhere'"),
        ("", "there is no package ''"),
        ("not a name", "there is no package"),
        (".a", "there is no package ''"),
        ("tf2docs.nothing", "__init__.py doesn't define 'nothing'"),
        ("tf2docs.pages.nothing.at_all", "__init__.py doesn't define 'nothing.at_all'"),
        ("tf2docs.pages.reading.code_keys.nothing", "code_keys.py doesn't define 'nothing'"),
        ("tf2docs.pages.reading.site.Site.nothing", "site.py doesn't define 'Site.nothing'"),
        (
            "tf2docs.pages.reading.code_keys.normal_form.nothing",
            "code_keys.py doesn't define 'normal_form.nothing'",
        ),
        ("tf2docs.pages.reading.code_keys.hashlib", "code_keys.py doesn't define 'hashlib'"),
    ],
)
def test_a_name_that_stands_for_nothing_is_an_error_that_says_so(name, message):
    with pytest.raises(LookupError) as error:
        find_definition(name)
    assert message in error.value.args[0]


def test_nothing_is_imported():
    script = (
        "import sys\n"
        "from tf2docs.pages.reading.definitions import find_definition\n"
        "before = set(sys.modules)\n"
        "find_definition('tf2docs.models.dense_classifier')\n"
        "find_definition('tf2docs.pages.reading.site.Site.name_of')\n"
        "find_definition('wsgiref.util.shift_path_info')\n"
        "print([name for name in set(sys.modules) - before if name.startswith(('tf2docs', "
        "'keras', 'wsgiref'))])\n"
        "print('tensorflow' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\nFalse\n"


def test_docstrings_are_cut_to_their_first_line():
    code = """class A:
    '''What it is.

    More.
    '''

    def f(self):
        '''Do it.'''
        return 1
""".replace("'''", '"""')
    assert shorten_docstrings(code) == code.replace("\n\n    More.\n    ", "")


def test_a_function_without_a_docstring_stays_as_it_is():
    code = "def f():\n    x = (\n        1\n    )\n    return x\n"
    assert shorten_docstrings(code) == code
