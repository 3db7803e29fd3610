"""The agenda as official paper, read back; and the filled-in paper, honest, broken and hostile."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from thucthi.kernel.paper_head import Head
from thucthi.obstacles.calculations.agenda_drawing import AGENDA_HEADERS, AGENDA_WIDTHS, FOLLOWED_WIDTHS
from thucthi.obstacles.calculations.agenda_paper import (
    KINDS,
    AgendaPaper,
    PaperFollowed,
    PaperItem,
    agenda_docx,
)
from thucthi.obstacles.calculations.minutes_paper import (
    MOST_BYTES,
    PaperFlaw,
    ReadConclusion,
    ReadMinutes,
    read_minutes,
)
from thucthi.obstacles.calculations.minutes_reading import day_in, kind_in, read

HEAD = Head("Ban Chỉ đạo mẫu", "Chính phủ", False, "…/CTr-BCĐ", "Hà Nội", date(2026, 11, 3))
ITEM = PaperItem(
    "DN-2026-00001", "Chưa có định mức chi.", date(2026, 10, 1), 23, "Bộ Tài chính", "Ban hành định mức.",
    date(2026, 10, 20), 4, ("12/10/2026, Bộ Tài chính: Đang dự thảo.",),
)  # fmt: skip
FOLLOWED = PaperFollowed(
    "DN-2026-00009", "Bộ Tài chính trình nghị định.", "Bộ Tài chính", date(2026, 10, 31), "Chưa gỡ",
    "Chưa hoàn thành, quá hạn",
)  # fmt: skip
PAPER = AgendaPaper(
    head=HEAD, meeting="Phiên họp thứ ba", held_on=date(2026, 12, 1), place="trụ sở Chính phủ", chair="Trưởng ban",
    before="552/TB-BCĐ ngày 01/10/2026", followed=(FOLLOWED,), items=(ITEM,), as_of=date(2026, 11, 3),
)  # fmt: skip


def opened(paper: AgendaPaper) -> "docx.document.Document":
    return docx.Document(io.BytesIO(agenda_docx(paper)))


def words(document: "docx.document.Document") -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_pages_fonts_and_margins_are_those_of_the_decree() -> None:
    document = opened(PAPER)
    first, annex = document.sections
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    margins = (first.left_margin, first.right_margin, first.top_margin, first.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [30, 15, 20, 20]
    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)
    normal = document.styles["Normal"].font
    assert (normal.name, normal.size) == ("Times New Roman", Pt(14))
    used = {run.font.name for paragraph in document.paragraphs for run in paragraph.runs}
    assert used == {"Times New Roman"}
    assert first.different_first_page_header_footer
    assert not annex.different_first_page_header_footer
    fields = [node.text for node in first.header._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE"]
    assert sum(AGENDA_WIDTHS) == sum(FOLLOWED_WIDTHS) == 297 - 40


def test_a_paper_of_the_state_says_country_motto_issuer_number_and_place() -> None:
    text = words(opened(PAPER))
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "CHÍNH PHỦ", "BAN CHỈ ĐẠO MẪU",
        "Số: …/CTr-BCĐ", "Hà Nội, ngày 03 tháng 11 năm 2026", "CHƯƠNG TRÌNH", "Phiên họp thứ ba", "Nơi nhận:",
        "TM. BAN CHỈ ĐẠO MẪU", "(552/TB-BCĐ ngày 01/10/2026)",
    ):  # fmt: skip
        assert expected in text
    assert "ĐẢNG CỘNG SẢN" not in text


def test_a_paper_of_the_party_has_its_own_head() -> None:
    head = replace(HEAD, issuer="Đảng ủy mẫu", superior="", is_party=True, number="…-CTr/ĐU")
    text = words(opened(replace(PAPER, head=head)))
    for expected in ("ĐẢNG CỘNG SẢN VIỆT NAM", "ĐẢNG ỦY MẪU", "*", "Số …-CTr/ĐU", "T/M ĐẢNG ỦY MẪU"):
        assert expected in text
    assert "CỘNG HÒA" not in text


def test_the_follow_up_stands_before_what_is_to_be_decided() -> None:
    document = opened(PAPER)
    _head, _signature, followed, agenda = document.tables
    assert [cell.text for cell in followed.rows[1].cells] == [
        "1", "DN-2026-00009", "Bộ Tài chính trình nghị định.", "Bộ Tài chính", "31/10/2026", "Chưa gỡ",
        "Chưa hoàn thành, quá hạn",
    ]  # fmt: skip
    assert tuple(cell.text for cell in agenda.rows[0].cells) == AGENDA_HEADERS
    assert [cell.text for cell in agenda.rows[1].cells] == [
        "1", "DN-2026-00001", "Chưa có định mức chi.", "01/10/2026\n23 ngày làm việc", "Bộ Tài chính",
        "Ban hành định mức.\n(trước 20/10/2026)", "4 nhiệm vụ", "12/10/2026, Bộ Tài chính: Đang dự thảo.", "", "", "",
    ]  # fmt: skip
    alone = opened(replace(PAPER, followed=(), before=""))
    assert len(alone.tables) == 3
    assert "Phụ lục I\n" in words(alone)


def test_letters_that_xml_does_not_take_do_not_break_the_paper() -> None:
    odd = replace(ITEM, stuck="Vướng \x00\x0b\x1f<b>&\ud800 hết")
    assert "Vướng <b>& hết" in words(opened(replace(PAPER, items=(odd,))))


def filled(*rows: tuple[str, str, str], number: str = "", day: str = "") -> bytes:
    """The paper with its last table filled in: conclusion, responsible, deadline of each item."""
    items = tuple(replace(ITEM, code=f"DN-2026-{n:05d}") for n in range(1, len(rows) + 1))
    document = opened(replace(PAPER, items=items))
    for line, told in zip(document.tables[-1].rows[1:], rows, strict=True):
        for cell, text in zip(line.cells[-3:], told, strict=True):
            cell.text = text
    for paragraph in document.paragraphs:
        for opening, said in (("Số, ký hiệu thông báo kết luận:", number), ("Ngày thông báo kết luận:", day)):
            if said and paragraph.text.startswith(opening):
                paragraph.text = f"{opening} {said}"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def test_what_was_filled_in_is_read_back() -> None:
    read = read_minutes(filled(
        ("Giao thực hiện: Trình nghị định.\nBáo cáo hằng tháng.", "Bộ  Tài chính", "31/12/2026"),
        ("để lại, xem xét sau", "", ""),
        ("Thống nhất chủ trương.", "", "quý sau"),
        ("", "", ""),
        number="12/TB-BCĐ", day="ngày 02 tháng 12 năm 2026",
    ))  # fmt: skip
    assert isinstance(read, ReadMinutes)
    assert (read.number, read.minutes_on) == ("12/TB-BCĐ", date(2026, 12, 2))
    assert read.rows == (
        ReadConclusion(
            "DN-2026-00001", "instruct", "Trình nghị định.\nBáo cáo hằng tháng.", "Bộ Tài chính", "31/12/2026",
            date(2026, 12, 31),
        ),
        ReadConclusion("DN-2026-00002", "defer", "để lại, xem xét sau", "", "", None),
        ReadConclusion("DN-2026-00003", "", "Thống nhất chủ trương.", "", "quý sau", None),
        ReadConclusion("DN-2026-00004", "", "", "", "", None),
    )  # fmt: skip
    assert read.rows[3].is_empty


def test_a_paper_nobody_filled_in_holds_no_conclusion() -> None:
    read = read_minutes(agenda_docx(PAPER))
    assert isinstance(read, ReadMinutes)
    assert (read.number, read.minutes_on, [row.is_empty for row in read.rows]) == ("", None, [True])


@pytest.mark.parametrize(("text", "day"), [
    ("31/12/2026", date(2026, 12, 31)), ("trước 5-1-2027", date(2027, 1, 5)), ("31/02/2026", None), ("sớm", None),
    ("ngày 09 tháng 01 năm 2025", date(2025, 1, 9)),
])  # fmt: skip
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert day_in(text) == day


@given(st.sampled_from(sorted(KINDS)), st.text("abc đê", min_size=1, max_size=20).filter(str.strip))
def test_a_kind_written_out_is_read_back(kind: str, text: str) -> None:
    assert kind_in(f"{KINDS[kind]}: {text}") == (kind, text.strip())


def rebuilt(change: dict[str, bytes | None], *, content: bytes | None = None) -> bytes:
    """The paper with parts replaced, added, or left out (None)."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content or agenda_docx(PAPER))) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, part in change.items():
            if part is not None:
                new.writestr(name, part, compress_type=zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def laughing() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a0 "ha">{entities}]><w>&a11;</w>'
    return rebuilt({"word/document.xml": text.encode()})


