"""Writes the workbook of one unit: what is known is locked, what is to be filled is open, with a list and limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thucthi.kernel.apart import apart
from thucthi.reporting.worksheets.columns import Line


@dataclass(frozen=True)
class Words:
    """Everything in the reader's language: `headings` by key of the column, `claims` for the list."""

    title: str
    notes: str
    headings: Mapping[str, str]
    claims: Sequence[str]
    help: Sequence[str]
    longest_note: int
    limits: tuple[str, str]


def workbook_of(words: Words, lines: Sequence[Line]) -> bytes:
    """The .xlsx file. Words are texts and nothing is a formula, whatever a note or a task begins with."""
    written: bytes = apart("thucthi.reporting.worksheets.drawing:drawn", words, lines)
    return written
