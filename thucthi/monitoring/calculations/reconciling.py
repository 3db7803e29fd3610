"""What was declared, what was measured and what a sample says, side by side, and whether they agree."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

TWO_PER_CENT = Decimal("0.02")


class Agreement(StrEnum):
    """How the declared figure lies to the reference: the measured one, else the sample's."""

    AGREE = "agree"
    ABOVE = "declared_above"
    BELOW = "declared_below"
    ONLY_DECLARED = "only_declared"
    ONLY_REFERENCE = "only_measured"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two figures may lie apart and still say the same: the larger of a share and an amount in the unit."""

    relative: Decimal
    absolute: Decimal


# By kind of indicator. Shares in per cent and index points are held to half a point, ranks and rubric levels exactly.
TOLERANCES = {
    "stock": Tolerance(TWO_PER_CENT, Decimal(0)),
    "flow": Tolerance(TWO_PER_CENT, Decimal(0)),
    "cumulative": Tolerance(TWO_PER_CENT, Decimal(0)),
    "ratio": Tolerance(Decimal(0), Decimal("0.5")),
    "index": Tolerance(TWO_PER_CENT, Decimal(0)),
    "rank": Tolerance(Decimal(0), Decimal(0)),
    "qualitative": Tolerance(Decimal(0), Decimal(0)),
}


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One indicator, unit and period. `gap` is declared minus reference; `allowed` how large it may be."""

    indicator_id: int
    unit_id: int
    period: str
    declared: Decimal | None
    measured: Decimal | None
    sample: Decimal | None
    word: Agreement
    gap: Decimal | None = None
    allowed: Decimal | None = None

    @property
    def reference(self) -> Decimal | None:
        return self.measured if self.measured is not None else self.sample


def allowed_gap(kind: str, reference: Decimal, *, rounding: Decimal = Decimal(0)) -> Decimal:
    """The tolerance of that kind at that height, never below half of the place the figures are rounded to."""
    tolerance = TOLERANCES[kind]
    return max(tolerance.relative * abs(reference), tolerance.absolute, rounding)


def rounding_of(*amounts: Decimal) -> Decimal:
    """Half of the last place of the coarsest of `amounts`; whole numbers are taken to be exact to one."""
    exponents = [int(amount.normalize().as_tuple().exponent) for amount in amounts]
    return Decimal("0.5").scaleb(min(0, max(exponents, default=0)))


@dataclass(frozen=True, slots=True)
class Sides:
    """The standing amounts of one line; None where nothing with a number stands. `margin`: of the sample, if given."""

    declared: Decimal | None
    measured: Decimal | None
    sample: Decimal | None
    margin: Decimal | None = None


def reconcile(line: tuple[int, int, str], sides: Sides, *, kind: str) -> Reconciled:
    """What was declared for `line` (indicator, unit, period) against what was measured, else against the sample."""
    reference = sides.measured if sides.measured is not None else sides.sample
    stated = (sides.declared, sides.measured, sides.sample)
    if sides.declared is None or reference is None:
        return Reconciled(*line, *stated, _lonely(sides.declared, reference))
    allowed = allowed_gap(kind, reference, rounding=_rounding(kind, sides.declared, reference))
    if sides.measured is None and sides.margin is not None:
        allowed = sides.margin
    gap = sides.declared - reference
    return Reconciled(*line, *stated, _side(gap, allowed), gap, allowed)


def _rounding(kind: str, declared: Decimal, reference: Decimal) -> Decimal:
    if kind in {"rank", "qualitative"}:
        return Decimal(0)
    return rounding_of(declared, reference)


def _lonely(declared: Decimal | None, reference: Decimal | None) -> Agreement:
    if declared is not None:
        return Agreement.ONLY_DECLARED
    return Agreement.NOTHING if reference is None else Agreement.ONLY_REFERENCE


def _side(gap: Decimal, allowed: Decimal) -> Agreement:
    if abs(gap) <= allowed:
        return Agreement.AGREE
    return Agreement.ABOVE if gap > 0 else Agreement.BELOW
