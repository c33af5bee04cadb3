"""Which changes of a block make it another block."""

import hashlib

import pytest

from tf2docs.pages.reading.code_keys import block_keys, normal_form
from tf2docs.pages.reading.page import read_page


@pytest.fixture
def key(tmp_path):
    def key(code, options=""):
        path = tmp_path / "page.md"
        path.write_text(f"```python {{{options}}}\n{code}\n```\n", encoding="utf-8")
        (found,) = block_keys(read_page(path, "page.md").blocks)
        return found

    return key


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("x = 1", "x = 1  # 一"),
        ("x = 1", "# before\n\nx=1\n\n"),
        ("f(a, b)", "f(\n    a,  # first\n    b,\n)"),
        ("x = 'a'", 'x = "a"'),
        ("x = 1000", "x = 1_000"),
        ("x = (1)", "x = 1"),
    ],
)
def test_comments_and_layout_dont_change_a_key(key, code, other):
    assert key(code) == key(other)
    assert normal_form(code) == normal_form(other)


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("x = 1", "x = 2"),
        ("x = 1", "y = 1"),
        ("x = 1", "x = 1.0"),
        ("x = 'a'", "x = 'b'"),
        ("print('a')", "print('甲')"),
        ("x = 'a'", "x = f'a'"),
        ("a; b", "b; a"),
        ('def f():\n    """One."""', 'def f():\n    """Two."""'),
        ("if a:\n    b\nc", "if a:\n    b\n    c"),
    ],
)
def test_code_and_literals_and_docstrings_change_a_key(key, code, other):
    assert key(code) != key(other)


@pytest.mark.parametrize(
    "option", ['data-raises="ValueError"', 'data-keeps="x.bin"', ".gpu", ".norun"]
)
def test_options_that_change_what_running_means_change_a_key(key, option):
    assert key("x", option) != key("x")


def test_another_exception_is_another_key(key):
    assert key("x", 'data-raises="ValueError"') != key("x", 'data-raises="KeyError"')


@pytest.mark.parametrize(
    "option", ['title="训练"', "#name", 'hl_lines="1"', 'data-rtol="0.1"', 'data-atol="1"']
)
def test_other_options_dont_change_a_key(key, option):
    assert key("x", option) == key("x")


def test_code_that_isnt_python_has_a_key_of_its_text(key):
    raises = 'data-raises="SyntaxError"'
    assert key("x =", raises) == key("x =", raises)
    assert key("x =", raises) != key("y =", raises)


def test_each_block_has_a_key_and_equal_ones_the_same(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(
        "```python\nx\n```\n\n```python\ny\n```\n\n- a\n\n    ```python\n    x  # 一\n    ```\n",
        encoding="utf-8",
    )
    keys = block_keys(read_page(path, "page.md").blocks)
    assert len(keys) == 3
    assert keys[0] == keys[2] != keys[1]


def test_code_has_the_same_key_in_every_python():
    code = (
        "def f(x, *, k: int = None):\n    return f'{x:.3f} {k!r}' 'b'\nclass A: pass\n"
        "x[1:] = -0.0, lambda: ..."
    )
    assert hashlib.sha256(normal_form(code).encode()).hexdigest()[:16] == "4c2928b5a7be69d4"
