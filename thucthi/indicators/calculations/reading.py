"""Reading rows of values from people and machines: each becomes a good row, or says what is wrong and what to do.

Rows are read one after another and nothing but their lines is kept of them, so that a long file can pass.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from thucthi.indicators.calculations.answers import Answer, answer_of
from thucthi.indicators.calculations.cells import CellRead, decimal_mark_of, read_cell
from thucthi.indicators.calculations.codes import (
    COUNTRY_WORDS,
    KIND_WORDS,
    Known,
    KnownIndicator,
    KnownOrganisation,
    Suggestions,
)
from thucthi.indicators.calculations.rows import GoodRow, RawRow, RowRead, Trouble
from thucthi.indicators.calculations.said import N_, Said, shown
from thucthi.indicators.calculations.said_periods import PeriodRead, read_period
from thucthi.kernel.periods import Span, span_containing
from thucthi.kernel.values import ValueState
from thucthi.kernel.vietnamese_text import fold

__all__ = [
    "CellRead", "GoodRow", "Known", "KnownIndicator", "KnownOrganisation", "PeriodRead", "RawRow", "RowRead",
    "RowsRead", "Trouble", "decimal_mark_of", "is_old_file", "read_cell", "read_period", "read_rows", "reading_rows",
]  # fmt: skip

MOST_KEPT = 500
"""So many faults and warnings are kept word for word; the rest is counted."""
LONGEST_SOURCE, LONGEST_REMARK = 300, 500
NO_INDICATOR = N_("Chưa ghi mã chỉ tiêu. Đề nghị ghi mã như trong bảng mẫu.")
UNKNOWN_INDICATOR = N_("Không có chỉ tiêu mã “%(text)s”. Đề nghị ghi mã như trong bảng mẫu.")
NEAR_INDICATOR = N_("Không có chỉ tiêu mã “%(text)s”. Có phải “%(near)s” (%(name)s)?")
NO_ORGANISATION = N_("Chưa ghi mã đơn vị. Số của cả nước đề nghị ghi “cả nước”.")
UNKNOWN_ORGANISATION = N_("Không có đơn vị mã “%(text)s”. Đề nghị ghi mã như trong bảng mẫu.")
NEAR_ORGANISATION = N_("Không có đơn vị mã “%(text)s”. Có phải “%(near)s” (%(name)s)?")
NOT_YOURS = N_("Không được ghi số liệu của “%(text)s”. Đề nghị bỏ dòng này, hoặc gửi đơn vị đó ghi.")
UNKNOWN_KIND = N_(
    "Không có loại số liệu “%(text)s”. Đề nghị ghi: số chính thức, số đơn vị báo cáo, số ước tính hoặc số điều tra mẫu."
)
UNKNOWN_BREAKDOWN = N_("Chỉ tiêu này không có phân tổ “%(text)s”. Đề nghị để trống hoặc ghi như trong bảng mẫu.")
NO_SOURCE = N_("Chưa ghi nguồn số liệu. Đề nghị ghi cơ quan, báo cáo hoặc hệ thống có số này.")
TOO_LONG = N_("Ô này dài hơn %(most)s ký tự. Đề nghị ghi gọn lại.")
TWICE = N_("Dòng này trùng với dòng %(other)s (cùng chỉ tiêu, đơn vị và kỳ). Đề nghị bỏ một dòng.")


@dataclass(slots=True)
class RowsRead:
    """All rows of a delivery. `faults` and `warnings` hold the first `MOST_KEPT`; the counts hold all of them.

    `fault_count` counts rows with a fault, `zeros` those whose typed 0 counts as a confirmed zero.
    """

    good: list[GoodRow] = field(default_factory=list)
    faults: list[Trouble] = field(default_factory=list)
    warnings: list[Trouble] = field(default_factory=list)
    total: int = 0
    fault_count: int = 0
    warning_count: int = 0
    empty: int = 0
    zeros: int = 0

    def take(self, row: RowRead) -> None:
        self.total += 1
        self.fault_count += bool(row.faults)
        self.warning_count += len(row.warnings)
        self.faults += row.faults[: max(0, MOST_KEPT - len(self.faults))]
        self.warnings += row.warnings[: max(0, MOST_KEPT - len(self.warnings))]
        if row.good is None:
            self.empty += not row.faults
            return
        self.good.append(row.good)
        self.zeros += row.good.state is ValueState.CONFIRMED_ZERO


def read_rows(raw_rows: Iterable[RawRow], known: Known) -> RowsRead:
    """Read every row. Never raises for what is in them."""
    read = RowsRead()
    for row in reading_rows(raw_rows, known):
        read.take(row)
    return read


def reading_rows(raw_rows: Iterable[RawRow], known: Known) -> Iterator[RowRead]:
    """The rows one by one, in their order; a line that stood in an earlier good row is a fault."""
    seen: dict[tuple[object, ...], int] = {}
    reader = _Reader(known)
    for raw in raw_rows:
        read = reader.read(raw)
        if read.good is not None:
            other = seen.setdefault(read.good.line, raw.number)
            if other != raw.number:
                trouble = Trouble(raw.number, "indicator", Said(TWICE, {"other": str(other)}))
                read = replace(read, good=None, faults=(trouble,))
        yield read


def is_old_file(rows: Iterable[GoodRow], *, opened: int, today: date) -> bool:
    """Whether this looks like the file of an earlier period: none of the rows opens a line (`opened` counts those that
    do), and each is of a period before the last one that ended."""
    newest = {(row.indicator.frequency, row.span.end) for row in rows}
    return (
        opened == 0
        and bool(newest)
        and all(end < span_containing(today, frequency).previous.end for frequency, end in newest)
    )


class _Reader:
    """Reads rows against what is known; holds the troubles of the row at hand."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.near_indicators = Suggestions(known.indicators)
        self.near_organisations = Suggestions(known.organisations)
        self.row = 0
        self.faults: list[Trouble] = []
        self.warnings: list[Trouble] = []

    def read(self, raw: RawRow) -> RowRead:
        self.row, self.faults, self.warnings = raw.number, [], []
        if not any(_words(cell) for cell in (raw.value, raw.state, raw.numerator, raw.denominator)):
            return RowRead(raw.number)
        indicator = self._indicator(_words(raw.indicator))
        organisation = self._organisation(_words(raw.organisation))
        kind, texts = self._kind(_words(raw.kind)), self._texts(raw, indicator)
        if indicator is None:
            return RowRead(raw.number, None, tuple(self.faults), tuple(self.warnings))
        span = self._span(raw, indicator)
        breakdown = self._breakdown(_words(raw.breakdown), indicator)
        answer = self._answer(raw, indicator)
        good = None
        if not self.faults and span is not None and answer.state is not None:
            good = GoodRow(
                raw.number, indicator, organisation, span, kind, breakdown,
                answer.state, answer.amount, answer.numerator, answer.denominator, *texts,
            )  # fmt: skip
        return RowRead(raw.number, good, tuple(self.faults), tuple(self.warnings))

    def _fault(self, column: str, sentence: str, **values: str) -> None:
        self.faults.append(Trouble(self.row, column, Said(sentence, values)))

    def _indicator(self, code: str) -> KnownIndicator | None:
        found = self.known.indicators.get(code) or self.known.indicators.get(code.lower())
        if found is None and not code:
            self._fault("indicator", NO_INDICATOR)
        elif found is None:
            near = self.near_indicators.near(code)
            if near is None:
                self._fault("indicator", UNKNOWN_INDICATOR, text=shown(code))
            else:
                self._fault("indicator", NEAR_INDICATOR, text=shown(code), near=near.code, name=near.name)
        return found

    def _organisation(self, code: str) -> KnownOrganisation | None:
        found = self.known.organisations.get(code) or self.known.organisations.get(code.lower())
        if found is not None:
            if not found.may_write:
                self._fault("organisation", NOT_YOURS, text=found.name)
        elif not code:
            self._fault("organisation", NO_ORGANISATION)
        elif fold(code) in COUNTRY_WORDS:
            if not self.known.may_write_country:
                self._fault("organisation", NOT_YOURS, text=shown(code))
        else:
            self._unknown_organisation(code)
        return found

    def _unknown_organisation(self, code: str) -> None:
        near = self.near_organisations.near(code)
        if near is None:
            self._fault("organisation", UNKNOWN_ORGANISATION, text=shown(code))
        else:
            self._fault("organisation", NEAR_ORGANISATION, text=shown(code), near=near.code, name=near.name)

    def _kind(self, word: str) -> str:
        kind = KIND_WORDS.get(fold(word)) if word else self.known.kind
        if kind is None:
            self._fault("kind", UNKNOWN_KIND, text=shown(word))
        return kind or ""

    def _texts(self, raw: RawRow, indicator: KnownIndicator | None) -> tuple[str, str]:
        source = _words(raw.source) or self.known.source or (indicator.source if indicator else "")
        remark = _words(raw.remark)
        if not source and indicator:
            self._fault("source", NO_SOURCE)
        for column, text, most in (("source", source, LONGEST_SOURCE), ("remark", remark, LONGEST_REMARK)):
            if len(text) > most:
                self._fault(column, TOO_LONG, most=str(most))
        return source, remark

    def _span(self, raw: RawRow, indicator: KnownIndicator) -> Span | None:
        read = read_period(raw.period, indicator.frequency, today=self.known.today)
        if read.fault:
            self.faults.append(Trouble(self.row, "period", read.fault))
        self.warnings += [Trouble(self.row, "period", said) for said in read.warnings]
        return read.span

    def _breakdown(self, text: str, indicator: KnownIndicator) -> str:
        if not text:
            return ""
        parts = dict(part.partition(":")[::2] for part in text.split("|"))
        known = indicator.parts
        if len(parts) != text.count("|") + 1 or any(value not in known.get(name, ()) for name, value in parts.items()):
            self._fault("breakdown", UNKNOWN_BREAKDOWN, text=shown(text))
        return "|".join(f"{name}:{parts[name]}" for name in sorted(parts))

    def _answer(self, raw: RawRow, indicator: KnownIndicator) -> Answer:
        answer = answer_of(raw, indicator, self.known)
        self.faults += [Trouble(self.row, column, said) for column, said in answer.faults]
        self.warnings += [Trouble(self.row, column, said) for column, said in answer.warnings]
        return answer


def _words(cell: object) -> str:
    """A text as it can be kept: one line, no letters that cannot be printed; a whole number without its ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    words = " ".join(str(cell).split())
    return words if words.isprintable() else "".join(char for char in words if char.isprintable())
