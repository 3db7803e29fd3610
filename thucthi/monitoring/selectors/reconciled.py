"""Declared, measured and sampled figures side by side, as they stood on a day."""

from collections.abc import Collection
from datetime import date
from typing import Any

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


_OF_DECLARED = """
WITH told AS MATERIALIZED (
    SELECT DISTINCT d.indicator_id, d.organisation_id, d.period FROM indicators_observation d
     WHERE d.organisation_id = ANY(%(units)s::bigint[]) AND d.kind = 'declared'
       AND d.period_end BETWEEN %(first)s AND %(last)s
)
SELECT o.indicator_id, o.organisation_id, o.period, i.kind, i.code,
       max(o.amount) FILTER (WHERE o.kind = 'declared'),
       max(o.amount) FILTER (WHERE o.kind = 'actual'),
       max(o.amount) FILTER (WHERE o.kind = 'sample')
  FROM told
  JOIN indicators_observation o ON o.indicator_id = told.indicator_id AND o.period = told.period
   AND o.organisation_id = told.organisation_id
  JOIN indicators_indicator i ON i.id = o.indicator_id
 WHERE o.kind IN ('declared', 'actual', 'sample') AND o.breakdown = '' AND o.amount IS NOT NULL
   AND o.available_on <= %(as_of)s
   AND NOT EXISTS (SELECT 1 FROM indicators_observation c
                    WHERE c.corrects_id = o.id AND c.available_on <= %(as_of)s)
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 3
"""


def reconciled_of(unit_ids: Collection[int], first: date, last: date, *, as_of: date) -> list[tuple[str, Reconciled]]:
    """(code of the indicator, sides) wherever these units declared for a period ending from `first` to `last`."""
    asked: dict[str, Any] = {"units": list(unit_ids), "first": first, "last": last, "as_of": as_of}
    with connection.cursor() as cursor:
        cursor.execute(_OF_DECLARED, asked)
        return [(row[4], reconcile((row[0], row[1], row[2]), Sides(*row[5:8]), kind=row[3])) for row in cursor]
