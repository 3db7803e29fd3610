# ruff: noqa: S608 - every part of these statements is a constant of ours; values are parameters
"""The two rates and the late series of many indicators, counted where the rows lie.

Equal to `owed_rows` with `rates` and to `freshness_of` by a test; those hold every owed value, which is right for the
page of one indicator and takes seconds for twenty of a country.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from thucthi.directory.models import Organisation
from thucthi.indicators.calculations.quality import Freshness, Rates, staleness
from thucthi.indicators.models import Indicator
from thucthi.indicators.selectors.owed import due_on, owing_kinds, spans_up_to, tree_day
from thucthi.kernel.periods import Frequency, Span, span_containing

COUNTRY_KIND = "country"
# A series without any value yet is awaited from a year ago, or from when its unit began.
FIRST_OWED = timedelta(days=366)
# What was said is read once, and by itself: for each of a few units the planner would read all units' values anew.
_ASKED = """
WITH asked AS (
    SELECT * FROM unnest(%(indicators)s::bigint[], %(periods)s::text[], %(due)s::date[], %(alive)s::date[])
        AS x(indicator_id, period, due_on, alive_on)
), owing AS (
    SELECT * FROM unnest(%(owing)s::bigint[], %(kinds)s::text[]) AS x(indicator_id, kind)
), units AS MATERIALIZED (
    SELECT id, kind, coalesce(valid_from, '-infinity') AS first_day, coalesce(valid_to, 'infinity') AS last_day
      FROM directory_organisation
     WHERE kind = ANY(%(kinds)s) AND (%(within)s::bigint IS NULL OR %(within)s = ANY(path))
    UNION ALL
    SELECT 0, 'country', '-infinity', 'infinity' WHERE %(within)s::bigint IS NULL
), said AS MATERIALIZED (
    SELECT a.due_on, a.alive_on, o.id, o.indicator_id, o.organisation_id, o.state, o.corrects_id, o.available_on
      FROM asked a
      JOIN indicators_observation o ON o.indicator_id = a.indicator_id AND o.period = a.period
       AND o.kind = 'actual' AND o.breakdown = '' AND o.available_on <= %(as_of)s
), standing AS (
    SELECT o.indicator_id, o.due_on, o.organisation_id, o.state,
           CASE WHEN o.corrects_id IS NULL THEN o.available_on ELSE (
               WITH RECURSIVE line AS (
                   SELECT o.corrects_id, o.state, o.available_on
                   UNION ALL
                   SELECT b.corrects_id, b.state, b.available_on
                     FROM line l JOIN indicators_observation b ON b.id = l.corrects_id
               )
               SELECT min(l.available_on) FROM line l
                WHERE l.state <> 'not_reported' AND l.available_on <= %(as_of)s
           ) END AS first_on
      FROM said o
      JOIN units u ON u.id = coalesce(o.organisation_id, 0) AND o.alive_on BETWEEN u.first_day AND u.last_day
      JOIN owing w ON w.indicator_id = o.indicator_id AND w.kind = u.kind
     WHERE NOT EXISTS (SELECT FROM indicators_observation c
                        WHERE c.corrects_id = o.id AND c.available_on <= %(as_of)s)
)
"""
_RATES = (
    _ASKED
    + """
SELECT indicator_id, count(*) FILTER (WHERE state = 'not_applicable'),
       count(*) FILTER (WHERE state = 'not_applicable' AND due_on <= %(as_of)s),
       count(*) FILTER (WHERE is_answered AND due_on <= %(as_of)s),
       count(*) FILTER (WHERE is_answered AND due_on <= %(as_of)s AND first_on <= due_on)
  FROM (SELECT *, state NOT IN ('not_applicable', 'not_reported') AS is_answered FROM standing) standing
 GROUP BY 1
"""
)
_SERIES = (
    _ASKED
    + """
SELECT indicator_id, count(DISTINCT coalesce(organisation_id, 0)) FROM standing WHERE state <> 'not_reported' GROUP BY 1
"""
)
_WITHOUT_ANY = """
SELECT x.indicator_id, count(*)
  FROM unnest(%(indicators)s::bigint[], %(kinds)s::text[], %(since)s::date[]) AS x(indicator_id, kind, since)
  JOIN directory_organisation u ON u.kind = x.kind
 WHERE (x.since IS NULL OR u.valid_from >= x.since)
   AND coalesce(u.valid_from <= %(as_of)s, true) AND coalesce(u.valid_to >= %(as_of)s, true)
   AND (%(within)s::bigint IS NULL OR %(within)s = ANY(u.path))
   AND NOT EXISTS (
        SELECT FROM indicators_observation o
         WHERE o.indicator_id = x.indicator_id AND o.organisation_id = u.id AND o.kind = 'actual' AND o.breakdown = ''
           AND o.period = ANY(%(periods)s) AND o.available_on <= %(as_of)s AND o.state <> 'not_reported'
           AND NOT EXISTS (SELECT FROM indicators_observation c
                            WHERE c.corrects_id = o.id AND c.available_on <= %(as_of)s))
 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Counting:
    """Of which indicators, as of which day, in which part of the tree; who owes; how many of each kind live when."""

    indicators: Sequence[Indicator]
    as_of: date
    within: Organisation | None
    kinds: Mapping[int, frozenset[str]]
    lives: Sequence[tuple[str, date | None, date | None, int]]

    @property
    def within_id(self) -> int | None:
        return self.within.pk if self.within else None

    def owing(self, indicator: Indicator, day: date) -> int:
        """How many units owe values of the indicator on that day; the whole country is one where it states itself."""
        kinds = self.kinds[indicator.pk]
        alive = sum(
            count
            for kind, first, last, count in self.lives
            if kind in kinds and (first is None or first <= day) and (last is None or last >= day)
        )
        return alive + (COUNTRY_KIND in kinds and self.within is None)


