"""Declared, measured and sampled figures side by side, as they stood on a day."""

from collections.abc import Collection
from datetime import date

from django.db import connection

from thucthi.indicators.models import Indicator
from thucthi.monitoring.calculations.reconciling import Reconciled, Sides, reconcile

COUNTRY = 0
_SIDES = """
SELECT o.indicator_id, coalesce(o.organisation_id, 0), o.period,
       max(o.amount) FILTER (WHERE o.kind = 'declared'),
       max(o.amount) FILTER (WHERE o.kind = 'actual'),
       max(o.amount) FILTER (WHERE o.kind = 'sample')
  FROM indicators_observation o
 WHERE o.indicator_id = ANY(%s) AND o.period = ANY(%s) AND o.kind IN ('declared', 'actual', 'sample')
   AND o.breakdown = '' AND o.amount IS NOT NULL AND o.available_on <= %s
   AND (%s::bigint[] IS NULL OR coalesce(o.organisation_id, 0) = ANY(%s))
   AND NOT EXISTS (SELECT 1 FROM indicators_observation c WHERE c.corrects_id = o.id AND c.available_on <= %s)
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
"""


def reconciled(
    indicator_ids: Collection[int], periods: Collection[str], *, as_of: date, units: Collection[int] | None = None
) -> list[Reconciled]:
    """Each (indicator, unit, period) for which something with a number stands, in that order; unit 0 is the country.

    Two queries. A value that is confidential or was not reported has no number and takes no side.
    """
    kinds = dict(Indicator.objects.filter(pk__in=indicator_ids).values_list("pk", "kind"))
    asked = None if units is None else list(units)
    with connection.cursor() as cursor:
        cursor.execute(_SIDES, [list(indicator_ids), list(periods), as_of, asked, asked, as_of])
        return [reconcile((row[0], row[1], row[2]), Sides(*row[3:6]), kind=kinds[row[0]]) for row in cursor]
