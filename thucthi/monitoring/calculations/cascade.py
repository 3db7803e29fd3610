"""From a clause down to a commune: where a duty to issue a programme stands, and where a chain breaks (D36, D68)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from thucthi.monitoring.calculations.standing import Ratio

STEPS = ("central", "province", "commune")


class DutyState(StrEnum):
    ISSUED = "issued"
    ISSUED_LATE = "issued_late"
    OVERDUE = "overdue"
    DUE = "due"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """`days_late`: from the day due to the day issued, or to the day asked about while nothing is issued."""

    state: DutyState
    days_late: int


def duty_standing(due_on: date, issued_on: date | None, lifted_on: date | None, as_of: date) -> DutyStanding:
    """A programme issued counts even where the duty was lifted later; a day ahead of `as_of` is not known yet."""
    if issued_on is not None and issued_on <= as_of:
        late = max(0, (issued_on - due_on).days)
        return DutyStanding(DutyState.ISSUED_LATE if late else DutyState.ISSUED, late)
    if lifted_on is not None and lifted_on <= as_of:
        return DutyStanding(DutyState.LIFTED, 0)
    late = max(0, (as_of - due_on).days)
    return DutyStanding(DutyState.OVERDUE if late else DutyState.DUE, late)


@dataclass(frozen=True, slots=True)
class Link:
    """One clause with the number of tasks that cite it at each step, `tasks[0]` the highest."""

    clause_id: int
    tasks: tuple[int, ...]

    @property
    def breaks_at(self) -> str | None:
        """The first step without a task; None when every step has one."""
        return next((step for step, count in zip(STEPS, self.tasks, strict=True) if not count), None)

    @property
    def skips(self) -> bool:
        """A lower step has tasks although a higher one has none."""
        reached = [bool(count) for count in self.tasks]
        return any(not above and any(reached[place + 1 :]) for place, above in enumerate(reached))


def links_of(clauses: Sequence[int], cited: Mapping[tuple[int, str], int]) -> tuple[Link, ...]:
    """`cited` counts tasks by (clause, step); a clause that nobody cites has zeros."""
    return tuple(Link(clause, tuple(cited.get((clause, step), 0) for step in STEPS)) for clause in clauses)


def reached(links: Sequence[Link]) -> dict[str, Ratio]:
    """For each step, how many clauses have at least one task there, of all clauses."""
    return {step: Ratio(sum(link.tasks[place] > 0 for link in links), len(links)) for place, step in enumerate(STEPS)}


def unbroken(links: Sequence[Link]) -> dict[str, Ratio]:
    """For each step, how many clauses are carried by every step down to it."""
    return {
        step: Ratio(sum(all(link.tasks[: place + 1]) for link in links), len(links)) for place, step in enumerate(STEPS)
    }
