"""Tables of invented tasks in the shapes that annexes have."""

from datetime import date

from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.shapes import HeaderRead, TaskRead
from thucthi.intake.reading.source import RawCell, Source, SourceBuilder
from thucthi.intake.reading.tasks.tables import read_task_tables

HEADER = HeaderRead(issued_on=date(2025, 10, 1))
HEADING = ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn hoàn thành", "Sản phẩm"]
LAMPS = [
    "1",
    "Thay đèn đường bằng đèn tiết kiệm điện",
    "Sở Xây dựng",
    "Sở Tài chính",
    "Quý II/2026",
    "Báo cáo nghiệm thu",
]
WELLS = ["2", "Đo chất lượng nước giếng", "Sở Y tế", "UBND xã, phường", "31/12/2025", "Bản đồ nước ngầm"]

Written = str | RawCell


def raw(cell: Written) -> RawCell:
    return cell if isinstance(cell, RawCell) else RawCell(cell)


def source_of(*tables: list[list[Written]], between: str = "") -> Source:
    builder = SourceBuilder()
    builder.add_line("PHỤ LỤC", is_strong=True)
    for number, rows in enumerate(tables):
        if number and between:
            builder.add_line(between)
        builder.add_table([[raw(cell) for cell in row] for row in rows])
    return builder.finish()


def read(*tables: list[list[Written]], between: str = "") -> tuple[TaskRead, ...]:
    source = source_of(*tables, between=between)
    tasks = read_task_tables(source, Gazetteer.shipped(), HEADER)
    assert all(source.text[task.start : task.end] == task.text for task in tasks)
    return tasks
