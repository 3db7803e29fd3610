"""How a task stood on each of several days, from its facts read once.

Equal to `state_of` of the facts of each day read anew, by a property test; accepted and measured progress are no part
of it, as no count needs them.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from thucthi.monitoring.calculations.standing import (
    DUE_SOON_DAYS,
    Handed,
    Owed,
    Step,
    Submission,
    TaskFacts,
    TaskState,
    state_of,
)

ACCEPTED = "accepted"


class Version(NamedTuple):
    """A version of a report, and the decision on it when there is one that was known: days are days of the site."""

    obligation_id: int
    number: int
    submitted_at: datetime
    submitted_on: date
    declared: Decimal
    claims_completion: bool
    verdict: str | None
    decided_on: date | None

    def is_accepted_completion(self, day: date) -> bool:
        return self.claims_completion and self.verdict == ACCEPTED and (self.decided_on or date.max) <= day


class Period(NamedTuple):
    """A report owed. `first_reported_on`: the day of its first version, None when none came.

    `organisation_id` is who owed it; with `grace_until`, it is late only after that day.
    """

    key: str
    due_on: date
    first_reported_on: date | None
    organisation_id: int = 0
    grace_until: date | None = None


class Move(NamedTuple):
    """A deadline moved by decision. `counts_from` is the day of the decision, the last of all days if not yet known."""

    counts_from: date
    old_end: date | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything known of one task that decides its state on some day.

    `moves` by the day they were decided, `versions` by the moment they were handed in, `owed` by the day they were due.
    """

    task_id: int
    code: str
    programme_id: int | None
    lead_id: int | None
    programme_issued_on: date | None
    issued_on: date | None
    deadline_kind: str
    resolved_end: date | None
    steps: tuple[Step, ...] = ()
    moves: tuple[Move, ...] = ()
    versions: tuple[Version, ...] = ()
    owed: tuple[Period, ...] = ()


def states_on(timeline: Timeline, days: Sequence[date]) -> list[TaskState]:
    """The state at the end of each of `days`, which come in their order; between two turns nothing changes."""
    turns = sorted(set(_turns(timeline)))
    found: list[TaskState] = []
    before = -1
    for day in days:
        reached = bisect_right(turns, day.toordinal())
        found.append(found[-1] if reached == before else state_of(facts_on(timeline, day), day))
        before = reached
    return found


def _turns(timeline: Timeline) -> Iterator[int]:
    """The days, as ordinals, on which the state may become another one than it was the day before."""
    for end in (timeline.resolved_end, *(move.old_end for move in timeline.moves)):
        if end is not None:
            yield end.toordinal() - DUE_SOON_DAYS
            yield end.toordinal() + 1
    yield from (day.toordinal() for day in _days_of_facts(timeline) if day is not None)


def _days_of_facts(timeline: Timeline) -> Iterator[date | None]:
    yield timeline.issued_on
    yield from (step.on for step in timeline.steps)
    yield from (move.counts_from for move in timeline.moves)
    for version in timeline.versions:
        yield version.submitted_on
        yield version.decided_on
    yield from (period.due_on for period in timeline.owed)


def facts_on(timeline: Timeline, day: date) -> TaskFacts:
    """What was known at the end of `day`, but for accepted and measured progress."""
    return TaskFacts(
        task_id=timeline.task_id,
        code=timeline.code,
        issued_on=timeline.issued_on,
        deadline_kind=timeline.deadline_kind,
        resolved_end=_end_on(timeline, day),
        steps=timeline.steps,
        last_report=_last_report(timeline.versions, day),
        completed_on=_completed_on(timeline.versions, day),
        owed=_owed_on(timeline.owed, day),
        programme_id=timeline.programme_id,
        lead_id=timeline.lead_id,
    )


def _end_on(timeline: Timeline, day: date) -> date | None:
    """What the first later decision moved it from, else what it is now."""
    later = (move.old_end for move in timeline.moves if move.counts_from > day)
    return next(later, timeline.resolved_end)


def _last_report(versions: Sequence[Version], day: date) -> Submission | None:
    last = next((each for each in reversed(versions) if each.submitted_on <= day), None)
    if last is None:
        return None
    is_decided = last.decided_on is not None and last.decided_on <= day
    return Submission(last.submitted_on, last.declared, last.claims_completion, last.verdict if is_decided else None)


def _completed_on(versions: Sequence[Version], day: date) -> date | None:
    """The first completion accepted by that day that no later version of the same report had corrected."""
    done = [each for each in versions if each.is_accepted_completion(day)]
    if not done:
        return None
    newest = _newest(versions, day)
    standing = (each for each in done if newest.get(each.obligation_id, 0) <= each.number)
    first = min(standing, key=lambda each: each.submitted_at, default=None)
    return first.submitted_on if first else None


def _newest(versions: Sequence[Version], day: date) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for each in versions:
        if each.submitted_on <= day:
            found[each.obligation_id] = max(each.number, found.get(each.obligation_id, 0))
    return found


def handed_by(timeline: Timeline, day: date) -> Iterator[tuple[int, Handed]]:
    """Every report due by `day`, with the organisation that owed it."""
    for each in timeline.owed:
        if each.due_on <= day:
            first = each.first_reported_on
            reported_on = first if first is not None and first <= day else None
            yield each.organisation_id, Handed(each.key, each.grace_until or each.due_on, reported_on)


def _owed_on(owed: Sequence[Period], day: date) -> Owed | None:
    last = next((each for each in reversed(owed) if each.due_on <= day), None)
    if last is None:
        return None
    first = last.first_reported_on
    return Owed(last.key, last.due_on, first if first is not None and first <= day else None)
