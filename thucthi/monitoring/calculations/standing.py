"""Everything derived about a task, as of a day: two scales, reporting, three figures, and tallies that add up exactly.

Nothing here reads a clock or a database. Rules that a reader may look up are stated in the public method page.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from thucthi.monitoring.states import Punctuality, Reported, Schedule, Stage

DUE_SOON_DAYS = 14
DISCIPLINE_PERIODS = 12
# Of these a last day may be stored (the end of a range of years), but it is not a day on which the work is due.
UNDATED_DEADLINES = frozenset({"recurring", "event", "reference", "none"})
RUNNING_STAGES = frozenset({Stage.ISSUED, Stage.RECEIVED, Stage.IN_PROGRESS, Stage.AWAITING_ACCEPTANCE, Stage.RETURNED})
STOPPED_STAGES = frozenset({Stage.SUSPENDED, Stage.CANCELLED, Stage.SUPERSEDED})
ENDED_STAGES = frozenset({Stage.CANCELLED, Stage.SUPERSEDED})
STOPPING_STEPS = {"suspended": Stage.SUSPENDED, "cancelled": Stage.CANCELLED, "superseded": Stage.SUPERSEDED}
KEPT = (Schedule.DONE_EARLY, Schedule.DONE_ON_TIME)
DECIDED = (*KEPT, Schedule.DONE_LATE, Schedule.OVERDUE)


@dataclass(frozen=True, slots=True)
class Step:
    """One event in the life of a task: issued, received, suspended, resumed, cancelled, superseded."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Submission:
    """The last report handed in. `verdict` is None while nobody has decided, else "accepted" or "returned"."""

    on: date
    declared: Decimal
    claims_completion: bool = False
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Owed:
    """The latest period whose report is due; `reported_on` is the day of its first report, None when none came."""

    period_key: str
    due_on: date
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What is known of one task at the end of a day; the reader of facts leaves out everything later."""

    task_id: int
    code: str
    issued_on: date | None = None
    deadline_kind: str = "none"
    resolved_end: date | None = None
    steps: tuple[Step, ...] = ()
    last_report: Submission | None = None
    accepted: Decimal | None = None
    completed_on: date | None = None
    owed: Owed | None = None
    measured: Decimal | None = None
    programme_id: int | None = None
    lead_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaskState:
    """One row behind every count. Progress in percent of the product, unclamped; None means there is no such figure."""

    task_id: int
    code: str
    programme_id: int | None
    lead_id: int | None
    stage: Stage
    schedule: Schedule
    reported: Reported
    due_on: date | None
    completed_on: date | None
    declared: Decimal | None
    declared_on: date | None
    accepted: Decimal | None
    measured: Decimal | None
    owed: Owed | None


def _stopped_by(steps: Sequence[Step], as_of: date) -> Stage | None:
    stopped: Stage | None = None
    for step in sorted(steps, key=lambda each: each.on):
        if step.on > as_of or stopped in ENDED_STAGES:
            continue
        if step.kind == "resumed":
            stopped = None
        elif step.kind in STOPPING_STEPS:
            stopped = STOPPING_STEPS[step.kind]
    return stopped


def _stage_while_running(facts: TaskFacts, as_of: date) -> Stage:
    last = facts.last_report
    if last is not None and last.on <= as_of:
        if last.verdict == "returned":
            return Stage.RETURNED
        if last.claims_completion and last.verdict is None:
            return Stage.AWAITING_ACCEPTANCE
        return Stage.IN_PROGRESS
    if any(step.kind == "received" and step.on <= as_of for step in facts.steps):
        return Stage.RECEIVED
    return Stage.ISSUED


def stage(facts: TaskFacts, as_of: date) -> Stage:
    """An accepted completion stays done for good; a cancelled or superseded task does not run again."""
    if facts.issued_on is None or facts.issued_on > as_of:
        return Stage.DRAFT
    if facts.completed_on is not None and facts.completed_on <= as_of:
        return Stage.DONE
    return _stopped_by(facts.steps, as_of) or _stage_while_running(facts, as_of)


def due_on(facts: TaskFacts) -> date | None:
    """The last day that can be checked, or None."""
    return None if facts.deadline_kind in UNDATED_DEADLINES else facts.resolved_end


def schedule(facts: TaskFacts, as_of: date) -> Schedule:
    """The day of the deadline itself is in time. A completion counts on the day it was handed in, not accepted.

    No deadline runs for a draft, a suspended, cancelled or superseded task.
    """
    now_at, end = stage(facts, as_of), due_on(facts)
    if end is None or now_at is Stage.DRAFT or now_at in STOPPED_STAGES:
        return Schedule.NO_DEADLINE
    if now_at is Stage.DONE and facts.completed_on is not None:
        if facts.completed_on == end:
            return Schedule.DONE_ON_TIME
        return Schedule.DONE_EARLY if facts.completed_on < end else Schedule.DONE_LATE
    if as_of > end:
        return Schedule.OVERDUE
    return Schedule.DUE_SOON if (end - as_of).days <= DUE_SOON_DAYS else Schedule.ON_TIME


def reported(facts: TaskFacts, as_of: date) -> Reported:
    """About the latest period due. What is finished or stopped owes nothing."""
    owed = facts.owed
    if owed is None or owed.due_on > as_of or stage(facts, as_of) not in RUNNING_STAGES:
        return Reported.NOT_OWED
    if owed.reported_on is None or owed.reported_on > as_of:
        return Reported.NOT_REPORTED
    return Reported.REPORTED


def state_of(facts: TaskFacts, as_of: date) -> TaskState:
    """All that the screens show of a task, from its facts."""
    last = facts.last_report if facts.last_report is not None and facts.last_report.on <= as_of else None
    return TaskState(
        task_id=facts.task_id,
        code=facts.code,
        programme_id=facts.programme_id,
        lead_id=facts.lead_id,
        stage=stage(facts, as_of),
        schedule=schedule(facts, as_of),
        reported=reported(facts, as_of),
        due_on=due_on(facts),
        completed_on=facts.completed_on,
        declared=last.declared if last else None,
        declared_on=last.on if last else None,
        accepted=facts.accepted,
        measured=facts.measured,
        owed=facts.owed,
    )


@dataclass(frozen=True)
class Ratio:
    """A rate that cannot lose its parts."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> Decimal:
        """Rounded half up to one decimal place."""
        return (Decimal(100 * self.numerator) / self.denominator).quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")


