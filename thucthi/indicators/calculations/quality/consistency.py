"""What must hold between indicators of one unit and period: sum(left) operator sum(right), within a tolerance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from thucthi.kernel.values import Value


class Outcome(StrEnum):
    """A rule whose parts are not all known was not checked: that is neither a pass nor a fault."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Term:
    """`factor` times the value of the indicator of that code."""

    code: str
    factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Relation:
    """`operator` is =, <= or >=; an empty right side is 0; `tolerance` is in the unit of the indicators."""

    left: tuple[Term, ...]
    operator: str
    right: tuple[Term, ...]
    tolerance: Decimal = Decimal(0)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(term.code for term in (*self.left, *self.right)))


@dataclass(frozen=True, slots=True)
class Finding:
    """`left` and `right` are the sums, `excess` how far beyond the tolerance they part; `missing` what is not known."""

    outcome: Outcome
    left: Decimal | None = None
    right: Decimal | None = None
    excess: Decimal | None = None
    missing: tuple[str, ...] = ()


def check(relation: Relation, values: Mapping[str, Value]) -> Finding:
    """Judge one relation on the values of one unit and period, by code of the indicator.

    What is not reported, does not apply or may not be shown has no amount: the relation is then unchecked.
    """
    amounts = {code: values[code].amount for code in relation.codes if code in values}
    missing = tuple(code for code in relation.codes if amounts.get(code) is None)
    if missing:
        return Finding(Outcome.UNCHECKED, missing=missing)
    left, right = _sum(relation.left, amounts), _sum(relation.right, amounts)
    apart = {"=": abs(left - right), "<=": left - right, ">=": right - left}[relation.operator]
    excess = apart - relation.tolerance
    if excess > 0:
        return Finding(Outcome.BROKEN, left, right, excess)
    return Finding(Outcome.HOLDS, left, right)


def _sum(terms: Sequence[Term], amounts: Mapping[str, Decimal | None]) -> Decimal:
    return sum((term.factor * (amounts[term.code] or Decimal(0)) for term in terms), Decimal(0))
