"""How a delay travels along dependencies to dates and targets (D65). Every assumption it makes is named in its answer.

The rules, in full:
- A thing that has ended stays on its day. One that is overdue ends today at the earliest. Otherwise it ends as planned.
- What waits starts after what it needs has ended, and after the lag in working days: on a day after a task, on the day
  itself for a text in force. It then takes the working days that its own plan gives it, less what is accepted.
- A text owed by a task comes into force with the task or by itself, whichever is later.
- A target is reached when the tasks meant to move it have ended, if these were planned to end within its period.
- A pair that competes pushes nothing: it has no order.
Nothing is added up twice: a date is the latest of what holds it, never a sum of delays.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thucthi.monitoring.calculations.propagation_days import WorkingCalendar
from thucthi.programmes.calculations.graph import Edge, Node, needed_by, ordered

TASK, INSTRUMENT, TARGET = "task", "instrument", "target"
NEEDS_INSTRUMENT, OWES, CONTRIBUTES = "needs_instrument", "owes", "contributes"


class Assumption(StrEnum):
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    NO_END = "no_end"
    NO_START = "no_start"
    WORK_DAYS = "work_days"
    ACCEPTED = "accepted"
    OWED_TEXT = "owed_text"
    CLOCK = "clock"
    NO_CLOCK = "no_clock"
    UNKNOWN_NEED = "unknown_need"
    ENDED_NEED = "ended_need"
    PLANNED_AFTER = "planned_after"
    CIRCULAR = "circular"


@dataclass(frozen=True, slots=True)
class Note:
    """One assumption; `node` names the other thing it is about, `amount` days or per cent, `word` a stage."""

    assumption: Assumption
    node: Node | None = None
    amount: int | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of one node by itself.

    `planned`: its last day as decided, None when it has none. `settled`: the day on which it ended for good. `own`: the
    earliest end that its own state allows. `work_days`: working days it still needs once it can start, None: unknown.
    `is_void`: cancelled or superseded, so nothing is to be expected of it.
    """

    node: Node
    planned: date | None
    own: date | None
    settled: date | None = None
    work_days: int | None = None
    is_void: bool = False
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """`expected`: the earliest end that everything together allows, None when nothing dated holds it.

    `pushed_by` is the edge that makes it later than its own state does; None when no edge does.
    """

    node: Node
    planned: date | None
    own: date | None
    expected: date | None
    pushed_by: Edge | None = None
    notes: tuple[Note, ...] = ()

    @property
    def shift(self) -> int | None:
        """Calendar days that the expected end lies after the planned one; None without one of the two."""
        return None if self.planned is None or self.expected is None else (self.expected - self.planned).days

    @property
    def is_late(self) -> bool:
        return self.shift is not None and self.shift > 0


def calendar_for(plans: Iterable[Plan]) -> WorkingCalendar:
    """One that reaches back to the earliest day in `plans`."""
    days = [day for plan in plans for day in (plan.planned, plan.own, plan.settled) if day is not None]
    return WorkingCalendar(min((day.year for day in days), default=2024) - 1)


def propagate(plans: Mapping[Node, Plan], edges: Collection[Edge]) -> dict[Node, Expected]:
    """The expected end of every node of `plans`; edges to nodes that are not among them are left out."""
    known = [edge for edge in edges if edge.needed in plans and edge.waiting in plans]
    calendar, incoming = calendar_for(plans.values()), needed_by(known)
    order = ordered(plans, known)
    found: dict[Node, Expected] = {}
    for node in order.nodes:
        found[node] = _expected(plans[node], sorted(incoming.get(node, ())), plans, found, calendar)
    for node in order.circular:
        plan = plans[node]
        notes = (*plan.notes, Note(Assumption.CIRCULAR))
        found[node] = Expected(node, plan.planned, plan.settled or plan.own, plan.settled or plan.own, None, notes)
    return found


def _expected(
    plan: Plan,
    incoming: Iterable[Edge],
    plans: Mapping[Node, Plan],
    found: Mapping[Node, Expected],
    calendar: WorkingCalendar,
) -> Expected:
    if plan.settled is not None or plan.is_void:
        return Expected(plan.node, plan.planned, plan.settled, plan.settled, None, plan.notes)
    latest, pushed_by, notes = plan.own, None, list(plan.notes)
    for edge in incoming:
        note = _why_not(edge, plans, found[edge.needed])
        if note is not None:
            notes.append(note)
            continue
        bound = _bound(edge, found[edge.needed].expected, plan.work_days, calendar)
        if bound is not None and (latest is None or bound > latest):
            latest, pushed_by = bound, edge
    if pushed_by is not None:
        notes.extend(_notes_of_a_push(plan))
    return Expected(plan.node, plan.planned, plan.own, latest, pushed_by, tuple(notes))


def _why_not(edge: Edge, plans: Mapping[Node, Plan], expected: Expected) -> Note | None:
    """Why an edge says nothing about a date."""
    if plans[edge.needed].is_void:
        return Note(Assumption.ENDED_NEED, edge.needed)
    if expected.expected is None:
        return Note(Assumption.UNKNOWN_NEED, edge.needed)
    if is_planned_after(edge, plans):
        return Note(Assumption.PLANNED_AFTER, edge.needed)
    return None


def is_planned_after(edge: Edge, plans: Mapping[Node, Plan]) -> bool:
    """A task that was never meant to end within the period of the target: its end is no delay of the target."""
    if edge.kind != CONTRIBUTES:
        return False
    task, target = plans[edge.needed].planned, plans[edge.waiting].planned
    return task is not None and target is not None and task > target


def _bound(edge: Edge, end: date | None, work_days: int | None, calendar: WorkingCalendar) -> date | None:
    if end is None or edge.kind in (OWES, CONTRIBUTES):
        return end
    return calendar.day(start_of(edge, end, calendar) + (work_days or 0))


def start_of(edge: Edge, end: date, calendar: WorkingCalendar) -> int:
    """The number of the first working day on which what waits may start."""
    if edge.kind == NEEDS_INSTRUMENT:
        return calendar.first_at(end) + edge.lag
    return calendar.count(end) + 1 + edge.lag


def _notes_of_a_push(plan: Plan) -> tuple[Note, ...]:
    if plan.node.kind != TASK:
        return ()
    if plan.work_days is None:
        return (Note(Assumption.NO_START),)
    return (Note(Assumption.WORK_DAYS, amount=plan.work_days),)
