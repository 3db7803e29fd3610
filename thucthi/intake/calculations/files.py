"""Which files are taken in, by name and size alone; whether one can be read is found out in the sandbox."""

from enum import StrEnum
from pathlib import PurePath, PurePosixPath

TAKEN = (".docx", ".xlsx", ".xls", ".ods", ".pdf", ".txt", ".md", ".html", ".htm")
WITH_MACROS = (".docm", ".xlsm", ".dotm", ".xltm")
LONGEST_NAME = 255


class FileFlaw(StrEnum):
    """Why a file is not taken in."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    KIND = "kind"
    OLD_WORD = "old_word"
    MACRO = "macro"


def flaw_of(file_name: str, content: bytes, most_bytes: int) -> FileFlaw | None:
    """The first flaw that name and size show."""
    extension = PurePath(file_name).suffix.lower()
    if extension in WITH_MACROS:
        return FileFlaw.MACRO
    if extension == ".doc":
        return FileFlaw.OLD_WORD
    if extension not in TAKEN:
        return FileFlaw.KIND
    if not content.strip():
        return FileFlaw.EMPTY
    return FileFlaw.TOO_BIG if len(content) > most_bytes else None


def safe_name(file_name: str) -> str:
    """The last part of a path of any system, without control characters; the extension survives shortening."""
    last = PurePosixPath(file_name.replace("\\", "/")).name
    clean = "".join(letter for letter in last if letter.isprintable()).strip(". ") or "tep"
    suffix = PurePath(clean).suffix[:10]
    return clean if len(clean) <= LONGEST_NAME else clean[: LONGEST_NAME - len(suffix)] + suffix


def place_of(sha256: str, file_name: str) -> PurePosixPath:
    """Where the content lies below the root of kept files; the reader of a format also looks at the extension."""
    return PurePosixPath(sha256[:2]) / f"{sha256}{PurePath(file_name).suffix.lower()}"
