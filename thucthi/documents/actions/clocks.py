"""Statutory times: how many days the law gives a stage. A change ends the old row; running clocks stay as frozen."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.documents import access
from thucthi.documents.models import InstrumentType, Stage, StatutoryClock
from thucthi.documents.selectors.clocks import keeps_clocks_at_the_centre
from thucthi.documents.selectors.contents import NewClock
from thucthi.kernel.errors import Fault, Stale, refuse_if, require
from thucthi.ledger.actions import record

# Two people who set the first clock of the same stage at once find no row to queue at.
CLOCK_LOCK = 7020
MOST_DAYS = 2000
WITHOUT_CLOCK = {Stage.ISSUED, Stage.IN_FORCE}


@transaction.atomic
def set_statutory_clock(*, by: Viewer, new: NewClock) -> StatutoryClock:
    """From `new.valid_from` on the law gives this stage so many days; what held before ends the day before."""
    _queue(by)
    before = StatutoryClock.objects.select_for_update().filter(type=new.type, stage=new.stage, valid_to=None).first()
    refuse_if(_faults(new, before))
    if before is not None and new.valid_from is not None:
        before.valid_to = new.valid_from - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    plain = {**vars(new), "type": str(new.type), "stage": str(new.stage), "counting": str(new.counting)}
    plain["legal_basis"] = new.legal_basis.strip()
    clock = StatutoryClock.objects.create(**plain)
    record("statutory_clock.set", by=by, subject=clock, **plain, ended=before.pk if before else None)
    return clock


@transaction.atomic
def end_statutory_clock(clock: StatutoryClock, *, by: Viewer, on: date | None, reason: str) -> StatutoryClock:
    """The law no longer sets a time for this stage; `on` is the last day it did. Raises Stale when it ended already."""
    _queue(by)
    clock = StatutoryClock.objects.select_for_update().get(pk=clock.pk)
    if clock.valid_to is not None:
        raise Stale(_("Thời hạn này vừa được người khác kết thúc."))
    faults = []
    if on is None:
        faults.append(Fault("on", _("Đề nghị ghi ngày cuối cùng thời hạn này còn áp dụng.")))
    elif on < clock.valid_from:
        faults.append(Fault("on", _("Ngày kết thúc phải từ ngày bắt đầu áp dụng trở đi.")))
    if not reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi căn cứ.")))
    refuse_if(faults)
    clock.valid_to = on
    clock.save(update_fields=["valid_to"])
    record("statutory_clock.ended", by=by, subject=clock, on=on, reason=reason.strip())
    return clock


def _queue(by: Viewer) -> None:
    require(
        access.can_keep_clocks(by, is_central=keeps_clocks_at_the_centre(by)),
        _("Chỉ cơ quan thường trực chỉ đạo ở Trung ương ghi được thời hạn luật định."),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [CLOCK_LOCK])


def _faults(new: NewClock, before: StatutoryClock | None) -> list[Fault]:
    faults = []
    if new.type not in InstrumentType.values:
        faults.append(Fault("type", _("Đề nghị chọn loại văn bản trong danh sách.")))
    if new.stage not in Stage.values or new.stage in WITHOUT_CLOCK:
        faults.append(Fault("stage", _("Đề nghị chọn một giai đoạn trước khi ban hành.")))
    if new.days is None or not 0 < new.days <= MOST_DAYS:
        faults.append(Fault("days", _("Đề nghị ghi số ngày, từ 1 đến 2000.")))
    if new.counting not in StatutoryClock.Counting.values:
        faults.append(Fault("counting", _("Đề nghị chọn cách đếm ngày.")))
    if not new.legal_basis.strip():
        faults.append(Fault("legal_basis", _("Đề nghị ghi điều, khoản của luật quy định thời hạn này.")))
    return [*faults, *_faults_of_day(new.valid_from, before)]


def _faults_of_day(valid_from: date | None, before: StatutoryClock | None) -> list[Fault]:
    if valid_from is None:
        return [Fault("valid_from", _("Đề nghị ghi ngày bắt đầu áp dụng."))]
    if before is not None and valid_from <= before.valid_from:
        return [Fault("valid_from", _("Ngày hiệu lực phải sau ngày của thời hạn đang áp dụng."))]
    return []
