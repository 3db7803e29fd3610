"""Reads a programme's sheet back."""

from dataclasses import dataclass
from pathlib import Path

from thucthi.intake.worksheets.columns import SheetRow
from thucthi.kernel.apart import apart


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong in one cell; `cell` is "" for the whole file. `values` fill the sentence's placeholders."""

    cell: str
    row: int | None
    field: str
    sentence: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class SheetRead:
    """`programme` is the code the file was made for; with faults, `rows` holds what could be read."""

    programme: str
    rows: tuple[SheetRow, ...]
    faults: tuple[SheetFault, ...]


def read_sheet(path: Path) -> SheetRead:
    """The rows of a workbook made by `workbook_of` and edited since. Never raises for what a person may send."""
    read: SheetRead = apart("thucthi.intake.worksheets.parsing:parsed", path)
    return read