def counting(indicators: Sequence[Indicator], as_of: date, within: Organisation | None) -> Counting:
    """What both counts rest on; two queries."""
    kinds = owing_kinds([indicator.pk for indicator in indicators])
    units = Organisation.objects.filter(kind__in={kind for found in kinds.values() for kind in found} - {COUNTRY_KIND})
    units = units.under(within.pk) if within else units
    lives = units.order_by().values_list("kind", "valid_from", "valid_to").annotate(Count("pk"))
    return Counting(indicators, as_of, within, kinds, list(lives))


def counted_rates(asked: Counting, months: int) -> dict[int, Rates]:
    """By indicator what `rates` makes of the values owed for the periods of the last `months` months; one query."""
    spans = {indicator.pk: spans_up_to(indicator, asked.as_of, months) for indicator in asked.indicators}
    known = _asked(_RATES, asked, spans)
    found = {}
    for indicator in asked.indicators:
        owed = sum(
            asked.owing(indicator, tree_day(indicator, span))
            for span in spans[indicator.pk]
            if due_on(indicator, span) <= asked.as_of
        )
        not_applicable, not_owed, reported, in_time = known.get(indicator.pk, (0, 0, 0, 0))
        found[indicator.pk] = Rates(owed - not_owed, reported, in_time, not_applicable)
    return found


def counted_late(asked: Counting, months: int) -> dict[int, tuple[int, int]]:
    """By indicator how many series of today's units are late, of how many; two queries.

    A series is in time when it has an answer so new that the period after it is not late, or when it has none in
    `months` months and the first period that its unit owes is not late.
    """
    spans = {indicator.pk: spans_up_to(indicator, asked.as_of, months) for indicator in asked.indicators}
    recent = {
        indicator.pk: [span for span in spans[indicator.pk] if not _is_late(indicator, asked.as_of, span.key, None)]
        for indicator in asked.indicators
    }
    in_time = _asked(_SERIES, asked, recent, alive_today=True)
    beginning = _beginning(asked, spans)
    found = {}
    for indicator in asked.indicators:
        series = asked.owing(indicator, asked.as_of)
        late = series - in_time.get(indicator.pk, (0,))[0] - beginning.get(indicator.pk, 0)
        found[indicator.pk] = (late, series)
    return found


def _is_late(indicator: Indicator, as_of: date, last: str | None, first_owed: date | None) -> bool:
    stands = staleness(
        last,
        frequency=Frequency(indicator.frequency),
        delay_days=indicator.delay_days,
        as_of=as_of,
        first_owed=first_owed,
    )
    return stands.state is Freshness.LATE


def _beginning(asked: Counting, spans: Mapping[int, Collection[Span]]) -> dict[int, int]:
    """By indicator how many units never answered and need not have yet."""
    rows: list[tuple[int, str, date | None]] = []
    found: dict[int, int] = {}
    for indicator in asked.indicators:
        first = span_containing(asked.as_of - FIRST_OWED, Frequency(indicator.frequency))
        span = first
        while _is_late(indicator, asked.as_of, None, span.start):
            span = span.next
        since = None if span == first else span.start
        kinds = asked.kinds[indicator.pk]
        rows += [(indicator.pk, kind, since) for kind in sorted(kinds - {COUNTRY_KIND})]
        if since is None and COUNTRY_KIND in kinds and asked.within is None:
            found[indicator.pk] = 1 - _country_answered(indicator, spans[indicator.pk], asked.as_of)
    periods = sorted({span.key for each in spans.values() for span in each})
    parameters = {**_columns(("indicators", "kinds", "since"), rows), "periods": periods}
    for indicator_id, count in _rows(_WITHOUT_ANY, asked, parameters):
        found[indicator_id] = found.get(indicator_id, 0) + count
    return found


def _country_answered(indicator: Indicator, spans: Collection[Span], as_of: date) -> bool:
    rows = indicator.observations.filter(organisation=None, kind="actual", breakdown="", available_on__lte=as_of)
    known = list(rows.filter(period__in=[span.key for span in spans]).values_list("pk", "corrects_id", "state"))
    corrected = {corrects for _pk, corrects, _state in known}
    return any(pk not in corrected and state != "not_reported" for pk, _corrects, state in known)


def _asked(
    statement: str, asked: Counting, spans: Mapping[int, Iterable[Span]], *, alive_today: bool = False
) -> dict[int, tuple[int, ...]]:
    rows = [
        (each.pk, span.key, due_on(each, span), asked.as_of if alive_today else tree_day(each, span))
        for each in asked.indicators
        for span in spans[each.pk]
    ]
    owing = [(each.pk, kind) for each in asked.indicators for kind in sorted(asked.kinds[each.pk])]
    parameters = _columns(("indicators", "periods", "due", "alive"), rows) | _columns(("owing", "kinds"), owing)
    return {row[0]: row[1:] for row in _rows(statement, asked, parameters)}


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    return {name: [row[number] for row in rows] for number, name in enumerate(names)}


def _rows(statement: str, asked: Counting, parameters: Mapping[str, Any]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, "as_of": asked.as_of, "within": asked.within_id})
        found: list[tuple[int, ...]] = cursor.fetchall()
        return found
