"""One sentence, one piece of work: who, with whom, what, until when."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thucthi.intake.reading.shapes import TaskRead

Read = Callable[[str], tuple[TaskRead, ...]]

# sentence | leads | coordinators | beginning of the work
ASSIGNMENTS = """
Giao Bộ Y tế chủ trì, phối hợp với Bộ Tài chính xây dựng đề án nước sạch. | Bộ Y tế | Bộ Tài chính | xây dựng đề án
Bộ Xây dựng chủ trì phối hợp các cơ quan liên quan ban hành quy chuẩn. | Bộ Xây dựng | các cơ quan liên quan | ban hành
Sở Nội vụ có trách nhiệm tổng hợp danh sách. | Sở Nội vụ | | tổng hợp danh sách
Sở Tài chính tham mưu Ủy ban nhân dân tỉnh bố trí vốn. | Sở Tài chính | | tham mưu Ủy ban nhân dân tỉnh
Đảng ủy Quốc hội lãnh đạo, chỉ đạo rà soát các luật. | Đảng ủy Quốc hội | | lãnh đạo, chỉ đạo rà soát
Trước ngày 30/6/2026, Bộ Nội vụ trình nghị định mới. | Bộ Nội vụ | | trình nghị định mới
Trên cơ sở kết quả kiểm kê, Sở Y tế lập danh mục thuốc. | Sở Y tế | | lập danh mục thuốc
Đối với các hồ đập nhỏ thì Sở Xây dựng chủ trì kiểm tra. | Sở Xây dựng | | kiểm tra
Giao Sở Công Thương là cơ quan đầu mối, theo dõi giá muối. | Sở Công Thương | | theo dõi giá muối
Bộ Công an, Bộ Quốc phòng chuẩn bị phương tiện cứu hộ. | Bộ Công an; Bộ Quốc phòng | | chuẩn bị phương tiện
Bộ trưởng Bộ Y tế chỉ đạo các bệnh viện dự trữ máu. | Bộ trưởng Bộ Y tế | | chỉ đạo các bệnh viện
Thủ tướng Chính phủ giao Bộ Quốc phòng gia cố các đảo. | Bộ Quốc phòng | | gia cố các đảo
Bộ Công Thương phối hợp với Bộ Tài chính điều hành giá điện. | Bộ Công Thương | Bộ Tài chính | điều hành giá điện
Sở Y tế theo chức năng, nhiệm vụ được giao xây dựng quy trình. | Sở Y tế | | xây dựng quy trình
Bộ Văn hóa, Thể thao và Du lịch tăng cường quảng bá. | Bộ Văn hóa, Thể thao và Du lịch | | tăng cường quảng bá
đ) Bộ Xây dựng: Khẩn trương nạo vét luồng tàu cửa biển. | Bộ Xây dựng | | Khẩn trương nạo vét
- Chủ trì, phối hợp với Sở Tài chính bố trí kho lương thực. | | Sở Tài chính | bố trí kho lương thực
Đồng ý lập quỹ; giao Bộ Xây dựng hoàn thiện hồ sơ. | Bộ Xây dựng | | hoàn thiện hồ sơ
Uỷ ban nhân dân các xã hướng dẫn dân giữ giống lúa. | Uỷ ban nhân dân các xã | | hướng dẫn dân
Xây dựng nhà hát tỉnh (Sở Tài chính chủ trì, xong năm 2028). | Sở Tài chính | | Xây dựng nhà hát tỉnh
Uỷ ban nhân dân các xã hướng dẫn người dân giữ giống lúa. | Uỷ ban nhân dân các xã | | hướng dẫn người dân
"""

NOTHING_GIVEN = """
Bộ Y tế đã chủ trì xây dựng xong đề án nước sạch.
Căn cứ Luật Tổ chức Chính phủ ngày 18 tháng 02 năm 2025;
Theo đề nghị của Bộ trưởng Bộ Xây dựng;
Quyết định này có hiệu lực thi hành kể từ ngày ký ban hành.
Hà Nội, ngày 05 tháng 01 năm 2026
Sở Xây dựng
Nghề muối là nghề lâu đời của nhân dân ven biển.
Ban hành kèm theo Quyết định này Kế hoạch phục hồi nghề muối.
TỔ CHỨC THỰC HIỆN
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize("row", _rows(ASSIGNMENTS), ids=lambda row: row[0][:40])
def test_a_sentence_gives_work_to_a_body(read_tasks: Read, row: list[str]) -> None:
    sentence, leads, coordinators, work = row
    (task,) = read_tasks(sentence)
    assert "; ".join(task.lead) == leads
    assert "; ".join(task.coordinators) == coordinators
    assert task.action is not None
    assert task.action.startswith(work)


