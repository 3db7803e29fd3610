"""Whether the targets of parts reach the target of the whole."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.indicators.calculations.cascade import Part, Way, cascade
from thucthi.kernel.values import Direction

AMOUNTS = st.decimals(min_value=-1000, max_value=1000, places=2)
PARTS = st.lists(st.builds(Part, st.just("x"), st.none() | AMOUNTS, st.none() | st.integers(0, 9).map(Decimal)))
RISE, FALL, HOLD = Direction.RISE, Direction.FALL, Direction.HOLD


def parts(*amounts: object) -> list[Part]:
    return [Part(f"Tỉnh {n}", None if a is None else Decimal(str(a))) for n, a in enumerate(amounts, start=1)]


@pytest.mark.parametrize(
    ("amounts", "wanted", "direction", "found"),
    [
        ((1000, 870, None, None), 2000, RISE, (1870, 130, None, 2, 4)),
        ((1000, 870), 2000, RISE, (1870, 130, False, 2, 2)),
        ((1000, 1100, None), 2000, RISE, (2100, -100, True, 2, 3)),
        ((-5, 2100, None), 2000, RISE, (2095, -95, None, 2, 3)),
        ((1000, 870), 2000, FALL, (1870, -130, True, 2, 2)),
        ((1000, 870, None), 2000, FALL, (1870, -130, None, 2, 3)),
        ((1000, 1100, None), 2000, FALL, (2100, 100, False, 2, 3)),
        ((1000, 870), 2000, HOLD, (1870, 130, False, 2, 2)),
        ((0, 0), 10, RISE, (0, 10, False, 2, 2)),
        ((None, None), 10, RISE, (None, None, None, 0, 2)),
        ((), 10, RISE, (None, None, None, 0, 0)),
    ],
)
def test_a_sum_says_its_gap_its_coverage_and_no_more_than_it_knows(
    amounts: tuple[object, ...], wanted: int, direction: Direction, found: tuple[object, ...]
) -> None:
    said = cascade(parts(*amounts), Decimal(wanted), Way.SUM, direction)
    assert (said.reached, said.gap, said.is_kept, said.counted, said.expected) == found
    assert [part.name for part in said.missing] == [
        f"Tỉnh {n}" for n, amount in enumerate(amounts, start=1) if amount is None
    ]


def test_a_mean_is_weighed_and_a_part_without_weight_is_named() -> None:
    weighed = [Part("A", Decimal(60), Decimal(3)), Part("B", Decimal(90), Decimal(1)), Part("C", Decimal(10))]
    said = cascade(weighed, Decimal(70), Way.WEIGHTED_MEAN, RISE)
    assert (said.reached, said.gap, said.is_kept, said.counted) == (Decimal("67.5"), Decimal("2.5"), None, 2)
    assert [part.name for part in said.unweighted] == ["C"]
    plain = cascade(weighed[:2], Decimal(70), Way.MEAN, RISE)
    assert (plain.reached, plain.is_kept) == (75, True)
    nothing = cascade([Part("A", Decimal(60), Decimal(0))], Decimal(70), Way.WEIGHTED_MEAN, RISE)
    assert (nothing.reached, nothing.is_kept) == (None, None)


@pytest.mark.parametrize(
    ("amounts", "kept", "short"),
    [
        ((60, 75), True, []),
        ((60, 75, None), None, []),
        ((59, 75, None), False, ["Tỉnh 1"]),
        ((), None, []),
    ],
)
def test_a_floor_holds_for_every_part(amounts: tuple[object, ...], kept: bool | None, short: list[str]) -> None:
    said = cascade(parts(*amounts), Decimal(60), Way.FLOOR, RISE)
    assert (said.reached, said.is_kept, [part.name for part in said.short]) == (None, kept, short)


@settings(deadline=None)
@given(PARTS, AMOUNTS, st.sampled_from(list(Way)), st.sampled_from(list(Direction)), st.randoms())
def test_order_does_not_matter_and_everyone_is_accounted_for(
    some: list[Part], wanted: Decimal, way: Way, direction: Direction, random: object
) -> None:
    shuffled = some[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = cascade(some, wanted, way, direction), cascade(shuffled, wanted, way, direction)
    assert (one.is_kept, one.counted) == (other.is_kept, other.counted)
    if one.reached is not None:
        assert other.reached is not None
        assert abs(one.reached - other.reached) < Decimal("1e-20")
    assert one.counted + len(one.missing) + len(one.unweighted) == one.expected == len(some)


@settings(deadline=None)
@given(PARTS, AMOUNTS, st.sampled_from(list(Direction)))
def test_a_part_without_a_target_changes_no_sum(some: list[Part], wanted: Decimal, direction: Direction) -> None:
    one = cascade(some, wanted, Way.SUM, direction)
    other = cascade([*some, Part("mới", None)], wanted, Way.SUM, direction)
    assert (one.reached, one.gap) == (other.reached, other.gap)
    assert len(other.missing) == len(one.missing) + 1


@settings(deadline=None)
@given(PARTS, AMOUNTS)
def test_falling_is_the_mirror_of_rising(some: list[Part], wanted: Decimal) -> None:
    mirrored = [replace(part, amount=None if part.amount is None else -part.amount) for part in some]
    for way in (Way.MEAN, Way.WEIGHTED_MEAN, Way.FLOOR):
        one, other = cascade(some, wanted, way, RISE), cascade(mirrored, -wanted, way, FALL)
        assert (one.is_kept, one.gap, len(one.short)) == (other.is_kept, other.gap, len(other.short))
