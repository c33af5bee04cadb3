"""What every page must keep to: each rule, broken, is told at its line."""

import pytest

from tf2docs.pages.linting.page_rules import find_problems
from tf2docs.pages.reading.page import read_page

HEAD = "---\ntitle: T\ndescription: D.\n---\n\n# T { #t }\n\n"
BLOCK = "```python {#one}\nx = 1\n```\n\n"
FIRST = (HEAD + BLOCK).count("\n") + 1  # the line below both


@pytest.fixture
def problems(tmp_path):
    def problems(text):
        path = tmp_path / "page.md"
        path.write_text(text, encoding="utf-8")
        return [
            (problem.line, problem.message)
            for problem in find_problems(read_page(path, "docs/en/page.md"))
        ]

    return problems


GOOD = f"""{HEAD}TensorFlow 2.0 in `1.5` ways{" "}
since 2019<!-- fact -->, see [this](v1.5.md#a-2.5) and https://a.b/3.5.

{BLOCK}```output
1
```

## 训练 {{ #train }}

准确率97.7%<!--= x .1% rtol=0.1 -->。784 pixels.

![a plot](a.svg)

```python {{data-raises="SyntaxError"}}
x =
```

```output {{data-rtol="0.1" data-atol="1e-3"}}
SyntaxError
```

```python {{.norun data-reason="slow"}}
y = 1.5
```

A text:

```text
# 1.5 and 98.1%
```
"""


def test_a_good_page_has_no_problem(problems):
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("## No id\n", 0, "the heading 'No id' has no id"),
        ("## Skip { #skip .optionnal }\n", 0, "nobody reads .optionnal behind a heading"),
        ("## Again { #t }\n", 0, "the id 't' stands on line 6 already"),
        ("a\n\n## One { #one }\n", 2, "the id 'one' stands on line 8 already"),
        ("```python {#one}\ny = 1\n```\n", 0, "the id 'one' stands on line 8 already"),
        ("Prints:\n\n```output\n1\n```\n", 2, "this output has no block"),
        ("```python {.norun}\ny\n```\n", 0, "says why"),
        ('```python {.norun data-reason=""}\ny\n```\n', 0, "says why"),
        ('```python {data-reason="slow"}\ny\n```\n', 0, "data-reason belongs to .norun"),
        ("```python\ny = 1\nz =\n```\n", 2, "this isn't Python"),
        ("- a\n\n    ```python\n    y =\n    ```\n", 3, "this isn't Python"),
        ('```python {data-raises="ValueError"}\ny =\n```\n', 1, "this isn't Python"),
        ('```python {data-rtol="much"}\ny\n```\n', 0, "data-rtol must be a number"),
        (
            '```python\ny\n```\n```output {data-atol="-1"}\ny\n```\n',
            3,
            "data-atol must be a number",
        ),
        (
            '```python {data-keeps="weights"}\ny\n```\n',
            0,
            "data-keeps must be a file's name with a suffix",
        ),
        (
            '```python {data-keeps="/tmp/a.bin"}\ny\n```\n',
            0,
            "data-keeps must be a file's name with a suffix",
        ),
        (
            2 * '```python {data-keeps="a.bin"}\ny\n```\n',
            3,
            "keeps 'a.bin' already; choose another name",
        ),
        ("![](a.svg)\n", 0, "has no alternative text"),
        ("![  ](a.svg)\n", 0, "has no alternative text"),
        ("a\nb <!--= x d -->\n", 1, "a bound number is written"),
        (
            "a\n1<!--= x d rtol=1 -->\n",
            1,
            "a relative tolerance of 1 and more lets everything pass",
        ),
        ("98<!--= x -->\n", 0, "a bound number is written"),
        ("a\n\nIt is 98.1 % right.\n", 2, "the number '98.1 %' is bound to nothing"),
    ],
)
def test_a_broken_rule_is_told_at_its_line(problems, text, line, message):
    ((found, told),) = problems(HEAD + BLOCK + text)
    assert found == FIRST + line
    assert message in told


