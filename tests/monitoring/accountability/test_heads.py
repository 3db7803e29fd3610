"""What follows the head of a day: tasks handed on, extensions, obstacles on the desk, returned reports, four levels."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.monitoring.world import World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Leadership, Role
from thucthi.monitoring.calculations.dossier_file import DossierLevel
from thucthi.monitoring.calculations.heads import (
    LATE_REPORTS,
    OWED,
    DeskFact,
    Facts,
    ReportFact,
    count_of,
    days_of,
    led_spans,
    open_on,
    rows_by_share,
    stopped_spans,
)
from thucthi.monitoring.calculations.intervals import Interval
from thucthi.monitoring.calculations.tenures import Held, lateness, shares_of
from thucthi.monitoring.selectors.dossiers import dossier_of
from thucthi.monitoring.selectors.heads import HeadFacts, HeadsPage, heads_page
from thucthi.obstacles.models import Decision, Hop, Obstacle
from thucthi.programmes.actions import change_deadline, change_lead, suspend_task

WHOLE = Interval(date(2026, 4, 1), date(2026, 6, 30))
AS_OF = date(2026, 6, 30)
BASE = date(2026, 4, 1)
DAY = st.integers(0, 90).map(lambda n: BASE + timedelta(days=n))


@pytest.fixture
def world(kept: Kept[World]) -> World:
    world = kept(make_world)
    world.state.head_post(world.state.elsewhere)
    return world


def page(world: World, body: str = "elsewhere") -> HeadsPage:
    return heads_page(SYSTEM, getattr(world.state, body), WHOLE, AS_OF)


def one(world: World, body: str = "elsewhere") -> HeadFacts:
    (share,) = page(world, body).shares
    return share


def test_a_task_counts_only_while_the_body_led_it(world: World) -> None:
    world.state.head_post(world.state.finance)
    task = world.add("viec", world.state.finance, date(2026, 5, 10), deadline_raw="10/05/2026")
    change_lead(
        task,
        by=SYSTEM,
        new_lead=world.state.elsewhere,
        decision="4/QĐ",
        decided_on=date(2026, 5, 21),
        reason="x",
    )
    assert [row.days for row in one(world, "finance").of("task_overdue") if row.code == "viec"] == [10]
    assert [(row.days, row.on) for row in one(world).of("task_overdue")] == [(41, date(2026, 5, 21))]
    assert "viec" not in {
        row.code for row in heads_page(SYSTEM, world.state.finance, WHOLE, date(2026, 5, 1)).shares[0].rows
    }


def test_a_suspended_task_is_not_overdue(world: World) -> None:
    task = world.add("viec", world.state.elsewhere, date(2026, 5, 10))
    suspend_task(task, by=SYSTEM, on=date(2026, 5, 16), decision="3/QĐ", reason="Chờ mặt bằng")
    assert one(world).days("task_overdue") == 5


def test_extensions_belong_to_who_decided_and_to_who_received(world: World) -> None:
    world.state.head_post(world.state.government)
    task = world.add("viec", world.state.elsewhere, date(2026, 5, 10), deadline_raw="10/05/2026")
    change_deadline(
        task, by=SYSTEM, new_deadline="30/05/2026", decision="4/QĐ", decided_on=date(2026, 5, 5), reason="Chờ vốn"
    )
    assert [(row.days, row.text) for row in one(world, "government").of("extension_decided")] == [
        (20, "4/QĐ: 10/05/2026 → 30/05/2026")
    ]
    assert one(world).count("extension_decided") == 0
    assert (one(world).count("extension_received"), one(world).days("extension_received")) == (1, 20)


def test_returned_reports(world: World) -> None:
    task = world.add("viec", world.state.elsewhere, date(2026, 12, 31))
    world.decide(world.report(world.owe(task, date(2026, 5, 8)), date(2026, 5, 8), "10"), date(2026, 5, 11), None)
    assert [(row.on, row.text) for row in one(world).of("returned")] == [
        (date(2026, 5, 11), "2026-W19: Thiếu minh chứng")
    ]


def obstacle(world: World, code: str) -> Obstacle:
    return Obstacle.objects.create(
        code=code, task=world.tasks["nv-dung-han"], raised_by_organisation=world.state.science,
        raised_on=date(2026, 5, 4), cause="money", condition="Chưa có vốn", asked_of=world.state.elsewhere,
        asked_what="Bố trí vốn", due_on=date(2026, 6, 1),
    )  # fmt: skip


def hop(world: World, of: Obstacle, number: int, body: str, on: date) -> Hop:
    return Hop.objects.create(
        obstacle=of, number=number, rung="owner", organisation=getattr(world.state, body), started_on=on,
        due_on=on + timedelta(days=7),
    )  # fmt: skip


def test_an_obstacle_lies_on_one_desk_after_the_other(world: World) -> None:
    world.state.head_post(world.state.finance)
    climbing = obstacle(world, "leo")
    hop(world, climbing, 1, "elsewhere", date(2026, 5, 4))
    last = hop(world, climbing, 2, "finance", date(2026, 5, 14))
    Decision.objects.create(
        obstacle=climbing, hop=last, kind="grant", text="Bố trí", organisation=world.state.finance,
        decided_on=date(2026, 5, 20),
    )  # fmt: skip
    waiting = obstacle(world, "cho")
    assert [(row.code, row.days) for row in one(world).of("on_desk")] == [("cho", 57), ("leo", 10)]
    assert [(row.code, row.days) for row in one(world, "finance").of("on_desk")] == [("leo", 6)]
    waiting.steps.create(kind="answered", text="x", organisation=world.state.elsewhere, happened_on=date(2026, 5, 9))
    assert [(row.code, row.days) for row in one(world).of("on_desk")] == [("cho", 5), ("leo", 10)]


def test_a_dossier_has_four_levels(world: World) -> None:
    state = world.state
    Leadership.objects.create(leader=state.committee, led=state.government, valid_from=date(2025, 1, 1))
    state.head_post(state.government)
    found = dossier_of(SYSTEM, state.government, WHOLE, AS_OF)
    assert [(line.level, line.body) for line in found.lines] == [
        (DossierLevel.COMMITTEE, "Đảng ủy Chính phủ"),
        (DossierLevel.PERSON, "Đảng ủy Chính phủ"),
        (DossierLevel.AGENCY, "Chính phủ"),
        (DossierLevel.PERSON, "Chính phủ"),
    ]
    auditor = state.viewer(Role.AUDITOR, state.government)
    assert {line.body for line in dossier_of(auditor, state.government, WHOLE, AS_OF).lines} == {"Chính phủ"}


def test_a_page_asks_as_much_for_many_facts(world: World) -> None:
    world.add("viec", world.state.elsewhere, date(2026, 5, 10))
    with CaptureQueriesContext(connection) as few:
        page(world)
    for number in range(5):
        task = world.add(f"viec-{number}", world.state.elsewhere, date(2026, 5, 10))
        world.report(world.owe(task, date(2026, 5, 8)), date(2026, 5, 9), "10")
        obstacle(world, f"nghen-{number}")
    with CaptureQueriesContext(connection) as many:
        page(world)
    assert len(few) == len(many) <= 14


REPORTS = st.lists(st.tuples(DAY, st.none() | DAY).map(lambda pair: ReportFact("v", f"{pair[0]}", *pair)), max_size=8)


@given(REPORTS, st.lists(st.tuples(DAY, st.none() | DAY), max_size=5), DAY, DAY)
def test_nothing_is_lost_or_doubled_between_heads(
    reports: list[ReportFact], desks: list[tuple[date, date | None]], change: date, as_of: date
) -> None:
    facts = Facts(reports=tuple(reports), desks=tuple(DeskFact(f"d{n}", "", *desk) for n, desk in enumerate(desks)))
    whole = Interval(BASE, BASE + timedelta(days=120))
    undivided = rows_by_share(facts, shares_of([Held(1, BASE, None)], whole), as_of)
    divided = rows_by_share(
        facts, shares_of([Held(1, BASE, change), Held(2, change + timedelta(days=3), None)], whole), as_of
    )
    before, after = ([row for rows in found.values() for row in rows] for found in (undivided, divided))
    for kind in OWED:
        assert count_of(before, kind) == count_of(after, kind)
    assert days_of(before, *LATE_REPORTS) == days_of(after, *LATE_REPORTS)
    late = [lateness(row.deadline, row.answered_on, as_of) for row in reports]
    assert days_of(after, *LATE_REPORTS) == sum(span.days for span in late if span)


@given(REPORTS, DAY)
def test_what_is_open_is_due_and_not_answered(reports: list[ReportFact], day: date) -> None:
    found = {(row.text, row.days_late) for row in open_on(Facts(reports=tuple(reports)), day)}
    expected = [row for row in reports if row.deadline <= day and not (row.answered_on and row.answered_on <= day)]
    assert found == {(row.period, (day - row.deadline).days) for row in expected}


@given(st.lists(st.tuples(DAY, st.booleans()), max_size=6))
def test_a_task_has_one_lead_on_each_day(moves: list[tuple[date, bool]]) -> None:
    days = sorted({day for day, _ in moves})
    leads = ["a", *("b" if n % 2 == 0 else "a" for n in range(len(days)))]
    changes = [(day, leads[n], leads[n + 1]) for n, day in enumerate(days)]
    of_a, of_b = (
        led_spans(changes, issued_on=BASE, names=frozenset(name), leads_now=leads[-1] == name) for name in "ab"
    )
    for offset in range(95):
        day = BASE + timedelta(days=offset)
        holders = [name for name, spans in (("a", of_a), ("b", of_b)) if any(span.holds(day) for span in spans)]
        assert holders == [leads[sum(moved <= day for moved in days)]]


def test_stops_until_resumed_or_for_good() -> None:
    steps = [
        ("issued", BASE),
        ("suspended", date(2026, 4, 10)),
        ("resumed", date(2026, 4, 20)),
        ("cancelled", date(2026, 5, 1)),
    ]
    assert stopped_spans(steps) == (
        Interval(date(2026, 4, 10), date(2026, 4, 19)),
        Interval(date(2026, 5, 1), date.max),
    )
