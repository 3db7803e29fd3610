"""Every file that cannot be read gets one sentence that says what to do, before anything of it is inflated."""

import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.files_office import old_excel, open_sheet
from tests.intake.files_office.building import document_xml, paragraph, word, write_zip
from thucthi.intake.reading.files import archives, faults
from thucthi.intake.reading.files.archives import Archive
from thucthi.intake.reading.files.extraction import LARGEST_FILE, extract
from thucthi.intake.reading.files.faults import Unreadable, misnamed

MEGABYTE = 1024 * 1024


def _fault(path: Path) -> str:
    with pytest.raises(Unreadable) as fault:
        extract(path)
    return str(fault.value)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("extension", [".docx", ".xlsx", ".xls", ".ods", ".pdf", ".txt", ".html"])
def test_empty(tmp_path: Path, extension: str) -> None:
    assert _fault(_written(tmp_path / f"a{extension}", b"")) == faults.EMPTY


def test_not_there_and_no_file(tmp_path: Path) -> None:
    assert _fault(tmp_path / "a.docx") == faults.MISSING
    (tmp_path / "b.docx").mkdir()
    assert _fault(tmp_path / "b.docx") == faults.NOT_A_FILE


def test_too_large_is_said_without_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with path.open("wb") as file:
        file.truncate(200 * MEGABYTE)
    assert path.stat().st_size > LARGEST_FILE
    assert _fault(path) == faults.TOO_LARGE


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("extension", [".docx", ".ods"])
def test_cut_off(tmp_path: Path, share: float, extension: str) -> None:
    whole = word(tmp_path / "a.docx", paragraph("Nội dung"))
    if extension == ".ods":
        whole = open_sheet.workbook(tmp_path / "a.ods", open_sheet.sheet("S", open_sheet.row(open_sheet.text("a"))))
    content = whole.read_bytes()
    assert _fault(_written(tmp_path / f"b{extension}", content[: int(len(content) * share)])) == faults.DAMAGED


def test_flipped_bytes_are_found_by_the_checksum(tmp_path: Path) -> None:
    content = bytearray(word(tmp_path / "a.docx", paragraph("Nội dung " * 99)).read_bytes())
    place = content.find(b"word/document.xml") + 60
    content[place] ^= 0xFF
    assert _fault(_written(tmp_path / "b.docx", bytes(content))) == faults.DAMAGED


def test_broken_xml(tmp_path: Path) -> None:
    torn = document_xml(paragraph("a"))[:-20]
    assert _fault(write_zip(tmp_path / "a.docx", {"word/document.xml": torn})) == faults.DAMAGED
    nested = document_xml("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000)
    assert _fault(write_zip(tmp_path / "b.docx", {"word/document.xml": nested})) == faults.DAMAGED


@pytest.mark.parametrize("extension", [".docx", ".xlsx", ".xls", ".doc"])
def test_with_a_password(tmp_path: Path, extension: str) -> None:
    locked = old_excel.compound(tmp_path / f"a{extension}", EncryptionInfo=b"x", EncryptedPackage=b"y")
    assert _fault(locked) == faults.WITH_PASSWORD


def test_a_zip_with_locked_entries(tmp_path: Path) -> None:
    content = bytearray(word(tmp_path / "a.docx", paragraph("a")).read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    assert _fault(_written(tmp_path / "b.docx", bytes(content))) == faults.WITH_PASSWORD


@pytest.mark.parametrize("name", ["a.docm", "a.xlsm", "a.dotm", "a.xltm"])
def test_names_of_files_with_macros(tmp_path: Path, name: str) -> None:
    assert _fault(_written(tmp_path / name, b"PK\x03\x04")) == faults.WITH_MACROS


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "WORD/VBAPROJECT.BIN"])
def test_macros_inside(tmp_path: Path, part: str) -> None:
    parts = {"word/document.xml": document_xml(paragraph("a")), part: b"x"}
    assert _fault(write_zip(tmp_path / "a.docx", parts)) == faults.WITH_MACROS


def test_old_word(tmp_path: Path) -> None:
    assert _fault(old_excel.compound(tmp_path / "a.doc", WordDocument=b"x")) == faults.OLD_WORD
    assert _fault(old_excel.compound(tmp_path / "a.docx", WordDocument=b"x")) == faults.OLD_WORD


@pytest.mark.parametrize(
    ("name", "content", "real", "wanted"),
    [
        ("a.docx", b"%PDF-1.7\n", "PDF", ".pdf"),
        ("a.pdf", "Kế hoạch số 1".encode(), "văn bản thuần (TXT)", ".txt"),
        ("a.xls", b"<html><table></table></html>", "trang web (HTML)", ".html"),
        ("a.doc", b"<!DOCTYPE html><p>x", "trang web (HTML)", ".html"),
        ("a.txt", b"{\\rtf1\\ansi", "văn bản RTF", None),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "hình ảnh", None),
        ("a.xlsx", b"Rar!\x1a\x07", "tệp nén", None),
        ("a.txt", b"MZ\x90\x00", "tệp chương trình", None),
    ],
)
def test_a_name_that_does_not_fit(tmp_path: Path, name: str, content: bytes, real: str, wanted: str | None) -> None:
    assert _fault(_written(tmp_path / name, content)) == misnamed(Path(name).suffix, real, wanted)


