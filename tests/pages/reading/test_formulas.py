"""What LaTeX becomes, and that every formula of the pages can be drawn with the site's own font."""

import re
import unicodedata
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from fontTools.ttLib import TTFont

pytest.importorskip("latex2mathml", reason="the site's tools are in the extra `docs`")

from tf2docs.pages.linting.formula_rules import unreadable_formulas
from tf2docs.pages.reading.latex import visible
from tf2docs.pages.reading.mathml import to_mathml
from tf2docs.pages.reading.page import read_page

DOCS = Path(__file__).parents[3] / "docs"
FONTS = DOCS / "assets" / "fonts"
WHOLE, COMMON = FONTS / "stix-two-math.woff2", FONTS / "stix-two-math-common.woff2"
STYLES = DOCS / "assets" / "stylesheets" / "site.css"
PAGES = [
    read_page(path, path.name)
    for language in ("zh", "en")
    for path in sorted((DOCS / language).rglob("*.md"))
]
UNLIKE = {ord("h"): 0x210E}  # Unicode had this italic letter before the others


def drawn(element) -> set[int]:
    """The characters that a browser takes from the font.

    A name of one letter is set in italics; which file has it, a browser asks of the upright letter.
    A root's sign stands in no text.
    """
    text = element.text or ""
    letters = set(map(ord, text))
    if element.tag in ("msqrt", "mroot"):
        letters.add(ord("√"))
    if element.tag == "mi" and len(text) == 1:
        letters.add(italic(ord(text)))
    return letters.union(*map(drawn, element))


def italic(letter: int) -> int:
    for first, last, slanted in (("a", "z", 0x1D44E), ("A", "Z", 0x1D434), ("α", "ω", 0x1D6FC)):
        if ord(first) <= letter <= ord(last):
            return UNLIKE.get(letter, letter - ord(first) + slanted)
    return letter


def test_a_formula_stands_in_a_line_or_alone():
    assert to_mathml("x").get("display") == "inline"
    assert to_mathml("x", alone=True).get("display") == "block"


def sketch(element) -> str:
    """A formula in short: rows as words in braces, everything else as `kind(part, part)`."""
    parts = [sketch(child) for child in element]
    if element.tag in ("mi", "mn", "mo"):
        return element.text or ""
    if element.tag == "mtext":
        return f"'{element.text or ''}'".replace("\N{NO-BREAK SPACE}", "~")
    if element.tag == "mspace":
        return "_"
    if element.tag in ("math", "mrow", "mstyle", "mpadded"):
        words = " ".join(filter(None, parts))
        return words if element.tag == "math" or len(parts) == 1 else f"{{{words}}}"
    return f"{element.tag[1:]}({', '.join(parts)})"


def rows_of(table):
    """The rows of a table beside this file: a formula and what is to come of it."""
    return [
        line.split("\t") for line in (Path(__file__).parent / table).read_text("utf-8").splitlines()
    ]


SHAPES = rows_of("formulas.tsv")


@pytest.mark.parametrize(("latex", "shape"), SHAPES, ids=[latex for latex, _ in SHAPES])
def test_a_formula_has_the_right_parts(latex, shape):
    assert sketch(to_mathml(latex)) == shape
    to_mathml(latex, alone=True)


def test_there_are_formulas_of_every_usual_kind():
    assert len(SHAPES) >= 300
    assert len(rows_of("wrong_formulas.tsv")) >= 80


@pytest.mark.parametrize(("latex", "reason"), rows_of("wrong_formulas.tsv"))
def test_what_is_no_formula_is_refused(latex, reason):
    with pytest.raises(ValueError, match=re.escape(reason)):
        to_mathml(latex)


