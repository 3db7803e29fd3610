"""Rows that were read, in the shape in which the action takes them."""

from collections.abc import Sequence
from datetime import date

from thucthi.indicators.calculations.reading import GoodRow
from thucthi.indicators.selectors.entry import things_of
from thucthi.indicators.selectors.stated import NewObservation


def observations_of(rows: Sequence[GoodRow], *, available_on: date) -> list[NewObservation]:
    """Good rows as values known from `available_on` on."""
    indicators, bodies = things_of(rows)
    return [
        NewObservation(
            indicator=indicators[row.indicator.pk],
            period=row.span.key,
            period_end=row.span.end,
            state=str(row.state),
            source=row.source,
            available_on=available_on,
            amount=row.amount,
            kind=row.kind,
            organisation=bodies[row.organisation.pk] if row.organisation else None,
            numerator=row.numerator,
            denominator=row.denominator,
            breakdown=row.breakdown,
            remark=row.remark,
        )
        for row in rows
    ]
