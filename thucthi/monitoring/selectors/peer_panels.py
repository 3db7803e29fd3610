# ruff: noqa: S608 - every part of these statements is a constant of ours
"""The peers that statistical checks compare: units of one kind in one year, by their tasks and by their indicators.

Read some organisations at a time: of a country the rows would not fit in memory. What all of them tell of comes first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from django.db import connection

from thucthi.indicators.models import IndicatorKind
from thucthi.kernel.periods import Frequency, Span, span_containing, spans_between
from thucthi.monitoring.calculations.honesty.peers import FEWEST_PERIODS
from thucthi.monitoring.calculations.honesty.shapes import Course, Matter, Panel, Stated, Unit
from thucthi.monitoring.selectors.stated_facts import first_and_last

PERCENT = "%"
WITHOUT_COURSE = (IndicatorKind.RANK, IndicatorKind.QUALITATIVE)
Lines = dict[tuple[int, int, str], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is asked of the sheet of an indicator."""

    pk: int
    code: str
    kind: str
    unit: str
    direction: str
    frequency: str


def tasks_panel(units: Iterable[Unit], year: int) -> Panel:
    """Units of `units_by_tasks`, each series over the months of which any of all these units told."""
    found = list(units)
    every = [course.values for unit in found for course in unit.courses]
    told = [n for n in range(len(_months(year))) if any(values[n] is not None for values in every)]
    cut = (replace(unit, courses=tuple(_over(course, told) for course in unit.courses)) for unit in found)
    return Panel(Matter.TASKS, str(year), tuple(cut))


def _over(course: Course, told: Sequence[int]) -> Course:
    return replace(course, values=tuple(course.values[n] for n in told))


def units_by_tasks(reports: Collection[Stated], organisation_ids: Collection[int], year: int) -> list[Unit]:
    """Progress of tasks over all months of the year as the organisations last declared it in each.

    `reports` hold all reports of these organisations; a country is read some organisations at a time.
    """
    months = [span.key for span in _months(year)]
    by_task: dict[tuple[int, str], dict[str, float]] = {}
    entered: dict[int, list[bool]] = {}
    for row in sorted(reports, key=lambda row: (row.on, row.report_id)):
        by_task.setdefault((row.organisation_id, row.task), {})[f"{row.on:%Y-%m}"] = float(row.progress)
        entered.setdefault(row.organisation_id, []).append(row.is_last_day)
    courses: dict[int, list[Course]] = {}
    for (body, task), found in sorted(by_task.items()):
        courses.setdefault(body, []).append(Course(task, tuple(found.get(month) for month in months)))
    return [
        Unit(
            body,
            tuple(courses.get(body, ())),
            at_the_last=sum(entered.get(body, ())),
            entered=len(entered.get(body, ())),
        )
        for body in sorted(organisation_ids)
    ]


def _months(year: int) -> list[Span]:
    first, last = first_and_last(year)
    return list(spans_between(*(span_containing(day, Frequency.MONTHLY) for day in (first, last))))


# The values that stand on a day, of the months of a year: found by body and last day, for all months of a year together
# are a fifth of all values.
_STANDING = """
 WHERE o.organisation_id = ANY(%(bodies)s::bigint[]) AND o.kind IN ('declared', 'actual') AND o.breakdown = ''
   AND o.amount IS NOT NULL AND o.period_end BETWEEN %(first)s AND %(last)s AND o.period ~ '^\\d{4}-\\d\\d$'
   AND o.available_on <= %(as_of)s
   AND NOT EXISTS (SELECT 1 FROM indicators_observation c WHERE c.corrects_id = o.id AND c.available_on <= %(as_of)s)
"""
_TOLD = f"SELECT DISTINCT o.indicator_id, o.period FROM indicators_observation o {_STANDING}"
_LINES = f"""
SELECT o.organisation_id, o.kind, array_agg(o.period ORDER BY o.period_end),
       array_agg(o.amount::float8 ORDER BY o.period_end),
       (SELECT coalesce(t.low, t.high)::float8 FROM indicators_target t
         WHERE t.indicator_id = i.id AND t.year = %(year)s
           AND (t.organisation_id = o.organisation_id OR t.each_unit = %(unit)s)
         ORDER BY t.organisation_id NULLS LAST, t.id DESC LIMIT 1),
       i.id, i.code, i.kind, i.unit, i.direction, i.frequency
  FROM indicators_observation o
  JOIN indicators_indicator i ON i.id = o.indicator_id
{_STANDING} GROUP BY 1, 2, i.id
"""
_REVISIONS = """
SELECT c.organisation_id,
       count(*) FILTER (WHERE (c.amount > b.amount) = (i.direction = 'rise')),
       count(*)
  FROM indicators_observation c
  JOIN indicators_observation b ON b.id = c.corrects_id
  JOIN indicators_indicator i ON i.id = c.indicator_id
  LEFT JOIN indicators_delivery d ON d.id = c.delivery_id
 WHERE c.organisation_id = ANY(%s::bigint[]) AND c.kind IN ('declared', 'actual') AND c.breakdown = ''
   AND c.available_on BETWEEN %s AND %s AND c.amount <> b.amount AND i.direction <> 'hold'
   AND d.kind IS DISTINCT FROM 'dispute'
   AND NOT EXISTS (SELECT 1 FROM indicators_disputeanswer a WHERE a.correction_id = c.id)
 GROUP BY 1
"""


