"""Indicators, what documents promise of them, and every value, as tables."""

from collections.abc import Iterator

from thucthi.public_site.rendering.book import Book
from thucthi.public_site.rendering.opendata.shapes import Row, Table, count, day, flag, number, text
from thucthi.public_site.rendering.opendata.tasks import STATE_EN, STATE_VI, figure, joined

INDICATOR = text("indicator", "mã chỉ tiêu", "code of the indicator")
UNIT_VI, UNIT_EN = "đơn vị ghi ở cột unit của bảng indicators", "unit: see column unit of table indicators"


def _indicator_rows(book: Book) -> Iterator[Row]:
    for each in book.data.indicators:
        yield (
            *(each.code, each.name, each.name_en, each.unit, each.unit_en, each.direction, each.kind, each.frequency),
            *(each.definition, each.method, each.limits, each.source, each.source_owner, each.owner),
            *figure(each.achievement, "not_measured"),
            joined(each.tasks),
        )


def _target_rows(book: Book) -> Iterator[Row]:
    for indicator in book.data.indicators:
        for each in indicator.targets:
            yield (
                *(indicator.code, each.code, each.document, each.operator, each.low, each.high, each.baseline),
                *(each.year, each.wording_vi, each.wording_en, each.each_unit, each.met),
                {True: "met", False: "not_met", None: "no_figure"}[each.met],
            )


def _figure_rows(book: Book) -> Iterator[Row]:
    for indicator in book.data.indicators:
        broken = {each.period for each in indicator.breaks}
        for each in indicator.figures:
            yield (
                *(indicator.code, each.period, each.state, each.amount, each.own, each.contributed),
                *(each.counted, each.expected, each.provisional, each.confidential, each.not_applicable),
                each.period in broken,
            )


def _break_rows(book: Book) -> Iterator[Row]:
    for indicator in book.data.indicators:
        for each in indicator.breaks:
            yield (indicator.code, each.sheet_version, each.changed_on, each.period, joined(each.changed), each.reason)


def _value_rows(book: Book) -> Iterator[Row]:
    for code, values in book.data.values.items():
        for each in values:
            yield (
                *(code, each.period, each.organisation, each.kind, each.breakdown, each.state, each.amount),
                *(each.numerator, each.denominator, each.available_on, each.is_correction),
            )


TABLES = (
    Table(
        "indicators", "Chỉ tiêu", "Indicators",
        (
            text("code", "mã chỉ tiêu", "code of the indicator"),
            text("name", "tên", "name in Vietnamese"),
            text("name_en", "tên tiếng Anh", "name in English"),
            text("unit", "đơn vị tính", "unit in Vietnamese"),
            text("unit_en", "đơn vị tính, tiếng Anh", "unit in English"),
            text("direction", "chiều tốt", "which way is good"),
            text("kind", "loại chỉ tiêu", "kind of indicator"),
            text("frequency", "nhịp số liệu", "frequency"),
            text("definition", "định nghĩa", "definition"),
            text("method", "cách tính", "method"),
            text("limits", "hạn chế", "limits"),
            text("source", "nguồn", "source"),
            text("source_owner", "cơ quan cung cấp số liệu", "body that supplies the data"),
            text("owner", "cơ quan chịu trách nhiệm số liệu", "body that answers for the data"),
            number("achievement", "phần đường đã đi từ mốc đến mục tiêu", "part of the way to the target", "%"),
            text("achievement_state", STATE_VI, STATE_EN),
            text("tasks", "mã nhiệm vụ làm nó chuyển động", "codes of the tasks meant to move it"),
        ),
        _indicator_rows, ("code",),
    ),
    Table(
        "targets", "Mục tiêu của chỉ tiêu", "Targets of indicators",
        (
            INDICATOR,
            text("code", "mã mục tiêu", "code of the target"),
            text("document", "văn bản hứa", "document that promises it"),
            text("operator", "so thế nào", "how it is compared"),
            number("low", "mức dưới", "lower bound", UNIT_VI),
            number("high", "mức trên", "upper bound", UNIT_VI),
            number("baseline", "mốc so sánh", "baseline", UNIT_VI),
            count("year", "năm phải đạt", "year it is due"),
            text("wording_vi", "nguyên văn", "wording in Vietnamese"),
            text("wording_en", "bản dịch tiếng Anh", "wording in English"),
            text("each_unit", "cấp đơn vị mà từng đơn vị phải đạt", "kind of unit of which each is bound"),
            flag("met", "đã đạt", "whether it is met"),
            text("met_state", "met, not_met; no_figure: chưa có số", "met, not_met; no_figure: nothing to judge by"),
        ),
        _target_rows, of="indicators",
    ),
    Table(
        "figures", "Số của cả nước", "Figures of the country",
        (
            INDICATOR,
            text("period", "kỳ", "period"),
            text("state", STATE_VI, STATE_EN),
            number("amount", "giá trị", "amount", UNIT_VI),
            number("own", "số nguồn công bố", "what its source states", UNIT_VI),
            number("contributed", "số cấp dưới cộng lên", "what the units below give", UNIT_VI),
            count("counted", "bao nhiêu số đã tính vào", "values counted in"),
            count("expected", "bao nhiêu số phải có", "values owed"),
            count("provisional", "bao nhiêu số sơ bộ", "of them provisional"),
            count("confidential", "bao nhiêu số không công bố", "of them confidential"),
            count("not_applicable", "bao nhiêu đơn vị không áp dụng", "units it does not apply to"),
            flag("breaks", "chuỗi gãy từ kỳ này", "whether the series breaks with this period"),
        ),
        _figure_rows, ("indicator", "period"), of="indicators",
    ),
    Table(
        "series_breaks", "Chỗ gãy của chuỗi số liệu", "Breaks of series",
        (
            INDICATOR,
            count("sheet_version", "phiên bản của phiếu chỉ tiêu", "version of the sheet"),
            day("changed_on", "đổi từ ngày", "changed on"),
            text("period", "kỳ đầu tiên không so được với trước", "first period not comparable with those before"),
            text("changed", "điều đã đổi", "what was changed"),
            text("reason", "lý do", "reason"),
        ),
        _break_rows, of="indicators",
    ),
    Table(
        "values", "Mọi giá trị của mọi đơn vị", "Every value of every unit",
        (
            INDICATOR,
            text("period", "kỳ", "period"),
            text("organisation", "mã đơn vị; trống là cả nước", "code of the unit; empty is the country"),
            text("kind", "loại số", "kind of value"),
            text("breakdown", "phân tổ; trống là toàn bộ", "breakdown; empty is the whole"),
            text(
                "state",
                "number, confirmed_zero, provisional, not_reported, not_applicable, confidential",
                "number, confirmed_zero, provisional, not_reported, not_applicable, confidential",
            ),
            number("amount", "giá trị", "amount", UNIT_VI),
            number("numerator", "tử số", "numerator"),
            number("denominator", "mẫu số", "denominator"),
            day("available_on", "có từ ngày", "available since"),
            flag("is_correction", "là số đính chính", "whether it corrects an earlier one"),
        ),
        _value_rows, of="indicators", count=lambda book: sum(map(len, book.data.values.values())),
    ),
)  # fmt: skip