def _ratio(numerator: int, denominator: int) -> Ratio | None:
    return Ratio(numerator, denominator) if denominator else None


def _every_stage() -> dict[Stage, int]:
    return dict.fromkeys(Stage, 0)


def _every_schedule() -> dict[Schedule, int]:
    return dict.fromkeys(Schedule, 0)


@dataclass(frozen=True)
class Tally:
    """Counts of disjoint tasks; each task stands once in `by_stage` and once in `by_schedule`. Adding is exact."""

    by_stage: Mapping[Stage, int] = field(default_factory=_every_stage)
    by_schedule: Mapping[Schedule, int] = field(default_factory=_every_schedule)
    owed: int = 0
    reported: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            {key: self.by_stage[key] + other.by_stage[key] for key in Stage},
            {key: self.by_schedule[key] + other.by_schedule[key] for key in Schedule},
            self.owed + other.owed,
            self.reported + other.reported,
        )

    @property
    def total(self) -> int:
        return sum(self.by_stage.values())

    @property
    def done(self) -> int:
        return self.by_stage[Stage.DONE]

    @property
    def overdue(self) -> int:
        return self.by_schedule[Schedule.OVERDUE]

    @property
    def due_soon(self) -> int:
        return self.by_schedule[Schedule.DUE_SOON]

    @property
    def on_time(self) -> int:
        """Still running, and more than `DUE_SOON_DAYS` from the deadline."""
        return self.by_schedule[Schedule.ON_TIME]

    @property
    def without_deadline(self) -> int:
        """Running work that no deadline can be checked for: recurring, by event, by reference, or none given."""
        return self.by_schedule[Schedule.NO_DEADLINE]

    @property
    def not_reported(self) -> int:
        return self.owed - self.reported

    @property
    def countable(self) -> int:
        """Tasks that are meant to be completed: issued, and neither cancelled nor superseded."""
        return self.total - sum(self.by_stage[each] for each in (Stage.DRAFT, *ENDED_STAGES))

    @property
    def coverage(self) -> Ratio | None:
        """Reports in hand of reports owed for the latest period due."""
        return _ratio(self.reported, self.owed)

    @property
    def completion_rate(self) -> Ratio | None:
        """Completed of all that are meant to be completed; says nothing about punctuality."""
        return _ratio(self.done, self.countable)

    @property
    def on_time_rate(self) -> Ratio | None:
        """Completed by the deadline, of those completed or overdue: an unfinished late task cannot improve it."""
        return _ratio(sum(self.by_schedule[each] for each in KEPT), sum(self.by_schedule[each] for each in DECIDED))


def tally(states: Iterable[TaskState]) -> Tally:
    """Count disjoint rows; an empty sequence has a tally of zeros, whose rates are None and not zero."""
    rows = list(states)
    stages, schedules = Counter(row.stage for row in rows), Counter(row.schedule for row in rows)
    reports = Counter(row.reported for row in rows)
    return Tally(
        {key: stages[key] for key in Stage},
        {key: schedules[key] for key in Schedule},
        owed=reports[Reported.REPORTED] + reports[Reported.NOT_REPORTED],
        reported=reports[Reported.REPORTED],
    )


