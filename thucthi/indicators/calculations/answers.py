"""What a row says of its indicator: value, chosen state and the two parts of a ratio, put together."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from thucthi.indicators.calculations.cells import LIMIT, TOO_LARGE, CellRead, read_cell
from thucthi.indicators.calculations.codes import STATE_WORDS, Known, KnownIndicator
from thucthi.indicators.calculations.rows import RawRow
from thucthi.indicators.calculations.said import N_, Said, shown
from thucthi.kernel.values import STATES_WITH_AMOUNT, ValueState, format_vi
from thucthi.kernel.vietnamese_text import fold

UNKNOWN_STATE = N_("Không có trạng thái “%(text)s”. Đề nghị chọn trong danh sách của bảng mẫu.")
STATE_AND_NUMBER = N_("Trạng thái “%(text)s” thì không ghi số. Đề nghị bỏ số hoặc sửa trạng thái.")
STATE_WITHOUT_NUMBER = N_("Trạng thái “%(text)s” cần có số. Đề nghị ghi số hoặc sửa trạng thái.")
ZERO_IS_ZERO = N_("Trạng thái số không đã xác nhận thì giá trị phải là 0. Đề nghị sửa số hoặc trạng thái.")
ONE_PART = N_("Tử số và mẫu số phải ghi cả hai. Đề nghị ghi phần còn thiếu.")
PART_NO_NUMBER = N_("“%(text)s” ở ô tử số, mẫu số không phải là số. Đề nghị ghi số, hoặc để trống cả hai ô.")
NO_DENOMINATOR = N_("Mẫu số bằng 0 nên không tính được tỷ lệ. Đề nghị ghi “không áp dụng”, hoặc sửa mẫu số.")
PARTS_ELSEWHERE = N_("Trạng thái này không đi cùng tử số, mẫu số. Đề nghị bỏ hai phần đó hoặc sửa trạng thái.")
PARTS_DIFFER = N_("Tử số chia mẫu số được %(read)s, khác số đã ghi %(text)s. Đề nghị kiểm tra lại.")
NO_LEVEL = N_("Chỉ tiêu này theo thang %(count)s mức. Đề nghị ghi số từ 1 đến %(count)s hoặc tên mức.")
BELOW = N_("Số %(text)s thấp hơn mức thường gặp (%(limit)s). Nếu đúng, đề nghị ghi lý do vào cột ghi chú.")
ABOVE = N_("Số %(text)s cao hơn mức thường gặp (%(limit)s). Nếu đúng, đề nghị ghi lý do vào cột ghi chú.")
_SIX_PLACES = Decimal(1).scaleb(-6)
# A ratio printed with two decimals may differ this much from its parts.
_ROUNDING = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Answer:
    """The value with its parts, or the (column, sentence) pairs that say what is wrong."""

    state: ValueState | None = None
    amount: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    faults: tuple[tuple[str, Said], ...] = ()
    warnings: tuple[tuple[str, Said], ...] = ()


def answer_of(raw: RawRow, indicator: KnownIndicator, known: Known) -> Answer:
    """Put together what the row says; all faults at once."""
    cell = _level(raw, indicator) or read_cell(
        raw.value, unit=indicator.unit, decimal_mark=known.decimal_mark, is_percent_cell=raw.percent_cell
    )
    parts = _parts(raw, known)
    faults = [*parts.faults, *([("value", cell.fault)] if cell.fault else [])]
    if faults:
        return Answer(faults=tuple(faults))
    warnings = [("value", said) for said in cell.warnings]
    if cell.is_empty and parts.denominator and parts.numerator is not None:
        cell = _computed(parts.numerator / parts.denominator * indicator.scale)
        if cell.fault:
            return Answer(faults=(("numerator", cell.fault),))
    stated = _stated(raw, cell)
    if isinstance(stated, Said):
        return Answer(faults=(("state", stated),))
    if parts.denominator is not None and stated.amount is None:
        return Answer(faults=(("numerator", Said(PARTS_ELSEWHERE)),))
    warnings += _doubts(raw, indicator, stated, parts)
    return replace(parts, state=stated.state, amount=stated.amount, warnings=tuple(warnings))


def _level(raw: RawRow, indicator: KnownIndicator) -> CellRead | None:
    """The level of a qualitative indicator, by its number or its name; None for other indicators and for words."""
    if not indicator.rubric or raw.value is None or not str(raw.value).strip():
        return None
    names = [fold(name) for name in indicator.rubric]
    typed = fold(str(raw.value))
    if typed in names:
        return CellRead(ValueState.NUMBER, Decimal(names.index(typed) + 1))
    cell = read_cell(raw.value, unit="")
    if cell.fault is None and (cell.amount is None or cell.amount in range(1, len(names) + 1)):
        return cell
    return CellRead(fault=Said(NO_LEVEL, {"count": str(len(names))}))


def _parts(raw: RawRow, known: Known) -> Answer:
    cells = [read_cell(part, unit="", decimal_mark=known.decimal_mark) for part in (raw.numerator, raw.denominator)]
    if all(cell.is_empty for cell in cells):
        return Answer()
    columns = ("numerator", "denominator")
    faults = [(column, cell.fault) for column, cell in zip(columns, cells, strict=True) if cell.fault]
    for column, cell in zip(columns, cells, strict=True):
        if cell.is_empty:
            faults.append((column, Said(ONE_PART)))
        elif cell.amount is None and cell.fault is None:
            faults.append((column, Said(PART_NO_NUMBER, {"text": shown(getattr(raw, column))})))
    if not faults and cells[1].amount == 0:
        faults.append(("denominator", Said(NO_DENOMINATOR)))
    if faults:
        return Answer(faults=tuple(faults))
    warnings = [(column, said) for column, cell in zip(columns, cells, strict=True) for said in cell.warnings]
    return Answer(numerator=cells[0].amount, denominator=cells[1].amount, warnings=tuple(warnings))


def _computed(exact: Decimal) -> CellRead:
    if abs(exact) >= LIMIT - 1:
        return CellRead(fault=Said(TOO_LARGE, {"text": shown(exact)}))
    amount = exact.quantize(_SIX_PLACES, rounding=ROUND_HALF_UP)
    return CellRead(ValueState.NUMBER if amount else ValueState.CONFIRMED_ZERO, amount)


def _stated(raw: RawRow, cell: CellRead) -> CellRead | Said:
    """The cell under the state chosen beside it; a chosen state never turns one number into another."""
    word = "" if raw.state is None else str(raw.state).strip()
    if not word:
        return cell
    chosen = STATE_WORDS.get(fold(word))
    quoted = {"text": shown(word)}
    if chosen is None:
        return Said(UNKNOWN_STATE, quoted)
    if chosen not in STATES_WITH_AMOUNT:
        return CellRead(chosen) if cell.amount is None else Said(STATE_AND_NUMBER, quoted)
    if chosen is ValueState.CONFIRMED_ZERO:
        is_zero = cell.is_empty or cell.amount == 0
        return CellRead(chosen, Decimal(0)) if is_zero else Said(ZERO_IS_ZERO)
    if cell.amount is None:
        return Said(STATE_WITHOUT_NUMBER, quoted)
    return replace(cell, state=chosen) if chosen is ValueState.PROVISIONAL else cell


def _doubts(raw: RawRow, indicator: KnownIndicator, cell: CellRead, parts: Answer) -> list[tuple[str, Said]]:
    """What is unusual and may be right: it is asked about, never refused."""
    doubts = list(parts.warnings)
    amount = cell.amount
    if amount is None:
        return doubts
    if parts.numerator is not None and parts.denominator:
        exact = parts.numerator / parts.denominator * indicator.scale
        if abs(exact - amount) > max(_ROUNDING, abs(exact) * _ROUNDING):
            in_words = {"read": format_vi(exact, places=2), "text": format_vi(amount)}
            doubts.append(("value", Said(PARTS_DIFFER, in_words)))
    if raw.remark is None or not str(raw.remark).strip():
        doubts += [("remark", said) for said in limits_broken(amount, indicator.low, indicator.high)]
    return doubts


def limits_broken(amount: Decimal, low: Decimal | None, high: Decimal | None) -> list[Said]:
    """What to ask when an amount lies outside of what is plausible."""
    if low is not None and amount < low:
        return [Said(BELOW, {"text": format_vi(amount), "limit": format_vi(low)})]
    if high is not None and amount > high:
        return [Said(ABOVE, {"text": format_vi(amount), "limit": format_vi(high)})]
    return []
