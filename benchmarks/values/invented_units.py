"""Invented honest and dishonest units for measuring the checks of honesty. Nothing here is about anybody.

Honest units differ in speed, in unevenness, in how often they round to 5 or 10, in how hard they push at the end of the
year, in how often they finish, in how late they enter and in how their corrections fall. A dishonest unit is honest in
everything but one way, or two ways that two independent checks look for.
"""

from dataclasses import dataclass, replace

import numpy as np

from thucthi.monitoring.calculations.honesty.shapes import Course, Matter, Panel, Unit

MONTHS = 12
WAYS = {
    "heaped_digits": "figures made up, ending on 0 or 5",
    "end_jump": "the year's gain entered in December",
    "too_smooth": "a straight line instead of figures",
    "bunched_at_target": "what just misses the target is lifted over it",
    "full_everywhere": "everything said to be finished",
    "above_measured": "declared well above what is measured",
    "upward_revisions": "corrections only ever improve",
    "last_day_bursts": "everything entered on the last day",
}


@dataclass(frozen=True)
class Society:
    """One invented peer group; `dishonest` maps a unit to its ways, one or two."""

    panel: Panel
    dishonest: dict[int, tuple[str, ...]]


def invent(units: int, series: int, *, share_dishonest: float, seed: int) -> Society:
    """`units` units of `series` series of twelve months; of them `share_dishonest` are dishonest.

    All ways come up evenly; every other dishonest unit has two. `seed` also says with which way it begins.
    """
    random = np.random.default_rng(seed)
    count = round(units * share_dishonest)
    dishonest = {unit + 1: _ways(seed + unit // 2)[: 1 + unit % 2] for unit in range(count)}
    made = [_unit(unit + 1, series, dishonest.get(unit + 1, ()), random) for unit in range(units)]
    return Society(Panel(Matter.TASKS, "2026", tuple(made)), dishonest)


def _ways(turn: int) -> tuple[str, str]:
    """A way and another of a different group: the list of ways is ordered so that four further is always one."""
    names = list(WAYS)
    return names[turn % len(names)], names[(turn + 4) % len(names)]


def _unit(unit_id: int, series: int, ways: tuple[str, ...], random: np.random.Generator) -> Unit:
    values, targets = _courses(series, ways, random)
    rounded = _rounded(values, ways, random)
    if "full_everywhere" in ways:
        rounded[random.random(series) < 0.95, -1] = 100.0
    courses = tuple(
        Course(f"s{at}", tuple(map(float, row)), float(target))
        for at, (row, target) in enumerate(zip(rounded, targets, strict=True))
    )
    return _entries(Unit(unit_id, courses, _pairs(values, ways, random)), ways, random)


def _courses(series: int, ways: tuple[str, ...], random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Progress that grows unevenly to a height of its own, and pushes a little at the end of the year."""
    evenness = np.exp(random.normal(0.4, 0.25))
    steps = random.gamma(evenness, 1 / evenness, (series, MONTHS))
    push = 1 + abs(random.normal(0.3, 0.4))
    steps[:, -1] *= push
    if "too_smooth" in ways:
        steps = np.ones((series, MONTHS)) + random.normal(0, 0.02, (series, MONTHS))
    if "end_jump" in ways:
        steps[:, -1] = steps[:, :-1].sum(axis=1) * random.uniform(0.7, 1.3, series)
    heights = np.clip(random.normal(random.normal(75, 6), 15, series), 20, 110)
    values = np.cumsum(steps, axis=1) / steps.sum(axis=1, keepdims=True) * heights[:, None]
    targets = np.clip(heights + random.normal(0, 8, series), 20, 100).round(1)
    if "bunched_at_target" in ways:
        low = (values < targets[:, None]) & (values > targets[:, None] - 6)
        values = np.where(low, targets[:, None] + random.uniform(0, 1.5, values.shape), values)
    return np.minimum(values, 100.0), targets


def _rounded(values: np.ndarray, ways: tuple[str, ...], random: np.random.Generator) -> np.ndarray:
    """Honest people round too, some hardly ever and some half of the time."""
    habit = 1.0 if "heaped_digits" in ways else random.beta(3, 7)
    rounds = random.random(values.shape) < (0.9 if habit == 1.0 else habit)
    return np.where(rounds, np.round(values / 5) * 5, np.round(values, 1))


def _pairs(values: np.ndarray, ways: tuple[str, ...], random: np.random.Generator) -> dict[str, tuple[float, float]]:
    said = float(values[:, -1].mean())
    measured = 0.8 * said + random.normal(0, 4) - (25 if "above_measured" in ways else 0)
    return {"outcome": (measured, said)}


def _entries(unit: Unit, ways: tuple[str, ...], random: np.random.Generator) -> Unit:
    revised = int(random.poisson(20)) + 12
    better = random.beta(30, 30) if "upward_revisions" not in ways else 0.98
    entered = len(unit.courses) * MONTHS
    lateness = random.beta(2, 5) if "last_day_bursts" not in ways else 0.99
    return replace(
        unit,
        raised=int(random.binomial(revised, better)),
        revised=revised,
        at_the_last=int(random.binomial(entered, lateness)),
        entered=entered,
    )
