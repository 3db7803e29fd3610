"""Merge, split, rename, move, dissolve: recorded changes of the tree, each with who answers afterwards."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thucthi.directory import access
from thucthi.directory.access import Viewer
from thucthi.directory.calculations import searchable
from thucthi.directory.models import (
    EventKind,
    Leadership,
    Organisation,
    OrganisationEvent,
    OrganisationName,
    Placement,
    Succession,
    Tenure,
)
from thucthi.directory.selectors import answering_for, steers_from_the_centre
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.vietnamese_text import nfc, sort_key
from thucthi.ledger.actions import record

# Changes of the tree are rare and concern each other: one at a time, else two moves could close a circle.
_TREE_LOCK = 0x7468_7563
ENDING = (EventKind.MERGE, EventKind.SPLIT, EventKind.DISSOLVE)


@dataclass(frozen=True)
class NewEvent:
    """A change of the tree on one day.

    Merge (one successor), split (two or more) and dissolve (any) end their predecessors the day before; a body that
    absorbs others goes on and is only a successor. Whatever stands below a body that ends follows its one successor.
    Rename and move take one predecessor, which goes on, with `new_name` or `new_parent`.
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
    sentence = _("Chỉ cơ quan thường trực chỉ đạo được ghi nhận việc sắp xếp tổ chức trong phạm vi của mình.")
    require(access.may_change_the_tree(by), sentence)
    event = _as_it_stands(event)
    involved = [*event.predecessors, *event.successors, *([event.new_parent] if event.new_parent else [])]
    central = steers_from_the_centre(by)
    # Nothing chosen yet is a fault of the form, not of the person.
    require(not involved or access.can_rearrange(by, [row.path for row in involved], from_the_centre=central), sentence)
    refuse_if(_faults_of(event))
    made = OrganisationEvent.objects.create(
        code=event.code.lower(),
        kind=event.kind,
        effective_on=event.effective_on,
        legal_basis=nfc(event.legal_basis.strip()),
        note=nfc(event.note.strip()),
    )
    Succession.objects.bulk_create(
        Succession(event=made, predecessor=old, successor=new) for old in event.predecessors for new in event.successors
    )
    followers = _carry_out(event)
    record(
        "organisation_event.recorded",
        by=by,
        subject=made,
        kind=str(event.kind),
        effective_on=event.effective_on,
        legal_basis=made.legal_basis,
        predecessors=[row.code for row in event.predecessors],
        successors=[row.code for row in event.successors],
        followers=[row.code for row in followers],
        new_name=event.new_name,
        new_parent=event.new_parent.code if event.new_parent else None,
    )
    return made


