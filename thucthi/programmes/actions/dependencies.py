"""Saying what a task waits for, across programmes and resolutions, and ending it (D65)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.kernel.errors import Fault, NotVisible, Stale, refuse_if, require
from thucthi.ledger.actions import record
from thucthi.programmes import access
from thucthi.programmes.models import Dependency, DependencyKind, Task
from thucthi.programmes.selectors.dependencies import (
    Needed,
    circle_of,
    edge_of,
    hold_the_graph,
    in_order,
    needed_typed,
)
from thucthi.programmes.selectors.standing import standing_of
from thucthi.programmes.selectors.visibility import task_for, visible_tasks

# A year of working days; a longer wait is a deadline of its own.
LONGEST_LAG = 250
LONGEST_REASON = 500


@dataclass(frozen=True)
class NewDependency:
    """`waiting` cannot go on before `needed_code`, a task or an owed text; `lag_days` in working days, None: unread."""

    kind: str
    waiting: Task
    needed_code: str
    lag_days: int | None = 0
    reason: str = ""


@transaction.atomic
def add_dependency(*, by: Viewer, new: NewDependency, on: date) -> Dependency:
    """Raises NotVisible, Forbidden, Refused: all faults at once, a circle with the codes along it.

    A task that the viewer may not see is refused in the words for one that does not exist.
    """
    waiting = task_for(by, new.waiting.code)
    hold_the_graph()
    needed = needed_typed(by, new.needed_code)
    _require_right(by, new.kind, waiting, needed)
    refuse_if([*_faults_of_form(new), *(_faults_of_need(new, waiting, needed) if needed else [_unknown(new)])])
    waiting, needed = in_order(new.kind, waiting, needed or Needed())
    refuse_if(_faults_of_edge(by, new, waiting, needed))
    made = Dependency.objects.create(
        kind=new.kind,
        waiting_task=waiting,
        needed_task=needed.task,
        needed_instrument=needed.instrument,
        lag_days=new.lag_days or 0,
        reason=new.reason.strip(),
        by_id=by.account_id,
        created_on=on,
    )
    record(
        "dependency.added",
        by=by,
        subject=made,
        kind=made.kind,
        waiting=waiting.code,
        needed=needed.task.code if needed.task else None,
        instrument=needed.instrument.code if needed.instrument else None,
        lag_days=made.lag_days,
        reason=made.reason,
        created_on=on,
    )
    return made


@transaction.atomic
def end_dependency(dependency: Dependency, *, by: Viewer, reason: str, on: date) -> Dependency:
    """The task no longer waits; the row stays readable. Raises NotVisible, Forbidden, Refused, Stale."""
    related = ("waiting_task__programme__organisation", "needed_task__programme__organisation")
    held = Dependency.objects.select_for_update(of=("self",)).select_related(*related).get(pk=dependency.pk)
    either = [pk for pk in (held.waiting_task_id, held.needed_task_id) if pk is not None]
    if not visible_tasks(by).filter(pk__in=either).exists():
        raise NotVisible
    _require_right(by, held.kind, held.waiting_task, Needed(held.needed_task, held.needed_instrument))
    if held.ended_on is not None:
        raise Stale(
            _("Quan hệ này đã được bỏ ngày %(day)s: “%(reason)s”. Không cần bỏ lần nữa.")
            % {"day": f"{held.ended_on:%d/%m/%Y}", "reason": held.ended_because},
            current=held,
            submitted=reason,
        )
    refuse_if(_faults_of_ending(held, reason, on))
    held.ended_on, held.ended_because = on, reason.strip()
    held.save(update_fields=["ended_on", "ended_because"])
    record(
        "dependency.ended",
        by=by,
        subject=held,
        kind=held.kind,
        waiting=held.waiting_task.code,
        needed=held.needed_task.code if held.needed_task else None,
        instrument=held.needed_instrument.code if held.needed_instrument else None,
        reason=held.ended_because,
        ended_on=on,
    )
    return held


def _require_right(by: Viewer, kind: str, waiting: Task, needed: Needed | None) -> None:
    owners = [waiting.programme.organisation_id]
    sides: list[Sequence[int]] = [waiting.programme.organisation.path]
    if needed is not None and needed.path:
        sides.append(needed.path)
        if kind == DependencyKind.COMPETES and needed.task is not None:
            owners.append(needed.task.programme.organisation_id)
    require(
        access.can_tie(by, owners, sides),
        _(
            "Chỉ người soạn, người đứng đầu của cơ quan có việc đang chờ, hoặc cơ quan thường trực chỉ đạo cấp trên"
            " được ghi, bỏ quan hệ này."
        ),
    )


def _unknown(new: NewDependency) -> Fault:
    if not new.needed_code.strip():
        return Fault("needed_code", _("Đề nghị ghi mã của nhiệm vụ hoặc văn bản cần có trước."))
    sentence = _("Không tìm thấy nhiệm vụ hoặc văn bản nào có mã “%(code)s”. Đề nghị kiểm tra lại mã.")
    return Fault("needed_code", sentence % {"code": new.needed_code.strip()})


def _faults_of_form(new: NewDependency) -> list[Fault]:
    faults = []
    if new.kind not in DependencyKind.values:
        faults.append(Fault("kind", _("Đề nghị chọn loại quan hệ.")))
    if new.lag_days is None or not 0 <= new.lag_days <= LONGEST_LAG:
        sentence = _("Đề nghị ghi số ngày làm việc phải đợi thêm, từ 0 đến %(most)s.")
        faults.append(Fault("lag_days", sentence % {"most": LONGEST_LAG}))
    if len(new.reason.strip()) > LONGEST_REASON:
        faults.append(Fault("reason", _("Lý do dài quá %(most)s chữ. Đề nghị rút gọn.") % {"most": LONGEST_REASON}))
    return faults


def _faults_of_need(new: NewDependency, waiting: Task, needed: Needed) -> list[Fault]:
    faults = []
    wants_text = new.kind == DependencyKind.NEEDS_INSTRUMENT
    if new.kind in DependencyKind.values and wants_text != (needed.instrument is not None):
        faults.append(Fault("kind", _kind_does_not_fit(needed)))
    if needed.task is not None and needed.task.pk == waiting.pk:
        faults.append(Fault("needed_code", _("Một việc không thể chờ chính nó. Đề nghị ghi mã của việc khác.")))
    for task, field in ((waiting, ""), (needed.task, "needed_code")):
        if task is not None and standing_of(task).is_closed:
            sentence = _("Nhiệm vụ %(code)s đã hủy hoặc đã được thay thế; không ghi thêm quan hệ với việc này.")
            faults.append(Fault(field, sentence % {"code": task.code}))
    return faults


def _kind_does_not_fit(needed: Needed) -> str:
    if needed.instrument is not None:
        return _("Mã này là của một văn bản: đề nghị chọn loại “Cần văn bản”.")
    return _("Mã này là của một nhiệm vụ: loại “Cần văn bản” chỉ dùng cho văn bản phải ban hành.")


def _faults_of_edge(by: Viewer, new: NewDependency, waiting: Task, needed: Needed) -> list[Fault]:
    """Asked while the graph is held, so that the answer is still true when the row is written."""
    standing = Dependency.objects.filter(
        kind=new.kind,
        waiting_task=waiting,
        needed_task=needed.task,
        needed_instrument=needed.instrument,
        ended_on__isnull=True,
    )
    if standing.exists():
        return [Fault("needed_code", _("Quan hệ này đã được ghi rồi; xem trong danh sách."))]
    numbers = (needed.task.pk if needed.task else None, needed.instrument.pk if needed.instrument else None)
    circle = circle_of(by, edge_of(new.kind, waiting.pk, *numbers, new.lag_days or 0))
    if not circle:
        return []
    sentence = _("Các việc sẽ chờ nhau thành vòng: %(circle)s. Đề nghị bỏ một quan hệ trong vòng này trước.")
    return [Fault("needed_code", sentence % {"circle": circle})]


def _faults_of_ending(held: Dependency, reason: str, on: date) -> list[Fault]:
    faults = []
    if not reason.strip():
        faults.append(Fault("reason", _("Đề nghị ghi vì sao không còn phải chờ.")))
    if len(reason.strip()) > LONGEST_REASON:
        faults.append(Fault("reason", _("Lý do dài quá %(most)s chữ. Đề nghị rút gọn.") % {"most": LONGEST_REASON}))
    if on < held.created_on:
        faults.append(Fault("", _("Ngày bỏ không thể trước ngày ghi quan hệ.")))
    return faults
