"""Writes a workbook of values to be filled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from thucthi.kernel.apart import apart


@dataclass(frozen=True, slots=True)
class Column:
    """`heading` is in the reader's language; `choices` are offered as a drop-down; `width` in letters."""

    key: str
    heading: str
    width: int
    is_open: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Template:
    """Everything the workbook holds; `rows` map the key of a column to its words."""

    title: str
    notes: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, str]]
    help: Sequence[str]


def workbook_of(template: Template) -> bytes:
    """The .xlsx file. Every cell is a text: what a person types stays as it was typed, "45 %" and "1.234,5" included,
    nothing becomes a date by itself, and nothing in the file is a formula."""
    written: bytes = apart("thucthi.indicators.worksheets.drawing:drawn", template)
    return written
