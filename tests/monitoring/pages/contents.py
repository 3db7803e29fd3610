"""Values of one indicator with everything that can go wrong on the way out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from thucthi.kernel.periods import span_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.taking_away.contents import COUNTRY, Contents, Definition, Row

DEFINITION = Definition(
    code="ho-so-truc-tuyen",
    name="Tỷ lệ hồ sơ trực tuyến",
    name_en="Share of files handled online",
    unit="%",
    unit_en="%",
    direction="rise",
    kind="ratio",
    frequency="monthly",
    definition="Số hồ sơ trực tuyến trên tổng số hồ sơ.",
    method="Tử số chia mẫu số.",
    limits="",
    source="Cổng dịch vụ công",
    owner="Bộ Khoa học",
    contact="lien-he@vidu.example",
    version=2,
    further={"national_custodian": "Bộ Khoa học"},
)
ROW = Row(
    number=1,
    period="2026-01",
    period_start=date(2026, 1, 1),
    period_end=date(2026, 1, 31),
    area=COUNTRY,
    kind="actual",
    breakdown="",
    state=ValueState.NUMBER,
    amount=Decimal("55.500000"),
    numerator=Decimal("111.000000"),
    denominator=Decimal("200.000000"),
    source="Cổng dịch vụ công",
    remark="",
    available_on=date(2026, 2, 10),
    recorded_on=date(2026, 2, 11),
)


def row(number: int, period: str = "2026-01", **other: object) -> Row:
    span = span_of(period)
    changed = replace(ROW, number=number, period=period, period_start=span.start, period_end=span.end)
    return replace(changed, **other)


def without(state: ValueState) -> dict[str, object]:
    return {"state": state, "amount": None, "numerator": None, "denominator": None}


ALL_STATES = (
    row(1),
    row(2, "2026-02", state=ValueState.CONFIRMED_ZERO, amount=Decimal(0), numerator=Decimal(0)),
    row(3, "2026-03", state=ValueState.PROVISIONAL, amount=Decimal("-12.345678"), numerator=None, denominator=None),
    row(4, "2026-04", **without(ValueState.NOT_REPORTED)),
    row(5, "2026-05", **without(ValueState.NOT_APPLICABLE)),
    row(6, "2026-06", **without(ValueState.CONFIDENTIAL), remark='Theo quy định "mật"'),
    row(7, "2026-07", amount=Decimal("99999999999999.999999"), area="ubnd-an-binh", is_simulated=True),
    row(8, "2026-07", kind="declared", breakdown="gioi:nu|tuoi:0-4", amount=Decimal("0.000001"), source="=SUM(A1)"),
)


def contents(*rows: Row, **other: object) -> Contents:
    made = Contents(
        definition=DEFINITION,
        as_of=date(2026, 8, 15),
        rows=rows,
        areas={COUNTRY: ("Cả nước", "Viet Nam"), "ubnd-an-binh": ("UBND tỉnh An Bình", "UBND tỉnh An Bình")},
        breakdowns={"gioi:nu|tuoi:0-4": ("Nữ, 0–4 tuổi", "Female, 0–4")},
    )
    return replace(made, **other)
