"""Where the things of a graph stand on a page: layers from what is needed to what waits, few crossings, few letters.

A thing stands one layer to the right of the last thing it waits for; within a layer things are put near the middle of
their neighbours, a few times over. The same graph gives the same picture.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from thucthi.programmes.calculations.graph import Edge, Node, ordered

BOX_WIDTH, BOX_HEIGHT, GAP_ACROSS, GAP_DOWN, MARGIN = 208, 44, 64, 12, 8
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """`places`: left upper corners of the boxes. The lines are the words of SVG paths, "" for none.

    `lines` and `heads` of ties, `pushing` and `pushing_heads` of those that move a date, `rivals` of competing pairs.
    """

    width: int
    height: int
    places: dict[Node, tuple[int, int]]
    lines: str
    heads: str
    pushing: str
    pushing_heads: str
    rivals: str


def pictured(nodes: Sequence[Node], edges: Collection[Edge], pushing: Collection[Edge]) -> Picture:
    """`nodes` in the order in which they stand when nothing else decides; edges to others are left out."""
    drawn = frozenset(nodes)
    known = [edge for edge in edges if edge.needed in drawn and edge.waiting in drawn]
    layers = _layers(nodes, known)
    _untangle(layers, known)
    places = {
        node: (MARGIN + across * (BOX_WIDTH + GAP_ACROSS), MARGIN + down * (BOX_HEIGHT + GAP_DOWN))
        for across, layer in enumerate(layers)
        for down, node in enumerate(layer)
    }
    hot = frozenset(pushing)
    directed = [edge for edge in known if edge.is_directed]
    pushed, calm = [edge for edge in directed if edge in hot], [edge for edge in directed if edge not in hot]
    return Picture(
        width=2 * MARGIN + max(len(layers), 1) * (BOX_WIDTH + GAP_ACROSS) - GAP_ACROSS,
        height=2 * MARGIN + max((len(layer) for layer in layers), default=1) * (BOX_HEIGHT + GAP_DOWN) - GAP_DOWN,
        places=places,
        lines="".join(_line(places, edge) for edge in calm),
        heads="".join(_head(places, edge) for edge in calm),
        pushing="".join(_line(places, edge) for edge in pushed),
        pushing_heads="".join(_head(places, edge) for edge in pushed),
        rivals="".join(_rival(places, edge) for edge in known if not edge.is_directed),
    )


def _layers(nodes: Sequence[Node], edges: Collection[Edge]) -> list[list[Node]]:
    order = ordered(nodes, edges)
    level = dict.fromkeys(nodes, 0)
    behind: dict[Node, list[Node]] = {}
    for edge in edges:
        if edge.is_directed:
            behind.setdefault(edge.needed, []).append(edge.waiting)
    for node in order.nodes:
        for waiting in behind.get(node, ()):
            level[waiting] = max(level[waiting], level[node] + 1)
    layers: list[list[Node]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for node in nodes:
        layers[level[node]].append(node)
    return layers


def _untangle(layers: list[list[Node]], edges: Collection[Edge]) -> None:
    """Sorts each layer by the middle of its neighbours to the left, then to the right, in turn."""
    left: dict[Node, list[Node]] = {}
    right: dict[Node, list[Node]] = {}
    for edge in edges:
        left.setdefault(edge.waiting, []).append(edge.needed)
        right.setdefault(edge.needed, []).append(edge.waiting)
    for sweep in range(SWEEPS):
        beside, turn = (left, layers) if sweep % 2 == 0 else (right, layers[::-1])
        place = {node: at / max(len(layer) - 1, 1) for layer in layers for at, node in enumerate(layer)}
        for layer in turn:
            layer.sort(key=lambda node: _middle(node, beside, place))
            place |= {node: at / max(len(layer) - 1, 1) for at, node in enumerate(layer)}


def _middle(node: Node, beside: Mapping[Node, list[Node]], place: Mapping[Node, float]) -> float:
    neighbours = beside.get(node, ())
    return sum(place[other] for other in neighbours) / len(neighbours) if neighbours else place[node]


def _line(places: Mapping[Node, tuple[int, int]], edge: Edge) -> str:
    (left, top), (right, bottom) = places[edge.needed], places[edge.waiting]
    x, y, end, low = left + BOX_WIDTH, top + BOX_HEIGHT // 2, right - 7, bottom + BOX_HEIGHT // 2
    return f"M{x} {y}C{x + 32} {y} {end - 32} {low} {end} {low}"


def _head(places: Mapping[Node, tuple[int, int]], edge: Edge) -> str:
    x, y = places[edge.waiting]
    return f"M{x} {y + BOX_HEIGHT // 2}l-8-4v8z"


def _rival(places: Mapping[Node, tuple[int, int]], edge: Edge) -> str:
    (left, top), (right, bottom) = places[edge.needed], places[edge.waiting]
    half_across, half_down = BOX_WIDTH // 2, BOX_HEIGHT // 2
    return f"M{left + half_across} {top + half_down}L{right + half_across} {bottom + half_down}"
