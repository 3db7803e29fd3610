"""When an issue is cut off and prepared by itself (D42): weekly, and in the month when its reports are in.

The machine needs no holiday: on a free day it prepares as on any other, and the page says on which working day somebody
can sign. The month's reports are due before the 25th (126/QĐ-BCĐCP), so its issue is made on the first working day from
the 25th, of what stood on the working day before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from thucthi.kernel.working_days import PeriodKind, add_working_days, is_working_day, next_working_day
from thucthi.publication.calculations.issues import issue_of, period_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_MONTHLY_DAY, LAST_MONTHLY_DAY = 12, 28
_HOUR = r"(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)"
_IN_THE_WEEK = re.compile(rf"(?P<day>{'|'.join(WEEKDAYS)}) {_HOUR}")
_IN_THE_MONTH = re.compile(rf"(?P<day>\d{{1,2}}) {_HOUR}")
_OF_THE_DAY = re.compile(_HOUR)


@dataclass(frozen=True)
class Rhythm:
    """Days of the week count from 0, Monday; `monthly_day` is a day of the month."""

    weekly_day: int
    weekly_at: time
    cut_off_day: int
    cut_off_at: time
    monthly_day: int
    monthly_at: time
    monthly_cut_off_at: time


@dataclass(frozen=True)
class Run:
    """One issue that is made by itself: of what was recorded before `cut_off_at`, at `prepare_at`."""

    kind: str
    issue: str
    as_of: date
    cut_off_at: datetime
    prepare_at: datetime

    @property
    def is_on_free_day(self) -> bool:
        return not is_working_day(self.prepare_at.date())

    @property
    def sign_off_on(self) -> date:
        """The first working day on which somebody can look at it."""
        return next_working_day(self.prepare_at.date())


def read_rhythm(*, weekly: str, weekly_cut_off: str, monthly: str, monthly_cut_off: str) -> Rhythm:
    """Raises ValueError with a sentence that names the setting and says how it is written."""
    day, at = _read("THUCTHI_ISSUE_WEEKLY", weekly, _IN_THE_WEEK, "fri 16:00")
    cut_day, cut_at = _read("THUCTHI_ISSUE_WEEKLY_CUT_OFF", weekly_cut_off, _IN_THE_WEEK, "thu 17:00")
    month_day, month_at = _read("THUCTHI_ISSUE_MONTHLY", monthly, _IN_THE_MONTH, "25 16:00")
    _, month_cut_at = _read("THUCTHI_ISSUE_MONTHLY_CUT_OFF", monthly_cut_off, _OF_THE_DAY, "17:00")
    made = Rhythm(WEEKDAYS.index(day), at, WEEKDAYS.index(cut_day), cut_at, int(month_day), month_at, month_cut_at)
    if (made.cut_off_day, made.cut_off_at) >= (made.weekly_day, made.weekly_at):
        raise ValueError(
            f"THUCTHI_ISSUE_WEEKLY_CUT_OFF ({weekly_cut_off}) phải đứng trước THUCTHI_ISSUE_WEEKLY ({weekly}) "
            "trong tuần."
        )
    if not FIRST_MONTHLY_DAY <= made.monthly_day <= LAST_MONTHLY_DAY:
        raise ValueError(
            f"THUCTHI_ISSUE_MONTHLY: ngày {made.monthly_day} không dùng được; xin chọn ngày từ {FIRST_MONTHLY_DAY} "
            f"đến {LAST_MONTHLY_DAY}."
        )
    return made


def _read(name: str, text: str, pattern: re.Pattern[str], example: str) -> tuple[str, time]:
    found = pattern.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"{name}: không đọc được \u201c{text}\u201d; xin ghi như \u201c{example}\u201d.")
    parts = found.groupdict()
    return parts.get("day", ""), time(int(parts["hour"]), int(parts["minute"]))


def run_of(kind: str, day: date, rhythm: Rhythm, zone: tzinfo) -> Run:
    """The run of the week or month that holds `day`."""
    start = period_of(kind, day).start
    if PeriodKind(kind) is PeriodKind.WEEKLY:
        cut_day = start + timedelta(days=rhythm.cut_off_day)
        made_on = start + timedelta(days=rhythm.weekly_day)
        cut_at, made_at = rhythm.cut_off_at, rhythm.weekly_at
    else:
        made_on = next_working_day(start.replace(day=rhythm.monthly_day))
        cut_day = max(add_working_days(made_on, -1), start)
        cut_at, made_at = rhythm.monthly_cut_off_at, rhythm.monthly_at
    return Run(
        kind,
        issue_of(kind, cut_day).key,
        cut_day,
        datetime.combine(cut_day, cut_at, zone),
        datetime.combine(made_on, made_at, zone),
    )


def last_run(kind: str, now: datetime, rhythm: Rhythm) -> Run:
    """The newest run whose hour has come; `now` carries the time zone of the site."""
    return next(run for run in _backwards(kind, now, rhythm) if run.prepare_at <= now)


def next_run(kind: str, now: datetime, rhythm: Rhythm) -> Run:
    """The first run whose hour is still to come."""
    coming = [run for run, _ in zip(_backwards(kind, now, rhythm), range(4), strict=False) if run.prepare_at > now]
    return coming[-1]


def _backwards(kind: str, now: datetime, rhythm: Rhythm) -> Iterator[Run]:
    """From the period after the next one back in time: a run may lie after the end of its month."""
    zone = now.tzinfo
    if zone is None:
        raise ValueError("a moment without a time zone has no run")
    period = period_of(kind, period_of(kind, now.date()).end + timedelta(days=1))
    while True:
        yield run_of(kind, period.start, rhythm, zone)
        period = period_of(kind, period.start - timedelta(days=1))


def cut_off_of(kind: str, day: date, rhythm: Rhythm, zone: tzinfo) -> datetime:
    """Until when a report had to be in to stand in the issue of its own week or month."""
    return run_of(kind, day, rhythm, zone).cut_off_at
