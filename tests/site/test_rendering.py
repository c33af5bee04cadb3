"""What Markdown makes of fences and bound numbers.

It has the extensions and settings of mkdocs.yml.
"""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

from markdown import Markdown
from mkdocs.config import load_config

from tf2docs.pages.showing.code_fences import short_seconds
from tf2docs.pages.showing.extension import FenceError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def render() -> Callable[..., str]:
    config = load_config(str(ROOT / "mkdocs.yml"))
    extensions = [name for name in config.markdown_extensions if isinstance(name, str)]

    def render(text: str, **page: object) -> str:
        settings = config.mdx_configs | {
            "tf2docs.pages.showing.extension": {"language": "zh"} | page
        }
        return Markdown(extensions=extensions, extension_configs=settings).convert(text)

    return render


def fence(opening: str, *lines: str) -> str:
    return "\n".join([f"```{opening}", *lines, "```"])


def words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_python_is_highlighted_and_can_be_copied(render):
    html = render(fence("python", "x = 1"))
    assert '<span class="mi">1</span>' in html
    assert re.search(r"<pre><span></span><code>", html)


def test_a_block_may_have_a_title_and_highlighted_lines(render):
    html = render(fence('python {title="Train" hl_lines="2"}', "a = 1", "b = 2"))
    assert '<span class="filename">Train</span>' in html
    assert re.search(r'class="hll".*>b<', html)


@pytest.mark.parametrize("option", ['data-rtol="0.1"', 'data-atol="1"'])
def test_options_for_the_tests_leave_no_trace(render, option):
    assert render(fence(f"python {{{option}}}", "x = 1")) == render(fence("python", "x = 1"))


def test_a_block_s_name_is_an_anchor(render):
    assert '<div id="train" class="language-python highlight">' in render(
        fence("python {#train}", "x = 1")
    )


@pytest.mark.parametrize(
    ("options", "zh", "en"),
    [
        ('{data-raises="ValueError"}', "此代码会报错：ValueError", "This code raises ValueError"),
        ("{.gpu}", "需要 GPU", "Needs a GPU"),
        ('{.norun data-reason="1 < 2"}', "此代码不运行：1 &lt; 2", "Not run: 1 &lt; 2"),
    ],
)
def test_what_is_unusual_about_a_block_is_said_in_the_page_s_language(render, options, zh, en):
    text = fence(f"python {options}", "x = 1")
    assert zh in words(render(text, language="zh"))
    assert en in words(render(text, language="en"))


def test_an_output_is_plain_text_that_the_keyboard_can_scroll(render):
    html = render(fence('output {data-rtol="0.1"}', "<b> is 1", "", "def"), language="en")
    assert html == (
        '<div class="tf2-output" role="group" aria-label="Output">'
        '<pre tabindex="0"><samp>&lt;b&gt; is 1\n\ndef</samp></pre></div>'
    )


@pytest.mark.parametrize(
    ("line", "wraps"),
    [
        ("ValueError: no", True),
        ("1 warning: " + "word " * 20, True),
        ("epoch 1: loss 0.29", False),
        ("step  loss  " + "0.1  " * 20, False),
        ("1688/1688 ━━━━ " + "loss: 0.1 - " * 20, False),
    ],
)
def test_a_message_and_a_long_line_of_words_may_wrap(render, line, wraps):
    html = render(fence("output", line.strip()))
    assert ('<span class="tf2-output__words">' in html) == wraps
    assert f"<samp>{line.strip()}</samp>" in re.sub("</?span[^>]*>", "", html)


def test_a_page_shows_its_formulas_and_leaves_what_is_none(render):
    html = render("$a < b$ costs $5, `$x$`\n\n$$ \\begin{matrix} c & d \\end{matrix} $$")
    root = fromstring(f"<body>{html}</body>")
    assert ["".join(math.itertext()) for math in root.iter("math")] == ["a<b", "cd"]
    assert [len(list(math.iter("mtd"))) for math in root.iter("math")] == [0, 2]
    assert " costs $5, <code>$x$</code>" in html


