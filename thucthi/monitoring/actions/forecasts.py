"""Forecasts are derived: newer ones take the place of older ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.indicators.models import Indicator
from thucthi.kernel.errors import require
from thucthi.ledger.actions import record
from thucthi.monitoring.models import Forecast

CONFIDENCE = Decimal("95.0")
# The ledger names the series of a small run; of a large one it keeps their number.
MOST_WRITTEN_OUT = 200


@dataclass(frozen=True)
class NewForecast:
    """`points`: (period, middle, low, high), low and high of the 95 % interval; no points: the series is not forecast.

    `errors` as in models.Forecast. No organisation: the country.
    """

    indicator_id: int
    organisation_id: int | None
    last_observation: int
    method: str = ""
    points: Sequence[tuple[str, Decimal, Decimal, Decimal]] = ()
    errors: dict[str, float | None] | None = None


@transaction.atomic
def keep_forecasts(*, by: Viewer, rows: Sequence[NewForecast], on: date) -> list[Forecast]:
    """Put these in the place of the forecasts of the same series; where there are no points, take the old one away.

    Raises Forbidden for anybody but the system.
    """
    require(by.is_system, _("Dự báo do hệ thống tính, không ai nhập tay."))
    if not rows:
        return []
    # Two runs at once: the second waits, then replaces what the first has kept.
    concerned = Indicator.objects.filter(pk__in={row.indicator_id for row in rows}).order_by("pk")
    indicators = list(concerned.select_for_update(no_key=True))
    series = {(row.indicator_id, row.organisation_id) for row in rows}
    kept = Forecast.objects.filter(indicator__in=indicators).values_list("pk", "indicator_id", "organisation_id")
    outdated = [pk for pk, *key in kept if tuple(key) in series]
    Forecast.objects.filter(pk__in=outdated).delete()
    made = Forecast.objects.bulk_create(_forecast(row, on) for row in rows if row.points)
    told = [[row.indicator_id, row.organisation_id, row.method] for row in rows]
    record(
        "forecasts.kept",
        by=by,
        subject=indicators[0],
        on=on,
        kept=len(made),
        replaced=len(outdated),
        series=told if len(told) <= MOST_WRITTEN_OUT else [],
    )
    return made


def _forecast(row: NewForecast, on: date) -> Forecast:
    return Forecast(
        indicator_id=row.indicator_id,
        organisation_id=row.organisation_id,
        computed_on=on,
        last_observation=row.last_observation,
        method=row.method,
        points=[[period, *(f"{amount:f}" for amount in amounts)] for period, *amounts in row.points],
        errors=row.errors or {},
        confidence=CONFIDENCE,
    )
