"""The workbook of a unit: taken home, sent back, compared before anything is written, confirmed."""

import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.reporting.test_bulk import states
from tests.reporting.test_pages import faults_shown, form_of, signed_in, soup
from tests.reporting.world import World, now, on_plan, send, today
from thucthi.directory.models import Organisation, Role
from thucthi.indicators.worksheets.reading import rows_of
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import save_draft
from thucthi.reporting.calculations.statements import TypedReport
from thucthi.reporting.models import Obligation, Report, ReportDraft
from thucthi.reporting.selectors.bulk_files import workbook_for
from thucthi.reporting.worksheets.columns import HEADINGS

FILE = "/lam-viec/bao-cao-hang-loat/tep/"
Lines = list[dict[str, Any]]


@pytest.fixture
def owed(world: World) -> list[Obligation]:
    send(world, world.last_week, on_plan("40", note="Xong bước một."))
    world.task("nv-hai", world.state.science)
    return [world.this_week, world.obligation("nv-hai", today())]


def template(world: World, tmp_path: Path, unit: Organisation | None = None) -> Lines:
    """The lines of the unit's workbook as it is handed out, by key of the column."""
    unit = unit or world.state.science
    path = tmp_path / "mau.xlsx"
    path.write_bytes(workbook_for(world.reporter(unit), unit, today()))
    rows = [row.cells for row in rows_of(path) if row.number > 3]
    return [dict(zip(HEADINGS, (*cells, *[None] * len(HEADINGS)), strict=False)) for cells in rows]


