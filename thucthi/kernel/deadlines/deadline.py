"""What a deadline is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DeadlineKind(StrEnum):
    """How the document says when."""

    DATE = "date"
    MONTH = "month"
    QUARTER = "quarter"
    HALFYEAR = "halfyear"
    YEAR = "year"
    RANGE = "range"
    RECURRING = "recurring"
    EVENT = "event"
    REFERENCE = "reference"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as written (`raw`, untouched) and as understood.

    * `end` is the last day on which the work is on time, None when the words give none; `start` is known only
      for ranges and "từ …", and is never after `end`. A range without `end` is open ("từ năm 2026 trở đi").
    * `precision` is the width of what `end` (or `start`) was read from: day, month_part, month, quarter, halfyear,
      school_year, year, or "".
    * `recurrence` lists rhythms, joined by "; ": ongoing, daily, weekly, monthly, quarterly, halfyear, yearly, with
      "@" and the place in the rhythm where one is named (monthly@25, yearly@12-15, yearly@12, yearly@Q4). It may
      stand beside a date ("trước ngày 20/11/2025 và hằng tháng").
    * `trigger` is the wording of an event or of the document referred to.
    * `milestones` are earlier last days named in the same words, in order.

    Raises ValueError when `start` lies after `end`.
    """

    kind: DeadlineKind
    raw: str
    start: date | None = None
    end: date | None = None
    precision: str = ""
    recurrence: str | None = None
    trigger: str | None = None
    milestones: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        if self.start and self.end and self.start > self.end:
            raise ValueError("a deadline does not end before it starts")

    @property
    def is_unreadable(self) -> bool:
        """Something was written and not understood; an empty cell, or a mere dash, is not that."""
        return self.kind is DeadlineKind.NONE and any(char.isalnum() for char in self.raw)


def is_checkable(deadline: Deadline) -> bool:
    """Whether a calendar alone can tell that it has passed: there is a last day (demands D16, D21)."""
    return deadline.end is not None