def test_fences_work_inside_an_admonition_and_a_list(render):
    inside = "\n".join(f"    {line}" for line in fence("output", "42").split("\n"))
    assert "<samp>42</samp>" in render(f"!!! note\n\n{inside}")
    assert "<samp>42</samp>" in render(f"1. one\n\n{inside}")


def test_a_source_fence_shows_the_definition_below_its_file_and_a_link(render):
    html = render(fence("source", "tf2docs.pages.reading.definitions.Definition"))
    assert "@dataclass(frozen=True)\nclass Definition:" in words(html)
    link = '<autoref identifier="tf2docs.pages.reading.definitions.Definition"'
    assert f'class="filename">tf2docs/pages/reading/definitions.py {link}' in html


def test_a_method_is_shown_without_its_indentation(render):
    html = render(fence("source", "tf2docs.pages.showing.extension.PagePreprocessor.error"))
    assert '<code><span class="k">def</span>' in html
    assert re.search(r"^    return FenceError", words(html), re.M)


@pytest.mark.parametrize(
    ("bound", "shown"),
    [
        ("98.1 %<!--= test_accuracy .1% -->", "<p>98.1 %</p>"),
        ("60,000<!-- fact -->", "<p>60,000</p>"),
        ("1.5<!--= a > b and\nc -->", "<p>1.5</p>"),
        ("- 2.5<!--= loss .1f -->", "<li>2.5</li>"),
        ("| a |\n|---|\n| 2.5<!--= loss .1f --> |", "<td>2.5</td>"),
        ("`1<!-- fact -->` 2.5<!-- fact -->", "<p><code>1&lt;!-- fact --&gt;</code> 2.5</p>"),
    ],
)
def test_what_a_number_is_bound_to_isn_t_shown(render, bound, shown):
    assert shown in render(bound)


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("读完之后，\n你会有", "<p>读完之后，你会有</p>"),
        ("两种：\nCPU，\n`tf`", "<p>两种：CPU，<code>tf</code></p>"),
        ("它叫“层”\n（layer）", "<p>它叫“层”（layer）</p>"),
        ("用 Keras\n训练", "<p>用 Keras\n训练</p>"),
        ("two\nwords", "<p>two\nwords</p>"),
        ("“two”\n“words”", "<p>“two”\n“words”</p>"),
        ("- 一行\n  两行\n- 三行", "<li>一行两行</li>"),
        ("```output\n一行\n两行\n```", "<samp>一行\n两行</samp>"),
        ("```text\n一行\n两行\n```", "一行\n两行"),
    ],
)
def test_a_chinese_paragraph_has_no_space_where_its_line_was_broken(render, lines, shown):
    assert shown in render(lines)


def test_a_comment_inside_a_fence_is_shown(render):
    assert "&lt;!-- fact --&gt;" in render(fence("output", "1<!-- fact -->"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            fence('python {titel="x"}', "x = 1"),
            11,
            "a python fence has no option 'titel'; it may have #, .gpu",
        ),
        (fence("python {.gpu .slow}", "x = 1"), 11, "no option '.slow'"),
        (fence('output {title="x"}', "1"), 11, "a output fence has no option 'title'"),
        (fence('python title="x"', "x = 1"), 11, "write the options in braces"),
        (fence("python notest", "x = 1"), 11, "write the options in braces"),
        (
            fence("source", "tf2docs.pages.reading.definitions.nothing"),
            12,
            "doesn't define 'nothing'",
        ),
        (fence("source", "nowhere.at_all"), 12, "there is no package 'nowhere'"),
        (
            fence("source", "tf2docs.pages.reading.definitions"),
            12,
            "is a whole module; name a function",
        ),
        (
            fence("mermaid", "flowchart TD", "accTitle: A", "a[A] ==> b[B]"),
            14,
            "can't draw '==> b[B]'",
        ),
        (fence("mermaid", "flowchart TD", "a[A]"), 12, "the diagram has no name"),
        (fence("mermaid {.big}", "flowchart TD"), 11, "a mermaid fence has no option '.big'"),
        (
            "a[A]\n\n> "
            + fence("mermaid", "flowchart TD", "accTitle: A", "a{A}").replace("\n", "\n> "),
            16,
            "can't draw '{A}'",
        ),
        ("```python\nx = 1", 11, "this fence is never closed; add ```"),
        ('    ```python {titel="x"}\n    x = 1\n    ```', 11, "no option 'titel'"),
    ],
)
def test_a_mistake_is_reported_with_file_and_line(render, text, line, message):
    with pytest.raises(FenceError) as error:
        render(f"a word\n\n{text}", path="docs/zh/page.md", first_line=9)
    assert str(error.value).startswith(f"docs/zh/page.md:{line}: ")
    assert message in str(error.value)


