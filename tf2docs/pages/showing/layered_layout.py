"""Place the boxes of a diagram in layers, so that its edges run one way and cross little.

The method is Sugiyama's: edges that close a circle are turned round; each box takes the layer
behind the longest way to it; an edge that passes a layer gets a bend there; each layer is sorted by
where its neighbours are; at last everything moves as near to its neighbours as the gaps allow.
*Across* runs along a layer, *deep* from layer to layer; what is right and what is down is left to
whoever draws.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

Size = tuple[float, float]
"""How far something reaches across and deep."""

_BETWEEN_BOXES, _BESIDE_BENDS, _BETWEEN_LAYERS, _BESIDE_LABELS = 24.0, 16.0, 40.0, 26.0
_SWEEPS, _LONG_WAY = 24, 0.001


@dataclass(eq=False)
class Cell:
    """A box, a label, or a bend of an edge.

    Its size, its layer, its middle across, and where its layer lies deep.

    The bends of an edge that passes boxes weigh little: they make way, so that the others run
    straight.
    """

    size: Size
    layer: int
    box: bool = False
    weight: float = 1.0
    across: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True)
class Route:
    """The cells that an edge runs through, layer by layer.

    `turned` where that is against its arrow.
    """

    cells: list[Cell]
    label: Cell | None
    turned: bool


@dataclass(frozen=True)
class Layout:
    """Where everything is.

    The boxes by name, the edges in the order they were given, and how much room they take.
    """

    boxes: dict[str, Cell]
    routes: list[Route]
    size: Size


def lay_out(sizes: dict[str, Size], edges: Sequence[tuple[str, str, Size | None]]) -> Layout:
    """Place boxes and edges.

    Args:
        sizes: The boxes by name.
        edges: From which box to which, and the size of the label if there is one.
    """
    turned = _closing_circles(sizes, edges)
    ways = [
        (end, start) if place in turned else (start, end)
        for place, (start, end, _) in enumerate(edges)
    ]
    boxes = {
        name: Cell(sizes[name], 2 * rank, box=True) for name, rank in _ranks(sizes, ways).items()
    }
    labelled = _layers_of_labels(boxes, ways, edges)
    routes = [
        _route(boxes[start], boxes[end], labelled, place, edges[place][2], place in turned)
        for place, (start, end) in enumerate(ways)
    ]
    layers = _in_layers(
        [*boxes.values(), *(cell for route in routes for cell in route.cells[1:-1])]
    )
    neighbours = _Neighbours(routes)
    layers = _sorted_layers(layers, neighbours)
    _spread_across(layers, neighbours)
    return Layout(boxes, routes, (_shift_to_zero(layers), _stack(layers)))


def _closing_circles(
    names: Iterable[str], edges: Sequence[tuple[str, str, Size | None]]
) -> set[int]:
    """The edges that lead back to where a walk along the others came from."""
    closing: set[int] = set()
    state: dict[str, str] = {}

    def walk(name: str) -> None:
        state[name] = "on the way"
        for place, (start, end, _) in enumerate(edges):
            if start == name and state.get(end) == "on the way":
                closing.add(place)
            elif start == name and end not in state:
                walk(end)
        state[name] = "done"

    for name in names:
        if name not in state:
            walk(name)
    return closing


def _ranks(names: Iterable[str], ways: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How many edges the longest way to each box has."""
    ranks = dict.fromkeys(names, 0)
    for _ in ranks:  # no way is longer
        for start, end in ways:
            ranks[end] = max(ranks[end], ranks[start] + 1)
    return ranks


def _layers_of_labels(
    boxes: dict[str, Cell], ways: Sequence[tuple[str, str]], edges: Sequence[Any]
) -> dict[int, int]:
    """By edge, the layer halfway that holds its label.

    Two edges between the same boxes part there too.
    """
    pairs, found = [frozenset(way) for way in ways], {}
    for place, (start, end) in enumerate(ways):
        if edges[place][2] or pairs.count(pairs[place]) > 1:
            ranks = (boxes[end].layer - boxes[start].layer) // 2
            found[place] = boxes[start].layer + (ranks - 1) // 2 * 2 + 1
    return found


def _route(
    start: Cell, end: Cell, labelled: dict[int, int], place: int, label: Size | None, turned: bool
) -> Route:
    cells, own = [start], None
    weight = 1.0 if end.layer - start.layer == 2 else _LONG_WAY
    for layer in range(start.layer + 1, end.layer):
        if layer % 2 == 0 or layer in labelled.values():
            here = label if labelled.get(place) == layer else None
            cells.append(Cell(here or (0.0, 0.0), layer, weight=weight))
            own = cells[-1] if here else own
    return Route([*cells, end], own, turned)


