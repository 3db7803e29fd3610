"""How much of what is owed came, and how much of what came was in time: two rates, never one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thucthi.kernel.values import ValueState


class Reporting(StrEnum):
    """Where one owed value stands."""

    IN_TIME = "in_time"
    LATE = "late"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    NOT_YET_DUE = "not_yet_due"


@dataclass(frozen=True, slots=True)
class OwedValue:
    """One value that a unit owes for a period by `due_on`.

    `state` is what stands today (None: nothing came), `first_on` the day from which a first answer was known.
    """

    due_on: date
    state: ValueState | None
    first_on: date | None


@dataclass(frozen=True, slots=True)
class Rates:
    """Completeness is reported/owed, timeliness in_time/reported; what does not apply is in neither."""

    owed: int
    reported: int
    in_time: int
    not_applicable: int


def reporting_of(value: OwedValue, as_of: date) -> Reporting:
    """A value is owed once its due day has come; "not reported" is no answer, a confidential one is."""
    if value.state is ValueState.NOT_APPLICABLE:
        return Reporting.NOT_APPLICABLE
    if value.due_on > as_of:
        return Reporting.NOT_YET_DUE
    if value.state is None or value.state is ValueState.NOT_REPORTED or value.first_on is None:
        return Reporting.MISSING
    return Reporting.IN_TIME if value.first_on <= value.due_on else Reporting.LATE


def rates(values: Iterable[OwedValue], as_of: date) -> Rates:
    """Count the values owed up to `as_of`."""
    found = [reporting_of(value, as_of) for value in values]
    in_time, late, missing = (found.count(state) for state in (Reporting.IN_TIME, Reporting.LATE, Reporting.MISSING))
    return Rates(in_time + late + missing, in_time + late, in_time, found.count(Reporting.NOT_APPLICABLE))