def test_no_mark_is_lost_whatever_is_put_together():
    """What stands in braces, indices, tables and words is there, or the formula is refused.

    Nothing else is raised.
    """
    random = Random(0)
    pieces = [latex for latex, _ in SHAPES if "begin" not in latex] + [
        "{",
        "}",
        "&",
        "\\\\",
        "^",
        "_",
        "%",
        "\\",
    ]
    shown = 0
    for _ in range(600):
        latex = " ".join(random.choices(pieces, k=random.randint(1, 4)))
        with suppress(ValueError):
            math = to_mathml(
                random.choice([latex, f"{{{latex}}}^2", rf"\begin{{cases}} {latex} \end{{cases}}"])
            )
            text = unicodedata.normalize("NFKD", "".join(math.itertext()))
            assert visible(latex) <= Counter(text.replace("\N{MINUS SIGN}", "-")), latex
            shown += 1
    assert shown > 150


def test_equations_are_aligned_by_what_browsers_know():
    cells = list(to_mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}").iter("mtd"))
    assert [cell.get("style").partition(";")[0] for cell in cells] == [
        "text-align: right",
        "text-align: left",
    ] * 2
    assert not any(cell.get("columnalign") for cell in cells)


def test_letters_keep_their_font():
    upright, plain = to_mathml(r"\mathrm{d} d").iter("mi")
    assert (upright.get("mathvariant"), plain.get("mathvariant")) == ("normal", None)
    assert [name.text for name in to_mathml(r"\boldsymbol{x}\mathbb{RH}").iter("mi")] == [
        "𝒙",
        "ℝ",
        "ℍ",
    ]
    assert to_mathml(r"\textbf{a}")[0][0].get("style") == "font-weight: bold"


def test_an_accent_is_one():
    for command in ("hat", "bar", "vec", "tilde", "dot"):
        (over,) = to_mathml(rf"\{command}{{x}}").iter("mover")
        assert over.get("accent") == "true"


def test_an_index_stays_with_a_name_that_is_set_apart():
    math = to_mathml(r"\max_x f")
    assert [len(each) for each in math.iter("msub")] == [2]
    assert [each.tag for each in math[0]] == ["msub", "mspace", "mi"]
    assert sketch(to_mathml(r"\max_x f", alone=True)).startswith("{under(max, x)")


def test_two_dollar_signs_stand_alone(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("so $$x$$ is\n\n$$\ny\n$$\n", encoding="utf-8")
    page = read_page(path, "page.md")
    assert [(formula.latex.strip(), formula.alone) for formula in page.formulas] == [
        ("x", False),
        ("y", True),
    ]
    assert [str(each).partition(";")[0] for each in unreadable_formulas(page)] == [
        "page.md:1: $$ around a formula stands in a paragraph of its own"
    ]


def test_names_stand_apart_and_signs_close():
    spaces = [element.get("width") for element in to_mathml(r"\ln p - \max(0, x)").iter("mspace")]
    assert spaces == ["0.17em"]
    signs = [
        element.get("form")
        for element in to_mathml("L = -a - b").iter("mo")
        if element.text == "\N{MINUS SIGN}"
    ]
    assert signs == ["prefix", None]


@pytest.mark.parametrize("file", [WHOLE, COMMON], ids=["whole", "common"])
def test_the_font_has_all_that_the_formulas_need(file):
    """The part that pages load has it, too: a browser would load the whole font beside it."""
    with TTFont(file) as font:
        there = set(font.getBestCmap())
        assert "MATH" in font  # how far indices hang, how large a sum is
    formulas = {formula.latex for page in PAGES for formula in page.formulas}
    assert len(formulas) >= 10
    formulas.add(r"\sqrt{x} + \sqrt[3]{x}")  # as any page may need it
    assert {
        latex: missing
        for latex in formulas
        if (missing := {chr(each) for each in drawn(to_mathml(latex)) - there})
    } == {}


def test_a_browser_asks_the_common_font_for_all_that_it_has():
    (listed,) = re.findall(r"unicode-range:([^;]*);", STYLES.read_text(encoding="utf-8"))
    ranges = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", listed)
    asked = {
        character
        for first, last in ranges
        for character in range(int(first, 16), int(last or first, 16) + 1)
    }
    with TTFont(COMMON) as font:
        assert asked == set(font.getBestCmap())
