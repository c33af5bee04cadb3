"""Terms are read from the glossary, and explained where a page first mentions them."""

import re

import pytest
from markdown import Markdown

from tf2docs.pages.page import read_page
from tf2docs.pages.terms import Term, read_terms, unclear_terms

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
]


def read(tmp_path, text):
    path = tmp_path / "glossary.md"
    path.write_text(text, encoding="utf-8")
    return read_terms(read_page(path, "docs/en/glossary.md"))


def shown(text, path="docs/en/tutorials/line.md"):
    options = {"terms": TERMS, "path": path, "language": "en"}
    return Markdown(
        extensions=["tf2docs.pages.extension"], extension_configs={"tf2docs.pages.extension": options}
    ).convert(text)


def linked(html):
    return re.findall(r'<a class="tf2-term" href="([^"]*)" title="([^"]*)">([^<]*)</a>', html)


def test_terms_are_headings_with_the_text_below_them(tmp_path):
    gradient, loss = read(tmp_path, GLOSSARY)
    assert gradient == Term("gradient", "gradient", "The derivative of the loss, for each parameter.")
    assert loss == Term("loss", "loss", "How wrong it is.", plain=True)


def test_other_words_for_a_term_stand_behind_its_id(tmp_path):
    *_, term = read(tmp_path, GLOSSARY + '\n### shuffle (打乱) { #shuffle .plain data-also="mix, 洗牌" }\n\nMix.\n')
    assert term == Term("shuffle", "shuffle", "Mix.", plain=True, also=("mix", "洗牌"))


@pytest.mark.parametrize(
    ("more", "report"),
    [
        ("### Gradient { #slope }\n\nAgain.\n", "en/glossary.md:18: the term 'Gradient' stands in line 9 already"),
        ("### weight { #weight }\n", "en/glossary.md:18: the term 'weight' isn't explained"),
    ],
)
def test_a_term_twice_or_without_a_word_is_an_error_with_its_line(tmp_path, more, report):
    path = tmp_path / "glossary.md"
    path.write_text(f"{GLOSSARY}\n{more}", encoding="utf-8")
    (problem,) = unclear_terms(read_page(path, "docs/en/glossary.md"))
    assert report in str(problem)


def test_the_first_mention_is_linked_and_no_other():
    html = shown("Two gradients.\n\nA **gradient**, 与梯度下降。")
    assert linked(html) == [("../glossary.md#gradient", "Slope.", "gradients"), ("../glossary.md#g", "坡度。", "梯度")]


def test_code_links_headings_and_common_words_are_left_alone():
    assert linked(shown("# The gradient\n\n`gradient` [gradient](x.md) gradient-free, a step of gradientX")) == []


def test_what_surrounds_a_mention_stays_as_it_is():
    html = shown("- One *gradient* and `code` and more\n", path="docs/en/index.md")
    assert (
        re.sub(r"<a class[^>]*>|</a>", "", html).split()
        == shown("- One *slope* and `code` and more\n").replace("slope", "gradient").split()
    )
    assert linked(html)[0][0] == "glossary.md#gradient"
