"""Deadlines in running text: only beside the words that make a time one."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.kernel.deadlines import DeadlineKind, combined, find_deadlines

ISSUED_ON = date(2025, 11, 10)

# sentence | words found | kind | start | end | recurrence
ONE_IN_A_SENTENCE = """
Trước ngày 30/6/2026, Bộ Nội vụ trình dự thảo nghị định | Trước ngày 30/6/2026 | date | | 2026-06-30 |
Gửi dự thảo về Bộ Tài chính trước 17h00 ngày 05/3/2026 để tổng hợp | trước 17h00 ngày 05/3/2026 | date | | 2026-03-05 |
Công bố danh mục, hoàn thành trong tháng 02 năm 2026. | hoàn thành trong tháng 02 năm 2026 | month | | 2026-02-28 |
Ban hành đề án chậm nhất vào quý II/2026; | chậm nhất vào quý II/2026 | quarter | | 2026-06-30 |
Lắp xong các trạm đo, chậm nhất là ngày 20 tháng 12 | chậm nhất là ngày 20 tháng 12 | date | | 2025-12-20 |
Nối mạng cho mọi trường học trong quý I năm 2027, bảo đảm an toàn | trong quý I năm 2027 | quarter | | 2027-03-31 |
Đến hết năm 2028, mọi xã có trạm quan trắc | Đến hết năm 2028 | year | | 2028-12-31 |
Đến năm 2029, hoàn thiện bản đồ số | Đến năm 2029 | year | | 2029-12-31 |
Xây cầu từ năm 2026 đến hết năm 2028 theo quy hoạch | từ năm 2026 đến hết năm 2028 | range | 2026-01-01 | 2028-12-31 |
Từ nay đến tháng 6/2026, rà soát các trạm bơm | Từ nay đến tháng 6/2026 | month | | 2026-06-30 |
Trong giai đoạn 2026 - 2028, số hóa kho lưu trữ | Trong giai đoạn 2026 - 2028 | range | 2026-01-01 | 2028-12-31 |
Rà soát bản đồ ngập (hoàn thành trước năm 2027) | hoàn thành trước năm 2027 | year | | 2026-12-31 |
Khánh thành bến thuyền; quý III/2026. | quý III/2026 | quarter | | 2026-09-30 |
Báo cáo trước 20/5 và 20/11 hằng năm. | trước 20/5 và 20/11 hằng năm | recurring | | | yearly@05-20; yearly@11-20
Báo cáo Chủ tịch tỉnh trước ngày 25 hằng tháng. | trước ngày 25 hằng tháng | recurring | | | monthly@25
Gửi số liệu trước ngày 10 tháng 01 năm sau | trước ngày 10 tháng 01 năm sau | recurring | | | yearly@01-10
Văn phòng định kỳ 6 tháng báo cáo kết quả | định kỳ 6 tháng | recurring | | | halfyear
Công khai hàng quý danh sách chậm nộp | hàng quý | recurring | | | quarterly
Vận hành trạm bơm, thực hiện thường xuyên. | thực hiện thường xuyên | recurring | | | ongoing
Các xã định kỳ tổng hợp, gửi trước ngày 15/12 về Sở | trước ngày 15/12 | recurring | | | yearly@12-15
"""

NO_DEADLINE = """
Thực hiện Nghị định số 12/2024/NĐ-CP ngày 05 tháng 3 năm 2024 của Chính phủ
Sửa đổi Quyết định số 45/QĐ-TTg của Thủ tướng Chính phủ ngày 10/02/2023 về cấp nước
Triển khai Chiến lược phát triển nghề muối đến năm 2030, tầm nhìn đến năm 2045
Rà soát phương án sắp xếp đơn vị hành chính năm 2026
Quyết định này có hiệu lực kể từ ngày 01/01/2026.
Bố trí dự toán ngân sách hằng năm cho nghề muối
Kinh phí bảo đảm từ ngân sách tỉnh năm 2026
Hưởng ứng phong trào “Toàn dân trồng rừng trước năm 2030”
Sở Nội vụ có trách nhiệm định kỳ báo cáo Ủy ban nhân dân tỉnh
Đào tạo nghề cho thanh niên theo chương trình giáo dục thường xuyên
Trong năm 2023, tỉnh đã trồng 500 ha rừng
Hà Nội, ngày 10 tháng 11 năm 2025
"""

COUNTED = """
Trả trong thời hạn 05 ngày làm việc kể từ ngày nhận hồ sơ. | trong thời hạn 05 ngày làm việc kể từ ngày nhận hồ sơ
Báo cáo chậm nhất 03 ngày sau khi kết thúc đợt mưa lũ, gửi về Bộ | chậm nhất 03 ngày sau khi kết thúc đợt mưa lũ
Sau 02 năm thực hiện, Bộ Xây dựng đánh giá | Sau 02 năm thực hiện
Sở Tài chính trong vòng 10 ngày thẩm định xong | trong vòng 10 ngày
"""


def _lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize("row", _lines(ONE_IN_A_SENTENCE), ids=lambda row: row[1])
def test_one_deadline_of_a_sentence(row: list[str]) -> None:
    sentence, words, kind, start, end, recurrence = row
    (found,) = find_deadlines(sentence, issued_on=ISSUED_ON)
    assert sentence[found.start : found.end] == found.deadline.raw == words
    assert found.deadline.kind == kind
    assert found.deadline.start == (date.fromisoformat(start) if start else None)
    assert found.deadline.end == (date.fromisoformat(end) if end else None)
    assert found.deadline.recurrence == (recurrence or None)


@pytest.mark.parametrize("sentence", NO_DEADLINE.strip().splitlines())
def test_times_that_are_no_deadline(sentence: str) -> None:
    assert find_deadlines(sentence, issued_on=ISSUED_ON) == ()


@pytest.mark.parametrize(("sentence", "words"), _lines(COUNTED))
def test_a_time_counted_from_something_is_an_event(sentence: str, words: str) -> None:
    (found,) = find_deadlines(sentence, issued_on=ISSUED_ON)
    assert found.deadline.kind is DeadlineKind.EVENT
    assert found.deadline.trigger == found.deadline.raw == words
    assert found.deadline.end is None


def test_a_citation_beside_a_deadline_does_not_disturb_it() -> None:
    sentence = "Thay thế Nghị định số 12/2024/NĐ-CP ngày 05/3/2024 của Chính phủ, hoàn thành trước ngày 01/3/2026."
    (found,) = find_deadlines(sentence, issued_on=ISSUED_ON)
    assert found.deadline.raw == "hoàn thành trước ngày 01/3/2026"
    assert found.deadline.end == date(2026, 3, 1)


def test_a_firm_deadline_before_the_document_is_kept_for_a_person_to_see() -> None:
    (found,) = find_deadlines("Xong trước ngày 01/3/2025", issued_on=ISSUED_ON)
    assert found.deadline.end == date(2025, 3, 1)


def test_the_plain_rhythm_gives_way_to_the_same_one_with_its_day() -> None:
    sentence = "Định kỳ hằng năm gửi báo cáo kết quả trồng rừng trước ngày 15 tháng 12"
    (found,) = find_deadlines(sentence, issued_on=ISSUED_ON)
    assert found.deadline.recurrence == "yearly@12-15"


def test_several_deadlines_of_one_work_become_one() -> None:
    sentence = "Trình đề án trước ngày 01/3/2026, hoàn thành trong năm 2026 và định kỳ 6 tháng báo cáo"
    found = find_deadlines(sentence, issued_on=ISSUED_ON)
    assert [each.deadline.raw for each in found] == [
        "trước ngày 01/3/2026", "hoàn thành trong năm 2026", "định kỳ 6 tháng",
    ]  # fmt: skip
    together = combined(found)
    assert together is not None
    assert together.end == date(2026, 12, 31)
    assert together.milestones == (date(2026, 3, 1),)
    assert together.recurrence == "halfyear"
    assert together.raw == "trước ngày 01/3/2026; hoàn thành trong năm 2026; định kỳ 6 tháng"


def test_no_deadlines_combine_to_none() -> None:
    assert combined(()) is None


@given(st.text(alphabet="trướcngày hằđế nămtá0123456789/.,;-()“”quýIV\n", max_size=60))
def test_any_text_gives_ordered_places_that_hold_the_words(sentence: str) -> None:
    found = find_deadlines(sentence, issued_on=ISSUED_ON)
    assert all(sentence[each.start : each.end] == each.deadline.raw for each in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
