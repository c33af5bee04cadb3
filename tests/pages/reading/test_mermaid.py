"""Which diagrams are understood, and what is said of the others."""

import pytest

from tf2docs.pages.reading.mermaid import Edge, FlowchartError, Node, read_flowchart

START = "flowchart TD\naccTitle: A name\n"


def read(*lines):
    return read_flowchart(START + "\n".join(lines))


def test_a_diagram_has_a_direction_a_name_and_perhaps_a_description():
    chart = read_flowchart(
        "flowchart LR\n    accTitle: A name\n    accDescr: More of it: all\n    a[One]"
    )
    assert (chart.direction, chart.title, chart.description) == ("LR", "A name", "More of it: all")
    assert read("a[One]").description == ""


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a[One word]", Node(("One word",))),
        ("a(One word)", Node(("One word",), rounded=True)),
        ('a["tf.matmul(a, b)[0]"]', Node(("tf.matmul(a, b)[0]",))),
        ('a("一 <br>2<br/>3")', Node(("一", "2", "3"), rounded=True)),
        ("a[中文 one]", Node(("中文 one",))),
    ],
)
def test_a_node_is_a_box_with_lines_of_text(text, node):
    assert read(text).nodes == {"a": node}


@pytest.mark.parametrize(
    ("arrow", "edge"),
    [
        ("-->", Edge("a", "b")),
        ("-.->", Edge("a", "b", dotted=True)),
        ("-->|so long|", Edge("a", "b", ("so long",))),
        ('-.->|"(1)<br>then"|', Edge("a", "b", ("(1)", "then"), dotted=True)),
    ],
)
def test_an_edge_may_be_dotted_and_have_a_label(arrow, edge):
    assert read(f"a[A] {arrow} b[B]").edges == [edge]


def test_edges_form_chains_and_nodes_may_be_named_before_they_have_a_text():
    chart = read("a --> b[B] --> c", "a[A]", "%% a comment", "", "c(C)")
    assert chart.edges == [Edge("a", "b"), Edge("b", "c")]
    assert chart.nodes.keys() == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a --- b", "can't draw '--- b'; a diagram has nodes"),
        ("a ==> b", "can't draw '==> b'"),
        ("a -->b", "can't draw '-->b'"),
        ("a{Choice}", "can't draw '{Choice}'"),
        ("a[A] --> ", "can't draw"),
        ("a[A] & b[B] --> c[C]", "can't draw '& b[B]"),
        ("subgraph one", "can't be called 'subgraph', which is a word of Mermaid's"),
        ("end[The end]", "can't be called 'end'"),
        ("甲[A]", "can't draw '甲[A]'"),
        ("a[A] --> a", "from 'a' to itself"),
        ("a[A]\na[B]", "the node 'a' has a text already"),
        ("a[A] --> b", "the node 'b' has no text; write b[\"…\"] once"),
        ("a[f(x)]", "put 'f(x)' in quotation marks"),
        ("a[/A/]", "put '/A/' in quotation marks"),
        ("a[x --> y]", "put 'x --> y' in quotation marks"),
        ('a["<b>A</b>"]', "it takes words, and <br>"),
        ('a["1. One"]', "it takes words"),
        ('a["#35;"]', "it takes words"),
        ('a[""]', "it takes words"),
        ("accTitle: Again", "accTitle is given twice"),
        ("accDescr:", "accDescr is empty"),
    ],
)
def test_what_is_not_understood_is_an_error_at_its_line(line, message):
    with pytest.raises(FlowchartError) as caught:
        read("ok[OK]", line)
    assert message in str(caught.value)
    assert caught.value.line == 3 + line.count("\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no name"),
        ("flowchart TD\na[A]", "add a line `accTitle: what it shows`"),
        (
            "graph TD\naccTitle: A",
            "begins with `flowchart TD` or `flowchart LR`, not with 'graph TD'",
        ),
        ("flowchart BT\naccTitle: A", "not with 'flowchart BT'"),
        ("sequenceDiagram", "not with 'sequenceDiagram'"),
    ],
)
def test_a_diagram_says_what_it_is_and_has_a_name(text, message):
    with pytest.raises(FlowchartError) as caught:
        read_flowchart(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ('a["甲"] -->|"是"| b("乙")', True),
        ('b("B")\na["A"] -->|yes| b', True),
        ('a["A"] -->|yes| b["B"]', False),
        ('a["A"] --> b("B")', False),
        ('a["A"] -.->|yes| b("B")', False),
        ('b("B") -->|yes| a["A"]', False),
        ('a["A"] -->|yes| c("B")', False),
        ('accDescr: more\na["A"] -->|yes| b("B")', False),
    ],
)
def test_the_structure_is_all_but_the_words(other, same):
    assert (read('a["A"] -->|yes| b("B")').structure == read(other).structure) is same
