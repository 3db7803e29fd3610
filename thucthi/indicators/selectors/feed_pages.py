"""What the pages of machine sources show, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.fetching.asking import Asked
from thucthi.indicators.models import Feed, FeedRun, Indicator, RunOutcome
from thucthi.kernel.periods import span_of
from thucthi.kernel.values import ValueState, format_vi

TONES = {
    RunOutcome.TAKEN: "good",
    RunOutcome.UNCHANGED: "neutral",
    RunOutcome.REFUSED: "warn",
    RunOutcome.FAILED: "bad",
}
WORDS: dict[str, Promise] = {
    "indicator": gettext_lazy("Chỉ tiêu"),
    "organisation": gettext_lazy("Đơn vị"),
    "period": gettext_lazy("Kỳ"),
    "value": gettext_lazy("Giá trị"),
    "state": gettext_lazy("Trạng thái"),
    "kind": gettext_lazy("Loại số liệu"),
    "breakdown": gettext_lazy("Phân tổ"),
    "numerator": gettext_lazy("Tử số"),
    "denominator": gettext_lazy("Mẫu số"),
    "source": gettext_lazy("Nguồn"),
    "remark": gettext_lazy("Ghi chú"),
}
STATES: dict[str, Promise] = {
    ValueState.CONFIRMED_ZERO: gettext_lazy("đã xác nhận"),
    ValueState.PROVISIONAL: gettext_lazy("sơ bộ"),
    ValueState.NOT_REPORTED: gettext_lazy("chưa có"),
    ValueState.NOT_APPLICABLE: gettext_lazy("không áp dụng"),
    ValueState.CONFIDENTIAL: gettext_lazy("mật"),
}
FIRST_ROWS = 10
FIRST_FAULTS = 50


@dataclass(frozen=True)
class FaultLine:
    row: str
    column: str
    text: str


@dataclass(frozen=True)
class DifferenceLine:
    indicator: str
    organisation: str
    period: str
    old: str
    new: str


@dataclass(frozen=True)
class RunPage:
    run: FeedRun
    tone: str
    faults: list[FaultLine]
    differences: list[DifferenceLine]
    counts: list[tuple[int, int | None, str, str, str | None]]


@dataclass(frozen=True)
class Rehearsal:
    """What asking a source brought without anything being written: `rows` as they came, in the order of WORDS."""

    failure: str
    log: str
    total: int
    good: int
    fault_count: int
    empty: int
    rows: list[tuple[int, list[str]]]
    faults: list[FaultLine]
    headers: list[str]


def moment(at: datetime) -> str:
    """Day and hour where the reader is."""
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def tone_of(run: FeedRun | None) -> str:
    return TONES[RunOutcome(run.outcome)] if run else "silent"


def run_page(run: FeedRun) -> RunPage:
    delivery = run.delivery
    counts: list[tuple[int, int | None, str, str, str | None]] = []
    if delivery:
        counts = [
            (delivery.added, run.rows, _("số mới"), "good", None),
            (delivery.corrected, run.rows, _("số thay số cũ"), "info", None),
            (delivery.unchanged, run.rows, _("số giữ nguyên"), "neutral", None),
        ]
    faults = [_fault_line(fault) for fault in run.faults]
    return RunPage(run, tone_of(run), faults, _difference_lines(run.differences), counts)


def rehearsal_of(asked: Asked, read: Any) -> Rehearsal:
    """`read` is what reading the rows gave (reading.RowsRead), or None when nothing came."""
    failure = _(asked.failure.sentence) % asked.failure.values if asked.failure else ""
    used = [name for name in WORDS if any(getattr(row, name) is not None for row in asked.rows[:FIRST_ROWS])]
    faults = [] if read is None else read.faults[:FIRST_FAULTS]
    return Rehearsal(
        failure=failure,
        log=asked.log,
        total=len(asked.rows),
        good=0 if read is None else len(read.good),
        fault_count=0 if read is None else read.fault_count,
        empty=0 if read is None else read.empty,
        rows=[(row.number, [_shown(row, name) for name in used]) for row in asked.rows[:FIRST_ROWS]],
        faults=[
            FaultLine(str(found.row), _column(found.column), _(found.said.sentence) % found.said.values)
            for found in faults
        ],
        headers=[str(WORDS[name]) for name in used],
    )


def _shown(row: RawRow, name: str) -> str:
    cell = getattr(row, name)
    if name == "state" and cell in STATES:
        return str(STATES[cell])
    return "" if cell is None else str(cell)[:100]


def _fault_line(fault: Mapping[str, Any]) -> FaultLine:
    sentence: str = fault["sentence"]
    return FaultLine(str(fault["row"] or "–"), _column(fault["field"]), _(sentence) % fault["values"])


def _column(name: str) -> str:
    return str(WORDS.get(name, name))


def _difference_lines(differences: list[dict[str, Any]]) -> list[DifferenceLine]:
    indicators = _names(Indicator, "name", {row["indicator"] for row in differences})
    bodies = _names(Organisation, "short_name", {row["organisation"] for row in differences})
    return [
        DifferenceLine(
            indicator=indicators.get(row["indicator"], row["indicator"]),
            organisation=bodies.get(row["organisation"], row["organisation"]) or _("Cả nước"),
            period=span_of(row["period"]).label_vi,
            old=_stated(row["old"]),
            new=_stated(row["new"]),
        )
        for row in differences
    ]


def _names(model: Any, name: str, codes: set[str]) -> dict[str, str]:
    return dict(model.objects.filter(code__in=codes).values_list("code", name))


def _stated(said: Mapping[str, Any] | None) -> str:
    if said is None:
        return "–"
    word = str(STATES.get(said["state"], ""))
    if said["amount"] is None:
        return word
    number = format_vi(Decimal(said["amount"]))
    return f"{number} ({word})" if word else number


def summary_of(feed: Feed) -> list[tuple[str, str]]:
    """(term, value) of what a source is."""
    lines = [
        (_("Cách nhận số liệu"), feed.get_kind_display()),
        (_("Cơ quan quản lý nguồn"), feed.organisation.official_name),
        (_("Ghi nguồn số liệu là"), feed.source),
        (_("Phạm vi được ghi"), feed.scope.official_name if feed.scope else _("Cả nước và mọi đơn vị")),
        (_("Chỉ tiêu được ghi"), ", ".join(feed.indicators.order_by("code").values_list("code", flat=True))),
    ]
    return lines + ([(_("Địa chỉ lấy số liệu"), feed.address)] if feed.address else [])
