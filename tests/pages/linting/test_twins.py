"""In what two pages may differ, and in what not."""

import pytest

from tf2docs.pages.linting.twins import differences
from tf2docs.pages.reading.page import read_page

ZH = """---
title: 标题
tags: [甲]
---

# 标题 { #top }

见[此处](a.md)，准确率 97.7%<!--= accuracy .1% -->。

```python {#one title="训练"}
x = 1  # 一
```

```output
1
```

## 第二 { #second }

- 甲
- 乙

![图](fig.svg)

| 甲 |
|---|

!!! note "注意"

    ```source
    a.b
    ```

```mermaid
flowchart TD
accTitle: 图
a[图] --> b[图]
```

```text
随意
```
"""
EN = """---
title: Title
tags: [a]
---

# Title { #top }

An accuracy of 97.7%<!--= accuracy .1% -->,
see [here](a.md).


```python {#one title="Train"}
x = 1  # one
```

```output
1
```

## Second { #second }

- a
- b

![plot](fig.svg)

| a |
|---|

!!! note "Note"

    ```source
    a.b
    ```

```mermaid
flowchart TD
accTitle: Diagram
a[Diagram] --> b[Diagram]
```

```text
as you like
```
"""


@pytest.fixture
def compare(tmp_path):
    def read(name, text):
        path = tmp_path / f"{name}.md"
        path.write_text(text, encoding="utf-8")
        return read_page(path, f"{name}.md")

    def compare(zh, en):
        return differences(read("zh", zh), read("en", en)), differences(
            read("en", en), read("zh", zh)
        )

    return compare


def line_of(text, part):
    return text.count("\n", 0, text.index(part)) + 1


def test_two_languages_of_one_page_dont_differ(compare):
    assert compare(ZH, EN) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "zh_at", "en_at", "message"),
    [
        (
            "tags: [a]",
            "minutes: 5",
            "---",
            "---",
            "the front matter and that of zh.md differ in: minutes, tags",
        ),
        (
            "# Title { #top }",
            "# Title { #other }",
            "# 标题",
            "# Title",
            "# … { #other } stands where zh.md has # … { #top }",
        ),
        (
            "## Second {",
            "### Second {",
            "## 第二",
            "### Second",
            "### … { #second } stands where zh.md has ## … ",
        ),
        (
            "#second }",
            "#second .optional }",
            "## 第二",
            "## Second",
            "## … { #second .optional } stands where zh.md has ## … { #second } on line",
        ),
        (
            "x = 1  #",
            "x = 2  #",
            "```python",
            "```python",
            "differs from zh.md:10: the code (- there, + here)",
        ),
        (
            "x = 1  # one",
            "x = 1\n# one",
            "```python",
            "```python",
            "the code has another number of lines",
        ),
        (
            "{#one ",
            '{#one data-rtol="0.1" ',
            "```python",
            "```python",
            "differs from zh.md:10: options {",
        ),
        ("{#one ", "{#two ", "```python", "```python", "options {"),
        (
            "output\n1",
            "output\n2",
            "```output",
            "```output",
            "differs from zh.md:14: (- there, + here)\n-1\n+2",
        ),
        ("output\n1", "text\n1", "```output", "```text", "a text fence here, a output fence there"),
        ("    a.b", "    a.c", "    ```source", "    ```source", "(- there, + here)\n-a.b\n+a.c"),
        (
            "fig.svg",
            "other.svg",
            "## 第二",
            "## Second",
            "this section shows ['other.svg'], zh.md:18 ['fig.svg']",
        ),
        (
            "![plot](fig.svg)\n",
            "",
            "## 第二",
            "## Second",
            "this section shows [], zh.md:18 ['fig.svg']",
        ),
        (
            "](a.md)",
            "](b.md)",
            "# 标题",
            "# Title",
            "links of this section differ from zh.md:6: missing here a.md, only here b.md",
        ),
        ("see [here](a.md)", "see", "# 标题", "# Title", "missing here a.md, only here nothing"),
        (
            "accuracy .1% -->",
            "accuracy .2% -->",
            "# 标题",
            "# Title",
            "missing here accuracy .1%, only here accuracy .2%",
        ),
        (
            "= accuracy",
            "= other",
            "# 标题",
            "# Title",
            "missing here accuracy .1%, only here other .1%",
        ),
        ("- b\n", "- b\n- c\n", "## 第二", "## Second", "only here list items"),
        ("| a |\n", "| a |\n| b |\n", "## 第二", "## Second", "only here table rows"),
        (
            "] --> b",
            "] -.-> b",
            "```mermaid",
            "```mermaid",
            "missing here a --> b, only here a -.-> b",
        ),
        (
            "a[Diagram]",
            "a(Diagram)",
            "```mermaid",
            "```mermaid",
            "the diagram: missing here a[], only here a()",
        ),
        ('!!! note "Note"\n', '=== "Note"\n', "## 第二", "## Second", "missing here admonitions"),
    ],
)
def test_a_difference_is_told_at_its_line_both_ways_round(compare, old, new, zh_at, en_at, message):
    changed = EN.replace(old, new, 1)
    assert changed != EN
    (from_zh,), (from_en,) = compare(ZH, changed)
    assert (from_zh.page, from_zh.line) == ("zh.md", line_of(ZH, zh_at))
    assert (from_en.page, from_en.line) == ("en.md", line_of(changed, en_at))
    assert message in from_en.message
    assert "en.md" in from_zh.message or "there" in from_zh.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("as you like", "as\nyou like"),
        ('title="Train"', 'title="Learn"'),
        ("# one", "# 2"),
        ("title: Title", "title: 5"),
        ("[here]", "[over there]"),
        ("97.7%<", "98 %<"),
        ("- a\n", "* a\n"),
    ],
)
def test_words_may_differ(compare, old, new):
    changed = EN.replace(old, new, 1)
    assert changed != EN
    assert compare(ZH, changed) == ([], [])


