"""Where boxes and edges come to lie."""

from itertools import combinations, pairwise

import pytest

from tf2docs.pages.showing.layered_layout import lay_out

BOX, LABEL = (60.0, 20.0), (40.0, 12.0)


def place(*edges, boxes=None, label=None):
    pairs = [tuple(edge) for edge in edges]
    names = boxes or dict.fromkeys(name for pair in pairs for name in pair)
    return lay_out(dict.fromkeys(names, BOX), [(*pair, label) for pair in pairs])


def overlap(one, other):
    deep = one.top < other.bottom and other.top < one.bottom
    return deep and abs(one.across - other.across) < (one.size[0] + other.size[0]) / 2


SHAPES = {
    "chain": ["ab", "bc", "cd"],
    "fan": ["ab", "ac", "ad", "ae"],
    "diamond": ["ab", "ac", "bd", "cd"],
    "shortcut": ["ab", "bc", "cd", "ad"],
    "circle": ["ab", "bc", "ca"],
    "two ways": ["ab", "ba"],
    "twice": ["ab", "ab"],
    "apart": ["ab", "cd"],
    "crossed": ["ad", "bc", "ac", "be", "de"],
}


@pytest.mark.parametrize("label", [None, LABEL], ids=["plain", "labelled"])
@pytest.mark.parametrize("edges", SHAPES.values(), ids=SHAPES)
def test_nothing_overlaps_and_all_lies_within_the_drawing(edges, label):
    layout = place(*edges, label=label)
    cells = [*layout.boxes.values(), *(route.label for route in layout.routes if route.label)]
    assert [pair for pair in combinations(cells, 2) if overlap(*pair)] == []
    assert min(cell.across - cell.size[0] / 2 for cell in cells) > -1e-9
    assert max(cell.across + cell.size[0] / 2 for cell in cells) <= layout.size[0] + 1e-9
    assert max(cell.bottom for cell in cells) == layout.size[1]


@pytest.mark.parametrize("edges", SHAPES.values(), ids=SHAPES)
def test_edges_run_from_layer_to_layer_and_lie_on_no_box(edges):
    layout = place(*edges)
    for route in layout.routes:
        assert all(other.layer == one.layer + 1 for one, other in pairwise(route.cells))
        for bend in route.cells[1:-1]:
            assert not any(overlap(bend, box) for box in layout.boxes.values())


def test_edges_lead_on_unless_they_close_a_circle():
    layout = place("ab", "bc", "ca")
    assert [route.turned for route in layout.routes] == [False, False, True]
    assert layout.boxes["a"].bottom < layout.boxes["b"].top < layout.boxes["c"].top
    assert layout.routes[2].cells[0] is layout.boxes["a"]


def test_a_chain_is_straight_also_beside_an_edge_that_passes_it():
    for edges in (["ab", "bc", "cd"], ["ab", "bc", "cd", "ad"]):
        places = [box.across for box in place(*edges).boxes.values()]
        assert max(places) - min(places) < 0.5


def test_a_box_stands_in_the_middle_of_those_it_leads_to():
    layout = place("ab", "ac", "ad")
    places = sorted(layout.boxes[name].across for name in "bcd")
    assert layout.boxes["a"].across == pytest.approx(places[1])


def test_edges_that_needn_t_cross_don_t():
    layout = place("ax", "by", "cz", boxes="abczyx")
    order = [sorted(names, key=lambda name: layout.boxes[name].across) for names in ("abc", "xyz")]
    assert ["axbycz".index(name) // 2 for name in order[0]] == [
        "axbycz".index(name) // 2 for name in order[1]
    ]


def test_two_edges_between_the_same_boxes_part():
    first, second = place("ab", "ba").routes
    assert abs(first.cells[1].across - second.cells[1].across) >= 16


def test_the_same_diagram_is_always_drawn_alike():
    assert str(place("ab", "ac", "cb", label=LABEL)) == str(place("ab", "ac", "cb", label=LABEL))


def test_boxes_without_edges_stand_side_by_side():
    assert lay_out({"a": BOX, "b": BOX}, []).size == (144.0, 20.0)
