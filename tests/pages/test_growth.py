"""What reads a page takes time in proportion to its length, whatever stands on it.

No pattern and no reader explodes.

Not seconds are compared, which say something of the machine, but the time of the processor for
texts of one kind and of several lengths. Four times the text may take ten times the time; it would
take sixteen where it grows with the square.
"""

import gc
import importlib
import pkgutil
import re
import signal
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import tf2docs.pages
from tf2docs.pages.comparing import agrees, exact, explain, fill
from tf2docs.pages.errors import PageError
from tf2docs.pages.linting.ledger import find_sections
from tf2docs.pages.linting.page_rules import find_problems
from tf2docs.pages.linting.twins import differences
from tf2docs.pages.reading.bound_numbers import find_numbers
from tf2docs.pages.reading.fence_options import read_info
from tf2docs.pages.reading.fences import find_fences
from tf2docs.pages.reading.glossary import read_terms
from tf2docs.pages.reading.latex import prepare, visible
from tf2docs.pages.reading.mermaid import FlowchartError, read_flowchart
from tf2docs.pages.reading.page import read_page
from tf2docs.pages.reading.prose import Prose
from tf2docs.pages.reading.symbols import symbols_in_comments, symbols_in_prose

SHORT, LONG, MOST = 1_000, 4_000, 10.0
TOO_LITTLE = 0.02  # seconds of the processor in which nothing can be told
ENDLESS = 20  # seconds of the processor after which a pattern is one that explodes

UNITS = [
    *(
        " ",
        "\t",
        "\n",
        " \n",
        "a",
        "1",
        "1,",
        "1.",
        "a ",
        "1 ",
        ".",
        "-",
        "=",
        "|",
        "| ",
        "*",
        "_",
        "~",
        ">",
        "> ",
        "\\",
        "\\\\",
    ),
    *(
        "`",
        "``",
        "` ",
        "$",
        "$a ",
        "$a$ ",
        "\\$",
        "[",
        "]",
        "[]",
        "![",
        "[a](",
        "[a](b) ",
        "![a](b) ",
        "[[a]",
        "[a][",
        "[a]: ",
        "[^",
    ),
    *(
        "(",
        ")",
        "()",
        '("',
        "('",
        "<",
        "<a ",
        "<a b=",
        "<a b='",
        '<a b="c" ',
        "</",
        "<!--",
        "<!-- ",
        "-->",
        "<!-- -->",
        "{",
        "}",
        "{ #a",
    ),
    *(
        "#",
        "# ",
        "## a {",
        "\n- ",
        "\n1. ",
        "\n    ",
        "\n> ",
        "\n!!! ",
        "```",
        "```\n",
        "~~~",
        "\n```python\n",
        "1<!--= a d -->",
        "%",
        "1%",
    ),
    *(
        "\x1b[",
        "\x1b]",
        "\x00",
        "中",
        "中\n",
        "，\n",
        "https://",
        "https://a ",
        'a="',
        'a="b" ',
        ".a ",
        "::: ",
        "e",
        "1e",
        "TF 1.",
        "  - ",
    ),
    *(
        "\\begin{a}",
        "\\text{",
        "\\frac{1}",
        "a-->",
        "a --> ",
        "a[",
        'a["b"] ',
        "/",
        "../",
        "#a",
        "\n---\n",
        "---",
        "a\n",
        "a.b.",
        "=== ",
    ),
]
HEADS = ("", "Values lie in [0, 1). ", "[open ", "`", "$", "<!--", "a ")


def patterns():
    """Every compiled pattern of the package that reads pages."""
    for found in pkgutil.walk_packages(tf2docs.pages.__path__, "tf2docs.pages."):
        short = found.name.rpartition(".")[2]
        # they change the process, or need MkDocs
        if short in ("__main__", "child", "hooks", "preloading"):
            continue
        with suppress(ImportError):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                for number, each in enumerate(value if isinstance(value, tuple) else (value,)):
                    if isinstance(each, re.Pattern):
                        yield pytest.param(each, id=f"{short}.{name}{number or ''}")


PATTERNS = list(patterns())
SOURCES = "".join(path.read_text("utf-8") for path in Path(tf2docs.pages.__path__[0]).rglob("*.py"))


@contextmanager
def an_end():
    """End what would never end."""

    def stop(*_):
        raise AssertionError("this would not end")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, ENDLESS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seconds(read, text):
    gc.disable()  # what the collector takes grows with all that other tests have left in memory
    try:
        begun = time.process_time()
        read(text)
        return time.process_time() - begun
    finally:
        gc.enable()


