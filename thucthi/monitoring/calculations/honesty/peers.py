"""The statistical checks: each looks at all peers of one period and says how rare each unit is among them.

They look at a few numbers of each unit, not at its series: of a country these would not fit in memory.

Not checked, because not sound here: first digits (Benford), evenness of last digits, anything on fewer than 20 values,
and units of different kind side by side.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from thucthi.monitoring.calculations.honesty.distributions import (
    robust_tails,
    share_tails,
    theil_sen,
    usual_share,
)
from thucthi.monitoring.calculations.honesty.shapes import Course, Tested, Unit

FEWEST_DIGITS = 60
FEWEST_PERIODS = 8
FEWEST_COURSES = 10
FEWEST_AT_THE_TARGET = 30
FEWEST_ENTRIES = 20
FEWEST_REVISIONS = 12
# Chosen before any data was looked at: two points on either side, among the values within ten of the target.
WINDOW, NEIGHBOURHOOD = 2.0, 10.0
SMALLEST_VARIATION = 1e-3
FULL = 100.0
Counts = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the checks compare of one unit: counts are (k, of n), `jumps` and `smooth` (median, of n series).

    None: too few series, or too few values near the target. `jumps`: by how many of the last periods the series leave
    out; `gap`: the fewest that any does, None without a value.
    """

    unit_id: int
    heaped: tuple[int, int]
    gap: int | None
    jumps: Mapping[int, tuple[float, int]]
    smooth: tuple[float, int] | None
    above: tuple[int, int] | None
    full: tuple[int, int]
    pairs: Mapping[str, tuple[float, float]]
    raised: tuple[int, int]
    at_the_last: tuple[int, int]


def numbers_of(unit: Unit) -> Numbers:
    """After this the series of the unit are needed no more."""
    return Numbers(
        unit_id=unit.unit_id,
        heaped=_heaped(unit),
        gap=min((gap for course in unit.courses if (gap := _gap(course)) is not None), default=None),
        jumps=_jumps(unit),
        smooth=_middle(_numbers(unit, _smoothness)),
        above=_above_target(unit),
        full=_full(unit),
        pairs=unit.pairs,
        raised=(unit.raised, unit.revised),
        at_the_last=(unit.at_the_last, unit.entered),
    )


def closed_up(units: Sequence[Numbers]) -> list[Numbers]:
    """As if the last periods, of which none of these peers tells, were not there."""
    gap = min((unit.gap for unit in units if unit.gap is not None), default=0)
    return [replace(unit, jumps={late - gap: jump for late, jump in unit.jumps.items()}) for unit in units]


def heaped_digits(units: Sequence[Numbers]) -> dict[int, Tested]:
    """Figures between 5 and 95 per cent that end on 0 or 5, more often than the peers round."""
    return _shares({unit.unit_id: unit.heaped for unit in units}, FEWEST_DIGITS)


def _heaped(unit: Unit) -> tuple[int, int]:
    values = [value for course in unit.courses if course.is_percent for value in _known(course) if 5 < value < 95]
    return sum(value % 5 == 0 for value in values), len(values)


def end_jump(units: Sequence[Numbers]) -> dict[int, Tested]:
    """How much of the year's gain came in its last period, against the peers in the same period."""
    return _rarities({unit.unit_id: unit.jumps[0] for unit in units if 0 in unit.jumps})


def _jumps(unit: Unit) -> dict[int, tuple[float, int]]:
    by_gap: dict[int, list[float]] = {}
    for course in unit.courses:
        if course.runs_on and (share := _last_share(course)) is not None:
            by_gap.setdefault(_gap(course) or 0, []).append(share)
    return {gap: middle for gap, shares in by_gap.items() if (middle := _middle(shares))}


def _gap(course: Course) -> int | None:
    """How many periods at the end have no value."""
    return next((gap for gap, value in enumerate(reversed(course.values)) if value is not None), None)


def _last_share(course: Course) -> float | None:
    values = _known(course)
    if len(values) < FEWEST_PERIODS or values[-1] == values[0]:
        return None
    # The size of the gain in the denominator: a series that falls all year and is lifted at the end jumps too.
    gain = abs(values[-1] - values[0])
    return max(-3.0, min(3.0, (values[-1] - values[-2]) * _sign(values) / gain))


def _sign(values: list[float]) -> float:
    return 1.0 if values[-1] > values[0] else -1.0


def too_smooth(units: Sequence[Numbers]) -> dict[int, Tested]:
    """Increments nearly all alike, as a ruler draws them: the logarithm of their coefficient of variation."""
    return _rarities({unit.unit_id: unit.smooth for unit in units if unit.smooth})