def test_a_fence_inside_a_longer_one_is_only_shown(render):
    inner = fence('python {titel="x"}', "1<!-- fact -->")
    assert "titel=" in words(render(f"````text\n{inner}\n````"))


@pytest.mark.parametrize(
    ("language", "code", "address"),
    [
        ("en", "tf.nn.softmax", "https://www.tensorflow.org/api_docs/python/tf/nn/softmax"),
        ("zh", "tf.nn.softmax", "https://tensorflow.google.cn/api_docs/python/tf/nn/softmax"),
        (
            "en",
            "keras.Input((28, 28))",
            "https://www.tensorflow.org/api_docs/python/tf/keras/Input",
        ),
        ("en", "keras.Model.fit", "https://www.tensorflow.org/api_docs/python/tf/keras/Model#fit"),
    ],
)
def test_a_symbol_leads_to_its_official_page(render, language, code, address):
    html = render(f"before `{code}` behind", language=language)
    assert html == f'<p>before <a href="{address}"><code>{code}</code></a> behind</p>'


def test_a_symbol_of_the_package_leads_to_its_reference(render):
    html = render("`tf2docs.models.with_softmax(model)`")
    assert '<autoref identifier="tf2docs.models.with_softmax" optional="optional"><code>' in html


@pytest.mark.parametrize(
    "text", ["~~`tf.estimator`~~", "[`tf.nn`](x.md)", "## `tf.nn` { #nn }", "`tf`", "`rtf.x`"]
)
def test_what_is_struck_out_a_link_a_heading_or_no_symbol_stays_as_it_is(render, text):
    assert "api_docs" not in render(text)


def test_a_diagram_is_drawn_in_the_page_s_own_markup(render):
    html = render(fence("mermaid", "flowchart TD", "    accTitle: One", "    a[甲] --> b[乙]"))
    assert html.startswith('<figure class="tf2-diagram"><svg role="img"')
    assert ">甲</text>" in html
    assert "script" not in html


def test_a_table_of_measurements_is_read_from_its_record(render):
    html = render(fence("versions", "records/versions.json"), docs=str(ROOT / "docs"))
    assert "<td>2.21.0</td>" in html
    assert "<th>日期</th>" in html


SCENE = (
    "17 mean.reset_states()",
    "18 x = '<'",
    "",
    "$ pytest docs",
    "a.md:17: AttributeError: no <it>",
    "1 failed",
)


def test_a_scene_shows_lines_of_a_page_and_what_pytest_says_of_them(render):
    html = render(fence('pytest {title="It <fails>" hl_lines="2"}', *SCENE))
    assert words(html) == "✗ It &lt;fails&gt;mean.reset_states()\nx = '&lt;'\npytest docs\n" + (
        "a.md:17: AttributeError: no &lt;it&gt;\n1 failed\n"
    )
    assert '<span class="tf2-scene__line" data-line="17">' in html
    assert '<span class="tf2-scene__line tf2-scene__marked" data-line="18">' in html
    assert "tf2-scene--red" in html
    assert "<strong>1 failed</strong>" in html


def test_a_scene_in_which_all_passed_is_green(render):
    assert "tf2-scene--green" in render(fence("pytest", *SCENE[:-2], "4 passed"))


