"""Finds the numbered places of a text: phần, chương, mục, điều, khoản, điểm, dashes."""

from thucthi.intake.reading.outline.clauses import Outline
from thucthi.intake.reading.outline.counting import declared_counts
from thucthi.intake.reading.outline.numbering import numbering_faults
from thucthi.intake.reading.outline.placing import read_outline

__all__ = ["Outline", "declared_counts", "numbering_faults", "read_outline"]
