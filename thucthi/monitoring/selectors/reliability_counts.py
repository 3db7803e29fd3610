"""How many cases each part of a reliability score has, counted where the rows lie.

Equal to counting `reliability_cases.cases` one by one, by a test; that takes seconds where a country reports.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet

from thucthi.monitoring.calculations.reliability import Cases, Part
from thucthi.monitoring.selectors.reliability_cases import (
    CasesOfBodies,
    largely_corrected,
    of_agreement,
)
from thucthi.monitoring.selectors.stated_facts import QUESTIONED, first_and_last
from thucthi.reporting.models import Obligation, Report

Counted = tuple[int, Part, int, int]
_REPORTS = """
SELECT 'reports', body, count(*), count(first_on), count(*) FILTER (WHERE first_on <= last_day), 0
  FROM (SELECT owed.body, coalesce(owed.grace_until, owed.due_on) AS last_day,
               (min(r.submitted_at) AT TIME ZONE %s)::date AS first_on
          FROM ({owed}) owed LEFT JOIN reporting_report r ON r.obligation_id = owed.id
         GROUP BY owed.id, owed.body, owed.grace_until, owed.due_on) owed
 GROUP BY 2
"""
_COMPLETIONS = """
SELECT 'completions', body, count(*), count(*) FILTER (WHERE has_files), 0, 0
  FROM (SELECT last.body, EXISTS (SELECT 1 FROM reporting_reportevidence e WHERE e.report_id = last.id) AS has_files
          FROM ({last}) last WHERE last.claims_completion OR last.progress_declared >= 100 OFFSET 0) said
 GROUP BY 2
"""
# bigint[]: among thousands of bodies of another width PostgreSQL would look one by one instead of by a hash.
# A line opened as not reported came when it was filled; what does not apply or may not be told is not owed.
_VALUES = """
SELECT 'values', body, count(*) FILTER (WHERE is_owed), count(*) FILTER (WHERE is_owed AND came_on IS NOT NULL),
       count(*) FILTER (WHERE is_owed AND came_on <= last_day), count(*) FILTER (WHERE has_amount)
  FROM (SELECT o.organisation_id AS body, o.amount IS NOT NULL AS has_amount, o.period_end + i.delay_days AS last_day,
               o.corrects_id IS NULL AND o.state NOT IN ('not_applicable', 'confidential') AS is_owed,
               CASE WHEN o.state = 'not_reported'
                    THEN (SELECT f.available_on FROM indicators_observation f
                           WHERE f.corrects_id = o.id AND f.available_on <= %s AND f.state <> 'not_reported')
                    ELSE o.available_on END AS came_on
          FROM indicators_observation o JOIN indicators_indicator i ON i.id = o.indicator_id
         WHERE o.organisation_id = ANY(%s::bigint[]) AND o.kind = ANY(%s) AND o.breakdown = ''
           AND o.period_end BETWEEN %s AND %s AND o.available_on <= %s OFFSET 0) told
 GROUP BY 2
"""
# A dispute refused speaks against who raised it, one accepted against the owner of the source.
_DISPUTES = """
SELECT 'disputes', body, count(*), count(*) FILTER (WHERE is_theirs), 0, 0
  FROM (SELECT a.answered_on, a.verdict, side.body, side.is_theirs
          FROM indicators_disputeanswer a
          JOIN indicators_dispute d ON d.id = a.dispute_id
          JOIN indicators_observation o ON o.id = d.observation_id
          JOIN indicators_indicator i ON i.id = o.indicator_id
         CROSS JOIN LATERAL (VALUES (d.organisation_id, a.verdict = 'accepted'),
                                    (i.source_owner_id, a.verdict <> 'accepted')) AS side(body, is_theirs)) decided
 WHERE body = ANY(%s::bigint[]) AND answered_on BETWEEN %s AND %s AND verdict <> 'withdrawn'
 GROUP BY 2
"""
_PARTS_OF = {
    "disputes": (Part.UPHELD,),
    "reports": (Part.COMPLETE, Part.ON_TIME),
    "completions": (Part.EVIDENCED,),
    "values": (Part.COMPLETE, Part.ON_TIME),
}


def counted_cases(organisation_ids: Collection[int], year: int, as_of: date, tasks: Any) -> list[Counted]:
    """(organisation, part, good, counted) where anything was counted; `tasks` as in `reliability_cases.cases`."""
    asked = CasesOfBodies(tuple(organisation_ids), year, as_of)
    good: Counter[tuple[int, Part]] = Counter()
    counted: Counter[tuple[int, Part]] = Counter()
    for body, part, well, among in _of_rows(asked, tasks):
        good[body, part] += well
        counted[body, part] += among
    for case in of_agreement(asked):
        good[case.organisation_id, case.part] += case.is_good
        counted[case.organisation_id, case.part] += 1
    # Counted as good with all values that have a number.
    good.subtract((body, Part.STEADY) for body in largely_corrected(asked))
    return [(*key, good[key], among) for key, among in counted.items() if among]


def by_unit(found: Collection[Counted], organisation_ids: Collection[int]) -> dict[int, dict[Part, Cases]]:
    """The same for every organisation and every part, zeros included."""
    cases = {(body, Part(part)): Cases(good, counted) for body, part, good, counted in found}
    return {body: {part: cases.get((body, part), Cases()) for part in Part} for body in organisation_ids}


def _of_rows(asked: CasesOfBodies, tasks: Any) -> Iterator[Counted]:
    """What one statement counts of reports, completions, values and disputes."""
    owed, of_owed = _owed(asked, tasks).query.sql_with_params()
    last, of_last = _last_reports(asked, tasks).query.sql_with_params()
    of_values = (asked.as_of, list(asked.bodies), list(QUESTIONED), *first_and_last(asked.year), asked.as_of)
    of_disputes = (list(asked.bodies), first_and_last(asked.year)[0], asked.until)
    statement = " UNION ALL ".join((_REPORTS.format(owed=owed), _COMPLETIONS.format(last=last), _VALUES, _DISPUTES))
    with connection.cursor() as cursor:
        cursor.execute(statement, (settings.TIME_ZONE, *of_owed, *of_last, *of_values, *of_disputes))
        rows = cursor.fetchall()
    for what, body, among, *good, with_amount in rows:
        for part, well in zip(_PARTS_OF[what], good, strict=False):
            yield body, part, well, among
        yield body, Part.STEADY, with_amount, with_amount


def _owed(asked: CasesOfBodies, tasks: Any) -> QuerySet[Any, Any]:
    owed = Obligation.objects.filter(
        organisation__in=asked.bodies, due_on__range=(first_and_last(asked.year)[0], asked.until), task__in=tasks
    )
    return owed.annotate(body=F("organisation_id")).values("id", "body", "due_on", "grace_until")


def _last_reports(asked: CasesOfBodies, tasks: Any) -> QuerySet[Any, Any]:
    return (
        Report.objects.filter(
            task__in=tasks,
            obligation__organisation__in=asked.bodies,
            obligation__period_end__range=first_and_last(asked.year),
        )
        .order_by("obligation_id", "-version")
        .distinct("obligation_id")
        .annotate(body=F("obligation__organisation_id"))
        .values("id", "body", "claims_completion", "progress_declared")
    )
