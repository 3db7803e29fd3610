"""Opens a PDF, or says in one sentence why it cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from thucthi.intake.reading.files.faults import DAMAGED, N_, WITH_PASSWORD, Unreadable

MOST_PAGES = 400
TOO_MANY_PAGES = N_("Tệp PDF có hơn 400 trang. Đề nghị tách phần cần đọc thành tệp nhỏ hơn.")
_END = b"%%EOF"
_TAIL = 8192


@contextmanager
def opened(path: Path) -> Iterator[PDF]:
    """Raises Unreadable for a file cut short, damaged, under a password or with more than MOST_PAGES pages."""
    _check_end(path)
    try:
        file = pdfplumber.open(path)
    except (PdfminerException, PDFPasswordIncorrect) as error:
        is_locked = isinstance(error, PDFPasswordIncorrect) or isinstance(error.args[0], PDFPasswordIncorrect)
        raise Unreadable(WITH_PASSWORD if is_locked else DAMAGED) from error
    with file:
        if not file.pages:
            raise Unreadable(DAMAGED)
        if len(file.pages) > MOST_PAGES:
            raise Unreadable(TOO_MANY_PAGES)
        yield file


def _check_end(path: Path) -> None:
    """A PDF ends with a mark; without it the rest of the file is missing, even where some pages could be guessed."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - _TAIL))
        if _END not in file.read():
            raise Unreadable(DAMAGED)
