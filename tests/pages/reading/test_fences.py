"""Which fences a page has, where they stand, and what is refused."""

import pytest

from tf2docs.pages.errors import PageError
from tf2docs.pages.reading.fences import find_fences
from tf2docs.pages.reading.page import read_page


def only(text):
    (fence,) = find_fences(text, "page.md")
    return fence


def problems(text):
    with pytest.raises(PageError) as error:
        find_fences(text, "page.md")
    return [(problem.line, problem.message) for problem in error.value.problems]


def test_a_fence_says_what_it_is_and_where():
    fence = only("one\n\n```python\nx = 1\ny = 2\n```\nend\n")
    assert (fence.language, fence.options, fence.line, fence.indent) == ("python", {}, 3, "")
    assert fence.text == "x = 1\ny = 2\n"


def test_fences_stand_in_their_order():
    found = find_fences("```python\n1\n```\n\n~~~output\n1\n~~~\n\n```text\nt\n```\n", "page.md")
    assert [(fence.language, fence.line) for fence in found] == [
        ("python", 1),
        ("output", 5),
        ("text", 9),
    ]


@pytest.mark.parametrize(
    ("opening", "options"),
    [
        ("python", {}),
        ("python {}", {}),
        ("python {.gpu}", {".gpu": ""}),
        ("python {#train}", {"#": "train"}),
        ("python {data-rtol=0.1}", {"data-rtol": "0.1"}),
        ('python {data-raises="AttributeError"}', {"data-raises": "AttributeError"}),
        ('python {title="two words"}', {"title": "two words"}),
        ('python {title=""}', {"title": ""}),
        ('python {title="训练 {x} .gpu #id"}', {"title": "训练 {x} .gpu #id"}),
        (
            'python {#a title="b c" .gpu data-atol="1"}',
            {"#": "a", "title": "b c", ".gpu": "", "data-atol": "1"},
        ),
        ('python { .norun   data-reason="slow" }', {".norun": "", "data-reason": "slow"}),
        (" python  {.gpu}  ", {".gpu": ""}),
        ("python\t{.gpu}\t", {".gpu": ""}),
    ],
)
def test_options_stand_in_braces_behind_the_language(opening, options):
    fence = only(f"```{opening}\nx\n```\n")
    assert (fence.language, fence.options, fence.text) == ("python", options, "x\n")


def test_trailing_space_behind_both_fences_is_no_matter():
    fence = only("```python   \nx\n```  \nend\n")
    assert (fence.language, fence.text) == ("python", "x\n")


@pytest.mark.parametrize("language", ["text", "bash", "yaml", "json"])
def test_other_languages_may_have_any_options(language):
    assert only(f"```{language} {{.anything}}\nx\n```\n").options == {".anything": ""}


@pytest.mark.parametrize(
    ("text", "body", "indent"),
    [
        ("```python\nif x:\n    y\n```\n", "if x:\n    y\n", ""),
        ("- a\n\n\t```python\n\tif x:\n\t\ty\n\t```\n", "if x:\n    y\n", "\t"),
        ("```python\nif x:\n\ty\n```\n", "if x:\n    y\n", ""),
        ("- a\n\n\t```python\n    x\n\t```\n", "x\n", "\t"),
        ("!!! note\n\n    ```python\n      x\n    ```\n", "  x\n", "    "),
        ("!!! note\n\n    ```python\n    if x:\n        y\n    ```\n", "if x:\n    y\n", "    "),
        ('??? "t"\n\n    ```python\n    a\n\n    b\n    ```\n', "a\n\nb\n", "    "),
        ("- item\n\n  ```python\n  x\n  ```\n", "x\n", "  "),
        (
            "1. item\n\n    ??? note\n\n        ```python\n        x\n        ```\n",
            "x\n",
            "        ",
        ),
        ("> ```python\n> if x:\n>     y\n> ```\n", "if x:\n    y\n", "> "),
    ],
)
def test_the_text_of_an_indented_fence_has_no_indentation(text, body, indent):
    fence = only(text)
    assert (fence.language, fence.text, fence.indent) == ("python", body, indent)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("````text\n```python\nx\n```\n````\n", "```python\nx\n```\n"),
        ("````output\n```\n````\n", "```\n"),
        ("~~~text\n```python\nx\n```\n~~~\n", "```python\nx\n```\n"),
        ("```text\n~~~\n```\n", "~~~\n"),
        ("```output\na ``` b\n```\n", "a ``` b\n"),
        ("- a\n\n    ````text\n    ```\n    x\n    ```\n    ````\n", "```\nx\n```\n"),
        ("```text\n    ```\n```\n", "    ```\n"),
    ],
)
def test_a_fence_inside_a_longer_or_other_one_is_text(text, body):
    assert only(text).text == body