@pytest.mark.parametrize("sentence", NOTHING_GIVEN.strip().splitlines())
def test_a_sentence_that_gives_no_work(read_tasks: Read, sentence: str) -> None:
    assert read_tasks(sentence) == ()


def test_two_bodies_with_two_works_are_two_tasks(read_tasks: Read) -> None:
    first, second = read_tasks("Sở Y tế lập đội cấp cứu; Công an tỉnh phân luồng giao thông quanh bệnh viện.")
    assert (first.lead, first.action) == (("Sở Y tế",), "lập đội cấp cứu")
    assert (second.lead, second.action) == (("Công an tỉnh",), "phân luồng giao thông quanh bệnh viện")


def test_a_following_sentence_without_a_name_belongs_to_the_same_task(read_tasks: Read) -> None:
    (task,) = read_tasks("Sở Y tế lập đội cấp cứu. Hoàn thành trước ngày 01/3/2026.")
    assert task.text == "Sở Y tế lập đội cấp cứu. Hoàn thành trước ngày 01/3/2026."
    assert task.action == "lập đội cấp cứu"
    assert task.deadline is not None
    assert task.deadline.end == date(2026, 3, 1)


def test_items_after_a_name_are_tasks_of_that_body(read_tasks: Read) -> None:
    first, second = read_tasks(
        "a) Bộ Tài chính: (1) Rà soát quỹ dự phòng trước ngày 15/3/2026; (2) Bố trí vốn kè biển."
    )
    assert (first.lead, second.lead) == (("Bộ Tài chính",), ("Bộ Tài chính",))
    assert (first.action, second.action) == ("Rà soát quỹ dự phòng trước ngày 15/3/2026", "Bố trí vốn kè biển")
    assert second.deadline is None


def test_items_of_an_object_are_not_tasks_of_their_own(read_tasks: Read) -> None:
    (task,) = read_tasks("Giao Bộ Nội vụ xây dựng đề án về: (1) Tổ chức bộ máy cấp xã; (2) Chế độ cho cán bộ thôn.")
    assert task.lead == ("Bộ Nội vụ",)


def test_a_group_without_names_is_marked_and_doubted(read_tasks: Read) -> None:
    (task,) = read_tasks("Các bộ, ngành, địa phương rà soát các hồ chứa nước.")
    assert task.lead == ("Các bộ, ngành, địa phương",)
    assert task.collective_lead
    assert any("tập thể" in doubt for doubt in task.doubts)


def test_a_deadline_before_the_document_is_doubted(read_tasks: Read) -> None:
    (task,) = read_tasks("Sở Y tế báo cáo kết quả trước ngày 01/6/2025.")
    assert "Thời hạn đứng trước ngày ban hành văn bản." in task.doubts


_PIECES = [
    "Giao ", "Sở Y tế", "các bộ, ngành", " chủ trì", ", phối hợp với ", "xây dựng đề án", ": ", "; ", ". ", "\n",
    "- ", "a) ", "(1) ", "trước ngày 30/6/2026", "Cơ quan chủ trì: ", "NHIỆM VỤ", "II. ", "căn cứ ", "yêu cầu ",
    "đã ", "(", ")", "quý", " ",
]  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(_PIECES), max_size=14))
def test_any_text_is_read_without_fault(read_tasks: Read, pieces: list[str]) -> None:
    assert all(0 < task.confidence < 1 for task in read_tasks("".join(pieces)))


def test_plain_words_weigh_less_than_being_put_in_charge(read_tasks: Read) -> None:
    (handed,) = read_tasks("Giao Sở Y tế lập đội cấp cứu.")
    (named,) = read_tasks("Sở Y tế lập đội cấp cứu.")
    assert handed.confidence > named.confidence
