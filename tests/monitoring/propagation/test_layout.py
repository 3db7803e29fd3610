"""Where boxes and lines of the picture go."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from thucthi.monitoring.calculations.graph_layout import BOX_HEIGHT, BOX_WIDTH, pictured
from thucthi.programmes.calculations.graph import Edge, Node

nodes = st.integers(0, 12).map(lambda number: Node("task", number))
edges = st.lists(st.builds(Edge, nodes, nodes, st.sampled_from(["finish_start", "competes"])), max_size=30)


def downhill(offered: list[Edge]) -> list[Edge]:
    """Only edges from a smaller number to a larger one: no circle."""
    return [edge for edge in offered if edge.needed < edge.waiting]


@given(edges)
def test_what_waits_stands_to_the_right_and_no_two_boxes_meet(offered: list[Edge]) -> None:
    known, things = downhill(offered), [Node("task", number) for number in range(13)]
    picture = pictured(things, known, known[:1])
    assert set(picture.places) == set(things)
    assert all(picture.places[e.needed][0] + BOX_WIDTH < picture.places[e.waiting][0] for e in known if e.is_directed)
    corners = sorted(picture.places.values())
    for (x, y), (other_x, other_y) in pairwise(corners):
        assert x != other_x or other_y - y >= BOX_HEIGHT
    assert all(0 <= x <= picture.width - BOX_WIDTH and 0 <= y <= picture.height - BOX_HEIGHT for x, y in corners)
    assert picture == pictured(things, known, known[:1])


def test_lines_by_what_they_are() -> None:
    one, two, three = (Node("task", number) for number in range(3))
    calm, hot, rival = Edge(one, two, "finish_start"), Edge(two, three, "finish_start"), Edge(one, three, "competes")
    picture = pictured([one, two, three], [calm, hot, rival, Edge(one, Node("task", 9), "finish_start")], [hot])
    assert picture.lines == "M216 30C248 30 241 30 273 30"
    assert picture.heads == "M280 30l-8-4v8z"
    assert picture.pushing == "M488 30C520 30 513 30 545 30"
    assert picture.rivals == "M112 30L656 30"


def test_nothing_and_a_circle_are_drawn_too() -> None:
    assert pictured([], [], []).places == {}
    one, two = Node("task", 1), Node("task", 2)
    circle = [Edge(one, two, "finish_start"), Edge(two, one, "finish_start")]
    assert set(pictured([one, two], circle, []).places) == {one, two}
