"""Whole texts: which parts give work, what an item takes from the clause above, lines under a work."""

from collections.abc import Callable
from datetime import date

from thucthi.intake.reading.shapes import TaskRead

Read = Callable[[str], tuple[TaskRead, ...]]

PLAN = """ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG
Lâm Đồng, ngày 05 tháng 01 năm 2026
KẾ HOẠCH
Phục hồi nghề làm muối trên địa bàn tỉnh
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Nâng cao thu nhập cho người làm muối ven biển.
2. Yêu cầu
- Các sở, ban, ngành xác định rõ trách nhiệm, bảo đảm đúng tiến độ.
II. NHIỆM VỤ, GIẢI PHÁP
1. Quy hoạch vùng muối
a) Rà soát, lập bản đồ các vùng muối ven biển.
- Cơ quan chủ trì: Sở Nông nghiệp và Môi trường.
- Cơ quan phối hợp: Sở Xây dựng, Ủy ban nhân dân các xã, phường.
- Thời gian hoàn thành: Quý II/2026.
- Sản phẩm: Bản đồ vùng muối tỉ lệ 1/10.000.
b) Xây dựng cơ chế hỗ trợ giá muối; hoàn thành trước ngày 30/9/2026.
2. Tuyên truyền trên báo, đài về muối sạch. Đơn vị thực hiện: Sở Văn hóa, Thể thao và Du lịch.
III. TỔ CHỨC THỰC HIỆN
1. Sở Nông nghiệp và Môi trường
- Chủ trì, phối hợp với Sở Tài chính tham mưu chính sách mua muối tạm trữ.
- Theo dõi việc thực hiện Kế hoạch; định kỳ 6 tháng báo cáo Ủy ban nhân dân tỉnh.
2. Giao Sở Công Thương chủ trì, phối hợp với các đơn vị liên quan:
a) Tổ chức hội chợ muối trong quý III/2026;
b) Xây dựng nhãn hiệu chứng nhận muối biển.
3. Sở Y tế đã ban hành hướng dẫn sử dụng muối i-ốt.
Nơi nhận:
- Bộ Nông nghiệp và Môi trường (để báo cáo);
- Sở Tài chính lưu hồ sơ kế hoạch;
TM. ỦY BAN NHÂN DÂN"""


def _at(tasks: tuple[TaskRead, ...], clause: str) -> TaskRead:
    (found,) = [task for task in tasks if task.clause == clause]
    return found


def test_only_parts_that_give_work_are_read(read_tasks: Read) -> None:
    assert [task.clause for task in read_tasks(PLAN)] == [
        "II.1.a", "II.1.b", "II.2", "III.1.-1", "III.1.-2", "III.2.a", "III.2.b",
    ]  # fmt: skip


def test_lines_under_a_work_say_who_with_whom_when_and_with_what_result(read_tasks: Read) -> None:
    task = _at(read_tasks(PLAN), "II.1.a")
    assert task.action == "Rà soát, lập bản đồ các vùng muối ven biển"
    assert task.lead == ("Sở Nông nghiệp và Môi trường",)
    assert task.coordinators == ("Sở Xây dựng", "Ủy ban nhân dân các xã, phường")
    assert task.deadline is not None
    assert (task.deadline.raw, task.deadline.end) == ("Quý II/2026", date(2026, 6, 30))
    assert task.product == "Bản đồ vùng muối tỉ lệ 1/10.000"
    assert task.text.endswith("tỉ lệ 1/10.000.")


def test_a_label_in_the_same_paragraph_counts_too(read_tasks: Read) -> None:
    task = _at(read_tasks(PLAN), "II.2")
    assert task.lead == ("Sở Văn hóa, Thể thao và Du lịch",)
    assert task.action == "Tuyên truyền trên báo, đài về muối sạch"


def test_an_item_without_a_name_in_a_part_of_tasks_has_no_lead_and_little_confidence(read_tasks: Read) -> None:
    task = _at(read_tasks(PLAN), "II.1.b")
    assert task.lead == ()
    assert task.confidence < 0.5
    assert task.doubts == ("Văn bản không nêu ai chủ trì việc này.",)


def test_items_take_the_body_of_the_heading_above(read_tasks: Read) -> None:
    tasks = read_tasks(PLAN)
    first, second = _at(tasks, "III.1.-1"), _at(tasks, "III.1.-2")
    assert first.lead == second.lead == ("Sở Nông nghiệp và Môi trường",)
    assert (first.coordinators, second.coordinators) == (("Sở Tài chính",), ())
    assert "Cơ quan chủ trì lấy theo mục phía trên; đề nghị đối chiếu." in second.doubts


def test_items_take_the_coordinators_of_an_opening_line(read_tasks: Read) -> None:
    task = _at(read_tasks(PLAN), "III.2.b")
    assert (task.lead, task.coordinators) == (("Sở Công Thương",), ("các đơn vị liên quan",))


def test_a_task_knows_the_heading_above_it(read_tasks: Read) -> None:
    tasks = read_tasks(PLAN)
    assert _at(tasks, "II.1.b").group == "Quy hoạch vùng muối"
    assert _at(tasks, "III.1.-1").group == "Sở Nông nghiệp và Môi trường"


def test_items_right_under_a_body_are_work_whatever_verb_they_begin_with(read_tasks: Read) -> None:
    tasks = read_tasks(
        "1. Chủ tịch Ủy ban nhân dân các tỉnh ven biển:\na) Neo buộc tàu thuyền tại nơi tránh trú;\n"
        "b) Chằng chống nhà cửa cho các hộ neo đơn."
    )
    assert [task.action for task in tasks] == [
        "Neo buộc tàu thuyền tại nơi tránh trú", "Chằng chống nhà cửa cho các hộ neo đơn",
    ]  # fmt: skip
    assert {task.lead for task in tasks} == {("Chủ tịch Ủy ban nhân dân các tỉnh ven biển",)}


def test_the_rows_of_a_flattened_annex_are_left_to_another_reader(read_tasks: Read) -> None:
    text = (
        "III. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế lập đội cấp cứu.\nPHỤ LỤC I\nDANH MỤC NHIỆM VỤ\n"
        "TT NHIỆM VỤ CƠ QUAN CHỦ TRÌ CƠ QUAN PHỐI HỢP THỜI HẠN\n"
        "1. Xây dựng đề án cấp nước Bộ Xây dựng Bộ Tài chính 2026 Ngân sách"
    )
    assert [task.lead for task in read_tasks(text)] == [("Sở Y tế",)]


def test_an_announced_list_gives_work_without_a_heading(read_tasks: Read) -> None:
    tasks = read_tasks(
        "Ban Bí thư yêu cầu thực hiện tốt các nhiệm vụ, giải pháp sau:\n"
        "1. Củng cố hệ thống đê biển ở các xã ven biển.\n2. Trồng thêm rừng ngập mặn phía ngoài đê."
    )
    assert [task.action for task in tasks] == [
        "Củng cố hệ thống đê biển ở các xã ven biển", "Trồng thêm rừng ngập mặn phía ngoài đê",
    ]  # fmt: skip


def test_the_same_text_is_read_the_same_way(read_tasks: Read) -> None:
    assert read_tasks(PLAN) == read_tasks(PLAN)


def test_cung_voi_do_names_nobody(read_tasks: Read) -> None:
    assert read_tasks("Cùng với đó là nâng cấp các lớp học nghề muối, mở rộng đồng muối ven biển.") == ()
    assert read_tasks("Cùng với việc nâng cấp lớp học là xây dựng kho chứa muối.") == ()
