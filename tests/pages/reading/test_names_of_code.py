"""Which names a piece of code defines, and which it takes from above."""

import pytest

from tf2docs.pages.reading.names_of_code import names_of_code


@pytest.mark.parametrize(
    ("code", "defined", "used"),
    [
        ("x = 1", {"x"}, set()),
        ("x = x + 1", {"x"}, {"x"}),
        ("x += 1", {"x"}, {"x"}),
        ("x: int = y", {"x"}, {"y"}),
        ("x.y = 1", set(), {"x"}),
        ("x[0] = y", set(), {"x", "y"}),
        ("(a, *b), c = d", {"a", "b", "c"}, {"d"}),
        ("import a.b, c as d", {"a", "d"}, set()),
        ("from a import b as c", {"c"}, set()),
        ("for i in n:\n    print(i, m)", {"i"}, {"n", "m"}),
        ("with f() as g:\n    g(h)", {"g"}, {"f", "h"}),
        ("if (n := f()):\n    print(n)", {"n"}, {"f"}),
        ("y = [i + k for i in n]", {"y"}, {"k", "n"}),
        ("print(f'{loss:.2f}', *rest, **more)", set(), {"loss", "rest", "more"}),
        ("def f(a, b=c):\n    d = a + e\n    return d + f(a)", {"f"}, {"c", "e"}),
        ("def f():\n    return later\n\nlater = 1", {"f", "later"}, set()),
        ("class C(B):\n    n = 1\n    m = n\n\n    def f(self): return g(self)", {"C"}, {"B", "g"}),
        ("@d\ndef f(): ...", {"f"}, {"d"}),
        ("for n in s:\n    show(lambda: n)", {"n"}, {"s", "show"}),
        ("x = len(y)\nprint(x, __name__)", {"x"}, {"y"}),
        ("x = (", set(), set()),
        ("", set(), set()),
    ],
)
def test_names_are_those_of_the_page(code, defined, used):
    found = names_of_code(code)
    assert (set(found.defined), set(found.used)) == (defined, used)


def test_a_use_has_the_line_of_its_statement():
    assert names_of_code("a = 1\n\nprint(\n    b)\nprint(b)").used == {"b": 3}
