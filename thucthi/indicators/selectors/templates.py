"""The workbook that is handed out to be filled: its rows, with what stood before."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from thucthi.indicators.calculations.columns import HEADINGS
from thucthi.indicators.selectors.entry import COUNTRY, standing_texts
from thucthi.indicators.selectors.grid import label_of
from thucthi.indicators.selectors.rows_to_fill import ToFill
from thucthi.indicators.worksheets.writing import Column, Template
from thucthi.kernel.periods import Span

MOST_ROWS = 20_000


def template_of(title: str, fills: Sequence[ToFill], spans: Sequence[Span]) -> Template:
    """One row for every indicator, body and period, filled with what stands already; nothing beyond `MOST_ROWS`."""
    wanted = [(fill, span) for fill in fills for span in spans][:MOST_ROWS]
    lines = {fill.line(key) for fill, span in wanted for key in (span.key, span.previous.key)}
    texts = standing_texts(lines)
    rows = [
        {
            "indicator": fill.indicator.code,
            "name": fill.indicator.name,
            "unit": fill.indicator.unit,
            "organisation": fill.body_code,
            "body": fill.organisation.official_name if fill.organisation else _("Cả nước"),
            "period": label_of(span),
            "before": texts.get(fill.line(span.previous.key), ""),
            "value": texts.get(fill.line(span.key), ""),
            "source": fill.indicator.source,
        }
        for fill, span in wanted
    ]
    return Template(title, _notes(), _columns(), rows, _help())


def _columns() -> list[Column]:
    states = [_("Sơ bộ"), _("Số không đã xác nhận"), _("Chưa có số liệu"), _("Không áp dụng"), _("Mật")]
    told = {key: _(heading) for key, heading in HEADINGS.items()}
    return [
        Column("indicator", told["indicator"], 22),
        Column("name", _("Tên chỉ tiêu"), 40),
        Column("unit", _("Đơn vị tính"), 12),
        Column("organisation", told["organisation"], 18),
        Column("body", _("Tên đơn vị"), 28),
        Column("period", told["period"], 16),
        Column("before", _("Số kỳ trước"), 14),
        Column("value", told["value"], 16, is_open=True),
        Column("state", told["state"], 20, is_open=True, choices=states),
        Column("numerator", told["numerator"], 12, is_open=True),
        Column("denominator", told["denominator"], 12, is_open=True),
        Column("source", told["source"], 30, is_open=True),
        Column("remark", told["remark"], 40, is_open=True),
    ]


def _notes() -> str:
    return _("Chỉ điền các cột nền vàng. Ô trống thì bỏ qua, không phải là số 0. Xem thêm trang Hướng dẫn.")


def _help() -> list[str]:
    return [
        _("Cách điền bảng"),
        _("1. Giá trị: ghi số với dấu phẩy thập phân, ví dụ 1.234,5. Đơn vị tính đã ghi sẵn, không cần ghi lại."),
        _("2. Số 0 được hiểu là số không đã xác nhận. Chưa có số liệu thì để trống hoặc ghi “chưa có”."),
        _("3. Không thuộc diện: ghi “không áp dụng”. Không được công bố: ghi “mật”."),
        _("4. Số còn có thể thay đổi: chọn trạng thái Sơ bộ, hoặc ghi “(sơ bộ)” sau con số."),
        _("5. Với tỷ lệ: ghi tử số và mẫu số thì không cần ghi giá trị."),
        _("6. Số ngoài mức thường gặp, hoặc khác số đã ghi trước đây: ghi lý do vào cột cuối."),
        _("7. Lưu tệp rồi gửi lên hệ thống. Hệ thống kiểm tra trước; ông/bà xem kết quả rồi mới xác nhận ghi."),
        _("Số của cả nước dùng mã đơn vị “%(code)s”.") % {"code": COUNTRY},
    ]
