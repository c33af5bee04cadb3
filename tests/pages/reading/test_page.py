"""What is found on a page: blocks, bound numbers, headings, links, front matter."""

import pytest

from tf2docs.pages.comparing import agrees, exact
from tf2docs.pages.errors import PageError
from tf2docs.pages.lines import blank
from tf2docs.pages.reading.bound_numbers import BoundNumber, is_number
from tf2docs.pages.reading.page import read_page

BLOCK = "```python\nx = 1\n```\n"
OUTPUT = "```output\n1\n```\n"


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "page.md"
        path.write_text(text, encoding="utf-8")
        return read_page(path, "docs/en/page.md")

    return read


def test_a_page_knows_its_file_label_and_text(read, tmp_path):
    page = read("---\ntitle: 训练\n---\n\n正文\n")
    assert (page.path, page.label) == (tmp_path / "page.md", "docs/en/page.md")
    assert page.text.endswith("正文\n")
    assert page.meta == {"title": "训练"}


def test_a_page_is_parsed_again_only_when_its_text_changed(read):
    first = read("one")
    assert read("one") is first
    assert read("two").text == "two"


# Blocks


@pytest.mark.parametrize("between", ["", "\n", "\n\n\n", "  \n"])
def test_an_output_belongs_to_the_block_above_it(read, between):
    (block,) = read(BLOCK + between + OUTPUT).blocks
    assert block.output.text == "1\n"


@pytest.mark.parametrize(
    "between", ["It prints:\n\n", "<!-- -->\n", "## H\n", "```text\na\n```\n", "```json\n1\n```\n"]
)
def test_an_output_below_something_else_belongs_to_no_block(read, between):
    (block,) = read(BLOCK + between + OUTPUT).blocks
    assert block.output is None


def test_an_output_of_an_output_belongs_to_no_block(read):
    page = read(BLOCK + OUTPUT + OUTPUT.replace("1", "2"))
    assert [block.output.text for block in page.blocks] == ["1\n"]


def test_an_output_in_a_block_quote_or_admonition_belongs_to_its_block(read):
    assert (
        read("> ```python\n> x\n> ```\n>\n> ```output\n> 1\n> ```\n").blocks[0].output.text == "1\n"
    )
    assert (
        read("!!! a\n\n    ```python\n    x\n    ```\n\n    ```output\n    1\n    ```\n")
        .blocks[0]
        .output.text
        == "1\n"
    )


def test_blocks_are_counted_and_other_fences_are_not(read):
    page = read(f"{BLOCK}\n```text\na\n```\n\n{BLOCK}{OUTPUT}\n```source\na.b\n```\n")
    assert [(block.index, block.fence.line, block.output is not None) for block in page.blocks] == [
        (0, 1, False),
        (1, 9, True),
    ]
    assert [fence.text for fence in page.sources] == ["a.b\n"]


def test_a_block_says_what_its_options_mean(read):
    (plain,) = read(BLOCK).blocks
    assert (plain.raises, plain.skip_reason, plain.needs_gpu, plain.id, plain.varies) == (
        None,
        None,
        False,
        None,
        False,
    )
    (block,) = read('```python {#a .gpu data-raises="E" data-rtol="0.1"}\nx\n```\n').blocks
    assert (block.raises, block.skip_reason, block.needs_gpu, block.id) == ("E", None, True, "a")
    assert agrees("1.0", "1.09", block.closeness())
    assert not agrees("1.0", "1.2", block.closeness())
    (skipped,) = read('```python {.norun data-reason="slow"}\nx\n```\n').blocks
    assert skipped.skip_reason == "slow"


def test_the_outputs_tolerance_goes_before_the_blocks(read):
    text = (
        '```python {data-rtol="0.1" data-atol="1"}\nx\n```\n```output {data-rtol="0.2"}\n1\n```\n'
    )
    close = read(text).blocks[0].closeness()
    assert agrees("0.00", "0.99", close)
    assert agrees("10.00", "11.99", close)
    assert not agrees("10.00", "12.10", close)


# Bound numbers


