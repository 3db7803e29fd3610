"""Draft tasks: adding, editing and removing them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.deadlines import parse_deadline
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.kernel.sight import seeing_everything
from thucthi.kernel.vietnamese_text import fold
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import Citation, Coordination, Milestone, Programme, Task, TaskGroup
from thucthi.programmes.selectors.contents import PLAIN_FIELDS, TaskContent, content_of, plain
from thucthi.programmes.selectors.drafts import faults_of_drafts


@transaction.atomic
def add_tasks(programme: Programme, *, by: Viewer, contents: Sequence[TaskContent], on: date) -> list[Task]:
    """Add many tasks to a draft programme, all or none. Faults are named `<code>.<field>`."""
    programme = _locked_programme(by, programme.pk)
    contents = _with_codes(programme, contents)
    refuse_if(faults_of_drafts(programme, contents, on))
    groups = _groups(programme)
    tasks = Task.objects.bulk_create(Task(programme=programme, **_columns(content, groups, on)) for content in contents)
    _attach(list(zip(tasks, contents, strict=True)))
    _advance(programme)
    record("tasks.added", by=by, subject=programme, tasks=[plain(content) for content in contents])
    return tasks


@transaction.atomic
def add_task(programme: Programme, *, by: Viewer, content: TaskContent, on: date) -> Task:
    """Add one task to a draft programme."""
    programme = _locked_programme(by, programme.pk)
    content = _with_codes(programme, [content])[0]
    refuse_if(faults_of_drafts(programme, [content], on, named=False))
    task = Task.objects.create(programme=programme, **_columns(content, _groups(programme), on))
    _attach([(task, content)])
    _advance(programme)
    record("task.added", by=by, subject=task, **plain(content))
    return task


@transaction.atomic
def edit_task(task: Task, *, by: Viewer, content: TaskContent, version: int, on: date) -> Task:
    """Rewrite a draft task that still stands at `version`; the code stays.

    Raises Stale with both contents when somebody saved first, Refused with all faults otherwise.
    """
    programme = _locked_programme(by, task.programme_id)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    content = replace(content, code=task.code)
    if version != task.version:
        raise Stale(
            _("Nhiệm vụ vừa được người khác sửa. Nội dung ông/bà nhập vẫn còn; đề nghị đối chiếu rồi lưu lại."),
            current=content_of(task),
            submitted=content,
        )
    refuse_if(faults_of_drafts(programme, [content], on, edited=task, named=False))
    before = plain(content_of(task))
    _rewrite(task, content, _groups(programme), on)
    _advance(programme)
    record("task.edited", by=by, subject=task, before=before, after=plain(content))
    return task


@dataclass(frozen=True)
class TaskEdit:
    """A draft task as it should become, given that it still stands at `version`."""

    task: Task
    version: int
    content: TaskContent


@transaction.atomic
def revise_tasks(
    programme: Programme, *, by: Viewer, edits: Sequence[TaskEdit], added: Sequence[TaskContent], on: date
) -> None:
    """Rewrite and add many draft tasks at once, all or none; codes of standing tasks stay.

    Raises Stale when somebody saved one of them first, Refused with all faults, named `<code>.<field>`.
    """
    programme = _locked_programme(by, programme.pk)
    pks = [edit.task.pk for edit in edits]
    standing = {task.pk: task for task in programme.tasks.select_for_update(of=("self",)).filter(pk__in=pks)}
    for edit in edits:
        if edit.task.pk not in standing or standing[edit.task.pk].version != edit.version:
            raise Stale(_("Nhiệm vụ %(code)s vừa được người khác sửa.") % {"code": edit.task.code})
    edits = [replace(edit, content=replace(edit.content, code=standing[edit.task.pk].code)) for edit in edits]
    added = _with_codes(programme, added)
    refuse_if([*_faults_of_edits(programme, edits, on), *faults_of_drafts(programme, added, on)])
    before = [plain(content_of(standing[edit.task.pk])) for edit in edits]
    groups = _groups(programme)
    for edit in edits:
        _rewrite(standing[edit.task.pk], edit.content, groups, on)
    tasks = Task.objects.bulk_create(Task(programme=programme, **_columns(content, groups, on)) for content in added)
    _attach(list(zip(tasks, added, strict=True)))
    _advance(programme)
    after = [plain(edit.content) for edit in edits]
    record("tasks.revised", by=by, subject=programme, before=before, after=after, added=[plain(each) for each in added])


def _faults_of_edits(programme: Programme, edits: Sequence[TaskEdit], on: date) -> list[Fault]:
    return [
        Fault(f"{edit.content.code}.{fault.field}", fault.text)
        for edit in edits
        for fault in faults_of_drafts(programme, [edit.content], on, edited=edit.task, named=False)
    ]


def _rewrite(task: Task, content: TaskContent, groups: dict[str, TaskGroup], on: date) -> None:
    for column, value in _columns(content, groups, on).items():
        setattr(task, column, value)
    task.version += 1
    task.save()
    _detach(task)
    _attach([(task, content)])


@transaction.atomic
def remove_draft_task(task: Task, *, by: Viewer, version: int | None = None) -> None:
    """Take a task out of a draft programme; what it said stays in the ledger."""
    programme = _locked_programme(by, task.programme_id)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if version is not None and version != task.version:
        raise Stale(_("Nhiệm vụ vừa được người khác sửa. Đề nghị xem lại trước khi bỏ."), current=content_of(task))
    if task.clarity_exceptions.exists():
        raise Refused(
            [Fault("", _("Nhiệm vụ này đã được cho phép ngoại lệ nên không bỏ được; đề nghị sửa lại nội dung."))]
        )
    record("task.removed", by=by, subject=task, **plain(content_of(task)))
    _detach(task)
    task.delete()
    _advance(programme)


def _locked_programme(by: Viewer, pk: int) -> Programme:
    """The programme, locked against a simultaneous issue, if this viewer may draft it and it is still a draft."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=pk)
    require(
        access.can_draft_for(by, programme.organisation_id),
        _("Ông/bà chỉ soạn được nhiệm vụ trong chương trình của cơ quan mình."),
    )
    if programme.is_issued:
        raise Refused([Fault("", _("Chương trình đã ban hành; nhiệm vụ chỉ thay đổi bằng quyết định."))])
    return programme


