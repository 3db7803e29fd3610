"""Which files are taken as evidence: the content and the extension must both be on the list, and agree.

Nothing is unpacked here: an archive is judged by its directory alone. Images are drawn anew, so that nothing hidden
behind or inside the picture survives (security note: polyglots).
"""

import io
import struct
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath, PurePosixPath

import puremagic

from thucthi.kernel.apart import apart
from thucthi.kernel.confinement import Ended

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}
MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_ENTRIES = 3_000
STEEPEST_RATIO = 150
# Below this an archive may be as steep as it likes: office files hold long runs of white space.
RATIO_MATTERS_FROM = 5 * 1024 * 1024
LONGEST_NAME = 255
SCRIPT_IN_TEXT = (b"<script", b"<svg", b"<html", b"<!doctype", b"<?xml", b"<iframe", b"javascript:")
SCRIPT_IN_BINARY = (b"<script", b"<!doctype", b"<html")
WIDE_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff")
NESTED_ARCHIVES = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".docx", ".xlsx", ".docm", ".xlsm")
LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class FileFlaw(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    KIND = "kind"
    MISMATCH = "mismatch"
    SCRIPT = "script"
    MACRO = "macro"
    BOMB = "bomb"
    PIXELS = "pixels"
    BROKEN = "broken"
    ENCODING = "encoding"


@dataclass(frozen=True)
class KeptFile:
    """What may be stored: images are already drawn anew."""

    media_type: str
    content: bytes


def inspect_file(file_name: str, content: bytes, most_bytes: int) -> KeptFile | FileFlaw:
    """`content` as it may be stored under `file_name`, or the first flaw found."""
    extension = PurePath(file_name).suffix.lower()
    if not content:
        return FileFlaw.EMPTY
    if len(content) > most_bytes:
        return FileFlaw.TOO_BIG
    if extension not in MEDIA_TYPES:
        return FileFlaw.KIND
    judged = _judge(extension, content)
    return judged if isinstance(judged, FileFlaw) else KeptFile(MEDIA_TYPES[extension], judged)


def safe_name(file_name: str) -> str:
    """The last part of a path of any system, without control characters; the extension survives shortening."""
    last = PurePosixPath(file_name.replace("\\", "/")).name
    clean = "".join(letter for letter in last if letter.isprintable()).strip(". ") or "tep"
    suffix = PurePath(clean).suffix[:10]
    return clean if len(clean) <= LONGEST_NAME else clean[: LONGEST_NAME - len(suffix)] + suffix


def place_of(sha256: str) -> PurePosixPath:
    """Where the content with this hash lies, below the root of evidence."""
    return PurePosixPath(sha256[:2]) / sha256


def _judge(extension: str, content: bytes) -> bytes | FileFlaw:
    if extension == ".csv":
        return _csv(content)
    if extension not in _kinds_by_content(content):
        return FileFlaw.MISMATCH
    if extension == ".pdf":
        return _pdf(content)
    if extension in MAIN_PART:
        return _office(content, MAIN_PART[extension])
    return _image(content, "PNG" if extension == ".png" else "JPEG")


def _kinds_by_content(content: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _holds(content: bytes, needles: tuple[bytes, ...]) -> bool:
    lowered = content.lower()
    return any(needle in lowered for needle in needles)


def _csv(content: bytes) -> bytes | FileFlaw:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        is_text = b"\0" not in content or content.startswith(WIDE_TEXT_MARKS)
        return FileFlaw.ENCODING if is_text else FileFlaw.MISMATCH
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
        return FileFlaw.MISMATCH
    return FileFlaw.SCRIPT if _holds(content, SCRIPT_IN_TEXT) else content


def _pdf(content: bytes) -> bytes | FileFlaw:
    if not content.startswith(b"%PDF-"):
        return FileFlaw.MISMATCH
    if b"%%EOF" not in content[-2048:]:
        return FileFlaw.BROKEN
    return FileFlaw.SCRIPT if _holds(content[:4096], SCRIPT_IN_BINARY) else content


def _image(content: bytes, form: str) -> bytes | FileFlaw:
    if _holds(content, SCRIPT_IN_BINARY):
        return FileFlaw.SCRIPT
    try:
        drawn: bytes | FileFlaw = apart("thucthi.reporting.calculations.pictures:drawn", content, form)
    except Ended:
        return FileFlaw.BROKEN
    return drawn


def _office(content: bytes, main_part: str) -> bytes | FileFlaw:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            start_of_directory = archive.start_dir
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OSError):
        return FileFlaw.BROKEN
    if _is_bomb(entries, len(content)) or _overlaps(content, entries, start_of_directory):
        return FileFlaw.BOMB
    names = {entry.filename for entry in entries}
    if not {"[Content_Types].xml", main_part} <= names:
        return FileFlaw.MISMATCH
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return FileFlaw.MACRO
    return content


def _is_bomb(entries: list[zipfile.ZipInfo], size: int) -> bool:
    """Too many entries, too much or too steep when unpacked, an archive within, or a path that leads outside."""
    unpacked = sum(entry.file_size for entry in entries)
    return (
        len(entries) > MOST_ENTRIES
        or unpacked > MOST_UNPACKED_BYTES
        or (unpacked > RATIO_MATTERS_FROM and unpacked > STEEPEST_RATIO * size)
        or any(entry.filename.lower().endswith(NESTED_ARCHIVES) for entry in entries)
        or any(PurePosixPath(entry.filename).is_absolute() or ".." in entry.filename for entry in entries)
    )


def _overlaps(content: bytes, entries: list[zipfile.ZipInfo], start_of_directory: int) -> bool:
    """Whether two entries share bytes, or an entry's own header disagrees with the directory about its size."""
    free_from = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        header = content[entry.header_offset : entry.header_offset + LOCAL_HEADER.size]
        if entry.header_offset < free_from or len(header) < LOCAL_HEADER.size:
            return True
        fields = LOCAL_HEADER.unpack(header)
        signature, flags, declared, name_length, extra_length = fields[0], fields[2], fields[8], fields[9], fields[10]
        # Bit 3: sizes follow the data, the header holds zeros; 0xFFFFFFFF: they stand in the zip64 field.
        if signature != b"PK\x03\x04" or (not flags & 8 and declared not in {entry.file_size, 0xFFFFFFFF}):
            return True
        free_from = entry.header_offset + LOCAL_HEADER.size + name_length + extra_length + entry.compress_size
    return free_from > start_of_directory
