"""Show the formulas of a page as MathML.

A formula is LaTeX between dollar signs: `$p_k$` in a line, `$$` around one that stands alone.
Arithmatex finds them.
"""

from html import unescape
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor

from tf2docs.pages.reading.mathml import to_mathml


class Formulas(Treeprocessor):
    """Puts MathML in the place of the LaTeX that Arithmatex has found."""

    def run(self, root: Element) -> None:
        """Convert the formulas.

        One that can't be is shown as it came, and `unreadable_formulas` says where.
        """
        for shell in [each for each in root.iter() if each.get("class") == "arithmatex"]:
            latex, alone = unescape((shell.text or "")[2:-2]), shell.tag == "div"
            shell.set("class", "tf2-formula")
            shell.text = None
            try:
                shell.append(to_mathml(latex, alone=alone))
            except ValueError:
                SubElement(shell, "code").text = latex
