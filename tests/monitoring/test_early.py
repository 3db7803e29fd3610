"""The three early clocks, unfunded tasks, and the two counters, on numbers known by heart."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.documents.actions import InstrumentContent, NewStep, enter_stage, owe_instrument
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.early import Awaited, ClockState, Early, lead_time, lead_times, spread
from thucthi.monitoring.selectors.early import early_page, early_rows
from thucthi.monitoring.selectors.early_money import unfunded
from thucthi.monitoring.selectors.two_counters import two_counters
from thucthi.programmes.actions import NewFunding, allocate_funding, start_task

RESOLVED = date(2025, 3, 1)
days = st.dates(date(2025, 3, 1), date(2027, 12, 31))
awaited = st.builds(Awaited, st.sampled_from(Early), st.integers(1, 4), st.booleans(), st.none() | days)


def test_running_is_not_zero_and_nothing_owed_is_not_applicable() -> None:
    waiting = Awaited(Early.PROJECT_STARTED, 1, False, None)
    assert lead_time(RESOLVED, [], AS_OF).state is ClockState.NOT_APPLICABLE
    assert lead_time(RESOLVED, [], AS_OF).days is None
    running = lead_time(RESOLVED, [waiting], AS_OF)
    assert (running.state, running.days, running.happened, running.owed) == (ClockState.RUNNING, 629, 0, 1)
    later = Awaited(Early.PROJECT_STARTED, 2, True, date(2026, 3, 1))
    first = Awaited(Early.PROJECT_STARTED, 3, True, date(2025, 4, 10))
    happened = lead_time(RESOLVED, [waiting, later, first], AS_OF)
    assert (happened.days, happened.on, happened.happened, happened.owed) == (40, date(2025, 4, 10), 2, 3)
    assert spread([waiting, later, first], Early.PROJECT_STARTED, AS_OF).owing == 3


@given(st.lists(awaited, max_size=15), days, st.integers(0, 300))
def test_clocks_stop_once_and_parts_make_the_whole(rows: list[Awaited], as_of: date, later: int) -> None:
    now, then = lead_times(RESOLVED, rows, as_of), lead_times(RESOLVED, rows, as_of + timedelta(days=later))
    central = lead_times(RESOLVED, [row for row in rows if not row.is_local], as_of)
    local = lead_times(RESOLVED, [row for row in rows if row.is_local], as_of)
    for early in Early:
        if now[early].state is ClockState.HAPPENED:
            assert (then[early].days, then[early].on) == (now[early].days, now[early].on)
        assert now[early].owed == central[early].owed + local[early].owed
        assert now[early].happened == central[early].happened + local[early].happened
        sides = [side[early].days for side in (central, local) if side[early].state is ClockState.HAPPENED]
        if sides:
            assert now[early].days == min(sides)
        found = spread(rows, early, as_of)
        assert found.owing <= now[early].owed
        assert (found.happened > 0) == (now[early].state is ClockState.HAPPENED)


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    state = made.state
    made.add("da-tw", state.science, date(2027, 6, 30), kind="du_an", money_vnd_million=Decimal(100))
    made.add("da-dp", state.province, date(2027, 6, 30), kind="du_an", money_vnd_million=Decimal(50))
    made.add(
        "viec-von", state.finance, date(2027, 6, 30), money_vnd_million=Decimal(10), start_on=AS_OF + timedelta(days=30)
    )
    made.add(
        "viec-xa", state.finance, date(2028, 6, 30), money_vnd_million=Decimal(10), start_on=AS_OF + timedelta(days=91)
    )
    for drafter in (state.science, state.finance):
        content = InstrumentContent("circular", f"Thông tư của {drafter.short_name}", drafter, deadline_raw="30/6/2026")
        owe_instrument(made.resolution, by=SYSTEM, content=content, on=AS_OF)
    first = made.resolution.owed_instruments.get(drafter=state.science)
    step = NewStep("issued", date(2026, 4, 10), "1/TT", "Chưa ghi các bước trước")
    enter_stage(first, by=SYSTEM, step=step, on=AS_OF)
    start_task(made.tasks["da-dp"], by=SYSTEM, started_on=date(2026, 2, 1), decision="QĐ 1", on=AS_OF)
    allocate_funding(made.tasks["da-tw"], by=SYSTEM, new=NewFunding(Decimal(40), date(2026, 3, 2), "QĐ 2"), on=AS_OF)
    allocate_funding(made.tasks["viec-von"], by=SYSTEM, new=NewFunding(Decimal(0), date(2026, 3, 2), "QĐ 3"), on=AS_OF)
    return made


def test_clocks_of_a_resolution(world: World) -> None:
    rows = {row.document.slug: row for row in early_rows(SYSTEM, AS_OF)}
    row = rows["1-nq-tw"]
    told = {early: (time.state.value, time.days, time.happened, time.owed) for early, time in row.whole.items()}
    assert told == {
        Early.INSTRUMENT_ISSUED: ("happened", 405, 1, 2),
        Early.INSTRUMENT_IN_FORCE: ("running", 629, 0, 2),
        Early.PROJECT_STARTED: ("happened", 337, 1, 2),
        Early.CAPITAL_ALLOCATED: ("happened", 366, 1, 4),
    }
    assert row.central[Early.PROJECT_STARTED].state is ClockState.RUNNING
    assert row.local[Early.INSTRUMENT_ISSUED].state is ClockState.NOT_APPLICABLE
    assert row.local[Early.CAPITAL_ALLOCATED].state is ClockState.RUNNING
    page = early_page(SYSTEM, world.resolution, AS_OF)
    assert [body.organisation.code for body in page.bodies] == ["bo-khoa-hoc", "bo-tai-chinh", "ubnd-an-binh"]
    assert (page.spreads[Early.CAPITAL_ALLOCATED].happened, page.spreads[Early.CAPITAL_ALLOCATED].owing) == (1, 3)
    earlier = {row.document.slug: row for row in early_rows(SYSTEM, date(2026, 1, 31))}
    assert earlier["1-nq-tw"].whole[Early.PROJECT_STARTED].state is ClockState.RUNNING


def test_unfunded_tasks_are_warned_of_early(world: World) -> None:
    found = unfunded(SYSTEM, AS_OF)
    assert [(row.task.code, row.warned.gap, row.warned.days) for row in found.rows] == [
        ("da-dp", Decimal(50), -319),
        ("da-tw", Decimal(60), -319),
        ("viec-von", Decimal(10), 30),
    ]
    assert found.looked_at == 3
    assert [row.money.allocated for row in found.rows] == [None, Decimal(40), Decimal(0)]
    assert len(unfunded(SYSTEM, AS_OF + timedelta(days=1)).rows) == 4


def test_two_counters_that_are_never_merged(world: World) -> None:
    state = world.state
    ids = [state.science.pk, state.finance.pk]
    found = {row.organisation.pk: row for row in two_counters(SYSTEM, span_of("2026"), AS_OF).rows}
    assert [(found[pk].issued, found[pk].delivered) for pk in ids] == [(1, 1), (0, 0)]
    before = {row.organisation.pk: row for row in two_counters(SYSTEM, span_of("2026"), date(2026, 4, 9)).rows}
    assert (before[state.science.pk].issued, before[state.science.pk].delivered) == (0, 0)
    codes = [row.organisation.code for row in two_counters(SYSTEM, span_of("2026"), AS_OF).rows]
    assert codes == ["bo-khoa-hoc", "bo-tai-chinh"]


def test_pages(world: World) -> None:
    client = Client()
    account = world.state.person(Role.REPORTER, world.state.finance)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    for address, said in (
        ("/lam-viec/ba-som/", "1-NQ/TW"),
        ("/lam-viec/ba-som/1-nq-tw/", "trên 2 cơ quan đã có"),
        ("/lam-viec/nguon-luc/chua-du-von/", "viec-von"),
        ("/lam-viec/van-ban-va-ket-qua/?ky=2026-Q2", "Bộ Khoa học"),
        ("/lam-viec/van-ban-va-ket-qua/?ky=1066-Q1", "Bộ Khoa học"),
        ("/lam-viec/nguon-luc/", "1-NQ/TW"),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert said in answer.content.decode(), address
