"""How far an indicator has moved, and how its series is read. No framework, no clock, no database."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from thucthi.kernel.values import Direction, achievement


def measured_progress(
    baseline: Decimal | None, target: Decimal | None, actual: Decimal | None, direction: str
) -> Decimal | None:
    """Per cent of the promised way, never clamped; None when it cannot be said (kernel.values.achievement)."""
    return achievement(baseline, target, actual, Direction(direction))


class Observed(Protocol):
    """What is asked of an observation."""

    @property
    def pk(self) -> int: ...
    @property
    def corrects_id(self) -> int | None: ...
    @property
    def period_end(self) -> date: ...
    @property
    def available_on(self) -> date: ...


Row = TypeVar("Row", bound=Observed)


def standing_on(rows: Iterable[Row], as_of: date) -> list[Row]:
    """The rows known on that day and not corrected by another row known then, oldest period first."""
    known = [row for row in rows if row.available_on <= as_of]
    corrected = {row.corrects_id for row in known if row.corrects_id is not None}
    return sorted((row for row in known if row.pk not in corrected), key=lambda row: (row.period_end, row.pk))
