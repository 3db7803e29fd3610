"""What waits for what, as a graph: whether a new edge would close a circle, in which order things come.

A node is (kind, number): ("task", 3). An edge runs from what is needed to what waits. A pair that competes has no
direction: it orders nothing and closes no circle.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

COMPETES = "competes"


class Node(NamedTuple):
    """One thing that waits or is waited for: a task, an instrument, a target, an indicator."""

    kind: str
    number: int


class Edge(NamedTuple):
    """`waiting` waits for `needed`; `lag` in working days between the end of the one and the start of the other."""

    needed: Node
    waiting: Node
    kind: str
    lag: int = 0

    @property
    def is_directed(self) -> bool:
        return self.kind != COMPETES


class Order(NamedTuple):
    """`nodes` so that whatever is needed stands before what waits; `circular`: nodes in or behind a circle."""

    nodes: tuple[Node, ...]
    circular: tuple[Node, ...]


def waiting_on(edges: Iterable[Edge]) -> dict[Node, list[Edge]]:
    """The directed edges by what they need."""
    found: dict[Node, list[Edge]] = {}
    for edge in edges:
        if edge.is_directed:
            found.setdefault(edge.needed, []).append(edge)
    return found


def needed_by(edges: Iterable[Edge]) -> dict[Node, list[Edge]]:
    """The directed edges by what waits."""
    found: dict[Node, list[Edge]] = {}
    for edge in edges:
        if edge.is_directed:
            found.setdefault(edge.waiting, []).append(edge)
    return found


def path_between(edges: Iterable[Edge], start: Node, goal: Node) -> tuple[Node, ...]:
    """The shortest way from `start` to `goal` along the edges, both included; empty when there is none."""
    onward = waiting_on(edges)
    came_from: dict[Node, Node | None] = {start: None}
    queue = deque([start])
    while queue and goal not in came_from:
        node = queue.popleft()
        for edge in onward.get(node, ()):
            if edge.waiting not in came_from:
                came_from[edge.waiting] = node
                queue.append(edge.waiting)
    return _walked(came_from, goal) if goal in came_from else ()


def _walked(came_from: Mapping[Node, Node | None], goal: Node) -> tuple[Node, ...]:
    way: list[Node] = []
    node: Node | None = goal
    while node is not None:
        way.append(node)
        node = came_from[node]
    return tuple(reversed(way))


def circle_closed_by(edges: Iterable[Edge], new: Edge) -> tuple[Node, ...]:
    """The shortest circle that `new` would close: from what waits, along the edges, to what it needs; else empty.

    The circle is closed by the new edge itself, from the last node back to the first.
    """
    if not new.is_directed:
        return ()
    return path_between(edges, new.waiting, new.needed)


def ordered(nodes: Iterable[Node], edges: Collection[Edge]) -> Order:
    """Topological order, the same for the same input; what stands in or behind a circle is named apart."""
    onward = waiting_on(edges)
    waits = dict.fromkeys(nodes, 0)
    for edge in edges:
        if edge.is_directed:
            waits.setdefault(edge.needed, 0)
            waits[edge.waiting] = waits.get(edge.waiting, 0) + 1
    ready = deque(node for node, count in waits.items() if count == 0)
    done: list[Node] = []
    while ready:
        node = ready.popleft()
        done.append(node)
        for edge in onward.get(node, ()):
            waits[edge.waiting] -= 1
            if waits[edge.waiting] == 0:
                ready.append(edge.waiting)
    return Order(tuple(done), tuple(node for node, count in waits.items() if count > 0))


def downstream(edges: Iterable[Edge], starts: Iterable[Node], depth: int | None = None) -> dict[Node, int]:
    """Everything that waits for `starts`, directly or not, with the number of steps; `starts` themselves are 0."""
    return _reached(waiting_on(edges), lambda edge: edge.waiting, starts, depth)


def upstream(edges: Iterable[Edge], starts: Iterable[Node], depth: int | None = None) -> dict[Node, int]:
    """Everything that `starts` wait for, directly or not, with the number of steps."""
    return _reached(needed_by(edges), lambda edge: edge.needed, starts, depth)


def _reached(
    by_node: Mapping[Node, list[Edge]], far_end: Callable[[Edge], Node], starts: Iterable[Node], depth: int | None
) -> dict[Node, int]:
    steps = dict.fromkeys(starts, 0)
    queue = deque(steps)
    while queue:
        node = queue.popleft()
        if depth is not None and steps[node] >= depth:
            continue
        for edge in by_node.get(node, ()):
            far = far_end(edge)
            if far not in steps:
                steps[far] = steps[node] + 1
                queue.append(far)
    return steps
