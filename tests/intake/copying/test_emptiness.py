"""What a task leaves open."""

import pytest

from thucthi.intake.copying.emptiness import (
    NO_MEASURE,
    NO_OWNER,
    NO_PRODUCT,
    NOTHING_LOCAL,
    Said,
    emptiness_of,
    reasons_of,
)


@pytest.mark.parametrize(
    ("task", "reasons"),
    [
        (Said(1, "Tăng cường công tác tuyên truyền"), [NO_MEASURE, NOTHING_LOCAL, NO_PRODUCT, NO_OWNER]),
        (Said(1, "Tăng cường kiểm tra 40 bếp ăn", "Báo cáo", "Sở Y tế"), []),
        (Said(1, "Ban hành quy chế tiếp dân", "Quy chế", "Sở Nội vụ"), [NOTHING_LOCAL]),
        (Said(1, "Ban hành quy chế tiếp dân trong tháng 6", "Quy chế", "Các sở, ngành"), [NO_OWNER]),
        (Said(1, "Ban hành quy chế tiếp dân", "Quy chế", "Sở Y tế; Sở Nội vụ"), [NOTHING_LOCAL, NO_OWNER]),
        (Said(1, "Nâng cao mức hài lòng", "", "Sở Y tế", has_indicator=True), [NO_PRODUCT]),
    ],
)
def test_reasons(task: Said, reasons: list[str]) -> None:
    assert list(reasons_of(task)) == reasons


def test_two_reasons_make_a_task_empty_and_the_share_is_of_all() -> None:
    found = emptiness_of(
        [
            Said(1, "Đẩy mạnh chuyển đổi số"),
            Said(2, "Mở 3 lớp học", "3 lớp", "Sở Y tế"),
            Said(3, "Mở 3 lớp", "", "Sở A"),
        ]
    )
    assert (found.total, found.empty, set(found.reasons)) == (3, (1,), {1, 3})
    assert emptiness_of([]).total == 0
