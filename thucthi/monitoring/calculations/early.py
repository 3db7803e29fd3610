""" "3 sớm": three lead times of a resolution, each with its denominator (D15).

Days are calendar days from the issue of the resolution. What has not happened runs on and shows its days so far, never
zero; where nobody owes the thing, the clock does not apply. Nothing is clamped.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

Group = TypeVar("Group")


class Early(StrEnum):
    """What is waited for. An instrument counts twice: issued, and in force."""

    INSTRUMENT_ISSUED = "instrument_issued"
    INSTRUMENT_IN_FORCE = "instrument_in_force"
    PROJECT_STARTED = "project_started"
    CAPITAL_ALLOCATED = "capital_allocated"


class ClockState(StrEnum):
    HAPPENED = "happened"
    RUNNING = "running"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Awaited:
    """One thing an organisation owes under a resolution; `happened_on` None: not yet; `is_local`: below the centre."""

    early: Early
    organisation_id: int
    is_local: bool
    happened_on: date | None


@dataclass(frozen=True)
class LeadTime:
    """The clock of the first of the things awaited. `happened` of `owed` have come; `on` is the day of the first."""

    state: ClockState
    days: int | None
    on: date | None
    happened: int
    owed: int


def lead_time(resolved_on: date, awaited: Iterable[Awaited], as_of: date) -> LeadTime:
    """As known at the end of `as_of`."""
    rows = tuple(awaited)
    days = [row.happened_on for row in rows if row.happened_on is not None and row.happened_on <= as_of]
    if not rows:
        return LeadTime(ClockState.NOT_APPLICABLE, None, None, 0, 0)
    if not days:
        return LeadTime(ClockState.RUNNING, (as_of - resolved_on).days, None, 0, len(rows))
    first = min(days)
    return LeadTime(ClockState.HAPPENED, (first - resolved_on).days, first, len(days), len(rows))


def lead_times(resolved_on: date, awaited: Iterable[Awaited], as_of: date) -> Mapping[Early, LeadTime]:
    """All clocks; each of `Early` is a key."""
    rows = tuple(awaited)
    return {early: lead_time(resolved_on, [row for row in rows if row.early is early], as_of) for early in Early}


def grouped(awaited: Iterable[Awaited], group: Callable[[Awaited], Group]) -> dict[Group, list[Awaited]]:
    """The things awaited by whatever they are compared by."""
    found: dict[Group, list[Awaited]] = {}
    for row in awaited:
        found.setdefault(group(row), []).append(row)
    return found


@dataclass(frozen=True)
class Spread:
    """Of the organisations that owe the thing: how many have their first, how many still wait; together `owing`."""

    happened: int
    running: int

    @property
    def owing(self) -> int:
        return self.happened + self.running


def spread(awaited: Iterable[Awaited], early: Early, as_of: date) -> Spread:
    by_body = grouped((row for row in awaited if row.early is early), lambda row: row.organisation_id)
    happened = sum(
        any(row.happened_on is not None and row.happened_on <= as_of for row in rows) for rows in by_body.values()
    )
    return Spread(happened, len(by_body) - happened)