def periods_told(organisation_ids: Collection[int], year: int, as_of: date) -> set[tuple[int, str]]:
    """(indicator, month) of which any of these organisations told, by whatever kind of value."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, _asked(organisation_ids, year, as_of))
        return set(cursor.fetchall())


def _asked(organisation_ids: Collection[int], year: int, as_of: date) -> dict[str, Any]:
    first, last = first_and_last(year)
    return {"bodies": list(organisation_ids), "first": first, "last": last, "as_of": as_of}


def measured_units(
    organisation_ids: Collection[int], kind: str, year: int, as_of: date, told: Collection[tuple[int, str]]
) -> list[Unit]:
    """Monthly values as they stand on `as_of`: what an organisation declared, else the official figure about it.

    Each indicator over the months of which any of the peers told.
    """
    lines, sheets, targets = _lines(organisation_ids, kind, year, as_of)
    revisions, pairs = _revisions(organisation_ids, year, as_of), _pairs(lines, sheets)
    months: dict[int, list[str]] = {}
    for indicator, period in sorted(told):
        months.setdefault(indicator, []).append(period)
    asked: dict[int, list[Course]] = {}
    for (body, indicator), values in sorted(_questioned(lines).items()):
        if _has_a_course(sheets[indicator]):
            row = tuple(values.get(month) for month in months[indicator])
            asked.setdefault(body, []).append(_course(sheets[indicator], row, targets[body, indicator]))
    return [
        Unit(body, tuple(asked.get(body, ())), pairs.get(body, {}), *revisions.get(body, (0, 0)))
        for body in sorted(organisation_ids)
    ]


def _has_a_course(sheet: Sheet) -> bool:
    return sheet.kind not in WITHOUT_COURSE and sheet.frequency == Frequency.MONTHLY


def _lines(
    organisation_ids: Collection[int], kind: str, year: int, as_of: date
) -> tuple[Lines, dict[int, Sheet], dict[tuple[int, int], float | None]]:
    """The values of each line by period; the sheets; and what is promised for `year`, of the body or of its kind."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, _asked(organisation_ids, year, as_of) | {"year": year, "unit": kind})
        rows = cursor.fetchall()
    lines = {(row[0], row[5], row[1]): dict(zip(row[2], row[3], strict=True)) for row in rows}
    return lines, {row[5]: Sheet(*row[5:]) for row in rows}, {(row[0], row[5]): row[4] for row in rows}


def _questioned(lines: Lines) -> dict[tuple[int, int], dict[str, float]]:
    found: dict[tuple[int, int], dict[str, float]] = {}
    for (body, indicator, kind), values in lines.items():
        if kind == "declared" and len(values) >= FEWEST_PERIODS:
            found[body, indicator] = values
        elif kind == "actual":
            found.setdefault((body, indicator), values)
    return found


def _course(sheet: Sheet, row: tuple[float | None, ...], target: float | None) -> Course:
    if sheet.kind == IndicatorKind.FLOW and None not in row:
        # What arises month by month is looked at as it adds up over the year.
        row = tuple(accumulate(value for value in row if value is not None))
    is_percent = sheet.unit == PERCENT and sheet.kind != IndicatorKind.FLOW
    return Course(
        sheet.code,
        row,
        target,
        is_percent=is_percent,
        is_falling=sheet.direction == "fall",
        runs_on=None not in row,
    )


def _revisions(organisation_ids: Collection[int], year: int, as_of: date) -> dict[int, tuple[int, int]]:
    first, last = first_and_last(year)
    with connection.cursor() as cursor:
        cursor.execute(_REVISIONS, [list(organisation_ids), first, min(last, as_of)])
        return {row[0]: (row[1], row[2]) for row in cursor}


def _pairs(lines: Lines, sheets: Mapping[int, Sheet]) -> dict[int, dict[str, tuple[float, float]]]:
    """(measured, declared) of the last month in which both stand, turned so that more is better."""
    found: dict[int, dict[str, tuple[float, float]]] = {}
    for (body, indicator, kind), declared in lines.items():
        measured = lines.get((body, indicator, "actual"), {})
        both = declared.keys() & measured.keys()
        sheet = sheets[indicator]
        if kind == "declared" and both and sheet.direction != "hold":
            turn = -1.0 if sheet.direction == "fall" else 1.0
            found.setdefault(body, {})[sheet.code] = (turn * measured[max(both)], turn * declared[max(both)])
    return found
