"""The file of a page's code."""

import pytest

from tf2docs.pages.reading.page import read_page
from tf2docs.pages.running.tangling import tangle

PAGE = """---
title: T
---

# 标题。 { #t }

```python {title="one"}
a = 1

b = 2
```

```output
a = 3
```

!!! note

    ```python
    if a:
        c = 4  # 注释
    ```

```text
d = 5
```

```python
e = 6
```
"""


@pytest.fixture
def tangled(tmp_path):
    def tangled(text):
        path = tmp_path / "page.md"
        path.write_text(text, encoding="utf-8")
        return tangle(read_page(path, "page.md").blocks)

    return tangled


def test_each_line_of_code_stands_where_it_stands_on_the_page(tangled):
    page, code = PAGE.splitlines(), tangled(PAGE).splitlines()
    assert {line: text for line, text in enumerate(code, start=1) if text} == {
        8: "a = 1",
        10: "b = 2",
        20: "if a:",
        21: "    c = 4  # 注释",
        29: "e = 6",
    }
    assert all(text in page[line] for line, text in enumerate(code))


def test_the_file_is_python_and_runs(tangled):
    names = {}
    exec(compile(tangled(PAGE), "page.py", "exec"), names)
    assert (names["a"], names["c"], names["e"]) == (1, 4, 6)


def test_code_that_isnt_python_is_left_out(tangled):
    text = (
        '```python\na = 1\n```\n\n```python {data-raises="SyntaxError"}\nx =\n```\n\n```python\n'
        "b = 2\n```\n"
    )
    assert tangled(text).splitlines() == ["", "a = 1", *[""] * 7, "b = 2"]


def test_a_page_without_code_is_an_empty_file(tangled):
    assert tangled("# A\n").strip() == ""


def test_empty_blocks_shift_nothing(tangled):
    assert tangled("```python\n```\n\n```python\na = 1\n```\n").splitlines() == [
        "",
        "",
        "",
        "",
        "a = 1",
    ]
