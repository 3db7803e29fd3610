"""Calendars per document and level: what is owed, until when, by whom; set and ended by the steering office."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.reporting.world import World
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import EventKind, Organisation, OrganisationEvent, Role, Succession
from thucthi.documents.models import Document
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.kernel.working_days import PeriodKind, is_working_day, period_containing
from thucthi.ledger.models import Entry
from thucthi.programmes.models import TaskChange, TaskEvent
from thucthi.reporting.actions import NewCalendar, create_obligations, end_calendar, set_calendar
from thucthi.reporting.calculations.calendars import CalendarRule, next_due_days, plan_of, plans_on
from thucthi.reporting.models import Obligation, ReportingCalendar

MONDAY = date(2026, 11, 16)
RULES = st.lists(
    st.builds(
        CalendarRule,
        st.integers(1, 9),
        st.integers(1, 3),
        st.sampled_from(["", "province", "commune"]),
        st.sampled_from(list(PeriodKind)),
        st.none(),
        st.integers(0, 3),
    ),
    max_size=6,
)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def rule(kind: str, **more: object) -> CalendarRule:
    values: dict[str, object] = {"pk": 1, "document_id": 1, "level": "", "kind": PeriodKind(kind)}
    return CalendarRule(**(values | more))


@given(st.sampled_from(["central", "province", "commune"]), RULES, DAYS)
def test_one_plan_per_rhythm_and_every_day_is_worked(level: str, rules: list[CalendarRule], on: date) -> None:
    plans = plans_on(level, rules, PeriodKind.WEEKLY, on)
    kinds = [plan.period.kind for plan in plans]
    assert len(kinds) == len(set(kinds))
    assert all(is_working_day(plan.due_on) and is_working_day(plan.last_day) for plan in plans)
    assert all(plan.period.start <= on <= plan.period.end and plan.due_on <= plan.last_day for plan in plans)
    applying = [row for row in rules if row.level in (level, "")]
    assert {plan.calendar_id for plan in plans} <= ({row.pk for row in applying} if applying else {None})


@given(DAYS, st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.DAILY]))
def test_next_due_days_rise_and_none_is_left_out(on: date, kind: PeriodKind) -> None:
    days = next_due_days(rule(kind.value), on, 4)
    assert list(days) == sorted(days)
    assert days[0] >= on
    assert [plan_of(rule(kind.value), day).due_on for day in days].count(days[1]) <= 2


def test_the_own_level_stands_before_every_level() -> None:
    rules = (rule("weekly"), rule("monthly", pk=2, level="commune"))
    assert [plan.period.kind.value for plan in plans_on("commune", rules, PeriodKind.WEEKLY, MONDAY)] == ["monthly"]
    assert [plan.period.kind.value for plan in plans_on("province", rules, PeriodKind.WEEKLY, MONDAY)] == ["weekly"]


def test_two_documents_that_ask_for_one_rhythm_ask_once_on_the_earlier_day() -> None:
    rules = (rule("monthly"), rule("monthly", pk=2, document_id=2, due_day=20), rule("yearly", pk=3, document_id=2))
    found = [
        (plan.period.key, plan.due_on, plan.calendar_id) for plan in plans_on("", rules, PeriodKind.WEEKLY, MONDAY)
    ]
    assert found == [("2026-11", date(2026, 11, 20), 2), ("2026", date(2026, 12, 24), 3)]


def test_a_line_set_after_the_due_day_asks_for_nothing_in_that_period() -> None:
    late = rule("monthly", valid_from=date(2026, 11, 26))
    assert plans_on("", [late], PeriodKind.WEEKLY, date(2026, 11, 27)) == ()
    assert plans_on("", [late], PeriodKind.WEEKLY, date(2026, 12, 1))[0].period.key == "2026-12"


def test_nobody_reports_daily_at_tet() -> None:
    daily = [rule("daily")]
    owed = [
        day
        for n in range(14)
        for day in [date(2026, 2, 12) + timedelta(n)]
        if plans_on("", daily, PeriodKind.WEEKLY, day)
    ]
    assert owed == [date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 23), date(2026, 2, 24), date(2026, 2, 25)]


NEW = NewCalendar(level="", rhythm="monthly", basis="126/QĐ-BCĐCP", valid_from=date(2026, 11, 1), grace_days=2)


def document() -> Document:
    return Document.objects.get(slug="nq-mau")


@pytest.fixture
def office(world: World) -> object:
    return world.state.viewer(Role.STEERING_OFFICE, world.state.science)


def test_a_calendar_takes_the_place_of_the_programmes_rhythm(world: World, office: object) -> None:
    line = set_calendar(document(), by=office, new=NEW)
    assert create_obligations(by=SYSTEM, on=MONDAY) == 4
    monthly = Obligation.objects.get(task=world.tasks["nv-tinh"])
    assert (monthly.period_kind, monthly.period_key, monthly.due_on, monthly.grace_until, monthly.calendar) == (
        "monthly", "2026-11", date(2026, 11, 23), date(2026, 11, 26), line,
    )  # fmt: skip
    # The programme on another document keeps its own rhythm.
    assert Obligation.objects.get(task=world.tasks["nv-mat"]).period_kind == "weekly"
    assert [create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=n)) for n in range(5)] == [0] * 5


def test_a_level_of_its_own(world: World, office: object) -> None:
    set_calendar(document(), by=office, new=NEW)
    set_calendar(document(), by=office, new=replace(NEW, level="commune", rhythm="weekly", grace_days=0, due_day=3))
    create_obligations(by=SYSTEM, on=MONDAY)
    rows = Obligation.objects.filter(task__programme=world.programme).order_by("task__code")
    assert list(rows.values_list("task__code", "period_key", "due_on")) == [
        ("nv-khoa", "2026-11", date(2026, 11, 23)),
        ("nv-tinh", "2026-11", date(2026, 11, 23)),
        ("nv-xa", "2026-W47", date(2026, 11, 18)),
    ]


def test_a_new_line_ends_the_old_one_the_day_before(world: World, office: object) -> None:
    first = set_calendar(document(), by=office, new=NEW)
    second = set_calendar(document(), by=office, new=replace(NEW, valid_from=date(2027, 1, 1), grace_days=0))
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (date(2026, 12, 31), None)
    assert list(Entry.objects.values_list("event", flat=True)) == ["calendar.set", "calendar.set"]
    end_calendar(second, by=office, last_day=date(2027, 3, 31))
    with pytest.raises(Refused):
        end_calendar(second, by=office, last_day=date(2027, 4, 1))
    assert Entry.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("rhythm", {"rhythm": "hourly"}),
        ("due_day", {"rhythm": "weekly", "due_day": 8}),
        ("due_day", {"rhythm": "daily", "due_day": 1}),
        ("grace_days", {"grace_days": 21}),
        ("level", {"level": "village"}),
        ("basis", {"basis": " "}),
    ],
)
def test_nonsense_is_refused_and_nothing_moves(
    world: World, office: object, field: str, change: dict[str, object]
) -> None:
    with pytest.raises(Refused) as refused:
        set_calendar(document(), by=office, new=replace(NEW, **change))
    assert [fault.field for fault in refused.value.faults] == [field]
    assert (ReportingCalendar.objects.count(), Entry.objects.count()) == (0, 0)


@pytest.mark.parametrize("role", [Role.HEAD, Role.APPROVER, Role.REPORTER, Role.VERIFIER, Role.PROGRAMME_EDITOR])
def test_only_the_steering_office_of_the_register_sets_it(world: World, role: Role) -> None:
    for by in (
        world.state.viewer(role, world.state.science),
        world.state.viewer(Role.STEERING_OFFICE, world.state.government),
    ):
        with pytest.raises(Forbidden):
            set_calendar(document(), by=by, new=NEW)
    assert ReportingCalendar.objects.count() == 0


def lead_changed(world: World, to: Organisation, on: date) -> None:
    task = world.tasks["nv-tinh"]
    TaskChange.objects.create(
        task=task, field="lead", old_value=task.lead.official_name, new_value=to.official_name, decision="1/QĐ",
        decided_on=on, reason="mẫu",
    )  # fmt: skip
    task.lead = to
    task.save(update_fields=["lead"])


def test_an_obligation_stays_with_whoever_led_then(world: World) -> None:
    create_obligations(by=SYSTEM, on=MONDAY)
    lead_changed(world, world.state.elsewhere, MONDAY + timedelta(days=2))
    assert create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=3)) == 0
    assert Obligation.objects.get(task=world.tasks["nv-tinh"]).organisation == world.state.province
    create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=7))
    owners = Obligation.objects.filter(task=world.tasks["nv-tinh"]).order_by("period_start")
    assert [row.organisation for row in owners] == [world.state.province, world.state.elsewhere]


def test_made_good_later_it_still_belongs_to_the_lead_of_that_day(world: World) -> None:
    lead_changed(world, world.state.elsewhere, MONDAY + timedelta(days=9))
    create_obligations(by=SYSTEM, on=MONDAY)
    assert Obligation.objects.get(task=world.tasks["nv-tinh"]).organisation == world.state.province


def test_a_body_merged_in_mid_period_keeps_its_obligation(world: World) -> None:
    create_obligations(by=SYSTEM, on=MONDAY)
    event = OrganisationEvent.objects.create(
        code="hop-nhat", kind=EventKind.MERGE, effective_on=MONDAY + timedelta(days=2), legal_basis="1/NQ"
    )
    Succession.objects.create(event=event, predecessor=world.state.province, successor=world.state.elsewhere)
    world.state.province.valid_to = MONDAY + timedelta(days=1)
    world.state.province.save(update_fields=["valid_to"])
    assert create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=3)) == 0
    assert Obligation.objects.get(task=world.tasks["nv-tinh"]).organisation == world.state.province
    create_obligations(by=SYSTEM, on=MONDAY + timedelta(days=7))
    newest = Obligation.objects.filter(task=world.tasks["nv-tinh"]).latest("period_start")
    assert newest.organisation == world.state.elsewhere


def test_issued_after_the_due_day_nothing_is_owed_for_that_period(world: World) -> None:
    task = world.task("nv-moi", world.state.finance)
    saturday = MONDAY + timedelta(days=5)
    assert TaskEvent.objects.filter(task=task).count() == 1
    made = create_obligations(by=SYSTEM, on=MONDAY)
    assert made == 5
    late = world.programme.tasks.create(
        code="nv-muon", lead=world.state.finance, text="Việc mẫu", is_issued=True, search_text=""
    )
    TaskEvent.objects.create(task=late, kind="issued", happened_on=saturday)
    assert create_obligations(by=SYSTEM, on=saturday) == 0
    assert create_obligations(by=SYSTEM, on=saturday + timedelta(days=2)) == 6


@pytest.mark.parametrize(
    ("on", "key", "due"),
    [
        (date(2027, 1, 1), "2026-W53", date(2026, 12, 31)),
        (date(2026, 2, 17), "2026-W08", date(2026, 2, 23)),
        (date(2026, 8, 22), "2026-W34", date(2026, 8, 21)),
    ],
)
def test_the_clock_at_new_year_at_tet_and_on_a_make_up_saturday(world: World, on: date, key: str, due: date) -> None:
    assert create_obligations(by=SYSTEM, on=on) == 4
    assert set(Obligation.objects.values_list("period_key", "due_on")) == {(key, due)}
    assert period_containing(on, PeriodKind.WEEKLY).key == key
