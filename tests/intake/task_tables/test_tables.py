"""Every row of an annex becomes a task with what its columns say, whatever shape the table has."""

from datetime import date

from tests.intake.task_tables.tables import HEADING, LAMPS, WELLS, read, source_of
from thucthi.intake.reading.bodies import Gazetteer
from thucthi.intake.reading.shapes import HeaderRead
from thucthi.intake.reading.source import RawCell
from thucthi.intake.reading.tasks import doubts
from thucthi.intake.reading.tasks.tables import read_task_tables, table_warnings


def test_a_plain_row_gives_every_field() -> None:
    lamps, wells = read([HEADING, LAMPS, WELLS])
    assert (lamps.cell, lamps.index, lamps.text) == ("table 1 row 2", "1", LAMPS[1])
    assert (lamps.lead, lamps.coordinators, lamps.product) == (("Sở Xây dựng",), ("Sở Tài chính",), LAMPS[5])
    assert lamps.deadline is not None
    assert (lamps.deadline.raw, lamps.deadline.kind, lamps.deadline.end) == (
        "Quý II/2026",
        "quarter",
        date(2026, 6, 30),
    )
    assert (lamps.doubts, lamps.confidence) == ((), 0.95)
    assert wells.coordinators == ("UBND xã, phường",)


def test_no_row_is_lost_among_headings_said_again_and_numbers_of_columns() -> None:
    numbers = [f"({number})" for number in range(1, 7)]
    tasks = read([HEADING, numbers, LAMPS, HEADING, numbers, WELLS])
    assert [(task.cell, task.index) for task in tasks] == [("table 1 row 3", "1"), ("table 1 row 6", "2")]


def test_a_heading_in_two_rows_divides_its_columns() -> None:
    above = [
        RawCell("TT", rows=2), RawCell("Nội dung công việc", rows=2), RawCell("Phân công", columns=2),
        RawCell("Thời gian", columns=2),
    ]  # fmt: skip
    below = ["Chủ trì", "Phối hợp", "Bắt đầu", "Kết thúc"]
    (task,) = read([above, below, ["1", "Trồng cây ven sông", "Sở Xây dựng", "Sở Y tế", "01/2026", "06/2026"]])
    assert (task.cell, task.lead, task.coordinators) == ("table 1 row 3", ("Sở Xây dựng",), ("Sở Y tế",))
    assert task.deadline is not None
    assert task.deadline.end == date(2026, 6, 30)


def test_a_group_row_names_the_group_and_is_no_task() -> None:
    merged = ["I", RawCell("Chiếu sáng", columns=5)]
    alone = ["II.", "Nước sạch", "", "", "", ""]
    tasks = read([HEADING, merged, LAMPS, alone, WELLS])
    assert [(task.index, task.group) for task in tasks] == [("1", "Chiếu sáng"), ("2", "Nước sạch")]


def test_an_empty_cell_takes_lead_and_deadline_from_the_group() -> None:
    group = ["I", "Chiếu sáng", "Sở Công Thương", "", "30/6/2026", ""]
    (task,) = read([HEADING, group, ["1", "Kiểm đếm cột đèn", "", "", "", ""]])
    assert task.lead == ("Sở Công Thương",)
    assert task.deadline is not None
    assert task.deadline.end == date(2026, 6, 30)
    assert doubts.INHERITED_LEAD in task.doubts
    assert doubts.INHERITED_DEADLINE in task.doubts


def test_what_is_really_missing_stays_missing_and_is_said() -> None:
    (_lamps, bare) = read([HEADING, LAMPS, ["2", "Kiểm đếm cột đèn", "", "", "", ""]])
    assert (bare.lead, bare.coordinators, bare.product) == ((), (), None)
    assert bare.deadline is not None
    assert (bare.deadline.kind, bare.deadline.raw) == ("none", "")
    assert bare.doubts == (doubts.NO_LEAD, doubts.NO_DEADLINE)


