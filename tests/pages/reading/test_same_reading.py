"""The tests read a page as the site shows it.

Its fences, links, inline code, formulas and headings.

Where both differ, a block would run that no reader sees, or a dead link would pass.
"""

import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="the site's tools are in the extra `docs`")

from markdown import Markdown
from mkdocs.config import load_config

from tf2docs.pages.errors import PageError
from tf2docs.pages.reading.fence_options import FENCE_OPTIONS, SHOWN_LANGUAGES
from tf2docs.pages.reading.fences import find_fences
from tf2docs.pages.reading.prose import Prose
from tf2docs.pages.showing.extension import FenceError

ROOT = Path(__file__).parents[3]
CONFIG = load_config(str(ROOT / "mkdocs.yml"))
OURS = "tf2docs.pages.showing.extension"
EXTENSIONS = [name for name in CONFIG.markdown_extensions if isinstance(name, str)]


def convert(text, extensions, **settings):
    return Markdown(extensions=extensions, extension_configs=CONFIG.mdx_configs | settings).convert(
        text
    )


def shown_fences(text):
    """The language and text of each fence that SuperFences shows, whatever we think of it."""
    seen = []

    def show(source, language, class_name, options, md, **rest):
        seen.append((language, source))
        return f"<pre>fence {len(seen) - 1}.</pre>"

    def accept(language, inputs, options, attributes, md):
        attributes |= inputs
        return True

    custom = [
        {"name": name, "class": name, "format": show, "validator": accept}
        for name in sorted(FENCE_OPTIONS.keys() | SHOWN_LANGUAGES)
    ]
    theirs = [name for name in EXTENSIONS if name != OURS]
    html = convert(text, theirs, **{"pymdownx.superfences": {"custom_fences": custom}})
    return [seen[int(number)] for number in re.findall(r"<pre>fence (\d+)\.", html)]


