"""Headings tell the columns; words that mean two things are decided by their neighbours."""

import pytest

from thucthi.intake.reading.tasks.headings import ColumnKind as Kind
from thucthi.intake.reading.tasks.headings import column_kinds


@pytest.mark.parametrize(
    ("headings", "kinds"),
    [
        (["STT", "Nhiệm vụ", "Chủ trì", "Kết quả"], [Kind.INDEX, Kind.TASK, Kind.LEAD, Kind.PRODUCT]),
        (["TT", "Chỉ tiêu", "Đơn vị", "Kết quả"], [Kind.INDEX, Kind.INDICATOR, Kind.UNIT, Kind.TARGET]),
        (["Nhiệm vụ", "Kết quả yêu cầu", "Kết quả hiện nay"], [Kind.TASK, Kind.PRODUCT, Kind.STATE]),
        (["Nhiệm vụ", "Thời hạn", "Kết quả thực hiện", "Tiến độ"], [Kind.TASK, Kind.DEADLINE, Kind.STATE, Kind.STATE]),
        (["Nhiệm vụ", "Kết quả thực hiện", "Thời hạn"], [Kind.TASK, Kind.PRODUCT, Kind.DEADLINE]),
        (["Nhiệm vụ", "Thời hạn", "Tiến độ"], [Kind.TASK, Kind.DEADLINE, Kind.STATE]),
        (["Nhiệm vụ", "Chủ trì", "Tiến độ"], [Kind.TASK, Kind.LEAD, Kind.DEADLINE]),
        (["Nhiệm vụ", "Đơn vị"], [Kind.TASK, Kind.LEAD]),
        (["Nhiệm vụ", "Chủ trì", "Đơn vị"], [Kind.TASK, Kind.LEAD, Kind.UNIT]),
        (["Nhiệm vụ", "Cơ quan chủ trì", "Đơn vị thực hiện"], [Kind.TASK, Kind.LEAD, Kind.COORDINATORS]),
        (["Thuộc nhóm nhiệm vụ[1]", "Nội dung nhiệm vụ"], [Kind.GROUP, Kind.TASK]),
        (["Tên dự án, nhiệm vụ", "Nội dung chính"], [Kind.TASK, Kind.DETAIL]),
        (["**CƠ QUAN CHỦ TRÌ**", "Cấp uỷ chủ trì"], [Kind.LEAD, Kind.LEAD]),
        (["Xanh", ""], [None, None]),
    ],
)
def test_the_kinds_of_columns(headings: list[str], kinds: list[Kind | None]) -> None:
    assert list(column_kinds(headings)) == kinds
