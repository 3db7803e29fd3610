"""The workbook of a unit: its lines as they stand, and a filled one compared with what stands now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from thucthi.directory.access import Viewer
from thucthi.directory.models import Organisation
from thucthi.indicators.worksheets.faults import Unreadable
from thucthi.indicators.worksheets.sandbox import rows_in_sandbox
from thucthi.indicators.worksheets.shapes import TableRow
from thucthi.reporting.calculations.bulk import TypedCells, lacks_of_a_row
from thucthi.reporting.calculations.statements import LONGEST_NOTE, read_percent
from thucthi.reporting.selectors.bulk import (
    CELLS,
    BulkRow,
    claims_in_words,
    owed_ids,
    owed_reports,
    own_obligations,
    rows_of,
    sentences_of,
)
from thucthi.reporting.selectors.wording import field_labels
from thucthi.reporting.worksheets.columns import HEADINGS, MOST_LINES, Line
from thucthi.reporting.worksheets.reading import FilledRow, MissingColumns, SheetFlaw, TooManyLines, filled_rows
from thucthi.reporting.worksheets.writing import Words, workbook_of


@dataclass(frozen=True)
class FileRow:
    """One line of the file against what stands. `changes`: (what, before, after); `row` is what would be written."""

    number: int
    named: str
    word: str
    tone: str
    told: tuple[str, ...] = ()
    column: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    row: BulkRow | None = None

    @property
    def is_fault(self) -> bool:
        return self.tone == "bad"


@dataclass(frozen=True)
class FileCompared:
    """All lines of a file; `fault` says why none of them can be used."""

    rows: tuple[FileRow, ...] = ()
    fault: str = ""

    @property
    def to_write(self) -> tuple[FileRow, ...]:
        return tuple(row for row in self.rows if row.row is not None)

    @property
    def faults(self) -> tuple[FileRow, ...]:
        return tuple(row for row in self.rows if row.is_fault)

    @property
    def packed(self) -> str:
        """What confirming sends back."""
        rows = [row.row for row in self.to_write if row.row is not None]
        return json.dumps([_packed(row) for row in rows], ensure_ascii=False)


def workbook_for(viewer: Viewer, unit: Organisation, on: date) -> bytes:
    """The .xlsx of what the unit owes, at most `MOST_LINES`, the longest overdue first."""
    rows = rows_of(owed_reports(owed_ids(viewer, on, unit)[:MOST_LINES]), on)
    return workbook_of(_words(unit, on), [_line(row, unit) for row in rows])


def _line(row: BulkRow, unit: Organisation) -> Line:
    last = row.editing.last
    before = f"{last.get_claim_display()} · {last.progress_declared.normalize():f} %" if last else _("chưa có")
    return Line(
        id=str(row.pk),
        version=token_of(row),
        unit=unit.code,
        code=row.editing.task.code,
        text=row.editing.task.text,
        period=row.period,
        due=f"{row.editing.obligation.due_on:%d/%m/%Y}",
        before=before,
        claim=row.cells.claim,
        progress=row.cells.progress,
        note=row.editing.typed.note,
        figure=float(figure) if (figure := _amount(row.cells.progress)) is not None else None,
    )


def token_of(row: BulkRow) -> str:
    """Changes whenever the draft or the report of the period does."""
    latest = row.editing.sent or row.editing.returned
    return f"{row.editing.version}.{latest.version if latest else 0}"


def _words(unit: Organisation, on: date) -> Words:
    return Words(
        title=_("%(unit)s: báo cáo phải gửi đến ngày %(day)s") % {"unit": unit.official_name, "day": f"{on:%d/%m/%Y}"},
        notes=_("Chỉ điền các cột nền vàng. Không xóa, không đổi tên cột. Xem thêm trang Hướng dẫn."),
        headings={key: _(heading) for key, heading in HEADINGS.items()},
        claims=claims_in_words(),
        help=[
            _("Cách điền bảng báo cáo"),
            _("1. Mỗi dòng là một báo cáo riêng. Nội dung đã điền sẵn theo bản nháp hoặc kỳ trước."),
            _("2. Tình hình: chọn trong danh sách. Tiến độ: phần trăm sản phẩm đã làm được, ví dụ 45 hoặc 45,5."),
            _("3. Có nguy cơ chậm hoặc chậm, và báo hoàn thành, được lưu nháp rồi điền tiếp ở mẫu đầy đủ."),
            _("4. Nộp tệp lên hệ thống: hệ thống cho xem khác biệt trước, chưa ghi gì cho đến khi xác nhận."),
            _("5. Bảng có nhiều nhất %(n)s dòng; gửi xong thì tải lại để lấy các dòng tiếp theo.") % {"n": MOST_LINES},
        ],
        longest_note=LONGEST_NOTE,
        limits=(
            _("Tiến độ thường từ 0 đến 100. Nếu đúng là khác, hãy chọn Có để giữ."),
            _("Ghi chú dài nhất 500 ký tự."),
        ),
    )


def compare_file(viewer: Viewer, unit: Organisation, content: bytes, on: date) -> FileCompared:
    """A dry run: nothing is written, and whatever is wrong has a sentence."""
    try:
        filled = filled_rows(_read(content))
    except Unreadable as fault:
        return FileCompared(fault=_(str(fault)))
    except TooManyLines:
        return FileCompared(fault=_("Tệp có quá nhiều dòng. Hãy dùng bảng mẫu của hệ thống, không chép thêm dòng."))
    except MissingColumns as missing:
        names = ", ".join(f"“{_(HEADINGS[key])}”" for key in missing.keys)
        sentence = _("Không tìm thấy cột %(names)s. Có thể cột đã bị đổi tên hoặc xóa. Hãy tải lại bảng mẫu rồi điền.")
        return FileCompared(fault=sentence % {"names": names})
    if not filled:
        return FileCompared(fault=_("Tệp không có dòng nào dưới tiêu đề. Hãy tải lại bảng mẫu rồi điền."))
    if all(row.unit != unit.code for row in filled):
        sentence = _("Tệp này không phải bảng mẫu của %(unit)s. Hãy chọn đúng đơn vị, hoặc tải lại bảng mẫu.")
        return FileCompared(fault=sentence % {"unit": unit.official_name})
    standing = {row.pk: row for row in _standing(viewer, unit, [row.id for row in filled if row.id], on)}
    return FileCompared(tuple(_compared(row, unit, standing) for row in filled))


def _read(content: bytes) -> Iterator[TableRow]:
    yield from rows_in_sandbox(content)


def _standing(viewer: Viewer, unit: Organisation, ids: Sequence[int], on: date) -> list[BulkRow]:
    return rows_of(own_obligations(viewer, ids, unit), on)


def _compared(filled: FilledRow, unit: Organisation, standing: Mapping[int, BulkRow]) -> FileRow:
    row = standing.get(filled.id) if filled.id else None
    if filled.flaw is SheetFlaw.TWICE:
        sentence = _("Dòng này lặp lại báo cáo của dòng %(n)s. Hãy giữ một dòng.") % {"n": filled.same_as}
        return _fault(filled, sentence, "id")
    if filled.flaw is SheetFlaw.NO_ID:
        return _fault(filled, _("Không nhận ra báo cáo của dòng này: cột ẩn đã bị sửa. Hãy tải lại bảng mẫu."), "id")
    if row is None or filled.unit != unit.code:
        return _fault(filled, _("Dòng này không thuộc đơn vị đang chọn. Hãy bỏ dòng này."), "unit")
    return _against(filled, row)


def _against(filled: FilledRow, row: BulkRow) -> FileRow:
    named = f"{row.editing.task.code}, {row.period}"
    put = replace(row, cells=_cells(TypedCells(filled.claim, filled.progress, filled.note), row))
    changes = _changes(put)
    if row.report is not None:
        told = (_("Báo cáo kỳ này đã được gửi; dòng này không ghi thêm gì."),) if changes else ()
        return FileRow(filled.number, named, _("Đã gửi trước đó"), "na", told, changes=changes)
    if not changes:
        return FileRow(filled.number, named, _("Không đổi"), "neutral")
    if filled.version != token_of(row):
        told = (_("Bản trên hệ thống đã sửa sau khi tải bảng mẫu. Dòng này chưa ghi; hãy tải lại bảng mẫu rồi điền."),)
        return FileRow(filled.number, named, _("Bảng mẫu đã cũ"), "bad", told, _heading("version"), changes)
    return _judged(filled, named, put, changes)


def _judged(filled: FilledRow, named: str, put: BulkRow, changes: tuple[tuple[str, str, str], ...]) -> FileRow:
    read = put.read()
    if read.flaws or read.typed is None:
        column = _heading(read.flaws[0][0])
        return FileRow(filled.number, named, _("Có lỗi"), "bad", sentences_of(read), column, changes)
    if lacks_of_a_row(read.typed):
        told = (_("Sẽ lưu nháp; cần điền tiếp nguyên nhân, đề nghị hoặc minh chứng ở mẫu đầy đủ."),)
        return FileRow(filled.number, named, _("Thay đổi, cần mẫu đầy đủ"), "warn", told, "", changes, put)
    return FileRow(filled.number, named, _("Thay đổi"), "info", (), "", changes, put)


def _heading(column: str) -> str:
    return _(HEADINGS[column])


def _fault(filled: FilledRow, sentence: str, column: str) -> FileRow:
    return FileRow(filled.number, "–", _("Có lỗi"), "bad", (sentence,), _heading(column))


def _cells(cells: TypedCells, row: BulkRow) -> TypedCells:
    """A figure that is the same figure written otherwise is no change."""
    is_same = _amount(cells.progress) is not None and _amount(cells.progress) == _amount(row.shown.progress)
    return replace(cells, progress=row.shown.progress) if is_same else cells


def _amount(text: str) -> Decimal | None:
    try:
        return read_percent(text)
    except ValueError:
        return None


def _changes(row: BulkRow) -> tuple[tuple[str, str, str], ...]:
    labels = field_labels()
    return tuple(
        (labels[name], getattr(row.shown, name) or "–", getattr(row.cells, name) or "–")
        for name in CELLS
        if name in row.changed
    )


def _packed(row: BulkRow) -> dict[str, str]:
    return {
        "id": str(row.pk),
        "version": token_of(row),
        "key": row.key,
        "claim": row.cells.claim,
        "progress": row.cells.progress,
        "note": row.cells.note,
    }


def unpacked(viewer: Viewer, unit: Organisation, packed: str, on: date) -> list[BulkRow]:
    """The rows that were confirmed, on what stands now; a report or draft that moved meanwhile is told."""
    told = {row["id"]: row for row in _plain(packed)}
    ids = [int(pk) for pk in told if pk.isdecimal() and len(pk) <= 12]
    return [_confirmed(row, told[str(row.pk)]) for row in _standing(viewer, unit, ids, on)]


def _confirmed(row: BulkRow, told: Mapping[str, str]) -> BulkRow:
    cells = TypedCells(*(told.get(name, "") for name in CELLS))
    put = replace(row, cells=cells, key=told.get("key", row.key))
    is_own = row.editing.draft is not None and row.editing.draft.content.get("page") == put.key
    if row.report is None and not is_own and told.get("version") != token_of(row):
        sentence = _(
            "Bản trên hệ thống vừa được sửa. Nội dung trong tệp còn ở dòng này; bấm lưu hoặc gửi lần nữa để thay."
        )
        return replace(put, word=_("Có người vừa lưu bản khác"), tone="warn", told=(sentence,), is_clash=True)
    return put


def _plain(packed: str) -> list[dict[str, str]]:
    try:
        rows = json.loads(packed)
    except ValueError:
        return []
    kept = rows if isinstance(rows, list) else []
    return [
        {str(name): str(value) for name, value in row.items()} for row in kept if isinstance(row, dict) and "id" in row
    ][:MOST_LINES]
