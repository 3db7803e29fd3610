"""From bytes to Vietnamese text: which encoding a text file is in, and refusal of those that cannot be told for sure.

`decoded` reads a text file; `refuse_legacy` is for text that comes out of any other file.
"""

import codecs
import unicodedata
from dataclasses import dataclass

from thucthi.intake.reading.files.encodings.legacy import Legacy, is_vietnamese, legacy_of
from thucthi.intake.reading.files.faults import N_, Unreadable

UNKNOWN = N_("Không nhận ra bảng mã của tệp. Đề nghị mở tệp, lưu lại với bảng mã Unicode (UTF-8) rồi đọc lại.")
BROKEN_LETTERS = N_("Một số ký tự của tệp bị hỏng và được thay bằng dấu �. Đề nghị so với bản gốc trước khi dùng.")
CUT_SHORT = N_("Tệp có thể bị cắt cụt: byte cuối cùng không trọn một chữ.")
ONCE_1258 = N_("Tệp dùng bảng mã Windows-1258 và đã được chuyển sang Unicode khi đọc.")
WRITTEN_TWICE = N_("Tệp bị lưu nhầm bảng mã (UTF-8 hai lần) và đã được khôi phục khi đọc.")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST_LETTER = 4
_MOST_BROKEN = 0.05
_FEWEST_LEGACY_LINES = 0.1


def in_legacy(encoding: Legacy) -> str:
    return (
        f"Tệp dùng bảng mã cũ {encoding.value}, không phải Unicode. "
        "Đề nghị chuyển sang Unicode (bằng UniKey hoặc Word) rồi tải lại."
    )


def in_mixture(encodings: str) -> str:
    return f"Tệp lẫn nhiều bảng mã: {encodings}. Đề nghị chuyển toàn bộ sang Unicode rồi tải lại."


def partly_legacy(encoding: Legacy) -> str:
    return f"Một phần văn bản dùng bảng mã cũ {encoding.value} nên không đọc được. Đề nghị chuyển sang Unicode."


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    warnings: tuple[str, ...] = ()


def decoded(content: bytes) -> Decoded:
    """Raises Unreadable for an old encoding (named), for several at once, and for none that is known."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _with_mark(content[len(mark) :], encoding)
    if b"\0" in content:
        raise Unreadable(UNKNOWN)
    try:
        return _checked(content.decode())
    except UnicodeDecodeError as error:
        if error.end >= len(content) - _LONGEST_LETTER + 1 and error.reason == "unexpected end of data":
            return _checked(content[: error.start].decode(), CUT_SHORT)
    return _without_unicode(content)


def refuse_legacy(text: str) -> tuple[str, ...]:
    """Warnings about passages in an old encoding; raises Unreadable when they are much of the text."""
    found = [(line, legacy) for line in text.splitlines() if (legacy := legacy_of(line))]
    if not found:
        whole = legacy_of(text)
        if whole is not None:
            raise Unreadable(in_legacy(whole))
        return ()
    kinds = sorted({legacy for _, legacy in found}, key=lambda legacy: legacy.name)
    accented = [line for line in text.splitlines() if not line.isascii()]
    if any(is_vietnamese(line) for line in accented):
        if len(found) >= _FEWEST_LEGACY_LINES * len(accented):
            raise Unreadable(in_mixture(", ".join(["Unicode", *(kind.value for kind in kinds)])))
        return tuple(partly_legacy(kind) for kind in kinds)
    raise Unreadable(in_legacy(kinds[0]) if len(kinds) == 1 else in_mixture(", ".join(kind.value for kind in kinds)))


def _with_mark(content: bytes, encoding: str) -> Decoded:
    try:
        return _checked(content.decode(encoding))
    except UnicodeDecodeError:
        return _checked(content.decode(encoding, "replace"), BROKEN_LETTERS)


def _checked(text: str, *warnings: str) -> Decoded:
    if "\0" in text:
        raise Unreadable(UNKNOWN)
    restored = _written_once(text)
    if restored is not None:
        return _checked(restored, *warnings, WRITTEN_TWICE)
    return Decoded(text, (*warnings, *refuse_legacy(text)))


def _written_once(text: str) -> str | None:
    """The text before UTF-8 was taken for Windows-1252 and saved as UTF-8 again; None when that did not happen."""
    if text.isascii() or is_vietnamese(text):
        return None
    try:
        restored = b"".join(map(_one_byte, text)).decode()
    except UnicodeError:
        return None
    return restored if is_vietnamese(restored) else None


def _one_byte(letter: str) -> bytes:
    """Windows-1252 leaves five bytes without a letter; programs keep them as they are."""
    try:
        return letter.encode("cp1252")
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _without_unicode(content: bytes) -> Decoded:
    """The encoding of bytes that are not UTF-8 throughout."""
    accented = [line for line in content.splitlines() if not line.isascii()]
    wrong = [line for line in accented if _as_unicode(line) is None]
    one_to_one = b"\n".join(wrong).decode("latin-1")
    legacy = legacy_of(one_to_one)
    if legacy is not None:
        raise Unreadable(in_legacy(legacy) if len(wrong) == len(accented) else in_mixture(f"Unicode, {legacy.value}"))
    windows = b"\n".join(wrong).decode("cp1258", "replace")
    if is_vietnamese(unicodedata.normalize("NFC", windows)):
        if len(wrong) < len(accented):
            raise Unreadable(in_mixture("Unicode, Windows-1258"))
        return Decoded(unicodedata.normalize("NFC", content.decode("cp1258", "replace")), (ONCE_1258,))
    if len(wrong) <= max(1, _MOST_BROKEN * len(accented)) < len(accented):
        return _checked(content.decode(errors="replace"), BROKEN_LETTERS)
    raise Unreadable(UNKNOWN)


def _as_unicode(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None
