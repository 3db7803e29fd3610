"""When reports are owed under a document, and whom they climb: set by its steering office, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Level
from thucthi.documents.models import Document
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.reporting import access
from thucthi.reporting.models import AcceptanceRoute, PeriodKind, ReportingCalendar, Rung

ONE_DAY = timedelta(days=1)
LAST_WEEKDAY, LAST_DAY, LONGEST_GRACE, LONGEST_BASIS = 7, 31, 20, 300
Line = TypeVar("Line", ReportingCalendar, AcceptanceRoute)


@dataclass(frozen=True)
class NewCalendar:
    """`level` "": every level; `due_day` None: the house's own rule (`kernel.working_days.report_due_on`)."""

    level: str
    rhythm: str
    basis: str
    valid_from: date
    due_day: int | None = None
    grace_days: int = 0


@dataclass(frozen=True)
class NewRoute:
    """`level` "": every level; `rungs` in any order, they are climbed from the lowest."""

    level: str
    rungs: Sequence[str]
    basis: str
    valid_from: date


@transaction.atomic
def set_calendar(document: Document, *, by: Viewer, new: NewCalendar) -> ReportingCalendar:
    """Bodies of this level report in this rhythm from that day on; the line it replaces ends the day before.

    Obligations made before stay as they are. Raises Forbidden, Refused with all faults.
    """
    document = _hold(document, by)
    standing = ReportingCalendar.objects.filter(
        document=document, level=new.level, rhythm=new.rhythm, valid_to__isnull=True
    ).first()
    refuse_if([*_faults_of_calendar(new), *_faults_of_line(new.level, new.basis, new.valid_from, standing)])
    _end(standing, new.valid_from - ONE_DAY)
    made = ReportingCalendar.objects.create(
        document=document,
        level=new.level,
        rhythm=new.rhythm,
        due_day=new.due_day,
        grace_days=new.grace_days,
        basis=new.basis.strip(),
        valid_from=new.valid_from,
        by_id=by.account_id,
    )
    record(
        "calendar.set",
        by=by,
        subject=made,
        document=document.slug,
        level=new.level,
        rhythm=new.rhythm,
        due_day=new.due_day,
        grace_days=new.grace_days,
        basis=made.basis,
        valid_from=new.valid_from,
    )
    return made


@transaction.atomic
def end_calendar(calendar: ReportingCalendar, *, by: Viewer, last_day: date) -> ReportingCalendar:
    """The line asks for nothing after `last_day`. Raises Forbidden, Refused."""
    _hold(calendar.document, by)
    calendar = ReportingCalendar.objects.select_for_update().get(pk=calendar.pk)
    refuse_if(_faults_of_end(calendar, last_day))
    _end(calendar, last_day)
    record("calendar.ended", by=by, subject=calendar, last_day=last_day)
    return calendar


@transaction.atomic
def set_route(document: Document, *, by: Viewer, new: NewRoute) -> AcceptanceRoute:
    """Reports sent from that day on by bodies of this level climb these rungs; those sent before keep their route."""
    document = _hold(document, by)
    standing = AcceptanceRoute.objects.filter(document=document, level=new.level, valid_to__isnull=True).first()
    unknown = set(new.rungs) - set(Rung.values)
    faults = _faults_of_line(new.level, new.basis, new.valid_from, standing)
    if not new.rungs or unknown:
        faults.append(Fault("rungs", _("Đề nghị chọn ít nhất một cấp nghiệm thu trong danh sách.")))
    refuse_if(faults)
    _end(standing, new.valid_from - ONE_DAY)
    made = AcceptanceRoute.objects.create(
        document=document,
        level=new.level,
        rungs=[rung for rung in Rung.values if rung in new.rungs],
        basis=new.basis.strip(),
        valid_from=new.valid_from,
        by_id=by.account_id,
    )
    record(
        "route.set",
        by=by,
        subject=made,
        document=document.slug,
        level=new.level,
        rungs=list(made.rungs),
        basis=made.basis,
        valid_from=new.valid_from,
    )
    return made


@transaction.atomic
def end_route(route: AcceptanceRoute, *, by: Viewer, last_day: date) -> AcceptanceRoute:
    """After `last_day` reports are judged once, by the owner or any body above. Raises Forbidden, Refused."""
    _hold(route.document, by)
    route = AcceptanceRoute.objects.select_for_update().get(pk=route.pk)
    refuse_if(_faults_of_end(route, last_day))
    _end(route, last_day)
    record("route.ended", by=by, subject=route, last_day=last_day)
    return route


def _hold(document: Document, by: Viewer) -> Document:
    """Queue at the document: two changes of one line do not meet."""
    require(
        access.can_set_cycle(by, document.register_id),
        _("Chỉ cơ quan thường trực chỉ đạo nơi đăng ký văn bản được đặt lịch báo cáo và các cấp nghiệm thu."),
    )
    return Document.objects.select_for_update(of=("self",)).get(pk=document.pk)


def _end(line: Line | None, last_day: date) -> None:
    if line is not None:
        line.valid_to = last_day
        line.save(update_fields=["valid_to"])


def _faults_of_calendar(new: NewCalendar) -> list[Fault]:
    faults = []
    if new.rhythm not in PeriodKind.values:
        faults.append(Fault("rhythm", _("Đề nghị chọn nhịp báo cáo trong danh sách.")))
    last = LAST_WEEKDAY if new.rhythm == PeriodKind.WEEKLY else LAST_DAY
    if new.due_day is not None and new.rhythm == PeriodKind.DAILY:
        faults.append(Fault("due_day", _("Báo cáo ngày luôn nộp trong ngày; đề nghị để trống ngày nộp.")))
    elif new.due_day is not None and not 1 <= new.due_day <= last:
        faults.append(Fault("due_day", _("Ngày nộp phải từ 1 đến %(last)s.") % {"last": last}))
    if not 0 <= new.grace_days <= LONGEST_GRACE:
        faults.append(Fault("grace_days", _("Số ngày gia hạn phải từ 0 đến 20 ngày làm việc.")))
    return faults


def _faults_of_line(level: str, basis: str, valid_from: date, standing: Line | None) -> list[Fault]:
    faults = []
    if level and level not in Level.values:
        faults.append(Fault("level", _("Đề nghị chọn cấp trong danh sách.")))
    if not basis.strip():
        faults.append(Fault("basis", _("Đề nghị ghi văn bản làm căn cứ.")))
    elif len(basis.strip()) > LONGEST_BASIS:
        faults.append(Fault("basis", _("Căn cứ tối đa 300 ký tự. Đề nghị ghi số, ký hiệu văn bản.")))
    if standing is not None and valid_from <= standing.valid_from:
        sentence = _("Dòng hiện hành có hiệu lực từ %(day)s; dòng mới phải bắt đầu sau ngày đó.")
        faults.append(Fault("valid_from", sentence % {"day": f"{standing.valid_from:%d/%m/%Y}"}))
    return faults


def _faults_of_end(line: Line, last_day: date) -> list[Fault]:
    if line.valid_to is not None:
        return [Fault("last_day", _("Dòng này đã kết thúc ngày %(day)s.") % {"day": f"{line.valid_to:%d/%m/%Y}"})]
    if last_day < line.valid_from:
        return [Fault("last_day", _("Ngày cuối không thể trước ngày bắt đầu có hiệu lực."))]
    return []