def _advance(programme: Programme) -> None:
    programme.version += 1
    programme.save(update_fields=["version"])


def _groups(programme: Programme) -> dict[str, TaskGroup]:
    return {group.title: group for group in programme.groups.all()}


def _with_codes(programme: Programme, contents: Sequence[TaskContent]) -> list[TaskContent]:
    """Give `<programme code>-<nn>` to whoever has no code."""
    with seeing_everything():
        taken = {*Task.objects.filter(code__startswith=f"{programme.code}-").values_list("code", flat=True)}
    taken |= {content.code for content in contents}
    coded = []
    number = 1
    for content in contents:
        while not content.code and f"{programme.code}-{number:02}" in taken:
            number += 1
        code = content.code or f"{programme.code}-{number:02}"
        taken.add(code)
        coded.append(replace(content, code=code))
    return coded


def _columns(content: TaskContent, groups: dict[str, TaskGroup], on: date) -> dict[str, Any]:
    deadline = parse_deadline(content.deadline_raw, issued_on=on)
    return {
        **{name: getattr(content, name) for name in PLAIN_FIELDS},
        "group": groups.get(content.group),
        "lead": content.lead,
        "deadline_kind": deadline.kind.value,
        "deadline_precision": deadline.precision or "",
        "deadline_recurrence": content.recurrence or deadline.recurrence or "",
        "deadline_trigger": deadline.trigger or "",
        "resolved_end": deadline.end,
        "search_text": fold(f"{content.code} {content.text} {content.product}"),
    }


def _attach(pairs: Sequence[tuple[Task, TaskContent]]) -> None:
    Coordination.objects.bulk_create(
        Coordination(task=task, organisation=organisation)
        for task, content in pairs
        for organisation in dict.fromkeys(content.coordinators)
    )
    Citation.objects.bulk_create(
        Citation(task=task, clause=clause) for task, content in pairs for clause in dict.fromkeys(content.clauses)
    )
    Milestone.objects.bulk_create(
        Milestone(task=task, due_on=milestone.due_on, text=milestone.text)
        for task, content in pairs
        for milestone in content.milestones
    )


def _detach(task: Task) -> None:
    for rows in (Coordination, Citation, Milestone):
        rows.objects.filter(task=task).delete()
