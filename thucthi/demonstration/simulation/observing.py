"""Ten million values as easily as five hundred: month by month, each line one body's value of one indicator."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.backends.utils import CursorWrapper

from thucthi.demonstration.simulation.aside import SCHEMA
from thucthi.demonstration.simulation.plan import MONTHS_OF_VALUES, ONE_MERGES_IN, Country
from thucthi.demonstration.simulation.work import Values

COLUMNS = (
    "period, period_end, kind, breakdown, state, amount, numerator, denominator, source, remark, is_simulated,"
    " available_on, recorded_at"
)
# Of a thousand values 20 are provisional, 5 a confirmed zero, 7 not reported, 4 not applicable, 4 confidential. A
# commune that has ended has no value any more. In steps through the ids: all of them, or those that are corrected.
_LINES = """
    generate_series({first} + mod(%(step)s - mod(%(begin)s::bigint + {first} + 1, %(step)s), %(step)s),
                    {last}, %(step)s)
"""
_OF_COMMUNES = "%(of_communes)s::bigint * %(communes)s"
_SAID = f"""
FROM (SELECT %(begin)s::bigint + line + 1 AS number, indicator, body,
             mod(indicator, 5) = 3 AND indicator > %(of_communes)s AS is_ratio,
             1 + mod(x, 9000) / 100.0 AS amount,
             CASE WHEN ended THEN 'not_applicable' WHEN y < 960 THEN 'number' WHEN y < 980 THEN 'provisional'
                  WHEN y < 985 THEN 'confirmed_zero' WHEN y < 992 THEN 'not_reported' WHEN y < 996 THEN 'not_applicable'
                  ELSE 'confidential' END AS state
      FROM (SELECT line, 1 + line / %(communes)s AS indicator, %(first_commune)s + mod(line, %(communes)s) AS body,
                   %(is_after_merger)s AND mod(mod(line, %(communes)s), %(one_merges_in)s) = 0
                   AND mod(line, %(communes)s) + %(provinces)s < %(communes)s AS ended,
                   {SCHEMA}.draw(%(begin)s::bigint + line, %(salt)s + 50) AS x
            FROM {_LINES.format(first="0::bigint", last=f"least({_OF_COMMUNES}, %(lines)s) - 1")} line
            UNION ALL
            SELECT line, 1 + %(of_communes)s + rest / (%(provinces)s + 1),
                   CASE WHEN mod(rest, %(provinces)s + 1) > 0 THEN 1 + mod(rest, %(provinces)s + 1) END, false,
                   {SCHEMA}.draw(%(begin)s::bigint + line, %(salt)s + 50)
            FROM (SELECT line, line - {_OF_COMMUNES} AS rest
                  FROM {_LINES.format(first=_OF_COMMUNES, last="%(lines)s - 1")} line) after) bodies,
           LATERAL (SELECT mod(x / 16384, 1000) AS y) drawn) said
"""
_VALUES = f"""
INSERT INTO indicators_observation (id, indicator_id, organisation_id, {COLUMNS})
SELECT number, indicator, body, %(key)s, %(end)s, 'actual', '', state,
       CASE WHEN state IN ('number', 'provisional') THEN amount WHEN state = 'confirmed_zero' THEN 0 END,
       CASE WHEN is_ratio AND state IN ('number', 'provisional') THEN amount END,
       CASE WHEN is_ratio AND state IN ('number', 'provisional') THEN 100 END,
       'Số liệu mô phỏng', '', true, %(known)s, %(known)s
{_SAID}
"""
# One in a hundred was corrected: every 97th row gets one that says one more. Drawn again, so that nothing is looked up.
_CORRECTIONS = f"""
INSERT INTO indicators_observation (id, indicator_id, organisation_id, corrects_id, {COLUMNS})
SELECT %(rows)s::bigint + number / %(step)s, indicator, body, number, %(key)s, %(end)s, 'actual', '', state,
       CASE WHEN state IN ('number', 'provisional') THEN amount + 1 WHEN state = 'confirmed_zero' THEN 0 END,
       CASE WHEN is_ratio AND state IN ('number', 'provisional') THEN amount + 1 END,
       CASE WHEN is_ratio AND state IN ('number', 'provisional') THEN 100 END,
       'Số liệu mô phỏng', 'Đính chính (mô phỏng)', true,
       least(%(known)s::date + 60, %(until)s), least(%(known)s::date + 60, %(until)s)
{_SAID} WHERE number / %(step)s <= %(corrections)s
"""


def write_values(cursor: CursorWrapper, country: Country, values: Values, places: Iterable[int]) -> None:
    """Of the months at these places, in their order, from the oldest."""
    for place in places:
        if country.lines_in(place):
            cursor.execute(_VALUES, _of(country, values, place) | {"step": 1})


def write_corrections(cursor: CursorWrapper, country: Country, values: Values) -> None:
    """After all values, so that those who read in the order of time meet them where they belong."""
    rows = country.sizes.values - country.corrections
    if country.corrections:
        known = {"rows": rows, "corrections": country.corrections, "until": country.sizes.until}
        known["step"] = min(97, rows // country.corrections)
        for place in range(MONTHS_OF_VALUES):
            cursor.execute(_CORRECTIONS, _of(country, values, place) | known)


def _of(country: Country, values: Values, place: int) -> Values:
    bodies, month = country.bodies, country.months[place]
    return values | {
        "begin": sum(country.lines_in(before) for before in range(place)),
        "lines": country.lines_in(place),
        "key": month.key,
        "end": month.end,
        "known": min(month.end + timedelta(days=20), country.sizes.until),
        "communes": max(bodies.communes, 1),
        "provinces": bodies.provinces,
        "of_communes": country.of_communes,
        "is_after_merger": month.start >= country.merged_on,
        "one_merges_in": ONE_MERGES_IN,
    }
