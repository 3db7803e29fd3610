"""How the simulated monthly values come about: from one row per indicator and the traits of a few provinces.

A level is where the country starts, what it gains, how far the province stands off, the season, and a little unrest.
All of it depends on codes and months alone, so that every load gives the same bytes. Traits are the ways in which
figures mislead or fail to come (D7, D11, D45): silence, late sending, secrecy, round figures, curves too smooth,
decimal slips, old months that rise before a review. Columns are documented in `data/README.md`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache

from thucthi.demonstration.calculations import pick
from thucthi.kernel.periods import Span, span_of, spans_between

ONE, HUNDRED, FIVE, TEN = Decimal(1), Decimal(100), Decimal(5), Decimal(10)
EVERYWHERE = "*"
MONTHS = tuple(spans_between(span_of("2023-11"), span_of("2026-10")))
# Of the newest months nobody says yet that they are final.
PROVISIONAL_FROM = "2026-09"
SENT_LATE_ON, RAISED_LATE_ON = date(2026, 10, 5), date(2026, 10, 28)
# High in the second and third quarter, as water, heat and school terms have it.
SEASON = tuple(
    Decimal(x) for x in ("-0.9", "-1", "-0.4", "0.1", "0.6", "1", "0.9", "0.7", "0.4", "0.1", "-0.4", "-0.8")
)
# About two provinces in five put one of their figures right some weeks later, as in any honest series.
REVISED_AFTER, REVISED = timedelta(days=47), "Số liệu mô phỏng: nguồn rà soát lại"
LAST_REVISED_TURN, REVISED_OUT_OF = 29, 70
COUNTED = frozenset({"stock", "flow", "cumulative"})
DECLARED_SINCE, SAMPLED_SINCE, BROKEN_DOWN_SINCE = "2024-11", "2024-12", "2025-11"


@dataclass(frozen=True, slots=True)
class Measure:
    """One indicator: `start` and `gain` over all months for the country, `spread` of provinces, `season` at its peak.

    For what is counted, `spread` is a part of the province's share; else it is in the unit. `per_thousand` gives the
    denominator of a ratio by population. `where`: all, coastal, university.
    """

    code: str
    kind: str
    scale: Decimal
    start: Decimal
    gain: Decimal
    spread: Decimal
    season: Decimal
    per_thousand: Decimal
    places: int
    low: Decimal
    high: Decimal
    delay_days: int
    where: str


@dataclass(frozen=True, slots=True)
class Place:
    """A province; `share` is its part of the population of all of them."""

    code: str
    population_thousand: Decimal
    share: Decimal
    is_coastal: bool
    has_university: bool


@dataclass(frozen=True, slots=True)
class Trait:
    """How the figures of one province go from month `first` to `last`; indicator "*" is all of them."""

    name: str
    indicator: str
    unit: str
    first: str
    last: str
    note: str


@dataclass(frozen=True, slots=True)
class Stated:
    """One value; `unit` "" is the country."""

    unit: str
    month: Span
    state: str
    available_on: date
    amount: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    kind: str = "actual"
    breakdown: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Traits:
    """Looked up by indicator, province and month."""

    listed: Sequence[Trait]
    by_line: Mapping[tuple[str, str], list[Trait]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, str], list[Trait]] = {}
        for trait in self.listed:
            found.setdefault((trait.indicator, trait.unit), []).append(trait)
        object.__setattr__(self, "by_line", found)

    def of(self, measure: Measure, place: Place, month: Span) -> dict[str, Trait]:
        lines = ((measure.code, place.code), (EVERYWHERE, place.code))
        found = [trait for line in lines for trait in self.by_line.get(line, ())]
        return {trait.name: trait for trait in found if trait.first <= month.key <= trait.last} if found else {}


def applies(measure: Measure, place: Place) -> bool:
    """Whether the question has a meaning there: no landing of sea cables far from the sea."""
    return {"coastal": place.is_coastal, "university": place.has_university}.get(measure.where, True)


def opening(measure: Measure, places: Sequence[Place], traits: Traits) -> Iterator[Stated]:
    """The first value of each line: every province, every month."""
    for place in places:
        for turn, month in enumerate(MONTHS):
            yield _opened(measure, place, turn, month, traits.of(measure, place, month))


def corrections(
    measure: Measure, places: Sequence[Place], traits: Traits, opened: Sequence[Stated]
) -> Iterator[Stated]:
    """What was put right later: sent late, revised, and old months that rose shortly before a review."""
    by_code = {place.code: place for place in places}
    for place, (turn, stated) in ((by_code[row.unit], (n % len(MONTHS), row)) for n, row in enumerate(opened)):
        found = traits.of(measure, place, stated.month)
        if "sent_late" in found and stated.state == "not_reported":
            kept = {name: trait for name, trait in found.items() if name != "sent_late"}
            sent = _opened(measure, place, turn, stated.month, kept)
            yield replace(sent, available_on=SENT_LATE_ON, remark=found["sent_late"].note)
        elif stated.amount is not None and "raised_late" in found:
            raised = _moved(measure, stated, measure.spread / 2)
            yield replace(raised, available_on=RAISED_LATE_ON, remark=found["raised_late"].note)
        elif stated.amount is not None and turn == _revised_turn(measure.code, place.code):
            revised = _moved(measure, stated, measure.spread / 20)
            if revised.amount != stated.amount:
                yield replace(revised, available_on=stated.available_on + REVISED_AFTER, remark=REVISED)


def declared(measure: Measure, places: Sequence[Place], traits: Traits) -> Iterator[Stated]:
    """What the provinces say themselves, beside what the source measures: a little above it, some far above."""
    for place in places:
        for turn, month in enumerate(MONTHS):
            if month.key < DECLARED_SINCE or not applies(measure, place):
                continue
            found = traits.of(measure, place, month)
            plain = _opened(measure, place, turn, month, {k: v for k, v in found.items() if k in {"heaped", "smooth"}})
            more = measure.spread * (
                ONE if "above" in found else Decimal(pick(20, "said", place.code, month.key)) / 200
            )
            said = _moved(measure, plain, more)
            yield replace(said, kind="declared", state="confirmed_zero" if said.amount == 0 else "number")


def sampled(measure: Measure, places: Sequence[Place], traits: Traits) -> Iterator[Stated]:
    """A survey at the end of a quarter in some provinces: near the measured value, not on it."""
    for place in places:
        for turn, month in enumerate(MONTHS):
            asked = month.key >= SAMPLED_SINCE and month.end.month % 3 == 0 and applies(measure, place)
            loud = any(trait.name == "above" and trait.unit == place.code for trait in traits.listed)
            if not asked or not (loud or pick(3, "sample", place.code) == 0):
                continue
            off = measure.spread * (Decimal(pick(200, "off", measure.code, place.code, month.key)) - HUNDRED) / 800
            drawn = _moved(measure, _opened(measure, place, turn, month, {}), off)
            whole = replace(drawn, kind="sample", numerator=None, denominator=None)
            yield replace(whole, state="confirmed_zero" if whole.amount == 0 else "number")


def broken_down(measure: Measure, categories: Sequence[str], opened: Sequence[Stated]) -> Iterator[Stated]:
    """A ratio in two parts that add up to the whole, both above and below the line."""
    first, second = categories
    for whole in opened:
        if whole.month.key < BROKEN_DOWN_SINCE:
            continue
        if whole.numerator is None or whole.denominator is None:
            yield replace(whole, breakdown=first)
            yield replace(whole, breakdown=second)
            continue
        of_first = _whole(whole.denominator * (Decimal(45) + pick(10, measure.code, whole.unit)) / HUNDRED)
        lean = Decimal(pick(9, "lean", measure.code, whole.unit)) / HUNDRED
        has_first = min(_whole(whole.numerator * of_first / whole.denominator * (ONE - lean)), of_first)
        for name, above, below in (
            (first, has_first, of_first),
            (second, whole.numerator - has_first, whole.denominator - of_first),
        ):
            yield replace(_of_parts(measure, whole, above, below), breakdown=name)


def of_the_country(measure: Measure, places: Sequence[Place]) -> Iterator[Stated]:
    """The figure that the source states for the country: made of what is true, secret and missing parts included."""
    for turn, month in enumerate(MONTHS):
        parts = [(place, _true(measure, place, turn, month, {})) for place in places if applies(measure, place)]
        available = month.end + timedelta(days=measure.delay_days)
        yield _summed(measure, parts, Stated("", month, _state(month), available))


def _summed(measure: Measure, parts: Sequence[tuple[Place, Decimal]], blank: Stated) -> Stated:
    if measure.kind in COUNTED:
        return _with(measure, blank, sum((_rounded(measure, level) for _place, level in parts), Decimal(0)))
    if measure.kind == "ratio":
        below = sum((_denominator(measure, place) for place, _level in parts), Decimal(0))
        above = sum((_numerator(measure, place, level) for place, level in parts), Decimal(0))
        return _of_parts(measure, blank, above, below)
    weights = sum((place.population_thousand for place, _level in parts), Decimal(0))
    mean = sum((level * place.population_thousand for place, level in parts), Decimal(0)) / weights
    return _with(measure, blank, mean)


def _opened(measure: Measure, place: Place, turn: int, month: Span, traits: Mapping[str, Trait]) -> Stated:
    wait = measure.delay_days + _wait(place.code, month.key)
    blank = Stated(place.code, month, _state(month), month.end + timedelta(days=wait))
    if not applies(measure, place):
        return replace(blank, state="not_applicable")
    if "confidential" in traits:
        return replace(blank, state="confidential")
    if {"silent", "sent_late"} & traits.keys():
        return replace(blank, state="not_reported")
    level = _true(measure, place, turn, month, traits)
    if measure.kind == "ratio":
        return _of_parts(measure, blank, _numerator(measure, place, level), _denominator(measure, place))
    return _with(measure, blank, level)


def _true(measure: Measure, place: Place, turn: int, month: Span, traits: Mapping[str, Trait]) -> Decimal:
    way = Decimal(turn) / (len(MONTHS) - 1)
    stands, pace, _luck = _character(measure.code, place.code)
    if measure.kind in COUNTED:
        return _count(measure, place, measure.start + measure.gain * way, month)
    level = measure.start + measure.spread * stands + measure.gain * way * pace
    if "smooth" not in traits:
        unrest = Decimal(pick(201, "unrest", measure.code, place.code, month.key) - 100) / HUNDRED
        level += measure.season * SEASON[month.end.month - 1] + measure.spread * unrest / 25
    return _bent(measure, min(max(level, measure.low), measure.high), month, traits)


def _count(measure: Measure, place: Place, country: Decimal, month: Span) -> Decimal:
    """A share of the country's count; whole things stand in one province or another, never in parts."""
    stands, _pace, luck = _character(measure.code, place.code)
    whole = country + measure.season * SEASON[month.end.month - 1]
    amount = whole * place.share * (ONE + measure.spread * stands)
    return amount if measure.places else (amount + luck).to_integral_value(ROUND_FLOOR)


