"""Values as somebody states them, before they are taken: their shape, what is wrong with them, what they correct."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.directory.models import Organisation
from thucthi.indicators.models import Indicator, Observation, ObservationKind
from thucthi.indicators.selectors.series import standing_lines
from thucthi.kernel.errors import Fault
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import Value, ValueState


@dataclass(frozen=True)
class NewObservation:
    """`period` is the key of a kernel.periods.Span (2026-Q1) and `period_end` its last day.

    `corrects` points at the row it puts right; a delivery finds that row by itself.
    """

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
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    breakdown: str = ""
    remark: str = ""

    @property
    def line(self) -> tuple[int, int | None, str, str, str]:
        """What it is a value of; exactly one row stands for each."""
        body = self.organisation.pk if self.organisation else None
        return (self.indicator.pk, body, str(self.kind), self.breakdown, self.period)

    @property
    def said(self) -> tuple[str, Decimal | None, Decimal | None, Decimal | None]:
        """What it says; two rows that say the same are one value stated twice."""
        return (str(self.state), self.amount, self.numerator, self.denominator)

    @property
    def place(self) -> str:
        """Where to find it among others: 5g.ubnd-01.2026-Q1."""
        body = f"{self.organisation.code}." if self.organisation else ""
        return f"{self.indicator.code}.{body}{self.period}"


def lock_lines(rows: Sequence[NewObservation]) -> None:
    """Facts cannot be locked for update by a role that may not update them: the indicator stands for its lines."""
    ids = sorted({row.indicator.pk for row in rows})
    list(Indicator.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def faults_of_observations(rows: Sequence[NewObservation]) -> list[Fault]:
    faults = [*faults_of_rows(rows), *faults_of_lines(rows)]
    for row in rows:
        if row.corrects:
            faults += _faults_of_correction(row, row.corrects)
    opened = standing_lines([row.line for row in rows if row.corrects is None])
    taken = [row for row in rows if row.corrects is None and row.line in opened]
    text = _("Kỳ này đã có số liệu; đề nghị ghi dưới dạng đính chính số đang có.")
    return faults + [Fault(row.place, text) for row in taken]


def faults_of_lines(rows: Sequence[NewObservation]) -> list[Fault]:
    seen: set[tuple[object, ...]] = set()
    faults = []
    for row in rows:
        if row.line in seen:
            faults.append(Fault(row.place, _("Chỉ tiêu, đơn vị và kỳ này ghi hai lần trong cùng một lượt.")))
        seen.add(row.line)
    return faults


def faults_of_rows(rows: Sequence[NewObservation]) -> list[Fault]:
    faults = []
    for row in rows:
        faults += [Fault(row.place, text) for text in _faults_of_row(row)]
    return faults


def _faults_of_row(row: NewObservation) -> Iterator[str]:
    try:
        Value(ValueState(row.state), row.amount, "", row.numerator, row.denominator)
    except ValueError:
        yield _("Trạng thái và con số không khớp nhau; số không thì đề nghị xác nhận là không.")
    if row.kind not in ObservationKind.values:
        yield _("Đề nghị chọn loại số liệu trong danh sách.")
    if not row.source.strip():
        yield _("Đề nghị ghi nguồn số liệu.")
    try:
        fits = span_of(row.period).end == row.period_end
    except ValueError:
        fits = False
    if not fits:
        yield _("Kỳ %(period)s không đúng dạng hoặc không khớp với ngày cuối kỳ.") % {"period": row.period}


def _faults_of_correction(row: NewObservation, corrected: Observation) -> list[Fault]:
    same = (
        row.indicator.pk,
        row.organisation.pk if row.organisation else None,
        row.period,
        str(row.kind),
        row.breakdown,
    )
    stood = (corrected.indicator_id, corrected.organisation_id, corrected.period, corrected.kind, corrected.breakdown)
    if same != stood:
        return [Fault(row.place, _("Bản đính chính phải cùng chỉ tiêu, đơn vị và kỳ với số liệu được đính chính."))]
    if Observation.objects.filter(corrects=corrected).exists():
        return [Fault(row.place, _("Số liệu này đã được đính chính; đề nghị đính chính bản mới nhất."))]
    return []


def plain_observation(row: NewObservation) -> dict[str, object]:
    return {
        "indicator": row.indicator.code,
        "organisation": row.organisation.code if row.organisation else "",
        "period": row.period,
        "breakdown": row.breakdown,
        "state": str(row.state),
        "amount": row.amount,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "kind": str(row.kind),
        "source": row.source,
        "remark": row.remark,
        "corrects": row.corrects.pk if row.corrects else None,
    }


def correcting(row: Observation, **said: object) -> NewObservation:
    """A new row on the line of `row` that puts it right; `said` are the fields that differ."""
    kept = {
        name: getattr(row, name)
        for name in ("indicator", "organisation", "period", "period_end", "kind", "breakdown", "source", "is_simulated")
    }
    stated = NewObservation(**kept, state=row.state, amount=row.amount, available_on=row.available_on, corrects=row)
    return replace(stated, **said)  # type: ignore[arg-type]