@pytest.mark.parametrize(
    ("text", "shown", "expression", "form", "tolerances"),
    [
        ("98.1%<!--= accuracy .1% -->", "98.1%", "accuracy", ".1%", (0, 0)),
        ("98.1 %<!--= accuracy .1% -->", "98.1 %", "accuracy", ".1%", (0, 0)),
        ("98.1\u202f%<!--= accuracy .1% -->", "98.1\u202f%", "accuracy", ".1%", (0, 0)),
        ("准确率97.7%<!--= a .1% -->。", "97.7%", "a", ".1%", (0, 0)),
        ("2.38<!--= loss .2f rtol=0.001 -->", "2.38", "loss", ".2f", (0.001, 0)),
        ("26.4<!--= bleu .1f atol=0.5 -->", "26.4", "bleu", ".1f", (0, 0.5)),
        ("2<!--= x d atol=1 rtol=0.1 -->", "2", "x", "d", (0.1, 1)),
        ("60,000<!--= len(x) ,d -->", "60,000", "len(x)", ",d", (0, 0)),
        ("约−1.5<!--= x .1f -->", "−1.5", "x", ".1f", (0, 0)),
        ("-1.5e-3<!--= x .1e -->", "-1.5e-3", "x", ".1e", (0, 0)),
        ("3<!--=x d-->", "3", "x", "d", (0, 0)),
        ("3<!--= a + b\n  - c d -->", "3", "a + b - c", "d", (0, 0)),
        ("3<!--= a > b d -->", "3", "a > b", "d", (0, 0)),
        ("(5<!--= x d -->)", "5", "x", "d", (0, 0)),
        ("float32 有10<!--= x d -->个", "10", "x", "d", (0, 0)),
    ],
)
def test_a_bound_number_is_read(read, text, shown, expression, form, tolerances):
    page = read(f"{BLOCK}\n{text}\n")
    (number,) = page.numbers
    assert (number.shown, number.expression, number.format) == (shown, expression, form)
    assert (number.rtol, number.atol) == tolerances
    assert page.text[number.start : number.end] == text[text.index(shown) : text.index("-->") + 3]


@pytest.mark.parametrize(
    "text",
    [
        "<!--= x d -->",
        "98 <!--= x d -->",
        "98<!--= x -->",
        "98<!--= -->",
        "x98<!--= x d -->",
        "98<!--= x atol=1 -->",
        "98<!--= x d atol=some -->",
        "98<!--= x d tol=0.1 -->",
    ],
)
def test_a_bound_number_that_lacks_something_has_no_expression(read, text):
    (number,) = read(f"{BLOCK}\n{text}\n").numbers
    assert number.expression == ""


def test_a_bound_number_knows_its_line_and_the_blocks_above_it(read):
    page = read(
        f"1<!--= a d -->\n\n{BLOCK}\n2<!--= b d -->\n\n{BLOCK}\n\n"
        "3<!--= c d --> and 4<!--= d d -->\n"
    )
    assert [(number.expression, number.after, number.line) for number in page.numbers] == [
        ("a", 0, 1),
        ("b", 1, 7),
        ("c", 2, 14),
        ("d", 2, 14),
    ]


def test_a_comment_in_a_fence_binds_nothing(read):
    assert read("```text\n1<!--= a d -->\n```\n\n1<!-- fact -->\n").numbers == []


def bound(shown, form, rtol=0.0, atol=0.0):
    return BoundNumber(shown, "x", form, rtol, atol, after=1, line=1, start=0, end=0)


@pytest.mark.parametrize(
    ("shown", "form", "value", "written"),
    [
        ("98.1%", ".1%", 0.9766, "97.7%"),
        ("98.1 %", ".1%", 0.9766, "97.7 %"),
        ("98.1\u202f%", ".1%", 1.0, "100.0\u202f%"),
        ("1", "d", 3, "3"),
        ("1,000", ",d", 60000, "60,000"),
        ("1.5", ".2f", 2, "2.00"),
    ],
)
def test_a_value_is_written_as_the_page_shows_it(shown, form, value, written):
    assert bound(shown, form).written(value) == written


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (".1%", float("inf")),
        (".2f", float("nan")),
        ("s", "word"),
        ("x", 255),
        ("_d", 1000),
        ("8.2f", 1.0),
        ("", [1]),
    ],
)
def test_a_value_that_no_page_could_show_again_is_refused(form, value):
    with pytest.raises((ValueError, TypeError)):
        bound("1", form).written(value)