@lru_cache(maxsize=4096)
def _character(code: str, place: str) -> tuple[Decimal, Decimal, Decimal]:
    """Of a province in an indicator: where it stands (-1 to 1), its pace (0.6 to 1.4), its luck in what is rounded."""
    stands = Decimal(pick(2001, "stands", code, place) - 1000) / 1000
    pace = Decimal(60 + pick(81, "pace", code, place)) / HUNDRED
    return stands, pace, Decimal(pick(1000, "luck", code, place)) / 1000


@lru_cache(maxsize=2048)
def _wait(place: str, month: str) -> int:
    return pick(3, "wait", place, month)


@lru_cache(maxsize=64)
def _revised_turn(code: str, place: str) -> int | None:
    turn = pick(REVISED_OUT_OF, "revised", code, place)
    return turn if turn <= LAST_REVISED_TURN else None


def _bent(measure: Measure, level: Decimal, month: Span, traits: Mapping[str, Trait]) -> Decimal:
    is_percentage = measure.kind == "ratio" and measure.scale == HUNDRED
    if "heaped" in traits and is_percentage and measure.high - measure.low >= HUNDRED:
        return min(max((level / FIVE).to_integral_value(ROUND_HALF_UP) * FIVE, FIVE), HUNDRED)
    if "full" in traits:
        return measure.high
    if "quarter_end" in traits and month.end.month % 3 == 0:
        return level + 2 * measure.spread
    return level * TEN if "slip" in traits else level


