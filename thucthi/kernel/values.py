"""What a figure may be, how figures are added up, and when a target is met.

A figure, a zero somebody confirmed, a report that did not come, a question that does not apply, a figure that
may not be shown and a figure that may still change are six different things (demands D11, D45, D73, D80).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Self

HUNDRED = Decimal(100)
MINUS = "\N{MINUS SIGN}"
EN_DASH = "\N{EN DASH}"


class ValueState(StrEnum):
    """What kind of answer was given."""

    NUMBER = "number"
    CONFIRMED_ZERO = "confirmed_zero"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    CONFIDENTIAL = "confidential"
    PROVISIONAL = "provisional"


STATES_WITH_AMOUNT = frozenset({ValueState.NUMBER, ValueState.CONFIRMED_ZERO, ValueState.PROVISIONAL})


@dataclass(frozen=True, slots=True)
class Value:
    """One answer. `amount` is in `unit`; a ratio carries both its parts, in their own units.

    Rules, each broken one raises ValueError:

    * number, provisional and confirmed_zero have a finite amount; the three other states have none;
    * confirmed_zero is exactly 0, and a *number* is never 0: whoever reads 0 must know that somebody meant it,
      so a zero is either confirmed or still provisional;
    * numerator and denominator come together, only beside an amount, and the denominator is not 0.

    Whether the parts give the amount is not asked here: a stated ratio that does not add up is a fact too, and
    finding it is the work of the honesty checks.
    """

    state: ValueState
    amount: Decimal | None = None
    unit: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    def __post_init__(self) -> None:
        _check_amount(self.state, self.amount)
        _check_ratio(self)

    @classmethod
    def number(
        cls, amount: Decimal, unit: str = "", *, numerator: Decimal | None = None, denominator: Decimal | None = None
    ) -> Self:
        """A final figure other than 0. Raises ValueError for 0: use `confirmed_zero`."""
        return cls(ValueState.NUMBER, amount, unit, numerator, denominator)

    @classmethod
    def confirmed_zero(cls, unit: str = "", *, denominator: Decimal | None = None) -> Self:
        """Zero, and somebody says so; with a `denominator` it is 0 out of that many."""
        numerator = None if denominator is None else Decimal(0)
        return cls(ValueState.CONFIRMED_ZERO, Decimal(0), unit, numerator, denominator)

    @classmethod
    def provisional(
        cls, amount: Decimal, unit: str = "", *, numerator: Decimal | None = None, denominator: Decimal | None = None
    ) -> Self:
        """A figure, possibly 0, that its source may still change."""
        return cls(ValueState.PROVISIONAL, amount, unit, numerator, denominator)

    @classmethod
    def not_reported(cls, unit: str = "") -> Self:
        """Owed and not received."""
        return cls(ValueState.NOT_REPORTED, None, unit)

    @classmethod
    def not_applicable(cls, unit: str = "") -> Self:
        """Not owed: the question has no meaning here."""
        return cls(ValueState.NOT_APPLICABLE, None, unit)

    @classmethod
    def confidential(cls, unit: str = "") -> Self:
        """Known, and not to be shown or added up here."""
        return cls(ValueState.CONFIDENTIAL, None, unit)


def _check_amount(state: ValueState, amount: Decimal | None) -> None:
    if state not in STATES_WITH_AMOUNT:
        if amount is not None:
            raise ValueError(f"{state} carries no amount")
        return
    if amount is None or not amount.is_finite():
        raise ValueError(f"{state} needs a finite amount")
    if state is ValueState.NUMBER and amount == 0:
        raise ValueError("a zero is confirmed_zero or provisional, never a plain number")
    if state is ValueState.CONFIRMED_ZERO and amount != 0:
        raise ValueError("confirmed_zero is exactly 0")


def _check_ratio(value: Value) -> None:
    parts = (value.numerator, value.denominator)
    if parts == (None, None):
        return
    if value.amount is None:
        raise ValueError(f"{value.state} carries no ratio")
    if any(part is None or not part.is_finite() for part in parts):
        raise ValueError("numerator and denominator come together and are finite")
    if value.denominator == 0:
        raise ValueError("a denominator is not 0")


@dataclass(frozen=True, slots=True)
class Total:
    """A sum with its coverage: `counted` of the `expected` answers are in `sum`.

    `sum` is None when nothing was counted, which is not the same as 0. `states` lists how many answers were in
    each state that occurs, in the order of `ValueState`.
    """

    sum: Decimal | None
    unit: str
    counted: int
    expected: int
    states: tuple[tuple[ValueState, int], ...]

    @property
    def is_complete(self) -> bool:
        """Every expected answer is in the sum, and at least one was expected."""
        return self.counted == self.expected > 0

    def count_of(self, state: ValueState) -> int:
        """How many of the answers were in `state`."""
        return dict(self.states).get(state, 0)


def total(values: Iterable[Value]) -> Total:
    """Add up what can be added and say how much that is (promise: no number without its parts).

    A missing or confidential answer is expected and not counted: it neither blanks the sum nor enters it as 0.
    What does not apply is not expected either. Raises ValueError when amounts are in different units.
    """
    answers = tuple(values)
    amounts = [answer.amount for answer in answers if answer.amount is not None]
    units = {answer.unit for answer in answers if answer.amount is not None}
    if len(units) > 1:
        raise ValueError(f"amounts in different units cannot be added: {sorted(units)}")
    found = Counter(answer.state for answer in answers)
    return Total(
        sum=sum(amounts, Decimal(0)) if amounts else None,
        unit=units.pop() if units else "",
        counted=len(amounts),
        expected=len(answers) - found[ValueState.NOT_APPLICABLE],
        states=tuple((state, found[state]) for state in ValueState if found[state]),
    )


class Direction(StrEnum):
    """Which way is good: up, down, or staying where the target is."""

    RISE = "rise"
    FALL = "fall"
    HOLD = "hold"


def achievement(
    baseline: Decimal | None, target: Decimal | None, actual: Decimal | None, direction: Direction
) -> Decimal | None:
    """How much of the promised way was gone, in per cent of it; never clamped: 130 is 130, -5 is -5.

    * rise, fall: the way from `baseline` to `target`. Without a baseline a rise counts from 0 ("so với kế hoạch");
      a fall has no starting point then.
    * hold: 100 less the deviation from the target, in per cent of the target.

    None when a part is missing, when there is no way to go (baseline = target, or a target of 0 to hold), or when
    the target lies on the wrong side of the baseline: such a target contradicts its indicator. All three amounts
    are in the unit of the indicator; the result is not rounded.
    """
    if target is None or actual is None:
        return None
    if direction is Direction.HOLD:
        return None if target == 0 else HUNDRED - HUNDRED * abs(actual - target) / abs(target)
    if baseline is None and direction is Direction.RISE:
        baseline = Decimal(0)
    if baseline is None:
        return None
    way = target - baseline
    leads_the_good_way = way > 0 if direction is Direction.RISE else way < 0
    return HUNDRED * (actual - baseline) / way if leads_the_good_way else None


class Operator(StrEnum):
    """How a target binds the figure, as its document words it."""

    AT_LEAST = ">="
    MORE_THAN = ">"
    AT_MOST = "<="
    LESS_THAN = "<"
    EQUAL = "="
    RANGE = "range"
    ABOUT = "about"


_SYMBOLS = {Operator.AT_LEAST: "≥ ", Operator.AT_MOST: "≤ ", Operator.ABOUT: "≈ ", Operator.RANGE: ""}
_BOUNDED_FROM_ABOVE = frozenset({Operator.AT_MOST, Operator.LESS_THAN})


@dataclass(frozen=True, slots=True)
class Bound:
    """A target in figures. `low` and `high` are in `unit` (`unit_en` in English, else the same word).

    "at most" and "less than" have only `high`; a range has both, low ≤ high; "about" has `low` and may have `high`;
    the others have only `low`. Anything else raises ValueError.
    """

    operator: Operator
    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    unit_en: str = ""

    def __post_init__(self) -> None:
        needs_high = self.operator in _BOUNDED_FROM_ABOVE or self.operator is Operator.RANGE
        may_have_high = needs_high or self.operator is Operator.ABOUT
        needs_low = self.operator not in _BOUNDED_FROM_ABOVE
        if needs_low != (self.low is not None):
            raise ValueError(f"{self.operator} {'needs' if needs_low else 'has no'} low bound")
        if self.high is None and needs_high:
            raise ValueError(f"{self.operator} needs a high bound")
        if self.high is not None and not may_have_high:
            raise ValueError(f"{self.operator} has no high bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("the low bound lies above the high bound")

    def met_by(self, amount: Decimal | None) -> bool | None:
        """Whether `amount` keeps the target; None without an amount, and for "about", whose width no text gives."""
        if amount is None or self.operator is Operator.ABOUT:
            return None
        checks = {
            Operator.AT_LEAST: self.low is not None and amount >= self.low,
            Operator.MORE_THAN: self.low is not None and amount > self.low,
            Operator.AT_MOST: self.high is not None and amount <= self.high,
            Operator.LESS_THAN: self.high is not None and amount < self.high,
            Operator.EQUAL: amount == self.low,
            Operator.RANGE: self.low is not None and self.high is not None and self.low <= amount <= self.high,
        }
        return checks[self.operator]

    @property
    def wording(self) -> str:
        """In Vietnamese signs: "≥ 55 %", "8,5–9,5 %"."""
        return self._signed([format_vi(bound) for bound in self._bounds()], f" {self.unit}".rstrip())

    @property
    def wording_en(self) -> str:
        """In English signs: "≥ 55%", "8.5–9.5%"."""
        unit = self.unit_en or self.unit
        space = "" if unit.startswith("%") else " "
        return self._signed([format_en(bound) for bound in self._bounds()], f"{space}{unit}".rstrip())

    def _bounds(self) -> list[Decimal]:
        return [bound for bound in (self.low, self.high) if bound is not None]

    def _signed(self, figures: list[str], unit: str) -> str:
        return f"{_SYMBOLS.get(self.operator, f'{self.operator} ')}{EN_DASH.join(figures)}{unit}"


def format_vi(amount: Decimal, *, places: int | None = None) -> str:
    """Decimal comma, point between thousands, a true minus sign: 8500.5 → "8.500,5".

    All digits that mean something are shown and no others, or exactly `places` decimals, halves away from 0.
    Raises ValueError for what is not a finite number.
    """
    return format_en(amount, places=places).translate({ord(","): ".", ord("."): ","})


def format_en(amount: Decimal, *, places: int | None = None) -> str:
    """Decimal point, comma between thousands; otherwise as `format_vi`."""
    if not amount.is_finite():
        raise ValueError("only a finite number can be written out")
    if places is not None:
        amount = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(amount):,f}".partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    digits = f"{whole}.{fraction}" if fraction else whole
    return f"{MINUS}{digits}" if amount < 0 else digits
