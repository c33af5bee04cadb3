"""What a diagram looks like as SVG, to eyes and to screen readers."""

import re
from xml.etree import ElementTree

import pytest

pytest.importorskip("markdown", reason="the site's tools are in the extra `docs`")

from tf2docs.pages.reading.mermaid import read_flowchart
from tf2docs.pages.showing.mermaid_svg import describe, draw_flowchart, text_width

TEXT = (
    'accTitle: A & B\na["x & y<br>第二行"] -->|"then"| b("B")\n'
    "b -.-> c[C] --> d[D] --> e[E] --> f[F]"
)


@pytest.fixture
def drawings():
    """The drawings of a diagram that is wider than a phone, without their namespace."""
    html = draw_flowchart(read_flowchart(f"flowchart LR\n{TEXT}")).replace(
        ' xmlns="http://www.w3.org/2000/svg"', ""
    )
    return ElementTree.fromstring(html).findall("svg")


def texts(drawing):
    return [text.text for text in drawing.iter("text")]


def test_every_text_is_drawn_line_by_line(drawings):
    assert texts(drawings[0]) == ["x & y", "第二行", "B", "C", "D", "E", "F", "then"]


def test_a_wide_diagram_is_drawn_for_a_phone_too(drawings):
    assert [drawing.get("data-for") for drawing in drawings] == ["wide", "phone"]
    assert float(drawings[0].get("width")) > 340 > float(drawings[1].get("width"))
    assert texts(drawings[0]) == texts(drawings[1])


def test_a_narrow_diagram_is_drawn_once():
    assert draw_flowchart(read_flowchart(f"flowchart TD\n{TEXT}")).count("<svg") == 1


def test_screen_readers_get_the_name_and_every_arrow(drawings):
    ids = set()
    for drawing in drawings:
        name, about = drawing.find("title"), drawing.find("desc")
        assert (drawing.get("role"), name.text) == ("img", "A & B")
        assert drawing.get("aria-labelledby") == name.get("id")
        assert drawing.get("aria-describedby") == about.get("id")
        assert about.text == "x & y 第二行 → B (then); B → C; C → D; D → E; E → F."
        ids |= {name.get("id"), about.get("id")}
    assert len(ids) == 4


def test_a_description_comes_before_what_the_arrows_say():
    assert (
        describe(read_flowchart("flowchart TD\naccTitle: t\naccDescr: In words.\na[A]"))
        == "In words."
    )
    assert describe(read_flowchart("flowchart TD\naccTitle: t\na[A] --> b[B]\nc[C]")) == "A → B; C."


def test_a_box_is_as_wide_as_its_text_and_corners_may_be_round(drawings):
    boxes = list(drawings[0].iter("rect"))
    assert float(boxes[0].get("width")) > text_width("第二行", 14)
    assert float(boxes[1].get("rx")) > float(boxes[0].get("rx"))


def test_ideographs_take_their_whole_width_and_letters_about_half():
    assert text_width("张量", 14) == 28
    assert 14 * 3 < text_width("tensor", 14) < 14 * 4
    assert text_width("Keras（后端）", 10) > text_width("Keras(xx)", 10)


def test_colours_are_left_to_the_stylesheet(drawings):
    html = ElementTree.tostring(drawings[0], encoding="unicode")
    assert not re.search(r"#[0-9a-f]{3}|rgb|style=|fill=|stroke=|href|script", html)
    assert html.count("tf2-diagram__dotted") == 1
    assert html.count("tf2-diagram__head") == 5


def points(drawing, kind):
    return [
        [tuple(map(float, place)) for place in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))]
        for path in drawing.iter("path")
        if path.get("class") == kind
    ]


def test_an_arrow_ends_at_the_box_it_points_to(drawings):
    boxes = [
        tuple(float(rect.get(key)) for key in ("x", "y", "width", "height"))
        for rect in drawings[0].iter("rect")
    ]
    for (tip, *_), (x, y, _, height) in zip(
        points(drawings[0], "tf2-diagram__head"), boxes[1:], strict=False
    ):
        assert tip == pytest.approx((x, y + height / 2), abs=0.11)


def test_an_arrow_that_closes_a_circle_points_back():
    html = draw_flowchart(read_flowchart("flowchart TD\naccTitle: t\na[A] --> b[B]\nb --> a"))
    drawing = ElementTree.fromstring(html.replace(' xmlns="http://www.w3.org/2000/svg"', "")).find(
        "svg"
    )
    first, second = (rect.get("y") for rect in drawing.iter("rect"))
    there, back = points(drawing, "tf2-diagram__head")
    assert there[0][1] == float(second)
    assert float(first) < back[0][1] < there[0][1]
