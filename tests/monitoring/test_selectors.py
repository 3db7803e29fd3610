"""The counts of a small state, the same however they are asked for, and blind to what came later."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, make_world
from thucthi.directory.models import EventKind, Organisation, OrganisationEvent, Succession
from thucthi.monitoring import selectors
from thucthi.monitoring.calculations import Ratio
from thucthi.monitoring.states import Reported, Schedule, Stage
from thucthi.programmes.models import ChangedField, Task, TaskChange

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def public_tasks() -> object:
    return Task.objects.filter(programme__code="ct")


def states(as_of: date = AS_OF) -> dict:
    return {row.code: row for row in selectors.task_states(public_tasks(), as_of)}


def test_states_of_the_small_state(world: World) -> None:
    rows = states()
    assert {code: (row.stage, row.schedule, row.reported) for code, row in rows.items()} == {
        "nv-dung-han": (Stage.IN_PROGRESS, Schedule.ON_TIME, Reported.REPORTED),
        "nv-sap-den": (Stage.RECEIVED, Schedule.DUE_SOON, Reported.NOT_REPORTED),
        "nv-qua-han": (Stage.IN_PROGRESS, Schedule.OVERDUE, Reported.NOT_REPORTED),
        "nv-xong-som": (Stage.DONE, Schedule.DONE_EARLY, Reported.NOT_OWED),
        "nv-xong-muon": (Stage.DONE, Schedule.DONE_LATE, Reported.NOT_OWED),
        "nv-thuong-xuyen": (Stage.ISSUED, Schedule.NO_DEADLINE, Reported.NOT_REPORTED),
        "nv-tam-dung": (Stage.SUSPENDED, Schedule.NO_DEADLINE, Reported.NOT_OWED),
        "nv-huy": (Stage.CANCELLED, Schedule.NO_DEADLINE, Reported.NOT_OWED),
    }
    assert list(rows) == sorted(rows)
    first = rows["nv-dung-han"]
    assert (first.declared, first.accepted, first.measured) == (Decimal(50), Decimal(35), Decimal(25))


def test_the_tally(world: World) -> None:
    counted = selectors.tally(states().values())
    assert (counted.total, counted.done, counted.overdue, counted.due_soon, counted.on_time) == (8, 2, 1, 1, 1)
    assert (counted.owed, counted.reported, counted.not_reported) == (4, 1, 3)
    assert counted.completion_rate == Ratio(2, 7)
    assert counted.on_time_rate == Ratio(1, 3)


def test_what_happened_later_does_not_count(world: World) -> None:
    rows = states(date(2026, 11, 1))
    assert rows["nv-xong-som"].stage is Stage.AWAITING_ACCEPTANCE
    assert rows["nv-xong-som"].schedule is Schedule.ON_TIME
    assert rows["nv-dung-han"].declared is None
    assert states(date(2026, 11, 9))["nv-dung-han"].accepted == Decimal(35)
    assert states(date(2026, 11, 8))["nv-dung-han"].accepted is None
    assert states(date(2026, 7, 31))["nv-huy"].stage is Stage.ISSUED
    assert states(date(2026, 1, 4))["nv-huy"].stage is Stage.DRAFT
    assert states(date(2026, 10, 19))["nv-dung-han"].measured == Decimal(5)
    assert states(date(2026, 4, 19))["nv-dung-han"].measured is None


def test_a_day_ends_at_midnight_where_the_site_is(world: World) -> None:
    obligation = world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF)
    zone = timezone.get_default_timezone()
    world.report(obligation, AS_OF, "10", moment=datetime(2026, 11, 20, 23, 59, tzinfo=zone))
    world.report(obligation, AS_OF, "11", moment=datetime(2026, 11, 21, 0, 0, tzinfo=zone))
    assert states()["nv-sap-den"].declared == Decimal(10)
    assert states(date(2026, 11, 21))["nv-sap-den"].declared == Decimal(11)


def test_a_deadline_moved_later_is_judged_by_the_day_it_was_moved(world: World) -> None:
    task = world.tasks["nv-qua-han"]
    first, second, third = date(2026, 9, 30), date(2026, 10, 31), date(2026, 12, 31)
    for old, new, decided in ((first, second, date(2026, 9, 20)), (second, third, AS_OF)):
        TaskChange.objects.create(
            task=task,
            field=ChangedField.DEADLINE,
            old_value=f"{old:%d/%m/%Y}",
            new_value=f"{new:%d/%m/%Y}",
            old_end=old,
            new_end=new,
            decision="3/QĐ",
            decided_on=decided,
            reason="Lý do mẫu",
        )
        Task.objects.filter(pk=task.pk).update(resolved_end=new, deadline_raw=f"{new:%d/%m/%Y}")
    assert states()["nv-qua-han"].due_on == date(2026, 12, 31)
    assert states(date(2026, 11, 19))["nv-qua-han"].due_on == date(2026, 10, 31)
    assert states(date(2026, 9, 19))["nv-qua-han"].due_on == date(2026, 9, 30)


def test_tallies_by_organisation_add_up(world: World) -> None:
    rows, tree = states().values(), selectors.lineages(AS_OF)
    subtree, own = selectors.tallies_by_organisation(rows, tree), selectors.tallies_by_lead(rows, tree)
    state = world.state
    assert {pk: each.total for pk, each in own.items()} == {
        state.science.pk: 2,
        state.finance.pk: 2,
        state.province.pk: 2,
        state.commune.pk: 2,
    }
    assert subtree[state.province.pk].total == 4
    assert subtree[state.government.pk] == selectors.tally(rows)
    assert state.elsewhere.pk not in subtree


def test_the_heir_answers_for_a_dissolved_lead(world: World) -> None:
    state = world.state
    event = OrganisationEvent.objects.create(
        code="sap-xep", kind=EventKind.MERGE, effective_on=date(2026, 11, 1), legal_basis="Nghị quyết mẫu"
    )
    Succession.objects.create(event=event, predecessor=state.finance, successor=state.science)
    Organisation.objects.filter(pk=state.finance.pk).update(valid_to=date(2026, 10, 31))
    own = selectors.tallies_by_lead(states().values(), selectors.lineages(AS_OF))
    assert own[state.science.pk].total == 4
    assert state.finance.pk not in own
    assert (
        selectors.tallies_by_lead(states().values(), selectors.lineages(date(2026, 10, 31)))[state.finance.pk].total
        == 2
    )


def test_tallies_by_document(world: World) -> None:
    assert selectors.tallies_by_document(states().values()) == {world.resolution.pk: selectors.tally(states().values())}


def test_discipline(world: World) -> None:
    found = selectors.discipline_by_organisation(
        selectors.owed_reports(public_tasks(), AS_OF), selectors.lineages(AS_OF)
    )
    province = [(each.period_key, each.on_time, each.late, each.missing) for each in found[world.state.province.pk]]
    assert province == [("2026-W41", 1, 0, 0), ("2026-W45", 0, 1, 1), ("2026-W46", 0, 1, 1), ("2026-W47", 0, 0, 2)]


def test_changes(world: World) -> None:
    moved = selectors.changes(public_tasks(), since=date(2026, 9, 30), until=AS_OF)
    assert moved.finished == ("nv-xong-muon", "nv-xong-som")
    assert moved.newly_late == ("nv-qua-han",)


@pytest.mark.parametrize("extra", [0, 40])
def test_eight_queries_however_many_tasks(world: World, extra: int, django_assert_num_queries) -> None:
    for place in range(extra):
        made = world.add(f"them-{place}", world.state.science, date(2026, 12, 31))
        world.report(world.owe(made, AS_OF), AS_OF, "5")
    with django_assert_num_queries(8):
        selectors.task_states(public_tasks(), AS_OF)
