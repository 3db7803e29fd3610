"""Where a stated value and its parts do not say the same. A difference is shown, never repaired."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext

from thucthi.monitoring.calculations.figures.combine import EXACT, SIX_DECIMALS, Part, figure_of, figure_of_cell
from thucthi.monitoring.calculations.figures.shapes import Figure, Operator, Origin, Reconciliation, Rule

CHILDREN, RATIO, DIMENSION = "children", "ratio", "dimension:"


def against_children(rule: Rule, stated: Figure, below: Sequence[Part]) -> Reconciliation | None:
    """A published value beside what the rule makes of the units below; None where one of the two is missing."""
    if rule.origin is not Origin.SOURCE or rule.operator is Operator.NONE or stated.amount is None:
        return None
    weights = {part.figure.unit_id: part.weight for part in below}
    as_children = Rule(Origin.CHILDREN, rule.operator, rule.scale, rule.floor, rule.falls, rule.is_weighted)
    nothing = figure_of_cell(stated.indicator_id, stated.period, stated.unit_id, None)
    made = figure_of(as_children, stated=nothing, below=[part.figure for part in below], weigh=weights.get)
    if made.amount is None:
        return None
    return _reconciliation(stated, CHILDREN, made.amount, made.counted, made.expected)


def against_ratio(stated: Figure, scale: Decimal) -> Reconciliation | None:
    """A stated ratio beside numerator/denominator, to the decimals in which it was stated."""
    if stated.own is None or stated.numerator is None or not stated.denominator:
        return None
    with localcontext(EXACT):
        computed = (stated.numerator * scale / stated.denominator).quantize(SIX_DECIMALS)
        places = Decimal(1).scaleb(_exponent(stated.own))
        if computed.quantize(places) == stated.own:
            computed = stated.own
    return _reconciliation(stated, RATIO, computed, 1, 1)


def _exponent(amount: Decimal) -> int:
    exponent = amount.normalize().as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0


def against_dimension(
    stated: Figure, parts: Mapping[str, Figure], *, dimension: str, categories: Iterable[str]
) -> Reconciliation | None:
    """The whole beside the sum over an exhaustive dimension; `parts` by category. None while no part is known."""
    owed = [parts.get(category) for category in categories]
    owed = [part for part in owed if part is None or part.expected]
    amounts = [part.amount for part in owed if part is not None and part.amount is not None]
    if stated.amount is None or not amounts:
        return None
    with localcontext(EXACT):
        total = sum(amounts, Decimal(0))
    return _reconciliation(stated, f"{DIMENSION}{dimension}", total, len(amounts), len(owed))


def _reconciliation(stated: Figure, what: str, computed: Decimal, counted: int, expected: int) -> Reconciliation:
    return Reconciliation(
        indicator_id=stated.indicator_id,
        period=stated.period,
        unit_id=stated.unit_id,
        what=what,
        stated=stated.amount if stated.amount is not None else Decimal(0),
        computed=computed,
        counted=counted,
        expected=expected,
    )