def _in_layers(cells: list[Cell]) -> list[list[Cell]]:
    present = sorted({cell.layer for cell in cells})
    for cell in cells:
        cell.layer = present.index(cell.layer)
    return [[cell for cell in cells if cell.layer == layer] for layer in range(len(present))]


class _Neighbours:
    """The cells that each cell is joined to, in the layer above it and in the layer below."""

    def __init__(self, routes: list[Route]) -> None:
        self.links = [pair for route in routes for pair in pairwise(route.cells)]

    def of(self, cell: Cell, *, above: bool = False, below: bool = False) -> list[Cell]:
        return [one for one, other in self.links if above and other is cell] + [
            other for one, other in self.links if below and one is cell
        ]

    def crossings(self, layers: list[list[Cell]]) -> int:
        at = {id(cell): place for layer in layers for place, cell in enumerate(layer)}
        spans = [(one.layer, at[id(one)], at[id(other)]) for one, other in self.links]
        return (
            sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a in spans for b in spans)
            // 2
        )


def _sorted_layers(layers: list[list[Cell]], neighbours: _Neighbours) -> list[list[Cell]]:
    """Sort each layer by the mean place of its neighbours.

    Down and up again; the order that crosses least is kept.
    """
    best, fewest = layers, neighbours.crossings(layers)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        layers = [list(layer) for layer in layers]
        at = {id(cell): place for layer in layers for place, cell in enumerate(layer)}
        for layer in layers if down else layers[::-1]:
            wishes = {}
            for cell in layer:
                near = neighbours.of(cell, above=down, below=not down)
                wishes[id(cell)] = (
                    sum(at[id(one)] for one in near) / len(near) if near else at[id(cell)]
                )
            layer.sort(key=lambda cell: wishes[id(cell)])
            at |= {id(cell): place for place, cell in enumerate(layer)}
        if (found := neighbours.crossings(layers)) < fewest:
            best, fewest = layers, found
    return best


def _spread_across(layers: list[list[Cell]], neighbours: _Neighbours) -> None:
    """Move every cell towards its neighbours, those above it and those below it in turn."""
    for layer in layers:
        _settle(layer, [0.0] * len(layer))
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 1
        for layer in layers if down else layers[::-1]:
            _settle(
                layer,
                [_wish(cell, neighbours.of(cell, above=down, below=not down)) for cell in layer],
            )
    for layer in layers[::-1]:  # bends run up to the box that comes next, boxes stay
        _settle(
            layer,
            [
                cell.across if cell.box else _wish(cell, neighbours.of(cell, below=True))
                for cell in layer
            ],
        )


def _wish(cell: Cell, near: list[Cell]) -> float:
    weight = sum(one.weight for one in near)
    return sum(one.across * one.weight for one in near) / weight if near else cell.across


def _settle(layer: list[Cell], wishes: list[float]) -> None:
    """Take the places nearest to the wishes that keep order and gaps.

    Cells that want the same place share it.
    """
    offsets = list(accumulate((_gap(*pair) for pair in pairwise(layer)), initial=0.0))
    groups: list[tuple[float, float, int]] = []  # sum of weighted wishes, weight, and count
    for cell, wish, offset in zip(layer, wishes, offsets, strict=True):
        total, weight, count = (wish - offset) * cell.weight, cell.weight, 1
        while groups and groups[-1][0] / groups[-1][1] > total / weight:
            more, heavier, others = groups.pop()
            total, weight, count = total + more, weight + heavier, count + others
        groups.append((total, weight, count))
    means = [total / weight for total, weight, count in groups for _ in range(count)]
    for cell, mean, offset in zip(layer, means, offsets, strict=True):
        cell.across = mean + offset


def _gap(one: Cell, other: Cell) -> float:
    """The least distance between the middles of two neighbours in a layer."""
    return (one.size[0] + other.size[0]) / 2 + (
        _BETWEEN_BOXES if one.box and other.box else _BESIDE_BENDS
    )


def _shift_to_zero(layers: list[list[Cell]]) -> float:
    """Let the first cell begin at 0, and tell where the last one ends."""
    cells = [cell for layer in layers for cell in layer]
    least = min((cell.across - cell.size[0] / 2 for cell in cells), default=0.0)
    for cell in cells:
        cell.across -= least
    return max((cell.across + cell.size[0] / 2 for cell in cells), default=0.0)


def _stack(layers: list[list[Cell]]) -> float:
    """Lay the layers one behind the other, and tell where the last one ends.

    Each is as deep as its deepest cell.
    """
    bottom = 0.0
    for place, layer in enumerate(layers):
        if place:
            of_boxes = any(cell.box for cell in layer) and any(
                cell.box for cell in layers[place - 1]
            )
            bottom += _BETWEEN_LAYERS if of_boxes else _BESIDE_LABELS
        top, bottom = bottom, bottom + max(cell.size[1] for cell in layer)
        for cell in layer:
            cell.top, cell.bottom = top, bottom
    return bottom
