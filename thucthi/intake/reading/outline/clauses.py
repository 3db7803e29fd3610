"""The clauses of a text, as a list that can be asked."""

from bisect import bisect_right
from dataclasses import dataclass

from thucthi.intake.reading.shapes import ClauseRead


@dataclass(frozen=True, slots=True)
class Outline:
    """Clauses in the order of the text; they do not overlap."""

    clauses: tuple[ClauseRead, ...] = ()

    def at(self, offset: int) -> ClauseRead | None:
        """The clause whose own words hold that place; a table belongs to the clause that it stands in."""
        place = bisect_right(self.clauses, offset, key=lambda clause: clause.start) - 1
        if place < 0 or offset >= self.clauses[place].end:
            return None
        return self.clauses[place]

    def above(self, clause: ClauseRead) -> tuple[ClauseRead, ...]:
        """Its ancestors, the nearest first."""
        found: list[ClauseRead] = []
        place = clause.parent
        while place is not None:
            found.append(self.clauses[place])
            place = self.clauses[place].parent
        return tuple(found)
