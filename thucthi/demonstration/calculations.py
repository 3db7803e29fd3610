"""How the story of the demonstration plays: from one row per task to dated reports and verdicts. Deterministic.

The behaviours are the failures that reviews of execution complain of: late, silent, vague, copied, claimed but not
accepted, stuck on another body (D6, D7, D24, D37). Columns are documented in `data/README.md`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from thucthi.kernel.working_days import (
    Period,
    PeriodKind,
    add_working_days,
    monthly_period,
    report_due_on,
    weekly_period,
)

HUNDRED = Decimal(100)
COMPLETIONS = frozenset({"early_done", "done_on_time", "done_late"})
CLAIMS = COMPLETIONS | {"claimed_not_accepted"}


@dataclass(frozen=True)
class StoryRow:
    """One task's part in the story; `event_on` is the day on which its behaviour shows."""

    code: str
    behaviour: str
    from_week: str
    to_week: str
    start_progress: Decimal
    weekly_step: Decimal
    note_pool: str
    obstacle_cause: str
    event_on: date | None


@dataclass(frozen=True)
class Verdict:
    accepted: bool
    progress: Decimal | None
    note: str
    decided_at: datetime


@dataclass(frozen=True)
class SimulatedReport:
    """One report for one period; `submitted_at` carries the time zone it was asked with."""

    period_key: str
    submitted_at: datetime
    claim: str
    progress: Decimal
    note: str
    claims_completion: bool
    cause: str
    done_about_it: str
    verdict: Verdict | None


@dataclass(frozen=True)
class Play:
    """What one task owed, period by period with the day it was due, and what it sent."""

    owed: tuple[tuple[Period, date], ...]
    reports: tuple[SimulatedReport, ...]


@dataclass(frozen=True)
class Surroundings:
    """What the story plays in. `note(pool, turn, progress)` gives the words of a task's note for one period."""

    periods: Sequence[tuple[Period, date]]
    note: Callable[[str, int, Decimal], str]
    zone: tzinfo


def pick(choices: int, *parts: object) -> int:
    """A number below `choices` that depends on the parts alone."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % choices


def play(row: StoryRow, around: Surroundings) -> Play:
    """All that one task owed and sent, in order; nothing is owed after its accepted completion."""
    owed: list[tuple[Period, date]] = []
    reports: list[SimulatedReport] = []
    for place, (period, due) in enumerate(_periods_of(row, around.periods)):
        owed.append((period, due))
        report = _report(row, around, period, due, place)
        if report is None:
            continue
        reports.append(report)
        if report.claims_completion and report.verdict and report.verdict.accepted:
            break
    return Play(tuple(owed), tuple(reports))


def _periods_of(row: StoryRow, periods: Sequence[tuple[Period, date]]) -> list[tuple[Period, date]]:
    first_shown = periods[0][0].start
    if row.behaviour in COMPLETIONS and row.event_on and row.event_on < first_shown:
        kind = periods[0][0].kind
        before = weekly_period(row.event_on) if kind is PeriodKind.WEEKLY else monthly_period(row.event_on)
        return [(before, report_due_on(before))]
    return [(period, due) for period, due in periods if row.from_week <= _week_of(period) <= row.to_week]


def _week_of(period: Period) -> str:
    year, week, _ = period.end.isocalendar()
    return f"{year}-W{week:02d}"


def _is_silent(row: StoryRow, period: Period) -> bool:
    if row.behaviour == "silent":
        return row.event_on is None or period.end >= row.event_on
    return row.behaviour == "recovering" and row.event_on is not None and period.end < row.event_on


def _report(row: StoryRow, around: Surroundings, period: Period, due: date, place: int) -> SimulatedReport | None:
    if _is_silent(row, period):
        return None
    happened = row.event_on is not None and row.event_on <= period.end
    completes = happened and row.behaviour in CLAIMS
    progress = HUNDRED if completes else _progress(row, period, place, happened=happened)
    claim, cause = _claim(row, progress, happened=happened)
    day = row.event_on if row.event_on and completes and row.behaviour in COMPLETIONS else due
    submitted = _moment(day + timedelta(days=_delay(row, place)), around.zone, row.code, place)
    return SimulatedReport(
        period_key=period.key,
        submitted_at=submitted,
        claim=claim,
        progress=progress,
        note=around.note(_pool(row, completes=completes), place, progress),
        claims_completion=completes,
        cause=cause,
        done_about_it="" if claim == "on_plan" else around.note("measures", place, progress),
        verdict=_verdict(row, around, progress, submitted, place, completes=completes),
    )


def _pool(row: StoryRow, *, completes: bool) -> str:
    return "done" if completes and row.behaviour in COMPLETIONS else row.note_pool


def _progress(row: StoryRow, period: Period, place: int, *, happened: bool) -> Decimal:
    steps = place
    if row.behaviour == "stuck" and happened and row.event_on is not None:
        steps = max(0, place - (period.end - row.event_on).days // 7)
    return max(Decimal(0), min(HUNDRED - 1, row.start_progress + steps * row.weekly_step))


def _claim(row: StoryRow, progress: Decimal, *, happened: bool) -> tuple[str, str]:
    """(claim, cause) as reporting.Claim and obstacles.Cause name them."""
    if row.behaviour == "stuck" and happened:
        return "behind", row.obstacle_cause or "coordination"
    if row.behaviour == "worsening":
        return ("behind", "own_fault") if progress < row.start_progress else ("at_risk", "people")
    if row.behaviour == "extended_twice":
        return "at_risk", "institution"
    if row.behaviour == "recovering":
        return ("at_risk", "data") if progress < row.start_progress + 2 * row.weekly_step else ("on_plan", "")
    return "on_plan", ""


def _delay(row: StoryRow, place: int) -> int:
    """Days after the report was due."""
    return 1 + pick(3, row.code, place, "late") if row.behaviour == "late_reporter" else 0


def _moment(day: date, zone: tzinfo, *seed: object) -> datetime:
    minutes = 8 * 60 + pick(8 * 60, *seed, "minute")
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone)


def _verdict(
    row: StoryRow, around: Surroundings, progress: Decimal, submitted: datetime, place: int, *, completes: bool
) -> Verdict | None:
    wait = 1 + pick(3, row.code, place, "wait")
    decided = _moment(add_working_days(submitted.date(), wait), around.zone, row.code, -place)
    returned = Verdict(False, None, around.note("returned", place, progress), decided)
    if row.behaviour == "claimed_not_accepted" and completes:
        return None if place % 2 else returned
    if row.behaviour == "vague" and place % 4 == 1:
        return returned
    if not completes and pick(3, row.code, place, "read") == 0 and submitted.date() >= around.periods[-2][0].start:
        return None
    return Verdict(True, progress, "", decided)
