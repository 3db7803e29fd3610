"""What is too much at once is taken in portions: in order, nothing twice, nothing left out."""

from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.portions import portions

weighed_items = st.lists(st.integers(0, 30)).map(lambda weights: list(enumerate(weights)))


def test_a_portion_ends_before_it_weighs_too_much_or_is_too_long() -> None:
    weighed = [("a", 4), ("b", 6), ("c", 1), ("d", 40), ("e", 0), ("f", 0), ("g", 0)]
    assert list(portions(weighed, 10)) == [["a", "b"], ["c"], ["d"], ["e", "f", "g"]]
    assert list(portions(weighed, 10, 2)) == [["a", "b"], ["c"], ["d"], ["e", "f"], ["g"]]
    assert list(portions([], 10)) == []


@given(weighed_items, st.integers(1, 40), st.integers(1, 5))
def test_each_stands_once_and_only_one_alone_is_too_heavy(
    weighed: list[tuple[int, int]], most: int, longest: int
) -> None:
    found, weights = list(portions(weighed, most, longest)), dict(weighed)
    assert [item for portion in found for item in portion] == [item for item, _ in weighed]
    for portion in found:
        assert 1 <= len(portion) <= longest
        assert len(portion) == 1 or sum(weights[item] for item in portion) <= most
