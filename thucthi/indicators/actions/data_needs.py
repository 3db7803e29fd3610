"""A task that cannot go on without the values of an indicator says so, and says when it no longer does (D65)."""

from datetime import date
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators.models import DataNeed, Indicator
from thucthi.kernel.errors import Fault, NotVisible, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes.access import can_tie
from thucthi.programmes.models import Task
from thucthi.programmes.selectors import standing_of, task_for, visible_tasks

MOST_LETTERS_OF_REASON = 500


@transaction.atomic
def set_data_need(task: Task, *, by: Viewer, indicator_code: str, reason: str, on: date) -> DataNeed:
    """Raises NotVisible, Forbidden, Refused. The task's row is held, so that two at once do not enter it twice."""
    task = task_for(by, task.code)
    _require_right(by, task)
    Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    indicator = Indicator.objects.filter(code=indicator_code.strip()).first()
    refuse_if(_faults_of(task, indicator, indicator_code.strip(), reason.strip()))
    made = DataNeed.objects.create(
        task=task, indicator=cast(Indicator, indicator), reason=reason.strip(), created_on=on
    )
    record(
        "data_need.set",
        by=by,
        subject=made,
        task=task.code,
        indicator=made.indicator.code,
        reason=made.reason,
        created_on=on,
    )
    return made


@transaction.atomic
def end_data_need(need: DataNeed, *, by: Viewer, on: date) -> DataNeed:
    """The task no longer needs the values. Raises NotVisible, Forbidden, Stale, Refused."""
    related = ("task__programme__organisation", "indicator")
    held = DataNeed.objects.select_for_update(of=("self",)).select_related(*related).get(pk=need.pk)
    if not visible_tasks(by).filter(pk=held.task_id).exists():
        raise NotVisible
    _require_right(by, held.task)
    if held.ended_on is not None:
        raise Stale(
            _("Nhu cầu số liệu này đã được bỏ ngày %(day)s.") % {"day": f"{held.ended_on:%d/%m/%Y}"}, current=held
        )
    refuse_if([Fault("", _("Ngày bỏ không thể trước ngày ghi."))] if on < held.created_on else [])
    held.ended_on = on
    held.save(update_fields=["ended_on"])
    record(
        "data_need.ended",
        by=by,
        subject=held,
        task=held.task.code,
        indicator=held.indicator.code,
        ended_on=on,
    )
    return held


def _require_right(by: Viewer, task: Task) -> None:
    owner = task.programme.organisation
    require(
        can_tie(by, [owner.pk], [owner.path]),
        _("Chỉ người soạn, người đứng đầu của cơ quan có chương trình, hoặc cơ quan thường trực chỉ đạo được ghi."),
    )


def _faults_of(task: Task, indicator: Indicator | None, code: str, reason: str) -> list[Fault]:
    faults = []
    if indicator is None:
        sentence = _("Không tìm thấy chỉ tiêu nào có mã “%(code)s”. Đề nghị kiểm tra lại mã.")
        faults.append(Fault("indicator_code", sentence % {"code": code}))
    elif DataNeed.objects.filter(task=task, indicator=indicator, ended_on__isnull=True).exists():
        faults.append(Fault("indicator_code", _("Nhu cầu này đã được ghi rồi; xem trong danh sách.")))
    if len(reason) > MOST_LETTERS_OF_REASON:
        limit = {"most": MOST_LETTERS_OF_REASON}
        faults.append(Fault("reason", _("Lý do dài quá %(most)s chữ. Đề nghị rút gọn.") % limit))
    if standing_of(task).is_closed:
        sentence = _("Nhiệm vụ %(code)s đã hủy hoặc đã được thay thế; không ghi thêm quan hệ với việc này.")
        faults.append(Fault("", sentence % {"code": task.code}))
    return faults