def test_a_cell_merged_downwards_speaks_for_each_row() -> None:
    first = ["1", "Khảo sát kênh", RawCell("Sở Xây dựng", rows=2), "", "2026", ""]
    tasks = read([HEADING, first, ["2", "Nạo vét kênh", "", "2027", ""]])
    assert [task.lead for task in tasks] == [("Sở Xây dựng",), ("Sở Xây dựng",)]
    assert [task.doubts for task in tasks] == [(), ()]


def test_a_table_that_puts_the_lead_first_and_groups_by_body() -> None:
    heading = [
        "STT",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Nội dung nhiệm vụ",
        "Chỉ tiêu đạt được",
        "Thời hạn hoàn thành",
    ]
    group = [RawCell("A. BỘ KHOA HỌC VÀ CÔNG NGHỆ", columns=6)]
    own = ["1", "Bộ Y tế", "", "Lập ngân hàng máu số", "01 hệ thống", "2026"]
    bare = ["2", "", "", "Lập mạng đo đạc", "20 trạm", "2027"]
    first, second = read([heading, group, own, bare])
    assert (first.text, first.lead, first.product) == ("Lập ngân hàng máu số", ("Bộ Y tế",), "01 hệ thống")
    assert second.lead == ("BỘ KHOA HỌC VÀ CÔNG NGHỆ",)


def test_a_group_as_lead_is_marked_and_doubted() -> None:
    (task,) = read([HEADING, ["1", "Số hóa sổ sách", "Các sở, ban, ngành", "", "2026", ""]])
    assert task.collective_lead is True
    assert task.doubts == (doubts.COLLECTIVE_LEAD % {"names": "Các sở, ban, ngành"},)


def test_several_leads_are_kept_and_doubted() -> None:
    (task,) = read([HEADING, ["1", "Số hóa sổ sách", "Sở Y tế; Sở Nội vụ", "", "2026", ""]])
    assert (task.lead, task.collective_lead) == (("Sở Y tế", "Sở Nội vụ"), False)
    assert task.doubts == (doubts.SEVERAL_LEADS % {"n": 2, "names": "Sở Y tế; Sở Nội vụ"},)


def test_a_deadline_before_the_document_is_said() -> None:
    (task,) = read([HEADING, ["1", "Số hóa sổ sách", "Sở Y tế", "", "30/6/2025", ""]])
    assert task.doubts == (doubts.EARLY_DEADLINE % {"end": "30/06/2025", "issued": "01/10/2025"},)


def test_several_deadlines_in_a_cell_are_milestones() -> None:
    cell = "Trước ngày 15/12/2025 trình dự thảo; trước ngày 30/6/2026 ban hành"
    (task,) = read([HEADING, ["1", "Soạn quy chế", "Sở Tư pháp", "", cell, ""]])
    assert task.deadline is not None
    assert task.deadline.end == date(2026, 6, 30)
    assert task.deadline.milestones == (date(2025, 12, 15),)


def test_labels_inside_the_task_cell_fill_the_columns_that_are_not_there() -> None:
    words = (
        "Sửa nhà văn hóa thôn\n- Cơ quan chủ trì: Sở Xây dựng\n- Đơn vị phối hợp: UBND cấp xã\n- Thời gian: Quý I/2026"
    )
    (task,) = read([["TT", "Nhiệm vụ", "Sản phẩm"], ["1", words, "Biên bản bàn giao"]])
    assert (task.text, task.lead, task.coordinators) == ("Sửa nhà văn hóa thôn", ("Sở Xây dựng",), ("UBND cấp xã",))
    assert task.deadline is not None
    assert task.deadline.end == date(2026, 3, 31)


def test_a_row_cut_by_a_page_is_joined_to_its_beginning() -> None:
    rest = ["", "và sổ theo dõi tại trạm", "", "Sở Nội vụ", "", ""]
    wells, lamps = read([HEADING, WELLS, rest, LAMPS])
    assert wells.coordinators == ("UBND xã, phường", "Sở Nội vụ")
    assert doubts.BROKEN_ROW % {"rest": "và sổ theo dõi tại trạm"} in wells.doubts
    assert lamps.index == "1"


