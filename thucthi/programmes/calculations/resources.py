"""Money of tasks: needed, allocated, disbursed; sums with how many of them are known (D15, D63). Million đồng.

Zero is a confirmed zero; None is not stated. They are never added up as the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)
# A task that needs money is warned of from so many days before it starts: a budget is settled a quarter ahead.
WARNED_BEFORE = 90


@dataclass(frozen=True)
class Money:
    """Of one task; each None when nobody has stated it. `needed` is what the plan says."""

    needed: Decimal | None
    allocated: Decimal | None
    disbursed: Decimal | None

    @property
    def needs_money(self) -> bool:
        return self.needed is not None and self.needed > ZERO

    @property
    def gap(self) -> Decimal | None:
        """What is still to be allocated; None when the plan names no sum. Nothing stated counts as all missing."""
        if self.needed is None:
            return None
        return max(ZERO, self.needed - (self.allocated or ZERO))

    @property
    def is_covered(self) -> bool | None:
        """Needed ≤ allocated; None when the plan names no sum, true when it names zero."""
        return None if self.gap is None else self.gap == ZERO


class Question(StrEnum):
    """What a person should look at; never a refusal."""

    OVER_ALLOCATED = "over_allocated"
    OVER_DISBURSED = "over_disbursed"
    DISBURSED_WITHOUT = "disbursed_without"


def questions(money: Money) -> tuple[Question, ...]:
    """What does not fit together in the money of one task."""
    found = []
    if money.disbursed is not None and money.disbursed > ZERO:
        if money.allocated is None:
            found.append(Question.DISBURSED_WITHOUT)
        elif money.disbursed > money.allocated:
            found.append(Question.OVER_DISBURSED)
    if money.needed is not None and money.allocated is not None and money.allocated > money.needed:
        found.append(Question.OVER_ALLOCATED)
    return tuple(found)


@dataclass(frozen=True)
class Part:
    """A sum over the tasks that stated it: `known` of `of`. Nothing stated: `amount` None, never zero."""

    amount: Decimal | None
    known: int
    of: int


@dataclass(frozen=True)
class Sums:
    """Of many tasks. `needed` is out of all tasks, the other two out of those that need money."""

    tasks: int
    needing: int
    needed: Part
    allocated: Part
    disbursed: Part


def sums(rows: Iterable[Money]) -> Sums:
    """Add up what is known, and say how much of it is."""
    rows = tuple(rows)
    needing = tuple(row for row in rows if row.needs_money)
    return Sums(
        tasks=len(rows),
        needing=len(needing),
        needed=_part([row.needed for row in rows]),
        allocated=_part([row.allocated for row in needing]),
        disbursed=_part([row.disbursed for row in needing]),
    )


def _part(amounts: list[Decimal | None]) -> Part:
    known = [amount for amount in amounts if amount is not None]
    return Part(sum(known, ZERO) if known else None, len(known), len(amounts))


@dataclass(frozen=True)
class Warned:
    """A task without enough money. `days` from the day asked about until its start; negative: it should have begun."""

    gap: Decimal
    days: int


def warned(money: Money, starts_on: date, as_of: date, *, before: int = WARNED_BEFORE) -> Warned | None:
    """Whether an issued, open task must be warned of: it needs money, has less, and starts within `before` days."""
    gap = money.gap
    days = (starts_on - as_of).days
    return Warned(gap, days) if gap and days <= before else None
