"""The statistical checks: each looks at all peers of one period and says how rare each unit is among them.

Not checked, because not sound here: first digits (Benford), evenness of last digits, anything on fewer than 20 values,
and units of different kind side by side.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from thucthi.monitoring.calculations.honesty.distributions import (
    robust_tails,
    share_tails,
    theil_sen,
    usual_share,
)
from thucthi.monitoring.calculations.honesty.shapes import Course, Panel, Tested, Unit

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


def heaped_digits(panel: Panel) -> dict[int, Tested]:
    """Figures between 5 and 95 per cent that end on 0 or 5, more often than the peers round."""
    counts = {unit.unit_id: _heaped(unit) for unit in panel.units}
    return _shares(counts, FEWEST_DIGITS)


def _heaped(unit: Unit) -> tuple[int, int]:
    values = [value for course in unit.courses if course.is_percent for value in _known(course) if 5 < value < 95]
    return sum(value % 5 == 0 for value in values), len(values)


def end_jump(panel: Panel) -> dict[int, Tested]:
    """How much of the year's gain came in its last period, against the peers in the same period."""
    return _against_peers(panel, _last_share)


def _last_share(course: Course) -> float | None:
    values = _known(course)
    if len(values) < FEWEST_PERIODS or course.values[-1] is None or values[-1] == values[0]:
        return None
    # The size of the gain in the denominator: a series that falls all year and is lifted at the end jumps too.
    gain = abs(values[-1] - values[0])
    return max(-3.0, min(3.0, (values[-1] - values[-2]) * _sign(values) / gain))


def _sign(values: list[float]) -> float:
    return 1.0 if values[-1] > values[0] else -1.0


def too_smooth(panel: Panel) -> dict[int, Tested]:
    """Increments nearly all alike, as a ruler draws them: the logarithm of their coefficient of variation."""
    return _against_peers(panel, _smoothness)


def _smoothness(course: Course) -> float | None:
    values = np.array(_known(course), dtype=float)
    if len(values) < FEWEST_PERIODS:
        return None
    steps = np.diff(values)
    size = float(np.abs(steps).mean())
    if size == 0:
        return None
    return -float(np.log(max(SMALLEST_VARIATION, float(steps.std()) / size)))


def bunched_at_target(panel: Panel) -> dict[int, Tested]:
    """Of the values within two points of the target, how many lie on its good side; never less than half expected."""
    counts: Counts = {}
    for unit in panel.units:
        near = [gap for gap in _gaps(unit) if abs(gap) <= NEIGHBOURHOOD]
        if len(near) >= FEWEST_AT_THE_TARGET:
            above = sum(0 <= gap < WINDOW for gap in near)
            counts[unit.unit_id] = (above, above + sum(-WINDOW <= gap < 0 for gap in near))
    return _shares(counts, 8, floor=0.5)


def _gaps(unit: Unit) -> Iterator[float]:
    for course in unit.courses:
        if course.target is not None and course.is_percent:
            target = course.target
            turn = -1 if course.is_falling else 1
            yield from (turn * (value - target) for value in _known(course))


def full_everywhere(panel: Panel) -> dict[int, Tested]:
    """How many of the series stand at 100 per cent or more in the last period they tell of."""
    counts = {}
    for unit in panel.units:
        rising = [course for course in unit.courses if course.is_percent and not course.is_falling]
        last = [values[-1] for course in rising if (values := _known(course))]
        counts[unit.unit_id] = (sum(value >= FULL for value in last), len(last))
    return _shares(counts, FEWEST_ENTRIES)


def above_measured(panel: Panel) -> dict[int, Tested]:
    """How far what was declared lies above what was measured, once the peers' line through both is taken away."""
    residuals: dict[int, list[float]] = {unit.unit_id: [] for unit in panel.units}
    for subject in sorted({subject for unit in panel.units for subject in unit.pairs}):
        pairs = {unit.unit_id: unit.pairs[subject] for unit in panel.units if subject in unit.pairs}
        slope, start = theil_sen([x for x, _ in pairs.values()], [y for _, y in pairs.values()])
        gaps = {unit: y - slope * x - start for unit, (x, y) in pairs.items()}
        scale = float(np.median(np.abs(list(gaps.values()))))
        for unit, gap in gaps.items():
            residuals[unit].append(gap / scale if scale else 0.0)
    means = {unit: float(np.median(found)) for unit, found in residuals.items() if found}
    counted = {unit: len(found) for unit, found in residuals.items()}
    return _rarities(means, counted)


def upward_revisions(panel: Panel) -> dict[int, Tested]:
    """How many corrections made the figure better; at least half is taken for usual."""
    return _shares({unit.unit_id: (unit.raised, unit.revised) for unit in panel.units}, FEWEST_REVISIONS, floor=0.5)


def last_day_bursts(panel: Panel) -> dict[int, Tested]:
    """How many entries came within the last 24 hours before they were due."""
    return _shares({unit.unit_id: (unit.at_the_last, unit.entered) for unit in panel.units}, FEWEST_ENTRIES)


def _known(course: Course) -> list[float]:
    return [value for value in course.values if value is not None]


def _against_peers(panel: Panel, number: Callable[[Course], float | None]) -> dict[int, Tested]:
    """The median of a number over the series of each unit that has enough of them."""
    found, counted = {}, {}
    for unit in panel.units:
        numbers = [value for course in unit.courses if course.runs_on and (value := number(course)) is not None]
        if len(numbers) >= FEWEST_COURSES:
            found[unit.unit_id] = float(np.median(numbers))
            counted[unit.unit_id] = len(numbers)
    return _rarities(found, counted)


def _rarities(numbers: dict[int, float], counted: dict[int, int]) -> dict[int, Tested]:
    tails = robust_tails(numbers)
    usual = float(np.median(list(numbers.values()))) if numbers else 0.0
    return {unit: Tested(numbers[unit], usual, counted[unit], p) for unit, p in tails.items()}


def _shares(counts: Counts, fewest: int, floor: float = 0.0) -> dict[int, Tested]:
    tails = share_tails(counts, fewest=fewest, floor=floor)
    usual = usual_share(counts, fewest=fewest)
    return {unit: Tested(counts[unit][0] / counts[unit][1], usual, counts[unit][1], p) for unit, p in tails.items()}


Check = Callable[[Panel], dict[int, Tested]]


def tails_of(tested: Iterable[tuple[int, Tested]]) -> dict[int, float]:
    """Only how rare each unit is."""
    return {unit: found.p for unit, found in tested}
