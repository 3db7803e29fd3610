"""What we say in the words of SDMX: the components of our data structure and the codes they take.

SDMX knows fewer reasons for a missing figure than we do, so every observation carries both the common code
(OBS_STATUS) and our own word (VALUE_STATE), which loses nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.taking_away.contents import COUNTRY, Contents, Row, plain_number

AGENCY, VERSION, STRUCTURE, CONCEPTS = "THUCTHI", "1.0.0", "INDICATOR_VALUES", "CS_INDICATOR_VALUES"
WHOLE = "_T"
MEASURE = "OBS_VALUE"

# The usual list (CL_OBS_STATUS): A normal, B time series break, P provisional, O missing, M cannot exist, Q suppressed.
BREAK = "B"
STATUS_OF = {
    ValueState.NUMBER: "A",
    ValueState.CONFIRMED_ZERO: "A",
    ValueState.PROVISIONAL: "P",
    ValueState.NOT_REPORTED: "O",
    ValueState.NOT_APPLICABLE: "M",
    ValueState.CONFIDENTIAL: "Q",
}
FREQUENCY_OF = {"weekly": "W", "monthly": "M", "quarterly": "Q", "half_yearly": "S", "yearly": "A"}

Names = tuple[str, str]
FREQUENCIES: Mapping[str, Names] = {
    "A": ("Năm", "Annual"),
    "S": ("Nửa năm", "Half-yearly"),
    "Q": ("Quý", "Quarterly"),
    "M": ("Tháng", "Monthly"),
    "W": ("Tuần", "Weekly"),
}
STATUSES: Mapping[str, Names] = {
    "A": ("Số bình thường", "Normal value"),
    "B": ("Số không so được với các kỳ trước", "Time series break"),
    "P": ("Số sơ bộ", "Provisional value"),
    "O": ("Chưa có số", "Missing value"),
    "M": ("Không thể có số", "Missing value; data cannot exist"),
    "Q": ("Số không được nêu", "Missing value; suppressed"),
}
STATES: Mapping[str, Names] = {
    "number": ("Có số", "A figure"),
    "confirmed_zero": ("Bằng 0, đã được xác nhận", "Zero, confirmed"),
    "provisional": ("Số sơ bộ", "Provisional"),
    "not_reported": ("Chưa báo cáo", "Not reported"),
    "not_applicable": ("Không áp dụng", "Not applicable"),
    "confidential": ("Không được nêu", "Confidential"),
}
KINDS: Mapping[str, Names] = {
    "actual": ("Số chính thức", "Official figure"),
    "declared": ("Số đơn vị báo cáo", "Declared by the unit"),
    "estimate": ("Số ước tính", "Estimate"),
    "sample": ("Số điều tra mẫu", "Sample survey"),
}
YES_NO: Mapping[str, Names] = {"Y": ("Có", "Yes"), "N": ("Không", "No")}


@dataclass(frozen=True, slots=True)
class Component:
    """A column of SDMX. `codelist` names the list that its values come from; without one they are free text."""

    id: str
    name: Names
    codelist: str = ""
    data_type: str = "String"


DIMENSIONS = (
    Component("FREQ", ("Kỳ số liệu", "Frequency"), "CL_FREQ"),
    Component("INDICATOR", ("Chỉ tiêu", "Indicator"), "CL_INDICATOR"),
    Component("REF_AREA", ("Đơn vị", "Organisation"), "CL_AREA"),
    Component("KIND", ("Loại số", "Kind of value"), "CL_KIND"),
    Component("BREAKDOWN", ("Phân tổ", "Breakdown"), "CL_BREAKDOWN"),
)
TIME = Component("TIME_PERIOD", ("Kỳ", "Time period"), data_type="ObservationalTimePeriod")
ATTRIBUTES = (
    Component("OBS_STATUS", ("Tình trạng số liệu", "Observation status"), "CL_OBS_STATUS"),
    Component("VALUE_STATE", ("Trạng thái", "State of the value"), "CL_VALUE_STATE"),
    Component("UNIT_MEASURE", ("Đơn vị tính", "Unit of measure")),
    Component("NUMERATOR", ("Tử số", "Numerator"), data_type="Decimal"),
    Component("DENOMINATOR", ("Mẫu số", "Denominator"), data_type="Decimal"),
    Component("SOURCE", ("Nguồn", "Source")),
    Component("REMARK", ("Ghi chú", "Remark")),
    Component("AVAILABLE_ON", ("Có từ ngày", "Known from"), data_type="GregorianDay"),
    Component("IS_SIMULATED", ("Số mô phỏng", "Simulated figure"), "CL_YES_NO"),
)


def code_of_breakdown(breakdown: str) -> str:
    """Codes of SDMX have letters, digits and _ @ $ - only: "sex:f|age:0-4" becomes "sex@f$age@0-4"."""
    return breakdown.replace(":", "@").replace("|", "$") or WHOLE


def breakdown_of(code: str) -> str:
    """The way back of `code_of_breakdown`."""
    return "" if code == WHOLE else code.replace("@", ":").replace("$", "|")


def time_of(period: str) -> str:
    """Half-years are S1 and S2 in SDMX; all other keys of periods are the same."""
    return period.replace("-H", "-S")


def period_of(time: str) -> str:
    """The way back of `time_of`."""
    return time.replace("-S", "-H")


def one_line(text: str) -> str:
    """Readers of SDMX-CSV split at every kind of line end, also within quotes."""
    return " ".join(text.split())


def key_of(contents: Contents, row: Row) -> tuple[str, ...]:
    """The codes of a row, in the order of DIMENSIONS."""
    definition = contents.definition
    return (FREQUENCY_OF[definition.frequency], definition.code, row.area, row.kind, code_of_breakdown(row.breakdown))


def status_of(row: Row) -> str:
    """An observation has one status: where a series breaks it is that, and VALUE_STATE tells a provisional number."""
    return BREAK if row.is_break else STATUS_OF[row.state]


def attributes_of(contents: Contents, row: Row) -> tuple[str, ...]:
    """The values of a row's attributes, in the order of ATTRIBUTES; "" where there is none."""
    return (
        status_of(row),
        row.state.value,
        one_line(contents.definition.unit),
        plain_number(row.numerator),
        plain_number(row.denominator),
        one_line(row.source),
        one_line(row.remark),
        row.available_on.isoformat(),
        "Y" if row.is_simulated else "N",
    )


