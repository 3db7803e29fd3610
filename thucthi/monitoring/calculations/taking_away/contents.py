"""What is taken away: the values of one indicator, who they are about, and the sheet that says what they mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from thucthi.kernel.spreadsheets import may_run
from thucthi.kernel.values import ValueState

# The country stands above every organisation and has no code of its own; codes of organisations are in small letters.
COUNTRY = "VN"
SIMULATED = "Số liệu mô phỏng / Simulated data"


def N_(sentence: str) -> str:
    """Marks a sentence for translation under the name the collector knows; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One observed value as it was recorded. `area` is the code of an organisation, or COUNTRY.

    `amount`, `numerator` and `denominator` are None unless the state has a number. `corrects` is the number of the
    row that this one corrects; a row is `is_standing` until another corrects it. `is_break`: the first number of its
    series that cannot be compared with those before it.
    """

    number: int
    period: str
    period_start: date
    period_end: date
    area: str
    kind: str
    breakdown: str
    state: ValueState
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    source: str
    remark: str
    available_on: date
    recorded_on: date
    corrects: int | None = None
    is_standing: bool = True
    is_simulated: bool = False
    is_break: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """The sheet of the indicator; `further` are its fields by the keys of Open SDG, as plain text."""

    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str
    direction: str
    kind: str
    frequency: str
    definition: str
    method: str
    limits: str
    source: str
    owner: str
    contact: str
    version: int
    further: Mapping[str, str] = field(default_factory=dict)
    further_en: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contents:
    """`areas` and `breakdowns` name every code that occurs in `rows`, in [vi, en]; `as_of`: the day of reading."""

    definition: Definition
    as_of: date
    rows: Sequence[Row]
    areas: Mapping[str, tuple[str, str]]
    breakdowns: Mapping[str, tuple[str, str]]
    has_history: bool = False

    @property
    def is_simulated(self) -> bool:
        return any(row.is_simulated for row in self.rows)


def with_breaks(rows: Sequence[Row], changed_on: Sequence[date]) -> list[Row]:
    """The rows in their order, marked where a series breaks; `changed_on`: the days on which the sheet changed meaning.

    A series breaks at its first standing number of a period that ends on such a day or later, after one that ends
    before it; a series that begins afterwards is whole.
    """
    series: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.is_standing and row.amount is not None:
            series.setdefault((row.area, row.kind, row.breakdown), []).append(row)
    broken = set()
    for found in series.values():
        found.sort(key=lambda row: row.period_end)
        for before, after in pairwise(found):
            if any(before.period_end < day <= after.period_end for day in changed_on):
                broken.add(after.number)
    return [replace(row, is_break=row.number in broken) for row in rows]


def plain_number(amount: Decimal | None) -> str:
    """Decimal point, nothing between thousands, no idle zeros: what every program reads alike. "" for None."""
    if amount is None:
        return ""
    digits = f"{amount:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if amount == 0 else digits


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula; an apostrophe stands before it where it would be."""
    return f"'{text}" if may_run(text) else text
