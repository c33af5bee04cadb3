"""Terms are read from the glossary, and explained where a page first mentions them."""

import re

import pytest
from markdown import Markdown

from tf2docs.pages.linting.term_rules import unclear_mentions, unclear_terms
from tf2docs.pages.reading.glossary import Term, read_terms
from tf2docs.pages.reading.page import read_page

GLOSSARY = """---
title: Glossary
---

# Glossary { #glossary }

## Training { #training-terms }

### gradient (梯度) { #gradient }

The derivative of the `loss`,
for each parameter.

### loss { #loss .plain }

How wrong it is.
"""
TERMS = [
    Term("gradient", "gradient", "Slope."),
    Term("step", "step", "An update.", plain=True),
    Term("梯度", "g", "坡度。"),
    Term("kernel", "kernel-op", "Code.", sense="of an op"),
    Term("kernel", "kernel-weights", "Weights.", sense="of a layer"),
]


def read(tmp_path, text):
    path = tmp_path / "glossary.md"
    path.write_text(text, encoding="utf-8")
    return read_terms(read_page(path, "docs/en/glossary.md"))


def shown(text, path="docs/en/start/line.md"):
    options = {"terms": TERMS, "path": path, "language": "en"}
    return Markdown(
        extensions=["tf2docs.pages.showing.extension"],
        extension_configs={"tf2docs.pages.showing.extension": options},
    ).convert(text)


def linked(html):
    return re.findall(r'<a class="tf2-term" href="([^"]*)" title="([^"]*)">([^<]*)</a>', html)


def test_terms_are_headings_with_the_text_below_them(tmp_path):
    gradient, loss = read(tmp_path, GLOSSARY)
    assert gradient == Term(
        "gradient", "gradient", "The derivative of the loss, for each parameter."
    )
    assert loss == Term("loss", "loss", "How wrong it is.", plain=True)


def test_other_words_for_a_term_stand_behind_its_id(tmp_path):
    *_, term = read(
        tmp_path,
        GLOSSARY + '\n### shuffle (打乱) { #shuffle .plain data-also="mix, 洗牌" }\n\nMix.\n',
    )
    assert term == Term("shuffle", "shuffle", "Mix.", plain=True, also=("mix", "洗牌"))


@pytest.mark.parametrize(
    ("more", "report"),
    [
        (
            "### Gradient { #slope }\n\nAgain.\n",
            "en/glossary.md:18: the term 'Gradient' stands in line 9 already",
        ),
        (
            "### loss: of a bet { #bet }\n\nMoney.\n",
            "keep one of the two, or say the sense of each behind a colon",
        ),
        ("### weight { #weight }\n", "en/glossary.md:18: the term 'weight' isn't explained"),
    ],
)
def test_a_term_twice_or_without_a_word_is_an_error_with_its_line(tmp_path, more, report):
    path = tmp_path / "glossary.md"
    path.write_text(f"{GLOSSARY}\n{more}", encoding="utf-8")
    (problem,) = unclear_terms(read_page(path, "docs/en/glossary.md"))
    assert report in str(problem)


def test_a_term_may_have_several_senses_if_each_is_said(tmp_path):
    senses = (
        "### kernel: of an op (内核) { #a }\n\nCode.\n\n### kernel：层的权重 { #b }\n\nWeights.\n"
    )
    path = tmp_path / "glossary.md"
    path.write_text(f"{GLOSSARY}\n{senses}", encoding="utf-8")
    page = read_page(path, "docs/en/glossary.md")
    assert list(unclear_terms(page)) == []
    assert [(term.name, term.sense) for term in read_terms(page)[2:]] == [
        ("kernel", "of an op"),
        ("kernel", "层的权重"),
    ]


def test_a_term_with_several_senses_is_explained_where_the_page_links_to_one():
    html = shown("A kernel, a [kernel](../glossary.md#kernel-weights), a kernel and a gradient.")
    assert linked(html) == [
        ("../glossary.md#kernel-weights", "Weights.", "kernel"),
        ("../glossary.md#gradient", "Slope.", "gradient"),
    ]


def test_a_link_of_the_page_itself_is_the_only_one_for_its_term():
    html = shown("The [slope](../glossary.md#gradient) of a gradient.")
    assert linked(html) == [("../glossary.md#gradient", "Slope.", "slope")]


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            "Line 1.\n\nTwo kernels.",
            "docs/en/a.md:3: 'kernels' has several senses; link the one that is meant",
        ),
        (
            "Kernel ([loss](glossary.md#loss)).",
            "#kernel-op (of an op), #kernel-weights (of a layer)",
        ),
        ("A [kernel](../glossary.md#kernel-op).", None),
        ("`kernel` and kernel_size\n\n```python\nkernel\n```", None),
    ],
)
def test_a_page_must_say_which_sense_it_means(tmp_path, text, report):
    path = tmp_path / "a.md"
    path.write_text(text, encoding="utf-8")
    problems = [
        str(problem) for problem in unclear_mentions(read_page(path, "docs/en/a.md"), TERMS)
    ]
    assert len(problems) == bool(report)
    assert all(report in problem for problem in problems)


def test_the_first_mention_is_linked_and_no_other():
    html = shown("Two gradients.\n\nA **gradient**, 与梯度下降。")
    assert linked(html) == [
        ("../glossary.md#gradient", "Slope.", "gradients"),
        ("../glossary.md#g", "坡度。", "梯度"),
    ]


def test_code_links_headings_and_common_words_are_left_alone():
    assert (
        linked(
            shown(
                "# The gradient\n\n`gradient` [gradient](x.md) gradient-free, a step of gradientX"
            )
        )
        == []
    )


def test_what_surrounds_a_mention_stays_as_it_is():
    html = shown("- One *gradient* and `code` and more\n", path="docs/en/index.md")
    assert (
        re.sub(r"<a class[^>]*>|</a>", "", html).split()
        == shown("- One *slope* and `code` and more\n").replace("slope", "gradient").split()
    )
    assert linked(html)[0][0] == "glossary.md#gradient"
