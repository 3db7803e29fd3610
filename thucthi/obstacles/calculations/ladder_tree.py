"""The tree of organisations as it stood on a day, and the rules of the ladder in force on a day. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from thucthi.obstacles.calculations.ladder import Chain, Rung, default_clock


@dataclass(frozen=True)
class Parenthood:
    """Below `parent_id` (None: a root) from `since` to `until`; None is open on that side."""

    parent_id: int | None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class LadderTree:
    """`heirs`: of an ended body (effective day, successor), in the order in which they are asked.

    A body without a recorded placement on the day stands where its newest row says (`parents`).
    """

    parents: Mapping[int, int | None]
    placements: Mapping[int, Sequence[Parenthood]] = field(default_factory=dict)
    ended_on: Mapping[int, date] = field(default_factory=dict)
    heirs: Mapping[int, Sequence[tuple[date, int]]] = field(default_factory=dict)

    def lineage(self, organisation_id: int, day: date) -> tuple[int, ...]:
        """From the root down to the body itself, as of that day; a ring in the data ends where it closes."""
        found: list[int] = []
        pk: int | None = organisation_id
        while pk is not None and pk not in found:
            found.append(pk)
            pk = self._parent(pk, day)
        return tuple(reversed(found))

    def answering(self, organisation_id: int, day: date) -> int | None:
        """The body that answers for it that day: itself, its first living successor, or nobody."""
        waiting, seen = [organisation_id], {organisation_id}
        while waiting:
            pk = waiting.pop(0)
            if pk not in self.ended_on or self.ended_on[pk] >= day:
                return pk
            fresh = [heir for since, heir in self.heirs.get(pk, ()) if since <= day and heir not in seen]
            seen |= {*fresh}
            waiting.extend(fresh)
        return None

    def chain(self, asked_id: int, committee_id: int | None, day: date) -> Chain:
        """The chain of the body that answers for `asked_id` that day; of the ended one's lineage when nobody does."""
        base = self.answering(asked_id, day)
        lineage = self.lineage(asked_id if base is None else base, day)
        bodies = {*lineage, *([committee_id] if committee_id else [])}
        ended = {pk: self.answering(pk, day) for pk in bodies if pk in self.ended_on and self.ended_on[pk] < day}
        return Chain(lineage, committee_id, ended)

    def _parent(self, pk: int, day: date) -> int | None:
        for row in self.placements.get(pk, ()):
            if (row.since is None or row.since <= day) and (row.until is None or row.until >= day):
                return row.parent_id
        return self.parents.get(pk)


@dataclass(frozen=True)
class Clock:
    """A rule: this many working days for `cause` ("" for every other) on `rung`, from `since` to `until`."""

    cause: str
    rung: Rung
    working_days: int
    since: date
    until: date | None = None


def clock_on(clocks: Sequence[Clock], cause: str, rung: Rung, day: date) -> int:
    """Working days: the cause's own rule in force that day, else the general rule, else the product's proposal."""
    in_force = [row for row in clocks if row.rung == rung and row.since <= day and (row.until or day) >= day]
    for wanted in (cause, ""):
        own = [row for row in in_force if row.cause == wanted]
        if own:
            return max(own, key=lambda row: row.since).working_days
    return default_clock(cause, rung)
