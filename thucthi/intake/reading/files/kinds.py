"""What a file is by its content, whatever its name says."""

import re
import zipfile
from enum import Enum
from pathlib import Path

from thucthi.intake.reading.files.faults import DAMAGED, Unreadable

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DIRECTORY_ENTRY = 128
_NAME_FIELD = 64
_SECTOR = 512
# BIFF8: version 0x0600, kind 5, the globals of a workbook.
_BEGIN_WORKBOOK = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILE_PASS, _END_OF_PART = 0x002F, 0x000A


class Kind(Enum):
    """The value says in Vietnamese what it is and, for kinds that are read, the extension it should bear."""

    WORD = ("tệp Word (DOCX)", ".docx")
    EXCEL = ("bảng tính Excel (XLSX)", ".xlsx")
    OLD_EXCEL = ("bảng tính Excel cũ (XLS)", ".xls")
    OPEN_SHEET = ("bảng tính OpenDocument (ODS)", ".ods")
    PDF = ("PDF", ".pdf")
    HTML = ("trang web (HTML)", ".html")
    TEXT = ("văn bản thuần (TXT)", ".txt")
    OLD_WORD = ("tệp Word cũ (DOC)", None)
    LOCKED = ("tệp văn phòng có mật khẩu", None)
    OPEN_TEXT = ("văn bản OpenDocument (ODT)", None)
    BINARY_EXCEL = ("bảng tính Excel nhị phân (XLSB)", None)
    SLIDES = ("bài trình chiếu", None)
    RTF = ("văn bản RTF", None)
    PICTURE = ("hình ảnh", None)
    ARCHIVE = ("tệp nén", None)
    PROGRAM = ("tệp chương trình", None)
    OTHER = ("loại không nhận ra", None)

    @property
    def wording(self) -> str:
        return str(self.value[0])

    @property
    def extension(self) -> str | None:
        extension: str | None = self.value[1]
        return extension


_BEGINNINGS = (
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"II*\0", Kind.PICTURE),
    (b"MM\0*", Kind.PICTURE),
    (b"Rar!", Kind.ARCHIVE),
    (b"7z\xbc\xaf", Kind.ARCHIVE),
    (b"\x1f\x8b", Kind.ARCHIVE),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table)\b", re.I | re.S
)
_IN_OLE = (
    ("EncryptedPackage", Kind.LOCKED),
    ("EncryptionInfo", Kind.LOCKED),
    ("WordDocument", Kind.OLD_WORD),
    ("Workbook", Kind.OLD_EXCEL),
    ("Book", Kind.OLD_EXCEL),
    ("PowerPoint Document", Kind.SLIDES),
)
_IN_ZIP = (
    ("word/", Kind.WORD),
    ("xl/workbook.bin", Kind.BINARY_EXCEL),
    ("xl/", Kind.EXCEL),
    ("ppt/", Kind.SLIDES),
)
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.spreadsheet": Kind.OPEN_SHEET,
    b"application/vnd.oasis.opendocument.text": Kind.OPEN_TEXT,
    b"application/vnd.oasis.opendocument.presentation": Kind.SLIDES,
}


def kind_of(path: Path) -> Kind:
    """Raises Unreadable for a zip or OLE file too damaged to tell."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    plain = head.removeprefix(b"\xef\xbb\xbf")
    return Kind.HTML if _HTML.match(plain) else _text_or_other(head)


def _text_or_other(head: bytes) -> Kind:
    """Text in two bytes a letter has zeros, nearly all of them at even or at odd places."""
    zeros = max(head[::2].count(0), head[1::2].count(0))
    is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or zeros > len(head) // 5
    return Kind.OTHER if b"\0" in head and not is_wide else Kind.TEXT


def _kind_of_zip(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            mimetype = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable(DAMAGED) from error
    if mimetype:
        return _OPEN_DOCUMENTS.get(mimetype.strip(), Kind.ARCHIVE)
    return next((kind for place, kind in _IN_ZIP if any(name.startswith(place) for name in names)), Kind.ARCHIVE)


def _kind_of_ole(path: Path) -> Kind:
    content = path.read_bytes()
    kind = next((kind for name, kind in _IN_OLE if _holds_entry(content, name)), None)
    if kind is None:
        raise Unreadable(DAMAGED)
    return kind


def has_ole_macros(content: bytes) -> bool:
    return any(_holds_entry(content, name) for name in ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros"))


def is_locked_old_excel(content: bytes) -> bool:
    """Whether a FilePass record follows the one that begins a workbook (at the start of a sector)."""
    place = content.find(_BEGIN_WORKBOOK)
    while place >= 0 and place % _SECTOR:
        place = content.find(_BEGIN_WORKBOOK, place + 1)
    while 0 <= place <= len(content) - 4:
        kind, length = (int.from_bytes(content[at : at + 2], "little") for at in (place, place + 2))
        if kind in (_FILE_PASS, _END_OF_PART):
            return kind == _FILE_PASS
        place += 4 + length
    return False


def _holds_entry(content: bytes, name: str) -> bool:
    """Whether an OLE directory has an entry of that name: entries are 128 bytes, the name first, its length at 64."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    place = content.find(wanted)
    while place >= 0:
        length = content[place + _NAME_FIELD : place + _NAME_FIELD + 2]
        if place % _DIRECTORY_ENTRY == 0 and int.from_bytes(length, "little") == len(wanted):
            return True
        place = content.find(wanted, place + 1)
    return False