def test_a_bound_number_before_the_first_block_is_told(problems):
    ((line, message),) = problems(f"{HEAD}1<!--= x d -->\n\n{BLOCK}")
    assert line == 8
    assert "'x' stands before the first block" in message


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("# T { #t }\n", ["description", "title"]),
        ("---\ntitle: T\n---\n", ["description"]),
        ("---\ntitle: 1\ndescription: D\n---\n", ["title"]),
    ],
)
def test_the_front_matter_needs_a_title_and_a_description(problems, text, keys):
    found = problems(text)
    assert [line for line, _ in found] == [1] * len(keys)
    assert [
        key for key, (_, message) in zip(keys, found, strict=True) if f"no {key!r}" in message
    ] == keys


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("准确率97.7%。", "97.7%"),
        ("约1.5倍", "1.5"),
        ("有20000张", "20000"),
        ("有20,000张", "20,000"),
        ("是98.1 %的", "98.1 %"),
        ("“0.5”", "0.5"),
        ("（0.5）", "0.5"),
        ("5%", "5%"),
        ("98.1\u202f%", "98.1\u202f%"),
        ("0.1.", "0.1"),
        ("10000.", "10000"),
        ("1,234,567", "1,234,567"),
        ("**1.5**", "1.5"),
        ("| 1.5 |", "1.5"),
        ("1.5s", "1.5"),
        ("[see 1.5](a.md)", "1.5"),
        ("![plot 1.5](a.svg)", "1.5"),
        ("in 2019", "2019"),
        ("1.5 <!-- fact -->", "1.5"),
        ("1.5<!--fact-->", "1.5"),
        ("Python 3.11, 3.12", "3.12"),
    ],
)
def test_a_measured_number_must_be_bound(problems, text, number):
    ((line, message),) = problems(f"{HEAD}{BLOCK}{text}\n")
    assert line == FIRST
    assert message.startswith(f"the number {number!r} is bound to nothing")


def test_every_measured_number_of_a_line_is_told(problems):
    found = problems(f"{HEAD}{BLOCK}50%–60%\n")
    assert [message.split("'")[1] for _, message in found] == ["50%", "60%"]


@pytest.mark.parametrize(
    "text",
    [
        "TensorFlow 2.0",
        "TensorFlow 2.21.0",
        "TF 2.0",
        "Keras 3.15",
        "Python 3.11",
        "NumPy\u00a02.1",
        "v1.5",
        "2.21.0",
        "`1.5` and ``2.5 ` ``",
        "[a](b-1.5.md)",
        "https://a.b/1.5",
        "<!-- 1.5 -->",
        "1.5<!-- fact -->",
        "97.7 %<!-- fact -->",
        "-1.5<!-- fact -->",
        "1,000,000<!-- fact -->个",
        "98.1%<!--= x .1% -->",
        "准确率98.1 %<!--= x .1% -->的",
        "784 pixels, 28×28, 255",
        "float32, x1000",
        "a, b, c.",
    ],
)
def test_what_isnt_measured_may_stand_free(problems, text):
    assert problems(f"{HEAD}{BLOCK}{text}\n") == []


def test_a_page_without_code_may_have_any_number(problems):
    assert problems(f"{HEAD}It takes 1.5 hours, 98 % of them in 2019.\n") == []


def test_problems_stand_in_the_order_of_their_lines(problems):
    found = problems(f"{HEAD}{BLOCK}1.5\n\n## A\n\n![](a.svg)\n\n2.5\n")
    assert [line for line, _ in found] == [FIRST, FIRST + 2, FIRST + 4, FIRST + 6]


def test_a_problem_is_written_with_page_and_line(tmp_path):
    path = tmp_path / "page.md"
    path.write_text(f"{HEAD}## A\n", encoding="utf-8")
    (problem,) = find_problems(read_page(path, "docs/en/page.md"))
    assert str(problem).startswith("docs/en/page.md:8: the heading 'A' has no id")
