"""Files of values: checked in the background, shown, confirmed or dropped; every kind of bad input has its sentence."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from tests.indicators.entry.files import csv_text, workbook
from tests.indicators.entry.places import Place, counted, make_place
from tests.kept_states import Kept
from thucthi.directory.models import Role
from thucthi.indicators import tasks
from thucthi.indicators.models import Delivery, Observation, Upload
from thucthi.ledger.models import Entry

SEND = "/lam-viec/so-lieu/tep/"
GOOD = ("ty-le", "ubnd-an-binh", "1/2026", "45,5", "Sở")


@pytest.fixture
def place(kept: Kept[Place]) -> Place:
    return kept(make_place)


def send(place: Place, content: bytes | str, name: str = "so-lieu.csv", **other: Any) -> Any:
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content)
    return place.client().post(SEND, {"file": file, "organisation": "ubnd-an-binh", **other})


def checked(place: Place, content: bytes | str, name: str = "so-lieu.csv") -> Upload:
    """The upload after the background worker has looked at it."""
    before = counted()[0]
    answer = send(place, content, name)
    assert answer.status_code == 302, answer.content.decode()
    upload = Upload.objects.latest("pk")
    tasks.check_upload(upload.pk)
    upload.refresh_from_db()
    assert counted()[0] == before
    return upload


def faults(upload: Upload) -> list[tuple[int, str, str]]:
    return [(one["row"], one["column"], one["sentence"] % one["values"]) for one in upload.faults]


def warnings(upload: Upload) -> list[str]:
    return [one["sentence"] % one["values"] for one in upload.warnings]


def page_of(place: Place, upload: Upload) -> str:
    return place.client().get(f"{SEND}{upload.pk}/").content.decode()


def confirm(place: Place, upload: Upload, **chosen: str) -> Any:
    answer = place.client().post(f"{SEND}{upload.pk}/ghi/", chosen)
    if answer.status_code == 302:
        tasks.write_upload(upload.pk, bool(chosen))
        upload.refresh_from_db()
    return answer


def test_a_file_is_checked_shown_confirmed_and_recorded(place: Place) -> None:
    upload = checked(place, csv_text([GOOD, ("ty-le", "ubnd-an-binh", "2/2026", "0", "Sở")]))
    assert (upload.state, upload.total, upload.good, upload.fault_count) == ("checked", 2, 2, 0)
    assert warnings(upload) == ["1 ô ghi 0 được hiểu là số không đã xác nhận. Ô trống thì bỏ qua, không phải là 0."]
    assert "Ghi tất cả các dòng" in page_of(place, upload)
    assert confirm(place, upload).status_code == 302
    assert upload.state == "done"
    assert list(Observation.objects.order_by("period").values_list("state", "amount")) == [
        ("number", Decimal("45.5")),
        ("confirmed_zero", Decimal(0)),
    ]
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.upload, delivery.added) == ("workbook", upload, 2)
    assert Entry.objects.filter(event="observations.delivered").count() == 1


def test_the_page_shows_how_far_checking_has_come(place: Place) -> None:
    send(place, csv_text([GOOD]))
    upload = Upload.objects.get()
    assert "Chờ kiểm tra." in page_of(place, upload)
    Upload.objects.filter(pk=upload.pk).update(state="checking", checked=1000, total=50000)
    assert "Đã xem 1.000 trên 50.000 dòng." in page_of(place, upload)


def test_faulty_rows_are_named_and_left_out_only_knowingly(place: Place) -> None:
    bad = ("ty-lee", "ubnd-an-binh", "2/2026", "41", "Sở")
    upload = checked(place, csv_text([GOOD, bad]))
    sentence = "Không có chỉ tiêu mã “ty-lee”. Có phải “ty-le” (Tỷ lệ hồ sơ trực tuyến)?"
    assert faults(upload) == [(3, "indicator", sentence)]
    assert sentence in page_of(place, upload)
    before = counted()
    refused = confirm(place, upload)
    assert refused.status_code == 422
    assert "Còn 1 dòng có lỗi." in refused.content.decode()
    assert counted() == before
    assert confirm(place, upload, only_good="on").status_code == 302
    assert (upload.state, Observation.objects.count()) == ("done", 1)


def test_a_file_may_be_dropped_and_sent_again(place: Place) -> None:
    upload = checked(place, csv_text([GOOD]))
    assert place.client().post(f"{SEND}{upload.pk}/bo/").status_code == 302
    upload.refresh_from_db()
    assert upload.state == "dropped"
    assert place.client().post(f"{SEND}{upload.pk}/bo/").status_code == 409
    again = checked(place, csv_text([GOOD]))
    assert (again.pk != upload.pk, again.state) == (True, "checked")


def test_the_same_file_twice_leads_to_the_earlier_upload(place: Place) -> None:
    upload = checked(place, csv_text([GOOD]))
    client = place.client()
    file = SimpleUploadedFile("ten-khac.csv", csv_text([GOOD]).encode())
    answer = client.post(SEND, {"file": file, "organisation": "ubnd-an-binh"}, follow=True)
    assert answer.redirect_chain == [(f"{SEND}{upload.pk}/", 302)]
    assert "Tệp này đã được gửi lúc" in answer.content.decode()
    assert Upload.objects.count() == 1


def test_the_file_of_an_earlier_period_is_warned_of(place: Place) -> None:
    place.deliver(place.rate, "2026-01", "40")
    upload = checked(place, csv_text([GOOD]))
    assert (upload.corrections, upload.unchanged) == (1, 0)
    assert warnings(upload) == [
        "Các dòng đều thuộc kỳ cũ đã có số liệu; có thể đây là tệp của kỳ trước. Đề nghị kiểm tra lại trước khi ghi."
    ]


def test_new_unchanged_and_corrected_rows_are_told_apart(place: Place) -> None:
    place.deliver(place.rate, "2026-01", "45.5")
    place.deliver(place.rate, "2026-02", "40")
    rows = [GOOD, ("ty-le", "ubnd-an-binh", "2/2026", "41", "Sở"), ("ty-le", "ubnd-an-binh", "3/2026", "42", "Sở")]
    upload = checked(place, csv_text(rows))
    assert (upload.good, upload.unchanged, upload.corrections) == (3, 1, 1)
    confirm(place, upload)
    assert Observation.objects.filter(corrections__isnull=True).count() == 3
    assert Observation.objects.count() == 4


BAD = [
    ("tám mươi", "“tám mươi” không phải là số."),
    ("NaN", "“NaN” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”."),
    ("Infinity", "“Infinity” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”."),
    ("1e30", "Số “1e30” quá lớn: nhiều nhất 14 chữ số phần nguyên. Đề nghị kiểm tra số và đơn vị tính."),
    ("1,2,3", "Dấu chấm, dấu phẩy trong “1,2,3” không rõ nghĩa. Đề nghị ghi dạng 1.234,5 hoặc 1234,5."),
]


@pytest.mark.parametrize(("value", "sentence"), BAD)
def test_a_value_that_cannot_be_is_told_by_row_and_column(place: Place, value: str, sentence: str) -> None:
    upload = checked(place, csv_text([GOOD, ("ty-le", "ubnd-an-binh", "2/2026", value, "Sở")]))
    assert [(row, column) for row, column, _ in faults(upload)] == [(3, "value")]
    assert faults(upload)[0][2].startswith(sentence)
    assert (upload.good, upload.fault_count) == (1, 1)


@pytest.mark.parametrize(
    ("value", "state", "amount"),
    [
        ("1.234,5", "number", Decimal("1234.5")),
        ("1234.5", "number", Decimal("1234.5")),
        ("n/a", "not_applicable", None),
        ("-", "not_reported", None),
        ("0", "confirmed_zero", Decimal(0)),
        ("45 %", "number", Decimal(45)),
    ],
)
def test_ways_of_writing_a_value_are_understood(place: Place, value: str, state: str, amount: Decimal | None) -> None:
    upload = checked(place, csv_text([("ty-le", "ubnd-an-binh", "1/2026", value, "Sở")]))
    assert faults(upload) == []
    confirm(place, upload)
    assert Observation.objects.values_list("state", "amount").get() == (state, amount)


def test_an_empty_cell_is_passed_over_and_a_file_of_nothing_says_so(place: Place) -> None:
    upload = checked(place, csv_text([("ty-le", "ubnd-an-binh", "1/2026", "", "Sở")]))
    assert (upload.total, upload.good, upload.fault_count) == (1, 0, 0)
    assert warnings(upload) == ["Tệp không có dòng nào ghi giá trị. Đề nghị điền cột “Giá trị” rồi gửi lại."]
    assert confirm(place, upload).status_code == 422


def test_a_percent_cell_of_a_spreadsheet_is_read_as_it_is_shown(place: Place) -> None:
    content = workbook([("ty-le", "ubnd-an-binh", "1/2026", 0.455, "Sở")], percent=3)
    upload = checked(place, content, "so-lieu.xlsx")
    assert warnings(upload) == ["Ô định dạng phần trăm: được hiểu là 45,5 %."]
    confirm(place, upload)
    assert Observation.objects.get().amount == Decimal("45.5")
    elsewhere = workbook([("chi", "ubnd-an-binh", "Q1/2026", 0.455, "Sở")], percent=3)
    sentence = "“45,5 %” là phần trăm nhưng chỉ tiêu này tính bằng “tỷ đồng”. Đề nghị ghi theo đơn vị đó."
    assert faults(checked(place, elsewhere, "khac.xlsx")) == [(2, "value", sentence)]


def test_a_wrong_period_and_an_unknown_code_are_told(place: Place) -> None:
    rows = [("chi", "ubnd-an-binh", "1/2026", "5", "Sở"), ("chi", "ubnd-an-bin", "Q1/2026", "5", "Sở")]
    assert faults(checked(place, csv_text(rows))) == [
        (2, "period", "Kỳ “1/2026” không đúng chu kỳ của chỉ tiêu. Đề nghị ghi dạng Quý IV/2026."),
        (3, "organisation", "Không có đơn vị mã “ubnd-an-bin”. Có phải “ubnd-an-binh” (UBND tỉnh An Bình)?"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_csv_is_read_in_any_unicode_and_with_any_separator(place: Place, encoding: str, separator: str) -> None:
    upload = checked(place, csv_text([GOOD], separator=separator).encode(encoding))
    assert (upload.good, upload.fault_count) == (1, 0)


def test_commas_separate_and_then_points_are_decimal(place: Place) -> None:
    text = "indicator,organisation,period,value,source\nty-le,ubnd-an-binh,2026-01,1.234,So\n"
    text += "ty-le,ubnd-an-binh,2026-02,12.5,So\n"
    upload = checked(place, text)
    confirm(place, upload)
    assert Observation.objects.get(period="2026-01").amount == Decimal("1.234")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "Giá trị;Kỳ\n1;2026\n",
            (
                "Không thấy dòng tiêu đề có các cột “Mã chỉ tiêu”, “Mã đơn vị”, “Kỳ” và “Giá trị”. "
                "Đề nghị tải bảng mẫu rồi điền vào đó."
            ),
        ),
        (
            "Mã chỉ tiêu;Kỳ\n".encode("cp1258", "replace") + b"\xf5\xff",
            (
                "Chữ trong tệp CSV không theo bảng mã Unicode. Đề nghị chọn “Lưu thành” loại CSV UTF-8, "
                "hoặc gửi tệp .xlsx."
            ),
        ),
        (b"PK\x03\x04abc", "Tệp bị hỏng hoặc không phải là bảng XLSX, CSV. Đề nghị mở bằng Excel, lưu lại rồi gửi."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "Tệp có mật khẩu, hoặc thuộc loại Excel cũ (.xls). Đề nghị lưu thành .xlsx không có mật khẩu.",
        ),
    ],
)
def test_a_file_that_is_no_table_is_answered_with_what_to_do(place: Place, content: Any, sentence: str) -> None:
    upload = checked(place, content)
    assert (upload.state, upload.sentence) == ("unreadable", sentence)
    assert sentence in page_of(place, upload)


def test_eight_hundred_thousand_rows_are_refused_with_a_sentence(place: Place) -> None:
    sentence = "Tệp có quá nhiều dòng; mỗi tệp nhiều nhất 200.000 dòng. Đề nghị tách thành nhiều tệp."
    rows = "ty-le;ubnd-an-binh;1/2026;1\n"
    upload = checked(place, "Mã chỉ tiêu;Mã đơn vị;Kỳ;Giá trị\n" + rows * 800_000)
    assert (upload.state, upload.sentence) == ("unreadable", sentence)
    upload = checked(place, lengthened(workbook([GOOD]), 800_000), "lon.xlsx")
    assert (upload.state, upload.sentence) == ("unreadable", sentence)


def lengthened(content: bytes, rows: int) -> bytes:
    """The workbook with so many rows more, without building them."""
    out, end = io.BytesIO(), b"</sheetData>"
    with zipfile.ZipFile(io.BytesIO(content)) as small, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as large:
        for name in small.namelist():
            part = small.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = part.replace(end, b'<row><c t="n"><v>1</v></c></row>' * rows + end)
            large.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"x", "so-lieu.pdf", "Tệp “so-lieu.pdf” không phải XLSX hoặc CSV. Hãy dùng bảng mẫu."),
        (b"", "so-lieu.csv", "Tệp “so-lieu.csv” rỗng. Hãy chọn lại tệp có nội dung."),
        (b"x" * 2_000_000, "so-lieu.csv", "Tệp “so-lieu.csv” lớn hơn 1 MB. Hãy tách thành nhiều tệp."),
    ],
)
def test_a_file_that_is_not_taken_leaves_nothing(
    place: Place, settings: Any, content: bytes, name: str, sentence: str
) -> None:
    settings.VALUES_MAX_BYTES = 1024 * 1024
    before = counted()
    answer = send(place, content, name)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (Upload.objects.count(), counted()) == (0, before)


def test_only_the_sender_confirms_and_a_stranger_sees_nothing(place: Place) -> None:
    upload = checked(place, csv_text([GOOD]))
    before = counted()
    head = place.client(Role.HEAD)
    assert head.get(f"{SEND}{upload.pk}/").status_code == 200
    assert head.post(f"{SEND}{upload.pk}/ghi/").status_code == 403
    stranger = place.client(Role.REPORTER, place.state.elsewhere)
    assert stranger.get(f"{SEND}{upload.pk}/").status_code == 404
    assert stranger.post(f"{SEND}{upload.pk}/ghi/").status_code == 404
    elsewhere = stranger.post(SEND, {"file": SimpleUploadedFile("a.csv", b"x"), "organisation": "ubnd-an-binh"})
    assert elsewhere.status_code == 422
    assert counted() == before


def test_rights_that_ended_before_the_writing_record_nothing(place: Place) -> None:
    upload = checked(place, csv_text([GOOD]))
    account = place.state.person(Role.REPORTER, place.state.province)
    assert place.client().post(f"{SEND}{upload.pk}/ghi/").status_code == 302
    account.memberships.update(valid_to=date(2025, 12, 31))
    tasks.write_upload(upload.pk, False)
    upload.refresh_from_db()
    assert (upload.state, Observation.objects.count()) == ("checked", 0)
    assert upload.sentence.startswith("Từ khi kiểm tra đã có thay đổi")


def test_a_template_goes_round_and_comes_back(place: Place) -> None:
    place.deliver(place.rate, "2026-01", "45.5")
    answer = place.client().get("/lam-viec/so-lieu/mau/?indicator=ty-le&organisation=ubnd-an-binh&year=2026")
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("Số liệu").to_python()
    january, february = rows[3], rows[4]
    assert rows[2][:3] == ["Mã chỉ tiêu", "Tên chỉ tiêu", "Đơn vị tính"]
    assert january[:8] == [
        "ty-le", "Tỷ lệ hồ sơ trực tuyến", "%", "ubnd-an-binh", "UBND tỉnh An Bình", "Tháng 1/2026", "", "45,5",
    ]  # fmt: skip
    assert february[6:8] == ["45,5", ""]
    upload = checked(place, answer.content, "mau.xlsx")
    assert (upload.good, upload.unchanged, upload.fault_count) == (1, 1, 0)


def test_no_text_of_a_template_becomes_a_formula(place: Place) -> None:
    place.rate.name = '=HYPERLINK("http://x.example","a")'
    place.rate.save()
    answer = place.client().get("/lam-viec/so-lieu/mau/?indicator=ty-le&organisation=ubnd-an-binh&year=2026")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet
