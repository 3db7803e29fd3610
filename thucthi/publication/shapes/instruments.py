"""Instruments owed: the laws, decrees, circulars that a resolution still needs, and how far each has come."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class InstrumentStepData:
    """It entered `stage`; `clock_ends_on` is the last day the law gives that stage, None where the law sets none."""

    stage: str
    entered_on: date
    clock_ends_on: date | None


@dataclass(frozen=True)
class InstrumentData:
    """One text owed by `document`.

    `stage` is "not_begun" before the first step; `since` is the day it came to be where it is. `days_late`: calendar
    days past `due_on` to the issue or to the day of the data; 0 in time, None without a deadline.
    `issued_document` is the slug of the text itself, when that is public.
    """

    code: str
    document: str
    clause: str | None
    type: str
    title: str
    drafter: str
    due_on: date | None
    deadline_text: str
    stage: str
    since: date
    timeliness: str
    days_late: int | None
    issued_on: date | None
    in_force_on: date | None
    issued_document: str | None
    steps: tuple[InstrumentStepData, ...]
    tasks: tuple[str, ...]

    @property
    def is_owed(self) -> bool:
        """Not issued yet."""
        return self.issued_on is None

    @property
    def is_late(self) -> bool:
        """Past its day and not issued."""
        return self.is_owed and bool(self.days_late)
