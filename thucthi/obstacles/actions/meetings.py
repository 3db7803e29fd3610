"""Calling a meeting of a committee, and keeping its agenda until the minutes came back (D55)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.obstacles import access
from thucthi.obstacles.calculations import CLOSED
from thucthi.obstacles.models import AgendaItem, Meeting, Obstacle
from thucthi.obstacles.selectors import visible_obstacles, with_state

MEETING_CODES_LOCK = 7122


@dataclass(frozen=True)
class NewMeeting:
    """Which committee meets when. `code` None: assigned."""

    committee: Organisation
    title: str
    held_on: date | None
    place: str = ""
    chair: str = ""
    code: str | None = None
    is_simulated: bool = False


@transaction.atomic
def create_meeting(*, by: Viewer, new: NewMeeting, on: date) -> Meeting:
    """Raises Forbidden, Refused (all faults at once)."""
    _require_hold(by, new.committee.pk)
    refuse_if(_faults_of(new, on))
    meeting = Meeting.objects.create(
        code=new.code or _next_code(cast(date, new.held_on).year),
        committee=new.committee,
        title=new.title.strip(),
        held_on=cast(date, new.held_on),
        place=new.place.strip(),
        chair=new.chair.strip(),
        by_id=by.account_id,
        is_simulated=new.is_simulated,
    )
    record(
        "meeting.called",
        by=by,
        subject=meeting,
        code=meeting.code,
        committee=new.committee.code,
        title=meeting.title,
        held_on=meeting.held_on,
        place=meeting.place,
        chair=meeting.chair,
    )
    return meeting


@transaction.atomic
def put_on_agenda(meeting: Meeting, *, by: Viewer, obstacles: Collection[Obstacle], on: date) -> list[AgendaItem]:
    """Add obstacles at the end, in the order given; those that stand on it already are passed over.

    Raises Forbidden, Refused (nothing chosen, or closed meanwhile), and Stale once the minutes came back.
    """
    held = _open_meeting(meeting, by)
    wanted = {obstacle.pk: obstacle for obstacle in obstacles}
    seen = {row.pk: row for row in with_state(visible_obstacles(by).filter(pk__in=wanted), on)}
    require(len(seen) == len(wanted), _("Có điểm nghẽn mà ông/bà không thuộc phạm vi được xem."))
    refuse_if(_faults_of_items([seen[pk] for pk in wanted]))
    there = set(held.items.values_list("obstacle", flat=True))
    last = held.items.aggregate(last=Max("position"))["last"] or 0
    added = [
        AgendaItem(meeting=held, obstacle=wanted[pk], position=position)
        for position, pk in enumerate((pk for pk in wanted if pk not in there), start=last + 1)
    ]
    made = AgendaItem.objects.bulk_create(added)
    record(
        "meeting.agenda_extended",
        by=by,
        subject=held,
        code=held.code,
        obstacles=[item.obstacle.code for item in made],
    )
    return made


@transaction.atomic
def take_off_agenda(meeting: Meeting, *, by: Viewer, obstacle: Obstacle) -> None:
    """Raises Forbidden, and Stale when it is no longer there or the minutes came back."""
    held = _open_meeting(meeting, by)
    item = held.items.filter(obstacle=obstacle).first()
    if item is None:
        raise Stale(_("Mục này vừa được người khác đưa ra khỏi chương trình. Hãy tải lại trang."), current=held)
    item.delete()
    record("meeting.agenda_shortened", by=by, subject=held, code=held.code, obstacle=obstacle.code)


@transaction.atomic
def move_on_agenda(meeting: Meeting, *, by: Viewer, obstacle: Obstacle, up: bool) -> None:
    """Swap with the neighbour above, or below; at either end nothing moves. Raises Forbidden and Stale."""
    held = _open_meeting(meeting, by)
    items = list(held.items.select_related("obstacle").order_by("position"))
    place = next((n for n, item in enumerate(items) if item.obstacle_id == obstacle.pk), None)
    if place is None:
        raise Stale(_("Mục này vừa được người khác đưa ra khỏi chương trình. Hãy tải lại trang."), current=held)
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        _swap(items[place], items[other], spare=items[-1].position + 1)
    record(
        "meeting.agenda_reordered",
        by=by,
        subject=held,
        code=held.code,
        order=list(held.items.order_by("position").values_list("obstacle__code", flat=True)),
    )


def _open_meeting(meeting: Meeting, by: Viewer) -> Meeting:
    """The meeting as it stands, locked until the transaction ends. Raises Forbidden, and Stale once it is shut."""
    _require_hold(by, meeting.committee_id)
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.minutes_number:
        raise Stale(
            _("Kết luận của phiên họp đã được ghi (%(number)s, ngày %(day)s); chương trình họp không đổi được nữa.")
            % {"number": held.minutes_number, "day": f"{held.minutes_on:%d/%m/%Y}"},
            current=held,
        )
    return held


def _require_hold(by: Viewer, committee_id: int) -> None:
    require(
        access.can_hold_meeting(by, committee_id),
        _("Chỉ cơ quan thường trực hoặc người đứng đầu của chính ban, cơ quan họp được chuẩn bị phiên họp này."),
    )


def _swap(one: AgendaItem, other: AgendaItem, *, spare: int) -> None:
    places = (one.position, other.position)
    for item, position in ((one, spare), (other, places[0]), (one, places[1])):
        item.position = position
        item.save(update_fields=["position"])


def _faults_of(new: NewMeeting, on: date) -> list[Fault]:
    faults = []
    if not new.title.strip():
        faults.append(Fault("title", _("Hãy ghi tên phiên họp, ví dụ “Phiên họp thứ ba”.")))
    if new.held_on is None:
        faults.append(Fault("held_on", _("Hãy ghi ngày họp.")))
    if new.committee.valid_to and new.committee.valid_to < (new.held_on or on):
        text = _("%(name)s đã kết thúc hoạt động ngày %(day)s nên không họp được sau ngày đó.")
        told = {"name": new.committee.official_name, "day": f"{new.committee.valid_to:%d/%m/%Y}"}
        faults.append(Fault("committee", text % told))
    named = (("title", new.title, 300), ("place", new.place, 300), ("chair", new.chair, 200))
    too_long = _("Nội dung này dài quá %(longest)s chữ. Đề nghị rút gọn.")
    faults += [
        Fault(name, too_long % {"longest": longest}) for name, text, longest in named if len(text.strip()) > longest
    ]
    if new.code and Meeting.objects.filter(code=new.code).exists():
        text = _("Mã %(code)s đã được dùng; hãy để trống để hệ thống cấp mã.")
        faults.append(Fault("code", text % {"code": new.code}))
    return faults


def _faults_of_items(obstacles: list[Obstacle]) -> list[Fault]:
    if not obstacles:
        return [Fault("obstacles", _("Hãy chọn ít nhất một điểm nghẽn để đưa vào chương trình họp."))]
    text = _("Điểm nghẽn %(code)s đã đóng; hãy bỏ chọn.")
    closed = {state.value for state in CLOSED}
    return [
        Fault("obstacles", text % {"code": row.code})
        for row in obstacles
        if row.state in closed  # type: ignore[attr-defined]
    ]


def _next_code(year: int) -> str:
    """PH-2026-00001, 00002, …: one at a time, so that two at once never get the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MEETING_CODES_LOCK, year])
    taken = Meeting.objects.filter(code__regex=rf"^PH-{year}-\d{{5}}$")
    last = taken.order_by("-code").values_list("code", flat=True).first()
    return f"PH-{year}-{int(last[-5:]) + 1 if last else 1:05d}"