def standing_rows(contents: Contents) -> Iterator[Row]:
    """A key of SDMX has one observation; corrected rows are read in the other formats."""
    return (row for row in contents.rows if row.is_standing)


def codelists(contents: Contents) -> dict[str, Mapping[str, Names]]:
    """Every list with the names of its codes in [vi, en]; areas and breakdowns are those that occur."""
    definition = contents.definition
    areas = {COUNTRY: ("Cả nước", "Viet Nam"), **contents.areas}
    breakdowns = {code_of_breakdown(code): names for code, names in contents.breakdowns.items() if code}
    return {
        "CL_FREQ": FREQUENCIES,
        "CL_INDICATOR": {definition.code: (definition.name, definition.name_en or definition.name)},
        "CL_AREA": areas,
        "CL_KIND": KINDS,
        "CL_BREAKDOWN": {WHOLE: ("Tổng số", "Total"), **breakdowns},
        "CL_OBS_STATUS": STATUSES,
        "CL_VALUE_STATE": STATES,
        "CL_YES_NO": YES_NO,
    }


def number_in_json(amount: Decimal | None) -> float | int | str | None:
    """A number, or its digits as text when a reader that computes in binary would change them."""
    if amount is None:
        return None
    if amount == amount.to_integral_value() and abs(amount) < 2**53:
        return int(amount)
    return float(amount) if Decimal(repr(float(amount))) == amount else plain_number(amount)
