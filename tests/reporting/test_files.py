"""Files sent as evidence: what is taken, what is refused in which words, and that nothing of a refused file stays."""

import io
import pkgutil
import stat
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from tests.reporting.world import CSV, PNG, World, send
from thucthi.directory.models import Role
from thucthi.kernel.canonical import sha256_hex
from thucthi.kernel.errors import Forbidden, Refused, Stale
from thucthi.ledger.models import Entry
from thucthi.reporting.actions import store_evidence
from thucthi.reporting.calculations.files import FileFlaw, KeptFile, inspect_file, place_of, safe_name
from thucthi.reporting.models import Evidence

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LIMIT = 20 * 1024 * 1024
SCRIPT = b"<script>alert(1)</script>"


def office(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def docx(**more: bytes) -> bytes:
    return office({"word/document.xml": b"<w:document/>"} | {name.replace("__", "/"): more[name] for name in more})


def picture(form: str, *, size: tuple[int, int] = (12, 8), **saved: Any) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 40)).save(made, form, **saved)
    return made.getvalue()


def overlapping() -> bytes:
    """Two entries of the directory that point at the same bytes."""
    plain = docx(word__a_xml=b"x" * 1000)
    end = plain.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HII", plain[end + 10 : end + 20])
    directory = plain[start : start + size]
    first = directory[: directory.index(b"PK\x01\x02", 4)]
    twice = directory + first.replace(b"[Content_Types].xml", b"[Content_Types].xm2")
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(twice), start, 0)
    return plain[:start] + twice + tail


def lying_about_its_size() -> bytes:
    """The directory promises a small part; the part's own header says otherwise."""
    honest = bytearray(docx())
    honest[22:26] = struct.pack("<I", 4_000_000_000 % 2**32)
    return bytes(honest)