def _smoothness(course: Course) -> float | None:
    known = _known(course)
    if len(known) < FEWEST_PERIODS:
        return None
    steps = np.diff(np.array(known, dtype=float))
    size = float(np.abs(steps).mean())
    if size == 0:
        return None
    return -float(np.log(max(SMALLEST_VARIATION, float(steps.std()) / size)))


def bunched_at_target(units: Sequence[Numbers]) -> dict[int, Tested]:
    """Of the values within two points of the target, how many lie on its good side; never less than half expected."""
    return _shares({unit.unit_id: unit.above for unit in units if unit.above}, 8, floor=0.5)


def _above_target(unit: Unit) -> tuple[int, int] | None:
    near = [gap for gap in _gaps(unit) if abs(gap) <= NEIGHBOURHOOD]
    if len(near) < FEWEST_AT_THE_TARGET:
        return None
    above = sum(0 <= gap < WINDOW for gap in near)
    return above, above + sum(-WINDOW <= gap < 0 for gap in near)


def _gaps(unit: Unit) -> Iterator[float]:
    for course in unit.courses:
        if course.target is not None and course.is_percent:
            target = course.target
            turn = -1 if course.is_falling else 1
            yield from (turn * (value - target) for value in _known(course))


def full_everywhere(units: Sequence[Numbers]) -> dict[int, Tested]:
    """How many of the series stand at 100 per cent or more in the last period they tell of."""
    return _shares({unit.unit_id: unit.full for unit in units}, FEWEST_ENTRIES)


def _full(unit: Unit) -> tuple[int, int]:
    rising = [course for course in unit.courses if course.is_percent and not course.is_falling]
    last = [values[-1] for course in rising if (values := _known(course))]
    return sum(value >= FULL for value in last), len(last)


def above_measured(units: Sequence[Numbers]) -> dict[int, Tested]:
    """How far what was declared lies above what was measured, once the peers' line through both is taken away."""
    residuals: dict[int, list[float]] = {unit.unit_id: [] for unit in units}
    for _subject, pairs in sorted(_by_subject(units).items()):
        slope, start = theil_sen([x for x, _ in pairs.values()], [y for _, y in pairs.values()])
        gaps = {unit: y - slope * x - start for unit, (x, y) in pairs.items()}
        scale = float(np.median(np.abs(list(gaps.values()))))
        for unit, gap in gaps.items():
            residuals[unit].append(gap / scale if scale else 0.0)
    return _rarities({unit: (float(np.median(found)), len(found)) for unit, found in residuals.items() if found})


def _by_subject(units: Sequence[Numbers]) -> dict[str, dict[int, tuple[float, float]]]:
    found: dict[str, dict[int, tuple[float, float]]] = {}
    for unit in units:
        for subject, pair in unit.pairs.items():
            found.setdefault(subject, {})[unit.unit_id] = pair
    return found


def upward_revisions(units: Sequence[Numbers]) -> dict[int, Tested]:
    """How many corrections made the figure better; at least half is taken for usual."""
    return _shares({unit.unit_id: unit.raised for unit in units}, FEWEST_REVISIONS, floor=0.5)


def last_day_bursts(units: Sequence[Numbers]) -> dict[int, Tested]:
    """How many entries came within the last 24 hours before they were due."""
    return _shares({unit.unit_id: unit.at_the_last for unit in units}, FEWEST_ENTRIES)


def _known(course: Course) -> list[float]:
    return [value for value in course.values if value is not None]


def _numbers(unit: Unit, number: Callable[[Course], float | None]) -> list[float]:
    return [value for course in unit.courses if course.runs_on and (value := number(course)) is not None]


def _middle(numbers: Sequence[float]) -> tuple[float, int] | None:
    """The median over the series of a unit that has enough of them."""
    return (float(np.median(numbers)), len(numbers)) if len(numbers) >= FEWEST_COURSES else None


def _rarities(found: dict[int, tuple[float, int]]) -> dict[int, Tested]:
    numbers = {unit: number for unit, (number, _counted) in found.items()}
    tails = robust_tails(numbers)
    usual = float(np.median(list(numbers.values()))) if numbers else 0.0
    return {unit: Tested(numbers[unit], usual, found[unit][1], p) for unit, p in tails.items()}


def _shares(counts: Counts, fewest: int, floor: float = 0.0) -> dict[int, Tested]:
    tails = share_tails(counts, fewest=fewest, floor=floor)
    usual = usual_share(counts, fewest=fewest)
    return {unit: Tested(counts[unit][0] / counts[unit][1], usual, counts[unit][1], p) for unit, p in tails.items()}


Check = Callable[[Sequence[Numbers]], dict[int, Tested]]
