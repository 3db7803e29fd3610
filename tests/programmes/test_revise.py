"""Many drafts rewritten at once: all or none, one entry in the ledger."""

import pytest

from tests.programmes.world import TODAY, make_world
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import TaskEdit, add_task, revise_tasks
from thucthi.programmes.models import Task
from thucthi.programmes.selectors.contents import content_of

pytestmark = pytest.mark.django_db


def test_edits_and_new_tasks_are_one_act() -> None:
    world = make_world()
    programme = world.draft()
    first = programme.tasks.get()
    second = add_task(programme, by=world.editor, content=world.clear_task(code="ct57-bb"), on=TODAY)
    entries = Entry.objects.count()
    revise_tasks(
        programme,
        by=world.editor,
        edits=[
            TaskEdit(first, 1, world.clear_task(code="bỏ qua", product="Đề án A")),
            TaskEdit(second, 1, world.clear_task(code="bỏ qua", product="Đề án B")),
        ],
        added=[world.clear_task(code="", product="Đề án C")],
        on=TODAY,
    )
    rows = list(Task.objects.order_by("pk").values_list("code", "product", "version"))
    assert rows == [("ct57-01", "Đề án A", 2), ("ct57-bb", "Đề án B", 2), ("ct57-02", "Đề án C", 1)]
    newest = Entry.objects.latest("pk")
    assert (Entry.objects.count(), newest.event) == (entries + 1, "tasks.revised")


def test_faults_of_edits_and_of_new_tasks_come_together_and_nothing_moves() -> None:
    world = make_world()
    programme = world.draft()
    task = programme.tasks.get()
    before = (content_of(task), Task.objects.count(), Entry.objects.count())
    with pytest.raises(Refused) as refusal:
        revise_tasks(
            programme,
            by=world.editor,
            edits=[TaskEdit(task, 1, world.clear_task(text=" "))],
            added=[world.clear_task(code="moi", weight=0)],
            on=TODAY,
        )
    assert [fault.field for fault in refusal.value.faults] == ["ct57-01.text", "moi.weight"]
    assert (content_of(Task.objects.get()), Task.objects.count(), Entry.objects.count()) == before


@pytest.mark.parametrize("version", [0, 2])
def test_a_task_saved_by_somebody_else_stops_everything(version: int) -> None:
    world = make_world()
    programme = world.draft()
    task = programme.tasks.get()
    with pytest.raises(Stale):
        revise_tasks(
            programme,
            by=world.editor,
            edits=[TaskEdit(task, version, world.clear_task(product="Khác"))],
            added=[world.clear_task(code="moi")],
            on=TODAY,
        )
    assert [content_of(row) for row in Task.objects.all()] == [world.clear_task()]


def test_only_who_may_draft_may_revise() -> None:
    world = make_world()
    programme = world.draft()
    with pytest.raises(Forbidden):
        revise_tasks(programme, by=world.steering, edits=[], added=[world.clear_task(code="moi")], on=TODAY)
    assert Task.objects.count() == 1
