"""What is recorded after the cut-off belongs to the next issue, whatever day it speaks of."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from tests.kept_states import Kept
from tests.monitoring.world import AS_OF, World, at, make_world
from tests.public_site.issue import files_of
from thucthi.directory.access import SYSTEM
from thucthi.directory.models import Role
from thucthi.indicators.models import Dispute, Indicator, Observation
from thucthi.kernel.canonical import canonical_json
from thucthi.kernel.errors import Refused
from thucthi.ledger.models import Entry
from thucthi.obstacles.models import Cause, Obstacle, ObstacleStep
from thucthi.programmes.models import Checkpoint, CheckpointMove, TaskChange, TaskEventKind
from thucthi.publication.actions import prepare_snapshot
from thucthi.publication.models import Snapshot
from thucthi.publication.selectors import public_issue
from thucthi.reporting.models import Acceptance

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kept: Kept[World]) -> World:
    return kept(make_world)


def cut_off() -> datetime:
    """Now, by the clock of the database: everything made so far was recorded before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


LATE: dict[str, Callable[[World, datetime], object]] = {}


def late(make: Callable[[World, datetime], object]) -> Callable[[World, datetime], object]:
    LATE[make.__name__] = make
    return make


@late
def a_report(world: World, moment: datetime) -> object:
    obligation = world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF)
    return world.report(obligation, AS_OF, "77", recorded_at=moment)


@late
def a_corrected_report(world: World, moment: datetime) -> object:
    obligation = world.tasks["nv-dung-han"].obligations.get(due_on=AS_OF)
    return world.report(obligation, AS_OF, "12", recorded_at=moment)


@late
def an_acceptance(world: World, moment: datetime) -> object:
    report = world.tasks["nv-qua-han"].obligations.get(due_on=date(2026, 11, 13)).reports.get()
    return Acceptance.objects.create(
        report=report,
        verdict="accepted",
        progress_accepted=Decimal(60),
        author=report.author,
        reviewer=world.state.person(Role.APPROVER, world.state.government),
        content_hash="0" * 64,
        decided_at=at(AS_OF),
        is_simulated=True,
        recorded_at=moment,
    )


@late
def an_observation(world: World, moment: datetime) -> object:
    return Observation.objects.create(
        indicator=Indicator.objects.get(code="ct-mau"), period="2026-Q2", period_end=date(2026, 6, 30), kind="actual",
        state="number", amount=Decimal(33), source="Số liệu mẫu", available_on=AS_OF, recorded_at=moment,
    )  # fmt: skip


@late
def a_corrected_observation(world: World, moment: datetime) -> object:
    before = Observation.objects.get(period="2026-Q3", corrects=None)
    return Observation.objects.create(
        indicator=before.indicator, period="2026-Q3", period_end=before.period_end, kind="actual", state="number",
        amount=Decimal(19), source="Số liệu mẫu", available_on=AS_OF, corrects=before, recorded_at=moment,
    )  # fmt: skip


@late
def a_dispute(world: World, moment: datetime) -> object:
    return Dispute.objects.create(
        observation=Observation.objects.get(period="2026-Q3", corrects=None), organisation=world.state.science,
        motive="Sai", source="Sổ", raised_on=AS_OF, answer_due_on=AS_OF, recorded_at=moment,
    )  # fmt: skip


@late
def an_obstacle(world: World, moment: datetime) -> object:
    return Obstacle.objects.create(
        code="vm-2", task=world.tasks["nv-dung-han"], raised_by_organisation=world.state.science, raised_on=AS_OF,
        cause=Cause.LAND, condition="Thiếu đất", asked_of=world.state.government, asked_what="Giao đất",
        due_on=AS_OF, recorded_at=moment,
    )  # fmt: skip


@late
def a_step_of_an_obstacle(world: World, moment: datetime) -> object:
    obstacle = Obstacle.objects.get(code="vm-1")
    return ObstacleStep.objects.create(
        obstacle=obstacle, kind="removed", text="Xong", organisation=world.state.government, happened_on=AS_OF,
        by=world.author(world.state.government), recorded_at=moment,
    )  # fmt: skip


@late
def a_change_of_deadline(world: World, moment: datetime) -> object:
    task = world.tasks["nv-sap-den"]
    made = TaskChange.objects.create(
        task=task, field="deadline", old_value=task.deadline_raw, new_value="20/12/2026", old_end=task.resolved_end,
        new_end=date(2026, 12, 20), decision="3/QĐ", decided_on=AS_OF, reason="Lý do", recorded_at=moment,
    )  # fmt: skip
    type(task).objects.filter(pk=task.pk).update(deadline_raw="20/12/2026", resolved_end=date(2026, 12, 20))
    return made


