"""When a source is asked again."""

from datetime import datetime, timedelta

from thucthi.kernel.periods import Frequency

DAILY = "daily"
DAYS = {
    DAILY: 1,
    Frequency.WEEKLY: 7,
    Frequency.MONTHLY: 30,
    Frequency.QUARTERLY: 91,
    Frequency.HALF_YEARLY: 182,
    Frequency.YEARLY: 365,
}
FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
# A daily source is asked at about the same time of day although each look at the clock comes a little later.
SLACK = timedelta(minutes=10)


def next_asking(every: str, last: datetime | None, *, failures: int = 0, refused: bool = False) -> datetime | None:
    """When a source is due that is asked `every` so often; None: at once, it was never asked.

    After `failures` in a row it is tried again sooner, with pauses that double up to a day. A file that was refused for
    its faults is asked for again the next day: whoever sent it may have put it right.
    """
    if last is None:
        return None
    regular = timedelta(days=DAYS[every]) - SLACK
    if failures:
        # The exponent is bounded before it is used: a source may have failed a thousand times.
        pause = FIRST_PAUSE * (1 << min(failures - 1, 10))
        return last + min(pause, LONGEST_PAUSE, regular)
    return last + (min(regular, LONGEST_PAUSE - SLACK) if refused else regular)
