"""The bodies that open a sentence end where what they do begins."""

import pytest

from thucthi.intake.reading.bodies import Gazetteer

SHIPPED = Gazetteer.shipped()


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Bộ Y tế chủ trì, phối hợp với Bộ Tài chính lập danh mục", ["Bộ Y tế"]),
        ("Ban Tổ chức Trung ương tổ chức lớp học", ["Ban Tổ chức Trung ương"]),
        ("- Các bộ, ngành, địa phương căn cứ nhiệm vụ được giao", ["Các bộ, ngành, địa phương"]),
        (
            "a) Bộ Công an, Quốc phòng và Văn phòng Chính phủ báo cáo",
            ["Bộ Công an", "Bộ Quốc phòng", "Văn phòng Chính phủ"],
        ),
        ("Cục Khảo thí miền Trung nghiên cứu", ["Cục Khảo thí miền Trung"]),
        ("Sở Tài chính:", ["Sở Tài chính"]),
        ("Xây dựng đề án của Bộ Y tế", []),
        ("Trung tâm của vùng", []),
        ("", []),
    ],
)
def test_a_sentence_opens_with_its_bodies(sentence: str, names: list[str]) -> None:
    bodies = SHIPPED.leading(sentence)
    assert [body.name for body in bodies] == names
    assert all(sentence[body.start : body.end] in body.name for body in bodies)
