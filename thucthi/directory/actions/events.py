"""Merge, split, rename, move, dissolve: recorded changes of the tree, each with who answers afterwards."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.actions.organisations import searchable
from thucthi.directory.models import (
    EventKind,
    Organisation,
    OrganisationEvent,
    OrganisationName,
    Placement,
    Succession,
)
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.vietnamese_text import nfc, sort_key
from thucthi.ledger.actions import record

ENDING = (EventKind.MERGE, EventKind.SPLIT, EventKind.DISSOLVE)


@dataclass(frozen=True)
class NewEvent:
    """A change of the tree on one day.

    Merge, split and dissolve end their predecessors the day before; a body that absorbs others goes on and is only a
    successor. Rename and move take one predecessor that goes on, with `new_name` or `new_parent`.
    """

    code: str
    kind: str
    effective_on: date
    legal_basis: str
    predecessors: tuple[Organisation, ...]
    successors: tuple[Organisation, ...] = ()
    note: str = ""
    new_name: str = ""
    new_short_name: str = ""
    new_parent: Organisation | None = None


@transaction.atomic
def record_event(*, by: Viewer, event: NewEvent) -> OrganisationEvent:
    """Record the event and let the tree follow. Raises Forbidden, Refused (all faults at once); nothing half done."""
    require(access.can_change_the_tree(by), _("Chỉ cơ quan thường trực chỉ đạo được ghi nhận việc sắp xếp tổ chức."))
    involved = _locked(event)
    refuse_if(_faults_of(event, involved))
    made = OrganisationEvent.objects.create(
        code=event.code.lower(),
        kind=event.kind,
        effective_on=event.effective_on,
        legal_basis=event.legal_basis.strip(),
        note=event.note.strip(),
    )
    Succession.objects.bulk_create(
        Succession(event=made, predecessor=old, successor=new) for old in event.predecessors for new in event.successors
    )
    if event.kind in ENDING:
        _end(involved, event.effective_on)
    elif event.kind == EventKind.RENAME:
        _rename(involved[0], event)
    else:
        _move(involved[0], event)
    record(
        "organisation_event.recorded",
        by=by,
        subject=made,
        kind=str(event.kind),
        effective_on=event.effective_on,
        legal_basis=made.legal_basis,
        predecessors=[row.code for row in event.predecessors],
        successors=[row.code for row in event.successors],
        new_name=event.new_name,
        new_parent=event.new_parent.code if event.new_parent else None,
    )
    return made


def _locked(event: NewEvent) -> list[Organisation]:
    ids = [row.pk for row in event.predecessors]
    rows = {
        row.pk: row for row in Organisation.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    return [rows[pk] for pk in ids if pk in rows]


def _faults_of(event: NewEvent, involved: list[Organisation]) -> list[Fault]:
    faults = []
    if OrganisationEvent.objects.filter(code=event.code.lower()).exists():
        faults.append(Fault("code", _("Mã việc sắp xếp này đã dùng. Đề nghị chọn mã khác.")))
    if not event.legal_basis.strip():
        faults.append(Fault("legal_basis", _("Đề nghị ghi căn cứ pháp lý của việc sắp xếp.")))
    if not involved:
        faults.append(Fault("predecessors", _("Đề nghị chọn cơ quan được sắp xếp.")))
    for row in involved:
        if row.valid_to and row.valid_to < event.effective_on:
            faults.append(
                Fault("predecessors", _("%(name)s đã kết thúc hoạt động trước ngày này.") % {"name": row.official_name})
            )
    return [*faults, *_faults_of_kind(event, involved)]


def _faults_of_kind(event: NewEvent, involved: list[Organisation]) -> list[Fault]:
    if event.kind in ENDING:
        if not event.successors and event.kind != EventKind.DISSOLVE:
            return [Fault("successors", _("Đề nghị chọn cơ quan tiếp nhận nhiệm vụ."))]
        if {row.pk for row in event.successors} & {row.pk for row in involved}:
            return [Fault("successors", _("Cơ quan tiếp nhận không thể là cơ quan kết thúc hoạt động."))]
        return []
    if len(involved) != 1:
        return [Fault("predecessors", _("Đổi tên hoặc chuyển cơ quan chủ quản: đề nghị chọn đúng một cơ quan."))]
    if event.kind == EventKind.RENAME:
        return [] if event.new_name.strip() else [Fault("new_name", _("Đề nghị ghi tên mới."))]
    return _faults_of_move(event, involved[0])


def _faults_of_move(event: NewEvent, moved: Organisation) -> list[Fault]:
    if event.new_parent is None:
        return [Fault("new_parent", _("Đề nghị chọn cơ quan chủ quản mới."))]
    if moved.pk in event.new_parent.path:
        return [
            Fault(
                "new_parent",
                _("%(parent)s đang ở dưới %(moved)s nên không thể làm cơ quan chủ quản. Đề nghị chọn cơ quan khác.")
                % {"parent": event.new_parent.official_name, "moved": moved.official_name},
            )
        ]
    return []


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _end(ended: list[Organisation], effective_on: date) -> None:
    for row in ended:
        row.valid_to = min(row.valid_to or _day_before(effective_on), _day_before(effective_on))
    Organisation.objects.bulk_update(ended, ["valid_to"])


def _rename(organisation: Organisation, event: NewEvent) -> None:
    last = _day_before(event.effective_on)
    organisation.names.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
    old = organisation.official_name
    organisation.official_name = nfc(event.new_name.strip())
    organisation.short_name = nfc((event.new_short_name or event.new_name).strip())
    organisation.search_text = searchable(
        organisation.code, organisation.official_name, organisation.short_name, old, *organisation.aliases
    )
    organisation.sort_key = sort_key(organisation.official_name)
    organisation.save(update_fields=["official_name", "short_name", "search_text", "sort_key"])
    OrganisationName.objects.create(
        organisation=organisation,
        official_name=organisation.official_name,
        short_name=organisation.short_name,
        valid_from=event.effective_on,
    )


def _move(organisation: Organisation, event: NewEvent) -> None:
    """The whole subtree follows: the part of each lineage above the moved body is exchanged in one statement."""
    parent = Organisation.objects.select_for_update(of=("self",)).get(
        pk=event.new_parent.pk if event.new_parent else None
    )
    last = _day_before(event.effective_on)
    organisation.placements.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
    Placement.objects.create(organisation=organisation, parent=parent, valid_from=event.effective_on)
    organisation.parent = parent
    organisation.save(update_fields=["parent"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_organisation SET path = %s::bigint[] || path[array_position(path, %s::bigint):]"
            " WHERE path @> ARRAY[%s::bigint]",
            [parent.path, organisation.pk, organisation.pk],
        )
