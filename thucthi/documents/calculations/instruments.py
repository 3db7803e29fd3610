"""Stages of an owed instrument: where it stands, its statutory clocks, and how late it is (D8).

Days are calendar days unless said otherwise; a stage lasts from the day it was entered until the next one was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from thucthi.kernel.working_days import add_working_days

ORDER = ("proposal", "drafting", "opinions", "appraisal", "submitted", "issued", "in_force")
ISSUED, IN_FORCE = "issued", "in_force"
# What a type of text passes over without a word (ADR 0024); anything else before the issue needs a reason.
PASSED_OVER: Mapping[str, frozenset[str]] = {
    "circular": frozenset({"proposal", "submitted"}),
    "committee_dec": frozenset({"proposal"}),
    "pm_decision": frozenset({"proposal"}),
    "gov_resolution": frozenset({"proposal"}),
    "party_reg": frozenset({"proposal", "appraisal"}),
}


@dataclass(frozen=True)
class Step:
    """The instrument entered `stage`; the clock is None where the law sets no time."""

    stage: str
    entered_on: date
    days_allowed: int | None = None
    clock_ends_on: date | None = None


class Move(StrEnum):
    """What entering a stage amounts to."""

    FORWARD = "forward"
    SKIPPING = "skipping"
    BACK = "back"
    SAME = "same"
    TOO_LATE = "too_late"
    NOT_ISSUED = "not_issued"


def move_to(stage: str, *, after: str | None, type: str) -> Move:
    """What it means to enter `stage` when `after` (None: no stage yet) was the last one.

    SKIPPING and BACK need a reason; SAME, TOO_LATE (it is issued already) and NOT_ISSUED are refused.
    """
    at = ORDER.index(stage)
    last = -1 if after is None else ORDER.index(after)
    if stage == after:
        return Move.SAME
    if stage == IN_FORCE and after != ISSUED:
        return Move.TOO_LATE if after == IN_FORCE else Move.NOT_ISSUED
    if last >= ORDER.index(ISSUED) and at < last:
        return Move.TOO_LATE
    if at < last:
        return Move.BACK
    passed = set(ORDER[last + 1 : at]) - PASSED_OVER.get(type, frozenset())
    return Move.SKIPPING if passed else Move.FORWARD


def clock_end(entered_on: date, days: int, *, working: bool) -> date:
    """The last day of a statutory time of `days` days; the day of entering is not counted."""
    return add_working_days(entered_on, days) if working and days else entered_on + timedelta(days=days)


class ClockState(StrEnum):
    """`NONE`: the law sets no time. A running clock past its end is EXCEEDED, and still runs."""

    NONE = "none"
    RUNNING = "running"
    KEPT = "kept"
    EXCEEDED = "exceeded"


@dataclass(frozen=True)
class StageSpan:
    """One stay in a stage. `left_on` None: still there. `days` counts to `left_on`, or to the day asked about.

    `over` is how many days the clock was exceeded by, `left` how many remain while it runs.
    """

    stage: str
    entered_on: date
    left_on: date | None
    days: int
    clock: ClockState
    days_allowed: int | None
    clock_ends_on: date | None
    over: int = 0
    left: int | None = None


def stage_spans(steps: Iterable[Step], as_of: date) -> tuple[StageSpan, ...]:
    """The stays in the order they were entered; steps after `as_of` are not known yet. In force has no end."""
    known = sorted((step for step in steps if step.entered_on <= as_of), key=lambda step: step.entered_on)
    nexts: list[Step | None] = [*known[1:], None]
    return tuple(
        _span(step, later.entered_on if later else None, as_of)
        for step, later in zip(known, nexts[: len(known)], strict=True)
    )


def _span(step: Step, left_on: date | None, as_of: date) -> StageSpan:
    until = as_of if left_on is None else left_on
    state, over, left = _clock(step.clock_ends_on, left_on, as_of)
    days = (until - step.entered_on).days
    return StageSpan(
        step.stage, step.entered_on, left_on, days, state, step.days_allowed, step.clock_ends_on, over, left
    )


def _clock(ends_on: date | None, left_on: date | None, as_of: date) -> tuple[ClockState, int, int | None]:
    if ends_on is None:
        return ClockState.NONE, 0, None
    over = ((as_of if left_on is None else left_on) - ends_on).days
    if over > 0:
        return ClockState.EXCEEDED, over, None
    return (ClockState.KEPT, 0, None) if left_on is not None else (ClockState.RUNNING, 0, -over)


def days_by_stage(spans: Iterable[StageSpan]) -> dict[str, int]:
    """Days spent in each stage entered, over all stays in it."""
    found: dict[str, int] = {}
    for span in spans:
        found[span.stage] = found.get(span.stage, 0) + span.days
    return found


class Timeliness(StrEnum):
    """Against the deadline of the resolution; the issue ends it."""

    NO_DEADLINE = "no_deadline"
    WITHIN = "within"
    LATE = "late"
    ISSUED_IN_TIME = "issued_in_time"
    ISSUED_LATE = "issued_late"


@dataclass(frozen=True)
class InstrumentStanding:
    """Where the instrument stands on a day. `stage` None: nobody has begun.

    `days_late` counts from the deadline to the issue, or to the day asked about; 0 in time, None without a deadline.
    `days_of_waiting` is "right resolution, late policy": from the issue of the resolution until the instrument is in
    force, or until the day asked about while it is not (`is_in_force` says which).
    """

    stage: str | None
    spans: tuple[StageSpan, ...]
    issued_on: date | None
    in_force_on: date | None
    timeliness: Timeliness
    days_late: int | None
    days_of_waiting: int

    @property
    def is_issued(self) -> bool:
        return self.issued_on is not None

    @property
    def is_in_force(self) -> bool:
        return self.in_force_on is not None

    @property
    def is_late(self) -> bool:
        return self.timeliness in {Timeliness.LATE, Timeliness.ISSUED_LATE}


def standing_of_instrument(
    steps: Sequence[Step], *, resolved_on: date, due_on: date | None, as_of: date
) -> InstrumentStanding:
    """`resolved_on` is the day the resolution was issued, `due_on` the last day for the issue, None when unknown."""
    spans = stage_spans(steps, as_of)
    first = {span.stage: span.entered_on for span in reversed(spans)}
    issued_on, in_force_on = first.get(ISSUED), first.get(IN_FORCE)
    late = None if due_on is None else max(0, ((issued_on or as_of) - due_on).days)
    return InstrumentStanding(
        stage=spans[-1].stage if spans else None,
        spans=spans,
        issued_on=issued_on,
        in_force_on=in_force_on,
        timeliness=_timeliness(late, issued_on is not None),
        days_late=late,
        days_of_waiting=((in_force_on or as_of) - resolved_on).days,
    )


def _timeliness(late: int | None, is_issued: bool) -> Timeliness:
    if late is None:
        return Timeliness.NO_DEADLINE
    if is_issued:
        return Timeliness.ISSUED_LATE if late else Timeliness.ISSUED_IN_TIME
    return Timeliness.LATE if late else Timeliness.WITHIN
