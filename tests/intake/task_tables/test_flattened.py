"""A table flattened to running text comes apart by its numbers, its bodies and its times."""

from tests.intake.task_tables.tables import HEADER
from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.shapes import TaskRead
from thucthi.intake.reading.source import Source, SourceBuilder
from thucthi.intake.reading.tasks import doubts
from thucthi.intake.reading.tasks.flattened import flattened_parts, read_flattened_tasks

HEADING = "TT NHIỆM VỤ CỤ THỂ CƠ QUAN CHỦ TRÌ CƠ QUAN PHỐI HỢP THỜI HẠN THỰC HIỆN NGUỒN LỰC"


def source_of(*lines: str) -> Source:
    builder = SourceBuilder()
    for line in lines:
        builder.add_line(line)
    return builder.finish()


def read(*lines: str) -> tuple[TaskRead, ...]:
    source = source_of(*lines)
    tasks = read_flattened_tasks(source, Gazetteer.shipped(), HEADER)
    assert all(source.text[task.start : task.end] == task.text for task in tasks)
    return tasks


def test_each_numbered_row_is_read_from_its_end() -> None:
    first, second, third = read(
        f"{HEADING} I- CHIẾU SÁNG ĐÔ THỊ VÀ NÔNG THÔN 1. Thay đèn đường năm thứ hai Bộ Xây dựng Bộ Tài chính, "
        "các tỉnh, thành phố 2026 - 2030 Ngân sách 2. Đo nước giếng Bộ Y tế, Bộ Công an Các cơ quan liên quan "
        "Tháng 6/2026 Ngân sách nhà nước và các nguồn vốn hợp pháp khác "
        "3. Trồng cây ven sông Uỷ ban nhân dân thành phố Hà Nội Năm 2027"
    )
    assert (first.index, first.text, first.group) == (
        "1",
        "Thay đèn đường năm thứ hai",
        "CHIẾU SÁNG ĐÔ THỊ VÀ NÔNG THÔN",
    )
    assert (first.lead, first.coordinators) == (("Bộ Xây dựng",), ("Bộ Tài chính", "các tỉnh, thành phố"))
    assert first.deadline is not None
    assert (first.deadline.raw, first.resources) == ("2026 - 2030", "Ngân sách")
    assert (second.lead, second.coordinators) == (("Bộ Y tế", "Bộ Công an"), ("Các cơ quan liên quan",))
    assert second.resources == "Ngân sách nhà nước và các nguồn vốn hợp pháp khác"
    assert (third.lead, third.coordinators, third.resources) == (("Uỷ ban nhân dân thành phố Hà Nội",), (), None)


def test_every_row_is_doubted_and_of_low_confidence() -> None:
    tasks = read(
        f"{HEADING} 1. Đo nước giếng Bộ Y tế 2026 Ngân sách 2. Phát triển vùng biển và hải đảo xa bờ của đất nước"
    )
    assert [doubts.FLATTENED in task.doubts for task in tasks] == [True, True]
    assert [task.confidence for task in tasks] == [0.5, 0.3]
    assert doubts.NO_LEAD in tasks[1].doubts


def test_a_number_with_numbers_under_it_is_a_group() -> None:
    tasks = read(
        f"{HEADING} 1. Cảng sông 1.1. Cảng Đông Bộ Xây dựng 2026 Ngân sách 1.2. Cảng Tây Bộ Xây dựng 2027 Ngân sách"
    )
    assert [(task.index, task.group, task.text) for task in tasks] == [
        ("1.1", "Cảng sông", "Cảng Đông"),
        ("1.2", "Cảng sông", "Cảng Tây"),
    ]


def test_a_number_in_the_words_that_does_not_follow_is_no_row() -> None:
    (task,) = read(f"{HEADING} 1. Thực hiện Đề án số 57. Mở rộng trạm đo mưa tự động Bộ Y tế 2026 Ngân sách")
    assert task.lead == ("Bộ Y tế",)


def test_running_text_without_such_a_heading_is_left_alone() -> None:
    lines = ("1. Bộ Y tế chủ trì đo nước giếng trong năm 2026.", "TT Nhiệm vụ")
    assert read(*lines) == ()
    assert flattened_parts(source_of(*lines)) == ()


def test_the_next_annex_ends_it() -> None:
    row = "1. Đo nước giếng ở các xã ven biển Bộ Y tế 2026 Ngân sách"
    source = source_of(f"{HEADING} {row}", "PHỤ LỤC 4", "1. Khác")
    (part,) = flattened_parts(source)
    assert source.text[part.start : part.end].strip() == row
