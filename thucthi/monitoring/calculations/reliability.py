"""How far the figures of an organisation could be relied on, in parts that each open into their rows.

It says something about figures that were handed in, not about a person, not about how well an organisation works, and
nothing about what was not handed in at all except that it is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    ON_TIME = "on_time"
    COMPLETE = "complete"
    AGREES = "agrees"
    STEADY = "steady"
    UPHELD = "upheld"
    EVIDENCED = "evidenced"


# How much each part weighs; together 100. Agreement with what was measured weighs most: the others are only about form.
WEIGHTS = {
    Part.ON_TIME: 15,
    Part.COMPLETE: 15,
    Part.AGREES: 30,
    Part.STEADY: 10,
    Part.UPHELD: 10,
    Part.EVIDENCED: 20,
}
# As if this many more cases as of the average peer had been seen: few cases of one's own move the part little.
CASES_OF_PEERS = 10
# Fewer parts, or parts that weigh less together, say too little for one number.
FEWEST_PARTS = 3
LEAST_WEIGHT = 50


@dataclass(frozen=True, slots=True)
class Cases:
    """Of `counted` cases `good` were as they should be."""

    good: int = 0
    counted: int = 0

    @property
    def share(self) -> float | None:
        return self.good / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part of one organisation: its own cases, the share over all peers, and the share drawn towards it (0–1)."""

    part: Part
    cases: Cases
    peers: float | None
    drawn: float | None

    @property
    def weight(self) -> int:
        return WEIGHTS[self.part]

    @property
    def is_small(self) -> bool:
        """The peers weigh more in it than its own cases do."""
        return 0 < self.cases.counted < CASES_OF_PEERS


@dataclass(frozen=True, slots=True)
class Reliability:
    """`score` from 0 to 100, None when too little is known; `weight` is how much of 100 the known parts weigh."""

    unit_id: int
    parts: tuple[PartScore, ...]
    weight: int
    score: float | None


def reliabilities(cases: Mapping[int, Mapping[Part, Cases]]) -> dict[int, Reliability]:
    """For each unit of a peer group its parts and its score; a part without cases is left out, never taken for 0."""
    peers = {part: _share_of_peers([parts[part] for parts in cases.values() if part in parts]) for part in Part}
    return {unit: _reliability(unit, parts, peers) for unit, parts in cases.items()}


def _share_of_peers(cases: Sequence[Cases]) -> float | None:
    return Cases(sum(each.good for each in cases), sum(each.counted for each in cases)).share


def _reliability(unit: int, cases: Mapping[Part, Cases], peers: Mapping[Part, float | None]) -> Reliability:
    parts = tuple(_part(part, cases.get(part, Cases()), peers[part]) for part in Part)
    known = [part for part in parts if part.drawn is not None]
    weight = sum(part.weight for part in known)
    if len(known) < FEWEST_PARTS or weight < LEAST_WEIGHT:
        return Reliability(unit, parts, weight, None)
    total = sum(part.weight * part.drawn for part in known if part.drawn is not None)
    return Reliability(unit, parts, weight, 100 * total / weight)


def _part(part: Part, cases: Cases, peers: float | None) -> PartScore:
    if not cases.counted or peers is None:
        return PartScore(part, cases, peers, None)
    drawn = (cases.good + CASES_OF_PEERS * peers) / (cases.counted + CASES_OF_PEERS)
    return PartScore(part, cases, peers, drawn)