def filled(lines: Lines, headings: dict[str, str] | None = None) -> SimpleUploadedFile:
    """The file as it comes back."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Số liệu")
        for at, row in enumerate([headings or HEADINGS, *lines], start=2):
            for place, key in enumerate(HEADINGS):
                if row.get(key) is not None:
                    sheet.write(at, place, row[key])
    return SimpleUploadedFile("bang.xlsx", out.getvalue())


def by_task(lines: Lines) -> dict[str, dict[str, Any]]:
    return {str(line["code"]): line for line in lines}


def sent_in(world: World, lines: Lines, **more: Any) -> Any:
    return signed_in(world).post(FILE, {"file": filled(lines, **more), "don-vi": world.state.science.code})


def compared(answer: Any) -> list[list[str]]:
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in soup(answer).select("tbody tr")
    ]


def counts() -> tuple[int, int, int]:
    return ReportDraft.objects.count(), Report.objects.count(), Entry.objects.count()


def test_the_template_holds_what_is_owed_as_it_stands(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    line = by_task(template(world, tmp_path))["nv-khoa"]
    assert {key: line[key] for key in ("id", "version", "unit", "before", "claim", "progress", "note")} == {
        "id": str(owed[0].pk), "version": "0.0", "unit": world.state.science.code, "before": "Đúng kế hoạch · 40 %",
        "claim": "Đúng kế hoạch", "progress": 40.0, "note": "Xong bước một.",
    }  # fmt: skip
    answer = signed_in(world).get("/lam-viec/bao-cao-hang-loat/mau.xlsx")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="bao-cao-{world.state.science.code}-')
    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_a_file_that_was_not_filled_changes_nothing(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    before = counts()
    answer = sent_in(world, template(world, tmp_path))
    assert (answer.status_code, [row[2] for row in compared(answer)]) == (200, ["Không đổi", "Không đổi"])
    assert counts() == before


def test_the_difference_is_shown_before_anything_is_written(
    world: World, owed: list[Obligation], tmp_path: Path
) -> None:
    lines, before = template(world, tmp_path), counts()
    by_task(lines)["nv-khoa"].update(progress=45.5, note="Xong bước hai.")
    by_task(lines)["nv-hai"].update(claim="Chậm so với kế hoạch", progress="20")
    answer = sent_in(world, lines)
    rows = {row[1].split(",")[0]: row for row in compared(answer)}
    assert rows["nv-khoa"][2].startswith("Thay đổi Công khai sẽ hiện: ")
    assert rows["nv-khoa"][3] == "Tiến độ (% sản phẩm): 40 → 45,5 Ghi chú: Xong bước một. → Xong bước hai."
    assert rows["nv-hai"][2].startswith("Thay đổi, cần mẫu đầy đủ")
    assert (answer.status_code, counts()) == (200, before)


def confirmed(world: World, answer: Any, deed: str) -> Any:
    sent = form_of(answer, "tep/ghi/")
    return signed_in(world).post(reverse("reporting:confirm_bulk_file"), sent | {"viec": deed})


def test_confirming_keeps_drafts_once(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines = template(world, tmp_path)
    by_task(lines)["nv-khoa"].update(progress="45,5")
    shown = sent_in(world, lines)
    first, second = confirmed(world, shown, "luu"), confirmed(world, shown, "luu")
    draft = ReportDraft.objects.get()
    assert (draft.obligation, draft.version, draft.content["progress"]) == (owed[0], 1, "45,5")
    assert (first.status_code, second.status_code) == (200, 200)
    assert states(first)["nv-khoa"].startswith("Đã lưu nháp lúc")
    assert Report.objects.filter(obligation=owed[0]).count() == 0


def test_confirming_with_sending_sends_what_is_complete(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines = template(world, tmp_path)
    by_task(lines)["nv-khoa"].update(progress="45,5")
    by_task(lines)["nv-hai"].update(claim="Chậm", progress="20", note="Vướng.")
    shown = sent_in(world, lines)
    for _ in range(2):
        answer = confirmed(world, shown, "gui")
        assert states(answer)["nv-khoa"] == "Đã gửi"
    assert Report.objects.get(obligation=owed[0]).progress_declared == Decimal("45.50")
    draft = ReportDraft.objects.get()
    assert (draft.obligation, draft.content["claim"], draft.content["note"]) == (owed[1], "behind", "Vướng.")


def test_a_stale_line_is_not_written_and_shows_both(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines = template(world, tmp_path)
    by_task(lines)["nv-khoa"].update(progress=50)
    other = TypedReport(claim="on_plan", progress="44", note="Người khác.")
    save_draft(owed[0], by=world.head(), typed=other, version=0, page="x", at=now())
    answer = sent_in(world, lines)
    row = next(row for row in compared(answer) if row[1].startswith("nv-khoa"))
    assert row[2].startswith("Bảng mẫu đã cũ Cột “Phiên bản”: Bản trên hệ thống đã sửa")
    assert row[3] == "Tiến độ (% sản phẩm): 44 → 50 Ghi chú: Người khác. → Xong bước một."
    assert (answer.status_code, soup(answer).find("input", {"name": "dong"})) == (422, None)


def test_what_moved_between_looking_and_confirming_is_told(
    world: World, owed: list[Obligation], tmp_path: Path
) -> None:
    lines = template(world, tmp_path)
    by_task(lines)["nv-khoa"].update(progress=50)
    shown = sent_in(world, lines)
    other = TypedReport(claim="on_plan", progress="44", note="Người khác.")
    save_draft(owed[0], by=world.head(), typed=other, version=0, page="x", at=now())
    answer = confirmed(world, shown, "gui")
    assert states(answer)["nv-khoa"] == "Có người vừa lưu bản khác"
    assert form_of(answer, "bao-cao-hang-loat/")[f"o.{owed[0].pk}.progress"] == "50"
    assert ReportDraft.objects.get().content["progress"] == "44"
    assert Report.objects.filter(obligation=owed[0]).count() == 0


def test_a_report_sent_meanwhile_is_left_alone(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines = template(world, tmp_path)
    send(world, owed[0], on_plan("41"))
    by_task(lines)["nv-khoa"].update(progress=50)
    row = next(row for row in compared(sent_in(world, lines)) if row[1].startswith("nv-khoa"))
    assert row[2] == "Đã gửi trước đó Báo cáo kỳ này đã được gửi; dòng này không ghi thêm gì."


def test_every_fault_names_its_row_and_column(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines, before = template(world, tmp_path), counts()
    good, bad = by_task(lines)["nv-khoa"], by_task(lines)["nv-hai"]
    bad.update(progress="nhiều")
    foreign = world.obligation("nv-tinh", today())
    odd = [bad, good, dict(good), dict(good, id="x"), dict(good, id=str(foreign.pk)), dict(good, unit="khac", id="99")]
    answer = sent_in(world, odd)
    assert [(row[0], row[2]) for row in compared(answer)] == [
        ("4", "Có lỗi Cột “Tiến độ (% sản phẩm)”: Tiến độ phải là một số, ví dụ 45 hoặc 45,5."),
        ("5", "Không đổi"),
        ("6", "Có lỗi Cột “Mã dòng”: Dòng này lặp lại báo cáo của dòng 5. Hãy giữ một dòng."),
        ("7", "Có lỗi Cột “Mã dòng”: Không nhận ra báo cáo của dòng này: cột ẩn đã bị sửa. Hãy tải lại bảng mẫu."),
        ("8", "Có lỗi Cột “Mã đơn vị”: Dòng này không thuộc đơn vị đang chọn. Hãy bỏ dòng này."),
        ("9", "Có lỗi Cột “Mã đơn vị”: Dòng này không thuộc đơn vị đang chọn. Hãy bỏ dòng này."),
    ]
    assert (answer.status_code, counts()) == (422, before)


def test_the_workbook_of_another_unit_is_refused_whole(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    world.obligation("nv-tinh", today())
    answer = sent_in(world, template(world, tmp_path, world.state.province))
    of_unit = f"Tệp này không phải bảng mẫu của {world.state.science.official_name}."
    assert faults_shown(answer) == [f"{of_unit} Hãy chọn đúng đơn vị, hoặc tải lại bảng mẫu."]


def test_a_renamed_column_is_named_in_the_sentence(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    answer = sent_in(world, template(world, tmp_path), headings=HEADINGS | {"progress": "Kết quả"})
    assert faults_shown(answer) == [
        "Không tìm thấy cột “Tiến độ (% sản phẩm)”. Có thể cột đã bị đổi tên hoặc xóa. Hãy tải lại bảng mẫu rồi điền."
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bang.xlsx", b"khong phai bang", "Không tìm thấy cột"),
        ("bang.xlsx", b"PK\x03\x04hong", "Tệp bị hỏng hoặc không phải là bảng XLSX, CSV."),
        ("bang.xlsx", b"\xd0\xcf\x11\xe0cu", "Tệp có mật khẩu, hoặc thuộc loại Excel cũ (.xls)."),
        ("bang.pdf", b"%PDF-1.7", "Tệp “bang.pdf” không phải XLSX hoặc CSV."),
        ("bang.xlsx", b"", "Tệp “bang.xlsx” rỗng."),
    ],
)
def test_what_is_no_table_gets_a_sentence(
    world: World, owed: list[Obligation], name: str, content: bytes, sentence: str
) -> None:
    before = counts()
    answer = signed_in(world).post(FILE, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert faults_shown(answer)[0].startswith(sentence)
    assert counts() == before


def test_too_large_a_file_is_refused_unread(world: World, owed: list[Obligation], settings: Any) -> None:
    settings.VALUES_MAX_BYTES = 1024 * 1024
    answer = signed_in(world).post(FILE, {"file": SimpleUploadedFile("bang.xlsx", b"x" * (1024 * 1024 + 1))})
    assert faults_shown(answer) == ["Tệp “bang.xlsx” lớn hơn 1 MB. Hãy tách thành nhiều tệp."]


def test_pressing_without_a_file_says_so(world: World) -> None:
    assert faults_shown(signed_in(world).post(FILE, {})) == ["Hãy chọn tệp trước khi bấm “Xem trước”."]


def test_a_note_like_a_formula_stays_a_text(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines = template(world, tmp_path)
    by_task(lines)["nv-khoa"].update(note="=HYPERLINK(1)")
    confirmed(world, sent_in(world, lines), "luu")
    assert ReportDraft.objects.get().content["note"] == "=HYPERLINK(1)"
    assert by_task(template(world, tmp_path))["nv-khoa"]["note"] == "=HYPERLINK(1)"


def test_rows_confirmed_by_hand_stay_within_ones_own(world: World, owed: list[Obligation]) -> None:
    foreign = world.obligation("nv-tinh", today())
    packed = [{"id": str(foreign.pk), "version": "0.0", "claim": "Đúng kế hoạch", "progress": "9", "note": ""}]
    for dong in (json.dumps(packed), "{", "[1]", '[{"id": "x"}]', ""):
        answer = signed_in(world).post(reverse("reporting:confirm_bulk_file"), {"dong": dong, "viec": "gui"})
        assert (answer.status_code, faults_shown(answer)) == (422, ["Không có dòng nào để ghi. Hãy nộp lại tệp."])
    assert (ReportDraft.objects.count(), Report.objects.filter(obligation=foreign).count()) == (0, 0)


def test_who_reports_for_several_units_names_one(world: World, owed: list[Obligation]) -> None:
    account = world.state.person(Role.REPORTER, world.state.science)
    account.memberships.create(organisation=world.state.province, role=Role.REPORTER, valid_from=today())
    client = signed_in(world)
    assert client.get(reverse("reporting:bulk_template"))["Location"] == FILE
    answer = client.post(FILE, {"file": SimpleUploadedFile("a.xlsx", b"x")})
    assert faults_shown(answer) == ["Hãy chọn đơn vị của bảng."]
    assert client.post(reverse("reporting:confirm_bulk_file"), {"don-vi": "khac"}).status_code == 404


def test_the_round_trip_gives_the_same_rows(world: World, owed: list[Obligation], tmp_path: Path) -> None:
    lines = [line | {"progress": 33.25, "note": "Ghi chú “mới”."} for line in template(world, tmp_path)]
    confirmed(world, sent_in(world, lines), "luu")
    again = by_task(template(world, tmp_path))
    assert {code: (line["progress"], line["note"], line["version"]) for code, line in again.items()} == {
        "nv-khoa": (33.25, "Ghi chú “mới”.", "1.0"),
        "nv-hai": (33.25, "Ghi chú “mới”.", "1.0"),
    }
