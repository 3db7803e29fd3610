"""Ten million values as easily as five hundred: month by month, each line one body's value of one indicator."""

from collections.abc import Callable
from datetime import timedelta

from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.plan import MONTHS_OF_VALUES, ONE_MERGES_IN, Country
from thucthi.demonstration.simulation.work import Values

COLUMNS = (
    "period, period_end, kind, breakdown, state, amount, numerator, denominator, source, remark, is_simulated,"
    " available_on, recorded_at"
)
# Of a thousand values 20 are provisional, 5 a confirmed zero, 7 not reported, 4 not applicable, 4 confidential. A
# commune that has ended has no value any more.
_VALUES = f"""
INSERT INTO indicators_observation (id, indicator_id, organisation_id, {COLUMNS})
SELECT %(begin)s::bigint + line + 1, indicator, body, %(key)s, %(end)s, 'actual', '', state,
       CASE WHEN state IN ('number', 'provisional') THEN amount WHEN state = 'confirmed_zero' THEN 0 END,
       CASE WHEN is_ratio AND state IN ('number', 'provisional') THEN amount END,
       CASE WHEN is_ratio AND state IN ('number', 'provisional') THEN 100 END,
       'Số liệu mô phỏng', '', true, %(known)s, %(known)s
FROM (SELECT line, indicator, body, mod(indicator, 5) = 3 AND indicator > %(of_communes)s AS is_ratio,
             1 + mod(x, 9000) / 100.0 AS amount,
             CASE WHEN ended THEN 'not_applicable' WHEN y < 960 THEN 'number' WHEN y < 980 THEN 'provisional'
                  WHEN y < 985 THEN 'confirmed_zero' WHEN y < 992 THEN 'not_reported' WHEN y < 996 THEN 'not_applicable'
                  ELSE 'confidential' END AS state
      FROM (SELECT line, 1 + line / %(communes)s AS indicator, %(first_commune)s + mod(line, %(communes)s) AS body,
                   %(is_after_merger)s AND mod(mod(line, %(communes)s), %(one_merges_in)s) = 0
                   AND mod(line, %(communes)s) + %(provinces)s < %(communes)s AS ended,
                   pg_temp.draw(%(begin)s::bigint + line, %(salt)s + 50) AS x
            FROM generate_series(0::bigint, least(%(of_communes)s::bigint * %(communes)s, %(lines)s) - 1) line
            UNION ALL
            SELECT line, 1 + %(of_communes)s + rest / (%(provinces)s + 1),
                   CASE WHEN mod(rest, %(provinces)s + 1) > 0 THEN 1 + mod(rest, %(provinces)s + 1) END, false,
                   pg_temp.draw(%(begin)s::bigint + line, %(salt)s + 50)
            FROM (SELECT line, line - %(of_communes)s::bigint * %(communes)s AS rest
                  FROM generate_series(%(of_communes)s::bigint * %(communes)s, %(lines)s - 1) line) after) bodies,
           LATERAL (SELECT mod(x / 16384, 1000) AS y) drawn) said
"""
# One in a hundred was corrected: every 97th row gets one that says one more.
_CORRECTIONS = f"""
INSERT INTO indicators_observation (id, indicator_id, organisation_id, corrects_id, {COLUMNS})
SELECT %(last)s::bigint + n, o.indicator_id, o.organisation_id, o.id, o.period, o.period_end, o.kind, o.breakdown,
       o.state, CASE WHEN o.state IN ('number', 'provisional') THEN o.amount + 1 ELSE o.amount END,
       o.numerator + 1, o.denominator, o.source, 'Đính chính (mô phỏng)', true,
       least(o.available_on + 60, %(until)s), least(o.available_on + 60, %(until)s)
FROM generate_series(1, %(corrections)s) n JOIN indicators_observation o ON o.id = %(distance)s::bigint * n
"""


def write_values(cursor: CursorWrapper, country: Country, values: Values, tell: Callable[[], None]) -> None:
    bodies, begin = country.bodies, 0
    for place, month in enumerate(country.months):
        lines = country.lines_in(place)
        known = values | {
            "begin": begin,
            "lines": lines,
            "key": month.key,
            "end": month.end,
            "known": min(month.end + timedelta(days=20), country.sizes.until),
            "communes": max(bodies.communes, 1),
            "provinces": bodies.provinces,
            "of_communes": country.of_communes,
            "is_after_merger": month.start >= country.merged_on,
            "one_merges_in": ONE_MERGES_IN,
        }
        if lines:
            cursor.execute(_VALUES, known)
        begin += lines
        if place % (MONTHS_OF_VALUES // 10) == 0:
            tell()
    if country.corrections:
        known = values | {"last": begin, "corrections": country.corrections, "until": country.sizes.until}
        # Nothing is known yet of the table: a hundred thousand rows by their keys would be taken for all of them.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(_CORRECTIONS, known | {"distance": min(97, begin // country.corrections)})
        cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
