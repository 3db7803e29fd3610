"""Drafting: all faults at once, nothing half saved, no silent overwriting."""

from datetime import date
from decimal import Decimal

import pytest

from tests.programmes.world import TODAY, make_world
from thucthi.directory.models import Organisation, OrganisationEvent, Role, Succession
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.programmes.actions import (
    MilestoneContent,
    NewProgramme,
    TaskContent,
    add_task,
    add_tasks,
    create_programme,
    edit_task,
    remove_draft_task,
)
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors.contents import content_of

pytestmark = pytest.mark.django_db


def test_a_task_keeps_everything_it_was_given() -> None:
    world = make_world()
    task = world.draft().tasks.get()
    assert content_of(task) == world.clear_task()
    assert (task.resolved_end, task.deadline_kind, task.version, task.is_issued) == (
        date(2026, 12, 31),
        "date",
        1,
        False,
    )
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "document.registered", "programme.created", "tasks.added",
    ]  # fmt: skip


def test_tasks_without_a_code_get_the_next_free_one() -> None:
    world = make_world()
    programme = world.draft()
    blank = world.clear_task(code="")
    tasks = add_tasks(programme, by=world.editor, contents=[blank, blank], on=TODAY)
    assert [task.code for task in tasks] == ["ct57-02", "ct57-03"]


def test_a_recurrence_that_was_chosen_is_kept_beside_the_words() -> None:
    world = make_world()
    programme = world.draft(
        world.clear_task(deadline_raw="Thường xuyên", recurrence="quarterly", yearly_deliverable="4 báo cáo")
    )
    task = programme.tasks.get()
    assert (task.deadline_kind, task.deadline_recurrence, task.resolved_end) == ("recurring", "quarterly", None)


def test_all_faults_of_all_tasks_come_at_once_and_no_task_is_added() -> None:
    world = make_world()
    programme = world.draft()
    before = Entry.objects.count()
    with pytest.raises(Refused) as refusal:
        add_tasks(
            programme,
            by=world.editor,
            contents=[
                world.clear_task(code="tốt"),
                world.clear_task(code="b", text=" ", kind="x", group="Không có", weight=0, people="x" * 301),
                world.clear_task(code="c", coordinators=(world.state.finance,), money_vnd_million=Decimal(-1)),
                world.clear_task(code="c", start_on=date(2027, 1, 1), recurrence="daily",
                                 milestones=(MilestoneContent(TODAY, " "),)),
                world.clear_task(),
            ],
            on=TODAY,
        )  # fmt: skip
    assert [fault.field for fault in refusal.value.faults] == [
        "tốt.code", "b.text", "b.kind", "b.group", "b.weight", "b.people", "c.code", "c.money_vnd_million",
        "c.coordinators", "c.code", "c.deadline_raw", "c.recurrence", "c.milestones", "ct57-01.code",
    ]  # fmt: skip
    assert (Task.objects.count(), Entry.objects.count()) == (1, before)
    programme.refresh_from_db()
    assert programme.version == 2


def test_a_lead_that_no_longer_exists_is_refused_with_its_successors() -> None:
    world = make_world()
    programme = world.draft()
    ended: Organisation = world.state.elsewhere
    ended.valid_to = date(2025, 6, 30)
    ended.save()
    event = OrganisationEvent.objects.create(
        code="gop", kind="merge", effective_on=date(2025, 7, 1), legal_basis="Nghị quyết mẫu"
    )
    Succession.objects.create(event=event, predecessor=ended, successor=world.state.province)
    with pytest.raises(Refused) as refusal:
        add_task(programme, by=world.editor, content=world.clear_task(code="x", lead=ended, coordinators=()), on=TODAY)
    assert [(fault.field, fault.text) for fault in refusal.value.faults] == [
        ("lead", "UBND tỉnh An Khê đã kết thúc hoạt động; cơ quan kế thừa: UBND tỉnh An Bình. Đề nghị chọn lại.")
    ]
    assert Task.objects.count() == 1


