"""What a task, an owed text or a target says of its own end, before anything it waits for is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from thucthi.kernel.working_days import add_working_days, working_days_between
from thucthi.monitoring.calculations.propagation import INSTRUMENT, TARGET, TASK, Assumption, Note, Plan
from thucthi.programmes.calculations.graph import Node

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaskKnown:
    """A task as of a day; `accepted` in per cent; `owed`: the own date of the latest text it owes, and which text."""

    number: int
    due_on: date | None
    start_on: date | None = None
    done_on: date | None = None
    is_void: bool = False
    is_suspended: bool = False
    accepted: Decimal | None = None
    owed: tuple[date, Node] | None = None


@dataclass(frozen=True, slots=True)
class StageTime:
    """The time that the law gives a stage still ahead; `days` None: no time set."""

    stage: str
    days: int | None
    in_working_days: bool = True


@dataclass(frozen=True, slots=True)
class InstrumentKnown:
    """An owed text as of a day. `clock_ends_on` of the stage it stands in; `ahead`: the stages that still follow."""

    number: int
    due_on: date | None
    in_force_on: date | None = None
    stage: str = ""
    clock_ends_on: date | None = None
    ahead: tuple[StageTime, ...] = ()


def plan_of_task(known: TaskKnown, as_of: date) -> Plan:
    node = Node(TASK, known.number)
    if known.done_on is not None:
        return Plan(node, known.due_on, known.done_on, settled=known.done_on)
    if known.is_void:
        return Plan(node, known.due_on, None, is_void=True)
    own, notes = _own_end(known, as_of)
    if known.owed is not None and (own is None or known.owed[0] > own):
        own = known.owed[0]
        notes.append(Note(Assumption.OWED_TEXT, known.owed[1]))
    days, more = _work_left(known)
    return Plan(node, known.due_on, own, work_days=days, notes=(*notes, *more))


def _own_end(known: TaskKnown, as_of: date) -> tuple[date | None, list[Note]]:
    notes = [Note(Assumption.SUSPENDED)] if known.is_suspended else []
    if known.due_on is None:
        return None, [*notes, Note(Assumption.NO_END)]
    if known.due_on < as_of:
        return as_of, [*notes, Note(Assumption.OVERDUE, amount=(as_of - known.due_on).days)]
    return known.due_on, notes


def _work_left(known: TaskKnown) -> tuple[int | None, tuple[Note, ...]]:
    """Working days after the first one, by the task's own plan, less the share that is accepted."""
    if known.start_on is None or known.due_on is None or known.start_on > known.due_on:
        return None, ()
    days = working_days_between(known.start_on, known.due_on)
    if known.accepted is None or known.accepted <= 0:
        return days, ()
    left = max(WHOLE - known.accepted, Decimal(0)) * days / WHOLE
    return int(left.to_integral_value(ROUND_CEILING)), (Note(Assumption.ACCEPTED, amount=int(known.accepted)),)


def plan_of_instrument(known: InstrumentKnown, as_of: date) -> Plan:
    """In force: that day. Else the later of its due date and of today with the statutory times still ahead."""
    node = Node(INSTRUMENT, known.number)
    if known.in_force_on is not None:
        return Plan(node, known.due_on, known.in_force_on, settled=known.in_force_on)
    estimate, notes = _by_the_clocks(known, as_of)
    if known.due_on is None:
        return Plan(node, None, estimate, notes=(Note(Assumption.NO_END), *notes))
    if known.due_on < as_of:
        notes = (Note(Assumption.OVERDUE, amount=(as_of - known.due_on).days), *notes)
    return Plan(node, known.due_on, max(known.due_on, estimate), notes=notes)


def _by_the_clocks(known: InstrumentKnown, as_of: date) -> tuple[date, tuple[Note, ...]]:
    at = max(as_of, known.clock_ends_on) if known.clock_ends_on else as_of
    notes = []
    for time in known.ahead:
        at = _after(at, time)
        if time.days is None:
            notes.append(Note(Assumption.NO_CLOCK, word=time.stage))
        else:
            notes.append(Note(Assumption.CLOCK, amount=time.days, word=time.stage))
    return at, tuple(notes)


def _after(day: date, time: StageTime) -> date:
    if not time.days:
        return day
    return add_working_days(day, time.days) if time.in_working_days else day + timedelta(days=time.days)


def plan_of_target(number: int, period_end: date | None) -> Plan:
    notes = () if period_end else (Note(Assumption.NO_END),)
    return Plan(Node(TARGET, number), period_end, period_end, notes=notes)


def latest_owed(texts: Sequence[Plan]) -> tuple[date, Node] | None:
    """The text that holds its task longest."""
    dated = [(text.own, text.node) for text in texts if text.own is not None]
    return max(dated, default=None)
