"""The sheet of an indicator: about forty fields in groups, named as SDMX and Open SDG name them.

Ten are asked first and stand in columns of the indicator; some are derived from what is known anyway; the others are
optional and stand in `Indicator.metadata` under their Open SDG key. No framework, no clock, no database.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


def N_(text: str) -> str:
    """Marks a text for translation; whoever shows it translates it."""
    return text


class Group(Enum):
    """The groups of the sheet in their order."""

    ABOUT = N_("Chỉ tiêu và liên kết")
    DEFINITION = N_("Khái niệm và phân tổ")
    SOURCE = N_("Nguồn và thu thập số liệu")
    METHOD = N_("Phương pháp tính")
    QUALITY = N_("Chất lượng và so sánh")
    CONTACT = N_("Đầu mối liên hệ")
    PUBLISHING = N_("Công bố")


class Held(StrEnum):
    """Where the words of a field stand."""

    COLUMN = "column"
    METADATA = "metadata"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Field:
    """`key` is Open SDG's; `column` names the column of the indicator when it stands in one."""

    key: str
    name: str
    name_en: str
    group: Group
    held: Held = Held.METADATA
    column: str = ""
    choices: tuple[tuple[str, str], ...] = ()


STATUSES = (
    ("complete", N_("Có số liệu")),
    ("inprogress", N_("Đang xây dựng số liệu")),
    ("notstarted", N_("Chưa có nguồn số liệu")),
    ("notapplicable", N_("Không áp dụng")),
)
SAME_AS = "same_as"
# What a person is asked first; with the code these ten make a sheet that can be used.
ASKED_FIRST = (
    "name", "definition", "unit", "direction", "kind", "frequency", "delay_days", "source", "source_owner", "owner",
)  # fmt: skip

# Another name, contact or owner leaves the figures comparable; a new tree (`tree_from`) comes with figures made anew.
MEANING = ("definition", "method", "unit", "kind", "scale", "source", "source_owner", "rubric")


def _column(key: str, column: str, name: str, name_en: str, group: Group) -> Field:
    return Field(key, name, name_en, group, Held.COLUMN, column)


def _derived(key: str, name: str, name_en: str, group: Group) -> Field:
    return Field(key, name, name_en, group, Held.DERIVED)


CATALOGUE = (
    _derived("indicator_number", N_("Mã chỉ tiêu"), "Indicator number", Group.ABOUT),
    _column("indicator_name", "name", N_("Tên chỉ tiêu"), "Indicator name", Group.ABOUT),
    Field("goal_number", N_("Số mục tiêu"), "Goal number", Group.ABOUT),
    Field("goal_name", N_("Tên mục tiêu"), "Goal name", Group.ABOUT),
    Field("target_number", N_("Số chỉ tiêu cụ thể"), "Target number", Group.ABOUT),
    Field("target_name", N_("Tên chỉ tiêu cụ thể"), "Target name", Group.ABOUT),
    Field("SDG_SERIES_DESCR", N_("Chuỗi số liệu"), "Series description", Group.ABOUT),
    _derived("META_LAST_UPDATE", N_("Ngày sửa phiếu gần nhất"), "Metadata last updated", Group.ABOUT),
    Field("SDG_RELATED_INDICATORS", N_("Chỉ tiêu liên quan"), "Related indicators", Group.ABOUT),
    Field("SDG_CUSTODIAN_AGENCIES", N_("Tổ chức quốc tế giám sát"), "Custodian agencies", Group.ABOUT),
    Field("OTHER_DOC", N_("Tài liệu tham khảo"), "References and documentation", Group.ABOUT),
    _column("STAT_CONC_DEF", "definition", N_("Định nghĩa và khái niệm"), "Definition and concepts", Group.DEFINITION),
    _column("UNIT_MEASURE", "unit", N_("Đơn vị tính"), "Unit of measure", Group.DEFINITION),
    Field("CLASS_SYSTEM", N_("Bảng phân loại sử dụng"), "Classifications", Group.DEFINITION),
    Field("RATIONALE", N_("Ý nghĩa, lý do chọn"), "Rationale", Group.DEFINITION),
    _derived("COVERAGE", N_("Phân tổ"), "Disaggregation", Group.DEFINITION),
    Field("national_geographical_coverage", N_("Phạm vi địa lý"), "National geographical coverage", Group.DEFINITION),
    _column("SOURCE_TYPE", "source", N_("Nguồn số liệu"), "Data sources", Group.SOURCE),
    Field("COLL_METHOD", N_("Phương pháp thu thập"), "Data collection method", Group.SOURCE),
    _column("FREQ_COLL", "frequency", N_("Chu kỳ số liệu"), "Frequency", Group.SOURCE),
    Field("REL_CAL_POLICY", N_("Lịch công bố"), "Release calendar", Group.SOURCE),
    _column("TIMELINESS", "delay_days", N_("Độ trễ của số liệu"), "Timeliness", Group.SOURCE),
    _column("DATA_SOURCE", "source_owner", N_("Cơ quan cung cấp số liệu"), "Data provider", Group.SOURCE),
    Field("COMPILING_ORG", N_("Cơ quan tổng hợp"), "Data compiler", Group.SOURCE),
    Field("INST_MANDATE", N_("Căn cứ giao nhiệm vụ thống kê"), "Institutional mandate", Group.SOURCE),
    _column("DATA_COMP", "method", N_("Phương pháp tính"), "Method of computation", Group.METHOD),
    Field("computation_units", N_("Đơn vị khi tính"), "Computation units", Group.METHOD),
    Field("computation_calculations", N_("Công thức"), "Calculations", Group.METHOD),
    Field("ADJUSTMENT", N_("Điều chỉnh số liệu"), "Adjustments", Group.METHOD),
    Field("IMPUTATION", N_("Xử lý số liệu thiếu"), "Treatment of missing values", Group.METHOD),
    Field("REG_AGG", N_("Tổng hợp theo vùng"), "Regional aggregates", Group.METHOD),
    Field("DOC_METHOD", N_("Hướng dẫn tính cho địa phương"), "Methods for compilation at lower levels", Group.METHOD),
    _column("REC_USE_LIM", "limits", N_("Hạn chế khi sử dụng"), "Comments and limitations", Group.QUALITY),
    Field("DATA_VALIDATION", N_("Kiểm tra số liệu"), "Validation", Group.QUALITY),
    Field("QUALITY_MGMNT", N_("Quản lý chất lượng"), "Quality management", Group.QUALITY),
    Field("QUALITY_ASSURE", N_("Bảo đảm chất lượng"), "Quality assurance", Group.QUALITY),
    Field("QUALITY_ASSMNT", N_("Đánh giá chất lượng"), "Quality assessment", Group.QUALITY),
    Field("COMPARABILITY", N_("Khả năng so sánh"), "Comparability", Group.QUALITY),
    _column("CONTACT_ORGANISATION", "owner", N_("Cơ quan chịu trách nhiệm"), "Responsible organisation", Group.CONTACT),
    _column("CONTACT_NAME", "contact", N_("Người liên hệ"), "Contact", Group.CONTACT),
    Field("ORGANISATION_UNIT", N_("Đơn vị đầu mối"), "Contact organisation unit", Group.CONTACT),
    Field("CONTACT_FUNCT", N_("Chức vụ người liên hệ"), "Contact function", Group.CONTACT),
    Field("CONTACT_MAIL", N_("Địa chỉ liên hệ"), "Contact mail", Group.CONTACT),
    Field("CONTACT_EMAIL", N_("Thư điện tử liên hệ"), "Contact e-mail", Group.CONTACT),
    Field("CONTACT_PHONE", N_("Điện thoại liên hệ"), "Contact phone", Group.CONTACT),
    Field("reporting_status", N_("Tình trạng số liệu"), "Reporting status", Group.PUBLISHING, choices=STATUSES),
    Field("graph_title", N_("Tiêu đề biểu đồ"), "Graph title", Group.PUBLISHING),
)
WRITTEN = tuple(field for field in CATALOGUE if field.held is Held.METADATA)
KEYS = frozenset(field.key for field in WRITTEN)


