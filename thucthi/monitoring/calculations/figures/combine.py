"""One figure from its parts: operators, coverage, state. No framework, no clock, no database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import (
    READS_MEMBERS,
    READS_OWN,
    Cell,
    Figure,
    Operator,
    Origin,
    Rule,
)

SIX_DECIMALS = Decimal("0.000001")
# Amounts have up to 24 digits and are multiplied by weights and added by the ten thousand: no digit may fall off.
EXACT = Context(prec=120, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Part:
    """A figure on its way into another one, with what it weighs (None: nobody says)."""

    figure: Figure
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    amount: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def state_of(amount: Decimal | None, *, counted: int, expected: int, provisional: int, confidential: int) -> ValueState:
    """The state of a figure, from its amount and coverage.

    Nothing owed: not_applicable. Nothing counted: not_reported, or confidential when everything owed is. A part that
    may still change makes the whole provisional. A zero is confirmed when everything owed is in it; while something is
    missing it is provisional, because what is missing may move it.
    """
    if expected == 0:
        return ValueState.NOT_APPLICABLE
    if amount is None:
        return ValueState.CONFIDENTIAL if confidential == expected else ValueState.NOT_REPORTED
    if provisional or (amount == 0 and counted < expected):
        return ValueState.PROVISIONAL
    return ValueState.CONFIRMED_ZERO if amount == 0 else ValueState.NUMBER


def figure_of_cell(indicator_id: int, period: str, unit_id: int, cell: Cell | None) -> Figure:
    """What a unit states, as a figure: one value owed, unless it does not apply; no cell is a value not reported."""
    if cell is None:
        return Figure(
            indicator_id, period, unit_id, ValueState.NOT_REPORTED, None, None, None, None, None, 0, 1, 0, 0, 0
        )
    state, amount = cell.state, cell.amount
    is_counted = amount is not None
    return Figure(
        indicator_id,
        period,
        unit_id,
        state,
        amount,
        cell.numerator,
        cell.denominator,
        amount,
        None,
        int(is_counted),
        int(state is not ValueState.NOT_APPLICABLE),
        int(state is ValueState.PROVISIONAL),
        int(state is ValueState.CONFIDENTIAL),
        int(state is ValueState.NOT_APPLICABLE),
        False,
        cell.arrived if is_counted else None,
        cell.observation_id if is_counted else None,
    )


def can_enter(rule: Rule, part: Part) -> bool:
    """Whether the operator has what it needs of this part: an amount, and a weight above 0 or both parts of a ratio."""
    if part.figure.amount is None:
        return False
    if rule.operator is Operator.WEIGHTED_MEAN and rule.is_weighted:
        return part.weight is not None and part.weight > 0
    if rule.operator is Operator.RATIO_OF_SUMS:
        return part.figure.numerator is not None and part.figure.denominator is not None
    return True


def figure_of(rule: Rule, *, stated: Figure, below: Sequence[Figure], weigh: Callable[[int], Decimal | None]) -> Figure:
    """The figure of a unit by its rule.

    `stated` is what it says itself (`figure_of_cell`), `below` the figures of its members, `weigh` gives the weight of
    a unit. A part that cannot enter stays owed and is not counted. Where the source's own value is the figure, what
    comes from below stands in `contributed` and changes nothing.
    """
    members = [Part(figure, weigh(figure.unit_id)) for figure in below] if _adds_up(rule) else []
    made_below = _make(rule, [part for part in members if can_enter(rule, part)])
    own = stated.amount if rule.origin in READS_OWN else None
    contributed = made_below.amount if made_below else None
    if rule.origin in {Origin.OWN, Origin.SOURCE}:
        return _with(stated, own=own, contributed=contributed)
    parts = [*members, Part(stated, weigh(stated.unit_id))] if rule.origin is Origin.BOTH else members
    entering = [part for part in parts if can_enter(rule, part)]
    return _covered(stated, parts, entering, _make(rule, entering), own=own, contributed=contributed)


def _adds_up(rule: Rule) -> bool:
    return rule.origin in READS_MEMBERS and rule.operator is not Operator.NONE


def _with(figure: Figure, *, own: Decimal | None, contributed: Decimal | None) -> Figure:
    return Figure(
        **{name: getattr(figure, name) for name in Figure.__slots__} | {"own": own, "contributed": contributed}
    )


def _covered(
    stated: Figure,
    parts: Sequence[Part],
    entering: Sequence[Part],
    made: _Made | None,
    *,
    own: Decimal | None,
    contributed: Decimal | None,
) -> Figure:
    counts = made is not None
    counted = sum(part.figure.counted for part in entering) if counts else 0
    provisional = sum(part.figure.provisional for part in entering) if counts else 0
    expected = sum(part.figure.expected for part in parts)
    confidential = sum(part.figure.confidential for part in parts)
    amount = made.amount if made else None
    newest = max((_stamp(part.figure) for part in entering), default=None) if counts else None
    return Figure(
        indicator_id=stated.indicator_id,
        period=stated.period,
        unit_id=stated.unit_id,
        state=state_of(amount, counted=counted, expected=expected, provisional=provisional, confidential=confidential),
        amount=amount,
        numerator=made.numerator if made else None,
        denominator=made.denominator if made else None,
        own=own,
        contributed=contributed,
        counted=counted,
        expected=expected,
        provisional=provisional,
        confidential=confidential,
        not_applicable=sum(part.figure.not_applicable for part in parts),
        arrived=newest[0] if newest else None,
        observation_id=newest[1] if newest else None,
    )


def _stamp(figure: Figure) -> tuple[date, int]:
    return (figure.arrived or date.min, figure.observation_id or 0)


def _make(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    """The amount of what may enter; None when nothing does, or when the denominators add up to 0."""
    if not entering:
        return None
    with localcontext(EXACT):
        return _OPERATIONS[rule.operator](rule, entering)


def _amounts(entering: Sequence[Part]) -> list[Decimal]:
    return [part.figure.amount for part in entering if part.figure.amount is not None]


def _sum(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    return _Made(sum(_amounts(entering), Decimal(0)))


def _weighted_mean(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    weights = [part.weight if rule.is_weighted and part.weight is not None else Decimal(1) for part in entering]
    weighed = sum((a * w for a, w in zip(_amounts(entering), weights, strict=True)), Decimal(0))
    return _Made((weighed / sum(weights, Decimal(0))).quantize(SIX_DECIMALS))


def _ratio_of_sums(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    numerator = sum((part.figure.numerator or Decimal(0) for part in entering), Decimal(0))
    denominator = sum((part.figure.denominator or Decimal(0) for part in entering), Decimal(0))
    if denominator == 0:
        return None
    return _Made((numerator * rule.scale / denominator).quantize(SIX_DECIMALS), numerator, denominator)


def _min(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    return _Made(min(_amounts(entering)))


def _max(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    return _Made(max(_amounts(entering)))


def _latest(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    newest = max(entering, key=lambda part: _stamp(part.figure)).figure.amount
    return None if newest is None else _Made(newest)


def _count_meeting_floor(rule: Rule, entering: Sequence[Part]) -> _Made | None:
    meeting = Decimal(sum(rule.is_met_by(amount) for amount in _amounts(entering)))
    return _Made(meeting, meeting, Decimal(len(entering)))


_OPERATIONS: dict[Operator, Callable[[Rule, Sequence[Part]], _Made | None]] = {
    Operator.SUM: _sum,
    Operator.WEIGHTED_MEAN: _weighted_mean,
    Operator.RATIO_OF_SUMS: _ratio_of_sums,
    Operator.MIN: _min,
    Operator.MAX: _max,
    Operator.LATEST: _latest,
    Operator.COUNT_MEETING_FLOOR: _count_meeting_floor,
}