def tallies(states: Iterable[TaskState], keys_of: Callable[[TaskState], Iterable[int]]) -> dict[int, Tally]:
    """One tally for each key; a task counts once at every different key it has."""
    groups: dict[int, list[TaskState]] = {}
    for row in states:
        for key in set(keys_of(row)):
            groups.setdefault(key, []).append(row)
    return {key: tally(rows) for key, rows in groups.items()}


@dataclass(frozen=True)
class Lineages:
    """The tree of organisations as it is today: `paths` root first, itself last; `successors` only of the dissolved."""

    paths: Mapping[int, Sequence[int]]
    successors: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def answering(self, organisation_id: int) -> frozenset[int]:
        """Who answers today for what it led: itself, or the last successors in line; itself when these form a ring."""
        found, waiting, seen = set(), [organisation_id], {organisation_id}
        while waiting:
            current = waiting.pop()
            heirs = self.successors.get(current, ())
            if not heirs:
                found.add(current)
            waiting.extend(heir for heir in heirs if heir not in seen)
            seen |= set(heirs)
        return frozenset(found or {organisation_id})

    def ancestors(self, organisation_id: int | None) -> frozenset[int]:
        """Everyone in whose subtree today's answering organisations stand, themselves included."""
        if organisation_id is None:
            return frozenset()
        return frozenset(each for heir in self.answering(organisation_id) for each in self.paths.get(heir, (heir,)))


@dataclass(frozen=True)
class Changes:
    """What moved between two days, as task codes in order."""

    finished: tuple[str, ...]
    newly_late: tuple[str, ...]
    newly_issued: tuple[str, ...]
    moved: tuple[str, ...]


def changes_between(before: Iterable[TaskState], after: Iterable[TaskState]) -> Changes:
    """Compare the same tasks on two days; one unknown before counts as a draft then. `moved` holds every difference."""
    earlier = {row.task_id: row for row in before}
    finished, late, issued, moved = [], [], [], []
    for row in sorted(after, key=lambda each: each.code):
        then = earlier.get(row.task_id)
        old_stage = then.stage if then else Stage.DRAFT
        if row.stage is Stage.DONE and old_stage is not Stage.DONE:
            finished.append(row.code)
        if row.schedule is Schedule.OVERDUE and (then is None or then.schedule is not Schedule.OVERDUE):
            late.append(row.code)
        if old_stage is Stage.DRAFT and row.stage is not Stage.DRAFT:
            issued.append(row.code)
        if then is None or (then.stage, then.schedule) != (row.stage, row.schedule):
            moved.append(row.code)
    return Changes(tuple(finished), tuple(late), tuple(issued), tuple(moved))


@dataclass(frozen=True, slots=True)
class Handed:
    """One owed report and the day its first version came, None when none did."""

    period_key: str
    due_on: date
    reported_on: date | None


def punctuality(owed: Handed) -> Punctuality:
    if owed.reported_on is None:
        return Punctuality.MISSING
    return Punctuality.ON_TIME if owed.reported_on <= owed.due_on else Punctuality.LATE


@dataclass(frozen=True)
class PeriodDiscipline:
    """Reports owed in one period, by how they were handed in; the three counts add up to `owed`."""

    period_key: str
    on_time: int
    late: int
    missing: int

    @property
    def owed(self) -> int:
        return self.on_time + self.late + self.missing

    @property
    def worst(self) -> Punctuality:
        """What the square of the period shows: one missing report is not hidden by others on time."""
        if self.missing:
            return Punctuality.MISSING
        return Punctuality.LATE if self.late else Punctuality.ON_TIME


def discipline(owed: Iterable[Handed], periods: int = DISCIPLINE_PERIODS) -> tuple[PeriodDiscipline, ...]:
    """The last `periods` periods due, oldest first. `owed` may be counted already (a Counter)."""
    last_due: dict[str, date] = {}
    counts: dict[str, Counter[Punctuality]] = {}
    for row, number in Counter(owed).items():
        last_due[row.period_key] = max(row.due_on, last_due.get(row.period_key, row.due_on))
        counts.setdefault(row.period_key, Counter())[punctuality(row)] += number
    newest = sorted(last_due, key=lambda key: (last_due[key], key))[-periods:]
    return tuple(
        PeriodDiscipline(
            key,
            on_time=counts[key][Punctuality.ON_TIME],
            late=counts[key][Punctuality.LATE],
            missing=counts[key][Punctuality.MISSING],
        )
        for key in newest
    )
