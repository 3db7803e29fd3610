"""Issued tasks change only by a decision, and the old value stays readable (P1, D16, D66)."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.programmes.world import World, make_world
from thucthi.directory.models import Role
from thucthi.kernel.errors import Forbidden, Refused
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import (
    cancel_task,
    change_deadline,
    change_lead,
    change_product,
    change_text,
    receive_task,
    resume_task,
    suspend_task,
)
from thucthi.programmes.models import Task, TaskChange, TaskEvent
from thucthi.programmes.selectors import extensions_of, extensions_of_many, standing_of

pytestmark = pytest.mark.django_db
DECIDED = {"decision": "45/QĐ-BKH", "decided_on": date(2026, 6, 1), "reason": "Chờ vốn"}
ON = date(2026, 6, 1)


def test_an_extension_keeps_the_old_day_and_is_counted() -> None:
    world = make_world()
    task = world.issued()
    change = change_deadline(task, by=world.head, new_deadline="Quý I/2027", **DECIDED)
    task.refresh_from_db()
    assert (task.deadline_raw, task.resolved_end, task.deadline_kind, task.version) == (
        "Quý I/2027", date(2027, 3, 31), "quarter", 2,
    )  # fmt: skip
    assert (change.old_value, change.new_value, change.old_end, change.new_end) == (
        "31/12/2026", "Quý I/2027", date(2026, 12, 31), date(2027, 3, 31),
    )  # fmt: skip
    change_deadline(task, by=world.head, new_deadline="28/02/2027", **DECIDED)
    change_deadline(task, by=world.head, new_deadline="30/06/2027", **DECIDED)
    assert extensions_of(task) == 2
    assert extensions_of_many([task.pk, 0]) == {task.pk: 2, 0: 0}
    entry = Entry.objects.filter(event="task.changed").order_by("pk")[0]
    assert entry.content == {
        "field": "deadline", "old": "31/12/2026", "new": "Quý I/2027", "decision": "45/QĐ-BKH",
        "decided_on": "2026-06-01", "reason": "Chờ vốn",
    }  # fmt: skip
    assert Entry.objects.filter(event="task.changed").count() == 3


def test_a_new_lead_stops_being_a_coordinator() -> None:
    world = make_world()
    task = world.issued()
    change = change_lead(task, by=world.head, new_lead=world.state.province, **DECIDED)
    task.refresh_from_db()
    assert (task.lead, list(task.coordinators.all())) == (world.state.province, [])
    assert (change.old_value, change.new_value) == ("Bộ Tài chính", "UBND tỉnh An Bình")


def test_product_and_text_change_too() -> None:
    world = make_world()
    task = world.issued()
    change_product(task, by=world.head, new_product=" Hệ thống 10 kết nối ", **DECIDED)
    change_text(task, by=world.head, new_text="Kết nối 10 cơ sở dữ liệu", **DECIDED)
    task.refresh_from_db()
    assert (task.product, task.text) == ("Hệ thống 10 kết nối", "Kết nối 10 cơ sở dữ liệu")
    assert task.search_text == "ct57-01 ket noi 10 co so du lieu he thong 10 ket noi"


def as_it_was(task: Task) -> bool:
    now = Task.objects.get(pk=task.pk)
    same = (now.deadline_raw, now.lead_id, now.product, now.text) == (
        task.deadline_raw, task.lead_id, task.product, task.text,
    )  # fmt: skip
    return same and not TaskChange.objects.exists() and not Entry.objects.filter(event="task.changed").exists()


CHANGES: list[Callable[[Task, World, dict[str, object]], object]] = [
    lambda task, world, how: change_deadline(task, new_deadline="30/06/2027", **{"by": world.head, **how}),
    lambda task, world, how: change_lead(task, new_lead=world.state.province, **{"by": world.head, **how}),
    lambda task, world, how: change_product(task, new_product="Khác", **{"by": world.head, **how}),
    lambda task, world, how: change_text(task, new_text="Khác", **{"by": world.head, **how}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_without_a_decision_is_refused_with_all_faults(change: Callable[..., object]) -> None:
    world = make_world()
    task = world.issued()
    with pytest.raises(Refused) as refusal:
        change(task, world, {"decision": " ", "reason": "", "decided_on": date(2026, 3, 9)})
    assert [fault.field for fault in refusal.value.faults] == ["decision", "reason", "decided_on"]
    assert as_it_was(task)


@pytest.mark.parametrize("change", CHANGES)
def test_only_the_head_of_the_owner_decides(change: Callable[..., object]) -> None:
    world = make_world()
    task = world.issued()
    for viewer in (world.editor, world.state.viewer(Role.HEAD, world.state.finance), world.steering):
        with pytest.raises(Forbidden):
            change(task, world, {**DECIDED, "by": viewer})
    assert as_it_was(task)


def test_senseless_values_are_refused() -> None:
    world = make_world()
    task = world.issued()
    for change, values, field in [
        (change_deadline, {"new_deadline": "31/12/2026"}, "new_deadline"),
        (change_deadline, {"new_deadline": "sớm"}, "new_deadline"),
        (change_deadline, {"new_deadline": "31/03/2026"}, "new_deadline"),
        (change_lead, {"new_lead": world.state.finance}, "new_lead"),
        (change_product, {"new_product": " "}, "new_product"),
        (change_text, {"new_text": task.text}, "new_text"),
    ]:
        with pytest.raises(Refused) as refusal:
            change(task, by=world.head, **values, **DECIDED)
        assert [fault.field for fault in refusal.value.faults] == [field]
    assert as_it_was(task)


def test_a_body_that_ended_is_refused_with_its_heir() -> None:
    world = make_world()
    task = world.issued()
    world.state.province.valid_to = date(2026, 4, 30)
    world.state.province.save()
    with pytest.raises(Refused) as refusal:
        change_lead(task, by=world.head, new_lead=world.state.province, **DECIDED)
    assert "UBND tỉnh An Bình" in refusal.value.faults[0].text
    assert as_it_was(task)


def test_a_task_is_received_suspended_resumed_and_cancelled() -> None:
    world = make_world()
    task = world.issued()
    receive_task(task, by=world.state.viewer(Role.REPORTER, world.state.finance), on=ON)
    suspend_task(task, by=world.head, on=ON, decision="1/QĐ", reason="Bão")
    assert standing_of(task).is_suspended
    resume_task(task, by=world.head, on=ON, decision="2/QĐ", reason="Hết bão")
    assert not standing_of(task).is_suspended
    cancel_task(task, by=world.head, on=ON, decision="3/QĐ", reason="Trùng")
    assert standing_of(task).is_closed
    assert list(TaskEvent.objects.order_by("pk").values_list("kind", flat=True)) == [
        "issued", "received", "suspended", "resumed", "cancelled",
    ]  # fmt: skip
    assert list(Entry.objects.filter(event__startswith="task.").order_by("pk").values_list("event", flat=True)) == [
        "task.received", "task.suspended", "task.resumed", "task.cancelled",
    ]  # fmt: skip
    for step in (suspend_task, resume_task, cancel_task):
        with pytest.raises(Refused):
            step(task, by=world.head, on=ON, decision="4/QĐ", reason="x")
    with pytest.raises(Refused):
        change_text(task, by=world.head, new_text="Khác", **DECIDED)
    assert TaskEvent.objects.count() == 5


def test_steps_out_of_order_or_without_right_are_refused() -> None:
    world = make_world()
    task = world.issued()
    reporter = world.state.viewer(Role.REPORTER, world.state.finance)
    with pytest.raises(Forbidden):
        receive_task(task, by=world.state.viewer(Role.REPORTER, world.state.province), on=ON)
    with pytest.raises(Forbidden):
        suspend_task(task, by=reporter, on=ON, decision="1", reason="x")
    with pytest.raises(Refused):
        receive_task(task, by=reporter, on=date(2026, 3, 9))
    with pytest.raises(Refused):
        resume_task(task, by=world.head, on=ON, decision="1", reason="x")
    with pytest.raises(Refused) as refusal:
        suspend_task(task, by=world.head, on=ON, decision="", reason=" ")
    assert [fault.field for fault in refusal.value.faults] == ["decision", "reason"]
    receive_task(task, by=reporter, on=ON)
    with pytest.raises(Refused):
        receive_task(task, by=reporter, on=ON)
    assert TaskEvent.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE programmes_task SET text = 'Khác'",
        "UPDATE programmes_task SET product = 'Khác'",
        "UPDATE programmes_task SET deadline_raw = '2030', resolved_end = '2030-12-31'",
        "UPDATE programmes_task SET resolved_end = '2030-12-31'",
        "UPDATE programmes_task SET lead_id = (SELECT id FROM directory_organisation WHERE code = 'ubnd-hoa')",
        "UPDATE programmes_task SET is_issued = false",
        "UPDATE programmes_task SET acceptance_criterion = 'Khác'",
        "DELETE FROM programmes_task",
        "DELETE FROM programmes_milestone",
        "DELETE FROM programmes_coordination",
        "UPDATE programmes_citation SET clause_id = clause_id",
        "UPDATE programmes_programme SET title = 'Khác'",
        "UPDATE programmes_programme SET issued_on = NULL",
    ],
)
def test_the_database_refuses_to_rewrite_what_was_issued(statement: str) -> None:
    world = make_world()
    task = world.issued()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert as_it_was(task)
    assert (task.milestones.count(), task.coordinators.count()) == (1, 1)


def test_an_old_decision_does_not_cover_a_second_rewriting() -> None:
    world = make_world()
    task = world.issued()
    change_text(task, by=world.head, new_text="B", **DECIDED)
    change_text(task, by=world.head, new_text="A", **DECIDED)
    with pytest.raises(DatabaseError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(text="B")
    assert Task.objects.get(pk=task.pk).text == "A"