@pytest.mark.parametrize(
    ("form", "rtol", "atol", "was", "now", "agree"),
    [
        (".1f", 0.0, 0.0, 1.01, 1.04, True),
        (".1f", 0.0, 0.0, 1.04, 1.06, False),
        (".3f", 0.1, 0.0, 1.0, 1.09, True),
        (".3f", 0.1, 0.0, 1.0, 1.11, False),
        (".3f", 0.1, 0.0, -1.0, -1.09, True),
        (".3f", 0.1, 0.0, -1.0, 1.0, False),
        (".1f", 0.0, 0.5, 26.1, 26.6, True),
        (".1f", 0.0, 0.5, 26.1, 26.7, False),
        (".1f", 0.1, 0.5, 26.1, 28.0, True),
        ("s", 0.1, 0.0, "1", "1", True),
        ("s", 0.1, 0.0, "1", "2", False),
    ],
)
def test_two_runs_agree_as_written_or_within_the_tolerance(form, rtol, atol, was, now, agree):
    assert bound("1", form, rtol, atol).agrees(was, now) is agree


# Headings, links, front matter


def test_headings_have_level_words_anchor_and_line(read):
    page = read("---\ntitle: T\n---\n# 一 { #one }\n\n## Two words {#two-2}  \n\n### None\n")
    assert [
        (heading.level, heading.text, heading.anchor, heading.line) for heading in page.headings
    ] == [
        (1, "一", "one", 4),
        (2, "Two words", "two-2", 6),
        (3, "None", "", 8),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```text\n# no { #no }\n```\n",
        "```python\n# no\n```\n",
        "---\n# no\ntitle: T\n---\n",
        "#no\n",
        "####### no\n",
        "a # no\n",
        "    # no\n",
    ],
)
def test_what_only_looks_like_a_heading_is_none(read, text):
    assert read(text).headings == []


def test_links_and_pictures_are_told_apart(read):
    page = read('a\n\n[one](b.md#c) ![two](d.svg)\n[three `x`](e "title"), [a [b]](f)\n')
    assert [(link.text, link.target, link.picture, link.line) for link in page.links] == [
        ("one", "b.md#c", False, 3),
        ("two", "d.svg", True, 3),
        ("three `x`", "e", False, 4),
        ("a [b]", "f", False, 4),
    ]
    assert [page.text[link.start : link.end] for link in page.links][:2] == [
        "[one](b.md#c)",
        "![two](d.svg)",
    ]


@pytest.mark.parametrize(
    "text", ["`[a](b)`", "`` [a](b) ` ``", "```text\n[a](b)\n```", "[a] (b)", "[a] [b]"]
)
def test_code_and_brackets_are_no_links(read, text):
    assert read(f"{text}\n").links == []


def test_prose_keeps_every_place_and_line(read):
    page = read(f"---\ntitle: T\n---\n\nbefore\n{BLOCK}after\n")
    assert len(page.prose) == len(page.text)
    assert page.prose.index("after") == page.text.index("after")
    assert page.prose.split() == ["before", "after"]
    assert page.line_of(page.text.index("after")) == 9


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("---\ntitle: a: b\n---\n", 2, "isn't YAML"),
        ("---\ntitle: T\ntags: [a\n---\n", 4, "isn't YAML"),
        ("---\ntitle: T\n\tb: c\n---\n", 3, "isn't YAML"),
        ("---\n- a\n---\n", 2, "must be `key: value` lines"),
        ("---\nwords\n---\n", 2, "must be `key: value` lines"),
        ("---\n\n---\n", 2, "must be `key: value` lines"),
    ],
)
def test_front_matter_that_cant_be_read_is_an_error_with_file_and_line(read, text, line, message):
    with pytest.raises(PageError) as error:
        read(text)
    (problem,) = error.value.problems
    assert (problem.page, problem.line) == ("docs/en/page.md", line)
    assert message in problem.message
    assert str(error.value).startswith(f"docs/en/page.md:{line}: ")


