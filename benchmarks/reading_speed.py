"""How long reading takes and how much memory: `python -m benchmarks.reading_speed [DIRECTORY]`.

Makes a .docx of about 100 pages (300,000 letters: 850 paragraphs and three annexes of 140 rows), reads it in the child
process that every file is read in, and prints seconds and the child's peak memory; with DIRECTORY, also its files.
"""

import platform
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click
import docx

from thucthi.intake.reading.files.faults import Unreadable
from thucthi.intake.reading.sandbox import read_in_sandbox

PARAGRAPHS, ANNEXES, ROWS = 850, 3, 140
_BODIES = ("Bộ Tài chính", "Bộ Y tế", "Bộ Xây dựng", "Bộ Nội vụ", "Bộ Công Thương")
_HEADINGS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm")


def long_document(path: Path) -> None:
    """A resolution with many numbered sentences and three annexes of tasks; every word of it is invented."""
    document = docx.Document()
    for line in ("CHÍNH PHỦ", "Số: 999/NQ-CP", "Hà Nội, ngày 05 tháng 01 năm 2026", "NGHỊ QUYẾT", "Về việc thử nghiệm"):
        document.add_paragraph(line)
    for number in range(PARAGRAPHS):
        body = _BODIES[number % len(_BODIES)]
        document.add_paragraph(
            f"{number % 20 + 1}. {body} chủ trì, phối hợp với các bộ, ngành xây dựng quy chế thử nghiệm số {number}, "
            f"trình Thủ tướng Chính phủ trước ngày {number % 28 + 1}/{number % 12 + 1}/2027; phấn đấu đến năm 2030 đạt "
            f"trên {number % 90 + 5}% đơn vị áp dụng, gắn với kiểm tra, đánh giá hằng năm theo quy định."
        )
    for annex in range(ANNEXES):
        document.add_paragraph(f"PHỤ LỤC {annex + 1}")
        table = document.add_table(rows=1, cols=len(_HEADINGS))
        _fill(table.rows[0].cells, _HEADINGS)
        for row in range(ROWS):
            lead, other = _BODIES[row % 5], _BODIES[(row + 1) % 5]
            words = (
                f"{row + 1}.",
                f"Xây dựng đề án thử nghiệm {annex}-{row} về quản lý",
                lead,
                other,
                "Quý IV/2026",
                "Đề án",
            )
            _fill(table.add_row().cells, words)
    document.save(str(path))


def _fill(cells: tuple[object, ...], words: tuple[str, ...]) -> None:
    for cell, text in zip(cells, words, strict=True):
        cell.text = text  # type: ignore[attr-defined]


@click.command(help=__doc__)
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(directory: Path | None) -> None:
    click.echo(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, Python {platform.python_version()}\n")
    click.echo("| file | seconds | clauses | targets | tasks |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "100-trang.docx"
        long_document(path)
        _measure(path)
    files = sorted(directory.iterdir()) if directory else []
    total = sum(_measure(path) for path in files)
    if files:
        click.echo(f"| all {len(files)} files | {total:.1f} | | | |")
    click.echo(f"\nPeak memory of any child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


def _measure(path: Path) -> float:
    begun = time.perf_counter()
    try:
        reading = read_in_sandbox(path, as_of=None)
        found = f"{len(reading.clauses)} | {len(reading.targets)} | {len(reading.tasks)}"
    except Unreadable as fault:
        found = f"{fault} | |"
    seconds = time.perf_counter() - begun
    click.echo(f"| {path.name} | {seconds:.2f} | {found} |")
    return seconds


if __name__ == "__main__":
    main()
