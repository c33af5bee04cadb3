from itertools import pairwise

import numpy as np
import pytest

from tf2docs.layout import layered


def rows(arrows, boxes):
    return {box: row for box, (_, row) in layered(arrows, boxes).places.items()}


def columns(arrows, boxes):
    return {box: column for box, (column, _) in layered(arrows, boxes).places.items()}


def pairs(*words):
    return [tuple(word) for word in words]


def test_a_chain_is_straight():
    assert layered(pairs("ab", "bc"), "abc").places == {"a": (0, 0), "b": (0, 1), "c": (0, 2)}


def test_a_box_stands_below_all_that_point_at_it():
    assert rows(pairs("ab", "bc", "ac"), "abc") == {"a": 0, "b": 1, "c": 2}


def test_the_order_of_boxes_decides_no_row():
    assert rows(pairs("ab", "bc", "ac"), "cba") == {"a": 0, "b": 1, "c": 2}


def test_a_late_input_stands_right_above_its_target():
    assert rows(pairs("ab", "bc", "dc"), "abcd")["d"] == 1


def test_two_that_meet_stand_to_both_sides():
    assert columns(pairs("ac", "bc"), "abc") == {"a": 0, "b": 1, "c": 0.5}


def test_boxes_in_a_row_never_overlap():
    boxes = "abcdefgh"
    places = layered(
        pairs("ab", "ac", "ad", "ae", "bf", "cg", "dg", "eg", "gh", "fh"), boxes
    ).places
    for first in boxes:
        for second in boxes:
            if first < second and places[first][1] == places[second][1]:
                assert abs(places[first][0] - places[second][0]) >= 1


def test_an_arrow_past_a_row_has_a_lane_beside_the_box():
    layout = layered(pairs("ab", "bc", "ac"), "abc", lane=0.5)
    assert layout.detours[:2] == [[], []]
    [(column, row)] = layout.detours[2]
    assert row == 1
    assert abs(column - layout.places["b"][0]) >= 0.75


def test_the_main_way_stays_straight_where_an_arrow_passes_by():
    found = columns(pairs("ab", "bc", "ac"), "abc")
    assert max(found.values()) - min(found.values()) < 0.05


def test_arrows_are_untangled():
    found = columns(pairs("ac", "bd", "ce", "df"), "abdcfe")
    assert (found["a"] < found["b"]) == (found["c"] < found["d"]) == (found["e"] < found["f"])


def test_a_circle_is_laid_out_without_the_arrow_that_closes_it():
    layout = layered(pairs("ab", "bb", "bc", "cb"), "abc")
    assert {box: row for box, (_, row) in layout.places.items()} == {"a": 0, "b": 1, "c": 2}
    assert layout.detours == [[], [], [], []]


def test_boxes_without_arrows_and_no_boxes_at_all_are_laid_out():
    assert layered([], "ab").places == {"a": (0, 0), "b": (1, 0)}
    assert layered([], "").places == {}


def test_a_thousand_rows_are_no_problem():
    boxes = list(range(1500))
    assert rows(list(pairwise(boxes)), boxes)[1499] == 1499


def test_the_same_arguments_give_the_same_layout():
    arrows = pairs("ab", "ac", "bd", "cd", "ad")
    assert layered(arrows, "abcd") == layered(arrows, "abcd")


def test_a_box_named_twice_is_refused():
    with pytest.raises(ValueError, match="'a' comes twice in boxes: name every box once"):
        layered([], "aa")


def test_an_arrow_to_nowhere_is_refused():
    with pytest.raises(ValueError, match="an arrow names 'z', which is no box"):
        layered([("a", "z")], "a")


@pytest.mark.parametrize("form", [tuple, iter, dict.fromkeys])
def test_arrows_and_boxes_come_in_any_form(form):
    arrows, boxes = [("a", "b"), ("b", "c"), ("a", "c")], ["a", "b", "c"]
    assert layered(form(arrows), form(boxes), lane=np.float32(0.5)) == layered(
        arrows, boxes, lane=0.5
    )


@pytest.mark.parametrize(
    ("lane", "error"), [(-1, ValueError), (float("nan"), ValueError), ("x", TypeError)]
)
def test_a_lane_that_is_no_width_is_refused(lane, error):
    with pytest.raises(error, match=r"lane is .*, expected a finite number of at least 0"):
        layered([("a", "b")], ["a", "b"], lane=lane)
