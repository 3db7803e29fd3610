"""Reading indicators. Values carry no secret of their own: a confidential one has a state and no amount."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from thucthi.documents.models import Document
from thucthi.indicators.calculations import measured_progress, standing_on
from thucthi.indicators.models import Indicator, Observation, Target
from thucthi.kernel.values import Bound, Operator, Value, ValueState


def series(indicator: Indicator, *, organisation_id: int | None = None, as_of: date | None = None) -> list[Observation]:
    """The values standing on `as_of` (all of them without a day), oldest period first; no organisation: the country."""
    rows = indicator.observations.filter(organisation=organisation_id).select_related("indicator")
    return standing_on(rows, as_of or date.max)


def history(indicator: Indicator) -> QuerySet[Observation]:
    """Every row ever recorded, corrected ones too, newest first."""
    return indicator.observations.select_related("organisation", "corrects").order_by("-pk")


def latest_values(indicator_ids: Collection[int], as_of: date) -> dict[int, Observation]:
    """The standing value of the whole country with the newest period known on `as_of`, by indicator.

    Only what `as_of` knew counts: a later correction does not change an earlier picture.
    """
    rows = Observation.objects.filter(indicator__in=indicator_ids, organisation=None).select_related("indicator")
    by_indicator: dict[int, list[Observation]] = {}
    for row in rows.order_by("pk"):
        by_indicator.setdefault(row.indicator_id, []).append(row)
    standing = {pk: standing_on(found, as_of) for pk, found in by_indicator.items()}
    return {pk: found[-1] for pk, found in standing.items() if found}


def targets_of(document: Document) -> QuerySet[Target]:
    """What the document promises, in the order of its text."""
    related = ("indicator", "goal", "clause")
    return document.targets.select_related(*related).order_by("clause__start", "code")


def value_of(row: Observation) -> Value:
    """The observation in the algebra of values."""
    return Value(ValueState(row.state), row.amount, row.indicator.unit)


def bound_of(target: Target) -> Bound:
    """The target as a bound; `target.indicator` should be at hand."""
    indicator = target.indicator
    return Bound(Operator(target.operator), target.low, target.high, indicator.unit, indicator.unit_en)


def progress_towards(target: Target, row: Observation | None) -> Decimal | None:
    """Measured progress in per cent; a range is measured against the bound that comes first on the good way."""
    near = target.high if target.low is None else target.low
    if target.operator == Operator.RANGE and target.indicator.direction == "fall":
        near = target.high
    return measured_progress(target.baseline, near, row.amount if row else None, target.indicator.direction)
