"""Reading indicators. Values carry no secret of their own: a confidential one has a state and no amount."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from thucthi.documents.models import Document
from thucthi.indicators.calculations import measured_progress, standing_on
from thucthi.indicators.models import Indicator, Observation, ObservationKind, Target
from thucthi.kernel.values import Bound, Operator, Value, ValueState

Line = tuple[int, int | None, str, str, str]


@dataclass(frozen=True, slots=True)
class StandingRow:
    """The row that stands for a line, and what it says: (state, amount, numerator, denominator)."""

    pk: int
    said: tuple[str, Decimal | None, Decimal | None, Decimal | None]


_STANDING = """
SELECT o.indicator_id, o.organisation_id, o.kind, o.breakdown, o.period, o.id,
       o.state, o.amount, o.numerator, o.denominator
  FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[])
            AS line(indicator_id, organisation_id, kind, breakdown, period)) AS line
  JOIN indicators_observation o
    ON o.indicator_id = line.indicator_id AND o.kind = line.kind AND o.breakdown = line.breakdown
   AND o.period = line.period AND o.organisation_id = line.organisation_id
 WHERE NOT EXISTS (SELECT 1 FROM indicators_observation c WHERE c.corrects_id = o.id)
"""
# A country's value has no organisation, and NULL equals nothing: its lines are asked for apart.
_STANDING_OF_THE_COUNTRY = _STANDING.replace("o.organisation_id = line.organisation_id", "o.organisation_id IS NULL")


def standing_lines(lines: Collection[Line]) -> dict[Line, StandingRow]:
    """The row standing for each of `lines` (indicator, organisation, kind, breakdown, period) that has one."""
    found: dict[Line, StandingRow] = {}
    of_the_country = [line for line in lines if line[1] is None]
    of_bodies = [line for line in lines if line[1] is not None]
    for query, asked in ((_STANDING, of_bodies), (_STANDING_OF_THE_COUNTRY, of_the_country)):
        if asked:
            found |= _standing_of(query, asked)
    return found


def _standing_of(query: str, asked: Sequence[Line]) -> dict[Line, StandingRow]:
    with connection.cursor() as cursor:
        cursor.execute(query, [list(column) for column in zip(*asked, strict=True)])
        return {
            (row[0], row[1], row[2], row[3], row[4]): StandingRow(row[5], (row[6], row[7], row[8], row[9]))
            for row in cursor
        }


def series(
    indicator: Indicator,
    *,
    organisation_id: int | None = None,
    as_of: date | None = None,
    kind: str = ObservationKind.ACTUAL,
    breakdown: str = "",
) -> list[Observation]:
    """The values standing on `as_of` (all of them without a day), oldest period first; no organisation: the country."""
    rows = indicator.observations.filter(organisation=organisation_id, kind=kind, breakdown=breakdown)
    rows = rows.select_related("indicator")
    return standing_on(rows, as_of or date.max)


def history(indicator: Indicator) -> QuerySet[Observation]:
    """Every row ever recorded, corrected ones too, newest first."""
    return indicator.observations.select_related("organisation", "corrects").order_by("-pk")


def latest_values(indicator_ids: Collection[int], as_of: date) -> dict[int, Observation]:
    """The standing official value of the whole country with the newest period known on `as_of`, by indicator.

    Only what `as_of` knew counts: a later correction does not change an earlier picture.
    """
    rows = Observation.objects.filter(
        indicator__in=indicator_ids, organisation=None, kind=ObservationKind.ACTUAL, breakdown=""
    ).select_related("indicator")
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
