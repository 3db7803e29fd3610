"""How long each desk held a matter, and what became of a decision. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from thucthi.kernel.working_days import working_days_between

ONE_DAY = timedelta(days=1)


class Outcome(StrEnum):
    """How a desk was left: decided, answered, passed on in silence or by a refusal; or not yet."""

    DECIDED = "decided"
    ANSWERED = "answered"
    SILENT = "silent"
    MOVED = "moved"
    HOLDING = "holding"


@dataclass(frozen=True)
class HopFact:
    """A desk of one subject; `because` as in models.Hop."""

    organisation_id: int
    started_on: date
    due_on: date
    because: str = ""


@dataclass(frozen=True)
class Said:
    """A decision (`is_decision`) or an answer, on that day."""

    on: date
    is_decision: bool


@dataclass(frozen=True)
class DeskTime:
    """`until`: the last day it lay there; None while it still does. `working_days` as the desk's clock counts them."""

    organisation_id: int
    since: date
    until: date | None
    due_on: date
    working_days: int
    outcome: Outcome

    @property
    def is_late(self) -> bool:
        return self.until is not None and self.until > self.due_on


def times_of(hops: Sequence[HopFact], said: Sequence[Said], as_of: date) -> list[DeskTime]:
    """One for each desk up to `as_of`, in order: the time is the holder's, whoever raised the matter (D12)."""
    known = [hop for hop in hops if hop.started_on <= as_of]
    ends: list[HopFact | None] = [*known[1:], None]
    return [_time(hop, following, said, as_of) for hop, following in zip(known, ends, strict=True)]


def _time(hop: HopFact, following: HopFact | None, said: Sequence[Said], as_of: date) -> DeskTime:
    first = _first_word(hop, following, said, as_of)
    if first is not None:
        until: date | None = first.on
        outcome = Outcome.DECIDED if first.is_decision else Outcome.ANSWERED
    elif following is not None:
        moved = following.because in ("refusal", "asked")
        until = following.started_on if moved else following.started_on - ONE_DAY
        outcome = Outcome.MOVED if moved else Outcome.SILENT
    else:
        until, outcome = None, Outcome.HOLDING
    counted_from = hop.started_on - ONE_DAY if hop.because == "silence" else hop.started_on
    days = max(0, working_days_between(counted_from, until or as_of))
    return DeskTime(hop.organisation_id, hop.started_on, until, hop.due_on, days, outcome)


def _first_word(hop: HopFact, following: HopFact | None, said: Sequence[Said], as_of: date) -> Said | None:
    """A reopening begins on the day of what it follows at the earliest, so that day still belongs to this desk."""
    if following is None:
        last = as_of
    elif following.because == "silence":
        last = following.started_on - ONE_DAY
    else:
        last = following.started_on
    return min(
        (word for word in said if hop.started_on <= word.on <= last),
        key=lambda word: (word.on, not word.is_decision),
        default=None,
    )


@dataclass(frozen=True)
class TimeToDecision:
    """Of one organisation's desks: `n` of them were left or decided, `still_open` not yet; working days.

    `median` and `longest` are over the n; None when n is 0.
    """

    n: int
    still_open: int
    in_silence: int
    late: int
    median: float | None
    longest: int | None


def summary_of(times: Sequence[DeskTime]) -> TimeToDecision:
    left = [row for row in times if row.outcome != Outcome.HOLDING]
    days = [row.working_days for row in left]
    return TimeToDecision(
        n=len(left),
        still_open=len(times) - len(left),
        in_silence=sum(row.outcome == Outcome.SILENT for row in left),
        late=sum(row.is_late for row in left),
        median=float(median(days)) if days else None,
        longest=max(days, default=None),
    )


class DecisionState(StrEnum):
    """Whether a decision is carried out: nothing to carry out, no task yet, running, overdue, done."""

    NOTHING_TO_DO = "nothing_to_do"
    NO_TASK = "no_task"
    RUNNING = "running"
    OVERDUE = "overdue"
    DONE = "done"


@dataclass(frozen=True)
class FollowedTask:
    """A task that carries out a decision; `ends_on`: its last day, None when it has none to check."""

    pk: int
    ends_on: date | None
    is_cancelled: bool = False


def state_of_decision(
    kind: str, due_on: date | None, tasks: Sequence[FollowedTask], done: Collection[int], as_of: date
) -> DecisionState:
    """`done`: ids of tasks that are done – known only where reports are accepted, so given by the caller.

    A cancelled task carries nothing out. A decision is overdue with its own day, or with one of its tasks'.
    """
    if kind in ("decline", "defer"):
        return DecisionState.NOTHING_TO_DO
    standing = [task for task in tasks if not task.is_cancelled]
    waiting = [task for task in standing if task.pk not in done]
    if standing and not waiting:
        return DecisionState.DONE
    days = [due_on, *(task.ends_on for task in waiting)]
    if any(day is not None and day < as_of for day in days):
        return DecisionState.OVERDUE
    return DecisionState.RUNNING if standing else DecisionState.NO_TASK