@pytest.mark.parametrize("lines", [SCENE[:2], SCENE[:4], ("no number", *SCENE[1:]), SCENE[2:], ()])
def test_half_a_scene_is_an_error_with_file_and_line(render, lines):
    with pytest.raises(FenceError, match=r"docs/zh/a.md:\d: write numbered lines of a page"):
        render(fence("pytest", *lines), path="docs/zh/a.md")


def test_a_record_that_is_not_there_is_an_error_with_file_and_line(render):
    with pytest.raises(
        FenceError, match=r"docs/zh/a.md:2: can't read the record 'records/no.json'"
    ):
        render(fence("comparison", "records/no.json"), path="docs/zh/a.md", docs="docs")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.004, "<0.01"),
        (0.01, "0.01"),
        (0.284, "0.28"),
        (3.74, "3.7"),
        (9.96, "10"),
        (14.4, "14"),
        (212.3, "212"),
    ],
)
def test_seconds_are_short_and_never_in_powers_of_ten(seconds, shown):
    assert short_seconds(seconds) == shown


@pytest.fixture
def lessons(tmp_path) -> dict[str, str]:
    """A course in which `second` requires `first`, for its page `docs/zh/index.md`."""
    folder = tmp_path / "zh"
    folder.mkdir()
    for name, requires in (("first", ""), ("second", "first, other"), ("third", ""), ("other", "")):
        front = f"title: The {name} & <only>\ndescription: d\nminutes: 1\nrequires: [{requires}]"
        (folder / f"{name}.md").write_text(f"---\n{front}\n---\n\n# x {{ #x }}\n")
    return {"docs": str(tmp_path), "path": "docs/zh/index.md"}


COURSE = """
## One {{ #one }}

{}

## Two {{ #two }}

{}

{}
"""


def test_a_map_has_the_lessons_below_the_named_headings_and_an_arrow_for_what_is_required(
    render, lessons
):
    listed = fence("lessons", "first", "third"), fence("lessons", "second")
    html = render(COURSE.format(*listed, fence("map", "#one", "#two")), **lessons)
    drawing = fromstring(re.search(r"<svg role=.*?</svg>", html, re.DOTALL)[0])
    space = "{http://www.w3.org/2000/svg}"
    links = {
        link.get("href"): "".join(text.text for text in link.iter(f"{space}text"))
        for link in drawing.iter(f"{space}a")
    }
    assert list(links) == ["first/", "third/", "second/"]
    assert "&<only>" in links["first/"].replace(" ", "")
    assert html.count("tf2-diagram__head") == 1, "what isn't listed isn't on the map"


@pytest.mark.parametrize("name", ["#three", "one", "#two"])
def test_a_map_of_no_lessons_is_an_error_that_says_what_to_name(render, lessons, name):
    with pytest.raises(FenceError, match="name the heading of a list of lessons"):
        render(COURSE.format(fence("lessons", "first"), "Words.", fence("map", name)), **lessons)


def test_an_optional_section_says_so_beside_its_heading_and_in_the_contents(render):
    text = "# A { #a }\n\n## `B` { #b .optional }\n\n### C { #c }\n\n## D { #d }\n"
    html = render(text, language="en")
    assert re.search(r'<h2 class="optional" data-optional="optional" id="b">', html)
    assert html.count("data-optional") == 1
    said = words(html).replace("&para;", "").split()
    assert said == ["A", "B", "C", "D"], "no word to be searched for or copied"
    assert 'data-optional="选读"' in render(text)


def test_the_contents_name_what_is_optional():
    settings = {"tf2docs.pages.showing.extension": {"language": "zh"}}
    markdown = Markdown(
        extensions=["attr_list", "toc", "tf2docs.pages.showing.extension"],
        extension_configs=settings,
    )
    markdown.convert("# A { #a }\n\n## B { #b .optional }\n\n## C { #c }\n")
    lines = markdown.toc_tokens[0]["children"]
    named = [each["name"] for each in lines]
    assert named == ['B <span class="tf2-optional">选读</span>', "C"]