@pytest.mark.parametrize(
    "text", ["", "# A\n", "\n---\ntitle: T\n---\n", "a\n\n---\n\nb: c\n\n---\n"]
)
def test_a_page_may_have_no_front_matter(read, text):
    assert read(text).meta == {}


def test_blanked_text_keeps_its_lines():
    assert blank("ab\ncd\nef", [(1, 4)]) == "a \n d\nef"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.1", True), ("1e-3", True), ("0", True), ("-1", False), ("x", False), ("nan", False)],
)
def test_a_tolerance_is_a_number_that_isnt_negative(text, number):
    assert is_number(text) is number


# Files that aren't what they should be


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"a\nb \xff\n", 2, "the byte 0xff here isn't UTF-8"),
        (b"a\n\xed\xa0\x80\n", 2, "isn't UTF-8"),  # half a character
        ("a\n".encode("utf-16"), 1, "the byte 0xff here isn't UTF-8"),
        ("\ufeffa\n".encode(), 1, "the file begins with a byte order mark"),
        ("a\n\ufeff# b\n".encode(), 2, "here is a byte order mark"),
        (b'---\ntitle: "\\ud83d"\n---\n', 2, "the front matter isn't YAML"),
        (
            b"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> other\n",
            2,
            "<<<<<<< is what an unfinished merge leaves",
        ),
        (b"a\n\n=======\n", 3, "======= is what an unfinished merge leaves"),
        (b"## A { #a }\n>>>>>>> other\n", 2, ">>>>>>> is what"),
        (b"```text\n||||||| base\n```\n", 2, "||||||| is what"),
    ],
)
def test_a_file_that_cant_be_read_is_an_error_with_file_and_line(tmp_path, data, line, message):
    path = tmp_path / "page.md"
    path.write_bytes(data)
    with pytest.raises(PageError) as error:
        read_page(path, "docs/en/page.md")
    assert error.value.problems[0].line == line
    assert message in error.value.problems[0].message


@pytest.mark.parametrize("printed", ["=======", "<<<<<<< a", "a\x0cb", "a\u2028b", "\x85", "\x1c"])
def test_what_a_block_may_print_stands_in_its_output(read, printed):
    (block,) = read(f"```python\nx\n```\n\n```output\n{printed}\nb\n```\n").blocks
    assert block.output.text == f"{printed}\nb\n"
    assert agrees(block.output.text, f"{printed}\nb\n", exact)
    assert not agrees(block.output.text, f"{printed}\nc\n", exact)


@pytest.mark.parametrize("text", ["", "\n", "words", "# A { #a }", "```python\nx\n```"])
def test_a_page_may_be_empty_and_needs_no_line_feed_at_its_end(read, text):
    page = read(text)
    assert (page.text, page.links, len(page.headings)) == (text, [], text.count("#") // 2)


# Formulas


def test_formulas_have_their_latex_and_their_line(read):
    page = read("# T { #t }\n\nWith $x_i$ and $\\frac{1}\n{2}$:\n\n$$ a +\n\\$ b $$\n")
    assert [(each.latex.strip(), each.line) for each in page.formulas] == [
        ("x_i", 3),
        ("\\frac{1}\n{2}", 3),
        ("a +\n\\$ b", 6),
    ]


@pytest.mark.parametrize(
    "text",
    ["`$x$`", "```bash\necho $x$\n```", "from 5 $ to 6 $ and more", "$a\n\nb$", "\\$x\\$", "$5"],
)
def test_what_is_code_or_money_is_no_formula(read, text):
    assert read(text).formulas == []


def test_brackets_in_a_formula_are_no_link(read):
    assert read("See $[a](b)$.").links == []
