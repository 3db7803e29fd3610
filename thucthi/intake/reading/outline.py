"""Finds the numbered places of a text: phần, chương, mục, điều, khoản, điểm, dashes."""

from dataclasses import dataclass

from thucthi.intake.reading.shapes import ClauseRead


@dataclass(frozen=True, slots=True)
class Outline:
    """Clauses in the order of the text; they do not overlap."""

    clauses: tuple[ClauseRead, ...] = ()

    def at(self, offset: int) -> ClauseRead | None:
        """The clause whose own words hold that place."""
        return next((clause for clause in self.clauses if clause.start <= offset < clause.end), None)

    def above(self, clause: ClauseRead) -> tuple[ClauseRead, ...]:
        """Its ancestors, the nearest first."""
        found: list[ClauseRead] = []
        place = clause.parent
        while place is not None:
            found.append(self.clauses[place])
            place = self.clauses[place].parent
        return tuple(found)
