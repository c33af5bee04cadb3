"""Where to draw the boxes and arrows of a diagram: in rows, so that arrows lead downwards.

The layered layout of Sugiyama and others, for diagrams of a few dozen boxes: rows by the longest
way from the top, an order within each row in which few arrows cross, and places that keep arrows
straight.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tf2docs._arguments import real_number

__all__ = ["Layout", "layered"]

_SWEEPS = 24
# how much more an arrow to the next row is drawn straight than one that passes rows by
_STRAIGHT = 50


@dataclass(frozen=True)
class Layout:
    """The places of the boxes, a column across and a row down.

    And of what arrows pass in between.
    """

    places: dict[Hashable, tuple[float, int]]
    """For each box the column of its middle and its row, both from 0.

    Neighbours in a row are at least 1 apart.
    """

    detours: list[list[tuple[float, int]]]
    """For each arrow, in the order given, its place in each row that it passes on its way down.

    Often there is none.
    """


def layered(
    arrows: Iterable[tuple[Hashable, Hashable]], boxes: Iterable[Hashable], *, lane: float = 0.4
) -> Layout:
    """Place boxes in rows, each box below all that point at it.

    An arrow that would close a cycle, or points at its own box, can't lead down: it takes no part
    in the layout, and whoever draws it leads it around the boxes.

    Args:
        arrows: From which box to which. The same arrow may come more than once.
        boxes: Every box. In a row, earlier ones stand further left, unless more arrows would cross.
        lane: The width that an arrow needs where it passes between boxes; a box has 1.

    Returns:
        The place of each box, and the places that each arrow passes. The same arguments always give
        the same layout.

    Raises:
        TypeError: `lane` is no number.
        ValueError: A box comes twice, an arrow begins or ends at something that isn't among the
            boxes, or `lane` is negative.

    Examples:
        >>> layered([("in", "dense"), ("dense", "out")], ["in", "dense", "out"]).places
        {'in': (0.0, 0), 'dense': (0.0, 1), 'out': (0.0, 2)}

    References:
        Sugiyama, Tagawa, Toda: Methods for visual understanding of hierarchical system structures
        (1981).
    """
    arrows, boxes = list(arrows), list(boxes)
    lane = real_number("lane", lane, least=0)
    _check(arrows, boxes)
    order = {box: place for place, box in enumerate(_downward(arrows, boxes))}
    down = [
        number for number, (source, target) in enumerate(arrows) if order[source] < order[target]
    ]
    row = _rows([arrows[number] for number in down], list(order))
    row = {box: row[box] for box in boxes}
    lanes = {n: [(n, r) for r in range(row[arrows[n][0]] + 1, row[arrows[n][1]])] for n in down}
    chains = [[arrows[n][0], *lanes[n], arrows[n][1]] for n in down]
    row |= {stop: stop[1] for stops in lanes.values() for stop in stops}
    rows = _untangle(_by_row(row), chains)
    column = _columns(rows, chains, {stop: lane for stops in lanes.values() for stop in stops})
    return Layout(
        {box: (column[box], row[box]) for box in boxes},
        [
            [(column[stop], row[stop]) for stop in lanes.get(number, [])]
            for number in range(len(arrows))
        ],
    )


def _check(arrows: Sequence[tuple[Hashable, Hashable]], boxes: Sequence[Hashable]) -> None:
    twice = [box for place, box in enumerate(boxes) if box in boxes[:place]]
    unknown = [box for arrow in arrows for box in arrow if box not in boxes]
    if twice or unknown:
        fault = (
            f"{twice[0]!r} comes twice in boxes"
            if twice
            else f"an arrow names {unknown[0]!r}, which is no box"
        )
        raise ValueError(f"{fault}: name every box once, and in arrows only these.")


def _downward(
    arrows: Sequence[tuple[Hashable, Hashable]], boxes: Sequence[Hashable]
) -> list[Hashable]:
    """An order in which arrows point at later boxes, but for those that close a circle."""
    below = {box: [target for source, target in arrows if source == box] for box in boxes}
    seen: set[Hashable] = set()
    finished = []
    for root in boxes:
        stack = [] if root in seen else [(root, iter(below[root]))]
        seen.add(root)
        while stack:
            target = next((one for one in stack[-1][1] if one not in seen), None)
            if target is None:
                finished.append(stack.pop()[0])
            else:
                seen.add(target)
                stack.append((target, iter(below[target])))
    return finished[::-1]


def _rows(
    arrows: list[tuple[Hashable, Hashable]], boxes: Sequence[Hashable]
) -> dict[Hashable, int]:
    """The longest way from the top.

    A box with nothing above it stands right above what it points at.
    """
    above, below = defaultdict(list), defaultdict(list)
    for source, target in arrows:
        above[target].append(source)
        below[source].append(target)
    row: dict[Hashable, int] = {}
    for box in boxes:
        row[box] = max((row[source] + 1 for source in above[box]), default=0)
    tops = {
        box: min(row[target] for target in below[box]) - 1
        for box in boxes
        if below[box] and not above[box]
    }
    return row | tops


def _by_row(row: dict[Hashable, int]) -> list[list[Hashable]]:
    return [
        [thing for thing in row if row[thing] == number]
        for number in range(max(row.values(), default=-1) + 1)
    ]


def _untangle(rows: list[list[Hashable]], chains: list[list[Hashable]]) -> list[list[Hashable]]:
    """Order each row by the middle of what it is joined to, down and up.

    Keep the order that crosses least.
    """
    above, below = defaultdict(list), defaultdict(list)
    for chain in chains:
        for source, target in pairwise(chain):
            above[target].append(source)
            below[source].append(target)
    best = rows
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        rows = _sorted_rows(rows if downwards else rows[::-1], above if downwards else below)
        rows = rows if downwards else rows[::-1]
        # the earlier one if equal
        best = min(best, rows, key=lambda candidate: _crossings(candidate, below))
    return best


def _sorted_rows(
    rows: list[list[Hashable]], joined: dict[Hashable, list[Hashable]]
) -> list[list[Hashable]]:
    place: dict[Hashable, float] = {}
    done = []
    for row in rows:
        spread = {thing: (at + 0.5) / len(row) for at, thing in enumerate(row)}
        middle = {
            thing: np.mean([place[one] for one in joined[thing]] or [spread[thing]])
            for thing in row
        }
        done.append(sorted(row, key=lambda thing: middle[thing]))
        place |= {thing: (at + 0.5) / len(row) for at, thing in enumerate(done[-1])}
    return done


def _crossings(rows: list[list[Hashable]], below: dict[Hashable, list[Hashable]]) -> int:
    count = 0
    for upper, lower in pairwise(rows):
        place = {thing: at for at, thing in enumerate(lower)}
        ends = [sorted(place[target] for target in below[source]) for source in upper]
        count += sum(
            a > b
            for at, left in enumerate(ends)
            for right in ends[at + 1 :]
            for a in left
            for b in right
        )
    return count


def _columns(
    rows: list[list[Hashable]], chains: list[list[Hashable]], narrow: dict[Hashable, float]
) -> dict[Hashable, float]:
    """Shift each row towards what it is joined to, over and over, without changing its order."""
    joined = defaultdict(list)
    for chain in chains:
        for source, target in pairwise(chain):
            weight = 1.0 if len(chain) == 2 else 1.0 / _STRAIGHT
            joined[source].append((target, weight))
            joined[target].append((source, weight))
    offsets = [_offsets([narrow.get(thing, 1.0) for thing in row]) for row in rows]
    downwards = list(zip(rows, offsets, strict=True))
    column = {thing: at for row, away in downwards for thing, at in zip(row, away, strict=True)}
    down_and_up = [*downwards, *reversed(downwards)]
    for _ in range(_SWEEPS):
        for row, away in down_and_up:
            wanted = np.array([_pull(joined[thing], column, column[thing]) for thing in row])
            weights = np.array([sum(weight for _, weight in joined[thing]) or 1.0 for thing in row])
            column |= zip(row, (_increasing(wanted - away, weights) + away).tolist(), strict=True)
    left = min(column.values(), default=0.0)
    return {thing: round(at - left, 3) for thing, at in column.items()}


def _offsets(widths: list[float]) -> np.ndarray:
    """Places as close as widths allow, around 0."""
    middles: np.ndarray = np.cumsum(widths) - np.array(widths) / 2
    offsets: np.ndarray = middles - np.sum(widths) / 2
    return offsets


def _pull(joined: list[tuple[Hashable, float]], column: dict[Hashable, float], now: float) -> float:
    total = sum(weight for _, weight in joined)
    return sum(column[thing] * weight for thing, weight in joined) / total if total else now


def _increasing(wanted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The places closest to the wanted ones that never decrease.

    Neighbours in conflict meet at their mean.
    """
    groups: list[tuple[float, float, int]] = []  # mean, weight, how many
    for mean, weight in zip(wanted, weights, strict=True):
        count = 1
        while groups and groups[-1][0] > mean:
            other, heavy, many = groups.pop()
            mean = (other * heavy + mean * weight) / (heavy + weight)
            weight, count = weight + heavy, count + many
        groups.append((mean, weight, count))
    return np.concatenate([np.full(count, mean) for mean, _, count in groups])
