"""Circles, orders and closures of the graph of dependencies, as laws."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from thucthi.programmes.calculations.graph import (
    COMPETES,
    Edge,
    Node,
    circle_closed_by,
    downstream,
    ordered,
    path_between,
    upstream,
)

nodes = st.builds(Node, st.sampled_from(["task", "instrument"]), st.integers(1, 6))
edges = st.builds(Edge, nodes, nodes, st.sampled_from(["finish_start", "needs_data", COMPETES]), st.integers(0, 5))


def task(number: int) -> Node:
    return Node("task", number)


def then(needed: int, waiting: int, kind: str = "finish_start") -> Edge:
    return Edge(task(needed), task(waiting), kind)


def accepted_one_by_one(offered: list[Edge]) -> list[Edge]:
    """What stands after each edge was offered and taken only when it closes no circle."""
    kept: list[Edge] = []
    for edge in offered:
        if edge.needed != edge.waiting and not circle_closed_by(kept, edge):
            kept.append(edge)
    return kept


@given(st.lists(edges, max_size=40))
def test_edges_taken_one_by_one_never_make_a_circle(offered: list[Edge]) -> None:
    kept = accepted_one_by_one(offered)
    order = ordered([], kept)
    assert order.circular == ()
    place = {node: at for at, node in enumerate(order.nodes)}
    assert all(place[edge.needed] < place[edge.waiting] for edge in kept if edge.is_directed)


@given(st.lists(edges, max_size=40), edges)
def test_the_circle_shown_is_a_real_way(offered: list[Edge], new: Edge) -> None:
    kept = accepted_one_by_one(offered)
    circle = circle_closed_by(kept, new)
    if not circle:
        return
    assert (circle[0], circle[-1]) == (new.waiting, new.needed)
    steps = {(edge.needed, edge.waiting) for edge in kept if edge.is_directed}
    assert all(step in steps for step in pairwise(circle))
    assert len(set(circle)) == len(circle)


@given(st.lists(edges, max_size=40), edges)
def test_an_edge_is_refused_exactly_when_it_would_close_a_circle(offered: list[Edge], new: Edge) -> None:
    kept = accepted_one_by_one(offered)
    if new.needed == new.waiting:
        return
    assert bool(ordered([], [*kept, new]).circular) == bool(circle_closed_by(kept, new))


@given(st.lists(edges, max_size=40), nodes, nodes)
def test_up_and_down_are_two_views_of_the_same(offered: list[Edge], one: Node, other: Node) -> None:
    kept = accepted_one_by_one(offered)
    assert (other in downstream(kept, [one])) == (one in upstream(kept, [other]))
    assert downstream(kept, [one]).get(other) == upstream(kept, [other]).get(one)


def test_the_shortest_way_is_shown() -> None:
    known = [then(1, 2), then(2, 3), then(3, 4), then(2, 4)]
    assert path_between(known, task(1), task(4)) == (task(1), task(2), task(4))
    assert circle_closed_by(known, then(4, 1)) == (task(1), task(2), task(4))
    assert path_between(known, task(4), task(1)) == ()


def test_who_competes_has_no_order_and_no_circle() -> None:
    known = [then(1, 2), then(2, 3, COMPETES)]
    assert circle_closed_by(known, then(3, 1, COMPETES)) == ()
    assert circle_closed_by(known, then(3, 1)) == ()
    assert downstream(known, [task(1)]) == {task(1): 0, task(2): 1}


def test_a_circle_in_old_data_is_named_and_the_rest_still_ordered() -> None:
    order = ordered([task(9)], [then(1, 2), then(2, 3), then(3, 2), then(3, 4)])
    assert (order.nodes, set(order.circular)) == ((task(9), task(1)), {task(2), task(3), task(4)})


def test_depth_ends_the_search() -> None:
    known = [then(1, 2), then(2, 3), then(3, 4)]
    assert downstream(known, [task(1)], 2) == {task(1): 0, task(2): 1, task(3): 2}
    assert upstream(known, [task(4)], 1) == {task(4): 0, task(3): 1}