def test_what_follows_a_longer_fence_is_found():
    found = find_fences("````text\n```python\nx\n```\n````\n\n```python\ny\n```\n", "page.md")
    assert [(fence.language, fence.text, fence.line) for fence in found] == [
        ("text", "```python\nx\n```\n", 1),
        ("python", "y\n", 7),
    ]


def test_tildes_make_a_fence():
    assert only("~~~python {.gpu}\nx\n~~~\n").options == {".gpu": ""}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("```python\nx\n`````\nafter\n", 3),
        ("```python\nx\n  ```\n", 3),
        ("- a\n\n    ```python\n    x\n  ```\n", 5),
        ("> ```python\n> x\n```\n", 3),
        ("~~~python\nx\n~~~~\n", 3),
    ],
)
def test_an_end_that_is_one_for_some_readers_is_refused(text, line):
    assert (line, "write") == (problems(text)[0][0], problems(text)[0][1].split("; ")[1][:5])
    assert "some readers take this for the fence's end" in problems(text)[0][1]


@pytest.mark.parametrize(
    "text",
    [
        "    ```python\n    x\n    ```\n",
        "text\n\n    ```python\n    x\n    ```\n",
        "- a\n\n        ```python\n        x\n        ```\n",
        "## H\n\n    ```python\n    x\n    ```\n",
        "    code\n```python\nx\n```\n",
        "- !!! note\n\n        ```python\n        x\n        ```\n",
        "!!! note 'single quotes'\n\n    ```python\n    x\n    ```\n",
    ],
)
def test_a_fence_in_indented_code_is_refused(text):
    ((_, message),) = problems(text)
    assert "take this fence for indented code" in message


def test_back_ticks_behind_those_that_open_are_refused():
    ((line, message),) = problems("a\n\n```python `x`\nx\n```\n")
    assert (line, message.split(";")[0]) == (
        3,
        "a back-tick behind the back-ticks that open a fence",
    )


@pytest.mark.parametrize("mark", ["\u00a0", "\u200b", "*", "(", "\u3000", "| "])
def test_what_stands_before_a_fence_unseen_is_refused(mark):
    assert problems(f"{mark}```python\nx\n```\n")[0] == (
        1,
        "a fence begins on a line of its own, indented, below the list item",
    )


@pytest.mark.parametrize(
    "end", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
def test_only_a_line_feed_ends_a_line(end):
    fence = only(f"- a\n\n    ```output\n    a{end}b\n    c\n    ```\n")
    assert (fence.text, fence.line) == (f"a{end}b\nc\n", 3)


@pytest.mark.parametrize(
    "text", ["a ```x``` b\n", " in words, ``` too\n", "`` ` ``\n", "", "```x``` b\n"]
)
def test_back_ticks_within_a_line_are_no_fence(text):
    assert find_fences(text, "page.md") == []


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("```python\n```\n", ""),
        ("```python\n```", ""),
        ("```python\n\n```\n", "\n"),
        ("- a\n\n    ```python\n    ```\n", ""),
    ],
)
def test_an_empty_fence_is_a_fence(text, body):
    assert only(text).text == body


def test_the_last_line_needs_no_newline():
    text = "a\n```python\nx\n```"
    fence = only(text)
    assert (fence.text, text[fence.start : fence.end]) == ("x\n", "```python\nx\n```")


@pytest.mark.parametrize(
    ("before", "whole", "body"),
    [
        ("", "```python\nx\ny\n```", "x\ny\n"),
        ("前言\n\n", "```python {.gpu}\nx\n```", "x\n"),
        ("!!! note\n\n", "    ```python\n    x\n\n    y\n    ```", "    x\n\n    y\n"),
        ("> a\n>\n", "> ```python\n> x\n> ```", "> x\n"),
        ("a\n", "\t```python\n\tx\n\t```", "\tx\n"),
        ("a\n", "````text\n```\nx\n```\n````", "```\nx\n```\n"),
        ("a\n", "~~~python\n```\n~~~", "```\n"),
        ("a\n", "```python\n```", ""),
    ],
)
@pytest.mark.parametrize("after", ["", "\n", "\nafter\n", "\n\n```text\nb\n```\n"])
def test_offsets_give_the_fence_and_its_body_to_the_letter(before, whole, body, after):
    text = before + whole + after
    fence = find_fences(text, "page.md")[0]
    assert text[fence.start : fence.end] == whole
    assert text[slice(*fence.body)] == body
    assert text[: fence.start] == before


