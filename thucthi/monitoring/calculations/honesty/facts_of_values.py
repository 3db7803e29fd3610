"""Facts in values, their corrections and their targets that do not fit together. No statistics."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from thucthi.monitoring.calculations.honesty.shapes import Known, Place, Question, Trace
from thucthi.monitoring.calculations.reconciling import allowed_gap, rounding_of

MOST_DAYS_BETWEEN = 7
HALF = Decimal("0.5")
MOST_CHANGE_OF_DENOMINATOR = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Published:
    """An issue that told what was known at the end of `as_of`, shown to everybody on `on`."""

    as_of: date
    on: date


@dataclass(frozen=True, slots=True)
class Eased:
    """A decision that changed a target of an organisation; `old` and `new` are (operator, low, high, year)."""

    organisation_id: int
    target: str
    indicator: str
    direction: str
    decided_on: date
    old: tuple[str, Decimal | None, Decimal | None, int | None]
    new: tuple[str, Decimal | None, Decimal | None, int | None]


@dataclass(frozen=True, slots=True)
class Family:
    """What a unit itself stated, and what its parts stated, where the rule says that both should be the same."""

    organisation_id: int
    indicator: str
    period: str
    period_end: date
    own: Decimal
    parts: tuple[Decimal, ...]
    expected: int
    operator: str


def questions_of_values(rows: Iterable[Known], issues: Sequence[Published] = ()) -> list[Question]:
    """Every question raised by the values of a year and their corrections; one per check, organisation and line."""
    known = {row.row_id: row for row in rows}
    found: dict[tuple[str, int, str, str], list[Trace]] = {}
    for row in sorted(known.values(), key=lambda row: row.row_id):
        before = known.get(row.corrects) if row.corrects is not None else None
        for check, against in _of_row(row, before, issues):
            trace = Trace(
                row.indicator, row.period, row.available_on, row.amount, against, Place.INDICATOR, row.indicator
            )
            found.setdefault((check, row.organisation_id, row.period, row.indicator), []).append(trace)
    return [Question(*key, tuple(traces), {"n": len(traces)}) for key, traces in found.items()]


def _of_row(row: Known, before: Known | None, issues: Sequence[Published]) -> Iterator[tuple[str, Decimal | None]]:
    if row.stands and (given := _amount_of_parts(row)) is not None:
        yield "parts_do_not_give_amount", given
    if _is_back_dated(row):
        yield "back_dated", None
    # A correction that somebody else asked for and was granted is what corrections are for.
    if before is None or row.is_from_dispute or not _is_material(row, before):
        return
    if any(before.available_on <= issue.as_of and row.available_on > issue.on for issue in issues):
        yield "corrected_after_publication", before.amount
    if before.available_on <= row.due_on < row.available_on and _is_better(row, before):
        yield "edited_after_deadline", before.amount
    if _denominator_helps(row, before):
        yield "denominator_changed", before.denominator


def _amount_of_parts(row: Known) -> Decimal | None:
    """What numerator and denominator give, when that is not the amount within its own rounding."""
    if row.amount is None or row.numerator is None or not row.denominator:
        return None
    given = row.scale * row.numerator / row.denominator
    exponent = row.amount.normalize().as_tuple().exponent
    places = min(0, exponent) if isinstance(exponent, int) else 0
    return given if abs(row.amount - given) > HALF.scaleb(places) else None


def _is_material(row: Known, before: Known) -> bool:
    """Small corrections are what honest series consist of; a figure that comes or goes is never small."""
    if row.amount is None or before.amount is None:
        return row.amount != before.amount
    return abs(row.amount - before.amount) > allowed_gap(row.measure, before.amount)


def _is_back_dated(row: Known) -> bool:
    days = timedelta(days=MOST_DAYS_BETWEEN)
    return row.recorded_on is not None and row.recorded_on - row.available_on > days


def _is_better(row: Known, before: Known) -> bool:
    if row.amount is None or before.amount is None or row.direction == "hold":
        return False
    return row.amount > before.amount if row.direction == "rise" else row.amount < before.amount


def _denominator_helps(row: Known, before: Known) -> bool:
    if not row.denominator or not before.denominator or not _is_better(row, before):
        return False
    return abs(row.denominator - before.denominator) > MOST_CHANGE_OF_DENOMINATOR * abs(before.denominator)


def questions_of_targets(changes: Iterable[Eased]) -> list[Question]:
    """Targets made easier in the year they are for, or put off once that year has come."""
    found = []
    for change in changes:
        year = change.old[3]
        if year is None or change.decided_on.year < year or not is_eased(change):
            continue
        new, old = (_bound(stated, change.direction) for stated in (change.new, change.old))
        trace = Trace(change.indicator, str(year), change.decided_on, new, old, Place.INDICATOR, change.indicator)
        found.append(Question("target_lowered", change.organisation_id, str(year), change.target, (trace,)))
    return found


def is_eased(change: Eased) -> bool:
    """The same is promised for later, or less is promised."""
    old_year, new_year = change.old[3], change.new[3]
    if old_year is not None and new_year is not None and new_year > old_year:
        return True
    old, new = _bound(change.old, change.direction), _bound(change.new, change.direction)
    if old is None or new is None or change.direction == "hold":
        return False
    return new > old if change.direction == "fall" else new < old


def _bound(stated: tuple[str, Decimal | None, Decimal | None, int | None], direction: str) -> Decimal | None:
    near, far = (stated[2], stated[1]) if direction == "fall" else (stated[1], stated[2])
    return near if near is not None else far


def questions_of_families(families: Iterable[Family]) -> list[Question]:
    """Where a unit and all its parts stated a figure and the parts do not give it within their rounding.

    With a part missing nothing is asked: that is a gap, not a contradiction.
    """
    found = []
    for family in families:
        given = _given_by_parts(family)
        if given is None or abs(family.own - given) <= _rounding(family):
            continue
        trace = Trace(
            family.indicator, family.period, family.period_end, family.own, given, Place.INDICATOR, family.indicator
        )
        numbers = {"n": len(family.parts)}
        found.append(
            Question(
                "parent_differs_from_parts", family.organisation_id, family.period, family.indicator, (trace,), numbers
            )
        )
    return found


def _rounding(family: Family) -> Decimal:
    amounts = (family.own, *family.parts)
    if all(amount == amount.to_integral_value() for amount in amounts):
        return Decimal(0)
    return rounding_of(family.own) + sum((rounding_of(part) for part in family.parts), Decimal(0))


def _given_by_parts(family: Family) -> Decimal | None:
    if not family.parts or len(family.parts) < family.expected:
        return None
    match family.operator:
        case "sum":
            return sum(family.parts, Decimal(0))
        case "min":
            return min(family.parts)
        case "max":
            return max(family.parts)
        case _:
            return None
