"""Any file that is read → its text, lines and tables."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from thucthi.intake.reading.files import faults
from thucthi.intake.reading.files.encodings import refuse_legacy
from thucthi.intake.reading.files.faults import Unreadable, misnamed
from thucthi.intake.reading.files.kinds import Kind, kind_of
from thucthi.intake.reading.files.pdf import read_pdf
from thucthi.intake.reading.files.plain import read_plain
from thucthi.intake.reading.files.web import read_web
from thucthi.intake.reading.files.word import read_word
from thucthi.intake.reading.files.workbook import read_workbook
from thucthi.intake.reading.shapes import Warned
from thucthi.intake.reading.source import Source

LARGEST_FILE = 64 * 1024 * 1024
# Words alone fill little; more than this is no document but a dump of data.
LARGEST_OF_WORDS = 8 * 1024 * 1024
_WITH_MACROS = {".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm"}
_EXTENSIONS = {
    ".docx": Kind.WORD,
    ".xlsx": Kind.EXCEL,
    ".xls": Kind.OLD_EXCEL,
    ".ods": Kind.OPEN_SHEET,
    ".pdf": Kind.PDF,
    ".txt": Kind.TEXT,
    ".md": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
}
_READERS: dict[Kind, Callable[[Path], Source]] = {
    Kind.WORD: read_word,
    Kind.EXCEL: read_workbook,
    Kind.OLD_EXCEL: read_workbook,
    Kind.OPEN_SHEET: read_workbook,
    Kind.PDF: read_pdf,
    Kind.TEXT: read_plain,
    Kind.HTML: read_web,
}
_OFFICE = {Kind.WORD, Kind.EXCEL, Kind.OLD_EXCEL, Kind.OPEN_SHEET}
_WHOLE_FILE = "Toàn tệp"
# Kinds whose name hardly matters: what to do about them is more telling than that the name is wrong.
_TELLING = {Kind.OLD_WORD: faults.OLD_WORD, Kind.LOCKED: faults.WITH_PASSWORD}


def extract(path: Path) -> Source:
    """The text of a file, read by what its name and its content both say that it is. Raises Unreadable."""
    _check_size(path)
    kind = _checked_kind(path)
    if kind in (Kind.TEXT, Kind.HTML) and path.stat().st_size > LARGEST_OF_WORDS:
        raise Unreadable(faults.TOO_LONG)
    try:
        source = _READERS[kind](path)
    except (Unreadable, MemoryError):
        raise
    # A file from outside can break a parser in any way there is; whichever it is, the file is what is wrong.
    except Exception as error:
        raise Unreadable(faults.DAMAGED) from error
    if not source.text.strip():
        raise Unreadable(faults.NO_WORDS)
    if len(source.text) > faults.MOST_LETTERS:
        raise Unreadable(faults.TOO_LONG)
    return _checked_letters(source) if kind in _OFFICE else source


def _checked_letters(source: Source) -> Source:
    """Office files hold Unicode, and yet words typed for the fonts of before Unicode."""
    said = tuple(Warned(_WHOLE_FILE, warning) for warning in refuse_legacy(source.text))
    return replace(source, warnings=(*source.warnings, *said))


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise Unreadable(faults.NOT_A_FILE)
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise Unreadable(faults.MISSING) from error
    except OSError as error:
        raise Unreadable(faults.FORBIDDEN) from error
    if size == 0:
        raise Unreadable(faults.EMPTY)
    if size > LARGEST_FILE:
        raise Unreadable(faults.TOO_LARGE)


def _checked_kind(path: Path) -> Kind:
    extension = path.suffix.lower()
    if extension in _WITH_MACROS:
        raise Unreadable(faults.WITH_MACROS)
    expected = _EXTENSIONS.get(extension)
    if expected is None and extension != ".doc":
        raise Unreadable(faults.KIND_UNKNOWN)
    kind = kind_of(path)
    if kind is Kind.OTHER:
        raise Unreadable(faults.DAMAGED)
    if kind in _TELLING:
        raise Unreadable(_TELLING[kind])
    # A fragment of a page need not begin with a tag; its reader finds out.
    is_fragment = expected is Kind.HTML and kind is Kind.TEXT
    if is_fragment:
        return Kind.HTML
    if kind is not expected:
        raise Unreadable(misnamed(extension, kind.wording, kind.extension))
    return kind
