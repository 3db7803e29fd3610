"""What a sheet would change, before anything is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from thucthi.intake.worksheets.columns import CODE, EDITABLE, N_, SheetRow, letter_of
from thucthi.intake.worksheets.reading import SheetFault


@dataclass(frozen=True, slots=True)
class CellChange:
    cell: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """One task that would differ. A new one has no `identity`, and every filled cell is a change."""

    row: SheetRow
    identity: int | None
    code: str
    cells: tuple[CellChange, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """`untouched` counts rows that say what already stands; `absent` are codes of tasks the sheet leaves out."""

    changes: tuple[RowChange, ...]
    faults: tuple[SheetFault, ...]
    untouched: int
    absent: tuple[str, ...]


def compare(standing: Sequence[SheetRow], sheet: Sequence[SheetRow]) -> Differences:
    """What the sheet says against what stands; a task that is missing from the sheet stays as it is."""
    by_identity = {row.identity: row for row in standing}
    changes: list[RowChange] = []
    faults: list[SheetFault] = []
    untouched = 0
    for row in sheet:
        if row.identity is None:
            changes.append(RowChange(row, None, "", tuple(_cells({}, row))))
        elif (now := by_identity.get(row.identity)) is None:
            sentence = N_("Nhiệm vụ này không còn trong chương trình. Đề nghị tải lại bảng mẫu.")
            faults.append(SheetFault(f"{letter_of(CODE)}{row.number}", row.number, CODE, sentence, row.values[CODE]))
        elif cells := tuple(_cells(now.values, row)):
            changes.append(RowChange(row, row.identity, now.values[CODE], cells))
            faults += _stale(now, row)
        else:
            untouched += 1
    given = {row.identity for row in sheet}
    absent = tuple(row.values[CODE] for row in standing if row.identity not in given)
    return Differences(tuple(changes), tuple(faults), untouched, absent)


def _cells(before: Mapping[str, str], row: SheetRow) -> Iterator[CellChange]:
    for key in EDITABLE:
        if row.values[key] != before.get(key, ""):
            yield CellChange(f"{letter_of(key)}{row.number}", key, before.get(key, ""), row.values[key])


def _stale(now: SheetRow, row: SheetRow) -> list[SheetFault]:
    if now.version == row.version:
        return []
    sentence = N_(
        "Nhiệm vụ đã được sửa trên hệ thống sau khi tải bảng này. "
        "Đề nghị tải lại bảng, hoặc xóa dòng này khỏi bảng để giữ nội dung trên hệ thống."
    )
    return [SheetFault(f"{letter_of(CODE)}{row.number}", row.number, CODE, sentence, row.values[CODE])]