@late
def a_cancellation(world: World, moment: datetime) -> object:
    step = world.tasks["nv-qua-han"].events.model
    return step.objects.create(
        task=world.tasks["nv-qua-han"], kind=TaskEventKind.CANCELLED, happened_on=AS_OF, decision="4/QĐ",
        reason="Lý do",
        recorded_at=moment,
    )  # fmt: skip


@late
def a_task(world: World, moment: datetime) -> object:
    made = world.add("nv-them", world.state.science, date(2026, 12, 31), is_issued=False)
    type(made).objects.filter(pk=made.pk).update(is_issued=True)
    return made.events.model.objects.create(
        task=made, kind=TaskEventKind.ISSUED, happened_on=date(2026, 11, 2), recorded_at=moment
    )


@late
def a_moved_checkpoint(world: World, moment: datetime) -> object:
    checkpoint = Checkpoint.objects.get(code="moc-1")
    made = CheckpointMove.objects.create(
        checkpoint=checkpoint, old_due_on=checkpoint.due_on, new_due_on=date(2027, 3, 31), decision="5/QĐ",
        decided_on=AS_OF, reason="Lý do", recorded_at=moment,
    )  # fmt: skip
    Checkpoint.objects.filter(pk=checkpoint.pk).update(due_on=date(2027, 3, 31))
    return made


def test_facts_recorded_after_the_cut_off_change_nothing_and_stand_in_the_next_issue(world: World) -> None:
    moment = cut_off()
    known = public_issue("weekly", AS_OF, cut_off_at=moment)
    assert (known.tally.total, known.tally.reported, len(known.obstacles)) == (8, 1, 1)
    before = canonical_json(known)
    for name, make in LATE.items():
        make(world, moment)
        assert (name, canonical_json(public_issue("weekly", AS_OF, cut_off_at=moment)) == before) == (name, True)
    after = public_issue("weekly", AS_OF, cut_off_at=moment + timedelta(microseconds=1))
    tasks = {each.code: each for each in after.tasks}
    assert tasks["nv-sap-den"].standing.declared == Decimal(77)
    assert tasks["nv-sap-den"].due_on == date(2026, 12, 20)
    assert tasks["nv-dung-han"].standing.declared == Decimal(12)
    assert tasks["nv-qua-han"].standing.accepted == Decimal(60)
    assert tasks["nv-qua-han"].standing.stage == "cancelled"
    assert "nv-them" in tasks
    assert [row.amount for row in after.indicators[0].figures] == [Decimal(12), Decimal(33), Decimal(19)]
    assert {row.code: row.is_open for row in after.obstacles} == {"vm-1": False, "vm-2": True}
    assert after.documents[0].frame is not None
    assert after.documents[0].frame.checkpoints[0].due_on == date(2027, 3, 31)


def test_prepared_twice_from_one_cut_off_gives_the_same_bytes_although_facts_arrived_in_between(world: World) -> None:
    moment = cut_off()
    first = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF, cut_off_at=moment)
    before = files_of(first)
    for make in LATE.values():
        make(world, moment)
    again = prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF, cut_off_at=moment)
    assert again.pk == first.pk
    assert files_of(again) == before
    assert Entry.objects.filter(event="snapshot.prepared").count() == 1
    assert first.cut_off_at == moment


def test_the_header_says_the_cut_off(world: World) -> None:
    moment = cut_off()
    header = public_issue("weekly", AS_OF, cut_off_at=moment).header
    assert (header.cut_off_at, header.issue_version, header.corrects) == (moment, 1, None)
    assert public_issue("weekly", AS_OF).header.cut_off_at is None


def test_a_cut_off_to_come_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="Giờ chốt số liệu chưa tới"):
        prepare_snapshot(by=SYSTEM, kind="weekly", as_of=AS_OF, cut_off_at=timezone.now() + timedelta(minutes=1))
    assert Snapshot.objects.count() == 0


def test_a_report_that_missed_the_issue_of_its_own_week_is_marked(world: World) -> None:
    """Week 47 was cut off on Thursday 19/11/2026 at 17:00."""
    task = {each.code: each for each in public_issue("weekly", AS_OF).tasks}["nv-dung-han"]
    assert next((row.period, row.missed_its_issue) for row in task.history) == ("2026-W47", True)
    obligation = world.tasks["nv-sap-den"].obligations.get(due_on=AS_OF)
    world.report(obligation, date(2026, 11, 19), "5")
    task = {each.code: each for each in public_issue("weekly", AS_OF).tasks}["nv-sap-den"]
    assert next((row.period, row.missed_its_issue) for row in task.history) == ("2026-W47", False)