X = "```python\nx\n```"
SHAPES = {
    "plain": (X, True),
    "no line feed at the end": (f"a\n\n{X}", True),
    "trailing spaces": ("```python  \nx\n```  \n", True),
    "space before the language": ("``` python\nx\n```\n", True),
    "options": ('```python {#a .gpu title="b" data-reason="c"}\nx\n```\n', True),
    "options without a space": ("```python{.gpu}\nx\n```\n", False),
    "tildes": ("~~~python\nx\n~~~\n", True),
    "tildes around back-ticks": ("~~~text\n```python\nx\n```\n~~~\n", True),
    "four around three": ("````text\n```python\nx\n```\n````\n", True),
    "five around four": ("`````text\n````\nx\n````\n`````\n", True),
    "a longer end": ("```python\nx\n````\n", False),
    "a longer end of tildes": ("~~~python\nx\n~~~~~\n", False),
    "a longer end, another fence below": (f"```python\nx\n````\n\n{X}\n", False),
    "an end of the other kind": ("```python\nx\n~~~\n```\n", True),
    "an end indented more": ("```python\nx\n  ```\n", False),
    "an end indented less": ("- a\n\n    ```python\n    x\n  ```\n", False),
    "never closed": ("```python\nx\n", False),
    "never closed, another below": (f"```python\nx\n\n{X}\n", False),
    "empty": ("```python\n```\n", True),
    "one empty line": ("```text\n\n```\n", True),
    "text indented": ("```text\n    x\n  y\n```\n", True),
    "an item of its own": ("- ```python\n  x\n  ```\n", False),
    "an item of its own, by number": ("1. ```python\n   x\n   ```\n", False),
    "in a list": ("- a\n\n    ```python\n    if x:\n        y\n    ```\n", True),
    "in a list, by two": ("- a\n\n  ```python\n  x\n  ```\n", True),
    "in a list in a list": ("- a\n\n    - b\n\n        ```python\n        x\n        ```\n", True),
    "in a numbered list": ("1. a\n\n    ```python\n    x\n    ```\n\n2. b\n", True),
    "in a list, below its words": ("- a\n    ```python\n    x\n    ```\n", True),
    "in a list, too deep": ("- a\n\n        ```python\n        x\n        ```\n", False),
    "in a quote": ("> ```python\n> x\n>\n> y\n> ```\n", True),
    "in a quote, a line without its mark": ("> ```python\n> x\ny\n> ```\n", False),
    "in a quote, its end without": ("> ```python\n> x\n```\n", False),
    "in a quote, an empty line without": ("> ```python\n> x\n\n> y\n> ```\n", False),
    "in a quote of a quote": ("> > ```python\n> > x\n> > ```\n", True),
    "in a quote, quoting": ("> ```text\n> > x\n> ```\n", True),
    "in a box": ("!!! note\n\n    ```python\n    x\n    ```\n", True),
    "in a box, right below its title": (
        '!!! note "A title"\n    ```python\n    x\n    ```\n',
        True,
    ),
    "in a box that folds": ('??? note "A title"\n\n    ```python\n    x\n    ```\n', True),
    "in a box in a list": (
        '1. a\n\n    ??? note "A title"\n\n        ```python\n        x\n        ```\n',
        True,
    ),
    "in a box begun behind an item's mark": (
        "- !!! note\n\n        ```python\n        x\n        ```\n",
        False,
    ),
    "in a box that isn't one": ("!!! note 'A title'\n\n    ```python\n    x\n    ```\n", False),
    "in tabs": (
        '=== "A"\n\n    ```python\n    x\n    ```\n\n=== "B"\n\n    ```python\n    y\n    ```\n',
        True,
    ),
    "in a footnote": ("A[^1].\n\n[^1]: b\n\n    ```python\n    x\n    ```\n", True),
    "in a definition": ("Term\n:   b\n\n    ```python\n    x\n    ```\n", True),
    "in HTML with Markdown": ("<div markdown>\n\n```python\nx\n```\n\n</div>\n", True),
    "in HTML": ("<div>\n```python\nx\n```\n</div>\n", True),
    "tabs before it": ("- a\n\n\t```python\n\tif x:\n\t\ty\n\t```\n", True),
    "tabs and spaces": ("- a\n\n\t```python\n    x\n\t```\n", True),
    "tabs in it": ("```python\nif x:\n\ty = '\ta'\n```\n", True),
    "Windows' line ends": ("```python\r\nx\r\n```\r\n", True),
    "in indented code": ("a\n\n    ```python\n    x\n    ```\n", False),
    "below indented code": ("    a\n```python\nx\n```\n", False),
    "below a paragraph": ("a\n```python\nx\n```\nb\n", True),
    "below a heading": ("# A\n```python\nx\n```\n", True),
    "two together": (f"{X}\n{X}\n", True),
    "inline code of three": ("```x``` and\n\nb\n", True),
    "back-ticks behind those that open": ("```python `x`\ny\n```\n", False),
    "back-ticks in an option": ('```python {title="`x`"}\ny\n```\n', False),
    "another fence inside": ("```output\n1\n```python\nx\n```\n", False),
    "a form feed inside": ("- a\n\n    ```output\n    a\x0cb\n    c\n    ```\n", True),
    "a line of U+2028 inside": ("> ```output\n> a\u2028b\n> ```\n", True),
    "a non-breaking space before it": ("\u00a0```python\nx\n```\n", False),
}


@pytest.mark.parametrize(("text", "accepted"), SHAPES.values(), ids=SHAPES.keys())
def test_a_fence_is_read_as_it_is_shown_or_refused_by_both(text, accepted):
    text = text.replace("\r\n", "\n")
    if accepted:
        ours = [
            (fence.language, fence.text.removesuffix("\n"))
            for fence in find_fences(text, "page.md")
        ]
        assert ours == shown_fences(text)
        convert(text, EXTENSIONS)
    else:
        with pytest.raises(PageError) as error:
            find_fences(text, "docs/en/page.md")
        settings = {"path": "docs/en/page.md", "language": "en"}
        with pytest.raises(FenceError, match="^" + re.escape(str(error.value.problems[0]))):
            convert(text, EXTENSIONS, **{OURS: settings})


