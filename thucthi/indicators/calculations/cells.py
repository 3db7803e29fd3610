"""Reading one value as people write it: comma or point, words for what is missing, per cent, "sơ bộ".

Every cell becomes a state with its amount, or a sentence that says what is wrong and what to do. Nothing typed is
nothing said: an empty cell is never a zero. A zero that was written counts as confirmed by whoever wrote it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from thucthi.indicators.calculations.said import N_, Said, shown
from thucthi.kernel.values import ValueState, format_vi
from thucthi.kernel.vietnamese_text import fold, nfc

COMMA, POINT = ",", "."
PLACES = 6
LIMIT = Decimal(10) ** 14
"""A column numeric(20,6) holds fourteen digits before the decimal mark."""
LONGEST = 100
_ONE = Decimal(1).scaleb(-PLACES)
_SPACES = "\u0020\u00a0\u202f\u2009\u2007\u3000\t"
_MINUS_SIGNS = "-\u2212\u2013\u2014\u2010\u2011\ufe63\uff0d"
_ONE_SPACE = {ord(char): " " for char in _SPACES}
_ONE_MINUS = {ord(char): "-" for char in _MINUS_SIGNS}
# Most cells are plain numbers: they need not pass by all the words first.
_PLAIN = re.compile(r"-?[0-9]{1,14}(?:[.,][0-9]{1,2})?")
_NUMBER = re.compile(r"([+-]?)([0-9](?:[0-9.,' ]*[0-9])?)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?e[+-]?[0-9]{1,4}")
_PROVISIONAL = re.compile(r"\s*(?:\(\s*(?:so bo|sb|p)\s*\)|(?<=[0-9%\s])so bo|(?<=[0-9%\s])p)$")
# As the statistical yearbooks write it: "…" is a figure that exists and could not be had.
_WORDS = {
    ValueState.NOT_REPORTED: ("…", "...", "..", ":", "chua co", "chua co so lieu", "chua bao cao", "not available"),
    ValueState.NOT_APPLICABLE: ("khong ap dung", "kad", "not applicable"),
    ValueState.CONFIDENTIAL: ("x", "mat", "bao mat", "so lieu mat", "confidential"),
}  # fmt: skip
STATE_OF_WORD = {word: state for state, words in _WORDS.items() for word in words}
_NO_NUMBERS = frozenset({"nan", "inf", "infinity", "+inf", "+infinity", "-inf", "-infinity", "∞", "-∞"})

NOT_A_NUMBER = N_(
    "“%(text)s” không phải là số. Đề nghị ghi một số, hoặc “chưa có”, “không áp dụng”, “mật”; ô trống thì bỏ qua."
)
NO_FINITE_NUMBER = N_("“%(text)s” không phải là số xác định. Đề nghị ghi lại con số, hoặc “chưa có”.")
SPREADSHEET_ERROR = N_("Ô này là lỗi của công thức (%(text)s). Đề nghị sửa công thức rồi dán dạng giá trị.")
A_FORMULA = N_("Ô này là công thức (%(text)s). Đề nghị chép kết quả rồi dán dạng giá trị.")
A_DATE = N_("Ô này là ngày tháng (%(text)s), không phải là số. Đề nghị đặt lại định dạng ô là số rồi ghi lại.")
TOO_LARGE = N_("Số “%(text)s” quá lớn: nhiều nhất 14 chữ số phần nguyên. Đề nghị kiểm tra số và đơn vị tính.")
TOO_SMALL = N_("Số “%(text)s” nhỏ hơn 0,000001 nên không ghi được. Đề nghị kiểm tra số và đơn vị tính.")
SCIENTIFIC = N_("“%(text)s” viết dạng rút gọn nên có thể đã mất chữ số. Đề nghị ghi đủ các chữ số.")
BAD_MARKS = N_("Dấu chấm, dấu phẩy trong “%(text)s” không rõ nghĩa. Đề nghị ghi dạng 1.234,5 hoặc 1234,5.")
PERCENT_ELSEWHERE = N_("“%(text)s” là phần trăm nhưng chỉ tiêu này tính bằng “%(unit)s”. Đề nghị ghi theo đơn vị đó.")
PERCENT_WITHOUT_UNIT = N_("“%(text)s” là phần trăm nhưng chỉ tiêu này không có đơn vị phần trăm. Đề nghị kiểm tra lại.")
ROUNDED = N_("“%(text)s” có nhiều hơn 6 chữ số thập phân, được làm tròn thành %(read)s.")
AS_DECIMAL = N_("“%(text)s” được hiểu là số thập phân %(read)s. Nếu dấu đó ngăn hàng nghìn, đề nghị ghi %(other)s.")
AS_THOUSANDS = N_("“%(text)s” được hiểu là %(read)s (dấu ngăn hàng nghìn). Nếu là số thập phân, đề nghị ghi %(other)s.")
AS_NOT_REPORTED = N_(
    "Dấu “%(text)s” được hiểu là chưa có số liệu. Nếu là số không, đề nghị ghi 0; "
    "nếu không thuộc diện, “không áp dụng”."
)
AS_NOT_APPLICABLE = N_("“%(text)s” được hiểu là không áp dụng. Nếu là chưa có số liệu, đề nghị ghi “chưa có”.")
TIMES_HUNDRED = N_("Ô định dạng phần trăm: được hiểu là %(read)s %%.")


@dataclass(frozen=True, slots=True)
class CellRead:
    """`state` None and no fault: nothing was said. `fault` says why the cell cannot be taken."""

    state: ValueState | None = None
    amount: Decimal | None = None
    fault: Said | None = None
    warnings: tuple[Said, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.state is None and self.fault is None


@dataclass(frozen=True, slots=True)
class _Number:
    """`other` is what the text would be with the mark read the other way."""

    amount: Decimal
    other: Decimal | None = None


def read_cell(text: object, *, unit: str, decimal_mark: str = COMMA, is_percent_cell: bool = False) -> CellRead:
    """What one cell says of an indicator measured in `unit`; never raises.

    `text` is what was typed, or the int, float or Decimal of a spreadsheet. `decimal_mark` settles "1.234" and
    "1,234", which are warned of (see `decimal_mark_of`). `is_percent_cell`: the spreadsheet shows the number as a
    percentage, and stores 0.45 for what a person sees as 45 %.
    """
    if text is None:
        return CellRead()
    if isinstance(text, int | float | Decimal) and not isinstance(text, bool):
        return _read_stored(text, unit, is_percent_cell)
    if hasattr(text, "strftime"):
        return _fault(A_DATE, text)
    return _read_typed(str(text), unit, decimal_mark)


def decimal_mark_of(cells: Iterable[object], default: str = COMMA) -> str:
    """The decimal mark that a column's clear cells agree on; `default` when none is clear or they disagree."""
    found = {mark for cell in cells if isinstance(cell, str) and (mark := _mark_shown_by(_tidy(cell)))}
    return found.pop() if len(found) == 1 else default