def test_a_table_goes_on_after_a_page_with_the_same_columns() -> None:
    first, second = read([HEADING, ["I", RawCell("Chiếu sáng", columns=5)], LAMPS], [WELLS])
    assert (second.cell, second.lead, second.group) == ("table 2 row 1", ("Sở Y tế",), "Chiếu sáng")
    assert first.cell == "table 1 row 3"


def test_a_table_after_other_words_does_not_go_on() -> None:
    words = "Các nội dung dưới đây chỉ để tham khảo khi lập kế hoạch năm sau."
    assert len(read([HEADING, LAMPS], [WELLS], between=words)) == 1


def test_a_table_without_heading_is_guessed_doubted_and_warned_about() -> None:
    more = [
        "3",
        "Lắp trạm đo mưa tự động ở vùng núi",
        "Sở Nông nghiệp và Môi trường",
        "Sở Tài chính",
        "2027",
        "05 trạm",
    ]
    source = source_of([LAMPS, WELLS, more])
    tasks = read_task_tables(source, Gazetteer.shipped(), HeaderRead())
    assert [task.lead for task in tasks] == [("Sở Xây dựng",), ("Sở Y tế",), ("Sở Nông nghiệp và Môi trường",)]
    assert [task.text for task in tasks] == [LAMPS[1], WELLS[1], more[1]]
    assert all(doubts.GUESSED_COLUMNS in task.doubts and task.confidence <= 0.5 for task in tasks)
    assert [warned.where for warned in table_warnings(source, tasks)] == ["bảng 1"]


def test_a_table_of_targets_holds_no_task() -> None:
    heading = ["TT", "Chỉ tiêu", "Đơn vị", "Kết quả", "Cơ quan chủ trì theo dõi, đánh giá"]
    assert read([heading, ["1", "Tỷ lệ đường có đèn", "%", "95", "Sở Xây dựng"]]) == ()


def test_a_child_row_takes_what_its_parent_says() -> None:
    parent = ["1", "Cải tạo chợ", "Sở Công Thương", "", "2026", ""]
    child = ["1.1", "Lát lại nền chợ", "", "", "Quý I/2026", ""]
    tasks = read([HEADING, parent, child])
    assert [task.lead for task in tasks] == [("Sở Công Thương",), ("Sở Công Thương",)]
    assert doubts.INHERITED_LEAD in tasks[1].doubts


def test_a_bullet_takes_the_lead_of_the_task_above_unless_it_has_its_own() -> None:
    whole = ["1", "Làm hai việc:", "Sở Y tế", "Sở Nội vụ", "2026", ""]
    tasks = read([HEADING, whole, ["", "- Lập sổ", "", "", "", ""], ["", "- Mở lớp", "Sở Tài chính", "", "2027", ""]])
    assert [(task.text, task.lead) for task in tasks[1:]] == [
        ("Lập sổ", ("Sở Y tế",)),
        ("Mở lớp", ("Sở Tài chính",)),
    ]
    assert [task.coordinators for task in tasks] == [("Sở Nội vụ",), ("Sở Nội vụ",), ()]


def test_a_task_merged_over_rows_is_one_task_for_each_row_that_says_more() -> None:
    first = ["1", RawCell("Xây hai cầu", rows=2), "Sở Xây dựng", "", "2026", "Cầu Đông"]
    tasks = read([HEADING, first, ["", "Sở Công Thương", "", "2027", "Cầu Tây"]])
    assert [(task.text, task.lead, task.product) for task in tasks] == [
        ("Xây hai cầu", ("Sở Xây dựng",), "Cầu Đông"),
        ("Xây hai cầu", ("Sở Công Thương",), "Cầu Tây"),
    ]
    assert doubts.SHARED_WORDS in tasks[1].doubts