def test_the_site_insists_on_every_fence_that_was_read(monkeypatch):
    monkeypatch.setattr("tf2docs.pages.reading.structure.Structure.in_code", False)
    monkeypatch.setattr("tf2docs.pages.reading.structure.Structure.unsure", False)
    settings = {"path": "docs/en/page.md", "language": "en"}
    indented = f"{X}\n\nwords\n\n    ```python\n    x\n    ```\n"
    with pytest.raises(FenceError, match=r"^docs/en/page.md:7: this fence isn't shown as one"):
        convert(indented, EXTENSIONS, **{OURS: settings})
    # a tool that runs no hooks says no page, and has its own order of fences
    assert convert(indented, EXTENSIONS, **{OURS: {"language": "en"}})


def shown(text):
    """The links, inline code, formulas and headings that Markdown shows."""
    html = convert(text, [name for name in EXTENSIONS if name != OURS])
    html = re.sub(r"<!--.*?-->|<pre.*?</pre>", "", html, flags=re.DOTALL)
    links = []
    for tag, attributes in re.findall(r"<(a|img)\b([^>]*)>", html):
        values = {
            name: double or single or bare
            for name, double, single, bare in ATTRIBUTE.findall(attributes)
        }
        target = values.get("href" if tag == "a" else "src")
        if target is not None and values.get("class") not in ("headerlink", "footnote-backref"):
            links.append((tag == "img", unescape(target)))
    code = [
        unescape(re.sub("<[^>]+>", "", found)).strip("` ")
        for found in re.findall(r"<code[^>]*>(.*?)</code>", html, re.DOTALL)
    ]
    formulas = [
        unescape(unescape(found))
        for found in re.findall(r'class="arithmatex"[^>]*>\\[\[(](.*?)\\[\])]<', html, re.S)
    ]
    headings = [(int(level), name) for level, name in re.findall(r'<h(\d)[^>]* id="([^"]*)"', html)]
    return Counter(links), Counter(code), [latex.strip() for latex in formulas], headings


ATTRIBUTE = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")


def read(text):
    prose = Prose(text)
    links = Counter((link.picture, link.target) for link in prose.links if link.kind != "missing")
    code = Counter(text[start:end].strip("` ") for start, end in prose.code)
    made = iter(sorted(prose.anchors - {heading.anchor for heading in prose.headings}))
    headings = [(heading.level, heading.anchor or next(made, "")) for heading in prose.headings]
    return links, code, [formula.latex.strip() for formula in prose.formulas], headings


