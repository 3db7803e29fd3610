"""Where a duty to report stands on a day, and who answers for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ONE_DAY = 1


class DutyState(StrEnum):
    """Due and overdue: nothing was sent; returned: the last version came back; all three still ask for a report."""

    DUE = "due"
    OVERDUE = "overdue"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"


OPEN = frozenset({DutyState.DUE, DutyState.OVERDUE, DutyState.RETURNED})


@dataclass(frozen=True)
class Version:
    """One version that was sent; `verdict` None, "accepted" or "returned", given on `decided_on`."""

    sent_on: date
    verdict: str | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class DutyStanding:
    """`days_late`: calendar days from the last day that counted as on time to the first sending, or to the day asked
    about while nothing was sent; 0 is on time. `since`: the day on which this state began.
    """

    state: DutyState
    since: date
    days_late: int
    first_sent_on: date | None

    @property
    def is_late(self) -> bool:
        """Sent after its time, or not sent although its time is over: it stays late for good."""
        return self.days_late > 0

    @property
    def asks_for_a_report(self) -> bool:
        return self.state in OPEN


def state_of_duty(
    *, period_start: date, due_on: date, grace_until: date | None, versions: Sequence[Version], on: date
) -> DutyStanding:
    """The standing at the end of the day `on`; what happened later is not looked at. Versions in their order.

    A version counts by the day it was sent, never by the day somebody opened the form.
    """
    last_day = grace_until or due_on
    sent = [version for version in versions if version.sent_on <= on]
    first = sent[0].sent_on if sent else None
    days_late = max(((first or on) - last_day).days, 0)
    if not sent:
        overdue = on > last_day
        since = date.fromordinal(last_day.toordinal() + ONE_DAY) if overdue else period_start
        return DutyStanding(DutyState.OVERDUE if overdue else DutyState.DUE, since, days_late, None)
    last = sent[-1]
    decided = last.decided_on if last.decided_on is not None and last.decided_on <= on else None
    if decided is None or last.verdict is None:
        return DutyStanding(DutyState.SUBMITTED, last.sent_on, days_late, first)
    state = DutyState.ACCEPTED if last.verdict == "accepted" else DutyState.RETURNED
    return DutyStanding(state, decided, days_late, first)


@dataclass(frozen=True)
class Holding:
    """Somebody (`holder_id`) holds an office from a day to a day, both included; `until` None: still."""

    holder_id: int
    since: date
    until: date | None


@dataclass(frozen=True)
class Answering:
    """The part of a stretch of time that one holder answers for; both days included."""

    holder_id: int
    since: date
    until: date

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1


def days_in_office(holdings: Iterable[Holding], since: date, until: date) -> tuple[Answering, ...]:
    """Who held the office on which days of `since`…`until`, in the order of time; days nobody held it are left out."""
    found = [
        Answering(holding.holder_id, max(holding.since, since), min(holding.until or until, until))
        for holding in holdings
    ]
    return tuple(sorted((row for row in found if row.since <= row.until), key=lambda row: row.since))
