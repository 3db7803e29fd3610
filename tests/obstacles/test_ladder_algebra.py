"""The ladder as an algebra: which rungs there are, who is next, until when; late is the same as nightly."""

import itertools
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.working_days import add_working_days, working_days_between
from thucthi.obstacles.calculations.ladder import (
    RUNGS,
    Chain,
    Desk,
    Event,
    Missing,
    Rung,
    Subject,
    climb,
    default_clock,
    expires_on,
    first_desk,
    next_desk,
    places_of,
)
from thucthi.obstacles.calculations.ladder_tree import Clock, LadderTree, Parenthood, clock_on

MONDAY = date(2026, 11, 2)
ROOT, MIDDLE, ASKED, COMMITTEE = 1, 2, 3, 9
FULL = Chain((ROOT, MIDDLE, ASKED), COMMITTEE)


def days(_rung: Rung, _day: date) -> int:
    return 3


def climbed(
    chain: Chain, on: date, desks: list[Desk] | None = None, events: tuple[Event, ...] = (), **more: date
) -> list[Desk]:
    return climb(Subject(MONDAY, **more), desks or [], events, chain_on=lambda _day: chain, clock_on=days, on=on)


def test_four_rungs_in_silence_with_their_own_days() -> None:
    found = climbed(FULL, date(2026, 12, 31))
    assert [(desk.rung, desk.organisation_id, desk.started_on, desk.due_on) for desk in found] == [
        (Rung.OWNER, ASKED, date(2026, 11, 2), date(2026, 11, 5)),
        (Rung.SUPERIOR, MIDDLE, date(2026, 11, 6), date(2026, 11, 10)),
        (Rung.NEXT, ROOT, date(2026, 11, 11), date(2026, 11, 13)),
        (Rung.COMMITTEE, COMMITTEE, date(2026, 11, 14), date(2026, 11, 18)),
    ]


def test_on_its_last_day_a_desk_still_holds_it() -> None:
    assert len(climbed(FULL, date(2026, 11, 5))) == 1
    assert len(climbed(FULL, date(2026, 11, 6))) == 2


def test_a_day_agreed_with_the_asked_body_is_its_clock() -> None:
    found = climbed(FULL, date(2026, 12, 4), first_due_on=date(2026, 12, 1))
    assert [(desk.rung, desk.due_on) for desk in found] == [
        (Rung.OWNER, date(2026, 12, 1)),
        (Rung.SUPERIOR, date(2026, 12, 4)),
    ]


@pytest.mark.parametrize(
    ("chain", "bodies", "missing"),
    [
        (Chain((ROOT,), COMMITTEE), (ROOT, None, None, COMMITTEE), (None, Missing.NO_BODY, Missing.NO_BODY, None)),
        (Chain((ROOT, ASKED)), (ASKED, ROOT, None, None), (None, None, Missing.NO_BODY, Missing.NO_COMMITTEE)),
        (Chain((ROOT, MIDDLE, ASKED), ROOT), (ASKED, MIDDLE, None, ROOT), (None, None, Missing.SAME_BODY, None)),
        (Chain((ROOT, ASKED), ASKED), (ASKED, ROOT, None, None), (None, None, Missing.NO_BODY, Missing.SAME_BODY)),
        (
            Chain((ROOT, MIDDLE, ASKED), COMMITTEE, {MIDDLE: ROOT}),
            (ASKED, ROOT, None, COMMITTEE),
            (None, None, Missing.SAME_BODY, None),
        ),
        (
            Chain((ROOT, MIDDLE, ASKED), COMMITTEE, {ASKED: None, MIDDLE: 7}),
            (None, 7, ROOT, COMMITTEE),
            (Missing.NO_SUCCESSOR, None, None, None),
        ),
    ],
    ids=["a root", "no committee", "committee is the next", "committee is asked", "merged upwards", "nobody succeeded"],
)
def test_a_missing_rung_is_passed_over_with_its_reason(
    chain: Chain, bodies: tuple[int | None, ...], missing: tuple[Missing | None, ...]
) -> None:
    places = places_of(chain)
    assert tuple(place.rung for place in places) == RUNGS
    assert tuple(place.organisation_id for place in places) == bodies
    assert tuple(place.missing for place in places) == missing


def test_skipped_rungs_are_told_by_the_desk_after_them() -> None:
    first, second = climbed(Chain((ROOT,), COMMITTEE), date(2026, 11, 12))
    assert first.skipped == ()
    assert second.skipped == ((Rung.SUPERIOR, Missing.NO_BODY), (Rung.NEXT, Missing.NO_BODY))


def test_nobody_at_all_is_no_desk() -> None:
    nobody = Chain((ASKED,), None, {ASKED: None})
    assert first_desk(Subject(MONDAY), lambda _day: nobody, days) is None
    assert climbed(nobody, date(2026, 12, 31)) == []


def test_an_answer_in_time_stops_it_and_a_late_one_stops_the_desk_it_meets() -> None:
    in_time, late = (Event(date(2026, 11, 5), settles=True),), (Event(date(2026, 11, 9), settles=True),)
    assert [desk.rung for desk in climbed(FULL, date(2026, 12, 31), events=in_time)] == [Rung.OWNER]
    assert [desk.rung for desk in climbed(FULL, date(2026, 12, 31), events=late)] == [Rung.OWNER, Rung.SUPERIOR]


