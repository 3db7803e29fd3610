"""PDF files with text in them; pages that are only pictures are named."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from thucthi.intake.reading.files.encodings import refuse_legacy
from thucthi.intake.reading.files.encodings.mending import mended
from thucthi.intake.reading.files.faults import N_, ONLY_PICTURES, Unreadable
from thucthi.intake.reading.files.pdf.flow import Joined, Paragraph, flow
from thucthi.intake.reading.files.pdf.opening import opened
from thucthi.intake.reading.files.pdf.pages import PageRead, page_read, without_margins
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder

LETTERS_UNKNOWN = N_(
    "Phông chữ của tệp PDF không cho biết chữ nào ứng với nét nào, nên không lấy được chữ. "
    "Đề nghị dùng tệp Word gốc, hoặc nhận dạng chữ (OCR) trước khi đọc."
)
PICTURE = N_("Trang chỉ có hình ảnh (bản quét), không đọc được chữ. Đề nghị dùng bản có chữ hoặc nhận dạng chữ (OCR).")
_UNKNOWN_LETTER = "(cid:"
_MOST_UNKNOWN = 0.01
_WHOLE_FILE = "Toàn tệp"


def read_pdf(path: Path) -> Source:
    """Paragraphs and ruled tables of a PDF. Raises Unreadable."""
    with opened(path) as file:
        pages = []
        for page in file.pages:
            pages.append(page_read(page))
            page.close()
    if all(not page.blocks for page in pages) and any(page.is_picture for page in pages):
        raise Unreadable(ONLY_PICTURES)
    builder = SourceBuilder()
    _add(builder, list(flow(without_margins(pages))))
    _warn_of_pictures(builder, pages)
    return builder.finish()


def _add(builder: SourceBuilder, blocks: Sequence[Paragraph | Joined]) -> None:
    whole = "\n".join(_words(block) for block in blocks)
    if whole.count(_UNKNOWN_LETTER) * len(_UNKNOWN_LETTER) > _MOST_UNKNOWN * len(whole):
        raise Unreadable(LETTERS_UNKNOWN)
    for warning in refuse_legacy(whole):
        builder.warn(_WHOLE_FILE, warning)
    for block in blocks:
        if isinstance(block, Paragraph):
            builder.add_line(mended(block.text), page=block.page, is_strong=block.is_strong)
        else:
            builder.add_table([[_mended(cell) for cell in row] for row in block.rows], pages=block.pages)


def _words(block: Paragraph | Joined) -> str:
    return block.text if isinstance(block, Paragraph) else "\n".join(cell.text for row in block.rows for cell in row)


def _mended(cell: RawCell) -> RawCell:
    return RawCell(mended(cell.text), columns=cell.columns, rows=cell.rows)


def _warn_of_pictures(builder: SourceBuilder, pages: Sequence[PageRead]) -> None:
    for is_picture, run in groupby(pages, key=lambda page: page.is_picture):
        numbers = [page.number for page in run]
        if is_picture:
            where = f"Trang {numbers[0]}" if len(numbers) == 1 else f"Trang {numbers[0]}–{numbers[-1]}"
            builder.warn(where, PICTURE)
