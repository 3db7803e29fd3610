"""Lists of bodies, as cells have them, come apart at the right places and keep every name whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thucthi.intake.reading.bodies import Gazetteer, is_collective

SHIPPED = Gazetteer.shipped()


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Y tế", ["Bộ Văn hóa, Thể thao và Du lịch", "Bộ Y tế"]),
        ("Bộ Giáo dục và Đào tạo và Bộ Nội vụ", ["Bộ Giáo dục và Đào tạo", "Bộ Nội vụ"]),
        ("Bộ Công Thương Bộ Xây dựng", ["Bộ Công Thương", "Bộ Xây dựng"]),
        ("- Bộ Tư pháp;\n- UBND các tỉnh, thành phố.", ["Bộ Tư pháp", "UBND các tỉnh, thành phố"]),
        ("Bộ Nông nghiệp\nvà Môi trường\nBộ Tài chính", ["Bộ Nông nghiệp và Môi trường", "Bộ Tài chính"]),
        ("Bộ Công an (Trung tâm Dữ liệu quốc gia), VTV", ["Bộ Công an (Trung tâm Dữ liệu quốc gia)", "VTV"]),
        ("Bộ Xây dựng/ Các tỉnh", ["Bộ Xây dựng", "Các tỉnh"]),
        ("Các Sở: Nội vụ, Tài chính, Y tế", ["Sở Nội vụ", "Sở Tài chính", "Sở Y tế"]),
        ("Bộ Công an, Quốc phòng", ["Bộ Công an", "Bộ Quốc phòng"]),
        (
            "Ban Quản lý các khu công nghiệp tỉnh; Công an tỉnh",
            ["Ban Quản lý các khu công nghiệp tỉnh", "Công an tỉnh"],
        ),
        ("Sở Xây dựng và các sở, ban, ngành liên quan", ["Sở Xây dựng", "các sở, ban, ngành liên quan"]),
        ("UBND xã, phường, đặc khu", ["UBND xã, phường, đặc khu"]),
        ("Cục Đê điều và Phòng cháy, Viện Quy hoạch", ["Cục Đê điều và Phòng cháy", "Viện Quy hoạch"]),
        ("", []),
        (" ; - ", []),
    ],
)
def test_a_list_comes_apart_between_bodies(cell: str, names: list[str]) -> None:
    assert [body.name for body in SHIPPED.split(cell)] == names


@pytest.mark.parametrize("written", ["Uỷ ban Dân tộc", "Ủy ban Dân tộc", "ỦY BAN DÂN TỘC", "Uỷ ban dân tộc"])
def test_place_of_tone_marks_and_case_do_not_count(written: str) -> None:
    assert [body.known and body.known.name for body in SHIPPED.split(written)] == ["Ủy ban Dân tộc"]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("Bộ KH&CN", "Bộ Khoa học và Công nghệ"),
        ("Bộ Khoa học, Công nghệ", "Bộ Khoa học và Công nghệ"),
        ("Bộ TT&TT", "Bộ Thông tin và Truyền thông"),
        ("NHNN", "Ngân hàng Nhà nước Việt Nam"),
        ("Tổng Thanh tra Chính phủ", "Thanh tra Chính phủ"),
        ("Bộ trưởng Bộ Nội vụ", "Bộ Nội vụ"),
    ],
)
def test_short_names_and_posts_are_known_bodies(short: str, full: str) -> None:
    (body,) = SHIPPED.split(short)
    assert body.name == short
    assert body.known is not None
    assert body.known.name == full


def test_an_abbreviation_is_not_found_in_small_letters() -> None:
    assert SHIPPED.find("tổ chức bct lần này") == ()


@pytest.mark.parametrize(
    "name",
    [
        "Các bộ, ngành, địa phương",
        "Bộ, ngành, địa phương",
        "UBND các tỉnh, thành phố",
        "UBND 06 thành phố trực thuộc trung ương",
        "các cơ quan liên quan",
        "UBND cấp xã",
        "Địa phương",
        "Doanh nghiệp, nhà cung cấp dịch vụ",
    ],
)
def test_a_group_is_one_name_of_nobody(name: str) -> None:
    (body,) = SHIPPED.split(name)
    assert (body.name, body.is_collective, body.known) == (name, True, None)
    assert is_collective(name)


@pytest.mark.parametrize(
    "name", ["Bộ Công an", "Công an tỉnh", "UBND tỉnh Lào Cai", "Ban Dân tộc", "Tập đoàn Sông Hồng"]
)
def test_one_body_is_no_group(name: str) -> None:
    assert not is_collective(name)


@given(st.lists(st.sampled_from(SHIPPED.bodies[:120]), min_size=1, max_size=6, unique_by=lambda body: body.name))
def test_any_list_joined_with_semicolons_comes_back(bodies: list) -> None:
    names = [body.name for body in bodies]
    assert [body.name for body in SHIPPED.split("; ".join(names))] == names


@given(st.text(alphabet="aàBộ ,;và-\n()CácêSở1.", max_size=60))
def test_whatever_is_written_places_hold(text: str) -> None:
    for body in SHIPPED.split(text):
        assert 0 <= body.start < body.end <= len(text)
