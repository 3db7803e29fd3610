"""Who answers today: the rule is said with its source, and what is not certain is never settled."""

from datetime import date

import pytest

from thucthi.intake.reading.bodies import Gazetteer, KnownBody, KnownSuccession
from thucthi.intake.reading.shapes import TaskRead
from thucthi.intake.reading.tasks.heirs import with_heirs

SHIPPED = Gazetteer.shipped()
BEFORE, TODAY = date(2025, 1, 9), date(2026, 7, 1)


def heirs(name: str, *, today: date = TODAY, about: str = "") -> tuple[tuple[str, ...], bool] | None:
    (body,) = SHIPPED.split(name, BEFORE)
    found = SHIPPED.succession(body, BEFORE, today, about=about)
    return (found.successors, found.is_certain) if found else None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Bộ KH&ĐT", "Bộ Tài chính"),
        ("Bộ Giao thông vận tải", "Bộ Xây dựng"),
        ("Bộ Tài nguyên và Môi trường", "Bộ Nông nghiệp và Môi trường"),
        ("Ban Dân vận Trung ương", "Ban Tuyên giáo và Dân vận Trung ương"),
        ("Ban Kinh tế Trung ương", "Ban Chính sách, chiến lược Trung ương"),
        ("UBND tỉnh Bình Dương", "Ủy ban nhân dân Thành phố Hồ Chí Minh"),
        ("Sở Kế hoạch và Đầu tư tỉnh Vĩnh Phúc", "Sở Tài chính tỉnh Phú Thọ"),
        ("Tỉnh ủy Hải Dương", "Thành ủy Hải Phòng"),
    ],
)
def test_a_merged_body_has_one_certain_heir(old: str, new: str) -> None:
    assert heirs(old) == ((new,), True)


@pytest.mark.parametrize("name", ["Bộ Tài chính", "Các bộ, ngành", "Cục Khảo thí miền Trung", "UBND tỉnh Lào Cai"])
def test_who_still_stands_or_is_not_known_has_no_heir(name: str) -> None:
    assert heirs(name) is None


def test_nothing_has_happened_before_the_day() -> None:
    assert heirs("Bộ Giao thông vận tải", today=date(2025, 2, 28)) is None
    assert heirs("Bộ Giao thông vận tải", today=date(2025, 3, 1)) == (("Bộ Xây dựng",), True)


def test_a_split_ministry_is_left_to_a_person() -> None:
    found = heirs("Bộ Lao động - Thương binh và Xã hội")
    assert found is not None
    assert found[0][0] == "Bộ Nội vụ"
    assert len(found[0]) > 1
    assert found[1] is False


def test_what_the_task_speaks_of_makes_an_heir_doubtful() -> None:
    assert heirs("Bộ TT&TT", about="Phủ sóng viễn thông vùng lõm") == (("Bộ Khoa học và Công nghệ",), True)
    assert heirs("Bộ TT&TT", about="Sắp xếp các cơ quan báo chí") == (
        ("Bộ Khoa học và Công nghệ", "Bộ Văn hóa, Thể thao và Du lịch"),
        False,
    )


def test_the_rule_names_both_bodies_the_day_and_the_source() -> None:
    (body,) = SHIPPED.split("Bộ KH&ĐT")
    found = SHIPPED.succession(body, BEFORE, TODAY)
    assert found is not None
    assert found.since == date(2025, 3, 1)
    assert found.rule == (
        "Bộ KH&ĐT nay là Bộ Tài chính (hợp nhất, sáp nhập từ 01/03/2025, "
        "theo Nghị quyết số 176/2025/QH15 ngày 18/02/2025 của Quốc hội)."
    )


def test_a_directory_brings_its_own_chain() -> None:
    first = KnownBody("Sở Một", succession=KnownSuccession("rename", date(2020, 1, 1), ("Sở Hai",), "Quyết định 1"))
    second = KnownBody("Sở Hai", succession=KnownSuccession("merge", date(2022, 1, 1), ("Sở Ba",), "Quyết định 2"))
    gazetteer = Gazetteer([first, second, KnownBody("Sở Ba")])
    (body,) = gazetteer.split("Sở Một")
    found = gazetteer.succession(body, None, TODAY)
    assert found is not None
    assert (found.successors, found.since, found.is_certain) == (("Sở Ba",), date(2022, 1, 1), True)


def test_two_leads_that_became_one_are_said_so() -> None:
    task = TaskRead("Lập quỹ", 0, 7, lead=("Bộ Kế hoạch và Đầu tư", "Bộ Tài chính"))
    followed = with_heirs(task, SHIPPED, on=BEFORE, today=TODAY)
    assert followed.lead == task.lead
    assert [each.successors for each in followed.successions] == [("Bộ Tài chính",)]
    assert followed.doubts == (
        "Các cơ quan cùng chủ trì (Bộ Kế hoạch và Đầu tư; Bộ Tài chính) nay là một cơ quan: Bộ Tài chính.",
    )


def test_a_task_of_bodies_that_stand_is_left_alone() -> None:
    task = TaskRead("Lập quỹ", 0, 7, lead=("Bộ Tài chính",))
    assert with_heirs(task, SHIPPED, on=BEFORE, today=TODAY) is task