def groups_written() -> list[tuple[Group, tuple[Field, ...]]]:
    """The optional fields by group, groups and fields in the order of the sheet."""
    found = [(group, tuple(field for field in WRITTEN if field.group is group)) for group in Group]
    return [(group, fields) for group, fields in found if fields]


def filled(columns: Mapping[str, str], derived: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """The filled fields by Open SDG key, in the order of the catalogue.

    `columns` by column, `derived` and `written` by key; without a stated reporting status it is "notstarted".
    """
    known = {field.key: columns.get(field.column, "") for field in CATALOGUE if field.held is Held.COLUMN}
    known |= {
        "reporting_status": "notstarted",
        **derived,
        **{key: text for key, text in written.items() if key in KEYS},
    }
    return {field.key: known[field.key] for field in CATALOGUE if known.get(field.key, "").strip()}


def unknown_fields(metadata: Mapping[str, str]) -> list[str]:
    """Keys that are in no catalogue."""
    return sorted(set(metadata) - KEYS - {SAME_AS})


def declared_same(metadata: Mapping[str, str]) -> frozenset[str]:
    """Codes of the indicators that a person declared to measure the same thing."""
    return frozenset(re.findall(r"[\w-]+", str(metadata.get(SAME_AS, ""))))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions of a sheet say differently; `field` is a column or a key of the catalogue."""

    field: str
    old: str
    new: str


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> list[Difference]:
    """What two kept sheets say differently, in the order of the newer one; fields of the catalogue one by one."""
    before, after = _flat(old), _flat(new)
    keys = dict.fromkeys([*after, *before])
    pairs = [Difference(key, before.get(key, ""), after.get(key, "")) for key in keys]
    return [pair for pair in pairs if pair.old != pair.new]


def changed_meaning(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[str, ...]:
    """The fields by which two kept sheets measure different things: figures of before and after are not comparable."""
    said = {each.field for each in differences(old, new)}
    return tuple(field for field in MEANING if field in said)


def _flat(sheet: Mapping[str, object]) -> dict[str, str]:
    metadata = sheet.get("metadata")
    nested = {str(key): str(text) for key, text in metadata.items()} if isinstance(metadata, Mapping) else {}
    plain = {key: _said(value) for key, value in sheet.items() if key != "metadata"}
    return plain | nested


def _said(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)