def is_percent(unit: str) -> bool:
    return "%" in unit or fold(unit).startswith("phan tram")


def _read_stored(number: int | float | Decimal, unit: str, is_percent_cell: bool) -> CellRead:
    amount = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not amount.is_finite():
        return _fault(NO_FINITE_NUMBER, number)
    if abs(amount) >= LIMIT:
        return _fault(TOO_LARGE, number)
    warnings: tuple[Said, ...] = ()
    if is_percent_cell:
        amount = amount.scaleb(2)
        if not is_percent(unit):
            return _percent_fault(f"{format_vi(amount)} %", unit)
        warnings = (Said(TIMES_HUNDRED, {"read": format_vi(amount)}),)
    if isinstance(number, float):
        # 0.1 + 0.2 is stored as 0.30000000000000004: noise of the machine, nothing that anybody wrote.
        amount = Decimal(f"{amount:.15g}")
    return _settled(amount, shown(number), provisional=False, warnings=warnings)


def _read_typed(typed: str, unit: str, decimal_mark: str) -> CellRead:
    text = _tidy(typed)
    if not text:
        return CellRead()
    if _PLAIN.fullmatch(text):
        return _settled(Decimal(text.replace(COMMA, POINT)), text, provisional=False, warnings=())
    if said := _fault(NOT_A_NUMBER, text) if len(text) > LONGEST else _read_word(text):
        return said
    folded = fold(text)
    mark = _PROVISIONAL.search(folded)
    body = _tidy(folded[: mark.start()] if mark else folded)
    body, percent = (_tidy(body[:-1]), True) if body.endswith("%") else (_without_unit(body, unit), False)
    if percent and not is_percent(unit):
        return _percent_fault(text, unit)
    number = _number(body, decimal_mark)
    if isinstance(number, str):
        return _fault(number, text)
    return _settled(number.amount, text, provisional=mark is not None, warnings=_warned(number, text, decimal_mark))


def _read_word(text: str) -> CellRead | None:
    folded = fold(text)
    if folded in STATE_OF_WORD:
        return CellRead(STATE_OF_WORD[folded])
    if folded.strip("-") == "" and folded:
        return CellRead(ValueState.NOT_REPORTED, warnings=(Said(AS_NOT_REPORTED, {"text": text}),))
    if folded in {"n/a", "na", "n.a.", "n.a", "#n/a"}:
        return CellRead(ValueState.NOT_APPLICABLE, warnings=(Said(AS_NOT_APPLICABLE, {"text": text}),))
    if folded in _NO_NUMBERS:
        return _fault(NO_FINITE_NUMBER, text)
    sentence = {"#": SPREADSHEET_ERROR, "=": A_FORMULA}.get(text[0])
    return _fault(sentence, text) if sentence else None


