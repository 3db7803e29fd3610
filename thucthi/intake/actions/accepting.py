"""Accepting drafts: they become tasks of the programme, each shown at its place in the source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.intake import access
from thucthi.intake.models import DocumentReading, DraftState, Quotation, TaskDraft
from thucthi.intake.selectors.drafts import Basis, DraftRow, basis_of, content_of, day_of, is_open, rows_of
from thucthi.kernel.errors import Fault, Refused, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes.actions import TaskContent, add_tasks
from thucthi.programmes.models import Programme, Task
from thucthi.programmes.selectors.drafts import faults_of_drafts


@dataclass(frozen=True)
class LeftOut:
    """A draft that was not accepted with the others, and why."""

    draft: TaskDraft
    reason: str


@dataclass(frozen=True)
class Accepted:
    tasks: tuple[Task, ...]
    left: tuple[LeftOut, ...] = ()


@transaction.atomic
def accept_draft(draft: TaskDraft, *, by: Viewer, on: date) -> Task:
    """Make it a task of the draft programme, led by the one body that answers today for the one that was named.

    Raises Refused without such a body or with what the programme itself objects to, Stale when already decided.
    """
    reading, basis = _locked(draft.reading, by)
    draft = TaskDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if not is_open(draft):
        raise Stale(_("Bản này vừa được quyết ở nơi khác. Đề nghị xem lại danh sách."))
    draft.reading = reading
    (row,) = rows_of([draft], reading, on)
    refuse_if([Fault("lead", row.bodies.lead.trouble)] if row.bodies.lead.organisation is None else [])
    content = content_of(row, basis, issued_on=day_of(reading, on), on=on)
    faults = _faults(reading.file.programme, [content], on)[0]
    refuse_if(faults)
    (task,) = _write(reading, [row], [content], by=by, on=on)
    record("draft.accepted", by=by, subject=draft, task=task.code, lead=content.lead and content.lead.code)
    return task


@transaction.atomic
def accept_above(reading: DocumentReading, *, by: Viewer, least: Decimal, on: date) -> Accepted:
    """Accept every waiting draft of at least this confidence whose lead is one living body.

    The others of that confidence are named with the reason and stay; one entry for the whole press.
    """
    reading, basis = _locked(reading, by)
    waiting = reading.drafts.filter(state=DraftState.KEPT, task__isnull=True, confidence__gte=least)
    drafts = list(waiting.select_for_update(of=("self",)).select_related("lead").order_by("position", "pk"))
    for draft in drafts:
        draft.reading = reading
    rows = sorted(rows_of(drafts, reading, on), key=lambda row: (row.draft.position, row.draft.pk))
    led = [row for row in rows if row.bodies.lead.organisation is not None]
    left = [LeftOut(row.draft, row.bodies.lead.trouble) for row in rows if row.bodies.lead.organisation is None]
    contents = [content_of(row, basis, issued_on=day_of(reading, on), on=on) for row in led]
    faults = _faults(reading.file.programme, contents, on)
    left += [
        LeftOut(row.draft, " ".join(fault.text for fault in own)) for row, own in zip(led, faults, strict=True) if own
    ]
    good = [(row, content) for row, content, own in zip(led, contents, faults, strict=True) if not own]
    tasks = _write(reading, [row for row, _c in good], [content for _r, content in good], by=by, on=on)
    record(
        "drafts.accepted",
        by=by,
        subject=reading,
        least=least,
        tasks=[task.code for task in tasks],
        left=[{"draft": each.draft.pk, "reason": each.reason} for each in left],
    )
    return Accepted(tuple(tasks), tuple(left))


def _locked(reading: DocumentReading, by: Viewer) -> tuple[DocumentReading, Basis]:
    """The reading under its programme's lock, if this viewer drafts that programme and it is still a draft."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=reading.file.programme_id)
    require(
        access.can_take_in(by, programme.organisation_id),
        _("Ông/bà chỉ nhận được nhiệm vụ vào chương trình của cơ quan mình."),
    )
    if programme.is_issued:
        raise Refused([Fault("", _("Chương trình đã ban hành; nhiệm vụ chỉ thay đổi bằng quyết định."))])
    reading.file.programme = programme
    return reading, basis_of(reading, programme)


def _faults(programme: Programme, contents: Sequence[TaskContent], on: date) -> list[list[Fault]]:
    """What the programme objects to in each content, its code aside: that is given later."""
    names = [f"nhap-{place}" for place in range(len(contents))]
    named = [replace(content, code=name) for content, name in zip(contents, names, strict=True)]
    found: dict[str, list[Fault]] = {name: [] for name in names}
    for fault in faults_of_drafts(programme, named, on):
        name, _dot, field = fault.field.partition(".")
        if field != "code":
            found[name].append(Fault(field, fault.text))
    return [found[name] for name in names]


def _write(
    reading: DocumentReading, rows: Sequence[DraftRow], contents: Sequence[TaskContent], *, by: Viewer, on: date
) -> list[Task]:
    if not contents:
        return []
    tasks = add_tasks(reading.file.programme, by=by, contents=contents, on=on)
    drafts = [row.draft for row in rows]
    for draft, task in zip(drafts, tasks, strict=True):
        draft.task = task
        draft.version += 1
    TaskDraft.objects.bulk_update(drafts, ["task", "version"])
    Quotation.objects.bulk_create(
        Quotation(task=draft.task, reading=reading, start=draft.start, end=draft.end) for draft in drafts
    )
    return tasks
