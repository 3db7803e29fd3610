"""Which issue a day belongs to, and when the next one is due (D42)."""

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