def test_an_answer_that_is_not_enough_gives_the_desk_its_clock_anew() -> None:
    desk = Desk(Rung.OWNER, ASKED, MONDAY, date(2026, 11, 5))
    events = (Event(date(2026, 11, 4), settles=True), Event(date(2026, 11, 11), settles=False))
    assert expires_on(desk, events[:1], 3) is None
    assert expires_on(desk, events, 3) == date(2026, 11, 16)
    assert expires_on(desk, (*events, Event(date(2026, 11, 16), settles=True)), 3) is None
    assert expires_on(desk, (*events, Event(date(2026, 11, 17), settles=True)), 3) == date(2026, 11, 16)


def test_the_clock_stands_still_over_tet() -> None:
    before_tet = date(2027, 2, 3)
    desk = next_desk(None, FULL, lambda _rung: 5, before_tet)
    assert desk is not None
    assert working_days_between(before_tet, desk.due_on) == 5
    assert desk.due_on == date(2027, 2, 17)


def test_clocks_by_cause_then_in_general_then_by_proposal() -> None:
    clocks = [
        Clock("", Rung.OWNER, 4, date(2026, 1, 1)),
        Clock("money", Rung.OWNER, 2, date(2026, 1, 1), date(2026, 6, 30)),
        Clock("money", Rung.OWNER, 3, date(2026, 7, 1)),
    ]
    day = date(2026, 11, 2)
    assert [clock_on(clocks, "money", Rung.OWNER, each) for each in (date(2025, 12, 31), date(2026, 6, 30), day)] == [
        default_clock("money", Rung.OWNER), 2, 3,
    ]  # fmt: skip
    assert clock_on(clocks, "land", Rung.OWNER, day) == 4
    assert clock_on(clocks, "land", Rung.NEXT, day) == default_clock("land", Rung.NEXT)


def test_the_tree_is_read_as_it_stood() -> None:
    tree = LadderTree(
        parents={1: None, 2: 1, 3: 2, 4: 1},
        placements={3: [Parenthood(4, None, date(2026, 6, 30)), Parenthood(2, date(2026, 7, 1))]},
        ended_on={2: date(2026, 11, 10)},
        heirs={2: [(date(2026, 11, 11), 4)]},
    )
    assert tree.lineage(3, date(2026, 6, 30)) == (1, 4, 3)
    assert tree.lineage(3, date(2026, 7, 1)) == (1, 2, 3)
    assert (tree.answering(2, date(2026, 11, 10)), tree.answering(2, date(2026, 11, 11))) == (2, 4)
    assert places_of(tree.chain(3, None, date(2026, 11, 11)))[1].organisation_id == 4
    assert LadderTree(parents={1: 2, 2: 1}).lineage(1, MONDAY) == (2, 1)


chains = st.builds(
    Chain,
    st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True).map(tuple),
    st.none() | st.integers(1, 8),
    st.dictionaries(st.integers(1, 8), st.none() | st.integers(10, 14), max_size=4),
)
clocks_by_rung = st.fixed_dictionaries({rung: st.integers(1, 12) for rung in Rung})
day_numbers = st.integers(0, 45)
stories = st.lists(st.tuples(day_numbers, st.booleans()), max_size=4).map(
    lambda told: tuple(Event(MONDAY + timedelta(days=day), settles) for day, settles in sorted(told))
)


def run(chain: Chain, clocks: Mapping[Rung, int], on: date, desks: list[Desk], events: tuple[Event, ...]) -> list[Desk]:
    known = tuple(event for event in events if event.on < on)
    return climb(
        Subject(MONDAY), desks, known, chain_on=lambda _day: chain, clock_on=lambda rung, _day: clocks[rung], on=on
    )


@given(chains, clocks_by_rung)
def test_it_only_rises_never_rests_twice_and_ends_at_the_committee(chain: Chain, clocks: Mapping[Rung, int]) -> None:
    desks = run(chain, clocks, MONDAY + timedelta(days=400), [], ())
    heights = [RUNGS.index(desk.rung) for desk in desks]
    assert heights == sorted(set(heights))
    assert len({desk.organisation_id for desk in desks}) == len(desks)
    assert all(before.due_on < after.started_on for before, after in itertools.pairwise(desks))
    committee = places_of(chain)[-1]
    if committee.organisation_id is not None:
        assert desks[-1].organisation_id == committee.organisation_id
    if chain.committee is None and desks:
        assert places_of(chain)[-1].missing == Missing.NO_COMMITTEE


@given(chains, clocks_by_rung, stories, day_numbers)
def test_late_gives_what_every_night_gives_and_twice_gives_nothing(
    chain: Chain, clocks: Mapping[Rung, int], events: tuple[Event, ...], last: int
) -> None:
    nightly: list[Desk] = []
    for day in range(last + 1):
        nightly += run(chain, clocks, MONDAY + timedelta(days=day), nightly, events)
    end = MONDAY + timedelta(days=last)
    late = run(chain, clocks, end, [], events)
    assert late == nightly
    assert run(chain, clocks, end, late, events) == []


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)), st.integers(1, 30))
def test_a_clock_counts_working_days_only(day: date, n: int) -> None:
    desk = next_desk(None, FULL, lambda _rung: n, day)
    assert desk is not None
    assert desk.due_on == add_working_days(day, n)
    assert working_days_between(day, desk.due_on) == n
