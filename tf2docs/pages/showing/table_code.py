"""Say where a name in a table may break.

Behind a dot, a bracket, an underscore, and not in the middle of a word.
"""

import re
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

_JOINT = re.compile(r"(?<=[^\W_]|[)\]])([._(\[,=/]+)(?=[^\W_])")
BREAK = "<wbr>"


class TableCode(Treeprocessor):
    """Puts a `<wbr>` behind each joint of the code in tables, which a phone has little room for."""

    def run(self, root: Element) -> None:
        """Mark the joints.

        Markdown puts raw HTML in the place of the mark when the page is written.
        """
        mark = self.md.htmlStash.store(BREAK)
        for cell in (cell for kind in ("td", "th") for cell in root.iter(kind)):
            for code in cell.iter("code"):
                if code.text:
                    code.text = AtomicString(with_marks(code.text, mark))


def with_marks(code: str, mark: str) -> str:
    """The code with a mark behind each of its joints.

    Examples:
        >>> with_marks("keras.Model(x).fit_all()", "|")
        'keras.|Model(|x).|fit_|all()'
        >>> with_marks("[0.5, 1.0]", "|"), with_marks("__init__", "|")
        ('[0.5, 1.0]', '__init__')
    """
    return _JOINT.sub(lambda joint: joint[0] + mark if not _is_point(joint) else joint[0], code)


def _is_point(joint: re.Match[str]) -> bool:
    """Whether it is the point of a number, which isn't torn apart."""
    around = joint.string[joint.start() - 1] + joint.string[joint.end()]
    return joint[0] == "." and around.isdigit()
