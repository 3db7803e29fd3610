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
Row = TypeVar("Row")


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


@dataclass(frozen=True)
class Waited:
    """Things of one kind taken together, of one organisation or (None) of one side: what `Awaited` come to on a day."""

    early: Early
    organisation_id: int | None
    is_local: bool
    owed: int
    happened: int
    first: date | None


def taken_together(resolved_on: date, waited: Iterable[Waited], as_of: date) -> Mapping[Early, LeadTime]:
    """`lead_times` of the things behind `waited`, however they were put together."""
    rows = tuple(waited)
    return {early: _together(resolved_on, [row for row in rows if row.early is early], as_of) for early in Early}


def _together(resolved_on: date, rows: list[Waited], as_of: date) -> LeadTime:
    owed = sum(row.owed for row in rows)
    first = min((row.first for row in rows if row.first is not None), default=None)
    if not owed:
        return LeadTime(ClockState.NOT_APPLICABLE, None, None, 0, 0)
    if first is None:
        return LeadTime(ClockState.RUNNING, (as_of - resolved_on).days, None, 0, owed)
    return LeadTime(ClockState.HAPPENED, (first - resolved_on).days, first, sum(row.happened for row in rows), owed)


def spread_together(waited: Iterable[Waited], early: Early) -> "Spread":
    """`spread` of the things behind `waited`, which are put together by organisation or finer."""
    by_body: dict[int | None, bool] = {}
    for row in waited:
        if row.early is early and row.owed:
            by_body[row.organisation_id] = by_body.get(row.organisation_id, False) or row.happened > 0
    return Spread(sum(by_body.values()), len(by_body) - sum(by_body.values()))


def lead_times(resolved_on: date, awaited: Iterable[Awaited], as_of: date) -> Mapping[Early, LeadTime]:
    """All clocks; each of `Early` is a key."""
    rows = tuple(awaited)
    return {early: lead_time(resolved_on, [row for row in rows if row.early is early], as_of) for early in Early}


def grouped(rows: Iterable[Row], group: Callable[[Row], Group]) -> dict[Group, list[Row]]:
    """The things awaited by whatever they are compared by."""
    found: dict[Group, list[Row]] = {}
    for row in rows:
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
