"""Which clauses of a document no task carries out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Extent:
    """A numbered clause: its own words are `[start, end)`; `parent` is the place of the clause above, None at the top.

    Clauses stand in the order of the text, so that a parent comes before its children.
    """

    path: str
    start: int
    end: int
    parent: int | None


def uncovered(clauses: Sequence[Extent], cited: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Places in `clauses` of those without a cited stretch in themselves or in anything below them."""
    spans = sorted(cited)
    covered = {at for at, clause in enumerate(clauses) if any(s < clause.end and clause.start < e for s, e in spans)}
    for at in sorted(covered, reverse=True):
        above = clauses[at].parent
        while above is not None and above not in covered:
            covered.add(above)
            above = clauses[above].parent
    return tuple(at for at in range(len(clauses)) if at not in covered)
