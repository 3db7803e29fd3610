"""From months to quarters, half-years and years, and running sums within a year.

A longer period is made by the kind of the indicator: what flows is added; a level, an index or a rank is the last one
(provisional until the last period is in); a ratio is made anew from its parts; what accumulates runs on within the
calendar year. Periods that did not come are owed and not counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from thucthi.kernel.periods import MONTHS_OF, Frequency, Span, span_containing, spans_between
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.combine import EXACT, SIX_DECIMALS, state_of
from thucthi.monitoring.calculations.figures.shapes import Figure

FLOWS, CUMULATES, IS_RATIO = "flow", "cumulative", "ratio"


@dataclass(frozen=True, slots=True)
class OverTime:
    """The figure of a longer period. `counted` of `expected` shorter periods are in it; `last` is the newest of them.

    `is_final`: the last shorter period is in it, so that a level is the level at the end.
    """

    period: str
    state: ValueState
    amount: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    counted: int
    expected: int
    last: str | None
    is_final: bool


def over_time(
    figures: Mapping[str, Figure], span: Span, *, frequency: Frequency, kind: str, scale: Decimal
) -> OverTime:
    """The figure of `span` from those of its parts, by their period keys; `kind` is an IndicatorKind.

    A cumulative indicator is given as the increase of each period; its figure is the running sum since January.
    """
    first = span_containing(span.start.replace(month=1, day=1), span.frequency) if kind == CUMULATES else span
    whole = Span(first.start, span.end, span.frequency)
    keys = [part.key for part in spans_between(*_ends(whole, frequency))]
    owed = [key for key in keys if _is_owed(figures.get(key))]
    found = [figures[key] for key in owed if key in figures and figures[key].amount is not None]
    amount, numerator, denominator = _amount(found, kind, scale)
    is_final = bool(found) and bool(owed) and found[-1].period == owed[-1]
    is_level = kind not in {FLOWS, CUMULATES, IS_RATIO}
    provisional = sum(figure.state is ValueState.PROVISIONAL for figure in (found[-1:] if is_level else found))
    counted = 0 if amount is None else len(found)
    state = state_of(
        amount,
        counted=counted,
        expected=len(owed),
        provisional=provisional or int(is_level and counted > 0 and not is_final),
        confidential=sum(figures[key].state is ValueState.CONFIDENTIAL for key in owed if key in figures),
    )
    last = found[-1].period if found else None
    return OverTime(span.key, state, amount, numerator, denominator, counted, len(owed), last, is_final)


def _ends(span: Span, frequency: Frequency) -> tuple[Span, Span]:
    if frequency not in MONTHS_OF or MONTHS_OF[frequency] > MONTHS_OF.get(span.frequency, 0):
        raise ValueError(f"{span.key} is not made of {frequency} periods")
    return span_containing(span.start, frequency), span_containing(span.end, frequency)


def _is_owed(figure: Figure | None) -> bool:
    return figure is None or figure.state is not ValueState.NOT_APPLICABLE


def _amount(
    found: Sequence[Figure], kind: str, scale: Decimal
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if not found:
        return None, None, None
    with localcontext(EXACT):
        if kind in {FLOWS, CUMULATES}:
            return sum((figure.amount for figure in found if figure.amount is not None), Decimal(0)), None, None
        if kind == IS_RATIO and all(figure.denominator is not None for figure in found):
            numerator = sum((figure.numerator or Decimal(0) for figure in found), Decimal(0))
            denominator = sum((figure.denominator or Decimal(0) for figure in found), Decimal(0))
            if denominator != 0:
                return (numerator * scale / denominator).quantize(SIX_DECIMALS), numerator, denominator
    last = found[-1]
    return last.amount, last.numerator, last.denominator


@dataclass(frozen=True, slots=True)
class Running:
    """A running sum since January: `counted` of the `expected` periods so far are in `amount`."""

    period: str
    amount: Decimal | None
    counted: int
    expected: int


def cumulate(increases: Iterable[tuple[str, Decimal | None]]) -> list[Running]:
    """Running sums within each calendar year, from (period, increase) in the order of time; None: not reported.

    Made anew from all increases each time, so that correcting an early period moves every later one of its year.
    """
    running: list[Running] = []
    year, amount, counted, expected = "", None, 0, 0
    with localcontext(EXACT):
        for period, increase in increases:
            if period[:4] != year:
                year, amount, counted, expected = period[:4], None, 0, 0
            expected += 1
            if increase is not None:
                amount = increase if amount is None else amount + increase
                counted += 1
            running.append(Running(period, amount, counted, expected))
    return running
