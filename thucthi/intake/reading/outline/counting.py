"""Compares the counts that a text declares with what it then lists."""

from thucthi.intake.reading.outline.clauses import Outline
from thucthi.intake.reading.shapes import Warned
from thucthi.intake.reading.source import Source


def declared_counts(source: Source, outline: Outline) -> tuple[Warned, ...]:
    return ()
