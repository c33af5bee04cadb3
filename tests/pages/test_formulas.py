"""What LaTeX becomes, and that every formula of the pages can be drawn with the site's own font."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

pytest.importorskip("latex2mathml", reason="the site's tools are in the extra `docs`")

from tf2docs.pages.formulas import to_mathml
from tf2docs.pages.page import read_page

DOCS = Path(__file__).parents[2] / "docs"
FONT = DOCS / "assets" / "fonts" / "stix-two-math.woff"
PAGES = [read_page(path, path.name) for language in ("zh", "en") for path in sorted((DOCS / language).rglob("*.md"))]
UNLIKE = {ord("h"): 0x210E}  # Unicode had this italic letter before the others


def drawn(element) -> set[int]:
    """The characters that a browser takes from the font: a name of one letter is set in italics."""
    text = element.text or ""
    letters = {italic(ord(text))} if element.tag == "mi" and len(text) == 1 else set(map(ord, text))
    return letters.union(*map(drawn, element))


def italic(letter: int) -> int:
    for first, last, slanted in (("a", "z", 0x1D44E), ("A", "Z", 0x1D434), ("α", "ω", 0x1D6FC)):
        if ord(first) <= letter <= ord(last):
            return UNLIKE.get(letter, letter - ord(first) + slanted)
    return letter


def test_a_formula_stands_in_a_line_or_alone():
    assert to_mathml("x").get("display") == "inline"
    assert to_mathml("x", alone=True).get("display") == "block"


@pytest.mark.parametrize(
    ("latex", "reason"),
    [
        (r"\frac{1", "a brace or an argument is missing"),
        (r"\frac{1}", "a brace or an argument is missing"),
        ("a } b", "a brace or an argument is missing"),
        (r"\sofmax(z)", r"\sofmax isn't known"),
        ("x_{", "it isn't LaTeX: MissingSuperScriptOrSubscriptError"),
        ("x_1_2", "it isn't LaTeX: DoubleSubscriptsError"),
    ],
)
def test_what_is_no_formula_is_refused(latex, reason):
    with pytest.raises(ValueError, match="^" + reason.replace("\\", "\\\\")):
        to_mathml(latex)


def test_names_stand_apart_and_signs_close():
    spaces = [element.get("width") for element in to_mathml(r"\ln p - \max(0, x)").iter("mspace")]
    assert spaces == ["0.17em"]
    signs = [element.get("form") for element in to_mathml("L = -a - b").iter("mo") if element.text == "\N{MINUS SIGN}"]
    assert signs == ["prefix", None]


def test_the_font_has_all_that_the_formulas_need():
    with TTFont(FONT) as font:
        there = set(font.getBestCmap())
        assert "MATH" in font  # how far indices hang, how large a sum is
    formulas = {formula.latex for page in PAGES for formula in page.formulas}
    assert len(formulas) >= 10
    assert {
        latex: missing for latex in formulas if (missing := {chr(each) for each in drawn(to_mathml(latex)) - there})
    } == {}