def _denominator(measure: Measure, place: Place) -> Decimal:
    return max(_whole(place.population_thousand * measure.per_thousand), ONE)


def _numerator(measure: Measure, place: Place, level: Decimal) -> Decimal:
    return _whole(level / measure.scale * _denominator(measure, place))


def _of_parts(measure: Measure, blank: Stated, above: Decimal, below: Decimal) -> Stated:
    stated = _with(measure, blank, above / below * measure.scale)
    # A part too small to show beside its whole is still a part: the amount says zero only when nothing is there.
    return replace(stated, numerator=above if stated.amount else Decimal(0), denominator=below)


def _moved(measure: Measure, stated: Stated, by: Decimal) -> Stated:
    """The same value, higher by `by` in the unit (a part of it for what is counted), within what is plausible."""
    if stated.amount is None:
        return stated
    if stated.numerator is not None and stated.denominator is not None:
        level = min(max(stated.amount + by, Decimal(0)), measure.high)
        return _of_parts(measure, stated, _whole(level / measure.scale * stated.denominator), stated.denominator)
    more = stated.amount * by if measure.kind in COUNTED else by
    return _with(measure, stated, min(max(stated.amount + more, measure.low), measure.high))


def _with(measure: Measure, blank: Stated, level: Decimal) -> Stated:
    amount = _rounded(measure, level)
    state = "confirmed_zero" if amount == 0 and blank.state == "number" else blank.state
    return replace(blank, amount=amount, state="number" if state == "confirmed_zero" and amount else state)


def _state(month: Span) -> str:
    return "provisional" if month.key >= PROVISIONAL_FROM else "number"


def _rounded(measure: Measure, level: Decimal) -> Decimal:
    return level.quantize(ONE.scaleb(-measure.places), ROUND_HALF_UP)


def _whole(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_HALF_UP)
