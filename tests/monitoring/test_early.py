"""The three early clocks, unfunded tasks, and the two counters, on numbers known by heart."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.kept_states import Kept
from tests.monitoring.accountability.bodies import commune_under
from tests.monitoring.world import AS_OF, World, document, make_world
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Level, Role
from thucthi.documents.actions import InstrumentContent, NewStep, enter_stage, owe_instrument
from thucthi.kernel.periods import span_of
from thucthi.monitoring.calculations.early import (
    Awaited,
    ClockState,
    Early,
    Waited,
    grouped,
    lead_time,
    lead_times,
    spread,
    spread_together,
    taken_together,
)
from thucthi.monitoring.selectors.early import EarlyRow, early_page, early_rows, resolutions_with_clocks
from thucthi.monitoring.selectors.early_money import lacking, running_by_facts, unfunded, unfunded_rows
from thucthi.monitoring.selectors.two_counters import two_counters
from thucthi.programmes.actions import NewFunding, allocate_funding, start_task
from thucthi.programmes.models import Task, TaskEventKind
from thucthi.programmes.selectors.resources import standing_fundings

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


def put_together(rows: list[Awaited], as_of: date) -> list[Waited]:
    """By kind and organisation; an organisation stands on the side of its first row."""
    sides: dict[int, bool] = {}
    found = []
    for (early, body), each in grouped(rows, lambda row: (row.early, row.organisation_id)).items():
        days = [row.happened_on for row in each if row.happened_on is not None and row.happened_on <= as_of]
        side = sides.setdefault(body, each[0].is_local)
        found.append(Waited(early, body, side, len(each), len(days), min(days, default=None)))
    return found


@given(st.lists(awaited, max_size=15), days)
def test_what_the_database_puts_together_says_the_same(rows: list[Awaited], as_of: date) -> None:
    waited = put_together(rows, as_of)
    assert taken_together(RESOLVED, waited, as_of) == lead_times(RESOLVED, rows, as_of)
    assert all(spread_together(waited, early) == spread(rows, early, as_of) for early in Early)


@pytest.fixture
def world(kept: Kept[World]) -> World:
    made = kept(make_world)
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


def clocks_of_all(as_of: date) -> list[EarlyRow]:
    return early_rows(SYSTEM, list(resolutions_with_clocks(SYSTEM, as_of)), as_of).value


def test_clocks_of_a_resolution(world: World) -> None:
    rows = {row.document.slug: row for row in clocks_of_all(AS_OF)}
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
    earlier = {row.document.slug: row for row in clocks_of_all(date(2026, 1, 31))}
    assert earlier["1-nq-tw"].whole[Early.PROJECT_STARTED].state is ClockState.RUNNING


def test_unfunded_tasks_are_warned_of_early(world: World) -> None:
    found = unfunded(SYSTEM, AS_OF)
    rows = unfunded_rows(SYSTEM, found.ids, AS_OF)
    assert [(row.task.code, row.warned.gap, row.warned.days) for row in rows] == [
        ("da-dp", Decimal(50), -319),
        ("da-tw", Decimal(60), -319),
        ("viec-von", Decimal(10), 30),
    ]
    assert found.looked_at == 3
    assert [row.money.allocated for row in rows] == [None, Decimal(40), Decimal(0)]
    assert len(unfunded(SYSTEM, AS_OF + timedelta(days=1)).ids) == 4


def test_today_the_engine_knows_what_the_facts_say(world: World) -> None:
    today = timezone.localdate()
    for number, kind in enumerate(("suspended", "cancelled", "superseded", "received", "resumed")):
        task = world.add(f"von-{number}", world.state.science, today, money_vnd_million=Decimal(5))
        if kind == "resumed":
            world.step(task, TaskEventKind.SUSPENDED, today - timedelta(days=2))
        world.step(task, TaskEventKind(kind), today - timedelta(days=1))
    done = world.add("von-xong", world.state.science, today, money_vnd_million=Decimal(5))
    report = world.report(world.owe(done, AS_OF), AS_OF, "100", claims_completion=True)
    world.decide(report, AS_OF, "100")
    by_facts = lacking(today, (), running_by_facts(SYSTEM, today))
    found = unfunded(SYSTEM, today)
    assert (found.looked_at, found.ids) == by_facts == lacking(today, (), None)
    codes = [row.task.code for row in unfunded_rows(SYSTEM, found.ids, today)]
    assert {code for code in codes if code.startswith("von-")} == {"von-3", "von-4"}


def awaited_by_hand(world: World) -> list[Awaited]:
    """Task by task, statement by statement; instruments are left to the test above."""
    found = []
    issued = Task.objects.filter(programme__bases=world.resolution, programme__issued_on__lte=AS_OF, is_issued=True)
    for task in issued.exclude(events__kind__in=("cancelled", "superseded")).select_related("lead"):
        is_local = task.lead.level != Level.CENTRAL
        if task.kind == "du_an":
            begun = task.events.filter(kind="started", happened_on__lte=AS_OF).first()
            found.append(Awaited(Early.PROJECT_STARTED, task.lead_id, is_local, begun and begun.happened_on))
        if task.money_vnd_million:
            given = [
                row.dated_on
                for row in standing_fundings(AS_OF).filter(task=task, kind="allocated")
                if row.amount_vnd_million
            ]
            found.append(Awaited(Early.CAPITAL_ALLOCATED, task.lead_id, is_local, min(given, default=None)))
    return found


def test_the_clocks_of_tasks_are_those_of_the_measure(world: World) -> None:
    state, leads = world.state, (world.state.science, world.state.province, world.state.commune)
    for number in range(12):
        about = {"kind": "du_an" if number % 2 else "nhiem_vu", "money_vnd_million": Decimal(number % 3 * 10)}
        task = world.add(f"dh-{number:02}", leads[number % 3], date(2027, 6, 30), **about)
        day = AS_OF - timedelta(days=10 * number - 20)
        if number % 2 and day <= AS_OF:
            start_task(task, by=SYSTEM, started_on=day, decision="QĐ 1", on=AS_OF)
        if number % 3 and day <= AS_OF:
            new = NewFunding(Decimal(number % 4), day, "QĐ 2")
            allocate_funding(task, by=SYSTEM, new=new, on=AS_OF)
            allocate_funding(task, by=SYSTEM, new=NewFunding(Decimal(1), AS_OF, "QĐ 3"), on=AS_OF)
        if number in {4, 9}:
            world.step(task, TaskEventKind.CANCELLED, AS_OF)
    rows, of_tasks = awaited_by_hand(world), (Early.PROJECT_STARTED, Early.CAPITAL_ALLOCATED)
    page, resolved_on = early_page(SYSTEM, world.resolution, AS_OF), world.resolution.issued_on
    (listed,) = early_rows(SYSTEM, [world.resolution], AS_OF).value
    assert listed == page.row
    local = [row for row in rows if row.is_local]
    for early in of_tasks:
        assert page.row.whole[early] == lead_times(resolved_on, rows, AS_OF)[early]
        assert page.row.local[early] == lead_times(resolved_on, local, AS_OF)[early]
        assert page.spreads[early] == spread(rows, early, AS_OF)
    for body in page.bodies[:]:
        own = [row for row in rows if row.organisation_id == body.organisation.pk]
        assert [body.clocks[early] for early in of_tasks] == [
            lead_times(resolved_on, own, AS_OF)[early] for early in of_tasks
        ]
    assert state.science.pk in {body.organisation.pk for body in page.bodies[:]}


def test_bodies_and_resolutions_are_paged_and_counted(world: World) -> None:
    for number in range(110):
        body = commune_under(world.state.province, f"xa-{number:03}", f"Xã {number:03}")
        world.add(f"xa-{number:03}", body, AS_OF, kind="du_an")
    for number in range(25):
        document(world.state, f"nq-{number:02}", number=f"1{number}")
    client = Client()
    account = world.state.person(Role.REPORTER, world.state.finance)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    of = len(early_page(SYSTEM, world.resolution, AS_OF).bodies)
    shown = [client.get(f"/lam-viec/ba-som/1-nq-tw/?trang={page}").content.decode() for page in (1, 3)]
    assert of > 110
    assert all(f"{of} cơ quan có việc phải làm" in page for page in shown)
    assert [page.count('<th scope="row"') for page in shown] == [50, of - 100]
    every = resolutions_with_clocks(SYSTEM, AS_OF).count() - 1  # one is secret
    shown = [client.get(f"/lam-viec/ba-som/?trang={page}").content.decode() for page in (1, 2)]
    assert all(f"{every} nghị quyết" in page for page in shown)
    assert [page.count('<th scope="rowgroup"') for page in shown] == [20, every - 20]


def test_unfunded_tasks_are_paged_and_counted(world: World) -> None:
    for number in range(120):
        world.add(f"thieu-{number:03}", world.state.finance, AS_OF, money_vnd_million=Decimal(5))
    client = Client()
    account = world.state.person(Role.REPORTER, world.state.finance)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    whole = unfunded(SYSTEM, timezone.localdate())
    assert len(whole.ids) > 120
    shown = [client.get(f"/lam-viec/nguon-luc/chua-du-von/?trang={page}").content.decode() for page in (1, 3)]
    assert all(f"{len(whole.ids)} trên {whole.looked_at} việc cần vốn" in page for page in shown)
    assert [page.count('<th scope="row"') for page in shown] == [50, len(whole.ids) - 100]


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