def test_a_section_that_is_missing_is_told_at_the_end_or_where_it_is(compare):
    (from_zh,), (from_en,) = compare(ZH + "\n## 三 { #third }\n", EN)
    assert (from_zh.line, from_zh.message) == (
        line_of(ZH, "随意") + 3,
        "## … { #third } stands where en.md has nothing",
    )
    assert from_en.line == EN.count("\n") + 1
    assert f"the section #third of zh.md:{from_zh.line} is missing" in from_en.message


def test_a_fence_that_is_missing_is_told_at_the_end_or_where_it_is(compare):
    (from_zh,), (from_en,) = compare(f"{ZH}\n```python\ny\n```\n", EN)
    line = line_of(ZH, "随意") + 3
    assert (from_zh.line, from_zh.message) == (line, "this python fence is missing in en.md")
    assert from_en.line == EN.count("\n") + 1
    assert f"the python fence of zh.md:{line} is missing" in from_en.message


def test_a_missing_fence_is_told_once_not_for_all_that_follow(compare):
    without = EN.replace("```output\n1\n```\n", "")
    (from_zh,), (from_en,) = compare(ZH, without)
    assert from_zh.line == line_of(ZH, "```output")
    assert from_en.line == line_of(without, "    ```source")


def test_differences_in_the_code_show_the_lines(compare):
    _, (problem,) = compare(ZH, EN.replace("x = 1", "x = 2"))
    assert problem.message.splitlines()[1:] == ["-x = 1  # 一", "+x = 2  # one"]


def test_every_fence_that_differs_is_told(compare):
    _, found = compare(
        ZH, EN.replace("x = 1", "x = 2").replace("output\n1", "output\n2").replace("a.b", "a.c")
    )
    assert [problem.message.split(": ")[0] for problem in found] == [
        "differs from zh.md:10",
        "differs from zh.md:14",
        f"differs from zh.md:{line_of(ZH, '```source')}",
    ]