KIND = "Tệp “{}” không thuộc loại nhận được. Hãy dùng PDF, PNG, JPG, DOCX, XLSX hoặc CSV."
REFUSED = [
    ("trong.pdf", b"", "Tệp “trong.pdf” rỗng. Hãy chọn lại tệp có nội dung."),
    ("to.pdf", PDF + b"x" * LIMIT, "Tệp “to.pdf” lớn hơn 20 MB. Hãy nén ảnh hoặc chia nhỏ rồi tải lại."),
    ("chay.exe", b"MZ\x90\x00", KIND.format("chay.exe")),
    ("so-do.svg", b"<svg/>", KIND.format("so-do.svg")),
    ("trang.html", b"<html>", KIND.format("trang.html")),
    ("anh.gif", b"GIF89a" + SCRIPT, KIND.format("anh.gif")),
]  # fmt: skip
MISMATCH = (
    "Nội dung tệp “{}” không đúng với phần đuôi của tên. Hãy mở tệp bằng phần mềm đã tạo ra nó và lưu lại đúng loại."
)
BOMB = (
    "Tệp “{}” phình quá lớn khi mở hoặc có cấu trúc bất thường. "
    "Hãy mở bằng Word hoặc Excel rồi lưu lại, hoặc xuất sang PDF."
)
WITH_SCRIPT = "Tệp “{}” chứa mã lệnh hoặc trang web. Hãy xuất nội dung sang PDF rồi tải lại."
ENCODING = "Tệp “{}” không dùng bảng mã UTF-8. Hãy lưu lại dưới dạng “CSV UTF-8” rồi tải lại."
BROKEN = "Tệp “{}” bị hỏng, không đọc được. Hãy mở thử trên máy của ông/bà rồi lưu lại."
REFUSED += [(name, content, words.format(name)) for name, content, words in [
    ("anh.pdf", PNG, MISMATCH),
    ("svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", MISMATCH),
    ("gif.png", b"GIF89a" + SCRIPT, MISMATCH),
    ("pdf.docx", PDF, MISMATCH),
    ("bang.docx", office({"xl/workbook.xml": b"<workbook/>"}), MISMATCH),
    ("kho.xlsx", office({"readme.txt": b"x"}), MISMATCH),
    ("chu.csv", b"\x00\x01\x02\xff", MISMATCH),
    ("chu.csv", b"a\x01b", MISMATCH),
    ("web.csv", b"a,b\n<script>alert(1)</script>,2", WITH_SCRIPT),
    ("ve.csv", b"<svg onload=alert(1)>", WITH_SCRIPT),
    ("kep.png", picture("PNG") + SCRIPT, WITH_SCRIPT),
    ("kep.jpg", picture("JPEG", comment=SCRIPT), WITH_SCRIPT),
    ("kep.pdf", b"%PDF-1.7\n<script>x</script>\n%%EOF", WITH_SCRIPT),
    ("ma.docx", docx(word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"),
     "Tệp “{}” chứa macro. Hãy lưu lại thành tệp không có macro rồi tải lại."),
    ("bom.docx", office({"word/document.xml": b"0" * 110_000_000}), BOMB),
    ("doc.docx", office({"word/document.xml": b"0" * 20_000_000}), BOMB),
    ("nhieu.xlsx", office({f"xl/{n}.xml": b"" for n in range(3001)}), BOMB),
    ("long.docx", office({"word/document.xml": b"x", "word/trong.zip": b"PK"}), BOMB),
    ("ra.docx", office({"word/document.xml": b"x", "../../etc/x": b"x"}), BOMB),
    ("chong.docx", overlapping(), BOMB),
    ("doi.docx", lying_about_its_size(), BOMB),
    ("hong.docx", docx()[:-10], BROKEN),
    ("hong.png", PNG[:40], BROKEN),
    ("hong.pdf", b"%PDF-1.7\n1 0 obj", BROKEN),
    ("cu.csv", "Tiến độ".encode("utf-16"), ENCODING),
    ("cu.csv", "Tiến độ".encode("cp1258", "replace") + b"\xe0", ENCODING),
]]  # fmt: skip


def stored_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


@pytest.mark.parametrize(
    ("name", "content", "sentence"), REFUSED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_bad_file_is_refused_in_words_and_nothing_stays(
    world: World, settings: Any, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        store_evidence(world.this_week, by=world.reporter(), file_name=name, content=content)
    assert [(fault.field, fault.text) for fault in refused.value.faults] == [("file", sentence)]
    assert stored_files(settings.EVIDENCE_ROOT) == []
    assert (Evidence.objects.count(), Entry.objects.count()) == (0, 0)


def test_too_many_dots_are_refused_before_they_are_drawn() -> None:
    flood = picture("PNG", size=(8000, 5001))
    assert len(flood) < 200_000
    assert inspect_file("lon.png", flood, LIMIT) == FileFlaw.PIXELS
    assert inspect_file("vua.png", picture("PNG", size=(100, 50)), LIMIT).media_type == "image/png"


GOOD = [
    ("bao-cao.pdf", PDF, "application/pdf"),
    ("BAO-CAO.PDF", PDF, "application/pdf"),
    ("so.csv", CSV, "text/csv; charset=utf-8"),
    ("so.csv", b"\xef\xbb\xbf" + CSV, "text/csv; charset=utf-8"),
    ("van-ban.docx", docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("bang.xlsx", office({"xl/workbook.xml": b"<w/>"}, method=zipfile.ZIP_STORED),
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "media_type"), GOOD)
def test_a_good_file_is_kept_byte_by_byte(
    world: World, settings: Any, name: str, content: bytes, media_type: str
) -> None:
    evidence = store_evidence(world.this_week, by=world.reporter(), file_name=name, content=content)
    path = settings.EVIDENCE_ROOT / place_of(evidence.sha256)
    assert (path.read_bytes(), evidence.sha256, evidence.size) == (content, sha256_hex(content), len(content))
    assert (evidence.media_type, evidence.file_name) == (media_type, name)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stored_files(settings.EVIDENCE_ROOT) == [path]
    assert list(Entry.objects.values_list("event", "subject_id")) == [("evidence.stored", evidence.pk)]


@pytest.mark.parametrize(("name", "form"), [("anh.png", "PNG"), ("anh.jpg", "JPEG"), ("anh.jpeg", "JPEG")])
def test_a_picture_is_drawn_anew(world: World, settings: Any, name: str, form: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "nơi chụp bí mật"
    hidden = picture(form, exif=exif) + b"PK\x03\x04 tail that no viewer shows"
    evidence = store_evidence(world.this_week, by=world.reporter(), file_name=name, content=hidden)
    kept = (settings.EVIDENCE_ROOT / place_of(evidence.sha256)).read_bytes()
    drawn = Image.open(io.BytesIO(kept))
    assert (drawn.size, drawn.format, dict(drawn.getexif())) == ((12, 8), form, {})
    assert b"tail" not in kept
    assert b"b\xc3\xad m\xe1\xba\xadt" not in kept


def test_a_turned_picture_is_stored_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = inspect_file("anh.jpg", picture("JPEG", exif=exif), LIMIT)
    assert isinstance(kept, KeptFile)
    assert Image.open(io.BytesIO(kept.content)).size == (8, 12)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_kind_of_colour_are_drawn(mode: str) -> None:
    made = io.BytesIO()
    form = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (4, 4)).save(made, form)
    name = "anh.jpg" if form == "JPEG" else "anh.png"
    assert isinstance(inspect_file(name, made.getvalue(), LIMIT), KeptFile)


def test_the_same_content_twice_is_one_file(world: World, settings: Any) -> None:
    first = store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    second = store_evidence(world.this_week, by=world.reporter(), file_name="khac.csv", content=CSV)
    assert first == second
    assert (Evidence.objects.count(), Entry.objects.count(), len(stored_files(settings.EVIDENCE_ROOT))) == (1, 1, 1)


def test_twenty_files_are_enough(world: World) -> None:
    for n in range(20):
        store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=f"{n}".encode())
    with pytest.raises(Refused, match=r"Kỳ này đã có 20 tệp\. Hãy gộp các tệp còn lại thành một\."):
        store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=b"20")
    assert Evidence.objects.count() == 20


def test_files_come_only_from_the_writers_and_only_before_sending(world: World, settings: Any) -> None:
    for by in (
        world.approver(),
        world.reporter(world.state.finance),
        world.state.viewer(Role.AUDITOR, world.state.science),
    ):
        with pytest.raises(Forbidden):
            store_evidence(world.this_week, by=by, file_name="so.csv", content=CSV)
    send(world, world.this_week)
    with pytest.raises(Stale, match="không thêm minh chứng được nữa"):
        store_evidence(world.this_week, by=world.reporter(), file_name="so.csv", content=CSV)
    assert (Evidence.objects.count(), stored_files(settings.EVIDENCE_ROOT)) == (0, [])


@pytest.mark.parametrize(("given_name", "kept"), [
    ("../../etc/passwd.pdf", "passwd.pdf"),
    ("C:\\thu muc\\bao cao.pdf", "bao cao.pdf"),
    ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
    ("\u202efdp.exe", "fdp.exe"),
    ("...", "tep"),
    ("a" * 300 + ".docx", "a" * 250 + ".docx"),
])  # fmt: skip
def test_names_are_names_and_not_paths(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


STEMS = [PDF, PNG, docx(), picture("JPEG"), b"PK\x03\x04", b"%PDF-"]


def done_here(work: str, *given: Any) -> Any:
    return pkgutil.resolve_name(work)(*given)


def damaged(parts: tuple[bytes, int, bytes]) -> bytes:
    stem, place, other = parts
    return stem[:place] + other + stem[place + len(other) :]


@hypothesis_settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.sampled_from(["a.pdf", "a.png", "a.jpg", "a.docx", "a.xlsx", "a.csv", "a.svg", "a"]),
    st.binary(max_size=200)
    | st.tuples(st.sampled_from(STEMS), st.integers(0, 400), st.binary(max_size=9)).map(damaged),
)
def test_whatever_is_sent_gets_an_answer_and_never_an_accident(name: str, content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # Three hundred processes would test the same thing more slowly.
        patch.setattr("thucthi.reporting.calculations.files.apart", done_here)
        answer = inspect_file(name, content, LIMIT)
        assert isinstance(answer, KeptFile | FileFlaw)
        if isinstance(answer, KeptFile):
            assert inspect_file(name, answer.content, LIMIT).media_type == answer.media_type