SNIPPETS = [
    "[a](b.md)",
    "[a](b.md#c 'title')",
    '[a](b.md "title (with) brackets")',
    "[a](<b c.md>)",
    '[a](<b.md> "title")',
    "[a](b c.md)",
    "[a]( b.md )",
    "[a](\nb.md)",
    "[a\nb](c.md)",
    "[a](b(c).md)",
    "[a](b(c(d)).md)",
    "[a](b.md (no title))",
    "[a](\\(b.md)",
    "[a]()",
    "[](b.md)",
    "[a](b.md)(c)",
    "[a] (b.md)",
    "[a]\n(b.md)",
    "[a](b.md",
    "[a(b.md)",
    "a](b.md)",
    "[a]](b.md)",
    "[[a](b.md)",
    "[[a]](b.md)",
    "[open [a](b.md) and [c](d.md)",
    "Values lie in [0, 1). [a](b.md)",
    "\\[a](b.md)",
    "[a\\](b.md)",
    "\\![a](b.md)",
    "!\\[a](b.md)",
    "\\\\[a](b.md)",
    "![a](b.svg)",
    "![](b.svg)",
    "![a [b]](c.svg)",
    "[![a](b.svg)](c.md)",
    "[![a](b.svg) and ![c](d.svg)](e.md)",
    "![a](b.svg){ width=300 }",
    "*[a](b.md)* **[c](d.md)** ~~[e](f.md)~~",
    "[*a*](b.md)",
    "[a](b.md){ #name }",
    "[a][r]\n\n[r]: b.md",
    "[a] [r]\n\n[r]: b.md",
    "[r]\n\n[r]: b.md 'title'",
    "[r][]\n\n[R]: <b.md>",
    "![a][r]\n\n[r]: b.svg",
    "![r]\n\n[r]: b.svg",
    "[a][r] [c][s]\n\n[r]: b.md\n[s]: d.md",
    "[a][A B]\n\n[a b]: b.md",
    "[a][r]",
    "<https://example.org>",
    "<a href='b.md'>c</a>",
    '<a class="x" href="b.md">c</a>',
    "<a href=b.md>c</a>",
    "<img src='b.svg' alt='c'>",
    "<img src=b.svg>",
    "<a name='b'></a>",
    "a[^1]\n\n[^1]: note [b](c.md)",
    "a[^1]",
    "`[a](b.md)`",
    "`` [a](b.md) ` ``",
    "`a` [b](c.md) `d`",
    "a ` b [c](d.md)",
    "`` a ` [b](c.md) ` d",
    "\\`[a](b.md)\\`",
    "\\\\`[a](b.md)`",
    "[`a`](b.md)",
    "[a`]`](b.md)",
    "`a\nb` [c](d.md)",
    "a ` b\n\nc ` [d](e.md)",
    "- a ` b\n- [c](d.md) ` e",
    "# a ` b\n[c](d.md) ` e",
    "| a ` | b |\n|---|---|\n| [c](d.md) | ` |",
    "| `a | b` | [c](d.md) |\n|---|---|---|\n| e | f | g |",
    "> [a](b.md)\n> [c\n> d](e.md)",
    "- [a](b.md)\n    - [c](d.md)\n\n        [e](f.md)",
    '!!! note "[a](b.md)"\n\n    [c](d.md)',
    '=== "A"\n\n    [c](d.md)',
    "Term\n:   [a](b.md)",
    "a\n\n    [b](c.md)",
    "- a\n\n        [b](c.md)",
    "<!-- [a](b.md) -->\n\n[c](d.md)",
    "a <!-- [b](c.md) --> [d](e.md)",
    "<!-- a\n\n[b](c.md)\n\n-->\n\n[d](e.md)",
    "`<!--` [a](b.md) `-->`",
    "<!-- [a](b.md)",
    "<!-- a --> [b](c.md)",
    "$[a](b.md)$ [c](d.md)",
    "$a$ and $b_i$",
    "5 $ to 6 $ and [a](b.md)",
    "\\$a\\$",
    "$a ` b$ c ` [d](e.md)",
    "`$a$` $b$",
    "$$\na\n$$",
    "$$ a [b](c.md) $$",
    "- $$ a $$",
    "$a$b $c$",
    "$ a$ $b $",
    "$a\nb$",
    "$a\n\nb$",
    "## A { #a }",
    "## A { .x #a data-y='z' }\n\n### B",
    "## A ## { #a }",
    "> ## A { #a }",
    "- # A { #a }",
    "!!! note\n    ## A { #a }",
    "a\n## B { #b }\nc",
    "    # a",
    "a # b",
    "# A [b](c.md) { #a }",
    "&#91;a](b.md) [c](d.md&amp;e)",
]
# read although Markdown doesn't show it: a dead one among these is said, never passed over
MORE = {
    "[a [b](c.md) d](e.md)": {(False, "c.md")},
    "![[a](b.md)](c.svg)": {(False, "b.md")},
    "<div>\n[a](b.md)\n</div>": {(False, "b.md")},
    "a <span title='[b](c.md)'>d</span>": set(),
}


@pytest.mark.parametrize("text", SNIPPETS)
def test_prose_is_read_as_it_is_shown(text):
    links, code, formulas, headings = shown(text)
    ours = read(text)
    assert ours[0] == Counter(
        {link: count for link, count in links.items() if "://" not in link[1]}
    )
    assert ours[1:] == (code, formulas, headings)


@pytest.mark.parametrize("text", MORE)
def test_no_link_is_passed_over(text):
    ours, theirs = read(text)[0], shown(text)[0]
    assert not theirs - ours
    assert set(ours - theirs) == MORE[text]


def test_the_tables_are_long():
    assert len(SHAPES) >= 60
    assert len(SNIPPETS) >= 100