def test_windows_line_ends_are_read_as_line_feeds(tmp_path):
    path = tmp_path / "page.md"
    path.write_bytes(
        b"a\r\n\r\n```python {.gpu}\r\nx\r\n\r\ny\r\n```\r\n\r\n```output\r\n1\r\n```\r\n"
    )
    page = read_page(path, "page.md")
    assert [(fence.language, fence.text, fence.line) for fence in page.fences] == [
        ("python", "x\n\ny\n", 3),
        ("output", "1\n", 9),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n\n```python\nx\n", 3),
        ("```python", 1),
        ("```text\na\n```\n\n~~~python\nx\n```\n", 5),
        ("a\n\n````python\nx\n```\n", 3),
        ("- a\n\n    ```python\n    x\n", 3),
    ],
)
def test_an_unclosed_fence_is_an_error_at_its_line(text, line):
    ((found, message),) = problems(text)
    assert found == line
    assert "never closed" in message


@pytest.mark.parametrize(
    ("opening", "message"),
    [
        ('python {titel="x"}', "no option 'titel'"),
        ("python {.slow}", "no option '.slow'"),
        ('output {title="x"}', "no option 'title'"),
        ("output {#name}", "no option '#'"),
        ("source {.gpu}", "no option '.gpu'; it may have title"),
    ],
)
def test_an_unknown_option_is_refused_and_the_known_ones_named(opening, message):
    ((line, found),) = problems(f"a\n\n```{opening}\nx\n```\n")
    assert line == 3
    assert message in found
    assert "it may have" in found


@pytest.mark.parametrize(
    "opening",
    [
        "python{.gpu}",
        "python notest",
        "python title=x",
        'python title="x y"',
        "python .gpu",
        "python x {}",
    ],
)
def test_options_without_braces_are_refused(opening):
    ((line, message),) = problems(f"```{opening}\nx\n```\n")
    assert line == 1
    assert "write the options in braces, ```python {…}" in message


@pytest.mark.parametrize(
    "options", ["{title='x y'}", '{title="x}', "{=x}", '{title="a"b}', "{训练}", "{gpu}"]
)
def test_options_that_cant_be_read_are_refused(options):
    ((line, message),) = problems(f"```python {options}\nx\n```\n")
    assert line == 1
    assert "can't read" in message


@pytest.mark.parametrize(
    "language", ["py", "Python", "PYTHON", "pycon", "python3", "py3", "Py", "ipython", ".python"]
)
def test_other_names_of_python_are_refused_since_they_would_not_run(language):
    ((line, message),) = problems(f"a\n```{language}\nx\n```\n")
    assert line == 2
    assert f"{language!r} would not be run; call it 'python'" in message


@pytest.mark.parametrize(
    "text", ["- ```python\n  x\n  ```\n", "1. ```python\n   x\n   ```\n", "* ~~~text\n  x\n  ~~~\n"]
)
def test_a_fence_on_a_list_items_own_line_is_refused(text):
    ((line, message),) = problems(f"a\n\n{text}")
    assert line == 3
    assert "on a line of its own" in message


def test_every_problem_of_a_page_is_told_at_once():
    text = "```py\nx\n```\n\n```python {.slow .slower}\nx\n```\n\n```python\nx\n"
    assert [line for line, _ in problems(text)] == [1, 5, 5, 9]


def test_a_problem_names_the_page():
    with pytest.raises(PageError, match=r"^docs/zh/p\.md:1: this fence is never closed"):
        find_fences("```python\n", "docs/zh/p.md")


@pytest.mark.parametrize("opening", ["pyton", "", " {.python}", "{.python #a}"])
def test_a_language_nobody_knows_is_an_error(opening):
    with pytest.raises(PageError, match="would only be shown"):
        find_fences(f"```{opening}\nx\n```\n", "page.md")


def test_a_line_indented_less_than_its_fence_is_an_error():
    with pytest.raises(PageError, match=r"page.md:3: this line is indented less than its fence"):
        find_fences("a\n    ```python\n  x\n    ```\n", "page.md")


def test_a_blank_line_in_an_indented_fence_may_be_empty():
    assert only("- a\n\n    ```python\n    x\n\n    y\n    ```\n").text == "x\n\ny\n"


def test_a_fence_that_swallows_the_next_is_an_error():
    with pytest.raises(
        PageError, match=r"page.md:3: a fence begins here, but the one above isn't closed"
    ):
        find_fences("```output\n1\n```python\nx\n```\n", "page.md")
