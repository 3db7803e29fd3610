"""Indicators: definitions and targets (intent), observations (facts, only added)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.documents.models import Clause, Document
from thucthi.indicators import access
from thucthi.indicators.models import Contribution, Indicator, Observation, ObservationKind, Target
from thucthi.kernel.errors import Fault, refuse_if, require
from thucthi.kernel.values import Bound, Direction, Operator, Value, ValueState
from thucthi.ledger.actions import record
from thucthi.programmes.models import Goal, Task


@dataclass(frozen=True)
class NewIndicator:
    """`direction`: rise, fall or hold."""

    code: str
    name: str
    direction: str
    unit: str = ""
    name_en: str = ""
    unit_en: str = ""
    definition: str = ""
    source: str = ""
    owner: Organisation | None = None
    frequency: str = "quarterly"


@dataclass(frozen=True)
class NewTarget:
    """Operator and bounds exactly as the document writes them (kernel.values.Bound says which bounds go with which)."""

    code: str
    indicator: Indicator
    document: Document
    operator: str
    period: str
    low: Decimal | None = None
    high: Decimal | None = None
    baseline: Decimal | None = None
    year: int | None = None
    goal: Goal | None = None
    clause: Clause | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True)
class NewObservation:
    """`period` names the period (2026-Q1), `period_end` is its last day. `corrects` points at the row it puts right."""

    indicator: Indicator
    period: str
    period_end: date
    state: str
    source: str
    available_on: date
    amount: Decimal | None = None
    kind: str = ObservationKind.ACTUAL
    organisation: Organisation | None = None
    is_simulated: bool = False
    corrects: Observation | None = None


@transaction.atomic
def define_indicators(*, by: Viewer, specs: Sequence[NewIndicator]) -> list[Indicator]:
    """Define indicators, all or none. Faults are named by code."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được định nghĩa chỉ tiêu."))
    taken = set(Indicator.objects.filter(code__in=[spec.code for spec in specs]).values_list("code", flat=True))
    refuse_if([*_repeated([spec.code for spec in specs], taken), *_faults_of_definitions(specs)])
    made = Indicator.objects.bulk_create(Indicator(**vars(spec)) for spec in specs)
    if made:
        record("indicators.defined", by=by, subject=made[0], codes=[spec.code for spec in specs])
    return made


@transaction.atomic
def set_targets(*, by: Viewer, specs: Sequence[NewTarget]) -> list[Target]:
    """Enter what documents promise, all or none. Faults are named by code."""
    require(access.can_define(by), _("Chỉ cơ quan thường trực chỉ đạo được ghi chỉ tiêu của văn bản."))
    taken = set(Target.objects.filter(code__in=[spec.code for spec in specs]).values_list("code", flat=True))
    refuse_if([*_repeated([spec.code for spec in specs], taken), *_faults_of_targets(specs)])
    made = Target.objects.bulk_create(Target(**vars(spec)) for spec in specs)
    if made:
        record("targets.set", by=by, subject=made[0], codes=[spec.code for spec in specs])
    return made


@transaction.atomic
def record_observations(*, by: Viewer, rows: Sequence[NewObservation]) -> list[Observation]:
    """Add observed values, all or none; a correction is a new row pointing at the standing one it puts right."""
    for row in rows:
        path = row.organisation.path if row.organisation else None
        require(access.can_observe_for(by, path), _("Ông/bà chỉ ghi được số liệu của cơ quan mình."))
    _lock_corrected(rows)
    refuse_if(_faults_of_observations(rows))
    made = Observation.objects.bulk_create(Observation(**vars(row)) for row in rows)
    if made:
        record("observations.recorded", by=by, subject=made[0], rows=[_plain(row) for row in rows])
    return made