def grows(read, head, unit, tail=""):
    """How many times longer four times the text takes; nothing where either is too fast to say."""

    def text(length):
        return head + unit * (length // len(unit)) + tail

    with an_end():
        long = seconds(read, text(LONG))
        if long < TOO_LITTLE:
            return 0.0
        return min(
            seconds(read, text(LONG)) / max(seconds(read, text(SHORT)), 1e-6) for _ in range(3)
        )


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_pattern_takes_more_than_its_share(request, pattern):
    """One that is only used where a text begins is tried there, all others everywhere."""
    name = re.escape(request.node.callspec.id.partition(".")[2])
    only_at_the_start = re.search(rf"\b{name}\.(?:full)?match\(", SOURCES) and not re.search(
        rf"\b{name}\.(?:finditer|findall|search|sub|split)\b", SOURCES
    )

    def read(text):
        everywhere = () if only_at_the_start else sum(1 for _ in pattern.finditer(text))
        return everywhere, pattern.match(text), pattern.fullmatch(text)

    slow = {unit for unit in UNITS if grows(read, "", unit, "\x01") > MOST}
    assert slow == set()


def quietly(read, *errors):
    def try_to(text):
        with suppress(PageError, ValueError, *errors):
            read(text)

    return try_to


def everything(text):
    prose = Prose(text)
    return (
        prose.links,
        prose.anchors,
        prose.headings,
        prose.unclear_headings,
        prose.formulas,
        prose.comments,
        prose.code,
    )


READERS = {
    "fences": quietly(lambda text: find_fences(text, "page.md")),
    "prose": everything,
    "info": read_info,
    "numbers": lambda text: find_numbers(text, []),
    "symbols": lambda text: symbols_in_comments(f"# {text}", ["tf"]),
    "a diagram": quietly(read_flowchart, FlowchartError),
    "LaTeX": quietly(prepare),
    "what LaTeX shows": visible,
    "an output": lambda text: agrees(text, text, exact),
    # Alike lines behind a cut may each be any: that takes the product of both lengths, and is not
    # asked here.
    "an output with cuts": lambda text: (
        fill(f"a ... b\n...\n{text}", f"a c b\n{text}") if "\n" not in text else None
    ),
    "a changed output": lambda text: explain(text[:SHORT], f"b\n{text[:SHORT]}", exact),
}


@pytest.mark.parametrize("name", READERS)
def test_no_reader_takes_more_than_its_share(name):
    heads = ("",) if "output" in name else HEADS  # in which Markdown means nothing
    slow = {
        (head, unit) for head in heads for unit in UNITS if grows(READERS[name], head, unit) > MOST
    }
    assert slow == set()


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "en" / "page.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            f"---\ntitle: a\ndescription: b\n---\n\n# A {{ #a }}\n\n{text}", encoding="utf-8"
        )
        page = read_page(path, "docs/en/page.md")
        find_problems(page)
        differences(page, page)
        find_sections(page)
        read_terms(page)
        return symbols_in_prose(page, ["tf"]), page.numbers, page.anchors

    return read


PARAGRAPHS = {
    "prose": (
        "Some words, a [link](a.md#b), `code`, $x_i$ and 97.7%<!--= x .1% --> of 2019<!-- fact "
        "-->.\n\n"
    ),
    "brackets": (
        "Values lie in [0, 1). [a [b](c.md) ![d](e.svg) [f][g] (h) ] [ ( ) <i> { } $ ` \\` ** \n\n"
    ),
    "lists": "- one ` [a](b.md)\n    - two $ x\n\n        three\n\n> four\n> five\n\n",
    "sections": "## Words { #id }\n\n| a | b |\n|---|---|\n| `c` | [d](e.md) |\n\n",
    "blocks": "```python\nx = 1  # tf.Variable\n```\n\n```output\n1\n```\n\n",
    "one line": "words [a](b.md) `c` $d$ ",
}


@pytest.mark.parametrize("kind", PARAGRAPHS)
def test_a_long_page_takes_as_much_longer_as_it_is(read, kind):
    paragraph = PARAGRAPHS[kind]
    short, long = (paragraph * (length // len(paragraph)) for length in (100_000, 400_000))
    with an_end():
        assert (
            min(
                seconds(read, f"{long}{number}") / seconds(read, f"{short}{number}")
                for number in range(2)
            )
            < MOST
        )


def test_a_page_of_a_million_characters_is_read(read):
    text = "".join(PARAGRAPHS.values())
    with an_end():
        read(text * (1_000_000 // len(text)))


def test_growth_is_seen_where_there_is_some():
    cubic, exponential = re.compile(r"a*a*b"), re.compile(r"(?:a|aa|aaa)*b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{__name__}.SHORT", 300)
        patch.setattr(f"{__name__}.LONG", 1200)
        assert grows(lambda text: list(cubic.finditer(text)), "", "a") > MOST
    signal_of_it = pytest.raises(AssertionError, match="would not end")
    with pytest.MonkeyPatch.context() as patch, signal_of_it:
        patch.setattr(f"{__name__}.ENDLESS", 1)
        grows(lambda text: exponential.search(text), "", "a")
