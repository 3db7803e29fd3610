"""Control frames: one per document, checkpoints moved only by decision and never deleted (D26–D29)."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.programmes.world import make_world
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import (
    NewCheckpoint,
    NewFrame,
    NewGoal,
    NewResponsibility,
    create_frame,
    move_checkpoint,
)
from thucthi.programmes.models import Checkpoint, CheckpointMove, ControlFrame, Goal

pytestmark = pytest.mark.django_db
DECIDED = {"decision": "9/KL", "decided_on": date(2026, 6, 1), "reason": "Chờ hạ tầng"}


def test_a_frame_has_goals_checkpoints_and_who_answers() -> None:
    world = make_world()
    frame = world.frame()
    assert [(goal.kind, goal.rubric) for goal in frame.goals.order_by("code")] == [
        ("indicator", []),
        ("qualitative", ["thấp", "vừa", "cao"]),
    ]
    assert frame.checkpoints.get().due_on == date(2026, 12, 31)
    assert frame.responsibilities.get().head.organisation == world.state.committee
    assert Entry.objects.get(event="frame.created").content["checkpoints"] == [["nq57-m1", "2026-12-31"]]


def test_a_second_frame_is_refused() -> None:
    world = make_world()
    frame = world.frame()
    new = NewFrame(
        "a",
        "b",
        "c",
        (NewResponsibility("x", world.state.committee, world.state.head_post(world.state.committee)),),
        (NewGoal("g", "G"),),
        (NewCheckpoint("m", "M", date(2026, 12, 31), "Biên bản", world.state.government),),
    )
    with pytest.raises(Refused) as refusal:
        create_frame(world.document, by=world.steering, new=new)
    assert [fault.text for fault in refusal.value.faults] == ["Văn bản này đã có khung kiểm soát thực thi."]
    assert (ControlFrame.objects.get(), Goal.objects.count(), Checkpoint.objects.count()) == (frame, 2, 1)


def test_an_empty_frame_is_refused_with_all_faults() -> None:
    world = make_world()
    with pytest.raises(Refused) as refusal:
        create_frame(world.document, by=world.steering, new=NewFrame("", " ", "", (), (), ()))
    assert [fault.field for fault in refusal.value.faults] == [
        "benefit_country", "benefit_people", "benefit_future", "responsibilities", "goals", "checkpoints",
    ]  # fmt: skip
    assert not ControlFrame.objects.exists()


def test_only_the_steering_office_of_the_register_keeps_frames() -> None:
    world = make_world()
    checkpoint = world.frame().checkpoints.get()
    new = NewFrame("a", "b", "c", (), (NewGoal("g", "G"),), ())
    for viewer in (world.editor, world.head, world.state.viewer(Role.STEERING_OFFICE, world.state.science)):
        with pytest.raises(Forbidden):
            create_frame(world.document, by=viewer, new=replace(new))
        with pytest.raises(Forbidden):
            move_checkpoint(checkpoint, by=viewer, new_due_on=date(2027, 6, 30), **DECIDED)
    assert not CheckpointMove.objects.exists()


def test_a_moved_checkpoint_keeps_its_old_day() -> None:
    world = make_world()
    checkpoint = world.frame().checkpoints.get()
    move = move_checkpoint(checkpoint, by=world.steering, new_due_on=date(2027, 6, 30), **DECIDED)
    checkpoint.refresh_from_db()
    assert (checkpoint.due_on, move.old_due_on, move.new_due_on) == (
        date(2027, 6, 30), date(2026, 12, 31), date(2027, 6, 30),
    )  # fmt: skip
    assert Entry.objects.get(event="checkpoint.moved").content["old"] == "2026-12-31"


def test_a_move_needs_a_decision_a_reason_and_another_day() -> None:
    world = make_world()
    checkpoint = world.frame().checkpoints.get()
    with pytest.raises(Refused) as refusal:
        move_checkpoint(
            checkpoint,
            by=world.steering,
            new_due_on=checkpoint.due_on,
            decision=" ",
            decided_on=date(2027, 1, 1),
            reason="",
        )
    assert [fault.field for fault in refusal.value.faults] == ["new_due_on", "new_due_on", "decision", "reason"]
    assert not CheckpointMove.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programmes_checkpoint SET due_on = '2030-01-01'",
        "UPDATE programmes_checkpoint SET text = 'Khác'",
        "DELETE FROM programmes_checkpoint",
    ],
)
def test_the_database_refuses_a_silent_move(statement: str) -> None:
    world = make_world()
    world.frame()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Checkpoint.objects.get().due_on == date(2026, 12, 31)
