"""The document or the thing that comes of a work."""

import pytest

from thucthi.intake.reading.tasks.products import product_in


@pytest.mark.parametrize(
    ("action", "product"),
    [
        ("xây dựng đề án bảo tồn nghề gốm, trình Chính phủ", "đề án bảo tồn nghề gốm"),
        ("tham mưu Ủy ban nhân dân tỉnh ban hành quy chế quản lý bến cá", "quy chế quản lý bến cá"),
        ("Xây dựng, triển khai Chương trình trồng rừng ngập mặn", "Chương trình trồng rừng ngập mặn"),
        ("sửa đổi Nghị định số 12/2024/NĐ-CP theo hướng gọn hơn", "Nghị định số 12/2024/NĐ-CP"),
        ("thiết lập cơ sở dữ liệu về hồ chứa", "cơ sở dữ liệu về hồ chứa"),
        ("hướng dẫn việc kiểm kê tàu cá", "hướng dẫn"),
        ("tổng hợp kết quả, báo cáo Bộ Chính trị", "báo cáo"),
        ("tổ chức thực hiện Kế hoạch này", None),
        ("theo dõi, hướng dẫn, đôn đốc các xã", None),
        ("rà soát các văn bản quy phạm pháp luật có liên quan đến nghề cá", None),
        ("bố trí cán bộ làm công tác xây dựng pháp luật", None),
    ],
)
def test_the_product_of_a_work(action: str, product: str | None) -> None:
    assert product_in(action) == product
