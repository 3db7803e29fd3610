"""Which issue a day belongs to, and when the next one is due (D42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from thucthi.kernel.working_days import Period, PeriodKind, monthly_period, report_due_on, weekly_period


@dataclass(frozen=True)
class Issue:
    """`since` is the last day of the issue before, from which changes are counted."""

    kind: str
    key: str
    label_vi: str
    label_en: str
    since: date
    next_update: date


def period_of(kind: str, day: date) -> Period:
    return weekly_period(day) if PeriodKind(kind) is PeriodKind.WEEKLY else monthly_period(day)


def issue_of(kind: str, as_of: date) -> Issue:
    """A weekly issue compares with seven days before, a monthly one with the end of the month before.

    The next one is due when the reports of the next period are.
    """
    period = period_of(kind, as_of)
    following = period_of(kind, period.end + timedelta(days=1))
    since = as_of - timedelta(days=7) if period.kind is PeriodKind.WEEKLY else period.start - timedelta(days=1)
    return Issue(period.kind.value, period.key, period.label_vi, period.label_en, since, report_due_on(following))


def trend_days(kind: str, as_of: date, count: int) -> list[tuple[str, date]]:
    """The days of the `count` issues up to this one, oldest first, each with its key."""
    days = [as_of]
    while len(days) < count:
        days.append(issue_of(kind, days[-1]).since)
    return [(issue_of(kind, day).key, day) for day in reversed(days)]


@dataclass(frozen=True)
class TaskLine:
    """A task as an issue shows it, as far as the reviewer compares it."""

    code: str
    text: str
    stage: str
    schedule: str
    reported: str


@dataclass(frozen=True)
class IssueSummary:
    """The counts and tasks of one issue, read back from its own file."""

    issue: str
    counts: Mapping[str, int]
    tasks: Mapping[str, TaskLine]


@dataclass(frozen=True)
class CountDifference:
    """`before` is None where the earlier issue did not count this."""

    name: str
    before: int | None
    after: int


@dataclass(frozen=True)
class TaskDifference:
    """One of the two is None for a task that only one issue has."""

    before: TaskLine | None
    after: TaskLine | None

    @property
    def line(self) -> TaskLine:
        line = self.after or self.before
        assert line is not None  # noqa: S101 - one of the two stands
        return line


@dataclass(frozen=True)
class Differences:
    counts: tuple[CountDifference, ...]
    tasks: tuple[TaskDifference, ...]


def differences(before: IssueSummary | None, after: IssueSummary) -> Differences:
    """What a reviewer must look at: every count beside the earlier one, and every task that stands elsewhere now."""
    earlier = before.counts if before else {}
    known = before.tasks if before else {}
    codes = sorted({*known, *after.tasks}) if before else []
    moved = [TaskDifference(known.get(code), after.tasks.get(code)) for code in codes]
    return Differences(
        counts=tuple(CountDifference(name, earlier.get(name), count) for name, count in after.counts.items()),
        tasks=tuple(each for each in moved if each.before != each.after),
    )