def _number(body: str, decimal_mark: str) -> _Number | str:
    """The number that `body` writes, or the sentence that says why it is none."""
    if _SCIENTIFIC.fullmatch(body):
        return TOO_LARGE if abs(Decimal(body.replace(COMMA, POINT))) >= LIMIT else SCIENTIFIC
    found = _NUMBER.fullmatch(body)
    if found is None:
        return NOT_A_NUMBER
    sign = -1 if found[1] == "-" else 1
    digits = _without_spaces(found[2])
    marks = [char for char in digits if char in ",."] if digits else []
    if digits is None:
        return BAD_MARKS
    if len(marks) == 1 and _is_unclear(found[2]):
        decimal, thousands = Decimal(digits.replace(COMMA, POINT)), Decimal(re.sub(r"[,.]", "", digits))
        read, other = (decimal, thousands) if marks[0] == decimal_mark else (thousands, decimal)
        return _Number(sign * read, sign * other)
    plain = _plain(digits, marks)
    return BAD_MARKS if plain is None else _Number(sign * Decimal(plain))


def _without_spaces(digits: str) -> str | None:
    """Without the spaces and apostrophes between thousands; None when they stand elsewhere."""
    if not re.search(r"[ ']", digits):
        return digits
    whole, mark, fraction = re.fullmatch(r"([0-9 ']*)([,.]?)(.*)", digits).groups()  # type: ignore[union-attr]
    if not re.fullmatch(r"[0-9]{1,3}(?:[ '][0-9]{3})+", whole) or not re.fullmatch(r"[0-9]*", fraction):
        return None
    return re.sub(r"[ ']", "", whole) + mark + fraction


def _is_unclear(digits: str) -> bool:
    """One mark with three digits behind it and no more than three before: a thousand or a thousandth."""
    return re.fullmatch(r"[1-9][0-9]{0,2}[,.][0-9]{3}", digits) is not None


def _plain(digits: str, marks: list[str]) -> str | None:
    """Digits with a point at most; None when the marks make no sense."""
    if not marks:
        return digits
    if len(marks) == 1:
        return digits.replace(COMMA, POINT)
    decimal = marks[-1] if marks[-1] != marks[0] else ""
    thousands = marks[0]
    whole, fraction = digits.rsplit(decimal, 1) if decimal else (digits, "")
    if not re.fullmatch(rf"[0-9]{{1,3}}(?:\{thousands}[0-9]{{3}})+", whole):
        return None
    return whole.replace(thousands, "") + (POINT + fraction if decimal else "")


def _mark_shown_by(text: str) -> str | None:
    """The decimal mark that a cell makes clear: 1,5 · 1.234,5 · 1.234.567."""
    found = re.search(r"[0-9][0-9.,' ]*", text)
    marks = [char for char in found[0].rstrip(",. ") if char in ",."] if found else []
    if found is None or not marks or _is_unclear(found[0].strip()):
        return None
    if len(marks) > 1 and len(set(marks)) == 1:
        return POINT if marks[0] == COMMA else COMMA
    return marks[-1]


def _settled(amount: Decimal, text: str, *, provisional: bool, warnings: tuple[Said, ...]) -> CellRead:
    """The amount as it can be kept: within fourteen digits, with six decimals, a zero told apart."""
    if abs(amount) >= LIMIT:
        return _fault(TOO_LARGE, text)
    kept = amount.quantize(_ONE, rounding=ROUND_HALF_UP)
    if abs(kept) >= LIMIT:
        return _fault(TOO_LARGE, text)
    if kept != amount:
        if kept == 0:
            return _fault(TOO_SMALL, text)
        warnings += (Said(ROUNDED, {"text": shown(text), "read": format_vi(kept)}),)
    kept = _bare(kept)
    if provisional:
        return CellRead(ValueState.PROVISIONAL, kept, warnings=warnings)
    return CellRead(ValueState.NUMBER if kept else ValueState.CONFIRMED_ZERO, kept, warnings=warnings)


def _bare(amount: Decimal) -> Decimal:
    """Without zeros behind the mark, without an exponent, and zero without a sign."""
    return Decimal(f"{amount.normalize():f}") if amount else Decimal(0)


def _warned(number: _Number, text: str, decimal_mark: str) -> tuple[Said, ...]:
    if number.other is None:
        return ()
    is_decimal = abs(number.amount) < abs(number.other)
    read, other = (f"{amount:f}".replace(POINT, decimal_mark) for amount in (number.amount, number.other))
    return (Said(AS_DECIMAL if is_decimal else AS_THOUSANDS, {"text": shown(text), "read": read, "other": other}),)


def _without_unit(body: str, unit: str) -> str:
    """ "45 tỷ đồng" in a column of "tỷ đồng" says 45."""
    word = fold(unit)
    return _tidy(body[: -len(word)]) if word and body.endswith(word) and len(body) > len(word) else body


def _percent_fault(text: str, unit: str) -> CellRead:
    sentence = PERCENT_ELSEWHERE if unit else PERCENT_WITHOUT_UNIT
    return CellRead(fault=Said(sentence, {"text": shown(text), "unit": unit}))


def _fault(sentence: str, text: object) -> CellRead:
    return CellRead(fault=Said(sentence, {"text": shown(text)}))


def _tidy(text: str) -> str:
    """NFC, one kind of space, one minus sign before digits, nothing around."""
    tidy = " ".join(nfc(text).translate(_ONE_SPACE).split()).translate(_ONE_MINUS)
    return re.sub(r"^([+-]) (?=[0-9])", r"\1", tidy)