def _as_it_stands(event: NewEvent) -> NewEvent:
    """The same event with its organisations read anew under the lock, each once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])
    named = [*event.predecessors, *event.successors, *([event.new_parent] if event.new_parent else [])]
    ids = sorted({row.pk for row in named})
    fresh = {row.pk: row for row in Organisation.objects.select_for_update(of=("self",)).filter(pk__in=ids)}
    return replace(
        event,
        predecessors=tuple(fresh[pk] for pk in dict.fromkeys(row.pk for row in event.predecessors)),
        successors=tuple(fresh[pk] for pk in dict.fromkeys(row.pk for row in event.successors)),
        new_parent=fresh[event.new_parent.pk] if event.new_parent else None,
    )


def _faults_of(event: NewEvent) -> list[Fault]:
    faults = []
    if not re.fullmatch(r"[-a-zA-Z0-9_]{1,64}", event.code):
        faults.append(Fault("code", _("Đề nghị đặt mã bằng chữ không dấu, chữ số và dấu gạch ngang.")))
    elif OrganisationEvent.objects.filter(code=event.code.lower()).exists():
        faults.append(Fault("code", _("Mã việc sắp xếp này đã dùng. Đề nghị chọn mã khác.")))
    if event.kind not in EventKind.values:
        faults.append(Fault("kind", _("Đề nghị chọn hình thức sắp xếp.")))
    if not event.legal_basis.strip():
        faults.append(Fault("legal_basis", _("Đề nghị ghi căn cứ pháp lý của việc sắp xếp.")))
    if not event.predecessors:
        faults.append(Fault("predecessors", _("Đề nghị chọn cơ quan được sắp xếp.")))
    faults += [fault for row in event.predecessors for fault in _faults_of_standing(row, event)]
    return faults + (_faults_of_ending(event) if event.kind in ENDING else _faults_of_going_on(event))


def _faults_of_standing(row: Organisation, event: NewEvent) -> list[Fault]:
    """The organisation must have stood the day before, and must not have ended then by another event."""
    told = {"name": row.official_name}
    last = _day_before(event.effective_on)
    # An end that was entered beforehand may be confirmed by the event of that very day.
    confirmed = event.kind in ENDING and row.valid_to == last and not row.successions.exists()
    if row.valid_to is not None and not confirmed and (event.kind in ENDING or row.valid_to <= last):
        heirs = ", ".join(heir.official_name for heir in answering_for(row, event.effective_on))
        told |= {"day": f"{row.valid_to:%d/%m/%Y}", "heirs": heirs or _("chưa có")}
        text = _("%(name)s đã kết thúc hoạt động ngày %(day)s. Cơ quan tiếp nhận: %(heirs)s.")
        return [Fault("predecessors", text % told)]
    if row.valid_from and row.valid_from > last:
        return [Fault("effective_on", _("%(name)s chưa hoạt động trước ngày này. Đề nghị kiểm tra ngày.") % told)]
    later = Q(valid_from__gte=event.effective_on)
    if row.names.filter(later).exists() or row.placements.filter(later).exists():
        text = _("%(name)s đã có thay đổi ghi từ ngày này trở đi. Đề nghị ghi các thay đổi theo thứ tự thời gian.")
        return [Fault("effective_on", text % told)]
    return []


def _faults_of_ending(event: NewEvent) -> list[Fault]:
    faults = []
    if event.kind == EventKind.MERGE and len(event.successors) != 1:
        faults.append(Fault("successors", _("Hợp nhất: đề nghị chọn đúng một cơ quan tiếp nhận nhiệm vụ.")))
    if event.kind == EventKind.SPLIT and len(event.successors) < 2:
        faults.append(Fault("successors", _("Chia tách: đề nghị chọn ít nhất hai cơ quan tiếp nhận nhiệm vụ.")))
    faults += [fault for heir in event.successors for fault in _faults_of_heir(heir, event)]
    left = _followers_of(event) if len(event.successors) != 1 else []
    if left:
        text = _("Còn %(count)s cơ quan trực thuộc (%(names)s…). Đề nghị chuyển cơ quan chủ quản của họ trước.")
        named = ", ".join(row.official_name for row in left[:3])
        faults.append(Fault("predecessors", text % {"count": len(left), "names": named}))
    return faults


def _faults_of_heir(heir: Organisation, event: NewEvent) -> list[Fault]:
    ended = {row.pk for row in event.predecessors}
    told = {"name": heir.official_name}
    if heir.pk in ended:
        return [Fault("successors", _("%(name)s không thể vừa kết thúc vừa tiếp nhận nhiệm vụ.") % told)]
    faults = []
    if ended & set(heir.path):
        text = _("%(name)s đang trực thuộc cơ quan kết thúc hoạt động. Đề nghị chuyển cơ quan chủ quản trước.")
        faults.append(Fault("successors", text % told))
    if not _stands_on(heir, event.effective_on):
        text = _("%(name)s không hoạt động vào ngày này nên không thể tiếp nhận nhiệm vụ.")
        faults.append(Fault("successors", text % told))
    return faults


def _faults_of_going_on(event: NewEvent) -> list[Fault]:
    faults = []
    if event.predecessors and len(event.predecessors) != 1:
        text = _("Đổi tên hoặc chuyển cơ quan chủ quản: đề nghị chọn đúng một cơ quan.")
        faults.append(Fault("predecessors", text))
    if event.kind == EventKind.RENAME and not event.new_name.strip():
        faults.append(Fault("new_name", _("Đề nghị ghi tên mới.")))
    if event.kind == EventKind.MOVE and event.new_parent is None:
        faults.append(Fault("new_parent", _("Đề nghị chọn cơ quan chủ quản mới.")))
    elif event.kind == EventKind.MOVE and event.predecessors:
        faults += _faults_of_move(event)
    return faults


def _faults_of_move(event: NewEvent) -> list[Fault]:
    parent, moved = event.new_parent, event.predecessors[0]
    if parent is None:
        return []
    told = {"parent": parent.official_name, "moved": moved.official_name}
    if moved.pk in parent.path:
        text = _("%(parent)s đang ở dưới %(moved)s nên không thể làm cơ quan chủ quản. Đề nghị chọn cơ quan khác.")
        return [Fault("new_parent", text % told)]
    if parent.pk == moved.parent_id:
        return [Fault("new_parent", _("%(moved)s đang trực thuộc %(parent)s rồi.") % told)]
    if not _stands_on(parent, event.effective_on):
        return [Fault("new_parent", _("%(parent)s không hoạt động vào ngày này. Đề nghị chọn cơ quan khác.") % told)]
    return []


def _stands_on(organisation: Organisation, day: date) -> bool:
    begun = organisation.valid_from is None or organisation.valid_from <= day
    return begun and (organisation.valid_to is None or organisation.valid_to >= day)


def _followers_of(event: NewEvent) -> list[Organisation]:
    """Living bodies directly below those that end, themselves not ending."""
    ended = [row.pk for row in event.predecessors]
    below = Organisation.objects.filter(parent__in=ended).exclude(pk__in=ended)
    return list(below.exclude(valid_to__lt=event.effective_on).order_by("sort_key"))


def _carry_out(event: NewEvent) -> list[Organisation]:
    """Change the tree; gives who followed a successor."""
    if event.kind == EventKind.RENAME:
        _rename(event.predecessors[0], event)
    elif event.kind == EventKind.MOVE and event.new_parent:
        _place_under(event.new_parent, event.predecessors[0], event.effective_on)
    elif event.kind in ENDING:
        return _end(event)
    return []


def _end(event: NewEvent) -> list[Organisation]:
    """The bodies end with the day before; their names, places, leaderships and holders of posts end with them."""
    followers = _followers_of(event)
    for row in followers:
        _place_under(event.successors[0], row, event.effective_on)
    last = _day_before(event.effective_on)
    ended = [row.pk for row in event.predecessors]
    still_open = Q(valid_to__isnull=True) | Q(valid_to__gt=last)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=last)
    Organisation.objects.filter(pk__in=ended).update(valid_to=last)
    OrganisationName.objects.filter(still_open & begun, organisation__in=ended).update(valid_to=last)
    Placement.objects.filter(still_open & begun, organisation__in=ended).update(valid_to=last)
    Leadership.objects.filter(still_open & begun & (Q(led__in=ended) | Q(leader__in=ended))).update(valid_to=last)
    Tenure.objects.filter(still_open, post__organisation__in=ended, valid_from__lte=last).update(valid_to=last)
    return followers


def _rename(organisation: Organisation, event: NewEvent) -> None:
    last = _day_before(event.effective_on)
    organisation.names.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
    organisation.official_name = nfc(event.new_name.strip())
    organisation.short_name = nfc((event.new_short_name or event.new_name).strip())
    organisation.sort_key = sort_key(organisation.official_name)
    OrganisationName.objects.create(
        organisation=organisation,
        official_name=organisation.official_name,
        short_name=organisation.short_name,
        valid_from=event.effective_on,
    )
    borne = [name for row in organisation.names.order_by("-pk") for name in (row.official_name, row.short_name)]
    organisation.search_text = searchable(organisation.code, *borne, *organisation.aliases)
    organisation.save(update_fields=["official_name", "short_name", "search_text", "sort_key"])


def _place_under(parent: Organisation, organisation: Organisation, effective_on: date) -> None:
    """The whole subtree follows: the part of each lineage above the moved body is exchanged in one statement."""
    last = _day_before(effective_on)
    # A body that begins on that very day never stood under the old parent.
    if not organisation.placements.filter(valid_from__gt=last).update(parent=parent):
        organisation.placements.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)
        Placement.objects.create(organisation=organisation, parent=parent, valid_from=effective_on)
    organisation.parent = parent
    organisation.save(update_fields=["parent"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE directory_organisation SET path = %s::bigint[] || path[array_position(path, %s::bigint):]"
            " WHERE path @> ARRAY[%s::bigint]",
            [parent.path, organisation.pk, organisation.pk],
        )


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
