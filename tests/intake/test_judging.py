"""The seven criteria of a task as a document words it."""

from datetime import date

import pytest

from thucthi.intake.reading.judging import judged
from thucthi.intake.reading.shapes import TaskRead
from thucthi.kernel.deadlines import parse_deadline

ISSUED_ON = date(2026, 1, 5)


def verdicts(text: str = "Xây dựng đề án thí điểm", deadline: str = "", **more: object) -> dict[str, str]:
    task = TaskRead(text=text, start=0, end=len(text), deadline=parse_deadline(deadline, issued_on=ISSUED_ON), **more)  # type: ignore[arg-type]
    return judged(task, ISSUED_ON).clarity


def test_every_criterion_has_a_verdict_in_the_order_of_the_seven() -> None:
    assert list(verdicts()) == [
        "viec", "nguoi", "trach_nhiem", "tham_quyen", "thoi_gian", "ket_qua", "nguon_luc",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ban hành quy chế phối hợp", "met"),
        ("Đề án phát triển trường nghề vùng biên", "met"),
        ("Rà soát các quy định hiện hành", "doubtful"),
        ("Rà soát 120 thủ tục", "met"),
        ("Tăng cường tuyên truyền trong nhân dân", "doubtful"),
        ("Doanh nghiệp viễn thông tự cân đối vốn", "doubtful"),
        ("Khác", "missing"),
    ],
)
def test_work(text: str, verdict: str) -> None:
    assert verdicts(text)["viec"] == verdict


@pytest.mark.parametrize(
    ("lead", "is_collective", "verdict"),
    [
        (("Bộ Y tế",), False, "met"),
        (("Bộ Y tế", "Bộ Tài chính"), False, "doubtful"),
        (("Các bộ, ngành",), True, "doubtful"),
        ((), False, "missing"),
    ],
)
def test_person(lead: tuple[str, ...], is_collective: bool, verdict: str) -> None:
    assert verdicts(lead=lead, collective_lead=is_collective)["nguoi"] == verdict


def test_responsibility_needs_a_head() -> None:
    assert verdicts()["trach_nhiem"] == "missing"
    assert verdicts(head="Giám đốc Sở Y tế")["trach_nhiem"] == "met"
    assert verdicts("Giám đốc Sở Y tế chịu trách nhiệm hoàn thành 3 trạm")["trach_nhiem"] == "met"


@pytest.mark.parametrize(
    ("text", "product", "verdict"),
    [
        ("Xây dựng đề án", "Quyết định của Thủ tướng Chính phủ", "met"),
        ("Trình Hội đồng nhân dân tỉnh nghị quyết về phí", None, "met"),
        ("Ban hành Thông tư hướng dẫn", None, "met"),
        ("Xây dựng đề án, báo cáo cấp có thẩm quyền", None, "doubtful"),
        ("Triển khai theo Quyết định số 12/QĐ-TTg của Thủ tướng Chính phủ", None, "missing"),
        ("Xây dựng đề án", None, "missing"),
    ],
)
def test_authority(text: str, product: str | None, verdict: str) -> None:
    assert verdicts(text, product=product)["tham_quyen"] == verdict


@pytest.mark.parametrize(
    ("deadline", "verdict"),
    [
        ("", "missing"),
        ("Quý IV/2026", "met"),
        ("2026 - 2028", "met"),
        ("2026 - 2030", "doubtful"),
        ("Thường xuyên", "doubtful"),
        ("Trước ngày 25 hằng tháng", "met"),
        ("Theo kế hoạch", "doubtful"),
        ("Sau khi có hướng dẫn", "doubtful"),
    ],
)
def test_time(deadline: str, verdict: str) -> None:
    assert verdicts(deadline=deadline)["thoi_gian"] == verdict


@pytest.mark.parametrize(
    ("resources", "verdict"),
    [(None, "missing"), ("Ngân sách nhà nước", "doubtful"), ("1.200 triệu đồng từ ngân sách tỉnh", "met")],
)
def test_resources(resources: str | None, verdict: str) -> None:
    assert verdicts(resources=resources)["nguon_luc"] == verdict
