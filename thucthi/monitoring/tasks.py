"""What the system does by itself for derived things."""

from collections.abc import Collection
from datetime import date
from itertools import islice
from math import inf
from time import monotonic

from django.utils import timezone
from procrastinate.contrib.django import app

from thucthi.directory.access import SYSTEM
from thucthi.kernel.long_jobs import ONE_AT_A_TIME
from thucthi.monitoring.actions.forecasts import NewForecast, keep_forecasts
from thucthi.monitoring.actions.question_counts import keep_questions
from thucthi.monitoring.actions.rollups import fold_deltas, forget_runs_of_counting, roll_day
from thucthi.monitoring.forecasting.asking import AT_ONCE, outlooks
from thucthi.monitoring.forecasting.chances import rounded
from thucthi.monitoring.forecasting.shapes import Outlook
from thucthi.monitoring.forms.verdicts import years_before
from thucthi.monitoring.selectors.forecasts import StandingSeries, series_to_forecast
from thucthi.monitoring.selectors.question_counts import counted_questions, due_counts

MOST_SECONDS_OF_ROLLING = 3.0
MOST_SECONDS_OF_COUNTING = 300.0
# Until half past three: the values of every commune are more than one night can forecast.
MOST_SECONDS_OF_FORECASTING = 7_200.0
COUNT_QUESTIONS = "monitoring.count_questions"


# The queue counts in UTC: half past one at night in Hà Nội.
@app.periodic(cron="30 18 * * *")
@app.task(name="monitoring.forecast", queueing_lock="monitoring.forecast", lock=ONE_AT_A_TIME)
def forecast(timestamp: int) -> int:
    """Every night, the series with newer values; what is left when its time is over, and a missed night, comes next."""
    return refresh_forecasts(timezone.localdate(), MOST_SECONDS_OF_FORECASTING)


def refresh_forecasts(on: date, seconds: float = inf) -> int:
    """Forecast what has changed by that day, a group at a time; how many forecasts were kept. Safe to repeat.

    No group is begun when so many seconds are over.
    """
    changed, made, until = series_to_forecast(on), 0, monotonic() + seconds
    while monotonic() < until and (group := {row.series.key: row for row in islice(changed, AT_ONCE)}):
        answers = outlooks([row.series for row in group.values()])
        rows = [_answered(group[answer.key], answer) for answer in answers]
        made += len(keep_forecasts(by=SYSTEM, rows=rows, on=on))
    return made


def _answered(row: StandingSeries, answer: Outlook) -> NewForecast:
    points = []
    span = row.last_span
    for step in answer.steps:
        if span is None:
            break
        span = span.next
        points.append((span.key, *rounded(step.middle, step.error)))
    return NewForecast(
        indicator_id=row.indicator.pk,
        organisation_id=row.unit_id or None,
        last_observation=row.last_observation,
        method=answer.method or "",
        points=points,
        errors=answer.errors,
    )


# Soon after midnight in Hà Nội what is of the day before is due; during the day only what nobody has counted yet.
@app.periodic(cron="*/10 * * * *")
@app.task(name=COUNT_QUESTIONS, queueing_lock=COUNT_QUESTIONS, lock=ONE_AT_A_TIME)
def count_questions(timestamp: int) -> int:
    """Questions about figures of every kind of organisations and year that the page offers, once a day."""
    today = timezone.localdate()
    return keep_due_questions([year for year, _ in years_before(today.year)], today, MOST_SECONDS_OF_COUNTING)


def keep_due_questions(years: Collection[int], on: date, seconds: float = inf) -> int:
    """How many kinds and years were counted; each is kept as soon as it is. Safe to repeat.

    None is begun when so many seconds are over: other long jobs have their turn, the next run goes on.
    """
    counted, until = 0, monotonic() + seconds
    for kind, year in due_counts(years, on):
        if monotonic() > until:
            break
        keep_questions(counted_questions(kind, year, on), by=SYSTEM)
        counted += 1
    return counted


# Six fields: the last counts seconds.
@app.periodic(cron="* * * * * */5")
@app.task(name="monitoring.keep_counts", queueing_lock="monitoring.keep_counts", lock="monitoring.keep_counts")
def keep_counts(timestamp: int) -> dict[str, int]:
    """Every five seconds: notes into the counts, then what a new day has changed, then what tomorrow will.

    17,000 runs a day would soon be most of the queue's table, so every ten minutes those that succeeded are forgotten.
    """
    if timestamp % 600 == 0:
        forget_runs_of_counting(by=SYSTEM)
    return {"folded": fold_deltas(by=SYSTEM), "rolled": _roll_for(MOST_SECONDS_OF_ROLLING)}


def _roll_for(seconds: float) -> int:
    """Group by group until nothing is stale or the time is over: notes must not wait behind a whole country."""
    until, rolled = monotonic() + seconds, 0
    while made := roll_day(by=SYSTEM):
        rolled += made
        if monotonic() > until:
            break
    return rolled
