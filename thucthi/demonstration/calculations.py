"""How the story of the demonstration plays: from one row per task to dated reports and verdicts. Deterministic.

The behaviours are the failures that reviews of execution complain of: late, silent, vague, copied, claimed but not
accepted, stuck on another body (D6, D7, D24, D37). Columns are documented in `data/README.md`.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal

from thucthi.kernel.working_days import Period, add_working_days

HUNDRED = Decimal(100)
COMPLETIONS = frozenset({"early_done", "done_on_time", "done_late"})


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
class Stage:
    """What surrounds the story: the periods owed with the day each is due, the notes, the time zone."""

    periods: Sequence[tuple[Period, date]]
    note: Callable[[str, int], str]
    zone: tzinfo


def _pick(choices: int, *parts: object) -> int:
    """A number below `choices` that depends on the parts alone."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:4], "big") % choices


def play(row: StoryRow, stage: Stage) -> tuple[SimulatedReport, ...]:
    """All reports of one task in order; ends with the accepted completion if there is one."""
    reports: list[SimulatedReport] = []
    owed = [(p, due) for p, due in stage.periods if row.from_week <= _week_of(p) <= row.to_week]
    for place, (period, due) in enumerate(owed):
        report = _report(row, stage, period, due, place)
        if report is None:
            continue
        reports.append(report)
        if report.claims_completion and report.verdict and report.verdict.accepted:
            break
    return tuple(reports)


def _week_of(period: Period) -> str:
    year, week, _ = period.end.isocalendar()
    return f"{year}-W{week:02d}"


def _is_silent(row: StoryRow, period: Period) -> bool:
    if row.behaviour == "silent":
        return row.event_on is None or period.end >= row.event_on
    return row.behaviour == "recovering" and row.event_on is not None and period.end < row.event_on


def _report(row: StoryRow, stage: Stage, period: Period, due: date, place: int) -> SimulatedReport | None:
    if _is_silent(row, period):
        return None
    happened = row.event_on is not None and row.event_on <= period.end
    completes = happened and row.behaviour in COMPLETIONS | {"claimed_not_accepted"}
    progress = HUNDRED if completes else _progress(row, period, place, happened=happened)
    claim, cause = _claim(row, progress, happened=happened)
    submitted = _moment(due + timedelta(days=_delay(row, place)), stage.zone, row.code, place)
    return SimulatedReport(
        period_key=period.key,
        submitted_at=submitted,
        claim=claim,
        progress=progress,
        note=stage.note(row.note_pool, place),
        claims_completion=completes,
        cause=cause,
        done_about_it="" if claim == "on_plan" else stage.note("measures", place),
        verdict=_verdict(row, stage, progress, submitted, place, completes=completes),
    )


def _progress(row: StoryRow, period: Period, place: int, *, happened: bool) -> Decimal:
    steps = place
    if row.behaviour == "stuck" and happened and row.event_on is not None:
        steps = max(0, place - (period.end - row.event_on).days // 7)
    return max(Decimal(0), min(HUNDRED - 1, row.start_progress + steps * row.weekly_step))


def _claim(row: StoryRow, progress: Decimal, *, happened: bool) -> tuple[str, str]:
    if row.behaviour == "stuck" and happened:
        return "behind", "coordination"
    if row.behaviour == "worsening":
        return ("behind", "own_fault") if progress < row.start_progress else ("at_risk", "people")
    if row.behaviour == "extended_twice":
        return "at_risk", "institution"
    if row.behaviour == "recovering":
        return ("at_risk", "data") if progress < row.start_progress + 2 * row.weekly_step else ("on_plan", "")
    return "on_plan", ""


def _delay(row: StoryRow, place: int) -> int:
    """Days after the report was due; not below zero, so that nobody reports before the period has anything to say."""
    return 1 + _pick(3, row.code, place, "late") if row.behaviour == "late_reporter" else 0


def _moment(day: date, zone: tzinfo, *seed: object) -> datetime:
    minutes = 8 * 60 + _pick(8 * 60, *seed, "minute")
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone)


def _verdict(
    row: StoryRow, stage: Stage, progress: Decimal, submitted: datetime, place: int, *, completes: bool
) -> Verdict | None:
    decided = _moment(add_working_days(submitted.date(), 1 + _pick(3, row.code, place, "wait")), stage.zone, row.code, -place)
    if row.behaviour == "claimed_not_accepted" and completes:
        return None if place % 2 else Verdict(False, None, stage.note("returned", place), decided)
    if row.behaviour == "vague" and place % 4 == 1:
        return Verdict(False, None, stage.note("returned", place), decided)
    if not completes and _pick(3, row.code, place, "read") == 0:
        return None
    return Verdict(True, progress, "", decided)