def test_zips_under_a_wrong_name(tmp_path: Path) -> None:
    document = word(tmp_path / "a.xlsx", paragraph("a"))
    assert _fault(document) == misnamed(".xlsx", "tệp Word (DOCX)", ".docx")
    assert _fault(write_zip(tmp_path / "b.docx", {"x": "y"})) == misnamed(".docx", "tệp nén", None)
    sheet = open_sheet.workbook(tmp_path / "c.xlsx")
    assert _fault(sheet) == misnamed(".xlsx", "bảng tính OpenDocument (ODS)", ".ods")


@pytest.mark.parametrize("name", ["a.exe", "a", "a.odt", "a.jpg"])
def test_kinds_that_are_not_read(tmp_path: Path, name: str) -> None:
    assert _fault(_written(tmp_path / name, b"x")) == faults.KIND_UNKNOWN


def test_bytes_that_are_nothing(tmp_path: Path) -> None:
    assert _fault(_written(tmp_path / "a.pdf", bytes(range(256)) * 9)) == faults.DAMAGED


def _bomb(path: Path, name: str, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document_xml(paragraph("a")))
        with archive.open(name, "w", force_zip64=False) as part:
            for _ in range(size // MEGABYTE):
                part.write(bytes(MEGABYTE))
    return path


def test_a_bomb_is_not_inflated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _bomb(tmp_path / "a.docx", "word/media/a.bin", 300 * MEGABYTE)
    assert path.stat().st_size < MEGABYTE
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert _fault(path) == faults.BOMB


def test_a_steep_part_is_a_bomb_though_the_whole_is_not(tmp_path: Path) -> None:
    assert _fault(_bomb(tmp_path / "a.docx", "word/numbering.xml", 20 * MEGABYTE)) == faults.BOMB


def test_a_part_that_inflates_beyond_what_it_declares(tmp_path: Path) -> None:
    path = word(tmp_path / "a.docx", paragraph("chữ " * 9_000))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("word/document.xml")
    declared = struct.pack("<I", part.file_size)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.find(declared, content.find(mark))
        content[at : at + 4] = struct.pack("<I", 500)
    assert content.count(declared) == 0
    assert _fault(_written(tmp_path / "b.docx", bytes(content))) == faults.DAMAGED


def test_many_parts_are_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_PARTS", 3)
    assert _fault(word(tmp_path / "a.docx", paragraph("a"), styles="", numbering="")) == faults.BOMB


def _overlapping(path: Path, *, shares_bytes: bool) -> Path:
    """Two entries of the directory over one local file, or one beside the other."""
    raw = document_xml(paragraph("a")).encode()
    packed = zlib.compress(raw)[2:-4]
    names = (b"word/document.xml", b"word/documen2.xml")
    local = b""
    places = []
    for name in names:
        places.append(0 if shares_bytes else len(local))
        if not local or not shares_bytes:
            fields = (20, 0, 8, 0, 0, zlib.crc32(raw), len(packed), len(raw), len(name), 0)
            local += b"PK\x03\x04" + struct.pack("<HHHHHIIIHH", *fields) + name + packed
    directory = b""
    for name, place in zip(names, places, strict=True):
        fields = (20, 20, 0, 8, 0, 0, zlib.crc32(raw), len(packed), len(raw), len(name), 0, 0, 0, 0, 0, place)
        directory += b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", *fields) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2, 2, len(directory), len(local), 0)
    return _written(path, local + directory + end)


def test_overlapping_entries(tmp_path: Path) -> None:
    assert extract(_overlapping(tmp_path / "a.docx", shares_bytes=False)).text == "a"
    assert _fault(_overlapping(tmp_path / "b.docx", shares_bytes=True)) == faults.OVERLAPPING


def test_two_entries_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", document_xml(paragraph("a")))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("word/document.xml", document_xml(paragraph("b")))
    assert _fault(path) == faults.OVERLAPPING


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path, encoding: str) -> None:
    outside = tmp_path / "bi-mat.txt"
    outside.write_text("bí mật", encoding="utf-8")
    declared = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{outside.as_uri()}">]>'
    xml = document_xml(paragraph("&x;")).replace("?>", f"?>{declared}").replace("UTF-8", encoding)
    path = write_zip(tmp_path / "a.docx", {"word/document.xml": xml.encode(encoding)})
    assert _fault(path) == faults.WITH_ENTITIES


def test_a_broken_parser_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_path: Path) -> None:
        raise KeyError("rId7")

    monkeypatch.setitem(extract.__globals__["_READERS"], extract.__globals__["Kind"].WORD, breaks)
    assert _fault(word(tmp_path / "a.docx", paragraph("a"))) == faults.DAMAGED


def test_letters_of_an_old_encoding_in_word(tmp_path: Path) -> None:
    old = "Thñ t­íng ChÝnh phñ ®· ban hµnh QuyÕt ®Þnh vÒ viÖc phª duyÖt kÕ ho¹ch c¶i c¸ch hµnh chÝnh"
    assert "TCVN3" in _fault(word(tmp_path / "a.docx", paragraph(old)))


def test_an_archive_gives_none_for_a_part_that_is_not_there(tmp_path: Path) -> None:
    with Archive(word(tmp_path / "a.docx", paragraph("a"))) as archive:
        assert archive.read("word/styles.xml") is None
        assert "word/document.xml" in archive.names


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_ends_in_anything_but_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("hong")
    path = word(folder / "a.docx", paragraph("Nội dung"), styles="", numbering="")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        said = extract(_written(folder / "b.docx", bytes(content))).text
    except Unreadable as fault:
        said = str(fault)
    assert said
