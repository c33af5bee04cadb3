"""Make MathML of LaTeX, which browsers draw themselves: no script, nothing to load."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from xml.etree.ElementTree import Element, ParseError, fromstring

from tf2docs.pages.reading.latex import prepare, restore, visible

_NAMESPACE = re.compile(r' xmlns="[^"]*"')
# so the library writes one letter in \mathrm
_UPRIGHT = re.compile(r"<mi>(&#x000[4-7][0-9A-F];)</mi>")
_PARTS = {  # each has so many
    "mfrac": 2,
    "mover": 2,
    "mroot": 2,
    "msub": 2,
    "msubsup": 3,
    "msup": 2,
    "munder": 2,
    "munderover": 3,
}
_SCRIPTS = {"mover", "msub", "msubsup", "msup", "munder", "munderover"}
_DRAWN = _SCRIPTS | {  # by every browser
    *("math", "mfrac", "mi", "mn", "mo", "mpadded", "mphantom", "mroot", "mrow"),
    *("mspace", "msqrt", "mstyle", "mtable", "mtd", "mtext", "mtr"),
}
# the letters of Unicode that stand for one of MathML, which browsers don't know any more
_VARIANTS = {
    "bold": "BOLD",
    "bold-italic": "BOLD ITALIC",
    "double-struck": "DOUBLE-STRUCK",
    "fraktur": "FRAKTUR",
    "italic": "ITALIC",
    "monospace": "MONOSPACE",
    "sans-serif": "SANS-SERIF",
    "script": "SCRIPT",
}
_STYLES = {
    "bold": "font-weight: bold",
    "italic": "font-style: italic",
    "monospace": "font-family: monospace",
}
_ABOVE_INDEX = {
    "det",
    "gcd",
    "inf",
    "lim",
    "max",
    "min",
    "sup",
    "arg\u2009max",
    "arg\u2009min",
}  # alone, it is below them
_OPERATORS = {"Sm", "Ps", "Pe"}  # categories of Unicode: signs and brackets
_ACCENTS = set("^¯~→←˙¨ˇ˘´`\u2015")


def to_mathml(latex: str, *, alone: bool = False) -> Element:
    r"""Convert a formula.

    Args:
        latex: The formula, without dollar signs.
        alone: Whether it stands on a line of its own.

    Raises:
        ValueError: it isn't LaTeX, uses what isn't known, or would lose a part.

    Examples:
        >>> "".join(to_mathml(r"-\ln p_y").itertext())
        '−lnpy'
        >>> to_mathml(r"\sofmax(z)")
        Traceback (most recent call last):
        ValueError: \sofmax isn't known
    """
    math = _converted(prepare(latex), alone)
    _refuse_leftovers(math)
    for element in math.iter():
        element.text = restore(element.text) if element.text else None
        _set_as_browsers_draw(element)
        if alone and element.tag == "msub" and element[0].text in _ABOVE_INDEX:
            element.tag = "munder"
    for row in list(math.iter()):
        _set_signs(row)
        _set_names_apart(row)
    if lost := visible(latex) - Counter(
        unicodedata.normalize("NFKD", "".join(math.itertext())).replace("−", "-")
    ):
        raise ValueError(f"{' '.join(sorted(lost))} would not be shown")
    math.set("data-search-exclude", "")
    return math


def _converted(latex: str, alone: bool) -> Element:
    """What the library makes of a formula."""
    from latex2mathml.converter import convert  # only pages with formulas need it

    try:
        markup = convert(latex, display="block" if alone else "inline")
        return fromstring(
            _UPRIGHT.sub(r'<mi mathvariant="normal">\1</mi>', _NAMESPACE.sub("", markup))
        )
    except ParseError:
        raise ValueError("it isn't LaTeX: a mark stands where none can") from None
    except Exception as error:  # the library has many exceptions, and no common one
        raise ValueError(f"it isn't LaTeX: {type(error).__name__}") from None


def _refuse_leftovers(math: Element) -> None:
    """Raise for what the library lets pass as it came, and for what no browser draws."""
    for element in math.iter():
        text = element.text or ""
        if text.startswith("\\") and "minsize" not in element.attrib:
            raise ValueError(f"{text} isn't known")
        if len(element) != _PARTS.get(element.tag, len(element)):
            raise ValueError("an argument is missing")
        if element.tag in _SCRIPTS and element[0].tag == "mi" and not element[0].text:
            raise ValueError(
                "an index or an exponent has nothing to stand on; write {} before it if that "
                "is meant"
            )
        if element.tag == "mo" and len(element):
            element.tag = "mrow"  # of mathop
        elif element.tag == "mo" and not text and "fence" not in element.attrib:
            raise ValueError("an argument is missing")
        if "fence" in element.attrib and text.isalnum():
            raise ValueError(f"{text} is no bracket; name one behind \\left and \\right")
    if not "".join(math.itertext()).strip():
        raise ValueError("it is empty")


def _set_as_browsers_draw(element: Element) -> None:
    """Say in today's MathML what the library says in yesterday's."""
    variant = element.get("mathvariant")
    if element.tag == "menclose" and element.get("notation") == "box":
        element.tag, element.attrib = "mrow", {"style": "border: 1px solid; padding: 0.2em"}
    if element.tag not in _DRAWN:
        raise ValueError(f"browsers don't draw {element.get('notation', element.tag)}")
    if variant and variant != "normal":
        _set_variant(element, variant)
    if element.tag == "mtable":
        _align(element, close=element.attrib.pop("columnspacing", "").startswith("0em"))
    if element.get("width") == "negativethinmathspace":
        element.set("width", "-0.167em")
    if "minsize" in element.attrib and element.text and element.text.startswith("\\"):
        element.text = "".join(_converted(element.text, False).itertext())
    if element.tag == "mi" and element.text and unicodedata.category(element.text[0]) in _OPERATORS:
        element.tag, element.text = "mo", "\u223c" if element.text == "~" else element.text
        element.set("stretchy", "false")
    if element.tag == "mi" and element.text == ":":
        element.tag = "mo"
    if element.tag in ("mover", "munder") and element[1].text == "\u2015":
        # fonts for formulas have these
        element[1].text = "\u00af" if element.tag == "mover" else "_"
    if element.tag == "mover" and element[1].tag == "mo" and element[1].text in _ACCENTS:
        element.set("accent", "true")


def _align(table: Element, *, close: bool) -> None:
    """Align the cells of a table by styles.

    Pairs touch if they are `close`, as those about an = are.
    """
    for row in table:
        for place, cell in enumerate(row):
            side, inner = cell.attrib.pop("columnalign", "center"), "left" if place % 2 else "right"
            styles = [f"text-align: {side}"] if side != "center" else []
            styles += [f"padding-{inner}: 0"] if close else []
            if styles:
                cell.set("style", "; ".join(styles))


def _set_variant(element: Element, variant: str) -> None:
    """Write letters in another font as the characters that Unicode has for them."""
    if element.tag == "mtext":
        element.attrib.pop("mathvariant")
        if variant in _STYLES:
            element.set("style", _STYLES[variant])
    elif element.tag in ("mi", "mn", "mo"):
        element.attrib.pop("mathvariant")
        element.text = "".join(
            _in_variant(letter, _VARIANTS[variant]) for letter in element.text or ""
        )


def _in_variant(letter: str, variant: str) -> str:
    name = (
        unicodedata.name(letter, "")
        .replace("LATIN ", "")
        .replace("GREEK ", "")
        .replace(" LETTER", "")
    )
    kinds = [variant] if name.startswith("DIGIT") else [variant, variant.removesuffix(" ITALIC")]
    for kind in kinds:
        for full in (
            f"MATHEMATICAL {kind} {name}",
            f"{kind.replace('FRAKTUR', 'BLACK-LETTER')} {name}",
        ):
            try:
                return unicodedata.lookup(full)
            except KeyError:
                continue
    if letter.isalnum() and variant not in ("BOLD ITALIC", "ITALIC"):
        raise ValueError(f"{letter} has no form in {variant.lower()}")
    return letter


def _set_signs(row: Element) -> None:
    """Set a sign close to its number where it follows another operator, as in L = −1."""
    for before, sign in pairwise(row):
        if (
            before.tag == sign.tag == "mo"
            and sign.text in ("\u2212", "+")
            and before.text not in (")", "]", "}", "|")
        ):
            sign.set("form", "prefix")


def _set_names_apart(row: Element) -> None:
    """Set a function's name upright, a thin space before what isn't in brackets.

    Ln p, but max(0, x).
    """
    for place, element in reversed(list(enumerate(row))):
        name = element[0] if element.tag in _SCRIPTS else element
        if (
            name.tag in ("mi", "mo")
            and len(name.text or "") > 1
            and str(name.text).replace("\u2009", "").isalpha()
        ):
            name.tag = "mi"
            if (
                row.tag not in _PARTS
                and place + 1 < len(row)
                and row[place + 1].text not in ("(", ")")
            ):
                row.insert(place + 1, Element("mspace", {"width": "0.17em"}))
