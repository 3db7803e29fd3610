"""The shapes of what is sent and answered, and refusals in both languages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict, StrictInt, StringConstraints

from thucthi.indicators.models import FeedRun, Observation

Text = Annotated[str, StringConstraints(strict=True, max_length=1000)]
Number = Annotated[Text | StrictInt | Annotated[Decimal, Field(strict=True)] | None, Field(default=None)]


class Row(Schema):
    """One value. Nothing in `value` and no `state`: nothing is said, and nothing that stands is touched."""

    model_config = ConfigDict(extra="forbid")
    indicator: Text = Field(description="Code of the indicator")
    organisation: Text = Field(description="Code of the organisation, or “ca-nuoc” for the whole country")
    period: Annotated[Text | StrictInt, Field(description="2026, 2026-H1, 2026-Q1, 2026-03, 2026-W07")]
    value: Number
    state: Text = Field(
        "", description="number, confirmed_zero, provisional, not_reported, not_applicable, confidential"
    )
    numerator: Number
    denominator: Number
    kind: Text = Field("", description="actual, declared, estimate, sample; empty: that of the source")
    breakdown: Text = Field("", description="dimension:category, several joined by |")
    source: Text = Field("", description="empty: that of the source")
    remark: Text = ""


class Sending(Schema):
    model_config = ConfigDict(extra="forbid")
    rows: list[Row] = Field(min_length=1, description="at most 5,000")


class FaultAnswer(Schema):
    """`row` counts from 1 in the order of sending; 0: the sending as a whole."""

    row: int
    field: str
    code: str
    message_vi: str
    message_en: str


class Problem(Schema):
    code: str
    message_vi: str
    message_en: str
    run: int | None = None
    faults: list[FaultAnswer] = []


class Difference(Schema):
    indicator: str
    organisation: str
    period: str
    old: dict[str, str | None] | None
    new: dict[str, str | None]


class RunAnswer(Schema):
    run: int
    outcome: str
    rows: int
    added: int
    corrected: int
    unchanged: int
    message_vi: str
    warnings: list[str]
    faults: list[FaultAnswer]
    differences: list[Difference]


class ObservationAnswer(Schema):
    """Amounts are texts: exactly what is kept. `organisation` is empty for the whole country."""

    id: int
    indicator: str
    organisation: str
    period: str
    kind: str
    breakdown: str
    state: str
    amount: str | None
    numerator: str | None
    denominator: str | None
    source: str
    remark: str
    available_on: str
    is_simulated: bool


class Page(Schema):
    """`after` for the next page; null: this is the last one."""

    observations: list[ObservationAnswer]
    after: int | None


def in_both(sentence: str, values: Mapping[str, object] | None = None) -> dict[str, str]:
    """A sentence of ours in Vietnamese and English."""
    said = {}
    for language in ("vi", "en"):
        with translation.override(language):
            said[f"message_{language}"] = _(sentence) % (values or {})
    return said


def fault_answer(fault: Mapping[str, Any]) -> dict[str, Any]:
    """From what a run keeps."""
    place = {"row": fault["row"] or 0, "field": fault["field"], "code": fault["code"]}
    return place | in_both(fault["sentence"], fault["values"])


def problem(status: int, code: str, sentence: str, **more: object) -> HttpResponse:
    """A refusal before or instead of an answer."""
    return JsonResponse({"code": code, **in_both(sentence), "faults": [], "run": None, **more}, status=status)


def run_answer(run: FeedRun) -> dict[str, Any]:
    delivery = run.delivery
    return {
        "run": run.pk,
        "outcome": run.outcome,
        "rows": run.rows,
        "added": delivery.added if delivery else 0,
        "corrected": delivery.corrected if delivery else 0,
        "unchanged": delivery.unchanged if delivery else run.rows if run.outcome == "unchanged" else 0,
        "message_vi": run.sentence,
        "warnings": run.warnings,
        "faults": [fault_answer(fault) for fault in run.faults],
        "differences": run.differences,
    }


def observation_answer(row: Observation) -> dict[str, Any]:
    amounts = {name: _text(getattr(row, name)) for name in ("amount", "numerator", "denominator")}
    return {
        "id": row.pk,
        "indicator": row.indicator.code,
        "organisation": row.organisation.code if row.organisation else "",
        "period": row.period,
        "kind": row.kind,
        "breakdown": row.breakdown,
        "state": row.state,
        **amounts,
        "source": row.source,
        "remark": row.remark,
        "available_on": row.available_on.isoformat(),
        "is_simulated": row.is_simulated,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize():f}"
