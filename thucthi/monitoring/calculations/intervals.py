"""Stretches of days, both ends included; nothing here counts a day twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From `first` to `last`, both included. Raises ValueError when it would be empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.first}..{self.last} has no day")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def common(self, other: "Interval") -> "Interval | None":
        """The days in both, None when there are none."""
        return interval(max(self.first, other.first), min(self.last, other.last))


def interval(first: date, last: date) -> Interval | None:
    """The days from `first` to `last`, None when there are none."""
    return Interval(first, last) if first <= last else None


def united(intervals: Iterable[Interval]) -> list[Interval]:
    """The same days in order, as few stretches as possible, no two of which touch."""
    found: list[Interval] = []
    for each in sorted(intervals):
        if found and each.first - ONE_DAY <= found[-1].last:
            found[-1] = Interval(found[-1].first, max(found[-1].last, each.last))
        else:
            found.append(each)
    return found


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """The days of `intervals` that are not in `taken`."""
    left = united(intervals)
    for away in united(taken):
        pieces = [(each.first, min(each.last, away.first - ONE_DAY)) for each in left]
        if away.last < date.max:
            pieces += [(max(each.first, away.last + ONE_DAY), each.last) for each in left]
        left = united(piece for piece in (interval(*ends) for ends in pieces) if piece)
    return left


def days_within(intervals: Iterable[Interval], within: Interval) -> int:
    """How many days of `intervals` lie in `within`; a day in several of them counts once."""
    parts = (each.common(within) for each in united(intervals))
    return sum(part.days for part in parts if part)
