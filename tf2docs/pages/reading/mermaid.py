"""Read diagrams that are written as text.

A small part of Mermaid's flowchart, which GitHub draws too.

    flowchart TD
        accTitle: From an image to a guess
        image["An image<br>28×28"] --> model("The model")
        model -->|"softmax"| guess["Ten probabilities"]
        guess -.-> image

`TD` runs from top to bottom, `LR` from left to right. Square brackets make a box, round ones a
rounded box; `-.->` draws a dotted arrow. `accTitle` names the diagram for readers who can't see it,
`accDescr` may say more. Texts may go without quotation marks if they hold words alone. Whatever
else Mermaid knows is an error, for it would not be drawn.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_LINE_BREAK = re.compile(r"<br */?>")
_PLAIN = re.compile(r"(?:[\w .,:+]|-(?!-))*")  # what Mermaid takes without quotation marks
# what Mermaid would take for HTML, Markdown or a code
_MARKUP = re.compile(r"[<>`]|#\w+;|^(?:\d+\.|[-*+]) ")
_HEADER = re.compile(r"flowchart +(TD|LR)")
_NODE = re.compile(
    r"(?P<id>[A-Za-z]\w*)(?:\[(?P<box>\"[^\"]*\"|[^\[\]\"]*)\]|\((?P<round>\"[^\"]*\""
    r"|[^()\"]*)\))?",
    re.A,
)
_ARROW = re.compile(r" +(?P<line>-->|-\.->)(?:\|(?P<label>\"[^\"]*\"|[^|\"]*)\|)? +")
_ABOUT = re.compile(r"(?P<key>accTitle|accDescr) *: *(?P<words>.*)")
_RESERVED = {
    "call",
    "class",
    "classDef",
    "click",
    "default",
    "end",
    "flowchart",
    "graph",
    "linkStyle",
    "style",
    "subgraph",
}
_KNOWN = (
    'a diagram has nodes id["Text"] and id("Text"), arrows a --> b, a -.-> b and a -->|"words"| '
    "b, and accTitle"
)


class FlowchartError(Exception):
    """A diagram that isn't understood.

    Attributes:
        line: Which line of the diagram it is, counted from 0.
    """

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Node:
    """A box: its lines of text, and whether its corners are round."""

    lines: tuple[str, ...]
    rounded: bool = False


@dataclass(frozen=True)
class Edge:
    """An arrow from one node to another, by their ids, perhaps with a label, perhaps dotted."""

    start: str
    end: str
    lines: tuple[str, ...] = ()
    dotted: bool = False


@dataclass
class Flowchart:
    """A diagram.

    Its direction, its name and description, its nodes by id, and its edges in order.
    """

    direction: str
    title: str = ""
    description: str = ""
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    @property
    def structure(self) -> Counter[str]:
        """What must be the same in every language: all but the words."""
        parts = [f"flowchart {self.direction}"] + ["accDescr"] * bool(self.description)
        parts += [f"{name}{'()' if node.rounded else '[]'}" for name, node in self.nodes.items()]
        for edge in self.edges:
            label = "|…|" if edge.lines else ""
            parts.append(f"{edge.start} {'-.->' if edge.dotted else '-->'}{label} {edge.end}")
        return Counter(parts)


def read_flowchart(text: str) -> Flowchart:
    r"""Read a diagram.

    Args:
        text: Its lines, such as those in this module's docstring.

    Raises:
        FlowchartError: A line isn't understood, a node has no text or two, or the diagram has no
            accTitle.

    Examples:
        >>> chart = read_flowchart("flowchart LR\naccTitle: Two\na[One] --> b[Two]")
        >>> chart.edges
        [Edge(start='a', end='b', lines=(), dotted=False)]
    """
    chart: Flowchart | None = None
    mentioned: dict[str, int] = {}  # where each node was named first
    for number, line in enumerate(map(str.strip, text.split("\n"))):
        if not line or line.startswith("%%"):
            continue
        if chart is None:
            chart = Flowchart(_direction(number, line))
        elif about := _ABOUT.fullmatch(line):
            _describe(chart, number, about["key"], about["words"])
        else:
            _connect(chart, mentioned, number, line)
    if chart is None or not chart.title:
        raise FlowchartError(
            0, "the diagram has no name for who can't see it; add a line `accTitle: what it shows`"
        )
    for name, number in mentioned.items():
        if name not in chart.nodes:
            raise FlowchartError(number, f'the node {name!r} has no text; write {name}["…"] once')
    return chart


def _direction(number: int, line: str) -> str:
    if found := _HEADER.fullmatch(line):
        return found[1]
    raise FlowchartError(
        number, f"a diagram begins with `flowchart TD` or `flowchart LR`, not with {line!r}"
    )


def _describe(chart: Flowchart, number: int, key: str, words: str) -> None:
    name = {"accTitle": "title", "accDescr": "description"}[key]
    if not words or getattr(chart, name):
        raise FlowchartError(
            number, f"{key} is {'empty' if not words else 'given twice'}; say once what it is"
        )
    setattr(chart, name, words)


def _connect(chart: Flowchart, mentioned: dict[str, int], number: int, line: str) -> None:
    """Read a node, or a chain of nodes with arrows between them."""
    before, arrow, rest = "", None, line
    while found := _NODE.match(rest):
        name = _read_node(chart, number, found)
        mentioned.setdefault(name, number)
        if arrow:
            chart.edges.append(_read_edge(number, before, name, arrow))
        before, rest = name, rest[found.end() :]
        if not rest:
            return
        arrow = _ARROW.match(rest)
        if not arrow:
            break
        rest = rest[arrow.end() :]
    raise FlowchartError(number, f"can't draw {rest.strip() or line!r}; {_KNOWN}")


def _read_node(chart: Flowchart, number: int, found: re.Match[str]) -> str:
    name, rounded = found["id"], found["round"] is not None
    text = found["round"] if rounded else found["box"]
    if name in _RESERVED:
        raise FlowchartError(
            number, f"a node can't be called {name!r}, which is a word of Mermaid's; choose another"
        )
    if text is not None:
        if name in chart.nodes:
            raise FlowchartError(number, f"the node {name!r} has a text already; give it once")
        chart.nodes[name] = Node(_read_text(number, text), rounded)
    return name


def _read_edge(number: int, start: str, end: str, arrow: re.Match[str]) -> Edge:
    if start == end:
        raise FlowchartError(
            number, f"an arrow from {start!r} to itself isn't drawn; say it in words"
        )
    label = () if arrow["label"] is None else _read_text(number, arrow["label"])
    return Edge(start, end, label, dotted=arrow["line"] == "-.->")


def _read_text(number: int, text: str) -> tuple[str, ...]:
    return tuple(_read_lines(number, text))


def _read_lines(number: int, text: str) -> Iterator[str]:
    for line in _LINE_BREAK.split(text.strip('"')):
        if not text.startswith('"') and not _PLAIN.fullmatch(line):
            raise FlowchartError(number, f'put {text!r} in quotation marks: "{text}"')
        if not line.strip() or _MARKUP.search(line.strip()):
            raise FlowchartError(
                number, f"can't draw the text {text!r}; it takes words, and <br> between two lines"
            )
        yield line.strip()
