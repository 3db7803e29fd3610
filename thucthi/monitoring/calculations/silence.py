"""Silence: reports owed for periods in a row and none given (D35). Nobody reports it; it follows from what is owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from thucthi.kernel.working_days import working_days_between

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwedReport:
    """One report owed by a body. `deadline` is the last day on which it counts as on time, grace included."""

    task_id: int
    period: tuple[str, str]
    due_on: date
    deadline: date
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class Silence:
    """`periods` in a row without a single report, holding `reports` owed ones about `tasks` tasks; `since`: the first
    day due. Zero periods: not silent, and `since` is None. `last_answered`: the latest due day that was answered."""

    periods: int
    reports: int
    tasks: int
    since: date | None
    last_answered: date | None

    def days(self, as_of: date) -> int:
        """Whole days since the first report in the row was due; 0 while nothing is missing."""
        return (as_of - self.since).days if self.since else 0

    def working_days(self, as_of: date) -> int:
        """The same in working days."""
        return working_days_between(self.since, as_of) if self.since else 0


def silence_of(owed: Iterable[OwedReport], as_of: date) -> Silence:
    """The row of silent periods that reaches up to `as_of`.

    A period in which at least one report came ends the row, whatever else is missing in it; what is not yet past its
    deadline is not counted.
    """
    rows = list(owed)
    answered = max((row.due_on for row in rows if row.reported_on and row.reported_on <= as_of), default=None)
    missing = [row for row in rows if row.deadline < as_of and (answered is None or row.due_on > answered)]
    return Silence(
        periods=len({row.period for row in missing}),
        reports=len(missing),
        tasks=len({row.task_id for row in missing}),
        since=min((row.due_on for row in missing), default=None),
        last_answered=answered,
    )