def test_an_edit_writes_the_new_version_and_the_ledger_both() -> None:
    world = make_world()
    task = world.draft().tasks.get()
    content = world.clear_task(text="Số hóa 3 kho hồ sơ", coordinators=(), clauses=(), milestones=(), group="Con người")
    edited = edit_task(task, by=world.editor, content=content, version=1, on=TODAY)
    assert (edited.version, content_of(edited)) == (2, content)
    entry = Entry.objects.get(event="task.edited")
    assert (entry.content["before"]["text"], entry.content["after"]["text"]) == (
        "Kết nối 12 cơ sở dữ liệu trọng yếu với trung tâm dữ liệu", "Số hóa 3 kho hồ sơ",
    )  # fmt: skip
    assert edited.search_text == "ct57-01 so hoa 3 kho ho so he thong 12 ket noi hoat dong"


def test_a_second_editor_gets_both_versions_and_overwrites_nothing() -> None:
    world = make_world()
    task = world.draft().tasks.get()
    first = world.clear_task(text="Bản của người thứ nhất")
    second = world.clear_task(text="Bản của người thứ hai")
    edit_task(task, by=world.editor, content=first, version=1, on=TODAY)
    with pytest.raises(Stale) as stale:
        edit_task(task, by=world.editor, content=second, version=1, on=TODAY)
    assert (stale.value.current, stale.value.submitted) == (first, second)
    assert Task.objects.get().text == "Bản của người thứ nhất"
    with pytest.raises(Stale):
        remove_draft_task(task, by=world.editor, version=1)
    assert Task.objects.count() == 1


def test_a_removed_draft_stays_in_the_ledger() -> None:
    world = make_world()
    remove_draft_task(world.draft().tasks.get(), by=world.editor, version=1)
    assert not Task.objects.exists()
    assert Entry.objects.get(event="task.removed").content["text"].startswith("Kết nối 12")


def test_only_editors_of_the_owner_draft() -> None:
    world = make_world()
    programme = world.draft()
    task = programme.tasks.get()
    others = [
        world.state.viewer(Role.PROGRAMME_EDITOR, world.state.finance),
        world.state.viewer(Role.PROGRAMME_EDITOR, world.state.government),
        world.state.viewer(Role.AUDITOR, world.state.science),
        world.head,
    ]
    for viewer in others:
        with pytest.raises(Forbidden):
            add_task(programme, by=viewer, content=world.clear_task(code="x"), on=TODAY)
        with pytest.raises(Forbidden):
            edit_task(task, by=viewer, content=world.clear_task(), version=1, on=TODAY)
        with pytest.raises(Forbidden):
            remove_draft_task(task, by=viewer)
    assert (Task.objects.count(), Task.objects.get().version) == (1, 1)


def test_an_issued_programme_is_no_draft_any_more() -> None:
    world = make_world()
    task = world.issued()
    with pytest.raises(Refused):
        add_task(task.programme, by=world.editor, content=world.clear_task(code="x"), on=TODAY)
    with pytest.raises(Refused):
        edit_task(task, by=world.editor, content=world.clear_task(text="Khác"), version=task.version, on=TODAY)
    with pytest.raises(Refused):
        remove_draft_task(task, by=world.editor)
    assert Task.objects.get() == task


def test_a_programme_needs_its_parts_and_its_right() -> None:
    world = make_world()
    with pytest.raises(Refused) as refusal:
        create_programme(
            by=world.editor,
            new=NewProgramme("", world.state.science, " ", (), ("a", "a"), "nine", "daily",
                             world.state.head_post(world.state.finance)),
        )  # fmt: skip
    assert [fault.field for fault in refusal.value.faults] == [
        "code", "title", "profile", "rhythm", "documents", "head", "groups",
    ]  # fmt: skip
    with pytest.raises(Forbidden):
        create_programme(by=world.editor, new=NewProgramme("a", world.state.finance, "A", (world.document,)))
    assert not Programme.objects.exists()
    assert TaskContent(text="x").weight == 1
