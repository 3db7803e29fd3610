"""One row of values: as it came, and as it can be recorded."""

from dataclasses import dataclass
from decimal import Decimal

from thucthi.indicators.calculations.codes import KnownIndicator, KnownOrganisation
from thucthi.indicators.calculations.said import Said
from thucthi.kernel.periods import Span
from thucthi.kernel.values import ValueState


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it came: texts, or the numbers and days of a spreadsheet.

    `number` is the row that a person sees. `state` is the word chosen beside the value, if there is such a column.
    `percent_cell`: the spreadsheet shows the value as a percentage.
    """

    number: int
    indicator: object = None
    organisation: object = None
    period: object = None
    value: object = None
    kind: object = None
    breakdown: object = None
    numerator: object = None
    denominator: object = None
    source: object = None
    remark: object = None
    state: object = None
    percent_cell: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, or to be looked at, in one row; `column` is a field of RawRow."""

    row: int
    column: str
    said: Said


@dataclass(frozen=True, slots=True)
class GoodRow:
    """A row that can be recorded. No organisation: the whole country."""

    number: int
    indicator: KnownIndicator
    organisation: KnownOrganisation | None
    span: Span
    kind: str
    breakdown: str
    state: ValueState
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    source: str
    remark: str

    @property
    def line(self) -> tuple[int, int | None, str, str, str]:
        body = self.organisation.pk if self.organisation else None
        return (self.indicator.pk, body, self.kind, self.breakdown, self.span.key)

    @property
    def said(self) -> tuple[str, Decimal | None, Decimal | None, Decimal | None]:
        return (str(self.state), self.amount, self.numerator, self.denominator)


@dataclass(frozen=True, slots=True)
class RowRead:
    """What became of one row: good, faulty, or passed over because nothing was said in it."""

    number: int
    good: GoodRow | None = None
    faults: tuple[Trouble, ...] = ()
    warnings: tuple[Trouble, ...] = ()
