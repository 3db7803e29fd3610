"""What a source says, in our words: which of its columns, paths or dimensions is which field of a row.

The settings of a feed are plain JSON (`Feed.settings`); `map_of` reads them and `faults_of_settings` judges them:

* `columns`: our field → where it stands (heading or `#3` of a table, path inside a JSON record, SDMX dimension);
* `constants`: our field → what it always is;
* `codes`: our field → {their code: ours}; a code that is not listed passes as it is;
* `states`: {their mark: kernel.values.ValueState}; before them come the marks of SDMX for a source of that kind;
* `path`: where the records of a JSON file stand; `delimiter`, `encoding`, `sheet`, `header_row` of a table;
* `decimal_mark`: "," or "."; numbers of JSON and SDMX always have a point;
* `may_withdraw`: whether "not reported" of this source may replace a number that stands.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal

from thucthi.indicators.calculations.paths_of_json import PathWrong, steps_of
from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.calculations.said import N_
from thucthi.kernel.errors import Fault
from thucthi.kernel.values import STATES_WITH_AMOUNT, ValueState

FIELDS = (
    "indicator", "organisation", "period", "value", "state", "breakdown", "numerator", "denominator", "kind", "source",
    "remark",
)  # fmt: skip
"""The fields of a row, in the order in which a child process hands over its cells."""
NEEDED = ("indicator", "organisation", "period", "value")
TRANSLATED = ("indicator", "organisation", "period", "breakdown", "kind")
ENCODINGS = ("", "utf-8", "utf-16", "windows-1258")
MOST_CODES = 20_000
TABLE, JSON, SDMX = "table", "json", "sdmx"
# The code list of SDMX for the state of a value. What the office itself takes as final is not named here.
OBSERVATION_STATES = {
    "P": ValueState.PROVISIONAL, "E": ValueState.PROVISIONAL, "V": ValueState.PROVISIONAL,
    "M": ValueState.NOT_REPORTED, "L": ValueState.NOT_REPORTED, "O": ValueState.NOT_REPORTED,
    "H": ValueState.NOT_REPORTED, "Q": ValueState.CONFIDENTIAL, "C": ValueState.CONFIDENTIAL,
    "N": ValueState.CONFIDENTIAL,
}  # fmt: skip
FINAL = frozenset({"A", "B", "D", "F", "G", "I", "J", "K", "U", "S", "T", "W", "X"})
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_GIVEN_PERIOD = re.compile(r"(\d{4})-(?:(A)1|S([12])|M(\d\d))", re.IGNORECASE)


UNKNOWN_SETTING = N_("Cấu hình có mục không dùng đến. Đề nghị bỏ mục đó.")
MISSING_FIELD = N_("Chưa chỉ rõ mục này lấy ở đâu. Đề nghị ghi tên cột, hoặc ghi một giá trị cố định.")
VALUE_IS_READ = N_("Giá trị phải lấy từ tệp, không ghi cố định. Đề nghị ghi tên cột.")
WRONG_PATH = N_("Đường dẫn trong JSON không đúng dạng. Ví dụ: data.rows[*] hoặc gia_tri.so.")
MANY_IN_A_FIELD = N_("Đường dẫn của một trường không dùng [*]. Đề nghị đặt [*] ở đường dẫn của danh sách.")
WRONG_DELIMITER = N_("Dấu ngăn cột là một ký tự, ví dụ dấu phẩy hoặc dấu chấm phẩy; để trống thì hệ thống tự nhận.")
WRONG_ENCODING = N_("Đề nghị chọn bảng mã trong danh sách.")
WRONG_HEADER_ROW = N_("Dòng tiêu đề là một số từ 1 đến 100.")
WRONG_MARK = N_("Dấu thập phân là dấu phẩy hoặc dấu chấm.")
UNKNOWN_STATE = N_("Ký hiệu phải ứng với một trạng thái trong danh sách.")
TOO_MANY_CODES = N_("Bảng đổi mã quá dài.")


@dataclass(frozen=True, slots=True)
class SourceMap:
    """The settings of a feed, as described above."""

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    header_row: int = 1
    decimal_mark: str = ","
    may_withdraw: bool = False


KNOWN_SETTINGS = frozenset(setting.name for setting in fields(SourceMap))


def map_of(settings: Mapping[str, object]) -> SourceMap:
    """The settings as they are kept; what is not known is left out."""
    return SourceMap(**{name: value for name, value in settings.items() if name in KNOWN_SETTINGS})  # type: ignore[arg-type]


def faults_of_settings(kind: str, settings: Mapping[str, object]) -> list[Fault]:
    """What is wrong with the settings of a feed that is asked, by setting: `columns.period`, `path`."""
    faults = [Fault(name, UNKNOWN_SETTING) for name in sorted(set(settings) - KNOWN_SETTINGS)]
    given = map_of(settings)
    faults += _faults_of_fields(given)
    if kind == JSON:
        faults += _faults_of_paths(given)
    if len(given.delimiter) > 1:
        faults.append(Fault("delimiter", WRONG_DELIMITER))
    if given.encoding not in ENCODINGS:
        faults.append(Fault("encoding", WRONG_ENCODING))
    if not 1 <= given.header_row <= 100:
        faults.append(Fault("header_row", WRONG_HEADER_ROW))
    if given.decimal_mark not in (",", "."):
        faults.append(Fault("decimal_mark", WRONG_MARK))
    if set(given.states.values()) - set(ValueState):
        faults.append(Fault("states", UNKNOWN_STATE))
    return faults


def _faults_of_fields(given: SourceMap) -> Iterator[Fault]:
    for name in NEEDED:
        if not given.columns.get(name):
            if name == "value":
                yield Fault("columns.value", VALUE_IS_READ)
            elif not given.constants.get(name):
                yield Fault(f"columns.{name}", MISSING_FIELD)
    for name in sorted({*given.columns, *given.constants, *given.codes} - set(FIELDS)):
        yield Fault(name, UNKNOWN_SETTING)
    for name, codes in given.codes.items():
        if len(codes) > MOST_CODES:
            yield Fault(f"codes.{name}", TOO_MANY_CODES)


def _faults_of_paths(given: SourceMap) -> Iterator[Fault]:
    for name, path in {"path": given.path, **{f"columns.{key}": text for key, text in given.columns.items()}}.items():
        try:
            steps = steps_of(path)
        except PathWrong:
            yield Fault(name, WRONG_PATH)
            continue
        if name != "path" and any(step is None for step in steps):
            yield Fault(name, MANY_IN_A_FIELD)


def raw_rows(records: Iterable[tuple[int, Sequence[object]]], given: SourceMap, *, kind: str) -> Iterator[RawRow]:
    """Rows for `reading.read_rows`. A record is its number and its cells in the order of `FIELDS`."""
    mark = "." if kind in (JSON, SDMX) else given.decimal_mark
    for number, cells in records:
        said = {
            name: given.constants.get(name) if cell in (None, "") else cell
            for name, cell in zip(FIELDS, cells, strict=True)
        }
        for name in TRANSLATED:
            said[name] = _translated(said[name], given.codes.get(name, {}))
        if kind == SDMX:
            said["period"] = _period(said["period"])
        for name in ("value", "numerator", "denominator"):
            said[name] = _number(said[name], mark)
        said["state"], said["value"] = _state(said["state"], said["value"], given, kind)
        if said["value"] is None and said["state"] is not None:
            said["numerator"] = said["denominator"] = None
        yield RawRow(number, **said)  # type: ignore[arg-type]


def _translated(said: object, codes: Mapping[str, str]) -> object:
    if isinstance(said, float) and said.is_integer():
        # A spreadsheet stores the code 01 or 7 as a number.
        said = int(said)
    return codes.get(str(said).strip(), said) if said is not None else None


def _period(said: object) -> object:
    """The forms of SDMX that are not ours: 2026-A1, 2026-S1, 2026-M01."""
    found = _GIVEN_PERIOD.fullmatch(str(said).strip())
    if found is None:
        return said
    year, _yearly, half, month = found.groups()
    return f"{year}-H{half}" if half else f"{year}-{month}" if month else year


def _number(said: object, mark: str) -> object:
    """With a point as the mark a plain number is meant exactly as written; all else is left to the reading of cells."""
    if isinstance(said, bool):
        return str(said)
    if mark == "." and isinstance(said, str) and _NUMBER.fullmatch(said.strip()):
        return Decimal(said.strip())
    return said


def _state(said: object, value: object, given: SourceMap, kind: str) -> tuple[object, object]:
    """The state in our words, and the value that goes with it.

    What may not be shown or was not reported carries no number, even when the source sends one beside it; and a mark
    that asks for a number says nothing where there is none.
    """
    if said is None:
        return None, value
    mark = str(said).strip()
    state = given.states.get(mark) or (OBSERVATION_STATES.get(mark.upper()) if kind == SDMX else None)
    if state is None:
        return (None if kind == SDMX and mark.upper() in FINAL else said), value
    if ValueState(state) in STATES_WITH_AMOUNT:
        return (str(state), value) if value not in (None, "") else (None, None)
    return str(state), None