@transaction.atomic
def link_contributions(*, by: Viewer, links: Sequence[tuple[Task, Indicator]]) -> list[Contribution]:
    """Say which indicators tasks are meant to move; links that exist already are left as they are."""
    for task, _indicator in links:
        require(
            access.can_link_for(by, task.programme.organisation_id),
            _("Ông/bà chỉ gắn được chỉ tiêu cho nhiệm vụ trong chương trình của cơ quan mình."),
        )
    known = set(
        Contribution.objects.filter(task__in=[task for task, _i in links]).values_list("task_id", "indicator_id")
    )
    fresh = [pair for pair in dict.fromkeys(links) if (pair[0].pk, pair[1].pk) not in known]
    made = Contribution.objects.bulk_create(Contribution(task=task, indicator=indicator) for task, indicator in fresh)
    if made:
        pairs = [[task.code, indicator.code] for task, indicator in fresh]
        record("contributions.linked", by=by, subject=made[0], links=pairs)
    return made


def _repeated(codes: Sequence[str], taken: set[str]) -> list[Fault]:
    faults = [Fault(code, _("Mã %(code)s đã dùng. Đề nghị chọn mã khác.") % {"code": code}) for code in sorted(taken)]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    return faults + [Fault(code, _("Mã %(code)s ghi hai lần.") % {"code": code}) for code in twice]


def _faults_of_definitions(specs: Sequence[NewIndicator]) -> list[Fault]:
    faults = []
    for spec in specs:
        if not spec.name.strip():
            faults.append(Fault(spec.code, _("Đề nghị ghi tên chỉ tiêu.")))
        if spec.direction not in set(Direction):
            faults.append(Fault(spec.code, _("Đề nghị chọn chiều mong muốn: tăng, giảm hoặc giữ.")))
    return faults


def _faults_of_targets(specs: Sequence[NewTarget]) -> list[Fault]:
    faults = []
    for spec in specs:
        try:
            Bound(Operator(spec.operator), spec.low, spec.high)
        except ValueError:
            faults.append(Fault(spec.code, _("Dấu so sánh và các mức của chỉ tiêu không khớp nhau.")))
        if spec.clause and spec.clause.document_id != spec.document.pk:
            faults.append(Fault(spec.code, _("Điều khoản phải thuộc chính văn bản đề ra chỉ tiêu.")))
        if spec.goal and spec.goal.frame.document_id != spec.document.pk:
            faults.append(Fault(spec.code, _("Mục tiêu phải thuộc khung của chính văn bản đề ra chỉ tiêu.")))
    return faults


def _lock_corrected(rows: Sequence[NewObservation]) -> None:
    """Facts cannot be locked for update by a role that may not update them: the indicator stands for its series."""
    ids = sorted({row.indicator.pk for row in rows if row.corrects})
    list(Indicator.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _faults_of_observations(rows: Sequence[NewObservation]) -> list[Fault]:
    faults = []
    for row in rows:
        place = f"{row.indicator.code}.{row.period}"
        try:
            Value(ValueState(row.state), row.amount)
        except ValueError:
            faults.append(
                Fault(place, _("Trạng thái và con số không khớp nhau; số không thì đề nghị xác nhận là không."))
            )
        if row.kind not in ObservationKind.values:
            faults.append(Fault(place, _("Đề nghị chọn loại số liệu trong danh sách.")))
        if not row.source.strip():
            faults.append(Fault(place, _("Đề nghị ghi nguồn số liệu.")))
        if row.corrects:
            faults += _faults_of_correction(row, row.corrects, place)
    return faults


def _faults_of_correction(row: NewObservation, corrected: Observation, place: str) -> list[Fault]:
    same = (row.indicator.pk, row.organisation.pk if row.organisation else None, row.period)
    if same != (corrected.indicator_id, corrected.organisation_id, corrected.period):
        return [Fault(place, _("Bản đính chính phải cùng chỉ tiêu, đơn vị và kỳ với số liệu được đính chính."))]
    if Observation.objects.filter(corrects=corrected).exists():
        return [Fault(place, _("Số liệu này đã được đính chính; đề nghị đính chính bản mới nhất."))]
    return []


def _plain(row: NewObservation) -> dict[str, object]:
    return {
        "indicator": row.indicator.code,
        "organisation": row.organisation.code if row.organisation else "",
        "period": row.period,
        "state": str(row.state),
        "amount": row.amount,
        "kind": str(row.kind),
        "corrects": row.corrects.pk if row.corrects else None,
    }
