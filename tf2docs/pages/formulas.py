"""Show the formulas of a page as MathML, which browsers draw themselves: no script, nothing to load.

A formula is LaTeX between dollar signs: `$p_k$` in a line, `$$` around one that stands alone. Arithmatex finds them.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, fromstring

from latex2mathml.converter import convert
from markdown.treeprocessors import Treeprocessor

from tf2docs.pages.errors import Problem
from tf2docs.pages.page import Page

_NAMESPACE = re.compile(r' xmlns="[^"]*"')
_PARTS = {"mfrac": 2, "mover": 2, "msub": 2, "msubsup": 3, "msup": 2, "munder": 2, "munderover": 3}  # each has


def to_mathml(latex: str, *, alone: bool = False) -> Element:
    r"""Convert a formula.

    Args:
        latex: The formula, without dollar signs.
        alone: Whether it stands on a line of its own.

    Raises:
        ValueError: it isn't LaTeX, or uses a command that isn't known.

    Examples:
        >>> "".join(to_mathml(r"-\ln p_y").itertext())
        '−lnpy'
        >>> to_mathml(r"\sofmax(z)")
        Traceback (most recent call last):
        ValueError: \sofmax isn't known
    """
    try:
        markup = convert(latex, display="block" if alone else "inline")
    except Exception as error:  # the library has many exceptions, and no common one
        raise ValueError(f"it isn't LaTeX: {type(error).__name__}") from None
    math = fromstring(_NAMESPACE.sub("", markup))
    _refuse_leftovers(math)
    for row in list(math.iter()):
        _set_signs(row)
        _set_names_apart(row)
    math.set("data-search-exclude", "")
    return math


def _refuse_leftovers(math: Element) -> None:
    """Raise for what the library lets pass as it came."""
    for element in math.iter():
        text = element.text or ""
        if text.startswith("\\"):
            raise ValueError(f"{text} isn't known")
        if text in ("{", "}", "$") or len(element) != _PARTS.get(element.tag, len(element)):
            raise ValueError("a brace or an argument is missing")


def _set_signs(row: Element) -> None:
    """Set a sign close to its number where it follows another operator, as in L = −1."""
    for before, sign in pairwise(row):
        if before.tag == sign.tag == "mo" and sign.text in ("\u2212", "+") and before.text not in (")", "]", "}", "|"):
            sign.set("form", "prefix")


def _set_names_apart(row: Element) -> None:
    """Set a function's name upright, a thin space before what isn't in brackets: ln p, but max(0, x)."""
    for place, name in reversed(list(enumerate(row))):
        if name.tag in ("mi", "mo") and len(name.text or "") > 1 and name.text.isalpha():
            name.tag = "mi"
            if place + 1 < len(row) and row[place + 1].text not in ("(", ")"):
                row.insert(place + 1, Element("mspace", {"width": "0.17em"}))


def unreadable_formulas(page: Page) -> Iterator[Problem]:
    """Find the formulas of a page that can't be shown, in the order of its lines."""
    for formula in page.formulas:
        try:
            to_mathml(formula.latex)
        except ValueError as error:
            yield Problem(page.label, formula.line, f"the formula {formula.latex.strip()!r} can't be shown: {error}")


class Formulas(Treeprocessor):
    """Puts MathML in the place of the LaTeX that Arithmatex has found."""

    def run(self, root: Element) -> None:
        """Convert the formulas; one that can't be is shown as it came, and `unreadable_formulas` says where."""
        for shell in [each for each in root.iter() if each.get("class") == "arithmatex"]:
            latex, alone = unescape(shell.text[2:-2]), shell.tag == "div"
            shell.set("class", "tf2-formula")
            shell.text = None
            try:
                shell.append(to_mathml(latex, alone=alone))
            except ValueError:
                SubElement(shell, "code").text = latex