def lying() -> bytes:
    """The directory says 100 bytes; the stream unfolds to 200 MB."""
    content = bytearray(rebuilt({"word/media/a.bin": bytes(200_000_000)}))
    at = content.rindex(b"word/media/a.bin") - 46
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    return bytes(content)


HOSTILE = {
    "empty": (b"", PaperFlaw.EMPTY),
    "too big": (bytes(MOST_BYTES + 1), PaperFlaw.TOO_BIG),
    "no archive": (b"xin chao", PaperFlaw.NOT_WORD),
    "cut off": (agenda_docx(PAPER)[:-200], PaperFlaw.NOT_WORD),
    "no document": (rebuilt({"word/document.xml": None}), PaperFlaw.NOT_WORD),
    "bomb": (rebuilt({"word/media/a.xml": bytes(80_000_000)}), PaperFlaw.BOMB),
    "path outside": (rebuilt({"../a.xml": b"<a/>"}), PaperFlaw.BOMB),
    "macro": (rebuilt({"word/vbaProject.bin": b"x"}), PaperFlaw.MACRO),
    "entities": (laughing(), PaperFlaw.DECLARATIONS),
    "entities in wide letters": (
        rebuilt({"word/document.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w><w/>'.encode("utf-16")}),
        PaperFlaw.DECLARATIONS,
    ),
    "broken xml": (rebuilt({"word/document.xml": b"<w:document"}), PaperFlaw.BROKEN),
    "another xml": (rebuilt({"word/document.xml": b"<a><b/></a>"}), PaperFlaw.BROKEN),
    "no contents": (rebuilt({"[Content_Types].xml": b"<a/>"}), PaperFlaw.BROKEN),
    "lying sizes": (lying(), None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_broken_and_hostile_files_are_refused(name: str) -> None:
    content, flaw = HOSTILE[name]
    read = read_minutes(content)
    assert isinstance(read, PaperFlaw)
    assert flaw in (None, read)


def test_another_paper_has_no_table_of_ours() -> None:
    document, kept = docx.Document(), io.BytesIO()
    document.add_table(rows=2, cols=2)
    document.save(kept)
    assert read_minutes(kept.getvalue()) is PaperFlaw.NO_TABLE


def test_a_span_over_millions_of_columns_costs_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(filled(("Chấp thuận đề nghị: Đồng ý.", "", "")))) as archive:
        content = archive.read("word/document.xml")
    wide = content.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="90000000"/>')
    assert wide != content
    read = read_minutes(rebuilt({"word/document.xml": wide}))
    assert isinstance(read, ReadMinutes)


@settings(max_examples=60)
@given(st.data())
def test_any_byte_turned_over_is_read_or_refused_and_never_raises(data: st.DataObject) -> None:
    content = bytearray(FILLED)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read(bytes(content)), ReadMinutes | PaperFlaw)


FILLED = filled(("Giao thực hiện: Trình.", "Bộ Tài chính", "31/12/2026"))
