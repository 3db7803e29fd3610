"""When a letter goes out, and when it is tried again."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from thucthi.kernel.working_days import next_working_day

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT_HALF_PAST_SEVEN = time(7, 30)
FIRST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
LONGEST_LINE = 200


def digest_moment(day: date) -> datetime | None:
    """07:30 in Hà Nội on the Monday of the week that holds `day`, or on its first working day if Monday is none.

    None: nobody works in that week.
    """
    monday = day - timedelta(days=day.weekday())
    first = next_working_day(monday)
    if first > monday + timedelta(days=6):
        return None
    return datetime.combine(first, AT_HALF_PAST_SEVEN, tzinfo=HANOI)


def digest_key(day: date) -> str:
    """What makes a digest the only one of its account and ISO week: "digest:2026-W49"."""
    year, week, _ = day.isocalendar()
    return f"digest:{year}-W{week:02d}"


def pause_before_retry(attempts: int) -> timedelta:
    """5, 10, 20 … minutes after the first, second, third attempt that failed; six hours at most."""
    return min(FIRST_PAUSE * (1 << min(max(attempts - 1, 0), 12)), LONGEST_PAUSE)


def one_line(text: str) -> str:
    """Fit for the head of a mail: no line breaks or other control characters, at most 200 characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:LONGEST_LINE]
