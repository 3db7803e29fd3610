"""The rows that figures are made of: every value ever recorded, what corrected it, by which delivery it came.

A row whose figure is hidden, so that a confidential part cannot be computed from it, is hidden here too.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from thucthi.indicators.models import Dispute, Indicator, Observation
from thucthi.indicators.selectors.disputes import DisputeStanding, disputes_of
from thucthi.kernel.values import ValueState
from thucthi.monitoring.calculations.figures.shapes import COUNTRY
from thucthi.monitoring.selectors.figures import figures
from thucthi.monitoring.selectors.indicator_frame import Unit, label_of
from thucthi.monitoring.value_words import ValueWord, word_of


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A recorded value as it may be shown. `replaces` is the row it corrects, `is_standing` until it is corrected."""

    row: Observation
    is_standing: bool
    is_hidden: bool
    replaces: "ValueRow | None" = None
    disputes: tuple[DisputeStanding, ...] = ()

    @property
    def state(self) -> ValueState:
        return ValueState.CONFIDENTIAL if self.is_hidden else ValueState(self.row.state)

    @property
    def amount(self) -> Decimal | None:
        return None if self.is_hidden else self.row.amount

    @property
    def parts(self) -> tuple[Decimal, Decimal] | None:
        """Numerator and denominator."""
        if self.is_hidden or self.row.numerator is None or self.row.denominator is None:
            return None
        return self.row.numerator, self.row.denominator

    @property
    def word(self) -> ValueWord:
        return word_of(self.state)

    @property
    def label(self) -> str:
        return label_of(self.row.period)


def rows_known(indicator: Indicator, as_of: date) -> QuerySet[Observation]:
    """Every row known on that day, corrected ones too."""
    rows = indicator.observations.filter(available_on__lte=as_of).select_related("delivery", "delivery__feed")
    disputes = Dispute.objects.filter(Q(observation=OuterRef("pk")) | Q(answer__correction=OuterRef("pk")))
    return rows.annotate(is_disputed=Exists(disputes))


def value_rows(
    rows: Iterable[Observation], *, as_of: date, hidden: Collection[tuple[int, str]], with_disputes: bool = False
) -> list[ValueRow]:
    """`rows` in their order, each with what it replaces when that is among them.

    `hidden` holds (unit, period) of figures that are not shown.
    """
    found = list(rows)
    corrected = {row.corrects_id for row in found if row.corrects_id is not None}
    # What became confidential is not to be read from the row that stood before.
    secret = {_line(row) for row in found if row.state == ValueState.CONFIDENTIAL and row.pk not in corrected}
    doubted = [row.pk for row in found if getattr(row, "is_disputed", True)] if with_disputes else []
    disputes = disputes_of(doubted, as_of) if doubted else {}
    made: dict[int, ValueRow] = {}
    for row in sorted(found, key=lambda each: each.pk):
        made[row.pk] = ValueRow(
            row=row,
            is_standing=row.pk not in corrected,
            is_hidden=(row.organisation_id or COUNTRY, row.period) in hidden or _line(row) in secret,
            replaces=made.get(row.corrects_id) if row.corrects_id else None,
            disputes=tuple(disputes.get(row.pk, ())),
        )
    return [made[row.pk] for row in found]


def _line(row: Observation) -> tuple[int | None, str, str, str]:
    return row.organisation_id, row.kind, row.breakdown, row.period


def rows_of_unit(indicator: Indicator, unit: Unit, *, as_of: date) -> Sequence[Observation]:
    """Every row of the unit, whole and parts, oldest period first."""
    return list(_ordered(rows_known(indicator, as_of).filter(organisation=None if unit.is_country else unit.id)))


def rows_of_unit_and_period(indicator: Indicator, unit: Unit, period: str, *, as_of: date) -> Sequence[Observation]:
    """Every row of the unit, and of all units in that period."""
    of_the_unit = Q(organisation=None) if unit.is_country else Q(organisation=unit.id)
    return list(_ordered(rows_known(indicator, as_of).filter(of_the_unit | Q(period=period, breakdown=""))))


def _ordered(rows: QuerySet[Observation]) -> QuerySet[Observation]:
    return rows.order_by("period_end", "kind", "breakdown", "pk")


def hidden_lines(indicator: Indicator, rows: Iterable[Observation], *, as_of: date) -> set[tuple[int, str]]:
    """(unit, period) of the figures hidden beside a confidential value; only periods that have one can have any."""
    periods = {row.period for row in rows if row.state == ValueState.CONFIDENTIAL}
    if not periods:
        return set()
    found = figures([indicator.pk], sorted(periods), as_of=as_of)
    return {(figure.unit_id, figure.period) for figure in found if figure.is_suppressed}
