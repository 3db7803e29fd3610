"""Writes a programme's sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from thucthi.intake.worksheets.columns import Choices, SheetRow
from thucthi.kernel.apart import apart

TASKS_SHEET = "Nhiệm vụ"
LISTS_SHEET = "Danh mục"
# Rows below the last task, open for new ones.
ROOM_FOR_NEW = 200
HEADING_ROW = 2


@dataclass(frozen=True)
class Sheet:
    """Everything a programme's workbook holds. `headings` and `notes` are already in the reader's language."""

    programme: str
    title: str
    notes: str
    headings: Mapping[str, str]
    rows: Sequence[SheetRow]
    choices: Mapping[Choices, Sequence[str]] = field(default_factory=dict)


def workbook_of(sheet: Sheet) -> bytes:
    """The .xlsx file. All words are stored as words: nothing in it is a formula or becomes one when edited."""
    written: bytes = apart("thucthi.intake.worksheets.drawing:drawn", sheet)
    return written
